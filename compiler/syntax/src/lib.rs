//! From Mochi source text to its syntax tree: lexer, parser, tree.

pub mod ast;
mod symbol;

pub use mochi_diagnostics::{Diagnostic, SourceFile, Span};
pub use symbol::Symbol;
