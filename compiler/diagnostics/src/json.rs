//! Reports as JSON, one object a line, for tools.
//!
//! Fields: `code`, `id`, `severity` (`error`, `warning` or `note`), `message`, `file`, `span`, `labels` (objects with
//! `span` and `text`), `help` (strings), `fix` (null, or an object with `span`, `replacement` and `description`).
//! A span is `{"start", "end", "line", "column", "end_line", "end_column"}`: byte offsets from 0 (after a byte order mark,
//! if any), lines and columns from 1, columns in code points.

use std::fmt::Write as _;

use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Span};

pub(crate) fn json_line(file: &SourceFile, diagnostic: &Diagnostic) -> String {
    let mut out = String::from("{");
    field(&mut out, "code", diagnostic.code);
    field(&mut out, "id", diagnostic.id);
    field(&mut out, "severity", diagnostic.severity.name());
    field(&mut out, "message", &diagnostic.message);
    field(&mut out, "file", &file.name());
    out.push_str("\"span\":");
    span(&mut out, file, diagnostic.span);
    out.push_str(",\"labels\":[");
    for (index, label) in diagnostic.labels.iter().enumerate() {
        out.push_str(if index > 0 { ",{" } else { "{" });
        field(&mut out, "text", &label.text);
        out.push_str("\"span\":");
        span(&mut out, file, label.span);
        out.push('}');
    }
    out.push_str("],\"help\":[");
    for (index, help) in diagnostic.help.iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        string(&mut out, help);
    }
    out.push_str("],\"fix\":");
    match &diagnostic.fix {
        None => out.push_str("null"),
        Some(fix) => {
            out.push('{');
            field(&mut out, "replacement", &fix.replacement);
            field(&mut out, "description", &fix.description);
            out.push_str("\"span\":");
            span(&mut out, file, fix.span);
            out.push('}');
        }
    }
    out.push('}');
    out
}

fn field(out: &mut String, name: &str, value: &str) {
    string(out, name);
    out.push(':');
    string(out, value);
    out.push(',');
}

fn span(out: &mut String, file: &SourceFile, span: Span) {
    let (start, end) = (file.line_column(span.start), file.line_column(span.end));
    let _ = write!(
        out,
        "{{\"start\":{},\"end\":{},\"line\":{},\"column\":{},\"end_line\":{},\"end_column\":{}}}",
        span.start, span.end, start.line, start.column, end.line, end.column
    );
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_survives() {
        let file = SourceFile::new("dir/a \"b\".mochi", "let é = 1\nx\n");
        let report = Diagnostic::error("T002", "a \"quoted\"\n\tmessage", Span::new(11, 12))
            .with_label(Span::new(4, 6), "é")
            .with_help("one")
            .with_help("two")
            .with_fix(Span::new(11, 12), "é", "use it");
        let value: serde_json::Value = serde_json::from_str(&json_line(&file, &report)).unwrap();
        assert_eq!(value["code"], "T002");
        assert_eq!(value["id"], "undefined-variable");
        assert_eq!(value["severity"], "error");
        assert_eq!(value["message"], "a \"quoted\"\n\tmessage");
        assert_eq!(value["file"], "dir/a \"b\".mochi");
        assert_eq!(value["span"]["line"], 2);
        assert_eq!(value["labels"][0]["span"]["end_column"], 6);
        assert_eq!(value["help"][1], "two");
        assert_eq!(value["fix"]["replacement"], "é");
    }
}
