//! Builds the C++ shim and collects the files that the compiler carries with it: the runtime as bitcode and
//! as an archive, and musl's start files and library.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SHIM: [&str; 6] =
    ["Translate.cpp", "Target.cpp", "Optimize.cpp", "Link.cpp", "Jit.cpp", "NoOtherTargets.cpp"];
const MUSL_FILES: [&str; 3] = ["crt1.o", "crti.o", "crtn.o"];

fn main() {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    let llvm = PathBuf::from(variable("MLIR_SYS_220_PREFIX"));
    println!("cargo:rerun-if-env-changed=MLIR_SYS_220_PREFIX");
    build_shim(&root.join("shim"), &llvm);
    build_runtime(&root.join("../../runtime"), &out, &llvm);
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

/// Runs rustc on the two runtime crates: one compilation gives both forms, so they cannot differ.
/// The runtime is optimised whatever the profile of the compiler is: its users are programs.
fn build_runtime(runtime: &Path, out: &Path, llvm: &Path) {
    let runtime = env::var_os("MOCHI_RUNTIME_SOURCE").map_or_else(|| runtime.to_owned(), PathBuf::from);
    println!("cargo:rerun-if-env-changed=MOCHI_RUNTIME_SOURCE");
    println!("cargo:rerun-if-changed={}", runtime.display());
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let common = ["--edition", "2024", "-C", "opt-level=3", "-C", "panic=abort", "-C", "codegen-units=1"];
    run(Command::new(&rustc)
        .args(common)
        .args(["--crate-type", "rlib", "--crate-name", "mochi_runtime_abi"])
        .arg(runtime.join("abi/src/lib.rs"))
        .arg("--out-dir")
        .arg(out));
    let staged = out.join("runtime-full.a");
    run(Command::new(&rustc)
        .args(common)
        .args(["--crate-type", "staticlib", "--crate-name", "mochi_runtime"])
        .arg("--extern")
        .arg(format!("mochi_runtime_abi={}", out.join("libmochi_runtime_abi.rlib").display()))
        .arg(format!("--emit=llvm-bc={},link={}", out.join("runtime.bc").display(), staged.display()))
        .arg(runtime.join("core/src/lib.rs")));
    strip(&staged, &out.join("runtime.a"), llvm);
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
