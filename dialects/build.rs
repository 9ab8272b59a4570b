//! Generates op builders, op views and op facts from the dialect's TableGen files.
//!
//! The `.td` files are the one definition of the dialect; `llvm-tblgen --dump-json` hands them to Rust.

#[path = "build/model.rs"]
mod model;
#[path = "build/write.rs"]
mod write;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let prefix = env::var("DEP_MOCHI_DIALECTS_PREFIX").expect("mochi-dialects-sys tells its LLVM prefix");
    let td = manifest.join("mochi");

    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    for entry in fs::read_dir(&td).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|e| e == "td") {
            println!("cargo:rerun-if-changed={}", entry.path().display());
        }
    }

    let json = dump(&prefix, &td);
    let ops = model::read(&json);
    fs::write(out.join("mochi_ops.rs"), write::module(&ops)).expect("OUT_DIR is writable");
}

fn dump(prefix: &str, td: &Path) -> serde_json::Value {
    let in_prefix = Path::new(prefix).join("bin/llvm-tblgen");
    let tool = if in_prefix.exists() { in_prefix } else { PathBuf::from("llvm-tblgen-22") };
    let run = Command::new(&tool)
        .arg("--dump-json")
        .arg(format!("-I{prefix}/include"))
        .arg(format!("-I{}", td.display()))
        .arg(td.join("MochiOps.td"))
        .output()
        .unwrap_or_else(|e| panic!("cannot run {}: {e}", tool.display()));
    assert!(run.status.success(), "{} failed:\n{}", tool.display(), String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("llvm-tblgen writes JSON")
}
