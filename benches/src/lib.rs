//! What the measurements share: generated programs and a stopwatch. The tests hold that each stage of the front end takes
//! time in proportion to what it reads.

use rustix::time::{ClockId, clock_gettime};
use std::fmt::Write as _;

/// Seconds of CPU time of the fastest of `rounds` rounds. Time during which other programs had the core does not count.
pub fn best(rounds: usize, mut work: impl FnMut()) -> f64 {
    (0..rounds)
        .map(|_| {
            let start = cpu_seconds();
            work();
            cpu_seconds() - start
        })
        .fold(f64::INFINITY, f64::min)
}

/// What all threads of this process have used so far.
fn cpu_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// A program of the kind that people write: records, loops, lists, maps, strings, closures. A unit has 27 lines; the main
/// program uses each.
pub fn program(units: usize) -> String {
    let mut text = String::new();
    for n in 0..units {
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
    for n in 0..units {
        let _ = writeln!(text, "print(total{n}([Item{n} {{ name: \"a\", weight: {n} }}], 10), len(table{n}(3)))");
    }
    text
}

/// A kind of program that may grow without bound, by its size.
type Family = (&'static str, fn(usize) -> String);

/// Programs that are large in one way each: the more so, the more likely a stage is to meet what it handles badly.
pub const FAMILIES: &[Family] = &[
    ("declared functions", program),
    ("functions without types, each uses the one before", |size| {
        let mut text = String::from("fun f0(x) { return x + 1 }\n");
        for n in 1..size {
            let _ = writeln!(text, "fun f{n}(x) {{\n  let y = f{}(x)\n  return y + 1\n}}", n - 1);
        }
        let _ = writeln!(text, "print(f{}(1))", size - 1);
        text
    }),
    ("functions without types, each uses the next", |size| {
        let mut text = String::new();
        for n in 0..size {
            let _ = writeln!(text, "fun f{n}(x) {{\n  let y = f{}(x)\n  return y + 1\n}}", n + 1);
        }
        text + &format!("fun f{size}(x) {{ return x + 1 }}\nprint(f0(1))\n")
    }),
    ("variables, each made of the one before", |size| {
        let mut text = String::from("var v0 = 1\n");
        for n in 1..size {
            let _ = writeln!(text, "var v{n} = v{} + 1", n - 1);
        }
        let _ = writeln!(text, "print(v{})", size - 1);
        text
    }),
    ("lists filled after they are made", |size| {
        let mut text = String::new();
        for n in 0..size {
            let _ = writeln!(text, "var l{n} = []\nl{n} = append(l{n}, {n})\nprint(l{n}[0])");
        }
        text
    }),
    ("lists that learn their elements from the last one", |size| {
        let mut text = String::from("var l0 = []\n");
        for n in 1..size {
            let _ = writeln!(text, "var l{n} = [l{}[0]]", n - 1);
        }
        text + "l0 = append(l0, 1)\nprint(len(l0))\n"
    }),
    ("one function used at two types", |size| {
        let mut text = String::from("fun same(x) { return x }\n");
        for n in 0..size {
            let _ = writeln!(text, "print(same({n}), same(\"a\"))");
        }
        text
    }),
    ("functions, each used at two types", |size| {
        let mut text = String::new();
        for n in 0..size {
            let _ = writeln!(text, "fun same{n}(x) {{ return x }}\nprint(same{n}({n}), same{n}(\"a\"))");
        }
        text
    }),
    ("records without names", |size| {
        let mut text = String::new();
        for n in 0..size {
            let _ = writeln!(text, "let r{n} = {{ name: \"a\", f{n}: {n} }}\nprint(r{n}.name, r{n}.f{n})");
        }
        text
    }),
    ("one long list", |size| {
        let items: Vec<String> = (0..size).map(|n| format!("  {{ id: {n}, name: \"n{n}\" }}")).collect();
        format!("let all = [\n{}\n]\nprint(len(all))\n", items.join(",\n"))
    }),
    ("one long function", |size| {
        let mut text = String::from("fun long(n: int): int {\n  var x = n\n");
        for n in 0..size {
            let _ = writeln!(text, "  if x > {n} {{\n    x = x - 1\n  }}");
        }
        text + "  return x\n}\nprint(long(7))\n"
    }),
    ("closures in closures' places", |size| {
        let mut text = String::from("let g0 = fun(x: int): int => x\n");
        for n in 1..size {
            let _ = writeln!(text, "let g{n} = fun(x: int): int => g{}(x) + {n}", n - 1);
        }
        text + "print(g0(1))\n"
    }),
    ("matches over unions", |size| {
        let mut text = String::new();
        for n in 0..size {
            let _ = writeln!(
                text,
                "type S{n} = A{n}(x: int) | B{n}(y: string)\nfun m{n}(s: S{n}): int {{\n  return match s {{\n    A{n}(x) => x\n    \
                 B{n}(y) => len(y)\n  }}\n}}\nprint(m{n}(A{n} {{ x: 1 }}))"
            );
        }
        text
    }),
];

#[cfg(test)]
mod tests {
    use super::{FAMILIES, best};
    use mochi_diagnostics::SourceFile;
    use mochi_sema::LowerOptions;
    use mochi_syntax::{ParseOptions, parse};
    use std::hint::black_box;

    const SMALL: usize = 200;
    const LARGE: usize = 4 * SMALL;
    /// How much more a line may cost in the larger program: what is quadratic costs four times as much, the least of
    /// several rounds on a busy machine seldom twice as much.
    const TOLERANCE: f64 = 3.0;
    const ROUNDS: usize = 5;

    /// Seconds a line for the parser, the strict checker and the typing of a program.
    fn costs(text: String) -> [f64; 3] {
        let file = SourceFile::new("generated.mochi", text);
        let parsed = parse(&file, &ParseOptions::PERMISSIVE);
        assert!(!parsed.has_errors(), "{:?}", parsed.diagnostics);
        let typed = mochi_sema::lower(&parsed.program, &file, &LowerOptions::default());
        assert!(typed.is_ok(), "{:?}", typed.err());
        let seconds = [
            best(ROUNDS, || {
                black_box(parse(&file, &ParseOptions::PERMISSIVE));
            }),
            best(ROUNDS, || {
                black_box(mochi_sema::check(&parsed.program, &file));
            }),
            best(ROUNDS, || {
                black_box(mochi_sema::lower(&parsed.program, &file, &LowerOptions::default())).ok();
            }),
        ];
        seconds.map(|seconds| seconds / file.line_count() as f64)
    }

    #[test]
    fn time_is_linear() {
        for (family, make) in FAMILIES {
            let (small, large) = (costs(make(SMALL)), costs(make(LARGE)));
            for (stage, (small, large)) in ["parser", "checker", "typing"].iter().zip(small.into_iter().zip(large)) {
                assert!(
                    large < TOLERANCE * small,
                    "{family}: a line costs the {stage} {:.2} µs in a small program, {:.2} µs in one of {} times its size",
                    small * 1e6,
                    large * 1e6,
                    LARGE / SMALL
                );
            }
        }
    }
}
