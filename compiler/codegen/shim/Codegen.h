//===- Codegen.h - What the Rust side may ask of LLVM -----------*- C++ -*-===//
//
// The C face of LLVM, LLD and ORC as the compiler uses them. Names and shapes
// follow the C APIs of LLVM and MLIR, so that an entry can be replaced by an
// upstream one as soon as there is such a thing.
//
//===----------------------------------------------------------------------===//

#ifndef MOCHI_CODEGEN_SHIM_CODEGEN_H
#define MOCHI_CODEGEN_SHIM_CODEGEN_H

#include <cstddef>
#include <cstdint>

extern "C" {

/// One LLVM context with one module and one target machine.
typedef struct MochiUnit MochiUnit;

/// Receives bytes; called once or more. `user` is passed through.
typedef void (*MochiSink)(const char *data, size_t length, void *user);

/// Everything that decides which machine code comes out. Strings are
/// null-terminated and only read during the call.
typedef struct MochiTargetOptions {
  const char *triple;
  const char *cpu;      ///< a CPU name, or "native"
  const char *features; ///< "" or a list such as "+avx2,-bmi"
  int32_t optLevel;     ///< 0 to 3
  int32_t sizeLevel;    ///< 0, or 1 for -Os
  bool positionIndependent;
  bool debugInfo;
} MochiTargetOptions;

/// Translates an operation that holds only LLVM dialect. Null on failure, with
/// the messages sent to `error`.
MochiUnit *mochiUnitTranslate(void *operation, const MochiTargetOptions *options,
                              MochiSink error, void *user);
/// Reads LLVM IR text or bitcode instead; for tests of this library.
MochiUnit *mochiUnitParse(const char *data, size_t length,
                          const MochiTargetOptions *options, MochiSink error,
                          void *user);
void mochiUnitDestroy(MochiUnit *unit);

/// Links those functions and data of `data` (bitcode) that the module needs,
/// for inlining only: the bodies themselves come with another object.
bool mochiUnitLinkRuntime(MochiUnit *unit, const char *data, size_t length,
                          MochiSink error, void *user);
/// Makes everything but `entry` internal, unifies function attributes and runs
/// the optimisation pipeline. `remarks` receives missed inlining remarks when
/// it is not null.
bool mochiUnitOptimize(MochiUnit *unit, const char *entry, MochiSink remarks,
                       MochiSink error, void *user);
void mochiUnitPrint(MochiUnit *unit, MochiSink sink, void *user);
/// `assembly` true: text; false: an object file.
bool mochiUnitEmit(MochiUnit *unit, bool assembly, MochiSink sink,
                   MochiSink error, void *user);

/// Loads an object file into this process and calls `entry` as
/// `int entry(int argc, char **argv)`. Symbols come from the object, then from
/// the process. False when the program could not be loaded.
bool mochiJitRun(const char *object, size_t length, const char *entry,
                 const char *program, int32_t *status, MochiSink error,
                 void *user);

/// Runs LLD's ELF driver; `arguments[0]` is "ld.lld".
bool mochiLink(const char *const *arguments, size_t count, MochiSink error,
               void *user);

/// The LLVM version this library was built with.
const char *mochiLlvmVersion(void);
/// The name LLVM gives to the machine this runs on.
void mochiHostCpu(MochiSink sink, void *user);
/// Whether the target knows a CPU of that name.
bool mochiKnowsCpu(const char *triple, const char *cpu);
}

#endif // MOCHI_CODEGEN_SHIM_CODEGEN_H
