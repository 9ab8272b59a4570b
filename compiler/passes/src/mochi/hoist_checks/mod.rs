//! `mochi-hoist-checks`: index checks leave loops.
//!
//! What:
//! - Lengths of lists that a loop does not compute move in front of it.
//! - A check whose index is bounded by the loop's own bounds (`for i in 0..len(xs) { xs[i] }`) goes.
//! - For the rest a loop gets two versions. One test in front decides whether every check in it that
//!   can be foreseen will succeed: then a copy without those checks runs, else the loop as it was,
//!   so that an error, and all output before it, stay exact. Lists of lists are foreseen by looking
//!   at the lengths of all rows once.
//! - Equal checks and equal reads of references share one operation where nothing can change between.
//!
//! Requires: `mochi-expose-checks` has run; counts have been inserted.
//!
//! Guarantees: the same behaviour; `inbounds` accesses stay in bounds wherever they are moved.
//!
//! Before:
//! ```mlir
//! mochi.for %i = %zero to %n {
//!   %len = mochi.list.length %l : !mochi.list<i64>
//!   mochi.check.index %i, %len {nonnegative}
//!   …
//! }
//! ```
//! After: `%fits = arith.cmpi sle, %n, %len` and `mochi.if %fits` with the loop without and with check.

mod bounds;
mod share;
mod version;

use mochi_dialects::ir::{Op, WalkOrder, WalkResult};
use mochi_dialects::pass::PassResult;

use crate::analysis::ownership::Effects;
use crate::analysis::structure::{body, functions, is_defined_outside, is_loop};
use crate::declare_pass;

declare_pass!(
    /// The pass.
    HoistChecks,
    "mochi-hoist-checks",
    "Move index checks out of loops, by proof or by a second version of the loop",
    run
);

/// Works on every function of the module.
pub fn run(module: Op) -> PassResult {
    let effects = Effects::of_module(module);
    for function in functions(module) {
        share::run(body(function, 0), &effects);
        for outer in outermost_loops(function) {
            process(outer, &effects);
        }
    }
    Ok(())
}

/// The loops inside an operation that are in no other loop inside it.
pub(super) fn outermost_loops<'c>(root: Op<'c>) -> Vec<Op<'c>> {
    let mut loops = Vec::new();
    root.walk(WalkOrder::PreOrder, |op| {
        if op != root && is_loop(op) {
            loops.push(op);
            return WalkResult::Skip;
        }
        WalkResult::Advance
    });
    loops
}

/// Treats a loop, then the loops in it.
fn process<'c>(op: Op<'c>, effects: &Effects<'c>) {
    hoist_lengths(op);
    let remaining = if op.is("mochi.for") { version::run(op, effects) } else { op };
    for inner in outermost_loops(remaining) {
        process(inner, effects);
    }
}

/// Moves the lengths of lists from outside in front of the loop. Such a list is alive throughout,
/// and the length of a live list value never changes.
fn hoist_lengths(op: Op) {
    let mut known: Vec<Op> = Vec::new();
    let mut lengths = op.collect("mochi.list.length");
    lengths.retain(|length| is_defined_outside(length.operand(0), op));
    for length in lengths {
        let same = known.iter().find(|other| other.operand(0) == length.operand(0));
        match same {
            Some(other) => length.replace_with(&[other.result(0)]),
            None => {
                length.move_before(op);
                known.push(length);
            }
        }
    }
}
