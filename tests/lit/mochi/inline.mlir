// RUN: mochi-opt %s --inline --split-input-file | FileCheck %s

// A body with structured control flow moves into its caller, also into a region.

func.func private @larger(%a: i64, %b: i64) -> i64 {
  %c = arith.cmpi sgt, %a, %b : i64
  %r = mochi.if %c -> (i64) {
    mochi.print %a : i64
    mochi.yield %a : i64
  } else {
    mochi.yield %b : i64
  }
  return %r : i64
}

// CHECK-LABEL: func.func @caller
func.func @caller(%a: i64, %b: i64) -> i64 {
  // CHECK-NEXT: mochi.for
  // CHECK-NEXT: arith.cmpi
  // CHECK-NEXT: %[[R:.*]] = mochi.if
  // CHECK: mochi.yield %[[R]]
  // CHECK-NOT: call
  %r = mochi.for %i = %a to %b iter (%s = %a) : (i64) {
    %l = func.call @larger(%s, %i) : (i64, i64) -> i64
    mochi.yield %l : i64
  }
  return %r : i64
}

// -----

// A body that returns from a nested region does not: it would return from the
// caller.

func.func private @early(%c: i1, %a: i64) -> i64 {
  mochi.if %c {
    mochi.return %a : i64
  }
  return %a : i64
}

// CHECK-LABEL: func.func @caller
func.func @caller(%c: i1, %a: i64) -> i64 {
  // CHECK-NEXT: call @early
  %r = func.call @early(%c, %a) : (i1, i64) -> i64
  return %r : i64
}

// -----

// Nor does one that never comes back.

func.func private @never(%m: !mochi.str) {
  mochi.panic %m
  mochi.unreachable
}

// CHECK-LABEL: func.func @caller
func.func @caller(%m: !mochi.str) {
  // CHECK-NEXT: call @never
  func.call @never(%m) : (!mochi.str) -> ()
  return
}

// -----

// Nor one of several blocks into a region, which has one.

func.func private @blocks(%c: i1, %a: i64, %b: i64) -> i64 {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:
  mochi.print %a : i64
  cf.br ^bb2
^bb2:
  return %b : i64
}

// CHECK-LABEL: func.func @caller
func.func @caller(%c: i1, %a: i64) -> i64 {
  // CHECK: mochi.if
  // CHECK-NEXT: func.call @blocks
  %r = mochi.if %c -> (i64) {
    %l = func.call @blocks(%c, %a, %a) : (i1, i64, i64) -> i64
    mochi.yield %l : i64
  } else {
    mochi.print
    mochi.yield %a : i64
  }
  return %r : i64
}

// -----

// Unreachable ends of regions are no obstacle.

func.func private @partly(%c: i1, %m: !mochi.str) {
  mochi.if %c {
    mochi.panic %m
    mochi.unreachable
  }
  return
}

// CHECK-LABEL: func.func @caller
func.func @caller(%c: i1, %m: !mochi.str) {
  // CHECK-NEXT: mochi.if
  func.call @partly(%c, %m) : (i1, !mochi.str) -> ()
  return
}
