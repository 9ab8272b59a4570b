//! YAML, read.

use super::build::{Entries, Items, Place, decimal, is_integer};
use super::heap::{borrow::Cow, vec::Vec};
use super::{file, input};
use crate::panic::{Position, fail, fail_parts};
use crate::value::{self, Desc, descriptors, fields};
use crate::{cast, list, string};
use mochi_runtime_abi::{Any, Kind, List, String};
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};

/// Nesting beyond which a document is taken for malicious.
const DEPTH_LIMIT: usize = 128;

/// The key whose value's entries are the mapping's own, unless it has them itself.
const MERGE: &[u8] = b"<<";

/// What a scalar without quotes stands for.
enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text,
}

/// The value of a plain scalar, by the rules of YAML's core schema.
fn resolve(text: &[u8]) -> Scalar {
    match text {
        b"" | b"~" | b"null" | b"Null" | b"NULL" => return Scalar::Null,
        b"true" | b"True" | b"TRUE" => return Scalar::Bool(true),
        b"false" | b"False" | b"FALSE" => return Scalar::Bool(false),
        b".nan" | b".NaN" | b".NAN" => return Scalar::Float(f64::NAN),
        b".inf" | b".Inf" | b".INF" | b"+.inf" | b"+.Inf" | b"+.INF" => return Scalar::Float(f64::INFINITY),
        b"-.inf" | b"-.Inf" | b"-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    let in_base = |prefix: &[u8], base| {
        let digits =
            text.strip_prefix(prefix).filter(|digits| !digits.starts_with(b"-") && !digits.starts_with(b"+"))?;
        cast::parse_radix(digits, base)
    };
    if let Some(number) = cast::parse_int(text).or_else(|| in_base(b"0x", 16)).or_else(|| in_base(b"0o", 8)) {
        return Scalar::Int(number);
    }
    decimal(text).map_or(Scalar::Text, Scalar::Float)
}

