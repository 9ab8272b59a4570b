//! Builds the C++ shim and collects the files that the compiler carries with it: the runtime as bitcode and
//! as an object, and musl's start files and library.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SHIM: [&str; 9] = [
    "Translate.cpp",
    "Target.cpp",
    "Backtrace.cpp",
    "Optimize.cpp",
    "FlattenChecks.cpp",
    "UnrollRecursion.cpp",
    "Link.cpp",
    "Jit.cpp",
    "NoOtherTargets.cpp",
];
const MUSL_FILES: [&str; 3] = ["crt1.o", "crti.o", "crtn.o"];

fn main() {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    let llvm = PathBuf::from(variable("MLIR_SYS_220_PREFIX"));
    println!("cargo:rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    build_shim(&root.join("shim"), &llvm);
    build_runtime(&root.join("../.."), &out, &llvm);
    collect_musl(&out, &llvm);
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set; .cargo/config.toml and cargo set it"))
}

/// clang++, not g++: MLIR's type ids depend on how the compiler spells `__PRETTY_FUNCTION__`.
fn build_shim(shim: &Path, llvm: &Path) {
    println!("cargo:rerun-if-changed={}", shim.display());
    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .compiler(llvm.join("bin/clang++"))
        .flag("-fno-exceptions")
        .flag("-ffunction-sections")
        .opt_level(2)
        .debug(false)
        // LLVM's own headers are not free of warnings under -Wextra.
        .extra_warnings(false)
        .flag("-isystem")
        .flag(llvm.join("include"))
        .files(SHIM.iter().map(|file| shim.join(file)))
        .compile("mochi_codegen_shim");
    println!("cargo:rustc-link-search=native={}", llvm.join("lib").display());
    println!("cargo:rustc-link-lib=lldELF");
    println!("cargo:rustc-link-lib=lldCommon");
}

/// Exported functions of the runtime, by the start of their names, that few programs reach and that need much: crates, and parts
/// of the C library. They lie in an archive of their own, which the linker only opens for programs that mention them.
const OUTSIDE: [&str; 4] = ["mochi_rt_load", "mochi_rt_save", "mochi_rt_fetch", "mochi_rt_generate"];

/// The forms of the runtime by the start of their files' names, and the features of the crate that they are compiled with.
const FORMS: [(&str, &str); 3] =
    [("runtime", "program"), ("counting", "program,count-allocations"), ("checked", "program,checked-memory")];

/// What turns the runtime's bitcode into what the compiler carries.
struct Tools<'a> {
    llvm: &'a Path,
    splitter: PathBuf,
}

/// Compiles the forms of the runtime (see `runtime/README.md`).
fn build_runtime(workspace: &Path, out: &Path, llvm: &Path) {
    for part in ["runtime/core", "runtime/backtrace", "runtime/abi"] {
        println!("cargo:rerun-if-changed={}", workspace.join(part).display());
    }
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let tools = Tools { llvm, splitter: build_splitter(&root.join("split/split.cpp"), out, llvm) };
    for (name, features) in FORMS {
        build_form(workspace, out, &tools, name, features);
    }
}

/// Compiles one form once and splits it: an object with what programs have in common, an archive with the rest, and bitcode with
/// the bodies worth inlining. It is optimised whatever the profile of the compiler is: its users are programs.
fn build_form(workspace: &Path, out: &Path, tools: &Tools, name: &str, features: &str) {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let file = |ending: &str| out.join(format!("{name}{ending}"));
    let [whole, core, outside] = ["-whole.bc", "-core.bc", "-outside.bc"].map(file);
    run(Command::new(cargo)
        .current_dir(workspace)
        // Settings of the outer build are not for programs.
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTFLAGS")
        .args(["rustc", "--quiet", "-p", "mochi-runtime", "--release", "--crate-type", "staticlib"])
        .args(["--features", features])
        // A directory of its own: the outer cargo holds the lock of the usual one.
        .arg("--target-dir")
        .arg(out.join("cargo"))
        .args(["--config", "profile.release.panic=\"abort\"", "--config", "profile.release.lto=\"fat\""])
        .args(["--config", "profile.release.codegen-units=1", "--config", "profile.release.strip=false"])
        .args(["--", &format!("--emit=llvm-bc={}", whole.display())]));
    run(Command::new(&tools.splitter).args([&whole, &core, &outside]).arg(file("-inline.bc")).args(OUTSIDE));
    compile(&core, &file(".o"), tools.llvm);
    let (object, archive) = (file("-outside.o"), file("-outside.a"));
    compile(&outside, &object, tools.llvm);
    // `ar` would add to an archive of an earlier build.
    let _ = fs::remove_file(&archive);
    run(Command::new(tools.llvm.join("bin/llvm-ar")).arg("rcs").args([&archive, &object]));
}

/// Position independent: the same object goes into static, dynamic and in-process programs. Within a static one the linker
/// makes direct accesses of it.
fn compile(bitcode: &Path, object: &Path, llvm: &Path) {
    run(Command::new(llvm.join("bin/llc"))
        .args(["-O3", "-filetype=obj", "-relocation-model=pic", "-function-sections", "-data-sections"])
        .arg(bitcode)
        .arg("-o")
        .arg(object));
}

/// A tool of the build only, so it takes LLVM as a shared library: linking it is quick.
fn build_splitter(source: &Path, out: &Path, llvm: &Path) -> PathBuf {
    println!("cargo:rerun-if-changed={}", source.display());
    let tool = out.join("split");
    let lib = llvm.join("lib");
    run(Command::new(llvm.join("bin/clang++"))
        .args(["-std=c++17", "-O1", "-fno-exceptions", "-isystem"])
        .arg(llvm.join("include"))
        .arg(source)
        .arg("-o")
        .arg(&tool)
        .arg(format!("-L{}", lib.display()))
        .arg(format!("-Wl,-rpath,{}", lib.display()))
        .arg("-lLLVM"));
    tool
}

/// musl's files, from Debian's package `musl-dev`.
/// Renamed: cargo puts `OUT_DIR` on the library search path, where a `libc.a` would be taken for `-lc`.
fn collect_musl(out: &Path, llvm: &Path) {
    let architecture = variable("CARGO_CFG_TARGET_ARCH");
    let musl = PathBuf::from(format!("/usr/lib/{architecture}-linux-musl"));
    println!("cargo:rerun-if-changed={}", musl.display());
    for file in MUSL_FILES {
        let source = musl.join(file);
        fs::copy(&source, out.join(format!("musl-{file}"))).unwrap_or_else(|error| {
            panic!("{} cannot be read ({error}); next: apt-get install musl-dev", source.display())
        });
    }
    strip(&musl.join("libc.a"), &out.join("musl-libc.a"), llvm);
}

/// Debug information of libraries would only make the compiler larger.
fn strip(source: &Path, target: &Path, llvm: &Path) {
    run(Command::new(llvm.join("bin/llvm-objcopy")).arg("--strip-debug").arg(source).arg(target));
}

fn run(command: &mut Command) {
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("{command:?} failed: {status}"),
        Err(error) => panic!("{command:?} could not be started: {error}"),
    }
}
