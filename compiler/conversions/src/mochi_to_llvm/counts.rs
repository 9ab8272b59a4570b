//! Reference counts: retain and release inline, one destroying function per record, union, list and closure type.
//!
//! Counts are not atomic and static objects carry one that never reaches zero, so retaining is one increment and
//! releasing one decrement with a branch.

use super::{
    Lowered, Pattern,
    context::{Cx, Fields},
    emit::{Cmp, Emit},
    layout::{Repr, repr},
    strings,
};
use mochi_dialects::ir::{Attribute, Op, Type, TypeKind, Value};
use mochi_runtime_abi::SMALL_TAG;

pub(super) const PATTERNS: &[Pattern] = &[("mochi.retain", retain_op), ("mochi.release", release_op)];

fn retain_op<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    retain(e, args[0], op.operand(0).ty(), nullable(op));
    Ok(Vec::new())
}

fn release_op<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    if let Some(known) = strings::character(e, op.operand(0)) {
        e.when(known.allocated, None, || decrement(e, args[0], op.operand(0).ty()));
        return Ok(Vec::new());
    }
    release(e, args[0], op.operand(0).ty(), nullable(op));
    Ok(Vec::new())
}

/// Whether a reference may be null although its type has no null: module variables are, before their first
/// assignment.
fn nullable(op: Op) -> bool {
    op.operand(0).defining_op().is_some_and(|d| d.is("mochi.global.load"))
}

/// Adds a reference.
pub(super) fn retain<'c>(e: &Emit<'_, 'c>, value: Value<'c>, ty: Type<'c>, nullable: bool) {
    match repr(ty) {
        Some(Repr::Pointer) if may_be_no_object(ty) => e.when(is_object(e, value), None, || increment(e, value)),
        Some(Repr::Pointer) if nullable || ty.is_option() => {
            e.when(e.not_null(value), None, || increment(e, value));
        }
        Some(Repr::Pointer) => increment(e, value),
        Some(Repr::Any) => {
            e.cx.runtime("mochi_rt_any_retain");
            let parts = [e.extract(value, 0, e.cx.t.ptr), e.extract(value, 1, e.cx.t.i64)];
            e.call("mochi_rt_any_retain", &parts, None);
        }
        Some(Repr::Scalar(_) | Repr::OptionOf(_)) | None => {}
    }
}

/// Whether words of a type may be numbers instead of pointers: small `bigint`s are.
fn may_be_no_object(ty: Type) -> bool {
    ty.option_payload().unwrap_or(ty).is_bigint()
}

/// Whether a word that may be a number or null is a pointer to an object.
fn is_object<'c>(e: &Emit<'_, 'c>, word: Value<'c>) -> Value<'c> {
    let bits = e.op("llvm.ptrtoint", &[word], e.cx.t.i64);
    let tag = e.op("llvm.and", &[bits, e.int(SMALL_TAG as i64)], e.cx.t.i64);
    let even = e.cmp(Cmp::Eq, tag, e.int(0));
    e.op("llvm.and", &[even, e.not_null(word)], e.cx.t.i1)
}

fn increment<'c>(e: &Emit<'_, 'c>, object: Value<'c>) {
    let old = e.load(object, 0, e.cx.t.i64, Some("count"));
    let new = e.add(old, e.int(1));
    e.store(new, object, 0, Some("count"));
}

/// Drops a reference and destroys the object when it was the last.
pub(super) fn release<'c>(e: &Emit<'_, 'c>, value: Value<'c>, ty: Type<'c>, nullable: bool) {
    match repr(ty) {
        Some(Repr::Pointer) => {
            let object = ty.option_payload().unwrap_or(ty);
            if may_be_no_object(ty) {
                e.when(is_object(e, value), None, || decrement(e, value, object));
            } else if nullable || ty.is_option() {
                e.when(e.not_null(value), None, || decrement(e, value, object));
            } else {
                decrement(e, value, object);
            }
        }
        Some(Repr::Any) => {
            let desc = e.extract(value, 0, e.cx.t.ptr);
            let payload = e.extract(value, 1, e.cx.t.i64);
            e.cx.runtime("mochi_rt_any_release");
            e.call("mochi_rt_any_release", &[desc, payload], None);
        }
        Some(Repr::Scalar(_) | Repr::OptionOf(_)) | None => {}
    }
}

fn decrement<'c>(e: &Emit<'_, 'c>, object: Value<'c>, ty: Type<'c>) {
    let old = e.load(object, 0, e.cx.t.i64, Some("count"));
    let new = e.sub(old, e.int(1));
    e.store(new, object, 0, Some("count"));
    let last = e.cmp(Cmp::Eq, new, e.int(0));
    e.when(last, None, || destroy(e, object, ty));
}

/// Destroys an object whose count reached zero.
fn destroy<'c>(e: &Emit<'_, 'c>, object: Value<'c>, ty: Type<'c>) {
    if let Some(function) = drop_function(e.cx, ty) {
        e.call(&function, &[object], None);
        return;
    }
    match ty.kind() {
        TypeKind::Str => {
            e.cx.runtime("mochi_rt_string_drop");
            e.call("mochi_rt_string_drop", &[object], None);
        }
        TypeKind::Fn(_) | TypeKind::Env => {
            e.cx.runtime("mochi_rt_closure_drop");
            e.call("mochi_rt_closure_drop", &[object], None);
        }
        _ => {
            e.cx.runtime("mochi_rt_drop");
            let desc = e.address(&e.cx.describe(ty));
            e.call("mochi_rt_drop", &[object, desc], None);
        }
    }
}

