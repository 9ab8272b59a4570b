//! Where each `any` comes from. A slot that becomes `any` remembers the reason; when its value flows elsewhere, the reason
//! goes along. So everything dynamic leads back to one place, and the lint names that place alone.

use super::infer::Content;
use mochi_diagnostics::Span;
use mochi_syntax::Symbol;

/// Index of a reason.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Origin(u32);

impl Origin {
    /// What an operation on a dynamic value gives.
    pub const DERIVED: Origin = Origin(0);
    /// The program says `any`.
    pub const DECLARED: Origin = Origin(1);

    /// The reason of two slots that become one: what the program says explains all, and what follows from something else
    /// explains least.
    pub fn common(self, other: Origin) -> Origin {
        match (self.min(other), self.max(other)) {
            (Origin::DERIVED, explained) => explained,
            (first, _) => first,
        }
    }

    /// The compiler is to blame, not the program, nor another `any`.
    pub fn is_introduced(self) -> bool {
        self > Origin::DECLARED
    }
}

/// What was seen where.
pub type Sight = (Content, Span);

/// Why a slot is `any`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// Values that have no type in common.
    Mixed(Sight, Sight),
    /// A name in the place of a type that is not declared.
    UnknownType(Symbol),
    /// A declared type that does not say what its values are.
    OpenType(Symbol),
    /// Nothing in the program says what it is.
    Undetermined,
    /// An operation whose result no static type describes; what it is.
    Operation(&'static str),
    /// A container that would contain itself.
    Recursive,
}

/// A reason with the place where it was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reason {
    pub cause: Cause,
    pub span: Span,
}

/// All reasons of one inference run.
#[derive(Debug, Default)]
pub struct Reasons(Vec<Reason>);

impl Reasons {
    pub fn add(&mut self, cause: Cause, span: Span) -> Origin {
        self.0.push(Reason { cause, span });
        Origin(self.0.len() as u32 + Origin::DECLARED.0)
    }

    /// `None` for what the compiler did not introduce.
    pub fn get(&self, origin: Origin) -> Option<Reason> {
        let index = origin.0.checked_sub(Origin::DECLARED.0 + 1)?;
        self.0.get(index as usize).copied()
    }
}
