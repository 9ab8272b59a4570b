//! SSA values.

use super::{Block, Location, Op, Region, Type, collect_string};
use mochi_dialects_sys as sys;
use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
};

/// An SSA value: an op's result or a block argument.
#[derive(Clone, Copy)]
pub struct Value<'c> {
    raw: sys::MlirValue,
    marker: PhantomData<&'c ()>,
}

impl<'c> Value<'c> {
    pub(crate) fn wrap(raw: sys::MlirValue) -> Self {
        Value { raw, marker: PhantomData }
    }

    /// Wraps a raw value.
    ///
    /// # Safety
    /// `raw` must be a live value of a context that outlives `'c`.
    pub unsafe fn from_raw(raw: sys::MlirValue) -> Self {
        Self::wrap(raw)
    }

    pub fn raw(self) -> sys::MlirValue {
        self.raw
    }

    pub fn ty(self) -> Type<'c> {
        // SAFETY: live value.
        Type::wrap(unsafe { sys::mlirValueGetType(self.raw) })
    }

    /// Changes the type in place; users must cope.
    pub fn set_ty(self, ty: Type<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mlirValueSetType(self.raw, ty.raw()) }
    }

    pub fn loc(self) -> Location<'c> {
        // SAFETY: live value.
        Location::wrap(unsafe { sys::mlirValueGetLocation(self.raw) })
    }

    /// The op this value is a result of.
    pub fn defining_op(self) -> Option<Op<'c>> {
        self.as_result().map(|(op, _)| op)
    }

    /// The op and result number.
    pub fn as_result(self) -> Option<(Op<'c>, usize)> {
        // SAFETY: live value; guarded by the check.
        unsafe {
            sys::mlirValueIsAOpResult(self.raw).then(|| {
                (Op::wrap(sys::mlirOpResultGetOwner(self.raw)), sys::mlirOpResultGetResultNumber(self.raw) as usize)
            })
        }
    }

    /// The block and argument number.
    pub fn as_block_arg(self) -> Option<(Block<'c>, usize)> {
        // SAFETY: live value; guarded by the check.
        unsafe {
            sys::mlirValueIsABlockArgument(self.raw).then(|| {
                (
                    Block::wrap(sys::mlirBlockArgumentGetOwner(self.raw)),
                    sys::mlirBlockArgumentGetArgNumber(self.raw) as usize,
                )
            })
        }
    }

    /// The block that defines the value.
    pub fn parent_block(self) -> Option<Block<'c>> {
        match self.as_block_arg() {
            Some((block, _)) => Some(block),
            None => self.defining_op()?.block(),
        }
    }

    /// The region that defines the value.
    pub fn parent_region(self) -> Option<Region<'c>> {
        self.parent_block()?.region()
    }

    /// Users with their operand numbers; newest use first, as MLIR keeps them.
    pub fn uses(self) -> Vec<(Op<'c>, usize)> {
        let mut list = Vec::new();
        // SAFETY: live value; uses are read before anything changes.
        unsafe {
            let mut at = sys::mlirValueGetFirstUse(self.raw);
            while !at.ptr.is_null() {
                list.push((Op::wrap(sys::mlirOpOperandGetOwner(at)), sys::mlirOpOperandGetOperandNumber(at) as usize));
                at = sys::mlirOpOperandGetNextUse(at);
            }
        }
        list
    }

    pub fn has_uses(self) -> bool {
        // SAFETY: live value.
        unsafe { !sys::mlirValueGetFirstUse(self.raw).ptr.is_null() }
    }

    pub fn has_one_use(self) -> bool {
        // SAFETY: live value.
        unsafe {
            let first = sys::mlirValueGetFirstUse(self.raw);
            !first.ptr.is_null() && sys::mlirOpOperandGetNextUse(first).ptr.is_null()
        }
    }

    pub fn replace_all_uses_with(self, other: Value<'c>) {
        // SAFETY: live values.
        unsafe { sys::mlirValueReplaceAllUsesOfWith(self.raw, other.raw) }
    }

    /// Replaces the uses by ops other than `except`.
    pub fn replace_uses_except(self, other: Value<'c>, except: &[Op<'c>]) {
        let mut raws: Vec<_> = except.iter().map(|o| o.raw()).collect();
        // SAFETY: live values; the array is only read.
        unsafe {
            sys::mlirValueReplaceAllUsesExcept(self.raw, other.raw, raws.len() as isize, raws.as_mut_ptr());
        }
    }

    /// Replaces the uses inside `region` (at any depth).
    pub fn replace_uses_in(self, region: Region<'c>, other: Value<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiOperationReplaceUsesInRegion(self.raw, other.raw, region.raw()) }
    }

    /// The value of the `arith.constant` or `llvm.mlir.constant` that defines this.
    pub fn as_constant_int(self) -> Option<i64> {
        let op = self.defining_op()?;
        matches!(op.name(), "arith.constant" | "llvm.mlir.constant" | "index.constant")
            .then(|| op.attr("value")?.as_int())
            .flatten()
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw.ptr == other.raw.ptr
    }
}
impl Eq for Value<'_> {}

impl Hash for Value<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.raw.ptr as usize).hash(state);
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: live value.
        f.write_str(&collect_string(|cb, data| unsafe { sys::mlirValuePrint(self.raw, cb, data) }))
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
