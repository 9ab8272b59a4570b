//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The passes inside the mochi dialect and the conversions out of it: names,
// options, statistics, descriptions. `docs/passes.md` is made from this file; a
// test compares it with what the Rust side registers.
//
#ifndef MOCHI_PASSES_TD
#define MOCHI_PASSES_TD

include "mlir/Pass/PassBase.td"

def RaiseWhileLoops : Pass<"mochi-raise-while-loops", "::mlir::ModuleOp"> {
  let summary = "Turn counted while loops into mochi.for";
  let description = [{
    A loop whose condition compares a carried number with a bound that does not
    change, and which adds the same positive constant to it on every path to the
    next round, counts. Early exits may stay. A loop whose counter could overflow
    stays as it is.

    Runs before `mochi-insert-reference-counts`.

    ```mlir
    mochi.while (%i = %zero) : (i64) {
      %c = arith.cmpi slt, %i, %n : i64
      mochi.condition %c (%i : i64)
    } do (%j) {
      mochi.print %j : i64
      %k = mochi.int.add %j, %one
      mochi.yield %k : i64
    }
    ```
    becomes
    ```mlir
    mochi.for %j = %zero to %n {
      mochi.print %j : i64
    }
    ```
  }];
}

def InsertReferenceCounts : Pass<"mochi-insert-reference-counts", "::mlir::ModuleOp"> {
  let summary = "Insert retains and releases from the ownership facts of operations";
  let description = [{
    Every operation says which operands it consumes and whether its results are
    owned, borrowed or need no count. The pass walks each function forwards with
    exact last uses: an owned value whose last use consumes it is moved; another
    is released right behind its last use, or at the start of the branch that does
    not use it. Parameters are borrowed; results of functions, branches and loops
    are owned. Early exits release what the regions that they leave still own.

    A value read out of an object is used without a count where the object is
    kept alive and nothing can overwrite the place before the last use. A variable
    that is read only to be extended and stored again is moved out of its place
    (`take`) and back (`initialize`), so that the extension happens in place.

    Needs structured control flow without counts. What it guarantees is what
    `mochi-certify-reference-counts` checks.

    ```mlir
    %l = mochi.str.chars %s
    %n = mochi.list.length %l : !mochi.list<!mochi.str>
    return %n : i64
    ```
    becomes
    ```mlir
    %l = mochi.str.chars %s
    %n = mochi.list.length %l : !mochi.list<!mochi.str>
    mochi.release %l : !mochi.list<!mochi.str>
    return %n : i64
    ```
  }];
}

def ElideReferenceCounts : Pass<"mochi-elide-reference-counts", "::mlir::ModuleOp"> {
  let summary = "Remove retains that a later release undoes";
  let description = [{
    Removes a retain and a release of the same value in one block when nothing
    between them drops references or depends on how many there are.

    ```mlir
    mochi.retain %s : !mochi.str
    %n = mochi.str.length %s
    mochi.release %s : !mochi.str
    ```
    becomes
    ```mlir
    %n = mochi.str.length %s
    ```
  }];
}

def CertifyReferenceCounts : Pass<"mochi-certify-reference-counts", "::mlir::ModuleOp"> {
  let summary = "Recompute ownership and report leaks, double releases and uses after release";
  let description = [{
    Follows every path of structured code on which counts have been inserted and
    reports a value that is used when nothing keeps it alive, a reference that is
    given up without being held, one that is still held at an end, and paths that
    disagree. Changes nothing; fails if it reported something. For tests.
  }];
}

def ExposeChecks : Pass<"mochi-expose-checks", "::mlir::ModuleOp"> {
  let summary = "Make implicit checks operations, or remove what ranges prove";
  let description = [{
    List accesses become a `mochi.check.index` and an `inbounds` access; where the
    index is never negative, the access uses it as it is. Integer divisions become
    `mochi.check.divisor` and `arith` divisions. Integer operations that cannot
    overflow become `arith` operations. An analysis of integer ranges over loops
    and conditions decides.

    ```mlir
    %e = mochi.list.get %l[%i] : !mochi.list<f64>
    ```
    becomes
    ```mlir
    %n = mochi.list.length %l : !mochi.list<f64>
    %j = mochi.check.index %i, %n
    %e = mochi.list.get inbounds %l[%j] : !mochi.list<f64>
    ```
  }];
}

