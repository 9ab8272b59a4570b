//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Values whose type is known only at run time.
//
#ifndef MOCHI_ANY_OPS_TD
#define MOCHI_ANY_OPS_TD

include "MochiTypes.td"

def Mochi_AnyOperator : StringBasedAttr<
    And<[StrAttr.predicate,
         CPred<"::mochi::isAnyOperator(::llvm::cast<::mlir::StringAttr>($_self).getValue())">]>,
    "one of \"add\", \"sub\", \"mul\", \"div\", \"rem\""> {
  let storageType = "::mlir::StringAttr";
}

def Mochi_AnyWrapOp : Mochi_Op<"any.wrap", [Pure]> {
  let summary = "a value together with its type";
  let description = [{
    An option without a value becomes null.

    Constraints: `any-wrap-C1`: the operand is not itself `!mochi.any`.

    ```mlir
    %a = mochi.any.wrap %v : i64
    ```
  }];
  let arguments = (ins Mochi_Storable:$value);
  let results = (outs Mochi_Any:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let hasVerifier = 1;
  let consumedOperands = [0];
  let resultOwnership = "owned";
}

def Mochi_AnyUnwrapOp : Mochi_Op<"any.unwrap", [MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "the value of exactly one type in an any";
  let description = [{
    Fails if the value is of another type; use `mochi.cast` to convert.

    Constraints: `any-unwrap-C1`: the result is not itself `!mochi.any`.

    ```mlir
    %v = mochi.any.unwrap %a : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_Any:$any);
  let results = (outs Mochi_Storable:$result);
  let assemblyFormat = "$any attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
  let hasFolder = 1;
  let resultOwnership = "borrowed";
  let mayFail = 1;
}

def Mochi_AnyIsOp : Mochi_Op<"any.is", [Pure]> {
  let summary = "whether an any holds a value of a type";
  let description = [{
    Constraints: `any-is-C1`: the type can be stored.

    ```mlir
    %c = mochi.any.is %a, !mochi.str
    ```
  }];
  let arguments = (ins Mochi_Any:$any, TypeAttr:$type);
  let results = (outs I1:$result);
  let assemblyFormat = "$any `,` $type attr-dict";
  let hasVerifier = 1;
  let hasFolder = 1;
  let resultOwnership = "scalar";
}

def Mochi_AnyIsNullOp : Mochi_Op<"any.is_null", [Pure]> {
  let summary = "whether an any is null";
  let description = [{
    ```mlir
    %c = mochi.any.is_null %a
    ```
  }];
  let arguments = (ins Mochi_Any:$any);
  let results = (outs I1:$result);
  let assemblyFormat = "$any attr-dict";
  let hasFolder = 1;
  let resultOwnership = "scalar";
}

def Mochi_AnyBinaryOp : Mochi_Op<"any.binary", [
    MemoryEffects<[MemRead, Mochi_MayStop]>]> {
  let summary = "arithmetic on values of unknown type";
  let description = [{
    Does what the operator does for the types the operands turn out to have, or
    fails.

    Constraints: `any-binary-C1`: the operator is one of the five.

    ```mlir
    %c = mochi.any.binary "add" %a, %b
    ```
  }];
  let arguments = (ins Mochi_Any:$lhs, Mochi_Any:$rhs, Mochi_AnyOperator:$op);
  let results = (outs Res<Mochi_Any, "", [MemAlloc]>:$result);
  let assemblyFormat = "$op $lhs `,` $rhs attr-dict";
  let resultOwnership = "owned";
  let mayFail = 1;
}

def Mochi_AnyIndexOp : Mochi_Op<"any.index", [
    MemoryEffects<[MemRead, Mochi_MayStop]>]> {
  let summary = "indexes a value of unknown type";
  let description = [{
    ```mlir
    %e = mochi.any.index %a[%k] : i64
    ```
  }];
  let arguments = (ins Mochi_Any:$any, Mochi_Storable:$key);
  let results = (outs Res<Mochi_Any, "", [MemAlloc]>:$result);
  let assemblyFormat = "$any `[` $key `]` attr-dict `:` type($key)";
  let resultOwnership = "owned";
  let mayFail = 1;
}

def Mochi_AnySetIndexOp : Mochi_Op<"any.set_index", [
    MemoryEffects<[MemRead, MemWrite, Mochi_MayStop]>]> {
  let summary = "assigns an element of a value of unknown type";
  let description = [{
    ```mlir
    mochi.any.set_index %a[%k], %v : i64, !mochi.any
    ```
  }];
  let arguments = (ins Mochi_Any:$any, Mochi_Storable:$key, Mochi_Storable:$value);
  let assemblyFormat =
    "$any `[` $key `]` `,` $value attr-dict `:` type($key) `,` type($value)";
  let mayFail = 1;
}

def Mochi_AnyFieldOp : Mochi_Op<"any.field", [
    MemoryEffects<[MemRead, Mochi_MayStop]>]> {
  let summary = "reads a field of a value of unknown type";
  let description = [{
    ```mlir
    %f = mochi.any.field %a["name"]
    ```
  }];
  let arguments = (ins Mochi_Any:$any, StrAttr:$name);
  let results = (outs Res<Mochi_Any, "", [MemAlloc]>:$result);
  let assemblyFormat = "$any `[` $name `]` attr-dict";
  let resultOwnership = "owned";
  let mayFail = 1;
}

def Mochi_AnySetFieldOp : Mochi_Op<"any.set_field", [
    MemoryEffects<[MemRead, MemWrite, Mochi_MayStop]>]> {
  let summary = "assigns a field of a value of unknown type";
  let description = [{
    ```mlir
    mochi.any.set_field %a["name"], %v : !mochi.str
    ```
  }];
  let arguments = (ins Mochi_Any:$any, Mochi_Storable:$value, StrAttr:$name);
  let assemblyFormat = "$any `[` $name `]` `,` $value attr-dict `:` type($value)";
  let mayFail = 1;
}

def Mochi_AnyLengthOp : Mochi_Op<"any.length", [
    MemoryEffects<[MemRead, Mochi_MayStop]>]> {
  let summary = "the length of a value of unknown type";
  let description = [{
    ```mlir
    %n = mochi.any.length %a
    ```
  }];
  let arguments = (ins Mochi_Any:$any);
  let results = (outs I64:$result);
  let assemblyFormat = "$any attr-dict";
  let resultOwnership = "scalar";
  let mayFail = 1;
}

def Mochi_AnyElementsOp : Mochi_Op<"any.elements", [
    MemoryEffects<[MemRead, Mochi_MayStop]>]> {
  let summary = "what a loop over a value of unknown type goes through";
  let description = [{
    Elements of a list, keys of a map, characters of a string.

    Constraints: `any-elements-C1`: the result is a list of any.

    ```mlir
    %l = mochi.any.elements %a : !mochi.list<!mochi.any>
    ```
  }];
  let arguments = (ins Mochi_Any:$any);
  let results = (outs Res<Mochi_List, "", [MemAlloc]>:$result);
  let assemblyFormat = "$any attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
  let resultOwnership = "owned";
  let mayFail = 1;
}

#endif // MOCHI_ANY_OPS_TD
