//! `convert-mochi-to-llvm`: everything left becomes the `llvm` dialect.
//!
//! What: one dialect conversion with one type converter takes `mochi`, `arith`, `math`, `memref`, `cf`, `func`,
//! `index` and `ub` to `llvm`. Hot operations (counts, list access, fields, options) become loads, stores and
//! branches; the rest calls the runtime through the table of `mochi-runtime-abi`.
//!
//! Requires: no structured control flow is left; reference counts are explicit.
//!
//! Guarantees: only `llvm` ops remain, with no casts between half-converted types. Every op has the location of the op
//! it comes from. Functions are internal but for the entry, `mochi_main`. Each access carries alias metadata, unless
//! the runtime touches the same memory.
//!
//! Before:
//! ```mlir
//! func.func @f(%l: !mochi.list<i64>) -> i64 {
//!   %n = mochi.list.length %l : !mochi.list<i64>
//!   return %n : i64
//! }
//! ```
//! After:
//! ```mlir
//! llvm.func internal @f(%l: !llvm.ptr) -> i64 {
//!   %p = llvm.getelementptr inbounds|nuw %l[8] : (!llvm.ptr) -> !llvm.ptr, i8
//!   %n = llvm.load %p : !llvm.ptr -> i64
//!   llvm.return %n : i64
//! }
//! ```

mod any;
mod calls;
mod context;
mod control;
mod counts;
mod data;
mod describe;
mod destroy;
mod emit;
mod finish;
mod functions;
mod generic;
mod layout;
mod lists;
mod maps;
mod numbers;
mod strings;
#[cfg(test)]
mod tests;
mod variables;

use context::Cx;
use emit::Emit;
use layout::repr;
use mochi_dialects::{
    conversion::{Converted, Match, Mode, NoMatch, Patterns, Target, TypeConverter, apply},
    ir::{DialectHandle, Op, Value},
    pass::{Pass, PassError, PassResult, PassRun},
};
use std::rc::Rc;

/// What a pattern gives: the values for the op's results.
type Lowered<'c> = Result<Vec<Value<'c>>, NoMatch>;

/// An op name and what writes its replacement, given the converted operands.
type Pattern = (&'static str, for<'a, 'b, 'c> fn(&'b Emit<'a, 'c>, Op<'c>, &'b [Value<'c>]) -> Lowered<'c>);

/// All patterns, one table per op family.
const FAMILIES: &[&[Pattern]] = &[
    any::PATTERNS,
    control::PATTERNS,
    counts::PATTERNS,
    data::PATTERNS,
    functions::PATTERNS,
    generic::PATTERNS,
    lists::PATTERNS,
    maps::PATTERNS,
    numbers::PATTERNS,
    strings::PATTERNS,
    variables::PATTERNS,
];

/// The pass.
pub struct ConvertMochiToLlvm;

impl Pass for ConvertMochiToLlvm {
    fn argument(&self) -> &'static str {
        "convert-mochi-to-llvm"
    }

    fn name(&self) -> &'static str {
        "ConvertMochiToLlvm"
    }

    fn description(&self) -> &'static str {
        "Convert everything that is left to the llvm dialect, with one type converter"
    }

    fn dependent_dialects(&self) -> Vec<DialectHandle> {
        vec![DialectHandle::llvm()]
    }

    fn run(&self, op: Op<'_>, _: &PassRun<'_>) -> PassResult {
        run(op)
    }
}

/// Converts a module.
pub fn run(module: Op<'_>) -> PassResult {
    let cx = Rc::new(Cx::new(module).ok_or_else(|| PassError::new("the module has no body"))?);
    module.erase_unreachable_blocks();
    finish::describe_parameters(&cx, module);
    let converter = TypeConverter::llvm(module);
    let t = cx.t;
    converter.add(move |ty| {
        // int, float and bool are the same in LLVM; the converter knows them.
        let own = !(ty.is_i64() || ty.is_f64() || ty.is_i1());
        Converted::from(if own { repr(ty).map(|r| t.register(r)) } else { None })
    });
    let patterns = Patterns::new(cx.ctx);
    for (name, write) in FAMILIES.iter().copied().flatten().copied() {
        let cx = Rc::clone(&cx);
        patterns.add(&converter, name, move |op, args, rw| -> Match {
            let e = Emit::pattern(&cx, rw, op);
            let values = write(&e, op, args)?;
            e.finish(&values);
            Ok(())
        });
    }
    patterns.populate_to_llvm(&converter);
    let target = Target::new(cx.ctx)
        .legal_dialects(&["llvm"])
        .op("builtin.module", true)
        .illegal_dialects(&["mochi", "func", "arith", "math", "memref", "cf", "index", "ub", "scf", "affine"]);
    apply(module, &target, &patterns, Mode::Full)?;
    finish::finish(&cx, module);
    Ok(())
}
