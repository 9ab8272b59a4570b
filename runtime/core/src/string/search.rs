//! Finding text in text.

use super::{bytes, is_ascii};
use core::ffi::c_void;
use mochi_runtime_abi::String;

unsafe extern "C" {
    fn memmem(text: *const c_void, size: usize, wanted: *const c_void, wanted_size: usize) -> *const c_void;
}

/// Byte offset of the first occurrence.
pub unsafe fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    if wanted.is_empty() {
        return Some(0);
    }
    let found = memmem(text.as_ptr().cast(), text.len(), wanted.as_ptr().cast(), wanted.len());
    if found.is_null() { None } else { Some(found as usize - text.as_ptr() as usize) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_contains(text: *const String, wanted: *const String) -> bool {
    find(bytes(text), bytes(wanted)).is_some()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_starts_with(text: *const String, wanted: *const String) -> bool {
    bytes(text).starts_with(bytes(wanted))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_ends_with(text: *const String, wanted: *const String) -> bool {
    bytes(text).ends_with(bytes(wanted))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_index_of(text: *const String, wanted: *const String) -> i64 {
    let haystack = bytes(text);
    match find(haystack, bytes(wanted)) {
        None => -1,
        Some(offset) if is_ascii(text) => offset as i64,
        Some(offset) => super::count_chars(haystack.get_unchecked(..offset)) as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::string::release;
    use crate::testing::{leak_free, str};

    #[test]
    fn searching() {
        leak_free(|| unsafe {
            for (text, wanted, index) in
                [("hello", "l", 2), ("hello", "", 0), ("", "", 0), ("", "a", -1), ("→é→x", "x", 3), ("aab", "ab", 1)]
            {
                let (text, wanted) = (str(text), str(wanted));
                assert_eq!(mochi_rt_string_index_of(text, wanted), index);
                assert_eq!(mochi_rt_string_contains(text, wanted), index >= 0);
                release(text);
                release(wanted);
            }
        });
    }
}
