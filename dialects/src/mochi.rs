//! The Mochi dialect: op builders, op views and op facts, generated from `dialects/mochi/*.td`.
//!
//! See the top of the generated part for the naming rule.
// The generated accessors are uniform rather than minimal.
#![allow(clippy::erasing_op, clippy::identity_op, clippy::iter_skip_zero, clippy::self_named_constructors)]

include!(concat!(env!("OUT_DIR"), "/mochi_ops.rs"));
