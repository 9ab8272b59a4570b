//! Where the parser gathers the elements of lists until it knows how many there are, so that each list of the tree is
//! allocated once and has no room to spare.

use super::{Parser, Rule};
use crate::ast::{Expr, Param, Stmt, ThinVec, TypeExpr};

/// One stack per kind of element; the lists being read share it, the innermost on top.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) exprs: Vec<Expr>,
    pub(super) stmts: Vec<Stmt>,
    pub(super) params: Vec<Param>,
    pub(super) types: Vec<TypeExpr>,
}

impl Gathered {
    pub(super) fn exprs(&mut self) -> &mut Vec<Expr> {
        &mut self.exprs
    }

    pub(super) fn stmts(&mut self) -> &mut Vec<Stmt> {
        &mut self.stmts
    }

    pub(super) fn params(&mut self) -> &mut Vec<Param> {
        &mut self.params
    }

    pub(super) fn types(&mut self) -> &mut Vec<TypeExpr> {
        &mut self.types
    }
}

impl Parser<'_> {
    /// Runs a rule that pushes elements to one of the stacks and takes them off as a list.
    pub(super) fn gather<T>(
        &mut self,
        stack: fn(&mut Gathered) -> &mut Vec<T>,
        rule: impl FnOnce(&mut Self) -> Rule<()>,
    ) -> Rule<ThinVec<T>> {
        let base = stack(&mut self.gathered).len();
        let outcome = rule(self);
        let elements = stack(&mut self.gathered).drain(base..);
        outcome.map(|()| elements.collect())
    }
}
