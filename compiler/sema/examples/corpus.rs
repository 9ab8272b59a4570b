//! Lowers the programs named on the command line (or listed in files given as `@list`) and counts what is accepted.
//! `--print` shows the typed program instead.

use mochi_diagnostics::SourceFile;
use mochi_sema::{LowerOptions, lower, print_program, verify_program};
use mochi_syntax::ParseOptions;
use std::collections::BTreeMap;

fn main() {
    let mut files = Vec::new();
    let mut print = false;
    let mut list = false;
    let mut options = LowerOptions::default();
    for argument in std::env::args().skip(1) {
        if argument == "--print" {
            print = true;
        } else if argument == "--exact" {
            options.int = mochi_sema::IntMode::Exact;
        } else if argument == "--list" {
            list = true;
        } else if let Some(path) = argument.strip_prefix('@') {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            files.extend(text.lines().map(|line| line.split('\t').next().unwrap_or(line).to_string()));
        } else {
            files.push(argument);
        }
    }
    let (mut accepted, mut unparsed) = (0, 0);
    let mut histogram: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut slowest = (std::time::Duration::ZERO, String::new());
    for file in &files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let source = SourceFile::new(file, text);
        let parsed = mochi_syntax::parse(&source, &ParseOptions::PERMISSIVE);
        if parsed.has_errors() {
            unparsed += 1;
            if list {
                println!("PARSE {file}: {:?}", parsed.diagnostics.first().map(|report| &report.message));
            }
            continue;
        }
        let start = std::time::Instant::now();
        let run = || lower(&parsed.program, &source, &options);
        let Ok(result) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) else {
            println!("PANIC {file}");
            continue;
        };
        slowest = slowest.max((start.elapsed(), file.clone()));
        match result {
            Ok(lowered) => {
                accepted += 1;
                for violation in verify_program(&lowered.program) {
                    let place = source.line_column(violation.span.start);
                    println!(
                        "VIOLATION {file}:{}:{}: in {}: {}",
                        place.line, place.column, violation.function, violation.message
                    );
                }
                if print {
                    println!("{}", print_program(&lowered.program));
                }
            }
            Err(reports) => {
                for report in &reports {
                    let place = source.line_column(report.span.start);
                    if list || print {
                        println!("{file}:{}:{}: {}: {}", place.line, place.column, report.code, report.message);
                    }
                }
                if let Some(report) = reports.first() {
                    let key = if report.code == mochi_sema::UNSUPPORTED {
                        report.message.clone()
                    } else {
                        report.code.to_string()
                    };
                    histogram.entry(key).or_default().push(file.clone());
                }
            }
        }
    }
    println!("{accepted} of {} accepted, {unparsed} not parsed; slowest {slowest:?}", files.len());
    let mut rows: Vec<_> = histogram.into_iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.1.len()));
    for (key, files) in rows {
        println!("{:5} {key}   e.g. {}", files.len(), files.iter().take(3).cloned().collect::<Vec<_>>().join(" "));
    }
}
