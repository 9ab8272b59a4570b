//! The shape of structured mochi control flow: which operations are loops, where an early exit
//! goes, and where in a block something nested happens.

use std::collections::HashMap;

use mochi_dialects::ir::{Block, Op, Value, WalkOrder, WalkResult};

/// Whether the operation is one of the dialect's loops.
pub fn is_loop(op: Op) -> bool {
    op.is("mochi.for") || op.is("mochi.while")
}

/// Whether the operation is one of the dialect's conditionals.
pub fn is_branch(op: Op) -> bool {
    op.is("mochi.if") || op.is("mochi.switch")
}

/// Whether the operation is one of the dialect's control-flow operations with regions.
pub fn is_structured(op: Op) -> bool {
    is_loop(op) || is_branch(op)
}

/// The only block of the region with this number; structured regions have exactly one.
pub fn body(op: Op, region: usize) -> Block {
    op.region(region).entry().expect("a structured region has one block")
}

/// The only blocks of all regions of an operation.
pub fn bodies(op: Op) -> Vec<Block> {
    op.regions().filter_map(|region| region.entry()).collect()
}

/// The innermost mochi loop around an operation, within its function.
pub fn enclosing_loop(op: Op) -> Option<Op> {
    let mut at = op.parent();
    while let Some(parent) = at {
        if is_loop(parent) {
            return Some(parent);
        }
        if !is_branch(parent) {
            return None;
        }
        at = parent.parent();
    }
    None
}

/// The ancestor of an operation (or itself) that lies directly in a block.
pub fn ancestor_in<'c>(op: Op<'c>, block: Block<'c>) -> Option<Op<'c>> {
    let mut at = Some(op);
    while let Some(current) = at {
        if current.block() == Some(block) {
            return Some(current);
        }
        at = current.parent();
    }
    None
}

/// Whether `inner` lies somewhere inside the regions of `outer` (or is it).
pub fn is_inside(inner: Op, outer: Op) -> bool {
    let mut at = Some(inner);
    while let Some(current) = at {
        if current == outer {
            return true;
        }
        at = current.parent();
    }
    false
}

/// Whether a value is computed outside an operation's regions.
pub fn is_defined_outside<'c>(value: Value<'c>, op: Op<'c>) -> bool {
    match (value.defining_op(), value.as_block_arg()) {
        (Some(definition), _) => !is_inside(definition, op),
        (None, Some((block, _))) => match block.parent_op() {
            Some(parent) => !is_inside(parent, op),
            None => true,
        },
        (None, None) => false,
    }
}

/// The positions of a block's operations.
pub fn positions<'c>(block: Block<'c>) -> HashMap<Op<'c>, usize> {
    block.ops().enumerate().map(|(k, op)| (op, k)).collect()
}

/// Whether control can only leave the operation at its end: no `mochi.return` inside, no break or
/// continue inside that belongs to a loop around or to the operation itself, and no unreachable
/// end in a region that would have to produce values.
pub fn is_exit_free(op: Op) -> bool {
    let mut free = true;
    for block in bodies(op) {
        for inner in block.ops() {
            inner.walk(WalkOrder::PreOrder, |candidate| {
                if leaves(candidate, op) {
                    free = false;
                    return WalkResult::Interrupt;
                }
                WalkResult::Advance
            });
        }
    }
    free
}

/// A `mochi.switch` that chooses by a number, or between numbers, that may need more than 32 bits. Upstream lowers `scf.index_switch` to a switch
/// on 32 bits, so it is no form for these.
pub fn is_wide_switch(op: Op) -> bool {
    let cases = || op.attr("cases").and_then(|cases| cases.as_dense_i64()).unwrap_or_default();
    op.is("mochi.switch") && !(is_small(op.operand(0)) && cases().into_iter().all(fits_word))
}

fn fits_word(number: i64) -> bool {
    u32::try_from(number).is_ok()
}

/// Whether a number is a tag or one of a few constants.
fn is_small(value: Value) -> bool {
    if let Some(constant) = value.as_constant_int() {
        return fits_word(constant);
    }
    let Some(op) = value.defining_op() else { return false };
    match op.name() {
        "mochi.union.tag" => true,
        "mochi.if" | "mochi.switch" | "scf.if" | "scf.index_switch" => {
            let number = op.results().position(|result| result == value);
            op.regions().all(|region| {
                let end = region.entry().and_then(|block| block.terminator());
                let yielded = end.zip(number).filter(|(end, number)| *number < end.operand_count());
                // A region that control does not leave yields nothing.
                yielded.is_none_or(|(end, number)| is_small(end.operand(number)))
            })
        }
        _ => false,
    }
}

/// Whether neither the operation nor anything inside it has early exits, so that all of it can
/// become operations that have none. A wide switch cannot either.
pub fn is_exit_free_inside(op: Op) -> bool {
    let mut free = true;
    op.walk(WalkOrder::PreOrder, |inner| {
        if is_structured(inner) && (!is_exit_free(inner) || is_wide_switch(inner)) {
            free = false;
            return WalkResult::Interrupt;
        }
        WalkResult::Advance
    });
    free
}

/// Whether a terminator somewhere inside `op` transfers control past the normal end of one of the
/// operations from its own parent up to `op`.
fn leaves<'c>(terminator: Op<'c>, op: Op<'c>) -> bool {
    if terminator.is("mochi.return") {
        return true;
    }
    if terminator.is("mochi.unreachable") {
        // An unreachable end is harmless where no value has to come out of the region.
        return terminator.parent() == Some(op) && op.result_count() > 0;
    }
    if terminator.is("mochi.break") || terminator.is("mochi.continue") {
        return match enclosing_loop(terminator) {
            Some(target) => is_inside(op, target),
            None => true,
        };
    }
    false
}

/// Visits `root` and all operations below it, outer ones first.
pub fn walk_ops<'c>(root: Op<'c>, mut visit: impl FnMut(Op<'c>)) {
    root.walk(WalkOrder::PreOrder, |op| {
        visit(op);
        WalkResult::Advance
    });
}

/// The functions with a body at or below `root`.
pub fn functions<'c>(root: Op<'c>) -> Vec<Op<'c>> {
    let mut found = Vec::new();
    walk_ops(root, |op| {
        if op.is("func.func") && !op.region(0).is_empty() {
            found.push(op);
        }
    });
    found
}

/// All operations below `root` with one of the names, inner ones first.
pub fn collect<'c>(root: Op<'c>, names: &[&str]) -> Vec<Op<'c>> {
    let mut found = Vec::new();
    root.walk(WalkOrder::PostOrder, |op| {
        if op != root && names.contains(&op.name()) {
            found.push(op);
        }
        WalkResult::Advance
    });
    found
}
