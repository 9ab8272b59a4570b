//! The parser: recursive descent for statements and declarations, precedence climbing for expressions.
//!
//! No rule backtracks; where the grammar needs to look ahead, a fixed number of tokens decides, so time is linear. A rule
//! that cannot go on reports once and returns `Failed`; the statement list around it skips to the next place where a
//! statement can begin. Nesting and the height of the tree are bounded, so neither the parser nor a later recursive walk
//! over the tree can exhaust the stack.

mod decl;
mod expected;
mod expr;
mod gathered;
mod literal;
mod query;
mod recover;
mod stmt;
mod types;
mod useless;

use mochi_diagnostics::Diagnostic;
use rustc_hash::FxHashMap;

use gathered::Gathered;

use crate::ast::{Doc, ExprId, Ident, Package, Program};
use crate::lexer::{Lexed, lex};
use crate::soften::soften;
use crate::token::{Comment, CommentKind, Token, TokenFlags, TokenKind};
use crate::{ParseOptions, Parsed, SourceFile, Span, Symbol};

/// How deep blocks, parentheses and the like may nest. 256 levels need about 0.5 MiB of stack in an optimised build and
/// below 2 MiB (the stack of a test thread) in a debug build; published programs stay below 30.
const MAX_NESTING: u32 = 256;

/// How high one expression's tree may grow, chains of operators and calls included.
const MAX_HEIGHT: u32 = 1000;

/// The marker of a rule that has reported an error and cannot deliver its node.
struct Failed;

type Rule<T> = Result<T, Failed>;

struct Parser<'s> {
    file: &'s SourceFile,
    text: &'s str,
    options: &'s ParseOptions,
    tokens: Vec<Token>,
    comments: Vec<Comment>,
    position: usize,
    /// End of the last consumed token.
    last_end: u32,
    next_id: u32,
    nesting: u32,
    /// Blocks around the current token.
    blocks: u32,
    /// Greatest height of the expressions read since the enclosing expression began.
    height: u32,
    /// Inside the head of `if`, `while`, `for` or `match`, where `name { }` is better read as a name and a block.
    header: bool,
    syntax_errors: Vec<Diagnostic>,
    /// What is checked on a complete tree; of less interest while the syntax is broken.
    tree_errors: Vec<Diagnostic>,
    /// Token index of the last syntax error: one place is reported once.
    last_error: Option<usize>,
    /// Set when the rest of the text must not produce reports.
    silent: bool,
    names: FxHashMap<&'s str, Symbol>,
    gathered: Gathered,
}

/// Parses the part of a file that `span` covers; expressions are numbered from `first_id` on.
pub(crate) fn parse(file: &SourceFile, span: Span, options: &ParseOptions, first_id: u32) -> Parsed {
    let text = file.text().get(..span.end as usize).unwrap_or_default();
    let Lexed { mut tokens, comments, mut diagnostics, unterminated } = lex(text, span.start as usize, options);
    if !options.strict {
        soften(text, &mut tokens);
    }
    let mut parser = Parser {
        file,
        text,
        options,
        tokens,
        comments,
        position: 0,
        last_end: span.start,
        next_id: first_id,
        nesting: 0,
        blocks: 0,
        height: 0,
        header: false,
        syntax_errors: Vec::new(),
        tree_errors: Vec::new(),
        last_error: None,
        silent: false,
        names: FxHashMap::default(),
        gathered: Gathered::default(),
    };
    let program = parser.program(span);
    let end = text.len() as u32;
    if unterminated {
        parser.syntax_errors.retain(|report| report.span.start != end);
    }
    // What follows an unreadable character is mostly a consequence of it.
    if diagnostics.iter().any(|report| report.code == "P999") {
        let lines: Vec<u32> = diagnostics.iter().map(|report| file.line_column(report.span.start).line).collect();
        parser.syntax_errors.retain(|report| !lines.contains(&file.line_column(report.span.start).line));
    }
    diagnostics.append(&mut parser.syntax_errors);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    if broken {
        parser.tree_errors.retain(|report| report.code != useless::CODE);
    }
    parser.tree_errors.sort_by_key(|report| report.span.start);
    diagnostics.append(&mut parser.tree_errors);
    Parsed { program, diagnostics, comments: parser.comments }
}

impl<'s> Parser<'s> {
    fn program(&mut self, span: Span) -> Program {
        let package = self.package();
        let mut statements = Vec::new();
        while self.kind() != TokenKind::Eof {
            statements.push(self.any_statement());
        }
        Program { package, statements, span, expr_count: self.next_id }
    }

    fn package(&mut self) -> Option<Package> {
        if self.kind() != TokenKind::Package {
            return None;
        }
        let doc = self.doc();
        let start = self.bump().start;
        match self.ident("<ident>") {
            Ok(name) => Some(Package { name, doc, span: self.span_from(start) }),
            Err(Failed) => {
                self.recover(0);
                None
            }
        }
    }

    // Tokens.

    fn token_at(&self, index: usize) -> Token {
        match self.tokens.get(index) {
            Some(token) => *token,
            None => {
                let end = self.text.len() as u32;
                Token { kind: TokenKind::Eof, flags: TokenFlags::NONE, start: end, end }
            }
        }
    }

    fn token(&self) -> Token {
        self.token_at(self.position)
    }

