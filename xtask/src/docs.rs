//! The generated parts of `docs/`: the passes, the dialect, the command line.
//!
//! They are committed, so that they can be read without building; `--check` compares them.

use crate::process::{Failure, build_binary, output};
use crate::{root, setup};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const NOTE: &str = "<!-- Written by `cargo xtask docs`; changes made here are lost. -->\n\n";

/// Subcommands whose help the page shows.
const SUBCOMMANDS: [&str; 6] = ["build", "run", "test", "check", "explain", "doctor"];

pub(crate) fn docs(arguments: &[String]) -> Result<(), Failure> {
    setup::setup()?;
    let check = arguments.iter().any(|argument| argument == "--check");
    let mut stale = Vec::new();
    for (path, content) in [
        (root().join("docs/reference/command-line.md"), command_line()?),
        (root().join("docs/reference/pipeline.md"), pipeline()?),
        (root().join("docs/reference/dialect.md"), dialect()?),
        (root().join("docs/reference/passes.md"), passes()?),
    ] {
        let current = fs::read_to_string(&path).unwrap_or_default();
        if current == content {
            continue;
        }
        if check {
            stale.push(path.display().to_string());
        } else {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, content)?;
            println!("wrote {}", path.display());
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("out of date: {}; next: cargo xtask docs", stale.join(", "))))
    }
}

fn mochi(arguments: &[&str]) -> Result<String, Failure> {
    let compiler = build_binary("mochi")?;
    output(Command::new(compiler).args(arguments).env("NO_COLOR", "1"))
}

fn command_line() -> Result<String, Failure> {
    let mut page = format!("{NOTE}# Command line\n");
    page += &section("mochi", &mochi(&["--help"])?);
    for subcommand in SUBCOMMANDS {
        page += &section(&format!("mochi {subcommand}"), &mochi(&[subcommand, "--help"])?);
    }
    Ok(page)
}

fn section(title: &str, text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    format!("\n## {title}\n\n```text\n{}\n```\n", lines.join("\n").trim_end())
}

fn pipeline() -> Result<String, Failure> {
    let mut page = format!(
        "{NOTE}# Pipeline\n\nEvery step with its reason, as `mochi build` runs it. \
         The text that `mochi build --print-pipeline` prints is made of the first column.\n"
    );
    page += &mochi(&["build", "--explain-pipeline"])?;
    Ok(page)
}

/// The page MLIR makes from the operation definitions.
fn dialect() -> Result<String, Failure> {
    let text = tablegen(&["-gen-dialect-doc", "-dialect=mochi"], "dialects/mochi/MochiOps.td")?;
    Ok(format!("{NOTE}{text}"))
}

/// The page MLIR makes from the pass definitions.
fn passes() -> Result<String, Failure> {
    let text = tablegen(&["-gen-pass-doc"], "compiler/passes/MochiPasses.td")?;
    Ok(format!("{NOTE}# Passes\n\n{text}"))
}

/// mlir-tblgen's output for one of our definition files, without its own header and trailing blanks.
fn tablegen(arguments: &[&str], file: &str) -> Result<String, Failure> {
    let llvm = PathBuf::from(format!("/usr/lib/llvm-{}", crate::lint::llvm_version()?));
    let path = root().join(file);
    let text = output(
        Command::new(llvm.join("bin/mlir-tblgen"))
            .args(arguments)
            .arg(format!("-I{}", llvm.join("include").display()))
            .arg(format!("-I{}", path.parent().unwrap_or(&path).display()))
            .arg(&path),
    )?;
    let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|line| !line.starts_with("<!--")).collect();
    Ok(format!("{}\n", lines.join("\n").trim()))
}
