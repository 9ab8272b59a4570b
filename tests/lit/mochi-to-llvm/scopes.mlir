// RUN: mochi-opt %s --convert-mochi-to-llvm --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// A function of the source gets a subprogram in its own file, by which call stacks know it; what the compiler made has
// none, and ops keep their places.

// CHECK-LABEL: llvm.func internal @f
func.func @f(%a: i64, %b: i64) -> i64 attributes {mochi.name = "Account.share"} {
  // CHECK: llvm.call @mochi_rt_panic_division({{.*}} loc("bank/account.mochi":12:9)
  %r = mochi.int.div %a, %b loc("bank/account.mochi":12:9)
  return %r : i64 loc("bank/account.mochi":12:2)
  // CHECK: } loc(fused<#llvm.di_subprogram<{{.*}}name = "Account.share", linkageName = "f", file = <"account.mochi" in "bank">, line = 11
} loc("bank/account.mochi":11:1)

// CHECK-LABEL: llvm.func internal @made
func.func @made(%a: i64) -> i64 {
  return %a : i64
  // CHECK: } loc("demo.mochi":3:1)
} loc("demo.mochi":3:1)
