//===- Translate.cpp - From the LLVM dialect to LLVM IR -------------------===//

#include "Unit.h"

#include "llvm/IR/DebugInfo.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Operation.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"

using namespace llvm;

MochiUnit *mochiUnitTranslate(void *operation, const MochiTargetOptions *options,
                              MochiSink error, void *user) {
  auto *op = static_cast<mlir::Operation *>(operation);
  mlir::MLIRContext *context = op->getContext();
  // Only the two translations a finished program can need: the others would
  // pull every GPU dialect into the compiler.
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  context->appendDialectRegistry(registry);

  std::string messages;
  mlir::ScopedDiagnosticHandler handler(context, [&](mlir::Diagnostic &d) {
    raw_string_ostream(messages) << d.getLocation() << ": " << d << "\n";
    return mlir::success();
  });
  auto unit = std::make_unique<MochiUnit>();
  unit->module = mlir::translateModuleToLLVMIR(op, unit->context, "mochi");
  if (!unit->module) {
    mochi::report(error, user, messages);
    return nullptr;
  }
  if (!mochi::prepareTarget(*unit, *options, error, user))
    return nullptr;
  return unit.release();
}

MochiUnit *mochiUnitParse(const char *data, size_t length,
                          const MochiTargetOptions *options, MochiSink error,
                          void *user) {
  auto unit = std::make_unique<MochiUnit>();
  SMDiagnostic diagnostic;
  // A copy, because the text parser wants a null byte at the end.
  auto buffer = MemoryBuffer::getMemBufferCopy(StringRef(data, length), "input");
  unit->module = parseIR(buffer->getMemBufferRef(), diagnostic, unit->context);
  if (!unit->module) {
    mochi::report(error, user, diagnostic.getMessage());
    return nullptr;
  }
  if (!mochi::prepareTarget(*unit, *options, error, user))
    return nullptr;
  return unit.release();
}

void mochiUnitDestroy(MochiUnit *unit) { delete unit; }

void mochiUnitPrint(MochiUnit *unit, MochiSink sink, void *user) {
  std::string text;
  raw_string_ostream stream(text);
  if (unit->debugInfo) {
    unit->module->print(stream, nullptr);
  } else {
    // Locations, which every program has, would hide the code.
    std::unique_ptr<Module> copy = CloneModule(*unit->module);
    StripDebugInfo(*copy);
    copy->print(stream, nullptr);
  }
  sink(text.data(), text.size(), user);
}
