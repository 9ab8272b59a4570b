//! Which variables a piece of the program assigns: what its region op must carry.

use crate::visit::{self, Node};
use mochi_sema::hir::{Block, Expr, LocalId, Place, StmtKind};
use std::collections::BTreeSet;

/// Locals assigned (not declared) anywhere inside.
pub(crate) type Assigned = BTreeSet<LocalId>;

pub(crate) fn block(block: &Block, out: &mut Assigned) {
    visit::block(block, &mut |node| note(node, out));
}

pub(crate) fn expr(value: &Expr, out: &mut Assigned) {
    visit::expr(value, &mut |node| note(node, out));
}

fn note(node: Node<'_>, out: &mut Assigned) {
    if let Node::Stmt(stmt) = node
        && let StmtKind::Assign { place: Place::Local(local), .. } = &stmt.kind
    {
        out.insert(*local);
    }
}
