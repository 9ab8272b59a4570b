// RUN: mochi-opt %s --canonicalize --split-input-file | FileCheck %s

// Numbers: what folds, and what must not because it would fail at run time.

// CHECK-LABEL: func.func @sums
func.func @sums(%a: i64) -> (i64, i64, i64, i64, i64, i64) {
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %forty = arith.constant 40 : i64
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i64
  // CHECK-DAG: %[[C42:.*]] = arith.constant 42 : i64
  // CHECK-DAG: %[[C38:.*]] = arith.constant 38 : i64
  // CHECK-DAG: %[[C80:.*]] = arith.constant 80 : i64
  %0 = mochi.int.add %forty, %two
  %1 = mochi.int.sub %forty, %two
  %2 = mochi.int.mul %forty, %two
  %3 = mochi.int.add %zero, %a
  %4 = mochi.int.sub %a, %a
  %5 = mochi.int.mul %zero, %a
  // CHECK: return %[[C42]], %[[C38]], %[[C80]], %{{.*}}, %[[ZERO]], %[[ZERO]]
  return %0, %1, %2, %3, %4, %5 : i64, i64, i64, i64, i64, i64
}

// CHECK-LABEL: func.func @overflow
func.func @overflow() -> (i64, i64, i64, i64, i64, i64) {
  %max = arith.constant 9223372036854775807 : i64
  %min = arith.constant -9223372036854775808 : i64
  %one = arith.constant 1 : i64
  %minus = arith.constant -1 : i64
  %bits = arith.constant 64 : i64
  %two = arith.constant 2 : i64
  // CHECK: mochi.int.add
  %0 = mochi.int.add %max, %one
  // CHECK: mochi.int.sub
  %1 = mochi.int.sub %min, %one
  // CHECK: mochi.int.mul
  %2 = mochi.int.mul %min, %minus
  // CHECK: mochi.int.neg
  %3 = mochi.int.neg %min
  // CHECK: mochi.int.div
  %4 = mochi.int.div %min, %minus
  // CHECK: mochi.int.pow
  %5 = mochi.int.pow %two, %bits
  return %0, %1, %2, %3, %4, %5 : i64, i64, i64, i64, i64, i64
}

// CHECK-LABEL: func.func @wrap
func.func @wrap(%a: i64, %b: i64) -> (i64, i64, i64, i64, i64) {
  %max = arith.constant 9223372036854775807 : i64
  %one = arith.constant 1 : i64
  // CHECK-DAG: %[[MIN:.*]] = arith.constant -9223372036854775808 : i64
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i64
  %0 = mochi.int.add %max, %one overflow "wrap"
  // CHECK-DAG: %[[S:.*]] = arith.addi %{{.*}}, %{{.*}} : i64
  %1 = mochi.int.add %a, %b overflow "wrap"
  // CHECK-DAG: %[[D:.*]] = arith.subi %{{.*}}, %{{.*}} : i64
  %2 = mochi.int.sub %a, %b overflow "wrap"
  // CHECK-DAG: %[[P:.*]] = arith.muli %{{.*}}, %{{.*}} : i64
  %3 = mochi.int.mul %a, %b overflow "wrap"
  // CHECK-DAG: %[[N:.*]] = arith.subi %[[ZERO]], %{{.*}} : i64
  %4 = mochi.int.neg %a overflow "wrap"
  // CHECK: return %[[MIN]], %[[S]], %[[D]], %[[P]], %[[N]]
  return %0, %1, %2, %3, %4 : i64, i64, i64, i64, i64
}

// CHECK-LABEL: func.func @divisions
func.func @divisions(%a: i64) -> (i64, i64, i64, i64, i64, i64, i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %minus7 = arith.constant -7 : i64
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i64
  // CHECK-DAG: %[[M3:.*]] = arith.constant -3 : i64
  // CHECK-DAG: %[[M1:.*]] = arith.constant -1 : i64
  // CHECK-DAG: %[[TWO:.*]] = arith.constant 2 : i64
  %0 = mochi.int.div %minus7, %two
  %1 = mochi.int.rem %minus7, %two
  // CHECK: %[[BY0:.*]] = mochi.int.div %{{.*}}, %[[ZERO]]
  %2 = mochi.int.div %a, %zero
  // CHECK: %[[REM0:.*]] = mochi.int.rem %{{.*}}, %[[ZERO]]
  %3 = mochi.int.rem %a, %zero
  // CHECK: %[[HALF:.*]] = arith.divsi %{{.*}}, %[[TWO]] : i64
  %4 = mochi.int.div %a, %two
  // CHECK: %[[ODD:.*]] = arith.remsi %{{.*}}, %[[TWO]] : i64
  %5 = mochi.int.rem %a, %two
  %6 = mochi.int.rem %a, %one
  // CHECK: return %[[M3]], %[[M1]], %[[BY0]], %[[REM0]], %[[HALF]], %[[ODD]], %[[ZERO]]
  return %0, %1, %2, %3, %4, %5, %6 : i64, i64, i64, i64, i64, i64, i64
}

// CHECK-LABEL: func.func @powers
func.func @powers(%a: i64) -> (i64, i64, i64, i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %three = arith.constant 3 : i64
  %m2 = arith.constant -2 : i64
  // CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i64
  // CHECK-DAG: %[[M8:.*]] = arith.constant -8 : i64
  %0 = mochi.int.pow %a, %zero
  %1 = mochi.int.pow %a, %one
  %2 = mochi.int.pow %m2, %three
  // CHECK: %[[NEGATIVE:.*]] = mochi.int.pow
  %3 = mochi.int.pow %three, %m2
  // CHECK: return %[[ONE]], %{{.*}}, %[[M8]], %[[NEGATIVE]]
  return %0, %1, %2, %3 : i64, i64, i64, i64
}

// CHECK-LABEL: func.func @twice_negative
func.func @twice_negative(%a: i64) -> i64 {
  // The inner negation stays: it may fail.
  // CHECK: mochi.int.neg %[[A:.*]]
  %0 = mochi.int.neg %a
  %1 = mochi.int.neg %0
  // CHECK-NEXT: return %[[A]]
  return %1 : i64
}

// CHECK-LABEL: func.func @floats
func.func @floats(%x: f64) -> (f64, f64, f64, i64, i64) {
  %zero = arith.constant 0.0 : f64
  %two = arith.constant 2.0 : f64
  %big = arith.constant 1.0e+300 : f64
  %m = arith.constant -2.75 : f64
  // CHECK-DAG: %[[M2:.*]] = arith.constant -2 : i64
  // CHECK: %[[Q:.*]] = arith.divf
  %0 = mochi.float.div %x, %two
  // CHECK: %[[R:.*]] = arith.remf
  %1 = mochi.float.rem %x, %two
  // CHECK: %[[F:.*]] = mochi.float.div
  %2 = mochi.float.div %x, %zero
  %3 = mochi.float.to_int %m
  // CHECK: %[[BIG:.*]] = mochi.float.to_int
  %4 = mochi.float.to_int %big
  // CHECK: return %[[Q]], %[[R]], %[[F]], %[[M2]], %[[BIG]]
  return %0, %1, %2, %3, %4 : f64, f64, f64, i64, i64
}
