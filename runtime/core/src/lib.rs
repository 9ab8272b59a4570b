//! The runtime of compiled Mochi programs.
//!
//! `no_std`, single-threaded, with no dependency but the C library's system call wrappers and
//! memory primitives. It is compiled to bitcode, of which a program links only what it reaches, and
//! to an archive with the same symbols. Two rules follow from that:
//!
//! * code on a common path must not drag in formatting or other machinery it may not need, and
//! * there are no Rust panics by design: indexing is done on raw memory whose bounds the data
//!   structures guarantee, failures of the program end in [`panic`].
//!
//! # Safety
//!
//! Every exported function is `unsafe extern "C"` and relies on the contract of `mochi-runtime-abi`:
//! pointers are null only where the table says so, point to live objects of the stated layout,
//! slots have the size and content their descriptor says, and the program is single-threaded. Inside the crate
//! `unsafe` marks functions with that same contract, so single operations are not marked again.
#![cfg_attr(not(test), no_std)]
#![allow(unsafe_op_in_unsafe_fn)]
// One contract for all of them, stated above.
#![allow(clippy::missing_safety_doc)]
// The state of the runtime is a handful of `static mut`s of a single-threaded program.
#![allow(static_mut_refs)]

/// The collections of the standard library; `alloc` is the runtime's allocator.
extern crate alloc as standard;

#[cfg(not(feature = "checked-memory"))]
pub mod alloc;
#[cfg(any(test, feature = "checked-memory"))]
pub mod alloc_checked;
pub mod any;
pub mod backtrace;
pub mod big;
pub mod bignum;
pub mod builtins;
pub mod cast;
pub mod copy;
pub mod cycles;
pub mod format;
pub mod global;
pub mod io;
pub mod list;
pub mod map;
pub mod object;
pub mod panic;
pub mod print;
pub mod start;
pub mod string;
pub mod sys;
pub mod text;
#[cfg(any(test, feature = "checked-memory"))]
pub mod valgrind;
pub mod value;
pub mod worklist;

#[cfg(feature = "checked-memory")]
pub use alloc_checked as alloc;

#[cfg(test)]
pub mod testing;

/// Stops the program: a Rust panic here is a defect of the runtime itself.
#[cfg(feature = "program")]
#[panic_handler]
fn rust_panic(_info: &core::panic::PanicInfo) -> ! {
    // SAFETY: plain system calls.
    unsafe { panic::internal() }
}

/// Functions of `core` that were compiled for unwinding name the personality routine; nothing ever unwinds.
#[cfg(feature = "program")]
#[unsafe(no_mangle)]
pub extern "C" fn rust_eh_personality() {}
