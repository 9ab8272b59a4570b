//! Walks over the typed program: every statement and expression inside, before what it contains. The bodies of closures
//! are functions of their own and not part of the walk.

use mochi_sema::hir::{Block, Expr, ExprKind, Place, Stmt, StmtKind};

/// What a walk comes across.
pub(crate) enum Node<'a> {
    Stmt(&'a Stmt),
    Expr(&'a Expr),
}

pub(crate) fn block(block: &Block, visit: &mut dyn FnMut(Node<'_>)) {
    for stmt in &block.stmts {
        self::stmt(stmt, visit);
    }
}

pub(crate) fn stmt(stmt: &Stmt, visit: &mut dyn FnMut(Node<'_>)) {
    visit(Node::Stmt(stmt));
    match &stmt.kind {
        StmtKind::Let { init, .. } => {
            if let Some(init) = init {
                expr(init, visit);
            }
        }
        StmtKind::Assign { place, value } => {
            match place {
                Place::Local(_) | Place::Global(_) => {}
                Place::Index { base, index, .. } => {
                    expr(base, visit);
                    expr(index, visit);
                }
                Place::Field { base, .. } | Place::AnyField { base, .. } => expr(base, visit),
            }
            expr(value, visit);
        }
        StmtKind::Expr(value) | StmtKind::Expect { cond: value } => expr(value, visit),
        StmtKind::If { cond, then, els } => {
            expr(cond, visit);
            block(then, visit);
            block(els, visit);
        }
        StmtKind::While { cond, body } => {
            expr(cond, visit);
            block(body, visit);
        }
        StmtKind::ForRange { start, end, body, .. } => {
            expr(start, visit);
            expr(end, visit);
            block(body, visit);
        }
        StmtKind::ForEach { iterable, body, .. } => {
            expr(iterable, visit);
            block(body, visit);
        }
        StmtKind::Return(value) => {
            if let Some(value) = value {
                expr(value, visit);
            }
        }
        StmtKind::Break | StmtKind::Continue => {}
        StmtKind::Bench { body, .. } | StmtKind::Block(body) => block(body, visit),
    }
}

pub(crate) fn expr(value: &Expr, visit: &mut dyn FnMut(Node<'_>)) {
    visit(Node::Expr(value));
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
        | ExprKind::AnyField { base: inner, .. } => expr(inner, visit),
        ExprKind::Arith { lhs, rhs, .. }
        | ExprKind::Compare { lhs, rhs, .. }
        | ExprKind::And { lhs, rhs }
        | ExprKind::Or { lhs, rhs }
        | ExprKind::Coalesce { lhs, rhs }
        | ExprKind::In { needle: lhs, haystack: rhs }
        | ExprKind::Index { base: lhs, index: rhs } => {
            expr(lhs, visit);
            expr(rhs, visit);
        }
        ExprKind::Call { args, .. } | ExprKind::Builtin { args, .. } | ExprKind::List(args) => exprs(args, visit),
        ExprKind::CallClosure { callee, args } => {
            expr(callee, visit);
            exprs(args, visit);
        }
        ExprKind::Map(entries) => {
            for (key, value) in entries {
                expr(key, visit);
                expr(value, visit);
            }
        }
        ExprKind::Record { fields, .. } | ExprKind::Variant { fields, .. } => exprs(fields, visit),
        ExprKind::Slice { base, start, end } => {
            expr(base, visit);
            for bound in [start, end].into_iter().flatten() {
                expr(bound, visit);
            }
        }
        ExprKind::If { cond, then, els } => {
            expr(cond, visit);
            expr(then, visit);
            expr(els, visit);
        }
        ExprKind::Match { scrutinee, arms, .. } => {
            expr(scrutinee, visit);
            for arm in arms {
                expr(&arm.body, visit);
            }
        }
        ExprKind::Block { block: inner, value } => {
            block(inner, visit);
            expr(value, visit);
        }
    }
}

fn exprs(values: &[Expr], visit: &mut dyn FnMut(Node<'_>)) {
    for value in values {
        expr(value, visit);
    }
}
