//! The syntax tree: plain data, one node per construct of the grammar, each with its exact byte span.
//!
//! Everything reachable from `Program` owns its children. Expressions and patterns carry an `ExprId` that is unique in the
//! file and dense from 0, so that later stages can keep side tables in vectors. Erroneous parts are `Error` nodes; a tree
//! with such nodes always comes with at least one error in `Parsed::diagnostics`.
//!
//! Nodes are small, because reading and walking a large tree costs what its memory costs: names and texts are symbols, rare
//! parts stand in boxes, and the lists of frequent nodes are `ThinVec`s of one word (as in rustc's tree). A test holds the
//! sizes.

mod expr;
mod stmt;

pub use expr::*;
pub use stmt::*;
pub use thin_vec::{ThinVec, thin_vec};

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

/// A string literal with its escapes resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StringLiteral {
    pub text: Symbol,
    /// With the quotes.
    pub span: Span,
}

impl StringLiteral {
    pub fn as_str(&self) -> &'static str {
        self.text.as_str()
    }
}

/// Text of the `///` lines above a declaration, without the slashes and one leading blank each, joined by line breaks.
pub type Doc = Option<Symbol>;

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
        name: Symbol,
        args: ThinVec<TypeExpr>,
    },
    /// `{ a: int, b: string }`
    Record(ThinVec<FieldDecl>),
    /// `fun(int): string`
    Fun(Box<FunType>),
    /// `T?`
    Optional(Box<TypeExpr>),
    Error,
}

/// `fun(int): string`
#[derive(Clone, Debug)]
pub struct FunType {
    pub params: ThinVec<TypeExpr>,
    pub result: Option<TypeExpr>,
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
    pub statements: ThinVec<Stmt>,
    pub span: Span,
}

/// Everything a function declaration, method, intent and lambda have before their body.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    pub type_params: ThinVec<Ident>,
    pub params: ThinVec<Param>,
    pub result: Option<TypeExpr>,
    /// `! io, fs`; `None` when nothing is declared.
    pub effects: Option<Effects>,
}

#[derive(Clone, Debug)]
pub struct Effects {
    pub labels: ThinVec<Ident>,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The nodes that make up most of a program, in bytes.
    #[test]
    fn frequent_nodes_are_small() {
        let sizes = [
            ("Expr", size_of::<Expr>(), 32),
            ("Stmt", size_of::<Stmt>(), 32),
            ("TypeExpr", size_of::<TypeExpr>(), 24),
            ("Binary", size_of::<Binary>(), 80),
            ("Call", size_of::<Call>(), 48),
            ("Index", size_of::<Index>(), 88),
            ("Field", size_of::<Field>(), 64),
            ("Binding", size_of::<Binding>(), 72),
            ("Assign", size_of::<Assign>(), 72),
            ("IfStmt", size_of::<IfStmt>(), 80),
            ("FunDecl", size_of::<FunDecl>(), 112),
            ("FieldDecl", size_of::<FieldDecl>(), 48),
        ];
        for (name, size, most) in sizes {
            assert!(size <= most, "{name} has {size} bytes, {most} are allowed");
        }
    }
}
