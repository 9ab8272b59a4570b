//! Ascending key order: made when someone looks, kept until a key is added.
//!
//! Keys are ordered by their text. For int keys the order of the decimal texts is found without making them: digits moved to the left
//! of a fixed width compare like the texts, a shorter text wins a tie, and negative numbers come first
//! (`-` sorts before digits). For strings the first eight bytes, as a big-endian number, decide most comparisons.

use super::{Table, int_key};
use crate::value::{self, Desc};
use crate::{alloc, copy, format, list, string, text::Text};
use core::cmp::Ordering;
use core::ptr::null_mut;
use mochi_runtime_abi::{Kind, List, String};

/// What sorting moves around.
#[derive(Clone, Copy)]
struct Item {
    /// Decides first.
    high: u64,
    /// Int keys: decides next. Other keys: the string object.
    low: u64,
    number: u32,
}

const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut index = 1;
    while index < 20 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// Number of decimal digits.
#[inline]
fn digits(value: u64) -> u32 {
    // 1233 / 4096 is just above log10(2); the table corrects the estimate.
    let estimate = ((64 - (value | 1).leading_zeros()) * 1233) >> 12;
    // SAFETY: the estimate is at most 19.
    estimate + u32::from(value >= unsafe { *POWERS.get_unchecked(estimate as usize) })
}

/// A pair that orders ints like their decimal texts.
#[inline]
fn text_order(value: i64) -> (u64, u64) {
    let magnitude = value.unsigned_abs();
    let digits = digits(magnitude).max(1);
    // The aligned number is below 10^19 and needs all 64 bits. With the sign above it there are 65: the lowest
    // one moves to the second word.
    // SAFETY: `digits` is in 1..=19.
    let aligned = magnitude * unsafe { *POWERS.get_unchecked(19 - digits as usize) };
    let sign = u64::from(value >= 0) << 63;
    (sign | aligned >> 1, (aligned & 1) << 63 | u64::from(digits))
}

/// The first eight bytes as a number.
#[inline]
fn prefix(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(word) => u64::from_be_bytes(*word),
        None if bytes.is_empty() => 0,
        None => {
            let word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            word << (64 - 8 * bytes.len())
        }
    }
}

/// Frees the kept order.
pub unsafe fn forget(table: *mut Table) {
    if !(*table).order.is_null() {
        alloc::free((*table).order.cast(), (*table).order_len as usize * 4);
        (*table).order = null_mut();
        (*table).order_len = 0;
    }
}

/// Entry numbers in ascending key order, `len` of them.
pub unsafe fn sorted(table: *mut Table) -> *const u32 {
    let len = (*table).len;
    if (*table).order_len != len {
        forget(table);
        (*table).order = make(&*table);
        (*table).order_len = len;
    }
    (*table).order
}

