//! Random programs give the same output without optimisation, with it, and in process.
//!
//! `MOCHI_DIFFERENTIAL=FROM..TO` chooses the seeds; a few run by default.

use libtest_mimic::{Arguments, Failed, Trial};
use mochi_tests::process::{self, Outcome};
use mochi_tests::{difference, executable, generate, scratch};
use std::ops::Range;
use std::path::Path;
use std::process::Command;

/// What runs when nobody asks for more.
const DEFAULT_SEEDS: Range<u64> = 1..25;

fn main() {
    let arguments = Arguments::from_args();
    let trials =
        seeds().map(|seed| Trial::test(format!("seed {seed}"), move || compare(seed).map_err(Failed::from))).collect();
    libtest_mimic::run(&arguments, trials).exit()
}

fn seeds() -> Range<u64> {
    let parsed = std::env::var("MOCHI_DIFFERENTIAL").ok().and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    parsed.unwrap_or(DEFAULT_SEEDS)
}

fn compare(seed: u64) -> Result<(), String> {
    let directory = scratch("differential");
    let source = directory.join(format!("{seed}.mochi"));
    std::fs::write(&source, generate::program(seed)).map_err(|error| error.to_string())?;
    let reference = built(&source, "-O0")?;
    for (mode, other) in [("-O3", built(&source, "-O3")?), ("in process", in_process(&source)?)] {
        let context = |message: String| format!("{}: {message}\nstandard error:\n{}", source.display(), other.stderr);
        difference(mode, &reference.stdout, &other.stdout).map_err(context)?;
        if reference.code() != other.code() {
            return Err(context(format!("{mode}: exit status {}, expected {}", other.code(), reference.code())));
        }
    }
    // Left behind on failure, to be looked at.
    let _ = std::fs::remove_file(&source);
    Ok(())
}

fn built(source: &Path, level: &str) -> Result<Outcome, String> {
    let output = source.with_extension(level.trim_start_matches('-'));
    let mut build = Command::new(executable("mochi"));
    build.args(["build", "-W", "none", level, "-o"]).arg(&output).arg(source);
    let outcome = process::run(&mut build, "")?;
    if !outcome.status.success() {
        return Err(format!("{} does not compile:\n{}", source.display(), outcome.stderr));
    }
    let outcome = process::run(Command::new(&output).env("MOCHI_LEAK_CHECK", "1"), "")?;
    let _ = std::fs::remove_file(&output);
    if !matches!(outcome.code(), 0 | 1) {
        return Err(format!("{} {level}: exit status {}:\n{}", source.display(), outcome.code(), outcome.stderr));
    }
    Ok(outcome)
}

fn in_process(source: &Path) -> Result<Outcome, String> {
    process::run(Command::new(executable("mochi")).args(["run", "-W", "none"]).arg(source), "")
}
