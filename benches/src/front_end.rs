//! How many lines a second the front end takes in, and whether that stays so as programs grow.
//!
//! `cargo run --release -p mochi-benches --bin front-end` generates programs of doubling size and times the lexer with
//! the parser, the strict checker, and both together, on one core. The best of several rounds counts: other work on the
//! machine only ever adds time.

use mochi_diagnostics::SourceFile;
use mochi_syntax::{ParseOptions, parse};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds per size.
const ROUNDS: usize = 7;
/// Functions in the programs measured; each is 27 lines.
const SIZES: [usize; 4] = [1_000, 2_000, 4_000, 8_000];

fn main() {
    if cfg!(debug_assertions) {
        eprintln!("this is a debug build: its numbers mean nothing");
    }
    println!("{:>9} {:>14} {:>14} {:>14}", "lines", "parse, Ml/s", "check, Ml/s", "both, Ml/s");
    for functions in SIZES {
        let file = SourceFile::new("generated.mochi", program(functions));
        let lines = file.line_count() as f64;
        let parse_seconds = best(|| {
            black_box(parse(&file, &ParseOptions { strict: true }));
        });
        let parsed = parse(&file, &ParseOptions { strict: true });
        assert!(!parsed.has_errors(), "the generated program parses");
        let findings = mochi_sema::check(&parsed.program, &file);
        assert!(findings.is_empty(), "the generated program is well typed: {findings:?}");
        let check_seconds = best(|| {
            black_box(mochi_sema::check(&parsed.program, &file));
        });
        let rate = |seconds: f64| lines / seconds / 1e6;
        println!(
            "{:>9} {:>14.2} {:>14.2} {:>14.2}",
            lines,
            rate(parse_seconds),
            rate(check_seconds),
            rate(parse_seconds + check_seconds)
        );
    }
}

/// Seconds of the fastest round.
fn best(mut work: impl FnMut()) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

/// A program of the kind that people write: records, loops, lists, maps, strings, closures.
fn program(functions: usize) -> String {
    let mut text = String::new();
    for n in 0..functions {
        let _ = write!(
            text,
            r#"type Item{n} {{
  name: string
  weight: int
}}

fun total{n}(items: list<Item{n}>, limit: int): int {{
  var sum = 0
  for item in items {{
    if item.weight > limit && len(item.name) > 0 {{
      continue
    }}
    sum = sum + item.weight * 2
  }}
  return sum
}}

fun table{n}(size: int): map<string, int> {{
  var counts: map<string, int> = {{}}
  let scale = fun(x: int): int => x * {n} + 1
  var i = 0
  while i < size {{
    counts["key " + str(i)] = scale(i) % 97
    i = i + 1
  }}
  // Kept small on purpose.
  return counts
}}
"#
        );
    }
    text
}
