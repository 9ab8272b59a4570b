//! From Mochi source text to its syntax tree: lexer, parser, tree.
//!
//! [`parse`] always returns a tree; what is wrong with the text is in [`Parsed::diagnostics`].

pub mod ast;
mod lexer;
mod parser;
mod sexpr;
mod soften;
mod symbol;
mod token;
mod tree_verify;

pub use lexer::{Lexed, lex};
pub use mochi_diagnostics::{Diagnostic, SourceFile, Span};
pub use sexpr::dump;
pub use symbol::Symbol;
pub use token::{Comment, CommentKind, Token, TokenFlags, TokenKind};
pub use tree_verify::verify_tree;

/// Which of the two dialects is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// The language as its current specification has it: `null` is a name, useless expression statements are errors,
    /// assignments index before they select, reports have their pinned texts. Otherwise everything that published
    /// programs need is accepted too, and reserved words are names where nothing else is possible.
    pub strict: bool,
}

impl ParseOptions {
    pub const PERMISSIVE: ParseOptions = ParseOptions { strict: false };
    pub const STRICT: ParseOptions = ParseOptions { strict: true };
}

/// The result of parsing one file.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub program: ast::Program,
    /// Scan errors, then syntax errors, then findings on the tree, each in source order. May hold warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// All comments in source order.
    pub comments: Vec<Comment>,
}

impl Parsed {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Parses one file. Never fails and never panics, whatever the text.
pub fn parse(file: &SourceFile, options: &ParseOptions) -> Parsed {
    let span = Span::new(0, file.text().len() as u32);
    parse_part(file, span, options, 0)
}

/// Parses one part of a source that consists of several files (see [`SourceFile::append`]). Expressions are numbered from
/// `first_expr` on, so that the trees of all parts can become one program.
pub fn parse_part(file: &SourceFile, part: Span, options: &ParseOptions, first_expr: u32) -> Parsed {
    parser::parse(file, part, options, first_expr)
}
