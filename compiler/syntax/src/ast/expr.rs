//! Expressions, patterns and queries.

use super::{Block, ExprId, FieldInit, Ident, Predicate, Signature, StringLiteral, ThinVec, TypeExpr};
use crate::{Span, Symbol};

#[derive(Clone, Debug)]
pub struct Expr {
    pub id: ExprId,
    pub span: Span,
    pub kind: ExprKind,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Int(i64),
    Float(f64),
    Bool(bool),
    Str(StringLiteral),
    /// `none`; also `null` when the legacy spelling is on.
    None,
    Name(Symbol),
    List(ThinVec<Expr>),
    Map(ThinVec<MapEntry>),
    /// `P { x: 1 }`
    Struct(Box<StructLiteral>),
    /// Kept because `{(k): 1}` differs from `{k: 1}`, and for exact spans.
    Paren(Box<Expr>),
    /// The operator stands at the start of the expression.
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Binary(Box<Binary>),
    Call(Box<Call>),
    Index(Box<Index>),
    Field(Box<Field>),
    Cast(Box<Cast>),
    Lambda(Box<Lambda>),
    If(Box<IfExpr>),
    Match(Box<MatchExpr>),
    Query(Box<Query>),
    /// `query p(x, 1)`; `Expr::span` starts at `query`.
    LogicQuery(Box<Predicate>),
    Generate(Box<Generate>),
    Fetch(Box<Fetch>),
    Load(Box<Load>),
    Save(Box<Save>),
    Error,
}

