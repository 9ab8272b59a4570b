//! The table by which stacks are walked, as `compiler/codegen/shim/Backtrace.cpp` writes it.
//!
//! All numbers are little-endian; offsets count from the table's start unless they say otherwise. LEB is unsigned
//! LEB128 as in DWARF.
//!
//! | what | layout |
//! |---|---|
//! | head | u32 size of the table, u32 number of machine functions, u32 offset of the sources, u32 offset of the states, u32 offset of the texts |
//! | machine functions | each: i32 start of its code relative to this field, u32 bytes of code, u32 offset of its rows, u32 offset of its scopes |
//! | sources | functions of the program's text, each: u32 name, u32 file; both in the texts |
//! | states | each: u32 bytes from the base to the canonical frame address × 2 + (base is the frame pointer), all 0 if unknown, u16 slot of the caller's frame pointer, u16 slot of the return address; slots in words below the canonical frame address, 0 if in the register still |
//! | rows, per machine function | up to its scopes, each: LEB bytes of code since the row before; LEB zigzag(lines since the row before, 30 bits) × 4 + (scope differs) × 2 + (state differs); LEB scope if it differs; LEB state if it differs. Before the first, all are 0 |
//! | scopes, per machine function | each: LEB source, LEB parent, LEB line |
//! | texts | null-terminated |
//!
//! Scope 0 is none, scope n the n-th: a function of the source that is active in the machine function. It has been
//! inlined into its parent, at the line given, or is the machine function's own: then its parent is 0. A row holds up to
//! the next one.

/// Bytes of the parts.
pub(crate) const HEAD: usize = 20;
pub(crate) const FUNCTION: usize = 16;
const SOURCE: usize = 8;
pub(crate) const STATE: usize = 8;

/// A table in memory.
#[derive(Clone, Copy)]
pub struct Table(*const u8);

/// What the table says about one address in code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Offset of the scopes of the machine function; 0 outside of the program's code.
    scopes: u32,
    /// The innermost scope; 0 if there is none.
    scope: u32,
    /// The line in the innermost scope; 0 if unknown.
    line: u32,
    /// Index of the frame's state.
    state: u32,
}

/// How to find the caller's frame: see the table of the module. Unknown if the offset is 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    pub from_frame_pointer: bool,
    /// Bytes from the base to the canonical frame address.
    pub offset: usize,
    /// Words below the canonical frame address; 0 if the value is in its register.
    pub frame_pointer: usize,
    pub return_address: usize,
}

/// A function of the source that is active at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Frame {
    /// Index of the function.
    pub source: u32,
    /// Where it is; 0 if unknown.
    pub line: u32,
}

/// Reads numbers one after the other; past the end, it reads zeros.
struct Reader {
    table: Table,
    at: usize,
}

impl Reader {
    #[inline(never)]
    fn number(&mut self) -> u32 {
        let (mut value, mut shift) = (0, 0);
        loop {
            if self.at >= self.table.size() {
                self.at = usize::MAX;
                return 0;
            }
            // SAFETY: below the size of the table.
            let byte = unsafe { self.table.0.add(self.at).read() };
            self.at += 1;
            value |= u32::from(byte & 0x7f) << (shift & 31);
            shift += 7;
            if byte < 0x80 {
                return value;
            }
        }
    }
}

impl Place {
    pub(crate) const OUTSIDE: Place = Place { scopes: 0, scope: 0, line: 0, state: 0 };

    /// Whether the address belongs to the program's code.
    pub fn is_inside(self) -> bool {
        self.scopes != 0
    }
}

impl Table {
    /// # Safety
    /// `base` points to a table, which stays where it is.
    pub unsafe fn new(base: *const u8) -> Table {
        Table(base)
    }

    fn size(self) -> usize {
        // SAFETY: the first field of the head.
        unsafe { self.0.cast::<u32>().read_unaligned() as usize }
    }

    /// A 32-bit number; 0 outside of the table.
    #[inline(never)]
    fn word(self, at: usize) -> usize {
        if at + 4 > self.size() {
            return 0;
        }
        // SAFETY: inside of the table.
        unsafe { self.0.add(at).cast::<u32>().read_unaligned() as usize }
    }

    /// What holds at an address. Takes time in proportion to the number of functions and to the rows of the one found.
    #[inline(never)]
    pub fn find(self, address: usize) -> Place {
        let mut at = HEAD;
        for _ in 0..self.word(4) {
            let start = (self.0 as usize).wrapping_add(at).wrapping_add(self.word(at) as i32 as usize);
            let inside = address.wrapping_sub(start);
            if inside < self.word(at + 4) {
                return self.row(at, inside as u32);
            }
            at += FUNCTION;
        }
        Place::OUTSIDE
    }

    /// The row that holds at an offset in the code of a function.
    fn row(self, function: usize, inside: u32) -> Place {
        let mut reader = Reader { table: self, at: self.word(function + 8) };
        let scopes = self.word(function + 12);
        let mut found = Place::OUTSIDE;
        let mut next = Place { scopes: scopes as u32, ..found };
        let mut address = 0u32;
        while reader.at < scopes {
            address = address.wrapping_add(reader.number());
            if address > inside {
                break;
            }
            let packed = reader.number();
            let lines = packed >> 2;
            next.line = next.line.wrapping_add((lines >> 1) ^ (lines & 1).wrapping_neg());
            if packed & 2 != 0 {
                next.scope = reader.number();
            }
            if packed & 1 != 0 {
                next.state = reader.number();
            }
            found = next;
        }
        found
    }

