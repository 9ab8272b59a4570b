//! Strings: UTF-8 bytes with a known number of code points.
//!
//! A code point starts at every byte that is not a continuation byte. That rule is additive under concatenation,
//! cheap to count, and gives every string, valid UTF-8 or not, consistent indices. When the number of code
//! points equals the number of bytes, byte and code point indices coincide; all operations test that first.

pub mod case;
pub mod search;
pub mod transform;

use crate::copy::copy;
use crate::panic::{self, Position};
use crate::{alloc, object};
use core::ptr::{addr_of, addr_of_mut};
use mochi_runtime_abi::{ASCII_STRING_SIZE, IMMORTAL, String};

pub const HEADER: usize = size_of::<String>();

/// A static string with up to eight bytes of data.
#[repr(C)]
pub struct Short {
    header: String,
    data: [u8; 8],
}

impl Short {
    const fn new(bytes: &[u8]) -> Self {
        let len = bytes.len();
        let mut data = [0; 8];
        let mut index = 0;
        while index < len {
            data[index] = bytes[index];
            index += 1;
        }
        Short { header: String { rc: IMMORTAL, len: len as i64, chars: len as i64, cap: 0 }, data }
    }
}

static mut EMPTY: Short = Short::new(b"");
static mut TRUE: Short = Short::new(b"true");
static mut FALSE: Short = Short::new(b"false");
/// `s[i]` of ASCII text allocates nothing: there is one string per byte, which compiled code compares by address.
/// Only the first half is used. With the second half, the address made from any byte lies in the table, which the
/// optimiser can see and so drop reference counts.
#[unsafe(no_mangle)]
// The symbol's name, as in the table of the ABI.
#[allow(non_upper_case_globals)]
pub static mut mochi_rt_string_ascii: [Short; 256] = {
    let mut table = [const { Short::new(b"?") }; 256];
    let mut index = 0;
    while index < 256 {
        table[index] = Short::new(&[index as u8]);
        index += 1;
    }
    table
};
const _: () = assert!(size_of::<Short>() == ASCII_STRING_SIZE);

#[inline]
pub unsafe fn empty() -> *mut String {
    addr_of_mut!(EMPTY.header)
}

/// The one-character string of an ASCII byte.
#[inline]
unsafe fn ascii(byte: u8) -> *mut String {
    addr_of_mut!(mochi_rt_string_ascii).cast::<Short>().add(byte as usize).cast()
}

/// The bytes of a string follow its header.
#[inline]
pub unsafe fn data(string: *const String) -> *mut u8 {
    string.cast::<u8>().cast_mut().add(HEADER)
}

#[inline]
pub unsafe fn bytes<'a>(string: *const String) -> &'a [u8] {
    core::slice::from_raw_parts(data(string), (*string).len as usize)
}

#[inline]
pub unsafe fn is_ascii(string: *const String) -> bool {
    (*string).len == (*string).chars
}

#[inline]
pub fn starts_char(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// Code points in bytes.
#[inline]
pub fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| starts_char(**byte)).count()
}

/// An empty string with room for so many bytes.
pub unsafe fn with_capacity(capacity: usize) -> *mut String {
    let size = alloc::good_size(HEADER + capacity);
    let string: *mut String = alloc::alloc(size).cast();
    string.write(String { rc: 1, len: 0, chars: 0, cap: (size - HEADER) as i64 });
    string
}

