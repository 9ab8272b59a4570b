// RUN: mochi-opt %s | mochi-opt | FileCheck %s
// RUN: mochi-opt %s --mlir-print-op-generic | mochi-opt | FileCheck %s

// Lists and maps.

// CHECK-LABEL: func.func @lists
func.func @lists(%a: f64, %i: i64) -> !mochi.list<f64> {
  // CHECK: %[[E:.*]] = mochi.list.new [] : !mochi.list<!mochi.list<f64>>
  %e = mochi.list.new [] : !mochi.list<!mochi.list<f64>>
  // CHECK: %[[L:.*]] = mochi.list.new [%{{.*}}, %{{.*}}] : !mochi.list<f64>
  %l = mochi.list.new [%a, %a] : !mochi.list<f64>
  // CHECK: mochi.list.length %[[L]] : !mochi.list<f64>
  %0 = mochi.list.length %l : !mochi.list<f64>
  // CHECK: mochi.list.get %[[L]][%{{.*}}] : !mochi.list<f64>
  %1 = mochi.list.get %l[%i] : !mochi.list<f64>
  // CHECK: mochi.list.get inbounds %[[L]][%{{.*}}] : !mochi.list<f64>
  %2 = mochi.list.get inbounds %l[%i] : !mochi.list<f64>
  // CHECK: mochi.list.set %[[L]][%{{.*}}], %{{.*}} : !mochi.list<f64>
  mochi.list.set %l[%i], %a : !mochi.list<f64>
  // CHECK: mochi.list.set inbounds %[[L]][%{{.*}}], %{{.*}} : !mochi.list<f64>
  mochi.list.set inbounds %l[%i], %a : !mochi.list<f64>
  // CHECK: mochi.list.append %[[L]], %{{.*}} : !mochi.list<f64>
  %3 = mochi.list.append %l, %a : !mochi.list<f64>
  // CHECK: mochi.list.slice %[[L]][%{{.*}}, %{{.*}}] : !mochi.list<f64>
  %4 = mochi.list.slice %l[%i, %i] : !mochi.list<f64>
  // CHECK: mochi.list.concat %[[L]], %{{.*}} : !mochi.list<f64>
  %5 = mochi.list.concat %l, %3 : !mochi.list<f64>
  // CHECK: mochi.list.contains %[[L]], %{{.*}} : !mochi.list<f64>
  %6 = mochi.list.contains %l, %a : !mochi.list<f64>
  // CHECK: mochi.list.view %[[L]] : !mochi.list<f64> -> memref<?xf64>
  %7 = mochi.list.view %l : !mochi.list<f64> -> memref<?xf64>
  // CHECK: mochi.list.view %[[E]] : !mochi.list<!mochi.list<f64>> -> memref<?x!mochi.list<f64>>
  %8 = mochi.list.view %e : !mochi.list<!mochi.list<f64>> -> memref<?x!mochi.list<f64>>
  return %5 : !mochi.list<f64>
}

// CHECK-LABEL: func.func @maps
func.func @maps(%k: !mochi.str, %v: i64, %any: !mochi.map<i64, !mochi.any>) -> !mochi.option<i64> {
  // CHECK: mochi.map.new {} : !mochi.map<!mochi.str, i64>
  %e = mochi.map.new {} : !mochi.map<!mochi.str, i64>
  // CHECK: %[[M:.*]] = mochi.map.new {%{{.*}}: %{{.*}}, %{{.*}}: %{{.*}}} : !mochi.map<!mochi.str, i64>
  %m = mochi.map.new {%k: %v, %k: %v} : !mochi.map<!mochi.str, i64>
  // CHECK: %[[R:.*]] = mochi.map.get %[[M]][%{{.*}}] : !mochi.map<!mochi.str, i64>
  %r = mochi.map.get %m[%k] : !mochi.map<!mochi.str, i64>
  // CHECK: %[[A:.*]] = mochi.map.get %{{.*}}[%{{.*}}] : !mochi.map<i64, !mochi.any>
  %a = mochi.map.get %any[%v] : !mochi.map<i64, !mochi.any>
  // CHECK: mochi.any.is_null %[[A]]
  %null = mochi.any.is_null %a
  // CHECK: mochi.map.set %[[M]][%{{.*}}], %{{.*}} : !mochi.map<!mochi.str, i64>
  mochi.map.set %m[%k], %v : !mochi.map<!mochi.str, i64>
  // CHECK: mochi.map.contains %[[M]], %{{.*}} : !mochi.map<!mochi.str, i64>
  %0 = mochi.map.contains %m, %k : !mochi.map<!mochi.str, i64>
  // CHECK: mochi.map.length %[[M]] : !mochi.map<!mochi.str, i64>
  %1 = mochi.map.length %m : !mochi.map<!mochi.str, i64>
  // CHECK: %[[KEYS:.*]] = mochi.map.keys %[[M]] : !mochi.map<!mochi.str, i64>
  %2 = mochi.map.keys %m : !mochi.map<!mochi.str, i64>
  // CHECK: mochi.list.length %[[KEYS]] : !mochi.list<!mochi.str>
  %3 = mochi.list.length %2 : !mochi.list<!mochi.str>
  // CHECK: %[[VALUES:.*]] = mochi.map.values %[[M]] : !mochi.map<!mochi.str, i64>
  %4 = mochi.map.values %m : !mochi.map<!mochi.str, i64>
  // CHECK: mochi.list.length %[[VALUES]] : !mochi.list<i64>
  %5 = mochi.list.length %4 : !mochi.list<i64>
  return %r : !mochi.option<i64>
}
