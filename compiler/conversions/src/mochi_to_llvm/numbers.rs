//! Checked integer and float arithmetic, and the checks that passes made explicit.

use super::{
    Lowered, Pattern, calls,
    emit::{Cmp, Emit, FCmp},
};
use mochi_dialects::ir::{Op, Type, Value};

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.int.add", |e, op, args| checked(e, op, args, "sadd", "llvm.add")),
    ("mochi.int.sub", |e, op, args| checked(e, op, args, "ssub", "llvm.sub")),
    ("mochi.int.mul", |e, op, args| checked(e, op, args, "smul", "llvm.mul")),
    ("mochi.int.neg", negate),
    ("mochi.int.div", divide),
    ("mochi.int.rem", remainder),
    ("mochi.int.pow", power),
    ("mochi.float.div", float_divide),
    ("mochi.float.rem", float_remainder),
    ("mochi.float.to_int", float_to_int),
    ("mochi.check.index", check_index),
    ("mochi.check.divisor", check_divisor),
];

fn wraps(op: Op) -> bool {
    op.str_attr("overflow") == Some("wrap")
}

/// Calls a function of the runtime that reports an error and does not return.
pub(super) fn report<'c>(e: &Emit<'_, 'c>, name: &str, operands: &[(Value<'c>, Type<'c>)]) {
    calls::runtime(e, name, operands, None);
}

fn with_overflow<'c>(e: &Emit<'_, 'c>, a: Value<'c>, b: Value<'c>, intrinsic: &str) -> Value<'c> {
    let t = &e.cx.t;
    let pair = Type::llvm_struct(e.cx.ctx, &[t.i64, t.i1]);
    let both = e.op(&format!("llvm.intr.{intrinsic}.with.overflow"), &[a, b], pair);
    let value = e.extract(both, 0, t.i64);
    let overflow = e.extract(both, 1, t.i1);
    e.fail_if(overflow, || report(e, "mochi_rt_panic_overflow", &[]));
    value
}

fn checked<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>], intrinsic: &str, wrapping: &str) -> Lowered<'c> {
    if wraps(op) {
        return Ok(vec![e.op(wrapping, args, e.cx.t.i64)]);
    }
    Ok(vec![with_overflow(e, args[0], args[1], intrinsic)])
}

fn negate<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let zero = e.int(0);
    if wraps(op) {
        return Ok(vec![e.sub(zero, args[0])]);
    }
    Ok(vec![with_overflow(e, zero, args[0], "ssub")])
}

fn fail_on_zero<'c>(e: &Emit<'_, 'c>, divisor: Value<'c>) {
    let zero = e.cmp(Cmp::Eq, divisor, e.int(0));
    e.fail_if(zero, || report(e, "mochi_rt_panic_division", &[]));
}

fn divide<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let (a, b) = (args[0], args[1]);
    // LLVM's division by a constant needs no checks unless the constant is one of the two bad ones.
    if op.operand(1).as_constant_int().is_some_and(|d| d != 0 && d != -1) {
        return Ok(vec![e.op("llvm.sdiv", args, e.cx.t.i64)]);
    }
    fail_on_zero(e, b);
    let minus_one = e.cmp(Cmp::Eq, b, e.int(-1));
    if wraps(op) {
        let safe = e.select(minus_one, e.int(1), b);
        let quotient = e.op("llvm.sdiv", &[a, safe], e.cx.t.i64);
        let negated = e.sub(e.int(0), a);
        return Ok(vec![e.select(minus_one, negated, quotient)]);
    }
    let smallest = e.cmp(Cmp::Eq, a, e.int(i64::MIN));
    let overflow = e.and(minus_one, smallest);
    e.fail_if(overflow, || report(e, "mochi_rt_panic_overflow", &[]));
    Ok(vec![e.op("llvm.sdiv", args, e.cx.t.i64)])
}

fn remainder<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let (a, b) = (args[0], args[1]);
    if op.operand(1).as_constant_int().is_some_and(|d| d != 0 && d != -1) {
        return Ok(vec![e.op("llvm.srem", args, e.cx.t.i64)]);
    }
    fail_on_zero(e, b);
    // The remainder by -1 is zero, as by 1, but the processor traps on the smallest integer.
    let minus_one = e.cmp(Cmp::Eq, b, e.int(-1));
    let safe = e.select(minus_one, e.int(1), b);
    Ok(vec![e.op("llvm.srem", &[a, safe], e.cx.t.i64)])
}

