// RUN: mochi-opt %s --mochi-elide-reference-counts | FileCheck %s

// CHECK-LABEL: func.func @pair
// CHECK-NOT: mochi.re
// CHECK: return
func.func @pair(%s: !mochi.str) -> i64 {
  mochi.retain %s : !mochi.str
  %n = mochi.str.length %s
  mochi.release %s : !mochi.str
  return %n : i64
}

// The call may drop the last other reference.
// CHECK-LABEL: func.func @call_between
// CHECK: mochi.retain
// CHECK: mochi.release
func.func private @ext()
func.func @call_between(%s: !mochi.str) -> i64 {
  mochi.retain %s : !mochi.str
  func.call @ext() : () -> ()
  %n = mochi.str.length %s
  mochi.release %s : !mochi.str
  return %n : i64
}

// Appending in place looks at the count.
// CHECK-LABEL: func.func @consumed_between
// CHECK: mochi.retain
func.func @consumed_between(%s: !mochi.list<i64>, %v: i64) -> !mochi.list<i64> {
  mochi.retain %s : !mochi.list<i64>
  %l = mochi.list.append %s, %v : !mochi.list<i64>
  mochi.release %s : !mochi.list<i64>
  return %l : !mochi.list<i64>
}
