//! Makes syntax trees: numbers and positions that nothing else in the program has.

use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast::*};

/// Joins the parts of names that no program would write by itself.
pub(in crate::lower) const JOINT: &str = "ʹ";

/// In front of a builtin's name: what is meant even where the program has a function of that name.
pub(in crate::lower) const BUILTIN: &str = "builtinʹ";

/// In front of a builtin's name: the function that stands for it where it is a value.
pub(in crate::lower) const WRAPPER: &str = "functionʹ";

/// A type that is inferred.
pub(in crate::lower) const INFERRED: &str = "inferredʹ";

/// `a` and `b` joined to one name.
pub(super) fn joined(a: &str, b: &str) -> Symbol {
    Symbol::intern(&format!("{a}{JOINT}{b}"))
}

/// Hands out what must be unique.
pub(super) struct Builder {
    /// The next expression number.
    pub next_expr: u32,
    /// The next position of a name or type. Made-up positions lie behind every text and count down.
    next_place: u32,
}

impl Builder {
    pub fn new(next_expr: u32) -> Self {
        Builder { next_expr, next_place: u32::MAX - 1 }
    }

    pub fn place(&mut self) -> Span {
        self.next_place -= 1;
        Span::at(self.next_place)
    }

    pub fn expr(&mut self, kind: ExprKind, span: Span) -> Expr {
        let id = ExprId(self.next_expr);
        self.next_expr += 1;
        Expr { id, span, kind }
    }

    pub fn name(&mut self, name: Symbol, span: Span) -> Expr {
        self.expr(ExprKind::Name(name), span)
    }

    /// A name that is declared here.
    pub fn ident(&mut self, name: Symbol) -> Ident {
        Ident { name, span: self.place() }
    }

    pub fn ty(&mut self, name: Symbol) -> TypeExpr {
        TypeExpr { kind: TypeKind::Name(name), span: self.place() }
    }

    pub fn call(&mut self, function: Symbol, args: Vec<Expr>, span: Span) -> Expr {
        let callee = self.name(function, span);
        self.expr(ExprKind::Call(Box::new(Call { callee, args: args.into(), paren_span: span })), span)
    }

    pub fn builtin(&mut self, name: &str, args: Vec<Expr>, span: Span) -> Expr {
        self.call(Symbol::intern(&format!("{BUILTIN}{name}")), args, span)
    }

    /// `base.method(args)`
    pub fn call_method(&mut self, base: Expr, method: Symbol, args: Vec<Expr>, span: Span) -> Expr {
        let field = Field { base, name: Ident { name: method, span }, dot_span: span, safe: None };
        let callee = self.expr(ExprKind::Field(Box::new(field)), span);
        self.expr(ExprKind::Call(Box::new(Call { callee, args: args.into(), paren_span: span })), span)
    }

    pub fn record(&mut self, name: Ident, fields: Vec<FieldInit>, span: Span) -> Expr {
        self.expr(ExprKind::Struct(Box::new(StructLiteral { name, fields })), span)
    }

    /// `fun(param) { body }`
    pub fn handler(&mut self, param: Ident, ty: Symbol, body: Block, span: Span) -> Expr {
        let signature = Signature { params: thin_vec![self.param(param, ty)], ..Signature::default() };
        self.expr(ExprKind::Lambda(Box::new(Lambda { signature, body: LambdaBody::Block(body) })), span)
    }

    pub fn param(&mut self, name: Ident, ty: Symbol) -> Param {
        Param { name, ty: Some(self.ty(ty)), span: name.span }
    }

    /// `target = append(target, value)`
    pub fn push(&mut self, list: Symbol, value: Expr, span: Span) -> StmtKind {
        let before = self.name(list, span);
        let value = self.builtin("append", vec![before, value], span);
        let target = self.name(list, span);
        StmtKind::Assign(Box::new(Assign { target, eq_span: span, value }))
    }

    pub fn function(&mut self, name: Symbol, result: Option<Symbol>, params: Vec<Param>, body: Block) -> FunDecl {
        let span = body.span;
        let result = result.map(|result| self.ty(result));
        let signature = Signature { params: params.into(), result, ..Signature::default() };
        FunDecl { export: None, name: self.ident(name), signature, body, doc: None, span }
    }
}

pub(super) fn statement(kind: StmtKind, span: Span) -> Stmt {
    Stmt { kind, doc: None, span }
}
