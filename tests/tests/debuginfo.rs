//! gdb on a program built with `-g`: a breakpoint at a line of the source, the stack, the value of a variable.

use mochi_tests::{executable, process, root, scratch};
use std::path::Path;
use std::process::Command;

/// Drives gdb over the program of `tests/debuginfo/` and returns what it printed.
fn debug(level: &str, commands: &[&str]) -> Option<String> {
    if !Path::new("/usr/bin/gdb").exists() {
        eprintln!("gdb is not installed: nothing tested");
        return None;
    }
    let directory = root().join("tests/debuginfo");
    let output = scratch("debuginfo").join(format!("area{level}"));
    let mut build = Command::new(executable("mochi"));
    build.args(["build", "-g", level, "-o"]).arg(&output).arg("area.mochi").current_dir(&directory);
    let built = process::run(&mut build, "").expect("starts");
    assert!(built.status.success(), "{}", built.stderr);
    let mut gdb = Command::new("gdb");
    gdb.args(["--batch", "--nx", "--quiet"]).current_dir(&directory);
    // Where the kernel forbids it (containers), gdb would warn on every run.
    gdb.args(["-ex", "set disable-randomization off", "-ex", "set debuginfod enabled off"]);
    for command in commands {
        gdb.args(["-ex", command]);
    }
    let outcome = process::run(gdb.arg(&output), "").expect("gdb starts");
    Some(format!("{}{}", outcome.stdout, outcome.stderr))
}

#[test]
fn breakpoint_backtrace_and_local() {
    let commands = ["break area.mochi:4", "run", "backtrace", "info locals", "print width", "list"];
    let Some(text) = debug("-O0", &commands) else { return };
    assert!(text.contains("area.mochi:4"), "the breakpoint is not hit:\n{text}");
    assert!(text.contains("area (") || text.contains("area("), "the function is not named:\n{text}");
    assert!(text.contains("__main") || text.contains("main"), "the caller is missing:\n{text}");
    assert!(text.contains("let scaled = width * factor") || text.contains("return scaled"), "no source:\n{text}");
    assert!(text.contains("= 6"), "the local's value is missing:\n{text}");
}

#[test]
fn optimised_programs_have_line_tables() {
    let Some(text) = debug("-O3", &["info line area.mochi:9"]) else { return };
    assert!(text.contains("area.mochi\""), "no line table:\n{text}");
}
