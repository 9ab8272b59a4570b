//! What ends a program, and definitions, of which nothing is left.

use super::{Lowered, Pattern, emit::Emit, numbers::report};
use mochi_dialects::ir::{Op, Value};

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.panic", panic),
    ("mochi.expect", expect),
    ("mochi.unreachable", unreachable),
    // Definitions have been read; nothing of them is left at run time.
    ("mochi.record_type", |_, _, _| Ok(Vec::new())),
    ("mochi.union_type", |_, _, _| Ok(Vec::new())),
    ("mochi.global", |_, _, _| Ok(Vec::new())),
];

fn panic<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    report(e, "mochi_rt_panic_message", &[(args[0], op.operand(0).ty())]);
    Ok(Vec::new())
}

fn expect<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let failed = e.op("llvm.xor", &[args[0], e.bool(true)], e.cx.t.i1);
    e.fail_if(failed, || report(e, "mochi_rt_panic_expect", &[]));
    Ok(Vec::new())
}

fn unreachable<'c>(e: &Emit<'_, 'c>, _: Op<'c>, _: &[Value<'c>]) -> Lowered<'c> {
    e.b.op("llvm.unreachable").build();
    Ok(Vec::new())
}
