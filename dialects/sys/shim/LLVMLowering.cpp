//===- LLVMLowering.cpp - upstream patterns to LLVM, with our converter ---===//
//
// Part of Mochi, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "MochiShim.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Rewrite.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

void mochiPatternSetPopulateToLLVM(MlirRewritePatternSet set,
                                   MochiTypeConverter converter) {
  RewritePatternSet &s = *unwrap(set);
  auto &c = *static_cast<LLVMTypeConverter *>(
      static_cast<TypeConverter *>(converter.ptr));
  arith::populateCeilFloorDivExpandOpsPatterns(s);
  arith::populateArithToLLVMConversionPatterns(c, s);
  populateMathToLLVMConversionPatterns(c, s);
  populateFinalizeMemRefToLLVMConversionPatterns(c, s);
  cf::populateControlFlowToLLVMConversionPatterns(c, s);
  populateFuncToLLVMConversionPatterns(c, s);
  index::populateIndexToLLVMConversionPatterns(c, s);
  ub::populateUBToLLVMConversionPatterns(c, s);
}

void mochiLLVMGEPSetNoWrapFlags(MlirOperation op, uint32_t flags) {
  if (auto gep = dyn_cast<LLVM::GEPOp>(unwrap(op)))
    gep.setNoWrapFlags(static_cast<LLVM::GEPNoWrapFlags>(flags));
}
