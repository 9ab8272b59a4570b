//! Tokens. A token is 12 bytes; its text is looked up in the source by span.

use crate::Span;

#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: TokenKind,
    pub flags: TokenFlags,
    pub start: u32,
    pub end: u32,
}

impl Token {
    pub fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// What stands directly before a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenFlags(u8);

impl TokenFlags {
    pub const NONE: TokenFlags = TokenFlags(0);
    /// First token of its line.
    pub const LINE_START: TokenFlags = TokenFlags(1);
    /// A documentation comment between the previous token and this one.
    pub const DOC: TokenFlags = TokenFlags(2);

    pub fn has(self, other: TokenFlags) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn with(self, other: TokenFlags) -> TokenFlags {
        TokenFlags(self.0 | other.0)
    }
}

macro_rules! tokens {
    ($($(#[$meta:meta])* $name:ident = $text:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum TokenKind { $($(#[$meta])* $name,)* }

        impl TokenKind {
            /// The fixed spelling, or a word for the class.
            pub const fn text(self) -> &'static str {
                match self { $(TokenKind::$name => $text,)* }
            }
        }
    };
}

tokens! {
    Eof = "<EOF>",
    Ident = "<ident>",
    Int = "<int>",
    Float = "<float>",
    Str = "<string>",
    EqEq = "==",
    NotEq = "!=",
    LtEq = "<=",
    GtEq = ">=",
    AndAnd = "&&",
    OrOr = "||",
    Arrow = "=>",
    ColonDash = ":-",
    DotDot = "..",
    QuestionQuestion = "??",
    Minus = "-",
    Plus = "+",
    Star = "*",
    Slash = "/",
    Percent = "%",
    Eq = "=",
    Lt = "<",
    Gt = ">",
    Bang = "!",
    Bar = "|",
    LBrace = "{",
    RBrace = "}",
    LBracket = "[",
    RBracket = "]",
    LParen = "(",
    RParen = ")",
    Comma = ",",
    Dot = ".",
    Colon = ":",
    Question = "?",
    True = "true",
    False = "false",
    Test = "test",
    Expect = "expect",
    Agent = "agent",
    Intent = "intent",
    On = "on",
    Stream = "stream",
    Emit = "emit",
    Type = "type",
    Fun = "fun",
    Extern = "extern",
    Import = "import",
    Return = "return",
    Break = "break",
    Continue = "continue",
    Let = "let",
    Var = "var",
    If = "if",
    Else = "else",
    Then = "then",
    For = "for",
    While = "while",
    In = "in",
    Generate = "generate",
    Match = "match",
    Fetch = "fetch",
    Load = "load",
    Save = "save",
    Package = "package",
    Export = "export",
    Fact = "fact",
    Rule = "rule",
    All = "all",
    None = "none",
    /// The older spelling of `none`; only when asked for.
    Null = "null",
}

impl TokenKind {
    /// The reserved word with this spelling.
    pub fn keyword(text: &str) -> Option<TokenKind> {
        use TokenKind::*;
        if !(2..=8).contains(&text.len()) {
            return Option::None;
        }
        Some(match text {
            "true" => True,
            "false" => False,
            "test" => Test,
            "expect" => Expect,
            "agent" => Agent,
            "intent" => Intent,
            "on" => On,
            "stream" => Stream,
            "emit" => Emit,
            "type" => Type,
            "fun" => Fun,
            "extern" => Extern,
            "import" => Import,
            "return" => Return,
            "break" => Break,
            "continue" => Continue,
            "let" => Let,
            "var" => Var,
            "if" => If,
            "else" => Else,
            "then" => Then,
            "for" => For,
            "while" => While,
            "in" => In,
            "generate" => Generate,
            "match" => Match,
            "fetch" => Fetch,
            "load" => Load,
            "save" => Save,
            "package" => Package,
            "export" => Export,
            "fact" => Fact,
            "rule" => Rule,
            "all" => All,
            "none" => None,
            "null" => Null,
            _ => return Option::None,
        })
    }

    pub fn is_keyword(self) -> bool {
        self as u8 >= TokenKind::True as u8
    }

    /// Words that begin a statement and nothing else (or, for `if` and `fetch`, usually a statement when first of a
    /// line); the parser resumes at them after an error.
    pub fn begins_statement(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            Test | Expect
                | Agent
                | Intent
                | On
                | Stream
                | Emit
                | Type
                | Fun
                | Extern
                | Import
                | Return
                | Break
                | Continue
                | Let
                | Var
                | If
                | For
                | While
                | Export
                | Fact
                | Rule
        )
    }

    pub fn begins_expression(self) -> bool {
        use TokenKind::*;
        matches!(
            self,
            Ident
                | Int
                | Float
                | Str
                | True
                | False
                | None
                | Null
                | Minus
                | Bang
                | LParen
                | LBracket
                | LBrace
                | Fun
                | If
                | Match
                | Generate
                | Fetch
                | Load
                | Save
        )
    }
}

/// A comment as written, with its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    pub kind: CommentKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `//` or `#`
    Line,
    /// `///`
    Doc,
    /// `/* */`
    Block,
}