unsafe fn make(map: &Table) -> *mut u32 {
    let len = map.len as usize;
    let size = len * size_of::<Item>();
    let items: *mut Item = alloc::alloc(size).cast();
    let kind = map.key_kind();
    let key_desc = (*map.desc).key;
    let mut count = 0;
    map.each_entry(|number, entry| {
        let item = match kind {
            Kind::Int => {
                let (high, low) = text_order(int_key(entry));
                Item { high, low, number }
            }
            Kind::String => {
                let key = entry.cast::<*const String>().add(1).read();
                Item { high: prefix(string::bytes(key)), low: key as u64, number }
            }
            _ => {
                let mut text = Text::new();
                format::push_str(&mut text, value::load(map.key_slot(entry), key_desc));
                let text = text.finish();
                Item { high: prefix(string::bytes(text)), low: text as u64, number }
            }
        };
        items.add(count).write(item);
        count += 1;
    });
    let slice = core::slice::from_raw_parts_mut(items, len);
    if kind == Kind::Int {
        slice.sort_unstable_by_key(|item| (item.high, item.low));
    } else {
        slice.sort_unstable_by(|a, b| match a.high.cmp(&b.high) {
            Ordering::Equal => {
                copy::compare(string::bytes(a.low as *const String), string::bytes(b.low as *const String))
            }
            order => order,
        });
    }
    let numbers: *mut u32 = alloc::alloc(len * 4).cast();
    for (index, item) in slice.iter().enumerate() {
        numbers.add(index).write(item.number);
        if kind != Kind::Int && kind != Kind::String {
            string::release(item.low as *mut String);
        }
    }
    alloc::free(items.cast(), size);
    numbers
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_keys(table: *mut Table, desc: Desc) -> *mut List {
    collect(table, (*desc).key, true)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_values(table: *mut Table, desc: Desc) -> *mut List {
    collect(table, (*desc).elem, false)
}

unsafe fn collect(table: *mut Table, elem: Desc, keys: bool) -> *mut List {
    let len = if table.is_null() { 0 } else { (*table).len };
    let size = (*elem).size as usize;
    let result = list::with_length(len as usize, size);
    if len == 0 {
        return result;
    }
    let mut next = (*result).data;
    super::each_sorted(table, &mut |key, slot| {
        let from = if keys { key } else { slot.cast_const() };
        list::copy_slot(next, from, size);
        next = next.add(size);
    });
    list::retain_slots((*result).data, len as usize, elem);
    result
}

/// The texts of the keys.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_key_strings(table: *mut Table, desc: Desc) -> *mut List {
    let key_desc = (*desc).key;
    if (*key_desc).kind == Kind::String || table.is_null() {
        return mochi_rt_map_keys(table, desc);
    }
    let result = list::with_length((*table).len as usize, 8);
    let mut next = (*result).data.cast::<*mut String>();
    super::each_sorted(table, &mut |key, _| {
        let key = value::load(key, key_desc);
        *next = match value::kind(key) {
            Kind::Int => string::mochi_rt_string_from_int(key.payload as i64),
            _ => {
                let mut text = Text::new();
                format::push_str(&mut text, key);
                text.finish()
            }
        };
        next = next.add(1);
    });
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map;
    use crate::testing::{leak_free, str, text};
    use crate::value::descriptors::{SET_INT, SET_STRING};
    use std::string::{String as Std, ToString};
    use std::vec::Vec;

    const INTERESTING: [i64; 18] =
        [0, 1, 9, 10, 2, 20, 100, 19, 99, 101, -1, -10, -2, -19, i64::MAX, i64::MIN, 1_000_000_000, 999_999_999];

    #[test]
    fn ints_order_like_their_text() {
        let mut values: Vec<i64> = INTERESTING.to_vec();
        let mut state = 1u64;
        for shift in 0..2000 {
            state = value::compare::mix(state);
            values.push((state >> (shift % 64)) as i64);
            values.push(-((state >> (shift % 63 + 1)) as i64));
        }
        let mut by_text = values.clone();
        by_text.sort_by_key(|value| value.to_string());
        values.sort_by_key(|value| text_order(*value));
        assert_eq!(values, by_text);
    }

    #[test]
    fn prefixes() {
        assert_eq!(prefix(b""), 0);
        assert_eq!(prefix(b"a"), 0x61 << 56);
        assert_eq!(prefix(b"abcdefghi"), 0x6162_6364_6566_6768);
    }

    #[test]
    fn int_maps_hold_every_key() {
        leak_free(|| unsafe {
            let table = map::new(&raw const SET_INT);
            let mut keys: Vec<i64> = INTERESTING.to_vec();
            keys.push(map::SCRAMBLE as i64);
            keys.extend(1000..20_000);
            keys.extend((3..500).map(|key| key << 40));
            for (index, key) in keys.iter().enumerate() {
                map::mochi_rt_map_slot_int(table, &raw const SET_INT, *key).write((index % 2) as u8);
            }
            assert_eq!((*table).len, keys.len() as i64);
            for (index, key) in keys.iter().enumerate() {
                assert_eq!(map::mochi_rt_map_get_int(table, *key).read(), (index % 2) as u8);
            }
            assert!(map::mochi_rt_map_get_int(table, 77).is_null());
            let list = mochi_rt_map_keys(table, &raw const SET_INT);
            let found = core::slice::from_raw_parts((*list).data.cast::<i64>(), keys.len());
            keys.sort_by_key(|key| key.to_string());
            assert_eq!(found, keys);
            list::release(list, SET_INT.key);
            map::drop(table);
        });
    }

    #[test]
    fn string_maps_iterate_in_byte_order() {
        leak_free(|| unsafe {
            let table = map::new(&raw const SET_STRING);
            let mut keys: Vec<Std> = (0..3000).map(|index| std::format!("key{}", index * 7919 % 3001)).collect();
            keys.extend(["", "a", "ab", "é", "zzzzzzzzzzz", "zzzzzzzzzzy"].map(Std::from));
            for key in keys.iter().chain(keys.iter()) {
                map::mochi_rt_map_slot_string(table, &raw const SET_STRING, str(key)).write(1);
            }
            assert_eq!((*table).len, keys.len() as i64);
            let list = mochi_rt_map_key_strings(table, &raw const SET_STRING);
            keys.sort();
            for (index, key) in keys.iter().enumerate() {
                let found = (*list).data.cast::<*mut String>().add(index).read();
                assert_eq!(text(string::retain(found)), *key);
            }
            list::release(list, SET_STRING.key);
            map::drop(table);
        });
    }
}
