//! Reports as text: the long form with source lines, whose shape the language pins, and a form of one line each.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use crate::diagnostic::{ColumnUnit, Diagnostic, Severity};
use crate::json::json_line;
use crate::source::{SourceFile, Span};
use unicode_width::UnicodeWidthChar as _;

/// A report with the file that its spans belong to.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    pub file: &'a SourceFile,
    pub diagnostic: &'a Diagnostic,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorFormat {
    /// With source lines, help and fixes.
    #[default]
    Text,
    /// `FILE:LINE:COLUMN: error[CODE]: message`
    Short,
    /// One JSON object a line.
    Json,
}

#[derive(Clone, Debug)]
pub struct RenderOptions {
    pub format: ErrorFormat,
    pub color: bool,
    /// Reports shown at most; the rest is counted in a last line. JSON is never cut.
    pub limit: usize,
}

impl Default for RenderOptions {
    /// Fifty reports fill a few screens; who has more reads the first ones anyway.
    fn default() -> Self {
        RenderOptions { format: ErrorFormat::Text, color: false, limit: 50 }
    }
}

/// Whether standard error is a terminal whose user did not opt out of colour.
pub fn stderr_wants_color() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && std::io::stderr().is_terminal()
}

/// Escape sequences, or nothing.
struct Paint {
    error: &'static str,
    warning: &'static str,
    note: &'static str,
    frame: &'static str,
    bold: &'static str,
    help: &'static str,
    off: &'static str,
}

const COLORS: Paint = Paint {
    error: "\x1b[1;31m",
    warning: "\x1b[1;33m",
    note: "\x1b[1;36m",
    frame: "\x1b[34m",
    bold: "\x1b[1m",
    help: "\x1b[32m",
    off: "\x1b[0m",
};
const PLAIN: Paint = Paint { error: "", warning: "", note: "", frame: "", bold: "", help: "", off: "" };

impl Paint {
    fn of(color: bool) -> &'static Paint {
        if color { &COLORS } else { &PLAIN }
    }

    fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }
}

/// Line and column as the report's code counts them.
pub(crate) fn shown_position(file: &SourceFile, diagnostic: &Diagnostic) -> (u32, u32) {
    let place = file.line_column(diagnostic.span.start);
    match diagnostic.column_unit {
        ColumnUnit::CodePoints => (place.line, place.column),
        ColumnUnit::Bytes => (place.line, place.byte_column),
    }
}

