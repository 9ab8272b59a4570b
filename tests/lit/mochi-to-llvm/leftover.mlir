// RUN: not mochi-opt %s --convert-mochi-to-llvm 2>&1 | FileCheck %s

// Structured control flow must be gone before.
func.func @f(%c: i1) {
  // CHECK: error: failed to legalize operation 'mochi.if'
  mochi.if %c {
    mochi.yield
  }
  return
}
