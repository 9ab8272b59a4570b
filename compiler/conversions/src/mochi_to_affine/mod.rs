//! `convert-mochi-to-affine`: counted loops over lists become `affine`.
//!
//! What: a `mochi.for` without early exits whose bounds are affine in the counters of loops around it
//! and in values from the top level of the function becomes `affine.for`. Inside, unchecked
//! accesses to numbers in lists at affine indices become `affine.load` and `affine.store` on a view
//! of the list.
//!
//! Requires: `mochi-expose-checks`, so that accesses are unchecked; `mochi-hoist-checks` makes more
//! loops free of checks.
//!
//! Guarantees: everything else stays as it is; `convert-mochi-to-scf` takes it. Two views may be of
//! the same list: passes that take distinct memrefs for distinct memory must not run on the result.
//! Locations are kept.
//!
//! Before:
//! ```mlir
//! %s = mochi.for %i = %zero to %n iter (%a = %f0) : (f64) {
//!   %e = mochi.list.get inbounds %l[%i] : !mochi.list<f64>
//!   %b = arith.addf %a, %e : f64
//!   mochi.yield %b : f64
//! }
//! ```
//! After:
//! ```mlir
//! %s = affine.for %i = 0 to %m iter_args(%a = %f0) -> (f64) {
//!   %v = mochi.list.view %l : !mochi.list<f64> -> memref<?xf64>
//!   %e = affine.load %v[%i] : memref<?xf64>
//!   %b = arith.addf %a, %e : f64
//!   affine.yield %b : f64
//! }
//! ```

mod expression;

use mochi_dialects::ir::{Attribute, Builder, Op, Type, Value, WalkOrder, WalkResult};
use mochi_passes::analysis::structure::is_exit_free_inside;

use crate::mochi_to_scf::{is_viewable, view};
use expression::{Affine, Symbols};

/// Converts everything below `root`.
pub fn run(root: Op) {
    for function in root.collect("func.func") {
        let mut symbols = Symbols::new(function);
        for op in loops_outside_in(function) {
            if is_exit_free_inside(op) {
                convert_loop(op, &mut symbols);
            }
        }
        for op in function.collect_if(|op| op.is("mochi.list.get") || op.is("mochi.list.set")) {
            if op.parent_of("affine.for").is_some() {
                convert_access(op, &mut symbols);
            }
        }
    }
}

fn loops_outside_in<'c>(function: Op<'c>) -> Vec<Op<'c>> {
    let mut loops = Vec::new();
    function.walk(WalkOrder::PreOrder, |op| {
        if op.is("mochi.for") {
            loops.push(op);
        }
        WalkResult::Advance
    });
    loops
}

fn convert_loop<'c>(op: Op<'c>, symbols: &mut Symbols<'c>) {
    if op.int_attr("step").unwrap_or(1) != 1 {
        return;
    }
    let (Some(lower), Some(upper)) = (Affine::of(op.operand(0), symbols), Affine::of(op.operand(1), symbols)) else {
        return;
    };
    let builder = Builder::before(op);
    let (lower_operands, lower_map) = lower.map(op, symbols);
    let (upper_operands, upper_map) = upper.map(op, symbols);
    let (Some(lower_map), Some(upper_map)) = (lower_map, upper_map) else {
        return;
    };
    let inits: Vec<Value> = op.operands().skip(2).collect();
    let sizes = [lower_operands.len() as i32, upper_operands.len() as i32, inits.len() as i32];
    let index = Type::index(op.context());
    let new = builder
        .op("affine.for")
        .operands(&lower_operands)
        .operands(&upper_operands)
        .operands(&inits)
        .attr("lowerBoundMap", lower_map)
        .attr("upperBoundMap", upper_map)
        .attr("step", Attribute::int_of(index, 1))
        .attr("operandSegmentSizes", Attribute::dense_i32(op, &sizes))
        .results(&op.result_types())
        .regions(1)
        .build();
    new.region(0).take_body(op.region(0));
    let Some(body) = new.region(0).entry() else {
        return;
    };
    let old = body.arg(0);
    let counter = body.insert_arg(0, index, op.loc());
    let number = Builder::at_start(body)
        .at(op.loc())
        .op("arith.index_cast")
        .operand(counter)
        .result(Type::i64(op.context()))
        .build();
    old.replace_all_uses_with(number.result(0));
    body.erase_arg(1);
    if let Some(end) = body.terminator() {
        let values: Vec<Value> = end.operands().collect();
        Builder::before(end).op("affine.yield").operands(&values).build();
        end.erase();
    }
    let results: Vec<Value> = new.results().collect();
    op.replace_with(&results);
}

fn convert_access<'c>(op: Op<'c>, symbols: &mut Symbols<'c>) {
    let Some(element) = op.operand(0).ty().list_element() else {
        return;
    };
    if !op.has_attr("inbounds") || !is_viewable(element) {
        return;
    }
    let Some(index) = Affine::of(op.operand(1), symbols) else {
        return;
    };
    let (operands, Some(map)) = index.map(op, symbols) else {
        return;
    };
    let builder = Builder::before(op);
    let memref = view(&builder, op.operand(0), element);
    if op.is("mochi.list.get") {
        let load =
            builder.op("affine.load").operand(memref).operands(&operands).attr("map", map).result(element).build();
        op.replace_with(&[load.result(0)]);
    } else {
        builder.op("affine.store").operands(&[op.operand(2), memref]).operands(&operands).attr("map", map).build();
        op.erase();
    }
}
