//! Maps: the runtime finds slots, values are read and written inline.

use super::{
    Lowered, Pattern, calls,
    emit::Emit,
    layout::{Repr, repr},
    lists::{replace, with_runtime},
};
use mochi_dialects::{
    conversion::NoMatch,
    ir::{Op, Type, TypeKind, Value},
};
use mochi_runtime_abi::layout::offset;

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.map.new", new),
    ("mochi.map.get", get),
    ("mochi.map.set", set),
    ("mochi.map.contains", contains),
    ("mochi.map.length", length),
    ("mochi.map.keys", |e, op, args| with_runtime(e, op, args, "mochi_rt_map_keys")),
    ("mochi.map.values", |e, op, args| with_runtime(e, op, args, "mochi_rt_map_values")),
];

/// The runtime has fast entries for int and string keys.
fn by_key<'n>(key: Type, generic: &'n str, int: &'n str, string: &'n str) -> &'n str {
    match key.kind() {
        TypeKind::Int => int,
        TypeKind::Str => string,
        _ => generic,
    }
}

fn parts<'c>(map: Type<'c>) -> Result<(Type<'c>, Type<'c>), NoMatch> {
    map.map_parts().ok_or(NoMatch)
}

fn new<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let map_type = op.result(0).ty();
    let map = calls::runtime(e, "mochi_rt_map_new", &[], Some(map_type)).ok_or(NoMatch)?;
    let half = args.len() / 2;
    for (key, value) in args[..half].iter().zip(&args[half..]) {
        assign(e, (map, map_type), *key, *value, false)?;
    }
    Ok(vec![map])
}

/// Finds or makes the slot of a key (which is consumed) and replaces what is in it. A new slot is all zero, which
/// reads as nothing to release; so does one whose value was `taken` out before.
fn assign<'c>(
    e: &Emit<'_, 'c>,
    (map, map_type): (Value<'c>, Type<'c>),
    key: Value<'c>,
    value: Value<'c>,
    taken: bool,
) -> Result<(), NoMatch> {
    let (key_type, value_type) = parts(map_type)?;
    let name = by_key(key_type, "mochi_rt_map_slot", "mochi_rt_map_slot_int", "mochi_rt_map_slot_string");
    let slot = calls::runtime(e, name, &[(map, map_type), (key, key_type)], None).ok_or(NoMatch)?;
    let tag = value_tag(value_type);
    if taken {
        e.store_value(value, slot, 0, value_type, Some(&tag));
    } else {
        replace(e, slot, 0, value, value_type, &tag, true);
    }
    Ok(())
}

fn value_tag(ty: Type) -> String {
    format!("mapped.{}", repr(ty).unwrap_or(Repr::Pointer).tag())
}

fn set<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    assign(e, (args[0], op.operand(0).ty()), args[1], args[2], op.has_attr("initialize"))?;
    Ok(Vec::new())
}

fn get<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let map_type = op.operand(0).ty();
    let (key_type, value_type) = parts(map_type)?;
    let result_type = op.result(0).ty();
    let name = by_key(key_type, "mochi_rt_map_get", "mochi_rt_map_get_int", "mochi_rt_map_get_string");
    let operands = [(args[0], map_type), (args[1], key_type)];
    let slot = calls::runtime(e, name, &operands, None).ok_or(NoMatch)?;
    let t = e.cx.t;
    let register = t.register(repr(result_type).ok_or(NoMatch)?);
    let tag = value_tag(value_type);
    let found = e.not_null(slot);
    let values = e.choose(
        found,
        &[register],
        None,
        || {
            let value = e.load_value(slot, 0, value_type, Some(&tag));
            vec![match repr(value_type) {
                Some(Repr::Scalar(_)) => e.pack(register, &[e.bool(true), value]),
                _ => value,
            }]
        },
        || vec![e.zero(register)],
    );
    Ok(values)
}

fn contains<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let (key_type, _) = parts(op.operand(0).ty())?;
    let name = by_key(key_type, "mochi_rt_map_contains", "mochi_rt_map_contains_int", "mochi_rt_map_contains_string");
    with_runtime(e, op, args, name)
}

fn length<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    Ok(vec![e.load(args[0], offset::MAP_LEN, e.cx.t.i64, Some("map.length"))])
}
