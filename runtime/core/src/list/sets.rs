//! `distinct` and the set operators.
//!
//! What was seen is remembered in a hash map: of the ints or strings themselves where the element type allows it,
//! otherwise of texts.

use super::{copy_slot, length, retain_slots, with_room};
use crate::map::{self, Table};
use crate::text::Text;
use crate::value::descriptors::{SET_INT, SET_STRING};
use crate::value::{self, Desc};
use crate::{format, string};
use mochi_runtime_abi::{Any, Kind, List};

/// A set of values of one element type.
struct Seen {
    table: *mut Table,
    /// Whether values of different kinds with the same text differ.
    kinds_differ: bool,
}

impl Seen {
    unsafe fn new(elem: Desc, kinds_differ: bool) -> Self {
        let desc = if (*elem).kind == Kind::Int { &raw const SET_INT } else { &raw const SET_STRING };
        Seen { table: map::new(desc), kinds_differ }
    }

    /// The owned key that stands for a value.
    unsafe fn key(&self, value: Any) -> Any {
        if (*(*self.table).desc).key == (&raw const value::descriptors::mochi_rt_desc_int) {
            return value;
        }
        if value::kind(value) == Kind::String && !self.kinds_differ {
            return value::retain(value);
        }
        let mut text = Text::new();
        if self.kinds_differ {
            text.push_byte(value::kind(value) as u8);
        }
        format::push_str(&mut text, value);
        value::string(text.finish())
    }

    /// Adds a value; true when it was not there.
    unsafe fn add(&mut self, value: Any) -> bool {
        let before = (*self.table).len;
        map::slot(self.table, self.key(value));
        (*self.table).len != before
    }

    unsafe fn contains(&self, value: Any) -> bool {
        let key = self.key(value);
        let found = !map::find(self.table, key).is_null();
        value::release(key);
        found
    }

    unsafe fn add_all(&mut self, list: *const List, elem: Desc) {
        for index in 0..length(list) {
            self.add(super::element(list, elem, index));
        }
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        // SAFETY: the table is owned and unique.
        unsafe { map::drop(self.table) }
    }
}

/// Copies the elements a predicate accepts to the end of a list that has room for them.
unsafe fn filter(result: *mut List, list: *const List, elem: Desc, mut keep: impl FnMut(Any) -> bool) {
    let size = (*elem).size as usize;
    for index in 0..length(list) {
        let slot = (*list).data.add(index * size);
        if keep(value::load(slot, elem)) {
            let to = (*result).data.add((*result).len as usize * size);
            copy_slot(to, slot, size);
            retain_slots(to, 1, elem);
            (*result).len += 1;
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_distinct(list: *const List, desc: Desc) -> *mut List {
    let elem = (*desc).elem;
    let result = with_room(length(list), (*elem).size as usize);
    let mut seen = Seen::new(elem, false);
    filter(result, list, elem, |value| seen.add(value));
    result
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_union(left: *const List, desc: Desc, right: *const List) -> *mut List {
    let elem = (*desc).elem;
    let result = with_room(length(left) + length(right), (*elem).size as usize);
    let mut seen = Seen::new(elem, (*elem).kind == Kind::Any);
    filter(result, left, elem, |value| seen.add(value));
    filter(result, right, elem, |value| seen.add(value));
    result
}

/// Keeps duplicates of the left list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_except(left: *const List, desc: Desc, right: *const List) -> *mut List {
    let elem = (*desc).elem;
    let result = with_room(length(left), (*elem).size as usize);
    let mut seen = Seen::new(elem, (*elem).kind == Kind::Any);
    seen.add_all(right, elem);
    filter(result, left, elem, |value| !seen.contains(value));
    result
}

/// Order and values of the right list, without duplicates.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_intersect(left: *const List, desc: Desc, right: *const List) -> *mut List {
    let elem = (*desc).elem;
    let result = with_room(length(right), (*elem).size as usize);
    let mut seen = Seen::new(elem, (*elem).kind == Kind::Any);
    let mut taken = Seen::new(elem, (*elem).kind == Kind::Any);
    seen.add_all(left, elem);
    filter(result, right, elem, |value| seen.contains(value) && taken.add(value));
    result
}

/// Joins texts; `list<string>` needs no formatter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_join(
    list: *const List,
    desc: Desc,
    separator: *const mochi_runtime_abi::String,
) -> *mut mochi_runtime_abi::String {
    let elem = (*desc).elem;
    let mut text = Text::new();
    for index in 0..length(list) {
        if index > 0 {
            text.push(string::bytes(separator));
        }
        format::push_str(&mut text, super::element(list, elem, index));
    }
    text.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::release;
    use crate::testing::{ints, leak_free, words};
    use crate::value::descriptors::LIST_INT;

    #[test]
    fn set_operators() {
        leak_free(|| unsafe {
            let desc = &raw const LIST_INT;
            let (a, b) = (ints(&[3, 1, 3, 2]), ints(&[2, 5, 3, 2, 5]));
            assert_eq!(words(mochi_rt_list_distinct(a, desc)), [3, 1, 2]);
            assert_eq!(words(mochi_rt_list_union(a, desc, b)), [3, 1, 2, 5]);
            assert_eq!(words(mochi_rt_list_except(a, desc, b)), [1]);
            assert_eq!(words(mochi_rt_list_intersect(a, desc, b)), [2, 3]);
            release(a, (*desc).elem);
            release(b, (*desc).elem);
        });
    }
}
