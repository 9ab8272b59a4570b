//===- Unit.h - The C++ side of MochiUnit -----------------------*- C++ -*-===//

#ifndef MOCHI_CODEGEN_SHIM_UNIT_H
#define MOCHI_CODEGEN_SHIM_UNIT_H

#include "Codegen.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

/// The context is declared first: it must outlive the module.
struct MochiUnit {
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module;
  std::unique_ptr<llvm::TargetMachine> machine;
  std::string cpu;
  std::string features;
  int32_t optLevel = 0;
  int32_t sizeLevel = 0;
  bool debugInfo = false;
};

namespace mochi {

/// Sends one message.
inline void report(MochiSink error, void *user, llvm::StringRef text) {
  if (error)
    error(text.data(), text.size(), user);
}

/// Registers the host architecture's back end once.
void initializeTargets();

/// Creates the target machine and gives the module its triple and data layout.
bool prepareTarget(MochiUnit &unit, const MochiTargetOptions &options,
                   MochiSink error, void *user);

} // namespace mochi

#endif // MOCHI_CODEGEN_SHIM_UNIT_H
