//! Growable arrays of objects with their types: what is yet to be destroyed, candidates for cycles.

use crate::alloc;
use crate::value::Desc;
use mochi_runtime_abi::Object;

/// An object and its type.
#[derive(Clone, Copy)]
pub struct Item {
    pub object: *mut Object,
    pub desc: Desc,
}

/// The array. It does not free itself: a static one has no end.
pub struct Worklist {
    items: *mut Item,
    len: usize,
    cap: usize,
}

const FIRST_CAPACITY: usize = 64;

impl Worklist {
    pub const fn new() -> Self {
        Worklist { items: core::ptr::null_mut(), len: 0, cap: 0 }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline]
    pub unsafe fn push(&mut self, item: Item) {
        if self.len == self.cap {
            self.grow();
        }
        self.items.add(self.len).write(item);
        self.len += 1;
    }

    #[inline(never)]
    #[cold]
    unsafe fn grow(&mut self) {
        let cap = (self.cap * 2).max(FIRST_CAPACITY);
        let (old, new) = (self.cap * size_of::<Item>(), cap * size_of::<Item>());
        self.items =
            if self.cap == 0 { alloc::alloc(new) } else { alloc::grow(self.items.cast(), old, new, old) }.cast();
        self.cap = cap;
    }

    #[inline]
    pub unsafe fn pop(&mut self) -> Option<Item> {
        if self.len == 0 {
            return None;
        }
        self.len -= 1;
        Some(self.items.add(self.len).read())
    }

    /// The item at a position below the length.
    #[inline]
    pub unsafe fn at(&self, index: usize) -> Item {
        debug_assert!(index < self.len);
        self.items.add(index).read()
    }

    /// Overwrites the item at a position below the length.
    #[inline]
    pub unsafe fn set(&mut self, index: usize, item: Item) {
        debug_assert!(index < self.len);
        self.items.add(index).write(item);
    }

    /// Forgets the items from a position on.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Forgets all items and gives the memory back.
    pub unsafe fn free(&mut self) {
        if self.cap != 0 {
            alloc::free(self.items.cast(), self.cap * size_of::<Item>());
        }
        *self = Worklist::new();
    }
}

impl Default for Worklist {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::leak_free;

    #[test]
    fn items_come_back_in_reverse() {
        leak_free(|| unsafe {
            let mut list = Worklist::new();
            let item = |number: usize| Item { object: (number * 16) as *mut Object, desc: core::ptr::null() };
            for number in 1..=1000 {
                list.push(item(number));
            }
            assert_eq!(list.at(41).object as usize, 42 * 16);
            list.set(41, item(7));
            list.truncate(42);
            assert_eq!(list.pop().map(|item| item.object as usize), Some(7 * 16));
            assert_eq!(list.len(), 41);
            list.free();
            assert!(list.is_empty() && list.pop().is_none());
        });
    }
}
