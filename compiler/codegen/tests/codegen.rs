//! The library on small LLVM IR programs.

use mochi_codegen::{Libc, OptLevel, Options, Unit, Use, link, run};
use std::process::Command;

/// `print(42, true)` as the compiler would write it.
const PROGRAM: &str = r#"
declare void @mochi_rt_print_begin()
declare void @mochi_rt_print_int(i64)
declare void @mochi_rt_print_space()
declare void @mochi_rt_print_bool(i64)
declare void @mochi_rt_print_newline()
define void @mochi_main() {
  call void @mochi_rt_print_int(i64 42)
  call void @mochi_rt_print_space()
  call void @mochi_rt_print_bool(i64 1)
  call void @mochi_rt_print_newline()
  ret void
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
            assert_eq!(output.stdout, b"42 true\n", "{opt} {libc:?}");
            assert_eq!(output.status.code(), Some(0), "{opt} {libc:?}");
        }
    }
}

#[test]
fn static_executables_are_small() {
    let path = build(PROGRAM, &options(OptLevel::O3, Libc::Musl), "small");
    let size = std::fs::metadata(path).expect("exists").len();
    assert!(size <= 16 * 1024, "{size} bytes");
}

#[test]
fn runs_in_process() {
    let options = Options { opt: OptLevel::O2, purpose: Use::Jit, ..Options::default() };
    // `getpid` is the process's, the rest the runtime's.
    let text = "declare i32 @getpid()\ndefine void @mochi_main() {\n  %p = call i32 @getpid()\n  ret void\n}\n";
    let mut unit = Unit::parse(text.as_bytes(), &options).expect("parses");
    unit.link_runtime().expect("links the runtime");
    unit.optimize().expect("optimises");
    let object = unit.object().expect("emits");
    assert_eq!(run(&object, "answer", &options).expect("runs"), 0);
}

/// rustc and MLIR put different target attributes on functions; unless they are made equal, LLVM refuses to
/// inline anything of the runtime and says so.
#[test]
fn runtime_functions_can_be_inlined() {
    let retain = "declare void @mochi_rt_retain(ptr)\n\
                  define void @mochi_main() {\n  %p = inttoptr i64 4096 to ptr\n  call void @mochi_rt_retain(ptr %p)\n  ret void\n}\n";
    for cpu in ["x86-64", "native"] {
        let options = Options { cpu: cpu.to_owned(), ..Options::default() };
        let mut unit = Unit::parse(retain.as_bytes(), &options).expect("parses");
        unit.link_runtime().expect("links the runtime");
        let remarks = unit.optimize_with_remarks().expect("optimises");
        assert!(!remarks.contains("conflicting attributes"), "{cpu}: {remarks}");
        let ir = unit.llvm_ir();
        assert!(!ir.contains("@mochi_rt_retain"), "{cpu}: the call is still there:\n{ir}");
    }
}

#[test]
fn assembly_is_text() {
    let mut unit = Unit::parse(PROGRAM.as_bytes(), &Options::default()).expect("parses");
    unit.link_runtime().expect("links the runtime");
    unit.optimize().expect("optimises");
    let assembly = String::from_utf8(unit.assembly().expect("emits")).expect("text");
    assert!(assembly.contains("mochi_main:"), "{assembly}");
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
                define void @mochi_main() {\n  %r = call i32 @no_such_function()\n  ret void\n}\n";
    let mut unit = Unit::parse(text.as_bytes(), &options).expect("parses");
    unit.optimize().expect("optimises");
    let object = unit.object().expect("emits");
    let path = std::env::temp_dir().join(format!("mochi-codegen-undefined-{}", std::process::id()));
    let error = link(&object, &path, &options).expect_err("cannot link");
    assert!(error.to_string().contains("no_such_function"), "{error}");
}
