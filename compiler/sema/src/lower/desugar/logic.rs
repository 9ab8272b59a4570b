//! Logic programs: `fact`, `rule` and `query`.
//!
//! Each predicate becomes a relation: a record type for its tuples, the list of the facts stated so far, and the list of all
//! tuples with a set of their keys and one chain per column that joins look up. Solving applies the rules in source order
//! until nothing new is found. A rule sees the relations as they were when its turn began; combinations that its previous
//! turn has seen already are skipped, which does not change the order in which tuples are derived. The code is made as
//! source text (see `logic_text`), because it consists of ordinary loops.

use super::build::{Builder, joined, statement};
use super::logic_text;
use super::walk::Rewrite;
use mochi_diagnostics::{Diagnostic, Span};
use mochi_syntax::{Symbol, ast::*};
use std::collections::{BTreeSet, HashMap};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Text,
    Number,
    Mixed,
}

/// A predicate with a certain number of terms.
pub(super) struct Relation {
    pub name: String,
    pub arity: usize,
    /// Column classes; see `Program::kinds`.
    columns: Vec<usize>,
    /// Columns by which joins look tuples up.
    pub indices: BTreeSet<usize>,
}

/// A term with its variable numbered.
#[derive(Clone)]
pub(super) enum Arg {
    Variable(usize),
    Text(String),
    Number(i64),
}

pub(super) struct Atom {
    pub relation: usize,
    pub args: Vec<Arg>,
}

pub(super) struct Clause {
    pub head: Atom,
    pub body: Vec<Atom>,
    /// Pairs of variables that must differ.
    pub different: Vec<(usize, usize)>,
}

pub(super) struct Question {
    pub atom: Atom,
    /// Names of the variables by number.
    pub variables: Vec<Symbol>,
}

/// All facts, rules and queries of a program.
#[derive(Default)]
pub(super) struct Logic {
    pub relations: Vec<Relation>,
    index: HashMap<(Symbol, usize), usize>,
    pub clauses: Vec<Clause>,
    pub questions: Vec<Question>,
    /// Union-find over the columns of all relations and the variables of all rules.
    parents: Vec<usize>,
    kinds: Vec<Option<Kind>>,
    pub reports: Vec<Diagnostic>,
    /// Some fact, rule or query occurs.
    pub used: bool,
}

impl Logic {
    fn class(&mut self) -> usize {
        self.parents.push(self.parents.len());
        self.kinds.push(None);
        self.parents.len() - 1
    }

    fn root(&self, mut class: usize) -> usize {
        while self.parents[class] != class {
            class = self.parents[class];
        }
        class
    }

    fn add_kind(&mut self, class: usize, kind: Kind) {
        let root = self.root(class);
        self.kinds[root] = Some(match self.kinds[root] {
            Some(known) if known != kind => Kind::Mixed,
            _ => kind,
        });
    }

    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        self.parents[b] = a;
        if let Some(kind) = self.kinds[b] {
            self.add_kind(a, kind);
        }
    }

    /// The kind of a column; nobody sees the values of a column that has none.
    pub fn kind(&self, relation: usize, column: usize) -> Kind {
        let root = self.root(self.relations[relation].columns[column]);
        self.kinds[root].unwrap_or(Kind::Text)
    }

    fn relation(&mut self, predicate: &Predicate) -> usize {
        let arity = predicate.terms.len();
        if let Some(&relation) = self.index.get(&(predicate.name.name, arity)) {
            return relation;
        }
        let relation = self.relations.len();
        let columns = (0..arity).map(|_| self.class()).collect();
        let name = format!("{}ʹ{arity}", predicate.name.as_str());
        self.relations.push(Relation { name, arity, columns, indices: BTreeSet::new() });
        self.index.insert((predicate.name.name, arity), relation);
        relation
    }

    /// Numbers the variables of a predicate; `classes` has one column class per variable.
    fn atom(&mut self, predicate: &Predicate, names: &mut Vec<Symbol>, classes: &mut Vec<usize>) -> Atom {
        let relation = self.relation(predicate);
        let mut args = Vec::new();
        for (column, term) in predicate.terms.iter().enumerate() {
            let class = self.relations[relation].columns[column];
            args.push(match term {
                Term::Name(name) => {
                    let number = names.iter().position(|known| *known == name.name).unwrap_or_else(|| {
                        names.push(name.name);
                        classes.push(class);
                        names.len() - 1
                    });
                    self.unite(classes[number], class);
                    Arg::Variable(number)
                }
                Term::Str(text) => {
                    self.add_kind(class, Kind::Text);
                    Arg::Text(text.as_str().to_owned())
                }
                Term::Int { value, .. } => {
                    self.add_kind(class, Kind::Number);
                    Arg::Number(*value)
                }
            });
        }
        Atom { relation, args }
    }

    fn rule(&mut self, rule: &Rule) {
        let (mut names, mut classes) = (Vec::new(), Vec::new());
        let mut body = Vec::new();
        for condition in &rule.body {
            if let RuleCondition::Predicate(predicate) = condition {
                body.push(self.atom(predicate, &mut names, &mut classes));
            }
        }
        let mut different = Vec::new();
        for condition in &rule.body {
            if let RuleCondition::NotEqual { left, right } = condition {
                let (left, right) = (self.bound(&names, *left), self.bound(&names, *right));
                different.extend(left.zip(right));
            }
        }
        for term in &rule.head.terms {
            if let Term::Name(name) = term {
                self.bound(&names, *name);
            }
        }
        let head = self.atom(&rule.head, &mut names, &mut classes);
        self.index_joins(&body);
        self.clauses.push(Clause { head, body, different });
    }

    /// The number of a variable, which must occur in a predicate of the body.
    fn bound(&mut self, names: &[Symbol], name: Ident) -> Option<usize> {
        let number = names.iter().position(|known| *known == name.name);
        if number.is_none() {
            let message = format!("variable `{}` does not occur in a predicate of the rule's body", name.as_str());
            let help = "Every variable of a rule needs a predicate after `:-` that gives it its values.";
            self.reports.push(Diagnostic::error("T002", message, name.span).with_help(help));
        }
        number
    }

    /// Columns that are known when their predicate's turn comes.
    fn index_joins(&mut self, body: &[Atom]) {
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for (level, atom) in body.iter().enumerate() {
            if level > 0
                && let Some(column) = join_column(atom, &seen)
            {
                self.relations[atom.relation].indices.insert(column);
            }
            seen.extend(variables(atom));
        }
    }

    /// The source text that defines everything the replaced statements call.
    pub fn prelude(&self) -> String {
        if self.used { logic_text::prelude(self) } else { String::new() }
    }
}

