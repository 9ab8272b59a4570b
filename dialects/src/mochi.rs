//! The Mochi dialect: op builders, op views and op facts, generated from `dialects/mochi/*.td`.
//!
//! See the top of the generated part for the naming rule.

include!(concat!(env!("OUT_DIR"), "/mochi_ops.rs"));
