// RUN: mochi-opt %s --mochi-expose-checks | FileCheck %s

// CHECK-LABEL: func.func @index
// CHECK-SAME: %[[L:.*]]: !mochi.list<i64>, %[[I:.*]]: i64
func.func @index(%l: !mochi.list<i64>, %i: i64) -> i64 {
  // CHECK-NEXT: %[[N:.*]] = mochi.list.length %[[L]]
  // CHECK-NEXT: %[[J:.*]] = mochi.check.index %[[I]], %[[N]]
  // CHECK-NEXT: mochi.list.get inbounds %[[L]][%[[J]]]
  %e = mochi.list.get %l[%i] : !mochi.list<i64>
  return %e : i64
}

// CHECK-LABEL: func.func @counter
// CHECK-SAME: %[[L:.*]]: !mochi.list<i64>
func.func @counter(%l: !mochi.list<i64>, %n: i64, %v: i64) {
  %zero = arith.constant 0 : i64
  // CHECK: mochi.for %[[I:.*]] =
  mochi.for %i = %zero to %n {
    // CHECK: mochi.check.index %[[I]], %{{.*}} {nonnegative}
    // CHECK-NEXT: mochi.list.set inbounds %[[L]][%[[I]]]
    mochi.list.set %l[%i], %v : !mochi.list<i64>
  }
  return
}

// A linear congruential generator: the ranges of the carried value prove everything.
// CHECK-LABEL: func.func @generator
func.func @generator(%n: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %seed = arith.constant 42 : i64
  %factor = arith.constant 16807 : i64
  %modulus = arith.constant 2147483647 : i64
  %r = mochi.for %i = %zero to %n iter (%x = %seed) : (i64) {
    // CHECK: %[[P:.*]] = arith.muli %{{.*}}, %{{.*}} overflow<nsw>
    // CHECK-NEXT: arith.remui %[[P]], %{{.*}}
    %y = mochi.int.mul %x, %factor
    %z = mochi.int.rem %y, %modulus
    mochi.yield %z : i64
  }
  return %r : i64
}

// Behind `if n < 2 { return n }`, `n - 1` cannot overflow; the sum may.
// CHECK-LABEL: func.func @fib
func.func @fib(%n: i64) -> i64 {
  %one = arith.constant 1 : i64
  %two = arith.constant 2 : i64
  %small = arith.cmpi slt, %n, %two : i64
  mochi.if %small {
    mochi.return %n : i64
  }
  // CHECK: arith.subi {{.*}} overflow<nsw>
  %a = mochi.int.sub %n, %one
  %x = func.call @fib(%a) : (i64) -> i64
  // CHECK: arith.subi {{.*}} overflow<nsw>
  %b = mochi.int.sub %n, %two
  %y = func.call @fib(%b) : (i64) -> i64
  // CHECK: mochi.int.add
  %s = mochi.int.add %x, %y
  return %s : i64
}

// CHECK-LABEL: func.func @division
func.func @division(%a: i64, %b: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %seven = arith.constant 7 : i64
  // CHECK: mochi.int.div
  %q = mochi.int.div %a, %b
  // CHECK: arith.divsi
  %r = mochi.int.div %q, %seven
  // CHECK: mochi.if
  %positive = arith.cmpi sge, %b, %zero : i64
  %s = mochi.if %positive -> (i64) {
    // CHECK-NEXT: mochi.check.divisor
    // CHECK-NEXT: arith.remsi
    %t = mochi.int.rem %r, %b
    mochi.yield %t : i64
  } else {
    mochi.yield %r : i64
  }
  return %s : i64
}

// CHECK-LABEL: func.func @unknown
// CHECK: mochi.int.add
// CHECK: arith.addi
// CHECK-NOT: nsw
// CHECK: return
func.func @unknown(%a: i64, %b: i64) -> i64 {
  %c = mochi.int.add %a, %b
  %d = mochi.int.add %c, %b overflow "wrap"
  return %d : i64
}

// CHECK-LABEL: func.func @plain_division
func.func @plain_division(%l: !mochi.list<i64>, %a: i64) -> (i64, i64) {
  %seven = arith.constant 7 : i64
  // CHECK: arith.remui
  // CHECK: arith.remsi
  %n = mochi.list.length %l : !mochi.list<i64>
  %r = arith.remsi %n, %seven : i64
  %s = arith.remsi %a, %seven : i64
  return %r, %s : i64, i64
}
