// RUN: mochi-opt %s --convert-mochi-to-affine --mlir-print-local-scope | FileCheck %s
// RUN: mochi-opt %s --convert-mochi-to-affine --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

// CHECK-LABEL: func.func @triangle
func.func @triangle(%l: !mochi.list<f64>, %n: i64) -> f64 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %f = arith.constant 0.0 : f64
  // CHECK: %[[N:.*]] = arith.index_cast %{{.*}} : i64 to index
  // CHECK: affine.for %[[I:.*]] = 0 to %[[N]] iter_args
  %r = mochi.for %i = %zero to %n iter (%a = %f) : (f64) {
    %next = arith.addi %i, %one overflow<nsw> : i64
    // CHECK: affine.for %[[J:.*]] = affine_map<(d0) -> (d0 + 1)>(%[[I]]) to %[[N]] iter_args
    %s = mochi.for %j = %next to %n iter (%b = %a) : (f64) {
      %k = arith.addi %i, %j overflow<nsw> : i64
      // CHECK: %[[V:.*]] = mochi.list.view
      // CHECK: affine.load %[[V]][%[[I]] + %[[J]]] : memref<?xf64>
      // LOC: affine.load {{.*}} loc("f.mochi":5:7)
      %e = mochi.list.get inbounds %l[%k] : !mochi.list<f64> loc("f.mochi":5:7)
      // CHECK: affine.store %{{.*}}[%[[J]]]
      mochi.list.set inbounds %l[%j], %e : !mochi.list<f64>
      %t = arith.addf %b, %e : f64
      // CHECK: affine.yield
      mochi.yield %t : f64
    }
    mochi.yield %s : f64
  } loc("f.mochi":2:3)
  // LOC: } loc("f.mochi":2:3)
  return %r : f64
}

// CHECK-LABEL: func.func @stays
func.func @stays(%l: !mochi.list<f64>, %m: !mochi.list<i64>, %n: i64, %c: i1) {
  %zero = arith.constant 0 : i64
  // An early exit.
  // CHECK: mochi.for
  mochi.for %i = %zero to %n {
    mochi.if %c {
      mochi.break
    }
  }
  // A bound that is not affine in anything known, and an index from memory.
  // CHECK: affine.for
  mochi.for %i = %zero to %n {
    // CHECK: affine.load
    %e = mochi.list.get inbounds %m[%i] : !mochi.list<i64>
    // CHECK: mochi.for
    mochi.for %j = %zero to %e {
      // CHECK: mochi.list.get inbounds
      %f = mochi.list.get inbounds %l[%e] : !mochi.list<f64>
      mochi.print %f : f64
    }
  }
  return
}

// An early exit further inside becomes branches, so the loop around it cannot be affine.
// CHECK-LABEL: func.func @exit_inside
// CHECK-NOT: affine
func.func @exit_inside(%n: i64, %c: i1) {
  %zero = arith.constant 0 : i64
  mochi.for %i = %zero to %n {
    mochi.for %j = %zero to %n {
      mochi.if %c {
        mochi.break
      }
    }
  }
  return
}
