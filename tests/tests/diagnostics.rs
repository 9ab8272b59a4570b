//! Programs with mistakes: `NAME.mochi` and `NAME.err`, what `mochi check` writes about it to standard error. No `.err`, or
//! an empty one, says that the program is accepted.
//!
//! Files below a directory `strict/`, or named `strict_…`, are checked with `--strict`; those below `parse/` are only parsed;
//! those below `lint/` go to `mochi lint`.
//!
//! `BLESS=1 cargo test -p mochi-tests --test diagnostics` rewrites the expected reports.

use libtest_mimic::{Arguments, Failed, Trial};
use mochi_tests::{beside, bless, difference, executable, files, process, root};
use std::path::Path;
use std::process::Command;

fn main() {
    let arguments = Arguments::from_args();
    let directory = root().join("tests/diagnostics");
    let trials = files(&directory, "mochi")
        .into_iter()
        .map(|program| {
            let name = program.strip_prefix(&directory).unwrap_or(&program).with_extension("").display().to_string();
            Trial::test(name, move || check(&program).map_err(Failed::from))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit()
}

fn check(program: &Path) -> Result<(), String> {
    let directory = program.parent().unwrap_or(Path::new("."));
    let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut command = Command::new(executable("mochi"));
    command.current_dir(directory).env("NO_COLOR", "1");
    if directory.ends_with("strict") || name.starts_with("strict_") {
        command.arg("--strict");
    }
    if directory.ends_with("parse") {
        command.args(["build", "--emit=ast", "-o", "/dev/null"]);
    } else if directory.ends_with("lint") {
        command.arg("lint");
    } else {
        command.arg("check");
    }
    command.arg(program.file_name().unwrap_or_default());
    let outcome = process::run(&mut command, "")?;
    if bless() {
        return std::fs::write(program.with_extension("err"), &outcome.stderr).map_err(|error| error.to_string());
    }
    let expected = beside(program, "err").unwrap_or_default();
    difference("report", expected.trim_end(), outcome.stderr.trim_end())?;
    let has_error = expected.contains("error[");
    match (has_error, outcome.code()) {
        (true, 1) | (false, 0) => Ok(()),
        (_, code) => Err(format!("exit status {code}")),
    }
}
