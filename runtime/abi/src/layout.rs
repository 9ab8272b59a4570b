//! Memory layouts of objects and type descriptors.
//!
//! | object  | offset 0 | 8 | 16 | 24 | from |
//! |---------|----------|---|----|----|------|
//! | String  | rc | len (bytes) | chars (code points) | cap (bytes) | data at 32 |
//! | List    | rc | len | cap | data pointer | |
//! | Map     | rc | len | runtime private | | |
//! | Record  | rc | fields in declared order, natural alignment | | | |
//! | Union   | rc | tag | fields of the variant | | |
//! | Cell    | rc | content | | | |
//! | Closure | rc | code | drop | captures | |
//!
//! A `bigint` that fits 63 bits is no object: the word is the number shifted left by one, plus [`SMALL_TAG`].
//!
//! In programs with cycles through closures, the descriptor of the captures stands before them, at 24.
//!
//! The word with the count:
//!
//! | bits | meaning |
//! |---|---|
//! | 0..34 | references |
//! | 34..60 | number in the buffer of the cycle collector plus one, 0 for objects that are not in it |
//! | 60 | the object is being printed |
//! | 61, 62 | one of them is set: a static object |
use core::ffi::c_void;

/// Count of static objects. However often it is changed, one of its two upper bits stays set.
pub const IMMORTAL: i64 = 1 << 62;

/// The parts of the word with the count.
pub mod count {
    /// Bits that count references: enough for sixteen billion of them, which fill more memory than machines have.
    pub const BITS: u32 = 34;
    pub const REFERENCES: i64 = (1 << BITS) - 1;
    /// Set while an object is printed.
    pub const OPEN: i64 = 1 << 60;
    /// Words from here on are those of static objects.
    pub const LEAST_IMMORTAL: i64 = 1 << 61;
    /// What has to be 1 for an object to have one reference: the references, and what tells static objects.
    pub const UNIQUE_MASK: i64 = REFERENCES | !(2 * OPEN - 1);
}

/// Set in the word of a `bigint` that stands for itself; pointers to objects are even.
pub const SMALL_TAG: usize = 1;

/// What every object starts with.
#[repr(C)]
pub struct Object {
    /// Non-atomic reference count.
    pub rc: i64,
}

/// Header of a string; `cap` bytes of data follow it (at least `len`, or static data with cap 0).
#[repr(C)]
pub struct String {
    pub rc: i64,
    /// Length in bytes.
    pub len: i64,
    /// Length in code points; equal to `len` exactly for ASCII.
    pub chars: i64,
    /// Bytes available for data, 0 for a static string.
    pub cap: i64,
}

/// A growable vector of equally sized slots.
#[repr(C)]
pub struct List {
    pub rc: i64,
    pub len: i64,
    /// Slots available in `data`; 0 means `data` is null (or static).
    pub cap: i64,
    pub data: *mut u8,
}

/// A hash map; only the first two words are public.
#[repr(C)]
pub struct Map {
    pub rc: i64,
    pub len: i64,
}

/// A function value. Captures follow at offset 24.
#[repr(C)]
pub struct Closure {
    pub rc: i64,
    pub code: *const c_void,
    /// Frees the captures and the closure; null when there is nothing but the object itself to free
    /// (static closures, which are never freed).
    pub drop: Option<unsafe extern "C" fn(*mut Object)>,
}

/// A dynamically typed value. `desc` null is the null value.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Any {
    pub desc: *const TypeDesc,
    /// Integer, float bits, 0/1, or an owned object pointer.
    pub payload: u64,
}

/// Kinds of types, the first word of a descriptor.
#[repr(u32)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Unit = 0,
    Int = 1,
    Float = 2,
    Bool = 3,
    String = 4,
    List = 5,
    Map = 6,
    Record = 7,
    Union = 8,
    Fn = 9,
    Any = 10,
    Option = 11,
    BigInt = 12,
    BigRat = 13,
    Cell = 14,
    /// A structural record; prints without `__name`.
    Anonymous = 15,
    Env = 16,
}

