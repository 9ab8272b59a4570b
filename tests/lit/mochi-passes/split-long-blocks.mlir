// RUN: mochi-opt %s --mochi-split-long-blocks | FileCheck %s
// RUN: mochi-opt %s --mochi-split-long-blocks --mochi-split-long-blocks | FileCheck %s

// CHECK-LABEL: func.func @short
// CHECK-NOT: cf.br
// CHECK: return
func.func @short(%a: i64) {
  mochi.print %a : i64
  return
}

// CHECK-LABEL: func.func @long
// CHECK: mochi.print
// CHECK: cf.br ^[[SECOND:.*]]{{ *$}}
// CHECK: ^[[SECOND]]:
// CHECK: mochi.print
// CHECK: cf.br ^[[THIRD:.*]]{{ *$}}
// CHECK: ^[[THIRD]]:
// CHECK: mochi.print
// CHECK-NOT: cf.br
// CHECK: return %{{.*}} : i64
func.func @long(%a: i64) -> i64 {
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64 mochi.print %a : i64
  return %a : i64
}
