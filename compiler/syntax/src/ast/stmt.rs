//! Statements and declarations.

use super::{
    Block, Doc, Expr, Fetch, FieldDecl, FieldInit, Ident, Param, Predicate, Signature, StringLiteral, ThinVec, TypeExpr,
};
use crate::Span;

#[derive(Clone, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub doc: Doc,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    Test(Box<NamedBlock>),
    Bench(Box<NamedBlock>),
    /// `expect e`
    Expect(Box<Expr>),
    Agent(Box<AgentDecl>),
    Stream(Box<StreamDecl>),
    Model(Box<ModelDecl>),
    Import(Box<Import>),
    Type(Box<TypeDecl>),
    Extern(Box<Extern>),
    Fact(Box<Predicate>),
    Rule(Box<Rule>),
    On(Box<OnHandler>),
    Emit(Box<Emit>),
    /// `let` and `var`
    Binding(Box<Binding>),
    Assign(Box<Assign>),
    Fun(Box<FunDecl>),
    Return(Option<Box<Expr>>),
    If(Box<IfStmt>),
    While(Box<WhileStmt>),
    For(Box<ForStmt>),
    Break,
    Continue,
    /// `fetch … into name`
    FetchInto(Box<FetchInto>),
    Update(Box<Update>),
    Expr(Box<Expr>),
    /// A place where no statement could be read.
    Error,
}

/// `test "name" { … }` and `bench "name" { … }`
#[derive(Clone, Debug)]
pub struct NamedBlock {
    pub name: StringLiteral,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub struct Binding {
    /// `var` rather than `let`.
    pub mutable: bool,
    pub name: Ident,
    pub ty: Option<TypeExpr>,
    pub value: Option<Expr>,
}

/// `target = value`; the target is a `Name` below any number of `Index` and `Field` nodes, none of them safe. The grammar
/// lets a subscript be a slice here; the checker refuses it.
#[derive(Clone, Debug)]
pub struct Assign {
    pub target: Expr,
    pub eq_span: Span,
    pub value: Expr,
}

#[derive(Clone, Debug)]
pub struct FunDecl {
    /// The `export` word.
    pub export: Option<Span>,
    pub name: Ident,
    pub signature: Signature,
    pub body: Block,
    pub doc: Doc,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct IfStmt {
    pub condition: Expr,
    pub then_block: Block,
    pub else_branch: Option<ElseBranch>,
    /// From this `if` to the end of its last branch.
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ElseBranch {
    If(Box<IfStmt>),
    Block(Block),
}

#[derive(Clone, Debug)]
pub struct WhileStmt {
    pub condition: Expr,
    pub body: Block,
}

/// `for name in source { … }` or, with `range_end`, `for name in source..range_end { … }`
#[derive(Clone, Debug)]
pub struct ForStmt {
    pub name: Ident,
    pub source: Expr,
    pub range_end: Option<Expr>,
    pub body: Block,
}

/// `fetch url [with options] into name`
#[derive(Clone, Debug)]
pub struct FetchInto {
    pub fetch: Fetch,
    pub target: Ident,
}

/// `update target set { … } [where …]`
#[derive(Clone, Debug)]
pub struct Update {
    pub target: Ident,
    /// A `Map` expression.
    pub changes: Expr,
    pub filter: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Import {
    pub language: Option<Ident>,
    pub path: StringLiteral,
    pub alias: Option<Ident>,
    /// The `auto` word.
    pub auto: Option<Span>,
}

#[derive(Clone, Debug)]
pub enum Extern {
    Type {
        name: Ident,
    },
    Object {
        name: Ident,
    },
    /// `extern var a.b: T`, `extern let …`
    Var {
        mutable: bool,
        path: Vec<Ident>,
        ty: TypeExpr,
    },
    Fun {
        path: Vec<Ident>,
        params: ThinVec<Param>,
        result: Option<TypeExpr>,
    },
}

#[derive(Clone, Debug)]
pub struct TypeDecl {
    pub name: Ident,
    pub body: TypeBody,
}

#[derive(Clone, Debug)]
pub enum TypeBody {
    Struct(Vec<StructMember>),
    Union(Vec<Variant>),
    Alias(TypeExpr),
    Error,
}

#[derive(Clone, Debug)]
pub enum StructMember {
    Field(FieldDecl),
    Method(Box<FunDecl>),
}

#[derive(Clone, Debug)]
pub struct Variant {
    pub name: Ident,
    pub fields: Vec<FieldDecl>,
    pub doc: Doc,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct StreamDecl {
    pub name: Ident,
    pub fields: Vec<FieldDecl>,
}

#[derive(Clone, Debug)]
pub struct ModelDecl {
    pub name: Ident,
    pub fields: Vec<FieldInit>,
}

/// `on stream as name { … }`
#[derive(Clone, Debug)]
pub struct OnHandler {
    pub stream: Ident,
    pub alias: Ident,
    pub body: Block,
}

#[derive(Clone, Debug)]
pub struct Emit {
    pub stream: Ident,
    pub fields: Vec<FieldInit>,
}

#[derive(Clone, Debug)]
pub struct AgentDecl {
    pub name: Ident,
    pub members: Vec<AgentMember>,
}

#[derive(Clone, Debug)]
pub enum AgentMember {
    /// `let`, `var`, an assignment or `on`.
    Stmt(Stmt),
    /// `intent name(…): T { … }`; never has type parameters, effects or `export`.
    Intent(FunDecl),
}

/// `rule head :- condition, …`
#[derive(Clone, Debug)]
pub struct Rule {
    pub head: Predicate,
    pub body: Vec<RuleCondition>,
}

#[derive(Clone, Debug)]
pub enum RuleCondition {
    Predicate(Predicate),
    NotEqual { left: Ident, right: Ident },
}
