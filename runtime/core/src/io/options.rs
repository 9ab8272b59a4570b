//! Options after `with` that are known at run time only.

use super::csv::{self, Dialect};
use super::{json, yaml, yaml_text};
use crate::panic::{Position, fail_parts};
use crate::value::fields::{entry, has_entries};
use crate::value::{self, Desc};
use crate::{cast, string};
use mochi_runtime_abi::{Any, Kind, List, String};

/// The formats of rows.
#[derive(Clone, Copy)]
enum Format {
    Csv(Dialect),
    Json,
    JsonLines,
    Yaml,
}

/// The value of an option, if it is given.
pub unsafe fn option(options: Any, name: &[u8]) -> Option<Any> {
    if !has_entries(options) {
        return None;
    }
    entry(options, name).filter(|value| !value.desc.is_null())
}

/// The bytes of an option that has to be a string.
pub unsafe fn text<'a>(options: Any, name: &[u8], position: Position) -> Option<&'a [u8]> {
    let value = option(options, name)?;
    if value::kind(value) != Kind::String {
        fail_kind(name, b"string", value, position);
    }
    Some(string::bytes(value::as_string(value)))
}

#[cold]
pub unsafe fn fail_kind(name: &[u8], expected: &[u8], value: Any, position: Position) -> ! {
    let got = cast::type_name(value.desc);
    fail_parts(&[b"invalid type for option `", name, b"`: expected ", expected, b", got ", got], position)
}

impl Format {
    /// `header` is what holds for CSV where the options say nothing.
    unsafe fn of(options: Any, header: bool, position: Position) -> Format {
        let name = text(options, b"format", position).unwrap_or(b"csv");
        let delimiter = match name {
            b"csv" => b',',
            b"tsv" => b'\t',
            b"json" => return Format::Json,
            b"jsonl" => return Format::JsonLines,
            b"yaml" => return Format::Yaml,
            _ => fail_parts(&[b"unknown format `", name, b"`: expected csv, tsv, json, jsonl or yaml"], position),
        };
        let header = match option(options, b"header") {
            None => header,
            Some(value) if value::kind(value) == Kind::Bool => value.payload != 0,
            Some(value) => fail_kind(b"header", b"bool", value, position),
        };
        let delimiter =
            text(options, b"delimiter", position).and_then(|text| text.first().copied()).unwrap_or(delimiter);
        Format::Csv(Dialect { header, delimiter })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_load(
    path: *const String,
    options: *const u8,
    options_desc: Desc,
    result: Desc,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    let position = Position::new(file, line_column);
    match Format::of(value::load(options, options_desc), true, position) {
        Format::Csv(dialect) => csv::load(path, dialect, result, position),
        Format::Json => json::load(path, result, position),
        Format::JsonLines => json::load_lines(path, result, position),
        Format::Yaml => yaml::load(path, result, position),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_save(
    rows: *const u8,
    rows_desc: Desc,
    path: *const String,
    options: *const u8,
    options_desc: Desc,
    file: *const u8,
    line_column: i64,
) {
    let position = Position::new(file, line_column);
    let rows = value::load(rows, rows_desc);
    match Format::of(value::load(options, options_desc), false, position) {
        Format::Csv(dialect) => csv::save(rows, path, dialect, position),
        Format::Json => json::save(rows, path, position),
        Format::JsonLines => json::save_lines(rows, path, position),
        Format::Yaml => yaml_text::save(rows, path, position),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free, map, str};

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    #[test]
    fn formats() {
        leak_free(|| unsafe {
            let format = |entries: &[(&str, Any)]| {
                let options = map(entries);
                let format = Format::of(options, true, NOWHERE);
                value::release(options);
                format
            };
            let name = |name: &str| ("format", value::string(str(name)));
            let plain = format(&[]);
            assert!(matches!(plain, Format::Csv(Dialect { header: true, delimiter: b',' })));
            let given = format(&[name("tsv"), ("header", value::bool(false)), ("delimiter", value::NULL)]);
            assert!(matches!(given, Format::Csv(Dialect { header: false, delimiter: b'\t' })));
            assert!(matches!(format(&[name("yaml")]), Format::Yaml));
            assert!(matches!(format(&[name("json")]), Format::Json));
            assert!(matches!(format(&[name("jsonl")]), Format::JsonLines));
            assert!(fails(|| format(&[name("xml")])));
            assert!(fails(|| format(&[("header", value::int(1))])));
            assert!(fails(|| format(&[("format", value::int(1))])));
        });
    }
}
