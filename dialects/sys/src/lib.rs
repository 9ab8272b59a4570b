//! Raw bindings: everything `mlir_sys` has, plus the C doors of `dialects/sys/shim` and the C API of
//! the Mochi dialect. Nothing here is safe; `mochi-dialects` wraps it and nobody else should use it.
// The names are those of the C side.
#![allow(non_camel_case_types, non_snake_case)]

mod capi;
mod shim;

pub use capi::*;
pub use mlir_sys::*;
pub use shim::*;
