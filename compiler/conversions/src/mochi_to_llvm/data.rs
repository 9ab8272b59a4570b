//! Records, unions, options, cells and module variables.

use super::{
    Lowered, Pattern, calls,
    context::Fields,
    counts,
    counts::field_tag,
    emit::Emit,
    layout::{Repr, repr},
    lists::assign,
    numbers::report,
};
use mochi_dialects::{
    conversion::NoMatch,
    ir::{Op, Type, TypeKind, Value},
    mochi::{GlobalClear, GlobalLoad, GlobalStore, RecordGet, RecordSet, UnionGet, UnionNew},
};
use mochi_runtime_abi::{IMMORTAL, layout::offset};

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.record.new", record_new),
    ("mochi.record.get", record_get),
    ("mochi.record.set", record_set),
    ("mochi.union.new", union_new),
    ("mochi.union.tag", union_tag),
    ("mochi.union.get", union_get),
    ("mochi.option.some", option_some),
    ("mochi.option.none", option_none),
    ("mochi.option.is_some", option_is_some),
    ("mochi.option.get", option_get),
    ("mochi.cell.new", cell_new),
    ("mochi.cell.get", cell_get),
    ("mochi.cell.set", cell_set),
    ("mochi.global.load", global_load),
    ("mochi.global.store", global_store),
    ("mochi.global.clear", global_clear),
];

/// A fresh object of so many bytes; its count is one.
pub(super) fn allocate<'c>(e: &Emit<'_, 'c>, size: u64) -> Result<Value<'c>, NoMatch> {
    let operand = (e.int(size as i64), e.cx.t.i64);
    calls::runtime(e, "mochi_rt_alloc", &[operand], None).ok_or(NoMatch)
}

fn fill<'c>(e: &Emit<'_, 'c>, object: Value<'c>, fields: &Fields<'c>, values: &[Value<'c>], owner: &str) {
    for (i, value) in values.iter().enumerate() {
        let ty = fields.types[i];
        e.store_value(*value, object, fields.offsets[i], ty, Some(&field_tag(owner, i, ty)));
    }
}

// --- records ----------------------------------------------------------------------------------------

fn record_fields<'e, 'c>(e: &'e Emit<'_, 'c>, ty: Type<'c>) -> Result<(&'c str, &'e Fields<'c>), NoMatch> {
    let sym = ty.record_symbol().ok_or(NoMatch)?;
    Ok((sym, &e.cx.records.get(sym).ok_or(NoMatch)?.fields))
}

fn record_new<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let (sym, fields) = record_fields(e, op.result(0).ty())?;
    let object = allocate(e, fields.size)?;
    fill(e, object, fields, args, &format!("record.{sym}"));
    Ok(vec![object])
}

fn field_index(fields: &Fields, name: &str) -> Result<usize, NoMatch> {
    fields.names.iter().position(|n| n == name).ok_or(NoMatch)
}

fn record_get<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let view = RecordGet::cast(op).ok_or(NoMatch)?;
    let (sym, fields) = record_fields(e, view.record().ty())?;
    let i = field_index(fields, view.field())?;
    let tag = field_tag(&format!("record.{sym}"), i, fields.types[i]);
    Ok(vec![e.load_present(args[0], fields.offsets[i], fields.types[i], Some(&tag))])
}

fn record_set<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let view = RecordSet::cast(op).ok_or(NoMatch)?;
    let (sym, fields) = record_fields(e, view.record().ty())?;
    let i = field_index(fields, view.field())?;
    let tag = field_tag(&format!("record.{sym}"), i, fields.types[i]);
    assign(e, op, args[0], fields.offsets[i], args[1], fields.types[i], &tag);
    Ok(Vec::new())
}

// --- unions -----------------------------------------------------------------------------------------

fn variant<'e, 'c>(e: &'e Emit<'_, 'c>, ty: Type<'c>, name: &str) -> Result<(String, usize, &'e Fields<'c>), NoMatch> {
    let sym = ty.union_symbol().ok_or(NoMatch)?;
    let info = e.cx.unions.get(sym).ok_or(NoMatch)?;
    let tag = info.tag(name).ok_or(NoMatch)?;
    Ok((format!("union.{sym}.{name}"), tag, &info.variants[tag].1))
}

fn union_new<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let view = UnionNew::cast(op).ok_or(NoMatch)?;
    let ty = op.result(0).ty();
    let (owner, tag, fields) = variant(e, ty, view.variant())?;
    if args.is_empty() {
        let sym = ty.union_symbol().ok_or(NoMatch)?;
        return Ok(vec![e.address(&e.cx.static_variant(sym, view.variant(), tag))]);
    }
    let object = allocate(e, fields.size)?;
    e.store(e.int(tag as i64), object, offset::UNION_TAG, Some("union.tag"));
    fill(e, object, fields, args, &owner);
    Ok(vec![object])
}

fn union_tag<'c>(e: &Emit<'_, 'c>, _: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    Ok(vec![e.load(args[0], offset::UNION_TAG, e.cx.t.i64, Some("union.tag"))])
}

