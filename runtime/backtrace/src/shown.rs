//! How a stack is shown: recursion shortened, the middle of a deep stack left out.

use crate::table::{Frame, Place, Table};
use crate::walk::Walk;

/// The frames of a deep stack that are shown whatever follows, and those at its other end.
const FIRST: usize = 14;
/// A power of two.
const LAST: usize = 8;

/// What the compiler calls the top level.
const TOP_LEVEL: &[u8] = b"main program";

/// Where the stack goes.
pub trait Output {
    fn text(&mut self, text: &[u8]);
    fn number(&mut self, number: u64);
    /// Told once, before all text: the innermost place; the line is 0 if unknown.
    fn innermost(&mut self, file: &[u8], line: u32);
}

/// Equal frames in a row.
#[derive(Clone, Copy, Default)]
struct Run {
    frame: Frame,
    count: u64,
}

/// Writes runs as they come, and keeps back what may turn out to be in the middle.
struct Printer<'a> {
    out: &'a mut dyn Output,
    table: Table,
    /// The run that may go on.
    run: Run,
    /// Whether the last place was all in that run.
    uniform: bool,
    /// The line of the innermost frame, in case that the table has none.
    line: u32,
    /// Runs so far.
    count: usize,
    /// The latest; a ring.
    latest: [Run; LAST],
    /// Frames of runs that have left the ring unseen.
    left_out: u64,
}

impl Printer<'_> {
    fn more(&mut self, count: u64, of: &[u8], name: &[u8]) {
        if count != 0 {
            self.out.text("  … ".as_bytes());
            self.out.number(count);
            self.out.text(of);
            self.out.text(name);
            self.out.text(b"\n");
        }
    }

    #[inline(never)]
    fn show(&mut self, run: Run) {
        let (name, file) = (self.table.name(run.frame.source), self.table.file(run.frame.source));
        self.out.text(b"  ");
        self.out.text(name);
        self.out.text(b" at ");
        self.out.text(file);
        if run.frame.line != 0 {
            self.out.text(b":");
            self.out.number(u64::from(run.frame.line));
        }
        self.out.text(b"\n");
        self.more(run.count - 1, b" more of ", name);
    }

    #[inline(never)]
    fn frame(&mut self, mut frame: Frame) {
        if frame.line == 0 {
            frame.line = self.line;
        }
        self.line = 0;
        if self.run.frame != frame {
            self.end_run();
            self.run.frame = frame;
            self.uniform = false;
        }
        self.run.count += 1;
    }

    /// All frames of the last place once more.
    fn repeat(&mut self, frames: u64) {
        self.run.count += frames;
    }

    #[inline(never)]
    fn end_run(&mut self) {
        let run = self.run;
        self.run.count = 0;
        if run.count == 0 {
            return;
        }
        if self.count == 0 {
            self.out.innermost(self.table.file(run.frame.source), run.frame.line);
            // An error at the top level that no function had a part in: its place says all.
            if run.count == 1 && self.table.name(run.frame.source) == TOP_LEVEL {
                return;
            }
            self.out.text(b"\ncall stack:\n");
        }
        if self.count < FIRST {
            self.show(run);
        } else {
            let place = &mut self.latest[self.count % LAST];
            if self.count >= FIRST + LAST {
                self.left_out += place.count;
            }
            *place = run;
        }
        self.count += 1;
    }

    fn finish(&mut self) {
        self.end_run();
        self.more(self.left_out, b" more calls", b"");
        for index in self.count.saturating_sub(LAST).max(FIRST)..self.count {
            self.show(self.latest[index % LAST]);
        }
    }
}

