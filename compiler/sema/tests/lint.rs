//! The lint of introduced `any`: what it says about small programs, and that it says neither too little nor too much about
//! any program of the test suite. For the latter the typed program is looked at anew: where it stores a value of a static
//! type in something that is `any`, the lint must have reported that thing, unless the program itself calls it `any`.

use mochi_diagnostics::SourceFile;
use mochi_sema::hir::{Block, Conversion, Expr, ExprKind, LocalId, Place, Program, StmtKind};
use mochi_sema::ty::Ty;
use mochi_sema::{LowerOptions, Lowered, lower, print_program};
use mochi_syntax::{ParseOptions, parse};
use std::path::{Path, PathBuf};

fn typed(source: &SourceFile) -> Option<Lowered> {
    let parsed = parse(source, &ParseOptions::PERMISSIVE);
    if parsed.has_errors() {
        return None;
    }
    lower(&parsed.program, source, &LowerOptions::default()).ok()
}

/// The lints of a program as `CODE LINE:COLUMN MESSAGE`.
fn lints(text: &str) -> Vec<String> {
    let source = SourceFile::new("a.mochi", text);
    let lowered = typed(&source).unwrap_or_else(|| panic!("this does not compile: {text}"));
    let shown = lowered.lints.iter().map(|lint| {
        let place = source.line_column(lint.span.start);
        format!("{} {}:{} {}", lint.code, place.line, place.column, lint.message)
    });
    shown.collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(lints(text), expected, "{text}");
}

#[test]
fn mixed_values() {
    check("var x = 1\nx = \"a\"\nprint(x)", &["M010 1:5 `x` is `any`: it holds int and string"]);
    check("let xs = [1, \"a\", true]\nprint(xs)", &["M010 1:5 each element of `xs` is `any`: it holds int and string"]);
    check(
        "var xs = [1]\nlet ys = xs\nxs = append(xs, \"a\")\nprint(xs, ys)",
        &["M010 1:5 each element of `xs` is `any`: it holds int and string"],
    );
    check(
        "fun f(n: int) {\n  if n > 0 { return 1 }\n  return \"a\"\n}\nlet r = f(1)\nprint(r)",
        &["M010 1:5 the result of `f` is `any`: it holds int and string"],
    );
    check(
        "fun outer(p: int) {\n  fun inner(v) { print(p, v) }\n  inner(1)\n  inner([2])\n}\nouter(1)",
        &["M010 2:13 `v` is `any`: it holds int and [int]"],
    );
    check(
        "let m = {\"a\": 1, \"b\": \"c\"}\nfor k in m { print(k, m[k]) }",
        &["M010 1:5 each value of `m` is `any`: it holds int and string"],
    );
}

#[test]
fn other_reasons() {
    check("fun f(x: Shap): int { return 1 }\nprint(f(2))", &["M011 1:10 `Shap` is `any`: no type has this name"]);
    check(
        "var xs = []\nprint(len(xs))",
        &["M012 1:5 each element of `xs` is `any`: nothing in the program says what type it has"],
    );
    check(
        "print(str([]))",
        &["M012 1:11 each element of this literal is `any`: nothing in the program says what type it has"],
    );
    check("var x = none\nprint(x)", &["M012 1:5 `x` is `any`: nothing in the program says what type it has"]);
    check(
        "type P { x: int, y: int }\nlet p = P { x: 1, y: 2 }\nlet name = \"x\"\nlet v = p[name]\nprint(v)",
        &["M013 4:9 this value is `any`: the name of a field is computed here"],
    );
    check(
        "var xs = []\nxs = append(xs, xs)\nprint(len(xs))",
        &["M014 1:5 each element of `xs` is `any`: no type describes a list or map that contains itself"],
    );
}

#[test]
fn copies_of_what_has_a_name() {
    check(
        "fun f(xs: list<int>) { xs[0] = 9 }\nlet ys: list<any> = [1]\nf(ys)\nf([1])\nprint(ys)",
        &["M015 3:3 this [any] is copied to become [int]: changes of one do not reach the other"],
    );
    check("let xs = [1, 2]\nlet ys = xs as list<float>\nprint(xs, ys)", &[]);
}

