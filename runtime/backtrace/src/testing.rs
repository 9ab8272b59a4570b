//! Tables for the unit tests, written as the compiler does.

use crate::table::{FUNCTION, HEAD, STATE, Table};
use crate::walk::Stack;
use std::vec::Vec;

/// (address, scope, line, state)
pub(crate) type Row = (u32, u32, u32, u32);

/// One function, whose code is taken to start right at its record.
#[derive(Default)]
pub(crate) struct Written {
    pub length: u32,
    /// (source, parent, line)
    pub scopes: Vec<(u32, u32, u32)>,
    pub rows: Vec<Row>,
    /// (base and offset, slot of the frame pointer, slot of the return address)
    pub states: Vec<(u32, u16, u16)>,
}

const NAMES: [&str; 3] = ["divide", "average", "main program"];

fn leb(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn word(out: &mut Vec<u8>, value: usize) {
    out.extend_from_slice(&(value as u32).to_le_bytes());
}

impl Written {
    fn rows(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut before: Row = (0, 0, 0, 0);
        for &row in &self.rows {
            leb(&mut out, row.0 - before.0);
            let lines = row.2.wrapping_sub(before.2) as i32;
            let zigzag = ((lines << 1) ^ (lines >> 31)) as u32;
            leb(&mut out, zigzag << 2 | u32::from(row.1 != before.1) << 1 | u32::from(row.3 != before.3));
            if row.1 != before.1 {
                leb(&mut out, row.1);
            }
            if row.3 != before.3 {
                leb(&mut out, row.3);
            }
            before = row;
        }
        out
    }

    /// The table.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let rows = self.rows();
        let mut scopes = Vec::new();
        for part in self.scopes.iter().flat_map(|scope| [scope.0, scope.1, scope.2]) {
            leb(&mut scopes, part);
        }
        let mut texts = Vec::new();
        let names: Vec<usize> = NAMES
            .iter()
            .map(|name| {
                let at = texts.len();
                texts.extend_from_slice(name.as_bytes());
                texts.push(0);
                at
            })
            .collect();
        let file = texts.len();
        texts.extend_from_slice(b"demo.mochi\0");
        let sources_at = HEAD + FUNCTION;
        let states_at = sources_at + 8 * names.len();
        let rows_at = states_at + STATE * self.states.len();
        let scopes_at = rows_at + rows.len();
        let texts_at = scopes_at + scopes.len();
        let mut out = Vec::new();
        for value in [texts_at + texts.len(), 1, sources_at, states_at, texts_at] {
            word(&mut out, value);
        }
        for value in [0, self.length as usize, rows_at, scopes_at] {
            word(&mut out, value);
        }
        for name in names {
            word(&mut out, name);
            word(&mut out, file);
        }
        for (packed, frame_pointer, return_address) in &self.states {
            word(&mut out, *packed as usize);
            out.extend_from_slice(&frame_pointer.to_le_bytes());
            out.extend_from_slice(&return_address.to_le_bytes());
        }
        [out, rows, scopes, texts].concat()
    }
}

pub(crate) fn table(bytes: &[u8]) -> Table {
    // SAFETY: the tests keep the bytes while they use the table.
    unsafe { Table::new(bytes.as_ptr()) }
}

/// Where the code of the function starts.
pub(crate) fn code(bytes: &[u8]) -> usize {
    bytes.as_ptr() as usize + HEAD
}

pub(crate) fn stack(words: &[usize]) -> Stack {
    let bottom = words.as_ptr() as usize;
    Stack { bottom, top: bottom + size_of_val(words) }
}
