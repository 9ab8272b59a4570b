//! The library on small LLVM IR programs.

use mochi_codegen::{Libc, Memory, OptLevel, Options, Unit, Use, link, run};
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

/// Memory mistakes as a wrong compiler would make them: what memcheck says about each, and whether the allocator notices
/// it alone.
const PLANTED: [(&str, &str, bool); 4] = [
    ("use after free", "call void @mochi_rt_free(ptr %p, i64 24)\n  store i64 7, ptr %q", false),
    ("write beyond the end", "%e = getelementptr i8, ptr %p, i64 24\n  store i8 7, ptr %e", false),
    ("second free", "call void @mochi_rt_free(ptr %p, i64 24)\n  call void @mochi_rt_free(ptr %p, i64 24)", true),
    ("wrong size", "call void @mochi_rt_free(ptr %p, i64 40)", true),
];

#[test]
fn valgrind_sees_planted_memory_mistakes() {
    for opt in [OptLevel::O0, OptLevel::O3] {
        let options = Options { opt, memory: Memory::Checked, ..Options::default() };
        for (number, (what, code, alone)) in PLANTED.into_iter().enumerate() {
            let text = format!(
                "declare ptr @mochi_rt_alloc(i64)\ndeclare void @mochi_rt_free(ptr, i64)\n\
                 define void @mochi_main() {{\n  %p = call ptr @mochi_rt_alloc(i64 24)\n  \
                 %q = getelementptr i8, ptr %p, i64 8\n  {code}\n  ret void\n}}\n"
            );
            let path = build(&text, &options, &format!("planted-{opt}-{number}"));
            let unwatched = Command::new(&path).output().expect("starts");
            let told = String::from_utf8_lossy(&unwatched.stderr).contains("memory check:");
            assert_eq!(told, alone, "{what} at {opt}: {unwatched:?}");
            let watched = Command::new("valgrind").args(["-q", "--error-exitcode=99"]).arg(&path).output();
            let watched = watched.expect("valgrind is installed (`cargo xtask setup`)");
            assert_eq!(watched.status.code() == Some(99), !alone, "{what} at {opt}: {watched:?}");
        }
    }
}

