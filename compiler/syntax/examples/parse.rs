//! Parses files and prints their reports: `parse [--strict] [--short] [--first] [--ast] [--tree] [--lines-per-second] FILE…`.

use std::time::Instant;

use mochi_diagnostics::{ErrorFormat, RenderOptions, Report, render, render_all};
use mochi_syntax::{ParseOptions, SourceFile, parse};

fn main() {
    let (flags, paths): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let flag = |name: &str| flags.iter().any(|flag| flag == name);
    let options = ParseOptions { strict: flag("--strict") };
    let mut failed = false;
    for path in &paths {
        let text = match std::fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                eprintln!("{path}: {error}");
                failed = true;
                continue;
            }
        };
        let file = SourceFile::new(path, text);
        if flag("--lines-per-second") {
            measure(&file, &options);
            continue;
        }
        let parsed = parse(&file, &options);
        failed |= parsed.has_errors();
        if flag("--first") {
            if let Some(report) = parsed.diagnostics.first() {
                println!("{}", render(&file, report, false));
            }
            continue;
        }
        let reports: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| Report { file: &file, diagnostic }).collect();
        let format = if flag("--short") { ErrorFormat::Short } else { ErrorFormat::Text };
        eprint!("{}", render_all(&reports, &RenderOptions { format, ..RenderOptions::default() }));
        if flag("--ast") {
            print!("{}", mochi_syntax::dump(&parsed.program));
        }
        if flag("--tree") {
            println!("{:#?}", parsed.program);
        }
    }
    std::process::exit(i32::from(failed));
}

fn measure(file: &SourceFile, options: &ParseOptions) {
    let rounds = 20;
    let start = Instant::now();
    for _ in 0..rounds {
        std::hint::black_box(parse(file, options));
    }
    let seconds = start.elapsed().as_secs_f64() / f64::from(rounds);
    println!(
        "{} lines, {} bytes: {:.2} ms, {:.2} million lines/s",
        file.line_count(),
        file.text().len(),
        seconds * 1e3,
        file.line_count() as f64 / seconds / 1e6
    );
}
