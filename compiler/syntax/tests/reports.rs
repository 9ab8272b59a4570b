//! Each program in `tests/diagnostics/parse` with the reports beside it. `UPDATE_GOLDEN=1` rewrites the expected files.
//! A program whose first line is `// mode: strict` is read strictly; one whose name ends in `_accepted` must be clean.

use std::fs;
use std::path::{Path, PathBuf};

use mochi_diagnostics::{RenderOptions, Report, render_all};
use mochi_syntax::{ParseOptions, SourceFile, parse};

fn programs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/diagnostics/parse");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the fixtures are in the repository")
        .map(|entry| entry.expect("readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "mochi"))
        .collect();
    paths.sort();
    paths
}

fn reports(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("fixtures are UTF-8");
    let strict = text.starts_with("// mode: strict\n");
    let file = SourceFile::new(path.file_name().expect("a file"), text);
    let parsed = parse(&file, &ParseOptions { strict });
    let reports: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| Report { file: &file, diagnostic }).collect();
    render_all(&reports, &RenderOptions::default())
}

#[test]
fn reports_are_as_recorded() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let programs = programs();
    assert!(programs.len() > 30);
    let mut failures = String::new();
    for path in programs {
        let expected_path = path.with_extension("err");
        let actual = reports(&path);
        if path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("_accepted")) {
            if !actual.is_empty() {
                failures.push_str(&format!("{} must be accepted:\n{actual}\n", path.display()));
            }
            continue;
        }
        if update {
            fs::write(&expected_path, &actual).expect("writable fixture");
            continue;
        }
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        if actual != expected {
            failures.push_str(&format!("{}:\n--- expected\n{expected}--- actual\n{actual}\n", path.display()));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn dump_is_as_recorded() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/every_construct.sexpr");
    let file = SourceFile::new("every_construct.mochi", include_str!("every_construct.mochi"));
    let actual = mochi_syntax::dump(&parse(&file, &ParseOptions::STRICT).program);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &actual).expect("writable golden file");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(actual == expected, "the dump changed; UPDATE_GOLDEN=1 records it:\n{actual}");
}

/// A checkout of published programs, when there is one: programs below `valid` parse, programs below `errors` get the code,
/// line and column of the report beside them.
#[test]
fn corpus_positions() {
    let Some(corpus) = std::env::var_os("MOCHI_CORPUS") else { return };
    let folder = Path::new(&corpus).join("tests/parser");
    for entry in fs::read_dir(folder.join("valid")).expect("corpus").flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "mochi") {
            let file = SourceFile::new(entry.path(), fs::read_to_string(entry.path()).expect("text"));
            let parsed = parse(&file, &ParseOptions::STRICT);
            assert!(!parsed.has_errors(), "{:?}: {:?}", entry.path(), parsed.diagnostics);
        }
    }
    for entry in fs::read_dir(folder.join("errors")).expect("corpus").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "mochi") {
            continue;
        }
        let expected = fs::read_to_string(path.with_extension("err")).expect("a report");
        let name = format!("tests/parser/errors/{}", entry.file_name().to_string_lossy());
        let file = SourceFile::new(name, fs::read_to_string(&path).expect("text"));
        let parsed = parse(&file, &ParseOptions::STRICT);
        let first = parsed.diagnostics.first().expect("a report");
        assert_eq!(mochi_diagnostics::render(&file, first, false).trim(), expected.trim(), "{path:?}");
    }
}
