//! `mochi-defer-overflow-checks`: sums are checked for overflow once, behind their loop.
//!
//! What: a counted loop that only reads memory and adds up integers runs without overflow checks and
//! without branches, which lets LLVM vectorise it. On the way it collects, in two bit sets, whether a
//! number was large enough that some operation may have overflowed. If so, nothing of that run has
//! been seen by anybody: the loop as it was runs from the start and stops, if it must, exactly where
//! it should.
//!
//! Requires: `mochi-expose-checks` and `mochi-hoist-checks`; index checks that are left in a loop keep
//! it as it is.
//!
//! Guarantees: the same results and the same errors.
//!
//! How the bits tell: `x ^ (x << 1)` has bit i set where bits i and i-1 of x differ, so x fits in k
//! bits and a sign exactly if no bit above k is set in it. If all n addends and the start fit 62 bits
//! less the bits of n, no partial sum overflows, in whatever order they are added.
//!
//! Before:
//! ```mlir
//! %s = mochi.for %i = %zero to %n iter (%a = %zero) : (i64) {
//!   %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
//!   %b = mochi.int.add %a, %e
//!   mochi.yield %b : i64
//! }
//! ```
//! After: the loop with `arith.addi` and two more carried numbers, a test, and `mochi.if` around the
//! loop as it was.

use std::collections::{HashMap, HashSet};

use mochi_dialects::ir::{Attribute, Block, Builder, DialectHandle, Op, Type, Value};
use mochi_dialects::pass::{Pass, PassResult, PassRun};

use crate::analysis::structure::{body, is_exit_free_inside, is_loop, walk_ops};

/// The pass.
pub struct DeferOverflowChecks;

impl Pass for DeferOverflowChecks {
    fn argument(&self) -> &'static str {
        "mochi-defer-overflow-checks"
    }

    fn name(&self) -> &'static str {
        "DeferOverflowChecks"
    }

    fn description(&self) -> &'static str {
        "Check sums for overflow once, behind their loop"
    }

    fn dependent_dialects(&self) -> Vec<DialectHandle> {
        vec![DialectHandle::arith(), DialectHandle::math()]
    }

    fn run(&self, op: Op<'_>, _: &PassRun<'_>) -> PassResult {
        run(op);
        Ok(())
    }
}

/// Loops with more operations are not copied.
const MOST_OPERATIONS: usize = 80;

/// Factors up to this many bits are worth it: larger ones leave too little room for the other side.
const MOST_FACTOR_BITS: u32 = 31;

/// `eq` and `sge` among the predicates of `arith.cmpi`.
const EQ: i64 = 0;
const SGE: i64 = 5;

/// Works on every loop below `root`.
pub fn run(root: Op) {
    for op in root.collect("mochi.for") {
        if let Some(plan) = Plan::of(op) {
            plan.apply();
        }
    }
}

/// A loop that can run without its checks.
struct Plan<'c> {
    op: Op<'c>,
    /// The additions to carried values, and the results of branches that pass them on.
    chain: HashSet<Value<'c>>,
}

impl<'c> Plan<'c> {
    fn of(op: Op<'c>) -> Option<Self> {
        let sums = op.operand_count() > 2 && op.operands().skip(2).all(|init| init.ty().is_i64());
        let start = op.operand(0).as_constant_int()?;
        if !sums || start < 0 || op.int_attr("step").unwrap_or(1) != 1 || !is_exit_free_inside(op) {
            return None;
        }
        let (mut size, mut checks) = (0, 0);
        walk_ops(op, |inner| {
            size += 1;
            checks += usize::from(is_checked(inner));
        });
        let block = body(op, 0);
        if size > MOST_OPERATIONS || checks == 0 || !is_allowed(block, true) {
            return None;
        }
        let mut chain = HashSet::new();
        let end = block.terminator()?;
        for (argument, next) in block.args().skip(1).zip(end.operands()) {
            let mut seen = 0;
            follow(next, argument, &mut seen, &mut chain)?;
            if argument == next || seen != argument.uses().len() {
                return None;
            }
        }
        Some(Self { op, chain })
    }

