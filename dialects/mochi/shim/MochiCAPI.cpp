//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// C interface of the `mochi` dialect.
//
#include "MochiCAPI.h"
#include "MochiOps.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Registration.h"

using namespace mlir;

MLIR_DEFINE_CAPI_DIALECT_REGISTRATION(Mochi, mochi, mochi::MochiDialect)

/// Builds a type, or reports why it cannot be.
template <typename T, typename... Parts>
static MlirType getChecked(MLIRContext *context, Parts... parts) {
  Location loc = UnknownLoc::get(context);
  return wrap(T::getChecked([&] { return emitError(loc); }, context, parts...));
}

MlirType mlirMochiStrTypeGet(MlirContext context) {
  return wrap(mochi::StrType::get(unwrap(context)));
}
bool mlirTypeIsAMochiStr(MlirType type) {
  return isa<mochi::StrType>(unwrap(type));
}
MlirTypeID mlirMochiStrTypeGetTypeID(void) {
  return wrap(mochi::StrType::getTypeID());
}

MlirType mlirMochiListTypeGet(MlirType element) {
  return getChecked<mochi::ListType>(unwrap(element).getContext(),
      unwrap(element));
}
bool mlirTypeIsAMochiList(MlirType type) {
  return isa<mochi::ListType>(unwrap(type));
}
MlirTypeID mlirMochiListTypeGetTypeID(void) {
  return wrap(mochi::ListType::getTypeID());
}
MlirType mlirMochiListTypeGetElement(MlirType type) {
  return wrap(cast<mochi::ListType>(unwrap(type)).getElement());
}

MlirType mlirMochiMapTypeGet(MlirType key, MlirType value) {
  return getChecked<mochi::MapType>(unwrap(key).getContext(),
      unwrap(key), unwrap(value));
}
bool mlirTypeIsAMochiMap(MlirType type) {
  return isa<mochi::MapType>(unwrap(type));
}
MlirTypeID mlirMochiMapTypeGetTypeID(void) {
  return wrap(mochi::MapType::getTypeID());
}
MlirType mlirMochiMapTypeGetKey(MlirType type) {
  return wrap(cast<mochi::MapType>(unwrap(type)).getKey());
}
MlirType mlirMochiMapTypeGetValue(MlirType type) {
  return wrap(cast<mochi::MapType>(unwrap(type)).getValue());
}

MlirType mlirMochiRecordTypeGet(MlirAttribute symbol) {
  return wrap(mochi::RecordType::get(cast<FlatSymbolRefAttr>(unwrap(symbol))));
}
bool mlirTypeIsAMochiRecord(MlirType type) {
  return isa<mochi::RecordType>(unwrap(type));
}
MlirTypeID mlirMochiRecordTypeGetTypeID(void) {
  return wrap(mochi::RecordType::getTypeID());
}
MlirAttribute mlirMochiRecordTypeGetSymbol(MlirType type) {
  return wrap(Attribute(cast<mochi::RecordType>(unwrap(type)).getSymbol()));
}

MlirType mlirMochiUnionTypeGet(MlirAttribute symbol) {
  return wrap(mochi::UnionType::get(cast<FlatSymbolRefAttr>(unwrap(symbol))));
}
bool mlirTypeIsAMochiUnion(MlirType type) {
  return isa<mochi::UnionType>(unwrap(type));
}
MlirTypeID mlirMochiUnionTypeGetTypeID(void) {
  return wrap(mochi::UnionType::getTypeID());
}
MlirAttribute mlirMochiUnionTypeGetSymbol(MlirType type) {
  return wrap(Attribute(cast<mochi::UnionType>(unwrap(type)).getSymbol()));
}

