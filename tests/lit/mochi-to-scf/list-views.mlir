// RUN: mochi-opt %s --convert-mochi-to-scf=list-views=true | FileCheck %s
// RUN: mochi-opt %s --convert-mochi-to-scf | FileCheck %s --check-prefix=PLAIN

// CHECK-LABEL: func.func @accesses
// PLAIN-LABEL: func.func @accesses
// PLAIN-NOT: memref
func.func @accesses(%l: !mochi.list<f64>, %b: !mochi.list<i1>, %i: i64) -> i1 {
  // CHECK: %[[V:.*]] = mochi.list.view
  // CHECK: %[[E:.*]] = memref.load %[[V]][%{{.*}}] : memref<?xf64>
  %e = mochi.list.get inbounds %l[%i] : !mochi.list<f64>
  // CHECK: memref.store %[[E]], %{{.*}}[%{{.*}}] : memref<?xf64>
  mochi.list.set inbounds %l[%i], %e : !mochi.list<f64>
  // CHECK: mochi.list.get %{{.*}} : !mochi.list<f64>
  %f = mochi.list.get %l[%i] : !mochi.list<f64>
  mochi.print %f : f64
  // CHECK: mochi.list.get inbounds %{{.*}} : !mochi.list<i1>
  %g = mochi.list.get inbounds %b[%i] : !mochi.list<i1>
  return %g : i1
}
