// RUN: mochi-opt --help | FileCheck %s --check-prefix=HELP
// RUN: mochi-opt %s --pass-pipeline='builtin.module(convert-mochi-to-scf{list-views=true},canonicalize)' --dump-pass-pipeline 2>&1 | FileCheck %s
// RUN: not mochi-opt %s --convert-mochi-to-llvm 2>&1 | FileCheck %s --check-prefix=FAIL
// RUN: mochi-opt %s --emit-bytecode | mochi-opt | FileCheck %s --check-prefix=BYTECODE

// Passes written in Rust are listed with their options, keep them in printed pipelines, run beside upstream passes,
// and fail like any other pass.

// HELP-DAG: --convert-mochi-to-scf
// HELP-DAG: --list-views
// HELP-DAG: --mochi-insert-reference-counts
// HELP-DAG: --canonicalize

// CHECK: convert-mochi-to-scf{list-views=true},
// CHECK-NEXT: canonicalize
// CHECK: memref.load

// FAIL: failed to legalize operation 'mochi.if'

// BYTECODE: mochi.list.get
func.func @f(%l: !mochi.list<i64>, %i: i64, %c: i1) -> i64 {
  mochi.if %c {
    mochi.print %i : i64
    mochi.yield
  }
  %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
  return %e : i64
}
