//! The allocator of outside crates: their collections live in the runtime's own blocks, so that they are part of what the
//! leak check sees.

use crate::alloc;
use core::alloc::{GlobalAlloc, Layout};

/// Hands out the runtime's blocks, which are 16-byte aligned, or more; no collection asks for more.
struct Blocks;

// SAFETY: blocks are as large and aligned as asked for and freed with their size.
unsafe impl GlobalAlloc for Blocks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        alloc::alloc(layout.size())
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        alloc::free(block, layout.size());
    }
}

#[cfg(not(test))]
#[global_allocator]
static BLOCKS: Blocks = Blocks;

#[cfg(test)]
const _: Blocks = Blocks;
