//! `convert-mochi-to-scf`: structured control flow without early exits becomes `scf`.
//!
//! What: `mochi.if`, `mochi.switch`, `mochi.while` and `mochi.for` that control leaves only at their
//! end become `scf.if`, `scf.index_switch`, `scf.while` and `scf.for`. With the option `list-views`,
//! unchecked accesses to list elements become `memref` accesses to a view of the list as well.
//!
//! Requires: nothing; types stay what they are.
//!
//! Guarantees: what remains of the dialect's control flow has early exits, chooses by a number that may
//! need more than 32 bits (which `scf.index_switch` has not), or contains something of this kind;
//! `convert-mochi-to-cf` takes it. Locations are kept.
//!
//! Before:
//! ```mlir
//! %r = mochi.if %c -> (i64) {
//!   mochi.yield %a : i64
//! } else {
//!   mochi.yield %b : i64
//! }
//! ```
//! After:
//! ```mlir
//! %r = scf.if %c -> (i64) {
//!   scf.yield %a : i64
//! } else {
//!   scf.yield %b : i64
//! }
//! ```

mod control_flow;
mod list_access;

use mochi_dialects::ir::Op;
use mochi_passes::analysis::structure::{collect, is_exit_free, is_structured, is_wide_switch};

pub(crate) use control_flow::{SLT, count_from_zero};
pub(crate) use list_access::{is_viewable, view};

/// The control-flow operations of the dialect.
pub(crate) const STRUCTURED: [&str; 4] = ["mochi.if", "mochi.switch", "mochi.while", "mochi.for"];

/// Converts everything below `root`. `list_views` asks for `memref` accesses too.
pub fn run(root: Op, list_views: bool) {
    // Inner operations come first, so what remains inside an operation cannot be converted.
    for op in collect(root, &STRUCTURED) {
        if is_exit_free(op) && !is_wide_switch(op) && !contains_structured(op) {
            control_flow::convert(op);
        }
    }
    if list_views {
        for op in collect(root, &["mochi.list.get", "mochi.list.set"]) {
            list_access::convert(op);
        }
    }
}

fn contains_structured(op: Op) -> bool {
    collect(op, &STRUCTURED).into_iter().any(is_structured)
}
