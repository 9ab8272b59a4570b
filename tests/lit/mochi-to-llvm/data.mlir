// RUN: mochi-opt %s --convert-mochi-to-llvm | FileCheck %s
// RUN: mochi-opt %s --convert-mochi-to-llvm --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

mochi.record_type @P ("flag": i1, "x": f64, "name": !mochi.str)
mochi.union_type @Tree { "Leaf"(), "Node"("left": !mochi.union<@Tree>, "value": i64, "right": !mochi.union<@Tree>) }
mochi.global @counter : i64
mochi.global @names : !mochi.list<!mochi.str>

// Fields have natural alignment: flag at 8, x at 16, name at 24.
// CHECK-LABEL: llvm.func internal @record
// LOC-LABEL: llvm.func internal @record
func.func @record(%f: i1, %x: f64, %n: !mochi.str) -> f64 {
  // CHECK: %[[SIZE:.*]] = llvm.mlir.constant(32 : i64)
  // CHECK: %[[R:.*]] = llvm.call @mochi_rt_alloc(%[[SIZE]])
  // CHECK: llvm.getelementptr inbounds|nuw %[[R]][8]
  // CHECK: llvm.getelementptr inbounds|nuw %[[R]][16]
  // CHECK: llvm.getelementptr inbounds|nuw %[[R]][24]
  // LOC: llvm.call @mochi_rt_alloc{{.*}} loc("f.mochi":2:2)
  %r = mochi.record.new %f, %x, %n : (i1, f64, !mochi.str) -> !mochi.record<@P> loc("f.mochi":2:2)
  // CHECK: llvm.getelementptr inbounds|nuw %[[R]][16]
  // CHECK: %[[X:.*]] = llvm.load {{.*}} -> f64
  %y = mochi.record.get %r["x"] : !mochi.record<@P> -> f64
  // CHECK: llvm.call @mochi.drop.P
  mochi.release %r : !mochi.record<@P>
  return %y : f64
}

// CHECK-LABEL: llvm.func internal @leaf
func.func @leaf() -> !mochi.union<@Tree> {
  // CHECK: llvm.mlir.addressof @[[LEAF:mochi.static.*]] :
  // CHECK-NOT: mochi_rt_alloc
  // CHECK: llvm.return
  %t = mochi.union.new "Leaf"() : () -> !mochi.union<@Tree>
  return %t : !mochi.union<@Tree>
}

// CHECK-LABEL: llvm.func internal @node
func.func @node(%t: !mochi.union<@Tree>, %v: i64) -> i64 {
  // CHECK: llvm.mlir.constant(40 : i64)
  // CHECK: llvm.call @mochi_rt_alloc
  %n = mochi.union.new "Node"(%t, %v, %t) : (!mochi.union<@Tree>, i64, !mochi.union<@Tree>) -> !mochi.union<@Tree>
  %tag = mochi.union.tag %n : !mochi.union<@Tree>
  // CHECK: llvm.getelementptr inbounds|nuw %{{.*}}[24]
  %w = mochi.union.get %n, "Node"[1] : !mochi.union<@Tree> -> i64
  %s = arith.addi %tag, %w : i64
  return %s : i64
}

// CHECK-LABEL: llvm.func internal @options
func.func @options(%o: !mochi.option<i64>, %p: !mochi.option<!mochi.str>) -> i64 {
  // CHECK: llvm.extractvalue %{{.*}}[0] : !llvm.struct<(i1, i64)>
  // CHECK: llvm.call @mochi_rt_panic_none
  %v = mochi.option.get %o : !mochi.option<i64>
  // CHECK: llvm.icmp "ne" %{{.*}} : !llvm.ptr
  %s = mochi.option.is_some %p : !mochi.option<!mochi.str>
  %w = arith.extui %s : i1 to i64
  %r = arith.addi %v, %w : i64
  return %r : i64
}

// CHECK-LABEL: llvm.func internal @globals
func.func @globals(%l: !mochi.list<!mochi.str>) -> i64 {
  // CHECK: llvm.mlir.addressof @mochi.global.names
  mochi.global.store %l, @names : !mochi.list<!mochi.str>
  // CHECK: llvm.mlir.addressof @mochi.global.counter
  %n = mochi.global.load @counter : i64
  // CHECK: llvm.mlir.zero : !llvm.ptr
  mochi.global.clear @names
  return %n : i64
}

// CHECK-LABEL: llvm.func internal @cells
func.func @cells(%v: !mochi.str) -> !mochi.str {
  // CHECK: llvm.call @mochi_rt_alloc
  %c = mochi.cell.new %v : !mochi.cell<!mochi.str>
  // CHECK: llvm.load {{.*}} -> !llvm.ptr
  %w = mochi.cell.get %c : !mochi.cell<!mochi.str>
  return %w : !mochi.str
}

// The destroying function frees before it releases, so that the last release is a tail call.
// CHECK-LABEL: llvm.func internal @mochi.drop.P
// CHECK: llvm.load {{.*}} -> !llvm.ptr
// CHECK: llvm.call @mochi_rt_free
// CHECK: llvm.call @mochi_rt_string_drop
