//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Records, unions, options and cells.
//
#ifndef MOCHI_DATA_OPS_TD
#define MOCHI_DATA_OPS_TD

include "MochiTypes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"

//===----------------------------------------------------------------------===//
// Records
//===----------------------------------------------------------------------===//

def Mochi_RecordNewOp : Mochi_Op<"record.new", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a new record";
  let description = [{
    Takes the fields in declared order.

    Constraints: `record-C1`: the type's symbol names a `mochi.record_type`.
    `record-new-C1`: one operand per field. `record-new-C2`: each has the
    field's type.

    ```mlir
    %p = mochi.record.new %x, %y : (f64, f64) -> !mochi.record<@Point>
    ```
  }];
  let arguments = (ins Variadic<Mochi_Storable>:$values);
  let results = (outs Res<Mochi_Record, "", [MemAlloc]>:$result);
  let assemblyFormat = "$values attr-dict `:` functional-type($values, $result)";
  let consumedOperands = [-1];
  let resultOwnership = "owned";
}

def Mochi_RecordGetOp : Mochi_Op<"record.get", [
    MemoryEffects<[MemRead]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "reads a field";
  let description = [{
    Constraints: `record-C1`. `record-get-C1`: the record has the field.
    `record-get-C2`: the result has its type.

    ```mlir
    %x = mochi.record.get %p["x"] : !mochi.record<@Point> -> f64
    ```
  }];
  let arguments = (ins Mochi_Record:$record, StrAttr:$field);
  let results = (outs Mochi_Storable:$result);
  let assemblyFormat = [{
    $record `[` $field `]` attr-dict
    `:` qualified(type($record)) `->` type($result)
  }];
  let resultOwnership = "borrowed";
}

def Mochi_RecordSetOp : Mochi_Op<"record.set", [
    MemoryEffects<[MemWrite]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "assigns a field";
  let description = [{
    Every reference to the record sees the change; the old value is released.

    Constraints: `record-C1`. `record-set-C1`: the record has the field.
    `record-set-C2`: the value has its type.

    ```mlir
    mochi.record.set %p["x"], %v : !mochi.record<@Point>, f64
    ```
  }];
  let arguments = (ins Mochi_Record:$record, Mochi_Storable:$value, StrAttr:$field);
  let assemblyFormat = [{
    $record `[` $field `]` `,` $value attr-dict
    `:` qualified(type($record)) `,` type($value)
  }];
  let consumedOperands = [1];
}

//===----------------------------------------------------------------------===//
// Unions
//===----------------------------------------------------------------------===//

def Mochi_UnionNewOp : Mochi_Op<"union.new", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a new instance of a variant";
  let description = [{
    Constraints: `union-C1`: the type's symbol names a `mochi.union_type`.
    `union-C2`: the union has the variant. `union-new-C1`: one operand per
    field. `union-new-C2`: each has the field's type.

    ```mlir
    %t = mochi.union.new "Node"(%l, %n, %r) : (!mochi.union<@Tree>, i64, !mochi.union<@Tree>) -> !mochi.union<@Tree>
    ```
  }];
  let arguments = (ins Variadic<Mochi_Storable>:$values, StrAttr:$variant);
  let results = (outs Res<Mochi_Union, "", [MemAlloc]>:$result);
  let assemblyFormat =
    "$variant `(` $values `)` attr-dict `:` functional-type($values, $result)";
  let consumedOperands = [-1];
  let resultOwnership = "owned";
}

def Mochi_UnionTagOp : Mochi_Op<"union.tag", [Pure]> {
  let summary = "the position of the variant a value is of";
  let description = [{
    ```mlir
    %tag = mochi.union.tag %t : !mochi.union<@Tree>
    ```
  }];
  let arguments = (ins Mochi_Union:$union_value);
  let results = (outs I64:$result);
  let assemblyFormat = "$union_value attr-dict `:` qualified(type($union_value))";
  let hasFolder = 1;
  let resultOwnership = "scalar";
}

