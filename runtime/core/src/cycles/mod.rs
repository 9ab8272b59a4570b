//! Reference cycles: what generic code does for the collector of programs that have one.
//!
//! Counting alone never frees objects that refer to each other. The compiler finds the types whose objects can form
//! cycles (`mochi-find-cyclic-types`); only if there are any, the program calls [`mochi_rt_cycles_enable`], and only
//! through that function the collector gets into its executable. In all others, the door here stays shut: what is left
//! is one look at a flag where generic code drops a reference that was not the last.

pub mod collector;
pub mod pairs;
pub mod slots;

use crate::value::{Desc, destroy};
use mochi_runtime_abi::{Any, Object};

/// The collector as generic code sees it.
struct Door {
    note: unsafe fn(*mut Object, Desc),
    collect: unsafe fn(),
    finish: unsafe fn(),
    assume_equal: unsafe fn(Any, Any, unsafe fn(Any, Any) -> bool) -> bool,
}

static mut DOOR: Option<&'static Door> = None;
/// Whether the collector wants to run at the next safe point.
static mut PENDING: bool = false;

/// Puts the collector into the program. The first thing that a program with cyclic types does.
#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_cycles_enable() {
    static COLLECTOR: Door = Door {
        note: collector::note,
        collect: collector::collect,
        finish: collector::finish,
        assume_equal: pairs::assume_equal,
    };
    // Opaque, or the optimiser would see the only value that the door ever has and call the collector without it.
    DOOR = Some(core::hint::black_box(&COLLECTOR));
}

/// Takes note of an object that lost a reference and still has some, if its type can form cycles. Never frees anything
/// but the object itself: safe wherever counts are.
#[inline]
pub unsafe fn survived(object: *mut Object, desc: Desc) {
    if (*desc).is_cyclic() {
        note(object, desc);
    }
}

#[inline(never)]
unsafe fn note(object: *mut Object, desc: Desc) {
    if let Some(door) = DOOR {
        (door.note)(object, desc);
    }
}

/// A safe point: runs the collector if it wants to. Every reference in an object or on the stack must be counted (or
/// borrowed from one that is). Inside the destruction of other objects nothing happens; its end is a safe point again.
#[inline]
pub unsafe fn poll() {
    if PENDING {
        run();
    }
}

#[inline(never)]
#[cold]
unsafe fn run() {
    if destroy::is_running() {
        return;
    }
    PENDING = false;
    if let Some(door) = DOOR {
        (door.collect)();
    }
}

/// Collects what is left when a program has ended.
pub unsafe fn finish() {
    if let Some(door) = DOOR {
        (door.finish)();
    }
}

/// Compares two values of types that can form cycles with `equal`, which comes back here for their parts.
pub unsafe fn equal(left: Any, right: Any, equal: unsafe fn(Any, Any) -> bool) -> bool {
    match DOOR {
        Some(door) => (door.assume_equal)(left, right, equal),
        None => equal(left, right),
    }
}

/// As [`survived`] for compiled code, which knows that the type is cyclic. The compiled release has decremented the
/// count and found that it is not zero; for an object in the collector's buffer, it may have been the last reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_cycles_note(object: *mut Object, desc: Desc) {
    collector::note(object, desc);
    poll();
}
