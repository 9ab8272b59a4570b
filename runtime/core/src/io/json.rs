//! JSON and JSON lines, in and out.

use super::build::{Items, Place, is_integer};
use super::csv::check_rows;
use super::heap::string::String as Owned;
use super::{file, input};
use crate::format::json;
use crate::list;
use crate::panic::{Position, fail_parts};
use crate::text::Text;
use crate::value::{self, Desc};
use core::fmt::{self, Write};
use mochi_runtime_abi::{Any, Kind, List, String};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Reads a value into a place: JSON's part of what the place wants.
#[derive(Clone, Copy)]
struct Value(Place);

impl Value {
    /// Numbers without a type to go by are floats.
    fn number(self, exact: Any, float: f64) {
        // SAFETY: the place waits for a value.
        unsafe { self.0.put(if self.0.kind() == Kind::Any { value::float(float) } else { exact }) }
    }

    /// Numbers of any size: from their text.
    fn big<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        if is_integer(text.as_bytes()) {
            // SAFETY: as above.
            unsafe { self.0.put_text(text.as_bytes()) };
            return Ok(());
        }
        let mut rest = serde_json::Deserializer::from_str(text);
        rest.deserialize_any(self).map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // SAFETY: descriptors are complete.
        if matches!(unsafe { self.0.kind() }, Kind::BigInt | Kind::BigRat) {
            let raw: &RawValue = Deserialize::deserialize(deserializer)?;
            return self.big(raw.get());
        }
        deserializer.deserialize_any(self)
    }
}

// SAFETY of all methods: the place waits for a value.
impl<'de> Visitor<'de> for Value {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, given: bool) -> Result<(), E> {
        unsafe { self.0.put(value::bool(given)) };
        Ok(())
    }

    fn visit_i64<E>(self, given: i64) -> Result<(), E> {
        self.number(value::int(given), given as f64);
        Ok(())
    }

    fn visit_u64<E>(self, given: u64) -> Result<(), E> {
        let float = given as f64;
        self.number(i64::try_from(given).map_or(value::float(float), value::int), float);
        Ok(())
    }

    fn visit_f64<E>(self, given: f64) -> Result<(), E> {
        self.number(value::float(given), given);
        Ok(())
    }

    fn visit_str<E>(self, given: &str) -> Result<(), E> {
        unsafe { self.0.put_text(given.as_bytes()) };
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        unsafe { self.0.put(value::NULL) };
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        unsafe {
            let mut items = self.0.items();
            while elements.next_element_seed(Value(items.place()))?.is_some() {
                items.push();
            }
            items.finish(self.0);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        unsafe {
            let mut entries = self.0.entries();
            while let Some(name) = members.next_key::<Owned>()? {
                match entries.place(name.as_bytes()) {
                    Some(place) => members.next_value_seed(Value(place))?,
                    None => {
                        members.next_value::<IgnoredAny>()?;
                    }
                }
            }
            entries.finish(self.0);
        }
        Ok(())
    }
}

/// Reads rows: the elements of an array, or one object.
struct Rows<'i>(&'i mut Items);

impl<'de> Visitor<'de> for Rows<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an array of objects or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut number = 1;
        // SAFETY: places are pushed when they have a value.
        unsafe {
            input::at(number);
            while elements.next_element_seed(Value(self.0.place()))?.is_some() {
                self.0.push();
                number += 1;
                input::at(number);
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        // SAFETY: as above.
        unsafe {
            Value(self.0.place()).visit_map(members)?;
            self.0.push();
        }
        Ok(())
    }
}

/// Stops with what the parser says; its line, unless the text is one of many lines.
#[cold]
unsafe fn fail(error: serde_json::Error, whole: bool, position: Position) -> ! {
    let mut text = Text::new();
    let _ = write!(text, "{error}");
    let message = core::str::from_utf8(text.bytes()).unwrap_or_default();
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    if whole {
        input::at_part(b"line", error.line());
    }
    fail_parts(&[b"invalid JSON: ", message.as_bytes()], position)
}

/// Decodes a text that is one value.
pub unsafe fn decode(text: &str, place: Place) {
    let mut input = serde_json::Deserializer::from_str(text);
    if let Err(error) = Value(place).deserialize(&mut input).and_then(|()| input.end()) {
        fail(error, true, place.position);
    }
}

pub(super) unsafe fn rows(text: &str, result: Desc, position: Position) -> *mut List {
    let mut items = Items::new(result, position);
    let mut input = serde_json::Deserializer::from_str(text);
    if let Err(error) = input.deserialize_any(Rows(&mut items)).and_then(|()| input.end()) {
        fail(error, true, position);
    }
    items.list
}

pub unsafe fn load(path: *const String, result: Desc, position: Position) -> *mut List {
    let document = file::read(path, b"row", position);
    rows(document.text(), result, position)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_load_json(
    path: *const String,
    result: Desc,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    load(path, result, Position::new(file, line_column))
}

pub(super) unsafe fn lines(text: &str, result: Desc, position: Position) -> *mut List {
    let mut items = Items::new(result, position);
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        input::at(number + 1);
        let mut input = serde_json::Deserializer::from_str(line);
        if let Err(error) = Value(items.place()).deserialize(&mut input).and_then(|()| input.end()) {
            fail(error, false, position);
        }
        items.push();
    }
    items.list
}

