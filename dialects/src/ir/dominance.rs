//! Dominance between ops and values.

use super::{Op, Value};
use mochi_dialects_sys as sys;
use std::marker::PhantomData;

/// Dominance information for everything inside one op. Make a new one after changing the control flow graph.
pub struct Dominance<'c> {
    raw: sys::MochiDominance,
    marker: PhantomData<&'c ()>,
}

impl<'c> Dominance<'c> {
    pub fn new(root: Op<'c>) -> Self {
        // SAFETY: live op; freed in `drop`.
        Dominance { raw: unsafe { sys::mochiDominanceCreate(root.raw()) }, marker: PhantomData }
    }

    /// Whether `a` always runs before `b`.
    pub fn op_dominates(&self, a: Op<'c>, b: Op<'c>) -> bool {
        // SAFETY: live ops.
        unsafe { sys::mochiDominanceProperly(self.raw, a.raw(), b.raw()) }
    }

    /// Whether `value` may be used by `user`.
    pub fn value_dominates(&self, value: Value<'c>, user: Op<'c>) -> bool {
        // SAFETY: live handles.
        unsafe { sys::mochiDominanceValue(self.raw, value.raw(), user.raw()) }
    }
}

impl Drop for Dominance<'_> {
    fn drop(&mut self) {
        // SAFETY: created by us, dropped once.
        unsafe { sys::mochiDominanceDestroy(self.raw) }
    }
}
