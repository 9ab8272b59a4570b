//! The pipeline: every pass in order, each with its reason. The only place where order lives.

use crate::phase::Phase;
use std::fmt::Write as _;

/// What decides which steps run. Nothing else does: no environment, no global flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PipelineOptions {
    /// False at `-O0`: only the steps that correctness needs.
    pub optimize: bool,
}

impl Default for PipelineOptions {
    fn default() -> Self {
        PipelineOptions { optimize: true }
    }
}

/// When a step runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// Nothing after it would work without.
    Always,
    /// It makes programs faster.
    Optimize,
}

/// One element of the textual pipeline.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The pass as MLIR's pipeline parser reads it.
    pub pass: &'static str,
    /// The phase it leads to.
    pub phase: Phase,
    when: When,
    /// Why it is there, and why there.
    pub reason: &'static str,
}

const fn step(phase: Phase, when: When, pass: &'static str, reason: &'static str) -> Step {
    Step { pass, phase, when, reason }
}

use Phase::{Affine, Llvm, MochiOpt, Scf};
use When::{Always, Optimize};

/// The whole pipeline.
pub const STEPS: &[Step] = &[
    // --- inside the mochi dialect ---------------------------------------------------------------------------
    step(
        MochiOpt,
        Optimize,
        "canonicalize",
        "The emitter writes what the source says; folding first makes every later pattern match more.",
    ),
    step(
        MochiOpt,
        Optimize,
        "cse",
        "Equal reads and arithmetic become one value, so that loop bounds are recognised as invariant.",
    ),
    step(
        MochiOpt,
        Optimize,
        "mochi-raise-while-loops",
        "`while i < n` with a step becomes a counted loop; before counting references, while values flow freely.",
    ),
    step(
        MochiOpt,
        Always,
        "mochi-insert-reference-counts",
        "Once, on structured code, where last uses are exact. Nothing after it may guess.",
    ),
    step(
        MochiOpt,
        Optimize,
        "mochi-elide-reference-counts",
        "Pairs that cancel go away while ownership is still visible in the operations.",
    ),
    step(
        MochiOpt,
        Always,
        "mochi-expose-checks",
        "Index and divisor checks become operations of their own, which can move; the accesses left cannot fail.",
    ),
    step(MochiOpt, Optimize, "cse", "Exposing repeats list lengths and checks; one of each is enough."),
    step(
        MochiOpt,
        Optimize,
        "mochi-hoist-checks",
        "Checks leave loops, or are proved by the loop's bounds; what stays inside can become affine.",
    ),
    step(
        MochiOpt,
        Optimize,
        "mochi-defer-overflow-checks",
        "Sums over lists lose their branches, so that LLVM can vectorise them; after the index checks are gone, which would keep them.",
    ),
    step(MochiOpt, Optimize, "canonicalize", "Regions emptied by the passes before go away."),
    // --- affine ---------------------------------------------------------------------------------------------
    step(
        Affine,
        Optimize,
        "convert-mochi-to-affine",
        "Loops without exits over lists: the form that upstream's loop analyses understand. First, because the other conversions would take these loops too.",
    ),
    // --- scf ------------------------------------------------------------------------------------------------
    step(
        Scf,
        Always,
        "convert-mochi-to-scf",
        "The other structured control flow without exits, and accesses through memory views.",
    ),
    step(
        Scf,
        Always,
        "mochi-split-long-blocks",
        "The conversion to branches moves what follows each branch: in short blocks that is little.",
    ),
    step(
        Scf,
        Always,
        "convert-mochi-to-cf",
        "What has an early exit becomes branches, its ancestors with it: scf has no exits.",
    ),
    step(
        Scf,
        Optimize,
        "lower-affine",
        "Affine accesses and loops to scf and arith; the analyses that needed them are done.",
    ),
    step(Scf, Optimize, "loop-invariant-code-motion", "Hoists pure operations while loops are still operations."),
    step(Scf, Optimize, "canonicalize", "Lowering affine maps leaves arithmetic on constants."),
    step(Scf, Optimize, "cse", "Address arithmetic repeats itself between accesses."),
    // --- llvm -----------------------------------------------------------------------------------------------
    step(Llvm, Always, "mochi-split-long-blocks", "Again, for the same reason: canonicalisation has joined blocks."),
    step(Llvm, Always, "convert-scf-to-cf", "LLVM's dialect has branches only."),
    step(Llvm, Always, "mochi-split-long-blocks", "For the blocks that bodies of loops and branches have become."),
    step(
        Llvm,
        Always,
        "convert-mochi-to-llvm",
        "Everything left, in one conversion with one type converter: no casts between half-converted types remain.",
    ),
    step(
        Llvm,
        Always,
        "reconcile-unrealized-casts",
        "Cancels conversions there and back; one that stays would be an error here, not in the translation.",
    ),
];

impl Step {
    fn runs(&self, options: PipelineOptions) -> bool {
        match self.when {
            When::Always => true,
            When::Optimize => options.optimize,
        }
    }

    /// The pass's name without its options.
    pub fn name(&self) -> &'static str {
        self.pass.split('{').next().unwrap_or(self.pass)
    }
}

/// The steps from an emitted module up to and including a phase.
pub fn steps(options: PipelineOptions, up_to: Phase) -> Vec<Step> {
    STEPS.iter().copied().filter(|step| step.phase <= up_to && step.runs(options)).collect()
}

/// The pipeline as text; `mochi-opt --pass-pipeline=TEXT` does what `mochi build` does.
pub fn pipeline_text(options: PipelineOptions, up_to: Phase) -> String {
    let passes: Vec<&str> = steps(options, up_to).iter().map(|step| step.pass).collect();
    format!("builtin.module({})", passes.join(","))
}

/// The pipeline as a table with reasons, in Markdown.
pub fn explain() -> String {
    let mut text = String::new();
    let mut phase = None;
    for step in STEPS {
        if phase != Some(step.phase) {
            phase = Some(step.phase);
            let _ = write!(text, "\n## To `{}`\n\n| pass | when | why there |\n|---|---|---|\n", step.phase);
        }
        let when = match step.when {
            When::Always => "always",
            When::Optimize => "`-O1` and up",
        };
        let _ = writeln!(text, "| `{}` | {when} | {} |", step.pass, step.reason);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_are_in_order() {
        assert!(STEPS.is_sorted_by_key(|step| step.phase));
    }

    #[test]
    fn text_stops_at_the_phase() {
        let options = PipelineOptions::default();
        assert_eq!(pipeline_text(options, Phase::Mochi), "builtin.module()");
        let text = pipeline_text(options, Phase::Affine);
        assert!(text.contains("convert-mochi-to-affine") && !text.contains("convert-mochi-to-scf"), "{text}");
    }

    #[test]
    fn unoptimised_pipelines_keep_what_correctness_needs() {
        let options = PipelineOptions { optimize: false };
        let text = pipeline_text(options, Phase::Llvm);
        assert!(text.contains("mochi-insert-reference-counts,mochi-expose-checks,convert-mochi-to-scf"), "{text}");
        assert!(text.ends_with("reconcile-unrealized-casts)"), "{text}");
        assert!(!text.contains("canonicalize"), "{text}");
    }
}
