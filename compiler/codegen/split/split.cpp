//===- split.cpp - Make the parts of the runtime --------------------------===//
//
// usage: split RUNTIME.bc CORE.bc OUTSIDE.bc INLINE.bc PREFIX...
//
// Run once, when the compiler is built. CORE and OUTSIDE are the whole runtime,
// to be compiled to objects now: OUTSIDE what only the exported functions with
// one of the prefixes reach, CORE the rest, which every program is linked with.
// INLINE holds only the bodies of CORE that are worth inlining, to be linked
// into every optimised program; a program is compiled in a third of the time
// when the rest does not have to be compiled again with it.
//
// For that, all must agree on names: everything local becomes global, hidden,
// under a name of its own.
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

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

using Globals = DenseSet<const GlobalValue *>;

/// Adds the globals that a constant consists of.
static void addGlobals(const Value *value, SmallVectorImpl<const Value *> &work,
                       DenseSet<const Value *> &seen) {
  if (isa<Constant>(value) && seen.insert(value).second)
    work.push_back(value);
}

/// What the exported functions without one of the prefixes reach.
static Globals findCore(const Module &module, ArrayRef<char *> prefixes) {
  SmallVector<const Value *> work;
  DenseSet<const Value *> seen;
  for (const GlobalValue &value : module.global_values()) {
    bool outside = any_of(prefixes, [&](const char *prefix) {
      return value.getName().starts_with(prefix);
    });
    if (!value.hasLocalLinkage() && !value.getName().starts_with("llvm.") &&
        !outside)
      addGlobals(&value, work, seen);
  }
  Globals core;
  while (!work.empty()) {
    const Value *value = work.pop_back_val();
    if (auto *global = dyn_cast<GlobalValue>(value))
      core.insert(global);
    if (auto *function = dyn_cast<Function>(value))
      for (const BasicBlock &block : *function)
        for (const Instruction &instruction : block)
          for (const Value *operand : instruction.operands())
            addGlobals(operand, work, seen);
    // Of a variable this is its initial value.
    for (const Value *operand : cast<Constant>(value)->operands())
      addGlobals(operand, work, seen);
  }
  return core;
}

/// Nothing unwinds: a panic ends the process.
static void dropUnwinding(Function &function) {
  if (function.isDeclaration())
    return;
  bool changed = false;
  for (BasicBlock &block : function)
    if (auto *invoke = dyn_cast<InvokeInst>(block.getTerminator())) {
      changeToCall(invoke);
      changed = true;
    }
  if (changed)
    removeUnreachableBlocks(function);
  function.setDoesNotThrow();
  function.setUWTableKind(UWTableKind::None);
  function.setPersonalityFn(nullptr);
}

using Functions = SmallPtrSet<Function *, 32>;

/// Whether nothing else mentions it, directly or through tables.
static bool isUsedOnlyBy(const Value &value, const Functions &users) {
  return !value.use_empty() && all_of(value.users(), [&](const User *user) {
    if (auto *instruction = dyn_cast<Instruction>(user))
      return users.contains(instruction->getFunction());
    return isa<Constant>(user) && !isa<Function>(user) &&
           isUsedOnlyBy(*user, users);
  });
}

/// What runs once, at the start of a program or at the end of one that failed, is
/// to be small.
static void shrinkWhatRunsOnce(Module &module) {
  Functions once;
  for (Function &function : module)
    if (function.doesNotReturn() || function.getName() == "mochi_rt_start")
      once.insert(&function);
  for (bool grown = true; grown;) {
    grown = false;
    for (Function &function : module)
      if (!function.isDeclaration() && !once.contains(&function) &&
          isUsedOnlyBy(function, once))
        grown = once.insert(&function).second;
  }
  for (Function *function : once)
    if (!function->isDeclaration()) {
      function->addFnAttr(Attribute::OptimizeForSize);
      function->addFnAttr(Attribute::MinSize);
    }
}

