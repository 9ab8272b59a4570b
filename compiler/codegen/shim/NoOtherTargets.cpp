//===- NoOtherTargets.cpp - Keep 20 back ends out of the compiler ---------===//
//
// LLD's start code initialises every target it knows, for its link-time
// optimiser; we never use that. Weak, empty definitions satisfy those
// references, so that the linker does not pull 70 MB of back ends in. Where a
// program needs the real thing (`mochi-opt` and its GPU pipelines), the strong
// definitions win.
//
//===----------------------------------------------------------------------===//

#define MOCHI_EMPTY(NAME)                                                      \
  extern "C" __attribute__((weak)) void NAME() {}

#define MOCHI_NO_TARGET(TARGET)                                                \
  MOCHI_EMPTY(LLVMInitialize##TARGET##TargetInfo)                              \
  MOCHI_EMPTY(LLVMInitialize##TARGET##Target)                                  \
  MOCHI_EMPTY(LLVMInitialize##TARGET##TargetMC)                                \
  MOCHI_EMPTY(LLVMInitialize##TARGET##AsmPrinter)                              \
  MOCHI_EMPTY(LLVMInitialize##TARGET##AsmParser)

MOCHI_NO_TARGET(AMDGPU)
MOCHI_NO_TARGET(ARM)
MOCHI_NO_TARGET(AVR)
MOCHI_NO_TARGET(BPF)
MOCHI_NO_TARGET(Hexagon)
MOCHI_NO_TARGET(Lanai)
MOCHI_NO_TARGET(LoongArch)
MOCHI_NO_TARGET(M68k)
MOCHI_NO_TARGET(MSP430)
MOCHI_NO_TARGET(Mips)
MOCHI_NO_TARGET(NVPTX)
MOCHI_NO_TARGET(PowerPC)
MOCHI_NO_TARGET(RISCV)
MOCHI_NO_TARGET(SPIRV)
MOCHI_NO_TARGET(Sparc)
MOCHI_NO_TARGET(SystemZ)
MOCHI_NO_TARGET(VE)
MOCHI_NO_TARGET(WebAssembly)
MOCHI_NO_TARGET(XCore)
MOCHI_NO_TARGET(Xtensa)
#if defined(__x86_64__)
MOCHI_NO_TARGET(AArch64)
#elif defined(__aarch64__)
MOCHI_NO_TARGET(X86)
#endif
