//! Operations.

use super::{Attribute, Block, Ctx, Location, Region, Type, Value, collect_string, string_ref, to_str};
use mochi_dialects_sys as sys;
use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
};

/// An operation.
#[derive(Clone, Copy)]
pub struct Op<'c> {
    raw: sys::MlirOperation,
    marker: PhantomData<&'c ()>,
}

impl<'c> Op<'c> {
    pub(crate) fn wrap(raw: sys::MlirOperation) -> Self {
        Op { raw, marker: PhantomData }
    }

    fn wrap_some(raw: sys::MlirOperation) -> Option<Self> {
        (!raw.ptr.is_null()).then(|| Self::wrap(raw))
    }

    /// Wraps a raw operation.
    ///
    /// # Safety
    /// `raw` must be a live operation of a context that outlives `'c`.
    pub unsafe fn from_raw(raw: sys::MlirOperation) -> Self {
        Self::wrap(raw)
    }

    pub fn raw(self) -> sys::MlirOperation {
        self.raw
    }

    pub fn context(self) -> Ctx<'c> {
        // SAFETY: live op.
        unsafe { Ctx::from_raw(sys::mlirOperationGetContext(self.raw)) }
    }

    /// The full name, such as `mochi.list.get`.
    pub fn name(self) -> &'c str {
        // SAFETY: live op; names are interned in the context.
        to_str(unsafe { sys::mlirIdentifierStr(sys::mlirOperationGetName(self.raw)) })
    }

    /// Whether the op has this full name.
    pub fn is(self, name: &str) -> bool {
        self.name() == name
    }

    pub fn loc(self) -> Location<'c> {
        // SAFETY: live op.
        Location::wrap(unsafe { sys::mlirOperationGetLocation(self.raw) })
    }

    pub fn set_loc(self, loc: Location<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mlirOperationSetLocation(self.raw, loc.raw()) }
    }

    // --- operands and results ---------------------------------------------------------------------

    pub fn operand_count(self) -> usize {
        // SAFETY: live op.
        unsafe { sys::mlirOperationGetNumOperands(self.raw) as usize }
    }

    /// Operand `i`; it must exist.
    pub fn operand(self, i: usize) -> Value<'c> {
        assert!(i < self.operand_count(), "operand {i} of {}", self.name());
        // SAFETY: in range.
        Value::wrap(unsafe { sys::mlirOperationGetOperand(self.raw, i as isize) })
    }

    pub fn operands(self) -> impl ExactSizeIterator<Item = Value<'c>> + DoubleEndedIterator {
        (0..self.operand_count()).map(move |i| self.operand(i))
    }

    pub fn set_operand(self, i: usize, value: Value<'c>) {
        assert!(i < self.operand_count(), "operand {i} of {}", self.name());
        // SAFETY: in range, live handles.
        unsafe { sys::mlirOperationSetOperand(self.raw, i as isize, value.raw()) }
    }

    /// Replaces all operands.
    pub fn set_operands(self, values: &[Value<'c>]) {
        let raws: Vec<_> = values.iter().map(|v| v.raw()).collect();
        // SAFETY: live handles; the array is copied.
        unsafe { sys::mlirOperationSetOperands(self.raw, raws.len() as isize, raws.as_ptr()) }
    }

    pub fn result_count(self) -> usize {
        // SAFETY: live op.
        unsafe { sys::mlirOperationGetNumResults(self.raw) as usize }
    }

    /// Result `i`; it must exist.
    pub fn result(self, i: usize) -> Value<'c> {
        assert!(i < self.result_count(), "result {i} of {}", self.name());
        // SAFETY: in range.
        Value::wrap(unsafe { sys::mlirOperationGetResult(self.raw, i as isize) })
    }

    pub fn results(self) -> impl ExactSizeIterator<Item = Value<'c>> + DoubleEndedIterator {
        (0..self.result_count()).map(move |i| self.result(i))
    }

    // --- attributes -------------------------------------------------------------------------------

    /// The attribute of this name, inherent or discardable.
    pub fn attr(self, name: &str) -> Option<Attribute<'c>> {
        // SAFETY: live op.
        Attribute::wrap_some(unsafe { sys::mlirOperationGetAttributeByName(self.raw, string_ref(name)) })
    }

    pub fn has_attr(self, name: &str) -> bool {
        self.attr(name).is_some()
    }

    /// The text of a string attribute, or the root name of a symbol reference.
    pub fn str_attr(self, name: &str) -> Option<&'c str> {
        let a = self.attr(name)?;
        a.as_str().or_else(|| a.as_symbol())
    }

    /// The value of an integer attribute.
    pub fn int_attr(self, name: &str) -> Option<i64> {
        self.attr(name)?.as_int()
    }

    pub fn set_attr(self, name: &str, attr: Attribute<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mlirOperationSetAttributeByName(self.raw, string_ref(name), attr.raw()) }
    }

    /// Sets a unit attribute.
    pub fn set_unit_attr(self, name: &str) {
        self.set_attr(name, Attribute::unit(self.context()));
    }

    /// Removes the attribute; whether there was one.
    pub fn remove_attr(self, name: &str) -> bool {
        // SAFETY: live op.
        unsafe { sys::mlirOperationRemoveAttributeByName(self.raw, string_ref(name)) }
    }

    /// All attributes, inherent and discardable.
    pub fn attrs(self) -> Vec<(&'c str, Attribute<'c>)> {
        // SAFETY: live op, positions in range.
        unsafe {
            (0..sys::mlirOperationGetNumAttributes(self.raw))
                .map(|i| {
                    let named = sys::mlirOperationGetAttribute(self.raw, i);
                    (to_str(sys::mlirIdentifierStr(named.name)), Attribute::wrap(named.attribute))
                })
                .collect()
        }
    }

    /// The symbol name, for symbol ops.
    pub fn symbol_name(self) -> Option<&'c str> {
        self.attr("sym_name")?.as_str()
    }

    // --- structure --------------------------------------------------------------------------------

    pub fn region_count(self) -> usize {
        // SAFETY: live op.
        unsafe { sys::mlirOperationGetNumRegions(self.raw) as usize }
    }

    /// Region `i`; it must exist.
    pub fn region(self, i: usize) -> Region<'c> {
        assert!(i < self.region_count(), "region {i} of {}", self.name());
        // SAFETY: in range.
        Region::wrap(unsafe { sys::mlirOperationGetRegion(self.raw, i as isize) })
    }

    pub fn regions(self) -> impl ExactSizeIterator<Item = Region<'c>> + DoubleEndedIterator {
        (0..self.region_count()).map(move |i| self.region(i))
    }

    pub fn successor_count(self) -> usize {
        // SAFETY: live op.
        unsafe { sys::mlirOperationGetNumSuccessors(self.raw) as usize }
    }

    pub fn successors(self) -> Vec<Block<'c>> {
        (0..self.successor_count())
            // SAFETY: in range.
            .map(|i| Block::wrap(unsafe { sys::mlirOperationGetSuccessor(self.raw, i as isize) }))
            .collect()
    }

    pub fn set_successor(self, i: usize, block: Block<'c>) {
        assert!(i < self.successor_count(), "successor {i} of {}", self.name());
        // SAFETY: in range.
        unsafe { sys::mlirOperationSetSuccessor(self.raw, i as isize, block.raw()) }
    }

    /// The block the op stands in.
    pub fn block(self) -> Option<Block<'c>> {
        // SAFETY: live op.
        Block::wrap_some(unsafe { sys::mlirOperationGetBlock(self.raw) })
    }

    /// The op whose region holds this one.
    pub fn parent(self) -> Option<Op<'c>> {
        // SAFETY: live op.
        Self::wrap_some(unsafe { sys::mlirOperationGetParentOperation(self.raw) })
    }

    /// The region that holds this op's block.
    pub fn parent_region(self) -> Option<Region<'c>> {
        self.block()?.region()
    }

    /// The nearest enclosing op of this name.
    pub fn parent_of(self, name: &str) -> Option<Op<'c>> {
        let mut at = self.parent();
        while let Some(op) = at {
            if op.is(name) {
                return Some(op);
            }
            at = op.parent();
        }
        None
    }

    /// Whether `self` is `other` or encloses it.
    pub fn is_ancestor_of(self, other: Op<'c>) -> bool {
        let mut at = Some(other);
        while let Some(op) = at {
            if op == self {
                return true;
            }
            at = op.parent();
        }
        false
    }

    pub fn next(self) -> Option<Op<'c>> {
        // SAFETY: live op.
        Self::wrap_some(unsafe { sys::mlirOperationGetNextInBlock(self.raw) })
    }

    pub fn prev(self) -> Option<Op<'c>> {
        // SAFETY: live op.
        Self::wrap_some(unsafe { mochi_prev(self.raw) })
    }

    /// Whether `self` stands before `other`; both must be in one block.
    pub fn is_before_in_block(self, other: Op<'c>) -> bool {
        // SAFETY: live ops.
        unsafe { sys::mlirOperationIsBeforeInBlock(self.raw, other.raw) }
    }

    pub fn is_terminator(self) -> bool {
        // SAFETY: live op.
        unsafe { sys::mochiOperationIsTerminator(self.raw) }
    }

    /// Whether the op has no memory effect and may be speculated.
    pub fn is_pure(self) -> bool {
        // SAFETY: live op.
        unsafe { sys::mochiOperationIsPure(self.raw) }
    }

    /// Whether the op could be erased if nothing used its results.
    pub fn would_be_dead(self) -> bool {
        // SAFETY: live op.
        unsafe { sys::mochiOperationWouldBeTriviallyDead(self.raw) }
    }

    /// Whether the op can be erased: no uses, no effects that matter.
    pub fn is_dead(self) -> bool {
        // SAFETY: live op.
        unsafe { sys::mochiOperationIsTriviallyDead(self.raw) }
    }

    /// The symbol op of this name that is visible from here.
    pub fn lookup_symbol(self, name: &str) -> Option<Op<'c>> {
        // SAFETY: live op.
        Self::wrap_some(unsafe { sys::mochiSymbolTableLookupNearest(self.raw, string_ref(name)) })
    }

    /// Whether anything under `scope` refers to this symbol op.
    pub fn symbol_has_uses(self, scope: Op<'c>) -> bool {
        // SAFETY: live ops.
        unsafe { sys::mochiSymbolHasUses(self.raw, scope.raw) }
    }

    // --- changes ----------------------------------------------------------------------------------

    /// Deletes the op, which must have no uses left. The handle is dead afterwards.
    pub fn erase(self) {
        // SAFETY: live op; MLIR checks uses in its own debug builds only, so we do.
        debug_assert!(self.results().all(|r| !r.has_uses()), "erasing {} which has uses", self.name());
        unsafe { sys::mochiOperationErase(self.raw) }
    }

    /// Erases the blocks inside, at any depth, that no branch leads to. Dialect conversion does not look at them.
    pub fn erase_unreachable_blocks(self) {
        // SAFETY: live op.
        unsafe { sys::mochiOperationEraseUnreachableBlocks(self.raw) }
    }

    /// Takes the op out of its block without deleting it.
    pub fn detach(self) {
        // SAFETY: live op.
        unsafe { sys::mlirOperationRemoveFromParent(self.raw) }
    }

    pub fn move_before(self, other: Op<'c>) {
        // SAFETY: live ops.
        unsafe { sys::mlirOperationMoveBefore(self.raw, other.raw) }
    }

    pub fn move_after(self, other: Op<'c>) {
        // SAFETY: live ops.
        unsafe { sys::mlirOperationMoveAfter(self.raw, other.raw) }
    }

    pub fn move_to_end(self, block: Block<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiOperationMoveToEnd(self.raw, block.raw()) }
    }

    /// A detached copy with its regions; operands stay the same values.
    pub fn clone(self) -> Op<'c> {
        self.clone_detached()
    }

    /// A detached copy with its regions (the name that `clone` cannot shadow).
    pub fn clone_detached(self) -> Op<'c> {
        // SAFETY: live op.
        Self::wrap(unsafe { sys::mlirOperationClone(self.raw) })
    }

    /// Replaces all uses of all results, then erases the op.
    pub fn replace_with(self, values: &[Value<'c>]) {
        assert_eq!(values.len(), self.result_count(), "replacement of {}", self.name());
        for (old, new) in self.results().zip(values) {
            old.replace_all_uses_with(*new);
        }
        self.erase();
    }

    /// Replaces operands equal to `from` in this op only.
    pub fn replace_operand_uses(self, from: Value<'c>, to: Value<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mlirOperationReplaceUsesOfWith(self.raw, from.raw(), to.raw()) }
    }

    /// Runs the verifier on the op and what it holds.
    pub fn verify(self) -> bool {
        // SAFETY: live op.
        unsafe { sys::mlirOperationVerify(self.raw) }
    }

    /// Reports an error at the op's location.
    pub fn emit_error(self, message: &str) {
        self.loc().emit_error(message);
    }

    /// The text with locations (`loc(…)` suffixes).
    pub fn to_string_with_locations(self) -> String {
        // SAFETY: live op; the flags are freed below.
        unsafe {
            let flags = sys::mlirOpPrintingFlagsCreate();
            sys::mlirOpPrintingFlagsEnableDebugInfo(flags, true, false);
            let text = collect_string(|cb, data| {
                sys::mlirOperationPrintWithFlags(self.raw, flags, cb, data);
            });
            sys::mlirOpPrintingFlagsDestroy(flags);
            text
        }
    }

    /// Promises that an `llvm.getelementptr` stays inside its object and never wraps. Not an attribute, so op
    /// builders cannot say it.
    pub fn set_gep_in_bounds(self) {
        // inbounds, which includes no signed wrap, and no unsigned wrap.
        const FLAGS: u32 = 1 | 2 | 4;
        // SAFETY: live op; other ops are left alone.
        unsafe { sys::mochiLLVMGEPSetNoWrapFlags(self.raw, FLAGS) }
    }

    /// Result types, in order.
    pub fn result_types(self) -> Vec<Type<'c>> {
        self.results().map(Value::ty).collect()
    }
}

/// The C API walks forward only, so the way back is a small door of ours.
unsafe fn mochi_prev(op: sys::MlirOperation) -> sys::MlirOperation {
    // SAFETY: forwarded from the caller.
    unsafe { sys::mochiOperationGetPrevInBlock(op) }
}

impl PartialEq for Op<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw.ptr == other.raw.ptr
    }
}
impl Eq for Op<'_> {}

impl Hash for Op<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.raw.ptr as usize).hash(state);
    }
}

impl fmt::Display for Op<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: live op.
        f.write_str(&collect_string(|cb, data| unsafe { sys::mlirOperationPrint(self.raw, cb, data) }))
    }
}

impl fmt::Debug for Op<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The ops of a block, in order; erasing or moving the op it just gave is fine.
pub struct Ops<'c> {
    pub(crate) next: Option<Op<'c>>,
}

impl<'c> Iterator for Ops<'c> {
    type Item = Op<'c>;

    fn next(&mut self) -> Option<Op<'c>> {
        let op = self.next?;
        self.next = op.next();
        Some(op)
    }
}
