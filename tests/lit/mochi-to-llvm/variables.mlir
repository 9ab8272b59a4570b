// RUN: mochi-opt %s --convert-mochi-to-llvm --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// A source variable gets one stack slot, declared to the debugger with its name and type, and a store per value.

// CHECK-LABEL: llvm.func internal @f
func.func @f(%n: i64, %s: !mochi.str) -> i64 attributes {mochi.name = "f"} {
  // CHECK: %[[S:.*]] = llvm.alloca %{{.*}} x !llvm.ptr
  // CHECK: llvm.intr.dbg.declare #llvm.di_local_variable<scope = {{.*}}name = "s"{{.*}}DW_TAG_pointer_type{{.*}} = %[[S]]
  // CHECK: %[[N:.*]] = llvm.alloca %{{.*}} x i64
  // CHECK: llvm.intr.dbg.declare #llvm.di_local_variable<scope = {{.*}}name = "n"{{.*}}line = 3{{.*}}DW_TAG_base_type{{.*}} = %[[N]]
  // CHECK: llvm.store %{{.*}}, %[[N]]
  mochi.debug.variable %n, "n" "int" : i64 loc("f.mochi":3:5)
  // CHECK: llvm.store %{{.*}}, %[[S]]
  mochi.debug.variable %s, "s" "string" : !mochi.str loc("f.mochi":4:5)
  %m = mochi.int.add %n, %n loc("f.mochi":5:9)
  // CHECK-NOT: llvm.alloca
  // CHECK: llvm.store %{{.*}}, %[[N]]
  mochi.debug.variable %m, "n" "int" : i64 loc("f.mochi":5:5)
  return %m : i64
  // CHECK: } loc(fused<#llvm.di_subprogram<
} loc("f.mochi":2:1)
