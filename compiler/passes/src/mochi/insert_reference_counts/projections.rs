//! Decides which values read out of objects can do without a count of their own.
//!
//! A *part* of an immutable value (the payload of a union variant, of an option, of `any`, a
//! captured value) lives as long as the whole; the whole is kept until the last use of the part.
//!
//! A value read from a *slot* lives as long as the object with the slot, which is kept likewise,
//! provided nothing up to the last use overwrites slots of that kind.
//!
//! In both cases, keeping the whole alive must not cost it its uniqueness: if the whole is consumed
//! while the part is alive (appended to, say), the part gets a count of its own instead.

use std::collections::{HashMap, HashSet};

use mochi_dialects::ir::{Op, Value};

use super::Uses;
use crate::analysis::ownership::{Effects, Origin, consumes, has_owner, is_counted, origin, slot_read, slot_written};
use crate::analysis::structure::{ancestor_in, walk_ops};

/// The decision for every projection of a function.
pub(super) struct Projections<'c> {
    borrowed: HashSet<Value<'c>>,
    /// For each value, the borrowed values that need it alive.
    dependents: HashMap<Value<'c>, Vec<Value<'c>>>,
}

impl<'c> Projections<'c> {
    /// Whether the value is used without a count of its own.
    pub(super) fn is_borrowed(&self, value: Value<'c>) -> bool {
        self.borrowed.contains(&value)
    }

    /// The values that borrow directly from this one.
    pub(super) fn borrowed_from(&self, value: Value<'c>) -> impl Iterator<Item = Value<'c>> + '_ {
        self.dependents.get(&value).into_iter().flatten().copied()
    }

    /// Decides for all projections of a function, owners before what is read out of them.
    pub(super) fn decide(function: Op<'c>, uses: &Uses<'c>, effects: &Effects<'c>) -> Self {
        let mut candidates = Vec::new();
        let mut derived: HashMap<Value, Vec<Value>> = HashMap::new();
        walk_ops(function, |op| {
            if op.result_count() != 1 || !is_counted(op.result(0).ty()) {
                return;
            }
            let result = op.result(0);
            if matches!(origin(result), Origin::Part | Origin::Slot) {
                candidates.push(op);
                if has_owner(op) {
                    derived.entry(op.operand(0)).or_default().push(result);
                }
            }
        });
        let mut decided = Self { borrowed: HashSet::new(), dependents: HashMap::new() };
        for op in candidates {
            let judge = Judge { uses, effects, derived: &derived, decided: &decided };
            if judge.can_borrow(op) {
                let result = op.result(0);
                decided.borrowed.insert(result);
                if has_owner(op) {
                    decided.dependents.entry(op.operand(0)).or_default().push(result);
                }
            }
        }
        decided
    }
}

struct Judge<'a, 'c> {
    uses: &'a Uses<'c>,
    effects: &'a Effects<'c>,
    derived: &'a HashMap<Value<'c>, Vec<Value<'c>>>,
    decided: &'a Projections<'c>,
}

impl<'c> Judge<'_, 'c> {
    fn can_borrow(&self, op: Op<'c>) -> bool {
        let result = op.result(0);
        let lifetime = self.lifetime(op);
        if has_owner(op) {
            let whole = op.operand(0);
            if self.has_count(whole) {
                // What is about to be consumed is better owned before the whole is released.
                let consumed = self.uses.of(result).iter().any(|&(user, k)| consumes(user, k));
                let part = origin(result) == Origin::Part;
                if part && consumed || self.is_consumed_within(whole, op, &lifetime) {
                    return false;
                }
            }
        }
        match slot_read(op) {
            None => true,
            Some(slot) => {
                let last = lifetime.last().copied();
                !lifetime.iter().any(|&step| {
                    let harmless_end = Some(step) == last && is_plain_store(step);
                    !harmless_end && self.effects.may_overwrite(step, slot)
                })
            }
        }
    }

    /// Whether the value has a count that this function must give up.
    fn has_count(&self, value: Value<'c>) -> bool {
        match origin(value) {
            Origin::Owned | Origin::Unknown => true,
            Origin::Parameter | Origin::Immortal => false,
            Origin::Part | Origin::Slot => !self.decided.is_borrowed(value),
        }
    }

    /// The operations of the projection's block after it, up to the last one that uses the
    /// projection or anything read out of it.
    fn lifetime(&self, op: Op<'c>) -> Vec<Op<'c>> {
        let Some(block) = op.block() else {
            return Vec::new();
        };
        let mut users = HashSet::new();
        let mut pending = vec![op.result(0)];
        while let Some(value) = pending.pop() {
            for &(user, _) in self.uses.of(value) {
                users.extend(ancestor_in(user, block));
            }
            pending.extend(self.derived.get(&value).into_iter().flatten().copied());
        }
        let mut steps = Vec::new();
        let mut remaining = users.len();
        let mut at = op.next();
        while let (Some(step), true) = (at, remaining > 0) {
            if users.contains(&step) {
                remaining -= 1;
            }
            steps.push(step);
            at = step.next();
        }
        steps
    }

    /// Whether the whole is consumed while the projection is alive.
    fn is_consumed_within(&self, whole: Value<'c>, op: Op<'c>, lifetime: &[Op<'c>]) -> bool {
        let Some(block) = op.block() else {
            return true;
        };
        self.uses.of(whole).iter().any(|&(user, k)| {
            consumes(user, k) && ancestor_in(user, block).is_some_and(|step| lifetime.contains(&step))
        })
    }
}

/// A store that drops the old content as its very last act, so that its own operands may be the
/// old content.
fn is_plain_store(op: Op) -> bool {
    slot_written(op).is_some() && !op.is("mochi.map.set")
}
