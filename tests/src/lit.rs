//! Runs the `// RUN:` lines of a test file, in the manner of LLVM's `lit`.
//!
//! A line is a pipeline of commands. Understood are quotes, `%s` (the file), `%S` (its directory), `%t` (a path of the
//! test's own), `2>&1`, a leading `not` (the command must fail, but not crash), a backslash at the end of a line to go on
//! with the next, and the programs `mochi`, `mochi-opt` and `FileCheck`; other programs come from `PATH`. Stages run one
//! after the other and every one must succeed.

use std::{
    env, fmt,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
};

/// The version of LLVM stands in one place.
const LLVM_VERSION: &str = include_str!("../../cmake/LLVM_VERSION");

/// How much of a failing command's output a report shows.
const SHOWN_BYTES: usize = 8000;

/// Where the programs are that tests name.
pub struct Tools {
    opt: PathBuf,
    mochi: PathBuf,
    file_check: PathBuf,
}

impl Tools {
    /// `MOCHI_OPT` and `MOCHI` name executables to test other than those of this build.
    pub fn find() -> Tools {
        let own = |variable: &str, name: &str| {
            env::var_os(variable).map_or_else(|| crate::build_directory().join(name), PathBuf::from)
        };
        Tools { opt: own("MOCHI_OPT", "mochi-opt"), mochi: own("MOCHI", "mochi"), file_check: find_file_check() }
    }

    fn resolve(&self, program: &str) -> PathBuf {
        match program {
            "mochi-opt" => self.opt.clone(),
            "mochi" => self.mochi.clone(),
            "FileCheck" => self.file_check.clone(),
            other => PathBuf::from(other),
        }
    }
}

/// Beside the LLVM that the compiler is built with, or under Debian's versioned name.
fn find_file_check() -> PathBuf {
    let version = LLVM_VERSION.trim();
    let prefix = env::var(format!("MLIR_SYS_{version}0_PREFIX")).unwrap_or_else(|_| format!("/usr/lib/llvm-{version}"));
    let beside = Path::new(&prefix).join("bin/FileCheck");
    if beside.exists() { beside } else { PathBuf::from(format!("FileCheck-{version}")) }
}

/// One command of a pipeline.
#[derive(Debug, PartialEq, Eq)]
struct Stage {
    words: Vec<String>,
    must_fail: bool,
    joins_stderr: bool,
}

/// Why a test failed, with the command that shows it.
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs every `RUN:` line of a file, in order, up to the first that fails.
pub fn run_file(tools: &Tools, file: &Path) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure(format!("{}: {e}", file.display())))?;
    let lines = run_lines(&text);
    if lines.is_empty() {
        return Err(Failure(format!("{} has no `RUN:` line, so nothing tests it", file.display())));
    }
    for line in lines {
        let expanded = expand(&line, file);
        let stages = parse_pipeline(&expanded).map_err(|e| Failure(format!("{e} in `{line}`")))?;
        run_pipeline(tools, &stages).map_err(|report| Failure(format!("RUN: {expanded}\n{report}")))?;
    }
    Ok(())
}

/// The text after each `RUN:`, with continued lines joined.
fn run_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut continues = false;
    for line in text.lines() {
        let Some((comment, command)) = line.split_once("RUN:") else { continue };
        if !matches!(comment.trim(), "//" | "#" | ";") {
            continue;
        }
        let command = command.trim();
        let (part, goes_on) = command.strip_suffix('\\').map_or((command, false), |part| (part.trim_end(), true));
        match lines.last_mut() {
            Some(last) if continues => {
                last.push(' ');
                last.push_str(part);
            }
            _ => lines.push(part.to_owned()),
        }
        continues = goes_on;
    }
    lines
}

fn expand(line: &str, file: &Path) -> String {
    let directory = file.parent().unwrap_or(Path::new("."));
    let name: String = file.to_string_lossy().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    line.replace("%s", &file.to_string_lossy())
        .replace("%S", &directory.to_string_lossy())
        .replace("%t", &crate::scratch("lit").join(name).to_string_lossy())
}

/// Splits a line into commands and those into words.
fn parse_pipeline(line: &str) -> Result<Vec<Stage>, String> {
    let mut stages = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let quoted = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some(end) if end == c => break,
                        Some('\\') if c == '"' => quoted.extend(chars.next()),
                        Some(inner) => quoted.push(inner),
                        None => return Err("a quote is not closed".to_owned()),
                    }
                }
            }
            '|' | ' ' | '\t' => {
                let last = stages.len() - 1;
                stages[last].extend(word.take());
                if c == '|' {
                    stages.push(Vec::new());
                }
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    let last = stages.len() - 1;
    stages[last].extend(word);
    stages.into_iter().map(parse_stage).collect()
}

