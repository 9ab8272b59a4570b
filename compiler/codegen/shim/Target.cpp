//===- Target.cpp - Target machines and machine code ----------------------===//

#include "Backtrace.h"
#include "Unit.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

void mochi::initializeTargets() {
  static bool done = [] {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    // The runtime switches stacks with a few lines of inline assembly.
    InitializeNativeTargetAsmParser();
    return true;
  }();
  (void)done;
}

bool mochi::prepareTarget(MochiUnit &unit, const MochiTargetOptions &options,
                          MochiSink error, void *user) {
  mochi::initializeTargets();
  Triple triple(options.triple);
  std::string message;
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target) {
    report(error, user, message);
    return false;
  }
  unit.cpu = options.cpu;
  unit.features = options.features;
  if (unit.cpu == "native") {
    unit.cpu = sys::getHostCPUName().str();
    SubtargetFeatures host;
    for (const auto &feature : sys::getHostCPUFeatures())
      host.AddFeature(feature.getKey(), feature.getValue());
    unit.features = host.getString();
  }
  unit.optLevel = options.optLevel;
  unit.sizeLevel = options.sizeLevel;
  unit.debugInfo = options.debugInfo;

  TargetOptions machineOptions;
  // Each function in its own section lets the linker drop what is not reached.
  machineOptions.FunctionSections = true;
  machineOptions.DataSections = true;
  // Makes code generation keep track of frames, for the table of call stacks.
  machineOptions.ForceDwarfFrameSection = true;
  CodeGenOptLevel level = options.optLevel == 0   ? CodeGenOptLevel::None
                          : options.optLevel == 1 ? CodeGenOptLevel::Less
                          : options.optLevel == 2 ? CodeGenOptLevel::Default
                                                  : CodeGenOptLevel::Aggressive;
  unit.machine.reset(target->createTargetMachine(
      triple, unit.cpu, unit.features, machineOptions,
      options.positionIndependent ? Reloc::PIC_ : Reloc::Static, std::nullopt,
      level));
  if (!unit.machine) {
    report(error, user, "LLVM has no target machine for " + triple.str());
    return false;
  }
  // FastISel is what makes -O0 compile fast.
  unit.machine->setFastISel(options.optLevel == 0);
  unit.module->setTargetTriple(triple);
  unit.module->setDataLayout(unit.machine->createDataLayout());
  if (options.positionIndependent)
    unit.module->setPICLevel(PICLevel::BigPIC);
  return true;
}

/// As `addPassesToEmitFile`, which would hide the printer: something is to watch
/// it.
static bool addPasses(MochiUnit &unit, legacy::PassManager &passes,
                      raw_pwrite_stream &stream, CodeGenFileType type) {
  TargetMachine &machine = *unit.machine;
  auto *info = new MachineModuleInfoWrapperPass(&machine);
  TargetPassConfig *config = machine.createPassConfig(passes);
  if (!config)
    return false;
  config->setDisableVerify(true);
  passes.add(config);
  passes.add(info);
  if (config->addISelPasses())
    return false;
  config->addMachinePasses();
  config->setInitialized();
  auto streamer = machine.createMCStreamer(stream, nullptr, type,
                                           info->getMMI().getContext());
  if (!streamer) {
    consumeError(streamer.takeError());
    return false;
  }
  AsmPrinter *printer =
      machine.getTarget().createAsmPrinter(machine, std::move(*streamer));
  if (!printer)
    return false;
  printer->addAsmPrinterHandler(
      mochi::createBacktraceTable(*printer, machine.getTargetTriple()));
  passes.add(printer);
  passes.add(createFreeMachineFunctionPass());
  return true;
}

bool mochiUnitEmit(MochiUnit *unit, bool assembly, MochiSink sink,
                   MochiSink error, void *user) {
  SmallVector<char, 0> buffer;
  raw_svector_ostream stream(buffer);
  // Locations stay, for the table of call stacks; debug sections are written for
  // those who asked for them.
  if (!unit->debugInfo)
    if (NamedMDNode *units = unit->module->getNamedMetadata("llvm.dbg.cu"))
      units->eraseFromParent();
  legacy::PassManager passes;
  passes.add(
      new TargetLibraryInfoWrapperPass(unit->machine->getTargetTriple()));
  if (!addPasses(*unit, passes, stream,
                 assembly ? CodeGenFileType::AssemblyFile
                          : CodeGenFileType::ObjectFile)) {
    mochi::report(error, user, "this target cannot emit the requested file");
    return false;
  }
  passes.run(*unit->module);
  sink(buffer.data(), buffer.size(), user);
  return true;
}

const char *mochiLlvmVersion(void) { return LLVM_VERSION_STRING; }

void mochiHostCpu(MochiSink sink, void *user) {
  StringRef name = sys::getHostCPUName();
  sink(name.data(), name.size(), user);
}

bool mochiKnowsCpu(const char *tripleText, const char *cpu) {
  mochi::initializeTargets();
  std::string message;
  Triple triple(tripleText);
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return false;
  std::unique_ptr<MCSubtargetInfo> info(
      target->createMCSubtargetInfo(triple, "", ""));
  return info && info->isCPUStringValid(cpu);
}
