//! Call stacks of run-time errors: the functions of the source that were active, innermost first.
//!
//! Programs pay nothing for it until they fail: no shadow stack, no frame pointers in their code. The compiler knows
//! for each call where the caller's frame is and which functions of the source are active there, those inlined
//! included, and puts that into a [`table`] beside the code. [`walk`] goes from frame to frame by it.
//!
//! Frames that tail calls have replaced are gone, here as in the machine.
//!
//! A crate of its own, because every program carries it and hardly any runs it: it is compiled for size (`Cargo.toml`
//! of the workspace). It allocates nothing and works on a few hundred bytes of stack.
#![cfg_attr(not(test), no_std)]

mod shown;
mod table;
#[cfg(test)]
mod testing;
mod walk;

pub use shown::{Output, show};
pub use table::{Frame, Place, State, Table};
pub use walk::{Registers, Stack, Walk};
