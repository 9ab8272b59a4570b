//! Compile time grows with the program, not with its square: for each stage and several shapes of programs, eight times the
//! program takes at most three times eight times as long.
//!
//! Processor time counts, of whole runs of the compiler that stop at a stage. Other work on the machine changes it little,
//! and the bound leaves room for that; a stage that is quadratic takes sixty-four times as long.

use mochi_tests::{executable, process, scratch};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// How many times larger the larger program is.
const FACTOR: f64 = 8.0;
/// What the growth may exceed the factor by.
const SLACK: f64 = 3.0;
/// Seconds that do not count: below, growth cannot be told from chance.
const NOISE: f64 = 0.2;

/// Stops of the compiler in order, each with its options. The last is built without optimisation: how LLVM's passes grow is
/// not ours to say.
const STAGES: [&[&str]; 5] = [
    &["-O3", "--emit=ast"],
    &["-O3", "--emit=types"],
    &["-O3", "--emit=mochi-opt"],
    &["-O3", "--emit=llvm"],
    &["-O0", "--emit=obj"],
];

/// A shape: its name, its smaller size, and the program of a size.
type Shape = (&'static str, usize, fn(usize) -> String);

const SHAPES: [Shape; 8] = [
    ("functions", 25, functions),
    ("statements in one function", 50, statements),
    ("checks at the top level", 250, checks),
    ("closures in one function", 40, closures),
    ("variants of one union", 50, variants),
    ("arms of one match", 100, arms),
    ("constants joined by &&", 8, constants),
    ("variables and a long list", 100, variables),
];

#[test]
fn stages_take_time_in_proportion() {
    let mut problems = String::new();
    for (shape, size, program) in SHAPES {
        let small = times(shape, &program(size));
        let large = times(shape, &program(size * FACTOR as usize));
        for ((stage, small), large) in STAGES.iter().zip(small).zip(large) {
            if large > small * FACTOR * SLACK + NOISE {
                let _ = writeln!(problems, "{shape}, {}: {small:.2} s became {large:.2} s", stage.join(" "));
            }
        }
    }
    assert!(problems.is_empty(), "{FACTOR} times the program took much longer than {FACTOR} times:\n{problems}");
}

/// CPU seconds up to each stage.
fn times(shape: &str, program: &str) -> Vec<f64> {
    let source = scratch("scaling").join("program.mochi");
    std::fs::write(&source, program).expect("writable");
    STAGES.iter().map(|stage| time(shape, &source, stage)).collect()
}

fn time(shape: &str, source: &Path, stage: &[&str]) -> f64 {
    let before = children_seconds();
    let mut command = Command::new(executable("mochi"));
    command.args(["build", "-W", "none"]).args(stage).args(["-o", "/dev/null"]).arg(source);
    let outcome = process::run_within(&mut command, "", process::PATIENT).expect("ends in time");
    assert!(outcome.status.success(), "{shape}, {}:\n{}", stage.join(" "), outcome.stderr);
    children_seconds() - before
}

/// Processor time of all processes that this one has waited for.
fn children_seconds() -> f64 {
    // SAFETY: all-zero is a value of the type, and the pointer is to a live one.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &mut usage);
        usage
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 * 1e-6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

fn functions(count: usize) -> String {
    let mut text = String::new();
    for n in 0..count {
        let _ = write!(
            text,
            r#"type Item{n} {{ name: string  weight: int }}
fun total{n}(items: list<Item{n}>, limit: int): int {{
  var sum = 0
  for item in items {{
    if item.weight > limit && len(item.name) > 0 {{ continue }}
    sum = sum + item.weight * 2
  }}
  return sum
}}
fun table{n}(size: int): map<string, int> {{
  var counts: map<string, int> = {{}}
  for i in 0..size {{ counts["key " + str(i)] = i * {n} % 97 }}
  return counts
}}
print(total{n}([Item{n} {{ name: "a", weight: {n} }}], 3), len(table{n}(4)))
"#
        );
    }
    text
}

fn statements(count: usize) -> String {
    let mut text = "fun main() {\n  var xs = [1, 2, 3]\n  var s = \"\"\n  var t = 0\n".to_owned();
    for n in 0..count {
        let _ = write!(
            text,
            "  let a{n} = xs[{n} % 3] + t\n  if a{n} > {n} {{ t = t + a{n} }} else {{ s = s + \"x\" }}\n  \
             for i in 0..3 {{ xs[i] = (xs[i] + a{n}) % 1000 }}\n"
        );
    }
    text + "  print(t, s, xs)\n}\nmain()\n"
}

fn checks(count: usize) -> String {
    let mut text = "var t = 1\n".to_owned();
    for n in 0..count {
        let _ = writeln!(text, "t = (t * 7 + {n}) % 1009\nexpect t >= 0");
    }
    text
}

fn closures(count: usize) -> String {
    let mut text = "fun f(): int {\n  var t = 0\n".to_owned();
    for n in 0..count {
        let _ = writeln!(text, "  let c{n} = fun(x: int): int {{ t = t + x return t + {n} }}\n  t = c{n}(t % 10)");
    }
    text + "  return t\n}\nprint(f())\n"
}

fn variants(count: usize) -> String {
    let names: Vec<String> = (0..count).map(|n| format!("V{n}(a: int)")).collect();
    let arms: Vec<String> = (0..count).map(|n| format!("    V{n}(a) => a + {n}\n")).collect();
    format!(
        "type U = {}\nfun f(u: U): int {{\n  return match u {{\n{}  }}\n}}\nprint(f(V3 {{ a: 2 }}))\n",
        names.join(" | "),
        arms.concat()
    )
}

fn constants(count: usize) -> String {
    format!("print({}false)\nprint({}true)\n", "true && ".repeat(count), "false || ".repeat(count))
}

fn arms(count: usize) -> String {
    let numbers: String = (0..count).map(|n| format!("    {} => {}\n", n * 7, n % 101)).collect();
    let words: String = (0..count).map(|n| format!("    \"word{n}\" => {}\n", n % 103)).collect();
    format!(
        "fun f(n: int): int {{\n  return match n {{\n{numbers}    _ => 0\n  }}\n}}\n\
         fun g(s: string): int {{\n  return match s {{\n{words}    _ => 0\n  }}\n}}\nprint(f(7) + g(\"word1\"))\n"
    )
}

fn variables(count: usize) -> String {
    let mut text = "var g0 = 1\n".to_owned();
    for n in 1..count {
        let _ = writeln!(text, "var g{n} = g{} % 1000 + {n}", n - 1);
    }
    let items: Vec<String> = (0..count).map(|n| format!("g{n}")).collect();
    let _ =
        writeln!(text, "fun f(): int {{ g0 = g0 + 1 return g{} }}\nprint(f(), len([{}]))", count - 1, items.join(", "));
    text
}
