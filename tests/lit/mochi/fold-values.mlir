// RUN: mochi-opt %s --canonicalize --split-input-file | FileCheck %s

// Strings and operations on values of any type.

// CHECK-LABEL: func.func @strings
func.func @strings(%s: !mochi.str) -> (!mochi.str, i64, !mochi.str, !mochi.str, i1, i1, !mochi.str) {
  // Eight bytes, five code points.
  %a = mochi.str.constant "h\C3\A9\E2\82\ACo"
  %b = mochi.str.constant "!"
  %e = mochi.str.constant ""
  %m2 = arith.constant -2 : i64
  %nine = arith.constant 9 : i64
  // CHECK-DAG: %[[AB:.*]] = mochi.str.constant "h\C3\A9\E2\82\ACo!"
  // CHECK-DAG: %[[EURO:.*]] = mochi.str.constant "\E2\82\AC"
  // CHECK-DAG: %[[FIVE:.*]] = arith.constant 5 : i64
  // CHECK-DAG: %[[TRUE:.*]] = arith.constant true
  %0 = mochi.str.concat %a, %b
  %1 = mochi.str.length %0
  %2 = mochi.str.get %a[%m2]
  // CHECK-DAG: %[[OUT:.*]] = mochi.str.get
  %3 = mochi.str.get %a[%nine]
  %4 = mochi.str.contains %a, %2
  %5 = mochi.str.contains %s, %e
  %6 = mochi.str.concat %s, %e
  // CHECK: return %[[AB]], %[[FIVE]], %[[EURO]], %[[OUT]], %[[TRUE]], %[[TRUE]], %{{str|arg0}}
  return %0, %1, %2, %3, %4, %5, %6 : !mochi.str, i64, !mochi.str, !mochi.str, i1, i1, !mochi.str
}

// CHECK-LABEL: func.func @borrowed_operand_is_no_result
func.func @borrowed_operand_is_no_result(%s: !mochi.str) -> !mochi.str {
  %e = mochi.str.constant ""
  // Only the first operand is consumed and may become the result.
  // CHECK: mochi.str.concat
  %0 = mochi.str.concat %e, %s
  return %0 : !mochi.str
}

// CHECK-LABEL: func.func @join_constants
func.func @join_constants(%s: !mochi.str) -> !mochi.str {
  %x = mochi.str.constant "x"
  %y = mochi.str.constant "y"
  // CHECK: %[[XY:.*]] = mochi.str.constant "xy"
  // CHECK-NEXT: %[[R:.*]] = mochi.str.concat %{{.*}}, %[[XY]]
  // CHECK-NEXT: return %[[R]]
  %0 = mochi.str.concat %s, %x
  %1 = mochi.str.concat %0, %y
  return %1 : !mochi.str
}

// CHECK-LABEL: func.func @equal
func.func @equal(%a: i64, %b: i64, %x: f64, %s: !mochi.str, %l: !mochi.list<i64>) -> (i1, i1, i1, i1, i1, i1) {
  %c = mochi.str.constant "a"
  %d = mochi.str.constant "b"
  // CHECK-DAG: %[[TRUE:.*]] = arith.constant true
  // CHECK-DAG: %[[FALSE:.*]] = arith.constant false
  // CHECK: %[[I:.*]] = arith.cmpi eq, %{{.*}}, %{{.*}} : i64
  %0 = mochi.equal %a, %b : i64
  // CHECK: %[[F:.*]] = arith.cmpf oeq, %{{.*}}, %{{.*}} : f64
  %1 = mochi.equal %x, %x : f64
  %2 = mochi.equal %s, %s : !mochi.str
  %3 = mochi.equal %c, %d : !mochi.str
  // A list may hold what is not equal to itself.
  // CHECK: %[[L:.*]] = mochi.equal
  %4 = mochi.equal %l, %l : !mochi.list<i64>
  %5 = mochi.equal %a, %a : i64
  // CHECK: return %[[I]], %[[F]], %[[TRUE]], %[[FALSE]], %[[L]], %[[TRUE]]
  return %0, %1, %2, %3, %4, %5 : i1, i1, i1, i1, i1, i1
}

