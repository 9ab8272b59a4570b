//! Programs with their expected output: `NAME.mochi`, `NAME.out`, and where they matter `NAME.in` (standard input),
//! `NAME.status` (exit status), `NAME.err` (each line occurs in standard error), `NAME.report` (all of standard error),
//! `NAME.flags` (for the compiler).
//!
//! Each runs unoptimised, optimised and in the JIT, with the same result; the first two under the leak check,
//! which ends with status 86 when objects are alive at the end. `examples/` runs too.

use libtest_mimic::{Arguments, Failed, Trial};
use mochi_tests::{beside, difference, executable, files, process, root, scratch};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Copy, Debug)]
enum Mode {
    O0,
    O3,
    Jit,
}

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for directory in ["tests/programs", "examples"] {
        let directory = root().join(directory);
        for program in files(&directory, "mochi") {
            // An example without expected output is only for reading.
            if !program.with_extension("out").exists() {
                continue;
            }
            for mode in [Mode::O0, Mode::O3, Mode::Jit] {
                let name = format!("{}::{mode:?}", stem(&program));
                let program = program.clone();
                trials.push(Trial::test(name, move || check(&program, mode).map_err(Failed::from)));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn stem(program: &Path) -> String {
    program.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The command that runs the program, and where: the path in run-time errors is the one given to the compiler.
fn command(program: &Path, mode: Mode) -> Result<Command, String> {
    let directory = program.parent().unwrap_or(Path::new("."));
    let file = PathBuf::from(program.file_name().unwrap_or_default());
    let mochi = executable("mochi");
    let flags = beside(program, "flags").unwrap_or_default();
    let flags = flags.split_whitespace();
    if let Mode::Jit = mode {
        let mut command = Command::new(mochi);
        command.args(["run", "-W", "none"]).args(flags).arg(&file).current_dir(directory);
        return Ok(command);
    }
    let output = scratch("programs").join(format!("{}-{mode:?}", stem(program)));
    let level = if let Mode::O0 = mode { "-O0" } else { "-O3" };
    let mut build = Command::new(mochi);
    build.args(["build", "-W", "none", level]).args(flags).arg("-o").arg(&output).arg(&file).current_dir(directory);
    let built = process::run(&mut build, "")?;
    if !built.status.success() {
        return Err(format!("it does not compile:\n{}", built.stderr));
    }
    let mut command = Command::new(output);
    command.env("MOCHI_LEAK_CHECK", "1").current_dir(directory);
    Ok(command)
}

fn check(program: &Path, mode: Mode) -> Result<(), String> {
    let outcome = process::run(&mut command(program, mode)?, &beside(program, "in").unwrap_or_default())?;
    let context = |message: String| format!("{message}\nstandard error:\n{}", outcome.stderr);
    let expected = beside(program, "out").unwrap_or_default();
    difference("output", &expected, &outcome.stdout).map_err(context)?;
    let status: i32 = beside(program, "status").and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    if outcome.code() != status {
        return Err(context(format!("exit status {}, expected {status}", outcome.code())));
    }
    if let Some(report) = beside(program, "report") {
        difference("standard error", &report, &outcome.stderr).map_err(context)?;
    }
    let wanted = beside(program, "err").unwrap_or_default();
    match wanted.lines().map(str::trim).find(|part| !outcome.stderr.contains(part)) {
        Some(part) => Err(context(format!("standard error lacks: {part}"))),
        None => Ok(()),
    }
}
