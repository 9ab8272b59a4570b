//! What people read: help texts and the forms of reports, as snapshots. `cargo insta review`, or `INSTA_UPDATE=always`,
//! takes a change over.

use mochi_tests::process::run;
use mochi_tests::{executable, scratch};
use std::process::Command;

const BROKEN: &str = "let n: int = \"one\"\nprint(m)\nlet xs = [1, 2\n";
const ILL_TYPED: &str = "let n: int = \"one\"\nprint(m + 1)\n";

/// Standard output of `mochi`.
fn stdout(arguments: &[&str]) -> String {
    run(Command::new(executable("mochi")).args(arguments), "").expect("starts").stdout
}

/// What `mochi check` says on standard error about a program called `program.mochi`.
fn reports(name: &str, program: &str, arguments: &[&str]) -> String {
    let directory = scratch(name);
    std::fs::write(directory.join("program.mochi"), program).expect("the scratch directory is writable");
    let mut command = Command::new(executable("mochi"));
    command.args(arguments).args(["check", "program.mochi"]).current_dir(directory);
    run(&mut command, "").expect("starts").stderr
}

#[test]
fn help() {
    for command in ["build", "run", "test", "check", "lint", "explain", "doctor"] {
        insta::assert_snapshot!(format!("help_{command}"), stdout(&[command, "--help"]));
    }
    insta::assert_snapshot!("help", stdout(&["--help"]));
}

#[test]
fn explanations() {
    insta::assert_snapshot!("explain_t008", stdout(&["explain", "T008"]));
}

#[test]
fn syntax_errors() {
    insta::assert_snapshot!("syntax_text", reports("syntax-text", BROKEN, &[]));
    insta::assert_snapshot!("syntax_json", reports("syntax-json", BROKEN, &["--error-format=json"]));
}

#[test]
fn type_errors() {
    for format in ["text", "json", "short"] {
        let option = format!("--error-format={format}");
        let arguments = ["--strict", option.as_str()];
        insta::assert_snapshot!(format!("types_{format}"), reports(&format!("types-{format}"), ILL_TYPED, &arguments));
    }
}
