//! Upper and lower case, one code point for one code point.

use super::{decode, each_char, is_ascii, retain};
use crate::text::Text;
use crate::value::{self, Desc};
use crate::{format, string};
use mochi_runtime_abi::String;

/// The only code point of a mapping; characters that map to several (such as ß) stay as they are.
fn single(mut mapped: impl Iterator<Item = char>, original: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(char), None) => char,
        _ => original,
    }
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
    map(source, u8::to_ascii_uppercase, |char| single(char.to_uppercase(), char))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_lower(source: *const String) -> *mut String {
    map(source, u8::to_ascii_lowercase, |char| single(char.to_lowercase(), char))
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
