//! Facts that hold in a region of a function: `x` is not null, `m` has the key `k`.
//!
//! They decide where a possibly missing value counts as present. The check stays in the program (`Unwrap`), so a fact that a
//! call or an alias has made wrong leads to a run-time error, never to a wrong value.

use super::Lowerer;
use super::declare::GLOBAL_INST;
use super::infer::Null;
use super::scope::Resolved;
use super::{Val, VarKey};
use crate::hir::Expr;
use mochi_syntax::{Symbol, ast};

/// An expression that means the same each time while its variables are not assigned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Term {
    Var(VarKey, Symbol),
    Field(Box<Term>, Symbol),
    Index(Box<Term>, Box<Term>),
    Str(Symbol),
    Int(i64),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Fact {
    NonNull(Term),
    HasKey(Term, Term),
}

/// What a condition tells when it is true and when it is false.
#[derive(Default)]
pub(crate) struct Facts {
    pub direct: Vec<Fact>,
    pub inverse: Vec<Fact>,
}

impl Term {
    fn mentions(&self, test: &dyn Fn(&Term) -> bool) -> bool {
        test(self)
            || match self {
                Term::Field(base, _) => base.mentions(test),
                Term::Index(base, index) => base.mentions(test) || index.mentions(test),
                Term::Var(..) | Term::Str(_) | Term::Int(_) => false,
            }
    }
}

impl Fact {
    fn mentions(&self, test: &dyn Fn(&Term) -> bool) -> bool {
        match self {
            Fact::NonNull(term) => term.mentions(test),
            Fact::HasKey(map, key) => map.mentions(test) || key.mentions(test),
        }
    }
}

impl<'a> Lowerer<'a> {
    pub(crate) fn enter_facts(&mut self) {
        self.ctx().fact_depth += 1;
    }

    pub(crate) fn leave_facts(&mut self) {
        let ctx = self.ctx();
        let depth = ctx.fact_depth;
        ctx.facts.retain(|fact| fact.0 < depth);
        ctx.fact_depth -= 1;
    }

    pub(crate) fn add_facts(&mut self, facts: Vec<Fact>) {
        let ctx = self.ctx();
        let depth = ctx.fact_depth;
        ctx.facts.extend(facts.into_iter().map(|fact| (depth, fact)));
    }

    /// The variable was assigned.
    pub(crate) fn kill_facts(&mut self, key: VarKey) {
        self.ctx()
            .facts
            .retain(|(_, fact)| !fact.mentions(&|term| matches!(term, Term::Var(other, _) if *other == key)));
    }

    pub(crate) fn term(&mut self, expr: &ast::Expr) -> Option<Term> {
        match &expr.without_parens().kind {
            ast::ExprKind::Name(name) => match self.resolve(*name) {
                Resolved::Var(var) => Some(Term::Var(var.key, *name)),
                Resolved::Global { .. } => {
                    let start = self.tops.get(name)?.span.start;
                    Some(Term::Var((GLOBAL_INST, start), *name))
                }
                _ => None,
            },
            ast::ExprKind::Field(field) if field.safe.is_none() => {
                Some(Term::Field(Box::new(self.term(&field.base)?), field.name.name))
            }
            ast::ExprKind::Index(index) => match &index.subscript {
                ast::Subscript::Item(item) => {
                    Some(Term::Index(Box::new(self.term(&index.base)?), Box::new(self.term(item)?)))
                }
                _ => None,
            },
            ast::ExprKind::Str(text) => Some(Term::Str(text.text)),
            ast::ExprKind::Int(value) => Some(Term::Int(*value)),
            _ => None,
        }
    }

    /// The value of `expr`, known to be present here if a fact says so.
    pub(crate) fn narrowed(&mut self, value: Val, expr: &ast::Expr) -> Val {
        if self.ctx().facts.is_empty() || self.t.null(value.t) == Null::No {
            return value;
        }
        let Some(term) = self.term(expr) else { return value };
        let known = self.ctx().facts.iter().any(|(_, fact)| match (fact, &term) {
            (Fact::NonNull(other), _) => *other == term,
            (Fact::HasKey(map, key), Term::Index(base, index)) => map == &**base && key == &**index,
            (Fact::HasKey(..), _) => false,
        });
        // An entry that is there may still hold a null that was stored on purpose.
        let stored_null = self.t.null(value.t) == Null::Hard && !self.has_non_null_fact(&term);
        if known && !stored_null { self.unwrapped(value) } else { value }
    }

    fn has_non_null_fact(&mut self, term: &Term) -> bool {
        self.ctx().facts.iter().any(|(_, fact)| matches!(fact, Fact::NonNull(other) if other == term))
    }

