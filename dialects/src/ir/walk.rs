//! Walking nested ops.

use super::Op;
use mochi_dialects_sys as sys;
use std::{
    any::Any,
    ffi::c_void,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

/// When the callback sees an op: before or after the ops inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkOrder {
    PreOrder,
    PostOrder,
}

/// What to do next. `Skip` (pre-order only) leaves out the regions of the op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkResult {
    Advance,
    Skip,
    Interrupt,
}

struct State<'a, 'c> {
    callback: &'a mut dyn FnMut(Op<'c>) -> WalkResult,
    panic: Option<Box<dyn Any + Send>>,
}

unsafe extern "C" fn step(op: sys::MlirOperation, data: *mut c_void) -> sys::MlirWalkResult {
    // SAFETY: `data` is the state of the running walk; the op is live.
    let state = unsafe { &mut *data.cast::<State<'_, '_>>() };
    let callback = &mut state.callback;
    // A panic must not unwind through C++ frames: it is kept and raised again after the walk.
    match catch_unwind(AssertUnwindSafe(|| callback(Op::wrap(op)))) {
        Ok(WalkResult::Advance) => sys::MlirWalkResult_MlirWalkResultAdvance,
        Ok(WalkResult::Skip) => sys::MlirWalkResult_MlirWalkResultSkip,
        Ok(WalkResult::Interrupt) => sys::MlirWalkResult_MlirWalkResultInterrupt,
        Err(payload) => {
            state.panic = Some(payload);
            sys::MlirWalkResult_MlirWalkResultInterrupt
        }
    }
}

impl<'c> Op<'c> {
    /// Visits this op and everything inside. In post-order the visited op may be erased; in pre-order only
    /// together with `Skip`.
    pub fn walk(self, order: WalkOrder, mut callback: impl FnMut(Op<'c>) -> WalkResult) {
        let mut state = State { callback: &mut callback, panic: None };
        let order = match order {
            WalkOrder::PreOrder => sys::MlirWalkOrder_MlirWalkPreOrder,
            WalkOrder::PostOrder => sys::MlirWalkOrder_MlirWalkPostOrder,
        };
        // SAFETY: the state outlives the call.
        unsafe { sys::mlirOperationWalk(self.raw(), Some(step), (&raw mut state).cast(), order) };
        if let Some(payload) = state.panic {
            resume_unwind(payload);
        }
    }

    /// All ops inside (and this one) with this name, in pre-order.
    pub fn collect(self, name: &str) -> Vec<Op<'c>> {
        self.collect_if(|op| op.is(name))
    }

    /// All ops inside (and this one) that pass `test`, in pre-order.
    pub fn collect_if(self, mut test: impl FnMut(Op<'c>) -> bool) -> Vec<Op<'c>> {
        let mut list = Vec::new();
        self.walk(WalkOrder::PreOrder, |op| {
            if test(op) {
                list.push(op);
            }
            WalkResult::Advance
        });
        list
    }
}
