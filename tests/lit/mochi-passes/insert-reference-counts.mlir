// RUN: mochi-opt %s --mochi-insert-reference-counts --mochi-certify-reference-counts | FileCheck %s

// Who owns what on every path: moves, retains, releases, early exits.

func.func private @ext(%s: !mochi.str) -> !mochi.str

// A loop carries a string: the branch that extends it moves it, the other one drops it.
// CHECK-LABEL: func.func @build
func.func @build(%n: i64, %c: i1) -> !mochi.str {
  %z = arith.constant 0 : i64
  %e = mochi.str.constant ""
  %b = mochi.str.constant "b"
  // CHECK: mochi.for {{.*}} iter (%[[S:.*]] = %{{.*}}) : (!mochi.str) {
  %r = mochi.for %i = %z to %n iter (%s = %e) : (!mochi.str) {
    // CHECK-NEXT: mochi.if
    %t = mochi.if %c -> (!mochi.str) {
      // CHECK-NEXT: %[[U:.*]] = mochi.str.concat %[[S]]
      // CHECK-NEXT: mochi.yield %[[U]]
      %u = mochi.str.concat %s, %b
      mochi.yield %u : !mochi.str
    } else {
      // CHECK: mochi.release %[[S]]
      // CHECK-NEXT: mochi.retain %[[B:.*]] : !mochi.str
      // CHECK-NEXT: mochi.yield %[[B]]
      mochi.yield %b : !mochi.str
    }
    mochi.yield %t : !mochi.str
  }
  return %r : !mochi.str
}

// Every early exit gives up what the frames that it leaves still own.
// CHECK-LABEL: func.func @exits
func.func @exits(%p: !mochi.str, %n: i64, %c: i1, %d: i1) -> !mochi.str {
  %z = arith.constant 0 : i64
  // CHECK: %[[K:.*]] = call @ext
  %k = func.call @ext(%p) : (!mochi.str) -> !mochi.str
  %o = func.call @ext(%p) : (!mochi.str) -> !mochi.str
  // CHECK: mochi.for {{.*}} iter (%[[S:.*]] = %{{.*}}) : (!mochi.str) {
  %r = mochi.for %i = %z to %n iter (%s = %o) : (!mochi.str) {
    // CHECK-NEXT: %[[T:.*]] = func.call @ext
    %t = func.call @ext(%k) : (!mochi.str) -> !mochi.str
    // CHECK-NEXT: mochi.if
    mochi.if %c {
      // CHECK-NEXT: mochi.release %[[S]]
      // CHECK-NEXT: mochi.break %[[T]]
      mochi.break %t : !mochi.str
    }
    // CHECK: mochi.if
    mochi.if %d {
      // CHECK-NEXT: mochi.release %[[T]]
      // CHECK-NEXT: mochi.continue %[[S]]
      mochi.continue %s : !mochi.str
    }
    // CHECK: mochi.if
    mochi.if %d {
      // CHECK-NEXT: mochi.release %[[S]]
      // CHECK-NEXT: mochi.release %[[T]]
      // CHECK-NEXT: mochi.return %[[K]]
      mochi.return %k : !mochi.str
    }
    // CHECK: mochi.str.concat %[[T]], %[[S]]
    // CHECK-NEXT: mochi.release %[[S]]
    %x = mochi.str.concat %t, %s
    mochi.yield %x : !mochi.str
  }
  // CHECK: mochi.release %[[K]]
  return %r : !mochi.str
}

// Consumed twice, and consumed while it is read.
// CHECK-LABEL: func.func @twice
func.func @twice(%p: !mochi.str) -> !mochi.list<!mochi.str> {
  // CHECK: %[[A:.*]] = call @ext
  %a = func.call @ext(%p) : (!mochi.str) -> !mochi.str
  // CHECK-NEXT: mochi.retain %[[A]]
  // CHECK-NEXT: %[[B:.*]] = mochi.str.concat %[[A]], %[[A]]
  // CHECK-NEXT: mochi.release %[[A]]
  %b = mochi.str.concat %a, %a
  // CHECK-NEXT: mochi.retain %[[B]]
  // CHECK-NEXT: mochi.list.new [%[[B]], %[[B]]]
  // CHECK-NEXT: return
  %l = mochi.list.new [%b, %b] : !mochi.list<!mochi.str>
  return %l : !mochi.list<!mochi.str>
}

// Nothing is released on a path that ends the program.
// CHECK-LABEL: func.func @stops
// CHECK-NOT: mochi.release
func.func @stops(%c: i1) -> !mochi.str {
  %a = mochi.to_string %c : i1
  mochi.if %c {
    mochi.panic %a
    mochi.unreachable
  }
  return %a : !mochi.str
}

// CHECK-LABEL: func.func @scalars
// CHECK-NOT: mochi.re
// CHECK: return
func.func @scalars(%a: i64, %l: !mochi.list<i64>) -> !mochi.option<i64> {
  %x = mochi.list.get %l[%a] : !mochi.list<i64>
  %o = mochi.option.some %x : !mochi.option<i64>
  return %o : !mochi.option<i64>
}
