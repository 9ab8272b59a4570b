//! Reports about Mochi programs: where they point (`Span`, `SourceFile`), what they say (`Diagnostic`) and how they
//! are shown. Every stage of the compiler produces the same `Diagnostic` value; only this crate turns it into text or JSON.

mod codes;
mod diagnostic;
mod source;

pub use codes::{CODES, CodeInfo, code_info};
pub use diagnostic::{ColumnUnit, Diagnostic, Fix, Label, Severity};
pub use source::{LineColumn, SourceFile, Span};
