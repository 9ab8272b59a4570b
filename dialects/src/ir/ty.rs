//! Types: builtin, LLVM and Mochi's own.

use super::{Attribute, Ctx, collect_string, string_ref, to_str};
use mochi_dialects_sys as sys;
use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
};

/// A type. Equal types are the same pointer.
#[derive(Clone, Copy)]
pub struct Type<'c> {
    raw: sys::MlirType,
    marker: PhantomData<&'c ()>,
}

/// The kinds of types that programs in the Mochi dialect use, with their parts. The exhaustive `match` on it
/// is how lowerings notice a new type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypeKind<'c> {
    Int,
    Float,
    Bool,
    Index,
    Str,
    List(Type<'c>),
    Map(Type<'c>, Type<'c>),
    /// The symbol of the record type.
    Record(&'c str),
    /// The symbol of the union type.
    Union(&'c str),
    /// The builtin function type inside.
    Fn(Type<'c>),
    Any,
    Option(Type<'c>),
    BigInt,
    BigRat,
    Cell(Type<'c>),
    Env,
    /// Anything else.
    Other,
}

macro_rules! mochi_nullary {
    ($($(#[$doc:meta])* $make:ident $is:ident => $get:ident $isa:ident;)*) => {
        $($(#[$doc])* pub fn $make(c: impl Into<Ctx<'c>>) -> Self {
            // SAFETY: the context is live.
            Self::wrap(unsafe { sys::$get(c.into().raw()) })
        }

        pub fn $is(self) -> bool {
            // SAFETY: live type.
            unsafe { sys::$isa(self.raw) }
        })*
    };
}

macro_rules! mochi_unary {
    ($($(#[$doc:meta])* $make:ident $part:ident => $get:ident $isa:ident $part_get:ident;)*) => {
        $($(#[$doc])* pub fn $make(part: Type<'c>) -> Self {
            // SAFETY: live type.
            Self::wrap(unsafe { sys::$get(part.raw) })
        }

        pub fn $part(self) -> Option<Type<'c>> {
            // SAFETY: guarded.
            unsafe { sys::$isa(self.raw).then(|| Self::wrap(sys::$part_get(self.raw))) }
        })*
    };
}

impl<'c> Type<'c> {
    pub(crate) fn wrap(raw: sys::MlirType) -> Self {
        Type { raw, marker: PhantomData }
    }

    /// Wraps a raw type.
    ///
    /// # Safety
    /// `raw` must be a live type of a context that outlives `'c`.
    pub unsafe fn from_raw(raw: sys::MlirType) -> Self {
        Self::wrap(raw)
    }

    pub fn raw(self) -> sys::MlirType {
        self.raw
    }

    pub fn context(self) -> Ctx<'c> {
        // SAFETY: live type.
        unsafe { Ctx::from_raw(sys::mlirTypeGetContext(self.raw)) }
    }

    // --- builtin types -----------------------------------------------------------------------------

    /// A signless integer type.
    pub fn int(c: impl Into<Ctx<'c>>, width: u32) -> Self {
        // SAFETY: the context is live.
        Self::wrap(unsafe { sys::mlirIntegerTypeGet(c.into().raw(), width) })
    }

    pub fn i64(c: impl Into<Ctx<'c>>) -> Self {
        Self::int(c, 64)
    }

    pub fn i1(c: impl Into<Ctx<'c>>) -> Self {
        Self::int(c, 1)
    }

    pub fn f64(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: the context is live.
        Self::wrap(unsafe { sys::mlirF64TypeGet(c.into().raw()) })
    }

    pub fn index(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: the context is live.
        Self::wrap(unsafe { sys::mlirIndexTypeGet(c.into().raw()) })
    }

    /// `memref<?xT>` with the identity layout.
    pub fn memref_dyn(element: Type<'c>) -> Self {
        // SAFETY: the shape is copied; null layout and space mean the defaults.
        Self::wrap(unsafe {
            let shape = [sys::mlirShapedTypeGetDynamicSize()];
            let none = sys::MlirAttribute { ptr: std::ptr::null_mut() };
            sys::mlirMemRefTypeContiguousGet(element.raw, 1, shape.as_ptr(), none)
        })
    }

    /// A builtin function type.
    pub fn function(c: impl Into<Ctx<'c>>, inputs: &[Type<'c>], outputs: &[Type<'c>]) -> Self {
        let ins: Vec<_> = inputs.iter().map(|t| t.raw).collect();
        let outs: Vec<_> = outputs.iter().map(|t| t.raw).collect();
        // SAFETY: the context is live; arrays are copied.
        Self::wrap(unsafe {
            sys::mlirFunctionTypeGet(
                c.into().raw(),
                ins.len() as isize,
                ins.as_ptr(),
                outs.len() as isize,
                outs.as_ptr(),
            )
        })
    }

    /// Parses any type; `None` (and a diagnostic) when the text is wrong.
    pub fn parse(c: impl Into<Ctx<'c>>, text: &str) -> Option<Self> {
        let owned = format!("{text}\0");
        // SAFETY: the context is live, the text is NUL-terminated.
        let raw = unsafe { sys::mlirTypeParseGet(c.into().raw(), string_ref(&owned[..text.len()])) };
        (!raw.ptr.is_null()).then(|| Self::wrap(raw))
    }

    /// The width of a signless integer type.
    pub fn int_width(self) -> Option<u32> {
        // SAFETY: guarded.
        unsafe { sys::mlirTypeIsAInteger(self.raw).then(|| sys::mlirIntegerTypeGetWidth(self.raw)) }
    }

    pub fn is_i64(self) -> bool {
        self.int_width() == Some(64)
    }

    pub fn is_i1(self) -> bool {
        self.int_width() == Some(1)
    }

    pub fn is_f64(self) -> bool {
        // SAFETY: live type.
        unsafe { sys::mlirTypeIsAF64(self.raw) }
    }

    pub fn is_index(self) -> bool {
        // SAFETY: live type.
        unsafe { sys::mlirTypeIsAIndex(self.raw) }
    }

    /// The element type of a memref.
    pub fn memref_element(self) -> Option<Type<'c>> {
        // SAFETY: guarded.
        unsafe { sys::mlirTypeIsAMemRef(self.raw).then(|| Self::wrap(sys::mlirShapedTypeGetElementType(self.raw))) }
    }

    pub fn is_function(self) -> bool {
        // SAFETY: live type.
        unsafe { sys::mlirTypeIsAFunction(self.raw) }
    }

    /// The parameter types of a builtin function type (none for other types).
    pub fn function_inputs(self) -> Vec<Type<'c>> {
        if !self.is_function() {
            return Vec::new();
        }
        // SAFETY: guarded, positions in range.
        unsafe {
            (0..sys::mlirFunctionTypeGetNumInputs(self.raw))
                .map(|i| Self::wrap(sys::mlirFunctionTypeGetInput(self.raw, i)))
                .collect()
        }
    }

    /// The result types of a builtin function type (none for other types).
    pub fn function_results(self) -> Vec<Type<'c>> {
        if !self.is_function() {
            return Vec::new();
        }
        // SAFETY: guarded, positions in range.
        unsafe {
            (0..sys::mlirFunctionTypeGetNumResults(self.raw))
                .map(|i| Self::wrap(sys::mlirFunctionTypeGetResult(self.raw, i)))
                .collect()
        }
    }

    // --- LLVM types --------------------------------------------------------------------------------

    /// `!llvm.ptr`.
    pub fn llvm_ptr(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: the context is live.
        Self::wrap(unsafe { sys::mlirLLVMPointerTypeGet(c.into().raw(), 0) })
    }

    /// `!llvm.void`.
    pub fn llvm_void(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: the context is live.
        Self::wrap(unsafe { sys::mlirLLVMVoidTypeGet(c.into().raw()) })
    }

    /// A literal struct.
    pub fn llvm_struct(c: impl Into<Ctx<'c>>, fields: &[Type<'c>]) -> Self {
        let raws: Vec<_> = fields.iter().map(|t| t.raw).collect();
        // SAFETY: the context is live; the array is copied.
        Self::wrap(unsafe {
            sys::mlirLLVMStructTypeLiteralGet(c.into().raw(), raws.len() as isize, raws.as_ptr(), false)
        })
    }

    /// `!llvm.array<n x T>`.
    pub fn llvm_array(element: Type<'c>, count: u32) -> Self {
        // SAFETY: live type.
        Self::wrap(unsafe { sys::mlirLLVMArrayTypeGet(element.raw, count) })
    }

    /// `!llvm.func<result (params…)>`.
    pub fn llvm_function(result: Type<'c>, params: &[Type<'c>]) -> Self {
        let raws: Vec<_> = params.iter().map(|t| t.raw).collect();
        // SAFETY: live types; the array is copied.
        Self::wrap(unsafe { sys::mlirLLVMFunctionTypeGet(result.raw, raws.len() as isize, raws.as_ptr(), false) })
    }

    pub fn is_llvm_ptr(self) -> bool {
        // SAFETY: live type.
        unsafe { sys::mlirTypeIsALLVMPointerType(self.raw) }
    }

    pub fn is_llvm_struct(self) -> bool {
        // SAFETY: live type.
        unsafe { sys::mlirTypeIsALLVMStructType(self.raw) }
    }

    // --- Mochi types -------------------------------------------------------------------------------

    mochi_nullary! {
        /// `!mochi.str`
        str is_str => mlirMochiStrTypeGet mlirTypeIsAMochiStr;
        /// `!mochi.any`
        any is_any => mlirMochiAnyTypeGet mlirTypeIsAMochiAny;
        /// `!mochi.bigint`
        bigint is_bigint => mlirMochiBigIntTypeGet mlirTypeIsAMochiBigInt;
        /// `!mochi.bigrat`
        bigrat is_bigrat => mlirMochiBigRatTypeGet mlirTypeIsAMochiBigRat;
        /// `!mochi.env`
        env is_env => mlirMochiEnvTypeGet mlirTypeIsAMochiEnv;
    }

    mochi_unary! {
        /// `!mochi.list<T>`
        list list_element => mlirMochiListTypeGet mlirTypeIsAMochiList mlirMochiListTypeGetElement;
        /// `!mochi.option<T>`
        option option_payload => mlirMochiOptionTypeGet mlirTypeIsAMochiOption mlirMochiOptionTypeGetPayload;
        /// `!mochi.cell<T>`
        cell cell_content => mlirMochiCellTypeGet mlirTypeIsAMochiCell mlirMochiCellTypeGetContent;
        /// `!mochi.fn<…>` of a builtin function type
        fn_value fn_signature => mlirMochiFnTypeGet mlirTypeIsAMochiFn mlirMochiFnTypeGetSignature;
    }

    /// `!mochi.map<K, V>`
    pub fn map(key: Type<'c>, value: Type<'c>) -> Self {
        // SAFETY: live types.
        Self::wrap(unsafe { sys::mlirMochiMapTypeGet(key.raw, value.raw) })
    }

    /// Key and value type of a map.
    pub fn map_parts(self) -> Option<(Type<'c>, Type<'c>)> {
        // SAFETY: guarded.
        unsafe {
            sys::mlirTypeIsAMochiMap(self.raw).then(|| {
                (Self::wrap(sys::mlirMochiMapTypeGetKey(self.raw)), Self::wrap(sys::mlirMochiMapTypeGetValue(self.raw)))
            })
        }
    }

    /// `!mochi.record<@name>`
    pub fn record(c: impl Into<Ctx<'c>>, name: &str) -> Self {
        // SAFETY: live attribute.
        Self::wrap(unsafe { sys::mlirMochiRecordTypeGet(Attribute::symbol(c, name).raw()) })
    }

    /// The symbol of a record type.
    pub fn record_symbol(self) -> Option<&'c str> {
        // SAFETY: guarded.
        unsafe {
            sys::mlirTypeIsAMochiRecord(self.raw)
                .then(|| to_str(sys::mlirFlatSymbolRefAttrGetValue(sys::mlirMochiRecordTypeGetSymbol(self.raw))))
        }
    }

    /// `!mochi.union<@name>`
    pub fn union(c: impl Into<Ctx<'c>>, name: &str) -> Self {
        // SAFETY: live attribute.
        Self::wrap(unsafe { sys::mlirMochiUnionTypeGet(Attribute::symbol(c, name).raw()) })
    }

    /// The symbol of a union type.
    pub fn union_symbol(self) -> Option<&'c str> {
        // SAFETY: guarded.
        unsafe {
            sys::mlirTypeIsAMochiUnion(self.raw)
                .then(|| to_str(sys::mlirFlatSymbolRefAttrGetValue(sys::mlirMochiUnionTypeGetSymbol(self.raw))))
        }
    }

    pub fn is_list(self) -> bool {
        self.list_element().is_some()
    }

    pub fn is_map(self) -> bool {
        self.map_parts().is_some()
    }

    pub fn is_record(self) -> bool {
        self.record_symbol().is_some()
    }

    pub fn is_union(self) -> bool {
        self.union_symbol().is_some()
    }

    pub fn is_option(self) -> bool {
        self.option_payload().is_some()
    }

    pub fn is_cell(self) -> bool {
        self.cell_content().is_some()
    }

    pub fn is_fn(self) -> bool {
        self.fn_signature().is_some()
    }

    /// What kind of type this is.
    pub fn kind(self) -> TypeKind<'c> {
        if self.is_i64() {
            return TypeKind::Int;
        }
        if self.is_f64() {
            return TypeKind::Float;
        }
        if self.is_i1() {
            return TypeKind::Bool;
        }
        if self.is_index() {
            return TypeKind::Index;
        }
        self.mochi_kind().unwrap_or(TypeKind::Other)
    }

    fn mochi_kind(self) -> Option<TypeKind<'c>> {
        if self.is_str() {
            return Some(TypeKind::Str);
        }
        if self.is_any() {
            return Some(TypeKind::Any);
        }
        if self.is_env() {
            return Some(TypeKind::Env);
        }
        if self.is_bigint() {
            return Some(TypeKind::BigInt);
        }
        if self.is_bigrat() {
            return Some(TypeKind::BigRat);
        }
        self.list_element()
            .map(TypeKind::List)
            .or_else(|| self.map_parts().map(|(k, v)| TypeKind::Map(k, v)))
            .or_else(|| self.record_symbol().map(TypeKind::Record))
            .or_else(|| self.union_symbol().map(TypeKind::Union))
            .or_else(|| self.fn_signature().map(TypeKind::Fn))
            .or_else(|| self.option_payload().map(TypeKind::Option))
            .or_else(|| self.cell_content().map(TypeKind::Cell))
    }

    /// Whether values are represented by one pointer to a counted object.
    pub fn is_object(self) -> bool {
        match self.kind() {
            TypeKind::Str
            | TypeKind::List(_)
            | TypeKind::Map(..)
            | TypeKind::Record(_)
            | TypeKind::Union(_)
            | TypeKind::Fn(_)
            | TypeKind::BigInt
            | TypeKind::BigRat
            | TypeKind::Cell(_)
            | TypeKind::Env => true,
            TypeKind::Int
            | TypeKind::Float
            | TypeKind::Bool
            | TypeKind::Index
            | TypeKind::Any
            | TypeKind::Option(_)
            | TypeKind::Other => false,
        }
    }

    /// Whether values have a reference count or may hold something that has one.
    pub fn is_counted(self) -> bool {
        match self.kind() {
            TypeKind::Any => true,
            TypeKind::Option(payload) => payload.is_counted(),
            _ => self.is_object(),
        }
    }
}

impl PartialEq for Type<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw.ptr == other.raw.ptr
    }
}
impl Eq for Type<'_> {}

impl Hash for Type<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.raw.ptr as usize).hash(state);
    }
}

impl fmt::Display for Type<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: live type.
        f.write_str(&collect_string(|cb, data| unsafe { sys::mlirTypePrint(self.raw, cb, data) }))
    }
}

impl fmt::Debug for Type<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
