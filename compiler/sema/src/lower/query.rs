//! Queries, expanded to loops: sources and joins nest, `where` guards, and each row is appended to the result, grouped, or
//! added to an aggregate.

use super::infer::{Content, Null, Shape, Slot};
use super::{Key, Lowerer, UNSUPPORTED, Val};
use crate::hir::{self, ArithOp, Block, Builtin, Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::ty::Ty;
use mochi_diagnostics::{Diagnostic, Span};
use mochi_syntax::{Symbol, ast};

/// Numbers of the slots that belong to one query expression.
pub(crate) const PART_RESULT: u32 = 0;
pub(crate) const PART_SORT: u32 = 1;
pub(crate) const PART_GROUP: u32 = 2;
pub(crate) const PART_ROW: u32 = 3;
pub(crate) const PART_KEY: u32 = 4;
/// First number of the slots of joins, four for each.
const PART_JOIN: u32 = 16;

/// What happens with a row whose variables are bound.
pub(crate) type RowBody<'b, 'a> = &'b mut dyn FnMut(&mut Lowerer<'a>, &mut Vec<Stmt>);

/// The lists that rows are collected in.
pub(crate) struct Collect {
    pub items: LocalId,
    pub element: Slot,
    /// Sort keys and their type.
    pub keys: Option<(LocalId, Slot)>,
}

impl<'a> Lowerer<'a> {
    pub(crate) fn query(&mut self, query: &'a ast::Query, expr: &'a ast::Expr) -> Val {
        if query.group.is_none()
            && let Some((name, arg)) = self.aggregate_select(query)
        {
            return self.aggregate_query(name, query, Some(arg), expr);
        }
        let mut stmts = Vec::new();
        self.push_scope();
        self.enter_facts();
        let collect = self.collect_into(query, expr, &mut stmts);
        if query.group.is_some() {
            self.grouped(query, expr, &mut stmts, &mut |this, out| this.result_row(query, &collect, out));
        } else {
            self.rows(query, expr, &mut stmts, &mut |this, out| this.result_row(query, &collect, out));
        }
        self.leave_facts();
        self.pop_scope();
        let result = self.finish_rows(query, &collect, expr.span);
        self.with_statements(stmts, result)
    }

