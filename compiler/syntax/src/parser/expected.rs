//! Syntax errors: what was expected, in the notation that the language's own reports use, and which code that makes.
//!
//! A report shows the rest of the rule that could not go on. The strict texts are pinned by the language; otherwise only
//! the first element is shown, in words.

use mochi_diagnostics::Diagnostic;

use super::{Failed, Parser};
use crate::Span;
use crate::token::{Token, TokenFlags, TokenKind};

pub(super) const EXPR: &str = "PostfixExpr";
pub(super) const TYPE: &str = "TypeRef";
pub(super) const BODY: &str = r#""{" Statement* "}""#;
pub(super) const CLOSE_BODY: &str = r#""}""#;
pub(super) const LET_NAME: &str = r#"<ident> (":" TypeRef)? ("=" Expr)?"#;
pub(super) const FIELDS: &str = r#""{" (StructLitField ("," StructLitField)*)? ","?? "}""#;

macro_rules! fun_rest {
    ($prefix:literal) => {
        concat!($prefix, r#"")" (":" TypeRef)? ("!" <ident> ("," <ident>)*)? "{" Statement* "}""#)
    };
}
pub(super) const FUN_NAME: &str = fun_rest!(r#"<ident> ("<" <ident> ("," <ident>)* ">")? "(" (Param ("," Param)*)? "#);
pub(super) const FUN_OPEN: &str = fun_rest!(r#""(" (Param ("," Param)*)? "#);
pub(super) const FUN_CLOSE: &str = fun_rest!("");
pub(super) const INTENT_NAME: &str = r#"<ident> "(" (Param ("," Param)*)? ")" (":" TypeRef)? "{" Statement* "}""#;
pub(super) const IF_BODY: &str = r#""{" Statement* "}" ("else" IfStmt | "else" "{" Statement* "}")?"#;

impl Parser<'_> {
    /// Reports that the current token cannot continue the rule whose rest is `expected`.
    pub(super) fn unexpected(&mut self, expected: &'static str) -> Failed {
        if self.silent || self.last_error == Some(self.position) {
            return Failed;
        }
        self.last_error = Some(self.position);
        let token = self.token();
        let code = self.classify(token, expected);
        let message = if self.options.strict {
            self.pinned_message(token, expected)
        } else {
            plain_message(self.shown(token), expected)
        };
        let mut report = Diagnostic::error(code, message, token.span());
        if token.kind.is_keyword() && expected.starts_with("<ident>") && !self.options.strict {
            report = report.with_help(format!("`{}` is a reserved word; choose another name.", token.kind.text()));
        } else if let Some(hint) = self.hint(token, expected).filter(|_| !self.options.strict) {
            report = report.with_help(hint);
        } else if code != "P999" || self.options.strict {
            report = report.with_help(help_for(code));
        }
        let unclosed = !self.options.strict && code == "P001" && token.kind == TokenKind::Eof;
        if let Some(open) = unclosed.then(|| self.unclosed_brace()).flatten() {
            report = report.with_label(open, "this block is not closed");
        }
        self.syntax_errors.push(report);
        Failed
    }

    /// Advice for habits from other languages.
    fn hint(&self, token: Token, expected: &str) -> Option<&'static str> {
        use TokenKind as T;
        let previous = self.position.checked_sub(1).map(|before| self.token_at(before))?;
        let glued = previous.end == token.start;
        let wants = |element: &str| expected.starts_with(element);
        Some(match (previous.kind, token.kind) {
            (T::Plus | T::Minus | T::Star | T::Slash | T::Percent, T::Eq) if glued => {
                "There are no compound assignments; write `x = x + y`."
            }
            (T::Plus, T::Plus) | (T::Minus, T::Minus) if glued => "Write `x = x + 1` or `x = x - 1`.",
            (T::Star, T::Star) if glued => "There is no operator for powers; use `pow(x, y)`.",
            (T::Lt, T::Lt) | (T::Gt, T::Gt) if glued && wants(EXPR) => {
                "There are no bit operators; multiply or divide by a power of two."
            }
            (_, T::Then) => "`then` belongs to `if` expressions; an `if` statement has blocks in braces.",
            (_, T::LParen) if wants(TYPE) => "There are no tuple types; declare a struct with `type`.",
            (_, T::LParen) if wants("<ident> \"in\"") => {
                "Loops have the form `for x in xs { … }` or `for i in 0..n { … }`."
            }
            (_, T::Comma) if wants(CLOSE_BODY) => "The parts of this construct follow each other without commas.",
            (_, T::Arrow) if wants(BODY) => "A function has a block; `=>` belongs to function expressions.",
            (T::Str, T::Str) if glued => "There are no triple-quoted strings; a string may run over several lines.",
            (_, T::Else) => "`else` follows the `}` of its `if` directly.",
            _ => return None,
        })
    }

    fn pinned_message(&self, token: Token, expected: &str) -> String {
        let place = self.file.line_column(token.start);
        let shown = self.shown(token);
        let mut message =
            format!("{}:{}:{}: unexpected token {}", self.file.name(), place.line, place.column, quoted(shown),);
        if !expected.is_empty() {
            message.push_str(" (expected ");
            message.push_str(expected);
            message.push(')');
        }
        message
    }

    fn shown(&self, token: Token) -> &str {
        match token.kind {
            TokenKind::Eof => "<EOF>",
            TokenKind::Str if self.options.strict => token.span().text(self.text).trim_matches('"'),
            _ => token.span().text(self.text),
        }
    }

    fn classify(&self, token: Token, expected: &str) -> &'static str {
        let strict = self.options.strict;
        // Strictly, any `let` that does not fit gets the code; it says more where an expression was expected in a line.
        let stray_let = token.kind == TokenKind::Let
            && (strict || expected.starts_with(EXPR) && !token.flags.has(TokenFlags::LINE_START));
        let let_name = expected == LET_NAME && (token.kind == TokenKind::Colon || !strict);
        match expected.get(..3) {
            Some(r#""{""#) | Some(r#""}""#) => "P001",
            _ if let_name => "P031",
            Some(r#"",""#) => "P051",
            Some(r#""(""#) | Some(r#"")""#) => "P052",
            _ if stray_let => "P056",
            _ if !strict && expected.starts_with(EXPR) => "P020",
            _ if !strict && expected.starts_with("<ident>") => "P030",
            _ if token.kind == TokenKind::Dot => "P055",
            _ => "P999",
        }
    }

    /// The innermost `{` that nothing closes. Only asked for at the end of the text, at most once per parse.
    fn unclosed_brace(&self) -> Option<Span> {
        let mut open = Vec::new();
        for token in &self.tokens {
            match token.kind {
                TokenKind::LBrace => open.push(token.span()),
                TokenKind::RBrace => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }
}

/// Quotes as the pinned reports do: escapes for what is not printable.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

fn plain_message(found: &str, expected: &str) -> String {
    let found = if found == "<EOF>" {
        "end of file".to_owned()
    } else if found.chars().count() > 40 {
        format!("`{}…`", found.chars().take(40).collect::<String>().escape_debug())
    } else {
        format!("`{}`", found.escape_debug())
    };
    match first_in_words(expected) {
        Some(wanted) => format!("unexpected {found}, expected {wanted}"),
        None => format!("unexpected {found}"),
    }
}

/// The first element of a rule's rest, for people.
fn first_in_words(expected: &str) -> Option<String> {
    if let Some(rest) = expected.strip_prefix('"') {
        let literal = rest.split('"').next().unwrap_or("");
        return Some(format!("`{literal}`"));
    }
    Some(
        match expected.split_whitespace().next()? {
            "PostfixExpr" => "an expression",
            "TypeRef" => "a type",
            "<ident>" => "a name",
            "<string>" => "a string",
            "IfStmt" => "`if` or a block",
            "TypeMember" => "a field or method",
            "TypeVariant" => "a variant",
            "TypeField" | "StreamField" => "a field",
            "Param" => "a parameter",
            "LogicPredicate" => "a predicate",
            "LogicTerm" => "a term",
            "AgentBlock" => "a member of the agent",
            other => other,
        }
        .to_owned(),
    )
}

fn help_for(code: &str) -> &'static str {
    match code {
        "P001" => "Check for a missing `{` or `}` to close the block.",
        "P020" => "Complete the expression, or remove the operator or keyword before this place.",
        "P030" => "Write a name here.",
        "P031" => "`let` must be followed by a variable name.",
        "P051" => "Put a comma between the elements.",
        "P052" => "Unbalanced parentheses. Check for missing `(` or `)`.",
        "P055" => "A `.` stands between a value and the name of a field.",
        "P056" => "`let` begins a statement of its own; it cannot stand inside one.",
        _ => "Parse error occurred. Check syntax near this location.",
    }
}
