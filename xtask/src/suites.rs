//! `cargo xtask differential` and `cargo xtask valgrind`: long runs of what `cargo xtask test` samples, with an optimised
//! build of the compiler.

use crate::process::{Failure, cargo, run, target_directory};
use crate::setup;

const DIFFERENTIAL_HELP: &str = "\
Usage: cargo xtask differential [FROM..TO] [--levels 'O0 O3'] [OPTION…]

Generates a program for each seed FROM ≤ seed < TO (1..1000 when nothing is said), builds it at each level, runs it in process
too, and requires the same output, exit status and error report. Executables run under the leak check.
Every OPTION is passed to `mochi build` and `mochi run`, for example --int=wrap or --int=exact.
A program that fails stays in the temporary directory; `cargo run -p mochi-tests --bin generate SEED` prints it.
";

const VALGRIND_HELP: &str = "\
Usage: cargo xtask valgrind [--all]

Builds test programs with --check-memory at -O0 and -O3 and runs them under valgrind's memcheck: a sample, or with --all
every program of tests/programs and examples.
";

fn wants_help(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| argument == "--help" || argument == "-h")
}

/// The arguments of a differential run.
#[derive(Debug, PartialEq, Eq)]
struct Differential {
    seeds: String,
    levels: String,
    options: String,
}

fn parse(arguments: &[String]) -> Option<Differential> {
    let mut parsed = Differential { seeds: "1..1000".into(), levels: "-O0 -O3".into(), options: String::new() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--levels" {
            let levels: Vec<String> = rest.next()?.split_whitespace().map(|level| format!("-{level}")).collect();
            parsed.levels = levels.join(" ");
        } else if argument.starts_with('-') {
            parsed.options = format!("{} {argument}", parsed.options).trim().to_owned();
        } else {
            let (from, to) = argument.split_once("..")?;
            let _: (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
            parsed.seeds.clone_from(argument);
        }
    }
    Some(parsed)
}

pub(crate) fn differential(arguments: &[String]) -> Result<(), Failure> {
    if wants_help(arguments) {
        print!("{DIFFERENTIAL_HELP}");
        return Ok(());
    }
    let Some(wanted) = parse(arguments) else { return Err(Failure::new(DIFFERENTIAL_HELP)) };
    suite(
        "differential",
        &[
            ("MOCHI_DIFFERENTIAL", &wanted.seeds),
            ("MOCHI_DIFFERENTIAL_LEVELS", &wanted.levels),
            ("MOCHI_DIFFERENTIAL_OPTIONS", &wanted.options),
        ],
    )
}

pub(crate) fn valgrind(arguments: &[String]) -> Result<(), Failure> {
    match arguments {
        [] => suite("valgrind", &[]),
        [all] if all == "--all" => suite("valgrind", &[("MOCHI_VALGRIND", "all")]),
        _ if wants_help(arguments) => {
            print!("{VALGRIND_HELP}");
            Ok(())
        }
        _ => Err(Failure::new(VALGRIND_HELP)),
    }
}

/// Runs one of the test executables against a release build of the compiler.
fn suite(name: &str, variables: &[(&str, &str)]) -> Result<(), Failure> {
    setup::setup()?;
    run(cargo().args(["build", "--quiet", "--release", "--package", "mochi"]))?;
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "mochi-tests", "--test", name]);
    command.env("MOCHI_BIN_DIR", target_directory().join("release"));
    command.envs(variables.iter().copied());
    run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differential_arguments() {
        let words = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let wanted = Differential {
            seeds: "5..9".to_owned(),
            levels: "-O1 -Os".to_owned(),
            options: "--int=wrap -g".to_owned(),
        };
        assert_eq!(parse(&words("5..9|--levels|O1 Os|--int=wrap|-g")), Some(wanted));
        assert_eq!(parse(&words("5-9")), None);
        assert_eq!(parse(&words("--levels")), None);
    }
}
