//! The branches of `cf`, which need their segment sizes spelled out.

use mochi_dialects::ir::{Attribute, Block, Builder, Value};

/// `cf.br`.
pub(super) fn branch<'c>(builder: &Builder<'c>, target: Block<'c>, values: &[Value<'c>]) {
    builder.op("cf.br").successor(target, values).build();
}

/// `cf.cond_br`.
pub(super) fn conditional_branch<'c>(
    builder: &Builder<'c>,
    condition: Value<'c>,
    (then, then_values): (Block<'c>, &[Value<'c>]),
    (otherwise, otherwise_values): (Block<'c>, &[Value<'c>]),
) {
    let sizes = [1, then_values.len() as i32, otherwise_values.len() as i32];
    builder
        .op("cf.cond_br")
        .operand(condition)
        .successor(then, then_values)
        .successor(otherwise, otherwise_values)
        .attr("operandSegmentSizes", Attribute::dense_i32(builder.ctx(), &sizes))
        .build();
}

/// `cf.switch`; no target takes arguments.
pub(super) fn switch<'c>(
    builder: &Builder<'c>,
    tag: Value<'c>,
    cases: &[i64],
    targets: &[Block<'c>],
    default: Block<'c>,
) {
    let ctx = builder.ctx();
    let mut op = builder
        .op("cf.switch")
        .operand(tag)
        .successor(default, &[])
        .attr("operandSegmentSizes", Attribute::dense_i32(ctx, &[1, 0, 0]))
        .attr("case_operand_segments", Attribute::dense_i32(ctx, &vec![0; cases.len()]));
    for target in targets {
        op = op.successor(*target, &[]);
    }
    if !cases.is_empty() {
        let list: Vec<String> = cases.iter().map(i64::to_string).collect();
        let text = format!("dense<[{}]> : tensor<{}xi64>", list.join(", "), cases.len());
        op = op.opt_attr("case_values", Attribute::parse(ctx, &text));
    }
    op.build();
}
