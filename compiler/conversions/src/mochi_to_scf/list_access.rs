//! Unchecked list accesses to `memref` accesses.

use mochi_dialects::ir::{Builder, Op, Type, Value};

/// Whether elements of this type are accessed through memrefs: numbers, which upstream passes
/// know, and plain references. A bool takes a byte in memory, which `memref<?xi1>` does not say.
pub(crate) fn is_viewable(element: Type) -> bool {
    element.is_i64() || element.is_f64()
}

/// The view of a list, made at the builder.
pub(crate) fn view<'c>(builder: &Builder<'c>, list: Value<'c>, element: Type<'c>) -> Value<'c> {
    builder.op("mochi.list.view").operand(list).result(Type::memref_dyn(element)).build().result(0)
}

/// Replaces an `inbounds` access; leaves every other one alone.
pub(super) fn convert(op: Op) {
    let Some(element) = op.operand(0).ty().list_element() else {
        return;
    };
    if !op.has_attr("inbounds") || !is_viewable(element) {
        return;
    }
    let builder = Builder::before(op);
    let memref = view(&builder, op.operand(0), element);
    let index =
        builder.op("arith.index_cast").operand(op.operand(1)).result(Type::index(op.context())).build().result(0);
    if op.is("mochi.list.get") {
        let load = builder.op("memref.load").operands(&[memref, index]).result(element).build();
        op.replace_with(&[load.result(0)]);
    } else {
        builder.op("memref.store").operands(&[op.operand(2), memref, index]).build();
        op.erase();
    }
}
