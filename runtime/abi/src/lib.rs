//! The contract between compiled Mochi programs and their runtime.
//!
//! Three things live here and nowhere else: the memory [`layout`] of every object, the table of
//! exported [`symbols`] with their types and attributes, and the table of [`builtins`] that maps a
//! Mochi builtin and its operand types to a symbol. The compiler reads the tables; the runtime is
//! written against the layouts; a test in the runtime compares the two.
//!
//! Conventions, stated once:
//!
//! * Arguments are borrowed unless a symbol's documentation says *consumes*. Results are owned.
//! * A *slot* is the in-memory form of a value (`bool` one byte, scalars and pointers eight, `any`
//!   sixteen, an option of a scalar a flag byte followed by the aligned payload).
//! * Only scalars and pointers cross the boundary in registers. Everything else goes through slots,
//!   so no aggregate calling convention is involved on any target.
#![no_std]

pub mod builtins;
pub mod layout;
pub mod symbols;

pub use builtins::{BUILTINS, Builtin, Class, builtin_symbol};
pub use layout::{
    Any, Closure, FieldDesc, IMMORTAL, Kind, List, Map, Object, SMALL_TAG, String, TypeDesc, VariantDesc, count,
};
pub use symbols::{
    ASCII_STRING_COUNT, ASCII_STRING_SIZE, ASCII_STRINGS, AbiType, Attrs, DESCRIPTORS, SYMBOLS, Scalar, Symbol, symbol,
};

/// Exit status of a program that stopped with a language-level error.
pub const EXIT_ERROR: i32 = 1;
/// Exit status after the call stack was exhausted.
pub const EXIT_STACK_OVERFLOW: i32 = 3;
/// Exit status when the system has no more memory to give.
pub const EXIT_OUT_OF_MEMORY: i32 = 4;
/// Exit status of the leak checker when objects survive a normal end of the program.
pub const EXIT_LEAK: i32 = 86;
