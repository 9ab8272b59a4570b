// RUN: mochi-opt %s --canonicalize --split-input-file | FileCheck %s

// Control flow whose way is known.

// CHECK-LABEL: func.func @known_if
func.func @known_if(%a: !mochi.str) -> !mochi.str {
  %true = arith.constant true
  // CHECK-NEXT: mochi.print %[[A:.*]] : !mochi.str
  // CHECK-NEXT: return %[[A]]
  %r = mochi.if %true -> (!mochi.str) {
    mochi.print %a : !mochi.str
    mochi.yield %a : !mochi.str
  } else {
    %b = mochi.str.constant "b"
    mochi.yield %b : !mochi.str
  }
  return %r : !mochi.str
}

// CHECK-LABEL: func.func @known_but_leaves
func.func @known_but_leaves(%a: i64) -> i64 {
  %true = arith.constant true
  // CHECK: mochi.if
  // CHECK-NEXT: mochi.return
  mochi.if %true {
    mochi.return %a : i64
  }
  return %a : i64
}

// CHECK-LABEL: func.func @select
func.func @select(%c: i1, %a: i64, %b: i64, %s: !mochi.str, %t: !mochi.str) -> (i64, !mochi.str) {
  // CHECK: %[[N:.*]] = arith.select %{{.*}}, %{{.*}}, %{{.*}} : i64
  %n = mochi.if %c -> (i64) {
    mochi.yield %a : i64
  } else {
    mochi.yield %b : i64
  }
  // Counted values are handed over by the region; a select does not do that.
  // CHECK: %[[S:.*]] = mochi.if
  %r = mochi.if %c -> (!mochi.str) {
    mochi.yield %s : !mochi.str
  } else {
    mochi.yield %t : !mochi.str
  }
  // CHECK: return %[[N]], %[[S]]
  return %n, %r : i64, !mochi.str
}

// CHECK-LABEL: func.func @known_switch
func.func @known_switch(%a: i64, %b: i64, %c: i64) -> (i64, i64) {
  %seven = arith.constant 7 : i64
  %eight = arith.constant 8 : i64
  // CHECK-NOT: mochi.switch
  %0 = mochi.switch %seven -> (i64)
  case 7 {
    mochi.print %a : i64
    mochi.yield %a : i64
  }
  default {
    mochi.yield %b : i64
  }
  %1 = mochi.switch %eight -> (i64)
  case 7 {
    mochi.yield %a : i64
  }
  default {
    mochi.print %c : i64
    mochi.yield %c : i64
  }
  // CHECK: mochi.print %[[A:.*]] : i64
  // CHECK: mochi.print %[[C:.*]] : i64
  // CHECK: return %[[A]], %[[C]]
  return %0, %1 : i64, i64
}

// CHECK-LABEL: func.func @empty_for
func.func @empty_for(%a: i64, %n: i64) -> (i64, i64) {
  %three = arith.constant 3 : i64
  %two = arith.constant 2 : i64
  // CHECK-NOT: mochi.for
  %0 = mochi.for %i = %three to %two iter (%s = %a) : (i64) {
    mochi.yield %i : i64
  }
  %1 = mochi.for %i = %n to %n iter (%s = %a) : (i64) {
    mochi.yield %i : i64
  }
  // CHECK: return %[[A:.*]], %[[A]]
  return %0, %1 : i64, i64
}
