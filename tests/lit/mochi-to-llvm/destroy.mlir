// RUN: mochi-opt %s --convert-mochi-to-llvm | FileCheck %s

// Destroying functions of types that contain themselves.

mochi.record_type @Link ("value": !mochi.str, "next": !mochi.option<!mochi.record<@Link>>)
mochi.union_type @Tree {
  "Leaf"(),
  "Fork"("left": !mochi.union<@Tree>, "right": !mochi.union<@Tree>)
}
mochi.record_type @First ("second": !mochi.option<!mochi.record<@Second>>)
mochi.record_type @Second ("first": !mochi.option<!mochi.record<@First>>)

func.func @release(%l: !mochi.record<@Link>, %t: !mochi.union<@Tree>, %f: !mochi.record<@First>) {
  mochi.release %l : !mochi.record<@Link>
  mochi.release %t : !mochi.union<@Tree>
  mochi.release %f : !mochi.record<@First>
  return
}

// One field of the own type: a loop.
// CHECK-LABEL: llvm.func internal @mochi.drop.Link
// CHECK: llvm.br ^[[AGAIN:.*]](%arg0
// CHECK: ^[[AGAIN]](%{{.*}}: !llvm.ptr)
// CHECK: llvm.call @mochi_rt_free
// CHECK: llvm.call @mochi_rt_string_drop
// CHECK: llvm.br ^[[AGAIN]](

// Two: a function for what lies deep, which chains objects through the place of their counts.
// CHECK-LABEL: llvm.func internal @mochi.drop.Tree.{{[0-9]+}}.chain
// CHECK-SAME: "noinline"
// CHECK-NOT: llvm.call @mochi.drop.Tree
// CHECK: llvm.store %{{.*}} : !llvm.ptr, !llvm.ptr

// And one that recurses for the first of them while levels are left.
// CHECK-LABEL: llvm.func internal @mochi.drop.Tree.{{[0-9]+}}.levels(%arg0: !llvm.ptr, %arg1: i64)
// CHECK-NOT: llvm.switch
// CHECK: llvm.call @mochi_rt_free
// CHECK: llvm.icmp "ne" %arg1
// CHECK: llvm.call @mochi.drop.Tree.{{[0-9]+}}.levels
// CHECK: llvm.call @mochi.drop.Tree.{{[0-9]+}}.chain

// Two types in turn go through the runtime, which counts the levels.
// CHECK-LABEL: llvm.func internal @mochi.drop.First
// CHECK-NOT: llvm.call @mochi.drop.Second
// CHECK: llvm.call @mochi_rt_drop
