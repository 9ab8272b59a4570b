//! The report value shared by all stages.

use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// What a report's column counts. The language pins byte columns for errors found while scanning characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColumnUnit {
    #[default]
    CodePoints,
    Bytes,
}

/// A further place with the reason why it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// An edit that would remove the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub span: Span,
    pub replacement: String,
    pub description: String,
}

/// One report: code, sentence, place, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The language's code, e.g. `T008`.
    pub code: &'static str,
    /// Kebab-case name of the code for tools, e.g. `type-mismatch`.
    pub id: &'static str,
    pub severity: Severity,
    pub message: String,
    pub span: Span,
    pub column_unit: ColumnUnit,
    pub labels: Vec<Label>,
    pub help: Vec<String>,
    pub fix: Option<Fix>,
}

impl Diagnostic {
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Diagnostic {
            code,
            id: crate::codes::id_of(code),
            severity,
            message: message.into(),
            span,
            column_unit: ColumnUnit::CodePoints,
            labels: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::new(Severity::Error, code, message, span)
    }

    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::new(Severity::Warning, code, message, span)
    }

    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    pub fn with_help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    pub fn with_fix(mut self, span: Span, replacement: impl Into<String>, description: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into(), description: description.into() });
        self
    }

    pub fn with_column_unit(mut self, unit: ColumnUnit) -> Self {
        self.column_unit = unit;
        self
    }

    /// The report with its places counted from `start`; labels before it are dropped.
    #[must_use]
    pub fn moved_back(mut self, start: u32) -> Self {
        let moved = |span: Span| Span::new(span.start.saturating_sub(start), span.end.saturating_sub(start));
        self.labels.retain(|label| label.span.start >= start);
        self.fix.take_if(|fix| fix.span.start < start);
        self.span = moved(self.span);
        self.labels.iter_mut().for_each(|label| label.span = moved(label.span));
        self.fix.iter_mut().for_each(|fix| fix.span = moved(fix.span));
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
