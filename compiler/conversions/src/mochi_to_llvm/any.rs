//! Dynamically typed values: a descriptor and a payload word.

use super::{
    Lowered, Pattern, calls, counts,
    emit::{Cmp, Emit},
    layout::{Repr, repr},
    lists::with_runtime,
};
use mochi_dialects::{
    conversion::NoMatch,
    ir::{Op, Type, TypeKind, Value},
    mochi::{AnyBinary, AnyField, AnyIs, AnySetField},
};

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.any.wrap", wrap),
    ("mochi.any.unwrap", unwrap),
    ("mochi.any.is", is),
    ("mochi.any.is_null", is_null),
    ("mochi.any.binary", binary),
    ("mochi.any.index", |e, op, args| with_runtime(e, op, args, "mochi_rt_any_index")),
    ("mochi.any.set_index", |e, op, args| with_runtime(e, op, args, "mochi_rt_any_set_index")),
    ("mochi.any.length", |e, op, args| with_runtime(e, op, args, "mochi_rt_any_length")),
    ("mochi.any.elements", |e, op, args| with_runtime(e, op, args, "mochi_rt_any_elements")),
    ("mochi.any.field", field),
    ("mochi.any.set_field", set_field),
];

fn wrap<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let parts = calls::to_any(e, args[0], op.operand(0).ty());
    Ok(vec![e.pack(e.cx.t.any, &parts)])
}

/// Types of which the program has one descriptor only, so that comparing addresses decides.
fn has_one_descriptor(ty: Type) -> bool {
    matches!(ty.kind(), TypeKind::Int | TypeKind::Float | TypeKind::Bool | TypeKind::Str)
}

/// Whether an any holds exactly this type.
fn holds<'c>(e: &Emit<'_, 'c>, any: Value<'c>, ty: Type<'c>) -> Value<'c> {
    let t = e.cx.t;
    let desc = e.extract(any, 0, t.ptr);
    let wanted = e.address(&e.cx.describe(ty));
    let same = e.cmp(Cmp::Eq, desc, wanted);
    if has_one_descriptor(ty) {
        return same;
    }
    let slow = || {
        e.cx.runtime("mochi_rt_any_is");
        let payload = e.extract(any, 1, t.i64);
        let found = e.call("mochi_rt_any_is", &[desc, payload, wanted], Some(t.i1));
        vec![found.unwrap_or(same)]
    };
    e.choose(same, &[t.i1], None, || vec![e.bool(true)], slow)[0]
}

fn is<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let ty = AnyIs::cast(op).ok_or(NoMatch)?.type_();
    Ok(vec![holds(e, args[0], ty)])
}

fn is_null<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    Ok(vec![e.is_null(e.extract(args[0], 0, e.cx.t.ptr))])
}

/// The payload if the dynamic type is right. Otherwise the runtime converts numbers or reports the error.
fn unwrap<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let ty = op.result(0).ty();
    let t = e.cx.t;
    let any_type = op.operand(0).ty();
    if ty.is_option() {
        return unwrap_option(e, op, args);
    }
    let register = t.register(repr(ty).ok_or(NoMatch)?);
    let right = holds(e, args[0], ty);
    let fast = || vec![calls::from_bits(e, e.extract(args[0], 1, t.i64), ty)];
    let slow = || {
        let converted = match ty.kind() {
            TypeKind::Int => calls::runtime(e, "mochi_rt_any_to_int", &[(args[0], any_type)], Some(ty)),
            _ => cast_any(e, args[0], any_type, ty),
        };
        converted.into_iter().collect()
    };
    Ok(e.choose(right, &[register], Some([2000, 1]), fast, slow))
}

/// Null is none; everything else must be of the payload's type.
fn unwrap_option<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let ty = op.result(0).ty();
    let operands = [(args[0], op.operand(0).ty())];
    Ok(calls::runtime(e, "mochi_rt_value_cast", &operands, Some(ty)).into_iter().collect())
}

/// The conversion from any that the runtime does.
pub(super) fn cast_any<'c>(e: &Emit<'_, 'c>, value: Value<'c>, from: Type<'c>, to: Type<'c>) -> Option<Value<'c>> {
    let name = match to.kind() {
        TypeKind::Int => "mochi_rt_cast_any_to_int",
        TypeKind::Float => "mochi_rt_cast_any_to_float",
        TypeKind::Bool => "mochi_rt_cast_any_to_bool",
        TypeKind::Str => "mochi_rt_cast_any_to_string",
        _ => "mochi_rt_value_cast",
    };
    calls::runtime(e, name, &[(value, from)], Some(to))
}

fn binary<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let name = match AnyBinary::cast(op).ok_or(NoMatch)?.op_() {
        "add" => "mochi_rt_any_add",
        "sub" => "mochi_rt_any_sub",
        "mul" => "mochi_rt_any_mul",
        "div" => "mochi_rt_any_div",
        "rem" => "mochi_rt_any_rem",
        _ => return Err(NoMatch),
    };
    with_runtime(e, op, args, name)
}

fn field<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let name = e.address(&e.cx.literal(AnyField::cast(op).ok_or(NoMatch)?.name()));
    let any = op.operand(0).ty();
    let operands = [(args[0], any), (name, Type::str(e.cx.ctx))];
    Ok(calls::runtime(e, "mochi_rt_any_field", &operands, Some(any)).into_iter().collect())
}

fn set_field<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let name = e.address(&e.cx.literal(AnySetField::cast(op).ok_or(NoMatch)?.name()));
    let operands = [(args[0], op.operand(0).ty()), (name, Type::str(e.cx.ctx)), (args[1], op.operand(1).ty())];
    calls::runtime(e, "mochi_rt_any_set_field", &operands, None);
    Ok(Vec::new())
}

/// A value as an any that owns a reference of its own.
pub(super) fn owned_any<'c>(e: &Emit<'_, 'c>, value: Value<'c>, ty: Type<'c>) -> Value<'c> {
    if repr(ty) != Some(Repr::Any) {
        counts::retain(e, value, ty, false);
    }
    let parts = calls::to_any(e, value, ty);
    e.pack(e.cx.t.any, &parts)
}
