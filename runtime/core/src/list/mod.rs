//! Lists: contiguous slots behind a header.
//!
//! The slot size comes from the element's descriptor (1, 2, 8 or 16 bytes). Functions that consume a list reuse it when it is the
//! only reference.

pub mod aggregate;
pub mod sets;
pub mod sort;

use crate::panic;
use crate::string::slice_bounds;
use crate::value::{self, Desc};
use crate::{alloc, object};
use core::ptr::{copy_nonoverlapping, null_mut};
use mochi_runtime_abi::{Any, Kind, List, Object};

/// Slots of a list that is first appended to.
const FIRST_BYTES: usize = 64;
/// Room left when a shared list is copied for an append: the copy usually sees a few more.
const SPARE_SLOTS: usize = 3;

/// A list with a length and (at least) that capacity, slots uninitialised.
pub unsafe fn with_length(len: usize, size: usize) -> *mut List {
    let list = with_room(len, size);
    (*list).len = len as i64;
    list
}

/// An empty list with room for so many slots.
pub unsafe fn with_room(capacity: usize, size: usize) -> *mut List {
    let list: *mut List = alloc::alloc(size_of::<List>()).cast();
    let (cap, data) = if capacity == 0 {
        (0, null_mut())
    } else {
        let bytes = bytes_for(capacity, size);
        (bytes / size, alloc::alloc(bytes))
    };
    list.write(List { rc: 1, len: 0, cap: cap as i64, data });
    list
}

