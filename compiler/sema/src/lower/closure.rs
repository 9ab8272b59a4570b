//! Lambdas.

use super::{Body, Lowerer, Val};
use crate::hir::ExprKind;
use mochi_diagnostics::Span;
use mochi_syntax::ast;

pub(crate) fn is_lambda(expr: &ast::Expr) -> bool {
    matches!(expr.without_parens().kind, ast::ExprKind::Lambda(_))
}

impl<'a> Lowerer<'a> {
    /// A lambda is lowered where it stands, with the enclosing functions in view. Parameters without a type learn it from the
    /// places that the function value flows to.
    pub(crate) fn lambda(&mut self, lambda: &'a ast::Lambda, span: Span) -> Val {
        let body = match &lambda.body {
            ast::LambdaBody::Expr(expr) => Body::Expr(expr),
            ast::LambdaBody::Block(block) => Body::Block(block),
        };
        let decl = self.decl(None, &lambda.signature, body, None, span);
        let parent = self.ctx().inst;
        let inst = self.instance(decl, parent, Vec::new());
        let func = self.reach(inst);
        self.insts[inst as usize].walked = self.walk;
        let captures = self.walk_body(inst);
        let slot = self.insts[inst as usize].fn_slot;
        let kind = if captures.is_empty() {
            ExprKind::Function(func)
        } else {
            ExprKind::Closure { func, captures: captures.into_iter().map(|pair| pair.0).collect() }
        };
        self.val(kind, slot, span)
    }
}
