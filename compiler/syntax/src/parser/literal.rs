//! Values of literals.

use mochi_diagnostics::Diagnostic;

use super::Parser;
use crate::ast::StringLiteral;
use crate::token::TokenKind;
use crate::{Span, Symbol};

const ESCAPES_HELP: &str =
    r#"Mochi accepts the standard Go escapes: \\, \", \n, \r, \t, \b, \f, \v, \a, \xHH, \uHHHH, \UHHHHHHHH."#;

impl Parser<'_> {
    /// The value of an integer token; one that does not fit is reported and counts as 0.
    pub(super) fn int_value(&mut self, span: Span) -> i64 {
        let text = span.text(self.text);
        let (digits, radix) = match text.as_bytes() {
            [b'0', b'x' | b'X', ..] => (text.get(2..).unwrap_or(""), 16),
            [b'0', b'b' | b'B', ..] => (text.get(2..).unwrap_or(""), 2),
            [b'0', b'o' | b'O', ..] => (text.get(2..).unwrap_or(""), 8),
            _ => (text, 10),
        };
        match i64::from_str_radix(digits, radix) {
            Ok(value) => value,
            Err(error) => {
                // Anything but an overflow is a broken literal that the lexer has reported.
                if *error.kind() == std::num::IntErrorKind::PosOverflow {
                    let shown = if self.options.strict { digits } else { text };
                    self.out_of_range(
                        span,
                        format!("integer literal {shown} is out of range for a 64-bit signed integer"),
                    );
                }
                0
            }
        }
    }

    pub(super) fn float_value(&mut self, span: Span) -> f64 {
        let text = span.text(self.text);
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => value,
            Ok(_) => {
                self.out_of_range(span, format!("float literal {text} is out of range"));
                0.0
            }
            Err(_) => 0.0,
        }
    }

    fn out_of_range(&mut self, span: Span, message: String) {
        // The language's own reports point at the blank before the literal.
        let blanks = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';');
        let before = self.text.as_bytes().get(..span.start as usize).unwrap_or(&[]);
        let gap = before.iter().rev().take_while(|byte| blanks(byte)).count() as u32;
        let span = if self.options.strict { Span::new(span.start - gap, span.end) } else { span };
        let report = Diagnostic::error("P045", message, span)
            .with_help("Use a value in the range [-9223372036854775808, 9223372036854775807].");
        self.syntax_errors.push(report);
    }

    /// The value of a string token. An unknown escape is reported at the string's start and kept as written.
    pub(super) fn string_literal(&mut self, span: Span) -> StringLiteral {
        let text = span.text(self.text);
        let body = text.strip_prefix('"').unwrap_or(text);
        let body = body.strip_suffix('"').unwrap_or(body);
        if !body.contains('\\') {
            return StringLiteral { text: self.symbol_of(body), span };
        }
        let mut bytes = Vec::with_capacity(body.len());
        let mut rest = body;
        let mut bad = None;
        while let Some(at) = rest.find('\\') {
            bytes.extend_from_slice(rest.get(..at).unwrap_or("").as_bytes());
            let escape = rest.get(at..).unwrap_or("");
            let length = match unescape(escape.as_bytes(), &mut bytes) {
                Some(length) => length,
                None => {
                    let offset = span.start + 1 + (body.len() - escape.len()) as u32;
                    let width = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
                    bad.get_or_insert(Span::new(offset, offset + width as u32));
                    bytes.extend_from_slice(escape.get(..width).unwrap_or("").as_bytes());
                    width
                }
            };
            rest = escape.get(length..).unwrap_or("");
        }
        bytes.extend_from_slice(rest.as_bytes());
        if let Some(bad) = bad {
            // An unterminated string may end within an escape; that is reported already.
            let terminated = self.tokens.last().is_none_or(|eof| eof.kind != TokenKind::Eof || eof.start > span.end)
                || text.len() > 1 && text.ends_with('"');
            if terminated {
                let mut report = Diagnostic::error("P041", "invalid escape sequence in string literal", span);
                if !self.options.strict {
                    report = report.with_label(bad, "this escape is unknown");
                }
                self.syntax_errors.push(report.with_help(ESCAPES_HELP));
            }
        }
        // All escapes denote code points, so nothing is lost.
        StringLiteral { text: Symbol::intern(&String::from_utf8_lossy(&bytes)), span }
    }
}

/// Appends the meaning of the escape at the start of `text`; its length, or nothing when there is no such escape.
fn unescape(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let simple = |out: &mut Vec<u8>, byte: u8| {
        out.push(byte);
        Some(2)
    };
    match text.get(1)? {
        b'\\' => simple(out, b'\\'),
        b'"' => simple(out, b'"'),
        b'a' => simple(out, 7),
        b'b' => simple(out, 8),
        b'f' => simple(out, 12),
        b'n' => simple(out, b'\n'),
        b'r' => simple(out, b'\r'),
        b't' => simple(out, b'\t'),
        b'v' => simple(out, 11),
        b'x' => code_point(out, number(text, 2, 2, 16)?, 4),
        b'0'..=b'7' => code_point(out, number(text, 1, 3, 8).filter(|value| *value < 0x100)?, 4),
        b'u' => code_point(out, number(text, 2, 4, 16)?, 6),
        b'U' => code_point(out, number(text, 2, 8, 16)?, 10),
        _ => None,
    }
}

/// Short escapes denote code points like the long ones: `"\xC2"` is `Â`.
fn code_point(out: &mut Vec<u8>, value: u32, length: usize) -> Option<usize> {
    out.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes());
    Some(length)
}

fn number(text: &[u8], start: usize, digits: usize, radix: u32) -> Option<u32> {
    let mut value = 0u32;
    for byte in text.get(start..start + digits)? {
        value = value.checked_mul(radix)?.checked_add((*byte as char).to_digit(radix)?)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::unescape;

    fn value(text: &str) -> Option<(Vec<u8>, usize)> {
        let mut out = Vec::new();
        unescape(text.as_bytes(), &mut out).map(|length| (out, length))
    }

    #[test]
    fn escapes() {
        assert_eq!(value("\\n"), Some((vec![b'\n'], 2)));
        assert_eq!(value("\\xC2z"), Some(("Â".as_bytes().to_vec(), 4)));
        assert_eq!(value("\\101"), Some((vec![b'A'], 4)));
        assert_eq!(value("\\u00e9"), Some(("é".as_bytes().to_vec(), 6)));
        assert_eq!(value("\\U0001F3AF"), Some(("🎯".as_bytes().to_vec(), 10)));
        for bad in ["\\q", "\\", "\\x1", "\\xgg", "\\400", "\\ud800", "\\U00110000", "\\é", "\\'"] {
            assert_eq!(value(bad), None, "{bad}");
        }
    }
}
