// RUN: mochi-opt %s | mochi-opt | FileCheck %s
// RUN: mochi-opt %s --mlir-print-op-generic | mochi-opt | FileCheck %s

// Structured control flow, terminators, stopping.

// CHECK-LABEL: func.func @if
func.func @if(%c: i1, %a: i64, %b: i64) -> i64 {
  // CHECK:      mochi.if %{{.*}} {
  // CHECK-NEXT:   mochi.print
  // CHECK-NEXT: }
  mochi.if %c {
    mochi.print
  }
  // CHECK:      mochi.if %{{.*}} {
  // CHECK-NEXT: } else {
  // CHECK-NEXT:   mochi.print
  // CHECK-NEXT: }
  mochi.if %c {
  } else {
    mochi.print
  }
  // CHECK:      %[[R:.*]] = mochi.if %{{.*}} -> (i64) attributes {likely} {
  // CHECK-NEXT:   mochi.yield %[[A:.*]] : i64
  // CHECK-NEXT: } else {
  // CHECK-NEXT:   mochi.yield %[[B:.*]] : i64
  // CHECK-NEXT: }
  // CHECK-NEXT: return %[[R]] : i64
  %r = mochi.if %c -> (i64) attributes {likely} {
    mochi.yield %a : i64
  } else {
    mochi.yield %b : i64
  }
  return %r : i64
}

// CHECK-LABEL: func.func @switch
func.func @switch(%t: i64, %a: i64) -> i64 {
  // CHECK:      mochi.switch %{{.*}}
  // CHECK-NEXT: default {
  // CHECK-NEXT: }
  mochi.switch %t
  default {
  }
  // CHECK:      %{{.*}} = mochi.switch %{{.*}} -> (i64)
  // CHECK-NEXT: case 0 {
  // CHECK-NEXT:   mochi.yield %{{.*}} : i64
  // CHECK-NEXT: }
  // CHECK-NEXT: case -7 {
  // CHECK-NEXT:   mochi.return %{{.*}} : i64
  // CHECK-NEXT: }
  // CHECK-NEXT: default {
  // CHECK-NEXT:   mochi.unreachable
  // CHECK-NEXT: }
  %r = mochi.switch %t -> (i64)
  case 0 {
    mochi.yield %a : i64
  }
  case -7 {
    mochi.return %a : i64
  }
  default {
    mochi.unreachable
  }
  return %r : i64
}

// CHECK-LABEL: func.func @while
func.func @while(%c: i1, %zero: i64, %one: i64, %n: i64) -> (i64, i64) {
  // CHECK:      mochi.while {
  // CHECK-NEXT:   mochi.condition %{{[a-z0-9_]+$}}
  // CHECK-NEXT: } do {
  // CHECK-NEXT:   mochi.break
  // CHECK-NEXT: }
  mochi.while {
    mochi.condition %c
  } do {
    mochi.break
  }
  // CHECK:      %[[R:.*]]:2 = mochi.while (%[[I:.*]] = %{{.*}}, %[[S:.*]] = %{{.*}}) : (i64, i64) {
  // CHECK-NEXT:   %[[MORE:.*]] = arith.cmpi slt, %[[I]], %{{.*}} : i64
  // CHECK-NEXT:   mochi.condition %[[MORE]](%[[I]], %[[S]] : i64, i64)
  // CHECK-NEXT: } do (%[[J:.*]], %[[T:.*]]) {
  // CHECK-NEXT:   mochi.if %{{.*}} {
  // CHECK-NEXT:     mochi.continue %[[J]], %[[T]] : i64, i64
  // CHECK-NEXT:   }
  // CHECK-NEXT:   mochi.yield %[[T]], %[[J]] : i64, i64
  // CHECK-NEXT: }
  %r:2 = mochi.while (%i = %zero, %s = %zero) : (i64, i64) {
    %more = arith.cmpi slt, %i, %n : i64
    mochi.condition %more(%i, %s : i64, i64)
  } do (%j, %t) {
    mochi.if %c {
      mochi.continue %j, %t : i64, i64
    }
    mochi.yield %t, %j : i64, i64
  }
  return %r#0, %r#1 : i64, i64
}

// CHECK-LABEL: func.func @for
func.func @for(%c: i1, %zero: i64, %n: i64) -> i64 {
  // CHECK:      mochi.for %{{.*}} = %{{.*}} to %{{.*}} {
  // CHECK-NEXT: }
  mochi.for %i = %zero to %n {
  }
  // CHECK:      %{{.*}} = mochi.for %[[I:.*]] = %{{.*}} to %{{.*}} step 2 iter (%[[S:.*]] = %{{.*}}) : (i64) {
  // CHECK-NEXT:   mochi.if %{{.*}} {
  // CHECK-NEXT:     mochi.break %[[S]] : i64
  // CHECK-NEXT:   }
  // CHECK-NEXT:   mochi.yield %[[I]] : i64
  // CHECK-NEXT: }
  %r = mochi.for %i = %zero to %n step 2 iter (%s = %zero) : (i64) {
    mochi.if %c {
      mochi.break %s : i64
    }
    mochi.yield %i : i64
  }
  return %r : i64
}

// CHECK-LABEL: func.func @stop
func.func @stop(%c: i1, %message: !mochi.str) {
  // CHECK: mochi.expect %{{.*}}, "1 == 2"
  mochi.expect %c, "1 == 2"
  // CHECK: mochi.panic %{{.*}}
  mochi.panic %message
  // CHECK: mochi.unreachable
  mochi.unreachable
}