/// Whether a plain scalar with this text would be read as a string.
pub fn is_text(text: &[u8]) -> bool {
    matches!(resolve(text), Scalar::Text) && text != MERGE
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// Values of nodes with an anchor, owned.
    anchors: Vec<(usize, Any)>,
    depth: usize,
    position: Position,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, position: Position) -> Self {
        Reader { parser: Parser::new_from_str(text), anchors: Vec::new(), depth: 0, position }
    }

    unsafe fn next(&mut self) -> Event<'t> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                input::at(span.start.line());
                event
            }
            Some(Err(error)) => {
                input::at(error.marker().line());
                fail_parts(&[b"invalid YAML: ", error.info().as_bytes()], self.position)
            }
            None => Event::StreamEnd,
        }
    }

    /// Reads the node that starts with the event. A node with an anchor is kept for the aliases to come.
    unsafe fn node(&mut self, event: Event<'t>, place: Place) {
        let anchor = match &event {
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                *anchor
            }
            _ => 0,
        };
        if anchor == 0 {
            return self.content(event, place);
        }
        let value = self.dynamic(event);
        self.anchors.push((anchor, value));
        place.put(value);
    }

    /// The content of a node as a value of whatever type it has.
    unsafe fn dynamic(&mut self, event: Event<'t>) -> Any {
        let mut value = value::NULL;
        let desc = &raw const descriptors::mochi_rt_desc_any;
        self.content(event, Place { slot: (&raw mut value).cast(), desc, position: self.position });
        value
    }

    unsafe fn content(&mut self, event: Event<'t>, place: Place) {
        match event {
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::Scalar(text, style, _, tag) => scalar(text.as_bytes(), style, tag.as_deref(), place),
            Event::SequenceStart(..) => {
                self.enter();
                self.sequence(place);
                self.depth -= 1;
            }
            Event::MappingStart(..) => {
                self.enter();
                self.mapping(place);
                self.depth -= 1;
            }
            _ => fail(b"invalid YAML: a value is missing", self.position),
        }
    }

    unsafe fn enter(&mut self) {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            fail(b"invalid YAML: too deeply nested", self.position);
        }
    }

    unsafe fn alias(&mut self, anchor: usize, place: Place) {
        match self.anchors.iter().rev().find(|(number, _)| *number == anchor) {
            Some((_, value)) => place.put(*value),
            // Only possible inside of the node itself: other aliases without anchor are the parser's errors.
            None => fail(b"invalid YAML: a value contains itself", self.position),
        }
    }

    unsafe fn sequence(&mut self, place: Place) {
        let mut items = place.items();
        loop {
            let event = self.next();
            if let Event::SequenceEnd = event {
                return items.finish(place);
            }
            self.node(event, items.place());
            items.push();
        }
    }

    unsafe fn mapping(&mut self, place: Place) {
        let mut entries = place.entries();
        loop {
            let (name, merges) = match self.next() {
                Event::MappingEnd => return entries.finish(place),
                Event::Scalar(text, style, ..) => {
                    let merges = style == ScalarStyle::Plain && text.as_bytes() == MERGE;
                    (text, merges)
                }
                Event::Alias(anchor) => (self.alias_key(anchor), false),
                _ => fail(b"invalid YAML: a key has to be a scalar", self.position),
            };
            let event = self.next();
            if merges {
                self.merge(event, &mut entries);
                continue;
            }
            match entries.place(name.as_bytes()) {
                Some(place) => self.node(event, place),
                None => self.skip(event),
            }
        }
    }

    /// The text of a key that an alias stands for.
    unsafe fn alias_key(&mut self, anchor: usize) -> Cow<'t, str> {
        let found = self.anchors.iter().rev().find(|(number, _)| *number == anchor).map(|(_, value)| *value);
        match found.filter(|value| value::kind(*value) == Kind::String) {
            Some(value) => {
                let bytes = string::bytes(value::as_string(value));
                Cow::Owned(core::str::from_utf8_unchecked(bytes).into())
            }
            None => fail(b"invalid YAML: a key has to be a scalar", self.position),
        }
    }

    /// A value that nobody wants; it may still have anchors.
    unsafe fn skip(&mut self, event: Event<'t>) {
        let mut value = value::NULL;
        let desc = &raw const descriptors::mochi_rt_desc_any;
        self.node(event, Place { slot: (&raw mut value).cast(), desc, position: self.position });
        value::release(value);
    }

    /// `<<: value`, where the value is a mapping or a list of mappings.
    unsafe fn merge(&mut self, event: Event<'t>, entries: &mut Entries) {
        let mut value = value::NULL;
        let desc = &raw const descriptors::mochi_rt_desc_any;
        self.node(event, Place { slot: (&raw mut value).cast(), desc, position: self.position });
        if value::kind(value) == Kind::List {
            let items = value::as_list(value);
            for index in 0..(*items).len as usize {
                self.merge_value(list::element(items, (*value.desc).elem, index), entries);
            }
        } else {
            self.merge_value(value, entries);
        }
        value::release(value);
    }

    unsafe fn merge_value(&mut self, value: Any, entries: &mut Entries) {
        if !fields::has_entries(value) {
            fail(b"invalid YAML: `<<` takes a mapping or a list of mappings", self.position);
        }
        fields::each_entry(value, &mut |name, entry| {
            if let fields::Entry::Value(value) = entry
                && !entries.has(name)
                && let Some(place) = entries.place(name)
            {
                place.put(value);
            }
        });
    }

    unsafe fn release(self) {
        for (_, value) in self.anchors {
            value::release(value);
        }
    }
}

unsafe fn scalar(text: &[u8], style: ScalarStyle, tag: Option<&Tag>, place: Place) {
    let tagged = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    if style != ScalarStyle::Plain || tagged {
        return place.put_text(text);
    }
    let scalar = resolve(text);
    match scalar {
        Scalar::Null => place.put(value::NULL),
        // Digits are text where text is wanted, and all of them count where a number of any size is.
        _ if matches!(place.kind(), Kind::String) => place.put_text(text),
        Scalar::Float(_) if matches!(place.kind(), Kind::BigInt | Kind::BigRat) && is_integer(text) => {
            place.put_text(text);
        }
        Scalar::Bool(given) => place.put(value::bool(given)),
        Scalar::Int(given) => place.put(value::int(given)),
        Scalar::Float(given) => place.put(value::float(given)),
        Scalar::Text => place.put_text(text),
    }
}

/// The rows of a document: the items of a sequence, or one mapping.
pub(super) unsafe fn rows(text: &str, result: Desc, position: Position) -> *mut List {
    let mut items = Items::new(result, position);
    let mut reader = Reader::new(text, position);
    loop {
        match reader.next() {
            Event::StreamEnd => break,
            Event::DocumentStart(_) => {}
            Event::StreamStart | Event::Nothing => continue,
            _ => fail(b"invalid YAML: a document is missing", position),
        }
        let event = reader.next();
        document(&mut reader, event, &mut items);
        match reader.next() {
            Event::DocumentEnd => {}
            _ => fail(b"invalid YAML: the document does not end", position),
        }
        match reader.next() {
            Event::StreamEnd => break,
            _ => fail(b"the input has more than one YAML document", position),
        }
    }
    reader.release();
    items.list
}

