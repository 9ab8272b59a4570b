//! `select`: the result rows.

use super::super::Lowerer;
use super::super::infer::Slot;
use super::{Collect, PART_RESULT, PART_SORT};
use crate::hir::Stmt;
use mochi_syntax::ast;

impl<'a> Lowerer<'a> {
    /// The lists that the result is made of.
    pub(super) fn collect_into(&mut self, query: &'a ast::Query, expr: &'a ast::Expr, out: &mut Vec<Stmt>) -> Collect {
        let span = expr.span;
        let list = self.part_list(expr, PART_RESULT);
        let element = self.t.element(list).unwrap_or(Slot::ANY);
        let items = self.let_list(list, span, out);
        let keys = query.sort.as_ref().map(|_| {
            let list = self.part_list(expr, PART_SORT);
            let element = self.t.element(list).unwrap_or(Slot::ANY);
            (self.let_list(list, span, out), element)
        });
        Collect { items, element, keys }
    }

    /// Sort key and value of one result row.
    pub(super) fn result_row(&mut self, query: &'a ast::Query, collect: &Collect, out: &mut Vec<Stmt>) {
        self.sort_key(query, collect, out);
        let value = self.expr(&query.select.value);
        let value = self.coerce(value, collect.element);
        self.push_item(collect.items, value, out);
    }
}
