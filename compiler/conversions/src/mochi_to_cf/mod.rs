//! `convert-mochi-to-cf`: structured control flow with early exits becomes blocks and branches.
//!
//! What: every `mochi.if`, `mochi.switch`, `mochi.while` and `mochi.for` that is left becomes blocks
//! of its function; `mochi.yield`, `mochi.condition`, `mochi.break` and `mochi.continue` become
//! branches; `mochi.return` becomes `func.return`. `mochi.unreachable` stays, as the end of a block.
//!
//! Requires: `convert-mochi-to-scf` has run, so that no remaining operation is inside an `scf` one.
//!
//! Guarantees: no region operation of the dialect is left. Locations are kept.
//!
//! Before:
//! ```mlir
//! mochi.if %c {
//!   mochi.return %a : i64
//! }
//! return %b : i64
//! ```
//! After:
//! ```mlir
//!   cf.cond_br %c, ^bb1, ^bb2
//! ^bb1:
//!   return %a : i64
//! ^bb2:
//!   cf.br ^bb3
//! ^bb3:
//!   return %b : i64
//! ```

mod branches;

use mochi_dialects::ir::{Attribute, Block, Builder, Op, Region, Type, Value};
use mochi_passes::analysis::structure::collect;

use crate::mochi_to_scf::{SLT, STRUCTURED, count_from_zero};
use branches::{branch, conditional_branch, switch};

/// Converts everything below `root`.
pub fn run(root: Op) {
    // Inner operations come first: their early exits become the ends of blocks in the region of
    // the operation around them, which then knows where they go.
    for op in collect(root, &STRUCTURED) {
        match op.name() {
            "mochi.if" => convert_if(op),
            "mochi.switch" => convert_switch(op),
            "mochi.while" => convert_while(op),
            _ => convert_for(op),
        }
    }
    for op in collect(root, &["mochi.return"]) {
        let values: Vec<Value> = op.operands().collect();
        Builder::before(op).op("func.return").operands(&values).build();
        op.erase();
    }
}

/// The block in which the operation's function goes on; its arguments replace the results. The
/// operation is then the last one of its own block.
fn continuation<'c>(op: Op<'c>) -> Block<'c> {
    let next = op.next().expect("a region operation is not a terminator");
    let block = op.block().expect("an operation that is converted is in a block").split_before(next);
    for result in op.results() {
        let argument = block.add_arg(result.ty(), op.loc());
        result.replace_all_uses_with(argument);
    }
    block
}

/// Moves a region's blocks in front of `before` and gives its entry.
fn inline<'c>(region: Region<'c>, before: Block<'c>) -> (Block<'c>, Vec<Block<'c>>) {
    let blocks = region.blocks();
    let entry = *blocks.first().expect("a structured region has a block");
    region.inline_before(before);
    (entry, blocks)
}

/// Replaces the ends with this name by branches to a block.
fn redirect<'c>(blocks: &[Block<'c>], name: &str, target: Block<'c>) {
    for block in blocks {
        if let Some(end) = block.terminator()
            && end.is(name)
        {
            let values: Vec<Value> = end.operands().collect();
            branch(&Builder::before(end), target, &values);
            end.erase();
        }
    }
}

fn convert_if(op: Op) {
    let next = continuation(op);
    let (then, then_blocks) = inline(op.region(0), next);
    let (otherwise, otherwise_blocks) = inline(op.region(1), next);
    redirect(&then_blocks, "mochi.yield", next);
    redirect(&otherwise_blocks, "mochi.yield", next);
    let builder = Builder::before(op);
    conditional_branch(&builder, op.operand(0), (then, &[]), (otherwise, &[]));
    op.erase();
}

fn convert_switch(op: Op) {
    let next = continuation(op);
    let cases = op.attr("cases").and_then(|cases| cases.as_dense_i64()).unwrap_or_default();
    let mut entries = Vec::new();
    for region in op.regions() {
        let (entry, blocks) = inline(region, next);
        redirect(&blocks, "mochi.yield", next);
        entries.push(entry);
    }
    let default = entries.pop().expect("a switch has a default");
    switch(&Builder::before(op), op.operand(0), &cases, &entries, default);
    op.erase();
}

fn convert_while(op: Op) {
    let next = continuation(op);
    let (before, before_blocks) = inline(op.region(0), next);
    let (body, body_blocks) = inline(op.region(1), next);
    for block in before_blocks {
        if let Some(end) = block.terminator()
            && end.is("mochi.condition")
        {
            let values: Vec<Value> = end.operands().skip(1).collect();
            let builder = Builder::before(end);
            conditional_branch(&builder, end.operand(0), (body, &values), (next, &values));
            end.erase();
        }
    }
    redirect(&body_blocks, "mochi.yield", before);
    redirect(&body_blocks, "mochi.continue", before);
    redirect(&body_blocks, "mochi.break", next);
    let inits: Vec<Value> = op.operands().collect();
    branch(&Builder::before(op), before, &inits);
    op.erase();
}

fn convert_for(op: Op) {
    count_from_zero(op);
    let next = continuation(op);
    let (lower, upper) = (op.operand(0), op.operand(1));
    let inits: Vec<Value> = op.operands().skip(2).collect();
    let (body, body_blocks) = inline(op.region(0), next);
    let header = new_block_before(body, body.args().map(|argument| argument.ty()), op);
    let values: Vec<Value> = header.args().collect();
    let builder = Builder::at_end(header).at(op.loc());
    let more = builder
        .op("arith.cmpi")
        .operands(&[values[0], upper])
        .attr("predicate", Attribute::int(op.context(), SLT))
        .result(Type::i1(op.context()))
        .build()
        .result(0);
    conditional_branch(&builder, more, (body, &values), (next, &values[1..]));
    for block in &body_blocks {
        let Some(end) = block.terminator() else {
            continue;
        };
        if !(end.is("mochi.yield") || end.is("mochi.continue")) {
            continue;
        }
        let builder = Builder::before(end).at(op.loc());
        let one = builder.const_i64(1);
        // The counter is below the upper bound, so there is a number after it.
        let mut increment = builder.op("arith.addi").operands(&[body.arg(0), one]).result(lower.ty());
        if let Some(flags) = Attribute::parse(op.context(), "#arith.overflow<nsw>") {
            increment = increment.attr("overflowFlags", flags);
        }
        let mut carried = vec![increment.build().result(0)];
        carried.extend(end.operands());
        branch(&builder.at(end.loc()), header, &carried);
        end.erase();
    }
    redirect(&body_blocks, "mochi.break", next);
    let mut start = vec![lower];
    start.extend(inits);
    branch(&Builder::before(op), header, &start);
    op.erase();
}

fn new_block_before<'c>(before: Block<'c>, types: impl Iterator<Item = Type<'c>>, op: Op<'c>) -> Block<'c> {
    let arguments: Vec<_> = types.map(|ty| (ty, op.loc())).collect();
    let region = Region::new_detached();
    let block = region.append_block(&arguments);
    region.inline_before(before);
    block
}
