//! Files that the compiler carries with it, so that the installed compiler is one file.

/// The bodies of the runtime that are worth inlining, as LLVM bitcode; linked into optimised programs.
pub(crate) static RUNTIME_BITCODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime-inline.bc"));
/// What programs have in common of the runtime, as an object; linked into every program, which keeps what it reaches.
pub(crate) static RUNTIME_OBJECT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.o"));
/// The rest of the runtime, as an archive.
pub(crate) static RUNTIME_ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/outside.a"));

/// musl's start code and library.
pub(crate) static CRT1: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crt1.o"));
pub(crate) static CRTI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crti.o"));
pub(crate) static CRTN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crtn.o"));
pub(crate) static LIBC: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-libc.a"));
