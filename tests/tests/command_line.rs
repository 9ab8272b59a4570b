//! The executables as a user meets them: arguments, output, exit status.

use mochi_tests::process::{Outcome, run, run_within};
use mochi_tests::{executable, root, scratch};
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Duration;

fn mochi(arguments: &[&str]) -> Outcome {
    let mut command = Command::new(executable("mochi"));
    command.args(arguments).current_dir(root()).env("NO_COLOR", "1");
    run(&mut command, "").expect("starts")
}

#[test]
fn code_from_the_command_line_runs() {
    let outcome = mochi(&["run", "-e", "print(6 * 7)"]);
    assert_eq!((outcome.stdout.as_str(), outcome.code()), ("42\n", 0), "{}", outcome.stderr);
}

#[test]
fn run_time_errors_give_status_one() {
    let outcome = mochi(&["run", "-e", "let xs = [1]\nprint(xs[3])"]);
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stderr.contains("list index out of range"), "{}", outcome.stderr);
}

#[test]
fn syntax_errors_are_reported_with_their_place() {
    let outcome = mochi(&["run", "-e", "let = 3"]);
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stderr.starts_with("parse error:\n  error["), "{}", outcome.stderr);
    let outcome = mochi(&["--error-format=json", "check", "tests/debuginfo/missing.mochi"]);
    assert_eq!((outcome.stderr.as_str(), outcome.code()), ("file not found: tests/debuginfo/missing.mochi\n", 1));
}

#[test]
fn strict_makes_findings_errors() {
    let program = scratch("command-line").join("mismatch.mochi");
    std::fs::write(&program, "let n: int = \"a\"\nprint(n)\n").expect("writable");
    let path = program.to_str().expect("text");
    let outcome = mochi(&["--strict", "check", path]);
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stderr.starts_with("type error:\n   1. error[T008]"), "{}", outcome.stderr);
    assert!(outcome.stderr.trim_end().ends_with("aborted due to type errors"), "{}", outcome.stderr);
}

#[test]
fn every_stage_can_be_emitted() {
    for stage in ["ast", "types", "mochi", "mochi-opt", "affine", "scf", "llvm", "llvm-ir", "asm"] {
        let outcome = mochi(&["build", "examples/hello.mochi", &format!("--emit={stage}"), "-o", "-"]);
        assert_eq!(outcome.code(), 0, "{stage}: {}", outcome.stderr);
        assert!(!outcome.stdout.is_empty(), "{stage}");
    }
}

/// What `mochi build` does can be done step by step: its pipeline as text, given to `mochi-opt`, has the same result.
#[test]
fn the_printed_pipeline_reproduces_the_build() {
    let directory = scratch("pipeline");
    for (example, flags) in [("hello", "-O3"), ("primes", "-O3"), ("primes", "-O0")] {
        let program = format!("examples/{example}.mochi");
        let emitted = directory.join(format!("{example}{flags}.mlir"));
        let emitted_text = emitted.to_str().expect("text");
        let outcome = mochi(&["build", &program, flags, "--emit=mochi", "-o", emitted_text]);
        assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
        let pipeline = mochi(&["build", flags, "--print-pipeline", "--emit=llvm"]).stdout;
        let built = mochi(&["build", &program, flags, "--emit=llvm"]).stdout;
        let mut opt = Command::new(executable("mochi-opt"));
        opt.arg(format!("--pass-pipeline={}", pipeline.trim())).arg(&emitted);
        let reproduced = run(&mut opt, "").expect("starts");
        assert_eq!(reproduced.code(), 0, "{}", reproduced.stderr);
        assert!(built == reproduced.stdout, "{example} {flags}: mochi-opt makes something else of it");
    }
}

#[test]
fn tests_pass_and_fail() {
    let directory = scratch("test-command");
    let program = directory.join("sums.mochi");
    std::fs::write(
        &program,
        "let x = 2\ntest \"good\" {\n  expect x + 1 == 3\n}\ntest \"bad\" {\n  expect x == 3\n}\n",
    )
    .expect("writable");
    let outcome = mochi(&["test", program.to_str().expect("text")]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("\x1b[33mtest\x1b[0m good                           ... \x1b[32mok\x1b[0m ("),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("\x1b[31mfail\x1b[0m expect condition failed at"), "{}", outcome.stdout);
    assert!(outcome.stderr.ends_with("\n[FAIL] 1 test(s) failed.\n"), "{}", outcome.stderr);
}

#[test]
fn tests_run_with_the_integers_that_are_asked_for() {
    let program = scratch("command-line").join("large.mochi");
    std::fs::write(&program, "test \"large\" {\n  expect 9223372036854775807 + 1 > 0\n}\n").expect("writable");
    let path = program.to_str().expect("text");
    assert_eq!(mochi(&["test", path]).code(), 1);
    assert_eq!(mochi(&["test", "--int=wrap", path]).code(), 1);
    let outcome = mochi(&["test", "--int=exact", path]);
    assert_eq!(outcome.code(), 0, "{}", outcome.stderr);
}

