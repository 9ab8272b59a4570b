// RUN: mochi-opt %s | mochi-opt | FileCheck %s
// RUN: mochi-opt %s --mlir-print-op-generic | mochi-opt | FileCheck %s

// Values of unknown type, function values, and what passes make.

// CHECK-LABEL: func.func @any
func.func @any(%a: !mochi.any, %n: i64, %l: !mochi.list<i64>) {
  // CHECK: mochi.any.wrap %{{.*}} : !mochi.list<i64>
  %0 = mochi.any.wrap %l : !mochi.list<i64>
  // CHECK: mochi.any.unwrap %{{.*}} : !mochi.list<i64>
  %1 = mochi.any.unwrap %a : !mochi.list<i64>
  // CHECK: mochi.any.is %{{.*}}, !mochi.str
  %2 = mochi.any.is %a, !mochi.str
  // CHECK: mochi.any.is_null %{{.*}}
  %3 = mochi.any.is_null %a
  // CHECK: mochi.any.binary "add" %{{.*}}, %{{.*}}
  %4 = mochi.any.binary "add" %a, %a
  // CHECK: mochi.any.index %{{.*}}[%{{.*}}] : i64
  %5 = mochi.any.index %a[%n] : i64
  // CHECK: mochi.any.set_index %{{.*}}[%{{.*}}], %{{.*}} : i64, !mochi.any
  mochi.any.set_index %a[%n], %a : i64, !mochi.any
  // CHECK: mochi.any.field %{{.*}}["name"]
  %6 = mochi.any.field %a["name"]
  // CHECK: mochi.any.set_field %{{.*}}["name"], %{{.*}} : i64
  mochi.any.set_field %a["name"], %n : i64
  // CHECK: mochi.any.length %{{.*}}
  %7 = mochi.any.length %a
  // CHECK: mochi.any.elements %{{.*}} : !mochi.list<!mochi.any>
  %8 = mochi.any.elements %a : !mochi.list<!mochi.any>
  return
}

// CHECK-LABEL: func.func @lambda
func.func @lambda(%x: i64, %env: !mochi.env) -> i64 {
  // CHECK: mochi.closure.capture %{{.*}}[0] : i64
  %n = mochi.closure.capture %env[0] : i64
  // CHECK: mochi.closure.current %{{.*}} : !mochi.fn<(i64) -> i64>
  %self = mochi.closure.current %env : !mochi.fn<(i64) -> i64>
  return %n : i64
}

func.func @plain(%x: i64) {
  return
}

// CHECK-LABEL: func.func @functions
func.func @functions(%n: i64) -> i64 {
  // CHECK: %[[F:.*]] = mochi.closure.new @lambda[%{{.*}} : i64] : !mochi.fn<(i64) -> i64>
  %f = mochi.closure.new @lambda[%n : i64] : !mochi.fn<(i64) -> i64>
  // CHECK: %[[G:.*]] = mochi.closure.new @plain : !mochi.fn<(i64) -> ()>
  %g = mochi.closure.new @plain : !mochi.fn<(i64) -> ()>
  // CHECK: mochi.closure.call %[[G]](%{{.*}}) : !mochi.fn<(i64) -> ()>
  mochi.closure.call %g(%n) : !mochi.fn<(i64) -> ()>
  // CHECK: mochi.closure.call %[[F]](%{{.*}}) : !mochi.fn<(i64) -> i64>
  %r = mochi.closure.call %f(%n) : !mochi.fn<(i64) -> i64>
  return %r : i64
}

// CHECK-LABEL: func.func @made_by_passes
func.func @made_by_passes(%i: i64, %n: i64, %x: f64, %l: !mochi.list<i64>) {
  // CHECK: mochi.check.index %{{.*}}, %{{.*}}
  %j = mochi.check.index %i, %n
  // CHECK: mochi.check.divisor %{{.*}} : i64
  mochi.check.divisor %n : i64
  // CHECK: mochi.check.divisor %{{.*}} : f64
  mochi.check.divisor %x : f64
  // CHECK: mochi.retain %{{.*}} : !mochi.list<i64>
  mochi.retain %l : !mochi.list<i64>
  // CHECK: mochi.release %{{.*}} : !mochi.list<i64>
  mochi.release %l : !mochi.list<i64>
  // CHECK: mochi.debug.variable %{{.*}}, "total" "int" : i64
  mochi.debug.variable %n, "total" "int" : i64
  return
}

// Types that no operation above mentions.
// CHECK-LABEL: func.func private @types
// CHECK-SAME: (!mochi.bigint, !mochi.bigrat, !mochi.fn<() -> ()>, !mochi.option<!mochi.fn<(i64, !mochi.str) -> f64>>)
func.func private @types(!mochi.bigint, !mochi.bigrat, !mochi.fn<() -> ()>, !mochi.option<!mochi.fn<(i64, !mochi.str) -> f64>>)
