//===- Optimize.cpp - Link the runtime's bitcode and optimise -------------===//

#include "FlattenChecks.h"
#include "Unit.h"
#include "UnrollRecursion.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/CorrelatedValuePropagation.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"

using namespace llvm;

namespace {

/// Collects errors, and missed inlining remarks when somebody asked for them.
struct Collector : DiagnosticHandler {
  MochiSink remarks;
  std::string &errors;
  void *user;

  Collector(MochiSink remarks, std::string &errors, void *user)
      : remarks(remarks), errors(errors), user(user) {}

  bool handleDiagnostics(const DiagnosticInfo &info) override {
    std::string text;
    raw_string_ostream stream(text);
    DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    text.push_back('\n');
    if (info.getSeverity() == DS_Error)
      errors += text;
    else if (remarks && info.getSeverity() == DS_Remark)
      remarks(text.data(), text.size(), user);
    return true;
  }
  bool isMissedOptRemarkEnabled(StringRef pass) const override {
    return remarks && pass == "inline";
  }
  bool isAnyRemarkEnabled() const override { return remarks != nullptr; }
};

/// The inliner refuses pairs of functions whose CPU or features differ, and
/// rustc and MLIR write different ones: without this nothing of the runtime
/// would ever be inlined.
void unifyFunctionAttributes(MochiUnit &unit) {
  for (Function &function : *unit.module) {
    function.removeFnAttr("target-cpu");
    function.removeFnAttr("target-features");
    function.removeFnAttr("tune-cpu");
    function.removeFnAttr("probe-stack");
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", unit.cpu);
    if (!unit.features.empty())
      function.addFnAttr("target-features", unit.features);
    // Nothing ever unwinds: a panic ends the process. Unwind tables would only
    // make the executable larger.
    function.setDoesNotThrow();
    function.setUWTableKind(UWTableKind::None);
    if (unit.sizeLevel > 0)
      function.addFnAttr(Attribute::OptimizeForSize);
    // Debuggers do without as well, but not all tools around them.
    function.removeFnAttr("frame-pointer");
    if (unit.debugInfo)
      function.addFnAttr("frame-pointer", "all");
    // The runtime's frames do not say where their callers' stack pointers were,
    // as they do on x86-64; frame pointers take their place.
    else if (unit.machine->getTargetTriple().isAArch64())
      function.addFnAttr("frame-pointer", "non-leaf");
  }
}

/// What the conversion cannot say in MLIR: that lengths are never negative and
/// far from overflowing (their loads are known by their alias tags), and that
/// objects are aligned.
void annotateLoads(Module &module) {
  LLVMContext &context = module.getContext();
  MDNode *nothing = MDNode::get(context, {});
  MDNode *alignment = MDNode::get(
      context, ConstantAsMetadata::get(
                   ConstantInt::get(Type::getInt64Ty(context), 8)));
  MDNode *range = MDBuilder(context)
                      .createRange(APInt(64, 0), APInt(64, uint64_t(1) << 56));
  for (Function &function : module)
    for (Instruction &instruction : instructions(function)) {
      auto *load = dyn_cast<LoadInst>(&instruction);
      if (load && load->hasMetadata(LLVMContext::MD_dereferenceable)) {
        load->setMetadata(LLVMContext::MD_align, alignment);
        load->setMetadata(LLVMContext::MD_nonnull, nothing);
        load->setMetadata(LLVMContext::MD_noundef, nothing);
      }
      MDNode *tag = load ? load->getMetadata(LLVMContext::MD_tbaa) : nullptr;
      if (!tag || !load->getType()->isIntegerTy(64) || tag->getNumOperands() < 2)
        continue;
      auto *type = dyn_cast_or_null<MDNode>(tag->getOperand(1).get());
      auto *name = type && type->getNumOperands()
                       ? dyn_cast_or_null<MDString>(type->getOperand(0).get())
                       : nullptr;
      if (name && (name->getString() == "list.length" ||
                   name->getString() == "string.chars"))
        load->setMetadata(LLVMContext::MD_range, range);
    }
}

/// Reports of errors from several places stay apart, or the call stack could not
/// tell from which of them it came: a function that was inlined at several lines
/// would have been called from none. They are a few bytes of cold code.
void keepReportsApart(Module &module) {
  for (Function &function : module)
    for (Instruction &instruction : instructions(function)) {
      auto *call = dyn_cast<CallInst>(&instruction);
      if (call && call->doesNotReturn())
        call->addFnAttr(Attribute::NoMerge);
    }
}

OptimizationLevel levelOf(const MochiUnit &unit) {
  if (unit.sizeLevel > 0)
    return OptimizationLevel::Os;
  switch (unit.optLevel) {
  case 0:
    return OptimizationLevel::O0;
  case 1:
    return OptimizationLevel::O1;
  case 2:
    return OptimizationLevel::O2;
  default:
    return OptimizationLevel::O3;
  }
}

/// What came from the runtime may be inlined and folded, but is emitted with the
/// runtime's own object.
void makeAvailableExternally(Module &module,
                             const DenseSet<GlobalValue *> &program) {
  for (GlobalValue &value : module.global_values()) {
    if (value.isDeclaration() || program.contains(&value) ||
        value.getName().starts_with("llvm."))
      continue;
    if (auto *object = dyn_cast<GlobalObject>(&value))
      object->setComdat(nullptr);
    value.setLinkage(GlobalValue::AvailableExternallyLinkage);
  }
}

} // namespace

