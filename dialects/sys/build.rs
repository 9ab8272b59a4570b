//! Drives CMake over `dialects/CMakeLists.txt` and links what it built.
//!
//! The C++ part has one definition, in CMake; this script only runs it, so a C++ user who calls
//! `find_package(Mochi)` and the Rust build compile the same sources with the same options.
//! LLVM and MLIR themselves are linked by `mlir-sys`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The prefix used when `MLIR_SYS_220_PREFIX` is not set (Debian's package layout).
const DEFAULT_PREFIX: &str = "/usr/lib/llvm-22";

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let dialects = manifest.parent().expect("sys lies inside dialects").to_path_buf();
    let prefix = env::var("MLIR_SYS_220_PREFIX").unwrap_or_else(|_| DEFAULT_PREFIX.to_owned());

    for sub in ["CMakeLists.txt", "mochi", "sys/shim", "../cmake"] {
        watch(&dialects.join(sub));
    }
    println!("cargo:rerun-if-env-changed=MLIR_SYS_220_PREFIX");

    let built = cmake::Config::new(&dialects)
        .generator("Ninja")
        // The C++ is a thin layer over optimised archives: an unoptimised build of it buys nothing.
        .profile("Release")
        .define("CMAKE_CXX_COMPILER", env::var("CXX").unwrap_or_else(|_| "clang++-22".to_owned()))
        .define("CMAKE_C_COMPILER", env::var("CC").unwrap_or_else(|_| "clang-22".to_owned()))
        .define("MLIR_DIR", format!("{prefix}/lib/cmake/mlir"))
        .define("LLVM_DIR", format!("{prefix}/lib/cmake/llvm"))
        // Set by `--cfg fuzzing`, as fuzzers do.
        .define("MOCHI_COVERAGE", if env::var_os("CARGO_CFG_FUZZING").is_some() { "ON" } else { "OFF" })
        .no_default_flags(true)
        .build_target("all")
        .build();

    let build_dir = built.join("build");
    let mut archives = Vec::new();
    find_archives(&build_dir, &mut archives);
    archives.sort();
    assert!(!archives.is_empty(), "CMake built no archive under {}", build_dir.display());
    for archive in &archives {
        let dir = archive.parent().expect("an archive lies in a directory");
        let stem = archive.file_stem().expect("an archive has a name").to_string_lossy();
        let name = stem.strip_prefix("lib").unwrap_or(&stem);
        println!("cargo:rustc-link-search=native={}", dir.display());
        // `+whole-archive` is not needed: every registration goes through a named function.
        println!("cargo:rustc-link-lib=static={name}");
    }
    println!("cargo:prefix={prefix}");
    println!("cargo:dialects={}", dialects.display());
}

/// Tells cargo about every file below `path`, because it looks only at a directory's own time stamp.
fn watch(path: &Path) {
    println!("cargo:rerun-if-changed={}", path.display());
    if let Ok(entries) = fs::read_dir(path) {
        for entry in entries.flatten() {
            watch(&entry.path());
        }
    }
}

fn find_archives(dir: &Path, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            find_archives(&path, out);
        } else if path.extension().is_some_and(|e| e == "a") {
            out.push(path);
        }
    }
}
