//! Flow-sensitive types of optional variables: which tests prove that a variable is not `none`, and when that knowledge ends.

use mochi_syntax::Symbol;
use mochi_syntax::ast::{BinaryOp, Block, ElseBranch, Expr, ExprKind, IfStmt, Stmt, StmtKind};

use super::Checker;
use super::scope::{Binding, Origin};
use super::types::{Kind, Ty};

/// What a condition proves when it is true and when it is false: names and their types.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) when_true: Vec<(Symbol, Ty)>,
    pub(super) when_false: Vec<(Symbol, Ty)>,
}

impl Facts {
    pub(super) fn negated(self) -> Facts {
        Facts { when_true: self.when_false, when_false: self.when_true }
    }

    /// Facts of `left op right`.
    pub(super) fn combined(mut self, op: BinaryOp, right: Facts) -> Facts {
        match op {
            BinaryOp::And => {
                self.when_true.extend(right.when_true);
                self.when_false.clear();
                self
            }
            BinaryOp::Or => {
                self.when_false.extend(right.when_false);
                self.when_true.clear();
                self
            }
            _ => Facts::default(),
        }
    }
}

impl Checker<'_> {
    /// Facts of `x == none`, `none != x` and so on.
    pub(super) fn none_test(&self, op: BinaryOp, lhs: &Expr, rhs: &Expr) -> Facts {
        if !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            return Facts::default();
        }
        let (lhs, rhs) = (lhs.without_parens(), rhs.without_parens());
        let name = match (&lhs.kind, &rhs.kind) {
            (ExprKind::Name(name), ExprKind::None) | (ExprKind::None, ExprKind::Name(name)) => *name,
            _ => return Facts::default(),
        };
        let payload = self.values.get(name).and_then(|binding| self.types.option_payload(binding.ty));
        let Some(payload) = payload else { return Facts::default() };
        let proven = vec![(name, payload)];
        if op == BinaryOp::Ne {
            Facts { when_true: proven, when_false: Vec::new() }
        } else {
            Facts { when_true: Vec::new(), when_false: proven }
        }
    }

    /// Puts facts in force until the current scope is left.
    pub(super) fn assume(&mut self, facts: &[(Symbol, Ty)]) {
        for (name, ty) in facts {
            self.narrow(*name, *ty, Origin::Guarded);
        }
    }

    fn narrow(&mut self, name: Symbol, ty: Ty, origin: Origin) {
        let Some(binding) = self.values.get(name).copied() else { return };
        if binding.ty == ty && binding.origin == origin {
            return;
        }
        let index = self.values.bind(name, Binding { ty, origin, ..binding });
        // Only guards and optional variables are ever widened as a group.
        if origin == Origin::Guarded || self.is_option(binding.declared) {
            self.narrowed.push(index);
        }
    }

    fn widen(&mut self, name: Symbol) {
        if let Some(binding) = self.values.get(name).copied()
            && binding.is_narrowed()
        {
            self.values.bind(name, binding.widened());
        }
    }

    /// Widens the narrowed names that nothing hides, if `which` wants them.
    fn widen_where(&mut self, which: impl Fn(&Binding) -> bool) {
        if self.narrowed.is_empty() {
            return;
        }
        let current: Vec<Symbol> = self
            .narrowed
            .iter()
            .filter_map(|index| {
                let name = self.values.name_at(*index)?;
                let binding = self.values.at(*index)?;
                (self.values.index_of(name) == Some(*index) && which(binding)).then_some(name)
            })
            .collect();
        for name in current {
            self.widen(name);
        }
    }

    fn is_option(&self, ty: Ty) -> bool {
        matches!(self.types.kind(ty), Kind::Option(_))
    }

    /// A function may run when its surroundings have changed: inside it optional names have their declared types.
    pub(super) fn widen_for_function(&mut self) {
        self.widen_where(|_| true);
    }

    /// An effectful call may have run code that assigns variables: guards of variables no longer hold.
    pub(super) fn widen_after_effect(&mut self) {
        self.widen_where(|binding| binding.mutable && binding.origin == Origin::Guarded);
    }

    /// A loop body runs again after its own assignments: optional variables assigned there are not narrowed at its start.
    pub(super) fn widen_for_loop(&mut self, body: &Block) {
        if self.narrowed.is_empty() {
            return;
        }
        let mut assigned = Vec::new();
        assigned_names(body, &mut assigned);
        for name in assigned {
            if self.values.get(name).is_some_and(|binding| self.is_option(binding.declared)) {
                self.widen(name);
            }
        }
    }

    /// The type of a variable after `name = value`.
    pub(super) fn assigned(&mut self, name: Symbol, value: Ty) {
        let Some(binding) = self.values.get(name).copied() else { return };
        let declared = binding.declared;
        let narrower = match self.types.kind(declared) {
            _ if value.is_error() => None,
            Kind::Option(_) => (!self.is_option(value) && value != Ty::ANY).then_some(value),
            Kind::Any => (value != Ty::ANY).then_some(value),
            _ if self.contains_any(declared) => (!self.contains_any(value)).then_some(value),
            _ => None,
        };
        match narrower {
            Some(ty) => {
                if binding.is_narrowed() && binding.ty != ty {
                    self.widened.push(name);
                }
                self.narrow(name, ty, Origin::Assigned);
            }
            None => {
                self.widen(name);
                if self.is_option(declared) {
                    self.widened.push(name);
                }
            }
        }
    }

    /// Ends, in the scope just returned to, the narrowing of names that the scope just left has assigned.
    pub(super) fn rewiden_since(&mut self, start: usize) {
        let names: Vec<Symbol> = self.widened.get(start..).unwrap_or_default().to_vec();
        for name in names {
            self.widen(name);
        }
    }

    pub(super) fn contains_any(&self, ty: Ty) -> bool {
        match self.types.kind(ty) {
            Kind::Any => true,
            Kind::List(element) | Kind::Option(element) => self.contains_any(element),
            Kind::Map(key, value) | Kind::Group(key, value) => self.contains_any(key) || self.contains_any(value),
            _ => false,
        }
    }
}

fn assigned_names(block: &Block, out: &mut Vec<Symbol>) {
    block.statements.iter().for_each(|stmt| assigned_in(stmt, out));
}

fn assigned_in(stmt: &Stmt, out: &mut Vec<Symbol>) {
    match &stmt.kind {
        StmtKind::Assign(assign) => out.extend(assign.target.as_name()),
        StmtKind::While(looped) => assigned_names(&looped.body, out),
        StmtKind::For(looped) => assigned_names(&looped.body, out),
        StmtKind::Test(named) | StmtKind::Bench(named) => assigned_names(&named.body, out),
        StmtKind::If(branch) => {
            let mut branch: &IfStmt = branch;
            loop {
                assigned_names(&branch.then_block, out);
                match &branch.else_branch {
                    Some(ElseBranch::If(next)) => branch = next,
                    Some(ElseBranch::Block(block)) => return assigned_names(block, out),
                    None => return,
                }
            }
        }
        _ => {}
    }
}

/// Whether control never reaches the end of the block.
pub(super) fn always_leaves(block: &Block) -> bool {
    block.statements.last().is_some_and(|stmt| match &stmt.kind {
        StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue => true,
        StmtKind::If(branch) => {
            let mut branch: &IfStmt = branch;
            loop {
                if !always_leaves(&branch.then_block) {
                    return false;
                }
                match &branch.else_branch {
                    Some(ElseBranch::If(next)) => branch = next,
                    Some(ElseBranch::Block(block)) => return always_leaves(block),
                    None => return false,
                }
            }
        }
        _ => false,
    })
}
