//! How often programs allocate: `NAME.mochi` with `NAME.count` beside it, the line that the program writes when it is
//! built with `--count-allocations` and runs with `MOCHI_ALLOC_STATS=1`. At `-O3`, where elided counts and reuse in place
//! show. Each program says at its top what it tells.
//!
//! `BLESS=1 cargo xtask test alloc-count` rewrites the counts.

use libtest_mimic::{Arguments, Failed, Trial};
use mochi_tests::{beside, bless, difference, executable, files, process, root, scratch};
use std::path::Path;
use std::process::Command;

fn main() {
    let arguments = Arguments::from_args();
    let trials = files(&root().join("tests/alloc-count"), "mochi").into_iter().map(|program| {
        let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(name, move || check(&program).map_err(Failed::from))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit()
}

fn check(program: &Path) -> Result<(), String> {
    let output = scratch("alloc-count").join(program.file_stem().unwrap_or_default());
    let mut build = Command::new(executable("mochi"));
    build.args(["build", "-W", "none", "-O3", "--count-allocations", "-o"]).arg(&output).arg(program);
    let built = process::run(&mut build, "")?;
    if !built.status.success() {
        return Err(format!("it does not compile:\n{}", built.stderr));
    }
    let outcome = process::run(Command::new(output).env("MOCHI_ALLOC_STATS", "1").env("MOCHI_LEAK_CHECK", "1"), "")?;
    if !outcome.status.success() {
        return Err(format!("exit status {}:\n{}", outcome.code(), outcome.stderr));
    }
    let count = outcome.stderr.lines().find(|line| line.starts_with("allocations: "));
    let count = format!("{}\n", count.ok_or_else(|| format!("no count in:\n{}", outcome.stderr))?);
    if bless() {
        return std::fs::write(program.with_extension("count"), count).map_err(|error| error.to_string());
    }
    difference("allocations", &beside(program, "count").unwrap_or_default(), &count)
}
