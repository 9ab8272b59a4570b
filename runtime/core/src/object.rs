//! Objects and their reference counts.

use crate::alloc;
use mochi_runtime_abi::{Object, SMALL_TAG, count};

/// Allocates an object with count 1; the rest is uninitialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_alloc(size: i64) -> *mut Object {
    let object: *mut Object = alloc::alloc(size as usize).cast();
    (*object).rc = 1;
    object
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_free(object: *mut Object, size: i64) {
    // Compiled accesses carry type-based alias metadata. A block that is freed and at once given out again for
    // another type must not have its old loads moved past its new stores, which the metadata would allow once
    // both functions are inlined and the list operations between them have cancelled. Emits no instruction.
    core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
    alloc::free(object.cast(), size as usize);
}

/// Whether a word of an object type is a pointer to one: neither null nor a small `bigint`.
#[inline]
pub fn is_object(object: *mut Object) -> bool {
    !object.is_null() && object.addr() & SMALL_TAG == 0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_retain(object: *mut Object) {
    if is_object(object) {
        (*object).rc += 1;
    }
}

/// Decrements the count of a non-null object; true when it is to be destroyed.
#[inline]
pub unsafe fn release_is_last(object: *mut Object) -> bool {
    (*object).rc -= 1;
    (*object).rc == 0
}

/// Whether an object has one reference. Its place in the collector's buffer is no reference.
#[inline]
pub unsafe fn is_unique(object: *const Object) -> bool {
    (*object).rc & count::UNIQUE_MASK == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use mochi_runtime_abi::IMMORTAL;

    #[test]
    fn one_reference_is_unique_whatever_else_the_word_says() {
        let unique = |rc| {
            let object = Object { rc };
            // SAFETY: it is an object.
            unsafe { is_unique(&raw const object) }
        };
        assert!(unique(1) && unique(1 | 77 << count::BITS) && unique(1 | count::OPEN));
        assert!(!unique(2) && !unique(0) && !unique(2 | 1 << count::BITS));
        assert!(!unique(IMMORTAL) && !unique(IMMORTAL + 1) && !unique(IMMORTAL - (1 << count::BITS) + 1));
    }
}
