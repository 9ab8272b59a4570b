//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Types of the `mochi` dialect and questions about them.
//
#ifndef MOCHI_TYPES_H
#define MOCHI_TYPES_H

#include "MochiDialect.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpImplementation.h"

#define GET_TYPEDEF_CLASSES
#include "MochiTypes.h.inc"

namespace mochi {

/// Whether lists, fields and variables may hold values of this type.
bool isStorableType(mlir::Type type);

/// The above, or a cell.
bool isValueType(mlir::Type type);

/// Whether the language defines an order on this type.
bool isOrderedType(mlir::Type type);

/// Whether values of this type have a reference count of their own or may hold
/// something that has.
bool isCountedType(mlir::Type type);

/// Whether what a value of this type means can change after it was made, so
/// that looking into it is a read of memory.
bool isMutableType(mlir::Type type);

// Parts of types, null where the type is of another kind: the functions are
// used to infer types before operands are verified.
mlir::Type listElementOf(mlir::Type type);
mlir::Type mapKeyOf(mlir::Type type);
mlir::Type mapValueOf(mlir::Type type);
mlir::Type optionPayloadOf(mlir::Type type);
mlir::Type cellContentOf(mlir::Type type);

/// A list of elements of a type.
mlir::Type listOf(mlir::Type element);

/// The type of "a value of this type, or nothing": options and any are their
/// own.
mlir::Type optionOf(mlir::Type payload);

} // namespace mochi

#endif // MOCHI_TYPES_H
