//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Arithmetic that may fail. Everything else on numbers is `arith` and `math`.
//
#ifndef MOCHI_NUMBER_OPS_TD
#define MOCHI_NUMBER_OPS_TD

include "MochiTypes.td"
include "mlir/Interfaces/InferIntRangeInterface.td"

// What happens when a result does not fit 64 bits.
def Mochi_Overflow : StringBasedAttr<
    And<[StrAttr.predicate,
         CPred<"::mochi::isOverflowMode(::llvm::cast<::mlir::StringAttr>($_self).getValue())">]>,
    "\"check\" or \"wrap\""> {
  let storageType = "::mlir::StringAttr";
}

class Mochi_CheckedOp<string mnemonic, list<Trait> traits = []>
    : Mochi_Op<mnemonic, !listconcat(traits, [
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<ConditionallySpeculatable>])> {
  let results = (outs I64:$result);
  let hasFolder = 1;
  let resultOwnership = "scalar";
  let mayFail = 1;
}

class Mochi_IntBinaryOp<string mnemonic, list<Trait> traits = []>
    : Mochi_CheckedOp<mnemonic, traits> {
  let arguments = (ins I64:$lhs, I64:$rhs,
    DefaultValuedAttr<Mochi_Overflow, "\"check\"">:$overflow);
  let assemblyFormat = "$lhs `,` $rhs (`overflow` $overflow^)? attr-dict";
}

def Mochi_IntAddOp : Mochi_IntBinaryOp<"int.add", [
    Commutative, DeclareOpInterfaceMethods<InferIntRangeInterface, ["inferResultRanges"]>]> {
  let summary = "adds two integers";
  let description = [{
    Fails if the sum does not fit 64 bits, unless `overflow "wrap"` asks for
    two's complement wrapping.

    Constraints: `int-C1`: the overflow mode is "check" or "wrap".

    ```mlir
    %s = mochi.int.add %a, %b
    %h = mochi.int.add %a, %b overflow "wrap"
    ```
  }];
  let hasCanonicalizer = 1;
}

def Mochi_IntSubOp : Mochi_IntBinaryOp<"int.sub", [
    DeclareOpInterfaceMethods<InferIntRangeInterface, ["inferResultRanges"]>]> {
  let summary = "subtracts two integers";
  let description = [{
    Fails as `mochi.int.add` does. Constraints: `int-C1`.

    ```mlir
    %d = mochi.int.sub %a, %b
    ```
  }];
  let hasCanonicalizer = 1;
}

def Mochi_IntMulOp : Mochi_IntBinaryOp<"int.mul", [
    Commutative, DeclareOpInterfaceMethods<InferIntRangeInterface, ["inferResultRanges"]>]> {
  let summary = "multiplies two integers";
  let description = [{
    Fails as `mochi.int.add` does. Constraints: `int-C1`.

    ```mlir
    %p = mochi.int.mul %a, %b
    ```
  }];
  let hasCanonicalizer = 1;
}

def Mochi_IntNegOp : Mochi_CheckedOp<"int.neg"> {
  let summary = "negates an integer";
  let description = [{
    Only the smallest integer overflows. Constraints: `int-C1`.

    ```mlir
    %n = mochi.int.neg %a
    ```
  }];
  let arguments = (ins I64:$operand,
    DefaultValuedAttr<Mochi_Overflow, "\"check\"">:$overflow);
  let assemblyFormat = "$operand (`overflow` $overflow^)? attr-dict";
  let hasCanonicalizer = 1;
}

def Mochi_IntDivOp : Mochi_IntBinaryOp<"int.div"> {
  let summary = "divides two integers";
  let description = [{
    Truncates toward zero. Fails if the divisor is zero, in either mode, and if
    the smallest integer is divided by -1, which `overflow "wrap"` lets wrap.
    Constraints: `int-C1`.

    ```mlir
    %q = mochi.int.div %a, %b
    ```
  }];
  let hasCanonicalizer = 1;
}

def Mochi_IntRemOp : Mochi_IntBinaryOp<"int.rem"> {
  let summary = "the remainder of an integer division";
  let description = [{
    Has the sign of the dividend; a divisor of -1 gives zero. Fails if the
    divisor is zero. Constraints: `int-C1`.

    ```mlir
    %r = mochi.int.rem %a, %b
    ```
  }];
  let hasCanonicalizer = 1;
}

def Mochi_IntPowOp : Mochi_IntBinaryOp<"int.pow"> {
  let summary = "raises an integer to a power";
  let description = [{
    Fails if the exponent is negative or the power does not fit 64 bits, which
    `overflow "wrap"` lets wrap. Constraints: `int-C1`.

    ```mlir
    %p = mochi.int.pow %base, %exponent
    ```
  }];
}

class Mochi_FloatBinaryOp<string mnemonic> : Mochi_Op<mnemonic, [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ConditionallySpeculatable>]> {
  let arguments = (ins F64:$lhs, F64:$rhs);
  let results = (outs F64:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict";
  let resultOwnership = "scalar";
  let mayFail = 1;
}

def Mochi_FloatDivOp : Mochi_FloatBinaryOp<"float.div"> {
  let summary = "divides two floats";
  let description = [{
    Fails if the divisor is zero. Cannot fail where the divisor is a constant
    other than zero.

    ```mlir
    %q = mochi.float.div %a, %b
    ```
  }];
  let hasCanonicalizer = 1;
}

def Mochi_FloatRemOp : Mochi_FloatBinaryOp<"float.rem"> {
  let summary = "the remainder of a float division";
  let description = [{
    Has the sign of the dividend. Fails if the divisor is zero.

    ```mlir
    %r = mochi.float.rem %a, %b
    ```
  }];
  let hasCanonicalizer = 1;
}

def Mochi_FloatToIntOp : Mochi_CheckedOp<"float.to_int"> {
  let summary = "converts a float to an integer";
  let description = [{
    Truncates toward zero. Fails if the result does not fit 64 bits or the
    operand is not a number.

    ```mlir
    %i = mochi.float.to_int %x
    ```
  }];
  let arguments = (ins F64:$operand);
  let assemblyFormat = "$operand attr-dict";
}

#endif // MOCHI_NUMBER_OPS_TD
