//! What is done to the LLVM module once everything is converted: linkage, attributes, alias tags of accesses that
//! upstream patterns wrote.

use super::{
    context::Cx,
    layout::{Repr, Scalar},
    lists::element_tag,
    variables,
};
use mochi_dialects::ir::{Attribute, Builder, Op, Type, WalkOrder, WalkResult};

/// The function that the emitter writes for the program's top level, and the name under which the runtime calls it.
const ENTRY: &str = "__main";
const EXPORTED_ENTRY: &str = "mochi_main";

/// Attributes that only make sense on Mochi's own functions; set before the conversion, while types are known.
pub(super) fn describe_parameters<'c>(cx: &Cx<'c>, module: Op<'c>) {
    for function in module.collect("func.func") {
        let Some(ty) = function.attr("function_type").and_then(Attribute::as_type) else { continue };
        describe(cx, function, "arg_attrs", &ty.function_inputs());
        describe(cx, function, "res_attrs", &ty.function_results());
    }
}

/// Results are owned by the caller, so the same holds of them as of parameters.
fn describe<'c>(cx: &Cx<'c>, function: Op<'c>, name: &str, types: &[Type<'c>]) {
    if function.has_attr(name) || types.is_empty() {
        return;
    }
    let list: Vec<&str> = types.iter().map(|t| value_attributes(*t)).collect();
    if let Some(attrs) = Attribute::parse(cx.ctx, &format!("[{}]", list.join(", "))) {
        function.set_attr(name, attrs);
    }
}

/// What is true of every parameter of a type. Arguments are borrowed, so objects outlive the call, and their
/// headers may be read ahead of time.
fn value_attributes(ty: Type) -> &'static str {
    if ty.is_list() || ty.is_str() {
        return "{llvm.nonnull, llvm.noundef, llvm.align = 8 : i64, llvm.dereferenceable = 32 : i64}";
    }
    if ty.is_env() {
        return "{llvm.nonnull, llvm.noundef, llvm.align = 8 : i64, llvm.dereferenceable = 24 : i64}";
    }
    if ty.is_i64() || ty.is_f64() || ty.is_i1() {
        return "{llvm.noundef}";
    }
    "{}"
}

/// The last touches.
pub(super) fn finish<'c>(cx: &Cx<'c>, module: Op<'c>) {
    variables::declare(cx);
    for op in cx.body.ops() {
        if op.is("llvm.func") && op.region(0).entry().is_some() {
            finish_function(cx, op);
        }
    }
    enable_collector(cx);
    module.walk(WalkOrder::PreOrder, |op| {
        match op.name() {
            "llvm.load" => finish_access(cx, op, op.result(0).ty()),
            "llvm.store" => finish_access(cx, op, op.operand(0).ty()),
            _ => {}
        }
        WalkResult::Advance
    });
}

fn finish_function<'c>(cx: &Cx<'c>, function: Op<'c>) {
    let entry = function.symbol_name() == Some(ENTRY);
    if entry {
        function.set_attr("sym_name", Attribute::string(cx.ctx, EXPORTED_ENTRY));
    }
    let exported = entry || function.symbol_name() == Some(EXPORTED_ENTRY);
    let linkage = if exported { "external" } else { "internal" };
    function.set_attr("linkage", cx.linkage(linkage));
    function.remove_attr("sym_visibility");
    if !function.has_attr("passthrough") {
        function.set_attr("passthrough", Attribute::strings(cx.ctx, &["nounwind"]));
    }
}

/// Programs whose types can form cycles begin with putting the collector in place.
fn enable_collector(cx: &Cx) {
    if cx.cycles.is_empty() {
        return;
    }
    let entry = cx.body.ops().find(|op| op.symbol_name() == Some(EXPORTED_ENTRY));
    if let Some(block) = entry.and_then(|function| function.region(0).entry()) {
        cx.runtime("mochi_rt_cycles_enable");
        let b = Builder::at_start(block).at(cx.nowhere);
        call_nullary(cx, &b, "mochi_rt_cycles_enable");
    }
}

fn call_nullary<'c>(cx: &Cx<'c>, b: &Builder<'c>, name: &str) {
    b.op("llvm.call")
        .attr("callee", Attribute::symbol(cx.ctx, name))
        .attr("operandSegmentSizes", Attribute::dense_i32(cx.ctx, &[0, 0]))
        .attr("op_bundle_sizes", Attribute::dense_i32(cx.ctx, &[]))
        .build();
}

/// Objects are aligned to eight bytes and so are words in them, whatever data layout the module will get.
fn finish_access<'c>(cx: &Cx<'c>, op: Op<'c>, ty: Type<'c>) {
    let word = ty.is_i64() || ty.is_f64() || ty.is_llvm_ptr();
    if word && !op.has_attr("alignment") {
        op.set_attr("alignment", Attribute::int(cx.ctx, 8));
    }
    if !op.has_attr("tbaa") {
        tag_access(cx, op, ty);
    }
}

/// Accesses through memrefs: the only memrefs are views of lists, and their addresses come out of descriptors.
/// Our own accesses without a tag (stack slots that the runtime reads) do not.
fn tag_access<'c>(cx: &Cx<'c>, op: Op<'c>, ty: Type<'c>) {
    let through_memref = op.operand(op.operand_count() - 1).defining_op().is_some_and(|address| {
        address.is("llvm.getelementptr")
            && address
                .operand(0)
                .defining_op()
                .is_some_and(|base| base.is("llvm.extractvalue") || base.is("llvm.getelementptr"))
    });
    if !through_memref {
        return;
    }
    let r = if ty.is_i64() {
        Repr::Scalar(Scalar::Int)
    } else if ty.is_f64() {
        Repr::Scalar(Scalar::Float)
    } else if ty.is_llvm_ptr() {
        Repr::Pointer
    } else {
        return;
    };
    op.set_attr("tbaa", cx.tag(&element_tag(r)));
}
