//! Conversion patterns, targets and their application.

use super::{Rewriter, TypeConverter};
use crate::{
    ir::{Ctx, Op, Value, string_ref},
    pass::PassError,
};
use mochi_dialects_sys as sys;
use std::{
    ffi::c_void,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Why a pattern did not apply. The conversion then tries the next one and fails if none is left.
#[derive(Debug)]
pub struct NoMatch;

pub type Match = Result<(), NoMatch>;

type Callback<'c> = Box<dyn Fn(Op<'c>, &[Value<'c>], &Rewriter<'c>) -> Match + 'c>;

/// A set of conversion patterns.
pub struct Patterns<'c> {
    raw: sys::MlirRewritePatternSet,
    marker: PhantomData<&'c ()>,
}

impl<'c> Patterns<'c> {
    pub fn new(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: live context; freed in `drop`.
        Patterns { raw: unsafe { sys::mochiPatternSetCreate(c.into().raw()) }, marker: PhantomData }
    }

    /// Adds a pattern for ops of one name. `args` are the converted operands; use them, not `op.operand(i)`,
    /// since replaced ops stay until the conversion ends. With `Err(NoMatch)` nothing may have been changed.
    pub fn add(
        &self,
        converter: &TypeConverter<'c>,
        name: &str,
        callback: impl Fn(Op<'c>, &[Value<'c>], &Rewriter<'c>) -> Match + 'c,
    ) {
        self.add_with_benefit(converter, name, 1, callback);
    }

    /// As `add`; patterns of higher benefit are tried first.
    pub fn add_with_benefit(
        &self,
        converter: &TypeConverter<'c>,
        name: &str,
        benefit: u32,
        callback: impl Fn(Op<'c>, &[Value<'c>], &Rewriter<'c>) -> Match + 'c,
    ) {
        let boxed: Box<Callback<'c>> = Box::new(Box::new(callback));
        // SAFETY: C++ owns the box and frees it through `drop_pattern`.
        unsafe {
            sys::mochiPatternSetAddConversion(
                self.raw,
                converter.raw,
                string_ref(name),
                benefit,
                run_pattern,
                Box::into_raw(boxed).cast(),
                drop_pattern,
            );
        }
    }

    /// Adds the upstream patterns arith, math, memref, cf, func, index, ub → llvm. The converter must be
    /// `TypeConverter::llvm`.
    pub fn populate_to_llvm(&self, converter: &TypeConverter<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiPatternSetPopulateToLLVM(self.raw, converter.raw) }
    }

    /// Adds the patterns that convert types of functions, calls, returns and branches.
    pub fn populate_structural_types(&self, converter: &TypeConverter<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiPatternSetPopulateStructuralTypes(self.raw, converter.raw) }
    }
}

impl Drop for Patterns<'_> {
    fn drop(&mut self) {
        // SAFETY: created by us, dropped once.
        unsafe { sys::mlirRewritePatternSetDestroy(self.raw) }
    }
}

unsafe extern "C" fn run_pattern(
    op: sys::MlirOperation,
    count: isize,
    operands: *mut sys::MlirValue,
    rewriter: sys::MochiRewriter,
    data: *mut c_void,
) -> bool {
    // SAFETY: `data` is the box given to C++; the other handles are live during the call.
    let (callback, op, args) = unsafe {
        let args: Vec<Value<'_>> = (0..count).map(|i| Value::wrap(*operands.offset(i))).collect();
        (&*data.cast::<Callback<'_>>(), Op::from_raw(op), args)
    };
    let rw = Rewriter::new(rewriter, op);
    match catch_unwind(AssertUnwindSafe(|| callback(op, &args, &rw))) {
        Ok(result) => result.is_ok(),
        Err(payload) => {
            let what = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("unknown reason");
            op.emit_error(&format!("internal error while converting {}: {what}", op.name()));
            false
        }
    }
}

unsafe extern "C" fn drop_pattern(data: *mut c_void) {
    // SAFETY: the box given to C++, returned once.
    drop(unsafe { Box::from_raw(data.cast::<Callback<'_>>()) });
}

type Legality<'c> = Box<dyn Fn(Op<'c>) -> bool + 'c>;

/// Which ops may be left by a conversion.
pub struct Target<'c> {
    raw: sys::MochiConversionTarget,
    marker: PhantomData<&'c ()>,
}

impl<'c> Target<'c> {
    pub fn new(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: live context; freed in `drop`.
        Target { raw: unsafe { sys::mochiConversionTargetCreate(c.into().raw()) }, marker: PhantomData }
    }

    /// Ops of these dialects may stay.
    pub fn legal_dialects(self, names: &[&str]) -> Self {
        names.iter().fold(self, |t, n| t.dialect(n, true))
    }

    /// Ops of these dialects must go.
    pub fn illegal_dialects(self, names: &[&str]) -> Self {
        names.iter().fold(self, |t, n| t.dialect(n, false))
    }

    pub fn dialect(self, name: &str, legal: bool) -> Self {
        // SAFETY: live handle; C++ copies the name.
        unsafe { sys::mochiConversionTargetSetDialect(self.raw, string_ref(name), legal) };
        self
    }

    pub fn op(self, name: &str, legal: bool) -> Self {
        // SAFETY: live handle.
        unsafe { sys::mochiConversionTargetSetOp(self.raw, string_ref(name), legal) };
        self
    }

    /// Ops of this name may stay where `legal` says so.
    pub fn dynamic_op(self, name: &str, legal: impl Fn(Op<'c>) -> bool + 'c) -> Self {
        let boxed: Box<Legality<'c>> = Box::new(Box::new(legal));
        // SAFETY: C++ owns the box and frees it through `drop_legality`.
        unsafe {
            sys::mochiConversionTargetSetDynamicOp(
                self.raw,
                string_ref(name),
                ask_legality,
                Box::into_raw(boxed).cast(),
                drop_legality,
            );
        }
        self
    }

    /// Ops nobody said anything about may stay.
    pub fn unknown_legal(self) -> Self {
        // SAFETY: live handle.
        unsafe { sys::mochiConversionTargetSetUnknownLegal(self.raw) };
        self
    }
}

unsafe extern "C" fn ask_legality(op: sys::MlirOperation, data: *mut c_void) -> bool {
    // SAFETY: `data` is the box given to C++; the op is live.
    let (callback, op) = unsafe { (&*data.cast::<Legality<'_>>(), Op::from_raw(op)) };
    catch_unwind(AssertUnwindSafe(|| callback(op))).unwrap_or(false)
}

unsafe extern "C" fn drop_legality(data: *mut c_void) {
    // SAFETY: the box given to C++, returned once.
    drop(unsafe { Box::from_raw(data.cast::<Legality<'_>>()) });
}

impl Drop for Target<'_> {
    fn drop(&mut self) {
        // SAFETY: created by us, dropped once.
        unsafe { sys::mochiConversionTargetDestroy(self.raw) }
    }
}

/// Whether ops without a verdict may stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Partial,
    Full,
}

/// Applies the patterns; on failure MLIR has reported why and the IR is as it was before.
pub fn apply(op: Op<'_>, target: &Target<'_>, patterns: &Patterns<'_>, mode: Mode) -> Result<(), PassError> {
    // SAFETY: live handles; C++ moves the patterns out of the set, which stays valid and empty.
    let ok = unsafe { sys::mochiApplyConversion(op.raw(), target.raw, patterns.raw, mode == Mode::Full) };
    if ok { Ok(()) } else { Err(PassError::reported()) }
}
