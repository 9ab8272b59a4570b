//! Interned names. A `Symbol` is a pointer-sized copyable handle: equality and hashing do not look at the text, and
//! `as_str` needs no table. Entries live as long as the process; a compiler run has few distinct names.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{LazyLock, Mutex, PoisonError};

struct Entry {
    index: u32,
    text: Box<str>,
}

/// An interned string.
#[derive(Clone, Copy)]
pub struct Symbol(&'static Entry);

static TABLE: LazyLock<Mutex<HashMap<&'static str, Symbol>>> = LazyLock::new(Mutex::default);

impl Symbol {
    pub fn intern(text: &str) -> Symbol {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(symbol) = table.get(text) {
            return *symbol;
        }
        let entry: &'static Entry = Box::leak(Box::new(Entry { index: table.len() as u32, text: text.into() }));
        let symbol = Symbol(entry);
        table.insert(&entry.text, symbol);
        symbol
    }

    pub fn as_str(self) -> &'static str {
        &self.0.text
    }

    /// A small number unique to this text in this process, for dense side tables.
    pub fn index(self) -> u32 {
        self.0.index
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Symbol) -> bool {
        self.0.index == other.0.index
    }
}

impl Eq for Symbol {}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.index.hash(state);
    }
}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Symbol {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

/// By text, so that sorted output does not depend on the order of interning.
impl Ord for Symbol {
    fn cmp(&self, other: &Symbol) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Symbol {
        Symbol::intern(text)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_symbol() {
        let (a, b, c) = (Symbol::intern("abc"), Symbol::intern("abc"), Symbol::intern("abd"));
        assert_eq!(a, b);
        assert_ne!(a, c);
        assert!(a < c);
        assert_eq!(a, "abc");
        assert_eq!(format!("{a:>5}"), "  abc");
    }
}