unsafe fn document<'t>(reader: &mut Reader<'t>, event: Event<'t>, items: &mut Items) {
    match &event {
        Event::SequenceStart(..) => loop {
            let event = reader.next();
            if let Event::SequenceEnd = event {
                return;
            }
            reader.node(event, items.place());
            items.push();
        },
        Event::MappingStart(..) => {
            reader.node(event, items.place());
            items.push();
        }
        Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty() => {}
        _ => fail(b"invalid YAML: expected a sequence of mappings or a mapping", reader.position),
    }
}

pub unsafe fn load(path: *const String, result: Desc, position: Position) -> *mut List {
    let document = file::read(path, b"line", position);
    rows(document.text(), result, position)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_load_yaml(
    path: *const String,
    result: Desc,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    load(path, result, Position::new(file, line_column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format;
    use crate::testing::{fails, leak_free, words};
    use crate::text::Text;
    use crate::value::descriptors::{LIST_INT, mochi_rt_desc_list_any};
    use std::format;

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    fn printed(text: &str) -> std::string::String {
        // SAFETY: the rows are owned and released.
        unsafe {
            let rows = value::list_any(rows(text, &raw const mochi_rt_desc_list_any, NOWHERE));
            let mut printed = Text::new();
            format::push_print(&mut printed, rows);
            value::release(rows);
            std::string::String::from_utf8_lossy(printed.bytes()).into_owned()
        }
    }

    #[test]
    fn documents() {
        leak_free(|| {
            for (text, expected) in [
                ("", "[]"),
                ("# nothing\n", "[]"),
                ("---\n", "[]"),
                ("- a: 1\n  b: x y\n- a: 2.5\n", r#"[{"a": 1, "b": "x y"}, {"a": 2.5}]"#),
                ("a: true\nb: ~\nc: \"1\"\nd: 0x1f\n", r#"[{"a": true, "b": nil, "c": "1", "d": 31}]"#),
                ("- [1, {a: b}, 'it''s']\n", r#"[[1, {"a": "b"}, "it's"]]"#),
                ("- |\n  two\n  lines\n- >\n  one\n  line\n", r#"["two\nlines\n", "one line\n"]"#),
                ("- !!str 12\n- 99999999999999999999\n", r#"["12", 100000000000000000000.0]"#),
            ] {
                assert_eq!(printed(text), expected, "{text}");
            }
        });
    }

    #[test]
    fn anchors_and_merges() {
        leak_free(|| {
            assert_eq!(printed("- &x {a: 1}\n- *x\n- *x\n"), r#"[{"a": 1}, {"a": 1}, {"a": 1}]"#);
            assert_eq!(printed("- &x {a: 1, b: 2}\n- {<<: *x, b: 3}\n"), r#"[{"a": 1, "b": 2}, {"a": 1, "b": 3}]"#);
            assert_eq!(printed("- {b: 3, <<: [{a: 1}, {a: 2, b: 4}]}\n"), r#"[{"a": 1, "b": 3}]"#);
        });
    }

    #[test]
    fn items_get_the_wanted_type() {
        leak_free(|| {
            // SAFETY: the list is owned.
            let list = unsafe { rows("[1, 2.9, \"3\", ~, &a 5, *a]", &raw const LIST_INT, NOWHERE) };
            assert_eq!(words(list), [1, 2, 3, 0, 5, 5]);
            for text in ["- true", "- []", "- {}", "- x", "- 1e30", "- 9223372036854775808"] {
                // SAFETY: runs in a child process.
                assert!(fails(|| unsafe { rows(text, &raw const LIST_INT, NOWHERE) }), "{text}");
            }
        });
    }

    #[test]
    fn broken_input_is_an_error() {
        let _guard = crate::testing::lock();
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let block: std::string::String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        for text in [
            "a: [1",
            "a: \"x",
            "{a: 1",
            "a: b: c",
            "- a\nb: c",
            "*x",
            "- &x [*x]",
            "a",
            "42",
            "? [1]\n: 2",
            "---\na: 1\n---\nb: 2\n",
            "{<<: 1}",
            "a: !!str [",
            "%YAML 9",
            &deep,
            &block,
        ] {
            assert!(fails(|| printed(text)), "{text}");
        }
    }
}
