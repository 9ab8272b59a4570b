//! Queries: sources, joins, predicates, groups, order, result.

use mochi_syntax::Symbol;
use mochi_syntax::ast::{Call, Expr, ExprKind, JoinKind, Query, QueryClause, QueryGroup, QueryJoin};

use super::narrow::Facts;
use super::scope::Origin;
use super::types::{Kind, Ty};
use super::{Checker, builtins};

impl Checker<'_> {
    pub(super) fn query(&mut self, expr: &Expr, query: &Query) -> Ty {
        let mark = self.mark();
        let result = self.query_in_scope(expr, query);
        self.leave(mark);
        result
    }

    fn query_in_scope(&mut self, expr: &Expr, query: &Query) -> Ty {
        let mut variables: Vec<Symbol> = Vec::new();
        let mut row = Ty::ERROR;
        for source in &query.sources {
            let ty = self.infer(&source.source, None);
            let element = match self.elements(ty) {
                Some(element) => element,
                None if variables.is_empty() => {
                    self.report("T032", expr.span, "query source must be a list");
                    Ty::ERROR
                }
                None => {
                    self.report("T034", source.span, "join source must be a list");
                    Ty::ERROR
                }
            };
            if variables.is_empty() {
                row = element;
            }
            self.bind(source.name.name, element, true, source.name.span);
            variables.push(source.name.name);
        }
        for join in &query.joins {
            self.join(join, &mut variables);
        }
        // Rows of several sources are records of all the variables; what is in them is looked up at run time.
        if variables.len() > 1 {
            row = Ty::ANY;
        }
        if let Some(filter) = &query.filter {
            let facts = self.predicate(filter, "where");
            self.assume(&facts.when_true);
        }
        for (clause, word) in [(&query.skip, "skip"), (&query.take, "take")] {
            if let Some(clause) = clause {
                self.row_count(clause, word);
            }
        }
        if let Some(group) = &query.group {
            self.group(group, row);
        }
        if let Some(sort) = &query.sort {
            self.sort(sort, query.group.is_some());
        }
        self.select(query)
    }

    /// Type of the rows of a source.
    fn elements(&self, source: Ty) -> Option<Ty> {
        match self.types.kind(source) {
            Kind::List(element) | Kind::Group(_, element) => Some(element),
            Kind::Error => Some(Ty::ERROR),
            _ => None,
        }
    }

    fn join(&mut self, join: &QueryJoin, variables: &mut Vec<Symbol>) {
        let source = self.infer(&join.source, None);
        let element = match self.elements(source) {
            Some(element) => element,
            None => {
                self.report("T034", join.span, "join source must be a list");
                Ty::ERROR
            }
        };
        self.bind(join.name.name, element, true, join.name.span);
        let (condition, _) = self.operand_with_facts(&join.condition);
        if !self.types.is_condition(condition) {
            self.report("T035", join.condition.span, "`on` condition must be boolean");
        }
        // Behind the condition, a side that may be missing is optional.
        let left_missing = matches!(join.kind, JoinKind::Right | JoinKind::Outer);
        let right_missing = matches!(join.kind, JoinKind::Left | JoinKind::Outer);
        if left_missing {
            for name in variables.iter() {
                self.make_optional(*name);
            }
        }
        if right_missing {
            self.make_optional(join.name.name);
        }
        variables.push(join.name.name);
    }

    fn make_optional(&mut self, name: Symbol) {
        if let Some(binding) = self.values.get(name).copied()
            && self.types.option_payload(binding.ty).is_none()
        {
            let ty = self.types.option(binding.ty);
            self.bind(name, ty, binding.mutable, binding.span);
        }
    }

    /// A condition on rows or groups, which must be free of effects.
    fn predicate(&mut self, clause: &QueryClause, word: &str) -> Facts {
        let outer = self.predicate.replace(None);
        let (ty, facts) = self.operand_with_facts(&clause.value);
        let effectful = std::mem::replace(&mut self.predicate, outer).flatten();
        if !self.types.is_condition(ty) {
            let (code, message) = match word {
                "having" => ("T042", "`having` condition must be boolean"),
                _ => ("T033", "`where` condition must be boolean"),
            };
            self.report(code, clause.value.span, message);
        } else if let Some(call) = effectful {
            let message = format!(
                "call to `{}` produces effect(s) {}, not allowed in `{word}` predicate",
                call.name, call.effects
            );
            self.report("T044", call.span, message);
        }
        facts
    }

    fn row_count(&mut self, clause: &QueryClause, word: &str) {
        let ty = self.infer(&clause.value, None);
        if !self.types.compatible(ty, Ty::INT) {
            let what = format!("`{word}` operand must be `int`, got ");
            self.operand("T055", clause.value.span, &what, ty);
        }
    }

    fn group(&mut self, group: &QueryGroup, row: Ty) {
        let keys: Vec<Ty> = group.keys.iter().map(|key| self.infer(key, None)).collect();
        // Several keys make a record named by their last fields.
        let key = match keys.as_slice() {
            [key] => *key,
            _ => Ty::ANY,
        };
        let ty = self.types.group(key, row);
        self.bind(group.name.name, ty, true, group.name.span);
        if let Some(having) = &group.having {
            self.predicate(having, "having");
        }
    }

    fn sort(&mut self, clause: &QueryClause, grouped: bool) {
        // The key of a grouped query may use names of key fields that exist at run time only.
        let outer = self.muted;
        self.muted |= grouped;
        let ty = self.infer(&clause.value, None);
        self.muted = outer;
        if !self.types.is_ordered(ty) {
            self.operand("T056", clause.value.span, "`sort by` expression must be an ordered type, got ", ty);
        }
    }

    fn select(&mut self, query: &Query) -> Ty {
        let select = &query.select.value;
        let aggregate = if query.group.is_none() { self.aggregate_call(select) } else { None };
        let ty = match aggregate {
            Some((name, call)) => self.aggregate(name, call, select),
            None => self.infer(select, None),
        };
        if query.distinct.is_some() && !self.types.is_hashable(ty) {
            self.operand("T057", select.span, "`select distinct` expression must be a hashable type, got ", ty);
        }
        if aggregate.is_some() { ty } else { self.types.list(ty) }
    }

    /// `select sum(e)`, which makes one value of the whole query.
    fn aggregate_call<'e>(&self, select: &'e Expr) -> Option<(Symbol, &'e Call)> {
        let ExprKind::Call(call) = &select.kind else { return None };
        let name = call.callee.as_name()?;
        let [arg] = call.args.as_slice() else { return None };
        if matches!(arg.without_parens().kind, ExprKind::Query(_) | ExprKind::LogicQuery(_)) {
            return None;
        }
        match self.values.get(name)?.origin {
            Origin::Builtin(index) if builtins::is_aggregate(index) => Some((name, call)),
            _ => None,
        }
    }

    fn aggregate(&mut self, name: Symbol, call: &Call, select: &Expr) -> Ty {
        let operand = call.args.first().map_or(Ty::ERROR, |arg| self.infer(arg, None));
        let fits = operand.is_dynamic() || operand.is_numeric();
        match name.as_str() {
            "count" => Ty::INT,
            "min" | "max" => {
                if fits || operand == Ty::STRING {
                    return operand;
                }
                let what = format!("{name}() expects a number or a string, got ");
                self.operand("T007", select.span, &what, operand);
                Ty::ERROR
            }
            _ => {
                if !fits {
                    self.operand("T041", select.span, "sum() expects numeric list or group, got ", operand);
                    return Ty::ERROR;
                }
                if name == "avg" { Ty::FLOAT } else { operand }
            }
        }
    }
}