#[test]
fn correct_programs_pass_the_memory_check() {
    for opt in [OptLevel::O0, OptLevel::O3] {
        let options = Options { opt, memory: Memory::Checked, ..Options::default() };
        let path = build(PROGRAM, &options, &format!("checked-{opt}"));
        let output = Command::new("valgrind").args(["-q", "--error-exitcode=99"]).arg(&path).output();
        let output = output.expect("valgrind is installed (`cargo xtask setup`)");
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"42 true\n".as_slice()), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
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

/// Frames of all kinds between the top level and an error: with the stack pointer as base and with the frame pointer,
/// with the frame pointer's register as any other, without a name, inlined, and with a location missing.
const FRAMES: &str = r#"
@file = private constant [7 x i8] c"a/demo\00"
@seed = internal global i64 3
declare void @mochi_rt_panic_division(ptr, i64)

define internal i64 @inlined(i64 %n) alwaysinline !dbg !10 {
  %zero = icmp eq i64 %n, 0, !dbg !20
  br i1 %zero, label %bad, label %good, !dbg !20
bad:
  call void @mochi_rt_panic_division(ptr @file, i64 8589934599) noreturn, !dbg !20
  unreachable
good:
  %r = sdiv i64 100, %n, !dbg !20
  ret i64 %r, !dbg !20
}

define internal i64 @by_stack_pointer(i64 %n) noinline !dbg !11 {
  %m = sub i64 %n, 1, !dbg !21
  %a = call i64 @inlined(i64 %m), !dbg !21
  %b = call i64 @inlined(i64 %n), !dbg !22
  %r = add i64 %a, %b, !dbg !22
  ret i64 %r, !dbg !22
}

define internal i64 @by_frame_pointer(i64 %n) noinline !dbg !12 {
  %room = alloca i64, i64 %n, !dbg !23
  store volatile i64 %n, ptr %room, !dbg !23
  %m = load volatile i64, ptr %room, !dbg !23
  %a = call i64 @by_stack_pointer(i64 %m), !dbg !24
  %last = load volatile i64, ptr %room, !dbg !24
  %r = add i64 %a, %last, !dbg !24
  ret i64 %r, !dbg !24
}

define internal i64 @without_name(i64 %n) noinline {
  %a = call i64 @by_frame_pointer(i64 %n)
  %r = add i64 %a, %n
  ret i64 %r
}

define internal i64 @all_registers(i64 %n) noinline !dbg !13 {
  call void asm sideeffect "CLOBBER", "~{CALLEE},~{OTHERS}"(), !dbg !25
  %a = call i64 @without_name(i64 %n), !dbg !26
  call void asm sideeffect "", "~{OTHERS}"(), !dbg !26
  %r = add i64 %a, %n, !dbg !26
  ret i64 %r, !dbg !26
}

define void @mochi_main() !dbg !14 {
  %n = load volatile i64, ptr @seed, !dbg !27
  %a = call i64 @all_registers(i64 %n), !dbg !27
  %m = sub i64 %n, 3, !dbg !28
  %b = call i64 @all_registers(i64 %m), !dbg !28
  store volatile i64 %b, ptr @seed, !dbg !28
  ret void, !dbg !28
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C99, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "demo", directory: "a")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !{})
!10 = distinct !DISubprogram(name: "inner", file: !1, line: 1, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!11 = distinct !DISubprogram(name: "by stack pointer", file: !1, line: 10, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!12 = distinct !DISubprogram(name: "by frame pointer", file: !1, line: 20, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!13 = distinct !DISubprogram(name: "all registers", file: !1, line: 30, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!14 = distinct !DISubprogram(name: "main program", file: !1, line: 100000, type: !3, spFlags: DISPFlagDefinition, unit: !0)
!20 = !DILocation(line: 2, column: 7, scope: !10)
!21 = !DILocation(line: 11, column: 1, scope: !11)
!22 = !DILocation(line: 12, column: 1, scope: !11)
!23 = !DILocation(line: 21, column: 1, scope: !12)
!24 = !DILocation(line: 22, column: 1, scope: !12)
!25 = !DILocation(line: 31, column: 1, scope: !13)
!26 = !DILocation(line: 0, scope: !13)
!27 = !DILocation(line: 100001, column: 1, scope: !14)
!28 = !DILocation(line: 100002, column: 1, scope: !14)
"#;

/// The registers that a function must save before it uses them.
#[cfg(target_arch = "x86_64")]
const CALLEE_SAVED: [&str; 3] = ["rbp", "rbx},~{r12},~{r13},~{r14},~{r15", "movq $$1, %rbp"];
#[cfg(target_arch = "aarch64")]
const CALLEE_SAVED: [&str; 3] = ["x28", "x19},~{x20},~{x21},~{x22", "mov x28, #1"];

#[test]
fn a_failing_program_shows_its_stack() {
    let [callee, others, clobber] = CALLEE_SAVED;
    let text = FRAMES.replace("CALLEE", callee).replace("OTHERS", others).replace("CLOBBER", clobber);
    let stack = "\ncall stack:\n  inner at a/demo:2\n  by stack pointer at a/demo:12\n  by frame pointer at \
                 a/demo:22\n  all registers at a/demo\n  main program at a/demo:100002\n";
    for opt in [OptLevel::O0, OptLevel::O1, OptLevel::O2, OptLevel::O3, OptLevel::Os] {
        for (libc, debug) in [(Libc::Musl, false), (Libc::Glibc, false), (Libc::Musl, true)] {
            // With debug information the frame pointer is one, and no other register.
            let text = if debug { text.replace(clobber, "").replace("~{rbp},", "") } else { text.clone() };
            let options = Options { debug, ..options(opt, libc) };
            let path = build(&text, &options, &format!("frames-{opt}-{libc:?}-{debug}"));
            let output = Command::new(&path).output().expect("starts");
            let report = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{opt} {libc:?} {debug}: {report}");
            assert!(report.starts_with("error: division by zero\n  --> a/demo:2:7\n"), "{opt} {libc:?}: {report}");
            // Small code has one report for both calls of `inlined`, so their line is not known.
            let small = stack.replace("by stack pointer at a/demo:12", "by stack pointer at a/demo");
            let stack = if opt == OptLevel::Os { &small } else { stack };
            assert!(report.ends_with(stack), "{opt} {libc:?} {debug}: {report}");
        }
    }
}

#[test]
fn debug_sections_are_there_when_asked_for_only() {
    for debug in [false, true] {
        let options = Options { debug, ..Options::default() };
        let text = FRAMES.replace("~{CALLEE},~{OTHERS}", "").replace("~{OTHERS}", "").replace("CLOBBER", "");
        let mut unit = Unit::parse(text.as_bytes(), &options).expect("parses");
        unit.optimize().expect("optimises");
        assert_eq!(unit.llvm_ir().contains("!dbg"), debug);
        let object = unit.object().expect("emits");
        let has = |name: &[u8]| object.windows(name.len()).any(|part| part == name);
        assert_eq!(has(b".debug_line\0"), debug);
        assert!(has(b"mochi_rt_backtrace_table\0") && !has(b".eh_frame\0"));
    }
}
