//! The order of things: phases, the pipeline's text with a reason for each step, and how it is run.
//!
//! `mochi build`, `mochi run`, `mochi-opt` and the documentation all take it from here.

mod phase;
mod run;
mod steps;

pub use phase::Phase;
pub use run::{PipelineError, Verify, register_all, run};
pub use steps::{PipelineOptions, STEPS, Step, explain, pipeline_text, steps};
