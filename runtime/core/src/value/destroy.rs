//! The end of objects whose count reached zero.
//!
//! Destroying an object releases what it refers to, which may destroy that, and so on: lists in lists, records with
//! lists of records, closures over closures. Recursion is the fastest way to do it for the usual few levels. Below
//! [`DEEPEST`], objects are put aside and destroyed when the outermost call comes back to the top, so a structure of any
//! depth takes a bounded piece of the stack. Compiled destroying functions come here wherever their types recurse,
//! except for fields of the object's own type, which they destroy in a loop.

use crate::value::{self, Desc};
use crate::worklist::{Item, Worklist};
use crate::{alloc, cycles, list, map, string};
use mochi_runtime_abi::{Closure, FieldDesc, Kind, Object, TypeDesc};

/// Levels of recursion, with up to three functions each.
const DEEPEST: usize = 200;

static mut DEPTH: usize = 0;
static mut ASIDE: Worklist = Worklist::new();

/// What stands for the type of a closure that is to be destroyed: it knows itself what it captures.
static CLOSURE: TypeDesc = value::descriptors::scalar(Kind::Fn, 8, "");

/// Whether an object is being destroyed by this module.
pub fn is_running() -> bool {
    // SAFETY: single-threaded.
    unsafe { DEPTH != 0 }
}

/// Destroys an object whose count reached zero, for compiled code.
#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_drop(object: *mut Object, desc: Desc) {
    destroy(object, desc);
    cycles::poll();
}

/// Destroys a closure whose count reached zero, for compiled code.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_closure_drop(object: *mut Object) {
    destroy(object, &raw const CLOSURE);
    cycles::poll();
}

/// Destroys an object whose count reached zero.
#[cold]
pub unsafe fn destroy(object: *mut Object, desc: Desc) {
    if (*desc).kind == Kind::String {
        string::mochi_rt_string_drop(object.cast());
        return;
    }
    if DEPTH == DEEPEST {
        ASIDE.push(Item { object, desc });
        return;
    }
    DEPTH += 1;
    take_apart(object, desc);
    DEPTH -= 1;
    if DEPTH == 0 && !ASIDE.is_empty() {
        clear_aside();
    }
}

#[inline(never)]
#[cold]
unsafe fn clear_aside() {
    DEPTH = 1;
    while let Some(item) = ASIDE.pop() {
        take_apart(item.object, item.desc);
    }
    DEPTH = 0;
    ASIDE.free();
}

unsafe fn take_apart(object: *mut Object, desc: Desc) {
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
            value::release(value::load(content, (*desc).elem));
            alloc::free(object.cast(), 8 + (*(*desc).elem).size as usize);
        }
        Kind::BigInt | Kind::BigRat => crate::big::drop(object, desc),
        Kind::Option => take_apart(object, (*desc).elem),
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
        if value::needs_release((*field).desc) {
            value::release(value::load(slot, (*field).desc));
        }
        end = end.max((*field).offset as usize + (*(*field).desc).size as usize);
    }
    alloc::free(object.cast(), end);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{leak_free, list, map};

    /// A list in a list, in turn with a map, so many levels deep.
    unsafe fn nested(depth: usize) -> mochi_runtime_abi::Any {
        let mut value = value::int(1);
        for level in 0..depth {
            value = if level % 2 == 0 { list(&[value]) } else { map(&[("in", value)]) };
        }
        value
    }

    #[test]
    fn deep_structures_take_little_stack() {
        leak_free(|| unsafe {
            let deep = nested(1_000_000);
            let run = move || {
                let deep = deep;
                value::release(deep);
            };
            // SAFETY: the lock of the test is held while the thread runs, and nobody else touches the value.
            struct Movable<T>(T);
            unsafe impl<T> Send for Movable<T> {}
            let run = Movable(run);
            let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
                let run = run;
                (run.0)();
            });
            thread.expect("a thread").join().expect("no overflow");
            assert!(!is_running());
        });
    }

    #[test]
    fn wide_structures_end_too() {
        leak_free(|| unsafe {
            let mut value = list(&[value::int(1)]);
            for _ in 0..DEEPEST + 5 {
                value = list(&[value, list(&[value::int(2)]), list(&[list(&[value::NULL])])]);
            }
            value::release(value);
            assert!(!is_running());
        });
    }
}
