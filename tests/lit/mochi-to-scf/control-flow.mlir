// RUN: mochi-opt %s --convert-mochi-to-scf | FileCheck %s
// RUN: mochi-opt %s --convert-mochi-to-scf --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

// Everything that control leaves only at its end; locations stay.

// CHECK-LABEL: func.func @if
func.func @if(%c: i1, %a: i64, %b: i64) -> i64 {
  // CHECK: %[[R:.*]] = scf.if %{{.*}} -> (i64) {
  // CHECK-NEXT: scf.yield
  // LOC: scf.yield {{.*}} loc("f.mochi":3:5)
  // CHECK-NEXT: } else {
  // CHECK-NEXT: scf.yield
  // CHECK-NEXT: }
  // LOC: } loc("f.mochi":2:3)
  %r = mochi.if %c -> (i64) {
    mochi.yield %a : i64 loc("f.mochi":3:5)
  } else {
    mochi.yield %b : i64
  } loc("f.mochi":2:3)
  return %r : i64
}

mochi.union_type @U { "A"(), "B"() }

// CHECK-LABEL: func.func @switch
func.func @switch(%u: !mochi.union<@U>, %a: i64, %b: i64) -> i64 {
  %tag = mochi.union.tag %u : !mochi.union<@U>
  // CHECK: scf.index_switch %{{.*}} -> i64
  // CHECK-NEXT: case 3 {
  // CHECK-NEXT: scf.yield %[[A:arg1|.*]] : i64
  // CHECK: default {
  %r = mochi.switch %tag -> (i64)
  case 3 {
    mochi.yield %a : i64
  }
  default {
    mochi.yield %b : i64
  }
  return %r : i64
}

// scf.index_switch looks at 32 bits only: a switch on a number that may have more stays, and what is around it.
// CHECK-LABEL: func.func @wide_switch
func.func @wide_switch(%tag: i64, %a: i64, %b: i64) -> i64 {
  // CHECK-NOT: scf.index_switch
  // CHECK: mochi.switch %arg0 -> (i64)
  %r = mochi.switch %tag -> (i64)
  case 0 {
    mochi.yield %a : i64
  }
  default {
    mochi.yield %b : i64
  }
  return %r : i64
}

// Nor has it cases beyond 32 bits.
// CHECK-LABEL: func.func @wide_case
func.func @wide_case(%u: !mochi.union<@U>, %a: i64, %b: i64) -> i64 {
  %tag = mochi.union.tag %u : !mochi.union<@U>
  // CHECK: mochi.switch
  %r = mochi.switch %tag -> (i64)
  case 4294967296 {
    mochi.yield %a : i64
  }
  default {
    mochi.yield %b : i64
  }
  return %r : i64
}

// The number of an arm is small.
// CHECK-LABEL: func.func @narrow_switch
func.func @narrow_switch(%c: i1, %a: i64, %b: i64) -> i64 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %arm = mochi.if %c -> (i64) {
    mochi.yield %zero : i64
  } else {
    mochi.yield %one : i64
  }
  // CHECK: scf.if
  // CHECK: scf.index_switch %{{.*}} -> i64
  %r = mochi.switch %arm -> (i64)
  case 0 {
    mochi.yield %a : i64
  }
  default {
    mochi.yield %b : i64
  }
  return %r : i64
}

// CHECK-LABEL: func.func @loops
func.func @loops(%n: i64, %s: !mochi.str) -> i64 {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  // CHECK: scf.while
  // CHECK: scf.condition
  %w = mochi.while (%i = %zero) : (i64) {
    %c = arith.cmpi slt, %i, %n : i64
    mochi.condition %c (%i : i64)
  } do (%j) {
    // CHECK: scf.for %{{.*}} = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%{{.*}} = %{{.*}}) -> (i64) : i64 {
    %k = mochi.for %m = %zero to %n iter (%t = %j) : (i64) {
      %u = mochi.int.add %t, %m
      mochi.yield %u : i64
    }
    mochi.yield %k : i64
  }
  return %w : i64
}

// The counter of a loop with another step is computed from the round's number, which cannot overflow.
// CHECK-LABEL: func.func @steps
func.func @steps(%n: i64, %m: i64) {
  // CHECK: arith.divui
  // CHECK: scf.for %[[K:.*]] =
  // CHECK: %[[P:.*]] = arith.muli %[[K]]
  // CHECK: %[[I:.*]] = arith.addi %[[P]]
  // CHECK: mochi.print %[[I]]
  mochi.for %i = %n to %m step 3 {
    mochi.print %i : i64
  }
  return
}

// A panic in a region without results needs no values.
// CHECK-LABEL: func.func @stops
func.func @stops(%c: i1, %s: !mochi.str) {
  // CHECK: scf.if
  // CHECK-NEXT: mochi.panic
  // CHECK-NEXT: }
  mochi.if %c {
    mochi.panic %s
    mochi.unreachable
  }
  return
}

// What has an early exit stays, and so does everything around it; what is inside does not.
// CHECK-LABEL: func.func @exits
func.func @exits(%c: i1, %d: i1, %n: i64, %s: !mochi.str) {
  %zero = arith.constant 0 : i64
  // CHECK: mochi.if
  mochi.if %d {
    // CHECK-NEXT: mochi.for
    mochi.for %i = %zero to %n {
      // CHECK-NEXT: mochi.if
      mochi.if %c {
        mochi.break
      }
      // CHECK: scf.if
      mochi.if %d {
        mochi.print %s : !mochi.str
      }
    }
  }
  return
}
