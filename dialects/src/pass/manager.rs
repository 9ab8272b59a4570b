//! Pass managers: parse a pipeline text, run it, watch it.

use crate::ir::{Ctx, Diagnostic, Op, collect_string, string_ref, to_str};
use mochi_dialects_sys as sys;
use std::{
    ffi::c_void,
    marker::PhantomData,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Registers the upstream passes that Mochi's pipelines name (idempotent).
pub fn register_needed_passes() {
    // SAFETY: guarded inside against a second call.
    unsafe { sys::mochiRegisterNeededPasses() }
}

/// Gives a pipeline text a name that other texts and `mochi-opt` can use.
pub fn register_pipeline(argument: &'static str, description: &'static str, text: &str) {
    // SAFETY: the name and description live on, the text is copied.
    unsafe { sys::mochiRegisterPipeline(string_ref(argument), string_ref(description), string_ref(text)) }
}

/// When MLIR itself prints the IR, to stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrintIr {
    pub before_all: bool,
    pub after_all: bool,
    pub after_change: bool,
    pub after_failure: bool,
    pub locations: bool,
}

type AfterPass<'a> = Box<dyn FnMut(&str, Op<'_>, bool) + 'a>;

/// A pass manager on `builtin.module`.
pub struct PassManager<'c> {
    raw: sys::MlirPassManager,
    // Boxed twice for a thin, stable pointer that C++ keeps.
    #[allow(clippy::vec_box)]
    callbacks: Vec<Box<AfterPass<'c>>>,
    marker: PhantomData<&'c ()>,
}

impl<'c> PassManager<'c> {
    pub fn new(c: impl Into<Ctx<'c>>) -> Self {
        // SAFETY: the context is live; freed in `drop`.
        let raw = unsafe { sys::mlirPassManagerCreateOnOperation(c.into().raw(), string_ref("builtin.module")) };
        PassManager { raw, callbacks: Vec::new(), marker: PhantomData }
    }

    /// A pass manager for a pipeline text, `builtin.module(…)` or just what stands inside.
    pub fn parse(c: impl Into<Ctx<'c>>, pipeline: &str) -> Result<Self, String> {
        let manager = Self::new(c);
        manager.add(pipeline)?;
        Ok(manager)
    }

    /// Adds what a pipeline text says.
    pub fn add(&self, pipeline: &str) -> Result<(), String> {
        let mut ok = true;
        let text = pipeline.trim();
        let inner = text.strip_prefix("builtin.module(").and_then(|t| t.strip_suffix(')')).unwrap_or(text);
        let message = collect_string(|callback, data| {
            // SAFETY: the manager is live; strings live during the call.
            ok = unsafe {
                let op = sys::mlirPassManagerGetAsOpPassManager(self.raw);
                sys::mlirOpPassManagerAddPipeline(op, string_ref(inner), callback, data).value != 0
            };
        });
        if ok { Ok(()) } else { Err(message.trim().to_owned()) }
    }

    /// Runs the verifier after each pass.
    pub fn verify_each(&self, on: bool) {
        // SAFETY: live manager.
        unsafe { sys::mlirPassManagerEnableVerifier(self.raw, on) }
    }

    /// Prints a table of times to stderr when the manager is dropped.
    pub fn enable_timing(&self) {
        // SAFETY: live manager.
        unsafe { sys::mlirPassManagerEnableTiming(self.raw) }
    }

    /// Lets MLIR print the IR to stderr.
    pub fn print_ir(&self, print: PrintIr) {
        // SAFETY: live manager; the flags are copied.
        unsafe {
            let flags = sys::mlirOpPrintingFlagsCreate();
            if print.locations {
                sys::mlirOpPrintingFlagsEnableDebugInfo(flags, true, false);
            }
            sys::mlirPassManagerEnableIRPrinting(
                self.raw,
                print.before_all,
                print.after_all || print.after_change,
                false,
                print.after_change,
                print.after_failure,
                flags,
                string_ref(""),
            );
            sys::mlirOpPrintingFlagsDestroy(flags);
        }
    }

    /// Calls `callback(argument, op, failed)` after each pass.
    pub fn after_pass(&mut self, callback: impl FnMut(&str, Op<'_>, bool) + 'c) {
        let boxed: Box<AfterPass<'c>> = Box::new(Box::new(callback));
        // SAFETY: the box lives as long as the manager.
        unsafe {
            sys::mochiPassManagerAddAfterPass(self.raw, after_pass, (&raw const *boxed).cast_mut().cast());
        }
        self.callbacks.push(boxed);
    }

    /// Writes a file with the IR and the pipeline when a pass fails or crashes.
    pub fn reproducer(&self, path: &str, local: bool) {
        // SAFETY: live manager; the path is copied.
        unsafe { sys::mochiPassManagerEnableReproducer(self.raw, string_ref(path), local) }
    }

    /// The pipeline as text.
    pub fn pipeline(&self) -> String {
        collect_string(|callback, data| {
            // SAFETY: live manager.
            unsafe {
                let op = sys::mlirPassManagerGetAsOpPassManager(self.raw);
                sys::mlirPrintPassPipeline(op, callback, data);
            }
        })
    }

    /// Runs all passes. Diagnostics go to the context's handlers.
    pub fn run(&mut self, op: Op<'c>) -> bool {
        // SAFETY: live handles.
        unsafe { sys::mlirPassManagerRunOnOp(self.raw, op.raw()).value != 0 }
    }

    /// Runs all passes and returns the diagnostics of a failure.
    pub fn run_collecting(&mut self, op: Op<'c>) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let (ok, list) = op.context().collect_diagnostics(|| self.run(op));
        if ok { Ok(list) } else { Err(list) }
    }
}

unsafe extern "C" fn after_pass(argument: sys::MlirStringRef, op: sys::MlirOperation, failed: bool, data: *mut c_void) {
    // SAFETY: `data` is the callback boxed above; the op is live during the call.
    let (callback, op) = unsafe { (&mut *data.cast::<AfterPass<'_>>(), Op::from_raw(op)) };
    // A panic must not unwind through C++; a watcher that panics is only not told any more about this pass.
    let _ = catch_unwind(AssertUnwindSafe(|| callback(to_str(argument), op, failed)));
}

impl Drop for PassManager<'_> {
    fn drop(&mut self) {
        // SAFETY: created by us, dropped once, before the callbacks.
        unsafe { sys::mlirPassManagerDestroy(self.raw) }
    }
}

/// The main function of `mochi-opt`: `MlirOptMain` with everything upstream registers, Mochi's dialect, and the
/// passes registered before. Returns the exit status.
pub fn opt_main(args: impl IntoIterator<Item = String>) -> i32 {
    let owned: Vec<std::ffi::CString> = args.into_iter().filter_map(|a| std::ffi::CString::new(a).ok()).collect();
    let mut pointers: Vec<*mut std::ffi::c_char> = owned.iter().map(|a| a.as_ptr().cast_mut()).collect();
    let count = pointers.len() as i32;
    pointers.push(std::ptr::null_mut());
    // SAFETY: an argument vector as `main` gets it: NUL-terminated strings, a null pointer at the end.
    unsafe { sys::mochiOptMain(count, pointers.as_mut_ptr()) }
}
