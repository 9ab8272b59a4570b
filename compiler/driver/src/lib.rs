//! Sessions: one program from its source text to whatever was asked for.
//!
//! Every executable and every test goes through [`Session`]; the command line adds arguments and exit statuses,
//! nothing else.

mod doctor;
mod error;
mod lowering;
mod options;
mod packages;
mod session;
mod timings;

pub use doctor::{Finding, doctor};
pub use error::Error;
pub use mochi_codegen::{Libc, Memory, OptLevel, end_with_broken_pipes, exit_now};
pub use mochi_diagnostics::{CodeInfo, ErrorFormat};
pub use mochi_pipelines::Phase;
pub use mochi_sema::IntMode;
pub use options::{Locations, Options, Warnings};
pub use session::{Prepared, Session};
pub use timings::{Timing, Timings};

/// Every error code.
pub fn codes() -> &'static [CodeInfo] {
    mochi_diagnostics::CODES
}

/// The long form of a code, given as `T008` or by its name.
pub fn explain(code: &str) -> Option<String> {
    let info = codes().iter().find(|info| info.code.eq_ignore_ascii_case(code) || info.id == code)?;
    let text = mochi_diagnostics::explain(info.code).unwrap_or(info.title);
    Some(format!("{}: {} ({})\n\n{}", info.code, info.title, info.id, text.trim()))
}

/// The pipeline as text, for these options up to a phase.
pub fn pipeline_text(options: &Options, up_to: Phase) -> String {
    mochi_pipelines::pipeline_text(options.pipeline(), up_to)
}

/// Every step of the pipeline with its reason, as Markdown.
pub fn explain_pipeline() -> String {
    mochi_pipelines::explain()
}
