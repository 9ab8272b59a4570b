//! Text to tokens. The whole text is tokenised before parsing: tokens are small, and the parser may look ahead freely.
//!
//! Scanning never fails: characters that begin no token are reported and skipped, broken literals are reported and become
//! the nearest token, so that the parser sees as much of the program as possible.

use mochi_diagnostics::{ColumnUnit, Diagnostic};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::token::{Comment, CommentKind, Token, TokenFlags, TokenKind};
use crate::{ParseOptions, Span};

/// The tokens of a text and what stands between them.
pub struct Lexed {
    /// Ends with one `Eof` token at the end of the text.
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
    pub diagnostics: Vec<Diagnostic>,
    /// A string or comment swallowed the rest of the text, so what the parser misses there is no news.
    pub unterminated: bool,
}

/// The tokens of `text` from the byte `start` on.
pub fn lex(text: &str, start: usize, options: &ParseOptions) -> Lexed {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        offset: start,
        flags: TokenFlags::LINE_START,
        options,
        out: Lexed {
            tokens: Vec::with_capacity(text.len() / 4 + 1),
            comments: Vec::new(),
            diagnostics: Vec::new(),
            unterminated: false,
        },
    };
    lexer.run();
    lexer.out
}

/// What a byte can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Newline,
    Name,
    Digit,
    Quote,
    Punct,
    Hash,
    Wide,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | b'\t' | b'\r' | b';' => Class::Blank,
            b'\n' => Class::Newline,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Name,
            b'0'..=b'9' => Class::Digit,
            b'"' => Class::Quote,
            b'#' => Class::Hash,
            b'=' | b'!' | b'<' | b'>' | b'&' | b'|' | b':' | b'.' | b'?' | b'-' | b'+' | b'*' | b'/' | b'%' | b'{'
            | b'}' | b'[' | b']' | b'(' | b')' | b',' => Class::Punct,
            0x80..=0xff => Class::Wide,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
};

const fn class(byte: u8) -> Class {
    CLASSES[byte as usize]
}

