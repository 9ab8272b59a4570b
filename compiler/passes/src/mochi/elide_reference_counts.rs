//! `mochi-elide-reference-counts`: removes a retain and the release that undoes it.
//!
//! What: `mochi.retain %v` followed in the same block by `mochi.release %v`, with nothing between
//! that can drop a reference or see a count, does nothing.
//!
//! Requires: reference counts have been inserted.
//!
//! Guarantees: the count of every object is the same wherever something looks at it. The value was
//! alive before the retain, and nothing between the two could have ended that.
//!
//! Before:
//! ```mlir
//! mochi.retain %s : !mochi.str
//! %n = mochi.str.length %s
//! mochi.release %s : !mochi.str
//! ```
//! After: only `mochi.str.length`.

use mochi_dialects::ir::{Op, Value};
use mochi_dialects::mochi::op_info;

use crate::analysis::ownership::{consumes, is_counted, slot_written};
use crate::analysis::structure::collect;
use crate::declare_pass;

declare_pass!(
    /// The pass.
    ElideReferenceCounts,
    "mochi-elide-reference-counts",
    "Remove retains that a later release undoes",
    |op| {
        run(op);
        Ok(())
    }
);

/// Removes the pairs below `root`; says how many there were.
pub fn run(root: Op) -> usize {
    let mut removed = 0;
    for retain in collect(root, &["mochi.retain"]) {
        if let Some(release) = matching_release(retain) {
            retain.erase();
            release.erase();
            removed += 1;
        }
    }
    removed
}

fn matching_release<'c>(retain: Op<'c>) -> Option<Op<'c>> {
    let value = retain.operand(0);
    let mut at = retain.next();
    while let Some(op) = at {
        if op.is("mochi.release") && op.operand(0) == value {
            return Some(op);
        }
        if !keeps_references(op, value) {
            return None;
        }
        at = op.next();
    }
    None
}

/// Whether the operation neither drops references nor depends on how many there are.
fn keeps_references<'c>(op: Op<'c>, value: Value<'c>) -> bool {
    if op.region_count() > 0 || op.is_terminator() {
        return false;
    }
    if op.is("mochi.retain") {
        return op.operand(0) != value;
    }
    if slot_written(op).is_some() {
        return !op.operands().enumerate().any(|(k, operand)| consumes(op, k) && is_counted(operand.ty()));
    }
    let name = op.name();
    let quiet_dialect = ["arith.", "math.", "memref.", "index."].iter().any(|prefix| name.starts_with(prefix));
    if quiet_dialect {
        return true;
    }
    let dynamic = name.starts_with("mochi.any.") || op.is("mochi.builtin");
    let consuming = op.operands().enumerate().any(|(k, operand)| consumes(op, k) && is_counted(operand.ty()));
    op_info(name).is_some() && !dynamic && !consuming && !op.is("mochi.closure.call")
}
