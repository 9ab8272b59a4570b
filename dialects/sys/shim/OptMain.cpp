//===- OptMain.cpp - the main function of mochi-opt -----------------------===//
//
// Part of Mochi, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "MochiShim.h"

#include "mlir/CAPI/IR.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

using namespace mlir;

// Defined by the dialect's C API.
extern "C" MlirDialectHandle mlirGetDialectHandle__mochi__(void);

int mochiOptMain(int argc, char **argv) {
  DialectRegistry registry;
  registerAllDialects(registry);
  registerAllExtensions(registry);
  registerAllToLLVMIRTranslations(registry);
  registerAllPasses();
  mlirDialectHandleInsertDialect(mlirGetDialectHandle__mochi__(),
                                 wrap(&registry));
  return asMainReturnCode(
      MlirOptMain(argc, argv, "Mochi optimiser driver\n", registry));
}
