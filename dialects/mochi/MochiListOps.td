//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Lists. The length of a list value never changes, so reading it is no effect.
//
#ifndef MOCHI_LIST_OPS_TD
#define MOCHI_LIST_OPS_TD

include "MochiTypes.td"
include "mlir/Interfaces/InferIntRangeInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/ViewLikeInterface.td"

class Mochi_ElementOf<string owner, string value> : TypesMatchWith<
    "type of '" # value # "' is the element type of '" # owner # "'", owner, value,
    "::mochi::listElementOf($_self)">;

def Mochi_ListNewOp : Mochi_Op<"list.new"> {
  let summary = "a new list of given elements";
  let description = [{
    Constraints: `list-new-C1`: each element has the list's element type.

    ```mlir
    %l = mochi.list.new [%a, %b] : !mochi.list<i64>
    %e = mochi.list.new [] : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Variadic<Mochi_Storable>:$elements);
  let results = (outs Res<Mochi_List, "", [MemAlloc]>:$result);
  let assemblyFormat =
    "custom<ListElements>($elements, type($elements), type($result)) attr-dict";
  let hasVerifier = 1;
  let consumedOperands = [-1];
  let resultOwnership = "owned";
}

def Mochi_ListLengthOp : Mochi_Op<"list.length", [
    Pure, DeclareOpInterfaceMethods<InferIntRangeInterface, ["inferResultRanges"]>]> {
  let summary = "the number of elements of a list";
  let description = [{
    ```mlir
    %n = mochi.list.length %l : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_List:$list);
  let results = (outs I64:$result);
  let assemblyFormat = "$list attr-dict `:` qualified(type($list))";
  let hasFolder = 1;
  let resultOwnership = "scalar";
}

def Mochi_ListGetOp : Mochi_Op<"list.get", [
    Mochi_ElementOf<"list", "result">,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "the element at an index";
  let description = [{
    A negative index counts from the end. Fails if the index is out of range,
    unless `inbounds` promises that it lies between zero and the length.

    Constraints: `list-get-C1`: the result has the list's element type.
    `list-get-C2`: the index is i64.

    ```mlir
    %e = mochi.list.get %l[%i] : !mochi.list<f64>
    %f = mochi.list.get inbounds %l[%i] : !mochi.list<f64>
    ```
  }];
  let arguments = (ins Mochi_List:$list, I64:$index, UnitAttr:$inbounds);
  let results = (outs Mochi_Storable:$result);
  let assemblyFormat = [{
    (`inbounds` $inbounds^)? $list `[` $index `]` attr-dict
    `:` qualified(type($list))
  }];
  let resultOwnership = "borrowed";
  let mayFail = 1;
}

def Mochi_ListSetOp : Mochi_Op<"list.set", [
    Mochi_ElementOf<"list", "value">,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "replaces the element at an index";
  let description = [{
    Indices as in `mochi.list.get`. Every reference to the list sees the new
    element; the old one is released.

    Constraints: `list-set-C1`: the value has the list's element type.
    `list-set-C2`: the index is i64.

    ```mlir
    mochi.list.set %l[%i], %v : !mochi.list<f64>
    ```
  }];
  let arguments = (ins Mochi_List:$list, I64:$index, Mochi_Storable:$value,
    UnitAttr:$inbounds);
  let assemblyFormat = [{
    (`inbounds` $inbounds^)? $list `[` $index `]` `,` $value attr-dict
    `:` qualified(type($list))
  }];
  let consumedOperands = [2];
  let mayFail = 1;
}

def Mochi_ListAppendOp : Mochi_Op<"list.append", [
    Mochi_ElementOf<"list", "value">, AllTypesMatch<["list", "result"]>,
    MemoryEffects<[MemRead]>]> {
  let summary = "a list with one more element";
  let description = [{
    Copies the list, or grows it in place where it dies here. A null list counts
    as empty.

    Constraints: `list-append-C1`: the value has the list's element type.

    ```mlir
    %m = mochi.list.append %l, %v : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_List:$list, Mochi_Storable:$value);
  let results = (outs Res<Mochi_List, "", [MemAlloc]>:$result);
  let assemblyFormat = "$list `,` $value attr-dict `:` qualified(type($list))";
  let consumedOperands = [0, 1];
  let resultOwnership = "owned";
}

def Mochi_ListSliceOp : Mochi_Op<"list.slice", [
    AllTypesMatch<["list", "result"]>, MemoryEffects<[MemRead]>]> {
  let summary = "a new list of part of a list";
  let description = [{
    From the first index up to, not including, the second. Negative indices
    count from the end; both are then clamped to the list.

    ```mlir
    %m = mochi.list.slice %l[%from, %to] : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_List:$list, I64:$from, I64:$to);
  let results = (outs Res<Mochi_List, "", [MemAlloc]>:$result);
  let assemblyFormat =
    "$list `[` $from `,` $to `]` attr-dict `:` qualified(type($list))";
  let resultOwnership = "owned";
}

def Mochi_ListConcatOp : Mochi_Op<"list.concat", [
    AllTypesMatch<["lhs", "rhs", "result"]>, MemoryEffects<[MemRead]>]> {
  let summary = "joins two lists";
  let description = [{
    Grows the first list in place where it dies here.

    Constraints: `list-concat-C1`: both lists have the same type.

    ```mlir
    %m = mochi.list.concat %a, %b : !mochi.list<i64>
    ```
  }];
  let arguments = (ins Mochi_List:$lhs, Mochi_List:$rhs);
  let results = (outs Res<Mochi_List, "", [MemAlloc]>:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` qualified(type($lhs))";
  let consumedOperands = [0];
  let resultOwnership = "owned";
}

def Mochi_ListContainsOp : Mochi_Op<"list.contains", [
    Mochi_ElementOf<"list", "value">, MemoryEffects<[MemRead]>]> {
  let summary = "whether some element equals a value";
  let description = [{
    Constraints: `list-contains-C1`: the value has the list's element type.

    ```mlir
    %c = mochi.list.contains %l, %v : !mochi.list<!mochi.str>
    ```
  }];
  let arguments = (ins Mochi_List:$list, Mochi_Storable:$value);
  let results = (outs I1:$result);
  let assemblyFormat = "$list `,` $value attr-dict `:` qualified(type($list))";
  let resultOwnership = "scalar";
}

def Mochi_ListViewOp : Mochi_Op<"list.view", [
    Pure, DeclareOpInterfaceMethods<ViewLikeOpInterface>]> {
  let summary = "the elements of a list as a memref";
  let description = [{
    Valid as long as the list value is: its elements do not move. The size of
    the memref is the length of the list.

    Constraints: `list-view-C1`: the memref has the list's element type, one
    dynamic dimension, the identity layout and the default memory space.

    ```mlir
    %m = mochi.list.view %l : !mochi.list<f64> -> memref<?xf64>
    ```
  }];
  let arguments = (ins Mochi_List:$list);
  let results = (outs Mochi_ViewType:$result);
  let assemblyFormat =
    "$list attr-dict `:` qualified(type($list)) `->` type($result)";
  let hasVerifier = 1;
  let resultOwnership = "borrowed";
}

#endif // MOCHI_LIST_OPS_TD
