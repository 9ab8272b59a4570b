//! `from`: the loops over sources.

use super::super::infer::{Content, Null, Shape, Slot};
use super::super::scope::Resolved;
use super::super::{Key, Lowerer, Val};
use super::filter::Names;
use super::{Bound, PART_STAGE, Plan, RowBody, Target};
use crate::hir::{Block, Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use mochi_syntax::ast;

/// Lowers what follows a stage: gets the code before the loops, and the place inside the loop.
pub(super) type Next<'b, 'a> = &'b mut dyn FnMut(&mut Lowerer<'a>, &mut Vec<Stmt>, &mut Vec<Stmt>);

impl<'a> Lowerer<'a> {
    pub(super) fn source(
        &mut self,
        plan: &Plan<'a>,
        stage: usize,
        target: Target,
        head: &mut Vec<Stmt>,
        out: &mut Vec<Stmt>,
        next: Next<'_, 'a>,
    ) {
        let Some(source) = plan.query.sources.get(stage) else { return };
        let slot = self.stage_slot(plan, stage, target);
        let value = self.stage_source(plan, stage, &source.source, head);
        self.each(value, source.name, slot, source.source.span, out, &mut |this, out| next(this, head, out));
    }

    /// The slot of a variable as the stages behind it see it.
    pub(super) fn stage_slot(&mut self, plan: &Plan<'a>, stage: usize, target: Target) -> Slot {
        match target {
            Target::Body => self.var_slot(plan.names[stage].span),
            Target::Join(join) => self.keyed(Key::Part(plan.expr.id.0, Plan::part(join, stage, 0))),
        }
    }

    /// What a stage runs over. A later source that needs no row is evaluated once.
    pub(super) fn stage_source(
        &mut self,
        plan: &Plan<'a>,
        stage: usize,
        source: &'a ast::Expr,
        head: &mut Vec<Stmt>,
    ) -> Val {
        let value = self.expr(source);
        if stage == 0 || !self.runs_once(plan, stage, source) || matches!(value.e.kind, ExprKind::Local(_)) {
            return value;
        }
        let local = self.let_temporary(value.t, value.e, head);
        self.read(local, source.span)
    }

    /// The source is the same for all rows of the earlier stages.
    pub(super) fn runs_once(&self, plan: &Plan<'a>, stage: usize, source: &ast::Expr) -> bool {
        let names = Names::of(source);
        names.is_simple() && !names.mentions_any(&plan.symbols(0..stage))
    }

    /// `for name in source { body }`
    pub(super) fn each(
        &mut self,
        source: Val,
        name: ast::Ident,
        slot: Slot,
        span: Span,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let (iterable, element) = self.row_source(source, span);
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
    pub(super) fn row_source(&mut self, source: Val, span: Span) -> (Val, Slot) {
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

    /// The rows of a join's source in a list.
    pub(super) fn row_list(
        &mut self,
        plan: &Plan<'a>,
        stage: usize,
        source: Val,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Bound {
        let name = plan.names[stage];
        let (iterable, element) = self.row_source(source, span);
        if let Some(element) = self.t.element(iterable.t) {
            let list = match iterable.e.kind {
                ExprKind::Local(local) => local,
                _ => self.let_temporary(iterable.t, iterable.e, out),
            };
            return Bound { name, element, list };
        }
        let slot = self.part_list(plan.expr, PART_STAGE + stage as u32);
        let row_slot = self.t.element(slot).unwrap_or(Slot::ANY);
        let list = self.let_list(slot, span, out);
        let local = self.temporary(element, span);
        let row = self.read(local, span);
        let row = self.coerce(row, row_slot);
        let mut stmts = Vec::new();
        self.push_item(list, row, &mut stmts);
        let kind = StmtKind::ForEach { local, iterable: iterable.e, body: Block { stmts } };
        out.push(Stmt { kind, span });
        Bound { name, element: row_slot, list }
    }

    /// Declares the variables of one row of parallel lists.
    pub(super) fn bind_rows(&mut self, side: &[Bound], index: &Expr, out: &mut Vec<Stmt>) {
        for bound in side {
            let value = self.item_of(bound.list, index.clone());
            self.bind_value(bound.name, value, bound.element, out);
        }
    }

    /// `let name = value`
    pub(super) fn bind_value(&mut self, name: ast::Ident, value: Val, slot: Slot, out: &mut Vec<Stmt>) {
        let init = self.coerce(value, slot);
        let var = self.declare(name.name, slot, name.span, true);
        out.push(Stmt { kind: StmtKind::Let { local: var.local, init: Some(init) }, span: name.span });
    }

    /// The row at `index`, null when that is negative.
    pub(super) fn optional_item(&mut self, bound: &Bound, index: &Expr) -> Val {
        let span = index.span;
        let item = self.item_of(bound.list, index.clone());
        let slot = self.t.nullable_copy(item.t, Null::Hard);
        let item = self.coerce(item, slot);
        let none = self.val(ExprKind::Null, slot, span).e;
        let zero = self.int(0, span);
        let cond = self.int_less(index.clone(), zero);
        let kind = ExprKind::If { cond: Box::new(cond), then: Box::new(none), els: Box::new(item) };
        self.val(kind, slot, span)
    }

    pub(super) fn int_less(&mut self, lhs: Expr, rhs: Expr) -> Expr {
        let span = lhs.span;
        let op = crate::hir::CompareOp::Lt;
        Expr { kind: ExprKind::Compare { op, lhs: Box::new(lhs), rhs: Box::new(rhs) }, ty: Ty::BOOL, span }
    }

    pub(crate) fn name_value(&mut self, name: ast::Ident) -> Val {
        match self.resolve(name.name) {
            Resolved::Var(var) => self.val(ExprKind::Local(var.local), var.slot, name.span),
            _ => self.poison(name.span),
        }
    }

    /// Joined variables that may be null read their fields as null then.
    pub(super) fn mark_lenient(&mut self, name: ast::Ident) {
        let key = (self.ctx().inst, name.span.start);
        self.lenient.insert(key);
    }
}
