//! What is being read, for reports of mistakes in it.

use crate::panic::{self, Report};

/// Input that is being read.
#[derive(Clone, Copy)]
pub struct Input {
    /// Path or URL; lives as long as the reading.
    pub name: *const [u8],
    /// What `number` counts: `line` or `row`.
    pub part: &'static [u8],
    /// From one; 0 when the mistake has no place of its own.
    pub number: usize,
}

static mut CURRENT: Input = Input { name: b"".as_slice(), part: b"", number: 0 };

/// From here on, reports name this input.
pub unsafe fn start(name: &[u8], part: &'static [u8]) {
    CURRENT = Input { name, part, number: 0 };
    // Opaque: the optimiser would make of the pointer a call that every program carries.
    panic::INPUT = Some(core::hint::black_box(describe));
}

/// Moves on within the input.
pub unsafe fn at(number: usize) {
    CURRENT.number = number;
}

/// Moves on within the input, which is counted in other parts from here on.
pub unsafe fn at_part(part: &'static [u8], number: usize) {
    CURRENT.part = part;
    CURRENT.number = number;
}

/// Nothing is being read any more.
pub unsafe fn end() {
    panic::INPUT = None;
}

unsafe fn describe(report: &mut Report) {
    report.bytes(b" (").bytes(&*CURRENT.name);
    if CURRENT.number > 0 {
        report.bytes(b", ").bytes(CURRENT.part).bytes(b" ").int(CURRENT.number as i64);
    }
    report.bytes(b")");
}
