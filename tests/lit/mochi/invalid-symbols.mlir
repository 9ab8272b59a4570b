// RUN: mochi-opt %s --verify-diagnostics --split-input-file

// Symbols. The label before each case is that of the constraint it breaks.

// record-type-C1
// expected-error @+1 {{has 2 field names, but 1 types}}
"mochi.record_type"() <{sym_name = "P", fields = ["x", "y"], types = [f64]}> : () -> ()

// -----

// record-type-C2
// expected-error @+1 {{has two fields "x"}}
mochi.record_type @P ("x": f64, "x": i64)

// -----

// record-type-C3
// expected-error @+1 {{field "x" has type '!mochi.cell<i64>', which cannot be stored}}
mochi.record_type @P ("x": !mochi.cell<i64>)

// -----

// record-type-C4
// expected-error @+1 {{mentions undefined record type @Q}}
mochi.record_type @P ("x": !mochi.list<!mochi.record<@Q>>)

// -----

// record-type-C4
// expected-error @+1 {{mentions undefined union type @Q}}
mochi.record_type @P ("x": !mochi.union<@Q>)

// -----

// union-type-C1
// expected-error @+1 {{needs one list of field names and one of field types per variant}}
"mochi.union_type"() <{sym_name = "U", variants = ["A"], field_names = [], field_types = [[]]}> : () -> ()

// -----

// union-type-C2
// expected-error @+1 {{has two variants "A"}}
mochi.union_type @U { "A"(), "A"() }

// -----

// union-type-C3
// expected-error @+1 {{has two fields "x"}}
mochi.union_type @U { "A"("x": i64, "x": i64) }

// -----

// union-type-C4
// expected-error @+1 {{field "x" has type 'i32', which cannot be stored}}
mochi.union_type @U { "A"("x": i32) }

// -----

// union-type-C4
// expected-error @+1 {{fields of variant "A" must be a list of strings and one of types}}
"mochi.union_type"() <{sym_name = "U", variants = ["A"], field_names = [["x"]], field_types = [[1]]}> : () -> ()

// -----

// union-type-C5
// expected-error @+1 {{mentions undefined record type @P}}
mochi.union_type @U { "A"("x": !mochi.record<@P>) }

// -----

// global-C1
// expected-error @+1 {{cannot hold a value of type 'i32'}}
mochi.global @g : i32

// -----

// global-C2
// expected-error @+1 {{mentions undefined union type @U}}
mochi.global @g : !mochi.union<@U>

// -----

func.func @f() {
  // global-load-C1
  // expected-error @+1 {{names no global variable: @g}}
  %0 = mochi.global.load @g : i64
  return
}

// -----

mochi.global @g : f64
func.func @f() {
  // global-load-C2
  // expected-error @+1 {{uses @g as 'i64', but it holds 'f64'}}
  %0 = mochi.global.load @g : i64
  return
}

// -----

func.func @f(%a: i64) {
  // global-store-C1
  // expected-error @+1 {{names no global variable: @f}}
  mochi.global.store %a, @f : i64
  return
}

// -----

mochi.global @g : f64
func.func @f(%a: i64) {
  // global-store-C2
  // expected-error @+1 {{uses @g as 'i64', but it holds 'f64'}}
  mochi.global.store %a, @g : i64
  return
}

// -----

func.func @f() {
  // global-clear-C1
  // expected-error @+1 {{names no global variable: @g}}
  mochi.global.clear @g
  return
}

// -----

func.func @f() {
  // closure-new-C1
  // expected-error @+1 {{names no function: @g}}
  %0 = mochi.closure.new @g : !mochi.fn<() -> ()>
  return
}

// -----

func.func @g(%a: i64) { return }
func.func @f() {
  // closure-new-C2
  // expected-error @+1 {{makes '() -> ()' of @g, which is '(i64) -> ()'}}
  %0 = mochi.closure.new @g : !mochi.fn<() -> ()>
  return
}

// -----

func.func @g() { return }
func.func @f(%a: i64) {
  // closure-new-C3
  // expected-error @+1 {{captures values, but @g has no environment parameter}}
  %0 = mochi.closure.new @g[%a : i64] : !mochi.fn<() -> ()>
  return
}