/// Call stacks of errors are walked from inside the runtime, by frame pointers up
/// to the program's code, which has a table instead. So all functions have them
/// that may be on the way from a failure; others are faster without. Those with
/// assembly are the bottom of the stack. Not for bodies that are inlined into
/// programs.
///
/// Panics of Rust do not count: they are defects of the runtime, and checks that
/// could lead to them are everywhere.
static void setFramePointers(Module &module) {
  SmallVector<Function *> pending;
  Functions reached;
  for (Function &function : module) {
    bool assembly = any_of(instructions(function), [](Instruction &instruction) {
      auto *call = dyn_cast<CallInst>(&instruction);
      return call && call->isInlineAsm();
    });
    if (assembly || function.getName().starts_with("mochi_rt_panic_") ||
        function.getName().contains("mochi_runtime5panic"))
      pending.push_back(&function);
  }
  while (!pending.empty()) {
    Function *function = pending.pop_back_val();
    if (function->getName().contains("rust_begin_unwind") ||
        !reached.insert(function).second)
      continue;
    function->addFnAttr("frame-pointer", "non-leaf");
    for (User *user : function->users())
      if (auto *call = dyn_cast<CallBase>(user))
        pending.push_back(call->getFunction());
  }
}

static void removeFramePointers(Module &module) {
  for (Function &function : module)
    function.removeFnAttr("frame-pointer");
}

/// What a program has of its own instead of the runtime's.
static const char *const replaceable[] = {"mochi_rt_backtrace_table"};

static bool worthInlining(const Function &function) {
  return !function.hasFnAttribute(Attribute::NoInline) &&
         !function.hasFnAttribute(Attribute::Cold) &&
         function.getInstructionCount() <= maxInstructions;
}

/// A hidden declaration becomes an undefined symbol even where nothing uses it.
static void dropUnused(Module &module) {
  for (Function &function : make_early_inc_range(module))
    if (function.isDeclaration() && function.use_empty())
      function.eraseFromParent();
  for (GlobalVariable &variable : make_early_inc_range(module.globals()))
    if (variable.isDeclaration() && variable.use_empty())
      variable.eraseFromParent();
}

static void keepInlinableOnly(Module &module, const Globals &core) {
  for (Function &function : module)
    if (!function.isDeclaration() &&
        (!core.contains(&function) || !worthInlining(function)))
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
    if (!variable.isConstant() || size > maxConstantBytes ||
        !core.contains(&variable)) {
      variable.setInitializer(nullptr);
      variable.setLinkage(GlobalValue::ExternalLinkage);
    }
  }
  for (GlobalVariable *list : lists)
    list->eraseFromParent();
  dropUnused(module);
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

/// Writes the definitions for which `keep` holds.
static bool writePart(const Module &module, const char *path,
                      function_ref<bool(const GlobalValue &)> keep) {
  ValueToValueMapTy map;
  std::unique_ptr<Module> part = CloneModule(
      module, map, [&](const GlobalValue *value) { return keep(*value); });
  dropUnused(*part);
  return write(*part, path);
}

int main(int argc, char **argv) {
  if (argc < 5) {
    errs() << "usage: split RUNTIME.bc CORE.bc OUTSIDE.bc INLINE.bc PREFIX...\n";
    return 2;
  }
  LLVMContext context;
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module = parseIRFile(argv[1], diagnostic, context);
  if (!module) {
    diagnostic.print(argv[0], errs());
    return 1;
  }
  // Rust's own library has some; in call stacks there is to be nothing of it.
  StripDebugInfo(*module);
  for (Function &function : *module)
    dropUnwinding(function);
  Globals core = findCore(*module, ArrayRef(argv + 5, argc - 5));
  unsigned counter = 0;
  for (GlobalValue &value : module->global_values())
    makeGlobal(value, counter);
  for (const char *name : replaceable)
    if (GlobalVariable *variable = module->getNamedGlobal(name))
      variable->setLinkage(GlobalValue::WeakAnyLinkage);
  removeFramePointers(*module);
  setFramePointers(*module);
  shrinkWhatRunsOnce(*module);
  auto inCore = [&](const GlobalValue &value) { return core.contains(&value); };
  if (!writePart(*module, argv[2], inCore) ||
      !writePart(*module, argv[3], [&](const GlobalValue &value) {
        return !inCore(value) && !value.getName().starts_with("llvm.");
      }))
    return 1;
  removeFramePointers(*module);
  keepInlinableOnly(*module, core);
  return write(*module, argv[4]) ? 0 : 1;
}
