//! `mochi test`: runs the test blocks of programs.
//!
//! Each test is a program of its own, in a process of its own: a failing `expect` ends it, and so does a
//! run-time error. Colours are part of the output's format, whether it goes to a terminal or not.

use super::{checking_options, finish, open};
use crate::arguments::{Common, Test};
use crate::exit;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PATH_COLOR: &str = "\x1b[94;1m";
const NAME_COLOR: &str = "\x1b[33m";
const OK_COLOR: &str = "\x1b[32m";
const FAIL_COLOR: &str = "\x1b[31m";
const RESET: &str = "\x1b[0m";
/// Names are padded to this width.
const NAME_WIDTH: usize = 30;

pub(crate) fn run(arguments: &Test, common: &Common) -> i32 {
    let mut failed_files = 0;
    let mut several = false;
    for path in &arguments.paths {
        match programs(path) {
            Ok((files, directory)) => {
                several |= directory;
                failed_files += files.iter().filter(|file| !test_file(file, arguments, common)).count();
            }
            Err(message) => {
                eprintln!("{message}");
                failed_files += 1;
            }
        }
    }
    if failed_files == 0 {
        return exit::DONE;
    }
    if several {
        eprintln!("{failed_files} file(s) failed");
    }
    exit::FAILED
}

/// The programs of an argument, sorted, and whether it was a directory. `dir/...` is the same as `dir`.
fn programs(path: &Path) -> Result<(Vec<PathBuf>, bool), String> {
    let path = if path.ends_with("...") { path.parent().unwrap_or(Path::new(".")) } else { path };
    if !path.is_dir() {
        return if path.exists() {
            Ok((vec![path.to_owned()], false))
        } else {
            Err(format!("file not found: {}", path.display()))
        };
    }
    let mut found = Vec::new();
    let mut pending = vec![path.to_owned()];
    while let Some(directory) = pending.pop() {
        let entries = std::fs::read_dir(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        for entry in entries.flatten() {
            let entry = entry.path();
            if entry.is_dir() {
                pending.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "mochi") {
                found.push(entry);
            }
        }
    }
    found.sort();
    Ok((found, true))
}

/// Tests one file; true when all its tests pass.
fn test_file(file: &Path, arguments: &Test, common: &Common) -> bool {
    let mut session = match open(file, checking_options(common)) {
        Ok(session) => session,
        Err(_) => return false,
    };
    let names = session.test_names();
    println!("{PATH_COLOR}{}{RESET}", file.display());
    if finish(&session, &names) != exit::DONE {
        return false;
    }
    let names = names.unwrap_or_default();
    let mut failed = 0;
    for (index, name) in names.iter().enumerate() {
        print!("   {NAME_COLOR}test{RESET} {name:NAME_WIDTH$} ... ");
        let _ = std::io::stdout().flush();
        let start = Instant::now();
        let outcome = run_test(file, index, arguments, common);
        let duration = shown(start.elapsed());
        match outcome {
            Ok(()) => println!("{OK_COLOR}ok{RESET} ({duration})"),
            Err(Failure { message, details }) => {
                failed += 1;
                println!("{FAIL_COLOR}fail{RESET} {message} ({duration})");
                let _ = std::io::stdout().flush();
                eprint!("{details}");
            }
        }
    }
    if failed > 0 {
        let _ = std::io::stdout().flush();
        eprintln!("\n[FAIL] {failed} test(s) failed.");
    }
    failed == 0
}

/// Why a test failed.
struct Failure {
    /// The first line of the report.
    message: String,
    /// The others, indented: place, source line, call stack.
    details: String,
}

impl Failure {
    fn not_started(error: &std::io::Error) -> Failure {
        Failure { message: format!("cannot start the compiler again: {error}"), details: String::new() }
    }

    /// From what the program wrote to standard error.
    fn reported(report: &str) -> Option<Failure> {
        let mut lines = report.lines().skip_while(|line| line.trim().is_empty());
        let mut message = lines.next()?.trim().trim_start_matches("error: ").to_owned();
        if message == "type error:"
            && let Some(first) = lines.next()
        {
            // The list that follows is numbered; its first entry says what is wrong.
            message = first.trim().trim_start_matches("1. ").to_owned();
        }
        let details = lines.map(|line| format!("{}\n", format!("      {line}").trim_end())).collect();
        Some(Failure { message, details })
    }
}

/// Runs the program with one of its tests.
fn run_test(file: &Path, index: usize, arguments: &Test, common: &Common) -> Result<(), Failure> {
    let own = std::env::current_exe().map_err(|error| Failure::not_started(&error))?;
    let mut command = Command::new(own);
    if common.strict {
        command.arg("--strict");
    }
    command.args(["run", "-W", "none", "--int", &arguments.int.mode, "--only-test", &index.to_string()]).arg(file);
    let output =
        command.stdin(Stdio::null()).stdout(Stdio::null()).output().map_err(|error| Failure::not_started(&error))?;
    if output.status.success() {
        return Ok(());
    }
    let report = String::from_utf8_lossy(&output.stderr);
    let silent = || Failure { message: output.status.to_string(), details: String::new() };
    Err(Failure::reported(&report).unwrap_or_else(silent))
}

/// `340ns`, `12.0µs`, `3.0ms`, `1.25s`.
fn shown(duration: Duration) -> String {
    let nanoseconds = duration.as_nanos();
    let value = nanoseconds as f64;
    match nanoseconds {
        0..1_000 => format!("{nanoseconds}ns"),
        1_000..1_000_000 => format!("{:.1}µs", value / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1}ms", value / 1e6),
        _ => format!("{:.2}s", value / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_message_and_details() {
        let failure = Failure::reported("\nerror: no\n  --> a.mochi:1:2\n\n  1 | f()\n").expect("a failure");
        assert_eq!(failure.message, "no");
        assert_eq!(failure.details, "        --> a.mochi:1:2\n\n        1 | f()\n");
        assert!(Failure::reported("\n\n").is_none());
        let failure = Failure::reported("type error:\n   1. error[T008]: no\n  --> a.mochi:1:2\n").expect("a failure");
        assert_eq!(failure.message, "error[T008]: no");
        assert_eq!(failure.details, "        --> a.mochi:1:2\n");
    }

    #[test]
    fn durations_have_four_shapes() {
        assert_eq!(shown(Duration::from_nanos(340)), "340ns");
        assert_eq!(shown(Duration::from_micros(12)), "12.0µs");
        assert_eq!(shown(Duration::from_millis(3)), "3.0ms");
        assert_eq!(shown(Duration::from_millis(1250)), "1.25s");
    }
}
