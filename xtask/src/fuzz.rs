//! `cargo xtask fuzz`: coverage-guided fuzzing of one stage after the other.
//!
//! The targets are in `tests/fuzz`; what they require of their stage is in `tests/src/invariants.rs`. Stable Rust is
//! enough: LLVM's coverage pass is asked for by hand, and safe code needs no sanitizer.

use crate::process::{Failure, cargo, output, run, target_directory};
use crate::{root, setup};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub(crate) const HELP: &str = "\
Usage: cargo xtask fuzz [TARGET…] [--minutes N]

Targets: lex, parse, check, dialect; all of them, one after the other, when none is named.
Each runs for N minutes of CPU time (30 without --minutes) on mutants of the programs and modules in this repository.

What it keeps, in target/fuzz:
  corpus/TARGET     inputs that reached new code; the next run starts from them
  findings/TARGET   inputs that broke a rule, with the message beside them
  TARGET.log        what libFuzzer said
An input is run again by:  target/fuzz/TRIPLE/release/TARGET FILE
The exit status is 0 when nothing was found.
";

struct Target {
    name: &'static str,
    /// What its seeds are called.
    extension: &'static str,
    dictionary: &'static str,
}

const TARGETS: [Target; 4] = [
    Target { name: "lex", extension: "mochi", dictionary: "mochi.dict" },
    Target { name: "parse", extension: "mochi", dictionary: "mochi.dict" },
    Target { name: "check", extension: "mochi", dictionary: "mochi.dict" },
    Target { name: "dialect", extension: "mlir", dictionary: "dialect.dict" },
];

/// Where inputs to start from lie.
const SEEDS: [&str; 6] =
    ["tests/programs", "tests/diagnostics", "tests/lit", "examples", "compiler/syntax/tests", "compiler/sema/tests"];

/// A target that breaks this often has one mistake that hides the others: better to mend it first.
const MOST_FINDINGS: usize = 10;
/// Longer inputs are slower and rarely reach more.
const MAX_LENGTH: usize = 4096;
/// Elapsed seconds after which an input counts as endless. Processor time is limited more tightly, by the target.
const TIMEOUT: usize = 120;
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// What a target did.
#[derive(Default)]
struct Outcome {
    cpu: Duration,
    executions: u64,
    findings: Vec<PathBuf>,
}

pub(crate) fn fuzz(arguments: &[String]) -> Result<(), Failure> {
    let (targets, minutes) = parse(arguments)?;
    setup::setup()?;
    let mut summary = String::new();
    let mut found = 0;
    for target in targets {
        let executable = build(target)?;
        let outcome = fuzz_target(target, &executable, Duration::from_secs_f64(minutes * 60.0))?;
        let line = format!(
            "{:8} {:5.1} CPU minutes, {:>10} inputs, {} findings\n",
            target.name,
            outcome.cpu.as_secs_f64() / 60.0,
            outcome.executions,
            outcome.findings.len()
        );
        print!("{line}");
        for path in &outcome.findings {
            println!("  {}", path.display());
        }
        summary += &line;
        found += outcome.findings.len();
    }
    println!("\n{summary}");
    if found == 0 { Ok(()) } else { Err(Failure::new(format!("{found} findings, listed above"))) }
}

fn parse(arguments: &[String]) -> Result<(Vec<&'static Target>, f64), Failure> {
    let mut targets = Vec::new();
    let mut minutes = 30.0;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--minutes" {
            let number = rest.next().and_then(|text| text.parse().ok());
            minutes = number.ok_or_else(|| Failure::new(format!("--minutes needs a number\n\n{HELP}")))?;
        } else if let Some(target) = TARGETS.iter().find(|target| target.name == argument) {
            targets.push(target);
        } else {
            return Err(Failure::new(HELP));
        }
    }
    if targets.is_empty() {
        targets.extend(&TARGETS);
    }
    Ok((targets, minutes))
}

fn directory() -> PathBuf {
    target_directory().join("fuzz")
}

fn triple() -> Result<String, Failure> {
    let text = output(Command::new("rustc").arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("`rustc -vV` names no host"))
}

/// Naming the target triple keeps the counters out of build scripts and macros. The C++ of the dialect is counted too.
fn build(target: &Target) -> Result<PathBuf, Failure> {
    let triple = triple()?;
    let mut command = cargo();
    command.args(["build", "--quiet", "--release", "--manifest-path", "tests/fuzz/Cargo.toml"]);
    command.args(["--target", &triple, "--bin", target.name, "--target-dir"]).arg(directory());
    command.env("RUSTFLAGS", COVERAGE).env_remove("CARGO_ENCODED_RUSTFLAGS");
    if target.name == "dialect" {
        command.args(["--features", "dialect"]);
    }
    run(&mut command)?;
    Ok(directory().join(triple).join("release").join(target.name))
}

/// Copies the repository's own programs to where libFuzzer reads them.
fn collect_seeds(target: &Target) -> Result<PathBuf, Failure> {
    let seeds = directory().join("seeds").join(target.name);
    let _ = fs::remove_dir_all(&seeds);
    fs::create_dir_all(&seeds)?;
    let mut number = 0;
    let mut pending: Vec<PathBuf> = SEEDS.iter().map(|place| root().join(place)).collect();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path)?.flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|found| found == target.extension) {
            number += 1;
            fs::copy(&path, seeds.join(format!("{number}.{}", target.extension)))?;
        }
    }
    Ok(seeds)
}

