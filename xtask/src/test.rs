//! `cargo xtask test`: every check, in stages, with one count at the end.

use crate::process::{Failure, cargo, on_path, output, run, shown};
use crate::{docs, lint, setup};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a stage found.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: usize,
    failed: usize,
}

impl Count {
    fn one(result: Result<(), Failure>) -> Count {
        match result {
            Ok(()) => Count { passed: 1, failed: 0 },
            Err(failure) => {
                eprintln!("{failure}");
                Count { passed: 0, failed: 1 }
            }
        }
    }
}

struct Stage {
    name: &'static str,
    run: fn() -> Count,
}

/// Cheap and likely to fail first. One `cargo` invocation per stage, so that a stage can be run alone.
const STAGES: &[Stage] = &[
    Stage { name: "fmt", run: || component("rustfmt", cargo().args(["fmt", "--all", "--check"])) },
    Stage { name: "lint", run: || Count::one(lint::lint()) },
    Stage {
        name: "clippy",
        run: || {
            let mut command = cargo();
            command.args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]);
            component("clippy-driver", &mut command)
        },
    },
    Stage { name: "unit", run: unit },
    Stage { name: "tools", run: tools },
    Stage { name: "lit", run: || integration("lit") },
    Stage { name: "programs", run: || integration("programs") },
    Stage { name: "alloc-count", run: || integration("alloc-count") },
    Stage { name: "certifier", run: || integration("certifier") },
    Stage { name: "diagnostics", run: || integration("diagnostics") },
    Stage { name: "guide", run: || integration("guide") },
    Stage { name: "differential", run: || integration("differential") },
    Stage { name: "valgrind", run: || integration("valgrind") },
    Stage { name: "docs", run: || Count::one(docs::docs(&["--check".to_owned()])) },
    Stage { name: "fuzz", run: || integration("fuzz_smoke") },
];

/// Whether there is a stage of that name.
#[cfg(test)]
pub(crate) fn is_stage(name: &str) -> bool {
    STAGES.iter().any(|stage| stage.name == name)
}

pub(crate) fn test(names: &[String]) -> Result<(), Failure> {
    for name in names {
        if !STAGES.iter().any(|stage| stage.name == name) {
            let known: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
            return Err(Failure::new(format!("unknown stage `{name}`: choose from {}", known.join(", "))));
        }
    }
    setup::setup()?;
    let mut total = Count::default();
    let mut failed = Vec::new();
    for stage in STAGES.iter().filter(|stage| names.is_empty() || names.iter().any(|name| name == stage.name)) {
        println!("── {}", stage.name);
        let start = Instant::now();
        let count = (stage.run)();
        println!(
            "   {}: {} passed, {} failed ({:.1} s)",
            stage.name,
            count.passed,
            count.failed,
            start.elapsed().as_secs_f32()
        );
        total.passed += count.passed;
        total.failed += count.failed;
        if count.failed > 0 {
            failed.push(stage.name);
        }
    }
    if !failed.is_empty() {
        println!("failed; to run only these again: cargo xtask test {}", failed.join(" "));
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if failed.is_empty() { Ok(()) } else { Err(Failure::new("some checks failed")) }
}

/// A check by a part of Rust that not everybody has installed.
fn component(tool: &str, command: &mut Command) -> Count {
    if !on_path(tool) {
        println!("   skipped: {tool} is not installed (rustup component add)");
        return Count::default();
    }
    Count::one(run(command))
}

/// Unit tests of every crate but `mochi-tests`, whose tests are the other stages.
fn unit() -> Count {
    let nextest = output(cargo().args(["nextest", "--version"])).is_ok();
    let mut command = cargo();
    if nextest {
        command.args(["nextest", "run", "--no-fail-fast", "--status-level=fail", "--final-status-level=fail"]);
        command.args(["--no-tests=pass", "--color=never"]);
    } else {
        command.args(["test", "--quiet", "--no-fail-fast"]);
    }
    command.args(["--workspace", "--exclude", "mochi-tests", "--lib", "--bins", "--tests"]);
    counted(&mut command)
}

/// Tests of the executables and of the repository itself: command line, debug information, files and network, sizes, architecture.
fn tools() -> Count {
    if let Err(failure) = build_executables() {
        return Count::one(Err(failure));
    }
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "mochi-tests", "--no-fail-fast", "--lib"]);
    for name in ["architecture", "command_line", "debuginfo", "outside", "scaling", "size", "snapshots"] {
        command.args(["--test", name]);
    }
    counted(&mut command)
}

fn integration(name: &str) -> Count {
    if let Err(failure) = build_executables() {
        return Count::one(Err(failure));
    }
    counted(cargo().args(["test", "--quiet", "--package", "mochi-tests", "--test", name]))
}

fn build_executables() -> Result<(), Failure> {
    run(cargo().args(["build", "--quiet", "--package", "mochi", "--package", "mochi-opt"]))
}

/// Runs a test command, passes its output on and adds up the result lines of its test executables.
fn counted(command: &mut Command) -> Count {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return Count::one(Err(Failure::new(format!("`{}`: {error}", shown(command))))),
    };
    let errors = child.stderr.take().map(|stream| std::thread::spawn(move || forward(stream)));
    let mut count = child.stdout.take().map(forward).unwrap_or_default();
    // nextest reports on standard error, cargo test on standard output.
    if let Some(Ok(other)) = errors.map(std::thread::JoinHandle::join) {
        count.passed += other.passed;
        count.failed += other.failed;
    }
    let succeeded = child.wait().is_ok_and(|status| status.success());
    if !succeeded && count.failed == 0 {
        // It did not compile, or a test executable died.
        eprintln!("`{}` failed", shown(command));
        count.failed = 1;
    }
    count
}

fn forward(stream: impl std::io::Read) -> Count {
    let mut count = Count::default();
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        if let Some((passed, failed)) = result_line(&line) {
            count.passed += passed;
            count.failed += failed;
        }
        println!("{line}");
    }
    count
}

/// `test result: ok. 3 passed; 0 failed; …` or `Summary [1.2s] 5 tests run: 4 passed, 1 failed, 0 skipped`.
fn result_line(line: &str) -> Option<(usize, usize)> {
    let line = line.trim();
    let summary = line.starts_with("Summary") && line.contains("run:");
    if !line.starts_with("test result:") && !summary {
        return None;
    }
    let mut passed = 0;
    let mut failed = 0;
    let words: Vec<&str> = line.split_whitespace().collect();
    for pair in words.windows(2) {
        let Ok(number) = pair[0].parse::<usize>() else { continue };
        match pair[1].trim_end_matches([',', ';', '.']) {
            "passed" => passed = number,
            "failed" => failed = number,
            _ => {}
        }
    }
    Some((passed, failed))
}

#[cfg(test)]
mod tests {
    use super::result_line;

    #[test]
    fn result_lines_of_both_runners() {
        assert_eq!(result_line("test result: ok. 3 passed; 1 failed; 0 ignored; 0 measured"), Some((3, 1)));
        assert_eq!(result_line("     Summary [   0.1s] 5 tests run: 4 passed, 1 failed, 2 skipped"), Some((4, 1)));
        assert_eq!(result_line("3 passed"), None);
    }
}
