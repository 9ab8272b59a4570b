//! Arguments of builtins whose types are only known at run time.

use crate::panic::{Position, fail};
use crate::value::descriptors::mochi_rt_desc_list_any;
use crate::value::{self, Desc, fields};
use crate::{any::access, cast, list, string};
use mochi_runtime_abi::{Any, Kind, List, String};

/// The elements of a list or group; those of null, where that is allowed, are none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_list_argument(
    desc: Desc,
    payload: u64,
    message: *const String,
    nullable: u64,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    let container = Any { desc, payload };
    let container = fields::group_items(container).unwrap_or(container);
    let position = Position::new(file, line_column);
    match value::kind(container) {
        Kind::List => {
            let mut result: *mut List = core::ptr::null_mut();
            cast::into_slot(container, &raw const mochi_rt_desc_list_any, (&raw mut result).cast(), position);
            result
        }
        Kind::Unit if nullable != 0 => list::with_room(0, 16),
        _ => fail(string::bytes(message), position),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_text_argument(
    desc: Desc,
    payload: u64,
    message: *const String,
    file: *const u8,
    line_column: i64,
) -> *mut String {
    let text = Any { desc, payload };
    if value::kind(text) != Kind::String {
        fail(string::bytes(message), Position::new(file, line_column));
    }
    string::retain(value::as_string(text))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_reverse(
    desc: Desc,
    payload: u64,
    out: *mut Any,
    file: *const u8,
    line_column: i64,
) {
    let source = Any { desc, payload };
    let source = fields::group_items(source).unwrap_or(source);
    out.write(match value::kind(source) {
        Kind::List => {
            let items = list::mochi_rt_list_reverse(value::as_list(source), source.desc);
            Any { desc: source.desc, payload: items as u64 }
        }
        Kind::String => value::string(string::transform::mochi_rt_string_reverse(value::as_string(source))),
        _ => fail(b"reverse expects list or string", Position::new(file, line_column)),
    });
}

/// Numbers have a length, but nothing to count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_count(desc: Desc, payload: u64, file: *const u8, line_column: i64) -> i64 {
    let container = Any { desc, payload };
    match value::kind(container) {
        Kind::Unit | Kind::List | Kind::Map | Kind::String | Kind::Record | Kind::Anonymous | Kind::Union => {
            access::mochi_rt_any_length(desc, payload, file, line_column)
        }
        _ => fail(b"count expects list", Position::new(file, line_column)),
    }
}

/// Whether the value has an entry with a name that is a function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_has_method(desc: Desc, payload: u64, name: *const String) -> bool {
    let container = Any { desc, payload };
    fields::has_entries(container)
        && fields::entry(container, string::bytes(name))
            .is_some_and(|entry| matches!(value::kind(entry), Kind::Fn | Kind::Env))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free, list, map, str, text};

    const NOWHERE: *const u8 = core::ptr::null();

    #[test]
    fn lists() {
        leak_free(|| unsafe {
            let message = str("sum expects list");
            let argument = |value: Any, nullable| {
                mochi_rt_any_list_argument(value.desc, value.payload, message, nullable, NOWHERE, 0)
            };
            let items = list(&[value::int(1)]);
            let same = argument(items, 0);
            assert_eq!((*same).len, 1);
            value::release(items);
            value::release(value::list_any(same));
            let empty = argument(value::NULL, 1);
            assert_eq!((*empty).len, 0);
            value::release(value::list_any(empty));
            assert!(fails(|| argument(value::NULL, 0)));
            assert!(fails(|| argument(value::int(5), 1)));
            string::release(message);
        });
    }

    #[test]
    fn texts_and_counts() {
        leak_free(|| unsafe {
            let source = value::string(str("hé"));
            let mut out = value::NULL;
            mochi_rt_any_reverse(source.desc, source.payload, &raw mut out, NOWHERE, 0);
            assert_eq!(text(value::as_string(out)), "éh");
            let same = mochi_rt_any_text_argument(source.desc, source.payload, core::ptr::null(), NOWHERE, 0);
            assert_eq!(text(same), "hé");
            assert_eq!(mochi_rt_any_count(source.desc, source.payload, NOWHERE, 0), 2);
            let number = value::int(12);
            assert!(fails(|| mochi_rt_any_count(number.desc, number.payload, NOWHERE, 0)));
            value::release(source);
            let table = map(&[("a", value::int(1))]);
            let name = str("a");
            assert!(!mochi_rt_any_has_method(table.desc, table.payload, name));
            string::release(name);
            value::release(table);
        });
    }
}
