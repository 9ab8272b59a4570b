// RUN: mochi-opt %s | mochi-opt | FileCheck %s
// RUN: mochi-opt %s --mlir-print-op-generic | mochi-opt | FileCheck %s

// Record types, union types and globals; reading and changing what they define.

// CHECK: mochi.record_type @Point ("x": f64, "y": f64)
mochi.record_type @Point ("x": f64, "y": f64)
// CHECK: mochi.record_type @Empty ()
mochi.record_type @Empty ()
// CHECK: mochi.record_type anonymous @anon named "{name}" ("name": !mochi.str)
mochi.record_type anonymous @anon named "{name}" ("name": !mochi.str)
// CHECK: mochi.record_type @Marked ("a": i64) attributes {note = "kept"}
mochi.record_type @Marked ("a": i64) attributes {note = "kept"}

// CHECK:      mochi.union_type @Tree named "Tree of int" {
// CHECK-NEXT:   "Leaf"(),
// CHECK-NEXT:   "Node"("left": !mochi.union<@Tree>, "value": i64)
// CHECK-NEXT: }
mochi.union_type @Tree named "Tree of int" {
  "Leaf"(),
  "Node"("left": !mochi.union<@Tree>, "value": i64)
}

// CHECK: mochi.global @counter : i64
mochi.global @counter : i64

// CHECK-LABEL: func.func @globals
func.func @globals() {
  // CHECK: %[[N:.*]] = mochi.global.load @counter : i64
  %n = mochi.global.load @counter : i64
  // CHECK: mochi.global.store %[[N]], @counter : i64
  mochi.global.store %n, @counter : i64
  // CHECK: mochi.global.clear @counter
  mochi.global.clear @counter
  return
}

// CHECK-LABEL: func.func @records
func.func @records(%x: f64, %y: f64) -> f64 {
  // CHECK: %[[P:.*]] = mochi.record.new %{{.*}}, %{{.*}} : (f64, f64) -> !mochi.record<@Point>
  %p = mochi.record.new %x, %y : (f64, f64) -> !mochi.record<@Point>
  // CHECK: mochi.record.new : () -> !mochi.record<@Empty>
  %e = mochi.record.new : () -> !mochi.record<@Empty>
  // CHECK: mochi.record.set %[[P]]["x"], %{{.*}} : !mochi.record<@Point>, f64
  mochi.record.set %p["x"], %y : !mochi.record<@Point>, f64
  // CHECK: mochi.record.get %[[P]]["x"] : !mochi.record<@Point> -> f64
  %r = mochi.record.get %p["x"] : !mochi.record<@Point> -> f64
  return %r : f64
}

// CHECK-LABEL: func.func @unions
func.func @unions(%n: i64) -> (i64, i64) {
  // CHECK: %[[LEAF:.*]] = mochi.union.new "Leaf"() : () -> !mochi.union<@Tree>
  %leaf = mochi.union.new "Leaf"() : () -> !mochi.union<@Tree>
  // CHECK: %[[NODE:.*]] = mochi.union.new "Node"(%[[LEAF]], %{{.*}}) : (!mochi.union<@Tree>, i64) -> !mochi.union<@Tree>
  %node = mochi.union.new "Node"(%leaf, %n) : (!mochi.union<@Tree>, i64) -> !mochi.union<@Tree>
  // CHECK: mochi.union.tag %[[NODE]] : !mochi.union<@Tree>
  %tag = mochi.union.tag %node : !mochi.union<@Tree>
  // CHECK: mochi.union.get %[[NODE]], "Node"[1] : !mochi.union<@Tree> -> i64
  %v = mochi.union.get %node, "Node"[1] : !mochi.union<@Tree> -> i64
  return %tag, %v : i64, i64
}

// CHECK-LABEL: func.func @options
func.func @options(%v: i64) -> (i1, i64, !mochi.any) {
  // CHECK: %[[SOME:.*]] = mochi.option.some %{{.*}} : !mochi.option<i64>
  %some = mochi.option.some %v : !mochi.option<i64>
  // CHECK: mochi.option.none : !mochi.option<!mochi.str>
  %none = mochi.option.none : !mochi.option<!mochi.str>
  // CHECK: mochi.option.none : !mochi.any
  %null = mochi.option.none : !mochi.any
  // CHECK: mochi.option.is_some %[[SOME]] : !mochi.option<i64>
  %is = mochi.option.is_some %some : !mochi.option<i64>
  // CHECK: mochi.option.get %[[SOME]] : !mochi.option<i64>
  %g = mochi.option.get %some : !mochi.option<i64>
  return %is, %g, %null : i1, i64, !mochi.any
}

// CHECK-LABEL: func.func @cells
func.func @cells(%v: !mochi.str) -> !mochi.str {
  // CHECK: %[[C:.*]] = mochi.cell.new %{{.*}} : !mochi.cell<!mochi.str>
  %c = mochi.cell.new %v : !mochi.cell<!mochi.str>
  // CHECK: mochi.cell.set %[[C]], %{{.*}} : !mochi.cell<!mochi.str>
  mochi.cell.set %c, %v : !mochi.cell<!mochi.str>
  // CHECK: mochi.cell.get %[[C]] : !mochi.cell<!mochi.str>
  %r = mochi.cell.get %c : !mochi.cell<!mochi.str>
  return %r : !mochi.str
}
