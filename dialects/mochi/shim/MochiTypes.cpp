//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Storage, syntax and verification of the types; questions about types.
//
#include "MochiTypes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mochi;

#define GET_TYPEDEF_CLASSES
#include "MochiTypes.cpp.inc"

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

bool mochi::isStorableType(Type type) {
  if (type.isInteger(64) || type.isF64() || type.isInteger(1))
    return type.isSignlessInteger() || type.isF64();
  return isa<StrType, ListType, MapType, RecordType, UnionType, FnType, AnyType,
             OptionType, BigIntType, BigRatType>(type);
}

bool mochi::isValueType(Type type) {
  return isStorableType(type) || isa<CellType>(type);
}

bool mochi::isOrderedType(Type type) {
  return type.isSignlessInteger(64) || type.isF64() ||
         type.isSignlessInteger(1) ||
         isa<StrType, BigIntType, BigRatType, AnyType>(type);
}

bool mochi::isCountedType(Type type) {
  if (auto option = dyn_cast<OptionType>(type))
    return isCountedType(option.getPayload());
  return !isa<EnvType>(type) && isa<MochiDialect>(type.getDialect());
}

bool mochi::isMutableType(Type type) {
  if (auto option = dyn_cast<OptionType>(type))
    return isMutableType(option.getPayload());
  // A union's payload is fixed, but it may refer to a list. Function values
  // are compared by identity, which is fixed as well.
  return isa<ListType, MapType, RecordType, UnionType, AnyType, CellType>(type);
}

Type mochi::listElementOf(Type type) {
  auto list = dyn_cast_or_null<ListType>(type);
  return list ? list.getElement() : Type();
}

Type mochi::mapKeyOf(Type type) {
  auto map = dyn_cast_or_null<MapType>(type);
  return map ? map.getKey() : Type();
}

Type mochi::mapValueOf(Type type) {
  auto map = dyn_cast_or_null<MapType>(type);
  return map ? map.getValue() : Type();
}

Type mochi::optionPayloadOf(Type type) {
  auto option = dyn_cast_or_null<OptionType>(type);
  return option ? option.getPayload() : Type();
}

Type mochi::cellContentOf(Type type) {
  auto cell = dyn_cast_or_null<CellType>(type);
  return cell ? cell.getContent() : Type();
}

Type mochi::listOf(Type element) {
  return element ? Type(ListType::get(element)) : Type();
}

Type mochi::optionOf(Type payload) {
  if (!payload || isa<OptionType, AnyType>(payload))
    return payload;
  return OptionType::get(payload);
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

static LogicalResult
verifyStorable(function_ref<InFlightDiagnostic()> emitError, Type type,
               StringRef role) {
  if (isStorableType(type))
    return success();
  return emitError() << role << " must be a value that can be stored, but is "
                     << type;
}

LogicalResult ListType::verify(function_ref<InFlightDiagnostic()> emitError,
                               Type element) {
  return verifyStorable(emitError, element, "list element");
}

LogicalResult MapType::verify(function_ref<InFlightDiagnostic()> emitError,
                              Type key, Type value) {
  if (failed(verifyStorable(emitError, key, "map key")) ||
      failed(verifyStorable(emitError, value, "map value")))
    return failure();
  if (key.isInteger() || key.isF64() || isa<StrType, AnyType>(key))
    return success();
  return emitError() << "map key must be i64, f64, i1, str or any, but is "
                     << key;
}

LogicalResult FnType::verify(function_ref<InFlightDiagnostic()> emitError,
                             FunctionType signature) {
  for (Type input : signature.getInputs())
    if (failed(verifyStorable(emitError, input, "function parameter")))
      return failure();
  for (Type result : signature.getResults())
    if (failed(verifyStorable(emitError, result, "function result")))
      return failure();
  if (signature.getNumResults() > 1)
    return emitError() << "a function value has at most one result";
  return success();
}

LogicalResult OptionType::verify(function_ref<InFlightDiagnostic()> emitError,
                                 Type payload) {
  if (failed(verifyStorable(emitError, payload, "option payload")))
    return failure();
  if (isa<OptionType, AnyType>(payload))
    return emitError() << "an option of " << payload << " is that type itself";
  return success();
}

LogicalResult CellType::verify(function_ref<InFlightDiagnostic()> emitError,
                               Type content) {
  return verifyStorable(emitError, content, "cell content");
}

//===----------------------------------------------------------------------===//
// Names of values in printed IR
//===----------------------------------------------------------------------===//

void StrType::getAsmName(OpAsmSetNameFn setName) const { setName("str"); }
void ListType::getAsmName(OpAsmSetNameFn setName) const { setName("list"); }
void MapType::getAsmName(OpAsmSetNameFn setName) const { setName("map"); }
void FnType::getAsmName(OpAsmSetNameFn setName) const { setName("fn"); }
void AnyType::getAsmName(OpAsmSetNameFn setName) const { setName("any"); }
void OptionType::getAsmName(OpAsmSetNameFn setName) const { setName("option"); }
void BigIntType::getAsmName(OpAsmSetNameFn setName) const { setName("bigint"); }
void BigRatType::getAsmName(OpAsmSetNameFn setName) const { setName("bigrat"); }
void CellType::getAsmName(OpAsmSetNameFn setName) const { setName("cell"); }
void EnvType::getAsmName(OpAsmSetNameFn setName) const { setName("env"); }
void RecordType::getAsmName(OpAsmSetNameFn setName) const { setName("record"); }
void UnionType::getAsmName(OpAsmSetNameFn setName) const { setName("union"); }

//===----------------------------------------------------------------------===//
// Registration; here because the storage classes are defined in this file.
//===----------------------------------------------------------------------===//

void MochiDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "MochiTypes.cpp.inc"
      >();
}
