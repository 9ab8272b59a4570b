// RUN: mochi-opt %s --convert-mochi-to-llvm | FileCheck %s
// RUN: mochi-opt %s --convert-mochi-to-llvm --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=LOC

// Checked arithmetic branches to a cold block that names the place.

// CHECK-LABEL: llvm.func internal @add
// LOC-LABEL: llvm.func internal @add
func.func @add(%a: i64, %b: i64) -> i64 {
  // CHECK: %[[P:.*]] = "llvm.intr.sadd.with.overflow"
  // LOC: "llvm.intr.sadd.with.overflow"{{.*}} loc("f.mochi":7:9)
  // CHECK: %[[V:.*]] = llvm.extractvalue %[[P]][0]
  // CHECK: %[[O:.*]] = llvm.extractvalue %[[P]][1]
  // CHECK: llvm.cond_br %[[O]] weights([1, 2000]), ^[[BAD:bb[0-9]+]], ^[[OK:bb[0-9]+]]
  // CHECK: ^[[BAD]]:
  // CHECK: llvm.mlir.constant(30064771081 : i64)
  // CHECK: llvm.call @mochi_rt_panic_overflow
  // LOC: llvm.call @mochi_rt_panic_overflow{{.*}} loc("f.mochi":7:9)
  // CHECK: llvm.unreachable
  // CHECK: ^[[OK]]:
  // CHECK: llvm.return %[[V]]
  %s = mochi.int.add %a, %b loc("f.mochi":7:9)
  return %s : i64
}

// CHECK-LABEL: llvm.func internal @wrapping
func.func @wrapping(%a: i64, %b: i64) -> i64 {
  // CHECK: llvm.mul
  // CHECK-NOT: overflow
  // CHECK: llvm.return
  %s = mochi.int.mul %a, %b overflow "wrap"
  return %s : i64
}

// CHECK-LABEL: llvm.func internal @division
func.func @division(%a: i64, %b: i64) -> i64 {
  // CHECK: llvm.call @mochi_rt_panic_division
  // CHECK: llvm.mlir.constant(-9223372036854775808 : i64)
  // CHECK: llvm.call @mochi_rt_panic_overflow
  // CHECK: llvm.sdiv
  %q = mochi.int.div %a, %b
  return %q : i64
}

// A constant that is neither zero nor -1 needs no checks.
// CHECK-LABEL: llvm.func internal @halves
func.func @halves(%a: i64) -> i64 {
  %two = arith.constant 2 : i64
  // CHECK-NOT: llvm.cond_br
  // CHECK: llvm.sdiv
  %q = mochi.int.div %a, %two
  return %q : i64
}

// CHECK-LABEL: llvm.func internal @remainder
func.func @remainder(%a: i64, %b: i64) -> i64 {
  // CHECK: llvm.call @mochi_rt_panic_division
  // CHECK: %[[SAFE:.*]] = llvm.select
  // CHECK: llvm.srem %{{.*}}, %[[SAFE]]
  %q = mochi.int.rem %a, %b
  return %q : i64
}

// CHECK-LABEL: llvm.func internal @checked_index
func.func @checked_index(%i: i64, %n: i64) -> i64 {
  // CHECK: %[[USUAL:.*]] = llvm.icmp "ult" %[[I:.*]], %[[N:.*]] : i64
  // CHECK: llvm.cond_br %[[USUAL]] weights([2000, 1]), ^[[INSIDE:bb[0-9]+]](%[[I]] : i64), ^[[FROM_END:bb[0-9]+]]
  // CHECK: ^[[FROM_END]]:
  // CHECK: ^[[INSIDE]](%[[J:.*]]: i64):
  // CHECK: llvm.call @mochi_rt_panic_list_index
  // CHECK: llvm.return %[[J]]
  %j = mochi.check.index %i, %n
  return %j : i64
}

// CHECK-LABEL: llvm.func internal @to_int
func.func @to_int(%x: f64) -> i64 {
  // CHECK: llvm.call @mochi_rt_panic_float_to_int
  // CHECK: llvm.fptosi
  %i = mochi.float.to_int %x
  return %i : i64
}
