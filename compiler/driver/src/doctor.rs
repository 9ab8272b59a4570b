//! What the compiler is made of and whether what it may need from the system is there.

use mochi_codegen::{glibc_directory, host_cpu, llvm_version};
use std::path::Path;

/// One line of `mochi doctor`.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked for.
    pub name: &'static str,
    /// What was found, and where.
    pub found: String,
    /// The next command, when something is missing.
    pub remedy: Option<String>,
    /// Without it nothing works; the rest is for single options and tools.
    pub required: bool,
}

impl Finding {
    fn there(name: &'static str, found: impl Into<String>) -> Self {
        Finding { name, found: found.into(), remedy: None, required: true }
    }
}

/// Looks at everything.
pub fn doctor() -> Vec<Finding> {
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    let mut findings = vec![
        Finding::there("mochi", format!("{} ({profile} build)", env!("CARGO_PKG_VERSION"))),
        Finding::there("LLVM and MLIR", format!("{}, inside the compiler", llvm_version())),
        Finding::there("linker", "LLD, inside the compiler"),
        Finding::there("runtime", "bitcode and object, inside the compiler"),
        Finding::there("C library", "musl, inside the compiler (--libc=musl)"),
        Finding::there("CPU", format!("{} (--target-cpu=native)", host_cpu())),
    ];
    findings.push(memory_files());
    findings.push(match glibc_directory() {
        Ok(directory) => {
            Finding { required: false, ..Finding::there("glibc", format!("{} (--libc=glibc)", directory.display())) }
        }
        Err(error) => Finding {
            name: "glibc",
            found: format!("{error} (only for --libc=glibc)"),
            remedy: Some("apt-get install libc6-dev".to_owned()),
            required: false,
        },
    });
    findings.push(tool("gdb", "debugging programs built with -g"));
    findings
}

/// The linker reads its inputs through these.
fn memory_files() -> Finding {
    let found = Path::new("/proc/self/fd").is_dir();
    Finding {
        name: "/proc",
        found: if found { "mounted; the linker reads in-memory files" } else { "not mounted; linking needs it" }
            .to_owned(),
        remedy: (!found).then(|| "mount -t proc proc /proc".to_owned()),
        required: true,
    }
}

fn tool(name: &'static str, purpose: &str) -> Finding {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::split_paths(&paths).map(|directory| directory.join(name)).find(|path| path.is_file());
    Finding {
        name,
        found: match &path {
            Some(path) => format!("{} ({purpose})", path.display()),
            None => format!("not on the search path ({purpose})"),
        },
        remedy: path.is_none().then(|| format!("apt-get install {name}")),
        required: false,
    }
}