/// The function that destroys objects of a type, for types that get one of their own.
pub(super) fn drop_function<'c>(cx: &Cx<'c>, ty: Type<'c>) -> Option<String> {
    match ty.kind() {
        TypeKind::Record(sym) if cx.records.contains_key(sym) => {
            Some(cx.once(&format!("drop record {sym}"), &format!("mochi.drop.{sym}"), |name| {
                let fields = cx.records[sym].fields.clone();
                write(cx, name, |e, object| destroy_fields(e, object, &fields, &format!("record.{sym}")));
            }))
        }
        TypeKind::Union(sym) if cx.unions.contains_key(sym) => {
            Some(cx.once(&format!("drop union {sym}"), &format!("mochi.drop.{sym}"), |name| {
                write(cx, name, |e, object| destroy_union(e, object, sym));
            }))
        }
        TypeKind::Cell(content) => Some(cx.once(&format!("drop cell {content}"), "mochi.drop.cell", |name| {
            let size = 8 + repr(content).map_or(8, |r| r.size()).next_multiple_of(8);
            let fields = Fields { names: Vec::new(), types: vec![content], offsets: vec![8], size };
            write(cx, name, |e, object| destroy_fields(e, object, &fields, "cell"));
        })),
        _ => None,
    }
}

/// The function that destroys a closure over these captures.
pub(super) fn drop_closure<'c>(cx: &Cx<'c>, fields: &Fields<'c>) -> String {
    let key: Vec<String> = fields.types.iter().map(ToString::to_string).collect();
    cx.once(&format!("drop closure {}", key.join(", ")), "mochi.drop.closure", |name| {
        write(cx, name, |e, object| destroy_fields(e, object, fields, "capture"));
    })
}

fn write<'c>(cx: &Cx<'c>, name: &str, body: impl FnOnce(&Emit<'_, 'c>, Value<'c>)) {
    let ty = Type::llvm_function(cx.t.void, &[cx.t.ptr]);
    let function = cx.internal_function(name, ty, &["nounwind"]);
    let region = function.region(0);
    let entry = region.append_block(&[(cx.t.ptr, function.loc())]);
    let e = Emit::function(cx, region, entry);
    body(&e, entry.arg(0));
    e.b.op("llvm.return").build();
}

/// Loads what has to be released, frees the object, then releases. In this order the last release is a tail call,
/// so destroying a long chain does not grow the stack once LLVM has optimised the function.
fn destroy_fields<'c>(e: &Emit<'_, 'c>, object: Value<'c>, fields: &Fields<'c>, tag: &str) {
    let children: Vec<(Value<'c>, Type<'c>)> = fields
        .types
        .iter()
        .zip(&fields.offsets)
        .enumerate()
        .filter(|(_, (ty, _))| ty.is_counted())
        .map(|(i, (ty, offset))| (e.load_value(object, *offset, *ty, Some(&field_tag(tag, i, *ty))), *ty))
        .collect();
    e.cx.runtime("mochi_rt_free");
    e.call("mochi_rt_free", &[object, e.int(fields.size as i64)], None);
    for (child, ty) in children {
        release(e, child, ty, false);
    }
}

/// The alias tag of a field: fields of different types or positions never overlap.
pub(super) fn field_tag(owner: &str, index: usize, ty: Type) -> String {
    match owner {
        "cell" | "capture" => format!("{owner}.{}", repr(ty).unwrap_or(Repr::Pointer).tag()),
        _ => format!("{owner}.{index}"),
    }
}

fn destroy_union<'c>(e: &Emit<'_, 'c>, object: Value<'c>, sym: &str) {
    let variants: Vec<(usize, String, Fields<'c>)> = e.cx.unions[sym]
        .variants
        .iter()
        .enumerate()
        // The program's own variants without fields are static, but those that the runtime makes are not.
        .map(|(i, (name, fields))| (i, name.clone(), fields.clone()))
        .collect();
    let done = e.block(&[]);
    if variants.is_empty() {
        e.br(done, &[]);
        e.goto(done);
        return;
    }
    let tag = e.load(object, 8, e.cx.t.i64, Some("union.tag"));
    let blocks: Vec<_> = variants.iter().map(|_| e.block(&[])).collect();
    let cases: Vec<String> = variants.iter().map(|(i, ..)| i.to_string()).collect();
    let c = e.cx.ctx;
    let values = format!("dense<[{}]> : vector<{}xi64>", cases.join(", "), cases.len());
    let mut switch = e.b.op("llvm.switch").operand(tag).successor(done, &[]);
    for block in &blocks {
        switch = switch.successor(*block, &[]);
    }
    switch
        .attr("operandSegmentSizes", Attribute::dense_i32(c, &[1, 0, 0]))
        .attr("case_operand_segments", Attribute::dense_i32(c, &vec![0; cases.len()]))
        .opt_attr("case_values", Attribute::parse(c, &values))
        .build();
    for (block, (_, name, fields)) in blocks.iter().zip(&variants) {
        e.goto(*block);
        destroy_fields(e, object, fields, &format!("union.{sym}.{name}"));
        // A return of its own keeps the last release in tail position.
        e.b.op("llvm.return").build();
    }
    e.goto(done);
}
