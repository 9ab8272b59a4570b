//! How many lines a second the front end takes in, and whether that stays so as programs grow.
//!
//! `cargo run --release -p mochi-benches --bin front-end` generates programs of doubling size and times, on one core, the
//! lexer with the parser, the strict checker, both together, and the typing of the program that a build needs besides. The
//! best of several rounds counts: other work on the machine only ever adds time. A round includes freeing what it made.
//! Memory is the greatest that the process had up to then; with sizes that double, that is the last one's.

use mimalloc::MiMalloc;
use mochi_benches::{best, program};
use mochi_diagnostics::SourceFile;
use mochi_sema::LowerOptions;
use mochi_syntax::{ParseOptions, Parsed, parse};
use std::hint::black_box;

/// The allocator of the compiler.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Rounds per size.
const ROUNDS: usize = 7;
/// Typing takes longer.
const TYPING_ROUNDS: usize = 3;
/// Units of the programs measured.
const SIZES: [usize; 6] = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000];
/// The same for typing.
const TYPED_SIZES: [usize; 4] = [1_000, 2_000, 4_000, 8_000];

fn main() {
    if cfg!(debug_assertions) {
        eprintln!("this is a debug build: its numbers mean nothing");
    }
    println!("{:>9} {:>12} {:>12} {:>12} {:>12}", "lines", "parse, Ml/s", "check, Ml/s", "both, Ml/s", "bytes/line");
    SIZES.into_iter().for_each(front_end);
    println!("\n{:>9} {:>12}", "lines", "type, Ml/s");
    TYPED_SIZES.into_iter().for_each(typing);
}

fn parsed(file: &SourceFile) -> Parsed {
    let parsed = parse(file, &ParseOptions::STRICT);
    assert!(!parsed.has_errors(), "the generated program parses");
    parsed
}

/// Million lines a second.
fn rate(file: &SourceFile, seconds: f64) -> f64 {
    file.line_count() as f64 / seconds / 1e6
}

fn front_end(units: usize) {
    let file = SourceFile::new("generated.mochi", program(units));
    let parse_seconds = best(ROUNDS, || {
        black_box(parse(&file, &ParseOptions::STRICT));
    });
    let parsed = parsed(&file);
    let findings = mochi_sema::check(&parsed.program, &file);
    assert!(findings.is_empty(), "the generated program is well typed: {findings:?}");
    let check_seconds = best(ROUNDS, || {
        black_box(mochi_sema::check(&parsed.program, &file));
    });
    println!(
        "{:>9} {:>12.2} {:>12.2} {:>12.2} {:>12}",
        file.line_count(),
        rate(&file, parse_seconds),
        rate(&file, check_seconds),
        rate(&file, parse_seconds + check_seconds),
        memory_per_line(&file)
    );
}

fn typing(units: usize) {
    let file = SourceFile::new("generated.mochi", program(units));
    let parsed = parsed(&file);
    let seconds = best(TYPING_ROUNDS, || {
        let lowered = mochi_sema::lower(&parsed.program, &file, &LowerOptions::default());
        assert!(black_box(lowered).is_ok(), "the generated program can be typed");
    });
    println!("{:>9} {:>12.2}", file.line_count(), rate(&file, seconds));
}

fn memory_per_line(file: &SourceFile) -> String {
    peak_memory().map_or_else(|| "?".to_owned(), |bytes| format!("{:.0}", bytes / file.line_count() as f64))
}

/// The most memory that this process has had, in bytes. Only Linux says it.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}
