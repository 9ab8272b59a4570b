//! Moves a variable's value out of its place where it is read only to be extended and written back.
//!
//! ```mlir
//! %v = mochi.global.load @log : !mochi.list<i64>
//! %w = mochi.list.append %v, %e
//! mochi.global.store %w, @log : !mochi.list<i64>
//! ```
//! With a count of its own, `%v` would be shared with the global and `append` would copy. The load
//! gets the attribute `take`: it leaves null behind and its result is owned. The store gets
//! `initialize`: there is nothing to release. Nothing between the two can see the place.
//!
//! A map gives an option; if it is empty, taking the list out of it fails, and the store is never reached. So where the
//! store is reached, the key is there.

use mochi_dialects::ir::{Attribute, Op, Value};

use crate::analysis::ownership::{Effects, is_counted, slot_read, slot_written, stored_operand};
use crate::analysis::structure::walk_ops;

/// Operations that reuse their first operand when nobody else holds it.
const EXTENSIONS: [&str; 3] = ["mochi.list.append", "mochi.list.concat", "mochi.str.concat"];

/// Marks all such loads and stores of a function.
pub(super) fn run<'c>(function: Op<'c>, effects: &Effects<'c>) {
    let mut loads = Vec::new();
    walk_ops(function, |op| {
        if slot_read(op).is_some() && is_counted(op.result(0).ty()) {
            loads.push(op);
        }
    });
    for load in loads {
        if let Some(Update { unwrap, extension, store }) = update(load, effects) {
            load.move_before(extension);
            if let Some(unwrap) = unwrap {
                unwrap.move_before(extension);
            }
            let unit = Attribute::unit(load.context());
            load.set_attr("take", unit);
            store.set_attr("initialize", unit);
        }
    }
}

/// What belongs to a load whose value can be moved.
struct Update<'c> {
    /// Takes the value out of the option that a map gives.
    unwrap: Option<Op<'c>>,
    extension: Op<'c>,
    store: Op<'c>,
}

fn update<'c>(load: Op<'c>, effects: &Effects<'c>) -> Option<Update<'c>> {
    let slot = slot_read(load)?;
    let (mut extension, mut number) = single_use(load.result(0))?;
    let mut unwrap = None;
    if load.is("mochi.map.get") {
        if !extension.is("mochi.option.get") || extension.block() != load.block() {
            return None;
        }
        unwrap = Some(extension);
        (extension, number) = single_use(extension.result(0))?;
    }
    if !EXTENSIONS.contains(&extension.name()) || number != 0 || extension.block() != load.block() {
        return None;
    }
    let (store, stored) = single_use(extension.result(0))?;
    if slot_written(store) != Some(slot)
        || stored_operand(store) != Some(stored)
        || store.block() != load.block()
        || !same_place(load, store, stored)
    {
        return None;
    }
    // A string appended to itself must not lose its own buffer.
    let aliased = extension
        .operands()
        .skip(1)
        .filter_map(|operand| operand.defining_op())
        .any(|definition| slot_read(definition) == Some(slot));
    if aliased {
        return None;
    }
    let quiet = |op: Op<'c>| !effects.may_overwrite(op, slot);
    // A load that may fail moves behind what comes before the extension.
    let fails = load.is("mochi.list.get") || unwrap.is_some();
    let before = all_between(load, extension, |op| {
        Some(op) == unwrap || quiet(op) && (!fails || is_inert(op) || is_construction(op))
    });
    (before && all_between(extension, store, is_inert)).then_some(Update { unwrap, extension, store })
}

fn single_use<'c>(value: Value<'c>) -> Option<(Op<'c>, usize)> {
    let mut uses = value.uses().into_iter();
    let first = uses.next()?;
    uses.next().is_none().then_some(first)
}

/// Whether the store writes the very place that was read: same object, same index.
fn same_place<'c>(load: Op<'c>, store: Op<'c>, stored: usize) -> bool {
    load.operands().eq(store.operands().take(stored))
}

/// Whether every operation strictly between two operations of a block passes the test. False if
/// `to` does not follow `from`.
fn all_between<'c>(from: Op<'c>, to: Op<'c>, mut test: impl FnMut(Op<'c>) -> bool) -> bool {
    let mut at = from.next();
    while let Some(op) = at {
        if op == to {
            return true;
        }
        if !test(op) {
            return false;
        }
        at = op.next();
    }
    false
}

/// Operations that make or read values: nobody can tell whether they come before or after a failure.
fn is_construction(op: Op) -> bool {
    const NAMES: [&str; 10] = [
        "mochi.record.new",
        "mochi.record.get",
        "mochi.union.new",
        "mochi.list.new",
        "mochi.map.new",
        "mochi.option.some",
        "mochi.any.wrap",
        "mochi.cell.get",
        "mochi.global.load",
        "mochi.str.concat",
    ];
    NAMES.contains(&op.name())
}

/// Operations that neither touch memory nor stop the program.
fn is_inert(op: Op) -> bool {
    op.name().starts_with("arith.") && !op.name().starts_with("arith.div")
        || op.is("mochi.str.constant")
        || op.is("mochi.option.none")
}
