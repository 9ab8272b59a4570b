// RUN: mochi-opt %s | mochi-opt | FileCheck %s
// RUN: mochi-opt %s --mlir-print-op-generic | mochi-opt | FileCheck %s

// Arithmetic, operations on values of any type, strings.

// CHECK-LABEL: func.func @numbers
func.func @numbers(%a: i64, %b: i64, %x: f64, %y: f64) {
  // CHECK: mochi.int.add %{{[a-z0-9_]+}}, %{{[a-z0-9_]+$}}
  %0 = mochi.int.add %a, %b
  // CHECK: mochi.int.add %{{.*}}, %{{.*}} overflow "wrap"
  %1 = mochi.int.add %a, %b overflow "wrap"
  // CHECK: mochi.int.sub %{{.*}}, %{{.*}}
  %2 = mochi.int.sub %a, %b
  // CHECK: mochi.int.mul %{{.*}}, %{{.*}}
  %3 = mochi.int.mul %a, %b
  // CHECK: mochi.int.neg %{{.*}}
  %4 = mochi.int.neg %a
  // CHECK: mochi.int.div %{{.*}}, %{{.*}} overflow "wrap"
  %5 = mochi.int.div %a, %b overflow "wrap"
  // CHECK: mochi.int.rem %{{.*}}, %{{.*}}
  %6 = mochi.int.rem %a, %b
  // CHECK: mochi.int.pow %{{.*}}, %{{.*}}
  %7 = mochi.int.pow %a, %b
  // CHECK: mochi.float.div %{{.*}}, %{{.*}}
  %8 = mochi.float.div %x, %y
  // CHECK: mochi.float.rem %{{.*}}, %{{.*}}
  %9 = mochi.float.rem %x, %y
  // CHECK: mochi.float.to_int %{{.*}}
  %10 = mochi.float.to_int %x
  return
}

// CHECK-LABEL: func.func @generic
func.func @generic(%s: !mochi.str, %l: !mochi.list<i64>, %a: !mochi.any, %c: !mochi.cell<i64>) {
  // CHECK: mochi.equal %{{.*}}, %{{.*}} : !mochi.list<i64>
  %0 = mochi.equal %l, %l : !mochi.list<i64>
  // CHECK: mochi.compare %{{.*}}, %{{.*}} : !mochi.str
  %1 = mochi.compare %s, %s : !mochi.str
  // CHECK: mochi.truth %{{.*}} : !mochi.any
  %2 = mochi.truth %a : !mochi.any
  // CHECK: mochi.to_string %{{.*}} : !mochi.list<i64>
  %3 = mochi.to_string %l : !mochi.list<i64>
  // CHECK: mochi.print %{{.*}}, %{{.*}} : !mochi.str, !mochi.any
  mochi.print %s, %a : !mochi.str, !mochi.any
  // CHECK: mochi.print{{$}}
  mochi.print
  // CHECK: mochi.json %{{.*}} : !mochi.list<i64>
  mochi.json %l : !mochi.list<i64>
  // CHECK: mochi.cast %{{.*}} : !mochi.any to !mochi.option<i64>
  %4 = mochi.cast %a : !mochi.any to !mochi.option<i64>
  // CHECK: mochi.builtin "upper"(%{{.*}}) : (!mochi.str) -> !mochi.str
  %5 = mochi.builtin "upper"(%s) : (!mochi.str) -> !mochi.str
  // CHECK: mochi.builtin "flush"() : () -> ()
  mochi.builtin "flush"() : () -> ()
  return
}

// CHECK-LABEL: func.func @strings
func.func @strings(%s: !mochi.str, %i: i64) {
  // CHECK: %[[C:.*]] = mochi.str.constant "a\22b\0A"
  %c = mochi.str.constant "a\22b\0A"
  // CHECK: mochi.str.concat %{{.*}}, %[[C]]
  %0 = mochi.str.concat %s, %c
  // CHECK: mochi.str.length %{{.*}}
  %1 = mochi.str.length %s
  // CHECK: mochi.str.get %{{.*}}[%{{.*}}]
  %2 = mochi.str.get %s[%i]
  // CHECK: mochi.str.slice %{{.*}}[%{{.*}}, %{{.*}}]
  %3 = mochi.str.slice %s[%i, %i]
  // CHECK: mochi.str.contains %{{.*}}, %[[C]]
  %4 = mochi.str.contains %s, %c
  // CHECK: mochi.str.chars %{{.*}} : !mochi.list<!mochi.str>
  %5 = mochi.str.chars %s : !mochi.list<!mochi.str>
  return
}
