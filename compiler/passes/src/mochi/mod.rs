//! The passes, one file each.

pub mod certify_reference_counts;
pub mod defer_overflow_checks;
pub mod elide_reference_counts;
pub mod expose_checks;
pub mod hoist_checks;
pub mod insert_reference_counts;
pub mod raise_while_loops;
pub mod split_long_blocks;