/// One report in the long form, without a line break at its end.
pub fn render(file: &SourceFile, diagnostic: &Diagnostic, color: bool) -> String {
    let paint = Paint::of(color);
    let (line, column) = shown_position(file, diagnostic);
    let mut out = String::new();
    let (severity, off) = (paint.severity(diagnostic.severity), paint.off);
    let _ = writeln!(
        out,
        "{severity}{}[{}]{off}{}: {}{off}",
        diagnostic.severity.name(),
        diagnostic.code,
        paint.bold,
        diagnostic.message,
    );
    snippet(&mut out, file, (line, column), paint, severity);
    for label in &diagnostic.labels {
        let place = file.line_column(label.span.start);
        let _ = writeln!(out, "\n{}note{off}: {}", paint.note, label.text);
        snippet(&mut out, file, (place.line, place.column), paint, paint.note);
    }
    if !diagnostic.help.is_empty() {
        let _ = writeln!(out, "\n{}help{off}:", paint.help);
        for text in &diagnostic.help {
            for line in text.lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
    if let Some(fix) = &diagnostic.fix {
        let _ = writeln!(out, "\n{}fix{off}: {}", paint.help, fix.description);
        fix_preview(&mut out, file, fix.span, &fix.replacement, paint);
    }
    out.truncate(out.trim_end().len());
    out
}

/// The arrow line, then the source line with a caret below; an empty source line is left out.
fn snippet(out: &mut String, file: &SourceFile, (line, column): (u32, u32), paint: &Paint, caret: &str) {
    let (frame, off) = (paint.frame, paint.off);
    let _ = writeln!(out, "  {frame}-->{off} {}:{line}:{column}", file.name());
    let text = file.line_text(line);
    if text.trim().is_empty() {
        return;
    }
    let number = format!("{line:>3}");
    let padding = blanks(text, column);
    let _ = writeln!(out, "\n{frame}{number} |{off} {}", visible(text));
    let _ = writeln!(out, "{frame}{:width$} |{off} {padding}{caret}^{off}", "", width = number.len());
}

/// The text with a sign for each character that would do something to the terminal instead of being shown.
fn visible(text: &str) -> String {
    text.chars().map(sign).collect()
}

fn sign(c: char) -> char {
    match c {
        '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '\u{2421}',
        // C1 controls, changes of direction, and the byte order mark.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {
            char::REPLACEMENT_CHARACTER
        }
        _ => c,
    }
}

/// Blanks as wide as the characters before the column, tabs kept, so that the caret stays below its character.
fn blanks(text: &str, column: u32) -> String {
    let before = column.saturating_sub(1) as usize;
    let mut padding = String::new();
    for c in text.chars().take(before).map(sign) {
        match c {
            '\t' => padding.push(c),
            _ => padding.extend(std::iter::repeat_n(' ', c.width().unwrap_or(0))),
        }
    }
    let missing = before.saturating_sub(text.chars().count());
    padding.extend(std::iter::repeat_n(' ', missing));
    padding
}

/// The line after the fix, when the fix stays within one line.
fn fix_preview(out: &mut String, file: &SourceFile, span: Span, replacement: &str, paint: &Paint) {
    let (start, end) = (file.line_column(span.start), file.line_column(span.end));
    let Some(line_start) = file.line_start(start.line) else { return };
    let text = file.line_text(start.line);
    let (from, to) = (span.start.saturating_sub(line_start) as usize, span.end.saturating_sub(line_start) as usize);
    if start.line != end.line || replacement.contains('\n') {
        return;
    }
    if let (Some(before), Some(after)) = (text.get(..from), text.get(to..)) {
        let (frame, off, help) = (paint.frame, paint.off, paint.help);
        let (before, after) = (visible(before), visible(after));
        let _ = writeln!(out, "\n{frame}{:>3} |{off} {before}{help}{replacement}{off}{after}", start.line);
    }
}

/// One report in one line.
fn short(report: Report<'_>, paint: &Paint) -> String {
    let Report { file, diagnostic } = report;
    let (line, column) = shown_position(file, diagnostic);
    format!(
        "{}:{line}:{column}: {}{}[{}]{}: {}",
        file.name(),
        paint.severity(diagnostic.severity),
        diagnostic.severity.name(),
        diagnostic.code,
        paint.off,
        diagnostic.message.replace('\n', " "),
    )
}

/// Which list of the long form a report belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Parse,
    Type,
    Plain,
}

fn group_of(diagnostic: &Diagnostic) -> Group {
    match (diagnostic.severity, diagnostic.code.as_bytes().first()) {
        (Severity::Error, Some(b'P')) => Group::Parse,
        (Severity::Error, Some(b'T')) => Group::Type,
        _ => Group::Plain,
    }
}

