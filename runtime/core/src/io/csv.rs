//! CSV and TSV, in and out.

use super::build::{Entries, Items, Place, decimal};
use super::heap::{vec, vec::Vec};
use super::{file, input};
use crate::format::{json, number};
use crate::panic::{Position, fail, fail_parts};
use crate::text::{Digits, Text};
use crate::value::fields::{self, Entry, Fields};
use crate::value::{self, Desc};
use crate::{big, cast, list, string};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use mochi_runtime_abi::{Any, Kind, List, String};

/// How rows are written.
#[derive(Clone, Copy)]
pub struct Dialect {
    /// The first line names the columns.
    pub header: bool,
    pub delimiter: u8,
}

impl Dialect {
    /// Only the first byte of a delimiter counts.
    pub unsafe fn new(header: bool, delimiter: *const String) -> Self {
        Dialect { header, delimiter: string::bytes(delimiter).first().copied().unwrap_or(b',') }
    }
}

/// The records of a text, one after the other.
struct Records<'t> {
    reader: Reader,
    rest: &'t [u8],
    /// Lines without anything on them, which the reader does not see.
    blank_lines: u64,
    fields: Vec<u8>,
    ends: Vec<usize>,
    count: usize,
    position: Position,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: u8, position: Position) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        let (fields, ends) = (vec![0; 1 << 10], vec![0; 32]);
        Records { reader, rest: text.as_bytes(), blank_lines: 0, fields, ends, count: 0, position }
    }

    /// Reads the next record; false at the end.
    unsafe fn advance(&mut self) -> bool {
        while let Some((first @ (b'\n' | b'\r'), rest)) = self.rest.split_first() {
            self.rest = rest;
            self.blank_lines += u64::from(*first == b'\n');
        }
        if self.rest.is_empty() {
            return false;
        }
        input::at((self.reader.line() + self.blank_lines) as usize);
        let (mut written, mut ended, mut closing) = (0, 0, false);
        loop {
            // A line break of our own ends a last line that has none.
            let input = if self.rest.is_empty() && closing { b"\n" } else { self.rest };
            let Some((fields, ends)) = self.fields.get_mut(written..).zip(self.ends.get_mut(ended..)) else {
                return false;
            };
            let (result, read, bytes, fields) = self.reader.read_record(input, fields, ends);
            self.rest = self.rest.get(read..).unwrap_or_default();
            written += bytes;
            ended += fields;
            match result {
                ReadRecordResult::InputEmpty if !closing => closing = true,
                // The line break became part of the field.
                ReadRecordResult::InputEmpty => fail(b"a quoted field has no closing quote", self.position),
                ReadRecordResult::OutputFull => self.fields.resize(self.fields.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    self.count = ended;
                    return true;
                }
                ReadRecordResult::End => return false,
            }
        }
    }

    fn field(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or(0));
        let end = self.ends.get(index).copied().unwrap_or(0);
        self.fields.get(start..end).unwrap_or_default()
    }
}

/// Names of the columns, and where a row has them.
struct Columns {
    names: Vec<Vec<u8>>,
    /// Fields of the rows' record type, by column; empty where the rows are maps.
    fields: Vec<Option<usize>>,
}

impl Columns {
    unsafe fn new(records: &Records, header: bool, row: Desc) -> Self {
        let name = |index: usize| {
            if header {
                records.field(index).to_vec()
            } else {
                let mut name = vec![b'c'];
                name.extend_from_slice(Digits::new(index as i64).bytes());
                name
            }
        };
        let names: Vec<Vec<u8>> = (0..records.count).map(name).collect();
        let fields = if matches!((*row).kind, Kind::Record | Kind::Anonymous) {
            names.iter().map(|name| Entries::field_of(row, name)).collect()
        } else {
            Vec::new()
        };
        Columns { names, fields }
    }

    unsafe fn place(&self, row: &mut Entries, column: usize) -> Option<Place> {
        match self.fields.get(column) {
            Some(field) => field.map(|field| row.place_at(field)),
            None => self.names.get(column).and_then(|name| row.place(name)),
        }
    }
}

/// Puts a field where it belongs. An empty field is null where null is possible, but for strings.
unsafe fn put(place: Place, text: &[u8]) {
    if text.is_empty() && (*place.desc).kind == Kind::Option && place.kind() != Kind::String {
        return place.put(value::NULL);
    }
    if place.put_bare(text).is_some() {
        return;
    }
    if let Some(number) = cast::parse_int(text) {
        place.put(value::int(number));
    } else if let Some(number) = decimal(text) {
        place.put(value::float(number));
    } else {
        place.put_text(text);
    }
}

