//! Reports about Mochi programs: where they point (`Span`, `SourceFile`), what they say (`Diagnostic`) and how they
//! are shown. Every stage of the compiler produces the same `Diagnostic` value; only this crate turns it into text or JSON.

mod codes;
mod diagnostic;
mod explain;
mod json;
mod render;
mod source;

pub use codes::{CODES, CodeInfo, code_info};
pub use diagnostic::{ColumnUnit, Diagnostic, Fix, Label, Severity};
pub use explain::explain;
pub use render::{ErrorFormat, RenderOptions, Report, render, render_all, stderr_wants_color};
pub use source::{LineColumn, SourceFile, Span};
