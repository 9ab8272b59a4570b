// RUN: mochi-opt %s --verify-diagnostics --split-input-file

// Operands, results and attributes. The label before each case is that of the
// constraint it breaks.

func.func @f(%a: i64) {
  // int-C1
  // expected-error @+1 {{attribute 'overflow' failed to satisfy constraint: "check" or "wrap"}}
  %0 = mochi.int.add %a, %a overflow "saturate"
  return
}

// -----

func.func @f(%a: i64, %b: f64) {
  // equal-C1
  // expected-error @+1 {{requires all operands to have the same type}}
  %0 = "mochi.equal"(%a, %b) : (i64, f64) -> i1
  return
}

// -----

func.func @f(%a: i64, %b: f64) {
  // compare-C1
  // expected-error @+1 {{requires all operands to have the same type}}
  %0 = "mochi.compare"(%a, %b) : (i64, f64) -> i64
  return
}

// -----

func.func @f(%l: !mochi.list<i64>) {
  // compare-C2
  // expected-error @+1 {{must be an ordered Mochi value}}
  %0 = mochi.compare %l, %l : !mochi.list<i64>
  return
}

// -----

func.func @f() {
  // builtin-C1
  // expected-error @+1 {{has at most one result}}
  %0:2 = mochi.builtin "pair"() : () -> (i64, i64)
  return
}

// -----

func.func @f() {
  // builtin-C2
  // expected-error @+1 {{must name a function}}
  mochi.builtin ""() : () -> ()
  return
}

// -----

func.func @f(%s: !mochi.str) {
  // str-chars-C1
  // expected-error @+1 {{must give a list of strings}}
  %0 = mochi.str.chars %s : !mochi.list<i64>
  return
}

// -----

func.func @f(%a: i64, %c: i1) {
  // list-new-C1
  // expected-error @+1 {{element 1 has type 'i64', but the list holds 'i1'}}
  %0 = "mochi.list.new"(%c, %a) : (i1, i64) -> !mochi.list<i1>
  return
}

// -----

func.func @f(%a: i64) {
  // expected-error @+1 {{expected a list type, but found 'i64'}}
  %0 = mochi.list.new [%a] : i64
  return
}

// -----

func.func @f(%l: !mochi.list<i64>, %i: i64) {
  // list-get-C1
  // expected-error @+1 {{type of 'result' is the element type of 'list'}}
  %0 = "mochi.list.get"(%l, %i) : (!mochi.list<i64>, i64) -> f64
  return
}

// -----

func.func @f(%l: !mochi.list<i64>, %i: index) {
  // list-get-C2
  // expected-error @+1 {{operand #1 must be 64-bit signless integer, but got 'index'}}
  %0 = "mochi.list.get"(%l, %i) : (!mochi.list<i64>, index) -> i64
  return
}

// -----

func.func @f(%l: !mochi.list<i64>, %i: i64, %v: f64) {
  // list-set-C1
  // expected-error @+1 {{type of 'value' is the element type of 'list'}}
  "mochi.list.set"(%l, %i, %v) : (!mochi.list<i64>, i64, f64) -> ()
  return
}

// -----

func.func @f(%l: !mochi.list<i64>, %i: f64, %v: i64) {
  // list-set-C2
  // expected-error @+1 {{operand #1 must be 64-bit signless integer, but got 'f64'}}
  "mochi.list.set"(%l, %i, %v) : (!mochi.list<i64>, f64, i64) -> ()
  return
}

// -----

func.func @f(%l: !mochi.list<i64>, %v: f64) {
  // list-append-C1
  // expected-error @+1 {{type of 'value' is the element type of 'list'}}
  %0 = "mochi.list.append"(%l, %v) : (!mochi.list<i64>, f64) -> !mochi.list<i64>
  return
}

// -----

func.func @f(%l: !mochi.list<i64>, %m: !mochi.list<f64>) {
  // list-concat-C1
  // expected-error @+1 {{all of {lhs, rhs, result} have same type}}
  %0 = "mochi.list.concat"(%l, %m) : (!mochi.list<i64>, !mochi.list<f64>) -> !mochi.list<i64>
  return
}

// -----

func.func @f(%l: !mochi.list<i64>, %v: f64) {
  // list-contains-C1
  // expected-error @+1 {{type of 'value' is the element type of 'list'}}
  %0 = "mochi.list.contains"(%l, %v) : (!mochi.list<i64>, f64) -> i1
  return
}

// -----

func.func @f(%l: !mochi.list<i64>) {
  // list-view-C1
  // expected-error @+1 {{must give 'memref<?xi64>'}}
  %0 = mochi.list.view %l : !mochi.list<i64> -> memref<4xi64>
  return
}

// -----

func.func @f(%l: !mochi.list<i64>) {
  // list-view-C1
  // expected-error @+1 {{result #0 must be a memref of rank one}}
  %0 = mochi.list.view %l : !mochi.list<i64> -> memref<?x?xi64>
  return
}
