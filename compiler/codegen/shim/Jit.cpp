//===- Jit.cpp - Run a compiled module in this process --------------------===//

#include "Unit.h"

#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace llvm::orc;

namespace {

Expected<ExecutorAddr> load(LLJIT &jit, StringRef object, const char *entry) {
  if (Error error = jit.addObjectFile(MemoryBuffer::getMemBuffer(
          object, "program", /*RequiresNullTerminator=*/false)))
    return std::move(error);
  return jit.lookup(entry);
}

} // namespace

bool mochiJitRun(const char *object, size_t length, const char *entry,
                 const char *program, int32_t *status, MochiSink error,
                 void *user) {
  mochi::initializeTargets();
  // No platform support: the program has no static constructors, thread-local
  // variables or exception tables, and setting it up costs milliseconds.
  Expected<std::unique_ptr<LLJIT>> jit =
      LLJITBuilder()
          .setPlatformSetUp(setUpInactivePlatform)
          .setNumCompileThreads(0)
          .create();
  if (!jit) {
    mochi::report(error, user, toString(jit.takeError()));
    return false;
  }
  Expected<ExecutorAddr> address =
      load(**jit, StringRef(object, length), entry);
  if (!address) {
    mochi::report(error, user, toString(address.takeError()));
    return false;
  }
  auto *main = address->toPtr<int (*)(int, char **)>();
  std::string name = program;
  char *argv[] = {name.data(), nullptr};
  *status = main(1, argv);
  return true;
}
