// RUN: mochi-opt %s --verify-diagnostics --split-input-file

// Any, function values, counts. The label before each case is that of the
// constraint it breaks.

func.func @f(%a: !mochi.any) {
  // any-wrap-C1
  // expected-error @+1 {{must not wrap any}}
  %0 = mochi.any.wrap %a : !mochi.any
  return
}

// -----

func.func @f(%a: !mochi.any) {
  // any-unwrap-C1
  // expected-error @+1 {{must not unwrap to any}}
  %0 = mochi.any.unwrap %a : !mochi.any
  return
}

// -----

func.func @f(%a: !mochi.any) {
  // any-is-C1
  // expected-error @+1 {{must ask for a type of Mochi values}}
  %0 = mochi.any.is %a, i32
  return
}

// -----

func.func @f(%a: !mochi.any) {
  // any-binary-C1
  // expected-error @+1 {{attribute 'op' failed to satisfy constraint: one of "add", "sub", "mul", "div", "rem"}}
  %0 = mochi.any.binary "xor" %a, %a
  return
}

// -----

func.func @f(%a: !mochi.any) {
  // any-elements-C1
  // expected-error @+1 {{must give a list of any}}
  %0 = mochi.any.elements %a : !mochi.list<i64>
  return
}

// -----

func.func @f(%f: !mochi.fn<(i64) -> ()>, %x: f64) {
  // closure-call-C1
  // expected-error @+1 {{arguments must have the types 'i64'}}
  "mochi.closure.call"(%f, %x) : (!mochi.fn<(i64) -> ()>, f64) -> ()
  return
}

// -----

func.func @f(%f: !mochi.fn<() -> i64>) {
  // closure-call-C2
  // expected-error @+1 {{results must have the types 'i64'}}
  "mochi.closure.call"(%f) : (!mochi.fn<() -> i64>) -> ()
  return
}

// -----

func.func @f(%x: i64) {
  // expected-error @+1 {{expected a function value type, but found 'i64'}}
  mochi.closure.call %x() : i64
  return
}

// -----

func.func @f(%env: !mochi.env) {
  // closure-capture-C1
  // expected-error @+1 {{index must not be negative}}
  %0 = mochi.closure.capture %env[-1] : i64
  return
}

// -----

func.func @f(%a: !mochi.option<i64>) {
  // retain-C1
  // expected-error @+1 {{values of type '!mochi.option<i64>' are not counted}}
  mochi.retain %a : !mochi.option<i64>
  return
}

// -----

func.func @f(%a: i64) {
  // release-C1
  // expected-error @+1 {{values of type 'i64' are not counted}}
  mochi.release %a : i64
  return
}
