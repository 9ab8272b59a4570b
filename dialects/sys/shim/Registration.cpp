//===- Registration.cpp - the dialects and passes Mochi's pipelines use ---===//
//
// Part of Mochi, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `mochi` starts fast because it registers this list and not all of MLIR.
//
//===----------------------------------------------------------------------===//
#include "MochiShim.h"

#include "mlir/CAPI/IR.h"
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/Transforms/InlinerInterfaceImpl.h"
#include "mlir/Dialect/LLVMIR/Transforms/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;


void mochiRegisterNeededDialects(MlirDialectRegistry registry) {
  DialectRegistry &r = *unwrap(registry);
  r.insert<affine::AffineDialect, arith::ArithDialect, cf::ControlFlowDialect,
           DLTIDialect, func::FuncDialect, index::IndexDialect,
           LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
           scf::SCFDialect, ub::UBDialect, vector::VectorDialect>();
  func::registerInlinerExtension(r);
  LLVM::registerInlinerInterface(r);
  registerBuiltinDialectTranslation(r);
  registerLLVMDialectTranslation(r);
}

void mochiRegisterNeededPasses(void) {
  static bool done = [] {
    registerTransformsPasses();
    affine::registerAffinePasses();
    registerSCFPasses();
    arith::registerArithPasses();
    memref::registerMemRefPasses();
    LLVM::registerLLVMPasses();
    registerPass([] { return createSCFToControlFlowPass(); });
    registerPass([] { return createLowerAffinePass(); });
    registerPass([] { return createReconcileUnrealizedCastsPass(); });
    return true;
  }();
  (void)done;
}
