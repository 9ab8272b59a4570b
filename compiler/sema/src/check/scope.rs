//! Names in scope. One stack of entries for the whole run and, per name, the index of its newest entry: entering a scope
//! costs nothing, leaving it costs one step per name bound in it, and a look-up is one array access.

use mochi_syntax::{Span, Symbol};

use super::types::Ty;

const NONE: u32 = u32::MAX;

struct Entry<T> {
    name: Symbol,
    value: T,
    /// The entry that this one hides.
    hidden: u32,
}

/// One name space with undo.
pub(super) struct Scope<T> {
    newest: Vec<u32>,
    entries: Vec<Entry<T>>,
}

impl<T> Default for Scope<T> {
    fn default() -> Self {
        Scope { newest: Vec::new(), entries: Vec::new() }
    }
}

impl<T> Scope<T> {
    pub(super) fn mark(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn undo_to(&mut self, mark: usize) {
        while self.entries.len() > mark {
            if let Some(entry) = self.entries.pop()
                && let Some(slot) = self.newest.get_mut(entry.name.index() as usize)
            {
                *slot = entry.hidden;
            }
        }
    }

    /// Binds a name and returns the index of its entry.
    pub(super) fn bind(&mut self, name: Symbol, value: T) -> u32 {
        let slot = name.index() as usize;
        if slot >= self.newest.len() {
            self.newest.resize((slot + 1).next_power_of_two(), NONE);
        }
        let index = self.entries.len() as u32;
        let hidden = self.newest.get_mut(slot).map_or(NONE, |newest| std::mem::replace(newest, index));
        self.entries.push(Entry { name, value, hidden });
        index
    }

    pub(super) fn index_of(&self, name: Symbol) -> Option<u32> {
        self.newest.get(name.index() as usize).copied().filter(|index| *index != NONE)
    }

    pub(super) fn get(&self, name: Symbol) -> Option<&T> {
        self.at(self.index_of(name)?)
    }

    pub(super) fn at(&self, index: u32) -> Option<&T> {
        self.entries.get(index as usize).map(|entry| &entry.value)
    }

    pub(super) fn name_at(&self, index: u32) -> Option<Symbol> {
        self.entries.get(index as usize).map(|entry| entry.name)
    }

    /// Every bound name, hidden ones too; for suggestions.
    pub(super) fn names(&self) -> impl Iterator<Item = Symbol> + '_ {
        self.entries.iter().map(|entry| entry.name)
    }
}

/// How a value name came to have its current type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    Declared,
    /// Entry of the table of builtins.
    Builtin(u16),
    /// A guard against `none` is in force.
    Guarded,
    /// An assignment of a value of a narrower type.
    Assigned,
}

/// A value name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding {
    pub(super) ty: Ty,
    /// Differs from `ty` only when narrowed.
    pub(super) declared: Ty,
    pub(super) mutable: bool,
    pub(super) origin: Origin,
    /// Where the name was declared; empty for builtins.
    pub(super) span: Span,
}

impl Binding {
    pub(super) fn new(ty: Ty, mutable: bool, span: Span) -> Self {
        Binding { ty, declared: ty, mutable, origin: Origin::Declared, span }
    }

    pub(super) fn is_narrowed(&self) -> bool {
        matches!(self.origin, Origin::Guarded | Origin::Assigned)
    }

    pub(super) fn widened(self) -> Self {
        Binding { ty: self.declared, origin: Origin::Declared, ..self }
    }
}
