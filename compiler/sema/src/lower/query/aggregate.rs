//! Aggregates over queries: `select sum(e)` and `sum(from …)`, without a list in between where the query allows it.

use super::super::infer::{Content, Null, Slot};
use super::super::{Lowerer, Val};
use super::PART_RESULT;
use crate::hir::{ArithOp, Expr, ExprKind, Stmt};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

impl<'a> Lowerer<'a> {
    /// `select sum(e)` and the like: the query's value is one number.
    pub(super) fn aggregate_select(&mut self, query: &'a ast::Query) -> Option<(&'static str, &'a ast::Expr)> {
        let ast::ExprKind::Call(call) = &query.select.value.without_parens().kind else { return None };
        let name = aggregate_name(call.callee.as_name()?)?;
        let [arg] = call.args.as_slice() else { return None };
        let is_query = matches!(arg.without_parens().kind, ast::ExprKind::Query(_));
        (!is_query && !self.functions_by_name.contains_key(&Symbol::intern(name))).then_some((name, arg))
    }

    /// `sum(from … select e)`: one loop without a list where the query allows it.
    pub(crate) fn aggregate_of_query(&mut self, name: &str, arg: &'a ast::Expr) -> Option<Val> {
        let name = aggregate_name(Symbol::intern(name))?;
        let inner = arg.without_parens();
        let ast::ExprKind::Query(query) = &inner.kind else { return None };
        let plain = query.group.is_none()
            && query.sort.is_none()
            && query.skip.is_none()
            && query.take.is_none()
            && query.distinct.is_none();
        if !plain || matches!(name, "min" | "max") || self.aggregate_select(query).is_some() {
            return None;
        }
        Some(self.aggregate_query(name, query, None, inner))
    }

    /// The aggregate over `arg`, or over the selected value.
    pub(super) fn aggregate_query(
        &mut self,
        name: &'static str,
        query: &'a ast::Query,
        arg: Option<&'a ast::Expr>,
        expr: &'a ast::Expr,
    ) -> Val {
        let span = expr.span;
        let list = self.part_list(expr, PART_RESULT);
        let element = self.t.element(list).unwrap_or(Slot::ANY);
        let value_expr = arg.unwrap_or(&query.select.value);
        let number = match self.t.content(element) {
            Content::Int if self.t.null(element) == Null::No => Some(Slot::INT),
            Content::Float if self.t.null(element) == Null::No => Some(Slot::FLOAT),
            _ => None,
        };
        let fused = match (name, number) {
            ("sum" | "avg", Some(number)) => Some(number),
            ("count", _) => Some(Slot::INT),
            _ => None,
        };
        let ordered = query.sort.is_some() || query.skip.is_some() || query.take.is_some() || query.distinct.is_some();
        let mut stmts = Vec::new();
        self.push_scope();
        self.enter_facts();
        let result = match fused {
            Some(number) if !ordered => self.fused(name, query, value_expr, expr, (number, element), &mut stmts),
            _ => {
                let collect = self.collect_into(query, expr, &mut stmts);
                self.rows(query, expr, &mut stmts, &mut |this, out| {
                    if let (Some(sort), Some((keys, slot))) = (&query.sort, collect.keys) {
                        let key = this.expr(&sort.value);
                        let key = this.coerce(key, slot);
                        this.push_item(keys, key, out);
                    }
                    let value = this.expr(value_expr);
                    let value = this.coerce(value, collect.element);
                    this.push_item(collect.items, value, out);
                });
                let rows = self.finish_rows(query, &collect, span);
                self.aggregate_builtin(name, rows, span)
            }
        };
        self.leave_facts();
        self.pop_scope();
        self.with_statements(stmts, result)
    }

    /// Sum, average or count without a list.
    fn fused(
        &mut self,
        name: &'static str,
        query: &'a ast::Query,
        value: &'a ast::Expr,
        expr: &'a ast::Expr,
        (number, element): (Slot, Slot),
        out: &mut Vec<Stmt>,
    ) -> Val {
        let span = expr.span;
        let total_slot = if name == "avg" { Slot::FLOAT } else { number };
        let zero = if self.t.content(total_slot) == Content::Float {
            Expr { kind: ExprKind::Float(0.0), ty: Ty::FLOAT, span }
        } else {
            self.int(0, span)
        };
        let total = self.let_temporary(total_slot, zero, out);
        let none = self.int(0, span);
        let count = (name == "avg").then(|| self.let_temporary(Slot::INT, none, out));
        self.rows(query, expr, out, &mut |this, out| {
            let value = this.expr(value);
            this.t.flow(value.t, element);
            let one = this.int(1, span);
            if name == "count" {
                let sum = this.read(total, span).e;
                let sum = this.arith(ArithOp::WrappingAdd, sum, one, Slot::INT);
                this.set_local(total, sum, out);
                return;
            }
            let value = this.unwrapped(value);
            let value = this.coerce(value, total_slot);
            let sum = this.read(total, span).e;
            // As the builtin does, which adds up a list.
            let add = if this.t.content(total_slot) == Content::Int { ArithOp::WrappingAdd } else { ArithOp::Add };
            let sum = this.arith(add, sum, value, total_slot);
            this.set_local(total, sum, out);
            if let Some(count) = count {
                let rows = this.read(count, span).e;
                let rows = this.arith(ArithOp::WrappingAdd, rows, one, Slot::INT);
                this.set_local(count, rows, out);
            }
        });
        let sum = self.read(total, span);
        let Some(count) = count else { return sum };
        let rows = self.read(count, span);
        self.mean(sum.e, rows, span)
    }

    /// A sum of floats by the number of rows; zero for none.
    pub(super) fn mean(&mut self, sum: Expr, rows: Val, span: Span) -> Val {
        let zero = self.int(0, span);
        let empty = self.int_equal(rows.e.clone(), zero);
        let rows = self.coerce(rows, Slot::FLOAT);
        let mean = self.arith(ArithOp::Div, sum, rows, Slot::FLOAT);
        let nothing = Expr { kind: ExprKind::Float(0.0), ty: Ty::FLOAT, span };
        let kind = ExprKind::If { cond: Box::new(empty), then: Box::new(nothing), els: Box::new(mean) };
        self.val(kind, Slot::FLOAT, span)
    }
}

/// The aggregate functions, as static names.
pub(super) fn aggregate_name(name: Symbol) -> Option<&'static str> {
    ["sum", "avg", "count", "min", "max"].into_iter().find(|known| name == *known)
}
