// RUN: not mochi-opt %s --convert-mochi-to-llvm 2>&1 | FileCheck %s

func.func @f(%i: i64) -> i64 {
  // CHECK: error: `no_such_function` is not available for operands (int)
  %r = mochi.builtin "no_such_function"(%i) : (i64) -> i64
  return %r : i64
}
