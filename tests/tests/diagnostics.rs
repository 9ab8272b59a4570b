//! Programs with mistakes: `NAME.mochi` and `NAME.err`, what `mochi check` writes about it to standard error.
//! Files below `strict/` are checked with `--strict`. An empty `.err` says that the program is accepted.
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
    let mut command = Command::new(executable("mochi"));
    command.current_dir(directory).env("NO_COLOR", "1");
    if directory.ends_with("strict") {
        command.arg("--strict");
    }
    command.arg("check").arg(program.file_name().unwrap_or_default());
    let outcome = process::run(&mut command, "")?;
    if bless() {
        return std::fs::write(program.with_extension("err"), &outcome.stderr).map_err(|error| error.to_string());
    }
    let expected = beside(program, "err").ok_or("there is no .err file beside it")?;
    difference("report", &expected, &outcome.stderr)?;
    let has_error = expected.contains("error[");
    match (has_error, outcome.code()) {
        (true, 1) | (false, 0) => Ok(()),
        (_, code) => Err(format!("exit status {code}")),
    }
}
