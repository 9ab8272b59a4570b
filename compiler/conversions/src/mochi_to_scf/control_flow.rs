//! One exit-free operation of the dialect to its `scf` counterpart.

use mochi_dialects::ir::{Attribute, Block, Builder, Op, Region, Type, Value};

/// Replaces the operation. Its regions move; nothing inside changes but the terminators.
pub(super) fn convert(op: Op) {
    match op.name() {
        "mochi.if" => convert_if(op),
        "mochi.switch" => convert_switch(op),
        "mochi.while" => convert_while(op),
        _ => convert_for(op),
    }
}

fn convert_if(op: Op) {
    let builder = Builder::before(op);
    let new = builder.op("scf.if").operand(op.operand(0)).results(&op.result_types()).regions(2).build();
    move_region(op.region(0), new.region(0));
    if op.result_count() > 0 || !is_trivial(op.region(1)) {
        move_region(op.region(1), new.region(1));
    }
    finish(op, new);
}

fn convert_switch(op: Op) {
    let builder = Builder::before(op);
    let tag = builder.op("arith.index_cast").operand(op.operand(0)).result(Type::index(op.context())).build().result(0);
    let cases = cases(op);
    let count = cases.len();
    let new = builder
        .op("scf.index_switch")
        .operand(tag)
        .attr("cases", Attribute::dense_i64(op.context(), &cases))
        .results(&op.result_types())
        .regions(count + 1)
        .build();
    // The default comes last in the dialect and first in scf.
    move_region(op.region(count), new.region(0));
    for k in 0..count {
        move_region(op.region(k), new.region(k + 1));
    }
    finish(op, new);
}

fn cases(op: Op) -> Vec<i64> {
    op.attr("cases").and_then(|cases| cases.as_dense_i64()).unwrap_or_default()
}

fn convert_while(op: Op) {
    let operands: Vec<Value> = op.operands().collect();
    let new = Builder::before(op).op("scf.while").operands(&operands).results(&op.result_types()).regions(2).build();
    move_region(op.region(0), new.region(0));
    move_region(op.region(1), new.region(1));
    if new.would_be_dead() {
        keep(new);
    }
    finish(op, new);
}

/// `scf` takes it for granted that loops end, and so may LLVM. The program may be meant to wait for ever, or at least does:
/// what comes after the loop must not run then. This intrinsic does nothing, but counts as an effect.
fn keep(new: Op) {
    let Some(body) = new.region(1).entry() else { return };
    let c = new.context();
    Builder::at_start(body)
        .at(new.loc())
        .op("llvm.call_intrinsic")
        .attr("intrin", Attribute::string(c, "llvm.sideeffect"))
        .attr("op_bundle_sizes", Attribute::dense_i32(c, &[]))
        .attr("operandSegmentSizes", Attribute::dense_i32(c, &[0, 0]))
        .build();
}

fn convert_for(op: Op) {
    count_from_zero(op);
    let builder = Builder::before(op);
    let mut operands = vec![op.operand(0), op.operand(1), builder.const_i64(1)];
    operands.extend(op.operands().skip(2));
    let new = builder.op("scf.for").operands(&operands).results(&op.result_types()).regions(1).build();
    move_region(op.region(0), new.region(0));
    finish(op, new);
}

/// Rewrites a `mochi.for` with a step other than one to count rounds instead. The dialect promises
/// that the last step does not overflow; loops that add the step to the counter could.
pub fn count_from_zero<'c>(op: Op<'c>) {
    let step = op.int_attr("step").unwrap_or(1);
    if step == 1 {
        return;
    }
    let builder = Builder::before(op);
    let (lower, upper) = (op.operand(0), op.operand(1));
    let step_value = builder.const_i64(step);
    let zero = builder.const_i64(0);
    let one = builder.const_i64(1);
    let i64_type = lower.ty();
    // rounds = lower < upper ? (upper - lower - 1) / step + 1 : 0, in unsigned arithmetic, since
    // the distance of two signed numbers may need all 64 bits.
    let distance = binary(&builder, "arith.subi", upper, lower);
    let inner = binary(&builder, "arith.subi", distance, one);
    let quotient = binary(&builder, "arith.divui", inner, step_value);
    let rounds = binary(&builder, "arith.addi", quotient, one);
    let runs = builder
        .op("arith.cmpi")
        .operands(&[lower, upper])
        .attr("predicate", Attribute::int(op.context(), SLT))
        .result(Type::i1(op.context()))
        .build()
        .result(0);
    let count = builder.op("arith.select").operands(&[runs, rounds, zero]).result(i64_type).build().result(0);
    op.set_operand(0, zero);
    op.set_operand(1, count);
    op.set_attr("step", Attribute::int(op.context(), 1));
    let Some(body) = op.region(0).entry() else {
        return;
    };
    let counter = body.arg(0);
    let inside = Builder::at_start(body);
    let scaled = inside.op("arith.muli").operands(&[counter, step_value]).result(i64_type).build();
    let value = inside.op("arith.addi").operands(&[scaled.result(0), lower]).result(i64_type).build();
    counter.replace_uses_except(value.result(0), &[scaled]);
}

fn binary<'c>(builder: &Builder<'c>, name: &str, lhs: Value<'c>, rhs: Value<'c>) -> Value<'c> {
    builder.op(name).operands(&[lhs, rhs]).result(lhs.ty()).build().result(0)
}

/// `slt` among the predicates of `arith.cmpi`.
pub(crate) const SLT: i64 = 2;

/// Whether a region does nothing and yields nothing.
fn is_trivial(region: Region) -> bool {
    region.entry().and_then(|block| block.first_op()).is_some_and(|first| first.is("mochi.yield"))
}

fn move_region<'c>(from: Region<'c>, to: Region<'c>) {
    to.take_body(from);
    for block in to.blocks() {
        convert_terminator(block);
    }
}

fn convert_terminator(block: Block) {
    let Some(end) = block.terminator() else {
        return;
    };
    let name = match end.name() {
        "mochi.condition" => "scf.condition",
        // Control never gets to an unreachable end, and no value is wanted from it here.
        _ => "scf.yield",
    };
    let operands: Vec<Value> = end.operands().collect();
    Builder::before(end).op(name).operands(&operands).build();
    end.erase();
}

fn finish<'c>(old: Op<'c>, new: Op<'c>) {
    let results: Vec<Value> = new.results().collect();
    old.replace_with(&results);
}
