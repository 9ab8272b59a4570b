//! Typed program in, `mochi` dialect module out. One file per language construct.
//!
//! Variables become SSA values: a structured region op carries the variables that its regions assign as operands and
//! results, so no memory is made for a variable unless a closure shares it. Loops and conditionals stay structured.

mod analysis;
mod builtin;
mod control;
mod convert;
mod expr;
mod function;
mod globals;
mod matching;
mod module;
mod ops;
mod place;
mod stmt;
mod types;
mod visit;

pub use module::{EmitOptions, emit};
