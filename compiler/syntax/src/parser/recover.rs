//! Where to go on after an error.

use super::Parser;
use crate::token::{TokenFlags, TokenKind};

impl Parser<'_> {
    /// Skips from the token that broke the statement begun at token `start` to the next place where a statement can
    /// begin, or to the `}` of the block around it.
    ///
    /// Brackets that the statement left open are closed first. A word that can only begin a statement ends the search
    /// when it is the first of its line, even below open parentheses: those are then the likely mistake.
    pub(super) fn recover(&mut self, start: usize) {
        let (mut braces, mut parens) = self.open_brackets(start);
        let broken = self.position;
        loop {
            let token = self.token();
            let first_of_line = token.flags.has(TokenFlags::LINE_START);
            let moved = self.position > start;
            match token.kind {
                TokenKind::Eof => return,
                TokenKind::RBrace if braces == 0 => {
                    if self.blocks == 0 {
                        // It closes the broken statement, not a block that we are in.
                        self.bump();
                        self.last_error = Some(self.position);
                    }
                    return;
                }
                kind if moved
                    && first_of_line
                    && kind.begins_statement()
                    && (braces == 0 || self.position == broken) =>
                {
                    return;
                }
                kind if moved && first_of_line && braces == 0 && parens == 0 && often_begins_statement(kind) => return,
                TokenKind::LBrace => braces += 1,
                TokenKind::RBrace => braces -= 1,
                TokenKind::LParen | TokenKind::LBracket => parens += 1,
                TokenKind::RParen | TokenKind::RBracket => parens = parens.saturating_sub(1),
                _ => {}
            }
            self.bump();
        }
    }

    /// Braces and other brackets that the tokens from `start` to the current one leave open.
    fn open_brackets(&self, start: usize) -> (u32, u32) {
        let (mut braces, mut parens) = (0u32, 0u32);
        for token in self.tokens.get(start..self.position).unwrap_or(&[]) {
            match token.kind {
                TokenKind::LBrace => braces += 1,
                TokenKind::RBrace => braces = braces.saturating_sub(1),
                TokenKind::LParen | TokenKind::LBracket => parens += 1,
                TokenKind::RParen | TokenKind::RBracket => parens = parens.saturating_sub(1),
                _ => {}
            }
        }
        (braces, parens)
    }
}

/// Tokens that begin an expression statement when they are the first of a line, more often than they continue one.
fn often_begins_statement(kind: TokenKind) -> bool {
    use TokenKind::*;
    matches!(kind, Ident | Match | Fetch | Load | Save | Generate)
}
