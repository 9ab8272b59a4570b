//! Groups of which only aggregates are wanted: the pass over the rows adds them up, and no group has a list of its rows.
//!
//! Databases call it hash aggregation; see Goetz Graefe, "Query Evaluation Techniques for Large Databases" (ACM Computing
//! Surveys 25(2), 1993), section 4.

use super::super::infer::{Content, Null, Slot};
use super::super::scope::Resolved;
use super::super::{Lowerer, Val};
use super::PART_RESULT;
use super::aggregate::aggregate_name;
use super::filter::Names;
use crate::hir::{ArithOp, CompareOp, Expr, ExprKind, LocalId, Stmt, StmtKind};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

/// A call in the body of a grouped query that needs the group's rows only one after the other.
pub(super) struct Aggregate<'a> {
    call: &'a ast::Expr,
    /// `None` for the number of rows.
    values: Option<Values<'a>>,
}

/// `name(from row in group where … select …)`
struct Values<'a> {
    name: &'static str,
    query: &'a ast::Query,
    /// The type of the selected values.
    number: Slot,
}

/// Where the aggregate of each group is: lists by group number.
#[derive(Clone, Copy)]
enum Totals {
    Rows,
    /// Sums, counts, least or greatest values.
    Plain(LocalId),
    Mean {
        sums: LocalId,
        counts: LocalId,
    },
}

/// The value of an aggregate in the body of the query.
#[derive(Clone, Copy)]
pub(crate) struct Accumulated {
    /// The call's expression.
    call: u32,
    totals: Totals,
    /// The number of rows of each group.
    rows: LocalId,
    /// The group that the body is about.
    group: LocalId,
}

/// Collects the aggregates of a query's body.
struct Search<'a, 'l> {
    lowerer: &'l mut Lowerer<'a>,
    group: Symbol,
    /// Expressions that are evaluated for some groups only may not fail where they are evaluated for all.
    every_group: bool,
    found: Vec<Aggregate<'a>>,
}

