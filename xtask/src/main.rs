//! `cargo xtask`: what a person types in this repository, and all that CI runs.
//!
//! No dependencies, so that it compiles with nothing but Rust; it then brings what the rest needs.

mod docs;
mod fuzz;
mod lint;
mod mutate;
mod process;
mod setup;
mod suites;
mod test;

use process::Failure;
use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  run FILE.mochi [ARG…]   build the compiler and run the program with it (`mochi run`)
  mochi ARG…              build the compiler and pass it these arguments
  test [STAGE…]           everything CI checks; with names, only those stages
  docs [--check]          write the generated parts of docs/, or check that they are up to date
  lint                    the repository's own rules (versions, module headers, file sizes)
  fuzz [TARGET…] [--minutes N]
                          look for inputs that break a stage of the compiler (--help says more)
  differential [FROM..TO] compare random programs at several levels of optimisation (--help says more)
  mutate [NAME…]          plant mistakes and require that the tests notice (--help says more)
  valgrind [--all]        run compiled programs under memcheck: a sample, or every test program and example
  setup                   install what is missing, nothing else

Stages of `test`: fmt, lint, clippy, unit, tools, lit, programs, diagnostics, guide, differential, valgrind, docs, fuzz
What is missing (LLVM, clang, musl …) is installed from Debian's packages, with sudo only when needed.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let result = match arguments.first().map(String::as_str) {
        Some("run") => run(rest),
        Some("mochi") => mochi(rest),
        Some("test") => test::test(rest),
        Some("docs") => docs::docs(rest),
        Some("lint") => lint::lint(),
        Some("fuzz") if rest.iter().any(|word| word == "--help" || word == "-h") => {
            print!("{}", fuzz::HELP);
            Ok(())
        }
        Some("fuzz") => fuzz::fuzz(rest),
        Some("differential") => suites::differential(rest),
        Some("mutate") if rest.iter().any(|word| word == "--help" || word == "-h") => {
            print!("{}", mutate::HELP);
            Ok(())
        }
        Some("mutate") => mutate::mutate(rest),
        Some("valgrind") => suites::valgrind(rest),
        Some("setup") => setup::setup(),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(Failure::new(format!("unknown command `{other}`\n\n{HELP}"))),
        None => Err(Failure::new(HELP)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The repository.
pub(crate) fn root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map_or(manifest.clone(), PathBuf::from)
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    if arguments.is_empty() {
        return Err(Failure::new("run: which program? For example: cargo xtask run examples/life.mochi"));
    }
    let mut all = vec!["run".to_owned()];
    all.extend_from_slice(arguments);
    mochi(&all)
}

fn mochi(arguments: &[String]) -> Result<(), Failure> {
    setup::setup()?;
    let compiler = process::build_binary("mochi")?;
    // In the caller's directory, as if `mochi` had been typed there; never comes back when it starts.
    Err(process::replace_with(&compiler, arguments))
}
