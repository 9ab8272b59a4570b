//! What the test executables share: where things are, and how to run a compiled program.

pub mod generate;
pub mod invariants;
pub mod lit;
pub mod process;

use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// Where the executables lie that were built together with this test; `MOCHI_BIN_DIR` names another build.
pub fn build_directory() -> PathBuf {
    if let Some(directory) = std::env::var_os("MOCHI_BIN_DIR") {
        return PathBuf::from(directory);
    }
    let own = std::env::current_exe().expect("tests know where they are");
    // …/debug/deps/test-0123 → …/debug
    own.ancestors().nth(2).expect("tests lie in deps/").to_owned()
}

/// An executable of ours, from the build directory that this test was built in: `cargo xtask test` builds it first.
pub fn executable(name: &str) -> PathBuf {
    let path = build_directory().join(name);
    assert!(path.exists(), "{} is not built; run `cargo build -p {name}` or `cargo xtask test`", path.display());
    path
}

/// The files below a directory with this extension, sorted.
pub fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(current) = pending.pop() {
        for entry in std::fs::read_dir(&current).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The content of a file beside a test, if there is one.
pub fn beside(path: &Path, extension: &str) -> Option<String> {
    std::fs::read_to_string(path.with_extension(extension)).ok()
}

/// A directory of one's own for files that a test writes; kept until the next run of the same process id.
pub fn scratch(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("mochi-tests-{}", std::process::id())).join(name);
    std::fs::create_dir_all(&directory).expect("the temporary directory is writable");
    directory
}

/// Whether golden files are rewritten instead of compared. Never in CI.
pub fn bless() -> bool {
    std::env::var_os("BLESS").is_some() && std::env::var_os("CI").is_none()
}

/// The first line that differs, for a failure that can be read.
pub fn difference(what: &str, expected: &str, actual: &str) -> Result<(), String> {
    if expected == actual {
        return Ok(());
    }
    let mut expected_lines = expected.lines();
    let mut actual_lines = actual.lines();
    let mut number = 0;
    loop {
        number += 1;
        let (wanted, got) = (expected_lines.next(), actual_lines.next());
        if wanted.is_none() && got.is_none() {
            return Err(format!("{what}: they differ in line ends only"));
        }
        if wanted != got {
            return Err(format!(
                "{what}, line {number}:\n  expected: {}\n  actual:   {}",
                wanted.unwrap_or("(end)"),
                got.unwrap_or("(end)")
            ));
        }
    }
}
