//! `join`: partners of rows.

use super::super::infer::{Content, Slot};
use super::super::{Key, Lowerer};
use super::index::Search;
use super::sources::Next;
use super::{Bound, Plan, Target};
use crate::hir::{Block, Expr, LocalId, Stmt, StmtKind};
use mochi_diagnostics::Span;
use mochi_syntax::ast;

/// A join among the stages of a query.
#[derive(Clone, Copy)]
pub(super) struct JoinStage<'p, 'a> {
    pub plan: &'p Plan<'a>,
    pub join: &'a ast::QueryJoin,
    pub stage: usize,
    pub target: Target,
}

/// One side of a join, and the list that takes its row numbers.
type Side<'b> = (&'b [Bound], LocalId);

impl<'a> Lowerer<'a> {
    /// For each row the partners in order.
    pub(super) fn inner_join(
        &mut self,
        JoinStage { plan, join, stage, target }: JoinStage<'_, 'a>,
        head: &mut Vec<Stmt>,
        out: &mut Vec<Stmt>,
        next: Next<'_, 'a>,
    ) {
        let span = join.span;
        let slot = self.stage_slot(plan, stage, target);
        let value = self.stage_source(plan, stage, &join.source, head);
        if self.runs_once(plan, stage, &join.source) && self.t.element(value.t).is_some() {
            let mut before = Vec::new();
            let side = [self.row_list(plan, stage, value.clone(), span, &mut before)];
            if let search @ Search::Index { .. } = self.search(&side, &join.condition, span, &mut before) {
                self.t.flow(side[0].element, slot);
                head.append(&mut before);
                let side = [Bound { element: slot, ..side[0] }];
                self.each_match(&search, &side, span, out, &mut |this, _, out| next(this, head, out));
                return;
            }
        }
        self.each(value, join.name, slot, span, out, &mut |this, out| {
            let mut conditions = Vec::new();
            super::filter::conjuncts(&join.condition, &mut conditions);
            this.guards(&conditions, out, &mut |this, out| next(this, head, out));
        });
    }

    /// For each row the partners in order, or null.
    pub(super) fn left_join(
        &mut self,
        JoinStage { plan, join, stage, target }: JoinStage<'_, 'a>,
        head: &mut Vec<Stmt>,
        out: &mut Vec<Stmt>,
        next: Next<'_, 'a>,
    ) {
        let span = join.span;
        let slot = self.stage_slot(plan, stage, target);
        let value = self.stage_source(plan, stage, &join.source, head);
        let once = self.runs_once(plan, stage, &join.source);
        let side = {
            let before = if once { &mut *head } else { &mut *out };
            [self.row_list(plan, stage, value, span, before)]
        };
        let search = {
            let before = if once { &mut *head } else { &mut *out };
            self.search(&side, &join.condition, span, before)
        };
        // Row numbers of the partners of all rows so far: one list serves all rows.
        let matches = self.let_int_list(span, head);
        let start = self.length_of(matches, span);
        let start = self.let_temporary(Slot::INT, start, out);
        let start = self.read(start, span).e;
        self.each_match(&search, &side, span, out, &mut |this, at, out| this.push_item(matches, at, out));
        let length = self.length_of(matches, span);
        let alone = self.int_equal(length, start.clone());
        let mut then = Vec::new();
        let none = self.int(-1, span);
        self.push_item(matches, none, &mut then);
        self.if_then(alone, then, Vec::new(), out);
        self.mark_lenient(join.name);
        let end = self.length_of(matches, span);
        let mut turn = Vec::new();
        let position = self.temporary(Slot::INT, span);
        let index = self.read(position, span).e;
        self.push_scope();
        let at = self.item_of(matches, index).e;
        let at = self.let_temporary(Slot::INT, at, &mut turn);
        let at = self.read(at, span).e;
        let row = self.optional_item(&side[0], &at);
        self.bind_value(join.name, row, slot, &mut turn);
        next(self, head, &mut turn);
        self.pop_scope();
        let kind = StmtKind::ForRange { local: position, start, end, body: Block { stmts: turn } };
        out.push(Stmt { kind, span });
    }

    /// `right join` and `outer join`: all pairs first, then the rows.
    pub(super) fn paired_stage(
        &mut self,
        plan: &Plan<'a>,
        stage: usize,
        target: Target,
        out: &mut Vec<Stmt>,
        next: Next<'_, 'a>,
    ) {
        let Some(join) = plan.join(stage) else { return };
        let span = join.span;
        let lefts = self.collected_rows(plan, stage, span, out);
        let value = self.expr(&join.source);
        let right = self.row_list(plan, stage, value, span, out);
        let outer = join.kind == ast::JoinKind::Outer;
        let pairs = (self.let_int_list(span, out), self.let_int_list(span, out));
        if outer {
            self.outer_pairs(join, &lefts, &right, pairs, out);
        } else {
            self.right_pairs(join, &lefts, &right, pairs, out);
        }
        let (mut head, mut loops) = (Vec::new(), Vec::new());
        let (zero, count) = (self.int(0, span), self.length_of(pairs.0, span));
        self.push_scope();
        self.count_loop(zero, count, &mut loops, |this, position, stmts| {
            let left_at = this.item_of(pairs.0, position.clone()).e;
            let left_at = this.let_temporary(Slot::INT, left_at, stmts);
            let left_at = this.read(left_at, span).e;
            let right_at = this.item_of(pairs.1, position).e;
            let right_at = this.let_temporary(Slot::INT, right_at, stmts);
            let right_at = this.read(right_at, span).e;
            for (number, left) in lefts.iter().enumerate() {
                this.mark_lenient(left.name);
                let slot = this.stage_slot(plan, number, target);
                let value = this.optional_item(left, &left_at);
                this.bind_value(left.name, value, slot, stmts);
            }
            let slot = this.stage_slot(plan, stage, target);
            let value = if outer {
                this.mark_lenient(right.name);
                this.optional_item(&right, &right_at)
            } else {
                this.item_of(right.list, right_at)
            };
            this.bind_value(right.name, value, slot, stmts);
            this.guards(&plan.filters[stage], stmts, &mut |this, out| next(this, &mut head, out));
        });
        self.pop_scope();
        out.append(&mut head);
        out.append(&mut loops);
    }

