//! Builtin functions that belong to no data type.

pub mod environment;
pub mod input;
pub mod numbers;
pub mod sha256;
