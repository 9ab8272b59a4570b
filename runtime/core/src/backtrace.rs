//! The call stack in the report of an error.

use crate::panic::Report;
use crate::start;
use mochi_runtime_backtrace::{Output, Registers, Table, Walk, show};

/// The table of a program without code. The program's own takes its place when it is linked: this one is weak
/// (`compiler/codegen/split/split.cpp` makes it so), and not constant, or its content would be known too early.
#[unsafe(no_mangle)]
pub static mut mochi_rt_backtrace_table: [u32; 5] = [20, 0, 20, 20, 20];

struct Shown<'a> {
    report: &'a mut Report,
    /// Whether the place of the error has been told.
    placed: bool,
}

impl Output for Shown<'_> {
    fn text(&mut self, text: &[u8]) {
        self.report.bytes(text);
    }

    fn number(&mut self, number: u64) {
        self.report.int(number as i64);
    }

    /// What fails without a place of its own fails where the program is.
    fn innermost(&mut self, file: &[u8], line: u32) {
        if !self.placed && line != 0 {
            // SAFETY: texts of the table end with a null byte.
            unsafe { self.report.place(file, i64::from(line), 0) };
        }
    }
}

fn table() -> Table {
    // SAFETY: the program's table or the empty one. The compiler must not see through the pointer.
    unsafe { Table::new(core::hint::black_box((&raw const mochi_rt_backtrace_table).cast())) }
}

/// Adds the stack of the runtime's caller. `line` is where the innermost function is, 0 if the place has not been told.
#[inline(never)]
#[cold]
pub unsafe fn add(report: &mut Report, line: i64) {
    let mut walk = Walk::new(table(), Registers::here(), start::stack());
    show(&mut walk, line as u32, &mut Shown { report, placed: line != 0 });
}

/// Adds place and stack of an instruction that met the stack's end.
#[cold]
pub unsafe fn add_overflowed(report: &mut Report, registers: Registers) {
    let mut walk = Walk::from_fault(table(), registers, start::stack());
    show(&mut walk, 0, &mut Shown { report, placed: false });
}
