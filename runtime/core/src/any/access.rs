//! Indexing, fields, length and iteration of dynamically typed values.

use crate::panic::{self, Position, fail};
use crate::value::fields::{self, Fields};
use crate::value::{self, Desc, compare};
use crate::{big, cast, cycles, format, list, map, string};
use mochi_runtime_abi::{Any, Kind, List, String};

/// The owned element, entry or character at a key.
unsafe fn index(container: Any, key: Any, position: Position) -> Any {
    match value::kind(container) {
        Kind::List => {
            let items = value::as_list(container);
            let at = int_index(key, b"invalid index", position);
            let len = (*items).len;
            let normal = if at < 0 { at + len } else { at };
            if normal as u64 >= len as u64 {
                panic::mochi_rt_panic_list_index(at, len, position.file, position.line_column);
            }
            value::retain(list::element(items, (*container.desc).elem, normal as usize))
        }
        Kind::Map => {
            let slot = map::find(value::as_map(container), key);
            if slot.is_null() {
                return value::NULL;
            }
            value::retain(value::load(slot, (*container.desc).elem))
        }
        Kind::String => {
            let at = int_index(key, b"string index must be int", position);
            let text = value::as_string(container);
            value::string(string::mochi_rt_string_get(text, at, position.file, position.line_column))
        }
        Kind::Record | Kind::Anonymous | Kind::Union => {
            if value::kind(key) != Kind::String {
                fail(b"invalid index", position);
            }
            field(container, value::as_string(key), position)
        }
        _ => fail(b"cannot index value of this kind", position),
    }
}

unsafe fn int_index(key: Any, message: &[u8], position: Position) -> i64 {
    match value::kind(key) {
        Kind::Int => key.payload as i64,
        // What does not fit is outside of every list.
        Kind::BigInt => big::to_int(key).unwrap_or(i64::MAX),
        _ => fail(message, position),
    }
}

/// The owned entry with a name; a missing one (and any of null) reads null.
unsafe fn field(container: Any, name: *const String, position: Position) -> Any {
    let name = string::bytes(name);
    if container.desc.is_null() {
        return value::NULL;
    }
    if !fields::has_entries(container) {
        panic::fail_parts(&[cast::type_name(container.desc), b" has no field ", name], position);
    }
    if name == fields::NAME_ENTRY
        && let Some(type_name) = Fields::of(container).and_then(|fields| fields.name)
    {
        return value::string(string::new(type_name));
    }
    fields::entry(container, name).map_or(value::NULL, |value| value::retain(value))
}

/// Replaces the value of a slot by a converted one.
unsafe fn replace(slot: *mut u8, desc: Desc, new: Any, position: Position) {
    let old = value::load(slot, desc);
    cast::into_slot(new, desc, slot, position);
    value::release(old);
}

