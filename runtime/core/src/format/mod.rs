//! Text of values, in the three formats of the language.
//!
//! * **P** is what `print` shows: strings raw at the top and quoted inside, `nil`, `[a, b]`, `{"k": v}`; floats in G at
//!   the top and F inside.
//! * **S** is what `str` returns: everything raw, `<nil>`, `[a b]`, `map[k:v]`, floats in G.
//! * JSON is in [`json`].

pub mod json;
pub mod number;
pub mod quote;

use crate::text::{Digits, Text};
use crate::value::fields::{Entry, each_entry};
use crate::value::{self, Desc};
use crate::{big, list, print, string};
use mochi_runtime_abi::{Any, Kind, Object, String, count};

/// Marks an object as being formatted, to stop at references to itself; false if it is marked already. Only objects
/// that may contain themselves are marked, and static ones contain nothing.
unsafe fn open(value: Any) -> bool {
    let object = value.payload as *mut Object;
    if !(*value.desc).is_cyclic() || (*object).rc >= count::LEAST_IMMORTAL {
        return true;
    }
    let opens = (*object).rc & count::OPEN == 0;
    (*object).rc |= count::OPEN;
    opens
}

/// Takes the mark away.
unsafe fn close(value: Any) {
    let object = value.payload as *mut Object;
    if (*value.desc).is_cyclic() && (*object).rc < count::LEAST_IMMORTAL {
        (*object).rc &= !count::OPEN;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Print,
    Str,
}

/// Appends the P form.
pub unsafe fn push_print(text: &mut Text, value: Any) {
    push(text, value, Style::Print, false);
}

/// Appends the S form.
pub unsafe fn push_str(text: &mut Text, value: Any) {
    push(text, value, Style::Str, false);
}

unsafe fn push(text: &mut Text, value: Any, style: Style, nested: bool) {
    match value::kind(value) {
        Kind::Unit => text.push(if style == Style::Print { b"nil" } else { b"<nil>" }),
        Kind::Int => text.push(Digits::new(value.payload as i64).bytes()),
        Kind::Float if nested && style == Style::Print => number::push_f(text, value::as_float(value)),
        Kind::Float => number::push_g(text, value::as_float(value)),
        Kind::Bool => text.push(if value.payload != 0 { b"true" } else { b"false" }),
        Kind::String => {
            let bytes = string::bytes(value::as_string(value));
            if nested && style == Style::Print { quote::push(text, bytes) } else { text.push(bytes) }
        }
        Kind::List => push_list(text, value, style),
        Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union => push_entries(text, value, style),
        Kind::BigInt | Kind::BigRat => big::text(text, value),
        Kind::Fn | Kind::Env => text.push(b"<fun>"),
        Kind::Cell => {
            let content = value::load((value.payload as *const u8).add(8), (*value.desc).elem);
            push(text, content, style, nested);
        }
        // Loading a value never yields these.
        Kind::Any | Kind::Option => {}
    }
}

unsafe fn push_list(text: &mut Text, value: Any, style: Style) {
    if !open(value) {
        text.push(b"[...]");
        return;
    }
    let items = value::as_list(value);
    let elem = (*value.desc).elem;
    text.push_byte(b'[');
    for index in 0..(*items).len as usize {
        if index > 0 {
            text.push(if style == Style::Print { b", " } else { b" " });
        }
        push(text, list::element(items, elem, index), style, true);
    }
    text.push_byte(b']');
    close(value);
}

unsafe fn push_entries(text: &mut Text, value: Any, style: Style) {
    if !open(value) {
        text.push(b"{...}");
        return;
    }
    let mut first = true;
    text.push(if style == Style::Print { b"{" } else { b"map[" });
    each_entry(value, &mut |key, entry| {
        if !first {
            text.push(if style == Style::Print { b", " } else { b" " });
        }
        first = false;
        if style == Style::Print {
            quote::push(text, key);
            text.push(b": ");
        } else {
            text.push(key);
            text.push_byte(b':');
        }
        match entry {
            Entry::Value(value) => push(text, value, style, true),
            Entry::TypeName(name) if style == Style::Print => quote::push(text, name),
            Entry::TypeName(name) => text.push(name),
        }
    });
    text.push_byte(if style == Style::Print { b'}' } else { b']' });
    close(value);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_float(value: f64) {
    let mut text = Text::new();
    number::push_g(&mut text, value);
    print::put(text.bytes().as_ptr(), text.bytes().len());
}

unsafe fn print_value(value: Any) {
    let mut text = Text::new();
    push_print(&mut text, value);
    print::put(text.bytes().as_ptr(), text.bytes().len());
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_any(desc: Desc, payload: u64) {
    print_value(Any { desc, payload });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_value(slot: *const u8, desc: Desc) {
    print_value(value::load(slot, desc));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_from_float(value: f64) -> *mut String {
    let mut text = Text::new();
    number::push_g(&mut text, value);
    text.finish()
}

/// The S form as an owned string.
pub unsafe fn to_string(value: Any) -> *mut String {
    match value::kind(value) {
        Kind::String => string::retain(value::as_string(value)),
        Kind::Int => string::mochi_rt_string_from_int(value.payload as i64),
        _ => {
            let mut text = Text::new();
            push_str(&mut text, value);
            text.finish()
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_from_any(desc: Desc, payload: u64) -> *mut String {
    to_string(Any { desc, payload })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_from_value(slot: *const u8, desc: Desc) -> *mut String {
    to_string(value::load(slot, desc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{leak_free, list, map, str};
    use std::string::{String as Std, ToString};

    fn forms(value: Any) -> (Std, Std) {
        // SAFETY: the value is owned by the test.
        unsafe {
            let (mut print, mut str) = (Text::new(), Text::new());
            push_print(&mut print, value);
            push_str(&mut str, value);
            let both = (Std::from_utf8_lossy(print.bytes()).to_string(), Std::from_utf8_lossy(str.bytes()).to_string());
            value::release(value);
            both
        }
    }

    fn check(value: Any, print: &str, str: &str) {
        assert_eq!(forms(value), (print.to_string(), str.to_string()));
    }

    #[test]
    fn scalars() {
        leak_free(|| {
            check(value::int(-5), "-5", "-5");
            check(value::float(1e6), "1e+06", "1e+06");
            check(value::bool(true), "true", "true");
            check(value::NULL, "nil", "<nil>");
            check(value::string(str("a\"b\n")), "a\"b\n", "a\"b\n");
        });
    }

    #[test]
    fn lists() {
        leak_free(|| {
            check(list(&[]), "[]", "[]");
            let nested = list(&[
                value::int(1),
                value::float(1.0),
                value::NULL,
                value::string(str("é\n\"")),
                list(&[value::bool(false)]),
            ]);
            check(nested, "[1, 1.0, nil, \"é\\n\\\"\", [false]]", "[1 1 <nil> é\n\" [false]]");
            check(
                list(&[value::float(1e-7), value::float(1e21)]),
                "[0.0000001, 1000000000000000000000.0]",
                "[1e-07 1e+21]",
            );
        });
    }

    #[test]
    fn maps_print_in_key_order() {
        leak_free(|| {
            check(map(&[]), "{}", "map[]");
            let map = map(&[("b", value::int(2)), ("a", value::string(str("x"))), ("_", value::NULL)]);
            check(map, "{\"_\": nil, \"a\": \"x\", \"b\": 2}", "map[_:<nil> a:x b:2]");
        });
    }

    #[test]
    fn self_references_end() {
        leak_free(|| unsafe {
            let start = list(&[value::int(1)]);
            // The reference to itself is not counted, so that the list can still be released.
            let items = list::push_any(value::as_list(start), start);
            let outer = value::list_any(items);
            let mut text = Text::new();
            push_print(&mut text, outer);
            assert_eq!(text.bytes(), b"[1, [...]]");
            (*items).len = 1;
            value::release(outer);
        });
    }
}