fn parse_stage(mut words: Vec<String>) -> Result<Stage, String> {
    let before = words.len();
    words.retain(|word| word != "2>&1");
    let joins_stderr = words.len() < before;
    let must_fail = words.first().is_some_and(|word| word == "not");
    if must_fail {
        words.remove(0);
    }
    if words.is_empty() {
        return Err("a command is missing".to_owned());
    }
    Ok(Stage { words, must_fail, joins_stderr })
}

fn run_pipeline(tools: &Tools, stages: &[Stage]) -> Result<(), String> {
    let mut input = Vec::new();
    for stage in stages {
        let program = tools.resolve(&stage.words[0]);
        let shown = format!("{} {}", program.display(), stage.words[1..].join(" "));
        let (status, output, errors) =
            run_stage(stage, &program, input).map_err(|e| format!("cannot run `{shown}`: {e}"))?;
        // No exit code means that a signal ended it: a crash is not the failure that `not` asks for.
        let as_expected = if stage.must_fail { status.code().is_some_and(|c| c != 0) } else { status.success() };
        if !as_expected {
            let wanted = if stage.must_fail { "should have failed" } else { "failed" };
            return Err(format!("`{shown}` {wanted} ({status})\n{}{}", shorten(&errors), shorten(&output)));
        }
        input = output;
    }
    Ok(())
}

/// Runs one command to its end. With joined streams, errors come in the output, in the order they were written.
fn run_stage(stage: &Stage, program: &Path, input: Vec<u8>) -> std::io::Result<(ExitStatus, Vec<u8>, Vec<u8>)> {
    let (mut output_end, writer) = std::io::pipe()?;
    let (mut error_end, error_writer) = std::io::pipe()?;
    let mut command = Command::new(program);
    command.args(&stage.words[1..]).stdin(Stdio::piped());
    // An end that nobody else holds has to be closed, or its reader waits for ever.
    let error_target = if stage.joins_stderr {
        drop(error_writer);
        writer.try_clone()?
    } else {
        error_writer
    };
    command.stderr(error_target).stdout(writer);
    let mut child = command.spawn()?;
    // The command holds our ends of the pipes; without it they close when the child ends.
    drop(command);
    let mut stdin = child.stdin.take();
    let (output, errors) = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A command need not read its input; FileCheck's verdict is its status.
            let _ = stdin.as_mut().map(|pipe| pipe.write_all(&input));
        });
        let errors = scope.spawn(move || {
            let mut bytes = Vec::new();
            error_end.read_to_end(&mut bytes).map(|_| bytes)
        });
        let mut bytes = Vec::new();
        let output = output_end.read_to_end(&mut bytes).map(|_| bytes);
        (output, errors.join().unwrap_or_else(|_| Ok(Vec::new())))
    });
    Ok((child.wait()?, output?, errors?))
}

fn shorten(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if text.len() <= SHOWN_BYTES {
        return text.into_owned();
    }
    let end = (0..=SHOWN_BYTES).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    format!("{}\n… {} more bytes\n", &text[..end], text.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_lines_are_found_and_joined() {
        let text = "// RUN: a %s | \\\n// RUN:   b\nfunc // RUN: not a comment line\n# RUN: c\n";
        assert_eq!(run_lines(text), ["a %s | b", "c"]);
    }

    #[test]
    fn pipelines_have_words_quotes_and_not() {
        let stages = parse_pipeline(r#"not opt 'a | b' --x="c \"d\"" 2>&1|FileCheck f"#).expect("well formed");
        let words = |stage: &Stage| stage.words.join("·");
        assert_eq!(words(&stages[0]), r#"opt·a | b·--x=c "d""#);
        assert!(stages[0].must_fail && stages[0].joins_stderr);
        assert_eq!(words(&stages[1]), "FileCheck·f");
        assert!(!stages[1].must_fail && !stages[1].joins_stderr);
    }

    #[test]
    fn missing_commands_and_quotes_are_errors() {
        assert!(parse_pipeline("a | | b").is_err());
        assert!(parse_pipeline("a 'b").is_err());
        assert!(parse_pipeline("not").is_err());
    }

    fn run(line: &str) -> Result<(), String> {
        let tools = Tools { opt: "opt".into(), mochi: "mochi".into(), file_check: "FileCheck".into() };
        run_pipeline(&tools, &parse_pipeline(line).expect("well formed"))
    }

    #[test]
    fn statuses_decide() {
        assert_eq!(run("printf 'a\\nb' | grep b"), Ok(()));
        assert!(run("printf a | grep b").is_err());
        assert_eq!(run("printf a | not grep b"), Ok(()));
        assert!(run("not true").is_err());
        assert!(run("false | true").is_err());
        assert!(run("no-such-program-here").is_err());
        assert!(run("not sh -c 'kill -SEGV $$'").is_err());
    }

    #[test]
    fn errors_join_the_output_on_request() {
        assert_eq!(run("sh -c 'echo oops >&2' 2>&1 | grep oops"), Ok(()));
        assert!(run("sh -c 'echo oops >&2' | grep oops").is_err());
    }
}
