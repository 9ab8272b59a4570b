// RUN: mochi-opt %s --convert-mochi-to-llvm | FileCheck %s
// RUN: mochi-opt %s --convert-mochi-to-llvm --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

// Access and append are inline, with alias metadata; the rest is the runtime's.

// CHECK-DAG: #[[LEN:.*]] = #llvm.tbaa_tag<base_type = #[[LEN_T:.*]], access_type = #[[LEN_T]], offset = 0>
// CHECK-DAG: #[[LEN_T]] = #llvm.tbaa_type_desc<id = "list.length"

// CHECK-LABEL: llvm.func internal @get
// CHECK-SAME: llvm.dereferenceable = 32 : i64, llvm.nonnull, llvm.noundef
// LOC-LABEL: llvm.func internal @get
func.func @get(%l: !mochi.list<i64>, %i: i64) -> i64 {
  // CHECK: llvm.getelementptr inbounds|nuw %{{.*}}[8]
  // CHECK: llvm.load %{{.*}} {alignment = 8 : i64, tbaa = [#
  // CHECK: llvm.getelementptr inbounds|nuw %{{.*}}[24]
  // CHECK: llvm.getelementptr inbounds|nuw %{{.*}}[%{{.*}}] : (!llvm.ptr, i64) -> !llvm.ptr, i64
  // CHECK: llvm.load {{.*}}tbaa
  // CHECK: llvm.call @mochi_rt_panic_list_index
  // LOC: llvm.load {{.*}} loc("f.mochi":3:4)
  %e = mochi.list.get %l[%i] : !mochi.list<i64> loc("f.mochi":3:4)
  return %e : i64
}

// CHECK-LABEL: llvm.func internal @unchecked
func.func @unchecked(%l: !mochi.list<i1>, %i: i64) -> i1 {
  // CHECK-NOT: llvm.cond_br
  // CHECK: llvm.getelementptr {{.*}} i8
  // CHECK: %[[B:.*]] = llvm.load {{.*}} -> i8
  // CHECK: llvm.trunc %[[B]] : i8 to i1
  %e = mochi.list.get inbounds %l[%i] : !mochi.list<i1>
  return %e : i1
}

// The old element is released after the new one is in place.
// CHECK-LABEL: llvm.func internal @set
func.func @set(%l: !mochi.list<!mochi.str>, %i: i64, %v: !mochi.str) {
  // CHECK: llvm.icmp "ult"
  // CHECK: %[[OLD:.*]] = llvm.load {{.*}} -> !llvm.ptr
  // CHECK: %[[OLD2:.*]] = llvm.load {{.*}} -> !llvm.ptr
  // CHECK: llvm.store %{{.*}}, %{{.*}} : !llvm.ptr, !llvm.ptr
  // CHECK: llvm.load %[[OLD2]]
  // CHECK: llvm.call @mochi_rt_string_drop(%[[OLD2]])
  mochi.list.set %l[%i], %v : !mochi.list<!mochi.str>
  return
}

// CHECK-LABEL: llvm.func internal @initialize
func.func @initialize(%l: !mochi.list<!mochi.str>, %i: i64, %v: !mochi.str) {
  // CHECK: llvm.store
  // CHECK-NOT: llvm.call
  // CHECK: llvm.return
  mochi.list.set inbounds %l[%i], %v {initialize} : !mochi.list<!mochi.str>
  return
}

// CHECK-LABEL: llvm.func internal @append
func.func @append(%l: !mochi.list<f64>, %v: f64) -> !mochi.list<f64> {
  // CHECK: llvm.cond_br %{{.*}} weights([2000, 1]), ^[[FAST:bb[0-9]+]](%{{.*}} : !llvm.ptr), ^[[SLOW:bb[0-9]+]]
  // CHECK: ^[[SLOW]]:
  // CHECK: llvm.call @mochi_rt_list_reserve
  // CHECK: ^[[FAST]](%[[L:.*]]: !llvm.ptr):
  // CHECK: llvm.store %{{.*}} : f64
  // CHECK: llvm.store %{{.*}} : i64
  // CHECK: llvm.return %[[L]]
  %m = mochi.list.append %l, %v : !mochi.list<f64>
  return %m : !mochi.list<f64>
}

// CHECK-LABEL: llvm.func internal @view
func.func @view(%l: !mochi.list<f64>, %i: index) -> f64 {
  // CHECK: llvm.insertvalue
  // CHECK: llvm.load %{{.*}} {alignment = 8 : i64, tbaa = [#{{.*}}]} : !llvm.ptr -> f64
  %v = mochi.list.view %l : !mochi.list<f64> -> memref<?xf64>
  %e = memref.load %v[%i] : memref<?xf64>
  return %e : f64
}

// CHECK-LABEL: llvm.func internal @slice
func.func @slice(%l: !mochi.list<i64>, %a: i64, %b: i64) -> !mochi.list<i64> {
  // CHECK: %[[D:.*]] = llvm.mlir.addressof @mochi.desc
  // CHECK: llvm.call @mochi_rt_list_slice(%{{.*}}, %[[D]], %{{.*}}, %{{.*}})
  %m = mochi.list.slice %l[%a, %b] : !mochi.list<i64>
  return %m : !mochi.list<i64>
}
