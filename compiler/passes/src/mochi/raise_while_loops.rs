//! `mochi-raise-while-loops`: counted `mochi.while` loops become `mochi.for`.
//!
//! What: a loop whose condition compares a carried number `i` with a bound that does not change
//! (`i < n` or `i <= n`, either way round), and which adds the same positive constant to `i` on every
//! path to the next round, counts; its early exits may stay.
//!
//! Requires: structured control flow without reference counts.
//!
//! Guarantees: the same rounds with the same values. The addition could stop the program where it
//! overflows; such loops stay as they are unless the bound's range rules that out.
//!
//! Before:
//! ```mlir
//! %r = mochi.while (%i = %zero) : (i64) {
//!   %c = arith.cmpi slt, %i, %n : i64
//!   mochi.condition %c (%i : i64)
//! } do (%j) {
//!   func.call @f(%j) : (i64) -> ()
//!   %k = mochi.int.add %j, %one
//!   mochi.yield %k : i64
//! }
//! ```
//! After (`%r` unused): `mochi.for %j = %zero to %n { func.call @f(%j) … }`.

use std::collections::HashMap;

use mochi_dialects::ir::{Attribute, Block, Builder, Op, Value};

use crate::analysis::int_range::IntRanges;
use crate::analysis::structure::{body, collect, enclosing_loop, functions, is_defined_outside};
use crate::declare_pass;

declare_pass!(
    /// The pass.
    RaiseWhileLoops,
    "mochi-raise-while-loops",
    "Turn counted while loops into mochi.for",
    |op| {
        run(op);
        Ok(())
    }
);

/// Raises the loops of every function below `root`.
pub fn run(root: Op) {
    for function in functions(root) {
        let loops = collect(function, &["mochi.while"]);
        if loops.is_empty() {
            continue;
        }
        let ranges = IntRanges::of_function(function);
        let counted: Vec<_> = loops.into_iter().filter_map(|op| Counted::recognise(op, &ranges)).collect();
        // A bound may be the result of a loop that is raised before.
        let mut replaced = HashMap::new();
        for mut candidate in counted {
            candidate.bound = replaced.get(&candidate.bound).copied().unwrap_or(candidate.bound);
            candidate.raise(&mut replaced);
        }
    }
}

/// What makes a loop counted.
struct Counted<'c> {
    op: Op<'c>,
    /// The number of the carried value that counts.
    index: usize,
    bound: Value<'c>,
    /// What to add to the bound to make it exclusive.
    past: i64,
    step: i64,
    /// What the first region computes for the bound; moves in front of the loop.
    invariant: Vec<Op<'c>>,
}

/// `slt`, `sle`, `sgt` and `sge` among the predicates of `arith.cmpi`.
const SLT: i64 = 2;
const SLE: i64 = 3;
const SGT: i64 = 4;
const SGE: i64 = 5;

impl<'c> Counted<'c> {
    fn recognise(op: Op<'c>, ranges: &IntRanges<'c>) -> Option<Self> {
        let before = body(op, 0);
        let condition = before.terminator()?;
        // The first region hands everything on as it is.
        let passes_on = condition.operands().skip(1).eq(before.args());
        let compare = condition.operand(0).defining_op()?;
        if !passes_on || !compare.is("arith.cmpi") || compare.block() != Some(before) {
            return None;
        }
        let (counter, bound, past) = match compare.int_attr("predicate")? {
            SLT => (compare.operand(0), compare.operand(1), 0),
            SLE => (compare.operand(0), compare.operand(1), 1),
            SGT => (compare.operand(1), compare.operand(0), 0),
            SGE => (compare.operand(1), compare.operand(0), 1),
            _ => return None,
        };
        let (block, index) = counter.as_block_arg()?;
        if block != before || !counter.ty().is_i64() {
            return None;
        }
        let invariant = invariant_ops(op, before, compare, bound)?;
        let step = common_step(op, index)?;
        let highest = ranges.at_definition(bound);
        let safe =
            (past == 0 && step == 1) || highest.hi + i128::from(past) + i128::from(step) - 1 <= i128::from(i64::MAX);
        safe.then_some(Self { op, index, bound, past, step, invariant })
    }