#[test]
fn explanations_and_help() {
    assert!(mochi(&["explain", "T008"]).stdout.starts_with("T008: "));
    assert_eq!(mochi(&["explain", "T999"]).code(), 2);
    assert!(mochi(&["--help"]).stdout.contains("Examples:"));
    assert!(mochi(&["build", "--help"]).stdout.contains("Stages for --emit"));
    assert_eq!(mochi(&["doctor"]).code(), 0);
    assert_eq!(mochi(&["build"]).code(), 2);
}

#[test]
fn mistakes_on_the_command_line_are_no_internal_errors() {
    let hello = "examples/hello.mochi";
    let folder = scratch("command-line").display().to_string();
    for (arguments, status, message) in [
        (["build", hello, "-o", &folder], 1, "is a directory"),
        (["build", hello, "-o", "/no/such/folder/hello"], 1, "No such file or directory"),
        (["build", hello, "--target-cpu", "fast"], 2, "unknown CPU `fast`"),
        (["run", hello, "--print-ir-after", "nothing"], 2, "no pass `nothing`"),
    ] {
        let outcome = mochi(&arguments);
        assert_eq!(outcome.code(), status, "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(message), "{arguments:?}: {}", outcome.stderr);
    }
}

/// Output that cannot be written is an error, of the compiler and of programs, built or run.
#[test]
fn lost_output_is_an_error() {
    let full = || Stdio::from(File::options().write(true).open("/dev/full").expect("Linux has it"));
    let program = scratch("command-line").join("hello");
    let path = program.to_str().expect("text");
    assert_eq!(mochi(&["build", "examples/hello.mochi", "-o", path]).code(), 0);
    let status = |command: &mut Command| command.current_dir(root()).status().expect("starts").code();
    let built = status(Command::new(&program).stdout(full()).stderr(Stdio::null()));
    assert_eq!(built, Some(1));
    let compiler = || Command::new(executable("mochi"));
    assert_eq!(status(compiler().args(["run", "examples/hello.mochi"]).stdout(full()).stderr(Stdio::null())), Some(1));
    assert_eq!(status(compiler().args(["explain", "T008"]).stdout(full()).stderr(Stdio::null())), Some(1));
    assert_eq!(status(compiler().args(["run", "-e", "let = 3"]).stdout(Stdio::null()).stderr(full())), Some(1));
    let outcome = mochi(&["build", "examples/hello.mochi", "-o", "/dev/full"]);
    assert_eq!(outcome.code(), 1, "{}", outcome.stderr);
}

/// What comes after an endless loop never runs, at any level, even if nothing uses what the loop computes.
#[test]
fn endless_loops_are_kept() {
    let endless = [
        "var y = 1.0 while y > 0.0 { y = y * 1.0 }",
        "var s = \"\" while true { s = s + \"b\" if len(s) > 1000 { s = \"\" } }",
        "var xs = [1] while len(xs) > 0 { xs = [len(xs)] }",
    ];
    let program = scratch("command-line").join("endless");
    let path = program.to_str().expect("text");
    for text in endless {
        let source = program.with_extension("mochi");
        std::fs::write(&source, format!("fun f() {{ {text} }}\nf()\nprint(\"after\")\n")).expect("writable");
        for level in ["-O0", "-O2", "-O3"] {
            assert_eq!(mochi(&["build", level, source.to_str().expect("text"), "-o", path]).code(), 0);
            let outcome = run_within(&mut Command::new(&program), "", Duration::from_millis(300));
            assert!(outcome.is_err(), "{text} at {level} ended: {outcome:?}");
        }
    }
}

#[test]
fn a_program_does_not_import_itself() {
    let folder = scratch("command-line");
    let main = folder.join("selfish.mochi");
    for (text, message) in [
        (
            "import \"./selfish\" as me\nexport fun f(): int { return 1 }\nprint(me.f())\n",
            "cannot be a package of its own",
        ),
        ("import \"\" as nothing\nprint(1)\n", "an import needs a path"),
    ] {
        std::fs::write(&main, text).expect("writable");
        let outcome = mochi(&["check", main.to_str().expect("text")]);
        assert_eq!(outcome.code(), 1);
        assert_eq!(outcome.stderr.matches("error[").count(), 1, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
}

#[test]
fn timings_are_json_when_asked() {
    let outcome = mochi(&["build", "examples/hello.mochi", "--emit=llvm", "--timings=json", "-o", "/dev/null"]);
    assert!(outcome.stderr.starts_with("{\"stages\":["), "{}", outcome.stderr);
}

#[test]
fn mochi_opt_lists_our_passes() {
    let outcome = run(Command::new(executable("mochi-opt")).arg("--help"), "").expect("starts");
    for pass in ["mochi-insert-reference-counts", "convert-mochi-to-affine", "convert-mochi-to-llvm"] {
        assert!(outcome.stdout.contains(&format!("--{pass}")), "{pass} is not listed");
    }
}
