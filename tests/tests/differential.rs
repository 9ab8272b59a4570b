//! Random programs do the same without optimisation, with it, and in process: output, exit status, and where they stop with
//! an error also its message and place.
//!
//! A few seeds run by default. `cargo xtask differential` runs others; it sets these variables:
//! `MOCHI_DIFFERENTIAL=FROM..TO` the seeds, `MOCHI_DIFFERENTIAL_LEVELS="-O0 -O1 …"` the levels to build at, the first of which
//! is what the others are compared with, `MOCHI_DIFFERENTIAL_OPTIONS="--int=wrap …"` more options for every build.

use libtest_mimic::{Arguments, Failed, Trial};
use mochi_tests::process::{self, Outcome};
use mochi_tests::{difference, executable, generate, scratch};
use std::ops::Range;
use std::path::Path;
use std::process::Command;

/// What runs when nobody asks for more.
const DEFAULT_SEEDS: Range<u64> = 1..25;
const DEFAULT_LEVELS: &str = "-O0 -O3";
/// Seeds of one test: a list of ten thousand tests is no use to anybody.
const SEEDS_PER_TEST: usize = 25;

fn main() {
    let mut arguments = Arguments::from_args();
    if std::env::var_os("MOCHI_DIFFERENTIAL").is_some() {
        // Long runs leave the rest of the machine alone.
        arguments.test_threads.get_or_insert(1);
    }
    let seeds: Vec<u64> = seeds().collect();
    let trials = seeds
        .chunks(SEEDS_PER_TEST)
        .map(|part| {
            let part = part.to_vec();
            let name = format!("seeds {} to {}", part[0], part[part.len() - 1]);
            Trial::test(name, move || {
                let failures: Vec<String> = part
                    .iter()
                    .filter_map(|&seed| compare(seed).err().map(|message| format!("seed {seed}: {message}")))
                    .collect();
                if failures.is_empty() { Ok(()) } else { Err(Failed::from(failures.join("\n\n"))) }
            })
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit()
}

fn seeds() -> Range<u64> {
    let parsed = std::env::var("MOCHI_DIFFERENTIAL").ok().and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    parsed.unwrap_or(DEFAULT_SEEDS)
}

fn words(variable: &str, default: &str) -> Vec<String> {
    let text = std::env::var(variable).unwrap_or_else(|_| default.to_owned());
    text.split_whitespace().map(str::to_owned).collect()
}

fn compare(seed: u64) -> Result<(), String> {
    let directory = scratch("differential");
    let source = directory.join(format!("{seed}.mochi"));
    std::fs::write(&source, generate::program(seed)).map_err(|error| error.to_string())?;
    let levels = words("MOCHI_DIFFERENTIAL_LEVELS", DEFAULT_LEVELS);
    let options = words("MOCHI_DIFFERENTIAL_OPTIONS", "");
    let (first, others) = levels.split_first().ok_or("no level to build at")?;
    let reference = built(&source, first, &options)?;
    for level in others {
        same(&source, level, &reference, &built(&source, level, &options)?)?;
    }
    same(&source, "in process", &reference, &in_process(&source, &options)?)?;
    // Left behind on failure, to be looked at.
    let _ = std::fs::remove_file(&source);
    Ok(())
}

fn same(source: &Path, mode: &str, reference: &Outcome, other: &Outcome) -> Result<(), String> {
    let context = |message: String| format!("{}: {message}\nstandard error:\n{}", source.display(), other.stderr);
    difference(mode, &reference.stdout, &other.stdout).map_err(context)?;
    if reference.code() != other.code() {
        return Err(context(format!("{mode}: exit status {}, expected {}", other.code(), reference.code())));
    }
    difference(&format!("{mode}: the report"), &reference.stderr, &other.stderr).map_err(context)
}

fn built(source: &Path, level: &str, options: &[String]) -> Result<Outcome, String> {
    let output = source.with_extension(level.trim_start_matches('-'));
    let mut build = Command::new(executable("mochi"));
    build.args(["build", "-W", "none", level]).args(options).arg("-o").arg(&output).arg(source);
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

fn in_process(source: &Path, options: &[String]) -> Result<Outcome, String> {
    process::run(Command::new(executable("mochi")).args(["run", "-W", "none"]).args(options).arg(source), "")
}
