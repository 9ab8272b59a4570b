//===- Link.cpp - LLD's ELF driver, in process ----------------------------===//

#include "Codegen.h"

#include "lld/Common/Driver.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

LLD_HAS_DRIVER(elf)

bool mochiLink(const char *const *arguments, size_t count, MochiSink error,
               void *user) {
  std::string messages;
  llvm::raw_string_ostream stream(messages);
  lld::Result result =
      lld::lldMain(llvm::ArrayRef<const char *>(arguments, count), stream,
                   stream, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode == 0)
    return true;
  error(messages.data(), messages.size(), user);
  return false;
}
