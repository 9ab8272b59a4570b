//! Finds and frees garbage that refers to itself: synchronous trial deletion.
//!
//! After D. F. Bacon and V. T. Rajan, "Concurrent Cycle Collection in Reference Counted Systems" (ECOOP 2001), and
//! R. D. Lins, "Cyclic reference counting with lazy mark-scan" (1992). A cycle can become garbage only when one of its
//! objects loses a reference and keeps others, so these objects, once each, are the *roots* in a buffer. When it is
//! full, three phases run over what can be reached from it through types that can form cycles:
//!
//! 1. *Subtract*: every object reached gives up, on trial, the references that the others reached have to it. What
//!    is left of its count are references from outside.
//! 2. *Restore*: objects with references from outside live, and so does what they refer to; their references are added
//!    again.
//! 3. *Free*: the rest is garbage.
//!
//! Differences from the paper: the phases go through arrays instead of recursing, so a list of a million nodes needs no
//! stack; and the buffer is exact. The word with the count holds the object's place in the buffer, and an object whose
//! count reaches zero leaves it and is destroyed at once, so that programs that make no cyclic garbage keep nothing.

use super::{PENDING, slots};
use crate::alloc;
use crate::value::{self, Desc, destroy};
use crate::worklist::{Item, Worklist};
use mochi_runtime_abi::{Object, count};

/// Roots that are worth a collection.
const FEWEST_ROOTS: usize = 10_000;
/// New memory that is worth a collection, in bytes.
const LEAST_GROWTH: usize = 32 << 20;

/// During a collection no object is in the buffer, and the number's bits are free for marks.
const SEEN: i64 = 1 << count::BITS;
const ALIVE: i64 = 2 << count::BITS;
const NUMBER: i64 = (count::OPEN - 1) & !count::REFERENCES;

static mut ROOTS: Worklist = Worklist::new();
/// When the buffer is full: in proportion to what survived the last collection, so that the time spent on what
/// lives stays in proportion to the releases that caused it.
static mut MOST_ROOTS: usize = FEWEST_ROOTS;
/// The allocator's total that asks for a collection with however few roots: a single root may hold a large cycle.
static mut MOST_MEMORY: usize = LEAST_GROWTH;
static mut RUNNING: bool = false;

/// Takes note of an object whose count has been decremented and is not zero, or is only its place in the buffer.
pub unsafe fn note(object: *mut Object, desc: Desc) {
    let word = (*object).rc;
    if word >> count::BITS == 0 {
        ROOTS.push(Item { object, desc });
        (*object).rc = word | (ROOTS.len() as i64) << count::BITS;
        if ROOTS.len() >= MOST_ROOTS || alloc::mapped() >= MOST_MEMORY {
            PENDING = !RUNNING;
        }
    } else if word & count::REFERENCES == 0 && word < count::LEAST_IMMORTAL {
        leave(object);
        destroy::destroy(object, desc);
    }
}

/// Takes an object out of the buffer; the last one gets its place.
unsafe fn leave(object: *mut Object) {
    let place = (((*object).rc & NUMBER) >> count::BITS) as usize - 1;
    (*object).rc &= !NUMBER;
    let Some(last) = ROOTS.pop() else { return };
    if place < ROOTS.len() {
        ROOTS.set(place, last);
        let word = (*last.object).rc;
        (*last.object).rc = word & !NUMBER | (place as i64 + 1) << count::BITS;
    }
}

/// Calls `visit` with each reference to an object that may be part of a cycle.
#[inline]
unsafe fn each_child(item: Item, mut visit: impl FnMut(Item)) {
    slots::each(item.object, item.desc, slots::may_be_cyclic, |slot, desc| {
        if let Some(child) = slots::cyclic_object(slot, desc)
            && (*child.object).rc < count::LEAST_IMMORTAL
        {
            visit(child);
        }
    });
}

/// Runs the three phases over everything that can be reached from the buffer.
pub unsafe fn collect() {
    if RUNNING {
        return;
    }
    RUNNING = true;
    let mut seen = Worklist::new();
    subtract(&mut seen);
    let total = seen.len();
    restore(&seen);
    keep_garbage(&mut seen);
    let alive = total - seen.len();
    free(&mut seen);
    MOST_ROOTS = FEWEST_ROOTS.max(2 * alive);
    MOST_MEMORY = alloc::mapped() + alloc::mapped().max(LEAST_GROWTH);
    RUNNING = false;
}

/// Empties the buffer and subtracts the references within. `seen` is also the queue of what is to be looked at.
unsafe fn subtract(seen: &mut Worklist) {
    for index in 0..ROOTS.len() {
        let root = ROOTS.at(index);
        (*root.object).rc = (*root.object).rc & !NUMBER | SEEN;
        seen.push(root);
    }
    ROOTS.truncate(0);
    let mut next = 0;
    while next < seen.len() {
        each_child(seen.at(next), |child| {
            (*child.object).rc -= 1;
            if (*child.object).rc & SEEN == 0 {
                (*child.object).rc |= SEEN;
                seen.push(child);
            }
        });
        next += 1;
    }
}

/// Marks what is referred to from outside and all it refers to, and adds the references that these have.
unsafe fn restore(seen: &Worklist) {
    let mut alive = Worklist::new();
    for index in 0..seen.len() {
        let item = seen.at(index);
        let word = (*item.object).rc;
        if word & count::REFERENCES == 0 || word & ALIVE != 0 {
            continue;
        }
        (*item.object).rc |= ALIVE;
        alive.push(item);
        while let Some(item) = alive.pop() {
            each_child(item, |child| {
                (*child.object).rc += 1;
                if (*child.object).rc & ALIVE == 0 {
                    (*child.object).rc |= ALIVE;
                    alive.push(child);
                }
            });
        }
    }
    alive.free();
}

/// Removes the marks and what lives.
unsafe fn keep_garbage(seen: &mut Worklist) {
    let mut kept = 0;
    for index in 0..seen.len() {
        let item = seen.at(index);
        let alive = (*item.object).rc & ALIVE != 0;
        (*item.object).rc &= !NUMBER;
        if !alive {
            seen.set(kept, item);
            kept += 1;
        }
    }
    seen.truncate(kept);
}

/// Frees garbage. What it refers to through cyclic types is garbage too, or has lost the reference in the first phase;
/// everything else is released.
unsafe fn free(garbage: &mut Worklist) {
    for index in 0..garbage.len() {
        let item = garbage.at(index);
        slots::each(item.object, item.desc, slots::may_be_plain, |slot, desc| {
            let child = value::load(slot, desc);
            if !child.desc.is_null() && !(*child.desc).is_cyclic() {
                value::release(child);
            }
        });
        slots::free(item.object, item.desc);
    }
    garbage.free();
}

/// Collects until nothing is left to look at, and gives up the buffer. What a cycle held on to may be the last reference
/// to another one.
pub unsafe fn finish() {
    while !ROOTS.is_empty() {
        collect();
    }
    ROOTS.free();
}
