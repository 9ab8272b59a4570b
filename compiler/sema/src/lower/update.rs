//! `update`: changes of the rows of a list in place.

use super::infer::{Content, Shape};
use super::scope::Resolved;
use super::{Lowerer, Val};
use crate::hir::{Block, Stmt, StmtKind};
use crate::ty::RecordId;
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

impl<'a> Lowerer<'a> {
    /// `update rows set { field: value } where condition`
    pub(crate) fn update_stmt(&mut self, update: &'a ast::Update, span: Span, out: &mut Vec<Stmt>) {
        let ast::ExprKind::Map(entries) = &update.changes.kind else {
            self.error("P070", "the program's tree is inconsistent", span);
            return;
        };
        let rows = self.name(update.target.name, update.target.span);
        let (iterable, element) = self.iterable(rows, update.target.span);
        // The names of the fields, or of map entries that are changed or not known otherwise, are variables of the condition
        // and the new values. They hide variables around the statement.
        let names = match self.t.shape_of(element) {
            Some(Shape::Rec(fields)) => fields.into_iter().map(|field| field.0).collect(),
            Some(Shape::Map(..)) => self.entry_names(update, entries),
            _ => match self.t.content(element) {
                Content::Any => self.entry_names(update, entries),
                Content::Record(record) => self.field_names(record),
                _ => {
                    let ty = self.describe_slot(element);
                    if self.final_walk && self.t.content(element) != Content::Poison {
                        self.error("T027", format!("{ty} is not a struct"), update.target.span);
                    }
                    return;
                }
            },
        };
        self.push_scope();
        let local = self.temporary(element, span);
        let mut stmts = Vec::new();
        for (number, name) in names.into_iter().enumerate() {
            let row = self.read(local, span);
            let value = self.field_of(row, name, span);
            let place = Span::at(span.start + number as u32);
            let var = self.declare(name, value.t, place, false);
            stmts.push(Stmt { kind: StmtKind::Let { local: var.local, init: Some(value.e) }, span });
        }
        let filter = update.filter.as_ref().map(|filter| self.condition(filter).0);
        let (mut then, mut changes) = (Vec::new(), Vec::new());
        for entry in entries {
            let Some(name) = entry.key.as_name() else { continue };
            let mut value = self.expr(&entry.value);
            if let Content::Record(record) = self.t.content(element) {
                let Some(field) = self.field_index(record, name) else {
                    let record = self.record_infos[record.0 as usize].name.clone();
                    self.error("T026", format!("unknown field `{name}` on {record}"), entry.key.span);
                    continue;
                };
                let slot = self.record_infos[record.0 as usize].fields[field as usize].1;
                value = Val { e: self.coerce(value, slot), t: slot };
            }
            changes.push((name, self.let_temporary(value.t, value.e, &mut then)));
        }
        for (name, value) in changes {
            let (row, value) = (self.read(local, span), self.read(value, span));
            self.assign_field(row, name, value, span, span, &mut then);
        }
        self.pop_scope();
        match filter {
            Some(cond) => self.if_then(cond, then, Vec::new(), &mut stmts),
            None => stmts.extend(then),
        }
        out.push(Stmt { kind: StmtKind::ForEach { local, iterable: iterable.e, body: Block { stmts } }, span });
    }

    fn field_names(&self, record: RecordId) -> Vec<Symbol> {
        self.record_infos[record.0 as usize].fields.iter().map(|field| field.0).collect()
    }

    /// The entries of a map that an `update` changes or mentions.
    fn entry_names(&mut self, update: &'a ast::Update, entries: &'a [ast::MapEntry]) -> Vec<Symbol> {
        let mut names: Vec<Symbol> = entries.iter().filter_map(|entry| entry.key.as_name()).collect();
        let mut mentioned = Vec::new();
        entries.iter().map(|entry| &entry.value).chain(&update.filter).for_each(|e| mention(e, &mut mentioned));
        for name in mentioned {
            let known = self.functions_by_name.contains_key(&name) || self.variants.contains_key(&name);
            if !known && !names.contains(&name) && matches!(self.resolve(name), Resolved::Unknown) {
                names.push(name);
            }
        }
        names
    }
}

/// The variables that a simple expression reads.
fn mention(expr: &ast::Expr, names: &mut Vec<Symbol>) {
    match &expr.kind {
        ast::ExprKind::Name(name) => names.push(*name),
        ast::ExprKind::Paren(inner) | ast::ExprKind::Unary { operand: inner, .. } => mention(inner, names),
        ast::ExprKind::Binary(binary) => {
            mention(&binary.lhs, names);
            mention(&binary.rhs, names);
        }
        ast::ExprKind::Call(call) => call.args.iter().for_each(|arg| mention(arg, names)),
        ast::ExprKind::List(items) => items.iter().for_each(|item| mention(item, names)),
        ast::ExprKind::Cast(cast) => mention(&cast.value, names),
        ast::ExprKind::Field(field) => mention(&field.base, names),
        ast::ExprKind::Index(index) => {
            mention(&index.base, names);
            if let ast::Subscript::Item(item) = &index.subscript {
                mention(item, names);
            }
        }
        ast::ExprKind::If(node) => {
            mention(&node.condition, names);
            mention(&node.then_value, names);
            node.else_value.iter().for_each(|value| mention(value, names));
        }
        _ => {}
    }
}
