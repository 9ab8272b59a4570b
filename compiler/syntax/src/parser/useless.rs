//! Expression statements that do nothing: forbidden by the strict language, worth a warning otherwise.

use mochi_diagnostics::{Diagnostic, Severity};

use super::Parser;
use crate::ast::*;

pub(super) const CODE: &str = "P065";

impl Parser<'_> {
    pub(super) fn check_useful(&mut self, expr: &Expr) {
        if has_effect(expr) {
            return;
        }
        let severity = if self.options.strict { Severity::Error } else { Severity::Warning };
        let report = Diagnostic::new(severity, CODE, "expression statement has no observable effect", expr.span)
            .with_help(
                "An expression used as a statement must perform I/O or call a function. Bare values, arithmetic, and \
                 field/index access compute a result that nothing reads. Use `let _ = ...` if you need to evaluate for \
                 a side effect inside an argument, or remove the line.",
            );
        self.tree_errors.push(report);
    }
}

/// Whether evaluating the expression calls, fetches, loads, saves or generates. Bodies of lambdas and the parts of a query
/// do not count.
fn has_effect(expr: &Expr) -> bool {
    // Operator chains lean to the left: that side is walked in the loop.
    let mut expr = expr;
    loop {
        match &expr.kind {
            ExprKind::Call(_)
            | ExprKind::Fetch(_)
            | ExprKind::Load(_)
            | ExprKind::Save(_)
            | ExprKind::Generate(_)
            | ExprKind::Error => return true,
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Bool(_)
            | ExprKind::Str(_)
            | ExprKind::None
            | ExprKind::Name(_)
            | ExprKind::Lambda(_)
            | ExprKind::Query(_)
            | ExprKind::LogicQuery(_) => return false,
            ExprKind::List(items) => return items.iter().any(has_effect),
            ExprKind::Map(entries) => {
                return entries.iter().any(|entry| has_effect(&entry.key) || has_effect(&entry.value));
            }
            ExprKind::Struct(literal) => return literal.fields.iter().any(|field| has_effect(&field.value)),
            ExprKind::Paren(inner) => expr = inner,
            ExprKind::Unary { operand, .. } => expr = operand,
            ExprKind::Binary(binary) => {
                if has_effect(&binary.rhs) {
                    return true;
                }
                expr = &binary.lhs;
            }
            ExprKind::Index(index) => {
                if matches!(index.subscript, Subscript::Error) || index.subscript.parts().any(has_effect) {
                    return true;
                }
                expr = &index.base;
            }
            ExprKind::Field(field) => expr = &field.base,
            ExprKind::Cast(cast) => expr = &cast.value,
            ExprKind::If(conditional) => {
                if has_effect(&conditional.then_value) {
                    return true;
                }
                match &conditional.else_value {
                    Some(value) => expr = value,
                    None => return false,
                }
            }
            ExprKind::Match(matching) => {
                if matching.arms.iter().any(|arm| body_has_effect(&arm.body)) {
                    return true;
                }
                expr = &matching.scrutinee;
            }
        }
    }
}

fn body_has_effect(body: &ArmBody) -> bool {
    match body {
        ArmBody::Expr(expr) => has_effect(expr),
        ArmBody::Block(block) => block.statements.iter().any(|statement| match &statement.kind {
            StmtKind::Expr(expr) => has_effect(expr),
            _ => true,
        }),
    }
}
