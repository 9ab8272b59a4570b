//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The `mochi` dialect, the base class of its operations and the resources its
// operations have effects on.
//
#ifndef MOCHI_DIALECT_TD
#define MOCHI_DIALECT_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Mochi_Dialect : Dialect {
  let name = "mochi";
  let cppNamespace = "::mochi";
  let summary = "Values, operations and control flow of the Mochi language";
  let description = [{
    The topmost dialect of the compiler: what a checked Mochi program says, in
    SSA form. Every value has one concrete type. Variables are SSA values that
    travel through structured control flow as region arguments; only variables
    captured by closures live in cells.

    Arithmetic that cannot fail (`arith`, `math`), functions and calls (`func`)
    are borrowed from upstream. Anything that may stop the program carries an
    effect on the resource `mochi.failure`, so that no upstream pass deletes it
    or moves it to a place where it would run more often.

    **Ownership.** Objects are reference counted. Each operation says which
    operands it consumes and whether its results are owned, borrowed or need no
    count. Before `mochi-insert-reference-counts` these are only promises; from
    that pass on, `mochi.retain` and `mochi.release` make them come true.

    **Early exits.** A block nested in `mochi.if`, `mochi.switch`, `mochi.while`
    or `mochi.for` ends with `mochi.yield`, or leaves early through
    `mochi.break`, `mochi.continue`, `mochi.return` or `mochi.unreachable`.
    The operations therefore do not implement `RegionBranchOpInterface`, whose
    users assume that every region returns to its parent.
  }];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::mlir::memref::MemRefDialect"
  ];
  let extraClassDeclaration = [{
    void registerTypes();
    void registerOps();
  }];
}

//===----------------------------------------------------------------------===//
// Resources and effects
//===----------------------------------------------------------------------===//

// "The program may end here." The effect on it is spelled Free: that forbids
// removing, hoisting and parallelising the operation, exactly as a Write would,
// but upstream CSE and affine store forwarding, which do not look at resources,
// do not take it for a write to the memory that lists live in.
def Mochi_Failure : Resource<"::mochi::FailureResource">;
def Mochi_MayStop : MemFree<Mochi_Failure>;

// Bytes on standard output, in order.
def Mochi_Output : Resource<"::mochi::OutputResource">;

// Reference counts; Free for the reason given above.
def Mochi_Counts : Resource<"::mochi::CountResource">;
def Mochi_Counting : MemFree<Mochi_Counts>;

// What a debugger sees.
def Mochi_Debugger : Resource<"::mochi::DebugResource">;
def Mochi_Debugging : MemFree<Mochi_Debugger>;

//===----------------------------------------------------------------------===//
// Base class
//===----------------------------------------------------------------------===//

class Mochi_Op<string mnemonic, list<Trait> traits = []>
    : Op<Mochi_Dialect, mnemonic, !listconcat(traits, [OpAsmOpInterface])> {
  // Indices of the operands whose ownership moves into the operation; -1 alone
  // stands for all of them. Every other operand is borrowed.
  list<int> consumedOperands = [];

  // "owned":    the results carry a count of their own (+1);
  // "borrowed": a result lives as long as the operand it was read from;
  // "scalar":   the results have no count, or one that never matters;
  // "none":     there are no results.
  string resultOwnership = "none";

  // Whether the operation may end the program with a run-time error.
  bit mayFail = 0;
}

#endif // MOCHI_DIALECT_TD
