//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Strings. They are immutable, so reading one is no effect.
//
#ifndef MOCHI_STRING_OPS_TD
#define MOCHI_STRING_OPS_TD

include "MochiTypes.td"

def Mochi_StrConstantOp : Mochi_Op<"str.constant", [ConstantLike, Pure]> {
  let summary = "a string literal";
  let description = [{
    The object is immortal: counting its references does nothing.

    ```mlir
    %s = mochi.str.constant "hello"
    ```
  }];
  let arguments = (ins StrAttr:$value);
  let results = (outs Mochi_Str:$result);
  let assemblyFormat = "$value attr-dict";
  let hasFolder = 1;
  let resultOwnership = "scalar";
}

def Mochi_StrConcatOp : Mochi_Op<"str.concat"> {
  let summary = "joins two strings";
  let description = [{
    Appends in place where the first operand dies here.

    ```mlir
    %s = mochi.str.concat %a, %b
    ```
  }];
  let arguments = (ins Mochi_Str:$lhs, Mochi_Str:$rhs);
  let results = (outs Res<Mochi_Str, "", [MemAlloc]>:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict";
  let hasFolder = 1;
  let hasCanonicalizer = 1;
  let consumedOperands = [0];
  let resultOwnership = "owned";
}

def Mochi_StrLengthOp : Mochi_Op<"str.length", [Pure]> {
  let summary = "the number of code points of a string";
  let description = [{
    ```mlir
    %n = mochi.str.length %s
    ```
  }];
  let arguments = (ins Mochi_Str:$string);
  let results = (outs I64:$result);
  let assemblyFormat = "$string attr-dict";
  let hasFolder = 1;
  let resultOwnership = "scalar";
}

def Mochi_StrGetOp : Mochi_Op<"str.get", [MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "the code point at an index, as a string";
  let description = [{
    A negative index counts from the end. Fails if the index is out of range.

    ```mlir
    %c = mochi.str.get %s[%i]
    ```
  }];
  let arguments = (ins Mochi_Str:$string, I64:$index);
  let results = (outs Res<Mochi_Str, "", [MemAlloc]>:$result);
  let assemblyFormat = "$string `[` $index `]` attr-dict";
  let hasFolder = 1;
  let resultOwnership = "owned";
  let mayFail = 1;
}

def Mochi_StrSliceOp : Mochi_Op<"str.slice"> {
  let summary = "part of a string";
  let description = [{
    From the first index up to, not including, the second. Negative indices
    count from the end; both are then clamped to the string.

    ```mlir
    %t = mochi.str.slice %s[%from, %to]
    ```
  }];
  let arguments = (ins Mochi_Str:$string, I64:$from, I64:$to);
  let results = (outs Res<Mochi_Str, "", [MemAlloc]>:$result);
  let assemblyFormat = "$string `[` $from `,` $to `]` attr-dict";
  let resultOwnership = "owned";
}

def Mochi_StrContainsOp : Mochi_Op<"str.contains", [Pure]> {
  let summary = "whether a string is part of another";
  let description = [{
    ```mlir
    %c = mochi.str.contains %s, %part
    ```
  }];
  let arguments = (ins Mochi_Str:$string, Mochi_Str:$part);
  let results = (outs I1:$result);
  let assemblyFormat = "$string `,` $part attr-dict";
  let hasFolder = 1;
  let resultOwnership = "scalar";
}

def Mochi_StrCharsOp : Mochi_Op<"str.chars"> {
  let summary = "the code points of a string as a list of strings";
  let description = [{
    ```mlir
    %l = mochi.str.chars %s : !mochi.list<!mochi.str>
    ```

    Constraints: `str-chars-C1`: the result is a list of strings.
  }];
  let arguments = (ins Mochi_Str:$string);
  let results = (outs Res<Mochi_List, "", [MemAlloc]>:$result);
  let assemblyFormat = "$string attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
  let resultOwnership = "owned";
}

#endif // MOCHI_STRING_OPS_TD