MlirType mlirMochiFnTypeGet(MlirType signature) {
  return getChecked<mochi::FnType>(unwrap(signature).getContext(),
      cast<FunctionType>(unwrap(signature)));
}
bool mlirTypeIsAMochiFn(MlirType type) {
  return isa<mochi::FnType>(unwrap(type));
}
MlirTypeID mlirMochiFnTypeGetTypeID(void) {
  return wrap(mochi::FnType::getTypeID());
}
MlirType mlirMochiFnTypeGetSignature(MlirType type) {
  return wrap(Type(cast<mochi::FnType>(unwrap(type)).getSignature()));
}

MlirType mlirMochiAnyTypeGet(MlirContext context) {
  return wrap(mochi::AnyType::get(unwrap(context)));
}
bool mlirTypeIsAMochiAny(MlirType type) {
  return isa<mochi::AnyType>(unwrap(type));
}
MlirTypeID mlirMochiAnyTypeGetTypeID(void) {
  return wrap(mochi::AnyType::getTypeID());
}

MlirType mlirMochiOptionTypeGet(MlirType payload) {
  return getChecked<mochi::OptionType>(unwrap(payload).getContext(),
      unwrap(payload));
}
bool mlirTypeIsAMochiOption(MlirType type) {
  return isa<mochi::OptionType>(unwrap(type));
}
MlirTypeID mlirMochiOptionTypeGetTypeID(void) {
  return wrap(mochi::OptionType::getTypeID());
}
MlirType mlirMochiOptionTypeGetPayload(MlirType type) {
  return wrap(cast<mochi::OptionType>(unwrap(type)).getPayload());
}

MlirType mlirMochiBigIntTypeGet(MlirContext context) {
  return wrap(mochi::BigIntType::get(unwrap(context)));
}
bool mlirTypeIsAMochiBigInt(MlirType type) {
  return isa<mochi::BigIntType>(unwrap(type));
}
MlirTypeID mlirMochiBigIntTypeGetTypeID(void) {
  return wrap(mochi::BigIntType::getTypeID());
}

MlirType mlirMochiBigRatTypeGet(MlirContext context) {
  return wrap(mochi::BigRatType::get(unwrap(context)));
}
bool mlirTypeIsAMochiBigRat(MlirType type) {
  return isa<mochi::BigRatType>(unwrap(type));
}
MlirTypeID mlirMochiBigRatTypeGetTypeID(void) {
  return wrap(mochi::BigRatType::getTypeID());
}

MlirType mlirMochiCellTypeGet(MlirType content) {
  return getChecked<mochi::CellType>(unwrap(content).getContext(),
      unwrap(content));
}
bool mlirTypeIsAMochiCell(MlirType type) {
  return isa<mochi::CellType>(unwrap(type));
}
MlirTypeID mlirMochiCellTypeGetTypeID(void) {
  return wrap(mochi::CellType::getTypeID());
}
MlirType mlirMochiCellTypeGetContent(MlirType type) {
  return wrap(cast<mochi::CellType>(unwrap(type)).getContent());
}

MlirType mlirMochiEnvTypeGet(MlirContext context) {
  return wrap(mochi::EnvType::get(unwrap(context)));
}
bool mlirTypeIsAMochiEnv(MlirType type) {
  return isa<mochi::EnvType>(unwrap(type));
}
MlirTypeID mlirMochiEnvTypeGetTypeID(void) {
  return wrap(mochi::EnvType::getTypeID());
}

bool mlirMochiTypeIsStorable(MlirType type) {
  return mochi::isStorableType(unwrap(type));
}
bool mlirMochiTypeIsValue(MlirType type) {
  return mochi::isValueType(unwrap(type));
}
bool mlirMochiTypeIsOrdered(MlirType type) {
  return mochi::isOrderedType(unwrap(type));
}
bool mlirMochiTypeIsCounted(MlirType type) {
  return mochi::isCountedType(unwrap(type));
}
bool mlirMochiTypeIsMutable(MlirType type) {
  return mochi::isMutableType(unwrap(type));
}

MlirType mlirMochiTypeGetOptionOf(MlirType payload) {
  return wrap(mochi::optionOf(unwrap(payload)));
}