    /// A value that is not null was assigned to the variable.
    pub(crate) fn learn_present(&mut self, name: Symbol) {
        if let Resolved::Var(var) = self.resolve(name)
            && self.t.null(var.slot) != Null::No
        {
            self.add_facts(vec![Fact::NonNull(Term::Var(var.key, name))]);
        }
    }

    pub(crate) fn learn_key(&mut self, map: Symbol, key: Symbol) {
        let (Some(map), Some(key)) = (self.name_term(map), self.name_term(key)) else { return };
        self.add_facts(vec![Fact::HasKey(map, key)]);
    }

    fn name_term(&mut self, name: Symbol) -> Option<Term> {
        match self.resolve(name) {
            Resolved::Var(var) => Some(Term::Var(var.key, name)),
            Resolved::Global { .. } => {
                let start = self.tops.get(&name)?.span.start;
                Some(Term::Var((GLOBAL_INST, start), name))
            }
            _ => None,
        }
    }

    /// After `m[k] = v` the entry exists.
    pub(crate) fn learn_entry(&mut self, target: &ast::Expr) {
        if let ast::ExprKind::Field(field) = &target.kind {
            let name = field.name.name;
            self.ctx()
                .facts
                .retain(|(_, fact)| !fact.mentions(&|term| matches!(term, Term::Field(_, other) if *other == name)));
            return;
        }
        let ast::ExprKind::Index(index) = &target.kind else { return };
        let ast::Subscript::Item(item) = &index.subscript else { return };
        if let (Some(map), Some(key)) = (self.term(&index.base), self.term(item)) {
            self.add_facts(vec![Fact::HasKey(map, key)]);
        }
    }

    /// The block assigns the entry that the fact is about.
    pub(crate) fn block_makes(&mut self, block: &ast::Block, fact: &Fact) -> bool {
        let Fact::HasKey(map, key) = fact else { return false };
        block.statements.iter().any(|stmt| {
            let ast::StmtKind::Assign(assign) = &stmt.kind else { return false };
            let ast::ExprKind::Index(index) = &assign.target.kind else { return false };
            let ast::Subscript::Item(item) = &index.subscript else { return false };
            self.term(&index.base).as_ref() == Some(map) && self.term(item).as_ref() == Some(key)
        })
    }

    /// Drops facts about variables that a loop body assigns: they do not hold in the next turn.
    pub(crate) fn forget_assigned(&mut self, block: &ast::Block) {
        if self.ctx().facts.is_empty() {
            return;
        }
        let mut names = Vec::new();
        assigned_names(block, &mut names);
        self.ctx().facts.retain(|(_, fact)| {
            !fact.mentions(&|term| match term {
                Term::Var(_, name) | Term::Field(_, name) => names.contains(name),
                _ => false,
            })
        });
    }

    /// A condition as a `bool`, with what it tells.
    pub(crate) fn condition(&mut self, expr: &'a ast::Expr) -> (Expr, Facts) {
        let (value, facts) = self.condition_value(expr);
        (value.e, facts)
    }

    pub(crate) fn condition_value(&mut self, expr: &'a ast::Expr) -> (Val, Facts) {
        match &expr.kind {
            ast::ExprKind::Paren(inner) => self.condition_value(inner),
            ast::ExprKind::Unary { op: ast::UnaryOp::Not, operand, .. } => {
                let (value, facts) = self.condition_value(operand);
                let value = self.not(value, expr.span);
                (value, Facts { direct: facts.inverse, inverse: facts.direct })
            }
            ast::ExprKind::Binary(binary) => match binary.op {
                ast::BinaryOp::And | ast::BinaryOp::Or => self.logic_condition(binary, expr.span),
                ast::BinaryOp::Eq | ast::BinaryOp::Ne => {
                    let value = self.expr(expr);
                    let value = self.truth(value);
                    (value, self.null_test_facts(binary))
                }
                ast::BinaryOp::In => {
                    let value = self.expr(expr);
                    let mut facts = Facts::default();
                    if let (Some(key), Some(map)) = (self.term(&binary.lhs), self.term(&binary.rhs)) {
                        facts.direct.push(Fact::HasKey(map, key));
                    }
                    (self.truth(value), facts)
                }
                _ => self.plain_condition(expr),
            },
            _ => self.plain_condition(expr),
        }
    }

    /// The condition of an `if` expression: only `true` is true, whereas statements go by what counts as true.
    pub(crate) fn exact_condition(&mut self, expr: &'a ast::Expr) -> (Expr, Facts) {
        let expr = expr.without_parens();
        match &expr.kind {
            ast::ExprKind::Unary { op: ast::UnaryOp::Not, .. } | ast::ExprKind::Binary(_) => self.condition(expr),
            _ => {
                let value = self.expr(expr);
                let facts = self.truth_facts(&value, expr);
                (self.is_true(value), facts)
            }
        }
    }

