//! Declarations of `dialects/sys/shim/MochiShim.h`, in its order. Keep both in step.

use mlir_sys::*;
use std::ffi::{c_char, c_int, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct MochiDominance {
    pub ptr: *mut c_void,
}

pub const MOCHI_OPTION_BOOL: u32 = 0;
pub const MOCHI_OPTION_INT: u32 = 1;
pub const MOCHI_OPTION_STRING: u32 = 2;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct MochiOptionSpec {
    pub kind: u32,
    pub name: MlirStringRef,
    pub description: MlirStringRef,
    pub default_string: MlirStringRef,
    pub default_int: i64,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct MochiOptionValue {
    pub int_value: i64,
    pub string_value: MlirStringRef,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct MochiPassSpec {
    pub id: MlirTypeID,
    pub name: MlirStringRef,
    pub argument: MlirStringRef,
    pub description: MlirStringRef,
    pub anchor: MlirStringRef,
    pub num_options: isize,
    pub options: *const MochiOptionSpec,
    pub num_statistics: isize,
    pub statistics: *const MlirStringRef,
    pub num_dialects: isize,
    pub dialects: *const MlirDialectHandle,
    pub run: unsafe extern "C" fn(
        op: MlirOperation,
        options: *const MochiOptionValue,
        statistics: *mut u64,
        user_data: *mut c_void,
    ) -> bool,
    pub user_data: *mut c_void,
}

pub type MochiAfterPassCallback =
    unsafe extern "C" fn(argument: MlirStringRef, op: MlirOperation, failed: bool, user_data: *mut c_void);

#[repr(C)]
#[derive(Clone, Copy)]
pub struct MochiTypeConverter {
    pub ptr: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct MochiConversionTarget {
    pub ptr: *mut c_void,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct MochiRewriter {
    pub ptr: *mut c_void,
}

pub type MochiTypeConversionCallback =
    unsafe extern "C" fn(ty: MlirType, result: *mut MlirType, user_data: *mut c_void) -> c_int;
pub type MochiLegalityCallback = unsafe extern "C" fn(op: MlirOperation, user_data: *mut c_void) -> bool;
pub type MochiPatternCallback = unsafe extern "C" fn(
    op: MlirOperation,
    num_operands: isize,
    operands: *mut MlirValue,
    rewriter: MochiRewriter,
    user_data: *mut c_void,
) -> bool;
pub type MochiDropCallback = unsafe extern "C" fn(user_data: *mut c_void);

unsafe extern "C" {
    pub fn mochiBlockSplitBefore(op: MlirOperation) -> MlirBlock;
    pub fn mochiOperationMoveToEnd(op: MlirOperation, block: MlirBlock);
    pub fn mochiBlockSpliceAtEnd(to: MlirBlock, from: MlirBlock);
    pub fn mochiRegionInlineBefore(from: MlirRegion, before: MlirBlock);
    pub fn mochiBlockMoveAfter(block: MlirBlock, after: MlirBlock);
    pub fn mochiBlockGetLastOperation(block: MlirBlock) -> MlirOperation;
    pub fn mochiOperationGetPrevInBlock(op: MlirOperation) -> MlirOperation;
    pub fn mochiRegionGetParentOperation(region: MlirRegion) -> MlirOperation;
    pub fn mochiOperationEraseUnreachableBlocks(op: MlirOperation);
    pub fn mochiBlockErase(block: MlirBlock);
    pub fn mochiOperationIsTerminator(op: MlirOperation) -> bool;
    pub fn mochiOperationHasTrait(op: MlirOperation, trait_id: MlirTypeID) -> bool;
    pub fn mochiOperationIsPure(op: MlirOperation) -> bool;
    pub fn mochiOperationWouldBeTriviallyDead(op: MlirOperation) -> bool;
    pub fn mochiOperationIsTriviallyDead(op: MlirOperation) -> bool;
    pub fn mochiOperationErase(op: MlirOperation);
    pub fn mochiOperationReplaceUsesInRegion(from: MlirValue, to: MlirValue, region: MlirRegion);
    pub fn mochiRegionIsAncestor(outer: MlirRegion, inner: MlirRegion) -> bool;
    pub fn mochiSymbolTableLookupNearest(from: MlirOperation, name: MlirStringRef) -> MlirOperation;
    pub fn mochiSymbolHasUses(symbol: MlirOperation, from: MlirOperation) -> bool;
    pub fn mochiDominanceCreate(root: MlirOperation) -> MochiDominance;
    pub fn mochiDominanceDestroy(dominance: MochiDominance);
    pub fn mochiDominanceProperly(dominance: MochiDominance, a: MlirOperation, b: MlirOperation) -> bool;
    pub fn mochiDominanceValue(dominance: MochiDominance, v: MlirValue, user: MlirOperation) -> bool;

    pub fn mochiRegisterPass(spec: *const MochiPassSpec);
    pub fn mochiCreatePass(spec: *const MochiPassSpec) -> MlirPass;
    pub fn mochiRegisterPipeline(argument: MlirStringRef, description: MlirStringRef, text: MlirStringRef);
    pub fn mochiPassManagerEnableReproducer(pm: MlirPassManager, path: MlirStringRef, local_reproducer: bool);
    pub fn mochiPassManagerAddAfterPass(pm: MlirPassManager, callback: MochiAfterPassCallback, user_data: *mut c_void);

    pub fn mochiTypeConverterCreate() -> MochiTypeConverter;
    pub fn mochiLLVMTypeConverterCreate(scope: MlirOperation) -> MochiTypeConverter;
    pub fn mochiTypeConverterDestroy(converter: MochiTypeConverter);
    pub fn mochiTypeConverterAddConversion(
        converter: MochiTypeConverter,
        callback: MochiTypeConversionCallback,
        user_data: *mut c_void,
        drop: MochiDropCallback,
    );
    pub fn mochiTypeConverterConvert(converter: MochiTypeConverter, ty: MlirType) -> MlirType;
    pub fn mochiConversionTargetCreate(ctx: MlirContext) -> MochiConversionTarget;
    pub fn mochiConversionTargetDestroy(target: MochiConversionTarget);
    pub fn mochiConversionTargetSetDialect(target: MochiConversionTarget, dialect: MlirStringRef, legal: bool);
    pub fn mochiConversionTargetSetOp(target: MochiConversionTarget, op: MlirStringRef, legal: bool);
    pub fn mochiConversionTargetSetDynamicOp(
        target: MochiConversionTarget,
        op: MlirStringRef,
        callback: MochiLegalityCallback,
        user_data: *mut c_void,
        drop: MochiDropCallback,
    );
    pub fn mochiConversionTargetSetUnknownLegal(target: MochiConversionTarget);
    pub fn mochiPatternSetCreate(ctx: MlirContext) -> MlirRewritePatternSet;
    pub fn mochiPatternSetAddConversion(
        set: MlirRewritePatternSet,
        converter: MochiTypeConverter,
        op_name: MlirStringRef,
        benefit: u32,
        callback: MochiPatternCallback,
        user_data: *mut c_void,
        drop: MochiDropCallback,
    );
    pub fn mochiPatternSetPopulateToLLVM(set: MlirRewritePatternSet, converter: MochiTypeConverter);
    pub fn mochiPatternSetPopulateStructuralTypes(set: MlirRewritePatternSet, converter: MochiTypeConverter);
    pub fn mochiLLVMGEPSetNoWrapFlags(op: MlirOperation, flags: u32);
    pub fn mochiApplyConversion(
        op: MlirOperation,
        target: MochiConversionTarget,
        set: MlirRewritePatternSet,
        full: bool,
    ) -> bool;

    pub fn mochiRewriterInsert(rw: MochiRewriter, op: MlirOperation) -> MlirOperation;
    pub fn mochiRewriterSetBefore(rw: MochiRewriter, op: MlirOperation);
    pub fn mochiRewriterSetAfter(rw: MochiRewriter, op: MlirOperation);
    pub fn mochiRewriterSetStart(rw: MochiRewriter, block: MlirBlock);
    pub fn mochiRewriterSetEnd(rw: MochiRewriter, block: MlirBlock);
    pub fn mochiRewriterGetBlock(rw: MochiRewriter) -> MlirBlock;
    pub fn mochiRewriterReplaceOp(rw: MochiRewriter, op: MlirOperation, count: isize, values: *const MlirValue);
    pub fn mochiRewriterEraseOp(rw: MochiRewriter, op: MlirOperation);
    pub fn mochiRewriterSplitBefore(rw: MochiRewriter, op: MlirOperation) -> MlirBlock;
    pub fn mochiRewriterCreateBlockBefore(
        rw: MochiRewriter,
        before: MlirBlock,
        count: isize,
        types: *const MlirType,
        locs: *const MlirLocation,
    ) -> MlirBlock;
    pub fn mochiRewriterAppendBlock(
        rw: MochiRewriter,
        region: MlirRegion,
        count: isize,
        types: *const MlirType,
        locs: *const MlirLocation,
    ) -> MlirBlock;
    pub fn mochiRewriterInlineRegionBefore(rw: MochiRewriter, region: MlirRegion, before: MlirBlock);
    pub fn mochiRewriterInlineRegionAtEnd(rw: MochiRewriter, from: MlirRegion, to: MlirRegion);
    pub fn mochiRewriterMergeBlocks(
        rw: MochiRewriter,
        source: MlirBlock,
        dest: MlirBlock,
        count: isize,
        values: *const MlirValue,
    );
    pub fn mochiRewriterConvertRegionTypes(
        rw: MochiRewriter,
        region: MlirRegion,
        converter: MochiTypeConverter,
    ) -> bool;
    pub fn mochiRewriterApplySignature(rw: MochiRewriter, block: MlirBlock, converter: MochiTypeConverter) -> bool;
    pub fn mochiRewriterEraseBlock(rw: MochiRewriter, block: MlirBlock);
    pub fn mochiRewriterModifyInPlace(
        rw: MochiRewriter,
        op: MlirOperation,
        change: unsafe extern "C" fn(*mut c_void),
        user_data: *mut c_void,
    );
    pub fn mochiRewriterRemapped(rw: MochiRewriter, value: MlirValue) -> MlirValue;

    pub fn mochiRegisterNeededDialects(registry: MlirDialectRegistry);
    pub fn mochiRegisterNeededPasses();
    pub fn mochiOptMain(argc: c_int, argv: *mut *mut c_char) -> c_int;
}