bool mochiUnitLinkRuntime(MochiUnit *unit, const char *data, size_t length,
                          MochiSink error, void *user) {
  Module &module = *unit->module;
  DenseSet<GlobalValue *> program;
  for (GlobalValue &value : module.global_values())
    if (!value.isDeclaration())
      program.insert(&value);
  auto buffer = MemoryBuffer::getMemBuffer(StringRef(data, length), "runtime",
                                           /*RequiresNullTerminator=*/false);
  // Lazily: only the bodies that are linked are ever read.
  Expected<std::unique_ptr<Module>> runtime = getOwningLazyBitcodeModule(
      std::move(buffer), unit->context, /*ShouldLazyLoadMetadata=*/true);
  if (!runtime) {
    mochi::report(error, user, toString(runtime.takeError()));
    return false;
  }
  // One target for all: the runtime was compiled for the same architecture,
  // possibly with another C library in its triple.
  (*runtime)->setTargetTriple(module.getTargetTriple());
  (*runtime)->setDataLayout(module.getDataLayout());
  std::string errors;
  auto previous = unit->context.getDiagnosticHandler();
  unit->context.setDiagnosticHandler(
      std::make_unique<Collector>(nullptr, errors, user));
  bool failed = Linker::linkModules(module, std::move(*runtime),
                                    Linker::LinkOnlyNeeded);
  unit->context.setDiagnosticHandler(std::move(previous));
  if (failed) {
    mochi::report(error, user, errors);
    return false;
  }
  makeAvailableExternally(module, program);
  return true;
}

/// Functions with more instructions than this take in no other function. Such
/// code is a table written as literals: thousands of allocations in a row, run
/// once. Inlined, they cost minutes in analyses that do not grow linearly.
static constexpr unsigned hugeFunction = 8000;

static void keepHugeFunctionsFlat(Module &module) {
  for (Function &function : module) {
    if (function.getInstructionCount() <= hugeFunction)
      continue;
    for (Instruction &instruction : instructions(function))
      if (auto *call = dyn_cast<CallBase>(&instruction);
          call && !isa<IntrinsicInst>(call))
        call->setIsNoInline();
  }
}

bool mochiUnitOptimize(MochiUnit *unit, const char *entry, MochiSink remarks,
                       MochiSink error, void *user) {
  Module &module = *unit->module;
  // A closed world: nothing outside calls in but the C start code.
  for (GlobalValue &value : module.global_values()) {
    if (value.isDeclaration() || value.hasLocalLinkage() ||
        value.hasAvailableExternallyLinkage() || value.getName() == entry ||
        value.getName().starts_with("llvm."))
      continue;
    if (auto *object = dyn_cast<GlobalObject>(&value))
      object->setComdat(nullptr);
    value.setLinkage(GlobalValue::InternalLinkage);
    value.setVisibility(GlobalValue::DefaultVisibility);
  }
  unifyFunctionAttributes(*unit);

  std::string errors;
  auto previous = unit->context.getDiagnosticHandler();
  unit->context.setDiagnosticHandler(
      std::make_unique<Collector>(remarks, errors, user));

  annotateLoads(module);
  if (unit->sizeLevel == 0)
    keepReportsApart(module);
  keepHugeFunctionsFlat(module);

  PipelineTuningOptions tuning;
  bool vectorize = unit->optLevel >= 2;
  tuning.LoopVectorization = vectorize;
  tuning.SLPVectorization = vectorize;
  tuning.LoopInterleaving = vectorize;
  tuning.LoopUnrolling = unit->optLevel >= 2 && unit->sizeLevel == 0;
  PassBuilder builder(unit->machine.get(), tuning);
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager sccs;
  ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(sccs);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, sccs, modules);
  if (unit->optLevel >= 2 && unit->sizeLevel == 0)
    builder.registerOptimizerEarlyEPCallback(
        [](ModulePassManager &passes, OptimizationLevel, ThinOrFullLTOPhase) {
          passes.addPass(mochi::UnrollRecursion());
          FunctionPassManager clean;
          clean.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
          clean.addPass(InstCombinePass());
          clean.addPass(CorrelatedValuePropagationPass());
          clean.addPass(SimplifyCFGPass());
          clean.addPass(mochi::FlattenChecks());
          passes.addPass(createModuleToFunctionPassAdaptor(std::move(clean)));
        });
  OptimizationLevel level = levelOf(*unit);
  ModulePassManager passes =
      level == OptimizationLevel::O0
          ? builder.buildO0DefaultPipeline(level, ThinOrFullLTOPhase::None)
          : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);

  unit->context.setDiagnosticHandler(std::move(previous));
  if (!errors.empty())
    mochi::report(error, user, errors);
  return errors.empty();
}
