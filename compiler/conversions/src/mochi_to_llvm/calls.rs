//! Calls of runtime functions, driven by the runtime's own table.

use super::{
    emit::Emit,
    layout::{Repr, Scalar, repr},
};
use mochi_dialects::ir::{Type, Value};
use mochi_runtime_abi::AbiType;

/// Calls a runtime function. `operands` are converted values with their Mochi types, in the order of the table's
/// parameters that take operands; `result` is the Mochi type of the result.
pub(super) fn runtime<'c>(
    e: &Emit<'_, 'c>,
    name: &str,
    operands: &[(Value<'c>, Type<'c>)],
    result: Option<Type<'c>>,
) -> Option<Value<'c>> {
    let symbol = e.cx.runtime(name);
    let t = &e.cx.t;
    let mut args = Vec::new();
    let mut rest = operands.iter();
    let mut last = None;
    let mut out = None;
    for param in symbol.params {
        if param.takes_operand() {
            last = rest.next();
        }
        match param {
            AbiType::Void => {}
            AbiType::Bool => args.push(e.op("llvm.zext", &[operand(last, name).0], t.i64)),
            AbiType::Int | AbiType::Float | AbiType::Ptr => args.push(operand(last, name).0),
            AbiType::Any => {
                let (value, ty) = operand(last, name);
                args.extend(to_any(e, value, ty));
            }
            AbiType::Slot => {
                let (value, ty) = operand(last, name);
                let slot = e.slot();
                e.store_value(value, slot, 0, ty, None);
                args.push(slot);
            }
            AbiType::Desc => args.push(e.address(&e.cx.describe(operand(last, name).1))),
            AbiType::ResultDesc => {
                let ty = result.expect("the table asks for a result type");
                args.push(e.address(&e.cx.describe(ty)));
            }
            AbiType::Out => {
                let slot = e.slot();
                out = Some(slot);
                args.push(slot);
            }
            AbiType::Position => args.extend(e.position()),
        }
    }
    let direct = symbol.result.result().map(|s| e.cx.abi_scalar(s));
    let value = e.call(name, &args, direct);
    match (out, result) {
        (Some(slot), Some(ty)) => Some(e.load_value(slot, 0, ty, None)),
        _ => value,
    }
}

fn operand<'c>(last: Option<&(Value<'c>, Type<'c>)>, name: &str) -> (Value<'c>, Type<'c>) {
    *last.unwrap_or_else(|| panic!("{name} takes more operands than the op has"))
}

/// Descriptor and payload of a value, without touching counts.
pub(super) fn to_any<'c>(e: &Emit<'_, 'c>, value: Value<'c>, ty: Type<'c>) -> [Value<'c>; 2] {
    let t = &e.cx.t;
    let describe = |ty| e.address(&e.cx.describe(ty));
    match repr(ty).expect("a Mochi type") {
        Repr::Any => [e.extract(value, 0, t.ptr), e.extract(value, 1, t.i64)],
        Repr::Scalar(s) => [describe(ty), scalar_bits(e, value, s)],
        Repr::Pointer => {
            let bits = e.op("llvm.ptrtoint", &[value], t.i64);
            match ty.option_payload() {
                Some(payload) => {
                    let desc = e.select(e.is_null(value), e.null(), describe(payload));
                    [desc, bits]
                }
                None => [describe(ty), bits],
            }
        }
        Repr::OptionOf(s) => {
            let payload = ty.option_payload().unwrap_or(ty);
            let present = e.extract(value, 0, t.i1);
            let bits = scalar_bits(e, e.extract(value, 1, t.scalar(s)), s);
            let desc = e.select(present, describe(payload), e.null());
            [desc, e.select(present, bits, e.int(0))]
        }
    }
}

/// The payload word of a scalar.
pub(super) fn scalar_bits<'c>(e: &Emit<'_, 'c>, value: Value<'c>, s: Scalar) -> Value<'c> {
    match s {
        Scalar::Int => value,
        Scalar::Float => e.op("llvm.bitcast", &[value], e.cx.t.i64),
        Scalar::Bool => e.op("llvm.zext", &[value], e.cx.t.i64),
    }
}

/// The value of a type from a payload word that is known to hold one.
pub(super) fn from_bits<'c>(e: &Emit<'_, 'c>, bits: Value<'c>, ty: Type<'c>) -> Value<'c> {
    let t = &e.cx.t;
    match repr(ty).expect("a Mochi type") {
        Repr::Scalar(Scalar::Int) => bits,
        Repr::Scalar(Scalar::Float) => e.op("llvm.bitcast", &[bits], t.f64),
        Repr::Scalar(Scalar::Bool) => e.op("llvm.trunc", &[bits], t.i1),
        Repr::Pointer => e.op("llvm.inttoptr", &[bits], t.ptr),
        Repr::Any | Repr::OptionOf(_) => unreachable!("a payload is never an option or any"),
    }
}
