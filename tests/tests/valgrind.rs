//! Compiled programs under valgrind's memcheck: no access outside of a live block, no decision on undefined values.
//!
//! Programs are built with `--check-memory`, whose allocator tells valgrind about every object; what that finds when there
//! is something to find is tested in `compiler/codegen/tests/codegen.rs`. A few programs run by default, as one in
//! so many; `cargo xtask valgrind --all` sets `MOCHI_VALGRIND=all` and runs every program of `tests/programs` and `examples`.

use libtest_mimic::{Arguments, Failed, Trial};
use mochi_tests::{beside, difference, executable, files, process, root, scratch};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Of so many programs one runs by default: a program takes one to two seconds.
const SAMPLE: usize = 8;
/// Parts of the names of programs that are about millions of objects or frames: they take minutes on a simulated processor, and
/// the allocator used here gives nothing back.
const TOO_LARGE: [&str; 3] = ["cycl", "deep", "recursion"];
/// Exit status of programs that use up their stack: the last page of a gigabyte comes late under valgrind, too.
const STACK_OVERFLOW: i32 = 3;
/// What valgrind's exit status says when it found something.
const FOUND: i32 = 99;

fn main() {
    let arguments = Arguments::from_args();
    let all = std::env::var("MOCHI_VALGRIND").is_ok_and(|wanted| wanted == "all");
    let mut programs = files(&root().join("tests/programs"), "mochi");
    programs.extend(files(&root().join("examples"), "mochi"));
    programs.retain(|program| {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let large = TOO_LARGE.iter().any(|part| name.contains(part)) || status(program) == STACK_OVERFLOW;
        program.with_extension("out").exists() && !large
    });
    let chosen = programs.into_iter().enumerate().filter(|(number, _)| all || number % SAMPLE == 0);
    let mut trials = Vec::new();
    for (_, program) in chosen {
        for level in ["-O0", "-O3"] {
            let name = format!("{}::{level}", program.file_stem().unwrap_or_default().to_string_lossy());
            let program = program.clone();
            trials.push(Trial::test(name, move || check(&program, level).map_err(Failed::from)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

/// The exit status that a program should have.
fn status(program: &Path) -> i32 {
    beside(program, "status").and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

fn check(program: &Path, level: &str) -> Result<(), String> {
    let directory = program.parent().unwrap_or(Path::new("."));
    let file = PathBuf::from(program.file_name().unwrap_or_default());
    let output = scratch("valgrind").join(format!("{}{level}", file.display()));
    let mut build = Command::new(executable("mochi"));
    build.args(["build", "-W", "none", "--check-memory", level]).arg("-o").arg(&output).arg(&file);
    build.args(beside(program, "flags").unwrap_or_default().split_whitespace()).current_dir(directory);
    let built = process::run(&mut build, "")?;
    if !built.status.success() {
        return Err(format!("it does not compile:\n{}", built.stderr));
    }
    let mut command = Command::new("valgrind");
    command.args(["-q", "--leak-check=no", &format!("--error-exitcode={FOUND}")]).arg(&output);
    command.env("MOCHI_LEAK_CHECK", "1").current_dir(directory);
    let outcome = process::run_within(&mut command, &beside(program, "in").unwrap_or_default(), process::PATIENT)?;
    let _ = std::fs::remove_file(&output);
    let context = |message: String| format!("{message}\nstandard error:\n{}", outcome.stderr);
    let status = status(program);
    if outcome.code() != status {
        let why = if outcome.code() == FOUND { "valgrind found something" } else { "another exit status" };
        return Err(context(format!("{why}: {}, expected {status}", outcome.code())));
    }
    difference("output", &beside(program, "out").unwrap_or_default(), &outcome.stdout).map_err(context)
}
