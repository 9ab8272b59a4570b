//! The C library as seen by the runtime: system call wrappers and nothing that keeps state of its own.

use core::ffi::{c_char, c_int, c_void};

pub const STDIN: c_int = 0;
pub const STDOUT: c_int = 1;
pub const STDERR: c_int = 2;

pub const PROT_NONE: c_int = 0;
pub const PROT_READ_WRITE: c_int = 3;
pub const MAP_PRIVATE_ANONYMOUS: c_int = 0x22;
pub const MAP_NORESERVE: c_int = 0x4000;
pub const MREMAP_MAYMOVE: c_int = 1;
pub const O_RDONLY: c_int = 0;
/// `O_WRONLY | O_CREAT | O_TRUNC`
pub const O_REPLACE: c_int = 0o1101;
pub const ENOENT: c_int = 2;
pub const EINTR: c_int = 4;
pub const CLOCK_REALTIME: c_int = 0;
pub const CLOCK_MONOTONIC: c_int = 1;
pub const SIGSEGV: c_int = 11;
pub const SIGBUS: c_int = 7;
pub const SA_SIGINFO: c_int = 4;
pub const SA_ONSTACK: c_int = 0x0800_0000;

/// `struct timespec` of 64-bit Linux.
#[repr(C)]
pub struct TimeSpec {
    pub seconds: i64,
    pub nanoseconds: i64,
}

/// `struct sigaction` as both musl and glibc lay it out on 64-bit Linux.
#[repr(C)]
pub struct SigAction {
    pub handler: *const c_void,
    pub mask: [u64; 16],
    pub flags: c_int,
    pub restorer: *const c_void,
}

/// `stack_t`.
#[repr(C)]
pub struct SigStack {
    pub base: *mut c_void,
    pub flags: c_int,
    pub size: usize,
}

unsafe extern "C" {
    pub fn write(fd: c_int, data: *const u8, size: usize) -> isize;
    pub fn read(fd: c_int, data: *mut u8, size: usize) -> isize;
    pub fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    pub fn close(fd: c_int) -> c_int;
    pub fn strerror(error: c_int) -> *const c_char;
    fn __errno_location() -> *mut c_int;
    pub fn isatty(fd: c_int) -> c_int;
    pub fn mmap(
        address: *mut c_void,
        size: usize,
        protection: c_int,
        flags: c_int,
        fd: c_int,
        offset: i64,
    ) -> *mut c_void;
    pub fn munmap(address: *mut c_void, size: usize) -> c_int;
    pub fn mremap(address: *mut c_void, old: usize, new: usize, flags: c_int, ...) -> *mut c_void;
    pub fn mprotect(address: *mut c_void, size: usize, protection: c_int) -> c_int;
    pub fn sigaction(signal: c_int, new: *const SigAction, old: *mut SigAction) -> c_int;
    pub fn sigaltstack(new: *const SigStack, old: *mut SigStack) -> c_int;
    pub fn clock_gettime(clock: c_int, time: *mut TimeSpec) -> c_int;
    pub fn getenv(name: *const c_char) -> *const c_char;
    pub fn sqrt(value: f64) -> f64;
    pub fn _exit(status: c_int) -> !;
    pub static environ: *const *const c_char;
}

/// The error of the last call that failed.
pub unsafe fn error() -> c_int {
    *__errno_location()
}

/// Fresh zeroed pages, or null.
pub unsafe fn map_pages(size: usize) -> *mut u8 {
    let pages = mmap(core::ptr::null_mut(), size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    if pages as isize == -1 { core::ptr::null_mut() } else { pages.cast() }
}

/// Writes all bytes; false if that failed.
pub unsafe fn write_all(fd: c_int, mut data: *const u8, mut size: usize) -> bool {
    while size > 0 {
        let written = write(fd, data, size);
        if written <= 0 {
            return false;
        }
        data = data.add(written as usize);
        size -= written as usize;
    }
    true
}

/// Length of a null-terminated string.
pub unsafe fn c_length(text: *const u8) -> usize {
    let mut length = 0;
    while *text.add(length) != 0 {
        length += 1;
    }
    length
}

/// The bytes of a null-terminated string; empty for null.
pub unsafe fn c_bytes<'a>(text: *const u8) -> &'a [u8] {
    if text.is_null() {
        return &[];
    }
    core::slice::from_raw_parts(text, c_length(text))
}

/// An environment variable; `name` ends with a zero byte.
pub unsafe fn env(name: &[u8]) -> Option<&'static [u8]> {
    let value = getenv(name.as_ptr().cast());
    if value.is_null() { None } else { Some(c_bytes(value.cast())) }
}
