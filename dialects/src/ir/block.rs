//! Basic blocks.

use super::{Location, Op, Ops, Region, Type, Value};
use mochi_dialects_sys as sys;
use std::{
    hash::{Hash, Hasher},
    marker::PhantomData,
};

/// A basic block.
#[derive(Clone, Copy, Debug)]
pub struct Block<'c> {
    raw: sys::MlirBlock,
    marker: PhantomData<&'c ()>,
}

impl<'c> Block<'c> {
    pub(crate) fn wrap(raw: sys::MlirBlock) -> Self {
        Block { raw, marker: PhantomData }
    }

    pub(crate) fn wrap_some(raw: sys::MlirBlock) -> Option<Self> {
        (!raw.ptr.is_null()).then(|| Self::wrap(raw))
    }

    pub fn raw(self) -> sys::MlirBlock {
        self.raw
    }

    pub fn arg_count(self) -> usize {
        // SAFETY: live block.
        unsafe { sys::mlirBlockGetNumArguments(self.raw) as usize }
    }

    /// Argument `i`; it must exist.
    pub fn arg(self, i: usize) -> Value<'c> {
        assert!(i < self.arg_count(), "block argument {i}");
        // SAFETY: in range.
        Value::wrap(unsafe { sys::mlirBlockGetArgument(self.raw, i as isize) })
    }

    pub fn args(self) -> impl ExactSizeIterator<Item = Value<'c>> + DoubleEndedIterator {
        (0..self.arg_count()).map(move |i| self.arg(i))
    }

    /// Adds an argument at the end.
    pub fn add_arg(self, ty: Type<'c>, loc: Location<'c>) -> Value<'c> {
        // SAFETY: live handles.
        Value::wrap(unsafe { sys::mlirBlockAddArgument(self.raw, ty.raw(), loc.raw()) })
    }

    /// Adds an argument at `position`.
    pub fn insert_arg(self, position: usize, ty: Type<'c>, loc: Location<'c>) -> Value<'c> {
        // SAFETY: live handles.
        Value::wrap(unsafe { sys::mlirBlockInsertArgument(self.raw, position as isize, ty.raw(), loc.raw()) })
    }

    /// Removes argument `i`, which must have no uses.
    pub fn erase_arg(self, i: usize) {
        assert!(i < self.arg_count(), "block argument {i}");
        // SAFETY: in range.
        unsafe { sys::mlirBlockEraseArgument(self.raw, i as u32) }
    }

    /// The ops in order. Erasing or moving the op just yielded is allowed.
    pub fn ops(self) -> Ops<'c> {
        Ops { next: self.first_op() }
    }

    pub fn first_op(self) -> Option<Op<'c>> {
        // SAFETY: live block.
        let raw = unsafe { sys::mlirBlockGetFirstOperation(self.raw) };
        (!raw.ptr.is_null()).then(|| Op::wrap(raw))
    }

    /// The last op, terminator or not.
    pub fn last_op(self) -> Option<Op<'c>> {
        // SAFETY: live block.
        let raw = unsafe { sys::mochiBlockGetLastOperation(self.raw) };
        (!raw.ptr.is_null()).then(|| Op::wrap(raw))
    }

    /// The terminator, when the block has one.
    pub fn terminator(self) -> Option<Op<'c>> {
        self.last_op().filter(|op| op.is_terminator())
    }

    pub fn is_empty(self) -> bool {
        self.first_op().is_none()
    }

    pub fn region(self) -> Option<Region<'c>> {
        // SAFETY: live block.
        Region::wrap_some(unsafe { sys::mlirBlockGetParentRegion(self.raw) })
    }

    pub fn parent_op(self) -> Option<Op<'c>> {
        // SAFETY: live block.
        let raw = unsafe { sys::mlirBlockGetParentOperation(self.raw) };
        (!raw.ptr.is_null()).then(|| Op::wrap(raw))
    }

    /// The next block of the region.
    pub fn next(self) -> Option<Block<'c>> {
        // SAFETY: live block.
        Self::wrap_some(unsafe { sys::mlirBlockGetNextInRegion(self.raw) })
    }

    /// Whether this is its region's first block.
    pub fn is_entry(self) -> bool {
        self.region().and_then(Region::entry) == Some(self)
    }

    pub fn predecessors(self) -> Vec<Block<'c>> {
        // SAFETY: live block, positions in range.
        unsafe {
            (0..sys::mlirBlockGetNumPredecessors(self.raw))
                .map(|i| Block::wrap(sys::mlirBlockGetPredecessor(self.raw, i)))
                .collect()
        }
    }

    /// Puts a detached op at the end.
    pub fn append(self, op: Op<'c>) -> Op<'c> {
        // SAFETY: the op is detached; the block takes it over.
        unsafe { sys::mlirBlockAppendOwnedOperation(self.raw, op.raw()) };
        op
    }

    /// Moves `op` and all after it into a new block right behind this one.
    pub fn split_before(self, op: Op<'c>) -> Block<'c> {
        assert!(op.block() == Some(self), "split at an op of another block");
        // SAFETY: live op inside this block.
        Self::wrap(unsafe { sys::mochiBlockSplitBefore(op.raw()) })
    }

    /// Moves all ops of `from` to the end of this block.
    pub fn splice(self, from: Block<'c>) {
        // SAFETY: live blocks.
        unsafe { sys::mochiBlockSpliceAtEnd(self.raw, from.raw) }
    }

    /// Moves this block behind `after`.
    pub fn move_after(self, after: Block<'c>) {
        // SAFETY: live blocks.
        unsafe { sys::mochiBlockMoveAfter(self.raw, after.raw) }
    }

    /// Deletes the block with its ops; nothing outside may use their results.
    pub fn erase(self) {
        // SAFETY: live block.
        unsafe { sys::mochiBlockErase(self.raw) }
    }
}

impl PartialEq for Block<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw.ptr == other.raw.ptr
    }
}
impl Eq for Block<'_> {}

impl Hash for Block<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.raw.ptr as usize).hash(state);
    }
}
