//! Run-time errors: message, place, source line and call stack on standard error, then the end of the program.
//!
//! Text goes straight to the file descriptor through a small buffer on the stack; nothing here
//! allocates, so that memory exhaustion and stack overflow can be reported too.

use crate::{backtrace, print, sys};
use core::ffi::c_int;
use mochi_runtime_abi::{EXIT_ERROR, EXIT_OUT_OF_MEMORY, EXIT_STACK_OVERFLOW, String};
use mochi_runtime_backtrace::Registers;

/// Where in the source an operation stands.
#[derive(Clone, Copy)]
pub struct Position {
    /// Null-terminated path, or null when unknown.
    pub file: *const u8,
    /// Line << 32 | column.
    pub line_column: i64,
}

impl Position {
    #[inline]
    pub fn new(file: *const u8, line_column: i64) -> Self {
        Position { file, line_column }
    }

    /// Nowhere in particular.
    pub const UNKNOWN: Position = Position { file: core::ptr::null(), line_column: 0 };

    fn line(self) -> i64 {
        self.line_column >> 32
    }

    fn column(self) -> i64 {
        self.line_column & 0xffff_ffff
    }
}

/// Adds to a report where in its input the program is. Set while input is read; a pointer, so that other programs have
/// nothing of it.
pub static mut INPUT: Option<unsafe fn(&mut Report)> = None;

/// Collects the report and writes it in one piece.
pub struct Report {
    data: [u8; 2048],
    len: usize,
}

impl Report {
    pub fn new() -> Self {
        Report { data: [0; 2048], len: 0 }
    }

    #[inline(never)]
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        for byte in bytes {
            if self.len == self.data.len() {
                self.flush();
            }
            // SAFETY: `len` is below the array's length after the flush above.
            unsafe { *self.data.as_mut_ptr().add(self.len) = *byte };
            self.len += 1;
        }
        self
    }

    #[inline(never)]
    pub fn int(&mut self, value: i64) -> &mut Self {
        let mut digits = [0u8; 20];
        let mut at = 20;
        let mut rest = value.unsigned_abs();
        loop {
            at -= 1;
            // SAFETY: a 64-bit number has at most 20 digits.
            unsafe { *digits.as_mut_ptr().add(at) = b'0' + (rest % 10) as u8 };
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            self.bytes(b"-");
        }
        // SAFETY: `at` is within the array.
        self.bytes(unsafe { digits.get_unchecked(at..) })
    }

    #[inline(never)]
    pub fn spaces(&mut self, count: i64) -> &mut Self {
        for _ in 0..count {
            self.bytes(b" ");
        }
        self
    }

    #[cold]
    #[inline(never)]
    fn colon(&mut self, number: i64) {
        self.bytes(b":").int(number);
    }

    /// In front of a line of the source: its number, or as much space.
    #[cold]
    #[inline(never)]
    fn margin(&mut self, number: i64, width: i64) {
        if number == 0 {
            self.spaces(width.max(3));
        } else {
            self.spaces(3 - width).int(number);
        }
        self.bytes(b" | ");
    }

    /// A place, and the line of the source there with a caret below the column. Column 0 is none; an empty line is not
    /// shown. The path ends with a null byte behind the slice.
    #[cold]
    #[inline(never)]
    pub unsafe fn place(&mut self, file: &[u8], line: i64, column: i64) {
        self.bytes(b"  --> ").bytes(file).colon(line);
        if column != 0 {
            self.colon(column);
        }
        self.bytes(b"\n");
        let (mut width, mut rest) = (0, line);
        while rest > 0 {
            width += 1;
            rest /= 10;
        }
        let mut quoted = false;
        each_source_byte(file, line, &mut |byte| {
            if !quoted {
                self.bytes(b"\n").margin(line, width);
                quoted = true;
            }
            // A tab keeps the caret below its place only if both lines have the same width there.
            self.bytes(&[if byte == b'\t' { b' ' } else { byte }]);
        });
        if quoted {
            self.bytes(b"\n");
            if column != 0 {
                self.margin(0, width);
                self.spaces(column - 1).bytes(b"^\n");
            }
        }
    }

    #[inline(never)]
    pub fn flush(&mut self) {
        // Nobody is left to tell if this fails.
        // SAFETY: `len` bytes of the buffer are initialised.
        let _ = unsafe { sys::write_all(sys::STDERR, self.data.as_ptr(), self.len) };
        self.len = 0;
    }
}

impl Default for Report {
    fn default() -> Self {
        Self::new()
    }
}

/// Starts a report: what was printed so far appears first.
#[inline(never)]
#[cold]
unsafe fn begin() -> Report {
    print::flush();
    let mut report = Report::new();
    report.bytes(b"error: ");
    report
}

/// Ends a report with place and call stack and stops the program.
#[inline(never)]
#[cold]
unsafe fn end(report: &mut Report, position: Position) -> ! {
    if let Some(describe) = INPUT {
        describe(report);
    }
    end_with(report, position, EXIT_ERROR)
}

