//! Equality joins: an index of one side's rows, so that each row of the other side finds its partners at once.
//!
//! Rows with the same key form a chain in row order: `heads` has the first row of each key, `following` for each row the next
//! one, -1 at the end.

use super::super::Lowerer;
use super::super::infer::{Content, Null, Shape, Slot};
use super::Bound;
use super::filter::{Names, conjuncts};
use crate::hir::{ArithOp, Block, Expr, ExprKind, LocalId, Place, Stmt, StmtKind};
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

/// A condition with an equality between the two sides of a join.
struct Equality<'a> {
    /// Needs variables of the indexed side only.
    key: &'a ast::Expr,
    /// Needs none of them.
    probe: &'a ast::Expr,
    rest: Vec<&'a ast::Expr>,
}

/// How to find the rows of a side.
pub(super) enum Search<'a> {
    /// One by one.
    All {
        conditions: Vec<&'a ast::Expr>,
    },
    Index {
        heads: LocalId,
        following: LocalId,
        key: Slot,
        probe: &'a ast::Expr,
        rest: Vec<&'a ast::Expr>,
    },
}

fn equality<'a>(conditions: &[&'a ast::Expr], indexed: &[Symbol]) -> Option<Equality<'a>> {
    for (position, condition) in conditions.iter().enumerate() {
        let ast::ExprKind::Binary(binary) = &condition.without_parens().kind else { continue };
        if binary.op != ast::BinaryOp::Eq {
            continue;
        }
        let (lhs, rhs) = (Names::of(&binary.lhs), Names::of(&binary.rhs));
        if !lhs.is_simple() || !rhs.is_simple() {
            continue;
        }
        let only = |names: &Names| !names.names.is_empty() && names.names.iter().all(|n| indexed.contains(n));
        let (key, probe) = if only(&lhs) && !rhs.mentions_any(indexed) {
            (&binary.lhs, &binary.rhs)
        } else if only(&rhs) && !lhs.mentions_any(indexed) {
            (&binary.rhs, &binary.lhs)
        } else {
            continue;
        };
        // Conditions before this one may be there to keep it from failing, and may themselves fail: they stay first.
        if conditions[..position].iter().any(|condition| !Names::of(condition).is_simple()) {
            return None;
        }
        let mut rest = conditions.to_vec();
        rest.remove(position);
        return Some(Equality { key, probe, rest });
    }
    None
}

