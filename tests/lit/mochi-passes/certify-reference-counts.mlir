// RUN: mochi-opt %s --mochi-certify-reference-counts --split-input-file --verify-diagnostics

mochi.global @g : !mochi.str

func.func @correct(%s: !mochi.str) -> !mochi.str {
  mochi.retain %s : !mochi.str
  return %s : !mochi.str
}

// -----

// Nobody needs a count to give up what is immortal: folding removes such counts.
func.func @immortal() -> !mochi.list<!mochi.str> {
  %s = mochi.str.constant "s"
  %l = mochi.list.new [%s, %s] : !mochi.list<!mochi.str>
  return %l : !mochi.list<!mochi.str>
}

// -----

func.func @leak(%n: i64) {
  %s = mochi.to_string %n : i64
  // expected-error @+1 {{a reference is still held here}}
  return
}

// -----

func.func @used_after(%n: i64) -> i64 {
  %s = mochi.to_string %n : i64
  mochi.release %s : !mochi.str
  // expected-error @+1 {{operand 0 is used after its last reference}}
  %m = mochi.str.length %s
  return %m : i64
}

// -----

func.func @released_twice(%s: !mochi.str) {
  // expected-error @+1 {{operand 0 is given up without being owned}}
  mochi.release %s : !mochi.str
  return
}

// -----

func.func @paths_disagree(%n: i64, %c: i1) {
  %s = mochi.to_string %n : i64
  // expected-error @+1 {{the regions end with different references held}}
  mochi.if %c {
    mochi.release %s : !mochi.str
  }
  return
}

// -----

func.func @round_takes_from_outside(%n: i64, %k: i64) {
  %s = mochi.to_string %n : i64
  mochi.for %i = %n to %k {
    mochi.release %s : !mochi.str
    // expected-error @+1 {{a reference from outside was given up here}}
    mochi.yield
  }
  mochi.release %s : !mochi.str
  return
}

// -----

mochi.global @g : !mochi.str

func.func @overwritten(%n: !mochi.str) {
  %s = mochi.global.load @g : !mochi.str
  mochi.retain %n : !mochi.str
  mochi.global.store %n, @g : !mochi.str
  // expected-error @+1 {{operand 0 is used after its last reference}}
  mochi.print %s : !mochi.str
  return
}
