//! Regions.

use super::{Block, Location, Op, Type};
use mochi_dialects_sys as sys;
use std::{
    hash::{Hash, Hasher},
    marker::PhantomData,
};

/// A region of an op.
#[derive(Clone, Copy, Debug)]
pub struct Region<'c> {
    raw: sys::MlirRegion,
    marker: PhantomData<&'c ()>,
}

impl<'c> Region<'c> {
    pub(crate) fn wrap(raw: sys::MlirRegion) -> Self {
        Region { raw, marker: PhantomData }
    }

    pub(crate) fn wrap_some(raw: sys::MlirRegion) -> Option<Self> {
        (!raw.ptr.is_null()).then(|| Self::wrap(raw))
    }

    pub fn raw(self) -> sys::MlirRegion {
        self.raw
    }

    /// A region of no op; hand it to an op builder, which takes it over.
    pub fn new_detached() -> Self {
        // SAFETY: plain construction.
        Self::wrap(unsafe { sys::mlirRegionCreate() })
    }

    /// Destroys a detached region with its ops. Nothing outside may use a value that it defines.
    pub fn destroy(self) {
        // SAFETY: the region is detached, so this handle owns it.
        unsafe { sys::mlirRegionDestroy(self.raw) };
    }

    pub fn is_empty(self) -> bool {
        self.entry().is_none()
    }

    /// The first block.
    pub fn entry(self) -> Option<Block<'c>> {
        // SAFETY: live region.
        Block::wrap_some(unsafe { sys::mlirRegionGetFirstBlock(self.raw) })
    }

    /// The blocks in order, as a list: adding or erasing blocks meanwhile is fine.
    pub fn blocks(self) -> Vec<Block<'c>> {
        std::iter::successors(self.entry(), |b| b.next()).collect()
    }

    /// Adds a block with these arguments at the end.
    pub fn append_block(self, args: &[(Type<'c>, Location<'c>)]) -> Block<'c> {
        let types: Vec<_> = args.iter().map(|(t, _)| t.raw()).collect();
        let locs: Vec<_> = args.iter().map(|(_, l)| l.raw()).collect();
        // SAFETY: live handles; the region takes the block over.
        unsafe {
            let raw = sys::mlirBlockCreate(args.len() as isize, types.as_ptr(), locs.as_ptr());
            sys::mlirRegionAppendOwnedBlock(self.raw, raw);
            Block::wrap(raw)
        }
    }

    /// The op that owns the region.
    pub fn parent_op(self) -> Option<Op<'c>> {
        // SAFETY: live region.
        let raw = unsafe { sys::mochiRegionGetParentOperation(self.raw) };
        (!raw.ptr.is_null()).then(|| Op::wrap(raw))
    }

    /// Takes all blocks of `from`; what was here is dropped.
    pub fn take_body(self, from: Region<'c>) {
        // SAFETY: live regions.
        unsafe { sys::mlirRegionTakeBody(self.raw, from.raw) }
    }

    /// Moves all blocks in front of `before`, a block of another region.
    pub fn inline_before(self, before: Block<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiRegionInlineBefore(self.raw, before.raw()) }
    }

    /// Whether `inner` is this region or lies inside it.
    pub fn is_ancestor_of(self, inner: Region<'c>) -> bool {
        // SAFETY: live regions.
        unsafe { sys::mochiRegionIsAncestor(self.raw, inner.raw) }
    }
}

impl PartialEq for Region<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw.ptr == other.raw.ptr
    }
}
impl Eq for Region<'_> {}

impl Hash for Region<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.raw.ptr as usize).hash(state);
    }
}
