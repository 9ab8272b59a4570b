// RUN: mochi-opt %s --mochi-raise-while-loops | FileCheck %s

// CHECK-LABEL: func.func @counts
// CHECK-SAME: %[[N:.*]]: i64
func.func @counts(%n: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  // CHECK: mochi.for %[[I:.*]] = %{{.*}} to %[[N]] iter (%[[S:.*]] = %{{.*}}) : (i64) {
  // CHECK-NEXT: mochi.int.add %[[S]], %[[I]]
  // CHECK: mochi.yield %{{.*}} : i64
  %r:2 = mochi.while (%i = %zero, %s = %zero) : (i64, i64) {
    %c = arith.cmpi slt, %i, %n : i64
    mochi.condition %c (%i, %s : i64, i64)
  } do (%j, %t) {
    %u = mochi.int.add %t, %j
    %k = mochi.int.add %j, %one
    mochi.yield %k, %u : i64, i64
  }
  return %r#1 : i64
}

// The length is computed in front, the counter's last value is wanted, one exit is early.
// CHECK-LABEL: func.func @searches
func.func @searches(%l: !mochi.list<i64>, %v: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  // CHECK: %[[N:.*]] = mochi.list.length
  // CHECK: %[[R:.*]] = mochi.for %[[I:.*]] = %{{.*}} to %[[N]] iter (%{{.*}} = %{{.*}}) : (i64) {
  // CHECK: mochi.break %[[I]] : i64
  // CHECK: return %[[R]]
  %r = mochi.while (%i = %zero) : (i64) {
    %n = mochi.list.length %l : !mochi.list<i64>
    %c = arith.cmpi slt, %i, %n : i64
    mochi.condition %c (%i : i64)
  } do (%j) {
    %e = mochi.list.get %l[%j] : !mochi.list<i64>
    %found = arith.cmpi eq, %e, %v : i64
    mochi.if %found {
      mochi.break %j : i64
    }
    %k = mochi.int.add %j, %one
    mochi.yield %k : i64
  }
  return %r : i64
}

// `i <= n` is fine where `n` is far from the largest integer.
// CHECK-LABEL: func.func @inclusive
// CHECK: mochi.for
func.func @inclusive(%l: !mochi.list<i64>) {
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  %n = mochi.list.length %l : !mochi.list<i64>
  mochi.while (%i = %zero) : (i64) {
    %c = arith.cmpi sle, %i, %n : i64
    mochi.condition %c (%i : i64)
  } do (%j) {
    mochi.print %j : i64
    %k = mochi.int.add %j, %two
    mochi.yield %k : i64
  }
  return
}

// CHECK-LABEL: func.func @may_overflow
// CHECK-NOT: mochi.for
func.func @may_overflow(%n: i64) {
  %zero = arith.constant 0 : i64
  %two = arith.constant 2 : i64
  mochi.while (%i = %zero) : (i64) {
    %c = arith.cmpi slt, %i, %n : i64
    mochi.condition %c (%i : i64)
  } do (%j) {
    mochi.print %j : i64
    %k = mochi.int.add %j, %two
    mochi.yield %k : i64
  }
  return
}

// CHECK-LABEL: func.func @bound_changes
// CHECK-NOT: mochi.for
func.func @bound_changes(%m: i64) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  mochi.while (%i = %zero, %n = %m) : (i64, i64) {
    %c = arith.cmpi slt, %i, %n : i64
    mochi.condition %c (%i, %n : i64, i64)
  } do (%j, %o) {
    %k = mochi.int.add %j, %one
    %p = mochi.int.sub %o, %one
    mochi.yield %k, %p : i64, i64
  }
  return
}

// CHECK-LABEL: func.func @steps_differ
// CHECK-NOT: mochi.for
func.func @steps_differ(%n: i64, %d: i1) {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  mochi.while (%i = %zero) : (i64) {
    %c = arith.cmpi slt, %i, %n : i64
    mochi.condition %c (%i : i64)
  } do (%j) {
    mochi.if %d {
      mochi.continue %j : i64
    }
    %k = mochi.int.add %j, %one
    mochi.yield %k : i64
  }
  return
}
