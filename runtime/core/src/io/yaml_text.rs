//! YAML, written: block style.

use super::csv::check_rows;
use super::{file, yaml};
use crate::format::{json, number};
use crate::panic::Position;
use crate::text::{Digits, Text};
use crate::value::fields::{self, Entry, each_entry};
use crate::value::{self, Desc};
use crate::{big, list, string};
use mochi_runtime_abi::{Any, Kind, String};

/// Containers that contain themselves end here.
const DEPTH_LIMIT: usize = 128;

fn push_indent(text: &mut Text, depth: usize) {
    for _ in 0..depth {
        text.push(b"  ");
    }
}

/// Appends a string, in quotes where it would be read as something else without.
fn push_string(text: &mut Text, bytes: &[u8]) {
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b" _-./@+".contains(byte);
    let plain = bytes.first().is_some_and(|first| first.is_ascii_alphanumeric() || *first == b'_')
        && bytes.iter().all(inner)
        && !bytes.ends_with(b" ")
        && !bytes.windows(2).any(|pair| pair == b"  ")
        && yaml::is_text(bytes);
    if plain { text.push(bytes) } else { json::push_string(text, bytes) }
}

fn push_float(text: &mut Text, value: f64) {
    if value.is_nan() {
        text.push(b".nan");
    } else if value.is_infinite() {
        text.push(if value > 0.0 { b".inf" } else { b"-.inf" });
    } else {
        number::push_f(text, value);
    }
}

/// Whether a value takes lines of its own.
unsafe fn is_block(value: Any) -> bool {
    match value::kind(value) {
        Kind::List => (*value::as_list(value)).len > 0,
        _ => fields::has_entries(value) && fields::count(value) > 0,
    }
}

/// Appends a value and the end of its line. The text ends where the value may start; further lines are indented.
unsafe fn push(text: &mut Text, value: Any, depth: usize) {
    match value::kind(value) {
        _ if depth > DEPTH_LIMIT => text.push(b"null"),
        Kind::List if is_block(value) => return push_items(text, value, depth),
        Kind::List => text.push(b"[]"),
        Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union if is_block(value) => {
            return push_entries(text, value, depth);
        }
        Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union => text.push(b"{}"),
        Kind::Int => text.push(Digits::new(value.payload as i64).bytes()),
        Kind::Float => push_float(text, value::as_float(value)),
        Kind::Bool => text.push(if value.payload != 0 { b"true" } else { b"false" }),
        Kind::String => push_string(text, string::bytes(value::as_string(value))),
        Kind::BigInt => big::text(text, value),
        Kind::BigRat => {
            text.push_byte(b'"');
            big::text(text, value);
            text.push_byte(b'"');
        }
        Kind::Unit | Kind::Fn | Kind::Env | Kind::Cell | Kind::Any | Kind::Option => text.push(b"null"),
    }
    text.push_byte(b'\n');
}

/// The items of a list. Each starts with a dash, on whose line its own first line stands.
unsafe fn push_items(text: &mut Text, value: Any, depth: usize) {
    let items = value::as_list(value);
    for index in 0..(*items).len as usize {
        if index > 0 {
            push_indent(text, depth);
        }
        text.push(b"- ");
        push(text, list::element(items, (*value.desc).elem, index), depth + 1);
    }
}

unsafe fn push_entries(text: &mut Text, value: Any, depth: usize) {
    let mut first = true;
    each_entry(value, &mut |name, entry| {
        if !first {
            push_indent(text, depth);
        }
        first = false;
        push_string(text, name);
        text.push_byte(b':');
        match entry {
            Entry::TypeName(name) => {
                text.push_byte(b' ');
                push_string(text, name);
                text.push_byte(b'\n');
            }
            Entry::Value(value) if is_block(value) && depth < DEPTH_LIMIT => {
                text.push_byte(b'\n');
                push_indent(text, depth + 1);
                push(text, value, depth + 1);
            }
            Entry::Value(value) => {
                text.push_byte(b' ');
                push(text, value, depth + 1);
            }
        }
    });
}

pub unsafe fn save(rows: Any, path: *const String, position: Position) {
    check_rows(rows, position);
    let mut text = Text::new();
    push(&mut text, rows, 0);
    file::write(path, text.bytes(), position);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_save_yaml(
    slot: *const u8,
    desc: Desc,
    path: *const String,
    file: *const u8,
    line_column: i64,
) {
    save(value::load(slot, desc), path, Position::new(file, line_column));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{leak_free, list, map, str};

    fn check(value: Any, expected: &str) {
        // SAFETY: the value is owned.
        unsafe {
            let mut text = Text::new();
            push(&mut text, value, 0);
            value::release(value);
            assert_eq!(core::str::from_utf8(text.bytes()), Ok(expected));
        }
    }

    #[test]
    fn block_style() {
        leak_free(|| {
            check(list(&[]), "[]\n");
            check(
                list(&[
                    map(&[("a", value::int(1)), ("b", list(&[value::float(2.0), value::NULL]))]),
                    map(&[("c", map(&[("d", value::bool(true)), ("e", map(&[]))]))]),
                    list(&[list(&[value::int(1), value::int(2)])]),
                ]),
                "- a: 1\n  b:\n    - 2.0\n    - null\n- c:\n    d: true\n    e: {}\n- - - 1\n    - 2\n",
            );
        });
    }

    #[test]
    fn strings_that_need_quotes() {
        leak_free(|| {
            let string = |text| value::string(str(text));
            for plain in ["x", "two words", "a-b/c.d", "x1", "2024-01-02"] {
                check(string(plain), &std::format!("{plain}\n"));
            }
            for quoted in ["", "1", "1e3", "true", "null", "~", " x", "x ", "a: b", "#", "- x", "é", "yes: no", "0x1f"]
            {
                check(string(quoted), &std::format!("\"{quoted}\"\n"));
            }
            check(string("a\nb"), "\"a\\nb\"\n");
        });
    }
}
