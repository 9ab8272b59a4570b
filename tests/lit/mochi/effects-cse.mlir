// RUN: mochi-opt %s --cse | FileCheck %s

// What common subexpression elimination and dead code elimination may do.

// CHECK-LABEL: func.func @a_check_is_no_write
func.func @a_check_is_no_write(%l: !mochi.list<f64>, %i: i64, %a: i64) -> (f64, f64, i64) {
  // CHECK: mochi.list.get inbounds
  %0 = mochi.list.get inbounds %l[%i] : !mochi.list<f64>
  // CHECK-NEXT: mochi.int.add
  %s = mochi.int.add %a, %a
  // CHECK-NOT: mochi.list.get
  %1 = mochi.list.get inbounds %l[%i] : !mochi.list<f64>
  return %0, %1, %s : f64, f64, i64
}

// CHECK-LABEL: func.func @a_store_is
func.func @a_store_is(%l: !mochi.list<f64>, %i: i64, %x: f64) -> (f64, f64, i64, i64) {
  // CHECK: mochi.list.get
  %0 = mochi.list.get inbounds %l[%i] : !mochi.list<f64>
  // CHECK: mochi.list.length
  %m = mochi.list.length %l : !mochi.list<f64>
  // CHECK: mochi.list.set
  mochi.list.set inbounds %l[%i], %x : !mochi.list<f64>
  // CHECK: mochi.list.get
  %1 = mochi.list.get inbounds %l[%i] : !mochi.list<f64>
  // The length is the same, whatever is stored.
  // CHECK-NOT: mochi.list.length
  %n = mochi.list.length %l : !mochi.list<f64>
  return %0, %1, %m, %n : f64, f64, i64, i64
}

// CHECK-LABEL: func.func @objects_have_identity
func.func @objects_have_identity(%a: i64) -> (!mochi.list<i64>, !mochi.list<i64>) {
  // CHECK-COUNT-2: mochi.list.new
  %0 = mochi.list.new [%a] : !mochi.list<i64>
  %1 = mochi.list.new [%a] : !mochi.list<i64>
  return %0, %1 : !mochi.list<i64>, !mochi.list<i64>
}

// Each owned result has a count of its own.
// CHECK-LABEL: func.func @owned_results_stay_apart
func.func @owned_results_stay_apart(%a: !mochi.str) -> (!mochi.str, !mochi.str) {
  // CHECK-COUNT-2: mochi.str.concat
  %0 = mochi.str.concat %a, %a
  %1 = mochi.str.concat %a, %a
  return %0, %1 : !mochi.str, !mochi.str
}

// CHECK-LABEL: func.func @dead
func.func @dead(%c: i1, %a: i64, %b: i64, %s: !mochi.str, %l: !mochi.list<i64>, %u: !mochi.any) {
  // CHECK-NEXT: mochi.int.add
  %0 = mochi.int.add %a, %b
  // CHECK-NEXT: mochi.int.div
  %1 = mochi.int.div %a, %b
  // CHECK-NEXT: mochi.list.get %
  %2 = mochi.list.get %l[%a] : !mochi.list<i64>
  // CHECK-NEXT: mochi.any.unwrap
  %3 = mochi.any.unwrap %u : i64
  // CHECK-NEXT: mochi.check.index
  %4 = mochi.check.index %a, %b
  // CHECK-NEXT: mochi.print
  mochi.print
  // CHECK-NEXT: mochi.retain
  mochi.retain %l : !mochi.list<i64>
  // CHECK-NEXT: mochi.debug.variable
  mochi.debug.variable %a, "a" "int" : i64
  // CHECK-NEXT: return
  %5 = mochi.int.add %a, %b overflow "wrap"
  %6 = mochi.str.concat %s, %s
  %7 = mochi.list.new [%a] : !mochi.list<i64>
  %8 = mochi.list.get inbounds %l[%a] : !mochi.list<i64>
  %9 = mochi.list.append %l, %a : !mochi.list<i64>
  %10 = mochi.to_string %l : !mochi.list<i64>
  %11 = mochi.equal %l, %l : !mochi.list<i64>
  mochi.if %c {
    %12 = mochi.str.length %s
  }
  return
}

// CHECK-LABEL: func.func @leaving_is_an_effect
func.func @leaving_is_an_effect(%c: i1, %n: i64) {
  // CHECK: mochi.for
  // CHECK: mochi.if
  // CHECK: mochi.return
  mochi.for %i = %n to %n {
    mochi.if %c {
      mochi.return
    }
  }
  return
}
