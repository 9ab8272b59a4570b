//===- FlattenChecks.h - Select instead of branch around checks -------------===//

#ifndef MOCHI_CODEGEN_FLATTENCHECKS_H
#define MOCHI_CODEGEN_FLATTENCHECKS_H

#include "llvm/IR/PassManager.h"

namespace mochi {

/// LLVM turns a branch around a few cheap instructions into selects, unless
/// there is a check for overflow among them, since that is a branch itself.
/// This moves the check behind the point where the ways meet again:
///
///     if (c) x = checked(x * 3); else x = x / 2;
///
/// becomes a select between both results and one check of `c && overflow`.
///
/// Guarantees: the same results; a failing check still comes before anything
/// that can be observed, as the instructions between only compute.
struct FlattenChecks : llvm::PassInfoMixin<FlattenChecks> {
  llvm::PreservedAnalyses run(llvm::Function &function,
                              llvm::FunctionAnalysisManager &);
};

} // namespace mochi

#endif // MOCHI_CODEGEN_FLATTENCHECKS_H
