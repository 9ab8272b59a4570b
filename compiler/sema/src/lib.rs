//! Meaning: names, types and the typed program. Pure: sources come in as trees, results go out as values.

pub mod check;
pub mod decision;
pub mod hir;
mod hir_print;
mod hir_verify;
mod lower;
pub mod ty;

pub use check::{check, severity};
pub use hir_print::print_program;
pub use hir_verify::{Violation, verify_program};
pub use lower::{IntMode, LowerOptions, Lowered, Package, Packages, TestInfo, UNSUPPORTED, lower, tests};