/// The owned key of a map's key type.
unsafe fn owned_key(container: Any, key: Any, position: Position) -> Any {
    let desc = (*container.desc).key;
    match ((*desc).kind, value::kind(key)) {
        (Kind::Any, _) => value::retain(key),
        (Kind::String, _) => value::string(format::to_string(key)),
        (Kind::Int, Kind::Int | Kind::BigInt | Kind::String) => {
            let mut number = 0i64;
            cast::into_slot(key, desc, (&raw mut number).cast(), position);
            value::int(number)
        }
        (expected, actual) if expected == actual => value::retain(key),
        _ => fail(b"invalid index", position),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_index(
    desc: Desc,
    payload: u64,
    key_desc: Desc,
    key: u64,
    out: *mut Any,
    file: *const u8,
    line_column: i64,
) {
    let key = Any { desc: key_desc, payload: key };
    out.write(index(Any { desc, payload }, key, Position::new(file, line_column)));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_set_index(
    desc: Desc,
    payload: u64,
    key_desc: Desc,
    key: u64,
    new_desc: Desc,
    new: u64,
    file: *const u8,
    line_column: i64,
) {
    let (container, key) = (Any { desc, payload }, Any { desc: key_desc, payload: key });
    let new = Any { desc: new_desc, payload: new };
    let position = Position::new(file, line_column);
    match value::kind(container) {
        Kind::List => {
            let items = value::as_list(container);
            let at = int_index(key, b"invalid index", position);
            let len = (*items).len;
            let normal = if at < 0 { at + len } else { at };
            if normal as u64 >= len as u64 {
                panic::mochi_rt_panic_list_index(at, len, file, line_column);
            }
            let elem = (*desc).elem;
            replace((*items).data.add(normal as usize * (*elem).size as usize), elem, new, position);
        }
        Kind::Map => {
            let key = owned_key(container, key, position);
            replace(map::slot(value::as_map(container), key), (*desc).elem, new, position);
        }
        Kind::Record | Kind::Anonymous if value::kind(key) == Kind::String => {
            set_field(container, string::bytes(value::as_string(key)), new, position);
        }
        _ => fail(b"invalid index target", position),
    }
    cycles::poll();
}

unsafe fn set_field(container: Any, name: &[u8], new: Any, position: Position) {
    if value::kind(container) == Kind::Map {
        let text = value::string(string::new(name));
        let key = owned_key(container, text, position);
        value::release(text);
        replace(map::slot(value::as_map(container), key), (*container.desc).elem, new, position);
        return;
    }
    match Fields::of(container).and_then(|fields| fields.find(name)) {
        Some((slot, desc)) => replace(slot, desc, new, position),
        None => panic::fail_parts(&[cast::type_name(container.desc), b" has no field ", name], position),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_field(
    desc: Desc,
    payload: u64,
    name: *const String,
    out: *mut Any,
    file: *const u8,
    line_column: i64,
) {
    out.write(field(Any { desc, payload }, name, Position::new(file, line_column)));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_set_field(
    desc: Desc,
    payload: u64,
    name: *const String,
    new_desc: Desc,
    new: u64,
    file: *const u8,
    line_column: i64,
) {
    let new = Any { desc: new_desc, payload: new };
    set_field(Any { desc, payload }, string::bytes(name), new, Position::new(file, line_column));
    cycles::poll();
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_slice(
    desc: Desc,
    payload: u64,
    start: i64,
    end: i64,
    out: *mut Any,
    file: *const u8,
    line_column: i64,
) {
    let container = Any { desc, payload };
    out.write(match value::kind(container) {
        Kind::List => {
            Any { desc, payload: list::mochi_rt_list_slice(value::as_list(container), desc, start, end) as u64 }
        }
        Kind::String => value::string(string::mochi_rt_string_slice(value::as_string(container), start, end)),
        _ => fail(b"cannot slice value of this kind", Position::new(file, line_column)),
    });
}

unsafe fn length(container: Any, position: Position) -> i64 {
    let container = fields::group_items(container).unwrap_or(container);
    match value::kind(container) {
        Kind::Unit => 0,
        Kind::List => (*value::as_list(container)).len,
        Kind::Map => (*value::as_map(container)).len,
        Kind::String => (*value::as_string(container)).chars,
        Kind::Record | Kind::Anonymous | Kind::Union => fields::count(container),
        Kind::Int | Kind::Float | Kind::BigInt | Kind::BigRat => {
            let text = format::to_string(container);
            let length = (*text).chars;
            string::release(text);
            length
        }
        _ => panic::fail_parts(&[b"cannot take length of type ", cast::type_name(container.desc)], position),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_length(desc: Desc, payload: u64, file: *const u8, line_column: i64) -> i64 {
    length(Any { desc, payload }, Position::new(file, line_column))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_length(slot: *const u8, desc: Desc, file: *const u8, line_column: i64) -> i64 {
    length(value::load(slot, desc), Position::new(file, line_column))
}

/// Elements of a list, keys of a map or record, characters of a string, nothing for null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_elements(
    desc: Desc,
    payload: u64,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    let container = Any { desc, payload };
    let container = fields::group_items(container).unwrap_or(container);
    let desc = container.desc;
    let mut result = list::with_room(0, 16);
    match value::kind(container) {
        Kind::Unit => {}
        Kind::List => {
            let items = value::as_list(container);
            for index in 0..(*items).len as usize {
                result = list::push_any(result, value::retain(list::element(items, (*desc).elem, index)));
            }
        }
        Kind::String => string::each_char(string::bytes(value::as_string(container)), |char| {
            result = list::push_any(result, value::string(string::char_string(char)));
        }),
        Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union => {
            fields::each_entry(container, &mut |key, _| {
                result = list::push_any(result, value::string(string::new(key)));
            });
        }
        _ => fail(b"invalid iterator", Position::new(file, line_column)),
    }
    result
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_contains(
    desc: Desc,
    payload: u64,
    wanted_desc: Desc,
    wanted: u64,
    file: *const u8,
    line_column: i64,
) -> bool {
    let (container, wanted) = (Any { desc, payload }, Any { desc: wanted_desc, payload: wanted });
    contains(container, wanted, Position::new(file, line_column))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_contains(
    container: *const u8,
    desc: Desc,
    wanted: *const u8,
    wanted_desc: Desc,
    file: *const u8,
    line_column: i64,
) -> bool {
    let (container, wanted) = (value::load(container, desc), value::load(wanted, wanted_desc));
    contains(container, wanted, Position::new(file, line_column))
}

unsafe fn contains(container: Any, wanted: Any, position: Position) -> bool {
    match (value::kind(container), value::kind(wanted)) {
        (Kind::List, _) => {
            let items = value::as_list(container);
            (0..(*items).len as usize)
                .any(|index| compare::identical(list::element(items, (*container.desc).elem, index), wanted))
        }
        (Kind::Map, _) => !map::find(value::as_map(container), wanted).is_null(),
        (Kind::Record | Kind::Anonymous | Kind::Union, Kind::String) => {
            fields::entry(container, string::bytes(value::as_string(wanted))).is_some()
        }
        (Kind::String, Kind::String) => {
            string::search::mochi_rt_string_contains(value::as_string(container), value::as_string(wanted))
        }
        (Kind::Unit, _) => false,
        _ => fail(b"invalid 'in' operand", position),
    }
}

/// A new list; one of a narrower element type stays so when the value fits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_append(
    desc: Desc,
    payload: u64,
    new_desc: Desc,
    new: u64,
    out: *mut Any,
    file: *const u8,
    line_column: i64,
) {
    let (container, new) = (Any { desc, payload }, value::retain(Any { desc: new_desc, payload: new }));
    let mut result = match value::kind(container) {
        Kind::Unit => list::with_room(0, 16),
        Kind::List if (*(*desc).elem).kind == Kind::Any || value::same_type((*desc).elem, new_desc) => {
            let mut slot = [0u64; 2];
            value::store(slot.as_mut_ptr().cast(), (*desc).elem, new);
            let items = value::as_list(value::retain(container));
            let items = list::mochi_rt_list_append(items, desc, slot.as_ptr().cast());
            out.write(Any { desc, payload: items as u64 });
            return;
        }
        Kind::List => mochi_rt_any_elements(desc, payload, file, line_column),
        _ => fail(b"append expects list", Position::new(file, line_column)),
    };
    result = list::push_any(result, new);
    out.write(value::list_any(result));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free, list, map, str, text};

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    unsafe fn shown(value: Any) -> std::string::String {
        let shown = text(format::to_string(value));
        value::release(value);
        shown
    }

    #[test]
    fn reading() {
        leak_free(|| unsafe {
            let items = list(&[value::int(10), value::string(str("x"))]);
            assert_eq!(shown(index(items, value::int(-1), NOWHERE)), "x");
            assert!(fails(|| index(items, value::int(2), NOWHERE)));
            let key = value::string(str("k"));
            let table = map(&[("k", value::int(1)), ("1", value::bool(true))]);
            assert_eq!(shown(index(table, key, NOWHERE)), "1");
            assert_eq!(shown(index(table, value::int(1), NOWHERE)), "true");
            assert_eq!(shown(index(table, value::int(2), NOWHERE)), "<nil>");
            assert_eq!(shown(field(value::NULL, value::as_string(key), NOWHERE)), "<nil>");
            assert_eq!(length(table, NOWHERE), 2);
            assert_eq!(length(value::int(-12), NOWHERE), 3);
            let keys = mochi_rt_any_elements(table.desc, table.payload, core::ptr::null(), 0);
            assert_eq!(shown(value::list_any(keys)), "[1 k]");
            value::release(items);
            value::release(table);
            value::release(key);
        });
    }

    #[test]
    fn writing() {
        leak_free(|| unsafe {
            let items = list(&[value::int(1)]);
            let new = value::string(str("new"));
            let set = |container: Any, key: Any| {
                mochi_rt_any_set_index(
                    container.desc,
                    container.payload,
                    key.desc,
                    key.payload,
                    new.desc,
                    new.payload,
                    core::ptr::null(),
                    0,
                );
            };
            set(items, value::int(-1));
            assert!(fails(|| set(items, value::int(1))));
            let table = map(&[("a", value::int(1))]);
            set(table, value::int(5));
            assert_eq!(shown(value::retain(table)), "map[5:new a:1]");
            assert_eq!(shown(value::retain(items)), "[new]");
            let mut longer = value::NULL;
            mochi_rt_any_append(items.desc, items.payload, new.desc, new.payload, &mut longer, core::ptr::null(), 0);
            assert_eq!(shown(longer), "[new new]");
            value::release(items);
            value::release(table);
            value::release(new);
        });
    }
}
