//! Sorting values by keys, as `sort by` does.

use super::{copy_slot, element, length, retain_slots, with_length};
use crate::alloc;
use crate::value::{Desc, compare};
use core::cmp::Ordering;
use mochi_runtime_abi::{Any, Kind, List};

/// A key and the place it came from, which makes the sort stable.
#[derive(Clone, Copy)]
struct Item<K> {
    key: K,
    index: usize,
}

/// Sorts the places by key and copies the values in that order.
unsafe fn sort<K: Copy>(
    values: *const List,
    elem: Desc,
    key: impl Fn(usize) -> K,
    order: impl Fn(&K, &K) -> Ordering,
) -> *mut List {
    let len = length(values);
    let size = (*elem).size as usize;
    let bytes = len * size_of::<Item<K>>();
    let items: *mut Item<K> = alloc::alloc(bytes).cast();
    for index in 0..len {
        items.add(index).write(Item { key: key(index), index });
    }
    let sorted = core::slice::from_raw_parts_mut(items, len);
    sorted.sort_unstable_by(|a, b| order(&a.key, &b.key).then(a.index.cmp(&b.index)));
    let result = with_length(len, size);
    for (to, item) in sorted.iter().enumerate() {
        copy_slot((*result).data.add(to * size), (*values).data.add(item.index * size), size);
    }
    retain_slots((*result).data, len, elem);
    alloc::free(items.cast(), bytes);
    result
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_sort_by(
    values: *const List,
    values_desc: Desc,
    keys: *const List,
    keys_desc: Desc,
) -> *mut List {
    let (elem, key) = ((*values_desc).elem, (*keys_desc).elem);
    if (*key).kind == Kind::Int {
        let words = if length(keys) == 0 { core::ptr::null() } else { (*keys).data.cast::<i64>().cast_const() };
        return sort(values, elem, |index| words.add(index).read(), i64::cmp);
    }
    sort(values, elem, |index| element(keys, key, index), |a: &Any, b: &Any| compare::sort_order(*a, *b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::{push_any, release, with_room};
    use crate::testing::{ints, leak_free, str, words};
    use crate::value::descriptors::{LIST_INT, mochi_rt_desc_list_any};
    use crate::value::{self, float, int, string};

    #[test]
    fn sorting_is_stable_and_mixed_keys_have_an_order() {
        leak_free(|| unsafe {
            let desc = &raw const LIST_INT;
            let values = ints(&[0, 1, 2, 3, 4]);
            let keys = ints(&[5, -1, 5, 0, -1]);
            assert_eq!(words(mochi_rt_list_sort_by(values, desc, keys, desc)), [1, 4, 3, 0, 2]);
            let any = &raw const mochi_rt_desc_list_any;
            let mut mixed = with_room(5, 16);
            for key in [value::NULL, float(2.5), int(2), value::bool(true), string(str("x"))] {
                mixed = push_any(mixed, key);
            }
            assert_eq!(words(mochi_rt_list_sort_by(values, desc, mixed, any)), [3, 2, 1, 4, 0]);
            release(mixed, (*any).elem);
            release(values, (*desc).elem);
            release(keys, (*desc).elem);
        });
    }
}
