//! The rewriter of a running conversion: every change goes through it.

use super::TypeConverter;
use crate::ir::{Block, Builder, Location, Op, Region, RewriterHandle, Type, Value};
use mochi_dialects_sys as sys;
use std::{ffi::c_void, ops::Deref};

/// The rewriter, which is also a `Builder` placed before the matched op with its location.
pub struct Rewriter<'c> {
    raw: sys::MochiRewriter,
    builder: Builder<'c>,
}

impl<'c> Deref for Rewriter<'c> {
    type Target = Builder<'c>;

    fn deref(&self) -> &Builder<'c> {
        &self.builder
    }
}

impl<'c> Rewriter<'c> {
    pub(crate) fn new(raw: sys::MochiRewriter, op: Op<'c>) -> Self {
        Rewriter { raw, builder: Builder::rewriter(op.context(), RewriterHandle(raw), op.loc()) }
    }

    /// The builder that inserts through this rewriter.
    pub fn builder(&self) -> &Builder<'c> {
        &self.builder
    }

    /// Replaces the op's results and erases it.
    pub fn replace(&self, op: Op<'c>, values: &[Value<'c>]) {
        assert_eq!(values.len(), op.result_count(), "replacement of {}", op.name());
        let raws: Vec<_> = values.iter().map(|v| v.raw()).collect();
        // SAFETY: live handles.
        unsafe { sys::mochiRewriterReplaceOp(self.raw, op.raw(), raws.len() as isize, raws.as_ptr()) }
    }

    /// Erases the op.
    pub fn erase(&self, op: Op<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiRewriterEraseOp(self.raw, op.raw()) }
    }

    /// Moves `op` and all after it into a new block behind its own.
    pub fn split_before(&self, op: Op<'c>) -> Block<'c> {
        // SAFETY: live handles.
        Block::wrap(unsafe { sys::mochiRewriterSplitBefore(self.raw, op.raw()) })
    }

    /// A new block in front of `before`; the insertion point stays.
    pub fn block_before(&self, before: Block<'c>, args: &[Type<'c>]) -> Block<'c> {
        let (types, locs) = self.raw_args(args);
        // SAFETY: live handles; arrays are copied.
        Block::wrap(unsafe {
            sys::mochiRewriterCreateBlockBefore(
                self.raw,
                before.raw(),
                types.len() as isize,
                types.as_ptr(),
                locs.as_ptr(),
            )
        })
    }

    /// A new block at the end of `region`; the insertion point stays.
    pub fn append_block(&self, region: Region<'c>, args: &[Type<'c>]) -> Block<'c> {
        let (types, locs) = self.raw_args(args);
        // SAFETY: live handles; arrays are copied.
        Block::wrap(unsafe {
            sys::mochiRewriterAppendBlock(self.raw, region.raw(), types.len() as isize, types.as_ptr(), locs.as_ptr())
        })
    }

    fn raw_args(&self, args: &[Type<'c>]) -> (Vec<sys::MlirType>, Vec<sys::MlirLocation>) {
        let loc: Location<'c> = self.builder.loc();
        (args.iter().map(|t| t.raw()).collect(), args.iter().map(|_| loc.raw()).collect())
    }

    /// Moves all blocks of `region` in front of `before`.
    pub fn inline_region_before(&self, region: Region<'c>, before: Block<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiRewriterInlineRegionBefore(self.raw, region.raw(), before.raw()) }
    }

    /// Moves all blocks of `from` to the end of `to`.
    pub fn inline_region_at_end(&self, from: Region<'c>, to: Region<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiRewriterInlineRegionAtEnd(self.raw, from.raw(), to.raw()) }
    }

    /// Appends the ops of `source` to `dest` and puts `values` for its arguments.
    pub fn merge_blocks(&self, source: Block<'c>, dest: Block<'c>, values: &[Value<'c>]) {
        let raws: Vec<_> = values.iter().map(|v| v.raw()).collect();
        // SAFETY: live handles.
        unsafe {
            sys::mochiRewriterMergeBlocks(self.raw, source.raw(), dest.raw(), raws.len() as isize, raws.as_ptr());
        }
    }

    /// Converts the argument types of all blocks of a region.
    pub fn convert_region_types(&self, region: Region<'c>, converter: &TypeConverter<'c>) -> bool {
        // SAFETY: live handles.
        unsafe { sys::mochiRewriterConvertRegionTypes(self.raw, region.raw(), converter.raw) }
    }

    /// Converts the argument types of one block.
    pub fn convert_block_types(&self, block: Block<'c>, converter: &TypeConverter<'c>) -> bool {
        // SAFETY: live handles.
        unsafe { sys::mochiRewriterApplySignature(self.raw, block.raw(), converter.raw) }
    }

    /// Erases a block that nothing refers to any more.
    pub fn erase_block(&self, block: Block<'c>) {
        // SAFETY: live handles.
        unsafe { sys::mochiRewriterEraseBlock(self.raw, block.raw()) }
    }

    /// Changes an op in place (attributes, locations) with the rewriter told.
    pub fn modify(&self, op: Op<'c>, change: impl FnOnce()) {
        unsafe extern "C" fn call<F: FnOnce()>(data: *mut c_void) {
            // SAFETY: `data` is the option below.
            if let Some(f) = unsafe { (*data.cast::<Option<F>>()).take() } {
                f();
            }
        }
        fn trampoline<F: FnOnce()>(_: &F) -> unsafe extern "C" fn(*mut c_void) {
            call::<F>
        }
        let function = trampoline(&change);
        let mut slot = Some(change);
        // SAFETY: the slot lives during the call.
        unsafe {
            sys::mochiRewriterModifyInPlace(self.raw, op.raw(), function, (&raw mut slot).cast());
        }
    }

    /// The converted form of a value, as far as the conversion has come.
    pub fn remapped(&self, value: Value<'c>) -> Option<Value<'c>> {
        // SAFETY: live handles.
        let raw = unsafe { sys::mochiRewriterRemapped(self.raw, value.raw()) };
        (!raw.ptr.is_null()).then(|| Value::wrap(raw))
    }
}
