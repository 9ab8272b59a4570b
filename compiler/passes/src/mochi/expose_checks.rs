//! `mochi-expose-checks`: implicit checks become operations, or disappear where ranges prove them.
//!
//! What:
//! - `mochi.list.get` and `mochi.list.set` become `mochi.list.length`, `mochi.check.index` and an
//!   `inbounds` access. Where the index is never negative the access uses it as it is, and the check
//!   says so (`nonnegative`).
//! - `mochi.int.div` and `mochi.int.rem` become `mochi.check.divisor` and `arith` division, unsigned
//!   where neither side is negative, unless the quotient could overflow.
//! - `mochi.int.add`, `sub`, `mul` and `neg` that cannot overflow become `arith` operations.
//!
//! Requires: structured control flow. Counts may have been inserted.
//!
//! Guarantees: the same errors at the same places; every list access left is `inbounds`.
//!
//! Before:
//! ```mlir
//! %e = mochi.list.get %l[%i] : !mochi.list<f64>
//! ```
//! After:
//! ```mlir
//! %n = mochi.list.length %l : !mochi.list<f64>
//! %j = mochi.check.index %i, %n
//! %e = mochi.list.get inbounds %l[%j] : !mochi.list<f64>
//! ```

use mochi_dialects::ir::{Attribute, Builder, Op, Value};

use crate::analysis::int_range::{IntRanges, Range};
use crate::analysis::structure::{collect, functions};
use crate::declare_pass;

declare_pass!(
    /// The pass.
    ExposeChecks,
    "mochi-expose-checks",
    "Make implicit checks operations, or remove what ranges prove",
    |op| {
        run(op);
        Ok(())
    }
);

/// Names of the operations that may have checks inside, and of divisions that may be unsigned.
const CHECKED: [&str; 10] = [
    "arith.divsi",
    "arith.remsi",
    "mochi.list.get",
    "mochi.list.set",
    "mochi.int.add",
    "mochi.int.sub",
    "mochi.int.mul",
    "mochi.int.neg",
    "mochi.int.div",
    "mochi.int.rem",
];

/// Works on every function below `root`.
pub fn run(root: Op) {
    for function in functions(root) {
        let ranges = IntRanges::of_function(function);
        for op in collect(function, &CHECKED) {
            match op.name() {
                "mochi.list.get" | "mochi.list.set" => expose_index(op, &ranges),
                "mochi.int.div" | "mochi.int.rem" => expose_division(op, &ranges),
                "arith.divsi" | "arith.remsi" => make_unsigned(op, &ranges),
                _ => prove_overflow(op, &ranges),
            }
        }
    }
}

fn expose_index<'c>(op: Op<'c>, ranges: &IntRanges<'c>) {
    if op.has_attr("inbounds") {
        return;
    }
    let builder = Builder::before(op);
    let index = op.operand(1);
    let length = builder.op("mochi.list.length").operand(op.operand(0)).result(index.ty()).build().result(0);
    let nonnegative = ranges.operand(op, 1).lo >= 0;
    let check = builder
        .op("mochi.check.index")
        .operands(&[index, length])
        .flag("nonnegative", nonnegative)
        .result(index.ty())
        .build();
    if !nonnegative {
        op.set_operand(1, check.result(0));
    }
    op.set_unit_attr("inbounds");
}

fn expose_division<'c>(op: Op<'c>, ranges: &IntRanges<'c>) {
    let (dividend, divisor) = (ranges.operand(op, 0), ranges.operand(op, 1));
    let overflows = divisor.contains(-1) && dividend.contains(i128::from(i64::MIN));
    if overflows {
        return;
    }
    let builder = Builder::before(op);
    if divisor.contains(0) {
        builder.op("mochi.check.divisor").operand(op.operand(1)).build();
    }
    let unsigned = dividend.lo >= 0 && divisor.lo >= 0;
    let name = match (op.is("mochi.int.div"), unsigned) {
        (true, true) => "arith.divui",
        (true, false) => "arith.divsi",
        (false, true) => "arith.remui",
        (false, false) => "arith.remsi",
    };
    replace(op, &builder, name, &[op.operand(0), op.operand(1)], false);
}

/// Divisions by constants are plain operations from the start.
fn make_unsigned<'c>(op: Op<'c>, ranges: &IntRanges<'c>) {
    if op.result(0).ty().is_i64() && (0..2).all(|number| ranges.operand(op, number).lo >= 0) {
        let name = if op.is("arith.divsi") { "arith.divui" } else { "arith.remui" };
        replace(op, &Builder::before(op), name, &[op.operand(0), op.operand(1)], false);
    }
}

fn prove_overflow<'c>(op: Op<'c>, ranges: &IntRanges<'c>) {
    let wraps = op.str_attr("overflow") == Some("wrap");
    let builder = Builder::before(op);
    let (name, exact, operands): (_, Range, Vec<Value>) = if op.is("mochi.int.neg") {
        let range = Range::exactly(0).sub(ranges.operand(op, 0));
        if !wraps && !range.fits() {
            return;
        }
        let zero = builder.const_i64(0);
        ("arith.subi", range, vec![zero, op.operand(0)])
    } else {
        let (lhs, rhs) = (ranges.operand(op, 0), ranges.operand(op, 1));
        let (name, range) = match op.name() {
            "mochi.int.add" => ("arith.addi", lhs.add(rhs)),
            "mochi.int.sub" => ("arith.subi", lhs.sub(rhs)),
            _ => ("arith.muli", lhs.mul(rhs)),
        };
        (name, range, vec![op.operand(0), op.operand(1)])
    };
    if exact.fits() || wraps {
        replace(op, &builder, name, &operands, exact.fits());
    }
}

fn replace<'c>(op: Op<'c>, builder: &Builder<'c>, name: &str, operands: &[Value<'c>], never_wraps: bool) {
    let mut new = builder.op(name).operands(operands).result(op.result(0).ty());
    if never_wraps && let Some(flags) = Attribute::parse(op.context(), "#arith.overflow<nsw>") {
        new = new.attr("overflowFlags", flags);
    }
    let new = new.build();
    op.replace_with(&[new.result(0)]);
}
