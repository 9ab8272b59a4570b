//! Reference counts: retain and release, inline.
//!
//! Counts are not atomic and static objects carry one that never reaches zero, so retaining is one increment and
//! releasing one decrement with a branch. Where objects can form cycles, the cycle collector is told of each release
//! that was not the last.

use super::{
    Lowered, Pattern,
    destroy::destroy,
    emit::{Cmp, Emit},
    layout::{Repr, repr},
    strings,
};
use mochi_dialects::ir::{Op, Type, Value};
use mochi_runtime_abi::SMALL_TAG;

pub(super) const PATTERNS: &[Pattern] = &[("mochi.retain", retain_op), ("mochi.release", release_op)];

fn retain_op<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    retain(e, args[0], op.operand(0).ty(), nullable(op));
    Ok(Vec::new())
}

fn release_op<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    if let Some(known) = strings::character(e, op.operand(0)) {
        e.when(known.allocated, None, || decrement(e, args[0], op.operand(0).ty(), None));
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
    release_from(e, value, ty, nullable, None);
}

/// As `release`; `owner` is the type of the object that held the reference and is being destroyed.
pub(super) fn release_from<'c>(
    e: &Emit<'_, 'c>,
    value: Value<'c>,
    ty: Type<'c>,
    nullable: bool,
    owner: Option<Type<'c>>,
) {
    match repr(ty) {
        Some(Repr::Pointer) => {
            let object = ty.option_payload().unwrap_or(ty);
            if may_be_no_object(ty) {
                e.when(is_object(e, value), None, || decrement(e, value, object, owner));
            } else if nullable || ty.is_option() {
                e.when(e.not_null(value), None, || decrement(e, value, object, owner));
            } else {
                decrement(e, value, object, owner);
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

fn decrement<'c>(e: &Emit<'_, 'c>, object: Value<'c>, ty: Type<'c>, owner: Option<Type<'c>>) {
    let old = e.load(object, 0, e.cx.t.i64, Some("count"));
    let new = e.sub(old, e.int(1));
    e.store(new, object, 0, Some("count"));
    let last = e.cmp(Cmp::Eq, new, e.int(0));
    let destroy = || {
        destroy(e, object, ty, owner);
        Vec::new()
    };
    if e.cx.cycles.contain(ty) {
        let note = || {
            note(e, object, ty);
            Vec::new()
        };
        e.choose(last, &[], None, destroy, note);
    } else {
        e.when(last, None, || drop(destroy()));
    }
}

/// Tells the cycle collector of an object whose count was decremented and is not zero.
pub(super) fn note<'c>(e: &Emit<'_, 'c>, object: Value<'c>, ty: Type<'c>) {
    e.cx.runtime("mochi_rt_cycles_note");
    let desc = e.address(&e.cx.describe(ty));
    e.call("mochi_rt_cycles_note", &[object, desc], None);
}

/// The alias tag of a field: fields of different types or positions never overlap.
pub(super) fn field_tag(owner: &str, index: usize, ty: Type) -> String {
    match owner {
        "cell" | "capture" => format!("{owner}.{}", repr(ty).unwrap_or(Repr::Pointer).tag()),
        _ => format!("{owner}.{index}"),
    }
}
