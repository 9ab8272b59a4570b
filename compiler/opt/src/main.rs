//! `mochi-opt`: everything upstream registers plus Mochi's dialect, passes, conversions and pipelines.
//!
//! Whatever works in `mlir-opt` works here; this file only registers and hands over.

use std::process::exit;

fn main() {
    mochi_pipelines::register_all();
    exit(mochi_dialects::pass::opt_main(std::env::args()));
}
