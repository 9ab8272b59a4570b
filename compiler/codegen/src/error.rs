//! What can go wrong below the MLIR pipeline.

use std::fmt;
use std::path::PathBuf;

/// A failure of code generation, linking or loading.
#[derive(Debug)]
pub enum Error {
    /// The module could not be turned into LLVM IR: a bug in a pass before.
    Translate(String),
    /// The runtime's bitcode does not fit the module.
    Runtime(String),
    /// LLVM refused to optimise or to emit.
    Codegen(String),
    /// The linker's messages.
    Link(String),
    /// The program could not be loaded into this process.
    Load(String),
    /// `--target-cpu` names no CPU that LLVM knows.
    UnknownCpu(String),
    /// A file of the system that `--libc=glibc` needs is not there.
    MissingFile {
        /// What was looked for.
        what: &'static str,
        /// Where.
        searched: Vec<PathBuf>,
        /// The command that brings it.
        remedy: &'static str,
    },
    /// Reading or writing a file failed.
    Io {
        /// What was being done.
        action: String,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Translate(text) => {
                write!(f, "internal error: the lowered module is not LLVM dialect:\n{text}")
            }
            Error::Runtime(text) => write!(f, "internal error: linking the runtime's bitcode failed: {text}"),
            Error::Codegen(text) => write!(f, "internal error: LLVM failed: {text}"),
            Error::Link(text) => write!(f, "linking failed:\n{text}"),
            Error::Load(text) => write!(f, "internal error: the program could not be loaded: {text}"),
            Error::UnknownCpu(name) => write!(
                f,
                "unknown CPU `{name}`: try `native`, `x86-64`, `x86-64-v3`, or a name that `llc -mcpu=help` prints"
            ),
            Error::MissingFile { what, searched, remedy } => {
                write!(f, "{what} not found; looked in")?;
                for path in searched {
                    write!(f, " {}", path.display())?;
                }
                write!(f, "; next: {remedy}")
            }
            Error::Io { action, source } => write!(f, "{action}: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
