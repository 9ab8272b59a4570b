//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Operations on values of any type.
//
#ifndef MOCHI_GENERIC_OPS_TD
#define MOCHI_GENERIC_OPS_TD

include "MochiTypes.td"

def Mochi_EqualOp : Mochi_Op<"equal", [
    Commutative, SameTypeOperands,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<ConditionallySpeculatable>]> {
  let summary = "compares two values for equality";
  let description = [{
    Equality of contents, at any depth. Function values are equal if they are
    the same object.

    Constraints: `equal-C1`: both operands have the same type.

    ```mlir
    %e = mochi.equal %a, %b : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_Value:$lhs, Mochi_Value:$rhs);
  let results = (outs I1:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let resultOwnership = "scalar";
}

def Mochi_CompareOp : Mochi_Op<"compare", [
    SameTypeOperands, DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "compares two values for order";
  let description = [{
    Gives -1, 0 or 1. Strings compare by code points, `false` comes before
    `true`. Values of `!mochi.any` that cannot be compared are an error.

    Constraints: `compare-C1`: both operands have the same type.
    `compare-C2`: the type is ordered.

    ```mlir
    %o = mochi.compare %a, %b : !mochi.str
    ```
  }];
  let arguments = (ins Mochi_Ordered:$lhs, Mochi_Ordered:$rhs);
  let results = (outs I64:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
  let hasFolder = 1;
  let resultOwnership = "scalar";
  let mayFail = 1;
}

def Mochi_TruthOp : Mochi_Op<"truth", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "whether a value counts as true";
  let description = [{
    Zero, empty, null and false do not; everything else does.

    ```mlir
    %t = mochi.truth %v : !mochi.any
    ```
  }];
  let arguments = (ins Mochi_Value:$value);
  let results = (outs I1:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let hasFolder = 1;
  let resultOwnership = "scalar";
  let hasCanonicalizer = 1;
}

def Mochi_ToStringOp : Mochi_Op<"to_string", [MemoryEffects<[MemRead]>]> {
  let summary = "converts a value to a string";
  let description = [{
    The text that `str` gives.

    ```mlir
    %s = mochi.to_string %v : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_Value:$value);
  let results = (outs Res<Mochi_Str, "", [MemAlloc]>:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let hasFolder = 1;
  let resultOwnership = "owned";
}

def Mochi_PrintOp : Mochi_Op<"print", [
    MemoryEffects<[MemRead, MemWrite<Mochi_Output>]>]> {
  let summary = "prints a line";
  let description = [{
    Writes the values, separated by single spaces and followed by a newline, to
    standard output.

    ```mlir
    mochi.print %a, %b : !mochi.str, i64
    ```
  }];
  let arguments = (ins Variadic<Mochi_Value>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Mochi_JsonOp : Mochi_Op<"json", [
    MemoryEffects<[MemRead, MemWrite<Mochi_Output>]>]> {
  let summary = "prints a value as JSON";
  let description = [{
    Writes the value as indented JSON and a newline to standard output.

    ```mlir
    mochi.json %v : !mochi.map<!mochi.str, i64>
    ```
  }];
  let arguments = (ins Mochi_Value:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def Mochi_CastOp : Mochi_Op<"cast", [
    MemoryEffects<[MemRead, Mochi_MayStop]>]> {
  let summary = "converts a value to another type, or fails";
  let description = [{
    The conversions of the language's `as`: `!mochi.any` to any type it may
    hold, strings to numbers and back, lists and maps element by element. Fails
    if the value does not convert.

    ```mlir
    %n = mochi.cast %v : !mochi.any to i64
    %l = mochi.cast %w : !mochi.list<!mochi.any> to !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_Storable:$value);
  let results = (outs Res<Mochi_Storable, "", [MemAlloc]>:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `to` qualified(type($result))";
  let hasFolder = 1;
  let resultOwnership = "owned";
  let mayFail = 1;
  let hasCanonicalizer = 1;
}

def Mochi_BuiltinOp : Mochi_Op<"builtin"> {
  let summary = "calls a function of the runtime";
  let description = [{
    The cold part of the library: `upper`, `split`, `sum`, `now`, `input` and so
    on. Which functions exist, and for which types, is decided where the
    operation is lowered.

    Constraints: `builtin-C1`: there is at most one result. `builtin-C2`: the
    name is not empty.

    ```mlir
    %u = mochi.builtin "upper"(%s) : (!mochi.str) -> !mochi.str
    ```
  }];
  let arguments = (ins StrAttr:$name, Variadic<Mochi_Value>:$arguments);
  let results = (outs Variadic<Mochi_Storable>:$results);
  let assemblyFormat =
    "$name `(` $arguments `)` attr-dict `:` functional-type($arguments, $results)";
  let hasVerifier = 1;
  let resultOwnership = "owned";
  let mayFail = 1;
}

#endif // MOCHI_GENERIC_OPS_TD
