//! Conversions out of the mochi dialect, one folder per pair.

pub mod mochi_to_affine;
pub mod mochi_to_cf;
pub mod mochi_to_llvm;
pub mod mochi_to_scf;

use mochi_dialects::ir::{DialectHandle, Op};
use mochi_dialects::pass::{OptionDefault, OptionSpec, Pass, PassResult, PassRun, register};

/// Registers every conversion; registering twice does nothing.
pub fn register_all() {
    register(ConvertMochiToAffine);
    register(ConvertMochiToScf);
    register(ConvertMochiToCf);
    register(mochi_to_llvm::ConvertMochiToLlvm);
}

/// `convert-mochi-to-affine`.
pub struct ConvertMochiToAffine;

impl Pass for ConvertMochiToAffine {
    fn argument(&self) -> &'static str {
        "convert-mochi-to-affine"
    }

    fn name(&self) -> &'static str {
        "ConvertMochiToAffine"
    }

    fn description(&self) -> &'static str {
        "Convert counted loops over lists to affine"
    }

    fn dependent_dialects(&self) -> Vec<DialectHandle> {
        vec![DialectHandle::affine(), DialectHandle::arith(), DialectHandle::memref()]
    }

    fn run(&self, op: Op<'_>, _: &PassRun<'_>) -> PassResult {
        mochi_to_affine::run(op);
        Ok(())
    }
}

/// `convert-mochi-to-scf`.
pub struct ConvertMochiToScf;

impl Pass for ConvertMochiToScf {
    fn argument(&self) -> &'static str {
        "convert-mochi-to-scf"
    }

    fn name(&self) -> &'static str {
        "ConvertMochiToScf"
    }

    fn description(&self) -> &'static str {
        "Convert control flow without early exits to scf"
    }

    fn dependent_dialects(&self) -> Vec<DialectHandle> {
        vec![DialectHandle::scf(), DialectHandle::arith(), DialectHandle::memref(), DialectHandle::llvm()]
    }

    fn options(&self) -> &'static [OptionSpec] {
        &[OptionSpec {
            name: "list-views",
            description: "access numbers in lists through memref views",
            default: OptionDefault::Bool(false),
        }]
    }

    fn run(&self, op: Op<'_>, run: &PassRun<'_>) -> PassResult {
        mochi_to_scf::run(op, run.bool("list-views"));
        Ok(())
    }
}

/// `convert-mochi-to-cf`.
pub struct ConvertMochiToCf;

impl Pass for ConvertMochiToCf {
    fn argument(&self) -> &'static str {
        "convert-mochi-to-cf"
    }

    fn name(&self) -> &'static str {
        "ConvertMochiToCf"
    }

    fn description(&self) -> &'static str {
        "Convert control flow with early exits to branches between blocks"
    }

    fn dependent_dialects(&self) -> Vec<DialectHandle> {
        vec![DialectHandle::cf(), DialectHandle::arith(), DialectHandle::func()]
    }

    fn run(&self, op: Op<'_>, _: &PassRun<'_>) -> PassResult {
        mochi_to_cf::run(op);
        Ok(())
    }
}
