//! Strings.

use super::{
    Lowered, Pattern, calls,
    context::Character,
    emit::{Cmp, Emit},
    lists::with_runtime,
    numbers::checked_index,
};
use mochi_dialects::{
    conversion::NoMatch,
    ir::{Op, Type, Value},
    mochi::StrConstant,
};
use mochi_runtime_abi::{ASCII_STRING_COUNT, ASCII_STRING_SIZE, ASCII_STRINGS, layout::offset};

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.str.constant", constant),
    ("mochi.str.length", length),
    ("mochi.str.concat", |e, op, args| with_runtime(e, op, args, "mochi_rt_string_concat")),
    ("mochi.str.get", get),
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

/// The characters of ASCII text come from a table; that and the code are remembered for comparisons and releases,
/// which then need no more than the code.
fn get<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let t = &e.cx.t;
    let chars = e.load(args[0], offset::STRING_CHARS, t.i64, Some("string.chars"));
    let at = checked_index(e, args[1], chars, "mochi_rt_panic_string_index");
    let length = e.load(args[0], offset::STRING_LEN, t.i64, None);
    let (simple, other) = (e.block(&[]), e.block(&[]));
    let next = e.block(&[t.ptr, t.i64, t.i1]);
    e.cond_br(e.cmp(Cmp::Eq, length, chars), (simple, &[]), (other, &[]), Some([2000, 1]));
    e.goto(simple);
    let byte = e.load(e.element(e.offset(args[0], offset::STRING_DATA), at, t.i8), 0, t.i8, None);
    let code = e.op("llvm.zext", &[byte], t.i64);
    let short = Type::llvm_array(t.i8, ASCII_STRING_SIZE as u32);
    let character = e.element(ascii_strings(e), code, short);
    e.br(next, &[character, code, e.bool(false)]);
    e.goto(other);
    let string = (args[0], op.operand(0).ty());
    let made =
        calls::runtime(e, "mochi_rt_string_at", &[string, (at, t.i64)], Some(op.result(0).ty())).ok_or(NoMatch)?;
    let allocated = is_allocated(e, made);
    e.br(next, &[made, e.int(-1), allocated]);
    e.goto(next);
    let known = Character { code: next.arg(1), allocated: next.arg(2) };
    e.cx.characters.borrow_mut().insert(key(op.result(0)), known);
    Ok(vec![next.arg(0)])
}

fn key(value: Value) -> usize {
    value.raw().ptr as usize
}

/// What is known of a string (before conversion) that comes from indexing.
pub(super) fn character<'c>(e: &Emit<'_, 'c>, value: Value<'c>) -> Option<Character<'c>> {
    value.defining_op().filter(|d| d.is("mochi.str.get"))?;
    e.cx.characters.borrow().get(&key(value)).copied()
}

/// Longer constants are compared by the runtime.
const INLINE_TEXT: usize = 8;

/// Equality with a short constant: `left` and `right` are the operands before and after conversion.
pub(super) fn equal_to_constant<'c>(
    e: &Emit<'_, 'c>,
    (left, right): (Value<'c>, Value<'c>),
    args: (Value<'c>, Value<'c>),
) -> Option<Value<'c>> {
    let text_of = |v: Value<'c>| v.defining_op().and_then(StrConstant::cast).map(|s| s.value());
    let (text, other, value) = match (text_of(left), text_of(right)) {
        (_, Some(text)) => (text, left, args.0),
        (Some(text), None) => (text, right, args.1),
        (None, None) => return None,
    };
    let bytes = text.as_bytes();
    // Module variables are null before their first assignment.
    if bytes.len() > INLINE_TEXT || other.defining_op().is_some_and(|d| d.is("mochi.global.load")) {
        return None;
    }
    match (bytes, character(e, other)) {
        ([byte], Some(known)) if byte.is_ascii() => {
            let is_code = e.cmp(Cmp::Eq, known.code, e.int(i64::from(*byte)));
            // Such a string exists only once, and indexing gives that one.
            let only = e.offset(ascii_strings(e), u64::from(*byte) * ASCII_STRING_SIZE as u64);
            let unknown = e.cmp(Cmp::Slt, known.code, e.int(0));
            Some(e.select(unknown, e.cmp(Cmp::Eq, value, only), is_code))
        }
        _ => Some(equal_to_bytes(e, value, bytes)),
    }
}

/// Compares the length, then the bytes in pieces of a power of two.
fn equal_to_bytes<'c>(e: &Emit<'_, 'c>, value: Value<'c>, bytes: &[u8]) -> Value<'c> {
    let t = e.cx.t;
    let length = e.load(value, offset::STRING_LEN, t.i64, None);
    let same = e.cmp(Cmp::Eq, length, e.int(bytes.len() as i64));
    if bytes.is_empty() {
        return same;
    }
    let compare = || {
        let (mut at, mut all) = (0, None);
        while at < bytes.len() {
            let rest = &bytes[at..];
            let (ty, size) = match rest.len() {
                8.. => (t.i64, 8),
                4.. => (t.i32, 4),
                _ => (t.i8, 1),
            };
            let wanted = rest[..size].iter().rev().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
            let wanted = if size == 8 { wanted as i64 } else { i64::from(wanted as u32) };
            let found = e.load(value, offset::STRING_DATA + at as u64, ty, None);
            let equal = e.cmp(Cmp::Eq, found, e.constant(ty, wanted));
            all = Some(all.map_or(equal, |before| e.and(before, equal)));
            at += size;
        }
        vec![all.unwrap_or(same)]
    };
    e.choose(same, &[t.i1], None, compare, || vec![e.bool(false)])[0]
}

/// Whether a string was allocated: counts of the strings of one ASCII character mean nothing.
fn is_allocated<'c>(e: &Emit<'_, 'c>, string: Value<'c>) -> Value<'c> {
    let i64 = e.cx.t.i64;
    let base = e.op("llvm.ptrtoint", &[ascii_strings(e)], i64);
    let distance = e.sub(e.op("llvm.ptrtoint", &[string], i64), base);
    e.cmp(Cmp::Uge, distance, e.int((ASCII_STRING_SIZE * ASCII_STRING_COUNT) as i64))
}

fn ascii_strings<'c>(e: &Emit<'_, 'c>) -> Value<'c> {
    e.cx.external_data(ASCII_STRINGS, (ASCII_STRING_SIZE * ASCII_STRING_COUNT) as u32, false);
    e.address(ASCII_STRINGS)
}
