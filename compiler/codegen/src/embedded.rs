//! Files that the compiler carries with it, so that the installed compiler is one file.

use crate::options::Memory;

/// One form of the runtime.
pub(crate) struct Runtime {
    /// The bodies that are worth inlining, as LLVM bitcode; linked into optimised programs.
    pub(crate) bitcode: &'static [u8],
    /// What programs have in common, as an object; linked into every program, which keeps what it reaches.
    pub(crate) object: &'static [u8],
    /// The rest, as an archive.
    pub(crate) archive: &'static [u8],
}

/// The files of a form, by the start of their names in the build script.
macro_rules! form {
    ($name:literal) => {
        Runtime {
            bitcode: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, "-inline.bc")),
            object: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".o")),
            archive: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, "-outside.a")),
        }
    };
}

static FAST: Runtime = form!("runtime");
static COUNTED: Runtime = form!("counting");
static CHECKED: Runtime = form!("checked");

/// The form for a way to manage memory.
pub(crate) fn runtime(memory: Memory) -> &'static Runtime {
    match memory {
        Memory::Fast => &FAST,
        Memory::Counted => &COUNTED,
        Memory::Checked => &CHECKED,
    }
}

/// musl's start code and library.
pub(crate) static CRT1: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crt1.o"));
pub(crate) static CRTI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crti.o"));
pub(crate) static CRTN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crtn.o"));
pub(crate) static LIBC: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-libc.a"));
