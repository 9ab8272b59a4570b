//! Memory for looking for mistakes: the allocator of programs built with `--check-memory` and run under valgrind.
//!
//! Has the same functions as `alloc`, whose blocks lie side by side in pages that valgrind knows nothing about. Here each
//! block has space around it that may not be touched, is announced to valgrind with its exact size, and is never handed out
//! again, so that memcheck sees accesses beyond a block and after its end, values read before they are written, and blocks
//! that nobody points to any more. Sizes given to `free` are compared with those given to `alloc`, with or without valgrind.
//!
//! | offset from a block | content |
//! |---|---|
//! | -32 | its size, eight bytes |
//! | -24 | nothing, inaccessible under valgrind |
//! | 0 | the block |
//! | size | up to the next multiple of 16 and 32 bytes beyond: inaccessible under valgrind |

use crate::{panic, sys, valgrind};

/// Inaccessible bytes on each side of a block.
const MARGIN: usize = 32;
const GRANULE: usize = 16;
const CHUNK: usize = 1 << 20;
const PAGE: usize = 4096;

static mut CHUNK_NEXT: *mut u8 = core::ptr::null_mut();
static mut CHUNK_LEFT: usize = 0;
static mut LIVE_BLOCKS: usize = 0;
static mut LIVE_BYTES: usize = 0;
static mut MAPPED: usize = 0;

/// The bytes really available in a block for `size` bytes: no more, so that every byte beyond is noticed.
#[inline]
pub fn good_size(size: usize) -> usize {
    size
}

/// Blocks and bytes handed out so far: not counted here.
#[inline]
pub fn handed_out() -> Option<(usize, usize)> {
    None
}

/// Bytes of pages taken from the system and not given back.
#[inline]
pub fn mapped() -> usize {
    // SAFETY: single-threaded.
    unsafe { MAPPED }
}

unsafe fn map(size: usize) -> *mut u8 {
    let pages = sys::map_pages(size);
    if pages.is_null() {
        panic::mochi_rt_panic_out_of_memory();
    }
    MAPPED += size;
    valgrind::no_access(pages, size);
    pages
}

/// Bytes that nothing else uses, from the current chunk or from pages of their own.
unsafe fn carve(size: usize) -> *mut u8 {
    if size > CHUNK / 4 {
        return map((size + PAGE - 1) & !(PAGE - 1));
    }
    if CHUNK_LEFT < size {
        CHUNK_NEXT = map(CHUNK);
        CHUNK_LEFT = CHUNK;
    }
    let block = CHUNK_NEXT;
    CHUNK_NEXT = block.add(size);
    CHUNK_LEFT -= size;
    block
}

/// A block of at least `size` bytes, uninitialised.
#[inline(never)]
pub unsafe fn alloc(size: usize) -> *mut u8 {
    let start = carve(((size + GRANULE - 1) & !(GRANULE - 1)) + 2 * MARGIN);
    let block = start.add(MARGIN);
    remember_size(start, size);
    valgrind::allocated(block, size, MARGIN - 8);
    LIVE_BLOCKS += 1;
    LIVE_BYTES += size;
    block
}

/// Ends a block; `size` is what it was allocated with, give or take padding that the fast allocator does not see either.
#[inline(never)]
pub unsafe fn free(block: *mut u8, size: usize) {
    let start = block.sub(MARGIN);
    let allocated = remembered_size(start);
    let granules = |size: usize| size.checked_next_multiple_of(GRANULE);
    if granules(allocated) != granules(size) {
        wrong_size(allocated, size);
    }
    // A second end of the same block is seen here even without valgrind.
    remember_size(start, usize::MAX);
    valgrind::freed(block, MARGIN - 8);
    LIVE_BLOCKS -= 1;
    LIVE_BYTES -= allocated;
}

/// Moves `used` bytes of a block to one of another size.
#[inline(never)]
pub unsafe fn grow(block: *mut u8, old: usize, new: usize, used: usize) -> *mut u8 {
    let moved = alloc(new);
    crate::copy::copy(block, moved, used);
    if old != 0 {
        free(block, old);
    }
    moved
}

/// A mistake of the compiler or of the runtime: the fast allocator would put the block into the wrong list.
#[cold]
unsafe fn wrong_size(allocated: usize, freed: usize) -> ! {
    let mut report = panic::Report::new();
    if allocated == usize::MAX {
        report.bytes(b"memory check: a block was freed twice\n");
    } else {
        report.bytes(b"memory check: a block of ").int(allocated as i64);
        report.bytes(b" bytes was freed as one of ").int(freed as i64).bytes(b"\n");
    }
    report.flush();
    panic::internal()
}

unsafe fn remember_size(start: *mut u8, size: usize) {
    valgrind::undefined(start, 8);
    start.cast::<usize>().write(size);
    valgrind::no_access(start, 8);
}

unsafe fn remembered_size(start: *mut u8) -> usize {
    valgrind::defined(start, 8);
    let size = start.cast::<usize>().read();
    valgrind::no_access(start, 8);
    size
}

/// What the allocator has handed out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Usage {
    pub live_blocks: usize,
    pub live_bytes: usize,
    /// Bytes taken from the system.
    pub carved_bytes: usize,
}

pub unsafe fn usage() -> Usage {
    Usage { live_blocks: LIVE_BLOCKS, live_bytes: LIVE_BYTES, carved_bytes: MAPPED }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_their_content_and_are_counted() {
        let _guard = crate::testing::lock();
        // SAFETY: blocks are used within their size and freed once.
        unsafe {
            let before = usage();
            let mut blocks = std::vec::Vec::new();
            for size in [0usize, 1, 16, 17, 1000, 5000, 300_000, 2 << 20] {
                let block = alloc(size);
                assert_eq!(block as usize % GRANULE, 0);
                core::ptr::write_bytes(block, 0xAB, size);
                blocks.push((block, size));
            }
            assert_eq!(usage().live_blocks, before.live_blocks + blocks.len());
            for &(block, size) in &blocks {
                assert!((0..size).all(|at| block.add(at).read() == 0xAB));
            }
            let (first, size) = blocks[2];
            blocks[2] = (grow(first, size, 64, size), 64);
            assert_eq!(blocks[2].0.read(), 0xAB);
            for (block, size) in blocks {
                free(block, size);
            }
            assert_eq!((usage().live_blocks, usage().live_bytes), (before.live_blocks, before.live_bytes));
        }
    }

    #[test]
    fn blocks_are_not_handed_out_again() {
        let _guard = crate::testing::lock();
        // SAFETY: as above.
        unsafe {
            let first = alloc(24);
            free(first, 24);
            let second = alloc(24);
            assert_ne!(first, second);
            free(second, 24);
        }
    }
}
