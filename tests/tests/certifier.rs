//! The reference counts of every test program, certified: `mochi-certify-reference-counts` recomputes who owns what
//! after each pass from the one that inserts counts to the end of the dialect, optimised and not. What it accepts frees
//! every object exactly once on every path, also on those that no run takes.

use libtest_mimic::{Arguments, Failed, Trial};
use mochi_tests::{executable, files, process, root, scratch};
use std::path::Path;
use std::process::Command;

const CERTIFIER: &str = "mochi-certify-reference-counts";
const INSERTER: &str = "mochi-insert-reference-counts";

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for directory in ["tests/programs", "tests/alloc-count", "examples"] {
        for program in files(&root().join(directory), "mochi") {
            // Packages are compiled with the programs that import them.
            if !program.with_extension("out").exists() && !program.with_extension("count").exists() {
                continue;
            }
            for level in ["-O0", "-O3"] {
                let name = format!("{}::{}", program.file_stem().unwrap_or_default().to_string_lossy(), &level[1..]);
                let program = program.clone();
                trials.push(Trial::test(name, move || certify(&program, level).map_err(Failed::from)));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn output(command: &mut Command) -> Result<String, String> {
    let outcome = process::run(command, "")?;
    if outcome.status.success() { Ok(outcome.stdout) } else { Err(outcome.stderr) }
}

/// A command of the compiler for a program, run beside it: imports are relative.
fn compiler(program: &Path, level: &str) -> Command {
    let mut command = Command::new(executable("mochi"));
    command.args(["build", "-W", "none", level]).arg(program.file_name().unwrap_or_default());
    command.current_dir(program.parent().unwrap_or(Path::new(".")));
    command
}

/// The passes of a pipeline's text with the certifier behind each that may change counts.
fn with_certifier(pipeline: &str) -> Result<String, String> {
    let inner = pipeline.trim().strip_prefix("builtin.module(").and_then(|text| text.strip_suffix(')'));
    let inner = inner.ok_or_else(|| format!("not a pipeline: {pipeline}"))?;
    let mut passes = Vec::new();
    let mut counted = false;
    for pass in inner.split(',') {
        passes.push(pass);
        counted |= pass == INSERTER;
        if counted {
            passes.push(CERTIFIER);
        }
    }
    if counted { Ok(format!("builtin.module({})", passes.join(","))) } else { Err(format!("no {INSERTER}: {inner}")) }
}

fn certify(program: &Path, level: &str) -> Result<(), String> {
    let (directory, name) = (program.parent().and_then(Path::file_name), program.file_stem());
    let part = |name: Option<&std::ffi::OsStr>| name.unwrap_or_default().to_string_lossy().into_owned();
    let module = scratch("certifier").join(format!("{}-{}{level}.mlir", part(directory), part(name)));
    output(compiler(program, level).args(["--emit=mochi", "-o"]).arg(&module))?;
    let pipeline = output(compiler(program, level).args(["--emit=mochi-opt", "--print-pipeline"]))?;
    let mut certifier = Command::new(executable("mochi-opt"));
    certifier.arg(&module).arg(format!("--pass-pipeline={}", with_certifier(&pipeline)?)).args(["-o", "/dev/null"]);
    output(&mut certifier).map(drop)
}
