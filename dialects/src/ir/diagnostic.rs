//! MLIR's own diagnostics, collected as values.

use super::{Ctx, Location, collect_string};
use mochi_dialects_sys as sys;
use std::{cell::RefCell, ffi::c_void, rc::Rc};

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
    Note,
    Remark,
}

/// One diagnostic of MLIR: a verifier's or a pass's complaint.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub severity: Severity,
    pub message: String,
    /// The printed location.
    pub location: String,
    /// File, line and column when the location has them.
    pub span: Option<(String, u32, u32)>,
    pub notes: Vec<Diagnostic>,
}

type Sink = Rc<RefCell<Vec<Diagnostic>>>;

fn read(raw: sys::MlirDiagnostic) -> Diagnostic {
    // SAFETY: `raw` is live during the handler's call.
    unsafe {
        let location = Location::wrap(sys::mlirDiagnosticGetLocation(raw));
        let severity = match sys::mlirDiagnosticGetSeverity(raw) {
            sys::MlirDiagnosticSeverity_MlirDiagnosticWarning => Severity::Warning,
            sys::MlirDiagnosticSeverity_MlirDiagnosticNote => Severity::Note,
            sys::MlirDiagnosticSeverity_MlirDiagnosticRemark => Severity::Remark,
            _ => Severity::Error,
        };
        let notes =
            (0..sys::mlirDiagnosticGetNumNotes(raw)).map(|i| read(sys::mlirDiagnosticGetNote(raw, i))).collect();
        Diagnostic {
            severity,
            message: collect_string(|cb, data| sys::mlirDiagnosticPrint(raw, cb, data)),
            location: location.to_string(),
            span: location.span().map(|s| (s.file.to_owned(), s.line, s.column)),
            notes,
        }
    }
}

unsafe extern "C" fn handle(raw: sys::MlirDiagnostic, data: *mut c_void) -> sys::MlirLogicalResult {
    // SAFETY: `data` is the sink boxed in `collect_diagnostics`, alive until the handler is detached.
    let sink = unsafe { &*data.cast::<Sink>() };
    sink.borrow_mut().push(read(raw));
    sys::MlirLogicalResult { value: 1 }
}

impl<'c> Ctx<'c> {
    /// Runs `f` and returns what MLIR reported meanwhile, instead of printing it to stderr.
    pub fn collect_diagnostics<R>(self, f: impl FnOnce() -> R) -> (R, Vec<Diagnostic>) {
        let sink: Sink = Rc::default();
        let boxed = Box::new(Rc::clone(&sink));
        // SAFETY: the box outlives the attachment, which ends before it is dropped.
        let id = unsafe {
            sys::mlirContextAttachDiagnosticHandler(
                self.raw(),
                Some(handle),
                (&raw const *boxed).cast_mut().cast(),
                None,
            )
        };
        let result = f();
        // SAFETY: attached above.
        unsafe { sys::mlirContextDetachDiagnosticHandler(self.raw(), id) };
        drop(boxed);
        let list = std::mem::take(&mut *sink.borrow_mut());
        (result, list)
    }
}
