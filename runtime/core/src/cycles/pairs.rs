//! Equality of values that may contain themselves.
//!
//! Two such values are equal if no difference can be found: a pair that is being compared, or has been in the same
//! comparison, is taken as equal when it is met again. (Had it been different, the comparison would be over.)
//! So a comparison takes as many steps as there are pairs.

use super::Equal;
use crate::value::compare::mix;
use crate::{panic, sys};
use mochi_runtime_abi::Any;

/// Left object, right object, way of comparing.
type Pair = [usize; 3];

const EMPTY: Pair = [0; 3];
const FIRST_CAPACITY: usize = 64;

/// A set of pairs: open addressing, half full at most. Its memory is not the allocator's: for compiled code,
/// comparisons write nothing, and what it knows of the allocator's lists must stay true.
struct Pairs {
    places: *mut Pair,
    /// A power of two.
    capacity: usize,
    len: usize,
}

static mut FIRST: [Pair; FIRST_CAPACITY] = [EMPTY; FIRST_CAPACITY];
static mut RUNNING: bool = false;
static mut SEEN: Pairs = Pairs { places: (&raw mut FIRST).cast(), capacity: FIRST_CAPACITY, len: 0 };

impl Pairs {
    /// Where a pair is or belongs.
    unsafe fn place(&self, pair: Pair) -> *mut Pair {
        let mut at = mix(mix(pair[0] as u64) ^ pair[1] as u64) as usize;
        loop {
            let place = self.places.add(at & (self.capacity - 1));
            if *place == EMPTY || *place == pair {
                return place;
            }
            at = at.wrapping_add(1);
        }
    }

    /// Adds a pair; false if it was there.
    unsafe fn add(&mut self, pair: Pair) -> bool {
        if (self.len + 1) * 2 > self.capacity {
            self.grow();
        }
        let place = self.place(pair);
        if *place == pair {
            return false;
        }
        *place = pair;
        self.len += 1;
        true
    }

    #[inline(never)]
    #[cold]
    unsafe fn grow(&mut self) {
        let old = Pairs { ..*self };
        // Pages are zero, and so is an empty place.
        self.places = sys::map_pages(old.capacity * 2 * size_of::<Pair>()).cast();
        if self.places.is_null() {
            panic::mochi_rt_panic_out_of_memory();
        }
        self.capacity = old.capacity * 2;
        for index in 0..old.capacity {
            let pair = *old.places.add(index);
            if pair != EMPTY {
                *self.place(pair) = pair;
            }
        }
        old.free();
    }

    unsafe fn free(&self) {
        if self.capacity == FIRST_CAPACITY {
            FIRST = [EMPTY; FIRST_CAPACITY];
        } else {
            sys::munmap(self.places.cast(), self.capacity * size_of::<Pair>());
        }
    }

    unsafe fn clear(&mut self) {
        self.free();
        *self = Pairs { places: (&raw mut FIRST).cast(), capacity: FIRST_CAPACITY, len: 0 };
    }
}

/// Compares two values with `equal` unless that has been done, or is being done.
pub unsafe fn assume_equal(left: Any, right: Any, equal: Equal) -> bool {
    let first = !RUNNING;
    let pair = [left.payload as usize, right.payload as usize, equal as usize];
    if !SEEN.add(pair) {
        return true;
    }
    RUNNING = true;
    let result = equal(left, right);
    if first {
        RUNNING = false;
        SEEN.clear();
    }
    result
}
