//! Lists. Length, access and append are inline; whatever copies goes to the runtime.

use super::{
    Lowered, Pattern, calls, counts,
    emit::{Cmp, Emit},
    layout::{Repr, repr},
    numbers::checked_index,
};
use mochi_dialects::{
    conversion::NoMatch,
    ir::{Op, Type, Value},
};
use mochi_runtime_abi::{count, layout::offset};

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.list.new", new),
    ("mochi.list.length", length),
    ("mochi.list.get", get),
    ("mochi.list.set", set),
    ("mochi.list.append", append),
    ("mochi.list.view", view),
    ("mochi.list.slice", |e, op, args| with_runtime(e, op, args, "mochi_rt_list_slice")),
    ("mochi.list.concat", |e, op, args| with_runtime(e, op, args, "mochi_rt_list_concat")),
    ("mochi.list.contains", |e, op, args| with_runtime(e, op, args, "mochi_rt_list_contains")),
];

const LENGTH: Option<&str> = Some("list.length");
const CAPACITY: Option<&str> = Some("list.capacity");
const DATA: Option<&str> = Some("list.data");

/// Passes the operands to a runtime function as they are.
pub(super) fn with_runtime<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>], name: &str) -> Lowered<'c> {
    let operands: Vec<_> = args.iter().copied().zip(op.operands().map(Value::ty)).collect();
    let result = (op.result_count() > 0).then(|| op.result(0).ty());
    Ok(calls::runtime(e, name, &operands, result).into_iter().collect())
}

fn element_type<'c>(list: Type<'c>) -> Result<(Type<'c>, Repr), NoMatch> {
    let element = list.list_element().ok_or(NoMatch)?;
    Ok((element, repr(element).ok_or(NoMatch)?))
}

/// The alias tag of elements: lists of different kinds of slots never share memory.
pub(super) fn element_tag(r: Repr) -> String {
    format!("element.{}", r.tag())
}

pub(super) fn load_length<'c>(e: &Emit<'_, 'c>, list: Value<'c>) -> Value<'c> {
    e.load(list, offset::LIST_LEN, e.cx.t.i64, LENGTH)
}

fn load_data<'c>(e: &Emit<'_, 'c>, list: Value<'c>) -> Value<'c> {
    e.load(list, offset::LIST_DATA, e.cx.t.ptr, DATA)
}

fn new<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let (element, r) = element_type(op.result(0).ty())?;
    let i64 = e.cx.t.i64;
    let sizes = [(e.int(args.len() as i64), i64), (e.int(r.size() as i64), i64)];
    let list = calls::runtime(e, "mochi_rt_list_new", &sizes, Some(op.result(0).ty())).ok_or(NoMatch)?;
    if !args.is_empty() {
        let data = load_data(e, list);
        let tag = element_tag(r);
        for (i, value) in args.iter().enumerate() {
            e.store_value(*value, data, i as u64 * r.size(), element, Some(&tag));
        }
    }
    Ok(vec![list])
}

fn length<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    Ok(vec![load_length(e, args[0])])
}

/// The address of an element; checks the index unless the op promises that it is inside.
fn slot_of<'c>(e: &Emit<'_, 'c>, op: Op<'c>, list: Value<'c>, index: Value<'c>, r: Repr) -> Value<'c> {
    let at = if op.has_attr("inbounds") {
        index
    } else {
        checked_index(e, index, load_length(e, list), "mochi_rt_panic_list_index")
    };
    e.element(load_data(e, list), at, e.cx.t.memory(r))
}

fn get<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let (element, r) = element_type(op.operand(0).ty())?;
    let slot = slot_of(e, op, args[0], args[1], r);
    Ok(vec![e.load_present(slot, 0, element, Some(&element_tag(r)))])
}

fn set<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let (element, r) = element_type(op.operand(0).ty())?;
    let slot = slot_of(e, op, args[0], args[1], r);
    assign(e, op, slot, 0, args[2], element, &element_tag(r));
    Ok(Vec::new())
}

/// Stores a value over another one and releases that, unless the op says `initialize`: then the old value was taken
/// out before (the load said `take`, which needs no code: nobody looks at the place in between).
pub(super) fn assign<'c>(
    e: &Emit<'_, 'c>,
    op: Op<'c>,
    place: Value<'c>,
    at: u64,
    value: Value<'c>,
    ty: Type<'c>,
    tag: &str,
) {
    if op.has_attr("initialize") {
        e.store_value(value, place, at, ty, Some(tag));
    } else {
        // Module variables are null before their first assignment.
        replace(e, place, at, value, ty, tag, op.is("mochi.global.store"));
    }
}

/// Stores a value over another one and releases that. The store comes first: destroying the old value may look at
/// the place.
pub(super) fn replace<'c>(
    e: &Emit<'_, 'c>,
    place: Value<'c>,
    at: u64,
    value: Value<'c>,
    ty: Type<'c>,
    tag: &str,
    nullable: bool,
) {
    let old = ty.is_counted().then(|| e.load_value(place, at, ty, Some(tag)));
    e.store_value(value, place, at, ty, Some(tag));
    if let Some(old) = old {
        counts::release(e, old, ty, nullable);
    }
}

fn append<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let list_type = op.operand(0).ty();
    let (element, r) = element_type(list_type)?;
    let t = e.cx.t;
    let (list, value) = (args[0], args[1]);
    let word = e.load(list, offset::RC, t.i64, Some("count"));
    let len = load_length(e, list);
    let capacity = e.load(list, offset::LIST_CAP, t.i64, CAPACITY);
    let references = if e.cx.cycles.contain(list_type) {
        // The word holds the place in the cycle collector's buffer as well.
        e.op("llvm.and", &[word, e.int(count::UNIQUE_MASK)], t.i64)
    } else {
        word
    };
    let unique = e.cmp(Cmp::Eq, references, e.int(1));
    let room = e.cmp(Cmp::Slt, len, capacity);
    let fast = e.and(unique, room);
    let slow = e.block(&[]);
    let store = e.block(&[t.ptr]);
    e.cond_br(fast, (store, &[list]), (slow, &[]), Some([2000, 1]));
    e.goto(slow);
    let grown = calls::runtime(e, "mochi_rt_list_reserve", &[(list, list_type)], Some(list_type));
    e.br(store, &[grown.ok_or(NoMatch)?]);
    e.goto(store);
    let list = store.arg(0);
    // The length is the same in the grown list.
    let data = load_data(e, list);
    let slot = e.element(data, len, t.memory(r));
    e.store_value(value, slot, 0, element, Some(&element_tag(r)));
    e.store(e.add(len, e.int(1)), list, offset::LIST_LEN, LENGTH);
    Ok(vec![list])
}

/// A memref descriptor of the elements: {allocated, aligned, offset, [size], [stride]}.
fn view<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let t = e.cx.t;
    let one = Type::llvm_array(t.i64, 1);
    let shape = Type::llvm_struct(e.cx.ctx, &[t.ptr, t.ptr, t.i64, one, one]);
    debug_assert!(op.result(0).ty().memref_element().is_some());
    let data = load_data(e, args[0]);
    let len = load_length(e, args[0]);
    let mut d = e.b.op("llvm.mlir.poison").result(shape).build().result(0);
    d = e.insert(d, data, &[0]);
    d = e.insert(d, data, &[1]);
    d = e.insert(d, e.int(0), &[2]);
    d = e.insert(d, len, &[3, 0]);
    d = e.insert(d, e.int(1), &[4, 0]);
    Ok(vec![d])
}
