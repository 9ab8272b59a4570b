// RUN: mochi-opt %s --verify-diagnostics --split-input-file

// Types. The label before each case is that of the constraint it breaks.

// list-type-C1
// expected-error @+1 {{list element must be a value that can be stored, but is 'i32'}}
func.func private @f(!mochi.list<i32>)

// -----

// map-type-C1
// expected-error @+1 {{map value must be a value that can be stored, but is 'index'}}
func.func private @f(!mochi.map<i64, index>)

// -----

// map-type-C1
// expected-error @+1 {{map key must be a value that can be stored, but is '!mochi.env'}}
func.func private @f(!mochi.map<!mochi.env, i64>)

// -----

// map-type-C2
// expected-error @+1 {{map key must be i64, f64, i1, str or any, but is '!mochi.list<i64>'}}
func.func private @f(!mochi.map<!mochi.list<i64>, i64>)

// -----

// fn-type-C1
// expected-error @+1 {{function parameter must be a value that can be stored, but is '!mochi.cell<i64>'}}
func.func private @f(!mochi.fn<(!mochi.cell<i64>) -> ()>)

// -----

// fn-type-C1
// expected-error @+1 {{function result must be a value that can be stored, but is 'i8'}}
func.func private @f(!mochi.fn<() -> i8>)

// -----

// fn-type-C2
// expected-error @+1 {{a function value has at most one result}}
func.func private @f(!mochi.fn<() -> (i64, i64)>)

// -----

// option-type-C1
// expected-error @+1 {{option payload must be a value that can be stored, but is 'f32'}}
func.func private @f(!mochi.option<f32>)

// -----

// option-type-C2
// expected-error @+1 {{an option of '!mochi.any' is that type itself}}
func.func private @f(!mochi.option<!mochi.any>)

// -----

// option-type-C2
// expected-error @+1 {{an option of '!mochi.option<i64>' is that type itself}}
func.func private @f(!mochi.option<!mochi.option<i64>>)

// -----

// cell-type-C1
// expected-error @+1 {{cell content must be a value that can be stored, but is '!mochi.cell<i64>'}}
func.func private @f(!mochi.cell<!mochi.cell<i64>>)
