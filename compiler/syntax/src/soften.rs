//! Reserved words as names. Published programs call variables `fact`, `all` or `none`; outside of strict mode a reserved
//! word is a name wherever what follows it cannot be the construct that it introduces.

use crate::token::{Token, TokenFlags, TokenKind};

/// Turns such words into names. Looks at each token once and at most two after it.
pub(crate) fn soften(text: &str, tokens: &mut [Token]) {
    let mut legacy_none = false;
    for index in 0..tokens.len() {
        let kind_at = |offset: usize| tokens.get(index + offset).map_or(TokenKind::Eof, |token| token.kind);
        let previous = index.checked_sub(1).and_then(|before| tokens.get(before));
        use TokenKind::*;
        let (next, second) = (kind_at(1), kind_at(2));
        let is_name = match kind_at(0) {
            // `let none = …` belongs to the older dialect, which writes `null` for the missing value.
            None => {
                legacy_none |= previous.is_some_and(|token| matches!(token.kind, Let | Var)) && next != Dot;
                continue;
            }
            Fact | Rule | Intent => next != Ident || second != LParen,
            Agent | Stream | Emit => next != Ident || second != LBrace,
            Test => next != Str,
            All => !previous.is_some_and(|token| token.kind == Ident && token.span().text(text) == "union"),
            _ => continue,
        };
        if let Some(token) = tokens.get_mut(index).filter(|_| is_name) {
            token.kind = TokenKind::Ident;
        }
    }
    if legacy_none {
        for token in tokens.iter_mut().filter(|token| token.kind == TokenKind::None) {
            token.kind = TokenKind::Ident;
        }
    }
}

/// Whether `union`, `except` or `intersect` at `token` is rather a function called in a statement of its own: it begins a
/// line and its parenthesis follows directly.
pub(crate) fn is_called_word(token: Token, next: Token) -> bool {
    token.flags.has(TokenFlags::LINE_START) && next.kind == TokenKind::LParen && next.start == token.end
}
