//! Builtin functions that belong to no data type.

pub mod environment;
pub mod input;
pub mod md5;
pub mod numbers;
pub mod sha256;