struct Lexer<'s> {
    text: &'s str,
    bytes: &'s [u8],
    offset: usize,
    flags: TokenFlags,
    options: &'s ParseOptions,
    out: Lexed,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.offset) {
            match class(byte) {
                Class::Blank => self.offset += 1,
                Class::Newline => {
                    self.offset += 1;
                    self.flags = self.flags.with(TokenFlags::LINE_START);
                }
                Class::Name => self.name(self.offset),
                Class::Digit => self.number(),
                Class::Quote => self.string(),
                Class::Hash => self.line_comment(),
                Class::Punct => self.punct(byte),
                Class::Wide => self.wide(),
                Class::Other => self.unknown(),
            }
        }
        let end = self.text.len();
        self.push(TokenKind::Eof, end, end);
    }

    fn byte(&self, offset: usize) -> u8 {
        self.bytes.get(offset).copied().unwrap_or(0)
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.out.tokens.push(Token { kind, flags: self.flags, start: start as u32, end: end as u32 });
        self.flags = TokenFlags::NONE;
        self.offset = end;
    }

    /// Errors found while scanning count bytes in their column.
    fn report(&mut self, code: &'static str, start: usize, end: usize, message: String, help: &str) {
        let span = Span::new(start as u32, end as u32);
        let unit = if self.options.strict { ColumnUnit::Bytes } else { ColumnUnit::CodePoints };
        self.out.diagnostics.push(Diagnostic::error(code, message, span).with_help(help).with_column_unit(unit));
    }

    fn char_at(&self, offset: usize) -> Option<char> {
        self.text.get(offset..)?.chars().next()
    }

    fn name(&mut self, start: usize) {
        let mut end = self.offset;
        loop {
            match class(self.byte(end)) {
                Class::Name | Class::Digit => end += 1,
                Class::Wide => match self.char_at(end) {
                    Some(c) if continues_name(c) => end += c.len_utf8(),
                    _ => break,
                },
                _ => break,
            }
        }
        let kind = match TokenKind::keyword(self.text.get(start..end).unwrap_or("")) {
            None => TokenKind::Ident,
            Some(TokenKind::Null) if self.options.strict => TokenKind::Ident,
            Some(kind) => kind,
        };
        self.push(kind, start, end);
    }

    fn wide(&mut self) {
        match self.char_at(self.offset) {
            Some(c) if begins_name(c) => {
                let start = self.offset;
                self.offset += c.len_utf8();
                self.name(start);
            }
            _ => self.unknown(),
        }
    }

    /// Reports a run of characters that begin no token as one.
    fn unknown(&mut self) {
        let start = self.offset;
        let mut end = start;
        while let Some(c) = self.char_at(end) {
            let known = match class(self.byte(end)) {
                Class::Other => false,
                Class::Wide => begins_name(c),
                _ => end > start || c != '&',
            };
            if known {
                break;
            }
            end += c.len_utf8();
        }
        let text = self.text.get(start..end).unwrap_or("").to_owned();
        let help = match text.as_str() {
            "&" => "Write `&&` for a logical and; there are no bit operators.",
            "'" => "Strings are written with double quotes; there are no character literals.",
            _ => "Remove this text; it belongs to no construct of the language.",
        };
        self.report("P999", start, end, format!("unexpected character {text:?}"), help);
        self.offset = end;
    }

    fn digits(&self, mut end: usize, accept: fn(u8) -> bool) -> usize {
        while accept(self.byte(end)) {
            end += 1;
        }
        end
    }

    fn number(&mut self) {
        let start = self.offset;
        let is_digit: fn(u8) -> bool = |byte| byte.is_ascii_digit();
        let radix: Option<fn(u8) -> bool> = match (self.byte(start), self.byte(start + 1) | 0x20) {
            (b'0', b'x') => Some(|byte| byte.is_ascii_hexdigit()),
            (b'0', b'b') => Some(|byte| matches!(byte, b'0' | b'1')),
            (b'0', b'o') => Some(|byte| matches!(byte, b'0'..=b'7')),
            _ => None,
        };
        let mut kind = TokenKind::Int;
        let mut end;
        if let Some(accept) = radix {
            end = self.digits(start + 2, accept);
            if end == start + 2 {
                let text = self.text.get(start..end).unwrap_or("");
                let message = format!("incomplete numeric literal {text:?}: missing digits after base prefix");
                self.report(
                    "P046",
                    start,
                    end,
                    message,
                    "`0x`, `0b`, and `0o` must be followed by at least one digit of the chosen base.",
                );
                end = self.skip_name(end);
                return self.push(kind, start, end);
            }
        } else {
            end = self.digits(start, is_digit);
            if self.byte(end) == b'.' && self.byte(end + 1).is_ascii_digit() {
                kind = TokenKind::Float;
                end = self.digits(end + 1, is_digit);
            }
            if self.byte(end) | 0x20 == b'e' {
                let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
                if self.byte(end + 1 + sign).is_ascii_digit() {
                    kind = TokenKind::Float;
                    end = self.digits(end + 1 + sign, is_digit);
                }
            }
        }
        if let Some(next) = self.char_at(end).filter(|c| continues_name(*c)) {
            let message = format!("invalid numeric literal: missing whitespace before {:?}", next.to_string());
            self.report(
                "P043",
                start,
                end,
                message,
                "Separate the numeric literal from the following identifier with whitespace.",
            );
            end = self.skip_name(end);
        }
        self.push(kind, start, end);
    }

    fn skip_name(&self, mut end: usize) -> usize {
        while let Some(c) = self.char_at(end).filter(|c| continues_name(*c)) {
            end += c.len_utf8();
        }
        end
    }

    fn string(&mut self) {
        let start = self.offset;
        let mut end = start + 1;
        loop {
            match self.bytes.get(end) {
                None => break,
                Some(b'"') => return self.push(TokenKind::Str, start, end + 1),
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
        let end = self.text.len();
        let line_end = self.text.get(start..).and_then(|rest| rest.find('\n')).map_or(end, |length| start + length);
        self.report(
            "P040",
            start,
            line_end,
            "unterminated string literal".into(),
            "Close the string with a matching `\"` before end of file.",
        );
        self.out.unterminated = true;
        self.push(TokenKind::Str, start, end);
    }

    fn line_comment(&mut self) {
        let start = self.offset;
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(self.text.len(), |length| start + length);
        let kind = if rest.starts_with(b"///") && !rest.starts_with(b"////") {
            self.flags = self.flags.with(TokenFlags::DOC);
            CommentKind::Doc
        } else {
            CommentKind::Line
        };
        self.out.comments.push(Comment { kind, span: Span::new(start as u32, end as u32) });
        self.offset = end;
    }

    fn block_comment(&mut self) {
        let start = self.offset;
        let body = self.text.get(start + 2..).unwrap_or("");
        let end = match body.find("*/") {
            Some(length) => start + 2 + length + 2,
            None => {
                self.report(
                    "P042",
                    start,
                    start + 2,
                    "unterminated block comment".into(),
                    "Block comments must be closed with `*/`; they do not nest.",
                );
                self.out.unterminated = true;
                self.text.len()
            }
        };
        if self.text.get(start..end).unwrap_or("").contains('\n') {
            self.flags = self.flags.with(TokenFlags::LINE_START);
        }
        self.out.comments.push(Comment { kind: CommentKind::Block, span: Span::new(start as u32, end as u32) });
        self.offset = end;
    }

    fn punct(&mut self, byte: u8) {
        use TokenKind::*;
        let next = self.byte(self.offset + 1);
        let (kind, length) = match (byte, next) {
            (b'/', b'/') => return self.line_comment(),
            (b'/', b'*') => return self.block_comment(),
            (b'=', b'=') => (EqEq, 2),
            (b'!', b'=') => (NotEq, 2),
            (b'<', b'=') => (LtEq, 2),
            (b'>', b'=') => (GtEq, 2),
            (b'&', b'&') => (AndAnd, 2),
            (b'|', b'|') => (OrOr, 2),
            (b'=', b'>') => (Arrow, 2),
            (b':', b'-') => (ColonDash, 2),
            (b'.', b'.') => (DotDot, 2),
            (b'?', b'?') => (QuestionQuestion, 2),
            (b'-', _) => (Minus, 1),
            (b'+', _) => (Plus, 1),
            (b'*', _) => (Star, 1),
            (b'/', _) => (Slash, 1),
            (b'%', _) => (Percent, 1),
            (b'=', _) => (Eq, 1),
            (b'<', _) => (Lt, 1),
            (b'>', _) => (Gt, 1),
            (b'!', _) => (Bang, 1),
            (b'|', _) => (Bar, 1),
            (b'{', _) => (LBrace, 1),
            (b'}', _) => (RBrace, 1),
            (b'[', _) => (LBracket, 1),
            (b']', _) => (RBracket, 1),
            (b'(', _) => (LParen, 1),
            (b')', _) => (RParen, 1),
            (b',', _) => (Comma, 1),
            (b'.', _) => (Dot, 1),
            (b':', _) => (Colon, 1),
            (b'?', _) => (Question, 1),
            _ => return self.unknown(),
        };
        self.push(kind, self.offset, self.offset + length);
    }
}

fn begins_name(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic() || c == '_';
    }
    matches!(
        c.general_category(),
        GeneralCategory::UppercaseLetter
            | GeneralCategory::LowercaseLetter
            | GeneralCategory::TitlecaseLetter
            | GeneralCategory::ModifierLetter
            | GeneralCategory::OtherLetter
            | GeneralCategory::OtherSymbol
    )
}

