//! Strings across the C border.

use mochi_dialects_sys as sys;
use std::ffi::c_void;

/// Borrows `text` for one call into C.
pub(crate) fn string_ref(text: &str) -> sys::MlirStringRef {
    sys::MlirStringRef { data: text.as_ptr().cast(), length: text.len() }
}

/// Reads a string owned by the context. Bytes that are not UTF-8 read as an empty string: MLIR
/// identifiers and our own attributes are always UTF-8.
pub(crate) fn to_str<'c>(text: sys::MlirStringRef) -> &'c str {
    if text.data.is_null() {
        return "";
    }
    // SAFETY: the callers pass strings interned in a context that outlives 'c.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length) };
    std::str::from_utf8(bytes).unwrap_or("")
}

unsafe extern "C" fn append(text: sys::MlirStringRef, data: *mut c_void) {
    // SAFETY: `data` is the vector below; `text` lives during the call.
    unsafe {
        let out = &mut *data.cast::<Vec<u8>>();
        if !text.data.is_null() {
            out.extend_from_slice(std::slice::from_raw_parts(text.data.cast::<u8>(), text.length));
        }
    }
}

/// Collects what a printing function of the C API writes.
pub(crate) fn collect_string(print: impl FnOnce(sys::MlirStringCallback, *mut c_void)) -> String {
    let mut out: Vec<u8> = Vec::new();
    print(Some(append), (&raw mut out).cast());
    String::from_utf8(out).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

/// Calls `f` with a raw string reference to `text`.
pub fn with_str<R>(text: &str, f: impl FnOnce(sys::MlirStringRef) -> R) -> R {
    f(string_ref(text))
}
