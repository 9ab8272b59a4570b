//! Helpers for the unit tests, which run on the host with `std`.

use crate::{alloc, string};
use mochi_runtime_abi::String;
use std::sync::{Mutex, MutexGuard, PoisonError};

static LOCK: Mutex<()> = Mutex::new(());

/// The runtime is single-threaded; tests take turns.
pub fn lock() -> MutexGuard<'static, ()> {
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a test and checks that it frees what it allocates.
pub fn leak_free(test: impl FnOnce()) {
    let _guard = lock();
    // SAFETY: the lock is held.
    let before = unsafe { alloc::usage() };
    test();
    // SAFETY: the lock is held.
    let after = unsafe { alloc::usage() };
    assert_eq!((after.live_blocks, after.live_bytes), (before.live_blocks, before.live_bytes), "leak");
}

/// A new string object.
pub fn str(text: &str) -> *mut String {
    // SAFETY: plain allocation.
    unsafe { string::new(text.as_bytes()) }
}

/// The text of an owned string object, which is released.
pub fn text(string: *mut String) -> std::string::String {
    // SAFETY: the caller owns the string.
    unsafe {
        let text = std::string::String::from_utf8_lossy(string::bytes(string)).into_owned();
        assert_eq!((*string).chars as usize, string::count_chars(string::bytes(string)));
        string::release(string);
        text
    }
}
