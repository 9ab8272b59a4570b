//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Maps.
//
#ifndef MOCHI_MAP_OPS_TD
#define MOCHI_MAP_OPS_TD

include "MochiTypes.td"
include "mlir/Interfaces/InferTypeOpInterface.td"

class Mochi_KeyOf<string owner, string key> : TypesMatchWith<
    "type of '" # key # "' is the key type of '" # owner # "'", owner, key,
    "::mochi::mapKeyOf($_self)">;
class Mochi_MappedOf<string owner, string value> : TypesMatchWith<
    "type of '" # value # "' is the value type of '" # owner # "'", owner, value,
    "::mochi::mapValueOf($_self)">;

def Mochi_MapNewOp : Mochi_Op<"map.new", [SameVariadicOperandSize]> {
  let summary = "a new map of given entries";
  let description = [{
    Of entries with equal keys, the last one counts.

    Constraints: `map-new-C1`: each key and value has the type the map says.

    ```mlir
    %m = mochi.map.new {%k: %v, %l: %w} : !mochi.map<!mochi.str, i64>
    ```
  }];
  let arguments = (ins Variadic<Mochi_Storable>:$keys,
                       Variadic<Mochi_Storable>:$values);
  let results = (outs Res<Mochi_Map, "", [MemAlloc]>:$result);
  let assemblyFormat = [{
    custom<MapEntries>($keys, type($keys), $values, type($values), type($result))
    attr-dict
  }];
  let hasVerifier = 1;
  let consumedOperands = [-1];
  let resultOwnership = "owned";
}

def Mochi_MapGetOp : Mochi_Op<"map.get", [
    Mochi_KeyOf<"map", "key">,
    TypesMatchWith<"the result is an option of the map's value type", "map",
      "result", "::mochi::optionOf(::mochi::mapValueOf($_self))">,
    MemoryEffects<[MemRead]>]> {
  let summary = "the value of a key, if there is one";
  let description = [{
    Where the values are options or `!mochi.any`, the result has that type and
    its own nothing stands for an absent key.

    Constraints: `map-get-C1`: the key has the map's key type. `map-get-C2`: the
    result is an option of the map's value type.

    ```mlir
    %v = mochi.map.get %m[%k] : !mochi.map<!mochi.str, i64>
    ```
  }];
  let arguments = (ins Mochi_Map:$map, Mochi_Storable:$key);
  let results = (outs Mochi_Storable:$result);
  let assemblyFormat = "$map `[` $key `]` attr-dict `:` qualified(type($map))";
  let resultOwnership = "borrowed";
}

def Mochi_MapSetOp : Mochi_Op<"map.set", [
    Mochi_KeyOf<"map", "key">, Mochi_MappedOf<"map", "value">,
    MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "sets the value of a key";
  let description = [{
    Every reference to the map sees the change.

    Constraints: `map-set-C1`: the key has the map's key type. `map-set-C2`: the
    value has the map's value type.

    ```mlir
    mochi.map.set %m[%k], %v : !mochi.map<!mochi.str, i64>
    ```
  }];
  let arguments = (ins Mochi_Map:$map, Mochi_Storable:$key, Mochi_Storable:$value);
  let assemblyFormat =
    "$map `[` $key `]` `,` $value attr-dict `:` qualified(type($map))";
  let consumedOperands = [1, 2];
}

def Mochi_MapContainsOp : Mochi_Op<"map.contains", [
    Mochi_KeyOf<"map", "key">, MemoryEffects<[MemRead]>]> {
  let summary = "whether a map has a key";
  let description = [{
    Constraints: `map-contains-C1`: the key has the map's key type.

    ```mlir
    %c = mochi.map.contains %m, %k : !mochi.map<!mochi.str, i64>
    ```
  }];
  let arguments = (ins Mochi_Map:$map, Mochi_Storable:$key);
  let results = (outs I1:$result);
  let assemblyFormat = "$map `,` $key attr-dict `:` qualified(type($map))";
  let resultOwnership = "scalar";
}

def Mochi_MapLengthOp : Mochi_Op<"map.length", [MemoryEffects<[MemRead]>]> {
  let summary = "the number of entries of a map";
  let description = [{
    ```mlir
    %n = mochi.map.length %m : !mochi.map<!mochi.str, i64>
    ```
  }];
  let arguments = (ins Mochi_Map:$map);
  let results = (outs I64:$result);
  let assemblyFormat = "$map attr-dict `:` qualified(type($map))";
  let resultOwnership = "scalar";
}

def Mochi_MapKeysOp : Mochi_Op<"map.keys", [
    TypesMatchWith<"the result is a list of the map's keys", "map", "result",
      "::mochi::listOf(::mochi::mapKeyOf($_self))">,
    MemoryEffects<[MemRead]>]> {
  let summary = "the keys of a map, ascending";
  let description = [{
    Constraints: `map-keys-C1`: the result is a list of the map's key type.

    ```mlir
    %k = mochi.map.keys %m : !mochi.map<!mochi.str, i64>
    ```
  }];
  let arguments = (ins Mochi_Map:$map);
  let results = (outs Res<Mochi_List, "", [MemAlloc]>:$result);
  let assemblyFormat = "$map attr-dict `:` qualified(type($map))";
  let resultOwnership = "owned";
}

def Mochi_MapValuesOp : Mochi_Op<"map.values", [
    TypesMatchWith<"the result is a list of the map's values", "map", "result",
      "::mochi::listOf(::mochi::mapValueOf($_self))">,
    MemoryEffects<[MemRead]>]> {
  let summary = "the values of a map, in ascending order of their keys";
  let description = [{
    Constraints: `map-values-C1`: the result is a list of the map's value type.

    ```mlir
    %v = mochi.map.values %m : !mochi.map<!mochi.str, i64>
    ```
  }];
  let arguments = (ins Mochi_Map:$map);
  let results = (outs Res<Mochi_List, "", [MemAlloc]>:$result);
  let assemblyFormat = "$map attr-dict `:` qualified(type($map))";
  let resultOwnership = "owned";
}

#endif // MOCHI_MAP_OPS_TD
