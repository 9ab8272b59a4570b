//! Interned texts. A `Symbol` is a small number: equality and hashing do not look at the text, nor at any memory. Entries
//! live as long as the process; a compiler run has few distinct names.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

/// An interned text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Symbol(NonZeroU32);

static TABLE: LazyLock<Mutex<FxHashMap<&'static str, Symbol>>> = LazyLock::new(Mutex::default);

/// The texts by number. Chunk `n` has room for `2^n` of them, so that texts never move and reading needs no lock.
static TEXTS: [OnceLock<Chunk>; 32] = [const { OnceLock::new() }; 32];

type Chunk = Box<[OnceLock<Box<str>>]>;

impl Symbol {
    pub fn intern(text: &str) -> Symbol {
        let mut table = TABLE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(symbol) = table.get(text) {
            return *symbol;
        }
        // There is no room in memory for 2^32 entries.
        let symbol = Symbol(NonZeroU32::MIN.saturating_add(table.len() as u32));
        let (chunk, place) = symbol.place();
        let chunk = TEXTS[chunk].get_or_init(|| (0..1 << chunk).map(|_| OnceLock::new()).collect());
        table.insert(chunk[place].get_or_init(|| text.into()), symbol);
        symbol
    }

    /// Chunk and index in it.
    fn place(self) -> (usize, usize) {
        let chunk = self.0.ilog2();
        (chunk as usize, (self.0.get() - (1 << chunk)) as usize)
    }

    pub fn as_str(self) -> &'static str {
        let (chunk, place) = self.place();
        TEXTS[chunk].get().and_then(|chunk| chunk[place].get()).map_or("", |text| text)
    }

    /// A small number unique to this text in this process, for dense side tables.
    pub fn index(self) -> u32 {
        self.0.get() - 1
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