def HoistChecks : Pass<"mochi-hoist-checks", "::mlir::ModuleOp"> {
  let summary = "Move index checks out of loops, by proof or by a second version of the loop";
  let description = [{
    Lengths of lists move in front of the loops that do not compute them. A check
    that the loop's bounds prove goes. For the others, a test in front of the loop
    chooses between a copy without checks and the loop as it was, so that errors
    and all output before them stay exact. For lists of lists the test looks at the
    lengths of all rows that the loop will read. Equal checks, and equal reads of
    references, share one operation where nothing can change between them.

    Runs after `mochi-expose-checks`.

    ```mlir
    mochi.for %i = %zero to %n {
      %len = mochi.list.length %l : !mochi.list<i64>
      mochi.check.index %i, %len {nonnegative}
      %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
      mochi.print %e : i64
    }
    ```
    becomes
    ```mlir
    %len = mochi.list.length %l : !mochi.list<i64>
    %fits = arith.cmpi sle, %n, %len : i64
    mochi.if %fits {
      mochi.for %i = %zero to %n {
        %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
        mochi.print %e : i64
      }
    } else {
      mochi.for %i = %zero to %n {
        mochi.check.index %i, %len {nonnegative}
        %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
        mochi.print %e : i64
      }
    }
    ```
  }];
}

def DeferOverflowChecks : Pass<"mochi-defer-overflow-checks", "::mlir::ModuleOp"> {
  let summary = "Check sums for overflow once, behind their loop";
  let description = [{
    A counted loop that only reads memory and adds up integers runs without
    overflow checks and without branches, so that LLVM can vectorise it. It
    collects whether a number was large enough that something may have overflowed;
    if so, the loop as it was runs from the start and stops where it should.

    Runs after `mochi-hoist-checks`.

    ```mlir
    %s = mochi.for %i = %zero to %n iter (%a = %zero) : (i64) {
      %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
      %b = mochi.int.add %a, %e
      mochi.yield %b : i64
    }
    ```
    becomes
    ```mlir
    %f:3 = mochi.for %i = %zero to %n iter (%a = %zero, %flag = %zero, %spread = %zero) : (i64, i64, i64) {
      %e = mochi.list.get inbounds %l[%i] : !mochi.list<i64>
      %b = arith.addi %a, %e : i64
      ...
      mochi.yield %b, %flag, %wider : i64, i64, i64
    }
    ...
    %s = mochi.if %fits -> (i64) {
      mochi.yield %f#0 : i64
    } else {
      // the loop as it was
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def SplitLongBlocks : Pass<"mochi-split-long-blocks", "::mlir::ModuleOp"> {
  let summary = "Cut long blocks of functions, so that lowering to branches takes linear time";
  let description = [{
    Lowering an operation to branches moves all that follows it in its block to
    another block. In blocks of bounded length that is a bounded number of moves.
    The pieces follow each other with `cf.br`; LLVM joins them again.

    ```mlir
    mochi.print %a : i64
    mochi.print %b : i64
    return
    ```
    becomes, if blocks of two operations were long,
    ```mlir
      mochi.print %a : i64
      cf.br ^rest
    ^rest:
      mochi.print %b : i64
      return
    ```
  }];
  let dependentDialects = ["::mlir::cf::ControlFlowDialect"];
}

def ConvertMochiToAffine : Pass<"convert-mochi-to-affine", "::mlir::ModuleOp"> {
  let summary = "Convert counted loops over lists to affine";
  let description = [{
    `mochi.for` without early exits and with affine bounds becomes `affine.for`;
    unchecked accesses to numbers in lists at affine indices become `affine.load`
    and `affine.store` on a `mochi.list.view`. Two views may be of the same list:
    passes that take distinct memrefs for distinct memory must not run on the
    result.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def ConvertMochiToScf : Pass<"convert-mochi-to-scf", "::mlir::ModuleOp"> {
  let summary = "Convert control flow without early exits to scf";
  let description = [{
    `mochi.if`, `mochi.switch`, `mochi.while` and `mochi.for` that control leaves
    only at their end become `scf` operations. Operations with early exits, and
    everything around them, stay for `convert-mochi-to-cf`.
  }];
  let options = [
    Option<"listViews", "list-views", "bool", /*default=*/"false",
           "access numbers in lists through memref views">
  ];
  let dependentDialects = [
    "::mlir::scf::SCFDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect"
  ];
}

def ConvertMochiToCf : Pass<"convert-mochi-to-cf", "::mlir::ModuleOp"> {
  let summary = "Convert control flow with early exits to branches between blocks";
  let description = [{
    What `convert-mochi-to-scf` left becomes blocks of its function;
    `mochi.return` becomes `func.return`. `mochi.unreachable` stays, as the end of
    a block.
  }];
  let dependentDialects = [
    "::mlir::cf::ControlFlowDialect", "::mlir::arith::ArithDialect",
    "::mlir::func::FuncDialect"
  ];
}

def ConvertMochiToLlvm : Pass<"convert-mochi-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Convert everything that is left to the llvm dialect, with one type converter";
  let description = [{
    One conversion for the mochi dialect and what is left of `arith`, `math`,
    `memref`, `cf`, `func` and `index`: all share one type converter, so no casts
    between half-converted types remain.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // MOCHI_PASSES_TD
