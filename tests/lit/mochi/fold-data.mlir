// RUN: mochi-opt %s --canonicalize --split-input-file | FileCheck %s

// Lists, unions, options, any, functions, checks, counts.

mochi.union_type @Tree {
  "Leaf"(),
  "Node"("value": i64)
}

// CHECK-LABEL: func.func @union
func.func @union(%v: i64) -> (i64, i64) {
  // CHECK: %[[ONE:.*]] = arith.constant 1 : i64
  %u = mochi.union.new "Node"(%v) : (i64) -> !mochi.union<@Tree>
  %tag = mochi.union.tag %u : !mochi.union<@Tree>
  %p = mochi.union.get %u, "Node"[0] : !mochi.union<@Tree> -> i64
  // CHECK-NEXT: return %[[ONE]], %{{.*}} : i64, i64
  return %tag, %p : i64, i64
}

// CHECK-LABEL: func.func @list_length
func.func @list_length(%v: i64) -> i64 {
  // CHECK: %[[TWO:.*]] = arith.constant 2 : i64
  %l = mochi.list.new [%v, %v] : !mochi.list<i64>
  %n = mochi.list.length %l : !mochi.list<i64>
  // CHECK-NEXT: return %[[TWO]]
  return %n : i64
}

// CHECK-LABEL: func.func @option
func.func @option(%v: !mochi.str) -> (i1, i1, !mochi.str) {
  // CHECK-DAG: %[[TRUE:.*]] = arith.constant true
  // CHECK-DAG: %[[FALSE:.*]] = arith.constant false
  %some = mochi.option.some %v : !mochi.option<!mochi.str>
  %none = mochi.option.none : !mochi.option<!mochi.str>
  %0 = mochi.option.is_some %some : !mochi.option<!mochi.str>
  %1 = mochi.option.is_some %none : !mochi.option<!mochi.str>
  %2 = mochi.option.get %some : !mochi.option<!mochi.str>
  // CHECK: return %[[TRUE]], %[[FALSE]], %{{.*}}
  return %0, %1, %2 : i1, i1, !mochi.str
}

// CHECK-LABEL: func.func @any
func.func @any(%v: i64, %o: !mochi.option<i64>) -> (i64, i1, i1, i1, i1, i1, i1) {
  // CHECK-DAG: %[[TRUE:.*]] = arith.constant true
  // CHECK-DAG: %[[FALSE:.*]] = arith.constant false
  %a = mochi.any.wrap %v : i64
  %null = mochi.option.none : !mochi.any
  %b = mochi.any.wrap %o : !mochi.option<i64>
  %0 = mochi.any.unwrap %a : i64
  %1 = mochi.any.is %a, i64
  %2 = mochi.any.is %a, f64
  // CHECK-DAG: %[[UNKNOWN:.*]] = mochi.any.is
  %3 = mochi.any.is %b, i64
  %4 = mochi.any.is_null %a
  %5 = mochi.any.is_null %null
  // CHECK-DAG: %[[MAYBE:.*]] = mochi.any.is_null
  %6 = mochi.any.is_null %b
  // CHECK: return %{{.*}}, %[[TRUE]], %[[FALSE]], %[[UNKNOWN]], %[[FALSE]], %[[TRUE]], %[[MAYBE]]
  return %0, %1, %2, %3, %4, %5, %6 : i64, i1, i1, i1, i1, i1, i1
}

func.func @plain(%x: i64) -> i64 {
  return %x : i64
}

func.func @lifted(%x: i64, %env: !mochi.env) -> i64 {
  return %x : i64
}

// CHECK-LABEL: func.func @closures
func.func @closures(%x: i64) -> (i64, i64) {
  %f = mochi.closure.new @plain : !mochi.fn<(i64) -> i64>
  %g = mochi.closure.new @lifted : !mochi.fn<(i64) -> i64>
  // CHECK: call @plain(%{{.*}}) : (i64) -> i64
  %0 = mochi.closure.call %f(%x) : !mochi.fn<(i64) -> i64>
  // CHECK: mochi.closure.call
  %1 = mochi.closure.call %g(%x) : !mochi.fn<(i64) -> i64>
  return %0, %1 : i64, i64
}

// CHECK-LABEL: func.func @checks
func.func @checks(%i: i64, %n: i64, %c: i1) -> (i64, i64, i64) {
  %three = arith.constant 3 : i64
  %m1 = arith.constant -1 : i64
  %zero = arith.constant 0 : i64
  %true = arith.constant true
  // CHECK-DAG: %[[TWO:.*]] = arith.constant 2 : i64
  // CHECK-DAG: %[[THREE:.*]] = arith.constant 3 : i64
  // CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i64
  // CHECK: %[[FIRST:.*]] = mochi.check.index %{{[a-z0-9]+}}, %{{[a-z0-9]+}}
  %first = mochi.check.index %i, %n
  %again = mochi.check.index %first, %n
  %last = mochi.check.index %m1, %three
  // CHECK-NEXT: %[[FAILS:.*]] = mochi.check.index %[[THREE]], %[[THREE]]
  %fails = mochi.check.index %three, %three
  // CHECK-NEXT: mochi.check.divisor %[[ZERO]] : i64
  mochi.check.divisor %zero : i64
  mochi.check.divisor %three : i64
  // CHECK-NEXT: mochi.expect %{{.*}}, "unknown"
  mochi.expect %c, "unknown"
  mochi.expect %true, "known"
  // CHECK-NEXT: return %[[FIRST]], %[[TWO]], %[[FAILS]]
  return %again, %last, %fails : i64, i64, i64
}

// CHECK-LABEL: func.func @counts
func.func @counts(%l: !mochi.list<i64>) {
  %s = mochi.str.constant "immortal"
  %none = mochi.option.none : !mochi.option<!mochi.str>
  mochi.retain %s : !mochi.str
  mochi.release %none : !mochi.option<!mochi.str>
  // CHECK-NEXT: mochi.retain %{{.*}} : !mochi.list<i64>
  mochi.retain %l : !mochi.list<i64>
  // CHECK-NEXT: return
  return
}