    fn plain_condition(&mut self, expr: &'a ast::Expr) -> (Val, Facts) {
        let value = self.expr(expr);
        let facts = self.truth_facts(&value, expr);
        (self.truth(value), facts)
    }

    fn truth_facts(&mut self, value: &Val, expr: &ast::Expr) -> Facts {
        let mut facts = Facts::default();
        // A value that counts as true is not null.
        if self.t.null(value.t) != Null::No
            && let Some(term) = self.term(expr)
        {
            facts.direct.push(Fact::NonNull(term));
        }
        facts
    }

    fn logic_condition(&mut self, binary: &'a ast::Binary, span: mochi_diagnostics::Span) -> (Val, Facts) {
        let (lhs, left) = self.condition_value(&binary.lhs);
        self.enter_facts();
        let and = binary.op == ast::BinaryOp::And;
        self.add_facts(if and { left.direct.clone() } else { left.inverse.clone() });
        let (rhs, right) = self.condition_value(&binary.rhs);
        self.leave_facts();
        let mut facts = Facts::default();
        if and {
            facts.direct = left.direct;
            facts.direct.extend(right.direct);
        } else {
            facts.inverse = left.inverse;
            facts.inverse.extend(right.inverse);
        }
        (self.logic(binary.op, lhs, rhs, span), facts)
    }

    /// What an expression tells as a condition, without lowering it.
    pub(crate) fn told_by(&mut self, expr: &ast::Expr) -> Facts {
        match &expr.kind {
            ast::ExprKind::Paren(inner) => self.told_by(inner),
            ast::ExprKind::Unary { op: ast::UnaryOp::Not, operand, .. } => {
                let facts = self.told_by(operand);
                Facts { direct: facts.inverse, inverse: facts.direct }
            }
            ast::ExprKind::Binary(binary) => match binary.op {
                ast::BinaryOp::And => {
                    let mut direct = self.told_by(&binary.lhs).direct;
                    direct.extend(self.told_by(&binary.rhs).direct);
                    Facts { direct, inverse: Vec::new() }
                }
                ast::BinaryOp::Or => {
                    let mut inverse = self.told_by(&binary.lhs).inverse;
                    inverse.extend(self.told_by(&binary.rhs).inverse);
                    Facts { direct: Vec::new(), inverse }
                }
                ast::BinaryOp::Eq | ast::BinaryOp::Ne => self.null_test_facts(binary),
                ast::BinaryOp::In => match (self.term(&binary.lhs), self.term(&binary.rhs)) {
                    (Some(key), Some(map)) => Facts { direct: vec![Fact::HasKey(map, key)], inverse: Vec::new() },
                    _ => Facts::default(),
                },
                _ => Facts::default(),
            },
            _ => Facts::default(),
        }
    }

    fn null_test_facts(&mut self, binary: &ast::Binary) -> Facts {
        let (lhs, rhs) = (binary.lhs.without_parens(), binary.rhs.without_parens());
        let tested = if self.is_null_literal(rhs) {
            lhs
        } else if self.is_null_literal(lhs) {
            rhs
        } else {
            return Facts::default();
        };
        let Some(term) = self.term(tested) else { return Facts::default() };
        let fact = vec![Fact::NonNull(term)];
        if binary.op == ast::BinaryOp::Ne {
            Facts { direct: fact, inverse: Vec::new() }
        } else {
            Facts { direct: Vec::new(), inverse: fact }
        }
    }
}

/// Names and fields assigned in a block, nested functions included.
fn assigned_names(block: &ast::Block, names: &mut Vec<Symbol>) {
    for stmt in &block.statements {
        match &stmt.kind {
            ast::StmtKind::Assign(assign) => match &assign.target.kind {
                ast::ExprKind::Name(name) => names.push(*name),
                ast::ExprKind::Field(field) => names.push(field.name.name),
                _ => {}
            },
            ast::StmtKind::If(branch) => if_assigned_names(branch, names),
            ast::StmtKind::While(node) => assigned_names(&node.body, names),
            ast::StmtKind::For(node) => assigned_names(&node.body, names),
            ast::StmtKind::Fun(fun) => assigned_names(&fun.body, names),
            ast::StmtKind::Test(node) | ast::StmtKind::Bench(node) => assigned_names(&node.body, names),
            ast::StmtKind::Expr(expr) => {
                if let ast::ExprKind::Match(node) = &expr.kind {
                    for arm in &node.arms {
                        if let ast::ArmBody::Block(block) = &arm.body {
                            assigned_names(block, names);
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

fn if_assigned_names(branch: &ast::IfStmt, names: &mut Vec<Symbol>) {
    assigned_names(&branch.then_block, names);
    match &branch.else_branch {
        Some(ast::ElseBranch::If(inner)) => if_assigned_names(inner, names),
        Some(ast::ElseBranch::Block(block)) => assigned_names(block, names),
        None => {}
    }
}
