//! Whole files and standard streams.

use super::input;
use crate::builtins;
use crate::panic::{self, Position, fail_parts};
use crate::text::Text;
use crate::{print, string, sys};
use core::ffi::{CStr, c_int};
use mochi_runtime_abi::String;

const CHUNK: usize = 32 << 10;
/// Stands for the standard streams where a path is expected.
const STANDARD: &[u8] = b"-";
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of a file that is being read. While it lives, reports of mistakes name it.
pub struct Document {
    text: Text,
}

impl Document {
    /// Takes the content of what is being read. It has to be UTF-8.
    pub unsafe fn new(text: Text, position: Position) -> Self {
        if let Err(error) = core::str::from_utf8(text.bytes()) {
            let valid = text.bytes().get(..error.valid_up_to()).unwrap_or_default();
            input::at(1 + valid.iter().filter(|byte| **byte == b'\n').count());
            panic::fail(b"the input is not valid UTF-8", position);
        }
        Document { text }
    }

    /// The text without a byte order mark.
    pub fn text(&self) -> &str {
        let bytes = self.text.bytes();
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        // SAFETY: checked when it was made.
        unsafe { core::str::from_utf8_unchecked(bytes) }
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        // SAFETY: nothing is being read any more.
        unsafe { input::end() }
    }
}

/// Reads a file, or standard input for the path `-`. `part` is what mistakes are counted in.
pub unsafe fn read(path: *const String, part: &'static [u8], position: Position) -> Document {
    let path = string::bytes(path);
    let mut text = Text::new();
    if path == STANDARD {
        input::start(b"standard input", part);
        builtins::input::rest(&mut text);
    } else {
        read_into(path, &mut text, position);
        input::start(path, part);
    }
    Document::new(text, position)
}

/// Appends the content of a file to a text.
pub unsafe fn read_into(path: &[u8], text: &mut Text, position: Position) {
    let fd = open(path, position);
    let mut buffer = [0u8; CHUNK];
    loop {
        let count = sys::read(fd, buffer.as_mut_ptr(), CHUNK);
        if count < 0 {
            if sys::error() == sys::EINTR {
                continue;
            }
            fail(b"cannot read ", path, sys::error(), position);
        }
        if count == 0 {
            break;
        }
        text.push(buffer.get(..count as usize).unwrap_or_default());
    }
    sys::close(fd);
}

/// Opens a file for reading. A relative path that leads nowhere is tried again below the root of the program's files.
unsafe fn open(path: &[u8], position: Position) -> c_int {
    let fd = try_open(path, sys::O_RDONLY, position);
    if fd >= 0 {
        return fd;
    }
    let error = sys::error();
    if error == sys::ENOENT
        && !path.starts_with(b"/")
        && let Some(root) = sys::env(b"MOCHI_ROOT\0").filter(|root| !root.is_empty())
    {
        let mut rest = path;
        while let Some(inner) = rest.strip_prefix(b"../").or_else(|| rest.strip_prefix(b"./")) {
            rest = inner;
        }
        let mut below = Text::new();
        below.push(root);
        below.push_byte(b'/');
        below.push(rest);
        let fd = try_open(below.bytes(), sys::O_RDONLY, position);
        if fd >= 0 {
            return fd;
        }
    }
    fail(b"cannot read ", path, error, position)
}

unsafe fn try_open(path: &[u8], flags: c_int, position: Position) -> c_int {
    if path.contains(&0) {
        fail_parts(&[b"the path contains a zero byte"], position);
    }
    let mut name = Text::new();
    name.push(path);
    name.push_byte(0);
    sys::open(name.bytes().as_ptr().cast(), flags, 0o666 as c_int)
}

#[cold]
unsafe fn fail(what: &[u8], path: &[u8], error: c_int, position: Position) -> ! {
    fail_parts(&[what, path, b": ", explain(error)], position)
}

/// What the system says about an error.
pub unsafe fn explain(error: c_int) -> &'static [u8] {
    CStr::from_ptr(sys::strerror(error)).to_bytes()
}

/// Replaces the content of a file, or writes to standard output for the path `-`.
pub unsafe fn write(path: *const String, content: &[u8], position: Position) {
    let path = string::bytes(path);
    if path == STANDARD {
        print::put(content.as_ptr(), content.len());
        return;
    }
    let fd = try_open(path, sys::O_REPLACE, position);
    if fd < 0 {
        fail(b"cannot write ", path, sys::error(), position);
    }
    let mut rest = content;
    while !rest.is_empty() {
        let count = sys::write(fd, rest.as_ptr(), rest.len());
        if count < 0 && sys::error() == sys::EINTR {
            continue;
        }
        if count <= 0 {
            fail(b"cannot write ", path, sys::error(), position);
        }
        rest = rest.get(count as usize..).unwrap_or_default();
    }
    if sys::close(fd) != 0 {
        fail(b"cannot write ", path, sys::error(), position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free};

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    fn document(bytes: &[u8]) -> Document {
        let mut text = Text::new();
        text.push(bytes);
        // SAFETY: bytes of the test.
        unsafe { Document::new(text, NOWHERE) }
    }

    #[test]
    fn text_has_to_be_valid() {
        leak_free(|| {
            assert_eq!(document(b"\xEF\xBB\xBFa").text(), "a");
            assert_eq!(document(b"").text(), "");
            assert!(fails(|| document(b"a\n\xFF")));
        });
    }

    #[test]
    fn missing_files_and_odd_paths() {
        let _guard = crate::testing::lock();
        for path in ["no such file", "a\0b", "/"] {
            // SAFETY: runs in a child process.
            assert!(fails(|| unsafe { read_into(path.as_bytes(), &mut Text::new(), NOWHERE) }), "{path:?}");
        }
    }
}
