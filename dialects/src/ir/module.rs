//! Owned modules.

use super::{Block, Context, Ctx, Location, Op, string_ref};
use mochi_dialects_sys as sys;
use std::{fmt, marker::PhantomData};

/// An owned `builtin.module`.
pub struct Module<'c> {
    raw: sys::MlirModule,
    marker: PhantomData<&'c Context>,
}

impl<'c> Module<'c> {
    /// An empty module.
    pub fn new(loc: Location<'c>) -> Self {
        // SAFETY: live location.
        Module { raw: unsafe { sys::mlirModuleCreateEmpty(loc.raw()) }, marker: PhantomData }
    }

    /// Parses MLIR text or bytecode; `None` after diagnostics went to the context's handlers.
    pub fn parse(c: impl Into<Ctx<'c>>, text: &str) -> Option<Self> {
        // The parser wants a terminating NUL behind the text it is given.
        let mut owned = String::with_capacity(text.len() + 1);
        owned.push_str(text);
        owned.push('\0');
        // SAFETY: the context is live, the text is NUL-terminated.
        let raw = unsafe { sys::mlirModuleCreateParse(c.into().raw(), string_ref(&owned[..text.len()])) };
        (!raw.ptr.is_null()).then_some(Module { raw, marker: PhantomData })
    }

    pub fn raw(&self) -> sys::MlirModule {
        self.raw
    }

    /// The module op.
    pub fn op(&self) -> Op<'c> {
        // SAFETY: live module.
        Op::wrap(unsafe { sys::mlirModuleGetOperation(self.raw) })
    }

    /// The block that holds the module's ops.
    pub fn body(&self) -> Block<'c> {
        // SAFETY: live module.
        Block::wrap(unsafe { sys::mlirModuleGetBody(self.raw) })
    }

    pub fn context(&self) -> Ctx<'c> {
        self.op().context()
    }

    /// Runs the verifier; diagnostics go to the context's handlers.
    pub fn verify(&self) -> bool {
        self.op().verify()
    }

    /// Gives the module up to a caller of the C API, who must destroy it.
    pub fn into_raw(self) -> sys::MlirModule {
        let raw = self.raw;
        std::mem::forget(self);
        raw
    }
}

impl Drop for Module<'_> {
    fn drop(&mut self) {
        // SAFETY: owned, dropped once.
        unsafe { sys::mlirModuleDestroy(self.raw) }
    }
}

impl fmt::Display for Module<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.op(), f)
    }
}
