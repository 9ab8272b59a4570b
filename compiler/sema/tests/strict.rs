//! The strict checker against programs with recorded reports. `UPDATE_GOLDEN=1` rewrites them. The same programs are also
//! run through `mochi check`, which ends its reports with one more line.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mochi_diagnostics::{Diagnostic, RenderOptions, Report, SourceFile, render_all};
use mochi_sema::check::check;
use mochi_syntax::{ParseOptions, parse};

fn programs(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("a folder with programs")
        .map(|entry| entry.expect("readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "mochi"))
        .collect();
    paths.sort();
    paths
}

/// What the command line adds when there were type errors.
const LAST_LINE: &str = "aborted due to type errors\n";

/// Errors of the parser, or else the findings of the checker.
fn findings(file: &SourceFile) -> Vec<Diagnostic> {
    let parsed = parse(file, &ParseOptions::STRICT);
    if parsed.has_errors() { parsed.diagnostics } else { check(&parsed.program, file) }
}

fn read(path: &Path) -> SourceFile {
    SourceFile::new(path.file_name().expect("a file"), fs::read_to_string(path).expect("text"))
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/diagnostics/types/strict")
}

#[test]
fn reports_are_as_recorded() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut failures = String::new();
    for path in programs(&fixtures()) {
        let file = read(&path);
        let found = findings(&file);
        let reports: Vec<_> = found.iter().map(|diagnostic| Report { file: &file, diagnostic }).collect();
        let mut actual = render_all(&reports, &RenderOptions::default());
        let accepted = path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("_accepted"));
        if accepted != actual.is_empty() {
            failures.push_str(&format!(
                "{} must be {}:\n{actual}\n",
                path.display(),
                if accepted { "accepted" } else { "rejected" }
            ));
            continue;
        }
        if !accepted {
            actual.push_str(LAST_LINE);
        }
        let golden = path.with_extension("err");
        if update {
            fs::write(&golden, &actual).expect("writable fixture");
        } else if fs::read_to_string(&golden).unwrap_or_default() != actual {
            failures.push_str(&format!("{}: the report differs:\n{actual}\n", path.display()));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Programs that the rules accept whether or not they can be compiled to native code yet.
#[test]
fn accepted_programs() {
    for path in programs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accepted")) {
        let found = findings(&read(&path));
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}

/// A file named `tNNN_…` is about that code, and nearly every code has such a file.
#[test]
fn each_code_has_its_program() {
    // Found by other rules first, or kept for programs of older dialects only.
    const UNREACHABLE: [&str; 7] = ["T009", "T011", "T012", "T014", "T016", "T043", "T066"];
    let mut covered = BTreeSet::new();
    for path in programs(&fixtures()) {
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let Some(code) = stem.get(..4).filter(|code| code.starts_with('t') && !stem.ends_with("_accepted")) else {
            continue;
        };
        let code = code.to_uppercase();
        if !code[1..].chars().all(|digit| digit.is_ascii_digit()) {
            continue;
        }
        let found: Vec<_> = findings(&read(&path)).into_iter().map(|finding| finding.code).collect();
        assert!(found.iter().all(|found| *found == code), "{stem} reports {found:?}");
        covered.insert(code);
    }
    for info in mochi_diagnostics::CODES.iter().filter(|info| info.code.starts_with('T')) {
        assert!(
            covered.contains(info.code) || UNREACHABLE.contains(&info.code),
            "no program is about {} ({})",
            info.code,
            info.id
        );
    }
}

/// No finding depends on another one: the first mistake of a program is reported alone when the rest is right.
#[test]
fn one_mistake_is_one_report() {
    for (text, code) in [
        ("let a = b\nlet c = a + 1\nprint(c.x, c[0], c(1))", "T002"),
        ("let p: Nope = 1\nlet q = p.x + p[0]\nfor r in q { print(r) }", "T025"),
        ("let n: int = \"s\"\nlet m = n + 1\nprint(m)", "T008"),
        ("let q = from x in nope where x.a > 1 group by x.b into g select g.key + 1\nprint(len(q))", "T002"),
        ("var f = missing\nf = 3\nprint(match f { 1 => 2 _ => 3 })", "T002"),
    ] {
        let file = SourceFile::new("one.mochi", text);
        let found: Vec<_> = findings(&file).into_iter().map(|finding| finding.code).collect();
        assert_eq!(found, [code], "{text}");
    }
}

/// A checkout of published programs, when there is one: the first finding has the code, place and message recorded beside
/// the program; programs without such a record are accepted.
#[test]
fn corpus_positions() {
    let Some(corpus) = std::env::var_os("MOCHI_CORPUS") else { return };
    let mut failures = String::new();
    for folder in ["types/errors", "types/soundness", "types/valid", "queryplan/errors"] {
        let folder = Path::new(&corpus).join("tests").join(folder);
        for path in programs(&folder) {
            let recorded = ["err", "error"].iter().find_map(|kind| fs::read_to_string(path.with_extension(kind)).ok());
            let expected = recorded.as_deref().and_then(first_report);
            let file = read(&path);
            let found = findings(&file).first().map(|finding| {
                let place = file.line_column(finding.span.start);
                format!("error[{}]: {} {}:{}", finding.code, finding.message, place.line, place.column)
            });
            if found != expected {
                failures.push_str(&format!("{}:\n  expected {expected:?}\n  found {found:?}\n", path.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn first_report(recorded: &str) -> Option<String> {
    let mut lines = recorded.lines().skip_while(|line| !line.contains("error["));
    let head = lines.next()?;
    let place = lines.find(|line| line.contains("-->"))?;
    let mut parts = place.trim().rsplitn(3, ':');
    let (column, line) = (parts.next()?, parts.next()?);
    Some(format!("{} {line}:{column}", head.get(head.find("error[")?..)?))
}
