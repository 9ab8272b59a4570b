// RUN: mochi-opt %s --convert-mochi-to-llvm | FileCheck %s

// Closures carry their code, what destroys them, and captures from offset 24.

// CHECK-LABEL: llvm.func internal @lambda
func.func @lambda(%x: i64, %env: !mochi.env) -> i64 {
  // The second capture lies behind one byte for the first, aligned.
  // CHECK: llvm.getelementptr inbounds|nuw %{{.*}}[32]
  %n = mochi.closure.capture %env[1] : i64
  %s = arith.addi %x, %n : i64
  return %s : i64
}

// CHECK-LABEL: llvm.func internal @plain
func.func @plain(%x: i64) -> i64 {
  return %x : i64
}

// CHECK-LABEL: llvm.func internal @use
func.func @use(%b: i1, %n: i64) -> i64 {
  // CHECK: llvm.mlir.constant(40 : i64)
  // CHECK: llvm.call @mochi_rt_alloc
  // CHECK: llvm.mlir.addressof @lambda
  // CHECK: llvm.mlir.addressof @mochi.drop.closure
  %f = mochi.closure.new @lambda[%b, %n : i1, i64] : !mochi.fn<(i64) -> i64>
  // CHECK: llvm.mlir.addressof @[[CLOSURE:mochi.closure.*]] :
  %g = mochi.closure.new @plain : !mochi.fn<(i64) -> i64>
  // CHECK: %[[CODE:.*]] = llvm.load {{.*}} -> !llvm.ptr
  // CHECK: llvm.call %[[CODE]](%{{.*}}, %{{.*}}) : !llvm.ptr, (i64, !llvm.ptr) -> i64
  %r = mochi.closure.call %f(%n) : !mochi.fn<(i64) -> i64>
  %s = mochi.closure.call %g(%r) : !mochi.fn<(i64) -> i64>
  return %s : i64
}

// The top level is what the runtime calls.
// CHECK-LABEL: llvm.func @mochi_main()
func.func private @__main() {
  return
}

// CHECK-LABEL: llvm.func internal @mochi.thunk.plain
// CHECK-SAME: (%[[X:.*]]: i64, %{{.*}}: !llvm.ptr) -> i64
// CHECK: llvm.call @plain(%[[X]])
