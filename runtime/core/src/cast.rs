//! Checked conversions, `e as T`.

use crate::panic::{self, Position, fail, fail_parts};
use crate::value::fields::{self, Entry, each_entry};
use crate::value::{self, Desc};
use crate::{big, list, map, string};
use mochi_runtime_abi::{Any, FieldDesc, Kind, List, String};

/// Bounds of the floats whose integral part fits in an int.
const INT_RANGE: core::ops::Range<f64> = -9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0;

/// Where the fields of a record start.
pub const RECORD_HEADER: usize = 8;
/// Where the fields of a variant start.
const VARIANT_HEADER: usize = 16;

/// A decimal integer with an optional sign and nothing else.
pub fn parse_int(bytes: &[u8]) -> Option<i64> {
    parse_radix(bytes, 10)
}

/// An integer in a base, with an optional sign and nothing else.
pub fn parse_radix(bytes: &[u8], base: i64) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut result: i64 = 0;
    for byte in digits {
        let digit = i64::from(match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return None,
        });
        if digit >= base {
            return None;
        }
        // Negative numbers reach one further.
        result = result.checked_mul(base)?;
        result = if negative { result.checked_sub(digit)? } else { result.checked_add(digit)? };
    }
    Some(result)
}

/// Name of a value's type as error messages of casts have it.
unsafe fn source_name<'a>(value: Any) -> &'a [u8] {
    match value::kind(value) {
        Kind::Unit => b"<nil>",
        Kind::Int => b"int",
        Kind::Float => b"float64",
        Kind::Bool => b"bool",
        Kind::String => b"string",
        Kind::List => b"[]interface {}",
        Kind::BigInt => b"*big.Int",
        Kind::BigRat => b"*big.Rat",
        Kind::Fn | Kind::Env => b"function",
        Kind::Map | Kind::Record | Kind::Union | Kind::Anonymous => b"map[string]interface {}",
        Kind::Any | Kind::Option | Kind::Cell => b"any",
    }
}

/// Name of a type as Mochi has it.
pub unsafe fn type_name<'a>(desc: Desc) -> &'a [u8] {
    if desc.is_null() {
        return b"null";
    }
    match (*desc).kind {
        Kind::Unit => b"unit",
        Kind::Int => b"int",
        Kind::Float => b"float",
        Kind::Bool => b"bool",
        Kind::String => b"string",
        Kind::List => b"list",
        Kind::Map => b"map",
        Kind::BigInt => b"bigint",
        Kind::BigRat => b"bigrat",
        Kind::Fn | Kind::Env => b"function",
        Kind::Any => b"any",
        Kind::Option | Kind::Cell => type_name((*desc).elem),
        Kind::Record | Kind::Union => value::name(desc),
        Kind::Anonymous => b"record",
    }
}

#[cold]
pub unsafe fn fail_cast(value: Any, target: Desc, position: Position) -> ! {
    fail_parts(&[b"cannot cast ", source_name(value), b" to ", type_name(target)], position)
}

#[cold]
pub unsafe fn fail_text(bytes: &[u8], target: &[u8], position: Position) -> ! {
    fail_parts(&[b"cannot cast \"", bytes, b"\" to ", target], position)
}

unsafe fn string_to_int(text: *const String, position: Position) -> i64 {
    let bytes = string::bytes(text);
    match parse_int(bytes) {
        Some(value) => value,
        None => fail_text(bytes, b"int", position),
    }
}

unsafe fn float_to_int(value: f64, position: Position) -> i64 {
    if INT_RANGE.contains(&value) {
        value as i64
    } else {
        panic::mochi_rt_panic_float_to_int(value, position.file, position.line_column)
    }
}

unsafe fn to_int(value: Any, position: Position) -> i64 {
    match value::kind(value) {
        Kind::Int => value.payload as i64,
        Kind::Float => float_to_int(value::as_float(value), position),
        Kind::String => string_to_int(value::as_string(value), position),
        Kind::Unit => 0,
        Kind::BigInt | Kind::BigRat => match big::to_int(value) {
            Some(value) => value,
            None => fail(b"cannot cast bigint to int: the value does not fit", position),
        },
        _ => fail_cast(value, &raw const value::descriptors::mochi_rt_desc_int, position),
    }
}

unsafe fn to_float(value: Any, position: Position) -> f64 {
    match value::kind(value) {
        Kind::Int | Kind::Float | Kind::BigInt | Kind::BigRat => value::compare::number(value),
        Kind::Unit => 0.0,
        _ => fail_cast(value, &raw const value::descriptors::mochi_rt_desc_float, position),
    }
}

