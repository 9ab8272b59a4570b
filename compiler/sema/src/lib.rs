//! Meaning: names, types and the typed program. Pure: sources come in as trees, results go out as values.

pub mod hir;
pub mod ty;