    /// The rows of the stages before a right or outer join, one list for each variable.
    fn collected_rows(&mut self, plan: &Plan<'a>, stage: usize, span: Span, out: &mut Vec<Stmt>) -> Vec<Bound> {
        let mut lists = Vec::new();
        for (number, name) in plan.names[..stage].iter().enumerate() {
            let slot = self.part_list(plan.expr, Plan::part(stage, number, 1));
            let element = self.t.element(slot).unwrap_or(Slot::ANY);
            let list = self.let_list(slot, span, out);
            lists.push(Bound { name: *name, element, list });
        }
        self.push_scope();
        self.stages(plan, stage, Target::Join(stage), out, &mut |this, out| {
            for (number, bound) in lists.iter().enumerate() {
                let value = this.name_value(bound.name);
                let slot = this.keyed(Key::Part(plan.expr.id.0, Plan::part(stage, number, 0)));
                this.t.flow(value.t, slot);
                let value = this.coerce(value, bound.element);
                this.push_item(bound.list, value, out);
            }
        });
        self.pop_scope();
        lists
    }

    /// Each right row with its left partners in order, or alone.
    fn right_pairs(
        &mut self,
        join: &'a ast::QueryJoin,
        lefts: &[Bound],
        right: &Bound,
        pairs: (LocalId, LocalId),
        out: &mut Vec<Stmt>,
    ) {
        let right = (std::slice::from_ref(right), pairs.1);
        self.pairs(&join.condition, right, (lefts, pairs.0), None, join.span, out);
    }

    /// Each left row with its right partners in order, or alone; then the right rows without partner.
    fn outer_pairs(
        &mut self,
        join: &'a ast::QueryJoin,
        lefts: &[Bound],
        right: &Bound,
        pairs: (LocalId, LocalId),
        out: &mut Vec<Stmt>,
    ) {
        let span = join.span;
        let seen_slot = {
            let element = self.t.fresh_with(Content::Bool);
            self.t.list_of(element)
        };
        let seen = self.let_list(seen_slot, span, out);
        let (zero, count) = (self.int(0, span), self.length_of(right.list, span));
        self.count_loop(zero.clone(), count.clone(), out, |this, _, stmts| {
            let no = this.bool(false, span);
            this.push_item(seen, no, stmts);
        });
        let right_side = std::slice::from_ref(right);
        self.pairs(&join.condition, (lefts, pairs.0), (right_side, pairs.1), Some(seen), span, out);
        self.count_loop(zero, count, out, |this, at, stmts| {
            let was_seen = this.item_of(seen, at.clone());
            let unseen = this.not(was_seen, span).e;
            let mut then = Vec::new();
            let none = this.int(-1, span);
            this.push_item(pairs.0, none, &mut then);
            this.push_item(pairs.1, at, &mut then);
            this.if_then(unseen, then, Vec::new(), stmts);
        });
    }

    /// Row numbers of each row of `outside` with its partners of `inside` in order, or with -1. Marks the `inside` rows found.
    fn pairs(
        &mut self,
        condition: &'a ast::Expr,
        (outside, outside_rows): Side<'_>,
        (inside, inside_rows): Side<'_>,
        seen: Option<LocalId>,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        let Some(first) = outside.first() else { return };
        let (zero, count) = (self.int(0, span), self.length_of(first.list, span));
        let mut head = Vec::new();
        let mut loops = Vec::new();
        self.push_scope();
        self.count_loop(zero, count, &mut loops, |this, at, stmts| {
            this.bind_rows(outside, &at, stmts);
            let search = this.search(inside, condition, span, &mut head);
            let no = this.bool(false, span);
            let found = this.let_temporary(Slot::BOOL, no, stmts);
            this.each_match(&search, inside, span, stmts, &mut |this, partner: Expr, out| {
                this.push_item(outside_rows, at.clone(), out);
                let yes = this.bool(true, span);
                if let Some(seen) = seen {
                    this.set_item(seen, partner.clone(), yes.clone(), out);
                }
                this.push_item(inside_rows, partner, out);
                this.set_local(found, yes, out);
            });
            let found = this.read(found, span);
            let missing = this.not(found, span).e;
            let mut then = Vec::new();
            let none = this.int(-1, span);
            this.push_item(outside_rows, at, &mut then);
            this.push_item(inside_rows, none, &mut then);
            this.if_then(missing, then, Vec::new(), stmts);
        });
        self.pop_scope();
        out.append(&mut head);
        out.append(&mut loops);
    }
}
