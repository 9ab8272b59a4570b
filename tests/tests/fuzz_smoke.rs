//! A short, repeatable fuzzing run: mutants of every program and module in this repository, and all that fuzzing once found.
//!
//! Mutates with a small generator of its own, so that a failure comes back at the same place; `cargo xtask fuzz` does the
//! long runs, with the same rules (`mochi_tests::invariants`).

use mochi_tests::{executable, files, invariants, process, root, scratch};
use std::path::PathBuf;
use std::process::Command;

/// Mutants of each program.
const MUTANTS: u64 = 16;
/// As the command line gives its stages.
const STACK_BYTES: usize = 256 << 20;

/// xorshift64*: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below.max(1)
    }
}

/// Pieces that parsers like to stumble over.
const PIECES: [&str; 26] = [
    "{", "}", "(", ")", "[", "]", "\"", "\\", "/*", "=>", "..", "?.", "0x", "1e", "fun ", "match ", "from ", "é", "\0",
    "\n", "print", "len", "if ", "none", "%0", "i64",
];

fn mutate(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.next(4) {
        let at = random.next(chars.len());
        match random.next(5) {
            0 => {
                let end = (at + random.next(20)).min(chars.len());
                chars.drain(at..end);
            }
            1 => {
                let piece = PIECES[random.next(PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
            2 => {
                let end = (at + random.next(30)).min(chars.len());
                let copy: Vec<char> = chars[at..end].to_vec();
                let to = random.next(chars.len());
                chars.splice(to..to, copy);
            }
            3 => {
                // A word in the place of another: mostly still a program, and rarely a sensible one.
                let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
                if let (Some(old), Some(new)) =
                    (words.get(random.next(words.len())), words.get(random.next(words.len())))
                {
                    chars = chars.into_iter().collect::<String>().replacen(old, new, 1).chars().collect();
                }
            }
            _ => chars.truncate(at),
        }
    }
    chars.into_iter().collect()
}

fn sources(places: &[&str], extension: &str) -> Vec<PathBuf> {
    let found: Vec<PathBuf> = places.iter().flat_map(|place| files(&root().join(place), extension)).collect();
    assert!(!found.is_empty());
    found
}

/// Runs the stages on a text, on a stack like the compiler's; the panic, if there is one, says which text it was.
fn try_text(text: &str, what: &str) {
    let run = || {
        invariants::lexer(text);
        invariants::parser(text);
        invariants::checker(text);
    };
    let joined = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, run)
            .expect("threads can be started")
            .join()
    });
    assert!(joined.is_ok(), "{what} breaks a rule (above); the text is\n{text}");
}

#[test]
fn mutants_of_programs_break_no_rule() {
    for (number, program) in sources(&["tests/programs", "examples", "compiler/sema/tests"], "mochi").iter().enumerate()
    {
        let text = std::fs::read_to_string(program).expect("readable");
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ number as u64);
        for mutant in 0..MUTANTS {
            try_text(&mutate(&text, &mut random), &format!("mutant {mutant} of {}", program.display()));
        }
    }
}

#[test]
fn what_fuzzing_found_stays_mended() {
    for finding in sources(&["tests/fuzz/findings"], "mochi") {
        let text = std::fs::read(&finding).expect("readable");
        try_text(&String::from_utf8_lossy(&text), &finding.display().to_string());
    }
}

#[test]
fn mutants_of_modules_crash_nothing() {
    let directory = scratch("fuzz");
    for (number, module) in sources(&["tests/lit", "tests/fuzz/findings"], "mlir").iter().enumerate() {
        let text = std::fs::read_to_string(module).expect("readable");
        let mut random = Random(0x2545_F491_4F6C_DD1D ^ number as u64);
        let finding = module.starts_with(root().join("tests/fuzz"));
        let mutant = if finding { text } else { mutate(&text, &mut random) };
        let path = directory.join("mutant.mlir");
        std::fs::write(&path, mutant).expect("writable");
        let first = opt(&path);
        assert!(matches!(first.code(), 0 | 1), "a mutant of {} ends with {first:?}", module.display());
        if first.code() == 0 {
            std::fs::write(&path, &first.stdout).expect("writable");
            let second = opt(&path);
            assert_eq!((second.code(), &second.stdout), (0, &first.stdout), "a mutant of {}", module.display());
        }
    }
}

fn opt(module: &std::path::Path) -> process::Outcome {
    process::run(Command::new(executable("mochi-opt")).arg(module), "").expect("ends in time")
}
