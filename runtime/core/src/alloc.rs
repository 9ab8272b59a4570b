//! Memory: size-class free lists over chunks of pages.
//!
//! | request | class | source |
//! |---------|-------|--------|
//! | ≤ 1 KiB | multiples of 16 | runs of a chunk, linked into the free list a few KiB at a time |
//! | ≤ 64 KiB | four per power of two | carved one by one from a chunk |
//! | ≤ 32 MiB | four per power of two | pages of their own, kept for reuse when freed |
//! | larger | multiples of 4 KiB | pages of their own, returned when freed |
//!
//! Callers pass the size again when they free, so blocks have no headers. The fast paths are a pop and a
//! push. Nothing is counted there: what is in use is what was carved minus what lies in the free lists, and only
//! the leak checker wants to know. The exception is a form of the runtime of its own, with the feature
//! `count-allocations`, for programs that are to say how often they allocate.

use crate::{panic, sys};

const GRANULE: usize = 16;
const SMALL_LIMIT: usize = 1024;
const SMALL_CLASSES: usize = SMALL_LIMIT / GRANULE + 1;
/// log2 of the largest small block.
const SMALL_SHIFT: usize = 10;
/// Above this, blocks own their pages, which lets growth move them by remapping.
const PAGES_LIMIT: usize = 64 << 10;
/// Above this, freed pages go back to the system.
const CACHE_LIMIT: usize = 32 << 20;
const CLASSES: usize = SMALL_CLASSES + 4 * 16;
/// Address space is cheap and pages are touched lazily: the size only bounds the number of calls.
const CHUNK: usize = 1 << 20;
/// Bytes linked into a small free list at a time: long enough to amortise the call, short enough not
/// to touch pages a small program never needs.
const RUN: usize = 2048;
const PAGE: usize = 4096;
/// Left free behind each block of a large class: one cache line. Classes are multiples of four lines, so blocks side by side
/// would start in the same few sets of the first-level cache, and a walk over the columns of a matrix would find none of its
/// rows there (cache colouring; Bonwick, "The Slab Allocator", 1994). With it, blocks start in all sets in turn: a product of
/// 700 by 700 matrices takes a third of the time on a cache of 64 sets.
const COLOUR: usize = 64;

/// A free block.
struct Free {
    next: *mut Free,
}

static mut FREE: [*mut Free; CLASSES] = [core::ptr::null_mut(); CLASSES];
/// Blocks ever carved, per class.
static mut CARVED: [u32; CLASSES] = [0; CLASSES];
static mut CHUNK_NEXT: *mut u8 = core::ptr::null_mut();
static mut CHUNK_LEFT: usize = 0;
/// Blocks beyond `CACHE_LIMIT` in use, and their bytes.
static mut HUGE_BLOCKS: usize = 0;
static mut HUGE_BYTES: usize = 0;

/// Blocks handed out since the start, and the bytes asked for.
#[cfg(feature = "count-allocations")]
static mut HANDED_OUT: (usize, usize) = (0, 0);

/// Blocks handed out since the start, and the bytes asked for; `None` where that is not counted.
pub fn handed_out() -> Option<(usize, usize)> {
    #[cfg(feature = "count-allocations")]
    // SAFETY: single-threaded.
    return unsafe { Some(HANDED_OUT) };
    #[cfg(not(feature = "count-allocations"))]
    None
}

/// Bytes of pages taken from the system and not given back.
static mut MAPPED: usize = 0;

/// Bytes of pages taken from the system and not given back.
#[inline]
pub fn mapped() -> usize {
    // SAFETY: single-threaded.
    unsafe { MAPPED }
}

/// Pages from the system.
unsafe fn map_pages(size: usize) -> *mut u8 {
    MAPPED += size;
    sys::map_pages(size)
}

/// Class of a size above `SMALL_LIMIT` and the size of its blocks.
#[inline]
fn large_class(size: usize) -> (usize, usize) {
    // Four steps per power of two: the two bits below the leading one, rounded up.
    let log = usize::BITS as usize - 1 - (size - 1).leading_zeros() as usize;
    let step = 1usize << (log - 2);
    let block = (size + step - 1) & !(step - 1);
    let within = (block - 1 - (1 << log)) >> (log - 2);
    (SMALL_CLASSES + (log - SMALL_SHIFT) * 4 + within, block)
}

