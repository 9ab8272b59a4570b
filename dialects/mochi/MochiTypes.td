//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Types of the `mochi` dialect and the constraints its operations put on types.
// `int`, `float` and `bool` are the builtin i64, f64 and i1.
//
#ifndef MOCHI_TYPES_TD
#define MOCHI_TYPES_TD

include "MochiDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinTypeInterfaces.td"
include "mlir/IR/CommonTypeConstraints.td"

// A type that a list can hold, and that a memref can therefore hold as well.
class Mochi_Type<string name, string typeMnemonic, list<Trait> traits = []>
    : TypeDef<Mochi_Dialect, name, !listconcat(traits, [
        MemRefElementTypeInterface,
        DeclareTypeInterfaceMethods<OpAsmTypeInterface, ["getAsmName"]>])> {
  let mnemonic = typeMnemonic;
}

def Mochi_Str : Mochi_Type<"Str", "str"> {
  let summary = "an immutable string of Unicode code points";
  let description = [{
    Lengths and indices count code points.

    ```mlir
    !mochi.str
    ```
  }];
}

def Mochi_List : Mochi_Type<"List", "list"> {
  let summary = "a list";
  let description = [{
    A reference to a sequence of contiguous elements of one type. Elements may
    be replaced; the length of one list value never changes.

    Constraints: `list-type-C1`: the element type is a value that can be stored.

    ```mlir
    !mochi.list<f64>
    !mochi.list<!mochi.list<i64>>
    ```
  }];
  let parameters = (ins "::mlir::Type":$element);
  let assemblyFormat = "`<` $element `>`";
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::Type":$element), [{
    return $_get(element.getContext(), element);
  }]>];
  let genVerifyDecl = 1;
}

def Mochi_Map : Mochi_Type<"Map", "map"> {
  let summary = "a map from keys to values";
  let description = [{
    A reference to a mutable map. Iteration is in ascending key order.

    Constraints: `map-type-C1`: key and value types can be stored.
    `map-type-C2`: the key type is i64, f64, i1, `!mochi.str` or `!mochi.any`.

    ```mlir
    !mochi.map<!mochi.str, i64>
    ```
  }];
  let parameters = (ins "::mlir::Type":$key, "::mlir::Type":$value);
  let assemblyFormat = "`<` $key `,` $value `>`";
  let builders = [TypeBuilderWithInferredContext<
      (ins "::mlir::Type":$key, "::mlir::Type":$value), [{
    return $_get(key.getContext(), key, value);
  }]>];
  let genVerifyDecl = 1;
}

def Mochi_Record : Mochi_Type<"Record", "record"> {
  let summary = "an instance of a record type";
  let description = [{
    A reference to a mutable record. The fields are those of the
    `mochi.record_type` that the symbol names, so that types may be recursive.

    ```mlir
    !mochi.record<@Point>
    ```
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$symbol);
  let assemblyFormat = "`<` $symbol `>`";
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::FlatSymbolRefAttr":$symbol), [{
    return $_get(symbol.getContext(), symbol);
  }]>];
}

def Mochi_Union : Mochi_Type<"Union", "union"> {
  let summary = "an instance of a union type";
  let description = [{
    A reference to one of the variants of the `mochi.union_type` that the symbol
    names. The payload cannot be changed.

    ```mlir
    !mochi.union<@Tree>
    ```
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$symbol);
  let assemblyFormat = "`<` $symbol `>`";
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::FlatSymbolRefAttr":$symbol), [{
    return $_get(symbol.getContext(), symbol);
  }]>];
}

def Mochi_Fn : Mochi_Type<"Fn", "fn"> {
  let summary = "a function value";
  let description = [{
    A closure: code and the values it captured.

    Constraints: `fn-type-C1`: parameters and results can be stored.
    `fn-type-C2`: there is at most one result.

    ```mlir
    !mochi.fn<(i64, !mochi.str) -> f64>
    !mochi.fn<() -> ()>
    ```
  }];
  let parameters = (ins "::mlir::FunctionType":$signature);
  let assemblyFormat = "`<` $signature `>`";
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::FunctionType":$signature), [{
    return $_get(signature.getContext(), signature);
  }]>];
  let genVerifyDecl = 1;
}

def Mochi_Any : Mochi_Type<"Any", "any"> {
  let summary = "a value that carries its type";
  let description = [{
    Null, or a value of any other type together with a description of that type.

    ```mlir
    !mochi.any
    ```
  }];
}

def Mochi_Option : Mochi_Type<"Option", "option"> {
  let summary = "a value or nothing";
  let description = [{
    Constraints: `option-type-C1`: the payload can be stored.
    `option-type-C2`: the payload is neither `!mochi.option` nor `!mochi.any`,
    which have a nothing of their own.

    ```mlir
    !mochi.option<i64>
    ```
  }];
  let parameters = (ins "::mlir::Type":$payload);
  let assemblyFormat = "`<` $payload `>`";
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::Type":$payload), [{
    return $_get(payload.getContext(), payload);
  }]>];
  let genVerifyDecl = 1;
}

def Mochi_BigInt : Mochi_Type<"BigInt", "bigint"> {
  let summary = "an integer of any size";
  let description = [{
    ```mlir
    !mochi.bigint
    ```
  }];
}

def Mochi_BigRat : Mochi_Type<"BigRat", "bigrat"> {
  let summary = "a fraction of two integers of any size";
  let description = [{
    ```mlir
    !mochi.bigrat
    ```
  }];
}

def Mochi_Cell : Mochi_Type<"Cell", "cell"> {
  let summary = "a variable that closures share";
  let description = [{
    A reference to one mutable slot. Only variables that a closure captures and
    somebody assigns live in cells; cells are never stored in other values.

    Constraints: `cell-type-C1`: the content can be stored.

    ```mlir
    !mochi.cell<i64>
    ```
  }];
  let parameters = (ins "::mlir::Type":$content);
  let assemblyFormat = "`<` $content `>`";
  let builders = [TypeBuilderWithInferredContext<(ins "::mlir::Type":$content), [{
    return $_get(content.getContext(), content);
  }]>];
  let genVerifyDecl = 1;
}

def Mochi_Env : Mochi_Type<"Env", "env"> {
  let summary = "the captured values of the running closure";
  let description = [{
    The type of the last parameter of a function that was lifted out of a
    closure; `mochi.closure.capture` reads from it.

    ```mlir
    !mochi.env
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Constraints
//===----------------------------------------------------------------------===//

// Anything a Mochi variable may hold.
def Mochi_Storable : Type<CPred<"::mochi::isStorableType($_self)">,
    "a Mochi value that can be stored">;

// The above and cells, which only closures hold.
def Mochi_Value : Type<CPred<"::mochi::isValueType($_self)">,
    "a Mochi value or a cell">;

// Types with the total order that `mochi.compare` asks for.
def Mochi_Ordered : Type<CPred<"::mochi::isOrderedType($_self)">,
    "an ordered Mochi value (i64, f64, i1, str, bigint, bigrat or any)">;

def Mochi_Number : AnyTypeOf<[I64, F64]>;
def Mochi_ViewType : Type<
    And<[CPred<"::llvm::isa<::mlir::MemRefType>($_self)">,
         CPred<"::llvm::cast<::mlir::MemRefType>($_self).getRank() == 1">]>,
    "a memref of rank one", "::mlir::MemRefType">;

#endif // MOCHI_TYPES_TD
