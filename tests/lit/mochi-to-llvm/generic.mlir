// RUN: mochi-opt %s --convert-mochi-to-llvm | FileCheck %s

// What the runtime does for strings, maps and values of any type.

// CHECK-LABEL: llvm.func internal @strings
func.func @strings(%c: !mochi.str) -> i1 {
  // CHECK: llvm.mlir.addressof @[[S:mochi.string.*]] :
  %a = mochi.str.constant "h\C3\A9y, how are you"
  // CHECK: llvm.call @mochi_rt_string_equal
  %d = mochi.equal %a, %c : !mochi.str
  // CHECK: llvm.mlir.addressof @[[S]] :
  %b = mochi.str.constant "h\C3\A9y, how are you"
  // CHECK: llvm.call @mochi_rt_string_equal
  %e = mochi.equal %b, %c : !mochi.str
  %f = arith.andi %d, %e : i1
  return %f : i1
}

// Short constants are compared inline, characters of strings by their code.
// CHECK-LABEL: llvm.func internal @short
func.func @short(%c: !mochi.str) -> i1 {
  %a = mochi.str.constant "h\C3\A9y"
  // CHECK-NOT: @mochi_rt_string_equal
  // CHECK: llvm.icmp "eq"
  // CHECK: llvm.load {{.*}} -> i32
  // CHECK: llvm.return
  %d = mochi.equal %a, %c : !mochi.str
  return %d : i1
}

// CHECK-LABEL: llvm.func internal @character
func.func @character(%s: !mochi.str, %i: i64) -> i1 {
  // CHECK: llvm.call @mochi_rt_string_at
  // CHECK: ^{{bb[0-9]+}}(%[[C:.*]]: !llvm.ptr, %[[CODE:.*]]: i64, %[[ALLOCATED:.*]]: i1):
  %c = mochi.str.get %s[%i]
  %a = mochi.str.constant "a"
  // CHECK: llvm.mlir.constant(97 : i64)
  // CHECK: llvm.icmp "eq" %[[CODE]]
  %e = mochi.equal %c, %a : !mochi.str
  // CHECK: llvm.cond_br %[[ALLOCATED]]
  mochi.release %c : !mochi.str
  return %e : i1
}

// CHECK-LABEL: llvm.func internal @maps
func.func @maps(%m: !mochi.map<!mochi.str, i64>, %k: !mochi.str) -> !mochi.option<i64> {
  // CHECK: %[[P:.*]] = llvm.call @mochi_rt_map_get_string
  // CHECK: llvm.icmp "ne" %[[P]]
  // CHECK: llvm.load %[[P]]
  %v = mochi.map.get %m[%k] : !mochi.map<!mochi.str, i64>
  %one = arith.constant 1 : i64
  // CHECK: %[[Q:.*]] = llvm.call @mochi_rt_map_slot_string
  // CHECK: llvm.store %{{.*}}, %[[Q]]
  mochi.map.set %m[%k], %one : !mochi.map<!mochi.str, i64>
  return %v : !mochi.option<i64>
}

// CHECK-LABEL: llvm.func internal @print
func.func @print(%i: i64, %l: !mochi.list<i64>) {
  // CHECK: llvm.call @mochi_rt_print_int
  // CHECK: llvm.call @mochi_rt_print_space
  // CHECK: llvm.call @mochi_rt_print_value
  // CHECK: llvm.call @mochi_rt_print_newline
  mochi.print %i, %l : i64, !mochi.list<i64>
  return
}

// CHECK-LABEL: llvm.func internal @casts
func.func @casts(%s: !mochi.str, %l: !mochi.list<!mochi.any>) -> i64 {
  // CHECK: llvm.call @mochi_rt_cast_string_to_int
  %n = mochi.cast %s : !mochi.str to i64
  // CHECK: llvm.call @mochi_rt_value_cast
  %m = mochi.cast %l : !mochi.list<!mochi.any> to !mochi.list<i64>
  // CHECK: llvm.call @mochi_rt_list_sum_int
  %t = mochi.builtin "sum"(%m) : (!mochi.list<i64>) -> i64
  return %t : i64
}

// An absent list counts as empty; the runtime consumes what the op borrows.
// CHECK-LABEL: llvm.func internal @append
func.func @append(%l: !mochi.option<!mochi.list<i64>>, %v: i64) -> !mochi.list<i64> {
  // CHECK: llvm.icmp "ne" %{{.*}} : !llvm.ptr
  // CHECK: llvm.store
  // CHECK: llvm.call @mochi_rt_list_append(
  %m = mochi.builtin "append"(%l, %v) : (!mochi.option<!mochi.list<i64>>, i64) -> !mochi.list<i64>
  return %m : !mochi.list<i64>
}

// CHECK-LABEL: llvm.func internal @expect
func.func @expect(%c: i1) {
  // CHECK: llvm.call @mochi_rt_panic_expect
  mochi.expect %c, "it holds"
  return
}

// Literals are writable, immortal and made once: count, bytes, code points, capacity, data.
// CHECK: llvm.mlir.global internal @[[S]]([4611686018427387904, 17, 16, 0, "h\C3\A9y, how are you"])

// CHECK: llvm.func @mochi_rt_panic_expect({{.*}}) attributes {passthrough = ["nounwind", "cold", "noreturn"]}
