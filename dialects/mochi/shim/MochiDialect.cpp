//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Registration of the dialect, constants and inlining.
//
#include "MochiOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace mochi;

#include "MochiDialect.cpp.inc"

namespace {
/// Which operations may move into a caller. A body that leaves its function
/// from a nested region, or never ends, has no place to go there.
struct MochiInliner : public DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  /// Regions of this dialect have one block.
  bool isLegalToInline(Region *, Region *source, bool,
                       IRMapping &) const final {
    return source->hasOneBlock();
  }

  bool isLegalToInline(Operation *op, Region *, bool, IRMapping &) const final {
    if (isa<mochi::ReturnOp>(op))
      return false;
    return !isa<UnreachableOp>(op) || isa<MochiDialect>(
                                          op->getParentOp()->getDialect());
  }
};
} // namespace

void MochiDialect::initialize() {
  registerTypes();
  registerOps();
  addInterfaces<MochiInliner>();
}

Operation *MochiDialect::materializeConstant(OpBuilder &builder,
                                             Attribute value, Type type,
                                             Location loc) {
  if (auto text = dyn_cast<StringAttr>(value); text && isa<StrType>(type))
    return StrConstantOp::create(builder, loc, type, text);
  if (isa<UnitAttr>(value) && isa<OptionType, AnyType>(type))
    return OptionNoneOp::create(builder, loc, type);
  return arith::ConstantOp::materialize(builder, value, type, loc);
}
