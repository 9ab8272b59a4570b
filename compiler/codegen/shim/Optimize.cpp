//===- Optimize.cpp - Link the runtime's bitcode and optimise -------------===//

#include "Unit.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

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
    // With debug information a debugger walks the stack, and so does the
    // run-time error report; both want frame pointers.
    if (unit.debugInfo)
      function.addFnAttr("frame-pointer", "all");
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