    fn kind(&self) -> TokenKind {
        self.tokens.get(self.position).map_or(TokenKind::Eof, |token| token.kind)
    }

    fn kind_after(&self, count: usize) -> TokenKind {
        self.tokens.get(self.position + count).map_or(TokenKind::Eof, |token| token.kind)
    }

    fn word_after(&self, count: usize) -> &'s str {
        let token = self.token_at(self.position + count);
        if token.kind == TokenKind::Ident { token.span().text(self.text) } else { "" }
    }

    /// The current token is this contextual word.
    fn at_word(&self, word: &str) -> bool {
        self.kind() == TokenKind::Ident && self.token().span().text(self.text) == word
    }

    fn bump(&mut self) -> Token {
        let token = self.token();
        if token.kind != TokenKind::Eof {
            self.position += 1;
            self.last_end = token.end;
        }
        token
    }

    fn eat(&mut self, kind: TokenKind) -> Option<Token> {
        (self.kind() == kind).then(|| self.bump())
    }

    fn eat_word(&mut self, word: &str) -> Option<Token> {
        self.at_word(word).then(|| self.bump())
    }

    fn expect(&mut self, kind: TokenKind, expected: &'static str) -> Rule<Token> {
        if self.kind() == kind { Ok(self.bump()) } else { Err(self.unexpected(expected)) }
    }

    /// Expects a `:`; the token `:-` counts as `:` and `-`, because only rules use it.
    fn colon(&mut self, expected: &'static str) -> Rule<Token> {
        self.split(TokenKind::ColonDash, TokenKind::Colon, TokenKind::Minus);
        self.expect(TokenKind::Colon, expected)
    }

    /// Turns the current two-character token into two tokens.
    fn split(&mut self, from: TokenKind, first: TokenKind, second: TokenKind) {
        let position = self.position;
        let Some(token) = self.tokens.get_mut(position) else { return };
        if token.kind != from {
            return;
        }
        let (start, end) = (token.start, token.end);
        let middle = start + 1;
        *token = Token { kind: second, flags: TokenFlags::NONE, start: middle, end };
        // The first half takes the place of the token before, which is consumed and never looked at again.
        if position > 0 {
            let flags = TokenFlags::NONE;
            if let Some(previous) = self.tokens.get_mut(position - 1) {
                *previous = Token { kind: first, flags, start, end: middle };
                self.position -= 1;
            }
        }
    }

    fn ident(&mut self, expected: &'static str) -> Rule<Ident> {
        let token = self.token();
        if token.kind != TokenKind::Ident {
            return Err(self.unexpected(expected));
        }
        self.bump();
        Ok(Ident { name: self.symbol(token.span()), span: token.span() })
    }

    fn symbol(&mut self, span: Span) -> Symbol {
        self.symbol_of(span.text(self.text))
    }

    fn symbol_of(&mut self, text: &'s str) -> Symbol {
        *self.names.entry(text).or_insert_with(|| Symbol::intern(text))
    }

    fn id(&mut self) -> ExprId {
        let id = ExprId(self.next_id);
        self.next_id += 1;
        id
    }

    fn span_from(&self, start: u32) -> Span {
        Span::new(start, self.last_end.max(start))
    }

    // Bounds.

    /// Runs a rule one level deeper; beyond the limit the rest of the text is given up.
    fn nested<T>(&mut self, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T> {
        if self.nesting >= MAX_NESTING {
            return Err(self.too_deep());
        }
        self.nesting += 1;
        let result = rule(self);
        self.nesting -= 1;
        result
    }

    /// Like `nested`, inside brackets: the restrictions of a statement head do not apply.
    fn enclosed<T>(&mut self, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T> {
        self.with_header(false, |parser| parser.nested(rule))
    }

    fn with_header<T>(&mut self, header: bool, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T> {
        let outer = std::mem::replace(&mut self.header, header);
        let result = rule(self);
        self.header = outer;
        result
    }

    fn too_deep(&mut self) -> Failed {
        if !self.silent {
            let report = Diagnostic::error("P071", "the program nests too deeply here", self.token().span())
                .with_help("Split the expression or move inner blocks into functions.");
            self.syntax_errors.push(report);
        }
        self.silent = true;
        self.position = self.tokens.len().saturating_sub(1);
        self.last_end = self.text.len() as u32;
        Failed
    }

    // Documentation.

    /// Text of the documentation comment that ends on the line above the current token.
    fn doc(&self) -> Doc {
        let token = self.token();
        if !token.flags.has(TokenFlags::DOC) {
            return None;
        }
        let known = self.comments.partition_point(|comment| comment.span.end <= token.start);
        let mut below = token.start;
        let mut lines = Vec::new();
        for comment in self.comments.get(..known).unwrap_or(&[]).iter().rev() {
            let gap = Span::new(comment.span.end, below).text(self.text);
            let adjacent = gap.matches('\n').count() == 1 && gap.trim().is_empty();
            if comment.kind != CommentKind::Doc || !adjacent {
                break;
            }
            let line = comment.span.text(self.text).trim_start_matches('/').trim_end();
            lines.push(line.strip_prefix(' ').unwrap_or(line));
            below = comment.span.start;
        }
        lines.reverse();
        (!lines.is_empty()).then(|| Symbol::intern(&lines.join("\n")))
    }
}
