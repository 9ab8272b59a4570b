// RUN: mochi-opt %s --canonicalize --cse --convert-mochi-to-scf --canonicalize --cse | FileCheck %s

// A loop of which nobody knows whether it ends stays, even if nothing uses what it computes.
// CHECK-LABEL: func.func @without_effects
func.func @without_effects(%x: f64) {
  %zero = arith.constant 0.0 : f64
  // CHECK: scf.while
  // CHECK: llvm.call_intrinsic "llvm.sideeffect"
  %r = mochi.while (%y = %x) : (f64) {
    %c = arith.cmpf ogt, %y, %zero : f64
    mochi.condition %c (%y : f64)
  } do (%y) {
    %half = arith.mulf %y, %y : f64
    mochi.yield %half : f64
  }
  return
}

// One with an effect of its own needs nothing.
// CHECK-LABEL: func.func @with_effects
func.func @with_effects(%x: i64) {
  %zero = arith.constant 0 : i64
  // CHECK: scf.while
  // CHECK-NOT: llvm.call_intrinsic
  // CHECK: return
  %r = mochi.while (%y = %x) : (i64) {
    %c = arith.cmpi sgt, %y, %zero : i64
    mochi.condition %c (%y : i64)
  } do (%y) {
    mochi.print %y : i64
    %next = arith.subi %y, %x : i64
    mochi.yield %next : i64
  }
  return
}

// A counted loop ends.
// CHECK-LABEL: func.func @counted
// CHECK-NEXT: return
func.func @counted(%n: i64) {
  %zero = arith.constant 0 : i64
  %k = mochi.for %i = %zero to %n iter (%t = %zero) : (i64) {
    %u = arith.addi %t, %i : i64
    mochi.yield %u : i64
  }
  return
}
