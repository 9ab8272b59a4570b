// RUN: mochi-opt %s --verify-diagnostics --split-input-file

// Terminators and where they lead. The label before each case is that of the
// constraint it breaks.

func.func @f() {
  // yield-C1
  // expected-error @+1 {{expects parent op to be one of 'mochi.if, mochi.switch, mochi.while, mochi.for'}}
  mochi.yield
}

// -----

func.func @f(%c: i1, %a: i64) {
  %0 = mochi.if %c -> (f64) {
    // yield-C2
    // expected-error @+1 {{hands over ('i64'), but the parent expects ('f64')}}
    mochi.yield %a : i64
  } else {
    mochi.unreachable
  }
  return
}

// -----

func.func @f(%c: i1) {
  // condition-C1
  // expected-error @+1 {{expects parent op 'mochi.while'}}
  mochi.condition %c
}

// -----

func.func @f(%c: i1, %a: i64) {
  %0 = mochi.while (%x = %a) : (i64) {
    // condition-C2
    // expected-error @+1 {{hands over (), but the loop expects ('i64')}}
    mochi.condition %c
  } do (%x) {
    mochi.yield %x : i64
  }
  return
}

// -----

func.func @f(%c: i1) {
  mochi.if %c {
    // break-C1
    // expected-error @+1 {{is not inside the body of a loop}}
    mochi.break
  }
  return
}

// -----

func.func @f(%c: i1) {
  mochi.while {
    mochi.if %c {
      // break-C1
      // expected-error @+1 {{is not inside the body of a loop}}
      mochi.break
    }
    mochi.condition %c
  } do {
  }
  return
}

// -----

func.func @f(%a: i64) {
  mochi.for %i = %a to %a {
    // break-C2
    // expected-error @+1 {{hands over ('i64'), but the loop expects ()}}
    mochi.break %a : i64
  }
  return
}

// -----

func.func @f(%c: i1, %a: i64) {
  mochi.for %i = %a to %a {
    scf.if %c {
      // continue-C1
      // expected-error @+1 {{is not inside the body of a loop}}
      "mochi.continue"() : () -> ()
    }
  }
  return
}

// -----

func.func @f(%c: i1, %a: i64) {
  %0 = mochi.for %i = %a to %a iter (%s = %a) : (i64) {
    mochi.if %c {
      // continue-C2
      // expected-error @+1 {{hands over (), but the loop expects ('i64')}}
      mochi.continue
    }
    mochi.yield %s : i64
  }
  return
}

// -----

func.func @f() {
  // return-C1
  // expected-error @+1 {{must be inside a control flow operation of a function}}
  mochi.return
}

// -----

func.func @f(%c: i1) -> i64 {
  mochi.if %c {
    // return-C2
    // expected-error @+1 {{hands over (), but the function expects ('i64')}}
    mochi.return
  }
  %0 = arith.constant 0 : i64
  return %0 : i64
}
