//! Concrete static types of the typed program, interned so that they are `Copy` and compare by index.

use std::collections::HashMap;

/// A concrete type: an index into [`Types`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Ty(pub u32);

/// Index of a record type in [`crate::hir::Program::records`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RecordId(pub u32);

/// Index of a union type in [`crate::hir::Program::unions`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct UnionId(pub u32);

/// The shape of a type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TyKind {
    /// No value: the result of statements-like calls (`print`, functions without a result).
    Unit,
    /// 64-bit signed integer.
    Int,
    /// IEEE binary64.
    Float,
    Bool,
    /// Immutable UTF-8 text.
    Str,
    BigInt,
    BigRat,
    /// Dynamically typed value; may be null. The only boxed type.
    Any,
    /// `T` or null. The payload is never itself an option, `any` or unit.
    Option(Ty),
    List(Ty),
    /// Key and value type.
    Map(Ty, Ty),
    Record(RecordId),
    Union(UnionId),
    /// Parameter types and result type.
    Fn(Vec<Ty>, Ty),
}

/// The interner. Scalar types have fixed indices (the associated constants of [`Ty`]).
#[derive(Clone, Debug)]
pub struct Types {
    kinds: Vec<TyKind>,
    index: HashMap<TyKind, Ty>,
}

impl Ty {
    pub const UNIT: Ty = Ty(0);
    pub const INT: Ty = Ty(1);
    pub const FLOAT: Ty = Ty(2);
    pub const BOOL: Ty = Ty(3);
    pub const STR: Ty = Ty(4);
    pub const BIGINT: Ty = Ty(5);
    pub const BIGRAT: Ty = Ty(6);
    pub const ANY: Ty = Ty(7);
}

impl Default for Types {
    fn default() -> Self {
        let mut types = Types { kinds: Vec::new(), index: HashMap::new() };
        for kind in [
            TyKind::Unit,
            TyKind::Int,
            TyKind::Float,
            TyKind::Bool,
            TyKind::Str,
            TyKind::BigInt,
            TyKind::BigRat,
            TyKind::Any,
        ] {
            types.intern(kind);
        }
        types
    }
}

impl Types {
    /// The type of this shape; equal shapes give equal types.
    pub fn intern(&mut self, kind: TyKind) -> Ty {
        if let Some(&ty) = self.index.get(&kind) {
            return ty;
        }
        let ty = Ty(self.kinds.len() as u32);
        self.kinds.push(kind.clone());
        self.index.insert(kind, ty);
        ty
    }

    /// How many types there are; component types come before the types made of them.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Never: the scalar types are always there.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The shape of a type.
    pub fn kind(&self, ty: Ty) -> &TyKind {
        &self.kinds[ty.0 as usize]
    }

    pub fn list(&mut self, element: Ty) -> Ty {
        self.intern(TyKind::List(element))
    }

    pub fn map(&mut self, key: Ty, value: Ty) -> Ty {
        self.intern(TyKind::Map(key, value))
    }

    pub fn function(&mut self, params: Vec<Ty>, result: Ty) -> Ty {
        self.intern(TyKind::Fn(params, result))
    }

    /// `T?`, normalised: an option of an option, of `any` or of unit is that type's nullable form already.
    pub fn option(&mut self, payload: Ty) -> Ty {
        match self.kind(payload) {
            TyKind::Option(_) | TyKind::Any => payload,
            TyKind::Unit => Ty::ANY,
            _ => self.intern(TyKind::Option(payload)),
        }
    }

    /// The payload of an option; other types unchanged.
    pub fn strip_option(&self, ty: Ty) -> Ty {
        match self.kind(ty) {
            TyKind::Option(payload) => *payload,
            _ => ty,
        }
    }

    pub fn list_element(&self, ty: Ty) -> Option<Ty> {
        match self.kind(ty) {
            TyKind::List(element) => Some(*element),
            _ => None,
        }
    }

    pub fn is_option(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), TyKind::Option(_))
    }
}
