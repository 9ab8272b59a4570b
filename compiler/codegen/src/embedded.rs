//! Files that the compiler carries with it, so that the installed compiler is one file.

/// One form of the runtime.
pub(crate) struct Runtime {
    /// The bodies that are worth inlining, as LLVM bitcode; linked into optimised programs.
    pub(crate) bitcode: &'static [u8],
    /// Everything as an object; linked into every program, which keeps what it reaches.
    pub(crate) object: &'static [u8],
}

/// The runtime of usual programs.
static USUAL: Runtime = Runtime {
    bitcode: include_bytes!(concat!(env!("OUT_DIR"), "/runtime-inline.bc")),
    object: include_bytes!(concat!(env!("OUT_DIR"), "/runtime.o")),
};
/// The runtime of programs that count what they allocate.
static COUNTING: Runtime = Runtime {
    bitcode: include_bytes!(concat!(env!("OUT_DIR"), "/runtime-counting-inline.bc")),
    object: include_bytes!(concat!(env!("OUT_DIR"), "/runtime-counting.o")),
};

/// The runtime that fits the choices.
pub(crate) fn runtime(options: &crate::Options) -> &'static Runtime {
    if options.count_allocations { &COUNTING } else { &USUAL }
}

/// musl's start code and library.
pub(crate) static CRT1: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crt1.o"));
pub(crate) static CRTI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crti.o"));
pub(crate) static CRTN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-crtn.o"));
pub(crate) static LIBC: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/musl-libc.a"));
