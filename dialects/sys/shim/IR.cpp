//===- IR.cpp - block, region and symbol doors ----------------------------===//
//
// Part of Mochi, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "MochiShim.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/Operation.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

MlirBlock mochiBlockSplitBefore(MlirOperation op) {
  Operation *o = unwrap(op);
  return wrap(o->getBlock()->splitBlock(o));
}

void mochiOperationMoveToEnd(MlirOperation op, MlirBlock block) {
  Block *b = unwrap(block);
  unwrap(op)->moveBefore(b, b->end());
}

void mochiBlockSpliceAtEnd(MlirBlock to, MlirBlock from) {
  Block *t = unwrap(to), *f = unwrap(from);
  t->getOperations().splice(t->end(), f->getOperations());
}

void mochiRegionInlineBefore(MlirRegion from, MlirBlock before) {
  Block *b = unwrap(before);
  b->getParent()->getBlocks().splice(b->getIterator(),
                                     unwrap(from)->getBlocks());
}

void mochiBlockMoveAfter(MlirBlock block, MlirBlock after) {
  Block *a = unwrap(after);
  unwrap(block)->moveBefore(a->getParent(), std::next(a->getIterator()));
}

void mochiBlockErase(MlirBlock block) {
  Block *b = unwrap(block);
  b->dropAllDefinedValueUses();
  b->erase();
}

void mochiOperationEraseUnreachableBlocks(MlirOperation op) {
  Operation *o = unwrap(op);
  IRRewriter rewriter(o->getContext());
  (void)eraseUnreachableBlocks(rewriter, o->getRegions());
}

bool mochiOperationIsTerminator(MlirOperation op) {
  return unwrap(op)->hasTrait<OpTrait::IsTerminator>();
}

bool mochiOperationHasTrait(MlirOperation op, MlirTypeID trait) {
  return unwrap(op)->getName().hasTrait(unwrap(trait));
}

bool mochiOperationWouldBeTriviallyDead(MlirOperation op) {
  return wouldOpBeTriviallyDead(unwrap(op));
}

bool mochiOperationIsPure(MlirOperation op) { return isPure(unwrap(op)); }

bool mochiOperationIsTriviallyDead(MlirOperation op) {
  return isOpTriviallyDead(unwrap(op));
}

void mochiOperationErase(MlirOperation op) { unwrap(op)->erase(); }

void mochiOperationReplaceUsesInRegion(MlirValue from, MlirValue to,
                                       MlirRegion region) {
  Region *r = unwrap(region);
  unwrap(from).replaceUsesWithIf(unwrap(to), [&](OpOperand &use) {
    return r->isAncestor(use.getOwner()->getParentRegion());
  });
}

bool mochiRegionIsAncestor(MlirRegion outer, MlirRegion inner) {
  return unwrap(outer)->isAncestor(unwrap(inner));
}

MlirOperation mochiSymbolTableLookupNearest(MlirOperation from,
                                            MlirStringRef name) {
  Operation *o = unwrap(from);
  return wrap(SymbolTable::lookupNearestSymbolFrom(
      o, StringAttr::get(o->getContext(), unwrap(name))));
}

bool mochiSymbolHasUses(MlirOperation symbol, MlirOperation from) {
  return !SymbolTable::symbolKnownUseEmpty(unwrap(symbol), unwrap(from));
}

MochiDominance mochiDominanceCreate(MlirOperation root) {
  return {new DominanceInfo(unwrap(root))};
}

void mochiDominanceDestroy(MochiDominance dominance) {
  delete static_cast<DominanceInfo *>(dominance.ptr);
}

bool mochiDominanceProperly(MochiDominance dominance, MlirOperation a,
                            MlirOperation b) {
  return static_cast<DominanceInfo *>(dominance.ptr)
      ->properlyDominates(unwrap(a), unwrap(b));
}

bool mochiDominanceValue(MochiDominance dominance, MlirValue v,
                         MlirOperation user) {
  return static_cast<DominanceInfo *>(dominance.ptr)
      ->properlyDominates(unwrap(v), unwrap(user));
}

MlirOperation mochiBlockGetLastOperation(MlirBlock block) {
  Block *b = unwrap(block);
  return wrap(b->empty() ? nullptr : &b->back());
}

MlirOperation mochiOperationGetPrevInBlock(MlirOperation op) {
  return wrap(unwrap(op)->getPrevNode());
}

MlirOperation mochiRegionGetParentOperation(MlirRegion region) {
  return wrap(unwrap(region)->getParentOp());
}
