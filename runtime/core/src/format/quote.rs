//! Quoted strings inside lists and maps.

use crate::string::decode;
use crate::text::Text;

const HEX: [u8; 16] = *b"0123456789abcdef";

/// Appends so many hexadecimal digits.
pub fn push_hex(text: &mut Text, value: u32, digits: u32) {
    for index in (0..digits).rev() {
        let digit = (value >> (4 * index) & 15) as usize;
        text.push_byte(HEX.get(digit).copied().unwrap_or(b'0'));
    }
}

/// Whether a code point above ASCII shows something (other than as white space).
fn is_printable(char: char) -> bool {
    !matches!(char as u32,
        0x80..=0xA0 | 0xAD | 0x1680 | 0x2000..=0x200F | 0x2028..=0x202F | 0x205F..=0x206F | 0x3000
        | 0xD800..=0xF8FF | 0xFDD0..=0xFDEF | 0xFEFF | 0xFFF0..=0xFFFB | 0xFFFE..=0xFFFF | 0xE0000..=0x10FFFF)
}

/// Appends text in double quotes with escapes.
pub fn push(text: &mut Text, bytes: &[u8]) {
    text.push_byte(b'"');
    let (mut rest, mut plain) = (bytes, 0);
    // Runs of plain ASCII are copied in one piece.
    while let Some(byte) = rest.get(plain) {
        if (0x20..0x7F).contains(byte) && *byte != b'"' && *byte != b'\\' {
            plain += 1;
            continue;
        }
        let (run, special) = rest.split_at(plain);
        text.push(run);
        let width = push_special(text, special);
        rest = special.get(width..).unwrap_or(&[]);
        plain = 0;
    }
    text.push(rest);
    text.push_byte(b'"');
}

/// Appends one code point that may need an escape; the result is its width.
#[inline(never)]
fn push_special(text: &mut Text, bytes: &[u8]) -> usize {
    let (char, width) = decode(bytes);
    let first = bytes.first().copied().unwrap_or(0);
    match char {
        '"' => text.push(b"\\\""),
        '\\' => text.push(b"\\\\"),
        '\x07' => text.push(b"\\a"),
        '\x08' => text.push(b"\\b"),
        '\x0C' => text.push(b"\\f"),
        '\n' => text.push(b"\\n"),
        '\r' => text.push(b"\\r"),
        '\t' => text.push(b"\\t"),
        '\x0B' => text.push(b"\\v"),
        // A byte that is no UTF-8, as opposed to a real replacement character.
        '\u{FFFD}' if width == 1 => {
            text.push(b"\\x");
            push_hex(text, u32::from(first), 2);
        }
        char if (char as u32) < 0x80 => {
            text.push(b"\\x");
            push_hex(text, char as u32, 2);
        }
        char if is_printable(char) => text.push_char(char),
        char if (char as u32) < 0x10000 => {
            text.push(b"\\u");
            push_hex(text, char as u32, 4);
        }
        char => {
            text.push(b"\\U");
            push_hex(text, char as u32, 8);
        }
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::leak_free;

    fn quoted(bytes: &[u8]) -> std::string::String {
        let mut text = Text::new();
        push(&mut text, bytes);
        std::string::String::from_utf8_lossy(text.bytes()).into_owned()
    }

    #[test]
    fn escapes() {
        leak_free(|| {
            assert_eq!(quoted(b"plain"), r#""plain""#);
            assert_eq!(quoted(b"a\"b\\c\n\t\r\x07\x08\x0b\x0c"), r#""a\"b\\c\n\t\r\a\b\v\f""#);
            assert_eq!(quoted(b"\x00\x1b\x7f"), r#""\x00\x1b\x7f""#);
            assert_eq!(quoted("é→😀".as_bytes()), "\"é→😀\"");
            assert_eq!(quoted("\u{a0}\u{200b}\u{feff}".as_bytes()), r#""\u00a0\u200b\ufeff""#);
            assert_eq!(quoted(b"\xff\xc3"), r#""\xff\xc3""#);
            assert_eq!(quoted("\u{FFFD}".as_bytes()), "\"\u{FFFD}\"");
        });
    }
}
