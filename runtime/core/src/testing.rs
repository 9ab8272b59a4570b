//! Helpers for the unit tests, which run on the host with `std`.

// Tests own the objects that they pass, and say so by calling these at all.
#![allow(clippy::not_unsafe_ptr_arg_deref)]

use crate::{alloc, list, map, string, value};
use mochi_runtime_abi::{Any, List, String};
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

/// An owned `list<any>` of owned values.
pub fn list(values: &[Any]) -> Any {
    // SAFETY: the values are owned by the caller.
    unsafe {
        let mut list = list::with_room(0, 16);
        for value in values {
            list = list::push_any(list, *value);
        }
        value::list_any(list)
    }
}

/// An owned `map<string, any>` of owned values.
pub fn map(entries: &[(&str, Any)]) -> Any {
    // SAFETY: the values are owned by the caller.
    unsafe {
        let desc = &raw const value::descriptors::mochi_rt_desc_map_string_any;
        let table = map::new(desc);
        for (key, value) in entries {
            map::slot(table, value::string(str(key))).cast::<Any>().write(*value);
        }
        Any { desc, payload: table as u64 }
    }
}

/// A new `list<int>`.
pub fn ints(values: &[i64]) -> *mut List {
    // SAFETY: the slots are filled.
    unsafe {
        let list = list::with_length(values.len(), 8);
        for (index, value) in values.iter().enumerate() {
            (*list).data.cast::<i64>().add(index).write(*value);
        }
        list
    }
}

/// The elements of an owned `list<int>`, which is released.
pub fn words(list: *mut List) -> std::vec::Vec<i64> {
    // SAFETY: the caller owns the list.
    unsafe {
        let words = (0..(*list).len as usize).map(|index| (*list).data.cast::<i64>().add(index).read()).collect();
        list::release(list, &raw const value::descriptors::mochi_rt_desc_int);
        words
    }
}

/// Whether a function ends the program with an error, tried in a child process.
pub fn fails<T>(run: impl FnOnce() -> T) -> bool {
    status(run) == 1 << 8
}

/// Whether a function comes back or ends the program with an error, but not with a signal or a panic.
pub fn survives<T>(run: impl FnOnce() -> T) -> bool {
    matches!(status(run), 0 | 256)
}

/// How a function ends a child process, as `waitpid` says it.
fn status<T>(run: impl FnOnce() -> T) -> i32 {
    unsafe extern "C" {
        fn fork() -> i32;
        fn waitpid(process: i32, status: *mut i32, options: i32) -> i32;
    }
    // SAFETY: the child runs plain code of the runtime and ends at once.
    unsafe {
        let child = fork();
        assert!(child >= 0);
        if child == 0 {
            if std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err() {
                crate::sys::_exit(101);
            }
            crate::sys::_exit(0);
        }
        let mut status = 0;
        waitpid(child, &mut status, 0);
        status
    }
}
