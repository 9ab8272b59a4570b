//! `group by`: rows are numbered by group in one pass, then each group's items are put together. A group is a structural
//! record with the entries that the language shows when one is printed.

use super::super::infer::{Content, Null, Shape, Slot};
use super::super::scope::Resolved;
use super::super::{Key, Lowerer, Val};
use super::{Accumulated, PART_GROUP, PART_KEY, PART_ROW, RowBody};
use crate::hir::{Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::ty::{Ty, TyKind};
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

/// The entry that marks a group.
const MARK: &str = "__group__";

/// What the pass over the rows leaves behind.
struct Buckets {
    /// The type of a list of rows.
    row_list: Slot,
    rows: Rows,
    /// Key and number of rows of each group, in order of first occurrence.
    keys: LocalId,
    counts: LocalId,
}

/// What becomes of the rows.
enum Rows {
    Kept {
        rows: LocalId,
        /// The group number of each row.
        numbers: LocalId,
    },
    /// Only their aggregates are wanted; they are for the group whose number is in the local.
    AddedUp { accumulated: Vec<Accumulated>, group: LocalId },
}

/// Rows in the order of their groups.
#[derive(Clone, Copy)]
struct Arranged {
    rows: LocalId,
    /// Where each group starts in `order`.
    starts: LocalId,
    /// The row numbers group by group.
    order: LocalId,
}

impl<'a> Lowerer<'a> {
    /// The fields of a group in this slot.
    pub(crate) fn group_fields(&mut self, slot: Slot) -> Option<Vec<(Symbol, Slot)>> {
        match self.t.shape_of(slot) {
            Some(Shape::Rec(fields)) if fields.iter().any(|field| field.0 == MARK) => Some(fields),
            _ => None,
        }
    }

    /// A group stands for its items where a list is wanted.
    pub(crate) fn group_items(&mut self, value: Val) -> Val {
        if self.group_fields(value.t).is_none() {
            return value;
        }
        let span = value.e.span;
        self.field_of(value, Symbol::intern("items"), span)
    }

    /// A name that is a part of the key of a group in scope.
    pub(crate) fn group_key_part(&mut self, name: Symbol, span: Span) -> Option<Val> {
        let groups = self.ctx().groups.clone();
        for group in groups.into_iter().rev() {
            let Resolved::Var(var) = self.resolve(group) else { continue };
            let Some(fields) = self.group_fields(var.slot) else { continue };
            let key = fields.iter().find(|field| field.0 == "key")?.1;
            let Some(Shape::Rec(parts)) = self.t.shape_of(key) else { continue };
            if parts.iter().any(|part| part.0 == name) {
                let value = self.val(ExprKind::Local(var.local), var.slot, span);
                let key = self.field_of(value, Symbol::intern("key"), span);
                return Some(self.field_of(key, name, span));
            }
        }
        None
    }

    /// A row of several variables that has no field of this name: the variable whose value has one.
    pub(crate) fn row_variable(&mut self, slot: Slot, name: Symbol) -> Option<Symbol> {
        let Content::Obj(obj) = self.t.content(slot) else { return None };
        let obj = self.t.find_obj(obj);
        let rows = self.row_types.clone();
        if !rows.into_iter().any(|row| self.t.find_obj(row) == obj) {
            return None;
        }
        let Shape::Rec(fields) = self.t.shape(obj) else { return None };
        if fields.iter().any(|field| field.0 == name) {
            return None;
        }
        fields.into_iter().find(|(_, field)| self.has_field(*field, name)).map(|field| field.0)
    }

    /// Lowers the grouping; `body` runs for each group that passes `having`.
    pub(crate) fn grouped(
        &mut self,
        query: &'a ast::Query,
        expr: &'a ast::Expr,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let Some(group) = &query.group else { return };
        let span = group.span;
        let buckets = self.fill_buckets(query, group, expr, out);
        let arranged = match &buckets.rows {
            Rows::Kept { rows, numbers } => Some(self.arrange((*rows, *numbers), buckets.counts, span, out)),
            Rows::AddedUp { .. } => None,
        };
        let slot = self.group_slot(expr, &buckets);
        let zero = self.int(0, span);
        let groups = self.length_of(buckets.keys, span);
        self.push_scope();
        self.count_loop(zero, groups, out, |this, number, stmts| {
            let outer = this.ctx().accumulated.len();
            if let Rows::AddedUp { accumulated, group } = &buckets.rows {
                this.set_local(*group, number.clone(), stmts);
                this.ctx().accumulated.extend(accumulated);
            }
            let value = this.group_value(&buckets, arranged, slot, number, span, stmts);
            let variable = this.var_slot(group.name.span);
            let init = this.coerce(value, variable);
            let var = this.declare(group.name.name, variable, group.name.span, true);
            stmts.push(Stmt { kind: StmtKind::Let { local: var.local, init: Some(init) }, span });
            this.ctx().groups.push(group.name.name);
            match &group.having {
                Some(having) => {
                    let (cond, _) = this.condition(&having.value);
                    let mut then = Vec::new();
                    body(this, &mut then);
                    this.if_then(cond, then, Vec::new(), stmts);
                }
                None => body(this, stmts),
            }
            this.ctx().groups.pop();
            this.ctx().accumulated.truncate(outer);
        });
        self.pop_scope();
    }

    /// The pass over the rows.
    fn fill_buckets(
        &mut self,
        query: &'a ast::Query,
        group: &'a ast::QueryGroup,
        expr: &'a ast::Expr,
        out: &mut Vec<Stmt>,
    ) -> Buckets {
        let span = group.span;
        let row_list = self.part_list(expr, PART_ROW);
        let key_list = self.part_list(expr, PART_KEY);
        let (row_slot, key_slot) =
            (self.t.element(row_list).unwrap_or(Slot::ANY), self.t.element(key_list).unwrap_or(Slot::ANY));
        let keys = self.let_list(key_list, span, out);
        let counts = self.let_int_list(span, out);
        let by_number = self.t.content(key_slot) == Content::Int && self.t.null(key_slot) == Null::No;
        let index_key = if by_number { Content::Int } else { Content::Str };
        let index_slot = {
            let key = self.t.fresh_with(index_key);
            let value = self.t.fresh_with(Content::Int);
            self.t.container(Shape::Map(key, value))
        };
        let empty = self.val(ExprKind::Map(Vec::new()), index_slot, span).e;
        let index = self.let_temporary(index_slot, empty, out);
        let aggregates = self.only_aggregates(query, group);
        let rows = match &aggregates {
            Some(aggregates) => {
                let none = self.int(0, span);
                let group = self.let_temporary(Slot::INT, none, out);
                Rows::AddedUp { accumulated: self.declare_totals(aggregates, (counts, group), span, out), group }
            }
            None => {
                let rows = self.let_list(row_list, span, out);
                Rows::Kept { rows, numbers: self.let_int_list(span, out) }
            }
        };
        self.rows(query, expr, out, &mut |this, out| {
            let key = this.group_key(group, expr);
            let key = this.coerce(key, key_slot);
            let key = this.let_temporary(key_slot, key, out);
            let found_key = this.read(key, span);
            let place = if by_number { found_key } else { this.text(found_key, span) };
            let place_slot = if by_number { Slot::INT } else { Slot::STR };
            let place = this.let_temporary(place_slot, place.e, out);
            let base = this.read(index, span);
            let at = this.read(place, span);
            let found = this.element_of(base, at, span, span);
            let found_slot = found.t;
            let found = this.let_temporary(found_slot, found.e, out);
            let missing = this.read(found, span).e;
            let missing = Expr { kind: ExprKind::IsNull(Box::new(missing)), ty: Ty::BOOL, span };
            let is_new = this.let_temporary(Slot::BOOL, missing, out);
            let zero = this.int(0, span);
            let number = this.let_temporary(Slot::INT, zero, out);
            // A new group.
            let mut then = Vec::new();
            let next = this.length_of(keys, span);
            this.set_local(number, next, &mut then);
            let at = this.read(place, span).e;
            let next = this.read(number, span).e;
            this.set_entry(index, at, next, &mut then);
            let key = this.read(key, span).e;
            this.push_item(keys, key, &mut then);
            let one = this.int(1, span);
            this.push_item(counts, one, &mut then);
            if let Rows::AddedUp { accumulated, .. } = &rows {
                this.start_totals(accumulated, span, &mut then);
            }
            // A known one.
            let mut els = Vec::new();
            let known = this.read(found, span);
            let known = this.unwrapped(known).e;
            this.set_local(number, known, &mut els);
            let at = this.read(number, span).e;
            this.increase(counts, at, span, &mut els);
            let cond = this.read(is_new, span).e;
            this.if_then(cond, then, els, out);
            let row = this.row_value(query, expr, span);
            let row = this.coerce(row, row_slot);
            match (&rows, &aggregates) {
                (Rows::AddedUp { accumulated, .. }, Some(aggregates)) => {
                    let row = this.let_temporary(row_slot, row, out);
                    this.add_up((aggregates, accumulated), (number, is_new), (row, row_slot), out);
                }
                (Rows::Kept { rows, numbers }, _) => {
                    let number = this.read(number, span).e;
                    this.push_item(*numbers, number, out);
                    this.push_item(*rows, row, out);
                }
                (Rows::AddedUp { .. }, None) => unreachable!("rows are added up for aggregates"),
            }
        });
        Buckets { row_list, rows, keys, counts }
    }

    pub(crate) fn let_int_list(&mut self, span: Span, out: &mut Vec<Stmt>) -> LocalId {
        let element = self.t.fresh_with(Content::Int);
        let list = self.t.list_of(element);
        self.let_list(list, span, out)
    }

    fn set_entry(&mut self, map: LocalId, key: Expr, value: Expr, out: &mut Vec<Stmt>) {
        let span = value.span;
        let base = self.read(map, span).e;
        let place = crate::hir::Place::Index { base, index: key, span };
        out.push(Stmt { kind: StmtKind::Assign { place, value }, span });
    }

    /// One key, or a record of several.
    fn group_key(&mut self, group: &'a ast::QueryGroup, expr: &'a ast::Expr) -> Val {
        if let [key] = group.keys.as_slice() {
            return self.expr(key);
        }
        let names: Vec<Symbol> = group
            .keys
            .iter()
            .enumerate()
            .map(|(index, key)| match &key.without_parens().kind {
                ast::ExprKind::Field(field) => field.name.name,
                _ => Symbol::intern(&format!("k{}", index + 1)),
            })
            .collect();
        let values: Vec<Val> = group.keys.iter().map(|key| self.expr(key)).collect();
        let slot = self.keyed(Key::Part(expr.id.0, PART_KEY + 1));
        self.structural(slot, names.into_iter().zip(values).collect(), group.span)
    }

    /// A structural record with these fields, whose type lives in `slot`.
    pub(crate) fn structural(&mut self, slot: Slot, mut given: Vec<(Symbol, Val)>, span: Span) -> Val {
        given.sort_by_key(|field| field.0);
        given.dedup_by_key(|field| field.0);
        if self.t.content(slot) == Content::Bot {
            let fields = given.iter().map(|field| (field.0, self.t.fresh())).collect();
            let obj = self.t.make_obj(Shape::Rec(fields), false);
            self.t.set_content(slot, Content::Obj(obj));
        }
        let Some(Shape::Rec(fields)) = self.t.shape_of(slot) else { return self.structural_map(slot, given, span) };
        let mut values = Vec::new();
        for ((_, value), (_, field)) in given.into_iter().zip(&fields) {
            values.push(self.coerce(value, *field));
        }
        let order = (0..values.len() as u32).collect();
        let ty = self.ty(slot);
        let ty = self.types.strip_option(ty);
        let record = match self.types.kind(ty) {
            TyKind::Record(id) => *id,
            _ => crate::ty::RecordId(0),
        };
        self.val(ExprKind::Record { record, fields: values, order }, slot, span)
    }

    /// The same for a record that turned out to be used as a map.
    fn structural_map(&mut self, slot: Slot, given: Vec<(Symbol, Val)>, span: Span) -> Val {
        let Some(Shape::Map(_, value)) = self.t.shape_of(slot) else { return self.poison(span) };
        let mut entries = Vec::new();
        for (name, item) in given {
            let key = self.val(ExprKind::Str(name.as_str().to_string()), Slot::STR, span).e;
            entries.push((key, self.coerce(item, value)));
        }
        self.val(ExprKind::Map(entries), slot, span)
    }

    /// A row of the grouped query: the item itself, or a record of all variables.
    fn row_value(&mut self, query: &'a ast::Query, expr: &'a ast::Expr, span: Span) -> Val {
        let names: Vec<ast::Ident> =
            query.sources.iter().map(|source| source.name).chain(query.joins.iter().map(|join| join.name)).collect();
        if let [name] = names.as_slice() {
            return self.name_value(*name);
        }
        let given = names.into_iter().map(|name| (name.name, self.name_value(name))).collect();
        let slot = self.keyed(Key::Part(expr.id.0, PART_ROW + 8));
        let row = self.structural(slot, given, span);
        if let Content::Obj(obj) = self.t.content(slot)
            && !self.row_types.contains(&obj)
        {
            self.row_types.push(obj);
        }
        row
    }

    /// Where each group starts, and the row numbers group by group.
    fn arrange(
        &mut self,
        (rows, numbers): (LocalId, LocalId),
        counts: LocalId,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Arranged {
        let starts = self.let_int_list(span, out);
        let fill = self.let_int_list(span, out);
        let order = self.let_int_list(span, out);
        let zero = self.int(0, span);
        let total = self.let_temporary(Slot::INT, zero.clone(), out);
        let groups = self.length_of(counts, span);
        self.count_loop(zero.clone(), groups, out, |this, number, stmts| {
            let start = this.read(total, span).e;
            this.push_item(starts, start.clone(), stmts);
            this.push_item(fill, start.clone(), stmts);
            let count = this.item_of(counts, number).e;
            let next = this.int_add(start, count);
            this.set_local(total, next, stmts);
        });
        let row_count = self.length_of(rows, span);
        self.count_loop(zero.clone(), row_count.clone(), out, |this, _, stmts| {
            let none = this.int(0, span);
            this.push_item(order, none, stmts);
        });
        self.count_loop(zero, row_count, out, |this, row, stmts| {
            let number = this.item_of(numbers, row.clone()).e;
            let number = this.let_temporary(Slot::INT, number, stmts);
            let number = this.read(number, span).e;
            let place = this.item_of(fill, number.clone()).e;
            let place = this.let_temporary(Slot::INT, place, stmts);
            let place = this.read(place, span).e;
            this.set_item(order, place.clone(), row, stmts);
            let one = this.int(1, span);
            let next = this.int_add(place, one);
            this.set_item(fill, number, next, stmts);
        });
        Arranged { rows, starts, order }
    }

    /// The type of the groups.
    fn group_slot(&mut self, expr: &'a ast::Expr, buckets: &Buckets) -> Slot {
        let slot = self.keyed(Key::Part(expr.id.0, PART_GROUP));
        if self.t.content(slot) == Content::Bot {
            let key = self.ctx().slots[buckets.keys.0 as usize];
            let key = self.t.element(key).unwrap_or(Slot::ANY);
            let mut fields = vec![
                (Symbol::intern(MARK), self.t.fresh_with(Content::Bool)),
                (Symbol::intern("count"), self.t.fresh_with(Content::Int)),
                (Symbol::intern("items"), buckets.row_list),
                (Symbol::intern("key"), key),
            ];
            fields.sort_by_key(|field| field.0);
            let obj = self.t.make_obj(Shape::Rec(fields), true);
            self.t.set_content(slot, Content::Obj(obj));
        }
        slot
    }

    /// The group of this number; its rows are a part of `order`. It has none where only their aggregates are wanted.
    fn group_value(
        &mut self,
        buckets: &Buckets,
        arranged: Option<Arranged>,
        slot: Slot,
        number: Expr,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Val {
        let items = self.let_list(buckets.row_list, span, out);
        let count = self.item_of(buckets.counts, number.clone());
        if let Some(Arranged { rows, starts, order }) = arranged {
            let start = self.item_of(starts, number.clone()).e;
            let start = self.let_temporary(Slot::INT, start, out);
            let start = self.read(start, span).e;
            let end = self.int_add(start.clone(), count.e.clone());
            self.count_loop(start, end, out, |this, at, stmts| {
                let row = this.item_of(order, at).e;
                let row = this.item_of(rows, row).e;
                this.push_item(items, row, stmts);
            });
        }
        let key = self.item_of(buckets.keys, number);
        let mark = self.bool(true, span);
        let mark = Val { e: mark, t: Slot::BOOL };
        let items = self.read(items, span);
        let given = vec![
            (Symbol::intern(MARK), mark),
            (Symbol::intern("count"), count),
            (Symbol::intern("items"), items),
            (Symbol::intern("key"), key),
        ];
        self.structural(slot, given, span)
    }
}
