//! Every example of the language guide compiles, runs and prints what the page says.
//!
//! A fence of `mochi` is a program; a fence of `output` behind it is what it prints. `mochi,fails` programs end with
//! exit status 1; a fence of `report` behind one is what it writes to standard error, as a file named `demo.mochi`.

use libtest_mimic::{Arguments, Failed, Trial};
use mochi_tests::{difference, executable, files, process, root, scratch};
use std::process::Command;

struct Example {
    name: String,
    program: String,
    output: Option<String>,
    report: Option<String>,
    fails: bool,
}

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for page in files(&root().join("docs/guide/src"), "md") {
        let name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&page).unwrap_or_default();
        for example in examples(&name, &text) {
            trials.push(Trial::test(example.name.clone(), move || run(&example).map_err(Failed::from)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit()
}

fn examples(page: &str, text: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let mut body = String::new();
        for (_, line) in lines.by_ref().take_while(|(_, line)| *line != "```") {
            body.push_str(line);
            body.push('\n');
        }
        let mut words = info.split(',');
        match words.next() {
            Some("mochi") => found.push(Example {
                name: format!("{page}:{}", number + 1),
                program: body,
                output: None,
                report: None,
                fails: words.any(|word| word == "fails"),
            }),
            Some("output") => {
                if let Some(example) = found.last_mut() {
                    example.output = Some(body);
                }
            }
            Some("report") => {
                if let Some(example) = found.last_mut() {
                    example.report = Some(body);
                }
            }
            _ => {}
        }
    }
    found
}

fn run(example: &Example) -> Result<(), String> {
    let expected = example.output.as_ref().ok_or("the example has no output fence")?;
    let directory = scratch("guide").join(example.name.replace(':', "-"));
    std::fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
    std::fs::write(directory.join("demo.mochi"), &example.program).map_err(|error| error.to_string())?;
    // Files that examples write stay beside them.
    let mut command = Command::new(executable("mochi"));
    command.args(["run", "-W", "none", "demo.mochi"]).current_dir(&directory).env_remove("LLM_PROVIDER");
    let outcome = process::run(&mut command, "")?;
    let context = |message: String| format!("{message}\nstandard error:\n{}", outcome.stderr);
    difference("output", expected, &outcome.stdout).map_err(context)?;
    if let Some(report) = &example.report {
        difference("standard error", report, &outcome.stderr).map_err(context)?;
    }
    let status = i32::from(example.fails);
    if outcome.code() != status {
        return Err(context(format!("exit status {}, expected {status}", outcome.code())));
    }
    Ok(())
}