/// Converts a borrowed value and writes the owned result into a slot of the target type.
pub unsafe fn into_slot(value: Any, target: Desc, out: *mut u8, position: Position) {
    match (*target).kind {
        Kind::Unit => {}
        Kind::Any => out.cast::<Any>().write(value::retain(value)),
        Kind::Int => out.cast::<i64>().write(to_int(value, position)),
        Kind::Float => out.cast::<f64>().write(to_float(value, position)),
        Kind::Bool if value::kind(value) == Kind::Bool => out.write(value.payload as u8),
        Kind::Option => {
            let elem = (*target).elem;
            if value.desc.is_null() {
                core::ptr::write_bytes(out, 0, (*target).size as usize);
            } else if (*elem).kind.is_object() {
                into_slot(value, elem, out, position);
            } else {
                out.write(1);
                into_slot(value, elem, out.add((*elem).size as usize), position);
            }
        }
        Kind::BigInt | Kind::BigRat if big::is_number(value) => {
            value::store(out, target, big::convert(value, target, position));
        }
        _ => out.cast::<u64>().write(object(value, target, position)),
    }
}

/// Converts to a type whose slots are object pointers; the result is owned.
unsafe fn object(value: Any, target: Desc, position: Position) -> u64 {
    if value::same_type(value.desc, target) {
        return value::retain(value).payload;
    }
    match ((*target).kind, value::kind(value)) {
        (Kind::List, Kind::List) => list_to_list(value, (*target).elem, position) as u64,
        (Kind::Map, Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union) => {
            entries_to_map(value, target, position) as u64
        }
        (Kind::Record | Kind::Anonymous, Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union) => {
            entries_to_record(value, target, position) as u64
        }
        (Kind::Union, Kind::Map | Kind::Record | Kind::Anonymous) => entries_to_variant(value, target, position) as u64,
        (Kind::Fn, Kind::Fn) | (Kind::Env, Kind::Env) => value::retain(value).payload,
        _ => fail_cast(value, target, position),
    }
}

unsafe fn list_to_list(value: Any, elem: Desc, position: Position) -> *mut List {
    let from = value::as_list(value);
    let size = (*elem).size as usize;
    let result = list::with_length((*from).len as usize, size);
    for index in 0..(*from).len as usize {
        let item = list::element(from, (*value.desc).elem, index);
        into_slot(item, elem, (*result).data.add(index * size), position);
    }
    result
}

/// The owned key of a map type for the text of a key.
pub unsafe fn key_from_text(text: &[u8], key: Desc, position: Position) -> Any {
    match (*key).kind {
        Kind::Int => match parse_int(text) {
            Some(number) => value::int(number),
            None => fail_text(text, b"int", position),
        },
        Kind::BigInt => {
            let digits = value::string(string::new(text));
            let number = big::convert(digits, key, position);
            value::release(digits);
            number
        }
        Kind::Bool if text == b"true" || text == b"false" => value::bool(text == b"true"),
        Kind::String | Kind::Any => value::string(string::new(text)),
        _ => fail_text(text, type_name(key), position),
    }
}

unsafe fn entries_to_map(value: Any, target: Desc, position: Position) -> *mut map::Table {
    let table = map::new(target);
    let (key_desc, elem) = ((*target).key, (*target).elem);
    each_entry(value, &mut |key, entry| {
        let slot = map::slot(table, key_from_text(key, key_desc, position));
        match entry {
            Entry::Value(value) => into_slot(value, elem, slot, position),
            Entry::TypeName(name) => {
                let name = value::string(string::new(name));
                into_slot(name, elem, slot, position);
                value::release(name);
            }
        }
    });
    table
}

/// A new record or variant whose fields are all zero (which is null, where that exists).
pub unsafe fn new_fields(fields: *const FieldDesc, count: usize, header: usize) -> *mut u8 {
    let mut end = header;
    for index in 0..count {
        let field = fields.add(index);
        end = end.max((*field).offset as usize + (*(*field).desc).size as usize);
    }
    let object = crate::alloc::alloc(end);
    core::ptr::write_bytes(object, 0, end);
    object.cast::<i64>().write(1);
    object
}

/// Whether a field may be absent from what a record is made of.
pub unsafe fn is_optional(field: *const FieldDesc) -> bool {
    matches!((*(*field).desc).kind, Kind::Option | Kind::Any)
}

#[cold]
pub unsafe fn fail_missing(field: &[u8], target: &[u8], position: Position) -> ! {
    fail_parts(&[b"missing field ", field, b" for ", target], position)
}

/// Fills fields from the entries of a value.
unsafe fn entries_to_fields(
    value: Any,
    object: *mut u8,
    fields: *const FieldDesc,
    count: usize,
    target: &[u8],
    position: Position,
) {
    for index in 0..count {
        let field = fields.add(index);
        let name = value::field_name(field);
        let content = match fields::entry(value, name) {
            Some(content) => content,
            None if is_optional(field) => value::NULL,
            None => fail_missing(name, target, position),
        };
        into_slot(content, (*field).desc, object.add((*field).offset as usize), position);
    }
}

unsafe fn entries_to_record(value: Any, target: Desc, position: Position) -> *mut u8 {
    let (fields, count) = ((*target).fields, (*target).nfields as usize);
    let record = new_fields(fields, count, RECORD_HEADER);
    entries_to_fields(value, record, fields, count, type_name(target), position);
    record
}

