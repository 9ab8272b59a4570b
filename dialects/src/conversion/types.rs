//! Type converters.

use crate::ir::{Op, Type};
use mochi_dialects_sys as sys;
use std::{
    ffi::{c_int, c_void},
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What a conversion callback says about a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Converted<'c> {
    To(Type<'c>),
    /// Ask the callback added before this one.
    NotMine,
    /// The type cannot be converted.
    Fail,
}

impl<'c> From<Option<Type<'c>>> for Converted<'c> {
    fn from(ty: Option<Type<'c>>) -> Self {
        ty.map_or(Converted::NotMine, Converted::To)
    }
}

type Callback<'c> = Box<dyn Fn(Type<'c>) -> Converted<'c> + 'c>;

/// A type converter. It must outlive the application of patterns that use it.
pub struct TypeConverter<'c> {
    pub(crate) raw: sys::MochiTypeConverter,
    marker: PhantomData<&'c ()>,
}

impl<'c> TypeConverter<'c> {
    /// A converter that leaves unknown types alone and bridges mismatches with casts.
    pub fn identity() -> Self {
        // SAFETY: plain construction; freed in `drop`.
        TypeConverter { raw: unsafe { sys::mochiTypeConverterCreate() }, marker: PhantomData }
    }

    /// MLIR's converter to LLVM types, for adding ours to.
    pub fn llvm(scope: Op<'c>) -> Self {
        // SAFETY: live op; freed in `drop`.
        let raw = unsafe { sys::mochiLLVMTypeConverterCreate(scope.raw()) };
        TypeConverter { raw, marker: PhantomData }
    }

    /// Adds a conversion; the newest is asked first.
    pub fn add(&self, callback: impl Fn(Type<'c>) -> Converted<'c> + 'c) {
        let boxed: Box<Callback<'c>> = Box::new(Box::new(callback));
        // SAFETY: C++ owns the box and frees it through `drop_callback`.
        unsafe {
            sys::mochiTypeConverterAddConversion(self.raw, convert, Box::into_raw(boxed).cast(), drop_callback);
        }
    }

    /// The converted type, `None` when it cannot be converted.
    pub fn convert(&self, ty: Type<'c>) -> Option<Type<'c>> {
        // SAFETY: live handles.
        let raw = unsafe { sys::mochiTypeConverterConvert(self.raw, ty.raw()) };
        (!raw.ptr.is_null()).then(|| Type::wrap(raw))
    }
}

unsafe extern "C" fn convert(ty: sys::MlirType, result: *mut sys::MlirType, data: *mut c_void) -> c_int {
    // SAFETY: `data` is the box given to C++; `result` is a valid place.
    let callback = unsafe { &*data.cast::<Callback<'_>>() };
    match catch_unwind(AssertUnwindSafe(|| callback(Type::wrap(ty)))) {
        Ok(Converted::To(ty)) => {
            // SAFETY: as above.
            unsafe { *result = ty.raw() };
            1
        }
        Ok(Converted::NotMine) => 0,
        Ok(Converted::Fail) | Err(_) => -1,
    }
}

unsafe extern "C" fn drop_callback(data: *mut c_void) {
    // SAFETY: the box given to C++, returned once.
    drop(unsafe { Box::from_raw(data.cast::<Callback<'_>>()) });
}

impl Drop for TypeConverter<'_> {
    fn drop(&mut self) {
        // SAFETY: created by us, dropped once.
        unsafe { sys::mochiTypeConverterDestroy(self.raw) }
    }
}
