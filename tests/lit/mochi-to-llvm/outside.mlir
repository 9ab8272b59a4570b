// RUN: mochi-opt %s --convert-mochi-to-llvm | FileCheck %s

mochi.record_type @Row ("n": i64)

// Rows arrive owned, in the type that the descriptor of the list says; the position is that of the operation.
// CHECK-LABEL: llvm.func internal @load
func.func @load(%path: !mochi.str, %header: i1, %delimiter: !mochi.str) -> !mochi.list<!mochi.record<@Row>> {
  // CHECK: llvm.zext
  // CHECK: llvm.mlir.addressof @mochi.desc.{{[0-9]+}} : !llvm.ptr
  // CHECK: llvm.mlir.constant(30064771081 : i64)
  // CHECK: llvm.call @mochi_rt_load_csv(
  %r = mochi.builtin "load_csv"(%path, %header, %delimiter) : (!mochi.str, i1, !mochi.str) -> !mochi.list<!mochi.record<@Row>> loc("rows.mochi":7:9)
  return %r : !mochi.list<!mochi.record<@Row>>
}

// CHECK-LABEL: llvm.func internal @save
func.func @save(%rows: !mochi.list<!mochi.record<@Row>>, %path: !mochi.str) {
  // CHECK: llvm.call @mochi_rt_save_jsonl(
  mochi.builtin "save_jsonl"(%rows, %path) : (!mochi.list<!mochi.record<@Row>>, !mochi.str) -> ()
  return
}

// What is decoded comes through a slot.
// CHECK-LABEL: llvm.func internal @fetch
func.func @fetch(%url: !mochi.str, %options: !mochi.map<!mochi.str, !mochi.any>) -> !mochi.record<@Row> {
  // CHECK: llvm.call @mochi_rt_fetch_with(
  // CHECK: %[[ROW:.*]] = llvm.load
  // CHECK: llvm.return %[[ROW]]
  %r = mochi.builtin "fetch"(%url, %options) : (!mochi.str, !mochi.map<!mochi.str, !mochi.any>) -> !mochi.record<@Row>
  return %r : !mochi.record<@Row>
}

// CHECK-LABEL: llvm.func internal @generate
func.func @generate(%prompt: !mochi.str, %provider: !mochi.str, %model: !mochi.str) -> !mochi.str {
  // CHECK: llvm.call @mochi_rt_generate_text(
  %r = mochi.builtin "generate_text"(%prompt, %provider, %model) : (!mochi.str, !mochi.str, !mochi.str) -> !mochi.str
  return %r : !mochi.str
}
