//! Contexts: the owned `Context` and the `Copy` handle `Ctx` that constructors take.

use super::{Builder, Op, Type, string_ref};
use mochi_dialects_sys as sys;
use std::marker::PhantomData;

/// A dialect that a registry can take or a pass can depend on.
#[derive(Clone, Copy)]
pub struct DialectHandle(pub(crate) sys::MlirDialectHandle);

// SAFETY: a dialect handle is a pointer to a constant table.
unsafe impl Send for DialectHandle {}
// SAFETY: as above.
unsafe impl Sync for DialectHandle {}

macro_rules! dialect_handles {
    ($($(#[$doc:meta])* $name:ident => $function:ident;)*) => {
        impl DialectHandle {
            $($(#[$doc])* pub fn $name() -> DialectHandle {
                // SAFETY: returns a constant.
                DialectHandle(unsafe { sys::$function() })
            })*
        }
    };
}

dialect_handles! {
    /// Mochi's own dialect.
    mochi => mlirGetDialectHandle__mochi__;
    arith => mlirGetDialectHandle__arith__;
    cf => mlirGetDialectHandle__cf__;
    func => mlirGetDialectHandle__func__;
    index => mlirGetDialectHandle__index__;
    llvm => mlirGetDialectHandle__llvm__;
    math => mlirGetDialectHandle__math__;
    memref => mlirGetDialectHandle__memref__;
    scf => mlirGetDialectHandle__scf__;
    vector => mlirGetDialectHandle__vector__;
    affine => mlirGetDialectHandle__affine__;
}

/// A list of dialects a context may load.
pub struct Registry(pub(crate) sys::MlirDialectRegistry);

impl Registry {
    /// Mochi and the upstream dialects that its pipelines use, with their translations to LLVM IR.
    pub fn needed() -> Self {
        // SAFETY: plain construction; freed in `drop`.
        unsafe {
            let raw = sys::mlirDialectRegistryCreate();
            sys::mochiRegisterNeededDialects(raw);
            sys::mlirDialectHandleInsertDialect(DialectHandle::mochi().0, raw);
            Registry(raw)
        }
    }

    /// Adds one dialect.
    pub fn insert(&self, dialect: DialectHandle) {
        // SAFETY: both handles are live.
        unsafe { sys::mlirDialectHandleInsertDialect(dialect.0, self.0) }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // SAFETY: created by us, dropped once.
        unsafe { sys::mlirDialectRegistryDestroy(self.0) }
    }
}

/// An owned MLIR context. Everything made in it borrows from it.
pub struct Context {
    raw: sys::MlirContext,
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

impl Context {
    /// A context with Mochi's dialect and the upstream ones we need; no thread pool, because our modules are
    /// small and starting threads costs more than it gains.
    pub fn new() -> Self {
        Self::with_registry(&Registry::needed())
    }

    /// A context that may load what `registry` lists.
    pub fn with_registry(registry: &Registry) -> Self {
        // SAFETY: the registry is live; the context copies what it needs.
        let raw = unsafe { sys::mlirContextCreateWithRegistry(registry.0, false) };
        let context = Context { raw };
        // Builders create these without a parser that would load them.
        for dialect in ["mochi", "func", "arith", "cf", "math", "llvm"] {
            context.handle().load_dialect(dialect);
        }
        context
    }

    /// The handle that constructors take.
    pub fn handle(&self) -> Ctx<'_> {
        Ctx { raw: self.raw, marker: PhantomData }
    }

    /// The raw handle, for other crates that call the C API.
    pub fn raw(&self) -> sys::MlirContext {
        self.raw
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: created by us, dropped once; borrows end before.
        unsafe { sys::mlirContextDestroy(self.raw) }
    }
}

/// A borrowed context: what `op.context()` gives and every constructor takes (`impl Into<Ctx>`).
#[derive(Clone, Copy)]
pub struct Ctx<'c> {
    raw: sys::MlirContext,
    marker: PhantomData<&'c ()>,
}

impl<'c> Ctx<'c> {
    /// Wraps a raw context.
    ///
    /// # Safety
    /// `raw` must be a live context that outlives `'c`.
    pub unsafe fn from_raw(raw: sys::MlirContext) -> Self {
        Ctx { raw, marker: PhantomData }
    }

    /// The raw handle.
    pub fn raw(self) -> sys::MlirContext {
        self.raw
    }

    /// Loads a registered dialect; false when nobody registered it.
    pub fn load_dialect(self, name: &str) -> bool {
        // SAFETY: the context is live.
        unsafe { !sys::mlirContextGetOrLoadDialect(self.raw, string_ref(name)).ptr.is_null() }
    }

    /// Lets ops of unknown dialects in (tests only).
    pub fn allow_unregistered(self) {
        // SAFETY: the context is live.
        unsafe { sys::mlirContextSetAllowUnregisteredDialects(self.raw, true) }
    }

    /// Whether an op of this name is known.
    pub fn knows_op(self, name: &str) -> bool {
        // SAFETY: the context is live.
        unsafe { sys::mlirContextIsRegisteredOperation(self.raw, string_ref(name)) }
    }
}

impl<'c> From<&'c Context> for Ctx<'c> {
    fn from(context: &'c Context) -> Self {
        context.handle()
    }
}

impl<'c> From<&Builder<'c>> for Ctx<'c> {
    fn from(builder: &Builder<'c>) -> Self {
        builder.ctx()
    }
}

impl<'c> From<Op<'c>> for Ctx<'c> {
    fn from(op: Op<'c>) -> Self {
        op.context()
    }
}

impl<'c> From<Type<'c>> for Ctx<'c> {
    fn from(ty: Type<'c>) -> Self {
        ty.context()
    }
}
