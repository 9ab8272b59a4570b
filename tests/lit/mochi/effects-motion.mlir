// RUN: mochi-opt %s --loop-invariant-code-motion | FileCheck %s

// What may leave a loop.

mochi.union_type @U { "A"("value": i64), "B"() }

// CHECK-LABEL: func.func @hoist
func.func @hoist(%l: !mochi.list<i64>, %s: !mochi.str, %zero: i64, %n: i64) {
  // CHECK: mochi.list.length
  // CHECK: mochi.list.view
  // CHECK: mochi.str.length
  // CHECK: mochi.equal
  // CHECK: mochi.int.add %{{.*}}, %{{.*}} overflow "wrap"
  // CHECK: mochi.for
  mochi.for %i = %zero to %n {
    %0 = mochi.list.length %l : !mochi.list<i64>
    %1 = mochi.list.view %l : !mochi.list<i64> -> memref<?xi64>
    %2 = mochi.str.length %s
    %3 = mochi.equal %s, %s : !mochi.str
    %4 = mochi.int.add %n, %n overflow "wrap"
    // CHECK-NEXT: mochi.print
    mochi.print %0, %2, %3, %4 : i64, i64, i1, i64
  }
  return
}

// CHECK-LABEL: func.func @stay
func.func @stay(%l: !mochi.list<i64>, %u: !mochi.union<@U>, %zero: i64, %n: i64) {
  // CHECK-NEXT: mochi.for
  mochi.for %i = %zero to %n {
    // May fail.
    // CHECK-NEXT: mochi.int.add
    %0 = mochi.int.add %n, %n
    // CHECK-NEXT: mochi.check.index
    %1 = mochi.check.index %n, %n
    // Reads memory.
    // CHECK-NEXT: mochi.list.get
    %2 = mochi.list.get inbounds %l[%zero] : !mochi.list<i64>
    // Not this variant before the loop, perhaps.
    // CHECK-NEXT: mochi.union.get
    %3 = mochi.union.get %u, "A"[0] : !mochi.union<@U> -> i64
    // Objects are made where they are made.
    // CHECK-NEXT: mochi.list.new
    %4 = mochi.list.new [] : !mochi.list<i64>
    mochi.print %0, %1, %2, %3, %4 : i64, i64, i64, i64, !mochi.list<i64>
  }
  return
}

// CHECK-LABEL: func.func @hoist_from_conditions
func.func @hoist_from_conditions(%l: !mochi.list<i64>, %zero: i64) {
  // CHECK-NEXT: mochi.list.length
  // CHECK-NEXT: mochi.while
  mochi.while (%i = %zero) : (i64) {
    %n = mochi.list.length %l : !mochi.list<i64>
    %more = arith.cmpi slt, %i, %n : i64
    mochi.condition %more(%i : i64)
  } do (%i) {
    mochi.yield %i : i64
  }
  return
}

// CHECK-LABEL: func.func @leaving_stays
func.func @leaving_stays(%c: i1, %zero: i64, %n: i64) {
  // CHECK-NEXT: mochi.for
  // CHECK-NEXT: mochi.if
  mochi.for %i = %zero to %n {
    mochi.if %c {
      mochi.break
    }
  }
  return
}
