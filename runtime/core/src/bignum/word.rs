//! The word of a `bigint`: a small number itself, or a pointer to an object with a large one.
//!
//! | low bit | the other 63 bits |
//! |---|---|
//! | 1 | the number, if it fits: arithmetic on two such words is one checked machine operation |
//! | 0 | the address of a [`Boxed`] number that does not fit |
//!
//! The form is canonical: a number that fits is never boxed, so words of different forms are different numbers.

use super::{Boxed, boxed, get};
use crate::standard::borrow::Cow;
use core::cmp::Ordering;
use core::ptr::without_provenance_mut;
use mochi_runtime_abi::SMALL_TAG;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

/// A `bigint`; crosses the boundary to compiled code as a pointer.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Word(*mut Boxed<BigInt>);

impl Word {
    #[inline]
    fn tagged(bits: i64) -> Word {
        Word(without_provenance_mut(bits as usize))
    }

    /// The word of a number that fits 63 bits.
    #[inline]
    pub fn small(value: i64) -> Option<Word> {
        let shifted = value << 1;
        (shifted >> 1 == value).then(|| Word::tagged(shifted | SMALL_TAG as i64))
    }

    #[inline]
    pub unsafe fn from_int(value: i64) -> Word {
        match Word::small(value) {
            Some(word) => word,
            None => Word::large(value),
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn large(value: i64) -> Word {
        Word(boxed(BigInt::from(value)))
    }

    /// The word of a number; owns the object if there is one.
    pub unsafe fn from_big(value: BigInt) -> Word {
        match value.to_i64().and_then(Word::small) {
            Some(word) => word,
            None => Word(boxed(value)),
        }
    }

    #[inline]
    pub fn from_payload(payload: u64) -> Word {
        Word(payload as *mut Boxed<BigInt>)
    }

    #[inline]
    pub fn payload(self) -> u64 {
        self.0 as u64
    }

    #[inline]
    pub fn bits(self) -> i64 {
        self.0.addr() as i64
    }

    #[inline]
    pub fn is_small(self) -> bool {
        self.bits() & SMALL_TAG as i64 != 0
    }

    /// The number, if it is a small one.
    #[inline]
    pub fn get_small(self) -> Option<i64> {
        self.is_small().then(|| self.bits() >> 1)
    }

    /// The number, whatever its form.
    pub unsafe fn lend<'a>(self) -> Cow<'a, BigInt> {
        match self.get_small() {
            Some(value) => Cow::Owned(BigInt::from(value)),
            None => Cow::Borrowed(get(self.0)),
        }
    }
}

/// The bits of two small words.
#[inline]
fn both(left: Word, right: Word) -> Option<(i64, i64)> {
    (left.bits() & right.bits() & SMALL_TAG as i64 != 0).then(|| (left.bits(), right.bits()))
}

// The tagged bits of x are 2x + 1. A result that does not fit 64 bits here does not fit 63.

#[inline]
pub fn add_small(left: Word, right: Word) -> Option<Word> {
    let (a, b) = both(left, right)?;
    a.checked_add(b - 1).map(Word::tagged)
}

#[inline]
pub fn sub_small(left: Word, right: Word) -> Option<Word> {
    let (a, b) = both(left, right)?;
    a.checked_sub(b - 1).map(Word::tagged)
}

#[inline]
pub fn mul_small(left: Word, right: Word) -> Option<Word> {
    let (a, b) = both(left, right)?;
    (a - 1).checked_mul(b >> 1).map(|product| Word::tagged(product | SMALL_TAG as i64))
}

/// `None` for a zero divisor as well.
#[inline]
pub fn div_small(left: Word, right: Word) -> Option<Word> {
    let (a, b) = both(left, right)?;
    (a >> 1).checked_div(b >> 1).and_then(Word::small)
}

/// `None` for a zero divisor as well.
#[inline]
pub fn rem_small(left: Word, right: Word) -> Option<Word> {
    let (a, b) = both(left, right)?;
    (a >> 1).checked_rem(b >> 1).and_then(Word::small)
}

/// Allocates nothing: compiled code may move comparisons.
#[inline]
pub unsafe fn compare(left: Word, right: Word) -> Ordering {
    match (left.get_small(), right.get_small()) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, _) => compare_large(left, right, a.is_some()),
    }
}

/// A large number lies beyond all small ones, on the side of its sign.
#[cold]
#[inline(never)]
unsafe fn compare_large(left: Word, right: Word, left_is_small: bool) -> Ordering {
    if left_is_small {
        return if get::<BigInt>(right.0).is_negative() { Ordering::Greater } else { Ordering::Less };
    }
    let value: &BigInt = get(left.0);
    if right.is_small() {
        return if value.is_negative() { Ordering::Less } else { Ordering::Greater };
    }
    value.cmp(get(right.0))
}

/// The nearest float; allocates nothing.
pub unsafe fn to_float(value: Word) -> f64 {
    match value.get_small() {
        Some(value) => value as f64,
        None => get::<BigInt>(value.0).to_f64().unwrap_or(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDGES: [i64; 9] =
        [0, 1, -1, 7, i64::MAX >> 1, i64::MIN >> 1, (i64::MAX >> 1) + 1, (i64::MIN >> 1) - 1, i64::MIN];

    #[test]
    fn the_form_is_canonical() {
        let _guard = crate::testing::lock();
        for value in EDGES {
            // SAFETY: the words are live; the few objects made here are not freed.
            unsafe {
                let (word, big) = (Word::from_int(value), Word::from_big(BigInt::from(value)));
                assert_eq!(word.is_small(), big.is_small(), "{value}");
                assert_eq!(word.is_small(), i128::from(value).unsigned_abs() <= 1 << 62 && value != 1 << 62, "{value}");
                assert_eq!(*word.lend(), BigInt::from(value));
                assert_eq!(to_float(word), value as f64);
                for other in EDGES {
                    assert_eq!(compare(word, Word::from_int(other)), value.cmp(&other), "{value} {other}");
                }
            }
        }
    }

    #[test]
    fn small_arithmetic_is_exact_or_left_to_others() {
        let _guard = crate::testing::lock();
        let numbers: Vec<i64> = EDGES.into_iter().filter(|value| Word::small(*value).is_some()).collect();
        for &a in &numbers {
            for &b in &numbers {
                let words = (Word::small(a).expect("small"), Word::small(b).expect("small"));
                let (x, y) = (i128::from(a), i128::from(b));
                let fits = |exact: i128| i64::try_from(exact).ok().and_then(Word::small).map(Word::bits);
                assert_eq!(add_small(words.0, words.1).map(Word::bits), fits(x + y), "{a} + {b}");
                assert_eq!(sub_small(words.0, words.1).map(Word::bits), fits(x - y), "{a} - {b}");
                assert_eq!(mul_small(words.0, words.1).map(Word::bits), fits(x * y), "{a} * {b}");
                assert_eq!(div_small(words.0, words.1).map(Word::bits), x.checked_div(y).and_then(fits), "{a} / {b}");
                assert_eq!(rem_small(words.0, words.1).map(Word::bits), x.checked_rem(y).and_then(fits), "{a} % {b}");
            }
        }
    }
}
