//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use mochi_driver::{ErrorFormat, IntMode, Libc, OptLevel, Phase, Warnings};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mochi run hello.mochi                    compile in memory and run
  mochi run -e 'print(6 * 7)'              run a line of code
  mochi build hello.mochi -o hello         a static executable that needs nothing
  mochi build hello.mochi --emit=affine    see the loops before they are lowered
  mochi test examples/                     run the test blocks below a directory
  mochi check hello.mochi                  report errors, compile nothing
  mochi lint hello.mochi                   show what is dynamically typed, and why
  mochi explain T008                       what an error code means

Exit status: 0 done; 1 errors in the program, failed tests, run-time error;
2 wrong usage; 70 a bug in the compiler, or a missing part of the system (see `mochi doctor`).
MOCHI_LOG=debug shows what the compiler does.";

/// A native compiler for the Mochi language.
#[derive(Debug, Parser)]
#[command(name = "mochi", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// Make everything the strict type checker finds an error
    #[arg(long, global = true)]
    strict: bool,
    /// How to show errors and warnings
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    error_format: Format,
    /// Whether to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Source lines with the place marked
    Text,
    /// One JSON object per line
    Json,
    /// One line each: FILE:LINE:COLUMN: CODE: MESSAGE
    Short,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Color {
    /// In a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

/// What every subcommand wants to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Common {
    pub(crate) strict: bool,
    pub(crate) format: ErrorFormat,
    pub(crate) color: bool,
}

impl Arguments {
    pub(crate) fn common(&self) -> Common {
        use std::io::IsTerminal as _;
        let format = match self.error_format {
            Format::Text => ErrorFormat::Text,
            Format::Json => ErrorFormat::Json,
            Format::Short => ErrorFormat::Short,
        };
        let color = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && std::io::stderr().is_terminal()
            }
        };
        Common { strict: self.strict, format, color }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compile a program to an executable, or show any stage on the way
    Build(Build),
    /// Compile a program in memory and run it
    Run(Run),
    /// Run the `test` blocks of programs
    Test(Test),
    /// Report errors and warnings, compile nothing
    Check(Check),
    /// Report errors, warnings, and what is dynamically typed, and why
    Lint(Lint),
    /// Explain an error code
    Explain(Explain),
    /// Show what the compiler is made of and whether all it needs is there
    Doctor,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct IntArgument {
    /// What integers do on overflow: stop with an error, wrap around, or grow without limit
    #[arg(long = "int", value_name = "MODE", default_value = "check", value_parser = ["check", "wrap", "exact"])]
    pub(crate) mode: String,
}

/// Choices that change the code, common to `build` and `run`.
#[derive(Clone, Debug, Args)]
pub(crate) struct CodeArguments {
    /// Keep debug information: line tables and variables for gdb and lldb
    #[arg(short = 'g', long)]
    pub(crate) debug: bool,
    #[command(flatten)]
    int: IntArgument,
    /// A CPU name of LLVM, or `native` for this machine's
    #[arg(long, value_name = "CPU")]
    pub(crate) target_cpu: Option<String>,
    /// Show how long each stage took
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text", value_parser = ["text", "json"])]
    pub(crate) timings: Option<String>,
    /// Warnings: `none` hides them, `error` makes them errors
    #[arg(short = 'W', value_name = "LEVEL", default_value = "show", value_parser = ["show", "none", "error"])]
    warnings: String,
    /// Run MLIR's verifier after each pass
    #[arg(long)]
    pub(crate) verify_each: bool,
    /// Let the program count its allocations; it shows them at its end if MOCHI_ALLOC_STATS=1
    #[arg(long)]
    pub(crate) count_allocations: bool,
    /// Show the module after a pass (may be repeated), or after `all`
    #[arg(long, value_name = "PASS")]
    pub(crate) print_ir_after: Vec<String>,
}

impl CodeArguments {
    pub(crate) fn int(&self) -> IntMode {
        match self.int.mode.as_str() {
            "wrap" => IntMode::Wrap,
            "exact" => IntMode::Exact,
            _ => IntMode::Check,
        }
    }

