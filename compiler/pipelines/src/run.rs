//! Running the pipeline, one step at a time.
//!
//! MLIR would run the whole text in one go with the same result. Step by step, each pass can be timed, shown and
//! blamed by its own name, for the price of a few microseconds.

use crate::phase::Phase;
use crate::steps::{PipelineOptions, Step, steps};
use mochi_dialects::ir::{Diagnostic, Module};
use mochi_dialects::pass::{PassManager, register_needed_passes};
use std::fmt;
use std::time::{Duration, Instant};

/// Puts every pass that the pipeline names into MLIR's registry; doing it twice does nothing.
pub fn register_all() {
    register_needed_passes();
    mochi_passes::register_all();
    mochi_conversions::register_all();
}

/// Whether MLIR's verifier runs between the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Trust the passes; what optimised builds of the compiler do.
    Off,
    /// After each pass.
    Each,
}

/// A pass failed or its text is wrong: a bug in the compiler, or a construct it cannot translate.
#[derive(Debug)]
pub struct PipelineError {
    /// The pass.
    pub step: &'static str,
    /// What MLIR reported, with places in the program.
    pub diagnostics: Vec<Diagnostic>,
    /// Set when the pass could not even be started.
    pub message: Option<String>,
}

impl fmt::Display for PipelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the pass `{}` failed", self.step)?;
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        for diagnostic in &self.diagnostics {
            write!(f, "\n  {}: {}", diagnostic.location, diagnostic.message)?;
            for note in &diagnostic.notes {
                write!(f, "\n    {}: {}", note.location, note.message)?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for PipelineError {}

/// Runs the steps after emission up to a phase. `watch` is told about each finished step.
pub fn run<'c>(
    module: &Module<'c>,
    options: PipelineOptions,
    up_to: Phase,
    verify: Verify,
    watch: &mut dyn FnMut(&Step, Duration, &Module<'c>),
) -> Result<(), PipelineError> {
    register_all();
    for step in steps(options, up_to) {
        let start = Instant::now();
        let fail = |message, diagnostics| PipelineError { step: step.pass, diagnostics, message };
        let mut manager =
            PassManager::parse(module.context(), step.pass).map_err(|message| fail(Some(message), Vec::new()))?;
        manager.verify_each(verify == Verify::Each);
        manager.run_collecting(module.op()).map_err(|diagnostics| fail(None, diagnostics))?;
        watch(&step, start.elapsed(), module);
    }
    Ok(())
}