impl<'a> Lowerer<'a> {
    /// How to find the rows of `side` that fulfil `condition`; the variables of the other side are bound. The code that makes
    /// an index goes to `head`.
    pub(super) fn search(
        &mut self,
        side: &[Bound],
        condition: &'a ast::Expr,
        span: Span,
        head: &mut Vec<Stmt>,
    ) -> Search<'a> {
        let mut conditions = Vec::new();
        conjuncts(condition, &mut conditions);
        let names: Vec<Symbol> = side.iter().map(|bound| bound.name.name).collect();
        match equality(&conditions, &names).and_then(|found| self.index_side(side, found, span, head)) {
            Some(search) => search,
            None => Search::All { conditions },
        }
    }

    /// Makes the index, if both keys are numbers or both are texts.
    fn index_side(
        &mut self,
        side: &[Bound],
        found: Equality<'a>,
        span: Span,
        head: &mut Vec<Stmt>,
    ) -> Option<Search<'a>> {
        let probe = self.expr(found.probe).t;
        let content = self.t.content(probe);
        if !matches!(content, Content::Int | Content::Str) || self.t.null(probe) != Null::No {
            return None;
        }
        let first = side.first()?;
        let mut build = Vec::new();
        let heads_slot = {
            let key = self.t.fresh_with(content);
            let value = self.t.fresh_with(Content::Int);
            self.t.container(Shape::Map(key, value))
        };
        let key_slot = self.t.fresh_with(content);
        let empty = self.val(ExprKind::Map(Vec::new()), heads_slot, span).e;
        let heads = self.let_temporary(heads_slot, empty, &mut build);
        let following = self.let_int_list(span, &mut build);
        let length = self.length_of(first.list, span);
        let length = self.let_temporary(Slot::INT, length, &mut build);
        let length = self.read(length, span).e;
        let (zero, none) = (self.int(0, span), self.int(-1, span));
        self.count_loop(zero.clone(), length.clone(), &mut build, |this, _, stmts| {
            this.push_item(following, none.clone(), stmts);
        });
        let mut fits = false;
        self.push_scope();
        // From the last row to the first, so that chains are in row order.
        self.count_loop(zero, length.clone(), &mut build, |this, turn, stmts| {
            let back = this.int_add(turn, this.int(1, span));
            let at = this.arith(ArithOp::Sub, length, back, Slot::INT);
            let at = this.let_temporary(Slot::INT, at, stmts);
            let at = this.read(at, span).e;
            this.bind_rows(side, &at, stmts);
            let key = this.expr(found.key);
            fits = this.t.content(key.t) == content && this.t.null(key.t) == Null::No;
            if !fits {
                return;
            }
            let key = this.let_temporary(key_slot, key.e, stmts);
            let key = this.read(key, span).e;
            let next = this.chain_start(heads, key.clone(), span);
            this.set_item(following, at.clone(), next, stmts);
            let base = this.read(heads, span).e;
            let place = Place::Index { base, index: key, span };
            stmts.push(Stmt { kind: StmtKind::Assign { place, value: at }, span });
        });
        self.pop_scope();
        if !fits {
            return None;
        }
        head.append(&mut build);
        Some(Search::Index { heads, following, key: key_slot, probe: found.probe, rest: found.rest })
    }

    /// `heads[key] ?? -1`
    fn chain_start(&mut self, heads: LocalId, key: Expr, span: Span) -> Expr {
        let base = self.read(heads, span);
        let value = match self.t.shape_of(base.t) {
            Some(Shape::Map(_, value)) => value,
            _ => Slot::INT,
        };
        let slot = self.t.nullable_copy(value, Null::Soft);
        let found = self.val(ExprKind::Index { base: Box::new(base.e), index: Box::new(key) }, slot, span).e;
        let none = self.int(-1, span);
        self.val(ExprKind::Coalesce { lhs: Box::new(found), rhs: Box::new(none) }, Slot::INT, span).e
    }

    /// Runs `body` with the number of each row of `side` that fits, in row order; its variables are bound then.
    pub(super) fn each_match(
        &mut self,
        search: &Search<'a>,
        side: &[Bound],
        span: Span,
        out: &mut Vec<Stmt>,
        body: &mut dyn FnMut(&mut Self, Expr, &mut Vec<Stmt>),
    ) {
        self.push_scope();
        match search {
            Search::All { conditions } => {
                if let Some(first) = side.first() {
                    let length = self.length_of(first.list, span);
                    let zero = self.int(0, span);
                    self.count_loop(zero, length, out, |this, at, stmts| {
                        this.bind_rows(side, &at, stmts);
                        this.guards(conditions, stmts, &mut |this, out| body(this, at.clone(), out));
                    });
                }
            }
            Search::Index { heads, following, key, probe, rest } => {
                let value = self.expr(probe);
                let value = self.coerce(value, *key);
                let start = self.chain_start(*heads, value, span);
                let local = self.let_temporary(Slot::INT, start, out);
                let at = self.read(local, span).e;
                let end = self.int(-1, span);
                let cond = self.int_less(end, at.clone());
                let mut stmts = Vec::new();
                self.bind_rows(side, &at, &mut stmts);
                self.guards(rest, &mut stmts, &mut |this, out| body(this, at.clone(), out));
                let next = self.item_of(*following, at).e;
                self.set_local(local, next, &mut stmts);
                out.push(Stmt { kind: StmtKind::While { cond, body: Block { stmts } }, span });
            }
        }
        self.pop_scope();
    }
}
