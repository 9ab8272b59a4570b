//! The repository's own rules: things that neither rustc nor clippy knows about.

use crate::process::{Failure, cargo, output};
use crate::root;
use crate::setup::{VERSION_FILE, read_version_file};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file longer than this wants to be split. The medians are a few hundred.
const MAX_LINES: usize = 800;

/// The LLVM version, from the one place that states it.
pub(crate) fn llvm_version() -> Result<String, Failure> {
    read_version_file()
}

/// Checks every rule and reports all violations together.
pub(crate) fn lint() -> Result<(), Failure> {
    let files = tracked_files()?;
    let mut problems = Vec::new();
    let version = llvm_version()?;
    for file in &files {
        let Ok(text) = fs::read_to_string(root().join(file)) else { continue };
        versions(file, &text, &version, &mut problems);
        module_header(file, &text, &mut problems);
        length(file, &text, &mut problems);
        unsafe_code(file, &text, &mut problems);
    }
    unused_dependencies(&mut problems)?;
    if problems.is_empty() {
        println!("lint: {} files follow the rules", files.len());
        return Ok(());
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    Err(Failure::new(format!("lint: {} problems", problems.len())))
}

/// Files that git knows or would add.
pub(crate) fn tracked_files() -> Result<Vec<PathBuf>, Failure> {
    let list = output(Command::new("git").current_dir(root()).args([
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut files: Vec<PathBuf> = list.lines().map(PathBuf::from).filter(|file| root().join(file).is_file()).collect();
    files.sort();
    files.dedup();
    Ok(files)
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e))
}

/// Spellings of the version; the digits that follow must be the version file's.
const MENTIONS: [&str; 6] = ["llvm-", "mlir-", "clang-", "clang++-", "LLVM ", "MLIR_SYS_"];

/// Every mention of LLVM's version agrees with the version file.
fn versions(file: &Path, text: &str, version: &str, problems: &mut Vec<String>) {
    if file == Path::new(VERSION_FILE) || file.ends_with("Cargo.lock") || !is_text(file) {
        return;
    }
    for (index, line) in text.lines().enumerate() {
        for mention in MENTIONS {
            for (at, _) in line.match_indices(mention) {
                let rest = &line[at + mention.len()..];
                let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
                // Two digits are a version; `MLIR_SYS_220` has a zero behind it.
                let stated = digits.strip_suffix('0').filter(|s| s.len() == 2).unwrap_or(&digits);
                if stated.len() == 2 && stated != version {
                    problems.push(format!(
                        "{}:{}: says `{mention}{digits}`, but {VERSION_FILE} says {version}",
                        file.display(),
                        index + 1
                    ));
                }
            }
        }
    }
}

fn is_text(file: &Path) -> bool {
    has_extension(file, &["rs", "toml", "md", "txt", "cmake", "cpp", "h", "td", "yml", "mlir"])
        || file.file_name().is_some_and(|name| name == "run")
}

/// Every Rust module says what it is for.
fn module_header(file: &Path, text: &str, problems: &mut Vec<String>) {
    if has_extension(file, &["rs"]) && !text.starts_with("//!") && !text.starts_with("#!") {
        problems.push(format!("{}:1: a module starts with a `//!` paragraph", file.display()));
    }
}

fn length(file: &Path, text: &str, problems: &mut Vec<String>) {
    let lines = text.lines().count();
    if has_extension(file, &["rs", "cpp", "h", "td"]) && lines > MAX_LINES {
        problems.push(format!("{}: {lines} lines, more than {MAX_LINES}: split it", file.display()));
    }
}

/// Where `unsafe` may stand. Everything else goes through these.
const UNSAFE_PLACES: [&str; 5] =
    ["dialects/", "runtime/", "compiler/codegen/src/ffi.rs", "compiler/opt/src/", "tests/"];

fn unsafe_code(file: &Path, text: &str, problems: &mut Vec<String>) {
    if !has_extension(file, &["rs"]) || UNSAFE_PLACES.iter().any(|place| file.starts_with(place)) {
        return;
    }
    let needles = ["unsafe {", "unsafe fn ", "unsafe impl "];
    for (index, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if !code.starts_with("//") && !code.contains('"') && needles.iter().any(|needle| code.contains(needle)) {
            problems.push(format!("{}:{}: `unsafe` may not stand here", file.display(), index + 1));
        }
    }
}

/// A dependency that no file of its crate names.
fn unused_dependencies(problems: &mut Vec<String>) -> Result<(), Failure> {
    // The lock file must fit the manifests: a stale one makes CI resolve versions nobody tested.
    if output(cargo().args(["metadata", "--locked", "--no-deps", "--format-version=1"])).is_err() {
        problems.push("Cargo.lock does not fit the manifests: run `cargo build`".to_owned());
    }
    for file in tracked_files()?.iter().filter(|file| file.ends_with("Cargo.toml")) {
        let directory = root().join(file).parent().map(Path::to_path_buf).unwrap_or_default();
        let manifest = fs::read_to_string(root().join(file))?;
        let sources = rust_sources(&directory);
        for name in dependencies_of(&manifest) {
            let ident = name.replace('-', "_");
            if !sources.iter().any(|source| source.contains(&ident)) {
                problems.push(format!("{}: dependency `{name}` is not used", file.display()));
            }
        }
    }
    Ok(())
}

/// Names in the `[dependencies]` tables of a manifest.
fn dependencies_of(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = matches!(line.trim(), "[dependencies]" | "[dev-dependencies]" | "[build-dependencies]");
        } else if inside && let Some((name, _)) = line.split_once('=') {
            let name = name.trim().trim_end_matches(".workspace");
            if !name.is_empty()
                && !name.starts_with('#')
                && name.chars().all(|c| c.is_alphanumeric() || "-_".contains(c))
            {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn rust_sources(directory: &Path) -> Vec<String> {
    let mut sources = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(current) = pending.pop() {
        for entry in fs::read_dir(&current).ok().into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") && !path.join("Cargo.toml").exists() {
                pending.push(path);
            } else if has_extension(&path, &["rs"]) {
                sources.push(fs::read_to_string(&path).unwrap_or_default());
            }
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_version_is_found() {
        let mut problems = Vec::new();
        // Another version than this file may mention: the lint reads this file too.
        let text = ["needs llvm-", "21 and MLIR_SYS_", "210_PREFIX\n", "clang-", "20 is fine"].concat();
        versions(Path::new("a.md"), &text, "20", &mut problems);
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn dependencies_are_read_from_all_tables() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\na.workspace = true\nb-c = \"1\"\n[dev-dependencies]\nd = { path = \"d\" }\n";
        assert_eq!(dependencies_of(manifest), ["a", "b-c", "d"]);
    }
}
