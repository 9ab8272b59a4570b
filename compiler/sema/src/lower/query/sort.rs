//! `sort by`, `skip`, `take` and `distinct`.

use super::super::{Lowerer, Val};
use super::Collect;
use crate::hir::{Builtin, ExprKind, Stmt};
use mochi_diagnostics::Span;
use mochi_syntax::ast;

impl<'a> Lowerer<'a> {
    /// Adds the sort key of the current row.
    pub(super) fn sort_key(&mut self, query: &'a ast::Query, collect: &Collect, out: &mut Vec<Stmt>) {
        let (Some(sort), Some((keys, element))) = (&query.sort, collect.keys) else { return };
        let key = self.expr(&sort.value);
        let key = self.coerce(key, element);
        self.push_item(keys, key, out);
    }

    /// Sorting, skipping, taking, distinct.
    pub(super) fn finish_rows(&mut self, query: &'a ast::Query, collect: &Collect, span: Span) -> Val {
        let mut result = self.read(collect.items, span);
        if let Some((keys, _)) = collect.keys {
            let keys = self.read(keys, span).e;
            let slot = result.t;
            let args = vec![result.e, keys];
            result = self.val(ExprKind::Builtin { builtin: Builtin::SortBy, args }, slot, span);
        }
        if let Some(skip) = &query.skip {
            let count = self.expr(&skip.value);
            result = self.slice(result, Some(count), None, skip.keyword_span, span);
        }
        if let Some(take) = &query.take {
            let count = self.expr(&take.value);
            result = self.slice(result, None, Some(count), take.keyword_span, span);
        }
        if query.distinct.is_some() {
            let slot = result.t;
            let args = vec![result.e];
            result = self.val(ExprKind::Builtin { builtin: Builtin::Distinct, args }, slot, span);
        }
        result
    }
}