/// As `end` with another exit status. An operation without a place fails where the program is.
#[inline(never)]
#[cold]
unsafe fn end_with(report: &mut Report, position: Position, status: c_int) -> ! {
    report.bytes(b"\n");
    let known = !position.file.is_null() && position.line() != 0;
    if known {
        report.place(sys::c_bytes(position.file), position.line(), position.column());
    }
    // The message is out, whatever happens on the walk.
    report.flush();
    backtrace::add(report, if known { position.line() } else { 0 });
    report.flush();
    sys::_exit(status)
}

/// Visits the bytes of a line of a file, if it is still there. The path ends with a null byte behind the slice.
unsafe fn each_source_byte(file: &[u8], line: i64, visit: &mut dyn FnMut(u8)) {
    if file.is_empty() {
        return;
    }
    let fd = sys::open(file.as_ptr().cast(), sys::O_RDONLY);
    if fd < 0 {
        return;
    }
    let mut buffer = [0u8; 4096];
    let mut current = 1;
    while current <= line {
        let count = sys::read(fd, buffer.as_mut_ptr(), buffer.len());
        if count <= 0 {
            break;
        }
        for index in 0..count as usize {
            let byte = *buffer.as_ptr().add(index);
            if byte == b'\n' {
                current += 1;
            } else if current == line && byte != b'\r' {
                visit(byte);
            }
        }
    }
    sys::close(fd);
}

/// A defect of the runtime itself.
#[cold]
pub unsafe fn internal() -> ! {
    let mut report = begin();
    end(report.bytes(b"internal error in the Mochi runtime, please report it"), Position::UNKNOWN)
}

/// Stops with a fixed message.
#[inline(never)]
#[cold]
pub unsafe fn fail(message: &[u8], position: Position) -> ! {
    let mut report = begin();
    end(report.bytes(message), position)
}

/// Stops with a message in pieces.
#[inline(never)]
#[cold]
pub unsafe fn fail_parts(parts: &[&[u8]], position: Position) -> ! {
    let mut report = begin();
    for part in parts {
        report.bytes(part);
    }
    end(&mut report, position)
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_overflow(file: *const u8, line_column: i64) -> ! {
    fail(
        b"integer overflow: the result does not fit in `int`, use `bigint` for larger numbers",
        Position::new(file, line_column),
    )
}

#[inline(never)]
#[cold]
unsafe fn index(what: &[u8], index: i64, len: i64, position: Position) -> ! {
    let mut report = begin();
    report.bytes(what).bytes(b" index out of range: ").int(index).bytes(b" (len ").int(len).bytes(b")");
    end(&mut report, position)
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_list_index(at: i64, len: i64, file: *const u8, line_column: i64) -> ! {
    index(b"list", at, len, Position::new(file, line_column))
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_string_index(at: i64, len: i64, file: *const u8, line_column: i64) -> ! {
    index(b"string", at, len, Position::new(file, line_column))
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_division(file: *const u8, line_column: i64) -> ! {
    fail(b"division by zero", Position::new(file, line_column))
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_none(file: *const u8, line_column: i64) -> ! {
    fail(b"unexpected none: the optional value is absent", Position::new(file, line_column))
}

/// The value itself is left out: its text would pull the float formatter into every program with a conversion.
#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_float_to_int(value: f64, file: *const u8, line_column: i64) -> ! {
    let message: &[u8] = if value.is_nan() {
        b"cannot cast NaN to int"
    } else {
        b"cannot cast float64 to int: the value is out of range"
    };
    fail(message, Position::new(file, line_column))
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_message(message: *const String, file: *const u8, line_column: i64) -> ! {
    let bytes = if message.is_null() { b"nil" } else { crate::string::bytes(message) };
    fail(bytes, Position::new(file, line_column))
}

/// `expect condition failed at FILE:LINE: SOURCE LINE`.
#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_expect(file: *const u8, line_column: i64) -> ! {
    let position = Position::new(file, line_column);
    let mut report = begin();
    report.bytes(b"expect condition failed at ").bytes(sys::c_bytes(file)).bytes(b":").int(position.line());
    let mut blank = true;
    report.bytes(b": ");
    each_source_byte(sys::c_bytes(file), position.line(), &mut |byte| {
        blank &= byte == b' ' || byte == b'\t';
        if !blank {
            report.bytes(core::slice::from_ref(&byte));
        }
    });
    end(&mut report, position)
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_match(file: *const u8, line_column: i64) -> ! {
    fail(b"no arm of `match` applies to the value", Position::new(file, line_column))
}

#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_panic_out_of_memory() -> ! {
    let mut report = begin();
    end_with(report.bytes(b"out of memory"), Position::UNKNOWN, EXIT_OUT_OF_MEMORY)
}

/// Runs on the signal stack. `registers` are those of the instruction that met the end of the stack.
#[cold]
pub unsafe fn stack_overflow(registers: Registers) -> ! {
    let mut report = begin();
    report.bytes(b"call stack exceeded ").int((crate::start::stack_size() >> 20) as i64);
    report.bytes(b" MiB (too deep recursion)\n").flush();
    backtrace::add_overflowed(&mut report, registers);
    report.flush();
    sys::_exit(EXIT_STACK_OVERFLOW)
}
