//! Which variables a condition needs, and so the stage at which it can be decided.

use super::super::Lowerer;
use super::{Plan, RowBody};
use crate::hir::Stmt;
use mochi_syntax::{Symbol, ast};

/// The names in an expression.
#[derive(Default)]
pub(super) struct Names {
    pub names: Vec<Symbol>,
    /// The expression holds constructs with names of their own: any name may be in it.
    pub open: bool,
    /// Its evaluation may stop the program or have effects.
    pub partial: bool,
    /// It computes with numbers, which may overflow.
    pub arithmetic: bool,
}

impl Names {
    pub(super) fn of(expr: &ast::Expr) -> Self {
        let mut names = Names::default();
        names.add(expr);
        names
    }

    pub(super) fn mentions_any(&self, names: &[Symbol]) -> bool {
        self.open || self.names.iter().any(|name| names.contains(name))
    }

    /// Evaluating the expression has no effect, cannot fail and needs nothing but its names.
    pub(super) fn is_simple(&self) -> bool {
        !self.open && !self.partial
    }

    fn add(&mut self, expr: &ast::Expr) {
        use ast::ExprKind;
        match &expr.kind {
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Bool(_) | ExprKind::Str(_) | ExprKind::None => {}
            ExprKind::Name(name) => self.names.push(*name),
            ExprKind::List(items) => items.iter().for_each(|item| self.add(item)),
            ExprKind::Paren(inner) => self.add(inner),
            ExprKind::Unary { op, operand } => {
                self.arithmetic |= *op == ast::UnaryOp::Neg;
                self.add(operand);
            }
            ExprKind::Binary(binary) => {
                use ast::BinaryOp::{Add, Div, Mul, Rem, Sub};
                self.partial |= matches!(binary.op, Div | Rem);
                self.arithmetic |= matches!(binary.op, Add | Sub | Mul | Div | Rem);
                self.add(&binary.lhs);
                self.add(&binary.rhs);
            }
            ExprKind::Field(field) => self.add(&field.base),
            ExprKind::Call(call) => {
                self.partial = true;
                self.add(&call.callee);
                call.args.iter().for_each(|arg| self.add(arg));
            }
            ExprKind::Index(index) => {
                self.partial = true;
                self.add(&index.base);
                index.subscript.parts().for_each(|part| self.add(part));
            }
            _ => {
                self.open = true;
                self.partial = true;
            }
        }
    }
}

/// The parts of `a && b && c`.
pub(super) fn conjuncts<'a>(expr: &'a ast::Expr, parts: &mut Vec<&'a ast::Expr>) {
    match &expr.kind {
        ast::ExprKind::Paren(inner) => conjuncts(inner, parts),
        ast::ExprKind::Binary(binary) if binary.op == ast::BinaryOp::And => {
            conjuncts(&binary.lhs, parts);
            conjuncts(&binary.rhs, parts);
        }
        _ => parts.push(expr),
    }
}

impl<'a> Lowerer<'a> {
    /// Sorts the parts of `where` by stage. Parts that may fail stay behind those written before them.
    pub(super) fn plan(&mut self, query: &'a ast::Query, expr: &'a ast::Expr) -> Plan<'a> {
        let names: Vec<ast::Ident> =
            query.sources.iter().map(|source| source.name).chain(query.joins.iter().map(|join| join.name)).collect();
        let mut plan = Plan { query, expr, filters: vec![Vec::new(); names.len()], names };
        let Some(filter) = &query.filter else { return plan };
        let mut parts = Vec::new();
        conjuncts(&filter.value, &mut parts);
        let last = plan.names.len().saturating_sub(1);
        // Rows without partner appear only at a right or outer join, so nothing is decided before it.
        let paired = (0..plan.names.len()).rev().find(|stage| plan.pairs_lists(*stage)).unwrap_or(0);
        let mut behind = paired;
        for part in parts {
            let used = Names::of(part);
            let needed = plan.names.iter().rposition(|name| used.names.contains(&name.name));
            let mut stage = if used.open { last } else { needed.unwrap_or(0).max(paired) };
            if used.partial {
                stage = stage.max(behind);
            }
            behind = behind.max(stage);
            plan.filters[stage].push(part);
        }
        plan
    }

    /// `if a { if b { body } }`
    pub(super) fn guards(&mut self, conditions: &[&'a ast::Expr], out: &mut Vec<Stmt>, body: RowBody<'_, 'a>) {
        let Some((first, rest)) = conditions.split_first() else { return body(self, out) };
        let (cond, facts) = self.condition(first);
        self.enter_facts();
        self.add_facts(facts.direct);
        let mut then = Vec::new();
        self.guards(rest, &mut then, body);
        self.leave_facts();
        self.if_then(cond, then, Vec::new(), out);
    }
}