    /// The lists that the result is made of.
    fn collect_into(&mut self, query: &'a ast::Query, expr: &'a ast::Expr, out: &mut Vec<Stmt>) -> Collect {
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

    /// A persistent slot with a list of unknown elements.
    pub(crate) fn part_list(&mut self, expr: &ast::Expr, part: u32) -> Slot {
        let slot = self.keyed(Key::Part(expr.id.0, part));
        if self.t.content(slot) == Content::Bot {
            let element = self.t.fresh();
            let obj = self.t.make_obj(Shape::List(element), false);
            self.t.set_content(slot, Content::Obj(obj));
        }
        slot
    }

    /// Sort key and value of one result row.
    fn result_row(&mut self, query: &'a ast::Query, collect: &Collect, out: &mut Vec<Stmt>) {
        if let (Some(sort), Some((keys, element))) = (&query.sort, collect.keys) {
            let key = self.expr(&sort.value);
            let key = self.coerce(key, element);
            self.push_item(keys, key, out);
        }
        let value = self.expr(&query.select.value);
        let value = self.coerce(value, collect.element);
        self.push_item(collect.items, value, out);
    }

    /// Sorting, skipping, taking, distinct.
    fn finish_rows(&mut self, query: &'a ast::Query, collect: &Collect, span: Span) -> Val {
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

    // --- rows ---

    /// Lowers the loops of the sources and joins; `body` runs for each row that passes `where`.
    pub(crate) fn rows(
        &mut self,
        query: &'a ast::Query,
        expr: &'a ast::Expr,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let paired = query.sources.len() == 1
            && query
                .joins
                .first()
                .is_some_and(|join| matches!(join.kind, ast::JoinKind::Right | ast::JoinKind::Outer));
        if paired {
            self.paired_rows(query, expr, out, body);
        } else {
            self.source_rows(query, expr, 0, out, body);
        }
    }

    fn source_rows(
        &mut self,
        query: &'a ast::Query,
        expr: &'a ast::Expr,
        stage: usize,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let Some(source) = query.sources.get(stage) else {
            return self.join_rows(query, expr, 0, out, body);
        };
        let iterable = self.expr(&source.source);
        self.each(iterable, source.name, source.source.span, out, &mut |this, out| {
            this.source_rows(query, expr, stage + 1, out, body);
        });
    }

    /// `for name in source { body }`
    fn each(
        &mut self,
        source: Val,
        name: ast::Ident,
        span: Span,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let (iterable, element) = self.row_source(source, span);
        let slot = self.var_slot(name.span);
        self.t.flow(element, slot);
        self.push_scope();
        let mut stmts = Vec::new();
        let local = self.loop_variable(name, slot, element, &mut stmts);
        body(self, &mut stmts);
        self.pop_scope();
        let kind = StmtKind::ForEach { local, iterable: iterable.e, body: Block { stmts } };
        out.push(Stmt { kind, span });
    }

    /// Declares a loop variable of the current scope; returns the local that the loop fills.
    pub(crate) fn loop_variable(
        &mut self,
        name: ast::Ident,
        slot: Slot,
        element: Slot,
        stmts: &mut Vec<Stmt>,
    ) -> LocalId {
        let span = name.span;
        if self.ty(slot) == self.ty(element) {
            return self.declare_incoming(name.name, slot, span, stmts);
        }
        // The variable is wider than the elements: convert at the start of each turn.
        let incoming = self.temporary(element, span);
        let value = self.val(ExprKind::Local(incoming), element, span);
        let init = self.coerce(value, slot);
        let var = self.declare(name.name, slot, span, true);
        stmts.push(Stmt { kind: StmtKind::Let { local: var.local, init: Some(init) }, span });
        incoming
    }

    /// What a query runs over: as `for`, and null is empty.
    fn row_source(&mut self, source: Val, span: Span) -> (Val, Slot) {
        let nullable = self.t.null(source.t) != Null::No;
        match self.t.content(source.t) {
            Content::Obj(obj) if nullable => {
                let empty = match self.t.shape(obj) {
                    Shape::List(_) => ExprKind::List(Vec::new()),
                    _ => return self.iterable(source, span),
                };
                let slot = self.t.non_null_copy(source.t);
                let rhs = self.val(empty, slot, span).e;
                let kind = ExprKind::Coalesce { lhs: Box::new(source.e), rhs: Box::new(rhs) };
                let source = self.val(kind, slot, span);
                self.iterable(source, span)
            }
            Content::Obj(_) | Content::Str | Content::Bot | Content::Any | Content::Poison => {
                self.iterable(source, span)
            }
            _ => {
                self.error("T032", "query source must be a list", span);
                (source, Slot::POISON)
            }
        }
    }

    fn join_rows(
        &mut self,
        query: &'a ast::Query,
        expr: &'a ast::Expr,
        stage: usize,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let Some(join) = query.joins.get(stage) else { return self.filtered(query, out, body) };
        let source = self.expr(&join.source);
        match join.kind {
            ast::JoinKind::Inner => {
                self.each(source, join.name, join.span, out, &mut |this, out| {
                    let (cond, _) = this.condition(&join.condition);
                    let mut then = Vec::new();
                    this.join_rows(query, expr, stage + 1, &mut then, body);
                    this.if_then(cond, then, Vec::new(), out);
                });
            }
            ast::JoinKind::Left => {
                let matches = self.left_matches(join, source, expr, stage, out);
                let matches = self.read(matches, join.span);
                self.mark_lenient(join.name);
                self.each(matches, join.name, join.span, out, &mut |this, out| {
                    this.join_rows(query, expr, stage + 1, out, body);
                });
            }
            ast::JoinKind::Right | ast::JoinKind::Outer => {
                let message = "`right join` and `outer join` after other joins are not supported by the native compiler yet";
                self.report(Diagnostic::error(UNSUPPORTED, message, join.span));
            }
        }
    }

    /// The rows of a joined source that match, or one null row: a list of options.
    fn left_matches(
        &mut self,
        join: &'a ast::QueryJoin,
        source: Val,
        expr: &'a ast::Expr,
        stage: usize,
        out: &mut Vec<Stmt>,
    ) -> LocalId {
        let span = join.span;
        let list = self.part_list(expr, PART_JOIN + 4 * stage as u32);
        let element = self.t.element(list).unwrap_or(Slot::ANY);
        let matches = self.let_list(list, span, out);
        // Within `on` the variable is a row; its slot differs from that of the nullable variable of the same name.
        self.each_row(source, join.name, stage, expr, span, out, &mut |this, row, out| {
            let (cond, _) = this.condition(&join.condition);
            let mut then = Vec::new();
            let row = this.coerce(row, element);
            this.push_item(matches, row, &mut then);
            this.if_then(cond, then, Vec::new(), out);
        });
        let none = self.null(span);
        let none = self.coerce(none, element);
        let length = self.length_of(matches, span);
        let zero = self.int(0, span);
        let empty = self.int_equal(length, zero);
        let mut then = Vec::new();
        self.push_item(matches, none, &mut then);
        self.if_then(empty, then, Vec::new(), out);
        matches
    }

    /// As `each`, with a slot of its own for the variable; `body` also gets the row.
    #[allow(clippy::too_many_arguments)]
    fn each_row(
        &mut self,
        source: Val,
        name: ast::Ident,
        stage: usize,
        expr: &ast::Expr,
        span: Span,
        out: &mut Vec<Stmt>,
        body: &mut dyn FnMut(&mut Self, Val, &mut Vec<Stmt>),
    ) {
        let (iterable, element) = self.row_source(source, span);
        let slot = self.keyed(Key::Part(expr.id.0, PART_JOIN + 4 * stage as u32 + 1));
        self.t.flow(element, slot);
        self.push_scope();
        let mut stmts = Vec::new();
        let local = self.loop_variable(name, slot, element, &mut stmts);
        let row = match self.resolve(name.name) {
            super::scope::Resolved::Var(var) => self.val(ExprKind::Local(var.local), var.slot, name.span),
            _ => self.poison(name.span),
        };
        body(self, row, &mut stmts);
        self.pop_scope();
        let kind = StmtKind::ForEach { local, iterable: iterable.e, body: Block { stmts } };
        out.push(Stmt { kind, span });
    }

    /// `right join` and `outer join`: all pairs first, then the rows.
    fn paired_rows(
        &mut self,
        query: &'a ast::Query,
        expr: &'a ast::Expr,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let (Some(source), Some(join)) = (query.sources.first(), query.joins.first()) else { return };
        let span = join.span;
        let lefts = self.part_list(expr, PART_JOIN + 2);
        let rights = self.part_list(expr, PART_JOIN + 3);
        let (left_slot, right_slot) =
            (self.t.element(lefts).unwrap_or(Slot::ANY), self.t.element(rights).unwrap_or(Slot::ANY));
        let (lefts, rights) = (self.let_list(lefts, span, out), self.let_list(rights, span, out));
        let outer = join.kind == ast::JoinKind::Outer;
        let left_source = self.expr(&source.source);
        let (left_source, left_element) = self.row_source(left_source, source.span);
        let left_source_local = self.let_temporary(left_source.t, left_source.e, out);
        let right_source = self.expr(&join.source);
        let (right_source, right_element) = self.row_source(right_source, span);
        let right_source_local = self.let_temporary(right_source.t, right_source.e, out);
        // `outer` runs over the left rows, `right` over the right rows; the other side is searched.
        let (first, second) = ((source.name, left_element), (join.name, right_element));
        let seen_slot = {
            let element = self.t.fresh_with(Content::Bool);
            self.t.list_of(element)
        };
        let seen = self.let_list(seen_slot, span, out);
        if outer {
            let source = self.read(right_source_local, span);
            let turns = self.sized_loop(source, span, &mut |this, stmts| {
                let no = this.bool(false, span);
                this.push_item(seen, no, stmts);
            });
            out.push(turns);
        }
        let (outside, inside) = if outer { (first, second) } else { (second, first) };
        let (outside_source, inside_source) = if outer {
            (left_source_local, right_source_local)
        } else {
            (right_source_local, left_source_local)
        };
        self.push_scope();
        let outside_slot = self.keyed(Key::Part(expr.id.0, PART_JOIN));
        self.t.flow(outside.1, outside_slot);
        let mut turn = Vec::new();
        let outside_local = self.loop_variable(outside.0, outside_slot, outside.1, &mut turn);
        let zero = self.int(0, span);
        let found = {
            let no = self.bool(false, span);
            self.let_temporary(Slot::BOOL, no, &mut turn)
        };
        let at = self.let_temporary(Slot::INT, zero, &mut turn);
        self.push_scope();
        let inside_slot = self.keyed(Key::Part(expr.id.0, PART_JOIN + 1));
        self.t.flow(inside.1, inside_slot);
        let mut search = Vec::new();
        let inside_local = self.loop_variable(inside.0, inside_slot, inside.1, &mut search);
        let (cond, _) = self.condition(&join.condition);
        let mut then = Vec::new();
        let left = self.name_value(source.name);
        let right = self.name_value(join.name);
        let left = self.coerce(left, left_slot);
        self.push_item(lefts, left, &mut then);
        let right = self.coerce(right, right_slot);
        self.push_item(rights, right, &mut then);
        let yes = self.bool(true, span);
        self.set_local(found, yes.clone(), &mut then);
        let index = self.read(at, span).e;
        if outer {
            self.set_item(seen, index.clone(), yes, &mut then);
        }
        self.if_then(cond, then, Vec::new(), &mut search);
        let one = self.int(1, span);
        let next = self.int_add(index, one);
        self.set_local(at, next, &mut search);
        self.pop_scope();
        let iterable = self.read(inside_source, span).e;
        let body_block = Block { stmts: search };
        turn.push(Stmt { kind: StmtKind::ForEach { local: inside_local, iterable, body: body_block }, span });
        // No partner: one row with null.
        let found = self.read(found, span);
        let missing = self.not(found, span).e;
        let mut then = Vec::new();
        let own = self.name_value(outside.0);
        let none = self.null(span);
        let (left, right) = if outer { (own, none) } else { (none, own) };
        let left = self.coerce(left, left_slot);
        self.push_item(lefts, left, &mut then);
        let right = self.coerce(right, right_slot);
        self.push_item(rights, right, &mut then);
        self.if_then(missing, then, Vec::new(), &mut turn);
        self.pop_scope();
        let iterable = self.read(outside_source, span).e;
        out.push(Stmt { kind: StmtKind::ForEach { local: outside_local, iterable, body: Block { stmts: turn } }, span });
        if outer {
            self.unseen_rows(right_source_local, seen, (lefts, left_slot), (rights, right_slot), span, out);
        }
        self.pair_loop(query, expr, lefts, rights, out, body);
    }

    /// The right rows of an outer join that matched nothing.
    fn unseen_rows(
        &mut self,
        source: LocalId,
        seen: LocalId,
        lefts: (LocalId, Slot),
        rights: (LocalId, Slot),
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let zero = self.int(0, span);
        let at = self.let_temporary(Slot::INT, zero, out);
        let source = self.read(source, span);
        let (source, element) = self.iterable(source, span);
        let row = self.temporary(element, span);
        let mut stmts = Vec::new();
        let index = self.read(at, span).e;
        let was_seen = self.item_of(seen, index.clone());
        let unseen = self.not(was_seen, span).e;
        let mut then = Vec::new();
        let none = self.null(span);
        let none = self.coerce(none, lefts.1);
        self.push_item(lefts.0, none, &mut then);
        let row_value = self.read(row, span);
        let row_value = self.coerce(row_value, rights.1);
        self.push_item(rights.0, row_value, &mut then);
        self.if_then(unseen, then, Vec::new(), &mut stmts);
        let one = self.int(1, span);
        let next = self.int_add(index, one);
        self.set_local(at, next, &mut stmts);
        out.push(Stmt { kind: StmtKind::ForEach { local: row, iterable: source.e, body: Block { stmts } }, span });
    }

    /// The rows of the collected pairs.
    fn pair_loop(
        &mut self,
        query: &'a ast::Query,
        expr: &'a ast::Expr,
        lefts: LocalId,
        rights: LocalId,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let (Some(source), Some(join)) = (query.sources.first(), query.joins.first()) else { return };
        let span = join.span;
        self.mark_lenient(source.name);
        self.mark_lenient(join.name);
        let zero = self.int(0, span);
        let length = self.length_of(lefts, span);
        self.push_scope();
        self.count_loop(zero, length, out, |this, index, stmts| {
            for (name, list) in [(source.name, lefts), (join.name, rights)] {
                let value = this.item_of(list, index.clone());
                let slot = this.var_slot(name.span);
                let init = this.coerce(value, slot);
                let var = this.declare(name.name, slot, name.span, true);
                stmts.push(Stmt { kind: StmtKind::Let { local: var.local, init: Some(init) }, span });
            }
            this.join_rows(query, expr, 1, stmts, body);
        });
        self.pop_scope();
    }

    /// A loop that only counts the elements.
    fn sized_loop(
        &mut self,
        source: Val,
        span: Span,
        body: &mut dyn FnMut(&mut Self, &mut Vec<Stmt>),
    ) -> Stmt {
        let (source, element) = self.iterable(source, span);
        let local = self.temporary(element, span);
        let mut stmts = Vec::new();
        body(self, &mut stmts);
        Stmt { kind: StmtKind::ForEach { local, iterable: source.e, body: Block { stmts } }, span }
    }

    pub(crate) fn name_value(&mut self, name: ast::Ident) -> Val {
        match self.resolve(name.name) {
            super::scope::Resolved::Var(var) => self.val(ExprKind::Local(var.local), var.slot, name.span),
            _ => self.poison(name.span),
        }
    }

    /// Joined variables that may be null read their fields as null then.
    fn mark_lenient(&mut self, name: ast::Ident) {
        let key = (self.ctx().inst, name.span.start);
        self.lenient.insert(key);
    }

    fn filtered(&mut self, query: &'a ast::Query, out: &mut Vec<Stmt>, body: RowBody<'_, 'a>) {
        let Some(filter) = &query.filter else { return body(self, out) };
        let (cond, facts) = self.condition(&filter.value);
        self.enter_facts();
        self.add_facts(facts.direct);
        let mut then = Vec::new();
        body(self, &mut then);
        self.leave_facts();
        self.if_then(cond, then, Vec::new(), out);
    }

    // --- aggregates ---

    /// `select sum(e)` and the like: the query's value is one number.
    fn aggregate_select(&mut self, query: &'a ast::Query) -> Option<(&'static str, &'a ast::Expr)> {
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
    fn aggregate_query(
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
            Some(number) if !ordered => {
                self.fused(name, query, value_expr, expr, (number, element), &mut stmts)
            }
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
                let sum = this.int_add(sum, one);
                this.set_local(total, sum, out);
                return;
            }
            let value = this.unwrapped(value);
            let value = this.coerce(value, total_slot);
            let sum = this.read(total, span).e;
            let sum = this.arith(ArithOp::Add, sum, value, total_slot);
            this.set_local(total, sum, out);
            if let Some(count) = count {
                let rows = this.read(count, span).e;
                let rows = this.int_add(rows, one);
                this.set_local(count, rows, out);
            }
        });
        let sum = self.read(total, span);
        let Some(count) = count else { return sum };
        let rows = self.read(count, span);
        let zero = self.int(0, span);
        let empty = self.int_equal(rows.e.clone(), zero);
        let rows = self.coerce(rows, Slot::FLOAT);
        let mean = self.arith(ArithOp::Div, sum.e, rows, Slot::FLOAT);
        let nothing = Expr { kind: ExprKind::Float(0.0), ty: Ty::FLOAT, span };
        let kind = ExprKind::If { cond: Box::new(empty), then: Box::new(nothing), els: Box::new(mean) };
        self.val(kind, Slot::FLOAT, span)
    }

    // --- update ---

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
        let row = super::scope::Var { local, slot: element, key, mutable: true, top: false };
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

/// The aggregate functions, as static names.
pub(crate) fn aggregate_name(name: Symbol) -> Option<&'static str> {
    ["sum", "avg", "count", "min", "max"].into_iter().find(|known| name == *known)
}