/// The rows of a text as a list of the result type.
pub(super) unsafe fn rows(text: &str, dialect: Dialect, result: Desc, position: Position) -> *mut List {
    let mut items = Items::new(result, position);
    let mut records = Records::new(text, dialect.delimiter, position);
    if !records.advance() {
        return items.list;
    }
    let row = items.place().wanted();
    let columns = Columns::new(&records, dialect.header, row);
    if dialect.header && !records.advance() {
        return items.list;
    }
    loop {
        if records.count != columns.names.len() {
            let (expected, got) = (Digits::new(columns.names.len() as i64), Digits::new(records.count as i64));
            fail_parts(&[b"expected ", expected.bytes(), b" fields, got ", got.bytes()], position);
        }
        let place = items.place();
        let mut entries = place.entries();
        for column in 0..records.count {
            if let Some(field) = columns.place(&mut entries, column) {
                put(field, records.field(column));
            }
        }
        entries.finish(place);
        items.push();
        if !records.advance() {
            return items.list;
        }
    }
}

pub unsafe fn load(path: *const String, dialect: Dialect, result: Desc, position: Position) -> *mut List {
    let document = file::read(path, b"line", position);
    rows(document.text(), dialect, result, position)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_load_csv(
    path: *const String,
    header: u64,
    delimiter: *const String,
    result: Desc,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    load(path, Dialect::new(header != 0, delimiter), result, Position::new(file, line_column))
}

/// Stops unless a value is a list of what has named entries.
pub unsafe fn check_rows(rows: Any, position: Position) {
    let fits = value::kind(rows) == Kind::List && {
        let items = value::as_list(rows);
        (0..(*items).len as usize).all(|index| fields::has_entries(list::element(items, (*rows.desc).elem, index)))
    };
    if !fits {
        fail(b"save source must be list of maps", position);
    }
}

/// Appends a row's value in a column; nothing when it is absent.
unsafe fn push_column(text: &mut Text, row: Any, name: &[u8], delimiter: u8) {
    if name == fields::NAME_ENTRY
        && let Some(Fields { name: Some(type_name), .. }) = Fields::of(row)
    {
        return push_field(text, type_name, delimiter);
    }
    let Some(value) = fields::entry(row, name) else { return };
    match value::kind(value) {
        Kind::Unit => {}
        Kind::String => push_field(text, string::bytes(value::as_string(value)), delimiter),
        Kind::Int => text.push(Digits::new(value.payload as i64).bytes()),
        Kind::Float => number::push_plain(text, value::as_float(value)),
        Kind::Bool => text.push(if value.payload != 0 { b"true" } else { b"false" }),
        Kind::BigInt | Kind::BigRat => big::text(text, value),
        _ => {
            let mut inner = Text::new();
            json::push_compact(&mut inner, value);
            push_field(text, inner.bytes(), delimiter);
        }
    }
}

/// Appends a field, in quotes where a reader would otherwise take it for something else.
fn push_field(text: &mut Text, field: &[u8], delimiter: u8) {
    let special = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n');
    if !field.iter().any(special) && !field.starts_with(b" ") {
        return text.push(field);
    }
    text.push_byte(b'"');
    for part in field.split_inclusive(|byte| *byte == b'"') {
        text.push(part);
        if part.ends_with(b"\"") {
            text.push_byte(b'"');
        }
    }
    text.push_byte(b'"');
}

/// Appends rows. The columns are those of the first row, in ascending order.
unsafe fn push_rows(text: &mut Text, rows: Any, dialect: Dialect) {
    let items = value::as_list(rows);
    let elem = (*rows.desc).elem;
    let mut names: Vec<Vec<u8>> = Vec::new();
    if (*items).len > 0 {
        fields::each_entry(list::element(items, elem, 0), &mut |name, _: Entry| names.push(name.to_vec()));
    }
    let mut push_line = |push: &mut dyn FnMut(&mut Text, &[u8])| {
        let start = text.bytes().len();
        for (column, name) in names.iter().enumerate() {
            if column > 0 {
                text.push_byte(dialect.delimiter);
            }
            push(text, name);
        }
        // A reader skips empty lines.
        if text.bytes().len() == start {
            text.push(b"\"\"");
        }
        text.push_byte(b'\n');
    };
    if dialect.header && (*items).len > 0 {
        push_line(&mut |text, name| push_field(text, name, dialect.delimiter));
    }
    for index in 0..(*items).len as usize {
        let row = list::element(items, elem, index);
        push_line(&mut |text, name| push_column(text, row, name, dialect.delimiter));
    }
}

pub unsafe fn save(rows: Any, path: *const String, dialect: Dialect, position: Position) {
    check_rows(rows, position);
    let mut text = Text::new();
    push_rows(&mut text, rows, dialect);
    file::write(path, text.bytes(), position);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_save_csv(
    slot: *const u8,
    desc: Desc,
    path: *const String,
    header: u64,
    delimiter: *const String,
    file: *const u8,
    line_column: i64,
) {
    let dialect = Dialect::new(header != 0, delimiter);
    save(value::load(slot, desc), path, dialect, Position::new(file, line_column));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format;
    use crate::testing::{fails, leak_free, list, map, str};
    use crate::value::descriptors::mochi_rt_desc_list_any;
    use std::format;

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };
    const COMMA: Dialect = Dialect { header: true, delimiter: b',' };

    fn printed(text: &str, dialect: Dialect) -> std::string::String {
        // SAFETY: the rows are owned and released.
        unsafe {
            let rows = value::list_any(rows(text, dialect, &raw const mochi_rt_desc_list_any, NOWHERE));
            let mut printed = Text::new();
            format::push_print(&mut printed, rows);
            value::release(rows);
            std::string::String::from_utf8_lossy(printed.bytes()).into_owned()
        }
    }

    #[test]
    fn fields_get_the_type_that_they_look_like() {
        leak_free(|| {
            let text = "id,name,rate\n1,Ann,1.5\n-2,\"B, \"\"b\"\"\",1e3\n";
            let expected = r#"[{"id": 1, "name": "Ann", "rate": 1.5}, {"id": -2, "name": "B, \"b\"", "rate": 1000.0}]"#;
            assert_eq!(printed(text, COMMA), expected);
        });
    }

    #[test]
    fn header_delimiter_and_line_ends() {
        leak_free(|| {
            let tabs = Dialect { header: false, delimiter: b'\t' };
            assert_eq!(printed("a\t\r\n\r\n\"x\ny\"\t2", tabs), r#"[{"c0": "a", "c1": ""}, {"c0": "x\ny", "c1": 2}]"#);
            for text in ["", "\n\n", "a,b", "a,b\r\n"] {
                assert_eq!(printed(text, COMMA), "[]", "{text:?}");
            }
        });
    }

    #[test]
    fn long_records() {
        leak_free(|| {
            let long = "x".repeat(5000);
            let columns: std::vec::Vec<_> = (0..100).map(|column| format!("n{column}")).collect();
            let text = format!("{}\n{}\n", columns.join(","), std::vec![long.as_str(); 100].join(","));
            let printed = printed(&text, COMMA);
            assert_eq!(printed.matches(&long).count(), 100);
        });
    }

    #[test]
    fn broken_input_is_an_error() {
        let _guard = crate::testing::lock();
        for text in ["a,b\n1\n", "a\n1,2\n", "a\n\"x", "a\n\"x\n\n\n", "a,b\n1,\"2"] {
            assert!(fails(|| printed(text, COMMA)), "{text:?}");
        }
    }

    fn written(rows: Any, dialect: Dialect) -> std::string::String {
        // SAFETY: the rows are owned and released.
        unsafe {
            let mut text = Text::new();
            check_rows(rows, NOWHERE);
            push_rows(&mut text, rows, dialect);
            value::release(rows);
            std::string::String::from_utf8_lossy(text.bytes()).into_owned()
        }
    }

    #[test]
    fn rows_are_written() {
        leak_free(|| {
            let rows = || {
                list(&[
                    map(&[("b", value::float(2.0)), ("a", value::string(str("x,\"y\"")))]),
                    map(&[("b", value::float(1e21)), ("a", list(&[value::int(1), value::int(2)]))]),
                    map(&[("a", value::NULL), ("b", value::bool(true)), ("c", value::int(7))]),
                ])
            };
            let body = "\"x,\"\"y\"\"\",2\n\"[1,2]\",1000000000000000000000\n,true\n";
            assert_eq!(written(rows(), Dialect { header: false, delimiter: b',' }), body);
            assert_eq!(written(rows(), COMMA), format!("a,b\n{body}"));
            assert_eq!(written(list(&[]), COMMA), "");
            let blank = list(&[map(&[("a", value::NULL)])]);
            assert_eq!(written(blank, COMMA), "a\n\"\"\n");
            assert!(fails(|| written(list(&[value::int(1)]), COMMA)));
            assert!(fails(|| written(value::int(1), COMMA)));
        });
    }
}