    fn apply(self) {
        let op = self.op;
        let builder = Builder::before(op);
        let zero = builder.const_i64(0);
        let i64_type = zero.ty();
        let mut operands: Vec<Value> = op.operands().collect();
        operands.extend([zero, zero]);
        let types = vec![i64_type; operands.len() - 2];
        let fast = builder
            .op("mochi.for")
            .operands(&operands)
            .results(&types)
            .attr("step", Attribute::int(op, 1))
            .regions(1)
            .build();
        let arguments = vec![(i64_type, op.loc()); operands.len() - 1];
        let new = fast.region(0).append_block(&arguments);
        let old = body(op, 0);
        let inside = Builder::at_end(new).at(op.loc());
        let mut copy =
            Copy { plan: &self, values: old.args().zip(new.args()).collect(), builder: &inside, flags: Vec::new() };
        copy.block(old, None);
        copy.finish(old, new);
        let condition = self.test(fast, &builder);
        self.choose(fast, condition, &builder);
    }

    /// Whether nothing can have overflowed in the run.
    fn test(&self, fast: Op<'c>, builder: &Builder<'c>) -> Value<'c> {
        let count = self.op.result_count();
        let (flag, spread) = (fast.result(count), fast.result(count + 1));
        let rounds = binary(builder, "arith.subi", self.op.operand(1), self.op.operand(0));
        let rounds = binary(builder, "arith.maxsi", rounds, builder.const_i64(1));
        let zeros = builder.op("math.ctlz").operand(rounds).result(rounds.ty()).build().result(0);
        let room = binary(builder, "arith.subi", zeros, builder.const_i64(1));
        let above = binary(builder, "arith.shrui", spread, room);
        let all = binary(builder, "arith.ori", above, flag);
        let mut condition = compare(builder, EQ, all, builder.const_i64(0));
        for init in self.op.operands().skip(2) {
            let differences = differences(builder, init);
            let small = compare(builder, SGE, differences, builder.const_i64(0));
            condition = binary(builder, "arith.andi", condition, small);
        }
        condition
    }

    fn choose(&self, fast: Op<'c>, condition: Value<'c>, builder: &Builder<'c>) {
        let op = self.op;
        let choice = builder.op("mochi.if").operand(condition).results(&op.result_types()).regions(2).build();
        for (old, new) in op.results().zip(choice.results()) {
            old.replace_all_uses_with(new);
        }
        let good = choice.region(0).append_block(&[]);
        let bad = choice.region(1).append_block(&[]);
        op.move_to_end(bad);
        for (block, source) in [(good, fast), (bad, op)] {
            let values: Vec<Value> = source.results().take(op.result_count()).collect();
            Builder::at_end(block).at(op.loc()).op("mochi.yield").operands(&values).build();
        }
    }
}

/// Checks that what a path yields is the carried value, or the carried value plus something, and
/// notes the operations on the way.
fn follow<'c>(value: Value<'c>, argument: Value<'c>, seen: &mut usize, chain: &mut HashSet<Value<'c>>) -> Option<()> {
    if value == argument {
        *seen += 1;
        return Some(());
    }
    let (op, number) = value.as_result()?;
    // Each link may only be used for the next one.
    if !value.has_one_use() {
        return None;
    }
    let adds = op.is("mochi.int.add") || op.is("arith.addi");
    if adds && op.operand(0) != op.operand(1) {
        if op.operand(0) != argument && op.operand(1) != argument {
            return None;
        }
        *seen += 1;
        chain.insert(value);
        return Some(());
    }
    if !op.is("mochi.if") {
        return None;
    }
    chain.insert(value);
    for region in 0..2 {
        let end = body(op, region).terminator()?;
        follow(end.operand(number), argument, seen, chain)?;
    }
    Some(())
}

fn is_checked(op: Op) -> bool {
    op.name().starts_with("mochi.int.") && op.str_attr("overflow") != Some("wrap")
}

/// Whether some path adds to the carried value with a check.
fn has_checked_sum<'c>(value: Value<'c>, argument: Value<'c>) -> bool {
    match value.as_result() {
        Some((op, number)) if value != argument && op.is("mochi.if") => (0..2).any(|region| {
            let end = body(op, region).terminator();
            end.is_some_and(|end| has_checked_sum(end.operand(number), argument))
        }),
        Some((op, _)) => value != argument && is_checked(op),
        None => false,
    }
}

