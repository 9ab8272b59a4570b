// RUN: mochi-opt %s --split-input-file --convert-mochi-to-llvm | FileCheck %s

// A field that is assigned can close a circle. Releases that are not the last are told to the collector, which the
// program puts in place first.

// CHECK-LABEL: llvm.func internal @assigned
// CHECK: llvm.call @mochi.drop.Node
// CHECK: llvm.call @mochi_rt_cycles_note
// CHECK-LABEL: llvm.func @mochi_main
// CHECK-NEXT: llvm.call @mochi_rt_cycles_enable
mochi.record_type @Node ("value": i64, "next": !mochi.option<!mochi.record<@Node>>)
func.func @assigned(%n: !mochi.record<@Node>, %m: !mochi.option<!mochi.record<@Node>>) {
  mochi.record.set %n["next"], %m : !mochi.record<@Node>, !mochi.option<!mochi.record<@Node>>
  return
}
func.func @__main() {
  return
}

// -----

// The same type built only, and only its number assigned: nothing of it all.

// CHECK-LABEL: llvm.func internal @built
// CHECK-NOT: mochi_rt_cycles
mochi.record_type @Node ("value": i64, "next": !mochi.option<!mochi.record<@Node>>)
func.func @built(%n: !mochi.record<@Node>, %v: i64) {
  mochi.record.set %n["value"], %v : !mochi.record<@Node>, i64
  mochi.release %n : !mochi.record<@Node>
  return
}
func.func @__main() {
  return
}

// -----

// Nothing stored is nothing to close a circle with.

// CHECK-LABEL: llvm.func internal @cleared
// CHECK-NOT: mochi_rt_cycles
mochi.record_type @Node ("value": i64, "next": !mochi.option<!mochi.record<@Node>>)
func.func @cleared(%n: !mochi.record<@Node>) {
  %none = mochi.option.none : !mochi.option<!mochi.record<@Node>>
  mochi.record.set %n["next"], %none : !mochi.record<@Node>, !mochi.option<!mochi.record<@Node>>
  return
}
func.func @__main() {
  return
}

// -----

// Appending makes a new list: what is in it was there before.

// CHECK-LABEL: llvm.func internal @appended
// CHECK-NOT: llvm.and {{.*}} : i64
// CHECK-NOT: mochi_rt_cycles
mochi.record_type @Kids ("kids": !mochi.list<!mochi.record<@Kids>>)
func.func @appended(%l: !mochi.list<!mochi.record<@Kids>>, %k: !mochi.record<@Kids>) -> !mochi.list<!mochi.record<@Kids>> {
  %r = mochi.list.append %l, %k : !mochi.list<!mochi.record<@Kids>>
  return %r : !mochi.list<!mochi.record<@Kids>>
}
func.func @__main() {
  return
}

// -----

// An element that is assigned: the list is unique whether it is in the collector's buffer or not.

// CHECK-LABEL: llvm.func internal @element
// CHECK: llvm.mlir.constant(-2305842992033824769 : i64)
// CHECK: llvm.and {{.*}} : i64
// CHECK-LABEL: llvm.func @mochi_main
// CHECK-NEXT: llvm.call @mochi_rt_cycles_enable
mochi.record_type @Kids ("kids": !mochi.list<!mochi.record<@Kids>>)
func.func @element(%l: !mochi.list<!mochi.record<@Kids>>, %i: i64, %k: !mochi.record<@Kids>) -> !mochi.list<!mochi.record<@Kids>> {
  mochi.list.set inbounds %l[%i], %k : !mochi.list<!mochi.record<@Kids>>
  %r = mochi.list.append %l, %k : !mochi.list<!mochi.record<@Kids>>
  return %r : !mochi.list<!mochi.record<@Kids>>
}
func.func @__main() {
  return
}

// -----

// What counts is what is stored: a map of any that gets numbers and texts.

// CHECK-LABEL: llvm.func internal @scalars
// CHECK-NOT: mochi_rt_cycles
func.func @scalars(%m: !mochi.map<!mochi.str, !mochi.any>, %k: !mochi.str, %v: i64) {
  %a = mochi.any.wrap %v : i64
  mochi.map.set %m[%k], %a : !mochi.map<!mochi.str, !mochi.any>
  return
}
func.func @__main() {
  return
}

// -----

// CHECK-LABEL: llvm.func internal @anything
// CHECK-LABEL: llvm.func @mochi_main
// CHECK-NEXT: llvm.call @mochi_rt_cycles_enable
func.func @anything(%m: !mochi.map<!mochi.str, !mochi.any>, %k: !mochi.str, %a: !mochi.any) {
  mochi.map.set %m[%k], %a : !mochi.map<!mochi.str, !mochi.any>
  return
}
func.func @__main() {
  return
}

// -----

// The container of a store through any may be whatever is boxed somewhere.

// CHECK-LABEL: llvm.func internal @through_any
// CHECK-LABEL: llvm.func @mochi_main
// CHECK-NEXT: llvm.call @mochi_rt_cycles_enable
mochi.record_type @Node ("value": i64, "next": !mochi.option<!mochi.record<@Node>>)
func.func @through_any(%n: !mochi.record<@Node>, %m: !mochi.record<@Node>) {
  %a = mochi.any.wrap %n : !mochi.record<@Node>
  mochi.any.set_field %a["next"], %m : !mochi.record<@Node>
  return
}
func.func @__main() {
  return
}

// -----

// A closure over a variable that holds it: its captures are described, before the first of them.

// CHECK-LABEL: llvm.func internal @lambda
// CHECK: llvm.getelementptr inbounds|nuw %{{.*}}[32]
// CHECK-LABEL: llvm.func internal @knot
// CHECK: llvm.mlir.constant(40 : i64)
// CHECK: llvm.mlir.addressof @mochi.captures
// CHECK: llvm.getelementptr inbounds|nuw %{{.*}}[24]
// CHECK-LABEL: llvm.func @mochi_main
// CHECK-NEXT: llvm.call @mochi_rt_cycles_enable
func.func @lambda(%x: i64, %env: !mochi.env) -> i64 {
  %c = mochi.closure.capture %env[0] : !mochi.cell<!mochi.fn<(i64) -> i64>>
  %f = mochi.cell.get %c : !mochi.cell<!mochi.fn<(i64) -> i64>>
  %r = mochi.closure.call %f(%x) : !mochi.fn<(i64) -> i64>
  return %r : i64
}
func.func @knot(%first: !mochi.fn<(i64) -> i64>) {
  %c = mochi.cell.new %first : !mochi.cell<!mochi.fn<(i64) -> i64>>
  mochi.retain %c : !mochi.cell<!mochi.fn<(i64) -> i64>>
  %f = mochi.closure.new @lambda[%c : !mochi.cell<!mochi.fn<(i64) -> i64>>] : !mochi.fn<(i64) -> i64>
  mochi.cell.set %c, %f : !mochi.cell<!mochi.fn<(i64) -> i64>>
  return
}
func.func @__main() {
  return
}
