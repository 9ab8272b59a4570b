// RUN: mochi-opt %s --mochi-hoist-checks | FileCheck %s

// The loop's own bound proves the check.
// CHECK-LABEL: func.func @proved
// CHECK-NOT: mochi.check.index
// CHECK: return
func.func @proved(%l: !mochi.list<i64>) {
  %zero = arith.constant 0 : i64
  %n = mochi.list.length %l : !mochi.list<i64>
  mochi.for %i = %zero to %n {
    mochi.check.index %i, %n {nonnegative}
    %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
    mochi.print %e : i64
  }
  return
}

// One test in front chooses the version.
// CHECK-LABEL: func.func @versions
// CHECK-SAME: %[[L:.*]]: !mochi.list<i64>, %[[N:.*]]: i64
func.func @versions(%l: !mochi.list<i64>, %n: i64) {
  %zero = arith.constant 0 : i64
  // CHECK: %[[LEN:.*]] = mochi.list.length %[[L]]
  // CHECK: %[[FITS:.*]] = arith.cmpi sle, %[[N]], %[[LEN]]
  // CHECK: mochi.if %[[FITS]] {
  // CHECK-NEXT: mochi.for
  // CHECK-NEXT: mochi.list.get inbounds
  // CHECK: } else {
  // CHECK-NEXT: mochi.for
  // CHECK-NEXT: mochi.check.index
  mochi.for %i = %zero to %n {
    %len = mochi.list.length %l : !mochi.list<i64>
    mochi.check.index %i, %len {nonnegative}
    %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
    mochi.print %e : i64
  }
  return
}

// All rows are looked at once; the fast version reads its own row in front of the inner loop.
// CHECK-LABEL: func.func @rows
// CHECK-SAME: %[[X:.*]]: !mochi.list<!mochi.list<f64>>
func.func @rows(%x: !mochi.list<!mochi.list<f64>>, %n: i64) {
  %zero = arith.constant 0 : i64
  // CHECK: arith.minsi
  // CHECK: mochi.for %[[I:.*]] =
  // CHECK-NEXT: %[[ROW:.*]] = mochi.list.get inbounds %[[X]][%[[I]]]
  // CHECK: mochi.for %[[K:.*]] =
  // CHECK-NEXT: mochi.list.get inbounds %[[ROW]][%[[K]]]
  mochi.for %i = %zero to %n {
    mochi.for %k = %zero to %n {
      %len = mochi.list.length %x : !mochi.list<!mochi.list<f64>>
      mochi.check.index %i, %len {nonnegative}
      %row = mochi.list.get inbounds %x[%i] : !mochi.list<!mochi.list<f64>>
      %columns = mochi.list.length %row : !mochi.list<f64>
      mochi.check.index %k, %columns {nonnegative}
      %e = mochi.list.get inbounds %row[%k] : !mochi.list<f64>
      mochi.print %e : f64
    }
  }
  return
}

// Equal checks and reads share one operation.
// CHECK-LABEL: func.func @shared
func.func @shared(%x: !mochi.list<!mochi.str>, %i: i64) {
  %n = mochi.list.length %x : !mochi.list<!mochi.str>
  // CHECK: mochi.check.index
  // CHECK: %[[A:.*]] = mochi.list.get
  // CHECK-NOT: mochi.check.index
  // CHECK: mochi.print %[[A]], %[[A]]
  %j = mochi.check.index %i, %n
  %a = mochi.list.get inbounds %x[%j] : !mochi.list<!mochi.str>
  %k = mochi.check.index %i, %n
  %b = mochi.list.get inbounds %x[%k] : !mochi.list<!mochi.str>
  mochi.print %a, %b : !mochi.str, !mochi.str
  return
}

// The element may change between the reads; the index depends on nothing known before the loop.
// CHECK-LABEL: func.func @stays
func.func @stays(%x: !mochi.list<!mochi.str>, %i: i64, %m: i64, %s: !mochi.str) {
  %n = mochi.list.length %x : !mochi.list<!mochi.str>
  %j = mochi.check.index %i, %n
  // CHECK: mochi.list.get
  // CHECK: mochi.list.set
  // CHECK: mochi.list.get
  %a = mochi.list.get inbounds %x[%j] : !mochi.list<!mochi.str>
  mochi.retain %a : !mochi.str
  mochi.retain %s : !mochi.str
  mochi.list.set inbounds %x[%j], %s : !mochi.list<!mochi.str>
  %b = mochi.list.get inbounds %x[%j] : !mochi.list<!mochi.str>
  mochi.print %a, %b : !mochi.str, !mochi.str
  mochi.release %a : !mochi.str
  // CHECK-NOT: mochi.if
  // CHECK: mochi.for
  mochi.for %k = %i to %m {
    %h = mochi.str.length %s
    %q = arith.muli %k, %h : i64
    %o = mochi.check.index %q, %n
    %e = mochi.list.get inbounds %x[%o] : !mochi.list<!mochi.str>
    mochi.print %e : !mochi.str
  }
  return
}

// The index is known not to be negative only inside the condition: the read stays there.
// CHECK-LABEL: func.func @conditional
func.func @conditional(%x: !mochi.list<!mochi.list<f64>>, %from: i64, %n: i64) {
  %zero = arith.constant 0 : i64
  %len = mochi.list.length %x : !mochi.list<!mochi.list<f64>>
  // CHECK: mochi.for
  // CHECK: mochi.if
  // CHECK-NEXT: mochi.list.get inbounds
  mochi.for %i = %from to %n {
    %c = arith.cmpi sge, %i, %zero : i64
    mochi.if %c {
      mochi.check.index %i, %len {nonnegative}
      %row = mochi.list.get inbounds %x[%i] : !mochi.list<!mochi.list<f64>>
      mochi.print %row : !mochi.list<f64>
    }
  }
  return
}