impl Kind {
    /// Whether a slot of this kind is a single object pointer (an option has to look at its payload).
    pub const fn is_object(self) -> bool {
        !matches!(self, Kind::Unit | Kind::Int | Kind::Float | Kind::Bool | Kind::Any | Kind::Option)
    }
}

/// A static description of a type, emitted by the compiler for each type that needs one.
#[repr(C)]
pub struct TypeDesc {
    pub kind: Kind,
    /// Slot size in bytes.
    pub size: u16,
    /// A set of flags: [`TypeDesc::CYCLIC`].
    pub flags: u16,
    /// Name as Mochi prints it (not null-terminated).
    pub name: *const u8,
    pub name_len: u64,
    /// List element, option payload, map value, or cell content.
    pub elem: *const TypeDesc,
    /// Map key.
    pub key: *const TypeDesc,
    pub fields: *const FieldDesc,
    pub nfields: u64,
    pub variants: *const VariantDesc,
    pub nvariants: u64,
    /// Destroys an object whose count reached zero: releases the children, frees the object.
    /// Null lets the runtime do it from the description.
    pub drop: Option<unsafe extern "C" fn(*mut Object)>,
}

impl TypeDesc {
    /// Objects of the type may be part of a reference cycle. Set for every type that the compiler found to be so, and
    /// for the runtime's own `list<any>` and `map<string, any>`.
    pub const CYCLIC: u16 = 1;

    /// Whether objects of the type may be part of a reference cycle.
    pub const fn is_cyclic(&self) -> bool {
        self.flags & Self::CYCLIC != 0
    }
}

/// A field of a record or variant.
#[repr(C)]
pub struct FieldDesc {
    pub name: *const u8,
    pub name_len: u64,
    pub desc: *const TypeDesc,
    /// Byte offset from the start of the object.
    pub offset: u64,
}

/// A variant of a union, in declaration order.
#[repr(C)]
pub struct VariantDesc {
    pub name: *const u8,
    pub name_len: u64,
    pub fields: *const FieldDesc,
    pub nfields: u64,
    /// Of a variant without fields, its one object, which is static; else null.
    pub object: *mut Object,
}

// SAFETY: descriptors are immutable static data.
unsafe impl Sync for TypeDesc {}
// SAFETY: as above.
unsafe impl Sync for FieldDesc {}
// SAFETY: as above.
unsafe impl Sync for VariantDesc {}

/// Byte offsets the compiler uses for inline accesses.
pub mod offset {
    pub const RC: u64 = 0;
    pub const STRING_LEN: u64 = 8;
    pub const STRING_CHARS: u64 = 16;
    pub const STRING_CAP: u64 = 24;
    pub const STRING_DATA: u64 = 32;
    pub const LIST_LEN: u64 = 8;
    pub const LIST_CAP: u64 = 16;
    pub const LIST_DATA: u64 = 24;
    pub const MAP_LEN: u64 = 8;
    pub const RECORD_FIELDS: u64 = 8;
    pub const UNION_TAG: u64 = 8;
    pub const UNION_FIELDS: u64 = 16;
    pub const CELL_CONTENT: u64 = 8;
    pub const CLOSURE_CODE: u64 = 8;
    pub const CLOSURE_DROP: u64 = 16;
    /// First capture, or the descriptor of the captures in programs with cycles through closures.
    pub const CLOSURE_CAPTURES: u64 = 24;
}

const _: () = {
    assert!(core::mem::size_of::<String>() as u64 == offset::STRING_DATA);
    assert!(core::mem::size_of::<List>() == 32);
    assert!(core::mem::size_of::<Any>() == 16);
    assert!(core::mem::size_of::<TypeDesc>() == 80);
    assert!(core::mem::size_of::<FieldDesc>() == 32);
    assert!(core::mem::size_of::<VariantDesc>() == 40);
};
