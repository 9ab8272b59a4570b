//! Size and needs of the smallest program: promises to users, so tests.

use mochi_tests::{executable, process, root, scratch};
use std::process::Command;

/// Bytes of a stripped, static hello.
const HELLO_LIMIT: u64 = 16 * 1024;

fn build(arguments: &[&str], name: &str) -> std::path::PathBuf {
    let output = scratch("size").join(name);
    let mut command = Command::new(executable("mochi"));
    command.arg("build").args(arguments).arg("-o").arg(&output).arg(root().join("examples/hello.mochi"));
    let built = process::run(&mut command, "").expect("starts");
    assert!(built.status.success(), "{}", built.stderr);
    output
}

#[test]
fn hello_is_small_and_needs_no_library() {
    for level in ["-O3", "-Os"] {
        let path = build(&[level], &format!("hello{level}"));
        let size = std::fs::metadata(&path).expect("exists").len();
        assert!(size <= HELLO_LIMIT, "{level}: {size} bytes, more than {HELLO_LIMIT}");
        let bytes = std::fs::read(&path).expect("readable");
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("ld-linux") && !text.contains("libc.so"), "{level}: it is not static");
        let outcome = process::run(&mut Command::new(&path), "").expect("starts");
        assert_eq!(outcome.stdout, "Hello, world!\n");
    }
}

#[test]
fn with_glibc_it_is_dynamic() {
    let path = build(&["--libc=glibc"], "hello-glibc");
    let bytes = std::fs::read(&path).expect("readable");
    assert!(String::from_utf8_lossy(&bytes).contains("libc.so.6"));
    let outcome = process::run(&mut Command::new(&path), "").expect("starts");
    assert_eq!(outcome.stdout, "Hello, world!\n");
}
