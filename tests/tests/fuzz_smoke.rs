//! A short, repeatable run of the checker on broken programs: nothing that a user types may crash the compiler.
//!
//! Mutates every test program and example with a small generator of its own, so that a failure comes back at the same
//! place; `tests/fuzz` holds the target for long runs.

use mochi_tests::{executable, files, process, root, scratch};
use std::process::Command;

/// Mutants of each program. With about forty programs this takes a few seconds.
const MUTANTS: u64 = 12;

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
const PIECES: [&str; 20] = [
    "{", "}", "(", ")", "[", "]", "\"", "\\", "/*", "=>", "..", "?.", "0x", "1e", "fun ", "match ", "from ", "é", "\0",
    "\n",
];

fn mutate(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.next(4) {
        let at = random.next(chars.len());
        match random.next(4) {
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
            _ => chars.truncate(at),
        }
    }
    chars.into_iter().collect()
}

#[test]
fn broken_programs_never_crash_the_checker() {
    let directory = scratch("fuzz");
    let mut programs = files(&root().join("tests/programs"), "mochi");
    programs.extend(files(&root().join("examples"), "mochi"));
    for (number, program) in programs.iter().enumerate() {
        let text = std::fs::read_to_string(program).expect("readable");
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ number as u64);
        // One process for all mutants of a program: starting costs more than parsing.
        let mut command = Command::new(executable("mochi"));
        command.arg("check");
        let mut paths = Vec::new();
        for mutant in 0..MUTANTS {
            let path = directory.join(format!("{number}-{mutant}.mochi"));
            std::fs::write(&path, mutate(&text, &mut random)).expect("writable");
            command.arg(&path);
            paths.push(path);
        }
        let outcome = process::run(&mut command, "").expect("ends in time");
        assert!(
            matches!(outcome.code(), 0 | 1),
            "mutants of {} ({}): status {}\n{}",
            program.display(),
            directory.display(),
            outcome.code(),
            outcome.stderr
        );
        for path in paths {
            let _ = std::fs::remove_file(path);
        }
    }
}