/// The variant that the entry `__name` names.
unsafe fn entries_to_variant(value: Any, target: Desc, position: Position) -> *mut u8 {
    let name = match fields::entry(value, fields::NAME_ENTRY) {
        Some(name) if value::kind(name) == Kind::String => string::bytes(value::as_string(name)),
        _ => fail_missing(fields::NAME_ENTRY, type_name(target), position),
    };
    for tag in 0..(*target).nvariants as usize {
        let variant = (*target).variants.add(tag);
        if core::slice::from_raw_parts((*variant).name, (*variant).name_len as usize) == name {
            if (*variant).nfields == 0 {
                return (*variant).object.cast();
            }
            let object = new_fields((*variant).fields, (*variant).nfields as usize, VARIANT_HEADER);
            object.cast::<i64>().add(1).write(tag as i64);
            entries_to_fields(value, object, (*variant).fields, (*variant).nfields as usize, name, position);
            return object;
        }
    }
    fail_text(name, type_name(target), position)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_cast(
    slot: *const u8,
    desc: Desc,
    out: *mut u8,
    target: Desc,
    file: *const u8,
    line_column: i64,
) {
    into_slot(value::load(slot, desc), target, out, Position::new(file, line_column));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_cast_string_to_int(text: *const String, file: *const u8, line_column: i64) -> i64 {
    string_to_int(text, Position::new(file, line_column))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_cast_float_to_int(value: f64, file: *const u8, line_column: i64) -> i64 {
    float_to_int(value, Position::new(file, line_column))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_cast_any_to_int(desc: Desc, payload: u64, file: *const u8, line_column: i64) -> i64 {
    to_int(Any { desc, payload }, Position::new(file, line_column))
}

/// What an any holds where the program needs an int but does not say `as int`: texts and fractions are none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_to_int(desc: Desc, payload: u64, file: *const u8, line_column: i64) -> i64 {
    let value = Any { desc, payload };
    let position = Position::new(file, line_column);
    let fits = match value::kind(value) {
        Kind::String => false,
        Kind::Float => {
            let float = value::as_float(value);
            !INT_RANGE.contains(&float) || (float as i64) as f64 == float
        }
        _ => true,
    };
    if !fits {
        fail_parts(&[b"expected int, got ", type_name(desc)], position);
    }
    to_int(value, position)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_cast_any_to_float(
    desc: Desc,
    payload: u64,
    file: *const u8,
    line_column: i64,
) -> f64 {
    to_float(Any { desc, payload }, Position::new(file, line_column))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_cast_any_to_bool(
    desc: Desc,
    payload: u64,
    file: *const u8,
    line_column: i64,
) -> bool {
    let value = Any { desc, payload };
    if value::kind(value) != Kind::Bool {
        fail_cast(value, &raw const value::descriptors::mochi_rt_desc_bool, Position::new(file, line_column));
    }
    payload != 0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_cast_any_to_string(
    desc: Desc,
    payload: u64,
    file: *const u8,
    line_column: i64,
) -> *mut String {
    let value = Any { desc, payload };
    if value::kind(value) != Kind::String {
        fail_cast(value, &raw const value::descriptors::mochi_rt_desc_string, Position::new(file, line_column));
    }
    string::retain(value::as_string(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free, list, map, str, words};
    use crate::value::descriptors::{LIST_INT, mochi_rt_desc_string};

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    #[test]
    fn integers_in_text() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-12", Some(-12)),
            ("+7", Some(7)),
            ("007", Some(7)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("", None),
            ("-", None),
            (" 1", None),
            ("1.5", None),
        ] {
            assert_eq!(parse_int(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(parse_radix(b"-fF", 16), Some(-255));
        assert_eq!(parse_radix(b"12", 2), None);
    }

    #[test]
    fn scalars() {
        leak_free(|| unsafe {
            assert_eq!(to_int(value::float(-2.9), NOWHERE), -2);
            assert_eq!(to_int(value::NULL, NOWHERE), 0);
            assert_eq!(to_float(value::int(3), NOWHERE), 3.0);
            assert!(fails(|| to_int(value::bool(true), NOWHERE)));
            assert!(fails(|| to_int(value::float(1e30), NOWHERE)));
            assert!(fails(|| to_int(value::float(f64::NAN), NOWHERE)));
        });
    }

    #[test]
    fn lists_and_maps() {
        leak_free(|| unsafe {
            let any = list(&[value::int(1), value::float(2.7), value::string(str("3"))]);
            let mut out = 0u64;
            into_slot(any, &raw const LIST_INT, (&raw mut out).cast(), NOWHERE);
            assert_eq!(words(out as *mut List), [1, 2, 3]);
            let shared = value::as_list(any);
            into_slot(any, any.desc, (&raw mut out).cast(), NOWHERE);
            assert_eq!(out, shared as u64);
            value::release(any);
            value::release(any);
            let map = map(&[("a", value::int(1))]);
            into_slot(map, map.desc, (&raw mut out).cast(), NOWHERE);
            value::release(map);
            value::release(map);
            let text = value::string(str("x"));
            into_slot(text, &raw const mochi_rt_desc_string, (&raw mut out).cast(), NOWHERE);
            value::release(text);
            value::release(text);
        });
    }
}