/// Whether all operations of a block may run in the copy: they read at most, and what is inside a
/// branch may run whether the branch is taken or not.
fn is_allowed(block: Block, always_runs: bool) -> bool {
    block.ops().all(|op| {
        let name = op.name();
        match name {
            "mochi.yield" => true,
            "mochi.if" => {
                let ends = (0..2).all(|region| is_allowed(body(op, region), false));
                // Only numbers can be selected.
                ends && op.results().all(|result| result.ty().is_i64() || result.ty().is_f64() || result.ty().is_i1())
            }
            "mochi.int.add" | "mochi.int.sub" => true,
            "mochi.int.mul" => !is_checked(op) || factor(op).is_some(),
            "mochi.list.length" => true,
            "mochi.list.get" => always_runs && op.has_attr("inbounds") && !op.has_attr("take"),
            "mochi.record.get" => always_runs && !op.has_attr("take"),
            _ => {
                let divides = name.contains("div") || name.contains("rem");
                name.starts_with("arith.") && (always_runs || !divides) && !is_loop(op)
            }
        }
    })
}

/// The side of a product that is no constant, and the bits of the constant.
fn factor<'c>(op: Op<'c>) -> Option<(Value<'c>, u32)> {
    for (number, other) in [(0, 1), (1, 0)] {
        if let Some(constant) = op.operand(number).as_constant_int() {
            let bits = 64 - constant.unsigned_abs().leading_zeros();
            return (bits <= MOST_FACTOR_BITS).then(|| (op.operand(other), bits));
        }
    }
    None
}

/// Builds the body without checks and branches.
struct Copy<'a, 'c> {
    plan: &'a Plan<'c>,
    values: HashMap<Value<'c>, Value<'c>>,
    builder: &'a Builder<'c>,
    /// Numbers of which a bit is set if something may have overflowed.
    flags: Vec<Value<'c>>,
}

