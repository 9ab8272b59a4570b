//! Random programs: no text may make the parser panic, loop, or produce spans outside of the text or of their parent.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use mochi_syntax::{ParseOptions, Parsed, SourceFile, parse, verify_tree};

/// A small generator with a fixed seed; failures name the round.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "let",
    "var",
    "fun",
    "if",
    "else",
    "then",
    "while",
    "for",
    "in",
    "return",
    "match",
    "=>",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "=",
    "==",
    "!=",
    ">=",
    "<=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "!",
    "?",
    "??",
    ".",
    "..",
    ",",
    ":",
    ":-",
    "|",
    "||",
    "&&",
    "&",
    "@",
    "x",
    "y",
    "from",
    "select",
    "where",
    "group",
    "by",
    "into",
    "join",
    "left",
    "on",
    "as",
    "with",
    "to",
    "union",
    "all",
    "except",
    "skip",
    "take",
    "sort",
    "distinct",
    "having",
    "test",
    "bench",
    "expect",
    "agent",
    "intent",
    "stream",
    "emit",
    "type",
    "extern",
    "import",
    "break",
    "continue",
    "generate",
    "fetch",
    "load",
    "save",
    "package",
    "export",
    "fact",
    "rule",
    "none",
    "null",
    "true",
    "query",
    "model",
    "update",
    "set",
    "object",
    "1",
    "2.5",
    "0x",
    "0xff",
    "1e",
    "99999999999999999999",
    "\"s\"",
    "\"",
    "\"\\q\"",
    "\"\\",
    "// c\n",
    "/// d\n",
    "/*",
    "*/",
    "# h\n",
    "\n",
    ";",
    "é",
    "🎯",
    "\u{0}",
    "\u{feff}",
    "\r\n",
    "\t",
];

fn soup(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(120) {
        text.push_str(WORDS[random.below(WORDS.len())]);
        if random.below(4) > 0 {
            text.push(' ');
        }
    }
    text
}

fn mutate(random: &mut Random, seed: &str) -> String {
    let mut chars: Vec<char> = seed.chars().collect();
    for _ in 0..1 + random.below(6) {
        let at = random.below(chars.len());
        match random.below(5) {
            0 if !chars.is_empty() => {
                chars.remove(at);
            }
            1 => {
                let end = (at + random.below(30)).min(chars.len());
                chars.drain(at..end);
            }
            2 => {
                let end = (at + random.below(40)).min(chars.len());
                let copy: Vec<char> = chars[at..end].to_vec();
                let to = random.below(chars.len() + 1);
                chars.splice(to..to, copy);
            }
            3 => chars.truncate(at),
            _ => {
                let word = WORDS[random.below(WORDS.len())];
                chars.splice(at..at, word.chars());
            }
        }
    }
    chars.into_iter().collect()
}

/// The start of a text, for messages.
fn excerpt(text: &str) -> String {
    text.chars().take(1000).collect()
}

fn check(text: &str, context: &str) {
    for options in [ParseOptions::STRICT, ParseOptions::PERMISSIVE] {
        let file = SourceFile::new("stress.mochi", text);
        let parsed = parse(&file, &options);
        let violations = verify_tree(&file, &parsed);
        assert!(violations.is_empty(), "{context}: {violations:#?} in\n{}", excerpt(text));
        render_reports(&file, &parsed);
    }
}

fn render_reports(file: &SourceFile, parsed: &Parsed) {
    for report in &parsed.diagnostics {
        mochi_diagnostics::render(file, report, true);
    }
}

fn seeds() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/diagnostics/parse");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("fixtures")
        .map(|entry| entry.expect("readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "mochi"))
        .collect();
    paths.sort();
    let mut seeds: Vec<_> = paths.iter().map(|path| fs::read_to_string(path).expect("text")).collect();
    seeds.push(include_str!("every_construct.mochi").to_owned());
    seeds
}

/// Enough rounds to meet every rule many times, within a few seconds of a debug build on a slow machine.
const ROUNDS: u64 = 20_000;
const TIME: Duration = Duration::from_secs(4);

#[test]
fn token_soup() {
    let start = Instant::now();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..ROUNDS {
        check(&soup(&mut random), &format!("soup {round}"));
        if start.elapsed() > TIME {
            break;
        }
    }
}

#[test]
fn mutated_programs() {
    let start = Instant::now();
    let seeds = seeds();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for round in 0..ROUNDS {
        let seed = &seeds[random.below(seeds.len())];
        check(&mutate(&mut random, seed), &format!("mutation {round}"));
        if start.elapsed() > TIME {
            break;
        }
    }
}

#[test]
fn every_construct_is_accepted() {
    let file = SourceFile::new("every_construct.mochi", include_str!("every_construct.mochi"));
    for options in [ParseOptions::STRICT, ParseOptions::PERMISSIVE] {
        let parsed = parse(&file, &options);
        assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    }
    check(file.text(), "every construct");
}

#[test]
fn deep_nesting_is_reported() {
    let deep = 100_000;
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{1:", "}"),
        ("f(", ")"),
        ("if a { ", " }"),
        ("if a then ", ""),
        ("fun(): int => ", ""),
        ("fun() { ", " }"),
        ("match a { _ => ", " }"),
        ("match a { _ => { let b = ", " } }"),
        ("- ", ""),
        ("1 + ", ""),
        ("1 ?? (", ")"),
        ("from x in ", " select x"),
        ("P { a: ", " }"),
        ("fetch ", ""),
        ("save ", ""),
        ("a[", "]"),
        ("a?[", "]"),
    ] {
        let text = format!("let x = {}1{}", open.repeat(deep), close.repeat(deep));
        check(&text, open);
        let file = SourceFile::new("deep.mochi", text);
        let codes: Vec<_> = parse(&file, &ParseOptions::PERMISSIVE).diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(codes, ["P071"], "{open}");
    }
    for (head, part) in [
        ("let x = a", "(1)"),
        ("let x = a", "[1]"),
        ("let x = a", ".b"),
        ("let x = a", " as int"),
        ("let x = a", " + 1"),
        ("if a { } ", "else if a { } "),
        ("let x: ", "list<"),
        ("let x: ", "fun(): "),
        ("let x: ", "{a: "),
        ("", "if true { "),
        ("", "for i in 0..1 { "),
        ("", "fun f() { "),
        ("", "type A { fun f() { "),
        ("", "agent A { intent f() { "),
        ("", "on A as b { "),
    ] {
        check(&format!("{head}{}", part.repeat(deep)), part);
    }
}

#[test]
fn time_grows_linearly() {
    let program = include_str!("every_construct.mochi").replace("package demo", "");
    let broken = "let x = = 1\nfun f( {\nif a { print(1 2) }\n";
    for unit in [program.as_str(), broken] {
        let time = |count: usize| {
            let file = SourceFile::new("big.mochi", unit.repeat(count));
            (0..3)
                .map(|_| {
                    let start = Instant::now();
                    std::hint::black_box(parse(&file, &ParseOptions::PERMISSIVE));
                    start.elapsed()
                })
                .min()
                .unwrap_or_default()
        };
        let size = 60_000 / unit.len() + 1;
        let (small, large) = (time(size), time(size * 8));
        assert!(large < small * 40 + Duration::from_millis(50), "{small:?} became {large:?}");
    }
}
