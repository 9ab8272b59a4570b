//! Standard input, line by line.

use crate::text::Text;
use crate::{print, string, sys};
use mochi_runtime_abi::String;

const CAPACITY: usize = 64 << 10;

static mut BUFFER: [u8; CAPACITY] = [0; CAPACITY];
static mut START: usize = 0;
static mut END: usize = 0;
/// Whether somebody sits at the other end: 0 unknown, 1 no, 2 yes.
static mut INTERACTIVE: u8 = 0;

/// Refills the empty buffer; false at the end of input.
#[inline(never)]
unsafe fn fill() -> bool {
    if INTERACTIVE == 0 {
        INTERACTIVE = 1 + u8::from(sys::isatty(sys::STDIN) == 1);
    }
    if INTERACTIVE == 2 {
        print::flush();
    }
    let count = sys::read(sys::STDIN, BUFFER.as_mut_ptr(), CAPACITY);
    START = 0;
    END = count.max(0) as usize;
    count > 0
}

/// The rest of the input, after the lines that were read already.
pub unsafe fn rest(text: &mut Text) {
    while START != END || fill() {
        text.push(core::slice::from_raw_parts(BUFFER.as_ptr().add(START), END - START));
        START = END;
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_input() -> *mut String {
    let mut line: *mut String = core::ptr::null_mut();
    loop {
        if START == END && !fill() {
            break;
        }
        let rest = core::slice::from_raw_parts(BUFFER.as_ptr().add(START), END - START);
        let end = rest.iter().position(|byte| *byte == b'\n');
        let part = rest.get_unchecked(..end.unwrap_or(rest.len()));
        if line.is_null() {
            line = string::new(part);
        } else {
            line = string::append_bytes(line, part.as_ptr(), part.len());
        }
        START += part.len() + usize::from(end.is_some());
        if end.is_some() {
            break;
        }
    }
    if line.is_null() {
        return string::empty();
    }
    if let [.., b'\r'] = string::bytes(line) {
        (*line).len -= 1;
        (*line).chars -= 1;
    }
    line
}
