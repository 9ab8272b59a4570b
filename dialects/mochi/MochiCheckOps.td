//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// What passes make: checks, reference counts, debug information.
//
#ifndef MOCHI_CHECK_OPS_TD
#define MOCHI_CHECK_OPS_TD

include "MochiTypes.td"
include "mlir/Interfaces/InferIntRangeInterface.td"

def Mochi_CheckIndexOp : Mochi_Op<"check.index", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<InferIntRangeInterface, ["inferResultRanges"]>]> {
  let summary = "checks an index against a length";
  let description = [{
    Gives the index, counted from the start, or fails if it is out of range.
    A negative index counts from the end.

    ```mlir
    %j = mochi.check.index %i, %n
    ```
  }];
  let arguments = (ins I64:$index, I64:$length);
  let results = (outs I64:$result);
  let assemblyFormat = "$index `,` $length attr-dict";
  let hasFolder = 1;
  let resultOwnership = "scalar";
  let mayFail = 1;
}

def Mochi_CheckDivisorOp : Mochi_Op<"check.divisor", [
    MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "checks that a divisor is not zero";
  let description = [{
    Folds away where the divisor is a constant other than zero.

    ```mlir
    mochi.check.divisor %d : i64
    ```
  }];
  let arguments = (ins Mochi_Number:$divisor);
  let assemblyFormat = "$divisor attr-dict `:` type($divisor)";
  let hasCanonicalizer = 1;
  let mayFail = 1;
}

def Mochi_RetainOp : Mochi_Op<"retain", [MemoryEffects<[Mochi_Counting]>]> {
  let summary = "adds a reference";
  let description = [{
    Does nothing for null.

    Constraints: `retain-C1`: the type is counted.

    ```mlir
    mochi.retain %l : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_Value:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
}

def Mochi_ReleaseOp : Mochi_Op<"release", [
    MemoryEffects<[Mochi_Counting, MemFree]>]> {
  let summary = "drops a reference";
  let description = [{
    Frees the object, and what only it refers to, with the last one. Does
    nothing for null.

    Constraints: `release-C1`: the type is counted.

    ```mlir
    mochi.release %l : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_Value:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let hasVerifier = 1;
  let consumedOperands = [0];
  let hasCanonicalizer = 1;
}

def Mochi_DebugVariableOp : Mochi_Op<"debug.variable", [
    MemoryEffects<[Mochi_Debugging]>]> {
  let summary = "gives a value the name of a source variable";
  let description = [{
    From here on the variable has this value, for a debugger. Only made when
    debug information is asked for.

    ```mlir
    mochi.debug.variable %v, "total" "int" : i64
    ```
  }];
  let arguments = (ins Mochi_Value:$value, StrAttr:$name, StrAttr:$type_name);
  let assemblyFormat = "$value `,` $name $type_name attr-dict `:` type($value)";
}

#endif // MOCHI_CHECK_OPS_TD
