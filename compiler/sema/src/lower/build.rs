//! Small pieces of the typed program that constructs such as queries are expanded to.

use super::infer::Slot;
use super::{Lowerer, Val};
use crate::hir::{ArithOp, Block, Builtin, CompareOp, Expr, ExprKind, LocalId, Place, Stmt, StmtKind};
use crate::ty::Ty;
use mochi_diagnostics::Span;

impl<'a> Lowerer<'a> {
    /// Reads a local of the current function.
    pub(crate) fn read(&mut self, local: LocalId, span: Span) -> Val {
        let slot = self.ctx().slots.get(local.0 as usize).copied().unwrap_or(Slot::ANY);
        self.val(ExprKind::Local(local), slot, span)
    }

    /// `let local = init`, made by the compiler.
    pub(crate) fn let_temporary(&mut self, slot: Slot, init: Expr, out: &mut Vec<Stmt>) -> LocalId {
        let span = init.span;
        let local = self.temporary(slot, span);
        out.push(Stmt { kind: StmtKind::Let { local, init: Some(init) }, span });
        local
    }

    /// A new empty list in a local.
    pub(crate) fn let_list(&mut self, list: Slot, span: Span, out: &mut Vec<Stmt>) -> LocalId {
        let empty = self.val(ExprKind::List(Vec::new()), list, span).e;
        self.let_temporary(list, empty, out)
    }

    pub(crate) fn set_local(&mut self, local: LocalId, value: Expr, out: &mut Vec<Stmt>) {
        let span = value.span;
        out.push(Stmt { kind: StmtKind::Assign { place: Place::Local(local), value }, span });
    }

    /// `list = append(list, item)`: in place, as nobody else has the list.
    pub(crate) fn push_item(&mut self, list: LocalId, item: Expr, out: &mut Vec<Stmt>) {
        let span = item.span;
        let read = self.read(list, span);
        let slot = read.t;
        let value = self.val(ExprKind::Builtin { builtin: Builtin::Append, args: vec![read.e, item] }, slot, span).e;
        self.set_local(list, value, out);
    }

    pub(crate) fn int(&self, value: i64, span: Span) -> Expr {
        Expr { kind: ExprKind::Int(value), ty: Ty::INT, span }
    }

    pub(crate) fn bool(&self, value: bool, span: Span) -> Expr {
        Expr { kind: ExprKind::Bool(value), ty: Ty::BOOL, span }
    }

    pub(crate) fn arith(&mut self, op: ArithOp, lhs: Expr, rhs: Expr, slot: Slot) -> Expr {
        let span = lhs.span;
        self.val(ExprKind::Arith { op, lhs: Box::new(lhs), rhs: Box::new(rhs) }, slot, span).e
    }

    pub(crate) fn int_add(&mut self, lhs: Expr, rhs: Expr) -> Expr {
        self.arith(ArithOp::Add, lhs, rhs, Slot::INT)
    }

    pub(crate) fn int_equal(&mut self, lhs: Expr, rhs: Expr) -> Expr {
        let span = lhs.span;
        let kind = ExprKind::Compare { op: CompareOp::Eq, lhs: Box::new(lhs), rhs: Box::new(rhs) };
        self.val(kind, Slot::BOOL, span).e
    }

    /// `local[index]` for a list in a local.
    pub(crate) fn item_of(&mut self, list: LocalId, index: Expr) -> Val {
        let span = index.span;
        let base = self.read(list, span);
        let element = self.t.element(base.t).unwrap_or(Slot::ANY);
        self.val(ExprKind::Index { base: Box::new(base.e), index: Box::new(index) }, element, span)
    }

    /// `local[index] = value`
    pub(crate) fn set_item(&mut self, list: LocalId, index: Expr, value: Expr, out: &mut Vec<Stmt>) {
        let span = value.span;
        let base = self.read(list, span).e;
        let place = Place::Index { base, index, span };
        out.push(Stmt { kind: StmtKind::Assign { place, value }, span });
    }

    pub(crate) fn length_of(&mut self, list: LocalId, span: Span) -> Expr {
        let list = self.read(list, span).e;
        self.val(ExprKind::Builtin { builtin: Builtin::Len, args: vec![list] }, Slot::INT, span).e
    }

    /// `for i in start..end { body(i) }`
    pub(crate) fn count_loop(
        &mut self,
        start: Expr,
        end: Expr,
        out: &mut Vec<Stmt>,
        body: impl FnOnce(&mut Self, Expr, &mut Vec<Stmt>),
    ) {
        let span = start.span;
        let local = self.temporary(Slot::INT, span);
        let index = self.read(local, span).e;
        let mut stmts = Vec::new();
        body(self, index, &mut stmts);
        let body = Block { stmts };
        out.push(Stmt { kind: StmtKind::ForRange { local, start, end, body }, span });
    }

    pub(crate) fn if_then(&mut self, cond: Expr, then: Vec<Stmt>, els: Vec<Stmt>, out: &mut Vec<Stmt>) {
        let span = cond.span;
        let (then, els) = (Block { stmts: then }, Block { stmts: els });
        out.push(Stmt { kind: StmtKind::If { cond, then, els }, span });
    }
}