    /// How to leave the frame at a place.
    pub fn state(self, place: Place) -> State {
        let at = self.word(12) + STATE * place.state as usize;
        let (packed, slots) = (self.word(at), self.word(at + 4));
        State {
            from_frame_pointer: packed & 1 != 0,
            offset: packed >> 1,
            frame_pointer: slots & 0xffff,
            return_address: slots >> 16,
        }
    }

    /// Visits the functions of the source that are active at a place, innermost first.
    #[inline(never)]
    pub fn frames(self, place: Place, visit: &mut dyn FnMut(Frame)) {
        let (mut scope, mut line) = (place.scope, place.line);
        // Parents stand before their children, so this ends.
        while scope != 0 {
            let mut reader = Reader { table: self, at: place.scopes as usize };
            let (mut source, mut parent, mut call) = (0, 0, 0);
            for _ in 0..scope {
                source = reader.number();
                parent = reader.number();
                call = reader.number();
                if reader.at == usize::MAX {
                    return;
                }
            }
            visit(Frame { source, line });
            if parent >= scope {
                return;
            }
            (scope, line) = (parent, call);
        }
    }

    /// The name of a function of the source.
    pub fn name(self, source: u32) -> &'static [u8] {
        self.text(SOURCE * source as usize)
    }

    /// The path of its file.
    pub fn file(self, source: u32) -> &'static [u8] {
        self.text(SOURCE * source as usize + 4)
    }

    /// Tables live as long as programs.
    #[inline(never)]
    fn text(self, field: usize) -> &'static [u8] {
        let start = self.word(16) + self.word(self.word(8) + field);
        let mut end = start;
        // SAFETY: inside of the table.
        while end < self.size() && unsafe { self.0.add(end).read() } != 0 {
            end += 1;
        }
        // SAFETY: as above; empty if it were outside.
        unsafe { core::slice::from_raw_parts(self.0.add(start), end - start) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Row, Written, code, table};
    use std::vec::Vec;

    /// The last row at or before an address, by search in what was encoded.
    fn expected(rows: &[Row], address: u32) -> Option<Row> {
        rows.iter().copied().rfind(|row| row.0 <= address)
    }

    #[test]
    fn rows_come_back_as_they_were_written() {
        let rows = std::vec![
            (0, 1, 3, 1),
            (4, 1, 14, 2),
            (130, 3, 70_000, 2),
            (131, 2, 1, 2),
            (20_000, 1, 0, 3),
            (20_001, 0, 0, 0)
        ];
        let states = std::vec![(0, 0, 0), (8 << 1, 0, 1), (4096 << 1 | 1, 2, 1), (u32::MAX, 0xffff, 7)];
        let scopes = std::vec![(2, 0, 3), (1, 1, 14), (0, 2, 900)];
        let bytes = Written { length: 20_010, scopes, rows: rows.clone(), states }.bytes();
        let (table, start) = (table(&bytes), code(&bytes));
        for address in (0..200).chain(19_990..20_010) {
            let row = expected(&rows, address).expect("the first row starts at 0");
            let place = table.find(start + address as usize);
            assert!(place.is_inside());
            assert_eq!((place.scope, place.line, place.state), (row.1, row.2, row.3), "at {address}");
        }
        assert_eq!(table.find(start - 1), Place::OUTSIDE);
        assert_eq!(table.find(start + 20_010), Place::OUTSIDE);
    }

    #[test]
    fn frames_go_from_the_inside_out() {
        let scopes = std::vec![(2, 0, 3), (1, 1, 14), (0, 2, 900)];
        let states = std::vec![(0, 0, 0), (24 << 1 | 1, 2, 1)];
        let bytes = Written { length: 10, scopes, rows: std::vec![(0, 3, 5, 1)], states }.bytes();
        let table = table(&bytes);
        let place = table.find(code(&bytes));
        let mut found = Vec::new();
        table.frames(place, &mut |frame| {
            assert_eq!(table.file(frame.source), b"demo.mochi");
            found.push((table.name(frame.source), frame.line));
        });
        let wanted: [(&[u8], u32); 3] = [(b"divide", 5), (b"average", 900), (b"main program", 14)];
        assert_eq!(found, wanted);
        let state = State { from_frame_pointer: true, offset: 24, frame_pointer: 2, return_address: 1 };
        assert_eq!(table.state(place), state);
    }

    #[test]
    fn places_without_rows_states_or_scopes_are_unknown() {
        let bytes = Written { length: 10, rows: std::vec![(4, 0, 0, 0)], ..Written::default() }.bytes();
        let (table, start) = (table(&bytes), code(&bytes));
        assert!(!table.find(start + 3).is_inside());
        let place = table.find(start + 4);
        assert!(place.is_inside());
        table.frames(place, &mut |frame| panic!("{frame:?} at a place without scopes"));
    }

    #[test]
    fn a_cut_table_is_not_read_past_its_end() {
        let scopes = std::vec![(2, 0, 3), (1, 1, 14)];
        let rows: Vec<Row> = (0..50).map(|i| (i, 1 + i % 2, i * 1000, 1)).collect();
        let whole = Written { length: 100, scopes, rows, states: std::vec![(0, 0, 0), (8 << 1, 0, 1)] }.bytes();
        for size in 4..whole.len() {
            let mut cut = whole[..size].to_vec();
            cut[..4].copy_from_slice(&(size as u32).to_le_bytes());
            cut.shrink_to_fit();
            let table = table(&cut);
            for address in 0..100 {
                let place = table.find(code(&cut) + address);
                table.state(place);
                table.frames(place, &mut |frame| {
                    table.name(frame.source);
                });
            }
        }
    }
}
