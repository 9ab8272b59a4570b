//! JSON text: compact, or indented by two spaces.

use super::quote::push_hex;
use super::{close, number, open};
use crate::string::{self, decode};
use crate::text::{Digits, Text};
use crate::value::fields::{self, Entry, each_entry};
use crate::value::{self, Desc};
use crate::{big, list, print};
use mochi_runtime_abi::{Any, Kind, String};

/// Compact, or at a depth of indentation.
type Indent = Option<usize>;

unsafe fn push(text: &mut Text, value: Any, indent: Indent) {
    match value::kind(value) {
        Kind::Int => text.push(Digits::new(value.payload as i64).bytes()),
        Kind::Float => number::push_json(text, value::as_float(value)),
        Kind::Bool => text.push(if value.payload != 0 { b"true" } else { b"false" }),
        Kind::String => push_string(text, string::bytes(value::as_string(value))),
        // A value that contains itself has no JSON text.
        Kind::List | Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union if !open(value) => text.push(b"null"),
        Kind::List => {
            push_list(text, value, indent);
            close(value);
        }
        Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union => {
            push_object(text, value, indent);
            close(value);
        }
        Kind::BigInt => big::text(text, value),
        Kind::BigRat => {
            text.push_byte(b'"');
            big::text(text, value);
            text.push_byte(b'"');
        }
        Kind::Unit | Kind::Fn | Kind::Env | Kind::Cell | Kind::Any | Kind::Option => text.push(b"null"),
    }
}

fn push_line(text: &mut Text, indent: Indent) {
    if let Some(depth) = indent {
        text.push_byte(b'\n');
        for _ in 0..depth {
            text.push(b"  ");
        }
    }
}

unsafe fn push_list(text: &mut Text, value: Any, indent: Indent) {
    let items = value::as_list(value);
    let inner = indent.map(|depth| depth + 1);
    let len = (*items).len as usize;
    text.push_byte(b'[');
    for index in 0..len {
        if index > 0 {
            text.push_byte(b',');
        }
        push_line(text, inner);
        push(text, list::element(items, (*value.desc).elem, index), inner);
    }
    if len > 0 {
        push_line(text, indent);
    }
    text.push_byte(b']');
}

unsafe fn push_object(text: &mut Text, value: Any, indent: Indent) {
    let inner = indent.map(|depth| depth + 1);
    let mut first = true;
    text.push_byte(b'{');
    each_entry(value, &mut |key, entry| {
        if !first {
            text.push_byte(b',');
        }
        first = false;
        push_line(text, inner);
        push_string(text, key);
        text.push(if indent.is_some() { b": " } else { b":" });
        match entry {
            Entry::Value(value) => push(text, value, inner),
            Entry::TypeName(name) => push_string(text, name),
        }
    });
    if fields::count(value) > 0 {
        push_line(text, indent);
    }
    text.push_byte(b'}');
}

/// Appends the compact form of a value.
pub unsafe fn push_compact(text: &mut Text, value: Any) {
    push(text, value, None);
}

/// Appends a JSON string; characters that are special in HTML are escaped as well.
pub fn push_string(text: &mut Text, bytes: &[u8]) {
    text.push_byte(b'"');
    let mut rest = bytes;
    while !rest.is_empty() {
        let (char, width) = decode(rest);
        match char {
            '"' => text.push(b"\\\""),
            '\\' => text.push(b"\\\\"),
            '\n' => text.push(b"\\n"),
            '\r' => text.push(b"\\r"),
            '\t' => text.push(b"\\t"),
            '\x08' => text.push(b"\\b"),
            '\x0C' => text.push(b"\\f"),
            '\u{FFFD}' if width == 1 => text.push(b"\\ufffd"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..'\x20' => {
                text.push(b"\\u");
                push_hex(text, char as u32, 4);
            }
            char => text.push_char(char),
        }
        rest = rest.get(width..).unwrap_or(&[]);
    }
    text.push_byte(b'"');
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_json_print(slot: *const u8, desc: Desc) {
    let mut text = Text::new();
    push(&mut text, value::load(slot, desc), Some(0));
    text.push_byte(b'\n');
    print::put(text.bytes().as_ptr(), text.bytes().len());
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_json_string(slot: *const u8, desc: Desc) -> *mut String {
    let mut text = Text::new();
    push(&mut text, value::load(slot, desc), None);
    text.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{leak_free, list, map, str};

    fn check(value: Any, compact: &str, indented: &str) {
        // SAFETY: the value is owned by the test.
        unsafe {
            let (mut short, mut long) = (Text::new(), Text::new());
            push(&mut short, value, None);
            push(&mut long, value, Some(0));
            assert_eq!(core::str::from_utf8(short.bytes()), Ok(compact));
            assert_eq!(core::str::from_utf8(long.bytes()), Ok(indented));
            value::release(value);
        }
    }

    #[test]
    fn values() {
        leak_free(|| {
            check(list(&[]), "[]", "[]");
            check(map(&[]), "{}", "{}");
            check(value::NULL, "null", "null");
            check(
                map(&[("n", value::float(2.0)), ("a", list(&[value::int(1), value::bool(true)]))]),
                r#"{"a":[1,true],"n":2}"#,
                "{\n  \"a\": [\n    1,\n    true\n  ],\n  \"n\": 2\n}",
            );
            let text = value::string(str("<a&b>\u{2028}\"\\\n\u{1}é"));
            let escaped = r#""\u003ca\u0026b\u003e\u2028\"\\\n\u0001é""#;
            check(text, escaped, escaped);
        });
    }
}