fn power<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let i64 = e.cx.t.i64;
    if !wraps(op) {
        let operands = [(args[0], i64), (args[1], i64)];
        return Ok(calls::runtime(e, "mochi_rt_int_pow", &operands, Some(i64)).into_iter().collect());
    }
    // Square and multiply, modulo 2^64. A negative exponent gives zero rounds, hence 1 like exponent 0.
    let head = e.block(&[i64, i64, i64]);
    let body = e.block(&[]);
    let done = e.block(&[]);
    let one = e.int(1);
    e.br(head, &[args[0], args[1], one]);
    e.goto(head);
    let (base, exponent, result) = (head.arg(0), head.arg(1), head.arg(2));
    let more = e.cmp(Cmp::Sgt, exponent, e.int(0));
    e.cond_br(more, (body, &[]), (done, &[]), None);
    e.goto(body);
    let one = e.int(1);
    let low = e.op("llvm.and", &[exponent, one], i64);
    let odd = e.cmp(Cmp::Ne, low, e.int(0));
    let product = e.op("llvm.mul", &[result, base], i64);
    let next = e.select(odd, product, result);
    let square = e.op("llvm.mul", &[base, base], i64);
    let half = e.op("llvm.lshr", &[exponent, one], i64);
    e.br(head, &[square, half, next]);
    e.goto(done);
    Ok(vec![result])
}

fn fail_on_float_zero<'c>(e: &Emit<'_, 'c>, divisor: Value<'c>) {
    let zero = e.fcmp(FCmp::Oeq, divisor, e.float(0.0));
    e.fail_if(zero, || report(e, "mochi_rt_panic_division", &[]));
}

fn float_divide<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    fail_on_float_zero(e, args[1]);
    Ok(vec![e.op("llvm.fdiv", args, e.cx.t.f64)])
}

fn float_remainder<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let f64 = e.cx.t.f64;
    fail_on_float_zero(e, args[1]);
    let operands = [(args[0], f64), (args[1], f64)];
    Ok(calls::runtime(e, "mochi_rt_float_rem", &operands, Some(f64)).into_iter().collect())
}

fn float_to_int<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    // 2^63 as a float; the range of int is half open at the top.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let x = args[0];
    let low = e.fcmp(FCmp::Oge, x, e.float(-LIMIT));
    let high = e.fcmp(FCmp::Olt, x, e.float(LIMIT));
    let fits = e.and(low, high);
    let bad = e.op("llvm.xor", &[fits, e.bool(true)], e.cx.t.i1);
    e.fail_if(bad, || report(e, "mochi_rt_panic_float_to_int", &[(x, e.cx.t.f64)]));
    Ok(vec![e.op("llvm.fptosi", &[x], e.cx.t.i64)])
}

/// The index counted from the start, or an error of the runtime. Indices are hardly ever negative, so the usual way is
/// one comparison. On both ways the optimiser sees that the index is near the length, hence `i + 1` does not overflow.
pub(super) fn checked_index<'c>(e: &Emit<'_, 'c>, index: Value<'c>, length: Value<'c>, error: &str) -> Value<'c> {
    let t = e.cx.t;
    let from_end = e.block(&[]);
    let inside = e.block(&[t.i64]);
    let usual = e.cmp(Cmp::Ult, index, length);
    e.cond_br(usual, (inside, &[index]), (from_end, &[]), Some([2000, 1]));
    e.goto(from_end);
    let lowest = e.sub(e.int(0), length);
    let below = e.cmp(Cmp::Slt, index, lowest);
    let above = e.cmp(Cmp::Sgt, index, e.int(-1));
    let outside = e.op("llvm.or", &[below, above], t.i1);
    e.fail_if(outside, || report(e, error, &[(index, t.i64), (length, t.i64)]));
    e.br(inside, &[e.add(index, length)]);
    e.goto(inside);
    inside.arg(0)
}

/// One unsigned comparison catches both ends. The report shows the index as the program has it.
fn fail_outside<'c>(e: &Emit<'_, 'c>, at: Value<'c>, index: Value<'c>, length: Value<'c>, error: &str) {
    let i64 = e.cx.t.i64;
    let outside = e.cmp(Cmp::Uge, at, length);
    e.fail_if(outside, || report(e, error, &[(index, i64), (length, i64)]));
}

fn check_index<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let error = "mochi_rt_panic_list_index";
    if op.has_attr("nonnegative") {
        fail_outside(e, args[0], args[0], args[1], error);
        return Ok(vec![args[0]]);
    }
    Ok(vec![checked_index(e, args[0], args[1], error)])
}

fn check_divisor<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    if op.operand(0).ty().is_f64() {
        fail_on_float_zero(e, args[0]);
    } else {
        fail_on_zero(e, args[0]);
    }
    Ok(Vec::new())
}
