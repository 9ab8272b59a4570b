//! Effects of functions: the set of labels, and their inference for top-level functions before anything else is checked.
//!
//! A function has the effects of everything it calls, so the sets are the least fixpoint over the call graph. Each body is
//! walked once to find its own labels and its callees; the labels then travel backwards along the calls.

use std::fmt;

use mochi_syntax::Symbol;
use mochi_syntax::ast::{
    ArmBody, Block, ElseBranch, Expr, ExprKind, FunDecl, IfStmt, Lambda, LambdaBody, Query, Stmt, StmtKind,
};

use super::types::FastMap;

/// A set of effect labels.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub(super) struct EffectSet(u8);

const LABELS: [&str; 5] = ["io", "fs", "net", "time", "meta"];

impl EffectSet {
    pub(super) const PURE: EffectSet = EffectSet(0);
    pub(super) const IO: EffectSet = EffectSet(1);
    pub(super) const FS: EffectSet = EffectSet(2);
    pub(super) const NET: EffectSet = EffectSet(4);
    pub(super) const TIME: EffectSet = EffectSet(8);
    pub(super) const META: EffectSet = EffectSet(16);

    pub(super) fn parse(label: &str) -> Option<EffectSet> {
        LABELS.iter().position(|known| *known == label).map(|index| EffectSet(1 << index))
    }

