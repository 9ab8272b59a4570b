//! Hash maps: open addressing with linear probing, entries stored in the table.
//!
//! There is no deletion in the language, so there are no tombstones, and the number of entries changes exactly when a key is added.
//! Three entry forms share the code:
//!
//! | key | entry | empty when |
//! |-----|-------|------------|
//! | int | scrambled key, value | word 0 is zero |
//! | string | hash, string, value | word 0 is zero (hashes are odd) |
//! | other | hash, key slot (padded to 8), value | word 0 is zero |
//!
//! Int keys are stored xor-ed with [`SCRAMBLE`], so that zeroed memory is an empty table whatever the keys; the one key that would
//! look empty has an entry of its own outside the table.

pub mod order;

use crate::value::compare::mix;
use crate::value::{self, Desc};
use crate::{alloc, copy, format, string, text};
use core::ptr::{addr_of_mut, null_mut, write_bytes};
use mochi_runtime_abi::{Any, Kind, String};

/// The int key with this value lives outside the table.
const SCRAMBLE: u64 = 0x7A3F_90C5_1BE8_24D6;
const FIRST_CAPACITY: usize = 8;

/// A map object. The first two words are the public header.
#[repr(C)]
pub struct Table {
    pub rc: i64,
    pub len: i64,
    entries: *mut u8,
    /// Capacity - 1; the capacity is a power of two.
    mask: u64,
    entry_size: u32,
    value_offset: u32,
    /// Descriptor of the map type.
    pub desc: Desc,
    /// Entry of the int key `SCRAMBLE`, or null.
    outside: *mut u8,
    /// Entry numbers in ascending key order; valid while `order_len` equals `len`.
    order: *mut u32,
    order_len: i64,
}

/// What a new map points to: one empty entry, so that lookups need no check.
static mut NO_ENTRIES: [u64; 8] = [0; 8];

#[inline]
unsafe fn no_entries() -> *mut u8 {
    addr_of_mut!(NO_ENTRIES).cast()
}

fn padded(size: u16) -> u32 {
    (u32::from(size) + 7) & !7
}

/// An empty map.
pub unsafe fn new(desc: Desc) -> *mut Table {
    let table: *mut Table = alloc::alloc(size_of::<Table>()).cast();
    let key = (*desc).key;
    let value_offset = match (*key).kind {
        Kind::Int => 8,
        _ => 8 + padded((*key).size),
    };
    table.write(Table {
        rc: 1,
        len: 0,
        entries: no_entries(),
        mask: 0,
        entry_size: value_offset + padded((*(*desc).elem).size),
        value_offset,
        desc,
        outside: null_mut(),
        order: null_mut(),
        order_len: 0,
    });
    table
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_new(desc: Desc) -> *mut Table {
    new(desc)
}

impl Table {
    #[inline]
    unsafe fn entry(&self, index: u64) -> *mut u8 {
        self.entries.add(index as usize * self.entry_size as usize)
    }

    #[inline]
    fn key_kind(&self) -> Kind {
        // SAFETY: descriptors are immutable and complete.
        unsafe { (*(*self.desc).key).kind }
    }

    /// Slot of the key in an entry; for int keys the word is scrambled and has no slot.
    unsafe fn key_slot(&self, entry: *mut u8) -> *mut u8 {
        entry.add(8)
    }

    unsafe fn capacity(&self) -> usize {
        if self.entries == no_entries() { 0 } else { self.mask as usize + 1 }
    }

    /// The entry of an order number.
    unsafe fn numbered(&self, number: u32) -> *mut u8 {
        if number == u32::MAX { self.outside } else { self.entry(u64::from(number)) }
    }

    /// Calls `visit` with the number and address of each entry, in table order.
    pub unsafe fn each_entry(&self, mut visit: impl FnMut(u32, *mut u8)) {
        for index in 0..self.capacity() as u64 {
            let entry = self.entry(index);
            if entry.cast::<u64>().read() != 0 {
                visit(index as u32, entry);
            }
        }
        if !self.outside.is_null() {
            visit(u32::MAX, self.outside);
        }
    }
}

/// The key of an entry of a map with int keys.
#[inline]
unsafe fn int_key(entry: *mut u8) -> i64 {
    (entry.cast::<u64>().read() ^ SCRAMBLE) as i64
}

/// Releases keys and values, frees the map.
pub unsafe fn drop(table: *mut Table) {
    each_slot(table, |slot, desc| value::release(value::load(slot, desc)));
    free(table);
}

/// Calls `visit` with the slots of all keys and values that are references.
pub unsafe fn each_slot(table: *mut Table, mut visit: impl FnMut(*mut u8, Desc)) {
    let map = &*table;
    let (key, elem) = ((*map.desc).key, (*map.desc).elem);
    let (keys, values) = (value::needs_release(key), value::needs_release(elem));
    if keys || values {
        map.each_entry(|_, entry| {
            if keys {
                visit(map.key_slot(entry), key);
            }
            if values {
                visit(entry.add(map.value_offset as usize), elem);
            }
        });
    }
}

/// Frees a map, not what it holds.
pub unsafe fn free(table: *mut Table) {
    let map = &*table;
    let entry_size = map.entry_size as usize;
    if map.capacity() != 0 {
        alloc::free(map.entries, map.capacity() * entry_size);
    }
    if !map.outside.is_null() {
        alloc::free(map.outside, entry_size);
    }
    order::forget(table);
    alloc::free(table.cast(), size_of::<Table>());
}

/// Hash of bytes, eight at a time. Odd, so that no used entry looks empty.
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let (mut hash, mut rest) = (bytes.len() as u64 ^ 0x51_7C_C1_B7_27_22_0A_95, bytes);
    while let Some((word, tail)) = rest.split_first_chunk::<8>() {
        hash = mix(hash.rotate_left(23) ^ u64::from_le_bytes(*word));
        rest = tail;
    }
    let mut last = 0;
    for byte in rest {
        last = last << 8 | u64::from(*byte);
    }
    mix(hash ^ last) | 1
}