fn union_get<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let view = UnionGet::cast(op).ok_or(NoMatch)?;
    let (owner, _, fields) = variant(e, view.union_value().ty(), view.variant())?;
    let i = usize::try_from(view.index()).map_err(|_| NoMatch)?;
    let ty = *fields.types.get(i).ok_or(NoMatch)?;
    Ok(vec![e.load_present(args[0], fields.offsets[i], ty, Some(&field_tag(&owner, i, ty)))])
}

// --- options ----------------------------------------------------------------------------------------

fn option_some<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let r = repr(op.result(0).ty()).ok_or(NoMatch)?;
    Ok(vec![match r {
        Repr::OptionOf(_) => e.pack(e.cx.t.register(r), &[e.bool(true), args[0]]),
        _ => args[0],
    }])
}

fn option_none<'c>(e: &Emit<'_, 'c>, op: Op<'c>, _: &[Value<'c>]) -> Lowered<'c> {
    let r = repr(op.result(0).ty()).ok_or(NoMatch)?;
    Ok(vec![e.zero(e.cx.t.register(r))])
}

fn present<'c>(e: &Emit<'_, 'c>, value: Value<'c>, ty: Type<'c>) -> Value<'c> {
    match repr(ty) {
        Some(Repr::OptionOf(_)) => e.extract(value, 0, e.cx.t.i1),
        _ => e.not_null(value),
    }
}

fn option_is_some<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    Ok(vec![present(e, args[0], op.operand(0).ty())])
}

fn option_get<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let ty = op.operand(0).ty();
    let there = present(e, args[0], ty);
    let missing = e.op("llvm.xor", &[there, e.bool(true)], e.cx.t.i1);
    e.fail_if(missing, || report(e, "mochi_rt_panic_none", &[]));
    Ok(vec![match repr(ty) {
        Some(Repr::OptionOf(s)) => e.extract(args[0], 1, e.cx.t.scalar(s)),
        _ => args[0],
    }])
}

// --- cells ------------------------------------------------------------------------------------------

fn cell_new<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let content = op.operand(0).ty();
    let r = repr(content).ok_or(NoMatch)?;
    let object = allocate(e, 8 + r.size().next_multiple_of(8))?;
    e.store_value(args[0], object, offset::CELL_CONTENT, content, Some(&field_tag("cell", 0, content)));
    Ok(vec![object])
}

fn cell_get<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let content = op.result(0).ty();
    Ok(vec![e.load_value(args[0], offset::CELL_CONTENT, content, Some(&field_tag("cell", 0, content)))])
}

fn cell_set<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let content = op.operand(1).ty();
    assign(e, op, args[0], offset::CELL_CONTENT, args[1], content, &field_tag("cell", 0, content));
    Ok(Vec::new())
}

// --- module variables -------------------------------------------------------------------------------

fn global_name(global: &str) -> String {
    format!("mochi.global.{global}")
}

fn global_tag(global: &str) -> String {
    format!("global.{global}")
}

/// The address of a module variable, which is made on first use. Strings and lists start out empty and not null,
/// so that reading them needs no check.
fn global_address<'c>(e: &Emit<'_, 'c>, global: &str, ty: Type<'c>) -> Result<Value<'c>, NoMatch> {
    let name = global_name(global);
    let r = repr(ty).ok_or(NoMatch)?;
    let initial = match ty.kind() {
        TypeKind::Str => Some(e.cx.literal("")),
        TypeKind::List(_) => Some(e.cx.static_words("empty list", &[IMMORTAL, 0, 0, 0])),
        _ => None,
    };
    e.cx.once_named(&name, || match &initial {
        Some(symbol) => e.cx.reference_variable(&name, symbol),
        None => e.cx.variable(&name, e.cx.t.memory(r)),
    });
    Ok(e.address(&name))
}

fn global_load<'c>(e: &Emit<'_, 'c>, op: Op<'c>, _: &[Value<'c>]) -> Lowered<'c> {
    let name = GlobalLoad::cast(op).ok_or(NoMatch)?.global();
    let ty = op.result(0).ty();
    let place = global_address(e, name, ty)?;
    Ok(vec![e.load_value(place, 0, ty, Some(&global_tag(name)))])
}

fn global_store<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let name = GlobalStore::cast(op).ok_or(NoMatch)?.global();
    let ty = op.operand(0).ty();
    let place = global_address(e, name, ty)?;
    assign(e, op, place, 0, args[0], ty, &global_tag(name));
    Ok(Vec::new())
}

fn global_clear<'c>(e: &Emit<'_, 'c>, op: Op<'c>, _: &[Value<'c>]) -> Lowered<'c> {
    let name = GlobalClear::cast(op).ok_or(NoMatch)?.global();
    let ty = *e.cx.globals.get(name).ok_or(NoMatch)?;
    let place = global_address(e, name, ty)?;
    let r = repr(ty).ok_or(NoMatch)?;
    let tag = global_tag(name);
    let old = ty.is_counted().then(|| e.load_value(place, 0, ty, Some(&tag)));
    let zero = e.zero(e.cx.t.register(r));
    e.store_value(zero, place, 0, ty, Some(&tag));
    if let Some(old) = old {
        counts::release(e, old, ty, true);
    }
    Ok(Vec::new())
}
