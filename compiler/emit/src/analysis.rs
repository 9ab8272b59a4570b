//! Which variables a piece of the program assigns: what its region op must carry.

use mochi_sema::hir::{Block, Expr, ExprKind, LocalId, Place, Stmt, StmtKind};
use std::collections::BTreeSet;

/// Locals assigned (not declared) anywhere inside, closures' bodies excepted: those are functions of their own.
pub(crate) type Assigned = BTreeSet<LocalId>;

pub(crate) fn block(block: &Block, out: &mut Assigned) {
    for stmt in &block.stmts {
        self::stmt(stmt, out);
    }
}

pub(crate) fn stmt(stmt: &Stmt, out: &mut Assigned) {
    match &stmt.kind {
        StmtKind::Let { init, .. } => {
            if let Some(init) = init {
                expr(init, out);
            }
        }
        StmtKind::Assign { place, value } => {
            match place {
                Place::Local(local) => {
                    out.insert(*local);
                }
                Place::Global(_) => {}
                Place::Index { base, index, .. } => {
                    expr(base, out);
                    expr(index, out);
                }
                Place::Field { base, .. } | Place::AnyField { base, .. } => expr(base, out),
            }
            expr(value, out);
        }
        StmtKind::Expr(value) | StmtKind::Expect { cond: value } => expr(value, out),
        StmtKind::If { cond, then, els } => {
            expr(cond, out);
            block(then, out);
            block(els, out);
        }
        StmtKind::While { cond, body } => {
            expr(cond, out);
            block(body, out);
        }
        StmtKind::ForRange { start, end, body, .. } => {
            expr(start, out);
            expr(end, out);
            block(body, out);
        }
        StmtKind::ForEach { iterable, body, .. } => {
            expr(iterable, out);
            block(body, out);
        }
        StmtKind::Return(value) => {
            if let Some(value) = value {
                expr(value, out);
            }
        }
        StmtKind::Break | StmtKind::Continue => {}
        StmtKind::Bench { body, .. } | StmtKind::Block(body) => block(body, out),
    }
}

pub(crate) fn expr(value: &Expr, out: &mut Assigned) {
    match &value.kind {
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Bool(_)
        | ExprKind::Str(_)
        | ExprKind::BigInt(_)
        | ExprKind::Null
        | ExprKind::Unit
        | ExprKind::Local(_)
        | ExprKind::Global(_)
        | ExprKind::Function(_)
        | ExprKind::CurrentClosure
        | ExprKind::Closure { .. } => {}
        ExprKind::Neg(inner)
        | ExprKind::Not(inner)
        | ExprKind::Truth(inner)
        | ExprKind::IsNull(inner)
        | ExprKind::IsVariant { value: inner, .. }
        | ExprKind::Convert { value: inner, .. }
        | ExprKind::Field { base: inner, .. }
        | ExprKind::AnyField { base: inner, .. } => expr(inner, out),
        ExprKind::Arith { lhs, rhs, .. }
        | ExprKind::Compare { lhs, rhs, .. }
        | ExprKind::And { lhs, rhs }
        | ExprKind::Or { lhs, rhs }
        | ExprKind::Coalesce { lhs, rhs }
        | ExprKind::In { needle: lhs, haystack: rhs }
        | ExprKind::Index { base: lhs, index: rhs } => {
            expr(lhs, out);
            expr(rhs, out);
        }
        ExprKind::Call { args, .. } | ExprKind::Builtin { args, .. } | ExprKind::List(args) => exprs(args, out),
        ExprKind::CallClosure { callee, args } => {
            expr(callee, out);
            exprs(args, out);
        }
        ExprKind::Map(entries) => {
            for (key, value) in entries {
                expr(key, out);
                expr(value, out);
            }
        }
        ExprKind::Record { fields, .. } | ExprKind::Variant { fields, .. } => exprs(fields, out),
        ExprKind::Slice { base, start, end } => {
            expr(base, out);
            for bound in [start, end].into_iter().flatten() {
                expr(bound, out);
            }
        }
        ExprKind::If { cond, then, els } => {
            expr(cond, out);
            expr(then, out);
            expr(els, out);
        }
        ExprKind::Match { scrutinee, arms, .. } => {
            expr(scrutinee, out);
            for arm in arms {
                expr(&arm.body, out);
            }
        }
        ExprKind::Block { block: inner, value } => {
            block(inner, out);
            expr(value, out);
        }
    }
}

fn exprs(values: &[Expr], out: &mut Assigned) {
    for value in values {
        expr(value, out);
    }
}
