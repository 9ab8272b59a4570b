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

/// A way to compare two values.
pub type Equal = unsafe fn(Any, Any) -> bool;

/// The collector as generic code sees it.
struct Door {
    note: unsafe fn(*mut Object, Desc),
    collect: unsafe fn(),
    finish: unsafe fn(),
    assume_equal: unsafe fn(Any, Any, Equal) -> bool,
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
pub unsafe fn equal(left: Any, right: Any, equal: Equal) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{leak_free, list, map};
    use crate::value::{self, NULL};
    use crate::{alloc, list as lists};

    /// Runs a test with the collector in place, collects, and checks that nothing is left.
    fn collecting(test: impl FnOnce()) {
        leak_free(|| unsafe {
            mochi_rt_cycles_enable();
            test();
            finish();
            DOOR = None;
        });
    }

    /// Stores a value late.
    unsafe fn set(container: Any, index: usize, new: Any) {
        let slot = (*value::as_list(container)).data.cast::<Any>().add(index);
        let old = slot.read();
        slot.write(value::retain(new));
        value::release(old);
    }

    unsafe fn live() -> usize {
        alloc::usage().live_blocks
    }

    #[test]
    fn a_list_in_itself_is_collected() {
        collecting(|| unsafe {
            let knot = list(&[value::int(1), NULL]);
            set(knot, 1, knot);
            value::release(knot);
        });
    }

    #[test]
    fn what_is_referred_to_from_outside_lives() {
        collecting(|| unsafe {
            let (a, b) = (list(&[NULL]), map(&[("a", NULL)]));
            set(a, 0, b);
            let slot = crate::map::find_bytes(value::as_map(b), b"a").cast::<Any>();
            slot.write(value::retain(a));
            value::release(a);
            collector::collect();
            // `b` still has a reference from here.
            assert_eq!((*value::as_list(a)).rc, 1);
            assert_eq!((*value::as_map(b)).rc, 2);
            value::release(b);
        });
    }

    #[test]
    fn collections_are_paid_for_by_candidates() {
        collecting(|| unsafe {
            let before = live();
            let mut most = 0;
            for _ in 0..50_000 {
                let knot = list(&[NULL]);
                set(knot, 0, knot);
                value::release(knot);
                poll();
                most = most.max(live() - before);
            }
            // A list is two blocks.
            assert!(most < 25_000 && most > 1_000, "{most}");
        });
    }

    #[test]
    fn a_dead_candidate_is_freed_at_once() {
        collecting(|| unsafe {
            let plain = list(&[value::int(1)]);
            let before = live();
            let candidate = list(&[value::retain(plain)]);
            value::retain(candidate);
            value::release(candidate);
            assert!((*value::as_list(candidate)).rc > 1, "it is in the buffer");
            value::release(candidate);
            // What is left is the memory of the buffer.
            assert!(live() <= before + 1);
            value::release(plain);
        });
    }

    #[test]
    fn a_candidate_is_still_unique() {
        collecting(|| unsafe {
            let xs = list(&[NULL]);
            value::retain(xs);
            value::release(xs);
            let same = lists::push_any(value::as_list(xs), value::int(2));
            assert_eq!(same, value::as_list(xs));
            value::release(value::list_any(same));
        });
    }

    #[test]
    fn a_cycle_keeps_another_until_it_goes() {
        collecting(|| unsafe {
            let (outer, inner) = (list(&[NULL, NULL]), list(&[NULL]));
            set(inner, 0, inner);
            set(outer, 0, outer);
            set(outer, 1, inner);
            value::release(inner);
            collector::collect();
            assert_eq!((*value::as_list(inner)).rc, 2);
            value::release(outer);
        });
    }

    #[test]
    fn long_cycles_take_no_stack() {
        collecting(|| unsafe {
            let first = list(&[NULL]);
            let mut last = first;
            for _ in 0..1_000_000 {
                let next = list(&[NULL]);
                set(last, 0, next);
                value::release(next);
                last = next;
            }
            set(last, 0, first);
            value::release(first);
        });
    }

    #[test]
    fn comparing_cycles_ends() {
        collecting(|| unsafe {
            let (one, two) = (list(&[NULL]), list(&[list(&[NULL])]));
            set(one, 0, one);
            let inner = (*value::as_list(two)).data.cast::<Any>().read();
            set(inner, 0, two);
            assert!(value::compare::equal(one, two) && value::compare::equal(two, one));
            set(inner, 0, NULL);
            assert!(!value::compare::equal(one, two));
            value::release(one);
            value::release(two);
        });
    }
}
