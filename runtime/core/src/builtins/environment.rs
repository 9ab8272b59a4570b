//! Clock, environment variables, memory in use, reports of `bench` blocks.

use crate::text::Text;
use crate::{alloc, list, print, string, sys};
use mochi_runtime_abi::{List, String};

/// State of the seeded sequence: not looked up yet, absent, or the last value.
enum Seed {
    Unknown,
    Absent,
    Last(i64),
}

static mut SEED: Seed = Seed::Unknown;

unsafe fn clock(which: i32) -> i64 {
    let mut time = sys::TimeSpec { seconds: 0, nanoseconds: 0 };
    sys::clock_gettime(which, &mut time);
    time.seconds * 1_000_000_000 + time.nanoseconds
}

/// The value that follows in the seeded sequence.
fn next_seed(last: i64) -> i64 {
    (last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)).rem_euclid(2_147_483_647)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_now() -> i64 {
    if let Seed::Unknown = SEED {
        SEED = match sys::env(b"MOCHI_NOW_SEED\0").and_then(crate::cast::parse_int) {
            Some(seed) => Seed::Last(seed),
            None => Seed::Absent,
        };
    }
    match SEED {
        Seed::Last(last) => {
            let next = next_seed(last);
            SEED = Seed::Last(next);
            next
        }
        _ => clock(sys::CLOCK_REALTIME),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_clock() -> i64 {
    clock(sys::CLOCK_MONOTONIC)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_mem() -> i64 {
    alloc::usage().live_bytes as i64
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_env_get(name: *const String) -> *mut String {
    let wanted = string::bytes(name);
    let mut next = sys::environ;
    while !next.is_null() && !next.read().is_null() {
        let entry = sys::c_bytes(next.read().cast());
        if entry.get(wanted.len()) == Some(&b'=') && entry.starts_with(wanted) {
            return string::new(entry.get_unchecked(wanted.len() + 1..));
        }
        next = next.add(1);
    }
    string::empty()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_env_list() -> *mut List {
    let mut result = list::with_room(0, 8);
    let mut next = sys::environ;
    while !next.is_null() && !next.read().is_null() {
        result = list::push_object(result, string::new(sys::c_bytes(next.read().cast())).cast());
        next = next.add(1);
    }
    result
}

/// Bytes in use when the last `bench` block started.
static mut BENCH_MEMORY: i64 = 0;

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_bench_start() -> i64 {
    BENCH_MEMORY = mochi_rt_mem();
    mochi_rt_clock()
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_bench_report(name: *const String, start: i64) {
    let time = mochi_rt_clock() - start;
    let mut text = Text::new();
    text.push(b"{\n  \"duration_us\": ");
    text.push_int(time / 1000);
    text.push(b",\n  \"memory_bytes\": ");
    text.push_int((mochi_rt_mem() - BENCH_MEMORY).max(0));
    text.push(b",\n  \"name\": ");
    crate::format::quote::push(&mut text, string::bytes(name));
    text.push(b"\n}\n");
    print::put(text.bytes().as_ptr(), text.bytes().len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_sequence() {
        assert_eq!(next_seed(1), 1_015_568_748);
        assert_eq!(next_seed(0), 1_013_904_223);
        assert!(next_seed(next_seed(1)) < 2_147_483_647);
    }
}
