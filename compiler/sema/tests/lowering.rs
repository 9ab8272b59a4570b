//! Small programs with the typed program (`tests/hir`) or the reports (`tests/errors`) they lead to, side by side.
//! `MOCHI_UPDATE=1` rewrites the expectations.

use mochi_diagnostics::SourceFile;
use mochi_sema::{LowerOptions, lower, print_program, verify_program};
use mochi_syntax::{ParseOptions, parse};
use std::fs;
use std::path::{Path, PathBuf};

fn programs(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "mochi"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

fn compare(path: &Path, extension: &str, found: &str) -> Option<String> {
    let golden = path.with_extension(extension);
    if std::env::var_os("MOCHI_UPDATE").is_some() {
        fs::write(&golden, found).expect("writable");
        return None;
    }
    let wanted = fs::read_to_string(&golden).unwrap_or_default();
    (wanted != found).then(|| format!("{} differs; found:\n{found}", golden.display()))
}

fn load(path: &Path) -> (SourceFile, mochi_syntax::Parsed) {
    let name = path.file_name().expect("a file").to_string_lossy().into_owned();
    let source = SourceFile::new(name, fs::read_to_string(path).expect("readable"));
    let parsed = parse(&source, &ParseOptions::PERMISSIVE);
    assert!(!parsed.has_errors(), "{}: {:?}", path.display(), parsed.diagnostics);
    (source, parsed)
}

#[test]
fn typed_programs() {
    let mut differences = Vec::new();
    for path in programs("hir") {
        let (source, parsed) = load(&path);
        let lowered = match lower(&parsed.program, &source, &LowerOptions::default()) {
            Ok(lowered) => lowered,
            Err(reports) => panic!("{}: {reports:#?}", path.display()),
        };
        let violations = verify_program(&lowered.program);
        assert!(violations.is_empty(), "{}: {violations:#?}", path.display());
        differences.extend(compare(&path, "hir", &print_program(&lowered.program)));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn reports() {
    let mut differences = Vec::new();
    for path in programs("errors") {
        let (source, parsed) = load(&path);
        let reports = match lower(&parsed.program, &source, &LowerOptions::default()) {
            Ok(_) => panic!("{} is accepted", path.display()),
            Err(reports) => reports,
        };
        let text: String = reports
            .iter()
            .map(|report| {
                let place = source.line_column(report.span.start);
                format!(
                    "{}:{}: {}[{}]: {}\n",
                    place.line,
                    place.column,
                    report.severity.name(),
                    report.code,
                    report.message
                )
            })
            .collect();
        differences.extend(compare(&path, "err", &text));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The verifier must notice what a wrong lowering would produce.
#[test]
fn verifier_sees_broken_programs() {
    let source = SourceFile::new("a.mochi", "fun f(n: int): int { return n }\nlet x = f(1)\nprint(x)\n");
    let parsed = parse(&source, &ParseOptions::PERMISSIVE);
    let lowered = lower(&parsed.program, &source, &LowerOptions::default()).expect("lowers");
    assert!(verify_program(&lowered.program).is_empty());
    let mut wrong = lowered.program.clone();
    wrong.functions[1].result = mochi_sema::ty::Ty::STR;
    assert!(verify_program(&wrong).len() >= 2);
    let mut wrong = lowered.program;
    wrong.functions[0].locals[0].ty = mochi_sema::ty::Ty::FLOAT;
    assert!(!verify_program(&wrong).is_empty());
}

#[test]
fn test_blocks_are_listed_and_chosen() {
    let text = "test \"a\" { expect 1 == 1 }\ntest \"b\" { expect 2 == 2 }\n";
    let source = SourceFile::new("a.mochi", text);
    let parsed = parse(&source, &ParseOptions::PERMISSIVE);
    let names: Vec<String> = mochi_sema::tests(&parsed.program).into_iter().map(|test| test.name).collect();
    assert_eq!(names, ["a", "b"]);
    let options = LowerOptions { test: Some(1), ..LowerOptions::default() };
    let lowered = lower(&parsed.program, &source, &options).expect("lowers");
    assert_eq!(lowered.program.functions[0].body.stmts.len(), 1);
}
