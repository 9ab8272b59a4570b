//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Module level: record types, union types, global variables.
//
#ifndef MOCHI_MODULE_OPS_TD
#define MOCHI_MODULE_OPS_TD

include "MochiTypes.td"
include "mlir/IR/SymbolInterfaces.td"

def Mochi_RecordTypeOp : Mochi_Op<"record_type", [
    Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "defines a record type";
  let description = [{
    Names the fields of a record type in declared order. `anonymous` marks the
    type of a record literal, which prints without a name. `named` gives the
    Mochi name where it differs from the symbol.

    Constraints:
    * `record-type-C1`: as many names as types.
    * `record-type-C2`: field names are distinct.
    * `record-type-C3`: each field type can be stored.
    * `record-type-C4`: records and unions named by field types are defined.

    ```mlir
    mochi.record_type @Point ("x": f64, "y": f64)
    mochi.record_type anonymous @anon_0 named "{name, age}" ("name": !mochi.str, "age": i64)
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    StrArrayAttr:$fields,
    TypeArrayAttr:$types,
    UnitAttr:$anonymous,
    OptionalAttr<StrAttr>:$display_name);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The position of a field, or none.
    std::optional<unsigned> getFieldIndex(::llvm::StringRef name);
    /// The type of the field at a position.
    ::mlir::Type getFieldType(unsigned index);
  }];
}

def Mochi_UnionTypeOp : Mochi_Op<"union_type", [
    Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "defines a union type";
  let description = [{
    Names the variants of a union in declared order; a variant's position is its
    tag. `field_names` and `field_types` hold one array per variant.

    Constraints:
    * `union-type-C1`: as many field lists as variants.
    * `union-type-C2`: variant names are distinct.
    * `union-type-C3`: field names of a variant are distinct.
    * `union-type-C4`: each field type can be stored.
    * `union-type-C5`: records and unions named by field types are defined.

    ```mlir
    mochi.union_type @Tree {
      "Leaf"(),
      "Node"("left": !mochi.union<@Tree>, "value": i64, "right": !mochi.union<@Tree>)
    }
    ```
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    StrArrayAttr:$variants,
    ArrayAttr:$field_names,
    ArrayAttr:$field_types,
    OptionalAttr<StrAttr>:$display_name);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The tag of a variant, or none.
    std::optional<unsigned> getVariantIndex(::llvm::StringRef name);
    /// The field types of the variant with a tag.
    ::mlir::ArrayAttr getVariantTypes(unsigned tag);
  }];
}

def Mochi_GlobalOp : Mochi_Op<"global", [
    Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "defines a module-level variable";
  let description = [{
    The variable starts out as zero, false, or a null reference.

    Constraints:
    * `global-C1`: the type can be stored or is a cell.
    * `global-C2`: records and unions named by the type are defined.

    ```mlir
    mochi.global @counter : i64
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type);
  let assemblyFormat = "$sym_name `:` $type attr-dict";
  let hasVerifier = 1;
}

def Mochi_GlobalLoadOp : Mochi_Op<"global.load", [
    MemoryEffects<[MemRead]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "reads a global variable";
  let description = [{
    Constraints:
    * `global-load-C1`: the symbol names a `mochi.global`.
    * `global-load-C2`: the result has its type.

    ```mlir
    %n = mochi.global.load @counter : i64
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$global);
  let results = (outs Mochi_Value:$result);
  let assemblyFormat = "$global attr-dict `:` qualified(type($result))";
  let resultOwnership = "borrowed";
}

def Mochi_GlobalStoreOp : Mochi_Op<"global.store", [
    MemoryEffects<[MemWrite]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "assigns a global variable";
  let description = [{
    Releases the value that was there.

    Constraints:
    * `global-store-C1`: the symbol names a `mochi.global`.
    * `global-store-C2`: the operand has its type.

    ```mlir
    mochi.global.store %n, @counter : i64
    ```
  }];
  let arguments = (ins Mochi_Value:$value, FlatSymbolRefAttr:$global);
  let assemblyFormat = "$value `,` $global attr-dict `:` type($value)";
  let consumedOperands = [0];
}

def Mochi_GlobalClearOp : Mochi_Op<"global.clear", [
    MemoryEffects<[MemWrite]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "lets go of what a module variable holds";
  let description = [{
    Releases the value and leaves zero, false, or a null reference. The end of
    the program clears every variable, so that nothing is left allocated.

    Constraints: `global-clear-C1`: the symbol names a `mochi.global`.

    ```mlir
    mochi.global.clear @counts
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$global);
  let assemblyFormat = "$global attr-dict";
}

#endif // MOCHI_MODULE_OPS_TD