#[test]
fn nothing_to_report() {
    for text in [
        // What has a static type.
        "var xs = []\nxs = append(xs, 1)\nprint(xs)",
        "var x = none\nx = 1\nprint(x)",
        "var total = 0\ntotal = 1.5\nprint(total)",
        "let m = {\"a\": 1, \"b\": 2}\nfor k in m { print(m[k]) }",
        "var m = {}\nm[\"a\"] = [1]\nprint(m)",
        "fun down(n) {\n  if n == 0 { return 0 }\n  return down(n - 1)\n}\nprint(down(3))",
        "fun same(x) { return x }\nprint(same(1), same(\"a\"))",
        // What the program calls `any`.
        "var x: any = 1\nx = \"a\"\nlet y = x\nprint(y)",
        "fun f(xs: list<any>): int { return len(xs) }\nprint(f([1, \"a\", [true, 2]]))",
        "fun pair(): list<any> { return [1, \"a\"] }\nlet p = pair()\nprint(p[0])",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_declaration_that_says_so_ends_the_report() {
    let text = "let xs = [[1, \"a\"]]\nprint(xs)\n";
    let source = SourceFile::new("a.mochi", text);
    let lowered = typed(&source).expect("this compiles");
    let fix = lowered.lints[0].fix.clone().expect("there is a fix");
    assert_eq!(fix.replacement, ": list<list<any>>");
    let (before, after) = text.split_at(fix.span.start as usize);
    check(&format!("{before}{}{after}", fix.replacement), &[]);
}

#[test]
fn reports_are_complete_and_true_for_all_programs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut programs = 0;
    for file in
        ["tests/programs", "examples", "compiler/sema/tests/hir"].map(|folder| mochi_files(&root.join(folder))).concat()
    {
        let text = std::fs::read_to_string(&file).expect("readable");
        let source = SourceFile::new(file.display().to_string(), text);
        let Some(lowered) = typed(&source) else { continue };
        programs += 1;
        cross_check(&source, &lowered);
    }
    assert!(programs > 60, "{programs}");
}

fn mochi_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.expect("readable").path()) {
        if path.is_dir() {
            files.extend(mochi_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "mochi") {
            files.push(path);
        }
    }
    files
}

fn cross_check(source: &SourceFile, lowered: &Lowered) {
    let places: Vec<_> = lowered.lints.iter().map(|lint| (lint.span, lint.message.clone())).collect();
    let mut unique = places.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), places.len(), "{source:?}: something is reported twice: {places:?}");

    let text = without_strings(&print_program(&lowered.program));
    if !text.contains("any") {
        let introduced = lowered.lints.iter().filter(|lint| lint.code != "M015").count();
        assert!(introduced == 0, "{source:?}: no value is dynamic, yet: {places:?}");
    }
    for function in &lowered.program.functions {
        let mut stores = Vec::new();
        stores_in(&function.body, &mut stores);
        for (index, local) in function.locals.iter().enumerate() {
            let id = LocalId(index as u32);
            let mut stored = stores.iter().filter(|(place, _)| *place == id).map(|(_, value)| *value).peekable();
            if local.ty != Ty::ANY || local.synthetic || stored.peek().is_none() {
                continue;
            }
            let introduced = stored.all(is_boxed_here) && !is_declared(source, local.span.end);
            if introduced && (local.span.end as usize) <= source.text().len() {
                let reported = lowered.lints.iter().any(|lint| lint.span.start == local.span.start);
                assert!(reported, "{source:?}: `{}` at {:?} is not reported", local.name, local.span);
            }
        }
    }
    for lint in lowered.lints.iter().filter(|lint| !lint.message.starts_with("this ")) {
        let functions = lowered.program.functions.iter();
        let mut locals =
            functions.flat_map(|function| &function.locals).filter(|local| local.span == lint.span).peekable();
        let absent = locals.peek().is_none();
        let dynamic = locals.any(|local| is_dynamic(&lowered.program, local.ty));
        assert!(absent || dynamic, "{source:?}: what is at {:?} is not dynamic: {}", lint.span, lint.message);
    }
}

fn is_dynamic(program: &Program, ty: Ty) -> bool {
    use mochi_sema::ty::TyKind;
    match program.types.kind(ty) {
        TyKind::Any => true,
        TyKind::Option(inner) | TyKind::List(inner) => is_dynamic(program, *inner),
        TyKind::Map(key, value) => is_dynamic(program, *key) || is_dynamic(program, *value),
        TyKind::Fn(params, result) => {
            params.iter().any(|param| is_dynamic(program, *param)) || is_dynamic(program, *result)
        }
        TyKind::Record(_) | TyKind::Union(_) => true,
        _ => false,
    }
}

/// What is stored in the locals of a function.
fn stores_in<'p>(block: &'p Block, out: &mut Vec<(LocalId, &'p Expr)>) {
    for stmt in &block.stmts {
        match &stmt.kind {
            StmtKind::Let { local, init: Some(value) } => out.push((*local, value)),
            StmtKind::Assign { place: Place::Local(local), value } => out.push((*local, value)),
            StmtKind::If { then, els, .. } => {
                stores_in(then, out);
                stores_in(els, out);
            }
            StmtKind::While { body, .. }
            | StmtKind::ForRange { body, .. }
            | StmtKind::ForEach { body, .. }
            | StmtKind::Bench { body, .. }
            | StmtKind::Block(body) => stores_in(body, out),
            _ => {}
        }
    }
}

/// A value of a static type that becomes `any` where it stands.
fn is_boxed_here(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Convert { kind: Conversion::ToAny, .. })
}

/// The name that ends here has a type annotation.
fn is_declared(source: &SourceFile, end: u32) -> bool {
    source.text().get(end as usize..).is_some_and(|rest| rest.trim_start().starts_with(':'))
}

fn without_strings(text: &str) -> String {
    let mut parts = text.split('"');
    let mut out = String::new();
    while let Some(outside) = parts.next() {
        out.push_str(outside);
        while parts.next().is_some_and(|inside| inside.ends_with('\\')) {}
    }
    out
}