fn fuzz_target(target: &Target, executable: &Path, wanted: Duration) -> Result<Outcome, Failure> {
    let seeds = collect_seeds(target)?;
    let corpus = directory().join("corpus").join(target.name);
    let findings = directory().join("findings").join(target.name);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&findings)?;
    let log_path = directory().join(format!("{}.log", target.name));
    let mut log = fs::File::create(&log_path)?;
    println!("{}: {} CPU minutes, log in {}", target.name, wanted.as_secs_f64() / 60.0, log_path.display());
    let mut outcome = Outcome::default();
    while outcome.cpu < wanted && outcome.findings.len() < MOST_FINDINGS {
        let session = directory().join(format!("{}.session", target.name));
        let mut command = Command::new(executable);
        command
            .current_dir(directory())
            .arg(&corpus)
            .arg(&seeds)
            .arg(format!("-dict={}", root().join("tests/fuzz").join(target.dictionary).display()))
            .arg(format!("-artifact_prefix={}/", findings.display()))
            .args([format!("-max_len={MAX_LENGTH}"), format!("-timeout={TIMEOUT}")])
            // Names are kept as long as the process lives, so memory grows with the number of inputs.
            .args(["-rss_limit_mb=4096", "-print_final_stats=1", "-reload=0", "-max_total_time=7200"])
            .stderr(fs::File::create(&session)?)
            .stdout(Stdio::null());
        let (spent, failed) = supervise(command.spawn()?, wanted - outcome.cpu)?;
        outcome.cpu += spent;
        let said = String::from_utf8_lossy(&fs::read(&session)?).into_owned();
        log.write_all(said.as_bytes())?;
        let _ = fs::remove_file(&session);
        outcome.executions += executions(&said);
        if failed {
            let Some(input) = artifact(&said) else {
                return Err(Failure::new(format!(
                    "{} stopped without a finding: see {}",
                    target.name,
                    log_path.display()
                )));
            };
            fs::write(input.with_extension("message"), message(&said))?;
            println!("  finding: {}\n{}", input.display(), message(&said));
            outcome.findings.push(input);
        }
    }
    Ok(outcome)
}

/// Waits until the process has used its share of CPU time or ends; returns what it used and whether it failed.
fn supervise(mut child: Child, share: Duration) -> Result<(Duration, bool), Failure> {
    let mut spent = Duration::ZERO;
    let mut told = false;
    loop {
        // Once it has ended its times are gone: what was seen last counts.
        if let Some(status) = child.try_wait()? {
            return Ok((spent, !told && !status.success()));
        }
        spent = cpu_time(child.id()).unwrap_or(spent);
        if spent >= share && !told {
            // Interrupted, libFuzzer prints its numbers and ends.
            run(Command::new("kill").args(["-INT", &child.id().to_string()]))?;
            told = true;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// User and system time of a running process, from `/proc/PID/stat`: fields 14 and 15, in hundredths of a second.
fn cpu_time(process: u32) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is a name in parentheses.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(ticks * 10))
}

/// libFuzzer's own count: its last line of statistics, or of progress (`#123 …`) when it was stopped hard.
fn executions(said: &str) -> u64 {
    let last = said.lines().filter_map(|line| line.strip_prefix("stat::number_of_executed_units:")).next_back();
    let progress = said.lines().filter_map(|line| line.strip_prefix('#')?.split_whitespace().next()).next_back();
    last.or(progress).and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

fn artifact(said: &str) -> Option<PathBuf> {
    let line = said.lines().find(|line| line.contains("Test unit written to "))?;
    Some(PathBuf::from(line.rsplit_once("written to ")?.1.trim()))
}

/// What the target said when it broke: the panic, or libFuzzer's first words.
fn message(said: &str) -> String {
    let lines: Vec<&str> = said.lines().collect();
    let start = lines.iter().position(|line| line.contains("panicked at") || line.contains("ERROR:")).unwrap_or(0);
    lines[start..].iter().take(12).map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_what_libfuzzer_says() {
        assert_eq!(executions("#12\tINITED cov: 3\n#4096\tpulse\n"), 4096);
        assert_eq!(executions("#12 x\nstat::number_of_executed_units: 99\n"), 99);
        let said = "artifact_prefix='x/'; Test unit written to x/crash-1\n";
        assert_eq!(artifact(said), Some(PathBuf::from("x/crash-1")));
    }

    #[test]
    fn targets_and_minutes_are_understood() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let Ok((targets, minutes)) = parse(&words("lex check --minutes 0.5")) else { panic!("it is well formed") };
        assert_eq!((targets.len(), minutes), (2, 0.5));
        assert!(parse(&words("--minutes")).is_err());
        assert!(parse(&words("nothing")).is_err());
    }

    #[test]
    fn time_of_this_process_is_known() {
        assert!(cpu_time(std::process::id()).is_some());
    }
}