/// The bytes really available in a block for `size` bytes.
#[inline]
pub fn good_size(size: usize) -> usize {
    if size <= SMALL_LIMIT {
        (size + GRANULE - 1) & !(GRANULE - 1)
    } else if size <= CACHE_LIMIT {
        large_class(size).1
    } else {
        (size + PAGE - 1) & !(PAGE - 1)
    }
}

/// A block of at least `size` bytes, uninitialised.
#[inline]
pub unsafe fn alloc(size: usize) -> *mut u8 {
    #[cfg(feature = "count-allocations")]
    {
        HANDED_OUT.0 += 1;
        HANDED_OUT.1 += size;
    }
    if size <= SMALL_LIMIT {
        let class = size.div_ceil(GRANULE);
        let head = FREE[class];
        if !head.is_null() {
            FREE[class] = (*head).next;
            return head.cast();
        }
        return alloc_small(class);
    }
    alloc_large(size)
}

/// Returns a block; `size` is what it was allocated with (or its good size).
#[inline]
pub unsafe fn free(block: *mut u8, size: usize) {
    if size <= SMALL_LIMIT {
        let class = size.div_ceil(GRANULE);
        let block: *mut Free = block.cast();
        (*block).next = FREE[class];
        FREE[class] = block;
        return;
    }
    free_large(block, size);
}

/// Bytes from the current chunk, or from a new one.
unsafe fn carve(size: usize) -> *mut u8 {
    if CHUNK_LEFT < size {
        let chunk = map_pages(CHUNK);
        if chunk.is_null() {
            panic::mochi_rt_panic_out_of_memory();
        }
        CHUNK_NEXT = chunk;
        CHUNK_LEFT = CHUNK;
    }
    let block = CHUNK_NEXT;
    CHUNK_NEXT = block.add(size);
    CHUNK_LEFT -= size;
    block
}

/// Links a run of blocks into an empty list and takes the first.
#[inline(never)]
#[cold]
unsafe fn alloc_small(class: usize) -> *mut u8 {
    // Class 0 is a request for nothing; it gets the smallest block.
    let size = class.max(1) * GRANULE;
    let count = (RUN / size).max(1);
    let run = carve(count * size);
    CARVED[class] += count as u32;
    let mut next: *mut Free = core::ptr::null_mut();
    let mut index = count;
    while index > 1 {
        index -= 1;
        let block: *mut Free = run.add(index * size).cast();
        (*block).next = next;
        next = block;
    }
    FREE[class] = next;
    run
}

#[inline(never)]
unsafe fn alloc_large(size: usize) -> *mut u8 {
    let block;
    if size > CACHE_LIMIT {
        let size = good_size(size);
        HUGE_BLOCKS += 1;
        HUGE_BYTES += size;
        block = map_pages(size);
    } else {
        let (class, size) = large_class(size);
        let head = FREE[class];
        if !head.is_null() {
            FREE[class] = (*head).next;
            return head.cast();
        }
        CARVED[class] += 1;
        block = if size > PAGES_LIMIT { map_pages(size) } else { carve(size + COLOUR) };
    }
    if block.is_null() {
        panic::mochi_rt_panic_out_of_memory();
    }
    block
}

#[inline(never)]
unsafe fn free_large(block: *mut u8, size: usize) {
    if size > CACHE_LIMIT {
        let size = good_size(size);
        HUGE_BLOCKS -= 1;
        HUGE_BYTES -= size;
        MAPPED -= size;
        sys::munmap(block.cast(), size);
        return;
    }
    let class = large_class(size).0;
    let block: *mut Free = block.cast();
    (*block).next = FREE[class];
    FREE[class] = block;
}

/// True if a block of that size waits in a free list.
unsafe fn is_at_hand(size: usize) -> bool {
    size <= CACHE_LIMIT && !FREE[large_class(size).0].is_null()
}

/// Moves `used` bytes of a block to one of another size. Blocks with pages of their own are remapped rather than
/// copied, unless a freed block fits: a program that builds and drops large lists in turn would otherwise take new
/// pages for each, as the small sizes they start with pile up at the other end.
#[inline(never)]
pub unsafe fn grow(block: *mut u8, old: usize, new: usize, used: usize) -> *mut u8 {
    if old > PAGES_LIMIT && new > PAGES_LIMIT && !is_at_hand(new) {
        let (old_size, new_size) = (good_size(old), good_size(new));
        let moved = sys::mremap(block.cast(), old_size, new_size, sys::MREMAP_MAYMOVE);
        if moved as isize == -1 {
            panic::mochi_rt_panic_out_of_memory();
        }
        MAPPED = MAPPED + new_size - old_size;
        recount(old_size, false);
        recount(new_size, true);
        return moved.cast();
    }
    let moved = alloc(new);
    crate::copy::copy(block, moved, used);
    if old != 0 {
        free(block, old);
    }
    moved
}

