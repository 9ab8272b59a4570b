//! Machine code: from the LLVM dialect to LLVM IR, objects, executables and running programs.
//!
//! The only crate that knows LLVM's optimiser and the linker. A [`Unit`] is one program; its methods are
//! called in this order, each step optional from where the caller wants to stop:
//!
//! ```text
//! Unit::translate → link_runtime → optimize → llvm_ir | assembly | object → link | run
//! ```
//!
//! `unsafe` lives in `ffi.rs` alone, the C++ in `shim/`.

mod embedded;
mod error;
mod ffi;
mod link;
mod options;

pub use error::Error;
pub use ffi::{end_with_broken_pipes, exit_now, host_cpu, llvm_version};
pub use link::{glibc_directory, link};
pub use options::{BASELINE_CPU, Libc, Memory, OptLevel, Options, Use};

/// The function that the C start code calls; the runtime's.
const ENTRY: &str = "main";
/// The function that the runtime's `main` calls; the program's.
const PROGRAM_ENTRY: &str = "mochi_main";

/// One program as LLVM IR.
pub struct Unit {
    raw: ffi::Unit,
    options: Options,
}

impl Unit {
    /// Translates a module that holds nothing but LLVM dialect.
    pub fn translate(module: &mochi_dialects::ir::Module<'_>, options: &Options) -> Result<Unit, Error> {
        check_cpu(options)?;
        let raw = ffi::Unit::translate(module.op(), options)?;
        Ok(Unit { raw, options: options.clone() })
    }

    /// Reads LLVM IR, as text or bitcode.
    pub fn parse(text: &[u8], options: &Options) -> Result<Unit, Error> {
        check_cpu(options)?;
        Ok(Unit { raw: ffi::Unit::parse(text, options)?, options: options.clone() })
    }

    /// Brings in the bodies of runtime functions that may be inlined. Nothing to do at `-O0`: nothing is inlined there.
    /// The rest of the runtime is compiled already and joins at the link.
    pub fn link_runtime(&mut self) -> Result<(), Error> {
        if self.options.opt == OptLevel::O0 {
            return Ok(());
        }
        self.raw.link_runtime(embedded::runtime(self.options.memory).bitcode)
    }

    /// Runs LLVM's pipeline for the chosen level.
    pub fn optimize(&mut self) -> Result<(), Error> {
        self.raw.optimize(PROGRAM_ENTRY, ffi::Remarks::None).map(drop)
    }

    /// As [`Unit::optimize`], returning LLVM's remarks about calls it did not inline.
    pub fn optimize_with_remarks(&mut self) -> Result<String, Error> {
        self.raw.optimize(PROGRAM_ENTRY, ffi::Remarks::MissedInlining)
    }

    /// The module as LLVM IR text.
    pub fn llvm_ir(&self) -> String {
        self.raw.print()
    }

    /// Assembly text. Consumes the unit: LLVM's back end changes the module as it goes.
    pub fn assembly(mut self) -> Result<Vec<u8>, Error> {
        self.raw.emit(ffi::FileKind::Assembly)
    }

    /// A relocatable object. Consumes the unit, as [`Unit::assembly`] does.
    pub fn object(mut self) -> Result<Vec<u8>, Error> {
        self.raw.emit(ffi::FileKind::Object)
    }
}

/// Loads an object made with [`Use::Jit`] into this process, runs it and returns its exit status.
/// A program that ends itself (a run-time error does) ends this process with it.
pub fn run(object: &[u8], program: &str, options: &Options) -> Result<i32, Error> {
    let joined = link::relocatable(object, ENTRY, options)?;
    ffi::jit_run(&joined, ENTRY, program)
}

/// LLVM only warns about a CPU it does not know, in the middle of code generation.
fn check_cpu(options: &Options) -> Result<(), Error> {
    if options.cpu == "native" || ffi::knows_cpu(options.triple(), &options.cpu) {
        Ok(())
    } else {
        Err(Error::UnknownCpu(options.cpu.clone()))
    }
}