/// All reports of a run, ready to be written to standard error; empty for no reports.
///
/// In the long form syntax errors stand below `parse error:` and type errors below `type error:`, the latter numbered;
/// all other reports come before them without a heading.
pub fn render_all(reports: &[Report<'_>], options: &RenderOptions) -> String {
    let paint = Paint::of(options.color);
    let mut out = String::new();
    if options.format == ErrorFormat::Json {
        for report in reports {
            out.push_str(&json_line(report.file, report.diagnostic));
            out.push('\n');
        }
        return out;
    }
    let limit = options.limit.max(1);
    // Errors are shown before warnings are: the limit must not hide them.
    let mut ordered: Vec<Report<'_>> = reports.to_vec();
    ordered.sort_by_key(|report| report.diagnostic.severity);
    ordered.truncate(limit);
    match options.format {
        ErrorFormat::Short => {
            for report in &ordered {
                out.push_str(&short(*report, paint));
                out.push('\n');
            }
        }
        ErrorFormat::Text | ErrorFormat::Json => {
            for report in ordered.iter().filter(|report| group_of(report.diagnostic) == Group::Plain) {
                let _ = writeln!(out, "{}\n", render(report.file, report.diagnostic, options.color));
            }
            grouped(&mut out, &ordered, Group::Parse, options.color);
            grouped(&mut out, &ordered, Group::Type, options.color);
        }
    }
    let hidden = reports.len().saturating_sub(limit);
    if hidden > 0 {
        let _ = writeln!(out, "… and {hidden} more");
    }
    out
}

fn grouped(out: &mut String, reports: &[Report<'_>], group: Group, color: bool) {
    let members = reports.iter().filter(|report| group_of(report.diagnostic) == group);
    for (index, report) in members.enumerate() {
        let text = render(report.file, report.diagnostic, color);
        let _ = match group {
            Group::Parse if index == 0 => writeln!(out, "parse error:\n  {text}"),
            Group::Parse => writeln!(out, "\n  {text}"),
            Group::Type if index == 0 => writeln!(out, "type error:\n   1. {text}"),
            Group::Type => writeln!(out, "  {:>2}. {text}", index + 1),
            Group::Plain => writeln!(out, "{text}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> SourceFile {
        SourceFile::new("a.mochi", "let a = [1, 2]\nlet x = a[]\n\tprint(é + y)\n")
    }

    #[test]
    fn long_form() {
        let report =
            Diagnostic::error("P060", "no key", Span::new(24, 25)).with_help("Write one.").with_help("Or two.");
        let expected = "error[P060]: no key\n  --> a.mochi:2:10\n\n  2 | let x = a[]\n    |          ^\n\nhelp:\n  \
                        Write one.\n  Or two.";
        assert_eq!(render(&file(), &report, false), expected);
    }

    #[test]
    fn empty_lines_have_no_snippet() {
        let report = Diagnostic::error("P001", "x", Span::at(999)).with_help("h");
        assert_eq!(render(&file(), &report, false), "error[P001]: x\n  --> a.mochi:4:1\n\nhelp:\n  h");
    }

    #[test]
    fn labels_fixes_and_tabs() {
        let report = Diagnostic::error("T002", "undefined variable: y", Span::new(39, 40))
            .with_label(Span::new(4, 5), "similar name here")
            .with_fix(Span::new(39, 40), "a", "use `a`");
        let expected = "error[T002]: undefined variable: y\n  --> a.mochi:3:12\n\n  3 | \tprint(é + y)\n    | \t          ^\n\n\
                        note: similar name here\n  --> a.mochi:1:5\n\n  1 | let a = [1, 2]\n    |     ^\n\nfix: use `a`\n\n  \
                        3 | \tprint(é + a)";
        assert_eq!(render(&file(), &report, false), expected);
    }

    #[test]
    fn the_caret_stands_below_its_character() {
        assert_eq!(blanks("ab x", 4), "   ");
        assert_eq!(blanks("\tx", 2), "\t");
        assert_eq!(blanks("日本 x", 4), "     ", "wide characters take two columns");
        assert_eq!(blanks("e\u{301} x", 4), "  ", "combining characters take none");
        assert_eq!(blanks("ab", 6), "     ", "behind the line");
    }

    #[test]
    fn characters_that_would_act_are_shown_as_signs() {
        assert_eq!(visible("a\x1b[31m\tb\u{202e}"), "a\u{241b}[31m\tb\u{fffd}");
    }

    #[test]
    fn byte_columns_when_asked() {
        let report = Diagnostic::error("P041", "x", Span::new(39, 40)).with_column_unit(ColumnUnit::Bytes);
        assert!(render(&file(), &report, false).contains("a.mochi:3:13"));
    }

    #[test]
    fn lists_are_grouped_numbered_and_capped() {
        let file = file();
        let parse = Diagnostic::error("P999", "p", Span::new(0, 1));
        let first = Diagnostic::error("T001", "one", Span::new(0, 1));
        let second = Diagnostic::error("T002", "two", Span::new(0, 1));
        let warning = Diagnostic::warning("P065", "w", Span::new(0, 1));
        let all: Vec<_> =
            [&warning, &first, &parse, &second].map(|diagnostic| Report { file: &file, diagnostic }).into();
        let text = render_all(&all, &RenderOptions::default());
        let heads: Vec<_> = text.lines().filter(|line| line.contains("error") || line.contains("warning")).collect();
        assert_eq!(
            heads,
            [
                "warning[P065]: w",
                "parse error:",
                "  error[P999]: p",
                "type error:",
                "   1. error[T001]: one",
                "   2. error[T002]: two"
            ]
        );
        let options = RenderOptions { format: ErrorFormat::Short, limit: 2, ..RenderOptions::default() };
        assert_eq!(
            render_all(&all, &options),
            "a.mochi:1:1: error[T001]: one\na.mochi:1:1: error[P999]: p\n… and 2 more\n"
        );
        assert_eq!(render_all(&[], &RenderOptions::default()), "");
    }

    #[test]
    fn colour_adds_only_escapes() {
        let report = Diagnostic::error("P060", "no key", Span::new(24, 25)).with_help("Write one.");
        let colored = render(&file(), &report, true);
        let mut plain = String::new();
        let mut rest = colored.as_str();
        while let Some((before, after)) = rest.split_once('\x1b') {
            plain.push_str(before);
            rest = after.split_once('m').map_or("", |(_, tail)| tail);
        }
        plain.push_str(rest);
        assert_eq!(plain, render(&file(), &report, false));
    }
}
