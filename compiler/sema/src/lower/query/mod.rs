//! Queries, expanded to loops: sources and joins nest, `where` guards, and each row is appended to the result, grouped, or
//! added to an aggregate.
//!
//! Variables are bound in *stages*, one for each source and join. Inner and left joins nest inside the stages before them;
//! a right or outer join first collects the rows of the earlier stages, then pairs them with its own.

mod accumulate;
mod aggregate;
mod filter;
mod group;
mod index;
mod joins;
mod select;
mod sort;
mod sources;

pub(crate) use accumulate::Accumulated;

use super::infer::{Content, Shape, Slot};
use super::{Key, Lowerer, Val};
use crate::hir::{LocalId, Stmt};
use mochi_syntax::{Symbol, ast};

/// Numbers of the slots that belong to one query expression.
pub(crate) const PART_RESULT: u32 = 0;
pub(crate) const PART_SORT: u32 = 1;
pub(crate) const PART_GROUP: u32 = 2;
pub(crate) const PART_ROW: u32 = 3;
pub(crate) const PART_KEY: u32 = 4;
/// First number of the lists of joined rows, one for each stage.
const PART_STAGE: u32 = 16;
/// First number of the slots of variables that a later right or outer join collects: see [`Plan::part`].
const PART_COLLECTED: u32 = 1 << 16;
/// Stages of one query whose slots can be told apart.
const STAGE_LIMIT: u32 = 1 << 10;

/// What happens with a row whose variables are bound.
pub(crate) type RowBody<'b, 'a> = &'b mut dyn FnMut(&mut Lowerer<'a>, &mut Vec<Stmt>);

/// A query with its conditions sorted by the stage at which they can be decided.
struct Plan<'a> {
    query: &'a ast::Query,
    expr: &'a ast::Expr,
    /// The variables, one for each stage.
    names: Vec<ast::Ident>,
    filters: Vec<Vec<&'a ast::Expr>>,
}

/// Where the rows of some stages go: into the query's body, or into the lists of a later right or outer join.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Body,
    Join(usize),
}

/// A variable whose values are in a list.
#[derive(Clone, Copy)]
struct Bound {
    name: ast::Ident,
    element: Slot,
    list: LocalId,
}

/// The lists that rows are collected in.
struct Collect {
    items: LocalId,
    element: Slot,
    /// Sort keys and their type.
    keys: Option<(LocalId, Slot)>,
}

impl<'a> Plan<'a> {
    fn join(&self, stage: usize) -> Option<&'a ast::QueryJoin> {
        self.query.joins.get(stage.checked_sub(self.query.sources.len())?)
    }

    /// The join at this stage pairs whole lists.
    fn pairs_lists(&self, stage: usize) -> bool {
        self.join(stage).is_some_and(|join| matches!(join.kind, ast::JoinKind::Right | ast::JoinKind::Outer))
    }

    fn symbols(&self, stages: std::ops::Range<usize>) -> Vec<Symbol> {
        self.names[stages].iter().map(|name| name.name).collect()
    }

    /// Number of the slot (or with 1 the list) of a variable that is collected for the join at stage `join`.
    fn part(join: usize, stage: usize, list: u32) -> u32 {
        PART_COLLECTED + 2 * (join as u32 * STAGE_LIMIT + stage as u32) + list
    }
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

    /// Lowers the loops of the sources and joins; `body` runs for each row that passes `where`.
    pub(crate) fn rows(
        &mut self,
        query: &'a ast::Query,
        expr: &'a ast::Expr,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let plan = self.plan(query, expr);
        self.stages(&plan, plan.names.len(), Target::Body, out, body);
    }

    /// Lowers the first `end` stages.
    fn stages(&mut self, plan: &Plan<'a>, end: usize, target: Target, out: &mut Vec<Stmt>, body: RowBody<'_, 'a>) {
        match (0..end).rev().find(|stage| plan.pairs_lists(*stage)) {
            Some(stage) => self.paired_stage(plan, stage, target, out, &mut |this, head, out| {
                this.nested(plan, stage + 1..end, target, head, out, body);
            }),
            None => {
                let (mut head, mut loops) = (Vec::new(), Vec::new());
                self.nested(plan, 0..end, target, &mut head, &mut loops, body);
                out.append(&mut head);
                out.append(&mut loops);
            }
        }
    }

    /// Lowers stages that nest. `head` is code that runs once, before the loops.
    fn nested(
        &mut self,
        plan: &Plan<'a>,
        stages: std::ops::Range<usize>,
        target: Target,
        head: &mut Vec<Stmt>,
        out: &mut Vec<Stmt>,
        body: RowBody<'_, 'a>,
    ) {
        let stage = stages.start;
        if stages.is_empty() {
            return body(self, out);
        }
        let rest = stage + 1..stages.end;
        let mut next = |this: &mut Self, head: &mut Vec<Stmt>, out: &mut Vec<Stmt>| {
            this.guards(&plan.filters[stage], out, &mut |this, out| {
                this.nested(plan, rest.clone(), target, head, out, body);
            });
        };
        match plan.join(stage) {
            Some(join) if join.kind == ast::JoinKind::Left => {
                self.left_join(joins::JoinStage { plan, join, stage, target }, head, out, &mut next);
            }
            Some(join) => {
                self.inner_join(joins::JoinStage { plan, join, stage, target }, head, out, &mut next);
            }
            None => self.source(plan, stage, target, head, out, &mut next),
        }
    }
}
