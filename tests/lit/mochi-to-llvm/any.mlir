// RUN: mochi-opt %s --convert-mochi-to-llvm | FileCheck %s

// CHECK-LABEL: llvm.func internal @wrap
// CHECK-SAME: -> !llvm.struct<(ptr, i64)>
func.func @wrap(%x: f64) -> !mochi.any {
  // CHECK: llvm.mlir.addressof @mochi_rt_desc_float
  // CHECK: llvm.bitcast %{{.*}} : f64 to i64
  %a = mochi.any.wrap %x : f64
  return %a : !mochi.any
}

// Numbers have one descriptor, so its address decides.
// CHECK-LABEL: llvm.func internal @unwrap
func.func @unwrap(%a: !mochi.any) -> i64 {
  // CHECK: llvm.icmp "eq" %{{.*}} : !llvm.ptr
  // CHECK: llvm.cond_br %{{.*}} weights([2000, 1])
  // CHECK: llvm.call @mochi_rt_any_to_int
  %n = mochi.any.unwrap %a : i64
  return %n : i64
}

// CHECK-LABEL: llvm.func internal @is
func.func @is(%a: !mochi.any) -> i1 {
  // CHECK: llvm.call @mochi_rt_any_is
  %c = mochi.any.is %a, !mochi.list<i64>
  return %c : i1
}

// A key of any type travels as descriptor and payload; the result comes back through a stack slot.
// CHECK-LABEL: llvm.func internal @index
func.func @index(%a: !mochi.any, %k: i64) -> !mochi.any {
  // CHECK: %[[SLOT:.*]] = llvm.alloca
  // CHECK: llvm.mlir.addressof @mochi_rt_desc_int
  // CHECK: llvm.call @mochi_rt_any_index({{.*}}%[[SLOT]]
  // CHECK: llvm.load %[[SLOT]]
  %e = mochi.any.index %a[%k] : i64
  return %e : !mochi.any
}

// CHECK-LABEL: llvm.func internal @counts
func.func @counts(%a: !mochi.any) {
  // CHECK: llvm.call @mochi_rt_any_retain
  mochi.retain %a : !mochi.any
  // CHECK: llvm.call @mochi_rt_any_release
  mochi.release %a : !mochi.any
  return
}