/// Key and value of a map literal. A key that is a bare `Name` stands for its text; one in parentheses is computed.
#[derive(Clone, Debug)]
pub struct MapEntry {
    pub key: Expr,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub struct StructLiteral {
    pub name: Ident,
    pub fields: Vec<FieldInit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Neg,
    Not,
}

impl UnaryOp {
    pub const fn text(self) -> &'static str {
        match self {
            UnaryOp::Neg => "-",
            UnaryOp::Not => "!",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Binary {
    pub op: BinaryOp,
    pub op_span: Span,
    pub lhs: Expr,
    pub rhs: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Mul,
    Div,
    Rem,
    Add,
    Sub,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    In,
    And,
    Or,
    Coalesce,
    Union,
    UnionAll,
    Except,
    Intersect,
}

impl BinaryOp {
    pub const fn text(self) -> &'static str {
        match self {
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Rem => "%",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::In => "in",
            BinaryOp::And => "&&",
            BinaryOp::Or => "||",
            BinaryOp::Coalesce => "??",
            BinaryOp::Union => "union",
            BinaryOp::UnionAll => "union all",
            BinaryOp::Except => "except",
            BinaryOp::Intersect => "intersect",
        }
    }

    /// Higher binds tighter; all operators associate to the left.
    pub const fn precedence(self) -> u8 {
        match self {
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => 8,
            BinaryOp::Add | BinaryOp::Sub => 7,
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => 6,
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::In => 5,
            BinaryOp::And => 4,
            BinaryOp::Or => 3,
            BinaryOp::Coalesce => 2,
            BinaryOp::Union | BinaryOp::UnionAll | BinaryOp::Except | BinaryOp::Intersect => 1,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Call {
    pub callee: Expr,
    pub args: ThinVec<Expr>,
    /// From `(` to `)`.
    pub paren_span: Span,
}

/// `base[…]`, `base?[…]`
#[derive(Clone, Debug)]
pub struct Index {
    pub base: Expr,
    pub subscript: Subscript,
    /// The `[`.
    pub bracket_span: Span,
    /// The `?` of `?[…]`, whose subscript is always an `Item`.
    pub safe: Option<Span>,
}

#[derive(Clone, Debug)]
pub enum Subscript {
    Item(Expr),
    /// `[start:end:step]`, at least one present.
    Slice(Box<Slice>),
    Error,
}

#[derive(Clone, Debug)]
pub struct Slice {
    pub start: Option<Expr>,
    pub end: Option<Expr>,
    pub step: Option<Expr>,
}

impl Subscript {
    /// The expressions in the brackets.
    pub fn parts(&self) -> impl Iterator<Item = &Expr> {
        let parts = match self {
            Subscript::Item(item) => [Some(item), None, None],
            Subscript::Slice(slice) => [slice.start.as_ref(), slice.end.as_ref(), slice.step.as_ref()],
            Subscript::Error => [None, None, None],
        };
        parts.into_iter().flatten()
    }
}

/// `base.name`, `base?.name`
#[derive(Clone, Debug)]
pub struct Field {
    pub base: Expr,
    pub name: Ident,
    pub dot_span: Span,
    /// The `?` of `?.`.
    pub safe: Option<Span>,
}

#[derive(Clone, Debug)]
pub struct Cast {
    pub value: Expr,
    pub as_span: Span,
    pub ty: TypeExpr,
}

#[derive(Clone, Debug)]
pub struct Lambda {
    pub signature: Signature,
    pub body: LambdaBody,
}

#[derive(Clone, Debug)]
pub enum LambdaBody {
    /// `=> e`
    Expr(Expr),
    Block(Block),
}

#[derive(Clone, Debug)]
pub struct IfExpr {
    pub condition: Expr,
    pub then_value: Expr,
    /// `None` when there is no `else`; an `else if` is an `ExprKind::If`.
    pub else_value: Option<Expr>,
    pub if_span: Span,
}

#[derive(Clone, Debug)]
pub struct MatchExpr {
    pub scrutinee: Expr,
    pub arms: Vec<MatchArm>,
    pub match_span: Span,
}

#[derive(Clone, Debug)]
pub struct MatchArm {
    pub pattern: Pattern,
    pub arrow_span: Span,
    pub body: ArmBody,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ArmBody {
    Expr(Expr),
    Block(Block),
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub id: ExprId,
    pub kind: PatternKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    Int(i64),
    Float(f64),
    Bool(bool),
    Str(StringLiteral),
    None,
    /// A variant, a variable to compare with, or (inside a constructor) a new name.
    Name(Symbol),
    Constructor {
        name: Ident,
        args: Vec<Pattern>,
    },
    Error,
}

/// `from … select …`, clauses in their fixed order.
#[derive(Clone, Debug)]
pub struct Query {
    /// The first one and any further `from … in …`, at least one.
    pub sources: Vec<QuerySource>,
    pub joins: Vec<QueryJoin>,
    pub filter: Option<QueryClause>,
    pub group: Option<QueryGroup>,
    pub sort: Option<QueryClause>,
    pub skip: Option<QueryClause>,
    pub take: Option<QueryClause>,
    pub select: QueryClause,
    /// The `distinct` after `select`.
    pub distinct: Option<Span>,
}

/// `from name in source`
#[derive(Clone, Debug)]
pub struct QuerySource {
    pub name: Ident,
    pub source: Expr,
    /// From the `from`.
    pub span: Span,
}

/// `[side] join [from] name in source on condition`
#[derive(Clone, Debug)]
pub struct QueryJoin {
    pub kind: JoinKind,
    pub name: Ident,
    pub source: Expr,
    pub condition: Expr,
    /// From the side word or `join`.
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinKind {
    Inner,
    Left,
    Right,
    Outer,
}

/// `group by key, … into name [having condition]`
#[derive(Clone, Debug)]
pub struct QueryGroup {
    pub keys: Vec<Expr>,
    pub name: Ident,
    pub having: Option<QueryClause>,
    pub span: Span,
}

/// A clause word with its operand.
#[derive(Clone, Debug)]
pub struct QueryClause {
    pub value: Expr,
    /// The clause word (`where`, `sort`, …).
    pub keyword_span: Span,
}

/// `generate text { prompt: … }`
#[derive(Clone, Debug)]
pub struct Generate {
    pub target: Ident,
    pub fields: Vec<FieldInit>,
}

/// `fetch url [with options]`
#[derive(Clone, Debug)]
pub struct Fetch {
    pub url: Expr,
    pub options: Option<Expr>,
}

/// `load [path] as T [with options]`
#[derive(Clone, Debug)]
pub struct Load {
    /// `None` is standard input.
    pub path: Option<StringLiteral>,
    pub as_span: Span,
    pub ty: TypeExpr,
    pub options: Option<Expr>,
}

/// `save value [to path] [with options]`
#[derive(Clone, Debug)]
pub struct Save {
    pub value: Expr,
    /// `None` is standard output.
    pub path: Option<StringLiteral>,
    pub options: Option<Expr>,
}

impl Expr {
    /// The expression inside any parentheses.
    pub fn without_parens(&self) -> &Expr {
        let mut expr = self;
        while let ExprKind::Paren(inner) = &expr.kind {
            expr = inner;
        }
        expr
    }

    /// The operator of a `Unary`.
    pub fn operator_span(&self) -> Span {
        Span::new(self.span.start, self.span.start + 1)
    }

    /// The name, when this is a plain name (parentheses do not count as plain).
    pub fn as_name(&self) -> Option<Symbol> {
        match self.kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }
}
