// RUN: mochi-opt %s --convert-mochi-to-scf --convert-mochi-to-cf | FileCheck %s
// RUN: mochi-opt %s --convert-mochi-to-scf --convert-mochi-to-cf --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

// CHECK-LABEL: func.func @return
func.func @return(%c: i1, %a: i64, %b: i64) -> i64 {
  // CHECK: cf.cond_br %{{.*}}, ^[[THEN:bb[0-9]+]], ^[[ELSE:bb[0-9]+]]
  // LOC: cf.cond_br {{.*}} loc("f.mochi":2:3)
  // CHECK: ^[[THEN]]
  // CHECK: return
  // LOC: return {{.*}} loc("f.mochi":3:5)
  // CHECK: ^[[ELSE]]
  // CHECK: cf.br
  mochi.if %c {
    mochi.return %a : i64 loc("f.mochi":3:5)
  } loc("f.mochi":2:3)
  return %b : i64
}

// CHECK-LABEL: func.func @break_and_continue
func.func @break_and_continue(%n: i64, %c: i1, %d: i1) -> i64 {
  %zero = arith.constant 0 : i64
  // CHECK: cf.br ^[[HEAD:bb[0-9]+]](%{{.*}}, %{{.*}} : i64, i64)
  // CHECK: ^[[HEAD]](%[[I:.*]]: i64, %[[S:.*]]: i64):
  // CHECK: arith.cmpi slt, %[[I]]
  // CHECK: cf.cond_br %{{.*}}, ^[[BODY:bb[0-9]+]](%[[I]], %[[S]] : i64, i64), ^[[END:bb[0-9]+]](%[[S]] : i64)
  %r = mochi.for %i = %zero to %n iter (%s = %zero) : (i64) {
    mochi.if %c {
      // CHECK: cf.br ^[[END]](%{{.*}} : i64)
      mochi.break %i : i64
    }
    mochi.if %d {
      // CHECK: arith.addi {{.*}} overflow<nsw>
      // CHECK: cf.br ^[[HEAD]](
      mochi.continue %s : i64
    }
    // CHECK: mochi.int.add
    %t = mochi.int.add %s, %i
    // CHECK: cf.br ^[[HEAD]](
    mochi.yield %t : i64
  }
  // CHECK: ^[[END]](%[[R:.*]]: i64):
  // CHECK-NEXT: return %[[R]]
  return %r : i64
}

// CHECK-LABEL: func.func @while_and_switch
func.func @while_and_switch(%n: i64, %tag: i64, %s: !mochi.str) -> i64 {
  %zero = arith.constant 0 : i64
  // CHECK-NOT: {{mochi\.(while|switch|if|yield|break)}}
  // CHECK: cf.switch
  // CHECK-NEXT: default: ^{{bb[0-9]+}}
  // CHECK-NEXT: 0: ^{{bb[0-9]+}}
  // CHECK: mochi.unreachable
  %r = mochi.while (%i = %zero) : (i64) {
    %c = arith.cmpi slt, %i, %n : i64
    mochi.condition %c (%i : i64)
  } do (%j) {
    %k = mochi.switch %tag -> (i64)
    case 0 {
      mochi.break %j : i64
    }
    case 1 {
      mochi.panic %s
      mochi.unreachable
    }
    default {
      mochi.yield %n : i64
    }
    mochi.yield %k : i64
  }
  return %r : i64
}

// Without exits, nothing changes here.
// CHECK-LABEL: func.func @untouched
// CHECK-NOT: {{ cf[.]}}
func.func @untouched(%c: i1, %s: !mochi.str) {
  mochi.if %c {
    mochi.print %s : !mochi.str
  }
  return
}
