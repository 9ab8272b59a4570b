//! The library on small LLVM IR programs.

use mochi_codegen::{Libc, OptLevel, Options, Unit, Use, link, run};
use std::process::Command;

const PROGRAM: &str = r#"
@text = private constant [5 x i8] c"hello"
declare i64 @write(i32, ptr, i64)
define i32 @main(i32 %argc, ptr %argv) {
  %n = call i64 @write(i32 1, ptr @text, i64 5)
  ret i32 3
}
"#;

fn options(opt: OptLevel, libc: Libc) -> Options {
    Options { opt, libc, ..Options::default() }
}

fn build(text: &str, options: &Options, name: &str) -> std::path::PathBuf {
    let directory = std::env::temp_dir().join(format!("mochi-codegen-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    let path = directory.join(name);
    let mut unit = Unit::parse(text.as_bytes(), options).expect("parses");
    unit.link_runtime().expect("links the runtime");
    unit.optimize().expect("optimises");
    let object = unit.object().expect("emits");
    link(&object, &path, options).expect("links");
    path
}

#[test]
fn executables_run_with_both_libraries_at_all_levels() {
    for opt in [OptLevel::O0, OptLevel::O1, OptLevel::O3, OptLevel::Os] {
        for libc in [Libc::Musl, Libc::Glibc] {
            let path = build(PROGRAM, &options(opt, libc), &format!("all-{opt}-{libc:?}"));
            let output = Command::new(&path).output().expect("starts");
            assert_eq!(output.stdout, b"hello", "{opt} {libc:?}");
            assert_eq!(output.status.code(), Some(3), "{opt} {libc:?}");
        }
    }
}

#[test]
fn static_executables_are_small() {
    let path = build(PROGRAM, &options(OptLevel::O3, Libc::Musl), "small");
    let size = std::fs::metadata(path).expect("exists").len();
    assert!(size < 8 * 1024, "{size} bytes");
}

#[test]
fn runs_in_process() {
    let options = Options { opt: OptLevel::O2, purpose: Use::Jit, ..Options::default() };
    let text = "define i32 @main(i32 %argc, ptr %argv) {\n  ret i32 42\n}\n";
    let mut unit = Unit::parse(text.as_bytes(), &options).expect("parses");
    unit.link_runtime().expect("links the runtime");
    unit.optimize().expect("optimises");
    let object = unit.object().expect("emits");
    assert_eq!(run(&object, "answer").expect("runs"), 42);
}

#[test]
fn unknown_cpu_is_an_error() {
    let options = Options { cpu: "z80".to_owned(), ..Options::default() };
    let error = Unit::parse(PROGRAM.as_bytes(), &options).err().expect("refused");
    assert!(error.to_string().contains("unknown CPU `z80`"), "{error}");
}

#[test]
fn undefined_symbols_are_reported() {
    let options = Options::default();
    let text = "declare i32 @no_such_function()\n\
                define i32 @main(i32 %argc, ptr %argv) {\n  %r = call i32 @no_such_function()\n  ret i32 %r\n}\n";
    let mut unit = Unit::parse(text.as_bytes(), &options).expect("parses");
    unit.optimize().expect("optimises");
    let object = unit.object().expect("emits");
    let path = std::env::temp_dir().join(format!("mochi-codegen-undefined-{}", std::process::id()));
    let error = link(&object, &path, &options).expect_err("cannot link");
    assert!(error.to_string().contains("no_such_function"), "{error}");
}
