//===- UnrollRecursion.h - Inline small functions into themselves ----------===//

#ifndef MOCHI_CODEGEN_UNROLLRECURSION_H
#define MOCHI_CODEGEN_UNROLLRECURSION_H

#include "llvm/IR/PassManager.h"

namespace mochi {

/// LLVM's inliner leaves calls of a function to itself alone. For small
/// functions most of the time goes into those calls: this puts copies of the
/// body in their places, once or twice, as far as the function stays small.
///
/// Requires: simplified bodies (it counts instructions). Guarantees: the same
/// results; the recursion is less deep and its frames are larger.
struct UnrollRecursion : llvm::PassInfoMixin<UnrollRecursion> {
  llvm::PreservedAnalyses run(llvm::Module &module,
                              llvm::ModuleAnalysisManager &);
};

} // namespace mochi

#endif // MOCHI_CODEGEN_UNROLLRECURSION_H
