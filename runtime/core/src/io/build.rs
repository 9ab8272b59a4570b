//! Values of a wanted type, made piece by piece while input is read.

use crate::panic::Position;
use crate::value::{self, Desc, descriptors};
use crate::{alloc, cast, list, map, string};
use mochi_runtime_abi::{Any, FieldDesc, Kind, List};

/// A slot that waits for a value of a type.
#[derive(Clone, Copy)]
pub struct Place {
    pub slot: *mut u8,
    pub desc: Desc,
    /// Of the operation that reads.
    pub position: Position,
}

impl Place {
    /// The type of the value itself, without the option around it.
    pub unsafe fn wanted(&self) -> Desc {
        if (*self.desc).kind == Kind::Option { (*self.desc).elem } else { self.desc }
    }

    pub unsafe fn kind(&self) -> Kind {
        (*self.wanted()).kind
    }

    /// Converts a borrowed value as a cast does.
    pub unsafe fn put(self, value: Any) {
        cast::into_slot(value, self.desc, self.slot, self.position);
    }

    /// As [`Self::put`] for a value that is owned.
    pub unsafe fn put_owned(self, value: Any) {
        self.put(value);
        value::release(value);
    }

    /// A string.
    pub unsafe fn put_text(self, text: &[u8]) {
        self.put_owned(value::string(string::new(text)));
    }

    /// Text without quotes around it, which stands for whatever the place wants: `12` is a string where a string is wanted.
    /// `None` when the place does not say, because it takes values of any type.
    pub unsafe fn put_bare(self, text: &[u8]) -> Option<()> {
        match self.kind() {
            Kind::Any => return None,
            Kind::Bool => match text {
                b"true" => self.put(value::bool(true)),
                b"false" => self.put(value::bool(false)),
                _ => cast::fail_text(text, b"bool", self.position),
            },
            Kind::Int => match cast::parse_int(text) {
                Some(number) => self.put(value::int(number)),
                None => match decimal(text) {
                    Some(number) => self.put(value::float(number)),
                    None => cast::fail_text(text, b"int", self.position),
                },
            },
            Kind::Float => match decimal(text).or_else(|| special(text)) {
                Some(number) => self.put(value::float(number)),
                None => cast::fail_text(text, b"float", self.position),
            },
            // Digits are exact as text.
            Kind::BigInt => match decimal(text) {
                Some(number) if !is_integer(text) => self.put(value::float(number)),
                _ => self.put_text(text),
            },
            _ => self.put_text(text),
        }
        Some(())
    }

    /// The list that the place wants, empty.
    pub unsafe fn items(self) -> Items {
        let desc = match self.kind() {
            Kind::Any => &raw const descriptors::mochi_rt_desc_list_any,
            Kind::List => self.wanted(),
            _ => {
                let empty = value::list_any(list::with_room(0, size_of::<Any>()));
                cast::fail_cast(empty, self.wanted(), self.position)
            }
        };
        Items::new(desc, self.position)
    }

    /// The map or record that the place wants, empty.
    pub unsafe fn entries(self) -> Entries {
        let any = &raw const descriptors::mochi_rt_desc_map_string_any;
        match self.kind() {
            Kind::Map | Kind::Record | Kind::Anonymous => Entries::new(self.wanted(), self.position),
            // Which variant it is to be, one of the entries says.
            Kind::Any | Kind::Union => Entries::new(any, self.position),
            _ => {
                let empty = Any { desc: any, payload: map::new(any) as u64 };
                cast::fail_cast(empty, self.wanted(), self.position)
            }
        }
    }
}

/// Whether a text is digits, maybe with a sign.
pub fn is_integer(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// A decimal number, maybe with fraction and exponent.
pub fn decimal(text: &[u8]) -> Option<f64> {
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let plain = digits.iter().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(byte));
    let starts = matches!(digits, [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..]);
    if plain && starts { core::str::from_utf8(text).ok()?.parse().ok() } else { None }
}

