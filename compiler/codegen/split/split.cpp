//===- split.cpp - Make the two forms of the runtime ----------------------===//
//
// usage: split RUNTIME.bc FULL.bc INLINE.bc
//
// Run once, when the compiler is built. FULL is the whole runtime, to be
// compiled to an object now. INLINE holds only the bodies that are worth
// inlining, to be linked into every optimised program; a program is compiled in
// a third of the time when the rest does not have to be compiled again with it.
//
// For that, both must agree on names: everything local becomes global, hidden,
// under a name of its own.
//
//===----------------------------------------------------------------------===//

#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

/// Longer bodies are not inlined anyway. The inliner's own threshold is about
/// 225 at -O3; what it takes after simplification can be twice as long.
static const unsigned maxInstructions = 160;
/// Constants up to this many bytes may be folded into the program.
static const uint64_t maxConstantBytes = 256;

static void makeGlobal(GlobalValue &value, unsigned &counter) {
  if (value.isDeclaration() || value.getName().starts_with("llvm."))
    return;
  if (value.hasLocalLinkage()) {
    std::string name = value.getName().str();
    value.setName("mochi_rt." + Twine(counter++) + "." + name);
    value.setLinkage(GlobalValue::ExternalLinkage);
  }
  if (value.getName() != "main") {
    value.setVisibility(GlobalValue::HiddenVisibility);
    value.setDSOLocal(true);
  }
  if (auto *object = dyn_cast<GlobalObject>(&value))
    object->setComdat(nullptr);
}

static bool hasInvoke(const Function &function) {
  for (const BasicBlock &block : function)
    if (isa<InvokeInst>(block.getTerminator()))
      return true;
  return false;
}

/// Nothing unwinds: a panic ends the process.
static void dropUnwinding(Function &function) {
  if (function.isDeclaration() || hasInvoke(function))
    return;
  function.setDoesNotThrow();
  function.setUWTableKind(UWTableKind::None);
  function.setPersonalityFn(nullptr);
}

static bool worthInlining(const Function &function) {
  return !function.hasFnAttribute(Attribute::NoInline) &&
         !function.hasFnAttribute(Attribute::Cold) &&
         function.getInstructionCount() <= maxInstructions &&
         !hasInvoke(function);
}

static void keepInlinableOnly(Module &module) {
  for (Function &function : module)
    if (!function.isDeclaration() && !worthInlining(function))
      function.deleteBody();
  SmallVector<GlobalVariable *> lists;
  for (GlobalVariable &variable : module.globals()) {
    if (variable.getName().starts_with("llvm.")) {
      lists.push_back(&variable);
      continue;
    }
    if (!variable.hasInitializer())
      continue;
    uint64_t size =
        module.getDataLayout().getTypeAllocSize(variable.getValueType());
    // One copy of what can change lives in the object.
    if (!variable.isConstant() || size > maxConstantBytes) {
      variable.setInitializer(nullptr);
      variable.setLinkage(GlobalValue::ExternalLinkage);
    }
  }
  for (GlobalVariable *list : lists)
    list->eraseFromParent();
}

static bool write(const Module &module, const char *path) {
  std::error_code error;
  ToolOutputFile file(path, error, sys::fs::OF_None);
  if (error) {
    errs() << path << ": " << error.message() << "\n";
    return false;
  }
  WriteBitcodeToFile(module, file.os());
  file.keep();
  return true;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    errs() << "usage: split RUNTIME.bc FULL.bc INLINE.bc\n";
    return 2;
  }
  LLVMContext context;
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module = parseIRFile(argv[1], diagnostic, context);
  if (!module) {
    diagnostic.print(argv[0], errs());
    return 1;
  }
  unsigned counter = 0;
  for (GlobalValue &value : module->global_values())
    makeGlobal(value, counter);
  for (Function &function : *module)
    dropUnwinding(function);
  if (!write(*module, argv[2]))
    return 1;
  keepInlinableOnly(*module);
  return write(*module, argv[3]) ? 0 : 1;
}
