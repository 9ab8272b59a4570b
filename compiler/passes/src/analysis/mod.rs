//! Facts about mochi IR that several passes ask for. Nothing here changes IR.

pub mod cycles;
pub mod int_range;
pub mod ownership;
pub mod structure;