/// Books a block with pages of its own in or out. A call costs nothing next to the system's work; two copies cost 0.3 KB.
#[inline(never)]
unsafe fn recount(size: usize, enters: bool) {
    if size > CACHE_LIMIT {
        HUGE_BLOCKS = if enters { HUGE_BLOCKS + 1 } else { HUGE_BLOCKS - 1 };
        HUGE_BYTES = if enters { HUGE_BYTES + size } else { HUGE_BYTES - size };
    } else {
        let class = large_class(size).0;
        CARVED[class] = if enters { CARVED[class] + 1 } else { CARVED[class] - 1 };
    }
}

/// What the allocator has handed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Usage {
    pub live_blocks: usize,
    pub live_bytes: usize,
    /// Bytes in classes, in use or free.
    pub carved_bytes: usize,
}

/// Walks the free lists.
#[inline(never)]
pub unsafe fn usage() -> Usage {
    let mut usage = Usage { live_blocks: HUGE_BLOCKS, live_bytes: HUGE_BYTES, carved_bytes: HUGE_BYTES };
    let mut class = 0;
    while class < CLASSES {
        let size = if class < SMALL_CLASSES {
            class.max(1) * GRANULE
        } else {
            let above = class - SMALL_CLASSES;
            let log = SMALL_SHIFT + above / 4;
            (1 << log) + ((above % 4 + 1) << (log - 2))
        };
        let carved = CARVED[class] as usize;
        let mut live = carved;
        let mut block = FREE[class];
        while !block.is_null() {
            live -= 1;
            block = (*block).next;
        }
        usage.live_blocks += live;
        usage.live_bytes += live * size;
        usage.carved_bytes += carved * size;
        class += 1;
    }
    usage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_cover_sizes_tightly() {
        for size in SMALL_LIMIT + 1..200_000 {
            let (class, block) = large_class(size);
            assert!(block >= size && block <= size + size / 4 + 1, "{size} {block}");
            assert_eq!(large_class(block), (class, block));
            let log = SMALL_SHIFT + (class - SMALL_CLASSES) / 4;
            let expected = (1 << log) + (((class - SMALL_CLASSES) % 4 + 1) << (log - 2));
            assert_eq!(block, expected);
        }
        assert!(large_class(CACHE_LIMIT).0 < CLASSES);
    }

    #[test]
    fn blocks_come_back() {
        let _guard = crate::testing::lock();
        // SAFETY: blocks are used within their size and freed once.
        unsafe {
            let before = usage();
            let mut blocks = std::vec::Vec::new();
            for size in [0usize, 1, 16, 17, 1000, 1024, 1025, 5000, 65_536, 65_537, 1 << 20, 40 << 20] {
                let block = alloc(size);
                core::ptr::write_bytes(block, 0xAB, size);
                blocks.push((block, size));
            }
            assert_eq!(usage().live_blocks, before.live_blocks + blocks.len());
            for (block, size) in blocks {
                free(block, size);
            }
            let after = usage();
            assert_eq!((after.live_blocks, after.live_bytes), (before.live_blocks, before.live_bytes));
        }
    }

    #[test]
    fn growth_reuses_freed_blocks() {
        let _guard = crate::testing::lock();
        // SAFETY: as above.
        unsafe {
            let build = || {
                let mut size = 16;
                let mut block = alloc(size);
                while size < 8 << 20 {
                    block = grow(block, size, size * 2, size);
                    size *= 2;
                }
                free(block, size);
            };
            // Each round leaves one more size at hand.
            for _ in 0..12 {
                build();
            }
            let before = usage().carved_bytes;
            for _ in 0..50 {
                build();
            }
            assert_eq!(usage().carved_bytes, before);
        }
    }

    #[test]
    fn growth_keeps_content() {
        let _guard = crate::testing::lock();
        // SAFETY: as above.
        unsafe {
            let before = usage();
            let mut size = 16;
            let mut block = alloc(size);
            block.write(7);
            while size < 100 << 20 {
                let new = size * 3;
                block = grow(block, size, new, size);
                assert_eq!(block.read(), 7);
                block.add(new - 1).write(9);
                size = new;
            }
            free(block, size);
            assert_eq!(usage().live_bytes, before.live_bytes);
        }
    }
}
