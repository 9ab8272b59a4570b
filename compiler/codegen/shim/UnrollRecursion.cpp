//===- UnrollRecursion.cpp - Inline small functions into themselves --------===//

#include "UnrollRecursion.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace {

/// A function grows to about this many instructions at most.
constexpr unsigned sizeLimit = 240;
/// Larger bodies hide the cost of their calls.
constexpr unsigned bodyLimit = 48;
constexpr unsigned levels = 2;

SmallVector<CallInst *> callsToSelf(Function &function) {
  SmallVector<CallInst *> calls;
  for (Instruction &instruction : instructions(function))
    if (auto *call = dyn_cast<CallInst>(&instruction))
      if (call->getCalledFunction() == &function)
        calls.push_back(call);
  return calls;
}

bool mayUnroll(const Function &function) {
  return !function.isDeclaration() && function.hasLocalLinkage() &&
         !function.hasFnAttribute(Attribute::NoInline) &&
         !function.hasFnAttribute(Attribute::OptimizeForSize);
}

/// Replaces all calls by the body as it is before.
bool unrollOnce(Function &function, ArrayRef<CallInst *> calls) {
  ValueToValueMapTy values;
  Function *body = CloneFunction(&function, values);
  // The copy calls the original, so nothing is inlined without end.
  bool changed = false;
  for (CallInst *call : calls) {
    call->setCalledFunction(body);
    InlineFunctionInfo info;
    if (InlineFunction(*call, info).isSuccess())
      changed = true;
    else
      call->setCalledFunction(&function);
  }
  body->eraseFromParent();
  return changed;
}

} // namespace

PreservedAnalyses mochi::UnrollRecursion::run(Module &module,
                                              ModuleAnalysisManager &) {
  SmallVector<Function *> candidates;
  for (Function &function : module)
    if (mayUnroll(function))
      candidates.push_back(&function);
  bool changed = false;
  for (Function *function : candidates) {
    unsigned body = function->getInstructionCount();
    if (body > bodyLimit)
      continue;
    for (unsigned level = 0; level < levels; ++level) {
      SmallVector<CallInst *> calls = callsToSelf(*function);
      if (calls.empty() ||
          function->getInstructionCount() * (calls.size() + 1) > sizeLimit)
        break;
      changed |= unrollOnce(*function, calls);
    }
  }
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
