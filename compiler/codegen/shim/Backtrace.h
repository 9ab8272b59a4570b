//===- Backtrace.h - The table behind the call stacks of errors -*- C++ -*-===//

#ifndef MOCHI_CODEGEN_SHIM_BACKTRACE_H
#define MOCHI_CODEGEN_SHIM_BACKTRACE_H

#include "llvm/CodeGen/AsmPrinterHandler.h"

#include <memory>

namespace llvm {
class AsmPrinter;
class Triple;
} // namespace llvm

namespace mochi {

/// Watches a module being printed and adds a table to it by which the runtime
/// walks the stack: for each call, how to find the caller's frame, and the
/// functions of the source that are active there, those inlined included. The
/// code itself stays as it is; nothing is read unless a program fails.
std::unique_ptr<llvm::AsmPrinterHandler>
createBacktraceTable(llvm::AsmPrinter &printer, const llvm::Triple &triple);

} // namespace mochi

#endif // MOCHI_CODEGEN_SHIM_BACKTRACE_H