/// The floats that are no numbers, as they are printed.
fn special(text: &[u8]) -> Option<f64> {
    match text {
        b"NaN" => Some(f64::NAN),
        b"+Inf" | b"Inf" => Some(f64::INFINITY),
        b"-Inf" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// The largest slot of any type: `any` and options of scalars.
const SLOT: usize = 16;

/// A list under construction.
pub struct Items {
    pub list: *mut List,
    pub desc: Desc,
    slot: [u64; SLOT / 8],
    position: Position,
}

impl Items {
    /// An empty list of the type.
    pub unsafe fn new(desc: Desc, position: Position) -> Self {
        let size = (*(*desc).elem).size as usize;
        Items { list: list::with_room(0, size), desc, slot: [0; SLOT / 8], position }
    }

    /// The place of the next element, to be filled and then [`pushed`](Self::push).
    pub unsafe fn place(&mut self) -> Place {
        self.slot = [0; SLOT / 8];
        Place { slot: self.slot.as_mut_ptr().cast(), desc: (*self.desc).elem, position: self.position }
    }

    /// Appends what was put into the place.
    pub unsafe fn push(&mut self) {
        self.list = list::mochi_rt_list_append(self.list, self.desc, self.slot.as_ptr().cast());
    }

    /// Puts the list into the place that wanted it.
    pub unsafe fn finish(self, place: Place) {
        store(place, Any { desc: self.desc, payload: self.list as u64 });
    }
}

/// Stores an owned value that has the type which the place wants.
unsafe fn store(place: Place, value: Any) {
    value::store(place.slot, place.desc, value);
}

/// A map or record under construction.
pub struct Entries {
    desc: Desc,
    object: *mut u8,
    /// Which fields of a record were given.
    seen: Seen,
    position: Position,
}

/// A set of fields.
struct Seen {
    bytes: *mut u8,
    len: usize,
}

impl Seen {
    unsafe fn new(len: usize) -> Self {
        let bytes = alloc::alloc(len);
        core::ptr::write_bytes(bytes, 0, len);
        Seen { bytes, len }
    }

    unsafe fn has(&self, index: usize) -> bool {
        *self.bytes.add(index) != 0
    }

    unsafe fn add(&mut self, index: usize) {
        *self.bytes.add(index) = 1;
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        // SAFETY: the block was allocated with this size.
        unsafe { alloc::free(self.bytes, self.len) }
    }
}

impl Entries {
    /// A map without entries, or a record without values.
    pub unsafe fn new(desc: Desc, position: Position) -> Self {
        let (object, fields) = if (*desc).kind == Kind::Map {
            (map::new(desc).cast(), 0)
        } else {
            let count = (*desc).nfields as usize;
            (cast::new_fields((*desc).fields, count, cast::RECORD_HEADER), count)
        };
        Entries { desc, object, seen: Seen::new(fields), position }
    }

    fn field(&self, index: usize) -> *const FieldDesc {
        // SAFETY: indices are those of fields.
        unsafe { (*self.desc).fields.add(index) }
    }

    /// The number of the field with a name.
    pub unsafe fn field_of(desc: Desc, name: &[u8]) -> Option<usize> {
        (0..(*desc).nfields as usize).find(|index| value::field_name((*desc).fields.add(*index)) == name)
    }

    /// Whether an entry is there already.
    pub unsafe fn has(&self, name: &[u8]) -> bool {
        if (*self.desc).kind == Kind::Map {
            return !map::find_text(self.object.cast(), name).is_null();
        }
        Self::field_of(self.desc, name).is_some_and(|index| self.seen.has(index))
    }

    /// Where the value of an entry belongs; `None` for a name that the record does not have. A value that was there already
    /// is gone.
    pub unsafe fn place(&mut self, name: &[u8]) -> Option<Place> {
        if (*self.desc).kind != Kind::Map {
            return Self::field_of(self.desc, name).map(|index| self.place_at(index));
        }
        let table: *mut map::Table = self.object.cast();
        let before = (*table).len;
        let slot = map::slot(table, cast::key_from_text(name, (*self.desc).key, self.position));
        Some(self.cleared(slot, (*self.desc).elem, (*table).len == before))
    }

    /// Where the value of a field belongs.
    pub unsafe fn place_at(&mut self, index: usize) -> Place {
        let field = self.field(index);
        let given = self.seen.has(index);
        self.seen.add(index);
        self.cleared(self.object.add((*field).offset as usize), (*field).desc, given)
    }

    unsafe fn cleared(&self, slot: *mut u8, desc: Desc, used: bool) -> Place {
        if used {
            value::release(value::load(slot, desc));
            core::ptr::write_bytes(slot, 0, (*desc).size as usize);
        }
        Place { slot, desc, position: self.position }
    }

    /// Puts the finished value into the place that wanted it. A field without a value that needs one is an error.
    pub unsafe fn finish(self, place: Place) {
        if (*self.desc).kind != Kind::Map {
            for index in 0..(*self.desc).nfields as usize {
                let field = self.field(index);
                if !self.seen.has(index) && !cast::is_optional(field) {
                    cast::fail_missing(value::field_name(field), cast::type_name(self.desc), self.position);
                }
            }
        }
        let value = Any { desc: self.desc, payload: self.object as u64 };
        if place.kind() == Kind::Union {
            place.put_owned(value);
        } else {
            store(place, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        for (text, expected) in [
            ("1", Some(1.0)),
            ("-2.5", Some(-2.5)),
            ("+.5e3", Some(500.0)),
            ("1e400", Some(f64::INFINITY)),
            ("", None),
            ("-", None),
            (".", None),
            ("e5", None),
            ("1e", None),
            ("1.2.3", None),
            ("inf", None),
            ("nan", None),
            ("0x10", None),
            (" 1", None),
        ] {
            assert_eq!(decimal(text.as_bytes()), expected, "{text}");
        }
    }
}
