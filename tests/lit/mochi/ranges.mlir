// RUN: mochi-opt %s --int-range-optimizations | FileCheck %s

// What integer range analysis learns from the dialect.

// CHECK-LABEL: func.func @lengths
func.func @lengths(%l: !mochi.list<i64>) -> i1 {
  %zero = arith.constant 0 : i64
  %n = mochi.list.length %l : !mochi.list<i64>
  // CHECK: %[[FALSE:.*]] = arith.constant false
  %c = arith.cmpi slt, %n, %zero : i64
  // CHECK: return %[[FALSE]]
  return %c : i1
}

// CHECK-LABEL: func.func @indices
func.func @indices(%l: !mochi.list<i64>, %i: i64) -> (i1, i1) {
  %zero = arith.constant 0 : i64
  %ten = arith.constant 10 : i64
  %n = mochi.list.length %l : !mochi.list<i64>
  %j = mochi.check.index %i, %ten
  // CHECK: %[[TRUE:.*]] = arith.constant true
  %low = arith.cmpi sge, %j, %zero : i64
  %high = arith.cmpi slt, %j, %ten : i64
  // CHECK: return %[[TRUE]], %[[TRUE]]
  return %low, %high : i1, i1
}

// CHECK-LABEL: func.func @counters
func.func @counters() {
  %zero = arith.constant 0 : i64
  %ten = arith.constant 10 : i64
  %one = arith.constant 1 : i64
  mochi.for %i = %zero to %ten {
    // CHECK: %[[TRUE:.*]] = arith.constant true
    %next = mochi.int.add %i, %one
    %c = arith.cmpi sle, %next, %ten : i64
    // CHECK: mochi.print %[[TRUE]] : i1
    mochi.print %c : i1
  }
  return
}
