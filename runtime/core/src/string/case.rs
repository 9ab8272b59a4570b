//! Upper and lower case, one code point for one code point.

use super::{decode, each_char, is_ascii, retain};
use crate::text::Text;
use crate::value::{self, Desc};
use crate::{format, string};
use mochi_runtime_abi::String;

/// The only code point of a full mapping, or the simple mapping of the characters whose full mapping has several; the
/// others of these (such as ß) stay as they are.
fn single(mut mapped: impl Iterator<Item = char>, original: char, simple: fn(char) -> Option<char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(char), None) => char,
        _ => simple(original).unwrap_or(original),
    }
}

/// Greek letters with a iota below have one letter as their capital.
fn simple_upper(char: char) -> Option<char> {
    let distance = match char {
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => 8,
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => 9,
        _ => return None,
    };
    char::from_u32(char as u32 + distance)
}

fn simple_lower(char: char) -> Option<char> {
    (char == 'İ').then_some('i')
}

unsafe fn map(source: *const String, ascii: fn(&u8) -> u8, other: fn(char) -> char) -> *mut String {
    let bytes = string::bytes(source);
    let mut text = Text::with_capacity(bytes.len());
    if is_ascii(source) {
        if bytes.iter().all(|byte| ascii(byte) == *byte) {
            return retain(source);
        }
        for byte in bytes {
            text.push_byte(ascii(byte));
        }
    } else {
        each_char(bytes, |char| {
            let (decoded, width) = decode(char);
            if width == char.len() && decoded != '\u{FFFD}' {
                text.push_char(other(decoded));
            } else {
                text.push(char);
            }
        });
    }
    text.finish()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_upper(source: *const String) -> *mut String {
    map(source, u8::to_ascii_uppercase, |char| single(char.to_uppercase(), char, simple_upper))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_lower(source: *const String) -> *mut String {
    map(source, u8::to_ascii_lowercase, |char| single(char.to_lowercase(), char, simple_lower))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_lower(slot: *const u8, desc: Desc) -> *mut String {
    let text = format::to_string(value::load(slot, desc));
    let lower = mochi_rt_string_lower(text);
    string::release(text);
    lower
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{leak_free, str, text};

    #[test]
    fn mapping() {
        leak_free(|| unsafe {
            for (source, upper, lower) in [
                ("abc XYZ 1", "ABC XYZ 1", "abc xyz 1"),
                ("straße", "STRAßE", "straße"),
                ("Éé→", "ÉÉ→", "éé→"),
                ("İ", "İ", "i"),
                ("ᾀᾧᾳῃῼᾈ", "ᾈᾯᾼῌῼᾈ", "ᾀᾧᾳῃῳᾀ"),
                ("ŉΐﬁ", "ŉΐﬁ", "ŉΐﬁ"),
                ("", "", ""),
            ] {
                let s = str(source);
                assert_eq!(text(mochi_rt_string_upper(s)), upper);
                assert_eq!(text(mochi_rt_string_lower(s)), lower);
                string::release(s);
            }
        });
    }
}
