//! Values of any type, seen through their descriptors.
//!
//! Generic code works on borrowed [`Any`]s: [`load`] turns a slot of any type into one (unwrapping options and
//! nested `any`s), so that equality, order, formatting and conversion are each written once.

pub mod compare;
pub mod descriptors;
pub mod fields;

use crate::{alloc, list, map, object, string};
use mochi_runtime_abi::{Any, Closure, FieldDesc, Kind, List, Object, SMALL_TAG, String, TypeDesc};

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

#[inline]
pub unsafe fn release(value: Any) {
    if holds_object(value) {
        let object = value.payload as *mut Object;
        if object::release_is_last(object) {
            mochi_rt_drop(object, value.desc);
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_retain(desc: Desc, payload: u64) {
    retain(Any { desc, payload });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_release(desc: Desc, payload: u64) {
    release(Any { desc, payload });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_retain(slot: *const u8, desc: Desc) {
    retain(load(slot, desc));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_release(slot: *const u8, desc: Desc) {
    release(load(slot, desc));
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_release(object: *mut Object, desc: Desc) {
    if object::is_object(object) && object::release_is_last(object) {
        mochi_rt_drop(object, desc);
    }
}

/// Whether releasing a slot of this type can do anything.
#[inline]
pub unsafe fn needs_release(desc: Desc) -> bool {
    (*desc).kind == Kind::Any || is_pointer(desc)
}

/// Destroys an object whose count reached zero.
#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_drop(object: *mut Object, desc: Desc) {
    if let Some(drop) = (*desc).drop {
        drop(object);
        return;
    }
    match (*desc).kind {
        Kind::String => string::mochi_rt_string_drop(object.cast()),
        Kind::List => list::drop(object.cast(), (*desc).elem),
        Kind::Map => map::drop(object.cast()),
        Kind::Record | Kind::Anonymous => drop_fields(object, (*desc).fields, (*desc).nfields, 8),
        Kind::Union => {
            let tag = object.cast::<i64>().add(1).read();
            let variant = (*desc).variants.add(tag as usize);
            drop_fields(object, (*variant).fields, (*variant).nfields, 16);
        }
        Kind::Fn | Kind::Env => {
            let closure: *mut Closure = object.cast();
            if let Some(drop) = (*closure).drop {
                drop(object);
            }
        }
        Kind::Cell => {
            let content = object.cast::<u8>().add(8);
            release(load(content, (*desc).elem));
            alloc::free(object.cast(), 8 + (*(*desc).elem).size as usize);
        }
        Kind::BigInt | Kind::BigRat => crate::big::drop(object, desc),
        Kind::Option => mochi_rt_drop(object, (*desc).elem),
        Kind::Unit | Kind::Int | Kind::Float | Kind::Bool | Kind::Any => {}
    }
}

/// Releases the fields of a record or variant and frees it. Its size is the end of the last field: padding to
/// eight bytes does not change the size class.
unsafe fn drop_fields(object: *mut Object, fields: *const FieldDesc, count: u64, header: usize) {
    let mut end = header;
    for index in 0..count as usize {
        let field = fields.add(index);
        let slot = object.cast::<u8>().add((*field).offset as usize);
        if needs_release((*field).desc) {
            release(load(slot, (*field).desc));
        }
        end = end.max((*field).offset as usize + (*(*field).desc).size as usize);
    }
    alloc::free(object.cast(), end);
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
