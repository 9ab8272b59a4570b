//! Operations on values of any type: comparison, truth, text, conversion, library functions.

use super::{
    Lowered, Pattern,
    any::{cast_any, owned_any},
    calls, counts,
    emit::{Cmp, Emit, FCmp},
    layout::{Repr, repr},
    strings,
};
use mochi_dialects::{
    conversion::NoMatch,
    ir::{Op, Type, TypeKind, Value},
    mochi::Builtin,
};
use mochi_runtime_abi::{Class, builtin_symbol, layout::offset};

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.equal", equal),
    ("mochi.compare", compare),
    ("mochi.truth", truth),
    ("mochi.to_string", to_string),
    ("mochi.print", print),
    ("mochi.json", json),
    ("mochi.cast", cast),
    ("mochi.builtin", builtin),
];

fn pair<'c>(op: Op<'c>, args: &[Value<'c>]) -> [(Value<'c>, Type<'c>); 2] {
    [(args[0], op.operand(0).ty()), (args[1], op.operand(1).ty())]
}

fn equal<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let result = op.result(0).ty();
    let call = |name| calls::runtime(e, name, &pair(op, args), Some(result)).ok_or(NoMatch);
    if op.operand(0).ty().is_str()
        && let Some(equal) = strings::equal_to_constant(e, (op.operand(0), op.operand(1)), (args[0], args[1]))
    {
        return Ok(vec![equal]);
    }
    Ok(vec![match op.operand(0).ty().kind() {
        TypeKind::Int | TypeKind::Bool | TypeKind::Fn(_) | TypeKind::Env | TypeKind::Cell(_) => {
            e.cmp(Cmp::Eq, args[0], args[1])
        }
        TypeKind::Float => e.fcmp(FCmp::Oeq, args[0], args[1]),
        TypeKind::Str => call("mochi_rt_string_equal")?,
        TypeKind::BigInt => call("mochi_rt_bigint_equal")?,
        TypeKind::Any => call("mochi_rt_any_equal")?,
        _ => call("mochi_rt_value_equal")?,
    }])
}

fn compare<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let result = op.result(0).ty();
    let call = |name| calls::runtime(e, name, &pair(op, args), Some(result)).ok_or(NoMatch);
    let three_way = |less: Value<'c>, greater: Value<'c>| {
        let upper = e.select(greater, e.int(1), e.int(0));
        e.select(less, e.int(-1), upper)
    };
    Ok(vec![match op.operand(0).ty().kind() {
        TypeKind::Int => {
            let less = e.cmp(Cmp::Slt, args[0], args[1]);
            three_way(less, e.cmp(Cmp::Sgt, args[0], args[1]))
        }
        TypeKind::Bool => {
            let less = e.cmp(Cmp::Ult, args[0], args[1]);
            three_way(less, e.cmp(Cmp::Ne, args[0], args[1]))
        }
        TypeKind::Float => {
            let less = e.fcmp(FCmp::Olt, args[0], args[1]);
            let order = three_way(less, e.fcmp(FCmp::Ogt, args[0], args[1]));
            // As the runtime says it: 2 where there is no order.
            e.select(e.fcmp(FCmp::Uno, args[0], args[1]), e.int(2), order)
        }
        TypeKind::Str => call("mochi_rt_string_compare")?,
        TypeKind::BigInt => call("mochi_rt_bigint_compare")?,
        TypeKind::Any => call("mochi_rt_any_compare")?,
        _ => call("mochi_rt_value_compare")?,
    }])
}

fn truth<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let ty = op.operand(0).ty();
    let t = e.cx.t;
    let nonzero = |v| e.cmp(Cmp::Ne, v, e.int(0));
    let length = |at, tag| nonzero(e.load(args[0], at, t.i64, Some(tag)));
    let call = |name| calls::runtime(e, name, &[(args[0], ty)], Some(op.result(0).ty())).ok_or(NoMatch);
    Ok(vec![match ty.kind() {
        TypeKind::Int => nonzero(args[0]),
        TypeKind::Bool => args[0],
        TypeKind::Float => e.fcmp(FCmp::Une, args[0], e.float(0.0)),
        TypeKind::Str => length(offset::STRING_LEN, "string.length"),
        TypeKind::List(_) => length(offset::LIST_LEN, "list.length"),
        TypeKind::BigInt => call("mochi_rt_bigint_truth")?,
        TypeKind::Any => call("mochi_rt_any_truth")?,
        _ => call("mochi_rt_value_truth")?,
    }])
}

fn to_string<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let ty = op.operand(0).ty();
    Ok(vec![text_of(e, args[0], ty, op.result(0).ty())?])
}

fn text_of<'c>(e: &Emit<'_, 'c>, value: Value<'c>, ty: Type<'c>, str_type: Type<'c>) -> Result<Value<'c>, NoMatch> {
    let name = match ty.kind() {
        TypeKind::Str => {
            counts::retain(e, value, ty, false);
            return Ok(value);
        }
        TypeKind::Int => "mochi_rt_string_from_int",
        TypeKind::Float => "mochi_rt_string_from_float",
        TypeKind::Bool => "mochi_rt_string_from_bool",
        TypeKind::Any => "mochi_rt_string_from_any",
        _ => "mochi_rt_string_from_value",
    };
    calls::runtime(e, name, &[(value, ty)], Some(str_type)).ok_or(NoMatch)
}