/// Bytes to allocate for slots; a size no machine has is out of memory.
#[inline]
unsafe fn bytes_for(slots: usize, size: usize) -> usize {
    match slots.checked_mul(size) {
        Some(bytes) if bytes < isize::MAX as usize / 2 => alloc::good_size(bytes),
        _ => panic::mochi_rt_panic_out_of_memory(),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_new(len: i64, size: i64) -> *mut List {
    with_length(len as usize, size as usize)
}

/// Frees header and data, not the elements.
pub unsafe fn free(list: *mut List, size: usize) {
    if (*list).cap != 0 {
        alloc::free((*list).data, (*list).cap as usize * size);
    }
    alloc::free(list.cast(), size_of::<List>());
}

/// Destroys a list whose count reached zero.
pub unsafe fn drop(list: *mut List, elem: Desc) {
    if value::is_pointer(elem) {
        // Nothing about the slots needs to be found out for each of them.
        let desc = if (*elem).kind == Kind::Option { (*elem).elem } else { elem };
        let objects: *mut *mut Object = (*list).data.cast();
        for index in 0..(*list).len as usize {
            let object = objects.add(index).read();
            if object::is_object(object) {
                value::release_object(object, desc);
            }
        }
    } else if value::needs_release(elem) {
        let size = (*elem).size as usize;
        for index in 0..(*list).len as usize {
            value::release(value::load((*list).data.add(index * size), elem));
        }
    }
    free(list, (*elem).size as usize);
}

/// Releases a list given its element type; null is allowed.
pub unsafe fn release(list: *mut List, elem: Desc) {
    if !list.is_null() && object::release_is_last(list.cast()) {
        drop(list, elem);
    }
}

#[inline]
pub unsafe fn copy_slot(to: *mut u8, from: *const u8, size: usize) {
    match size {
        8 => to.cast::<u64>().write(from.cast::<u64>().read()),
        16 => to.cast::<[u64; 2]>().write(from.cast::<[u64; 2]>().read()),
        _ => copy_nonoverlapping(from, to, size),
    }
}

/// Retains the values of consecutive slots.
pub unsafe fn retain_slots(slots: *const u8, count: usize, elem: Desc) {
    if value::is_pointer(elem) {
        let objects = slots.cast::<*mut Object>();
        for index in 0..count {
            object::mochi_rt_retain(objects.add(index).read());
        }
    } else if (*elem).kind == Kind::Any {
        for index in 0..count {
            value::retain(slots.cast::<Any>().add(index).read());
        }
    }
}

#[inline]
unsafe fn length(list: *const List) -> usize {
    if list.is_null() { 0 } else { (*list).len as usize }
}

/// Borrowed element.
#[inline]
pub unsafe fn element(list: *const List, elem: Desc, index: usize) -> Any {
    value::load((*list).data.add(index * (*elem).size as usize), elem)
}

/// Appends an owned dynamically typed value to a unique `list<any>`.
pub unsafe fn push_any(list: *mut List, value: Any) -> *mut List {
    let list = reserve(list, &raw const value::descriptors::mochi_rt_desc_list_any);
    (*list).data.cast::<Any>().add((*list).len as usize).write(value);
    (*list).len += 1;
    list
}

/// Appends an owned object to a unique list of objects.
pub unsafe fn push_object(list: *mut List, object: *mut Object) -> *mut List {
    if (*list).len == (*list).cap {
        grow(list, 8);
    }
    (*list).data.cast::<*mut Object>().add((*list).len as usize).write(object);
    (*list).len += 1;
    list
}

/// Room for one more slot in a list that is unique.
unsafe fn grow(list: *mut List, size: usize) {
    let (len, cap) = ((*list).len as usize, (*list).cap as usize);
    let bytes = bytes_for((cap * 2).max(FIRST_BYTES / size), size);
    (*list).data =
        if cap == 0 { alloc::alloc(bytes) } else { alloc::grow((*list).data, cap * size, bytes, len * size) };
    (*list).cap = (bytes / size) as i64;
}

/// Consumes a list; the result is unique and has room for one more. Elements of a shared list are retained.
#[inline]
unsafe fn reserve(list: *mut List, desc: Desc) -> *mut List {
    if !list.is_null() && object::is_unique(list.cast()) && (*list).len < (*list).cap {
        return list;
    }
    reserve_slow(list, desc)
}

#[inline(never)]
#[cold]
unsafe fn reserve_slow(list: *mut List, desc: Desc) -> *mut List {
    let elem = (*desc).elem;
    let size = (*elem).size as usize;
    if list.is_null() {
        return with_room(FIRST_BYTES / size, size);
    }
    if object::is_unique(list.cast()) {
        grow(list, size);
        return list;
    }
    let len = (*list).len as usize;
    let copy = with_room(len + SPARE_SLOTS, size);
    copy_nonoverlapping((*list).data, (*copy).data, len * size);
    (*copy).len = len as i64;
    retain_slots((*copy).data, len, elem);
    value::release_object(list.cast(), desc);
    copy
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_list_reserve(list: *mut List, desc: Desc) -> *mut List {
    reserve(list, desc)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_append(list: *mut List, desc: Desc, slot: *const u8) -> *mut List {
    let list = reserve(list, desc);
    let size = (*(*desc).elem).size as usize;
    copy_slot((*list).data.add((*list).len as usize * size), slot, size);
    (*list).len += 1;
    list
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_slot(
    list: *const List,
    index: i64,
    size: i64,
    file: *const u8,
    line_column: i64,
) -> *mut u8 {
    let len = (*list).len;
    let at = if index < 0 { index + len } else { index };
    if at as u64 >= len as u64 {
        panic::mochi_rt_panic_list_index(index, len, file, line_column);
    }
    (*list).data.add((at * size) as usize)
}

/// A copy of part of a list.
pub unsafe fn copy_range(list: *const List, elem: Desc, start: usize, end: usize) -> *mut List {
    let size = (*elem).size as usize;
    let result = with_length(end - start, size);
    if end > start {
        copy_nonoverlapping((*list).data.add(start * size), (*result).data, (end - start) * size);
        retain_slots((*result).data, end - start, elem);
    }
    result
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_slice(list: *const List, desc: Desc, start: i64, end: i64) -> *mut List {
    let (start, end) = slice_bounds(start, end, length(list) as i64);
    copy_range(list, (*desc).elem, start, end)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_concat(left: *mut List, desc: Desc, right: *const List) -> *mut List {
    let elem = (*desc).elem;
    let size = (*elem).size as usize;
    let (len, more) = (length(left), length(right));
    let result;
    if !left.is_null() && object::is_unique(left.cast()) {
        result = left;
        if ((*left).cap as usize) < len + more {
            let bytes = bytes_for((len + more).max((*left).cap as usize * 2), size);
            let cap = (*left).cap as usize;
            (*left).data =
                if cap == 0 { alloc::alloc(bytes) } else { alloc::grow((*left).data, cap * size, bytes, len * size) };
            (*left).cap = (bytes / size) as i64;
        }
    } else {
        result = with_room(len + more, size);
        if len > 0 {
            copy_nonoverlapping((*left).data, (*result).data, len * size);
            retain_slots((*result).data, len, elem);
        }
        if !left.is_null() {
            value::release_object(left.cast(), desc);
        }
    }
    if more > 0 {
        let end = (*result).data.add(len * size);
        copy_nonoverlapping((*right).data, end, more * size);
        retain_slots(end, more, elem);
    }
    (*result).len = (len + more) as i64;
    result
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_union_all(left: *const List, desc: Desc, right: *const List) -> *mut List {
    let elem = (*desc).elem;
    let size = (*elem).size as usize;
    let (len, more) = (length(left), length(right));
    let result = with_length(len + more, size);
    if len > 0 {
        copy_nonoverlapping((*left).data, (*result).data, len * size);
    }
    if more > 0 {
        copy_nonoverlapping((*right).data, (*result).data.add(len * size), more * size);
    }
    retain_slots((*result).data, len + more, elem);
    result
}

/// First index whose element is identical to a value.
unsafe fn position(list: *const List, elem: Desc, wanted: Any) -> Option<usize> {
    if (*elem).kind == Kind::Int && value::kind(wanted) == Kind::Int {
        let words = core::slice::from_raw_parts((*list).data.cast::<u64>(), length(list));
        return words.iter().position(|word| *word == wanted.payload);
    }
    (0..length(list)).find(|index| value::compare::identical(element(list, elem, *index), wanted))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_contains(list: *const List, desc: Desc, slot: *const u8) -> bool {
    mochi_rt_list_index_of(list, desc, slot) >= 0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_index_of(list: *const List, desc: Desc, slot: *const u8) -> i64 {
    if length(list) == 0 {
        return -1;
    }
    let elem = (*desc).elem;
    position(list, elem, value::load(slot, elem)).map_or(-1, |index| index as i64)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_reverse(list: *const List, desc: Desc) -> *mut List {
    let elem = (*desc).elem;
    let size = (*elem).size as usize;
    let len = length(list);
    let result = with_length(len, size);
    for index in 0..len {
        copy_slot((*result).data.add((len - 1 - index) * size), (*list).data.add(index * size), size);
    }
    retain_slots((*result).data, len, elem);
    result
}

/// Writes an option slot: of pointers it is the pointer, of `any` the value, of scalars a flag and the payload.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_first(list: *const List, desc: Desc, out: *mut u8) {
    let elem = (*desc).elem;
    let size = (*elem).size as usize;
    let wrapped = !value::needs_release(elem) && (*elem).kind != Kind::Option;
    if length(list) == 0 {
        core::ptr::write_bytes(out, 0, if wrapped { 2 * size } else { size });
        return;
    }
    if wrapped {
        out.write(1);
        copy_slot(out.add(size), (*list).data, size);
    } else {
        copy_slot(out, (*list).data, size);
        retain_slots(out, 1, elem);
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_range2(start: i64, end: i64) -> *mut List {
    range(start, end, 1)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_range1(end: i64) -> *mut List {
    range(0, end, 1)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_range(
    start: i64,
    end: i64,
    step: i64,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    if step == 0 {
        panic::fail(b"range step must not be zero", panic::Position::new(file, line_column));
    }
    range(start, end, step)
}

unsafe fn range(start: i64, end: i64, step: i64) -> *mut List {
    let distance = if step > 0 { i128::from(end) - i128::from(start) } else { i128::from(start) - i128::from(end) };
    let count = if distance <= 0 {
        0
    } else {
        // The distance fits in 65 bits, the count in 64.
        ((distance - 1) as u64 / step.unsigned_abs()) as usize + 1
    };
    let result = with_length(count, 8);
    let words = (*result).data.cast::<i64>();
    for index in 0..count {
        words.add(index).write(start.wrapping_add((index as i64).wrapping_mul(step)));
    }
    result
}
