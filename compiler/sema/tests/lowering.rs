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
                format!("{}:{}: {}[{}]: {}\n", place.line, place.column, report.severity.name(), report.code, report.message)
            })
            .collect();
        differences.extend(compare(&path, "err", &text));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