pub unsafe fn load_lines(path: *const String, result: Desc, position: Position) -> *mut List {
    let document = file::read(path, b"line", position);
    lines(document.text(), result, position)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_load_jsonl(
    path: *const String,
    result: Desc,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    load_lines(path, result, Position::new(file, line_column))
}

/// A row alone stands for itself.
pub unsafe fn save(rows: Any, path: *const String, position: Position) {
    check_rows(rows, position);
    let items = value::as_list(rows);
    let mut text = Text::new();
    let whole = if (*items).len == 1 { list::element(items, (*rows.desc).elem, 0) } else { rows };
    json::push_compact(&mut text, whole);
    text.push_byte(b'\n');
    file::write(path, text.bytes(), position);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_save_json(
    slot: *const u8,
    desc: Desc,
    path: *const String,
    file: *const u8,
    line_column: i64,
) {
    save(value::load(slot, desc), path, Position::new(file, line_column));
}

pub unsafe fn save_lines(rows: Any, path: *const String, position: Position) {
    check_rows(rows, position);
    let items = value::as_list(rows);
    let mut text = Text::new();
    for index in 0..(*items).len as usize {
        json::push_compact(&mut text, list::element(items, (*rows.desc).elem, index));
        text.push_byte(b'\n');
    }
    file::write(path, text.bytes(), position);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_save_jsonl(
    slot: *const u8,
    desc: Desc,
    path: *const String,
    file: *const u8,
    line_column: i64,
) {
    save_lines(value::load(slot, desc), path, Position::new(file, line_column));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free};
    use crate::value::descriptors::{LIST_INT, mochi_rt_desc_any, mochi_rt_desc_list_any};
    use std::format;

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    fn compact(value: Any) -> std::string::String {
        // SAFETY: the value is owned.
        unsafe {
            let mut text = Text::new();
            json::push_compact(&mut text, value);
            value::release(value);
            std::string::String::from_utf8_lossy(text.bytes()).into_owned()
        }
    }

    fn decoded(text: &str) -> std::string::String {
        let mut out = value::NULL;
        let place = Place { slot: (&raw mut out).cast(), desc: &raw const mochi_rt_desc_any, position: NOWHERE };
        // SAFETY: the place takes any value.
        unsafe { decode(text, place) };
        compact(out)
    }

    fn rows_of(text: &str) -> std::string::String {
        // SAFETY: the list is owned.
        compact(value::list_any(unsafe { rows(text, &raw const mochi_rt_desc_list_any, NOWHERE) }))
    }

    #[test]
    fn values() {
        leak_free(|| {
            for text in ["null", "true", "[]", "{}", r#""é\n""#, r#"{"a":[1,2.5,{"b":null}],"c":"x"}"#] {
                assert_eq!(decoded(text), text);
            }
            assert_eq!(decoded(r#" {"a": 1, "b": 2, "a": [3]} "#), r#"{"a":[3],"b":2}"#);
            assert_eq!(decoded("18446744073709551615"), "18446744073709552000");
            assert_eq!(decoded("123456789012345678901234567890"), "1.2345678901234568e+29");
        });
    }

    #[test]
    fn rows_and_lines() {
        leak_free(|| {
            assert_eq!(rows_of(r#"[{"a":1},{"a":2}]"#), r#"[{"a":1},{"a":2}]"#);
            assert_eq!(rows_of(r#"{"a":1}"#), r#"[{"a":1}]"#);
            // SAFETY: the list is owned.
            let many = unsafe { lines("{\"a\":1}\r\n\n  \n{\"a\":2}", &raw const mochi_rt_desc_list_any, NOWHERE) };
            assert_eq!(compact(value::list_any(many)), r#"[{"a":1},{"a":2}]"#);
        });
    }

    #[test]
    fn elements_get_the_wanted_type() {
        leak_free(|| {
            // SAFETY: the list is owned.
            let list = unsafe { rows("[1, 2.9, \"3\", null]", &raw const LIST_INT, NOWHERE) };
            assert_eq!(crate::testing::words(list), [1, 2, 3, 0]);
            for text in ["[true]", "[[]]", "[{}]", "[\"x\"]", "[1e30]", "[9223372036854775808]"] {
                // SAFETY: runs in a child process.
                assert!(fails(|| unsafe { rows(text, &raw const LIST_INT, NOWHERE) }), "{text}");
            }
        });
    }

    #[test]
    fn broken_input_is_an_error() {
        let _guard = crate::testing::lock();
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for text in
            ["", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "nul", "01", "1e999", "\"\\x\"", "\"\\ud800\"", "1 2", &deep]
        {
            assert!(fails(|| decoded(text)), "{text}");
        }
        for text in ["1", "\"x\"", "null", "[{}", "[{}] x"] {
            assert!(fails(|| rows_of(text)), "{text}");
        }
    }
}
