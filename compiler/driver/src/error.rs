//! Why a session stops.

use mochi_pipelines::PipelineError;
use std::fmt;
use std::path::PathBuf;

/// A reason to stop. Mistakes in the program are reports of the session; here only stands that there are some.
#[derive(Debug)]
pub enum Error {
    /// The program has errors; the session's reports say which.
    Reported,
    /// There is no such file.
    NotFound(PathBuf),
    /// The request makes no sense.
    Usage(String),
    /// Reading or writing failed.
    Io {
        /// What was being done.
        action: String,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A pass failed. Our fault.
    Pipeline {
        /// Which, and what it said.
        error: PipelineError,
        /// A file with all that is needed to see it again.
        reproducer: Option<PathBuf>,
    },
    /// The back end failed.
    Codegen(mochi_codegen::Error),
    /// A part of the compiler broke one of its own rules.
    Internal(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Reported => f.write_str("the program has errors"),
            Error::NotFound(path) => write!(f, "file not found: {}", path.display()),
            Error::Usage(text) => f.write_str(text),
            Error::Io { action, source } => write!(f, "{action}: {source}"),
            Error::Pipeline { error, reproducer } => {
                write!(f, "internal error: {error}")?;
                if let Some(path) = reproducer {
                    write!(
                        f,
                        "\nthis is a bug in the compiler; to see it again: mochi-opt --run-reproducer {}",
                        path.display()
                    )?;
                }
                Ok(())
            }
            Error::Codegen(error) => error.fmt(f),
            Error::Internal(text) => {
                write!(f, "internal error: {text}\nthis is a bug in the compiler; please report it with the program")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            Error::Pipeline { error, .. } => Some(error),
            Error::Codegen(error) => Some(error),
            _ => None,
        }
    }
}

impl From<mochi_codegen::Error> for Error {
    /// What the user can put right is told as such.
    fn from(error: mochi_codegen::Error) -> Self {
        match error {
            mochi_codegen::Error::Io { action, source } => Error::Io { action, source },
            mochi_codegen::Error::UnknownCpu(_) => Error::Usage(error.to_string()),
            other => Error::Codegen(other),
        }
    }
}
