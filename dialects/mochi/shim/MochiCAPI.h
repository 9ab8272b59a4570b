//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// C interface of the `mochi` dialect, in the manner of MLIR's own.
//
#ifndef MOCHI_C_API_H
#define MOCHI_C_API_H

#include "mlir-c/IR.h"

#ifdef __cplusplus
extern "C" {
#endif

MLIR_DECLARE_CAPI_DIALECT_REGISTRATION(Mochi, mochi);

//===----------------------------------------------------------------------===//
// Types. A getter that is given parts which do not make a valid type reports
// an error to the context and gives a null type.
//===----------------------------------------------------------------------===//

/// The type `!mochi.str`.
MLIR_CAPI_EXPORTED MlirType mlirMochiStrTypeGet(MlirContext context);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiStr(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiStrTypeGetTypeID(void);

/// The type `!mochi.list`.
MLIR_CAPI_EXPORTED MlirType mlirMochiListTypeGet(MlirType element);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiList(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiListTypeGetTypeID(void);
MLIR_CAPI_EXPORTED MlirType mlirMochiListTypeGetElement(MlirType type);

/// The type `!mochi.map`.
MLIR_CAPI_EXPORTED MlirType mlirMochiMapTypeGet(MlirType key, MlirType value);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiMap(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiMapTypeGetTypeID(void);
MLIR_CAPI_EXPORTED MlirType mlirMochiMapTypeGetKey(MlirType type);
MLIR_CAPI_EXPORTED MlirType mlirMochiMapTypeGetValue(MlirType type);

/// The type `!mochi.record`. The symbol is a flat symbol reference.
MLIR_CAPI_EXPORTED MlirType mlirMochiRecordTypeGet(MlirAttribute symbol);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiRecord(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiRecordTypeGetTypeID(void);
MLIR_CAPI_EXPORTED MlirAttribute mlirMochiRecordTypeGetSymbol(MlirType type);

/// The type `!mochi.union`. The symbol is a flat symbol reference.
MLIR_CAPI_EXPORTED MlirType mlirMochiUnionTypeGet(MlirAttribute symbol);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiUnion(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiUnionTypeGetTypeID(void);
MLIR_CAPI_EXPORTED MlirAttribute mlirMochiUnionTypeGetSymbol(MlirType type);

/// The type `!mochi.fn`. The signature is a builtin function type.
MLIR_CAPI_EXPORTED MlirType mlirMochiFnTypeGet(MlirType signature);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiFn(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiFnTypeGetTypeID(void);
MLIR_CAPI_EXPORTED MlirType mlirMochiFnTypeGetSignature(MlirType type);

/// The type `!mochi.any`.
MLIR_CAPI_EXPORTED MlirType mlirMochiAnyTypeGet(MlirContext context);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiAny(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiAnyTypeGetTypeID(void);

/// The type `!mochi.option`.
MLIR_CAPI_EXPORTED MlirType mlirMochiOptionTypeGet(MlirType payload);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiOption(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiOptionTypeGetTypeID(void);
MLIR_CAPI_EXPORTED MlirType mlirMochiOptionTypeGetPayload(MlirType type);

/// The type `!mochi.bigint`.
MLIR_CAPI_EXPORTED MlirType mlirMochiBigIntTypeGet(MlirContext context);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiBigInt(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiBigIntTypeGetTypeID(void);

/// The type `!mochi.bigrat`.
MLIR_CAPI_EXPORTED MlirType mlirMochiBigRatTypeGet(MlirContext context);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiBigRat(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiBigRatTypeGetTypeID(void);

/// The type `!mochi.cell`.
MLIR_CAPI_EXPORTED MlirType mlirMochiCellTypeGet(MlirType content);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiCell(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiCellTypeGetTypeID(void);
MLIR_CAPI_EXPORTED MlirType mlirMochiCellTypeGetContent(MlirType type);

/// The type `!mochi.env`.
MLIR_CAPI_EXPORTED MlirType mlirMochiEnvTypeGet(MlirContext context);
MLIR_CAPI_EXPORTED bool mlirTypeIsAMochiEnv(MlirType type);
MLIR_CAPI_EXPORTED MlirTypeID mlirMochiEnvTypeGetTypeID(void);

//===----------------------------------------------------------------------===//
// Questions about types
//===----------------------------------------------------------------------===//

/// Whether lists, fields and variables may hold values of this type.
MLIR_CAPI_EXPORTED bool mlirMochiTypeIsStorable(MlirType type);

/// The above, or a cell.
MLIR_CAPI_EXPORTED bool mlirMochiTypeIsValue(MlirType type);

/// Whether the language defines an order on this type.
MLIR_CAPI_EXPORTED bool mlirMochiTypeIsOrdered(MlirType type);

/// Whether values of this type take part in reference counting.
MLIR_CAPI_EXPORTED bool mlirMochiTypeIsCounted(MlirType type);

/// Whether looking into a value of this type is a read of memory.
MLIR_CAPI_EXPORTED bool mlirMochiTypeIsMutable(MlirType type);

/// The type of "a value of this type, or nothing": options and any are their
/// own.
MLIR_CAPI_EXPORTED MlirType mlirMochiTypeGetOptionOf(MlirType payload);

#ifdef __cplusplus
}
#endif

#endif // MOCHI_C_API_H
