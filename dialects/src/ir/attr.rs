//! Attributes.

use super::{Ctx, Type, collect_string, string_ref, to_str};
use mochi_dialects_sys as sys;
use std::{
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
};

/// An attribute.
#[derive(Clone, Copy)]
pub struct Attribute<'c> {
    raw: sys::MlirAttribute,
    marker: PhantomData<&'c ()>,
}

impl<'c> Attribute<'c> {
    pub(crate) fn wrap(raw: sys::MlirAttribute) -> Self {
        Attribute { raw, marker: PhantomData }
    }

    pub(crate) fn wrap_some(raw: sys::MlirAttribute) -> Option<Self> {
        (!raw.ptr.is_null()).then(|| Self::wrap(raw))
    }

    /// Wraps a raw attribute.
    ///
    /// # Safety
    /// `raw` must be a live attribute of a context that outlives `'c`.
    pub unsafe fn from_raw(raw: sys::MlirAttribute) -> Self {
        Self::wrap(raw)
    }

    pub fn raw(self) -> sys::MlirAttribute {
        self.raw
    }

    pub fn context(self) -> Ctx<'c> {
        // SAFETY: live attribute.
        unsafe { Ctx::from_raw(sys::mlirAttributeGetContext(self.raw)) }
    }

    // --- constructors (the context is live, text and arrays are copied) ----------------------------

    pub fn string(c: impl Into<Ctx<'c>>, text: &str) -> Self {
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirStringAttrGet(c.into().raw(), string_ref(text)) })
    }

    /// An i64 integer.
    pub fn int(c: impl Into<Ctx<'c>>, value: i64) -> Self {
        Self::int_of(Type::i64(c), value)
    }

    /// An integer of a given integer or index type.
    pub fn int_of(ty: Type<'c>, value: i64) -> Self {
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirIntegerAttrGet(ty.raw(), value) })
    }

    /// An f64.
    pub fn float(c: impl Into<Ctx<'c>>, value: f64) -> Self {
        let c = c.into();
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirFloatAttrDoubleGet(c.raw(), Type::f64(c).raw(), value) })
    }

    /// `true` or `false` of type i1.
    pub fn bool(c: impl Into<Ctx<'c>>, value: bool) -> Self {
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirBoolAttrGet(c.into().raw(), i32::from(value)) })
    }

    pub fn unit(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirUnitAttrGet(c.into().raw()) })
    }

    /// A flat symbol reference, `@name`.
    pub fn symbol(c: impl Into<Ctx<'c>>, name: &str) -> Self {
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirFlatSymbolRefAttrGet(c.into().raw(), string_ref(name)) })
    }

    pub fn array(c: impl Into<Ctx<'c>>, elements: &[Attribute<'c>]) -> Self {
        let raws: Vec<_> = elements.iter().map(|a| a.raw).collect();
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirArrayAttrGet(c.into().raw(), raws.len() as isize, raws.as_ptr()) })
    }

    /// An array of strings.
    pub fn strings(c: impl Into<Ctx<'c>>, elements: &[&str]) -> Self {
        let c = c.into();
        let list: Vec<_> = elements.iter().map(|s| Self::string(c, s)).collect();
        Self::array(c, &list)
    }

    /// An array of types.
    pub fn types(c: impl Into<Ctx<'c>>, elements: &[Type<'c>]) -> Self {
        let list: Vec<_> = elements.iter().map(|t| Self::type_attr(*t)).collect();
        Self::array(c, &list)
    }

    /// `array<i64: …>`.
    pub fn dense_i64(c: impl Into<Ctx<'c>>, values: &[i64]) -> Self {
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirDenseI64ArrayGet(c.into().raw(), values.len() as isize, values.as_ptr()) })
    }

    /// `array<i32: …>`, the form of `operandSegmentSizes`.
    pub fn dense_i32(c: impl Into<Ctx<'c>>, values: &[i32]) -> Self {
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirDenseI32ArrayGet(c.into().raw(), values.len() as isize, values.as_ptr()) })
    }

    /// A type as an attribute.
    pub fn type_attr(ty: Type<'c>) -> Self {
        // SAFETY: see above.
        Self::wrap(unsafe { sys::mlirTypeAttrGet(ty.raw()) })
    }

    /// Parses any attribute; `None` (and a diagnostic) when the text is wrong.
    pub fn parse(c: impl Into<Ctx<'c>>, text: &str) -> Option<Self> {
        let owned = format!("{text}\0");
        // SAFETY: see above; the text is NUL-terminated as the parser wants.
        Self::wrap_some(unsafe { sys::mlirAttributeParseGet(c.into().raw(), string_ref(&owned[..text.len()])) })
    }

    // --- accessors (each cast is guarded by its `IsA`) ----------------------------------------------

    /// The type of a typed attribute, `none` for others.
    pub fn ty(self) -> Type<'c> {
        // SAFETY: live attribute.
        Type::wrap(unsafe { sys::mlirAttributeGetType(self.raw) })
    }

    pub fn as_str(self) -> Option<&'c str> {
        // SAFETY: guarded; strings are interned.
        unsafe { sys::mlirAttributeIsAString(self.raw).then(|| to_str(sys::mlirStringAttrGetValue(self.raw))) }
    }

    /// The name of a flat symbol reference.
    pub fn as_symbol(self) -> Option<&'c str> {
        // SAFETY: guarded.
        unsafe {
            sys::mlirAttributeIsAFlatSymbolRef(self.raw).then(|| to_str(sys::mlirFlatSymbolRefAttrGetValue(self.raw)))
        }
    }

    /// The value of an integer attribute; `true` reads as 1.
    pub fn as_int(self) -> Option<i64> {
        // SAFETY: guarded; i1 must not be read as a signed number.
        unsafe {
            if sys::mlirAttributeIsABool(self.raw) {
                return Some(i64::from(sys::mlirBoolAttrGetValue(self.raw)));
            }
            sys::mlirAttributeIsAInteger(self.raw).then(|| sys::mlirIntegerAttrGetValueInt(self.raw))
        }
    }

    pub fn as_bool(self) -> Option<bool> {
        // SAFETY: guarded.
        unsafe { sys::mlirAttributeIsABool(self.raw).then(|| sys::mlirBoolAttrGetValue(self.raw)) }
    }

    pub fn as_float(self) -> Option<f64> {
        // SAFETY: guarded.
        unsafe { sys::mlirAttributeIsAFloat(self.raw).then(|| sys::mlirFloatAttrGetValueDouble(self.raw)) }
    }

    pub fn is_unit(self) -> bool {
        // SAFETY: live attribute.
        unsafe { sys::mlirAttributeIsAUnit(self.raw) }
    }

    pub fn as_type(self) -> Option<Type<'c>> {
        // SAFETY: guarded.
        unsafe { sys::mlirAttributeIsAType(self.raw).then(|| Type::wrap(sys::mlirTypeAttrGetValue(self.raw))) }
    }

    /// The elements of an array attribute.
    pub fn as_array(self) -> Option<Vec<Attribute<'c>>> {
        // SAFETY: guarded, positions in range.
        unsafe {
            sys::mlirAttributeIsAArray(self.raw).then(|| {
                (0..sys::mlirArrayAttrGetNumElements(self.raw))
                    .map(|i| Self::wrap(sys::mlirArrayAttrGetElement(self.raw, i)))
                    .collect()
            })
        }
    }

    /// The elements of an `array<i64: …>`.
    pub fn as_dense_i64(self) -> Option<Vec<i64>> {
        // SAFETY: guarded, positions in range.
        unsafe {
            sys::mlirAttributeIsADenseI64Array(self.raw).then(|| {
                (0..sys::mlirDenseArrayGetNumElements(self.raw))
                    .map(|i| sys::mlirDenseI64ArrayGetElement(self.raw, i))
                    .collect()
            })
        }
    }

    /// The elements of an `array<i32: …>`.
    pub fn as_dense_i32(self) -> Option<Vec<i32>> {
        // SAFETY: guarded, positions in range.
        unsafe {
            sys::mlirAttributeIsADenseI32Array(self.raw).then(|| {
                (0..sys::mlirDenseArrayGetNumElements(self.raw))
                    .map(|i| sys::mlirDenseI32ArrayGetElement(self.raw, i))
                    .collect()
            })
        }
    }
}

impl PartialEq for Attribute<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw.ptr == other.raw.ptr
    }
}
impl Eq for Attribute<'_> {}

impl Hash for Attribute<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.raw.ptr as usize).hash(state);
    }
}

impl fmt::Display for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: live attribute.
        f.write_str(&collect_string(|cb, data| unsafe { sys::mlirAttributePrint(self.raw, cb, data) }))
    }
}

impl fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
