//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The `mochi` dialect and the resources its operations have effects on.
//
#ifndef MOCHI_DIALECT_H
#define MOCHI_DIALECT_H

#include "mlir/IR/Dialect.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "MochiDialect.h.inc"

namespace mochi {

/// "The program may end here."
struct FailureResource
    : public mlir::SideEffects::Resource::Base<FailureResource> {
  llvm::StringRef getName() final { return "mochi.failure"; }
};

/// Standard output.
struct OutputResource
    : public mlir::SideEffects::Resource::Base<OutputResource> {
  llvm::StringRef getName() final { return "mochi.output"; }
};

/// Reference counts.
struct CountResource : public mlir::SideEffects::Resource::Base<CountResource> {
  llvm::StringRef getName() final { return "mochi.counts"; }
};

/// What a debugger sees.
struct DebugResource : public mlir::SideEffects::Resource::Base<DebugResource> {
  llvm::StringRef getName() final { return "mochi.debugger"; }
};

} // namespace mochi

#endif // MOCHI_DIALECT_H