fn continues_name(c: char) -> bool {
    c.is_ascii_digit()
        || begins_name(c)
        || (!c.is_ascii()
            && matches!(
                c.general_category(),
                GeneralCategory::DecimalNumber | GeneralCategory::LetterNumber | GeneralCategory::OtherNumber
            ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        let lexed = lex(text, 0, &ParseOptions::default());
        assert!(lexed.diagnostics.is_empty(), "{:?}", lexed.diagnostics);
        lexed.tokens.iter().map(|token| (token.kind, token.span().text(text))).collect()
    }

    #[test]
    fn numbers_and_ranges() {
        use TokenKind::*;
        assert_eq!(
            kinds("1..2 1.5e-3 0xFf 007"),
            [(Int, "1"), (DotDot, ".."), (Int, "2"), (Float, "1.5e-3"), (Int, "0xFf"), (Int, "007"), (Eof, "")]
        );
        assert_eq!(kinds("a.b"), [(Ident, "a"), (Dot, "."), (Ident, "b"), (Eof, "")]);
    }

    #[test]
    fn names_may_hold_symbols_and_digits() {
        use TokenKind::*;
        assert_eq!(
            kinds("π θ_max 🎯 base64Encode none nullx"),
            [
                (Ident, "π"),
                (Ident, "θ_max"),
                (Ident, "🎯"),
                (Ident, "base64Encode"),
                (None, "none"),
                (Ident, "nullx"),
                (Eof, "")
            ]
        );
    }

    #[test]
    fn broken_literals_are_reported_once() {
        for (text, code) in [
            ("1e", "P043"),
            ("1_000", "P043"),
            ("0xFG", "P043"),
            ("0b", "P046"),
            ("0xz", "P046"),
            ("\"abc", "P040"),
            ("\"abc\\", "P040"),
            ("/* x", "P042"),
            ("/*/", "P042"),
            ("a & b", "P999"),
            ("'", "P999"),
        ] {
            let lexed = lex(text, 0, &ParseOptions::default());
            let codes: Vec<_> = lexed.diagnostics.iter().map(|report| report.code).collect();
            assert_eq!(codes, [code], "{text}");
        }
    }

    #[test]
    fn comments_are_kept() {
        let lexed = lex("/// doc\nlet x = 1 # tail\n/* b */", 0, &ParseOptions::default());
        let kinds: Vec<_> = lexed.comments.iter().map(|comment| comment.kind).collect();
        assert_eq!(kinds, [CommentKind::Doc, CommentKind::Line, CommentKind::Block]);
        assert!(lexed.tokens[0].flags.has(TokenFlags::DOC));
    }
}