def Mochi_UnionGetOp : Mochi_Op<"union.get", [
    NoMemoryEffect, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "reads a field of a variant";
  let description = [{
    The value must be of that variant; nothing is checked. Has no effect, since
    payloads never change, but must not run earlier than where it stands.

    Constraints: `union-C1`, `union-C2`. `union-get-C1`: the variant has a field
    at the index. `union-get-C2`: the result has its type.

    ```mlir
    %n = mochi.union.get %t, "Node"[1] : !mochi.union<@Tree> -> i64
    ```
  }];
  let arguments = (ins Mochi_Union:$union_value, StrAttr:$variant, I64Attr:$index);
  let results = (outs Mochi_Storable:$result);
  let assemblyFormat = [{
    $union_value `,` $variant `[` $index `]` attr-dict
    `:` qualified(type($union_value)) `->` type($result)
  }];
  let hasFolder = 1;
  let resultOwnership = "borrowed";
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

class Mochi_PayloadOf<string option, string value> : TypesMatchWith<
    "type of '" # value # "' is the payload type of '" # option # "'", option,
    value, "::mochi::optionPayloadOf($_self)">;

def Mochi_OptionSomeOp : Mochi_Op<"option.some", [
    Pure, Mochi_PayloadOf<"result", "value">]> {
  let summary = "an option that holds a value";
  let description = [{
    Constraints: `option-some-C1`: the value has the option's payload type.

    ```mlir
    %o = mochi.option.some %v : !mochi.option<i64>
    ```
  }];
  let arguments = (ins Mochi_Storable:$value);
  let results = (outs Mochi_Option:$result);
  let assemblyFormat = "$value attr-dict `:` qualified(type($result))";
  let consumedOperands = [0];
  let resultOwnership = "owned";
}

def Mochi_OptionNoneOp : Mochi_Op<"option.none", [ConstantLike, Pure]> {
  let summary = "an option that holds nothing";
  let description = [{
    Also the null of `!mochi.any`.

    Constraints: `option-none-C1`: the result is an option or any.

    ```mlir
    %o = mochi.option.none : !mochi.option<i64>
    ```
  }];
  let results = (outs AnyTypeOf<[Mochi_Option, Mochi_Any]>:$result);
  let assemblyFormat = "attr-dict `:` qualified(type($result))";
  let resultOwnership = "scalar";
  let hasFolder = 1;
}

def Mochi_OptionIsSomeOp : Mochi_Op<"option.is_some", [Pure]> {
  let summary = "whether an option holds a value";
  let description = [{
    ```mlir
    %c = mochi.option.is_some %o : !mochi.option<i64>
    ```
  }];
  let arguments = (ins Mochi_Option:$option);
  let results = (outs I1:$result);
  let assemblyFormat = "$option attr-dict `:` qualified(type($option))";
  let hasFolder = 1;
  let resultOwnership = "scalar";
}

def Mochi_OptionGetOp : Mochi_Op<"option.get", [
    Mochi_PayloadOf<"option", "result">, MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "the value an option holds";
  let description = [{
    Fails if there is none.

    Constraints: `option-get-C1`: the result has the option's payload type.

    ```mlir
    %v = mochi.option.get %o : !mochi.option<i64>
    ```
  }];
  let arguments = (ins Mochi_Option:$option);
  let results = (outs Mochi_Storable:$result);
  let assemblyFormat = "$option attr-dict `:` qualified(type($option))";
  let hasFolder = 1;
  let resultOwnership = "borrowed";
  let mayFail = 1;
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

class Mochi_ContentOf<string cell, string value> : TypesMatchWith<
    "type of '" # value # "' is the content type of '" # cell # "'", cell,
    value, "::mochi::cellContentOf($_self)">;

def Mochi_CellNewOp : Mochi_Op<"cell.new", [Mochi_ContentOf<"result", "value">]> {
  let summary = "a new shared variable";
  let description = [{
    Constraints: `cell-new-C1`: the value has the cell's content type.

    ```mlir
    %c = mochi.cell.new %v : !mochi.cell<i64>
    ```
  }];
  let arguments = (ins Mochi_Storable:$value);
  let results = (outs Res<Mochi_Cell, "", [MemAlloc]>:$result);
  let assemblyFormat = "$value attr-dict `:` qualified(type($result))";
  let consumedOperands = [0];
  let resultOwnership = "owned";
}

def Mochi_CellGetOp : Mochi_Op<"cell.get", [
    Mochi_ContentOf<"cell", "result">, MemoryEffects<[MemRead]>]> {
  let summary = "reads a shared variable";
  let description = [{
    Constraints: `cell-get-C1`: the result has the cell's content type.

    ```mlir
    %v = mochi.cell.get %c : !mochi.cell<i64>
    ```
  }];
  let arguments = (ins Mochi_Cell:$cell);
  let results = (outs Mochi_Storable:$result);
  let assemblyFormat = "$cell attr-dict `:` qualified(type($cell))";
  let resultOwnership = "borrowed";
}

def Mochi_CellSetOp : Mochi_Op<"cell.set", [
    Mochi_ContentOf<"cell", "value">, MemoryEffects<[MemWrite]>]> {
  let summary = "assigns a shared variable";
  let description = [{
    Releases the value that was there.

    Constraints: `cell-set-C1`: the value has the cell's content type.

    ```mlir
    mochi.cell.set %c, %v : !mochi.cell<i64>
    ```
  }];
  let arguments = (ins Mochi_Cell:$cell, Mochi_Storable:$value);
  let assemblyFormat = "$cell `,` $value attr-dict `:` qualified(type($cell))";
  let consumedOperands = [1];
}

#endif // MOCHI_DATA_OPS_TD