impl<'a> Lowerer<'a> {
    /// The aggregates of a grouped query if its body wants nothing else of a group but its key.
    pub(super) fn only_aggregates(
        &mut self,
        query: &'a ast::Query,
        group: &'a ast::QueryGroup,
    ) -> Option<Vec<Aggregate<'a>>> {
        // Types are not known before.
        if !self.final_walk {
            return None;
        }
        let mut search = Search { lowerer: self, group: group.name.name, every_group: true, found: Vec::new() };
        // What the program's own functions do while rows are read might show in a sum.
        let conditions = query.joins.iter().flat_map(|join| [&join.source, &join.condition]);
        let sources = query.sources.iter().skip(1).map(|source| &source.source);
        let filter = query.filter.iter().map(|filter| &filter.value);
        if !group.keys.iter().chain(conditions).chain(sources).chain(filter).all(|part| search.expr(part)) {
            return None;
        }
        let mut only = group.having.as_ref().is_none_or(|having| search.expr(&having.value));
        search.every_group &= group.having.is_none();
        only = only && query.sort.as_ref().is_none_or(|sort| search.expr(&sort.value));
        (only && search.expr(&query.select.value)).then_some(search.found)
    }

    /// Empty lists for the totals of each aggregate.
    pub(super) fn declare_totals(
        &mut self,
        aggregates: &[Aggregate<'a>],
        (rows, group): (LocalId, LocalId),
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Vec<Accumulated> {
        let mut accumulated = Vec::new();
        for aggregate in aggregates {
            let totals = match &aggregate.values {
                None => Totals::Rows,
                Some(values) => {
                    let slot = match values.name {
                        "count" => Slot::INT,
                        "avg" => Slot::FLOAT,
                        _ => values.number,
                    };
                    let list = self.t.list_of(slot);
                    let totals = self.let_list(list, span, out);
                    match values.name {
                        "avg" => Totals::Mean { sums: totals, counts: self.let_int_list(span, out) },
                        _ => Totals::Plain(totals),
                    }
                }
            };
            accumulated.push(Accumulated { call: aggregate.call.id.0, totals, rows, group });
        }
        accumulated
    }

    /// The totals of a group without rows.
    pub(super) fn start_totals(&mut self, accumulated: &[Accumulated], span: Span, out: &mut Vec<Stmt>) {
        for one in accumulated {
            let lists = match one.totals {
                Totals::Rows => vec![],
                Totals::Plain(list) => vec![list],
                Totals::Mean { sums, counts } => vec![sums, counts],
            };
            for list in lists {
                let zero = self.zero_of(list, span);
                self.push_item(list, zero, out);
            }
        }
    }

    fn zero_of(&mut self, list: LocalId, span: Span) -> Expr {
        let list = self.read(list, span).t;
        let element = self.t.element(list).unwrap_or(Slot::INT);
        if self.t.content(element) == Content::Float {
            Expr { kind: ExprKind::Float(0.0), ty: Ty::FLOAT, span }
        } else {
            self.int(0, span)
        }
    }

    /// Adds a row to the totals of its group. `is_new` tells whether it is the group's first one.
    pub(super) fn add_up(
        &mut self,
        (aggregates, accumulated): (&[Aggregate<'a>], &[Accumulated]),
        (number, is_new): (LocalId, LocalId),
        (row, row_slot): (LocalId, Slot),
        out: &mut Vec<Stmt>,
    ) {
        for (aggregate, totals) in aggregates.iter().zip(accumulated) {
            let Some(values) = &aggregate.values else { continue };
            let [source] = values.query.sources.as_slice() else { continue };
            let span = aggregate.call.span;
            self.push_scope();
            let init = self.read(row, source.name.span).e;
            let var = self.declare(source.name.name, row_slot, source.name.span, true);
            out.push(Stmt { kind: StmtKind::Let { local: var.local, init: Some(init) }, span });
            let filter: Vec<&'a ast::Expr> = values.query.filter.iter().map(|filter| &filter.value).collect();
            self.guards(&filter, out, &mut |this, out| {
                let value = this.expr(&values.query.select.value);
                let at = this.read(number, span).e;
                match totals.totals {
                    Totals::Rows => {}
                    Totals::Plain(list) if values.name == "count" => this.increase(list, at, span, out),
                    Totals::Plain(list) if values.name == "sum" => this.add_to(list, at, value, out),
                    Totals::Plain(list) => this.keep_extreme(values.name, list, (at, is_new), value, out),
                    Totals::Mean { sums, counts } => {
                        this.add_to(sums, at.clone(), value, out);
                        this.increase(counts, at, span, out);
                    }
                }
            });
            self.pop_scope();
        }
    }

    /// `list[at] = list[at] + 1`
    pub(super) fn increase(&mut self, list: LocalId, at: Expr, span: Span, out: &mut Vec<Stmt>) {
        let count = self.item_of(list, at.clone()).e;
        let one = self.int(1, span);
        let count = self.arith(ArithOp::WrappingAdd, count, one, Slot::INT);
        self.set_item(list, at, count, out);
    }

    /// `list[at] = list[at] + value`, as the builtin `sum` adds.
    fn add_to(&mut self, list: LocalId, at: Expr, value: Val, out: &mut Vec<Stmt>) {
        let sum = self.item_of(list, at.clone());
        let op = if self.t.content(sum.t) == Content::Int { ArithOp::WrappingAdd } else { ArithOp::Add };
        let value = self.coerce(value, sum.t);
        let sum = self.arith(op, sum.e, value, sum.t);
        self.set_item(list, at, sum, out);
    }

    /// `if is_new || value < list[at] { list[at] = value }`
    fn keep_extreme(
        &mut self,
        name: &str,
        list: LocalId,
        (at, is_new): (Expr, LocalId),
        value: Val,
        out: &mut Vec<Stmt>,
    ) {
        let span = at.span;
        let slot = value.t;
        let value = self.let_temporary(slot, value.e, out);
        let best = self.item_of(list, at.clone()).e;
        let op = if name == "min" { CompareOp::Lt } else { CompareOp::Gt };
        let read = self.read(value, span).e;
        let kind = ExprKind::Compare { op, lhs: Box::new(read.clone()), rhs: Box::new(best) };
        let better = self.val(kind, Slot::BOOL, span).e;
        let is_new = self.read(is_new, span).e;
        let kind = ExprKind::Or { lhs: Box::new(is_new), rhs: Box::new(better) };
        let cond = self.val(kind, Slot::BOOL, span).e;
        let mut then = Vec::new();
        self.set_item(list, at, read, &mut then);
        self.if_then(cond, then, Vec::new(), out);
    }

    /// The value of a call whose aggregate the pass over the rows has added up.
    pub(crate) fn accumulated(&mut self, call: &ast::Expr) -> Option<Val> {
        let found = self.ctx().accumulated.iter().rev().find(|one| one.call == call.id.0).copied()?;
        let span = call.span;
        let group = self.read(found.group, span).e;
        Some(match found.totals {
            Totals::Rows => self.item_of(found.rows, group),
            Totals::Plain(list) => self.item_of(list, group),
            Totals::Mean { sums, counts } => {
                let sum = self.item_of(sums, group.clone()).e;
                let count = self.item_of(counts, group);
                self.mean(sum, count, span)
            }
        })
    }
}

impl<'a> Search<'a, '_> {
    /// Whether the expression needs no more of the group than its key and aggregates; those are noted.
    fn expr(&mut self, expr: &'a ast::Expr) -> bool {
        use ast::ExprKind;
        match &expr.kind {
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Bool(_) | ExprKind::Str(_) | ExprKind::None => true,
            ExprKind::Name(name) => *name != self.group,
            ExprKind::List(items) => items.iter().all(|item| self.expr(item)),
            ExprKind::Map(entries) => entries.iter().all(|entry| {
                (matches!(entry.key.kind, ExprKind::Name(_)) || self.expr(&entry.key)) && self.expr(&entry.value)
            }),
            ExprKind::Struct(literal) => literal.fields.iter().all(|field| self.expr(&field.value)),
            ExprKind::Paren(inner) => self.expr(inner),
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Cast(cast) => self.expr(&cast.value),
            ExprKind::Binary(binary) => {
                self.expr(&binary.lhs)
                    && match binary.op {
                        ast::BinaryOp::And | ast::BinaryOp::Or | ast::BinaryOp::Coalesce => self.sometimes(&binary.rhs),
                        _ => self.expr(&binary.rhs),
                    }
            }
            ExprKind::Field(field) => match field.base.as_name() {
                Some(base) if base == self.group => field.name.name == "key",
                _ => self.expr(&field.base),
            },
            ExprKind::Index(index) => {
                index.safe.is_none() && self.expr(&index.base) && index.subscript.parts().all(|part| self.expr(part))
            }
            ExprKind::If(choice) => {
                self.expr(&choice.condition)
                    && self.sometimes(&choice.then_value)
                    && choice.else_value.as_ref().is_none_or(|value| self.sometimes(value))
            }
            ExprKind::Call(call) => {
                if let Some(aggregate) = self.aggregate(call, expr) {
                    self.found.push(aggregate);
                    return true;
                }
                // A function of the program may change what is added up.
                !self.is_own(call) && call.args.iter().all(|arg| self.expr(arg))
            }
            // What has names of its own, or may be evaluated more than once.
            _ => false,
        }
    }

    fn sometimes(&mut self, expr: &'a ast::Expr) -> bool {
        let every_group = std::mem::replace(&mut self.every_group, false);
        let result = self.expr(expr);
        self.every_group = every_group;
        result
    }

    /// Whether something other than a builtin is called.
    fn is_own(&mut self, call: &ast::Call) -> bool {
        call.callee.as_name().is_none_or(|callee| {
            self.lowerer.functions_by_name.contains_key(&callee)
                || !matches!(self.lowerer.resolve(callee), Resolved::Unknown)
        })
    }

    fn aggregate(&mut self, call: &'a ast::Call, expr: &'a ast::Expr) -> Option<Aggregate<'a>> {
        if self.is_own(call) {
            return None;
        }
        let callee = call.callee.as_name()?;
        let [arg] = call.args.as_slice() else { return None };
        let arg = arg.without_parens();
        if arg.as_name() == Some(self.group) {
            return (callee == "count" || callee == "len").then_some(Aggregate { call: expr, values: None });
        }
        let name = aggregate_name(callee)?;
        let ast::ExprKind::Query(query) = &arg.kind else { return None };
        let number = self.number(name, query, arg)?;
        Some(Aggregate { call: expr, values: Some(Values { name, query, number }) })
    }

    /// The type of the values of `from row in group where … select …` if they can be added up row by row.
    fn number(&mut self, name: &str, query: &'a ast::Query, expr: &'a ast::Expr) -> Option<Slot> {
        let [source] = query.sources.as_slice() else { return None };
        let of_group = source.source.as_name() == Some(self.group) && source.name.name != self.group;
        let plain = query.joins.is_empty()
            && query.group.is_none()
            && query.sort.is_none()
            && query.skip.is_none()
            && query.take.is_none()
            && query.distinct.is_none();
        let parts = || [Some(&query.select), query.filter.as_ref()].into_iter().flatten().map(|part| &part.value);
        let simple = parts().all(|part| {
            let names = Names::of(part);
            names.is_simple() && !names.mentions_any(&[self.group]) && (self.every_group || !names.arithmetic)
        });
        if !of_group || !plain || !simple {
            return None;
        }
        let lowerer = &mut *self.lowerer;
        let list = lowerer.part_list(expr, PART_RESULT);
        let element = lowerer.t.element(list)?;
        if name == "count" {
            return Some(Slot::INT);
        }
        let number = match lowerer.t.content(element) {
            Content::Int => Slot::INT,
            Content::Float => Slot::FLOAT,
            _ => return None,
        };
        // The first value counts for an extreme, whatever it is: with a condition there may be none.
        let extreme = matches!(name, "min" | "max");
        (lowerer.t.null(element) == Null::No && !(extreme && query.filter.is_some())).then_some(number)
    }
}
