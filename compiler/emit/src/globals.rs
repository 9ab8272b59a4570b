//! Module variables that may be looked at before they have their first value.
//!
//! A function may mention a variable that the top level initialises after calling the function. It is null until then, and
//! where its type has no null, reading must be checked. Only variables for which such a path exists pay for the check.

use crate::visit::{self, Node};
use mochi_sema::hir::{ExprKind, FuncId, GlobalId, Place, Program, Stmt, StmtKind};
use mochi_sema::ty::TyKind;
use std::collections::HashSet;

/// The variables whose reads need a check.
pub(crate) fn read_before_written(program: &Program) -> HashSet<GlobalId> {
    let mut reachable = Reachable { program, functions: HashSet::new(), read: HashSet::new() };
    let mut written = HashSet::new();
    let mut early = HashSet::new();
    let entry = &program.functions[program.entry.0 as usize];
    for stmt in &entry.body.stmts {
        // What earlier statements mentioned can run again from here on, but finds no less than it found then.
        reachable.stmt(stmt);
        early.extend(reachable.read.difference(&written).copied());
        if let StmtKind::Assign { place: Place::Global(global), .. } = &stmt.kind {
            written.insert(*global);
        }
    }
    early.retain(|global| has_no_null(program, *global));
    early
}

fn has_no_null(program: &Program, global: GlobalId) -> bool {
    !matches!(program.types.kind(program.globals[global.0 as usize].ty), TyKind::Unit | TyKind::Any | TyKind::Option(_))
}

/// Collects the variables that the visited code may read, directly or through the functions that it mentions.
struct Reachable<'p> {
    program: &'p Program,
    functions: HashSet<FuncId>,
    read: HashSet<GlobalId>,
}

impl Reachable<'_> {
    fn stmt(&mut self, stmt: &Stmt) {
        let mut mentioned = Vec::new();
        visit::stmt(stmt, &mut |node| self.note(&node, &mut mentioned));
        while let Some(function) = mentioned.pop() {
            if self.functions.insert(function) {
                let program = self.program;
                visit::block(&program.functions[function.0 as usize].body, &mut |node| {
                    self.note(&node, &mut mentioned)
                });
            }
        }
    }

    fn note(&mut self, node: &Node<'_>, mentioned: &mut Vec<FuncId>) {
        let Node::Expr(expr) = node else { return };
        match &expr.kind {
            ExprKind::Global(global) => {
                self.read.insert(*global);
            }
            ExprKind::Function(function)
            | ExprKind::Call { func: function, .. }
            | ExprKind::Closure { func: function, .. } => mentioned.push(*function),
            _ => {}
        }
    }
}
