//! `mochi-split-long-blocks`: no block of a function is longer than a constant.
//!
//! What: cuts the blocks of functions into pieces that follow each other.
//!
//! Why: lowering an operation to branches cuts its block and moves all that follows to another one. In a block of n
//! operations, of which a part become branches, that is n² moves; in pieces of constant length it is n.
//!
//! Requires: nothing. Guarantees: the same program; LLVM joins the pieces again.
//!
//! Before:
//! ```mlir
//! mochi.print %a : i64
//! mochi.print %b : i64
//! return
//! ```
//! After, if blocks of two operations were long:
//! ```mlir
//!   mochi.print %a : i64
//!   cf.br ^rest
//! ^rest:
//!   mochi.print %b : i64
//!   return
//! ```

use crate::analysis::structure::functions;
use mochi_dialects::ir::{Block, Builder, DialectHandle, Op};
use mochi_dialects::pass::{Pass, PassResult, PassRun};

/// Blocks up to this length stay whole: nearly all blocks of programs that people write do.
const LONGEST: usize = 256;
/// The length of the pieces. A shorter piece saves moves, a longer one jumps.
const PIECE: usize = 128;

/// The pass.
pub struct SplitLongBlocks;

impl Pass for SplitLongBlocks {
    fn argument(&self) -> &'static str {
        "mochi-split-long-blocks"
    }

    fn name(&self) -> &'static str {
        stringify!(SplitLongBlocks)
    }

    fn description(&self) -> &'static str {
        "Cut long blocks of functions, so that lowering to branches takes linear time"
    }

    fn dependent_dialects(&self) -> Vec<DialectHandle> {
        vec![DialectHandle::cf()]
    }

    fn run(&self, op: Op<'_>, _: &PassRun<'_>) -> PassResult {
        run(op);
        Ok(())
    }
}

/// Works on every function below `root`.
pub fn run(root: Op) {
    for function in functions(root) {
        for region in function.regions() {
            for block in region.blocks() {
                split(block);
            }
        }
    }
}

/// From the end, so that each cut moves one piece.
fn split(block: Block) {
    let ops: Vec<Op> = block.ops().collect();
    if ops.len() <= LONGEST {
        return;
    }
    for start in (PIECE..ops.len() - 1).step_by(PIECE).rev() {
        let first = ops[start];
        let rest = block.split_before(first);
        Builder::at_end(block).at(first.loc()).op("cf.br").successor(rest, &[]).build();
    }
}
