//! Source locations.

use super::{Attribute, Ctx, collect_string, string_ref, to_str};
use mochi_dialects_sys as sys;
use std::{fmt, marker::PhantomData};

/// A position in a source file, as found in a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceSpan<'c> {
    pub file: &'c str,
    pub line: u32,
    pub column: u32,
}

/// Where an op comes from.
#[derive(Clone, Copy)]
pub struct Location<'c> {
    raw: sys::MlirLocation,
    marker: PhantomData<&'c ()>,
}

impl<'c> Location<'c> {
    pub(crate) fn wrap(raw: sys::MlirLocation) -> Self {
        Location { raw, marker: PhantomData }
    }

    pub fn raw(self) -> sys::MlirLocation {
        self.raw
    }

    /// No position.
    pub fn unknown(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: the context is live.
        Self::wrap(unsafe { sys::mlirLocationUnknownGet(c.into().raw()) })
    }

    /// `file:line:column`, both 1-based.
    pub fn file(c: impl Into<Ctx<'c>>, file: &str, line: u32, column: u32) -> Self {
        // SAFETY: the context is live; the string is copied.
        Self::wrap(unsafe { sys::mlirLocationFileLineColGet(c.into().raw(), string_ref(file), line, column) })
    }

    /// This location with a name in front, as used for variables.
    pub fn named(self, name: &str) -> Self {
        // SAFETY: live handles.
        Self::wrap(unsafe { sys::mlirLocationNameGet(self.context().raw(), string_ref(name), self.raw) })
    }

    /// Several locations in one, with an optional attribute (debug scopes travel so).
    pub fn fused(c: impl Into<Ctx<'c>>, parts: &[Location<'c>], metadata: Option<Attribute<'c>>) -> Self {
        let raws: Vec<_> = parts.iter().map(|l| l.raw).collect();
        let meta = metadata.map_or(sys::MlirAttribute { ptr: std::ptr::null_mut() }, |a| a.raw());
        // SAFETY: live handles; the array is copied.
        Self::wrap(unsafe { sys::mlirLocationFusedGet(c.into().raw(), raws.len() as isize, raws.as_ptr(), meta) })
    }

    pub fn context(self) -> Ctx<'c> {
        // SAFETY: live handle.
        unsafe { Ctx::from_raw(sys::mlirLocationGetContext(self.raw)) }
    }

    /// The file position inside, looking through names, call sites (the callee) and fused locations (the
    /// first that has one).
    pub fn span(self) -> Option<SourceSpan<'c>> {
        // SAFETY: live handles; each cast is guarded by its `IsA`.
        unsafe {
            if sys::mlirLocationIsAFileLineColRange(self.raw) {
                let file = sys::mlirIdentifierStr(sys::mlirLocationFileLineColRangeGetFilename(self.raw));
                return Some(SourceSpan {
                    file: to_str(file),
                    line: sys::mlirLocationFileLineColRangeGetStartLine(self.raw) as u32,
                    column: sys::mlirLocationFileLineColRangeGetStartColumn(self.raw) as u32,
                });
            }
            if sys::mlirLocationIsAName(self.raw) {
                return Self::wrap(sys::mlirLocationNameGetChildLoc(self.raw)).span();
            }
            if sys::mlirLocationIsACallSite(self.raw) {
                return Self::wrap(sys::mlirLocationCallSiteGetCallee(self.raw)).span();
            }
            if sys::mlirLocationIsAFused(self.raw) {
                let n = sys::mlirLocationFusedGetNumLocations(self.raw) as usize;
                let mut raws = vec![self.raw; n];
                sys::mlirLocationFusedGetLocations(self.raw, raws.as_mut_ptr());
                return raws.into_iter().find_map(|l| Self::wrap(l).span());
            }
        }
        None
    }

    /// Reports an error here through the context's diagnostic handlers.
    pub fn emit_error(self, message: &str) {
        // The C API wants a null-terminated string; a NUL inside would cut the message.
        if let Ok(text) = std::ffi::CString::new(message.replace('\0', "")) {
            // SAFETY: live location, valid string.
            unsafe { sys::mlirEmitError(self.raw, text.as_ptr()) }
        }
    }
}

impl PartialEq for Location<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.raw.ptr == other.raw.ptr
    }
}
impl Eq for Location<'_> {}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: live handle.
        f.write_str(&collect_string(|cb, data| unsafe { sys::mlirLocationPrint(self.raw, cb, data) }))
    }
}

impl fmt::Debug for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
