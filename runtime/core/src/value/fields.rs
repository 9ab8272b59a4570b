//! Maps, records and variants as what the language says they are: named entries in ascending name order.

use super::{Desc, field_name, kind, load, name};
use crate::{map, string, text};
use mochi_runtime_abi::{Any, FieldDesc, Kind};

/// The extra entry that names a record's type or a variant.
pub const NAME_ENTRY: &[u8] = b"__name";

/// The fields of a record-like value.
#[derive(Clone, Copy)]
pub struct Fields {
    /// Name for the `__name` entry; `None` for anonymous records.
    pub name: Option<&'static [u8]>,
    pub fields: *const FieldDesc,
    pub count: usize,
    pub object: *mut u8,
}

impl Fields {
    /// Fields of a record, anonymous record or union value; `None` for other kinds.
    pub unsafe fn of(value: Any) -> Option<Fields> {
        let desc = value.desc;
        let object = value.payload as *mut u8;
        match kind(value) {
            Kind::Record | Kind::Anonymous => Some(Fields {
                name: if (*desc).kind == Kind::Record { Some(name(desc)) } else { None },
                fields: (*desc).fields,
                count: (*desc).nfields as usize,
                object,
            }),
            Kind::Union => {
                let tag = object.cast::<i64>().add(1).read();
                let variant = (*desc).variants.add(tag as usize);
                Some(Fields {
                    name: Some(core::slice::from_raw_parts((*variant).name, (*variant).name_len as usize)),
                    fields: (*variant).fields,
                    count: (*variant).nfields as usize,
                    object,
                })
            }
            _ => None,
        }
    }

    /// Slot and type of a field.
    pub unsafe fn find(&self, wanted: &[u8]) -> Option<(*mut u8, Desc)> {
        (0..self.count)
            .map(|index| self.fields.add(index))
            .find(|field| field_name(*field) == wanted)
            .map(|field| (self.object.add((*field).offset as usize), (*field).desc))
    }

    /// Value of a field by position.
    pub unsafe fn at(&self, index: usize) -> Any {
        let field = self.fields.add(index);
        load(self.object.add((*field).offset as usize), (*field).desc)
    }

    /// Entries in ascending name order, `__name` included. Records are small: each step looks for the next name.
    unsafe fn each(&self, visit: &mut dyn FnMut(&[u8], Any)) {
        let mut last: Option<&[u8]> = None;
        loop {
            let mut next: Option<(&[u8], Any)> = None;
            let mut consider = |name: &'static [u8], value: Any| {
                if last.is_none_or(|last| name > last) && next.as_ref().is_none_or(|(best, _)| name < *best) {
                    next = Some((name, value));
                }
            };
            if self.name.is_some() {
                // No string object stands behind it: `each_entry` knows the entry by its key.
                consider(NAME_ENTRY, super::NULL);
            }
            for index in 0..self.count {
                consider(field_name(self.fields.add(index)), self.at(index));
            }
            match next {
                None => return,
                Some((name, value)) => {
                    visit(name, value);
                    last = Some(name);
                }
            }
        }
    }
}

/// One entry of a map or record.
pub enum Entry {
    Value(Any),
    /// The `__name` of a record.
    TypeName(&'static [u8]),
}

/// Visits the entries of a map, record or variant in ascending key order, with the text of the key.
pub unsafe fn each_entry(value: Any, visit: &mut dyn FnMut(&[u8], Entry)) {
    if let Some(fields) = Fields::of(value) {
        fields.each(&mut |name, value| match fields.name {
            Some(type_name) if name == NAME_ENTRY => visit(name, Entry::TypeName(type_name)),
            _ => visit(name, Entry::Value(value)),
        });
        return;
    }
    let table = super::as_map(value);
    let (key_desc, value_desc) = ((*value.desc).key, (*value.desc).elem);
    map::each_sorted(table, &mut |key, slot| {
        let key = load(key, key_desc);
        let value = Entry::Value(load(slot, value_desc));
        match kind(key) {
            Kind::String => visit(string::bytes(super::as_string(key)), value),
            Kind::Int => visit(text::Digits::new(key.payload as i64).bytes(), value),
            _ => {
                let mut text = text::Text::new();
                crate::format::push_str(&mut text, key);
                visit(text.bytes(), value);
            }
        }
    });
}

/// Number of entries as `len` counts them (`__name` included).
pub unsafe fn count(value: Any) -> i64 {
    match Fields::of(value) {
        Some(fields) => fields.count as i64 + i64::from(fields.name.is_some()),
        None => (*super::as_map(value)).len,
    }
}

/// The rows of a query's group, which stand for it where a list is wanted.
pub unsafe fn group_items(value: Any) -> Option<Any> {
    if kind(value) == Kind::Anonymous && entry(value, b"__group__").is_some() { entry(value, b"items") } else { None }
}

/// Whether a value has named entries.
pub unsafe fn has_entries(value: Any) -> bool {
    matches!(kind(value), Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union)
}

/// Value of the entry with a name; `None` when absent.
pub unsafe fn entry(value: Any, wanted: &[u8]) -> Option<Any> {
    if let Some(fields) = Fields::of(value) {
        return fields.find(wanted).map(|(slot, desc)| load(slot, desc));
    }
    let slot = map::find_text(super::as_map(value), wanted);
    if slot.is_null() { None } else { Some(load(slot, (*value.desc).elem)) }
}
