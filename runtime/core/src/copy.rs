//! Copying and comparing bytes.
//!
//! Strings are short. The C library's `memcpy` starts a string instruction that costs tens of cycles before the first byte, its
//! `memcmp` goes byte by byte; these work on words and inline their short cases.

use core::ptr::copy_nonoverlapping;

/// Above this the C library's copy is at least as fast.
const LONG: usize = 1024;

#[inline]
unsafe fn word(at: *const u8) -> u64 {
    at.cast::<u64>().read_unaligned()
}

#[inline]
unsafe fn half(at: *const u8) -> u32 {
    at.cast::<u32>().read_unaligned()
}

/// Copies bytes between memory that does not overlap.
#[inline]
pub unsafe fn copy(from: *const u8, to: *mut u8, size: usize) {
    if size > 16 {
        copy_long(from, to, size);
    } else if size >= 8 {
        // Two words that may overlap cover every size in between; likewise below.
        let (first, last) = (word(from), word(from.add(size - 8)));
        to.cast::<u64>().write_unaligned(first);
        to.add(size - 8).cast::<u64>().write_unaligned(last);
    } else if size >= 4 {
        let (first, last) = (half(from), half(from.add(size - 4)));
        to.cast::<u32>().write_unaligned(first);
        to.add(size - 4).cast::<u32>().write_unaligned(last);
    } else if size > 0 {
        let (first, middle, last) = (from.read(), from.add(size / 2).read(), from.add(size - 1).read());
        to.write(first);
        to.add(size / 2).write(middle);
        to.add(size - 1).write(last);
    }
}

#[inline(never)]
unsafe fn copy_long(from: *const u8, to: *mut u8, size: usize) {
    if size > LONG {
        copy_nonoverlapping(from, to, size);
        return;
    }
    let mut done = 0;
    while done + 16 < size {
        let (low, high) = (word(from.add(done)), word(from.add(done + 8)));
        to.add(done).cast::<u64>().write_unaligned(low);
        to.add(done + 8).cast::<u64>().write_unaligned(high);
        done += 16;
        // Keeps the loop from being recognised as a call of `memcpy`.
        core::arch::asm!("", options(nostack, preserves_flags));
    }
    let (low, high) = (word(from.add(size - 16)), word(from.add(size - 8)));
    to.add(size - 16).cast::<u64>().write_unaligned(low);
    to.add(size - 8).cast::<u64>().write_unaligned(high);
}

/// Whether bytes are equal.
#[inline]
pub unsafe fn equal(left: *const u8, right: *const u8, size: usize) -> bool {
    if size < 8 {
        if size >= 4 {
            return half(left) == half(right) && half(left.add(size - 4)) == half(right.add(size - 4));
        }
        return size == 0
            || (left.read() == right.read()
                && left.add(size / 2).read() == right.add(size / 2).read()
                && left.add(size - 1).read() == right.add(size - 1).read());
    }
    let mut done = 0;
    while done + 8 < size {
        if word(left.add(done)) != word(right.add(done)) {
            return false;
        }
        done += 8;
    }
    word(left.add(size - 8)) == word(right.add(size - 8))
}

/// Order of bytes.
pub fn compare(left: &[u8], right: &[u8]) -> core::cmp::Ordering {
    let common = left.len().min(right.len());
    let mut done = 0;
    // SAFETY: all reads end at or before `common`.
    unsafe {
        while done + 8 <= common {
            let (a, b) = (word(left.as_ptr().add(done)), word(right.as_ptr().add(done)));
            if a != b {
                return u64::from_be(a).cmp(&u64::from_be(b));
            }
            done += 8;
        }
        while done < common {
            let (a, b) = (left.as_ptr().add(done).read(), right.as_ptr().add(done).read());
            if a != b {
                return a.cmp(&b);
            }
            done += 1;
        }
    }
    left.len().cmp(&right.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn every_length() {
        for size in (0..200).chain([1000, 1024, 1025, 5000]) {
            let source: Vec<u8> = (0..size).map(|index| (index * 7 + 1) as u8).collect();
            let mut target = std::vec![0; size + 2];
            // SAFETY: both have room for `size` bytes.
            unsafe {
                copy(source.as_ptr(), target.as_mut_ptr().add(1), size);
                assert_eq!(&target[1..=size], &source);
                assert_eq!((target[0], target[size + 1]), (0, 0));
                assert!(equal(source.as_ptr(), target.as_ptr().add(1), size));
                for place in 0..size {
                    target[place + 1] ^= 0x80;
                    assert!(!equal(source.as_ptr(), target.as_ptr().add(1), size));
                    assert_eq!(compare(&source, &target[1..=size]), source[..].cmp(&target[1..=size]));
                    target[place + 1] ^= 0x80;
                }
            }
            assert_eq!(compare(&source, &source[..size / 2]), source[..].cmp(&source[..size / 2]));
        }
    }
}
