// RUN: mochi-opt %s --verify-diagnostics --split-input-file

// Records and unions. The label before each case is that of the constraint it
// breaks.

func.func @f() {
  // record-C1
  // expected-error @+1 {{names no record type: @P}}
  %0 = mochi.record.new : () -> !mochi.record<@P>
  return
}

// -----

mochi.union_type @U { "A"() }
func.func @f(%p: !mochi.record<@U>) {
  // record-C1
  // expected-error @+1 {{names no record type: @U}}
  %0 = mochi.record.get %p["x"] : !mochi.record<@U> -> i64
  return
}

// -----

mochi.record_type @P ("x": i64)
func.func @f() {
  // record-new-C1
  // expected-error @+1 {{needs 1 values, but has 0}}
  %0 = mochi.record.new : () -> !mochi.record<@P>
  return
}

// -----

mochi.record_type @P ("x": i64)
func.func @f(%a: f64) {
  // record-new-C2
  // expected-error @+1 {{value 0 has type 'f64', but the field has 'i64'}}
  %0 = mochi.record.new %a : (f64) -> !mochi.record<@P>
  return
}

// -----

mochi.record_type @P ("x": i64)
func.func @f(%p: !mochi.record<@P>) {
  // record-get-C1
  // expected-error @+1 {{record type @P has no field "y"}}
  %0 = mochi.record.get %p["y"] : !mochi.record<@P> -> i64
  return
}

// -----

mochi.record_type @P ("x": i64)
func.func @f(%p: !mochi.record<@P>) {
  // record-get-C2
  // expected-error @+1 {{field "x" has type 'i64', not 'f64'}}
  %0 = mochi.record.get %p["x"] : !mochi.record<@P> -> f64
  return
}

// -----

mochi.record_type @P ("x": i64)
func.func @f(%p: !mochi.record<@P>, %a: i64) {
  // record-set-C1
  // expected-error @+1 {{record type @P has no field "y"}}
  mochi.record.set %p["y"], %a : !mochi.record<@P>, i64
  return
}

// -----

mochi.record_type @P ("x": i64)
func.func @f(%p: !mochi.record<@P>, %a: f64) {
  // record-set-C2
  // expected-error @+1 {{field "x" has type 'i64', not 'f64'}}
  mochi.record.set %p["x"], %a : !mochi.record<@P>, f64
  return
}

// -----

func.func @f() {
  // union-C1
  // expected-error @+1 {{names no union type: @U}}
  %0 = mochi.union.new "A"() : () -> !mochi.union<@U>
  return
}

// -----

mochi.union_type @U { "A"() }
func.func @f() {
  // union-C2
  // expected-error @+1 {{union type @U has no variant "B"}}
  %0 = mochi.union.new "B"() : () -> !mochi.union<@U>
  return
}

// -----

mochi.union_type @U { "A"("x": i64) }
func.func @f() {
  // union-new-C1
  // expected-error @+1 {{needs 1 values, but has 0}}
  %0 = mochi.union.new "A"() : () -> !mochi.union<@U>
  return
}

// -----

mochi.union_type @U { "A"("x": i64) }
func.func @f(%a: f64) {
  // union-new-C2
  // expected-error @+1 {{value 0 has type 'f64', but the field has 'i64'}}
  %0 = mochi.union.new "A"(%a) : (f64) -> !mochi.union<@U>
  return
}

// -----

mochi.union_type @U { "A"() }
func.func @f(%u: !mochi.union<@U>) {
  // union-C2
  // expected-error @+1 {{union type @U has no variant "B"}}
  %0 = mochi.union.get %u, "B"[0] : !mochi.union<@U> -> i64
  return
}

// -----

mochi.union_type @U { "A"("x": i64) }
func.func @f(%u: !mochi.union<@U>) {
  // union-get-C1
  // expected-error @+1 {{variant "A" has no field 1}}
  %0 = mochi.union.get %u, "A"[1] : !mochi.union<@U> -> i64
  return
}

// -----

mochi.union_type @U { "A"("x": i64) }
func.func @f(%u: !mochi.union<@U>) {
  // union-get-C2
  // expected-error @+1 {{field 0 has type 'i64', not 'f64'}}
  %0 = mochi.union.get %u, "A"[0] : !mochi.union<@U> -> f64
  return
}