    pub(crate) fn warnings(&self) -> Warnings {
        match self.warnings.as_str() {
            "none" => Warnings::Hide,
            "error" => Warnings::Deny,
            _ => Warnings::Show,
        }
    }
}

const BUILD_EXAMPLES: &str = "\
Examples:
  mochi build life.mochi                     writes ./life
  mochi build life.mochi -O0 -g -o life      for gdb
  mochi build life.mochi --emit=mochi        the first intermediate form, on standard output
  mochi build life.mochi --emit=asm -o -     assembly
  mochi build life.mochi --print-pipeline    the passes, as text for `mochi-opt --pass-pipeline=…`

Stages for --emit: ast, types, mochi, mochi-opt, affine, scf, llvm, llvm-ir, asm, obj, exe";

#[derive(Debug, Args)]
#[command(after_help = BUILD_EXAMPLES)]
pub(crate) struct Build {
    /// The program
    #[arg(required_unless_present_any = ["print_pipeline", "explain_pipeline"])]
    pub(crate) file: Option<PathBuf>,
    /// Where to write; `-` is standard output [default: the program's name; text: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Optimise: 0, 1, 2, 3, or s for size
    #[arg(short = 'O', value_name = "LEVEL", default_value = "3")]
    pub(crate) opt: OptLevel,
    /// Stop at this stage and write it
    #[arg(long, value_name = "STAGE", default_value = "exe")]
    pub(crate) emit: Phase,
    /// The C library to link with: musl (static) or glibc (dynamic)
    #[arg(long, value_name = "NAME", default_value = "musl")]
    pub(crate) libc: Libc,
    /// For valgrind: give each object a block of its own and announce it, so that memcheck sees into the program's memory
    #[arg(long, conflicts_with = "count_allocations")]
    pub(crate) check_memory: bool,
    /// Print source locations in MLIR stages; by default only in `mochi`, which is what `mochi-opt` reads
    #[arg(long, value_name = "WHEN", default_value = "auto", value_parser = ["auto", "always", "never"])]
    pub(crate) locations: String,
    /// Print the pipeline up to the stage of --emit and stop
    #[arg(long)]
    pub(crate) print_pipeline: bool,
    /// Print every pass with the reason for its place, and stop
    #[arg(long)]
    pub(crate) explain_pipeline: bool,
    #[command(flatten)]
    pub(crate) code: CodeArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "The program's output and exit status are passed on; a run-time error gives 1.")]
pub(crate) struct Run {
    /// The program
    #[arg(required_unless_present = "code_text")]
    pub(crate) file: Option<PathBuf>,
    /// Run this code instead of a file
    #[arg(short = 'e', value_name = "CODE", conflicts_with = "file")]
    pub(crate) code_text: Option<String>,
    /// Print the syntax tree instead of running
    #[arg(long)]
    pub(crate) ast: bool,
    /// Optimise: 0, 1, 2, 3, or s
    #[arg(short = 'O', value_name = "LEVEL", default_value = "2")]
    pub(crate) opt: OptLevel,
    /// Run all but the test blocks, and of these the one with this number
    #[arg(long, hide = true, value_name = "INDEX")]
    pub(crate) only_test: Option<usize>,
    #[command(flatten)]
    pub(crate) code: CodeArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "Each test runs as a program of its own: all other top-level statements and that block.")]
pub(crate) struct Test {
    #[command(flatten)]
    pub(crate) int: IntArgument,
    /// Programs, or directories to search for *.mochi
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The programs
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

const LINT_HELP: &str = "\
Where inference finds no static type, a value becomes `any`: it is boxed, and its type is looked up when the program runs.
Each place where that begins is reported once; what flows from there is not, nor what the program itself calls `any`.
`mochi explain M010` has an example; `mochi build --emit=types` shows all types.";

#[derive(Debug, Args)]
#[command(after_help = LINT_HELP)]
pub(crate) struct Lint {
    /// The programs
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Make every report an error, so that the exit status is 1
    #[arg(long)]
    pub(crate) deny: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example: mochi explain T008")]
pub(crate) struct Explain {
    /// A code such as T008 or P030, or its name such as type-mismatch; none lists all
    pub(crate) code: Option<String>,
}