/// One call per value by its static type. A line of three or more values is trimmed at its end, which the runtime
/// does between `begin` and `end`.
fn print<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let trims = args.len() >= 3;
    if trims {
        calls::runtime(e, "mochi_rt_print_begin", &[], None);
    }
    for (i, (value, ty)) in args.iter().zip(op.operands().map(Value::ty)).enumerate() {
        if i > 0 {
            calls::runtime(e, "mochi_rt_print_space", &[], None);
        }
        let name = match ty.kind() {
            TypeKind::Int => "mochi_rt_print_int",
            TypeKind::Float => "mochi_rt_print_float",
            TypeKind::Bool => "mochi_rt_print_bool",
            TypeKind::Str => "mochi_rt_print_string",
            TypeKind::Any => "mochi_rt_print_any",
            _ => "mochi_rt_print_value",
        };
        calls::runtime(e, name, &[(*value, ty)], None);
    }
    let end = if trims { "mochi_rt_print_end" } else { "mochi_rt_print_newline" };
    calls::runtime(e, end, &[], None);
    Ok(Vec::new())
}

fn json<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    calls::runtime(e, "mochi_rt_json_print", &[(args[0], op.operand(0).ty())], None);
    Ok(Vec::new())
}

fn cast<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let (from, to) = (op.operand(0).ty(), op.result(0).ty());
    let value = args[0];
    if from == to {
        counts::retain(e, value, to, false);
        return Ok(vec![value]);
    }
    if to.option_payload() == Some(from) {
        counts::retain(e, value, from, false);
        return Ok(vec![match repr(to).ok_or(NoMatch)? {
            r @ Repr::OptionOf(_) => e.pack(e.cx.t.register(r), &[e.bool(true), value]),
            _ => value,
        }]);
    }
    let call = |name| calls::runtime(e, name, &[(value, from)], Some(to)).ok_or(NoMatch);
    Ok(vec![match (from.kind(), to.kind()) {
        (_, TypeKind::Any) => owned_any(e, value, from),
        (TypeKind::Int, TypeKind::Float) => e.op("llvm.sitofp", &[value], e.cx.t.f64),
        (TypeKind::Float, TypeKind::Int) => call("mochi_rt_cast_float_to_int")?,
        (TypeKind::Str, TypeKind::Int) => call("mochi_rt_cast_string_to_int")?,
        (TypeKind::Int, TypeKind::BigInt) => call("mochi_rt_bigint_from_int")?,
        (TypeKind::Float, TypeKind::BigInt) => call("mochi_rt_bigint_from_float")?,
        (TypeKind::Str, TypeKind::BigInt) => call("mochi_rt_bigint_from_string")?,
        (TypeKind::BigInt, TypeKind::Int) => call("mochi_rt_bigint_to_int")?,
        (TypeKind::BigInt, TypeKind::Float) => call("mochi_rt_bigint_to_float")?,
        (TypeKind::Any, _) => cast_any(e, value, from, to).ok_or(NoMatch)?,
        _ => call("mochi_rt_value_cast")?,
    }])
}

fn class(ty: Type) -> Class {
    match ty.kind() {
        TypeKind::Int | TypeKind::Index => Class::Int,
        TypeKind::Float => Class::Float,
        TypeKind::Bool => Class::Bool,
        TypeKind::Str => Class::Str,
        TypeKind::Any => Class::Any,
        TypeKind::BigInt => Class::BigInt,
        TypeKind::BigRat => Class::BigRat,
        TypeKind::Map(..) => Class::Map,
        TypeKind::List(e) => match e.kind() {
            TypeKind::Int => Class::ListInt,
            TypeKind::Float => Class::ListFloat,
            TypeKind::Str => Class::ListStr,
            _ => Class::List,
        },
        TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Fn(_)
        | TypeKind::Option(_)
        | TypeKind::Cell(_)
        | TypeKind::Env
        | TypeKind::Other => Class::Value,
    }
}

/// `append` to a list that may be absent, which then counts as empty. The runtime consumes what the op borrows.
fn append_to_option<'c>(e: &Emit<'_, 'c>, args: &[Value<'c>], list: Type<'c>, element: Type<'c>) -> Lowered<'c> {
    counts::retain(e, args[0], list, true);
    counts::retain(e, args[1], element, false);
    let operands = [(args[0], list), (args[1], element)];
    Ok(calls::runtime(e, "mochi_rt_list_append", &operands, Some(list)).into_iter().collect())
}

fn builtin<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let view = Builtin::cast(op).ok_or(NoMatch)?;
    let types: Vec<Type<'c>> = op.operands().map(Value::ty).collect();
    if let ("append", [list, element]) = (view.name(), types.as_slice())
        && let Some(payload) = list.option_payload()
        && payload.list_element() == Some(*element)
    {
        return append_to_option(e, args, payload, *element);
    }
    let classes: Vec<Class> = types.iter().map(|t| class(*t)).collect();
    let Some(symbol) = builtin_symbol(view.name(), &classes) else {
        let list: Vec<String> = types.iter().map(|t| e.cx.type_name(*t)).collect();
        op.emit_error(&format!("`{}` is not available for operands ({})", view.name(), list.join(", ")));
        return Err(NoMatch);
    };
    let operands: Vec<_> = args.iter().copied().zip(types).collect();
    let result = (op.result_count() > 0).then(|| op.result(0).ty());
    let value = calls::runtime(e, symbol.name, &operands, result);
    Ok(if result.is_some() { value.into_iter().collect() } else { Vec::new() })
}
