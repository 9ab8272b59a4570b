//! Strings.

use super::{Lowered, Pattern, emit::Emit, lists::with_runtime};
use mochi_dialects::{
    ir::{Op, Value},
    mochi::StrConstant,
};
use mochi_runtime_abi::layout::offset;

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.str.constant", constant),
    ("mochi.str.length", length),
    ("mochi.str.concat", |e, op, args| with_runtime(e, op, args, "mochi_rt_string_concat")),
    ("mochi.str.get", |e, op, args| with_runtime(e, op, args, "mochi_rt_string_get")),
    ("mochi.str.slice", |e, op, args| with_runtime(e, op, args, "mochi_rt_string_slice")),
    ("mochi.str.contains", |e, op, args| with_runtime(e, op, args, "mochi_rt_string_contains")),
    ("mochi.str.chars", |e, op, args| with_runtime(e, op, args, "mochi_rt_string_chars")),
];

fn constant<'c>(e: &Emit<'_, 'c>, op: Op<'c>, _: &[Value<'c>]) -> Lowered<'c> {
    let text = StrConstant::cast(op).map_or("", |s| s.value());
    Ok(vec![e.address(&e.cx.literal(text))])
}

fn length<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    Ok(vec![e.load(args[0], offset::STRING_CHARS, e.cx.t.i64, Some("string.chars"))])
}
