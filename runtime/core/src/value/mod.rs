//! Values of any type, seen through their descriptors.
//!
//! Generic code works on borrowed [`Any`]s: [`load`] turns a slot of any type into one (unwrapping options and
//! nested `any`s), so that equality, order, formatting and conversion are each written once.

pub mod compare;
pub mod descriptors;
pub mod destroy;
pub mod fields;

use crate::{cycles, map, object};
use mochi_runtime_abi::{Any, FieldDesc, Kind, List, Object, SMALL_TAG, String, TypeDesc};

pub type Desc = *const TypeDesc;

/// The null value.
pub const NULL: Any = Any { desc: core::ptr::null(), payload: 0 };

/// Kind of a value; `Unit` for null.
#[inline]
pub unsafe fn kind(value: Any) -> Kind {
    if value.desc.is_null() { Kind::Unit } else { (*value.desc).kind }
}

#[inline]
pub fn int(value: i64) -> Any {
    Any { desc: &raw const descriptors::mochi_rt_desc_int, payload: value as u64 }
}

#[inline]
pub fn float(value: f64) -> Any {
    Any { desc: &raw const descriptors::mochi_rt_desc_float, payload: value.to_bits() }
}

#[inline]
pub fn bool(value: bool) -> Any {
    Any { desc: &raw const descriptors::mochi_rt_desc_bool, payload: u64::from(value) }
}

/// Boxes an owned string.
#[inline]
pub fn string(value: *mut String) -> Any {
    Any { desc: &raw const descriptors::mochi_rt_desc_string, payload: value as u64 }
}

/// Boxes an owned `list<any>`.
#[inline]
pub fn list_any(value: *mut List) -> Any {
    Any { desc: &raw const descriptors::mochi_rt_desc_list_any, payload: value as u64 }
}

#[inline]
pub fn as_float(value: Any) -> f64 {
    f64::from_bits(value.payload)
}

#[inline]
pub fn as_string(value: Any) -> *mut String {
    value.payload as *mut String
}

#[inline]
pub fn as_list(value: Any) -> *mut List {
    value.payload as *mut List
}

#[inline]
pub fn as_map(value: Any) -> *mut map::Table {
    value.payload as *mut map::Table
}

/// Whether slots of a type hold one (possibly null) object pointer.
#[inline]
pub unsafe fn is_pointer(desc: Desc) -> bool {
    match (*desc).kind {
        Kind::Option => (*(*desc).elem).kind.is_object(),
        kind => kind.is_object(),
    }
}

/// Borrowed view of the value in a slot.
#[inline]
pub unsafe fn load(slot: *const u8, desc: Desc) -> Any {
    match (*desc).kind {
        Kind::Unit => NULL,
        Kind::Int | Kind::Float => Any { desc, payload: slot.cast::<u64>().read() },
        Kind::Bool => Any { desc, payload: u64::from(slot.read() & 1) },
        Kind::Any => slot.cast::<Any>().read(),
        Kind::Option => {
            let elem = (*desc).elem;
            if (*elem).kind.is_object() {
                load(slot, elem)
            } else if slot.read() & 1 == 0 {
                NULL
            } else {
                // The payload of an option of a scalar is aligned to its own size.
                load(slot.add((*elem).size as usize), elem)
            }
        }
        _ => {
            let object = slot.cast::<u64>().read();
            if object == 0 { NULL } else { Any { desc, payload: object } }
        }
    }
}

/// Writes an owned value into a slot. The value's kind must be the slot's (null only where the slot can hold it).
pub unsafe fn store(slot: *mut u8, desc: Desc, value: Any) {
    match (*desc).kind {
        Kind::Unit => {}
        Kind::Bool => slot.write(value.payload as u8),
        Kind::Any => slot.cast::<Any>().write(value),
        Kind::Option => {
            let elem = (*desc).elem;
            if (*elem).kind.is_object() {
                slot.cast::<u64>().write(value.payload);
            } else if value.desc.is_null() {
                core::ptr::write_bytes(slot, 0, (*desc).size as usize);
            } else {
                slot.write(1);
                store(slot.add((*elem).size as usize), elem, value);
            }
        }
        _ => slot.cast::<u64>().write(value.payload),
    }
}

/// Whether a value is a counted object.
#[inline]
pub unsafe fn holds_object(value: Any) -> bool {
    kind(value).is_object() && value.payload & SMALL_TAG as u64 == 0
}

/// Retains a value and returns it.
#[inline]
pub unsafe fn retain(value: Any) -> Any {
    if holds_object(value) {
        (*(value.payload as *mut Object)).rc += 1;
    }
    value
}

/// Drops a reference. Within the runtime; what compiled code calls is a safe point for the cycle collector as well.
#[inline]
pub unsafe fn release(value: Any) {
    if holds_object(value) {
        release_object(value.payload as *mut Object, value.desc);
    }
}

/// Drops a reference to an object.
#[inline]
pub unsafe fn release_object(object: *mut Object, desc: Desc) {
    if object::release_is_last(object) {
        destroy::destroy(object, desc);
    } else {
        cycles::survived(object, desc);
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_retain(desc: Desc, payload: u64) {
    retain(Any { desc, payload });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_release(desc: Desc, payload: u64) {
    release(Any { desc, payload });
    cycles::poll();
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_retain(slot: *const u8, desc: Desc) {
    retain(load(slot, desc));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_release(slot: *const u8, desc: Desc) {
    release(load(slot, desc));
    cycles::poll();
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_release(object: *mut Object, desc: Desc) {
    if object::is_object(object) {
        release_object(object, desc);
        cycles::poll();
    }
}

/// Whether releasing a slot of this type can do anything.
#[inline]
pub unsafe fn needs_release(desc: Desc) -> bool {
    (*desc).kind == Kind::Any || is_pointer(desc)
}

/// Whether two descriptors mean the same type.
pub unsafe fn same_type(left: Desc, right: Desc) -> bool {
    if left == right {
        return true;
    }
    if left.is_null() || right.is_null() || (*left).kind != (*right).kind {
        return false;
    }
    match (*left).kind {
        Kind::List | Kind::Option | Kind::Cell => same_type((*left).elem, (*right).elem),
        Kind::Map => same_type((*left).elem, (*right).elem) && same_type((*left).key, (*right).key),
        Kind::Record | Kind::Union | Kind::Fn => name(left) == name(right),
        Kind::Anonymous => {
            (*left).nfields == (*right).nfields
                && (0..(*left).nfields as usize).all(|index| {
                    let (a, b) = ((*left).fields.add(index), (*right).fields.add(index));
                    field_name(a) == field_name(b) && same_type((*a).desc, (*b).desc)
                })
        }
        _ => true,
    }
}

/// Name of a type as Mochi prints it.
pub unsafe fn name<'a>(desc: Desc) -> &'a [u8] {
    if (*desc).name.is_null() {
        return &[];
    }
    core::slice::from_raw_parts((*desc).name, (*desc).name_len as usize)
}

pub unsafe fn field_name<'a>(field: *const FieldDesc) -> &'a [u8] {
    core::slice::from_raw_parts((*field).name, (*field).name_len as usize)
}

/// Boxes the value of a slot; the slot keeps its reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_wrap(slot: *const u8, desc: Desc, out: *mut Any) {
    out.write(retain(load(slot, desc)));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_is(desc: Desc, _payload: u64, wanted: Desc) -> bool {
    if (*wanted).kind == Kind::Any {
        return true;
    }
    let wanted = if (*wanted).kind == Kind::Option { (*wanted).elem } else { wanted };
    same_type(desc, wanted)
}