/// Shows the stack of a walk. `line` is that of the innermost frame, in case that the table has none; or 0.
#[inline(never)]
pub fn show(walk: &mut Walk, line: u32, out: &mut dyn Output) {
    let table = walk.table;
    let (run, latest) = (Run::default(), [Run::default(); LAST]);
    let mut printer = Printer { out, table, run, uniform: false, line, count: 0, latest, left_out: 0 };
    let (mut last, mut frames) = (Place::OUTSIDE, 0);
    loop {
        let place = walk.next_place();
        if !place.is_inside() {
            break;
        }
        // Recursion meets a place again and again; what it stands for need not be read each time.
        if place == last && printer.uniform {
            printer.repeat(frames);
            continue;
        }
        last = place;
        frames = 0;
        printer.uniform = true;
        table.frames(place, &mut |frame| {
            frames += 1;
            printer.frame(frame);
        });
    }
    printer.finish();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Written, code, stack, table};
    use crate::walk::Registers;
    use std::string::String;
    use std::vec::Vec;

    #[derive(Default)]
    struct Collected(String);

    impl Output for Collected {
        fn text(&mut self, text: &[u8]) {
            self.0 += std::str::from_utf8(text).expect("UTF-8");
        }

        fn number(&mut self, number: u64) {
            self.0 += &number.to_string();
        }

        fn innermost(&mut self, file: &[u8], line: u32) {
            self.0 += &std::format!("innermost {}:{line}", std::str::from_utf8(file).expect("UTF-8"));
        }
    }

    /// The stack with one frame of 16 bytes for each of the calls, innermost first: offsets in the code.
    fn shown(written: &Written, calls: &[u32]) -> String {
        let bytes = written.bytes();
        let table = table(&bytes);
        let mut words: Vec<usize> = Vec::new();
        for call in calls {
            words.extend([0, code(&bytes) + *call as usize + 1]);
        }
        words.extend([0; 4]);
        let first = words.remove(1);
        words.remove(0);
        let start = Registers { address: first, stack_pointer: words.as_ptr() as usize, frame_pointer: 0, link: 0 };
        let mut out = Collected::default();
        show(&mut Walk::new(table, start, stack(&words)), 0, &mut out);
        out.0
    }

    /// `divide` inlined into `average` at line 9 (0..10), `average` (10..20), the top level (20..).
    fn program() -> Written {
        Written {
            length: 100,
            scopes: std::vec![(2, 0, 1), (1, 1, 14), (0, 2, 9), (1, 0, 5)],
            rows: std::vec![(0, 3, 3, 1), (10, 4, 7, 1), (20, 1, 30, 1), (30, 0, 0, 1)],
            states: std::vec![(0, 0, 0), (16 << 1, 0, 1)],
        }
    }

    #[test]
    fn inlined_functions_are_frames_of_their_own() {
        let wanted = "innermost demo.mochi:3\ncall stack:\n  divide at demo.mochi:3\n  average at demo.mochi:9\n  \
                      main program at demo.mochi:14\n  main program at demo.mochi:30\n";
        assert_eq!(shown(&program(), &[0, 20]), wanted);
    }

    #[test]
    fn the_top_level_alone_is_no_stack() {
        assert_eq!(shown(&program(), &[20]), "innermost demo.mochi:30");
        assert_eq!(shown(&program(), &[30, 20]), "innermost demo.mochi:30");
        assert_eq!(shown(&program(), &[30]), "");
    }

    #[test]
    fn equal_frames_are_counted() {
        let calls = [[10; 1000].as_slice(), &[20]].concat();
        let wanted = "innermost demo.mochi:7\ncall stack:\n  average at demo.mochi:7\n  … 999 more of average\n  \
                      main program at demo.mochi:30\n";
        assert_eq!(shown(&program(), &calls), wanted);
    }

    #[test]
    fn the_middle_of_a_deep_stack_is_left_out() {
        for pairs in [1, 5, 7, 8, 10, 11, 12, 100, 1000] {
            let calls: Vec<u32> = (0..2 * pairs).map(|index| if index % 2 == 0 { 10 } else { 20 }).collect();
            let text = shown(&program(), &calls);
            let lines: Vec<&str> = text.lines().skip(2).collect();
            let whole = FIRST + LAST;
            assert_eq!(lines.len(), if 2 * pairs <= whole { 2 * pairs } else { whole + 1 }, "{text}");
            if 2 * pairs > whole {
                assert_eq!(lines[FIRST], std::format!("  … {} more calls", 2 * pairs - whole));
            }
            assert_eq!(lines.last().copied(), Some("  main program at demo.mochi:30"));
        }
    }
}
