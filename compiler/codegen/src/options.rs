//! What a caller may choose about machine code.

use std::fmt;
use std::str::FromStr;

/// How hard to optimise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OptLevel {
    /// No optimisation: the fastest build, the runtime linked as an archive.
    O0,
    /// Cheap optimisations.
    O1,
    /// The default for `mochi run`.
    O2,
    /// The default for `mochi build`.
    O3,
    /// Small code first.
    Os,
}

impl OptLevel {
    /// The letter after `-O`.
    pub fn letter(self) -> &'static str {
        match self {
            OptLevel::O0 => "0",
            OptLevel::O1 => "1",
            OptLevel::O2 => "2",
            OptLevel::O3 => "3",
            OptLevel::Os => "s",
        }
    }

    /// LLVM's two numbers: speed and size.
    pub(crate) fn speed_and_size(self) -> (i32, i32) {
        match self {
            OptLevel::O0 => (0, 0),
            OptLevel::O1 => (1, 0),
            OptLevel::O2 => (2, 0),
            OptLevel::O3 => (3, 0),
            OptLevel::Os => (2, 1),
        }
    }
}

impl FromStr for OptLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "0" => Ok(OptLevel::O0),
            "1" => Ok(OptLevel::O1),
            "2" => Ok(OptLevel::O2),
            "3" => Ok(OptLevel::O3),
            "s" => Ok(OptLevel::Os),
            _ => Err(format!("unknown optimisation level `{text}`: choose 0, 1, 2, 3 or s")),
        }
    }
}

impl fmt::Display for OptLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.letter())
    }
}

/// The C library an executable is linked with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Libc {
    /// Static musl, carried inside the compiler: small, starts fast, needs nothing.
    #[default]
    Musl,
    /// The system's glibc, dynamic: for programs that load shared libraries.
    Glibc,
}

impl FromStr for Libc {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "musl" => Ok(Libc::Musl),
            "glibc" => Ok(Libc::Glibc),
            _ => Err(format!("unknown C library `{text}`: choose musl or glibc")),
        }
    }
}

/// What the machine code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// An executable file.
    Executable,
    /// This process: code must reach libraries that lie anywhere.
    Jit,
}

/// How the program's memory is managed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// As fast as can be.
    #[default]
    Fast,
    /// What is allocated is counted.
    Counted,
    /// Every object has a block of its own that valgrind is told about.
    Checked,
}

/// All choices together.
#[derive(Clone, Debug)]
pub struct Options {
    /// How hard to optimise.
    pub opt: OptLevel,
    /// Keep debug information in the result.
    pub debug: bool,
    /// The C library of an executable.
    pub libc: Libc,
    /// A CPU name of LLVM, or `native`.
    pub cpu: String,
    /// Where the code will run.
    pub purpose: Use,
    pub memory: Memory,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            opt: OptLevel::O3,
            debug: false,
            libc: Libc::Musl,
            cpu: BASELINE_CPU.to_owned(),
            purpose: Use::Executable,
            memory: Memory::Fast,
        }
    }
}

/// The CPU every machine of the architecture has, as rustc names it.
#[cfg(target_arch = "x86_64")]
pub const BASELINE_CPU: &str = "x86-64";
#[cfg(target_arch = "aarch64")]
pub const BASELINE_CPU: &str = "generic";

impl Options {
    /// The LLVM target triple.
    pub fn triple(&self) -> &'static str {
        match (self.purpose, self.libc) {
            (Use::Executable, Libc::Musl) => MUSL_TRIPLE,
            (Use::Executable, Libc::Glibc) | (Use::Jit, _) => GNU_TRIPLE,
        }
    }

    /// Static executables lie at a fixed address; everything else moves.
    pub(crate) fn position_independent(&self) -> bool {
        self.purpose == Use::Jit || self.libc == Libc::Glibc
    }
}

#[cfg(target_arch = "x86_64")]
const MUSL_TRIPLE: &str = "x86_64-unknown-linux-musl";
#[cfg(target_arch = "x86_64")]
const GNU_TRIPLE: &str = "x86_64-unknown-linux-gnu";
#[cfg(target_arch = "aarch64")]
const MUSL_TRIPLE: &str = "aarch64-unknown-linux-musl";
#[cfg(target_arch = "aarch64")]
const GNU_TRIPLE: &str = "aarch64-unknown-linux-gnu";