/// Value slot of an int key, or null.
#[inline]
unsafe fn find_int(map: &Table, key: i64) -> *mut u8 {
    let word = key as u64 ^ SCRAMBLE;
    if word == 0 {
        return if map.outside.is_null() { null_mut() } else { map.outside.add(8) };
    }
    let mut index = mix(word) & map.mask;
    loop {
        let entry = map.entry(index);
        let found = entry.cast::<u64>().read();
        if found == word {
            return entry.add(8);
        }
        if found == 0 {
            return null_mut();
        }
        index = (index + 1) & map.mask;
    }
}

/// Entry with a hash whose key satisfies `same`, or the empty entry where it belongs.
#[inline]
unsafe fn probe(map: &Table, hash: u64, mut same: impl FnMut(*mut u8) -> bool) -> *mut u8 {
    let mut index = hash & map.mask;
    loop {
        let entry = map.entry(index);
        let found = entry.cast::<u64>().read();
        if found == 0 || (found == hash && same(entry)) {
            return entry;
        }
        index = (index + 1) & map.mask;
    }
}

/// Entry (possibly empty) of a string key.
#[inline]
unsafe fn probe_string(map: &Table, hash: u64, key: &[u8]) -> *mut u8 {
    probe(map, hash, |entry| {
        let found = entry.cast::<*const String>().add(1).read();
        (*found).len as usize == key.len() && copy::equal(string::data(found), key.as_ptr(), key.len())
    })
}

/// Entry (possibly empty) of a key of any type.
unsafe fn probe_value(map: &Table, hash: u64, key: Any) -> *mut u8 {
    let desc = (*map.desc).key;
    probe(map, hash, |entry| value::compare::equal(value::load(entry.add(8), desc), key))
}

