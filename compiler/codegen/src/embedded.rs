//! Files that the compiler carries with it, so that the installed compiler is one file.

/// The runtime as LLVM bitcode; linked into optimised programs and into the JIT.
pub(crate) static RUNTIME_BITCODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.bc"));
/// The runtime and what it needs of Rust's core library, as an archive; linked into -O0 programs.
pub(crate) static RUNTIME_ARCHIVE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.a"));

/// musl's start code and library.
pub(crate) static CRT1: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crt1.o"));
pub(crate) static CRTI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crti.o"));
pub(crate) static CRTN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crtn.o"));
pub(crate) static LIBC: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-libc.a"));
