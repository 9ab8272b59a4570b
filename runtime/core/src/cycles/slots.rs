//! The references in an object, and its memory apart from them.

use crate::value::{self, Desc};
use crate::worklist::Item;
use crate::{list, map, object};
use mochi_runtime_abi::{Any, FieldDesc, Kind, List, Object, TypeDesc, layout::offset};

/// The descriptor of a closure's captures. Only programs with cycles through closures have them.
unsafe fn captures(closure: *mut Object) -> Desc {
    closure.cast::<u8>().add(offset::CLOSURE_CAPTURES as usize).cast::<*const TypeDesc>().read()
}

/// The fields of an object that has some, and where they start.
unsafe fn fields(object: *mut Object, desc: Desc) -> (*const FieldDesc, usize, usize) {
    match (*desc).kind {
        Kind::Union => {
            let tag = object.cast::<i64>().add(1).read();
            let variant = (*desc).variants.add(tag as usize);
            ((*variant).fields, (*variant).nfields as usize, offset::UNION_FIELDS as usize)
        }
        Kind::Fn => {
            let desc = captures(object);
            ((*desc).fields, (*desc).nfields as usize, offset::CLOSURE_CAPTURES as usize + 8)
        }
        _ => ((*desc).fields, (*desc).nfields as usize, offset::RECORD_FIELDS as usize),
    }
}

/// Whether slots of a type may hold references to objects that can be part of a cycle.
#[inline]
pub unsafe fn may_be_cyclic(desc: Desc) -> bool {
    (*desc).kind == Kind::Any || (*desc).is_cyclic()
}

/// Whether slots of a type may hold references to other objects.
#[inline]
pub unsafe fn may_be_plain(desc: Desc) -> bool {
    (*desc).kind == Kind::Any || value::needs_release(desc) && !(*desc).is_cyclic()
}

/// The object that a slot of a type which may be cyclic refers to, and its type.
#[inline]
pub unsafe fn cyclic_object(slot: *const u8, desc: Desc) -> Option<Item> {
    let item = match (*desc).kind {
        Kind::Any => {
            let value = slot.cast::<Any>().read();
            if !value::kind(value).is_object() || !(*value.desc).is_cyclic() {
                return None;
            }
            Item { object: value.payload as *mut Object, desc: value.desc }
        }
        Kind::Option => Item { object: slot.cast::<*mut Object>().read(), desc: (*desc).elem },
        _ => Item { object: slot.cast::<*mut Object>().read(), desc },
    };
    if item.object.is_null() { None } else { Some(item) }
}

/// Calls `visit` with every slot of an object whose type is wanted, and that type.
#[inline]
pub unsafe fn each(
    object: *mut Object,
    desc: Desc,
    wanted: unsafe fn(Desc) -> bool,
    mut visit: impl FnMut(*mut u8, Desc),
) {
    match (*desc).kind {
        Kind::List => {
            let (list, elem): (*mut List, Desc) = (object.cast(), (*desc).elem);
            if wanted(elem) {
                for index in 0..(*list).len as usize {
                    visit((*list).data.add(index * (*elem).size as usize), elem);
                }
            }
        }
        Kind::Map => map::each_slot(object.cast(), |slot, desc| {
            if wanted(desc) {
                visit(slot, desc);
            }
        }),
        Kind::Cell if wanted((*desc).elem) => {
            visit(object.cast::<u8>().add(offset::CELL_CONTENT as usize), (*desc).elem);
        }
        Kind::Record | Kind::Anonymous | Kind::Union | Kind::Fn => {
            let (fields, count, _) = fields(object, desc);
            for index in 0..count {
                let field = fields.add(index);
                if wanted((*field).desc) {
                    visit(object.cast::<u8>().add((*field).offset as usize), (*field).desc);
                }
            }
        }
        _ => {}
    }
}

/// Frees the memory of an object and nothing that it refers to.
pub unsafe fn free(object: *mut Object, desc: Desc) {
    match (*desc).kind {
        Kind::List => list::free(object.cast(), (*(*desc).elem).size as usize),
        Kind::Map => map::free(object.cast()),
        Kind::Cell => object::mochi_rt_free(object, 8 + i64::from((*(*desc).elem).size)),
        Kind::Record | Kind::Anonymous | Kind::Union | Kind::Fn => {
            // The size is the end of the last field: padding to eight bytes does not change the size class.
            let (fields, count, mut end) = fields(object, desc);
            for index in 0..count {
                let field = fields.add(index);
                end = end.max((*field).offset as usize + (*(*field).desc).size as usize);
            }
            object::mochi_rt_free(object, end as i64);
        }
        _ => {}
    }
}
