//! Building text: decimal digits and a growing string.

use crate::string;
use mochi_runtime_abi::String;

/// Pairs of digits, so that numbers are converted two digits per division.
static PAIRS: [u8; 200] = {
    let mut pairs = [0; 200];
    let mut index = 0;
    while index < 100 {
        pairs[2 * index] = b'0' + (index / 10) as u8;
        pairs[2 * index + 1] = b'0' + (index % 10) as u8;
        index += 1;
    }
    pairs
};

/// The decimal text of an integer.
pub struct Digits {
    buffer: [u8; 24],
    start: usize,
}

impl Digits {
    #[inline(never)]
    pub fn new(value: i64) -> Self {
        let mut digits = Digits { buffer: [0; 24], start: 24 };
        // SAFETY: 20 characters at most are written downwards from 24; pair indices are below 200.
        unsafe {
            let out = digits.buffer.as_mut_ptr();
            let mut at = 24;
            let mut rest = value.unsigned_abs();
            while rest >= 100 {
                let pair = (rest % 100) as usize * 2;
                rest /= 100;
                at -= 2;
                core::ptr::copy_nonoverlapping(PAIRS.as_ptr().add(pair), out.add(at), 2);
            }
            if rest >= 10 {
                at -= 2;
                core::ptr::copy_nonoverlapping(PAIRS.as_ptr().add(rest as usize * 2), out.add(at), 2);
            } else {
                at -= 1;
                *out.add(at) = b'0' + rest as u8;
            }
            if value < 0 {
                at -= 1;
                *out.add(at) = b'-';
            }
            digits.start = at;
        }
        digits
    }

    #[inline]
    pub fn as_ptr(&self) -> *const u8 {
        // SAFETY: `start` is within the buffer.
        unsafe { self.buffer.as_ptr().add(self.start) }
    }

    #[inline]
    // Nobody asks whether it is empty.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        24 - self.start
    }

    #[inline]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the bytes from `start` on are written.
        unsafe { core::slice::from_raw_parts(self.as_ptr(), self.len()) }
    }
}

/// A string under construction.
pub struct Text {
    string: *mut String,
}

impl Text {
    pub fn new() -> Self {
        // SAFETY: plain allocation.
        Text { string: unsafe { string::with_capacity(32) } }
    }

    pub fn with_capacity(bytes: usize) -> Self {
        // SAFETY: plain allocation.
        Text { string: unsafe { string::with_capacity(bytes) } }
    }

    #[inline(never)]
    pub fn push(&mut self, bytes: &[u8]) {
        // SAFETY: the string is unique and owned by `self`.
        unsafe { self.string = string::append_bytes(self.string, bytes.as_ptr(), bytes.len()) }
    }

    #[inline]
    pub fn push_byte(&mut self, byte: u8) {
        self.push(&[byte]);
    }

    /// Appends a code point as UTF-8.
    pub fn push_char(&mut self, char: char) {
        let mut buffer = [0; 4];
        self.push(char.encode_utf8(&mut buffer).as_bytes());
    }

    pub fn push_int(&mut self, value: i64) {
        self.push(Digits::new(value).bytes());
    }

    #[inline]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the string lives as long as `self`.
        unsafe { string::bytes(self.string) }
    }

    /// The finished string object, owned by the caller.
    pub fn finish(self) -> *mut String {
        let string = self.string;
        core::mem::forget(self);
        string
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        // SAFETY: the string is unique and owned by `self`.
        unsafe { string::free(self.string) }
    }
}

impl core::fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn digits_of_integers() {
        for value in [0, 1, 9, 10, 99, 100, 101, 12345, -1, -10, -99, -100, i64::MAX, i64::MIN] {
            assert_eq!(Digits::new(value).bytes(), value.to_string().as_bytes());
        }
    }
}
