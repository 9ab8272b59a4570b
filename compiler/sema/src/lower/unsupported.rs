//! Constructs that have no native lowering yet. Each is reported where it stands.

use super::{Lowerer, Val};
use mochi_diagnostics::Span;
use mochi_syntax::ast;

pub(crate) fn unsupported_expression(lowerer: &mut Lowerer<'_>, kind: &ast::ExprKind, span: Span) -> Val {
    let what = match kind {
        ast::ExprKind::Generate(_) => "`generate` is",
        ast::ExprKind::Fetch(_) => "`fetch` is",
        ast::ExprKind::Load(_) => "`load` is",
        ast::ExprKind::Save(_) => "`save` is",
        _ => "this expression is",
    };
    lowerer.unsupported(what, span)
}

pub(crate) fn unsupported_statement(lowerer: &mut Lowerer<'_>, kind: &ast::StmtKind, span: Span) {
    let what = match kind {
        ast::StmtKind::Agent(_) => "`agent` inside a block is",
        ast::StmtKind::Model(_) => "`model` is",
        ast::StmtKind::FetchInto(_) => "`fetch … into` is",
        _ => "this statement is",
    };
    lowerer.unsupported(what, span);
}
