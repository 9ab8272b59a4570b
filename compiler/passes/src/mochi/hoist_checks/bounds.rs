//! What is known of an index before a loop starts.

use mochi_dialects::ir::{Op, Value};

use crate::analysis::structure::{is_defined_outside, is_inside};

/// A number plus a small constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset<'c> {
    pub(super) value: Value<'c>,
    pub(super) constant: i64,
}

/// What an index is at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lower<'c> {
    Zero,
    AtLeast(Offset<'c>),
}

/// Bounds of an index whose parts exist before the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds<'c> {
    pub(super) lower: Lower<'c>,
    /// What the index is at most.
    pub(super) upper: Offset<'c>,
    /// A divisor bounds the index, so it is not the loops that make its range.
    pub(super) by_remainder: bool,
}

/// Constants beyond this could make the tests of the versions overflow.
const SMALL: i64 = 1 << 32;

/// Takes additions of constants off a value.
pub(super) fn strip(mut value: Value) -> Offset {
    let mut constant: i64 = 0;
    while let Some(op) = value.defining_op() {
        let sign = match op.name() {
            "arith.addi" | "mochi.int.add" => 1,
            "arith.subi" | "mochi.int.sub" => -1,
            _ => break,
        };
        if op.str_attr("overflow") == Some("wrap") {
            break;
        }
        // Plain additions count only where they are known not to wrap.
        if op.name().starts_with("arith.") && !never_wraps(op) {
            break;
        }
        let Some(step) = op.operand(1).as_constant_int() else {
            break;
        };
        if step.abs() >= SMALL || constant.abs() >= SMALL {
            break;
        }
        constant += sign * step;
        value = op.operand(0);
    }
    Offset { value, constant }
}

fn never_wraps(op: Op) -> bool {
    op.attr("overflowFlags").is_some_and(|flags| flags.to_string().contains("nsw"))
}

/// The bounds of an index used in the loop `op`, in values from before it. `nonnegative` says that
/// the index is known not to be negative.
pub(super) fn bounds<'c>(index: Value<'c>, op: Op<'c>, nonnegative: bool) -> Option<Bounds<'c>> {
    let Offset { value, constant } = strip(index);
    if constant.abs() >= SMALL {
        return None;
    }
    let plus = |value, constant| Offset { value, constant };
    let (lower, upper, by_remainder) = if is_defined_outside(value, op) {
        (Some(plus(value, constant)), plus(value, constant), false)
    } else if let Some((block, 0)) = value.as_block_arg() {
        let inner = block.parent_op()?;
        if !inner.is("mochi.for") || !is_inside(inner, op) {
            return None;
        }
        let (from, to) = (inner.operand(0), inner.operand(1));
        if !is_defined_outside(to, op) && inner != op {
            return None;
        }
        let lower = (inner == op || is_defined_outside(from, op)).then(|| plus(from, constant));
        (lower, plus(to, constant - 1), false)
    } else {
        let definition = value.defining_op()?;
        let remainder = ["arith.remsi", "arith.remui", "mochi.int.rem"].contains(&definition.name());
        if !remainder || !nonnegative || !is_defined_outside(definition.operand(1), op) {
            return None;
        }
        (None, plus(definition.operand(1), constant - 1), true)
    };
    let lower = if nonnegative {
        Lower::Zero
    } else {
        let lower = lower?;
        match lower.value.as_constant_int() {
            Some(start) if start >= 0 && lower.constant >= -start.min(SMALL) => Lower::Zero,
            _ => Lower::AtLeast(lower),
        }
    };
    Some(Bounds { lower, upper, by_remainder })
}