unsafe fn value_if_used(map: &Table, entry: *mut u8) -> *mut u8 {
    if entry.cast::<u64>().read() == 0 { null_mut() } else { entry.add(map.value_offset as usize) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_get_int(table: *const Table, key: i64) -> *mut u8 {
    if table.is_null() {
        return null_mut();
    }
    find_int(&*table, key)
}

/// Value slot of the string key with these bytes, or null.
pub unsafe fn find_bytes(table: *const Table, key: &[u8]) -> *mut u8 {
    if table.is_null() || (*table).len == 0 {
        return null_mut();
    }
    value_if_used(&*table, probe_string(&*table, hash_bytes(key), key))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_get_string(table: *const Table, key: *const String) -> *mut u8 {
    find_bytes(table, string::bytes(key))
}

/// Value slot of the key with this text, whatever the key type, or null.
pub unsafe fn find_text(table: *const Table, wanted: &[u8]) -> *mut u8 {
    let map = &*table;
    match map.key_kind() {
        Kind::String => find_bytes(table, wanted),
        Kind::Int => match crate::cast::parse_int(wanted) {
            Some(key) if text::Digits::new(key).bytes() == wanted => find_int(map, key),
            _ => null_mut(),
        },
        Kind::Any => {
            let key = value::string(string::new(wanted));
            let slot = find(table, key);
            value::release(key);
            slot
        }
        _ => {
            let mut found = null_mut();
            let desc = (*map.desc).key;
            map.each_entry(|_, entry| {
                let mut text = text::Text::new();
                format::push_str(&mut text, value::load(map.key_slot(entry), desc));
                if text.bytes() == wanted {
                    found = entry.add(map.value_offset as usize);
                }
            });
            found
        }
    }
}

/// Value slot of a key of the map's key type (or any key for maps with `any` keys), or null.
pub unsafe fn find(table: *const Table, key: Any) -> *mut u8 {
    if table.is_null() || (*table).len == 0 {
        return null_mut();
    }
    let map = &*table;
    match (map.key_kind(), value::kind(key)) {
        (Kind::Int, Kind::Int) => find_int(map, key.payload as i64),
        (Kind::String, Kind::String) => find_bytes(table, string::bytes(value::as_string(key))),
        (Kind::Any, kind) if kind != Kind::String => {
            let text = text_key(key);
            let slot = find(table, text);
            value::release(text);
            slot
        }
        (expected, actual) if expected == actual || expected == Kind::Any || expected == Kind::Option => {
            value_if_used(map, probe_value(map, value::compare::hash(key) | 1, key))
        }
        // The text of the key decides across types.
        _ => {
            let mut text = text::Text::new();
            format::push_str(&mut text, key);
            find_text(table, text.bytes())
        }
    }
}

/// Dynamically typed keys are kept as their text: 1 and "1" are the same key.
unsafe fn text_key(key: Any) -> Any {
    let mut text = text::Text::new();
    format::push_str(&mut text, key);
    value::string(text.finish())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_get(table: *const Table, desc: Desc, key: *const u8) -> *mut u8 {
    find(table, value::load(key, (*desc).key))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_get_or(
    table: *const Table,
    desc: Desc,
    key: *const u8,
    default: *const u8,
    out: *mut u8,
) {
    let elem = (*desc).elem;
    let found = mochi_rt_map_get(table, desc, key);
    let from = if found.is_null() { default } else { found.cast_const() };
    copy::copy(from, out, (*elem).size as usize);
    value::retain(value::load(out, elem));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_contains(table: *const Table, desc: Desc, key: *const u8) -> bool {
    !mochi_rt_map_get(table, desc, key).is_null()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_contains_int(table: *const Table, key: i64) -> bool {
    !mochi_rt_map_get_int(table, key).is_null()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_contains_string(table: *const Table, key: *const String) -> bool {
    !mochi_rt_map_get_string(table, key).is_null()
}

/// Doubles the table. Five eighths full is where linear probing still averages under two steps.
#[inline(never)]
unsafe fn grow(map: &mut Table) {
    let (old_entries, old_capacity, size) = (map.entries, map.capacity(), map.entry_size as usize);
    let capacity = if old_capacity == 0 { FIRST_CAPACITY } else { old_capacity * 2 };
    let entries = alloc::alloc(capacity * size);
    write_bytes(entries, 0, capacity * size);
    map.entries = entries;
    map.mask = capacity as u64 - 1;
    let ints = map.key_kind() == Kind::Int;
    for index in 0..old_capacity {
        let old = old_entries.add(index * size);
        let word = old.cast::<u64>().read();
        if word == 0 {
            continue;
        }
        let mut at = (if ints { mix(word) } else { word }) & map.mask;
        while map.entry(at).cast::<u64>().read() != 0 {
            at = (at + 1) & map.mask;
        }
        copy::copy(old, map.entry(at), size);
    }
    if old_capacity != 0 {
        alloc::free(old_entries, old_capacity * size);
    }
}

#[inline]
unsafe fn is_full(map: &Table) -> bool {
    (map.len as u64 + 1) * 8 > (map.mask + 1) * 5
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_slot_int(table: *mut Table, _desc: Desc, key: i64) -> *mut u8 {
    let map = &mut *table;
    let found = find_int(map, key);
    if !found.is_null() {
        return found;
    }
    insert_int(map, key)
}

/// Adds an int key that is not there.
#[inline(never)]
unsafe fn insert_int(map: &mut Table, key: i64) -> *mut u8 {
    let word = key as u64 ^ SCRAMBLE;
    if word == 0 {
        map.outside = alloc::alloc(map.entry_size as usize);
        write_bytes(map.outside, 0, map.entry_size as usize);
        map.len += 1;
        return map.outside.add(8);
    }
    if is_full(map) {
        grow(map);
    }
    let mut at = mix(word) & map.mask;
    while map.entry(at).cast::<u64>().read() != 0 {
        at = (at + 1) & map.mask;
    }
    let entry = map.entry(at);
    entry.cast::<u64>().write(word);
    map.len += 1;
    entry.add(8)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_slot_string(table: *mut Table, _desc: Desc, key: *mut String) -> *mut u8 {
    let map = &mut *table;
    let hash = hash_bytes(string::bytes(key));
    let mut entry = probe_string(map, hash, string::bytes(key));
    if entry.cast::<u64>().read() == hash {
        string::release(key);
    } else {
        if is_full(map) {
            grow(map);
            entry = probe(map, hash, |_| false);
        }
        entry.cast::<u64>().write(hash);
        entry.cast::<*mut String>().add(1).write(key);
        map.len += 1;
    }
    entry.add(map.value_offset as usize)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_slot(table: *mut Table, desc: Desc, key: *const u8) -> *mut u8 {
    slot(table, value::load(key, (*desc).key))
}

/// Value slot of an owned key of the map's key type (any key for maps with `any` keys), added when absent.
pub unsafe fn slot(table: *mut Table, key: Any) -> *mut u8 {
    let map = &mut *table;
    match map.key_kind() {
        Kind::Int => mochi_rt_map_slot_int(table, map.desc, key.payload as i64),
        Kind::String => mochi_rt_map_slot_string(table, map.desc, value::as_string(key)),
        Kind::Any if value::kind(key) != Kind::String => {
            let text = text_key(key);
            value::release(key);
            slot(table, text)
        }
        _ => {
            let hash = value::compare::hash(key) | 1;
            let mut entry = probe_value(map, hash, key);
            if entry.cast::<u64>().read() == hash {
                value::release(key);
            } else {
                if is_full(map) {
                    grow(map);
                    entry = probe(map, hash, |_| false);
                }
                entry.cast::<u64>().write(hash);
                value::store(entry.add(8), (*map.desc).key, key);
                map.len += 1;
            }
            entry.add(map.value_offset as usize)
        }
    }
}

/// Replaces the content of a value slot.
#[inline]
unsafe fn replace(map: &Table, slot: *mut u8, new: *const u8) {
    let desc = (*map.desc).elem;
    let old = if value::needs_release(desc) { value::load(slot, desc) } else { value::NULL };
    copy::copy(new, slot, (*desc).size as usize);
    value::release(old);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_set(table: *mut Table, desc: Desc, key: *const u8, new: *const u8) {
    replace(&*table, mochi_rt_map_slot(table, desc, key), new);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_set_int(table: *mut Table, desc: Desc, key: i64, new: *const u8) {
    replace(&*table, mochi_rt_map_slot_int(table, desc, key), new);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_map_set_string(table: *mut Table, desc: Desc, key: *mut String, new: *const u8) {
    replace(&*table, mochi_rt_map_slot_string(table, desc, key), new);
}

/// Visits (key slot, value slot) in ascending key order.
pub unsafe fn each_sorted(table: *mut Table, visit: &mut dyn FnMut(*const u8, *mut u8)) {
    let numbers = order::sorted(table);
    for index in 0..(*table).len as usize {
        let map = &*table;
        let entry = map.numbered(*numbers.add(index));
        let value = entry.add(map.value_offset as usize);
        if map.key_kind() == Kind::Int {
            let key = int_key(entry);
            visit((&raw const key).cast(), value);
        } else {
            visit(map.key_slot(entry), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::leak_free;
    use crate::value::descriptors::SET_STRING;
    use std::vec::Vec;

    /// 16 bytes with the hash of any others: the second word undoes what the first changed.
    fn colliding(first: u64) -> [u8; 16] {
        let start = 16 ^ 0x51_7C_C1_B7_27_22_0A_95_u64;
        let second = mix(start.rotate_left(23) ^ first).rotate_left(23);
        let mut key = [0; 16];
        key[..8].copy_from_slice(&first.to_le_bytes());
        key[8..].copy_from_slice(&second.to_le_bytes());
        key
    }

    #[test]
    fn keys_with_the_same_hash_stay_apart() {
        leak_free(|| unsafe {
            let keys: Vec<_> = (0..100).map(colliding).collect();
            assert!(keys.iter().all(|key| hash_bytes(key) == hash_bytes(&keys[0])));
            let (present, absent) = keys.split_at(70);
            let table = new(&raw const SET_STRING);
            for (index, key) in present.iter().enumerate() {
                mochi_rt_map_slot_string(table, &raw const SET_STRING, string::new(key)).write(index as u8);
            }
            assert_eq!((*table).len, 70);
            for (index, key) in present.iter().enumerate() {
                assert_eq!(find_bytes(table, key).read(), index as u8);
            }
            for key in absent {
                assert!(find_bytes(table, key).is_null());
            }
            drop(table);
        });
    }
}
