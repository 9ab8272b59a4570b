//! `update`: changes of the rows of a list in place.

use super::Lowerer;
use super::infer::Content;
use super::scope;
use crate::hir::{self, Block, Stmt, StmtKind};
use mochi_diagnostics::Span;
use mochi_syntax::ast;

impl<'a> Lowerer<'a> {
    /// `update rows set { field: value } where condition`
    pub(crate) fn update_stmt(&mut self, update: &'a ast::Update, span: Span, out: &mut Vec<Stmt>) {
        let ast::ExprKind::Map(entries) = &update.changes.kind else {
            self.error("P070", "the program's tree is inconsistent", span);
            return;
        };
        let rows = self.name(update.target.name, update.target.span);
        let (iterable, element) = self.iterable(rows, update.target.span);
        let Content::Record(record) = self.t.content(element) else {
            if self.final_walk || !matches!(self.t.content(element), Content::Bot) {
                self.unsupported("`update` of rows that are no declared structs is", span);
            }
            return;
        };
        self.push_scope();
        let local = self.temporary(element, span);
        let key = (self.ctx().inst, span.start);
        let row = scope::Var { local, slot: element, key, mutable: true, top: false };
        let outer = self.ctx().receiver.replace((row, record));
        let mut then = Vec::new();
        let filter = update.filter.as_ref().map(|filter| self.condition(filter).0);
        // All new values see the old row.
        let mut changes = Vec::new();
        for entry in entries {
            let Some(name) = entry.key.as_name() else { continue };
            let value = self.expr(&entry.value);
            let Some(field) = self.field_index(record, name) else {
                let record = self.record_infos[record.0 as usize].name.clone();
                self.error("T026", format!("unknown field `{name}` on {record}"), entry.key.span);
                continue;
            };
            let slot = self.record_infos[record.0 as usize].fields[field as usize].1;
            let value = self.coerce(value, slot);
            changes.push((field, self.let_temporary(slot, value, &mut then)));
        }
        for (field, value) in changes {
            let base = self.read(local, span).e;
            let value = self.read(value, span).e;
            let place = hir::Place::Field { base, field, span };
            then.push(Stmt { kind: StmtKind::Assign { place, value }, span });
        }
        self.ctx().receiver = outer;
        self.pop_scope();
        let mut stmts = Vec::new();
        match filter {
            Some(cond) => self.if_then(cond, then, Vec::new(), &mut stmts),
            None => stmts = then,
        }
        out.push(Stmt { kind: StmtKind::ForEach { local, iterable: iterable.e, body: Block { stmts } }, span });
    }
}