/// The first column of an atom whose value is known.
pub(super) fn join_column(atom: &Atom, known: &BTreeSet<usize>) -> Option<usize> {
    atom.args.iter().position(|arg| match arg {
        Arg::Variable(number) => known.contains(number),
        Arg::Text(_) | Arg::Number(_) => true,
    })
}

pub(super) fn variables(atom: &Atom) -> impl Iterator<Item = usize> + '_ {
    atom.args.iter().filter_map(|arg| match arg {
        Arg::Variable(number) => Some(*number),
        _ => None,
    })
}

/// Collects facts, rules and queries and replaces them by calls of the functions that the prelude defines.
pub(super) struct Collect<'b> {
    pub builder: &'b mut Builder,
    pub logic: &'b mut Logic,
}

impl Collect<'_> {
    fn fact(&mut self, fact: &Predicate, span: Span) -> StmtKind {
        self.logic.used = true;
        if fact.terms.iter().any(|term| matches!(term, Term::Name(_))) {
            // A fact states constants only; one with a variable says nothing.
            return StmtKind::If(Box::new(IfStmt {
                condition: self.builder.expr(ExprKind::Bool(false), span),
                then_block: Block { statements: ThinVec::new(), span },
                else_branch: None,
                span,
            }));
        }
        let (mut names, mut classes) = (Vec::new(), Vec::new());
        let atom = self.logic.atom(fact, &mut names, &mut classes);
        let args = fact
            .terms
            .iter()
            .map(|term| match term {
                Term::Str(text) => self.builder.expr(ExprKind::Str(*text), term.span()),
                Term::Int { value, .. } => self.builder.expr(ExprKind::Int(*value), term.span()),
                Term::Name(_) => self.builder.expr(ExprKind::None, term.span()),
            })
            .collect();
        let function = joined(&self.logic.relations[atom.relation].name, "fact");
        StmtKind::Expr(Box::new(self.builder.call(function, args, span)))
    }
}

impl Rewrite for Collect<'_> {
    fn stmt(&mut self, stmt: &mut Stmt) {
        let span = stmt.span;
        let kind = match &stmt.kind {
            StmtKind::Fact(fact) => self.fact(fact, span),
            StmtKind::Rule(rule) => {
                self.logic.used = true;
                let function = joined("rule", &self.logic.clauses.len().to_string());
                self.logic.rule(rule);
                StmtKind::Expr(Box::new(self.builder.call(function, Vec::new(), span)))
            }
            _ => return,
        };
        *stmt = statement(kind, span);
    }

    fn expr(&mut self, expr: &mut Expr) {
        let ExprKind::LogicQuery(predicate) = &expr.kind else { return };
        self.logic.used = true;
        let (mut variables, mut classes) = (Vec::new(), Vec::new());
        let atom = self.logic.atom(predicate, &mut variables, &mut classes);
        let function = joined("query", &self.logic.questions.len().to_string());
        self.logic.questions.push(Question { atom, variables });
        *expr = self.builder.call(function, Vec::new(), expr.span);
    }
}
