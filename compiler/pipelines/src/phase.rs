//! The phases of a compilation: one list of words for `--emit`, dumps, timings, tests and documentation.

use std::fmt;
use std::str::FromStr;

/// How far a program has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The syntax tree.
    Ast,
    /// The program with every expression's type.
    Types,
    /// The `mochi` dialect as it was emitted.
    Mochi,
    /// The `mochi` dialect after its own passes: counts and checks explicit.
    MochiOpt,
    /// Loops over lists in the `affine` dialect, where they fit it.
    Affine,
    /// Other structured control flow in the `scf` dialect.
    Scf,
    /// The `llvm` dialect: nothing else is left.
    Llvm,
    /// LLVM IR after LLVM's own optimisation, the runtime linked in.
    LlvmIr,
    /// Assembly text.
    Asm,
    /// A relocatable object.
    Obj,
    /// An executable.
    Exe,
}

impl Phase {
    /// In order.
    pub const ALL: [Phase; 11] = [
        Phase::Ast,
        Phase::Types,
        Phase::Mochi,
        Phase::MochiOpt,
        Phase::Affine,
        Phase::Scf,
        Phase::Llvm,
        Phase::LlvmIr,
        Phase::Asm,
        Phase::Obj,
        Phase::Exe,
    ];

    /// The word of the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Phase::Ast => "ast",
            Phase::Types => "types",
            Phase::Mochi => "mochi",
            Phase::MochiOpt => "mochi-opt",
            Phase::Affine => "affine",
            Phase::Scf => "scf",
            Phase::Llvm => "llvm",
            Phase::LlvmIr => "llvm-ir",
            Phase::Asm => "asm",
            Phase::Obj => "obj",
            Phase::Exe => "exe",
        }
    }

    /// Whether the program is an MLIR module in this phase.
    pub const fn is_mlir(self) -> bool {
        matches!(self, Phase::Mochi | Phase::MochiOpt | Phase::Affine | Phase::Scf | Phase::Llvm)
    }

    /// The dialects that must be gone at the end of the phase.
    pub const fn forbidden_dialects(self) -> &'static [&'static str] {
        match self {
            Phase::Ast | Phase::Types | Phase::Mochi | Phase::MochiOpt | Phase::Affine => &[],
            Phase::Scf => &["affine"],
            Phase::Llvm | Phase::LlvmIr | Phase::Asm | Phase::Obj | Phase::Exe => {
                &["affine", "scf", "cf", "mochi", "func", "arith", "math", "memref", "index"]
            }
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Phase {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Phase::ALL.into_iter().find(|phase| phase.name() == text).ok_or_else(|| {
            let names: Vec<&str> = Phase::ALL.iter().map(|phase| phase.name()).collect();
            format!("unknown phase `{text}`: choose from {}", names.join(", "))
        })
    }
}
