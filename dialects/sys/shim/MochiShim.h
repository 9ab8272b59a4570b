//===- MochiShim.h - C doors that LLVM 22's C API lacks ---------*- C++ -*-===//
//
// Part of Mochi, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and shapes follow mlir-c, so that a door can be dropped when a later
// LLVM has it. Nothing here keeps global state.
//
//===----------------------------------------------------------------------===//
#ifndef MOCHI_SHIM_H
#define MOCHI_SHIM_H

#include "mlir-c/IR.h"
#include "mlir-c/Pass.h"
#include "mlir-c/Rewrite.h"
#include "mlir-c/Support.h"

#ifdef __cplusplus
extern "C" {
#endif

// --- IR -------------------------------------------------------------------

// Moves `op` and everything after it into a new block placed behind its block.
MlirBlock mochiBlockSplitBefore(MlirOperation op);
// Moves `op` to the end of `block`.
void mochiOperationMoveToEnd(MlirOperation op, MlirBlock block);
// Moves all ops of `from` to the end of `to`; block arguments are untouched.
void mochiBlockSpliceAtEnd(MlirBlock to, MlirBlock from);
// Moves all blocks of `from` in front of `before`.
void mochiRegionInlineBefore(MlirRegion from, MlirBlock before);
void mochiBlockMoveAfter(MlirBlock block, MlirBlock after);
MlirOperation mochiBlockGetLastOperation(MlirBlock block);
MlirOperation mochiOperationGetPrevInBlock(MlirOperation op);
MlirOperation mochiRegionGetParentOperation(MlirRegion region);
void mochiBlockErase(MlirBlock block);
// Erases the blocks of the regions of `op`, at any depth, that no branch
// leads to.
void mochiOperationEraseUnreachableBlocks(MlirOperation op);
bool mochiOperationIsTerminator(MlirOperation op);
bool mochiOperationHasTrait(MlirOperation op, MlirTypeID trait);
bool mochiOperationIsPure(MlirOperation op);
bool mochiOperationWouldBeTriviallyDead(MlirOperation op);
bool mochiOperationIsTriviallyDead(MlirOperation op);
// Erases `op` together with its regions; its results must be unused.
void mochiOperationErase(MlirOperation op);
void mochiOperationReplaceUsesInRegion(MlirValue from, MlirValue to,
                                       MlirRegion region);
bool mochiRegionIsAncestor(MlirRegion outer, MlirRegion inner);
MlirOperation mochiSymbolTableLookupNearest(MlirOperation from,
                                            MlirStringRef name);
bool mochiSymbolHasUses(MlirOperation symbol, MlirOperation from);

// Dominance of ops and values, computed lazily per region.
typedef struct MochiDominance {
  void *ptr;
} MochiDominance;
MochiDominance mochiDominanceCreate(MlirOperation root);
void mochiDominanceDestroy(MochiDominance dominance);
bool mochiDominanceProperly(MochiDominance dominance, MlirOperation a,
                            MlirOperation b);
bool mochiDominanceValue(MochiDominance dominance, MlirValue v,
                         MlirOperation user);

// --- Passes ---------------------------------------------------------------

typedef enum MochiOptionKind {
  MOCHI_OPTION_BOOL = 0,
  MOCHI_OPTION_INT = 1,
  MOCHI_OPTION_STRING = 2
} MochiOptionKind;

typedef struct MochiOptionSpec {
  MochiOptionKind kind;
  MlirStringRef name;
  MlirStringRef description;
  MlirStringRef defaultString;
  int64_t defaultInt;
} MochiOptionSpec;

typedef struct MochiOptionValue {
  int64_t intValue;
  MlirStringRef stringValue;
} MochiOptionValue;

// All text and arrays must live as long as the process.
typedef struct MochiPassSpec {
  MlirTypeID id;
  MlirStringRef name;
  MlirStringRef argument;
  MlirStringRef description;
  MlirStringRef anchor; // empty: any operation
  intptr_t numOptions;
  const MochiOptionSpec *options;
  intptr_t numStatistics;
  const MlirStringRef *statistics; // name, description pairs
  intptr_t numDialects;
  const MlirDialectHandle *dialects;
  // Runs the pass; false is failure. `statistics` may be added to.
  bool (*run)(MlirOperation op, const MochiOptionValue *options,
              uint64_t *statistics, void *userData);
  void *userData;
} MochiPassSpec;

void mochiRegisterPass(const MochiPassSpec *spec);
// A pass for direct use in a pass manager, default options.
MlirPass mochiCreatePass(const MochiPassSpec *spec);
// A named pipeline given by its text.
void mochiRegisterPipeline(MlirStringRef argument, MlirStringRef description,
                           MlirStringRef text);
void mochiPassManagerEnableReproducer(MlirPassManager pm, MlirStringRef path,
                                      bool localReproducer);
// IR printing after the passes whose argument is in `arguments` (all if none),
// through a callback.
typedef void (*MochiAfterPassCallback)(MlirStringRef argument,
                                       MlirOperation op, bool failed,
                                       void *userData);
void mochiPassManagerAddAfterPass(MlirPassManager pm,
                                  MochiAfterPassCallback callback,
                                  void *userData);

// --- Conversion -----------------------------------------------------------

typedef struct MochiTypeConverter {
  void *ptr;
} MochiTypeConverter;
typedef struct MochiConversionTarget {
  void *ptr;
} MochiConversionTarget;
typedef struct MochiRewriter {
  void *ptr;
} MochiRewriter;

// 1: converted to *result, 0: not mine, -1: failure.
typedef int (*MochiTypeConversionCallback)(MlirType type, MlirType *result,
                                           void *userData);
typedef bool (*MochiLegalityCallback)(MlirOperation op, void *userData);
typedef bool (*MochiPatternCallback)(MlirOperation op, intptr_t numOperands,
                                     MlirValue *operands,
                                     MochiRewriter rewriter, void *userData);
typedef void (*MochiDropCallback)(void *userData);

MochiTypeConverter mochiTypeConverterCreate(void);
MochiTypeConverter mochiLLVMTypeConverterCreate(MlirOperation dataLayoutScope);
void mochiTypeConverterDestroy(MochiTypeConverter converter);
void mochiTypeConverterAddConversion(MochiTypeConverter converter,
                                     MochiTypeConversionCallback callback,
                                     void *userData, MochiDropCallback drop);
MlirType mochiTypeConverterConvert(MochiTypeConverter converter, MlirType type);

MochiConversionTarget mochiConversionTargetCreate(MlirContext ctx);
void mochiConversionTargetDestroy(MochiConversionTarget target);
void mochiConversionTargetSetDialect(MochiConversionTarget target,
                                     MlirStringRef dialect, bool legal);
void mochiConversionTargetSetOp(MochiConversionTarget target, MlirStringRef op,
                                bool legal);
void mochiConversionTargetSetDynamicOp(MochiConversionTarget target,
                                       MlirStringRef op,
                                       MochiLegalityCallback callback,
                                       void *userData, MochiDropCallback drop);
void mochiConversionTargetSetUnknownLegal(MochiConversionTarget target);

MlirRewritePatternSet mochiPatternSetCreate(MlirContext ctx);
void mochiPatternSetAddConversion(MlirRewritePatternSet set,
                                  MochiTypeConverter converter,
                                  MlirStringRef opName, unsigned benefit,
                                  MochiPatternCallback callback, void *userData,
                                  MochiDropCallback drop);
// arith, math, memref, cf, func, index, ub to LLVM, with our converter.
void mochiPatternSetPopulateToLLVM(MlirRewritePatternSet set,
                                   MochiTypeConverter converter);
// Function signatures, calls, returns and branch operands of func and cf.
void mochiPatternSetPopulateStructuralTypes(MlirRewritePatternSet set,
                                            MochiTypeConverter converter);
// GEP flags are a property without an attribute, so generic creation misses
// them: inbounds 1 (with nusw 2), nuw 4.
void mochiLLVMGEPSetNoWrapFlags(MlirOperation op, uint32_t flags);
bool mochiApplyConversion(MlirOperation op, MochiConversionTarget target,
                          MlirRewritePatternSet set, bool full);

MlirOperation mochiRewriterInsert(MochiRewriter rw, MlirOperation op);
void mochiRewriterSetBefore(MochiRewriter rw, MlirOperation op);
void mochiRewriterSetAfter(MochiRewriter rw, MlirOperation op);
void mochiRewriterSetStart(MochiRewriter rw, MlirBlock block);
void mochiRewriterSetEnd(MochiRewriter rw, MlirBlock block);
MlirBlock mochiRewriterGetBlock(MochiRewriter rw);
void mochiRewriterReplaceOp(MochiRewriter rw, MlirOperation op, intptr_t count,
                            const MlirValue *values);
void mochiRewriterEraseOp(MochiRewriter rw, MlirOperation op);
MlirBlock mochiRewriterSplitBefore(MochiRewriter rw, MlirOperation op);
MlirBlock mochiRewriterCreateBlockBefore(MochiRewriter rw, MlirBlock before,
                                         intptr_t count, const MlirType *types,
                                         const MlirLocation *locs);
MlirBlock mochiRewriterAppendBlock(MochiRewriter rw, MlirRegion region,
                                   intptr_t count, const MlirType *types,
                                   const MlirLocation *locs);
void mochiRewriterInlineRegionBefore(MochiRewriter rw, MlirRegion region,
                                     MlirBlock before);
void mochiRewriterInlineRegionAtEnd(MochiRewriter rw, MlirRegion from,
                                    MlirRegion to);
void mochiRewriterMergeBlocks(MochiRewriter rw, MlirBlock source,
                              MlirBlock dest, intptr_t count,
                              const MlirValue *values);
bool mochiRewriterConvertRegionTypes(MochiRewriter rw, MlirRegion region,
                                     MochiTypeConverter converter);
bool mochiRewriterApplySignature(MochiRewriter rw, MlirBlock block,
                                 MochiTypeConverter converter);
void mochiRewriterEraseBlock(MochiRewriter rw, MlirBlock block);
void mochiRewriterModifyInPlace(MochiRewriter rw, MlirOperation op,
                                void (*change)(void *), void *userData);
MlirValue mochiRewriterRemapped(MochiRewriter rw, MlirValue value);

// --- Registration and tools -----------------------------------------------

// The dialects that Mochi's own pipelines use, without the rest of MLIR.
void mochiRegisterNeededDialects(MlirDialectRegistry registry);
// The upstream passes that Mochi's own pipelines use; once per process.
void mochiRegisterNeededPasses(void);
// Everything upstream registers, Mochi's dialect, whatever was registered
// before the call; the exit status.
int mochiOptMain(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif // MOCHI_SHIM_H