// CHECK-LABEL: func.func @compare
func.func @compare(%s: !mochi.str) -> (i64, i64, i64, i64) {
  %a = mochi.str.constant "a"
  %b = mochi.str.constant "b"
  %t = arith.constant true
  %f = arith.constant false
  %seven = arith.constant 7 : i64
  // CHECK-DAG: %[[LESS:.*]] = arith.constant -1 : i64
  // CHECK-DAG: %[[SAME:.*]] = arith.constant 0 : i64
  // CHECK-DAG: %[[MORE:.*]] = arith.constant 1 : i64
  %0 = mochi.compare %a, %b : !mochi.str
  %1 = mochi.compare %s, %s : !mochi.str
  %2 = mochi.compare %t, %f : i1
  %3 = mochi.compare %seven, %seven : i64
  // CHECK: return %[[LESS]], %[[SAME]], %[[MORE]], %[[SAME]]
  return %0, %1, %2, %3 : i64, i64, i64, i64
}

// CHECK-LABEL: func.func @truth
func.func @truth(%c: i1, %a: i64, %x: f64) -> (i1, i1, i1, i1, i1, i1) {
  %none = mochi.option.none : !mochi.option<i64>
  %e = mochi.str.constant ""
  %half = arith.constant 0.5 : f64
  // CHECK-DAG: %[[TRUE:.*]] = arith.constant true
  // CHECK-DAG: %[[FALSE:.*]] = arith.constant false
  // CHECK-DAG: %[[A:.*]] = arith.cmpi ne, %{{.*}}, %{{.*}} : i64
  // CHECK-DAG: %[[X:.*]] = arith.cmpf une, %{{.*}}, %{{.*}} : f64
  %0 = mochi.truth %c : i1
  %1 = mochi.truth %a : i64
  %2 = mochi.truth %x : f64
  %3 = mochi.truth %none : !mochi.option<i64>
  %4 = mochi.truth %e : !mochi.str
  %5 = mochi.truth %half : f64
  // CHECK: return %{{.*}}, %[[A]], %[[X]], %[[FALSE]], %[[FALSE]], %[[TRUE]]
  return %0, %1, %2, %3, %4, %5 : i1, i1, i1, i1, i1, i1
}

// CHECK-LABEL: func.func @to_string
func.func @to_string(%s: !mochi.str) -> (!mochi.str, !mochi.str, !mochi.str) {
  %n = arith.constant -12 : i64
  %t = arith.constant true
  // CHECK-DAG: %[[N:.*]] = mochi.str.constant "-12"
  // CHECK-DAG: %[[T:.*]] = mochi.str.constant "true"
  %0 = mochi.to_string %n : i64
  %1 = mochi.to_string %t : i1
  // The result is owned, the operand is not.
  // CHECK: %[[S:.*]] = mochi.to_string
  %2 = mochi.to_string %s : !mochi.str
  // CHECK: return %[[N]], %[[T]], %[[S]]
  return %0, %1, %2 : !mochi.str, !mochi.str, !mochi.str
}

// CHECK-LABEL: func.func @cast
func.func @cast(%a: i64, %x: f64) -> (f64, i64, i64) {
  // CHECK: %[[F:.*]] = arith.sitofp %{{.*}} : i64 to f64
  %0 = mochi.cast %a : i64 to f64
  // CHECK: %[[I:.*]] = mochi.float.to_int
  %1 = mochi.cast %x : f64 to i64
  %w = mochi.any.wrap %a : i64
  %2 = mochi.cast %w : !mochi.any to i64
  // CHECK: return %[[F]], %[[I]], %{{.*}}
  return %0, %1, %2 : f64, i64, i64
}