    /// Replaces the loop; notes what stands for its results from now on.
    fn raise(self, replaced: &mut HashMap<Value<'c>, Value<'c>>) {
        let op = self.op;
        for inner in &self.invariant {
            inner.move_before(op);
        }
        let builder = Builder::before(op);
        let upper = if self.past == 0 {
            self.bound
        } else {
            let past = builder.const_i64(self.past);
            builder.op("arith.addi").operands(&[self.bound, past]).result(self.bound.ty()).build().result(0)
        };
        let keeps = op.result(self.index).has_uses();
        let kept = |number: usize| keeps || number != self.index;
        let mut operands = vec![op.operand(self.index), upper];
        operands.extend(select(op.operands(), &kept));
        let types: Vec<_> = select(op.results(), &kept).map(|result| result.ty()).collect();
        let new = builder
            .op("mochi.for")
            .operands(&operands)
            .results(&types)
            .attr("step", Attribute::int(op.context(), self.step))
            .regions(1)
            .build();
        let ends = ends_of(op);
        let counter_type = op.operand(self.index).ty();
        new.region(0).take_body(op.region(1));
        let block = body(new, 0);
        let counter = block.insert_arg(0, counter_type, op.loc());
        block.arg(self.index + 1).replace_all_uses_with(counter);
        if !keeps {
            block.erase_arg(self.index + 1);
            for end in ends {
                let values: Vec<_> = select(end.operands(), &kept).collect();
                end.set_operands(&values);
            }
        }
        let mut results = new.results();
        for (number, result) in op.results().enumerate() {
            if kept(number)
                && let Some(replacement) = results.next()
            {
                result.replace_all_uses_with(replacement);
                replaced.insert(result, replacement);
            }
        }
        op.erase();
    }
}

fn select<'a, 'c: 'a>(
    values: impl Iterator<Item = Value<'c>> + 'a,
    kept: &'a impl Fn(usize) -> bool,
) -> impl Iterator<Item = Value<'c>> + 'a {
    values.enumerate().filter(|(number, _)| kept(*number)).map(|(_, value)| value)
}

/// The operations of the first region besides the comparison, if they do not depend on the round
/// and can run before the loop.
fn invariant_ops<'c>(op: Op<'c>, before: Block<'c>, compare: Op<'c>, bound: Value<'c>) -> Option<Vec<Op<'c>>> {
    let mut invariant = Vec::new();
    for inner in before.ops() {
        if inner == compare || inner.is_terminator() {
            continue;
        }
        let free = inner.operands().all(|operand| {
            is_defined_outside(operand, op)
                || operand.defining_op().is_some_and(|definition| invariant.contains(&definition))
        });
        if !free || !inner.is_pure() || inner.region_count() > 0 {
            return None;
        }
        invariant.push(inner);
    }
    let known =
        is_defined_outside(bound, op) || bound.defining_op().is_some_and(|definition| invariant.contains(&definition));
    known.then_some(invariant)
}

/// The terminators that go on with the loop's next round or leave it.
fn ends_of(op: Op) -> Vec<Op> {
    let block = body(op, 1);
    let mut ends: Vec<Op> = block.terminator().into_iter().filter(|end| end.is("mochi.yield")).collect();
    let mut exits = collect(op, &["mochi.break", "mochi.continue"]);
    exits.retain(|exit| enclosing_loop(*exit) == Some(op));
    ends.extend(exits);
    ends
}

/// The constant that every path to the next round adds to the counter.
fn common_step(op: Op, index: usize) -> Option<i64> {
    let counter = body(op, 1).arg(index);
    let mut common = None;
    for end in ends_of(op) {
        if end.is("mochi.break") {
            continue;
        }
        let step = step_of(end.operand(index), counter)?;
        if step <= 0 || common.is_some_and(|known| known != step) {
            return None;
        }
        common = Some(step);
    }
    common
}

fn step_of<'c>(next: Value<'c>, counter: Value<'c>) -> Option<i64> {
    let add = next.defining_op()?;
    if !add.is("mochi.int.add") || add.str_attr("overflow") == Some("wrap") {
        return None;
    }
    if add.operand(0) == counter {
        add.operand(1).as_constant_int()
    } else if add.operand(1) == counter {
        add.operand(0).as_constant_int()
    } else {
        None
    }
}