impl<'c> Copy<'_, 'c> {
    fn value(&self, old: Value<'c>) -> Value<'c> {
        self.values.get(&old).copied().unwrap_or(old)
    }

    /// Copies a block; `condition` says whether it would run.
    fn block(&mut self, block: Block<'c>, condition: Option<Value<'c>>) {
        for op in block.ops() {
            if op.is_terminator() {
                return;
            }
            self.builder.set_loc(op.loc());
            match op.name() {
                "mochi.if" => self.branch(op, condition),
                _ if op.results().any(|result| self.plan.chain.contains(&result)) => {}
                "mochi.int.add" | "mochi.int.sub" | "mochi.int.mul" => {
                    self.arithmetic(op, condition);
                }
                _ => {
                    let new = self.builder.insert(op.clone_detached());
                    for (number, operand) in op.operands().enumerate() {
                        new.set_operand(number, self.value(operand));
                    }
                    self.values.extend(op.results().zip(new.results()));
                }
            }
        }
    }

    fn branch(&mut self, op: Op<'c>, outer: Option<Value<'c>>) {
        let chosen = self.value(op.operand(0));
        let not = binary(self.builder, "arith.xori", chosen, self.builder.const_bool(true));
        // Not `and`: what runs though its branch was not taken may be poison, which `and` passes on.
        let never = self.builder.const_bool(false);
        let both = |condition| match outer {
            Some(outer) => select(self.builder, outer, condition, never),
            None => condition,
        };
        let (then, otherwise) = (both(chosen), both(not));
        self.block(body(op, 0), Some(then));
        self.block(body(op, 1), Some(otherwise));
        let ends = (body(op, 0).terminator(), body(op, 1).terminator());
        let (Some(first), Some(second)) = ends else {
            return;
        };
        for (number, result) in op.results().enumerate() {
            if !self.plan.chain.contains(&result) {
                let (a, b) = (self.value(first.operand(number)), self.value(second.operand(number)));
                let new = select(self.builder, chosen, a, b);
                self.values.insert(result, new);
            }
        }
    }

    fn arithmetic(&mut self, op: Op<'c>, condition: Option<Value<'c>>) {
        let b = self.builder;
        let (lhs, rhs) = (self.value(op.operand(0)), self.value(op.operand(1)));
        let name = match op.name() {
            "mochi.int.add" => "arith.addi",
            "mochi.int.sub" => "arith.subi",
            _ => "arith.muli",
        };
        let result = binary(b, name, lhs, rhs);
        self.values.insert(op.result(0), result);
        if !is_checked(op) {
            return;
        }
        let (bits, mask) = match name {
            "arith.addi" => {
                let (x, y) = (binary(b, "arith.xori", lhs, result), binary(b, "arith.xori", rhs, result));
                (binary(b, "arith.andi", x, y), i64::MIN)
            }
            "arith.subi" => {
                let (x, y) = (binary(b, "arith.xori", lhs, rhs), binary(b, "arith.xori", lhs, result));
                (binary(b, "arith.andi", x, y), i64::MIN)
            }
            _ => match factor(op) {
                Some((_, 0)) | None => return,
                Some((variable, bits)) => (differences(b, self.value(variable)), -1 << (64 - bits)),
            },
        };
        let mut flag = binary(b, "arith.andi", bits, b.const_i64(mask));
        if let Some(condition) = condition {
            flag = select(b, condition, flag, b.const_i64(0));
        }
        self.flags.push(flag);
    }

    /// What is added to the carried value on the way to what is yielded.
    fn addend(&self, value: Value<'c>, argument: Value<'c>) -> Value<'c> {
        let b = self.builder;
        match value.as_result() {
            Some((op, number)) if value != argument => {
                if !op.is("mochi.if") {
                    let other = if op.operand(0) == argument { 1 } else { 0 };
                    return self.value(op.operand(other));
                }
                let of = |region: usize| {
                    let end = body(op, region).terminator();
                    end.map_or(argument, |end| end.operand(number))
                };
                let (then, otherwise) = (self.addend(of(0), argument), self.addend(of(1), argument));
                select(b, self.value(op.operand(0)), then, otherwise)
            }
            _ => b.const_i64(0),
        }
    }

    fn finish(self, old: Block<'c>, new: Block<'c>) {
        let b = self.builder;
        let Some(end) = old.terminator() else {
            return;
        };
        b.set_loc(end.loc());
        let count = end.operand_count();
        let (mut flag, mut spread) = (new.arg(count + 1), new.arg(count + 2));
        for of_operation in &self.flags {
            flag = binary(b, "arith.ori", flag, *of_operation);
        }
        let mut yielded = Vec::new();
        for (argument, next) in old.args().skip(1).zip(end.operands()) {
            let addend = self.addend(next, argument);
            yielded.push(binary(b, "arith.addi", self.value(argument), addend));
            // A sum that may wrap, or was proved not to, needs no room.
            if has_checked_sum(next, argument) {
                spread = binary(b, "arith.ori", spread, differences(b, addend));
            }
        }
        yielded.extend([flag, spread]);
        b.op("mochi.yield").operands(&yielded).build();
    }
}

fn binary<'c>(builder: &Builder<'c>, name: &str, lhs: Value<'c>, rhs: Value<'c>) -> Value<'c> {
    builder.op(name).operands(&[lhs, rhs]).result(lhs.ty()).build().result(0)
}

fn compare<'c>(builder: &Builder<'c>, predicate: i64, lhs: Value<'c>, rhs: Value<'c>) -> Value<'c> {
    builder
        .op("arith.cmpi")
        .attr("predicate", Attribute::int(builder, predicate))
        .operands(&[lhs, rhs])
        .result(Type::i1(builder))
        .build()
        .result(0)
}

fn select<'c>(builder: &Builder<'c>, condition: Value<'c>, then: Value<'c>, otherwise: Value<'c>) -> Value<'c> {
    builder.op("arith.select").operands(&[condition, then, otherwise]).result(then.ty()).build().result(0)
}

/// Where neighbouring bits differ.
fn differences<'c>(builder: &Builder<'c>, value: Value<'c>) -> Value<'c> {
    let shifted = binary(builder, "arith.shli", value, builder.const_i64(1));
    binary(builder, "arith.xori", value, shifted)
}
