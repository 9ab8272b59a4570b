//! What is decided about types that nothing in the program decides.

use super::super::origin::Cause;
use super::{Content, Shape, Slot, Table};
use std::collections::HashSet;

impl Table {
    /// Turns what is still unknown in a slot into `any`; used once nothing else changes.
    pub fn default_unknown(&mut self, slot: Slot, seen: &mut HashSet<u32>) -> bool {
        let root = self.find(slot);
        if !seen.insert(root.0) {
            return false;
        }
        match self.content(root) {
            Content::Bot => {
                self.slots[root.0 as usize].content = Content::Any;
                let seen = self.slots[root.0 as usize].seen;
                self.slots[root.0 as usize].origin = self.reasons.add(Cause::Undetermined, seen);
                true
            }
            Content::Obj(obj) => {
                let mut any = false;
                for part in self.parts(obj) {
                    any |= self.default_unknown(part, seen);
                }
                any
            }
            _ => false,
        }
    }

    /// Keys that nothing says anything about are text, as all keys are in the language. True if there were some.
    pub fn default_keys(&mut self, slot: Slot, seen: &mut HashSet<u32>) -> bool {
        let root = self.find(slot);
        let Content::Obj(obj) = self.content(root) else { return false };
        if !seen.insert(root.0) {
            return false;
        }
        let mut found = false;
        if let Shape::Map(key, _) = self.shape(obj)
            && self.content(key) == Content::Bot
        {
            self.set_content(key, Content::Str);
            found = true;
        }
        for part in self.parts(obj) {
            found |= self.default_keys(part, seen);
        }
        found
    }
}
