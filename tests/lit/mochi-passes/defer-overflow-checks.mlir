// RUN: mochi-opt %s --mochi-defer-overflow-checks | FileCheck %s

// CHECK-LABEL: func.func @sum
func.func @sum(%l: !mochi.list<i64>, %n: i64, %limit: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %three = arith.constant 3 : i64
  // The copy has no branch and no check.
  // CHECK: %[[F:.*]]:3 = mochi.for
  // CHECK-NOT: mochi.if
  // CHECK-NOT: mochi.int
  // CHECK: mochi.yield %{{.*}}, %{{.*}}, %{{.*}} : i64, i64, i64
  // CHECK: math.ctlz
  // CHECK: %[[R:.*]] = mochi.if %{{.*}} -> (i64) {
  // CHECK-NEXT: mochi.yield %[[F]]#0 : i64
  // CHECK-NEXT: } else {
  // CHECK-NEXT: mochi.for
  // CHECK: mochi.int.mul
  // CHECK: mochi.int.add
  // CHECK: return %[[R]]
  %s = mochi.for %i = %zero to %n iter (%a = %zero) : (i64) {
    %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
    %c = arith.cmpi sgt, %e, %limit : i64
    %b = mochi.if %c -> (i64) {
      %t = mochi.int.mul %e, %three
      %u = mochi.int.add %a, %t
      mochi.yield %u : i64
    } else {
      mochi.yield %a : i64
    }
    mochi.yield %b : i64
  }
  return %s : i64
}

// The sum is looked at on the way.
// CHECK-LABEL: func.func @looked_at
// CHECK-NOT: math.ctlz
func.func @looked_at(%l: !mochi.list<i64>, %n: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %s = mochi.for %i = %zero to %n iter (%a = %zero) : (i64) {
    %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
    %b = mochi.int.add %a, %e
    %c = mochi.int.add %b, %a
    mochi.yield %c : i64
  }
  return %s : i64
}

// Something else is done on the way.
// CHECK-LABEL: func.func @stores
// CHECK-NOT: math.ctlz
func.func @stores(%l: !mochi.list<i64>, %n: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %s = mochi.for %i = %zero to %n iter (%a = %zero) : (i64) {
    %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
    mochi.list.set inbounds %l[%i], %zero : !mochi.list<i64>
    %b = mochi.int.add %a, %e
    mochi.yield %b : i64
  }
  return %s : i64
}
