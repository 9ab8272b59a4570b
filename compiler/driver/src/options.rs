//! Everything a user may choose, as plain values. Read once, here; no pass ever looks at the environment.

use mochi_codegen::{BASELINE_CPU, Libc, Memory, OptLevel, Use};
use mochi_diagnostics::ErrorFormat;
use mochi_pipelines::{PipelineOptions, Verify};
use mochi_sema::IntMode;

/// What happens to warnings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Warnings {
    #[default]
    Show,
    Hide,
    /// They stop the compilation as errors do.
    Deny,
}

/// Whether MLIR stages are printed with source locations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locations {
    /// In the `mochi` stage, which is input for `mochi-opt` and would lose the places of run-time errors without.
    #[default]
    Auto,
    Always,
    Never,
}

/// The choices of one session.
#[derive(Clone, Debug)]
pub struct Options {
    pub opt: OptLevel,
    pub debug: bool,
    pub libc: Libc,
    pub memory: Memory,
    pub target_cpu: String,
    pub int: IntMode,
    pub strict: bool,
    pub warnings: Warnings,
    pub error_format: ErrorFormat,
    pub color: bool,
    pub locations: Locations,
    pub verify_each: bool,
    /// Names of passes, or `all`.
    pub print_ir_after: Vec<String>,
    /// Of the test blocks, include only this one.
    pub only_test: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            opt: OptLevel::O2,
            debug: false,
            libc: Libc::Musl,
            memory: Memory::Fast,
            target_cpu: BASELINE_CPU.to_owned(),
            int: IntMode::Check,
            strict: false,
            warnings: Warnings::Show,
            error_format: ErrorFormat::Text,
            color: false,
            locations: Locations::Auto,
            verify_each: cfg!(debug_assertions),
            print_ir_after: Vec::new(),
            only_test: None,
        }
    }
}

impl Options {
    /// What the pipeline wants to know.
    pub(crate) fn pipeline(&self) -> PipelineOptions {
        PipelineOptions { optimize: self.opt != OptLevel::O0 }
    }

    pub(crate) fn verify(&self) -> Verify {
        if self.verify_each || cfg!(debug_assertions) { Verify::Each } else { Verify::Off }
    }

    /// What code generation wants to know.
    pub(crate) fn codegen(&self, purpose: Use) -> mochi_codegen::Options {
        mochi_codegen::Options {
            opt: self.opt,
            debug: self.debug,
            libc: self.libc,
            // A program that runs here and now may use all this machine has.
            cpu: if purpose == Use::Jit { "native".to_owned() } else { self.target_cpu.clone() },
            purpose,
            memory: self.memory,
        }
    }
}
