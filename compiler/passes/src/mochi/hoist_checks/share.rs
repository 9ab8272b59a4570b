//! One operation for equal checks, and for equal reads of references out of lists, along each path.

use std::collections::HashMap;

use mochi_dialects::ir::{Block, Op, Value};

use crate::analysis::ownership::{Effects, is_counted, slot_read};
use crate::analysis::structure::{bodies, is_loop};

/// What is known to have happened on the way here.
#[derive(Clone, Default)]
struct Known<'c> {
    /// Index and length to the operation that checked them.
    checks: HashMap<(Value<'c>, Value<'c>), Op<'c>>,
    /// List and index to the operation that read the element.
    reads: HashMap<(Value<'c>, Value<'c>), Op<'c>>,
}

/// Works on a block and everything in it.
pub(super) fn run<'c>(block: Block<'c>, effects: &Effects<'c>) {
    visit(block, Known::default(), effects);
}

fn visit<'c>(block: Block<'c>, mut known: Known<'c>, effects: &Effects<'c>) {
    for op in block.ops() {
        if op.is("mochi.check.index") {
            share_check(op, &mut known);
            continue;
        }
        if op.is("mochi.list.get") && op.has_attr("inbounds") && !op.has_attr("take") {
            share_read(op, &mut known);
            continue;
        }
        // What a loop overwrites is unknown in its first operation already.
        if is_loop(op) {
            forget(&mut known, op, effects);
        }
        for region in bodies(op) {
            visit(region, known.clone(), effects);
        }
        if !is_loop(op) {
            forget(&mut known, op, effects);
        }
    }
}

fn share_check<'c>(op: Op<'c>, known: &mut Known<'c>) {
    let key = (op.operand(0), op.operand(1));
    match known.checks.get(&key) {
        // A check that relies on the sign of the index gives no other check its result.
        Some(first) if !op.result(0).has_uses() || !first.has_attr("nonnegative") => {
            op.replace_with(&[first.result(0)]);
        }
        _ => {
            known.checks.insert(key, op);
        }
    }
}

fn share_read<'c>(op: Op<'c>, known: &mut Known<'c>) {
    if !is_counted(op.result(0).ty()) {
        return;
    }
    let key = (op.operand(0), op.operand(1));
    match known.reads.get(&key) {
        Some(first) => op.replace_with(&[first.result(0)]),
        None => {
            known.reads.insert(key, op);
        }
    }
}

/// Drops the reads whose slots the operation may overwrite.
fn forget<'c>(known: &mut Known<'c>, op: Op<'c>, effects: &Effects<'c>) {
    let quiet = op.region_count() == 0 && (op.name().starts_with("arith.") || op.name().starts_with("math."));
    if quiet {
        return;
    }
    known.reads.retain(|_, read| slot_read(*read).is_some_and(|slot| !effects.may_overwrite(op, slot)));
}
