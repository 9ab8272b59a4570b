//! Functions and variables of the source for call stacks and debuggers.
//!
//! Each variable gets a stack slot; every new value is stored there. Without optimisation the slot is where a
//! debugger looks; with it, LLVM turns slot and declaration into values that move.

use super::{
    Lowered, Pattern,
    context::Cx,
    emit::Emit,
    layout::{Repr, Scalar, repr},
};
use mochi_dialects::{
    conversion::NoMatch,
    ir::{Attribute, Builder, DebugUnit, Encoding, Op, Type, TypeKind, Value},
    mochi::DebugVariable,
};

pub(super) const PATTERNS: &[Pattern] = &[("mochi.debug.variable", record)];

/// A variable as patterns have met it.
pub(crate) struct Variable<'c> {
    name: String,
    type_name: String,
    ty: Type<'c>,
    line: u32,
    slot: Value<'c>,
}

fn record<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let view = DebugVariable::cast(op).ok_or(NoMatch)?;
    let function = op.parent_of("llvm.func").ok_or(NoMatch)?;
    let symbol = function.symbol_name().ok_or(NoMatch)?;
    let ty = op.operand(0).ty();
    let r = repr(ty).ok_or(NoMatch)?;
    let known =
        e.cx.variables
            .borrow()
            .get(symbol)
            .and_then(|list| list.iter().find(|v| v.name == view.name() && v.ty == ty).map(|v| v.slot));
    let slot = match known {
        Some(slot) => slot,
        None => {
            let slot = e.stack_slot(e.cx.t.memory(r));
            let variable = Variable {
                name: view.name().to_owned(),
                type_name: view.type_name().to_owned(),
                ty,
                line: op.loc().span().map_or(0, |s| s.line),
                slot,
            };
            e.cx.variables.borrow_mut().entry(symbol.to_owned()).or_default().push(variable);
            slot
        }
    };
    e.store_value(args[0], slot, 0, ty, None);
    Ok(Vec::new())
}

/// Gives every function of the source a subprogram, by which call stacks and debuggers know it, and declares its
/// variables. What the compiler made up (no `mochi.name`) has none: nobody looks for it.
pub(super) fn declare<'c>(cx: &Cx<'c>) {
    let variables = cx.variables.take();
    let Some(main) = cx.nowhere.span() else { return };
    let unit = DebugUnit::new(cx.ctx, main.file);
    for function in cx.body.ops() {
        let Some(symbol) = function.symbol_name() else { continue };
        let Some(name) = function.str_attr("mochi.name") else { continue };
        if !function.is("llvm.func") || function.region(0).is_empty() {
            continue;
        }
        let (file, line) = function.loc().span().map_or((main.file, 0), |s| (s.file, s.line));
        let scope = unit.subprogram(file, name, symbol, line);
        function.set_loc(unit.scoped(function.loc(), scope));
        for variable in variables.get(symbol).into_iter().flatten() {
            declare_one(cx, &unit, scope, variable);
        }
    }
}

fn declare_one<'c>(cx: &Cx<'c>, unit: &DebugUnit<'c>, scope: Attribute<'c>, variable: &Variable<'c>) {
    let Some(alloca) = variable.slot.defining_op() else { return };
    let ty = describe(unit, variable.ty, &variable.type_name);
    let info = unit.variable(scope, &variable.name, variable.line, ty);
    Builder::after(alloca)
        .at(cx.nowhere)
        .op("llvm.intr.dbg.declare")
        .operand(variable.slot)
        .attr("varInfo", info)
        .attr("locationExpr", unit.expression())
        .build();
}

/// The type as the debugger shows it.
fn describe<'c>(unit: &DebugUnit<'c>, ty: Type<'c>, name: &str) -> Attribute<'c> {
    let word = unit.basic_type("int", 64, Encoding::Signed);
    match repr(ty) {
        Some(Repr::Scalar(s)) => scalar(unit, s),
        Some(Repr::OptionOf(s)) => {
            let size = s.size();
            let flag = unit.basic_type("bool", 8, Encoding::Boolean);
            unit.structure(name, &[("present", flag, 0, 1), ("value", scalar(unit, s), size, size)], 2 * size)
        }
        Some(Repr::Any) => {
            let opaque = unit.pointer(unit.structure("TypeDesc", &[], 0));
            unit.structure(name, &[("type", opaque, 0, 8), ("payload", word, 8, 8)], 16)
        }
        Some(Repr::Pointer) | None => {
            let byte = unit.basic_type("char", 8, Encoding::Signed);
            let head = ("references", word, 0, 8);
            let object = match ty.option_payload().unwrap_or(ty).kind() {
                TypeKind::Str => {
                    let members = [
                        head,
                        ("bytes", word, 8, 8),
                        ("length", word, 16, 8),
                        ("capacity", word, 24, 8),
                        ("first", byte, 32, 1),
                    ];
                    unit.structure(name, &members, 40)
                }
                TypeKind::List(element) => {
                    let data = match repr(element) {
                        Some(Repr::Scalar(s)) => unit.pointer(scalar(unit, s)),
                        _ => unit.pointer(unit.pointer(byte)),
                    };
                    let members = [head, ("length", word, 8, 8), ("capacity", word, 16, 8), ("data", data, 24, 8)];
                    unit.structure(name, &members, 32)
                }
                TypeKind::Map(..) => unit.structure(name, &[head, ("length", word, 8, 8)], 16),
                TypeKind::Union(_) => unit.structure(name, &[head, ("tag", word, 8, 8)], 16),
                _ => unit.structure(name, &[head], 8),
            };
            unit.pointer(object)
        }
    }
}

fn scalar<'c>(unit: &DebugUnit<'c>, s: Scalar) -> Attribute<'c> {
    match s {
        Scalar::Int => unit.basic_type("int", 64, Encoding::Signed),
        Scalar::Float => unit.basic_type("float", 64, Encoding::Float),
        Scalar::Bool => unit.basic_type("bool", 8, Encoding::Boolean),
    }
}