/// A new string with a copy of the bytes.
pub unsafe fn new(bytes: &[u8]) -> *mut String {
    let string = with_capacity(bytes.len());
    copy(bytes.as_ptr(), data(string), bytes.len());
    (*string).len = bytes.len() as i64;
    (*string).chars = count_chars(bytes) as i64;
    string
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_new(start: *const u8, size: i64) -> *mut String {
    new(core::slice::from_raw_parts(start, size as usize))
}

/// Frees the memory of a dynamically allocated string.
#[inline]
pub unsafe fn free(string: *mut String) {
    forget_place(string);
    alloc::free(string.cast(), HEADER + (*string).cap as usize);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_drop(string: *mut String) {
    free(string);
}

/// Releases a string; null is allowed.
#[inline]
pub unsafe fn release(string: *mut String) {
    if !string.is_null() && object::release_is_last(string.cast()) {
        mochi_rt_string_drop(string);
    }
}

#[inline]
pub unsafe fn retain(string: *const String) -> *mut String {
    let string = string.cast_mut();
    (*string).rc += 1;
    string
}

/// Appends to a unique string, which may move.
#[inline]
pub unsafe fn append_bytes(string: *mut String, start: *const u8, size: usize) -> *mut String {
    let len = (*string).len as usize;
    let mut string = string;
    if (*string).cap as usize - len < size {
        string = grow(string, size);
    }
    let end = data(string).add(len);
    copy(start, end, size);
    (*string).len = (len + size) as i64;
    (*string).chars += count_chars(core::slice::from_raw_parts(start, size)) as i64;
    string
}

/// Makes room for `extra` more bytes in a unique string, with as much again to spare.
#[inline(never)]
unsafe fn grow(string: *mut String, extra: usize) -> *mut String {
    forget_place(string);
    let (len, cap) = ((*string).len as usize, (*string).cap as usize);
    let size = alloc::good_size(HEADER + (len + extra).max(2 * cap));
    let string: *mut String = alloc::grow(string.cast(), HEADER + cap, size, HEADER + len).cast();
    (*string).cap = (size - HEADER) as i64;
    string
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_concat(left: *mut String, right: *const String) -> *mut String {
    let (len, size) = ((*left).len as usize, (*right).len as usize);
    if (*left).rc == 1 && (*left).cap as usize - len >= size {
        copy(data(right), data(left).add(len), size);
        (*left).len = (len + size) as i64;
        (*left).chars += (*right).chars;
        return left;
    }
    concat_slow(left, right)
}

#[inline(never)]
unsafe fn concat_slow(left: *mut String, right: *const String) -> *mut String {
    let (len, size) = ((*left).len as usize, (*right).len as usize);
    if size == 0 {
        return left;
    }
    if len == 0 {
        release(left);
        return retain(right);
    }
    if (*left).rc == 1 {
        // The right side is another object: a string that is also borrowed has a count of two.
        let result = grow(left, size);
        copy(data(right), data(result).add(len), size);
        (*result).len = (len + size) as i64;
        (*result).chars += (*right).chars;
        return result;
    }
    let result = with_capacity(len + size);
    copy(data(left), data(result), len);
    copy(data(right), data(result).add(len), size);
    (*result).len = (len + size) as i64;
    (*result).chars = (*left).chars + (*right).chars;
    release(left);
    result
}

/// The last place looked up in a non-ASCII string, so that a loop over indices does not start over each time.
struct Place {
    string: *const String,
    index: usize,
    offset: usize,
}

static mut LAST: Place = Place { string: core::ptr::null(), index: 0, offset: 0 };

/// Another string may come to live at the same address.
#[inline]
unsafe fn forget_place(string: *const String) {
    if LAST.string == string {
        LAST.string = core::ptr::null();
    }
}

/// Byte offset of a code point index up to and including `chars`.
pub unsafe fn offset_of(string: *const String, index: usize) -> usize {
    if is_ascii(string) {
        return index;
    }
    if index as i64 >= (*string).chars {
        return (*string).len as usize;
    }
    let (mut at, mut offset) = (0, 0);
    if addr_of!(LAST.string).read() == string && LAST.index <= index {
        (at, offset) = (LAST.index, LAST.offset);
    }
    let start = data(string);
    let len = (*string).len as usize;
    // Leading continuation bytes belong to no code point.
    while at == 0 && offset < len && !starts_char(*start.add(offset)) {
        offset += 1;
    }
    while at < index {
        offset += 1;
        while offset < len && !starts_char(*start.add(offset)) {
            offset += 1;
        }
        at += 1;
    }
    LAST = Place { string, index, offset };
    offset
}

/// End of the code point that starts at a byte offset.
unsafe fn char_end(bytes: &[u8], offset: usize) -> usize {
    let mut end = offset + 1;
    while end < bytes.len() && !starts_char(*bytes.get_unchecked(end)) {
        end += 1;
    }
    end
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_at(string: *const String, index: i64) -> *mut String {
    if is_ascii(string) {
        return ascii(*data(string).add(index as usize));
    }
    at_slow(string, index as usize)
}

#[inline(never)]
#[cold]
unsafe fn at_slow(string: *const String, index: usize) -> *mut String {
    let bytes = bytes(string);
    let offset = offset_of(string, index);
    let end = char_end(bytes, offset);
    char_string(bytes.get_unchecked(offset..end))
}

/// A string of one code point given by its bytes.
pub unsafe fn char_string(bytes: &[u8]) -> *mut String {
    match bytes {
        [byte] if *byte < 128 => ascii(*byte),
        _ => new(bytes),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_get(
    string: *const String,
    index: i64,
    file: *const u8,
    line_column: i64,
) -> *mut String {
    let len = (*string).chars;
    let at = if index < 0 { index + len } else { index };
    if at as u64 >= len as u64 {
        panic::mochi_rt_panic_string_index(index, len, file, line_column);
    }
    mochi_rt_string_at(string, at)
}

/// The bounds of `x[a:b]` for a length: negative bounds count from the end, then both are clamped.
#[inline]
pub fn slice_bounds(start: i64, end: i64, len: i64) -> (usize, usize) {
    let start = if start < 0 { start.saturating_add(len) } else { start };
    let end = if end < 0 { end.saturating_add(len) } else { end };
    let start = start.clamp(0, len);
    let end = end.min(len).max(start);
    (start as usize, end as usize)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_slice(string: *const String, start: i64, end: i64) -> *mut String {
    let (start, end) = slice_bounds(start, end, (*string).chars);
    let count = end - start;
    if count == 0 {
        return empty();
    }
    if count as i64 == (*string).chars {
        return retain(string);
    }
    let from = offset_of(string, start);
    let bytes = bytes(string);
    let to = if is_ascii(string) { end } else { offset_of(string, end) };
    let part = bytes.get_unchecked(from..to);
    if count == 1 {
        return char_string(part);
    }
    let result = with_capacity(part.len());
    copy(part.as_ptr(), data(result), part.len());
    (*result).len = part.len() as i64;
    (*result).chars = count as i64;
    result
}

#[inline]
pub unsafe fn equal(left: *const String, right: *const String) -> bool {
    left == right || ((*left).len == (*right).len && crate::copy::equal(data(left), data(right), (*left).len as usize))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_equal(left: *const String, right: *const String) -> bool {
    if left.is_null() || right.is_null() {
        return left == right;
    }
    equal(left, right)
}

/// Byte order, which is code point order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_compare(left: *const String, right: *const String) -> i64 {
    crate::copy::compare(bytes(left), bytes(right)) as i64
}

/// Calls `visit` with the bytes of each code point.
pub unsafe fn each_char(bytes: &[u8], mut visit: impl FnMut(&[u8])) {
    let mut offset = 0;
    while offset < bytes.len() && !starts_char(*bytes.get_unchecked(offset)) {
        offset += 1;
    }
    while offset < bytes.len() {
        let end = char_end(bytes, offset);
        visit(bytes.get_unchecked(offset..end));
        offset = end;
    }
}

/// Decodes the code point at the start of non-empty bytes: value (replacement character when malformed) and width.
pub fn decode(bytes: &[u8]) -> (char, usize) {
    let width = match bytes.first() {
        Some(0..=0x7F) | None => 1,
        Some(0xC0..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF7) => 4,
        Some(_) => 1,
    };
    match bytes.get(..width).map(core::str::from_utf8) {
        Some(Ok(text)) => (text.chars().next().unwrap_or('\u{FFFD}'), width),
        _ => ('\u{FFFD}', 1),
    }
}

/// The bytes without white space at both ends.
pub fn trimmed(bytes: &[u8]) -> &[u8] {
    let mut bytes = bytes;
    loop {
        let (char, width) = match bytes {
            [] => return bytes,
            _ => decode(bytes),
        };
        if !char.is_whitespace() {
            break;
        }
        bytes = bytes.get(width..).unwrap_or(&[]);
    }
    while let Some(last) = last_char_start(bytes) {
        let tail = bytes.get(last..).unwrap_or(&[]);
        if !decode(tail).0.is_whitespace() {
            break;
        }
        bytes = bytes.get(..last).unwrap_or(&[]);
    }
    bytes
}

/// Offset of the last code point.
fn last_char_start(bytes: &[u8]) -> Option<usize> {
    bytes.iter().rposition(|byte| starts_char(*byte))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_from_int(value: i64) -> *mut String {
    if (0..10).contains(&value) {
        return ascii(b'0' + value as u8);
    }
    let digits = crate::text::Digits::new(value);
    let string = with_capacity(digits.len());
    copy(digits.as_ptr(), data(string), digits.len());
    (*string).len = digits.len() as i64;
    (*string).chars = digits.len() as i64;
    string
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_from_bool(value: u64) -> *mut String {
    if value != 0 { addr_of_mut!(TRUE.header) } else { addr_of_mut!(FALSE.header) }
}

/// The place an index error is reported at; re-exported for modules that check by themselves.
pub type At = Position;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{leak_free, str, text};

    #[test]
    fn concatenation_reuses_unique_strings() {
        leak_free(|| unsafe {
            let mut s = new(b"ab");
            let piece = new("é".as_bytes());
            for _ in 0..1000 {
                s = mochi_rt_string_concat(s, piece);
            }
            assert_eq!(((*s).len, (*s).chars), (2002, 1002));
            let shared = retain(s);
            let longer = mochi_rt_string_concat(s, piece);
            assert_ne!(longer, shared);
            assert_eq!(((*shared).chars, (*longer).chars), (1002, 1003));
            release(longer);
            release(shared);
            release(piece);
        });
    }

    #[test]
    fn indexing_by_code_point() {
        leak_free(|| unsafe {
            let s = str("héllo→!");
            assert_eq!((*s).chars, 7);
            let expected = ["h", "é", "l", "l", "o", "→", "!"];
            for (index, char) in expected.iter().enumerate() {
                assert_eq!(text(mochi_rt_string_at(s, index as i64)), *char);
                let back = index as i64 - 7;
                assert_eq!(text(mochi_rt_string_get(s, back, core::ptr::null(), 0)), *char);
            }
            release(s);
        });
    }

    #[test]
    fn slices_clamp() {
        leak_free(|| unsafe {
            for source in ["hello", "hé→lo"] {
                let s = str(source);
                let chars: std::vec::Vec<char> = source.chars().collect();
                for a in -8i64..8 {
                    for b in -8i64..8 {
                        let from = (if a < 0 { a + 5 } else { a }).clamp(0, 5) as usize;
                        let to = (if b < 0 { b + 5 } else { b }).min(5).max(from as i64) as usize;
                        let expected: std::string::String = chars[from..to].iter().collect();
                        assert_eq!(text(mochi_rt_string_slice(s, a, b)), expected, "{a} {b}");
                    }
                }
                release(s);
            }
        });
    }

    #[test]
    fn trimming_and_decoding() {
        assert_eq!(trimmed(b" \t a b \r\n"), b"a b");
        assert_eq!(trimmed("\u{3000}é\u{a0}".as_bytes()), "é".as_bytes());
        assert_eq!(trimmed(b"  "), b"");
        assert_eq!(decode("→x".as_bytes()), ('→', 3));
        assert_eq!(decode(b"\xff"), ('\u{FFFD}', 1));
        assert_eq!(decode(b"\xe2\x86"), ('\u{FFFD}', 1));
    }
}
