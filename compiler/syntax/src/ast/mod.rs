//! The syntax tree: plain data, one node per construct of the grammar, each with its exact byte span.
//!
//! Everything reachable from `Program` owns its children. Expressions and patterns carry an `ExprId` that is unique in the
//! file and dense from 0, so that later stages can keep side tables in vectors. Erroneous parts are `Error` nodes; a tree
//! with such nodes always comes with at least one error in `Parsed::diagnostics`.

mod expr;
mod stmt;

pub use expr::*;
pub use stmt::*;

use crate::{Span, Symbol};

/// Number of an expression or pattern within its file, `0..Program::expr_count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

impl ExprId {
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A name where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ident {
    pub name: Symbol,
    pub span: Span,
}

impl Ident {
    pub fn as_str(&self) -> &'static str {
        self.name.as_str()
    }
}

/// A string literal with its escapes resolved. All escapes denote code points, so the value is UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringLiteral {
    pub bytes: Box<[u8]>,
    /// With the quotes.
    pub span: Span,
}

impl StringLiteral {
    /// The text. Never `None` for literals that the parser made.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    pub fn to_text_lossy(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

/// Text of the `///` lines above a declaration, without the slashes and one leading blank each, joined by line breaks.
pub type Doc = Option<Box<str>>;

/// One file.
#[derive(Clone, Debug)]
pub struct Program {
    pub package: Option<Package>,
    pub statements: Vec<Stmt>,
    /// The whole text.
    pub span: Span,
    /// Every `ExprId` of the file is below this.
    pub expr_count: u32,
}

#[derive(Clone, Debug)]
pub struct Package {
    pub name: Ident,
    pub doc: Doc,
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    pub kind: TypeKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum TypeKind {
    /// `int`, `Person`, `T`
    Name(Symbol),
    /// `list<int>`, `map<string, int>`
    Generic {
        name: Ident,
        args: Vec<TypeExpr>,
    },
    /// `{ a: int, b: string }`
    Record(Vec<FieldDecl>),
    /// `fun(int): string`
    Fun {
        params: Vec<TypeExpr>,
        result: Option<Box<TypeExpr>>,
    },
    /// `T?`
    Optional(Box<TypeExpr>),
    Error,
}

/// `name: T` in a record type, struct, variant or stream.
#[derive(Clone, Debug)]
pub struct FieldDecl {
    pub name: Ident,
    pub ty: TypeExpr,
    pub doc: Doc,
    pub span: Span,
}

/// `name` or `name: T`.
#[derive(Clone, Debug)]
pub struct Param {
    pub name: Ident,
    pub ty: Option<TypeExpr>,
    pub span: Span,
}

/// `name: value` in a struct literal, `emit`, `generate` or `model`.
#[derive(Clone, Debug)]
pub struct FieldInit {
    pub name: Ident,
    pub value: Expr,
    pub span: Span,
}

/// `{ … }`; the span includes the braces.
#[derive(Clone, Debug)]
pub struct Block {
    pub statements: Vec<Stmt>,
    pub span: Span,
}

/// Everything a function declaration, method, intent and lambda have before their body.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    pub type_params: Vec<Ident>,
    pub params: Vec<Param>,
    pub result: Option<TypeExpr>,
    /// `! io, fs`; `None` when nothing is declared.
    pub effects: Option<Effects>,
}

#[derive(Clone, Debug)]
pub struct Effects {
    pub labels: Vec<Ident>,
    /// From the `!`.
    pub span: Span,
}

/// `name(term, …)` in facts, rules and logic queries.
#[derive(Clone, Debug)]
pub struct Predicate {
    pub name: Ident,
    pub terms: Vec<Term>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Term {
    Name(Ident),
    Str(StringLiteral),
    Int { value: i64, span: Span },
}

impl Term {
    pub fn span(&self) -> Span {
        match self {
            Term::Name(name) => name.span,
            Term::Str(text) => text.span,
            Term::Int { span, .. } => *span,
        }
    }
}