    pub(super) fn is_pure(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub(super) fn union(self, other: EffectSet) -> EffectSet {
        EffectSet(self.0 | other.0)
    }

    pub(super) fn is_within(self, other: EffectSet) -> bool {
        self.0 & !other.0 == 0
    }
}

impl fmt::Display for EffectSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_pure() {
            return f.write_str("pure");
        }
        let mut separator = "";
        for (index, label) in LABELS.iter().enumerate() {
            if self.0 & (1 << index) != 0 {
                write!(f, "{separator}{label}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// What one body contributes.
#[derive(Default)]
struct BodyFacts {
    own: EffectSet,
    callees: Vec<Symbol>,
}

/// Effects of functions by name, in the order of `functions`; a later function of the same name stands for the name.
/// `declared` sets are what callers see; `builtin` answers for names that are not functions of the program.
pub(super) fn infer(
    functions: &[(&FunDecl, Option<EffectSet>)],
    builtin: &dyn Fn(Symbol) -> EffectSet,
) -> Vec<EffectSet> {
    let mut by_name: FastMap<Symbol, usize> = FastMap::default();
    for (index, (function, _)) in functions.iter().enumerate() {
        by_name.insert(function.name.name, index);
    }
    let mut effects = Vec::with_capacity(functions.len());
    let mut callers: Vec<Vec<usize>> = vec![Vec::new(); functions.len()];
    for (index, (function, _)) in functions.iter().enumerate() {
        let facts = body_facts(function);
        let mut own = facts.own;
        for callee in facts.callees {
            match by_name.get(&callee) {
                Some(target) => {
                    if let Some(callers) = callers.get_mut(*target) {
                        callers.push(index);
                    }
                }
                None => own = own.union(builtin(callee)),
            }
        }
        effects.push(own);
    }
    // What callers see of a function: its declaration when it has one.
    let seen = |effects: &[EffectSet], index: usize| {
        functions.get(index).and_then(|(_, declared)| *declared).or(effects.get(index).copied()).unwrap_or_default()
    };
    let mut queue: Vec<usize> = (0..functions.len()).collect();
    while let Some(index) = queue.pop() {
        let visible = seen(&effects, index);
        for caller in callers.get(index).into_iter().flatten() {
            let Some(set) = effects.get_mut(*caller) else { continue };
            let grown = set.union(visible);
            if grown != *set {
                *set = grown;
                queue.push(*caller);
            }
        }
    }
    effects
}

/// Whether a body hands back a value anywhere (not counting functions inside it).
pub(super) fn returns_value(block: &Block) -> bool {
    block.statements.iter().any(|stmt| match &stmt.kind {
        StmtKind::Return(value) => value.is_some(),
        StmtKind::If(branch) => if_returns_value(branch),
        StmtKind::While(looped) => returns_value(&looped.body),
        StmtKind::For(looped) => returns_value(&looped.body),
        _ => false,
    })
}

fn if_returns_value(branch: &IfStmt) -> bool {
    let mut branch = branch;
    loop {
        if returns_value(&branch.then_block) {
            return true;
        }
        match &branch.else_branch {
            Some(ElseBranch::If(next)) => branch = next,
            Some(ElseBranch::Block(block)) => return returns_value(block),
            None => return false,
        }
    }
}

fn body_facts(function: &FunDecl) -> BodyFacts {
    let mut walk = Walk { facts: BodyFacts::default(), local: FastMap::default() };
    for param in &function.signature.params {
        walk.local.insert(param.name.name, ());
    }
    walk.block(&function.body);
    walk.facts
}

struct Walk {
    facts: BodyFacts,
    /// Names bound anywhere in the body so far: calls of these are not calls of top-level functions.
    local: FastMap<Symbol, ()>,
}

impl Walk {
    fn block(&mut self, block: &Block) {
        for stmt in &block.statements {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Expect(value) | StmtKind::Expr(value) => self.expr(value),
            StmtKind::Binding(binding) => {
                if let Some(value) = &binding.value {
                    self.expr(value);
                }
                self.local.insert(binding.name.name, ());
            }
            StmtKind::Assign(assign) => {
                self.expr(&assign.target);
                self.expr(&assign.value);
            }
            StmtKind::Return(Some(value)) => self.expr(value),
            StmtKind::If(branch) => self.if_stmt(branch),
            StmtKind::While(looped) => {
                self.expr(&looped.condition);
                self.block(&looped.body);
            }
            StmtKind::For(looped) => {
                self.expr(&looped.source);
                if let Some(end) = &looped.range_end {
                    self.expr(end);
                }
                self.local.insert(looped.name.name, ());
                self.block(&looped.body);
            }
            StmtKind::FetchInto(fetch) => {
                self.facts.own = self.facts.own.union(EffectSet::NET);
                self.expr(&fetch.fetch.url);
                if let Some(options) = &fetch.fetch.options {
                    self.expr(options);
                }
            }
            StmtKind::Update(update) => {
                self.expr(&update.changes);
                if let Some(filter) = &update.filter {
                    self.expr(filter);
                }
            }
            StmtKind::Emit(emit) => emit.fields.iter().for_each(|field| self.expr(&field.value)),
            StmtKind::Test(named) | StmtKind::Bench(named) => self.block(&named.body),
            // A nested function is pure to declare; its body counts where it is called, which the body check sees.
            StmtKind::Fun(function) => {
                self.local.insert(function.name.name, ());
            }
            _ => {}
        }
    }

    fn if_stmt(&mut self, branch: &IfStmt) {
        let mut branch = branch;
        loop {
            self.expr(&branch.condition);
            self.block(&branch.then_block);
            match &branch.else_branch {
                Some(ElseBranch::If(next)) => branch = next,
                Some(ElseBranch::Block(block)) => return self.block(block),
                None => return,
            }
        }
    }

    fn call_of(&mut self, name: Symbol) {
        if !self.local.contains_key(&name) {
            self.facts.callees.push(name);
        }
    }

    /// The body of a lambda that is called or handed to something that may call it.
    fn called_lambda(&mut self, lambda: &Lambda) {
        for param in &lambda.signature.params {
            self.local.insert(param.name.name, ());
        }
        match &lambda.body {
            LambdaBody::Expr(body) => self.expr(body),
            LambdaBody::Block(body) => self.block(body),
        }
    }

    fn callable(&mut self, expr: &Expr) {
        match &expr.without_parens().kind {
            ExprKind::Name(name) => self.call_of(*name),
            ExprKind::Lambda(lambda) => self.called_lambda(lambda),
            _ => {}
        }
    }

    fn all(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        // Long operator chains nest to the left: go down them in a loop.
        let mut expr = expr;
        while let ExprKind::Binary(binary) = &expr.kind {
            self.expr(&binary.rhs);
            expr = &binary.lhs;
        }
        match &expr.kind {
            ExprKind::List(elements) => self.all(elements),
            ExprKind::Map(entries) => {
                for entry in entries {
                    self.expr(&entry.key);
                    self.expr(&entry.value);
                }
            }
            ExprKind::Struct(literal) => literal.fields.iter().for_each(|field| self.expr(&field.value)),
            ExprKind::Paren(inner) => self.expr(inner),
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Call(call) => {
                self.callable(&call.callee);
                self.expr(&call.callee);
                for arg in &call.args {
                    self.callable(arg);
                    self.expr(arg);
                }
            }
            ExprKind::Index(index) => {
                self.expr(&index.base);
                index.subscript.parts().for_each(|part| self.expr(part));
            }
            ExprKind::Field(field) => self.expr(&field.base),
            ExprKind::Cast(cast) => self.expr(&cast.value),
            ExprKind::If(choice) => {
                self.expr(&choice.condition);
                self.expr(&choice.then_value);
                if let Some(value) = &choice.else_value {
                    self.expr(value);
                }
            }
            ExprKind::Match(choice) => {
                self.expr(&choice.scrutinee);
                for arm in &choice.arms {
                    match &arm.body {
                        ArmBody::Expr(value) => self.expr(value),
                        ArmBody::Block(block) => self.block(block),
                    }
                }
            }
            ExprKind::Query(query) => self.query(query),
            ExprKind::Generate(generate) => generate.fields.iter().for_each(|field| self.expr(&field.value)),
            ExprKind::Fetch(_) => self.facts.own = self.facts.own.union(EffectSet::NET),
            ExprKind::Load(_) => self.facts.own = self.facts.own.union(EffectSet::FS),
            ExprKind::Save(save) => {
                self.facts.own = self.facts.own.union(EffectSet::FS);
                self.expr(&save.value);
            }
            _ => {}
        }
    }

    fn query(&mut self, query: &Query) {
        for source in &query.sources {
            self.expr(&source.source);
            self.local.insert(source.name.name, ());
        }
        for join in &query.joins {
            self.expr(&join.source);
            self.local.insert(join.name.name, ());
            self.expr(&join.condition);
        }
        if let Some(group) = &query.group {
            self.all(&group.keys);
            if let Some(having) = &group.having {
                self.expr(&having.value);
            }
        }
        for clause in [&query.filter, &query.sort, &query.skip, &query.take].into_iter().flatten() {
            self.expr(&clause.value);
        }
        self.expr(&query.select.value);
    }
}
