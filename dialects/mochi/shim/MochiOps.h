//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Operations of the `mochi` dialect.
//
#ifndef MOCHI_OPS_H
#define MOCHI_OPS_H

#include "MochiTypes.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferIntRangeInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mochi {

/// Whether a string is a way to treat overflow: "check" or "wrap".
bool isOverflowMode(llvm::StringRef mode);

/// Whether a string is an operator of `mochi.any.binary`.
bool isAnyOperator(llvm::StringRef name);

} // namespace mochi

#define GET_OP_CLASSES
#include "MochiOps.h.inc"

#endif // MOCHI_OPS_H
