//! Typed Rust over MLIR and the Mochi dialect: the one crate, besides the raw bindings, with unsafe code.
//!
//! `ir` holds the handles, `mochi` what is generated from the dialect's TableGen files, `pass` and
//! `conversion` let passes and conversions be written in Rust.

pub mod conversion;
pub mod ir;
pub mod mochi;
pub mod pass;
