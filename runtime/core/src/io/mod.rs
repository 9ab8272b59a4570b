//! Data from outside: `load`, `save`, `fetch` and `generate`.
//!
//! Each format and each protocol is a module that nothing else refers to, so that a program carries only those that it
//! reaches. Parsing is left to well-kept crates (csv-core, serde_json, saphyr-parser, httparse); what they find goes through
//! [`build`] straight into values of the type that the program asks for, without maps in between.
//!
//! Data from outside may be anything: whatever is wrong with it ends the program with a message that names the input, the
//! line (or row) in it, and the place in the program.

// The name `alloc` is that of the runtime's own module.
extern crate alloc as heap;

pub mod build;
pub mod csv;
pub mod fetch;
pub mod file;
pub mod generate;
pub mod http;
pub mod input;
pub mod json;
pub mod options;
pub mod socket;
pub mod url;
pub mod yaml;
pub mod yaml_text;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format;
    use crate::panic::Position;
    use crate::testing::{fails, leak_free, survives};
    use crate::text::Text;
    use crate::value::descriptors::{LIST_INT, mochi_rt_desc_float, mochi_rt_desc_int, mochi_rt_desc_string};
    use crate::value::{self, Desc};
    use core::ptr::null;
    use mochi_runtime_abi::{Any, FieldDesc, Kind, List, TypeDesc};
    use std::string::String as Owned;

    const NOWHERE: Position = Position { file: null(), line_column: 0 };

    const fn desc(kind: Kind, size: u16, name: &'static str, elem: Desc, fields: &'static [FieldDesc]) -> TypeDesc {
        TypeDesc {
            kind,
            size,
            flags: 0,
            name: name.as_ptr(),
            name_len: name.len() as u64,
            elem,
            key: null(),
            fields: fields.as_ptr(),
            nfields: fields.len() as u64,
            variants: null(),
            nvariants: 0,
            drop: None,
        }
    }

    const fn field(name: &'static str, desc: Desc, offset: u64) -> FieldDesc {
        FieldDesc { name: name.as_ptr(), name_len: name.len() as u64, desc, offset }
    }

    /// `type Row { id: int  name: string  rate: float?  marks: list<int> }`
    static FIELDS: [FieldDesc; 4] = [
        field("id", &raw const mochi_rt_desc_int, 8),
        field("name", &raw const mochi_rt_desc_string, 16),
        field("rate", &raw const OPTION_FLOAT, 24),
        field("marks", &raw const LIST_INT, 40),
    ];
    static OPTION_FLOAT: TypeDesc = desc(Kind::Option, 16, "float?", &raw const mochi_rt_desc_float, &[]);
    static ROW: TypeDesc = desc(Kind::Record, 8, "Row", null(), &FIELDS);
    static ROWS: TypeDesc = desc(Kind::List, 8, "list", &raw const ROW, &[]);

    type Load = unsafe fn(&str, Desc, Position) -> *mut List;

    const FORMATS: [(Load, &str); 3] = [
        (
            json::rows,
            "[{\"id\":1,\"name\":\"a\\u00e9\",\"rate\":1.5e3,\"marks\":[1,-2]},\n{\"id\":2,\"name\":\"\",\"marks\":[]}]",
        ),
        (
            json::lines,
            "{\"id\":1,\"name\":\"a\",\"marks\":[1]}\n\n{\"marks\":[2],\"id\":2,\"x\":{\"y\":[null]},\"name\":\"b\"}\n",
        ),
        (
            yaml::rows,
            "- &a\n  id: 1\n  name: 'it''s'\n  rate: .5\n  marks: [1, 2]\n- <<: *a\n  name: |\n    x\n    y\n",
        ),
    ];

    /// Reads an input and shows what came of it.
    fn read(load: Load, result: Desc, content: &[u8]) -> Owned {
        // SAFETY: the rows are owned and released.
        unsafe {
            let mut text = Text::new();
            text.push(content);
            let document = file::Document::new(text, NOWHERE);
            let rows = Any { desc: result, payload: load(document.text(), result, NOWHERE) as u64 };
            let mut printed = Text::new();
            format::push_print(&mut printed, rows);
            value::release(rows);
            Owned::from_utf8_lossy(printed.bytes()).into_owned()
        }
    }

    #[test]
    fn records_are_filled() {
        leak_free(|| {
            let expected = [
                r#"[{"__name": "Row", "id": 1, "marks": [1, -2], "name": "aé", "rate": 1500.0}, {"__name": "Row", "id": 2, "marks": [], "name": "", "rate": nil}]"#,
                r#"[{"__name": "Row", "id": 1, "marks": [1], "name": "a", "rate": nil}, {"__name": "Row", "id": 2, "marks": [2], "name": "b", "rate": nil}]"#,
                r#"[{"__name": "Row", "id": 1, "marks": [1, 2], "name": "it's", "rate": 0.5}, {"__name": "Row", "id": 1, "marks": [1, 2], "name": "x\ny\n", "rate": 0.5}]"#,
            ];
            for ((load, text), expected) in FORMATS.into_iter().zip(expected) {
                assert_eq!(read(load, &raw const ROWS, text.as_bytes()), expected);
            }
        });
    }

    #[test]
    fn fields_that_are_missing_or_do_not_fit() {
        let _guard = crate::testing::lock();
        for text in [
            r#"{"id":1,"name":"a"}"#,
            r#"{"id":null,"name":null,"marks":[]}"#,
            r#"{"id":1,"name":{},"marks":[]}"#,
            r#"{"id":1,"name":"a","marks":[[]]}"#,
            r#"{"id":1,"name":"a","marks":{},"rate":1}"#,
            r#"{"id":1,"name":"a","marks":[],"rate":"x"}"#,
            "[[]]",
            "[1]",
        ] {
            assert!(fails(|| read(json::rows, &raw const ROWS, text.as_bytes())), "{text}");
            assert!(fails(|| read(yaml::rows, &raw const ROWS, text.as_bytes())), "{text}");
        }
    }

    /// Small changes of good input: whatever comes of them, it is a value or a report.
    #[test]
    fn damaged_input_never_crashes() {
        let _guard = crate::testing::lock();
        let csv: Load = |text, result, position| unsafe {
            csv::rows(text, csv::Dialect { header: true, delimiter: b',' }, result, position)
        };
        let any = &raw const crate::value::descriptors::mochi_rt_desc_list_any;
        let table = "id,name\n1,\"a, \"\"b\"\"\"\r\n2,c\n";
        let mut seed = 12_345_u64;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        for (load, text) in FORMATS.into_iter().chain([(csv, table)]) {
            for round in 0..150 {
                let mut bytes = text.as_bytes().to_vec();
                for _ in 0..=random(3) {
                    if bytes.is_empty() {
                        break;
                    }
                    let at = random(bytes.len());
                    match random(4) {
                        0 => bytes[at] = random(256) as u8,
                        1 => bytes[at] = b"[]{}\",:-&*'\n \\#"[random(15)],
                        2 => drop(bytes.remove(at)),
                        _ => bytes.truncate(at.max(1)),
                    }
                }
                let result = if round % 2 == 0 { any } else { &raw const ROWS };
                let shown = Owned::from_utf8_lossy(&bytes).into_owned();
                assert!(survives(|| read(load, result, &bytes)), "{shown:?}");
            }
        }
    }
}
