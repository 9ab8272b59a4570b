// RUN: mochi-opt %s --verify-diagnostics --split-input-file

// Control flow. The label before each case is that of the constraint it breaks.

func.func @f(%c: i1) {
  // if-C1
  // expected-error @+1 {{region must end with a yield or an early exit, not 'func.return'}}
  "mochi.if"(%c) ({
    mochi.yield
  }, {
    "func.return"() : () -> ()
  }) : (i1) -> ()
  return
}

// -----

func.func @f(%t: i64) {
  // switch-C1
  // expected-error @+1 {{needs a region for each of 2 cases and one for the default, but has 1}}
  "mochi.switch"(%t) <{cases = array<i64: 0, 1>}> ({
    mochi.yield
  }) : (i64) -> ()
  return
}

// -----

func.func @f(%t: i64) {
  // switch-C2
  // expected-error @+1 {{has two cases 1}}
  mochi.switch %t
  case 1 {
  }
  case 1 {
  }
  default {
  }
  return
}

// -----

func.func @f(%t: i64) {
  // switch-C3
  // expected-error @+1 {{region must end with a yield or an early exit, not 'cf.br'}}
  mochi.switch %t
  default {
  ^bb0:
    cf.br ^bb0
  }
  return
}

// -----

func.func @f(%a: i64, %c: i1) {
  // while-C1
  // expected-error @+1 {{operands, results and region arguments must have the same types}}
  %0 = "mochi.while"(%a) ({
  ^bb0(%x: i64):
    "mochi.condition"(%c, %x) : (i1, i64) -> ()
  }, {
  ^bb0(%x: f64):
    mochi.unreachable
  }) : (i64) -> i64
  return
}

// -----

func.func @f(%c: i1) {
  // while-C2
  // expected-error @+1 {{condition must end with 'mochi.condition', not 'mochi.unreachable'}}
  mochi.while {
    mochi.unreachable
  } do {
  }
  return
}

// -----

func.func @f(%c: i1) {
  // while-C3
  // expected-error @+1 {{region must end with a yield or an early exit, not 'mochi.condition'}}
  mochi.while {
    mochi.condition %c
  } do {
    mochi.condition %c
  }
  return
}

// -----

func.func @f(%c: i1) {
  // while-C3
  // expected-error @+1 {{region must end with a yield or an early exit, not 'func.return'}}
  mochi.while {
    mochi.condition %c
  } do {
    func.return
  }
  return
}

// -----

func.func @f(%a: i64) {
  // expected-error @+1 {{expected as many types as carried values}}
  %0 = mochi.for %i = %a to %a iter (%s = %a) : (i64, i64) {
  }
  return
}

// -----

func.func @f(%c: i1, %a: i64) {
  %0 = mochi.while (%x = %a) : (i64) {
    mochi.condition %c(%x : i64)
  // expected-error @+1 {{expected 1 arguments of the loop body}}
  } do {
    mochi.yield %a : i64
  }
  return
}

// -----

func.func @f(%a: i64, %x: f64) {
  // for-C1
  // expected-error @+1 {{carried operands, results and arguments must have the same types}}
  %0 = "mochi.for"(%a, %a, %x) ({
  ^bb0(%i: i64, %s: f64):
    mochi.unreachable
  }) : (i64, i64, f64) -> i64
  return
}

// -----

func.func @f(%a: i64) {
  // for-C2
  // expected-error @+1 {{first argument of the body must be i64}}
  "mochi.for"(%a, %a) ({
  ^bb0(%i: index):
    mochi.yield
  }) : (i64, i64) -> ()
  return
}

// -----

func.func @f(%a: i64) {
  // for-C2
  // expected-error @+1 {{first argument of the body must be i64}}
  "mochi.for"(%a, %a) ({
    mochi.yield
  }) : (i64, i64) -> ()
  return
}

// -----

func.func @f(%a: i64) {
  // for-C3
  // expected-error @+1 {{step must be positive}}
  mochi.for %i = %a to %a step 0 {
  }
  return
}

// -----

func.func @f(%a: i64) {
  // for-C4
  // expected-error @+1 {{region must end with a yield or an early exit, not 'func.return'}}
  mochi.for %i = %a to %a {
    func.return
  }
  return
}
