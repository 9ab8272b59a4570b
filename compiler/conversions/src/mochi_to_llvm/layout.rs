//! How values look in registers and in memory.
//!
//! | type | register | memory slot |
//! |---|---|---|
//! | int | `i64` | 8 bytes |
//! | float | `f64` | 8 bytes |
//! | bool | `i1` | one byte, 0 or 1 |
//! | string, list, map, record, union, fn, bigint, bigrat, cell, env | `ptr` | 8 bytes |
//! | any | `{ptr, i64}` | 16 bytes |
//! | option of a pointer | `ptr`, null is none | 8 bytes |
//! | option of a scalar | `{i1, T}` | a flag byte, then `T` at its alignment |

use mochi_dialects::ir::{Ctx, Type, TypeKind};

/// The scalar inside an option, or a value of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    Int,
    Float,
    Bool,
}

/// The representation of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repr {
    Scalar(Scalar),
    Pointer,
    Any,
    OptionOf(Scalar),
}

/// The representation of a Mochi type; `None` for types of other dialects.
pub(crate) fn repr(ty: Type) -> Option<Repr> {
    Some(match ty.kind() {
        TypeKind::Int => Repr::Scalar(Scalar::Int),
        TypeKind::Float => Repr::Scalar(Scalar::Float),
        TypeKind::Bool => Repr::Scalar(Scalar::Bool),
        TypeKind::Any => Repr::Any,
        TypeKind::Option(payload) => match repr(payload)? {
            Repr::Scalar(s) => Repr::OptionOf(s),
            // Options of options and of any do not occur; the verifier sees to it.
            Repr::Pointer | Repr::Any | Repr::OptionOf(_) => Repr::Pointer,
        },
        TypeKind::Str
        | TypeKind::List(_)
        | TypeKind::Map(..)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Fn(_)
        | TypeKind::BigInt
        | TypeKind::BigRat
        | TypeKind::Cell(_)
        | TypeKind::Env => Repr::Pointer,
        TypeKind::Index | TypeKind::Other => return None,
    })
}

impl Scalar {
    pub(crate) const fn size(self) -> u64 {
        match self {
            Scalar::Int | Scalar::Float => 8,
            Scalar::Bool => 1,
        }
    }
}

impl Repr {
    /// Bytes of a memory slot.
    pub(crate) const fn size(self) -> u64 {
        match self {
            Repr::Scalar(s) => s.size(),
            Repr::Pointer => 8,
            Repr::Any => 16,
            Repr::OptionOf(s) => 2 * s.size(),
        }
    }

    /// Alignment of a memory slot.
    pub(crate) const fn align(self) -> u64 {
        match self {
            Repr::Scalar(s) | Repr::OptionOf(s) => s.size(),
            Repr::Pointer | Repr::Any => 8,
        }
    }

    /// The word that tells kinds of memory apart for alias analysis.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Repr::Scalar(Scalar::Int) => "int",
            Repr::Scalar(Scalar::Float) => "float",
            Repr::Scalar(Scalar::Bool) => "bool",
            Repr::Pointer => "reference",
            Repr::Any => "any",
            Repr::OptionOf(_) => "option",
        }
    }
}

/// Places fields one after the other, each at its natural alignment; gives the offsets and the object's size,
/// rounded up to the allocator's granularity of eight bytes.
pub(crate) fn place(types: &[Type], start: u64) -> (Vec<u64>, u64) {
    let mut at = start;
    let mut offsets = Vec::with_capacity(types.len());
    for ty in types {
        let r = repr(*ty).unwrap_or(Repr::Pointer);
        at = at.next_multiple_of(r.align());
        offsets.push(at);
        at += r.size();
    }
    (offsets, at.next_multiple_of(8))
}

/// The LLVM types used everywhere, made once.
#[derive(Clone, Copy)]
pub(crate) struct Types<'c> {
    pub i1: Type<'c>,
    pub i8: Type<'c>,
    pub i32: Type<'c>,
    pub i64: Type<'c>,
    pub f64: Type<'c>,
    pub ptr: Type<'c>,
    pub void: Type<'c>,
    pub any: Type<'c>,
}

impl<'c> Types<'c> {
    pub(crate) fn new(c: Ctx<'c>) -> Self {
        let ptr = Type::llvm_ptr(c);
        let i64 = Type::i64(c);
        Types {
            i1: Type::i1(c),
            i8: Type::int(c, 8),
            i32: Type::int(c, 32),
            i64,
            f64: Type::f64(c),
            ptr,
            void: Type::llvm_void(c),
            any: Type::llvm_struct(c, &[ptr, i64]),
        }
    }

    pub(crate) fn scalar(&self, s: Scalar) -> Type<'c> {
        match s {
            Scalar::Int => self.i64,
            Scalar::Float => self.f64,
            Scalar::Bool => self.i1,
        }
    }

    /// The type of the value in a register.
    pub(crate) fn register(&self, r: Repr) -> Type<'c> {
        match r {
            Repr::Scalar(s) => self.scalar(s),
            Repr::Pointer => self.ptr,
            Repr::Any => self.any,
            Repr::OptionOf(s) => Type::llvm_struct(self.ptr, &[self.i1, self.scalar(s)]),
        }
    }

    /// A type of the slot's size, for address arithmetic and globals.
    pub(crate) fn memory(&self, r: Repr) -> Type<'c> {
        match r {
            Repr::Scalar(Scalar::Int) => self.i64,
            Repr::Scalar(Scalar::Float) => self.f64,
            Repr::Scalar(Scalar::Bool) => self.i8,
            Repr::Pointer => self.ptr,
            Repr::Any | Repr::OptionOf(Scalar::Int | Scalar::Float) => Type::llvm_array(self.i64, 2),
            Repr::OptionOf(Scalar::Bool) => Type::llvm_array(self.i8, 2),
        }
    }
}

/// A Mochi type as programs write it.
pub(crate) fn display(ty: Type, named: &dyn Fn(&str) -> String) -> String {
    let show = |t: Type| display(t, named);
    match ty.kind() {
        TypeKind::Int | TypeKind::Index => "int".to_owned(),
        TypeKind::Float => "float".to_owned(),
        TypeKind::Bool => "bool".to_owned(),
        TypeKind::Str => "string".to_owned(),
        TypeKind::Any => "any".to_owned(),
        TypeKind::BigInt => "bigint".to_owned(),
        TypeKind::BigRat => "bigrat".to_owned(),
        TypeKind::Env => "env".to_owned(),
        TypeKind::List(e) => format!("list<{}>", show(e)),
        TypeKind::Map(k, v) => format!("map<{}, {}>", show(k), show(v)),
        TypeKind::Option(p) => format!("{}?", show(p)),
        TypeKind::Cell(t) => show(t),
        TypeKind::Record(sym) | TypeKind::Union(sym) => named(sym),
        TypeKind::Fn(signature) => {
            let params: Vec<String> = signature.function_inputs().into_iter().map(show).collect();
            match signature.function_results().first() {
                Some(r) => format!("fun({}): {}", params.join(", "), show(*r)),
                None => format!("fun({})", params.join(", ")),
            }
        }
        TypeKind::Other => ty.to_string(),
    }
}
