//! Buffered standard output and the `print` of everything that needs no formatter.

use crate::{string, sys};
use mochi_runtime_abi::{EXIT_ERROR, String};

const CAPACITY: usize = 64 << 10;

static mut BUFFER: [u8; CAPACITY] = [0; CAPACITY];
static mut USED: usize = 0;
/// Where the line of a `print` with many arguments collects until it is trimmed; null otherwise.
static mut LINE: *mut String = core::ptr::null_mut();

/// Writes everything buffered.
#[inline(never)]
pub unsafe fn flush() {
    if USED > 0 {
        let used = USED;
        USED = 0;
        write_out(BUFFER.as_ptr(), used);
    }
}

/// A program whose output gets lost must not look as if it had succeeded. No report of the usual form: every program has
/// this code.
#[inline(never)]
unsafe fn write_out(data: *const u8, size: usize) {
    if !sys::write_all(sys::STDOUT, data, size) {
        let message = b"error: cannot write output\n";
        sys::write(sys::STDERR, message.as_ptr(), message.len());
        sys::_exit(EXIT_ERROR);
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_flush() {
    flush();
}

/// Makes room for `size` bytes, or says that they will never fit.
#[inline(never)]
#[cold]
unsafe fn make_room(size: usize) -> bool {
    flush();
    size <= CAPACITY
}

/// Writes bytes to the buffer, not to a collected line.
#[inline]
unsafe fn put_out(data: *const u8, size: usize) {
    if CAPACITY - USED < size && !make_room(size) {
        write_out(data, size);
        return;
    }
    crate::copy::copy(data, BUFFER.as_mut_ptr().add(USED), size);
    USED += size;
}

/// Writes bytes to wherever printing currently goes.
#[inline]
pub unsafe fn put(data: *const u8, size: usize) {
    if LINE.is_null() {
        put_out(data, size);
    } else {
        put_line(data, size);
    }
}

#[inline(never)]
#[cold]
unsafe fn put_line(data: *const u8, size: usize) {
    LINE = string::append_bytes(LINE, data, size);
}

#[inline]
unsafe fn put_byte(byte: u8) {
    put(&byte, 1);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_begin() {
    LINE = string::with_capacity(64);
}

/// Strips white space as the language defines it (any Unicode white space at both ends).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_end() {
    let line = LINE;
    LINE = core::ptr::null_mut();
    let trimmed = string::trimmed(string::bytes(line));
    put_out(trimmed.as_ptr(), trimmed.len());
    string::free(line);
    put_byte(b'\n');
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_space() {
    put_byte(b' ');
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_newline() {
    put_byte(b'\n');
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_string(text: *const String) {
    if text.is_null() {
        put(b"nil".as_ptr(), 3);
    } else {
        put(string::data(text), (*text).len as usize);
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_int(value: i64) {
    let digits = crate::text::Digits::new(value);
    put(digits.as_ptr(), digits.len());
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_bool(value: u64) {
    let text: &[u8] = if value != 0 { b"true" } else { b"false" };
    put(text.as_ptr(), text.len());
}
