//! Programs of several files.

use mochi_diagnostics::SourceFile;
use mochi_sema::{LowerOptions, Lowered, Package, Packages, lower, print_program, verify_program};
use mochi_syntax::{ParseOptions, ast, parse, parse_part};

/// A program whose first import is of `files`.
fn program(main: &str, files: &[&str]) -> (SourceFile, Result<Lowered, Vec<mochi_diagnostics::Diagnostic>>) {
    let mut source = SourceFile::new("main.mochi", main);
    let parsed = parse(&source, &ParseOptions::PERMISSIVE).program;
    let mut packages = Packages { expr_count: parsed.expr_count, ..Packages::default() };
    let mut package = Package { name: "pkg".to_owned(), files: Vec::new() };
    for (number, file) in files.iter().enumerate() {
        let part = source.append(format!("pkg/{number}.mochi"), file);
        let part = parse_part(&source, part, &ParseOptions::PERMISSIVE, packages.expr_count);
        assert!(!part.has_errors(), "{:?}", part.diagnostics);
        packages.expr_count = part.program.expr_count;
        package.files.push(part.program);
    }
    packages.packages.push(package);
    for stmt in &parsed.statements {
        if let ast::StmtKind::Import(import) = &stmt.kind {
            packages.imports.insert(import.path.span.start, 0);
        }
    }
    let options = LowerOptions { packages, ..LowerOptions::default() };
    let lowered = lower(&parsed, &source, &options);
    (source, lowered)
}

#[test]
fn a_package_keeps_its_names_to_itself() {
    let main = "import \"pkg\" as p\nvar n = 5\nfun f(): int { return n }\nprint(p.f(), f(), p.f() == 1)\n";
    let files = ["var n = 1\nexport fun f(): int { return g(n) }", "fun g(x: int): int { let n = x\n return n }"];
    let (_, lowered) = program(main, &files);
    let lowered = lowered.expect("it is correct");
    assert!(verify_program(&lowered.program).is_empty());
    let text = print_program(&lowered.program);
    for name in ["pkg.f", "pkg.g"] {
        assert_eq!(lowered.program.functions.iter().filter(|function| function.name == name).count(), 1, "{text}");
    }
}

#[test]
fn only_exported_functions_are_visible() {
    let (_, lowered) = program("import \"pkg\"\nprint(pkg.hidden())\n", &["fun hidden(): int { return 1 }"]);
    let reports = lowered.expect_err("nothing is exported");
    assert_eq!(reports.len(), 1);
    assert_eq!((reports[0].code, reports[0].message.as_str()), ("T002", "undefined variable: pkg.hidden"));
}

#[test]
fn reports_point_into_the_file_of_the_package() {
    let (source, lowered) =
        program("import \"pkg\"\nprint(pkg.f())\n", &["\nexport fun f(): int {\n  return missing\n}"]);
    let reports = lowered.expect_err("a name is missing");
    let place = reports[0].span.start;
    assert_eq!((source.name_at(place), source.line_column(place).line), ("pkg/0.mochi".to_owned(), 3));
}

#[test]
fn types_of_one_name_in_two_files_are_reported() {
    let (_, lowered) = program("type T { a: int }\nimport \"pkg\"\n", &["type T { b: int }"]);
    let reports = lowered.expect_err("two types of one name");
    assert!(reports[0].message.contains("declared in two files"), "{reports:?}");
}
