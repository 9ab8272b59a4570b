//===- Conversion.cpp - dialect conversion --------------------------------===//
//
// Part of Mochi, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "MochiShim.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Rewrite.h"
#include "mlir/CAPI/Support.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/ControlFlow/Transforms/StructuralTypeConversions.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Transforms/DialectConversion.h"

#include <memory>

using namespace mlir;

namespace {

/// A Rust closure: shared, because MLIR copies the callbacks it keeps.
struct Closure {
  Closure(void *data, MochiDropCallback drop) : data(data), drop(drop) {}
  Closure(const Closure &) = delete;
  ~Closure() {
    if (drop)
      drop(data);
  }
  void *data;
  MochiDropCallback drop;
};

struct RustConversionPattern : public ConversionPattern {
  RustConversionPattern(const TypeConverter *converter, StringRef opName,
                        PatternBenefit benefit, MLIRContext *ctx,
                        MochiPatternCallback callback, void *data,
                        MochiDropCallback drop)
      : ConversionPattern(*converter, opName, benefit, ctx),
        callback(callback), closure(data, drop) {}
  RustConversionPattern(StringRef opName, PatternBenefit benefit,
                        MLIRContext *ctx, MochiPatternCallback callback,
                        void *data, MochiDropCallback drop)
      : ConversionPattern(opName, benefit, ctx), callback(callback),
        closure(data, drop) {}

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<MlirValue> wrapped;
    wrapped.reserve(operands.size());
    for (Value v : operands)
      wrapped.push_back(wrap(v));
    return success(callback(wrap(op), wrapped.size(), wrapped.data(),
                            MochiRewriter{&rewriter}, closure.data));
  }

  MochiPatternCallback callback;
  Closure closure;
};

TypeConverter *unwrapConverter(MochiTypeConverter c) {
  return static_cast<TypeConverter *>(c.ptr);
}
ConversionTarget *unwrapTarget(MochiConversionTarget t) {
  return static_cast<ConversionTarget *>(t.ptr);
}
ConversionPatternRewriter &unwrapRewriter(MochiRewriter r) {
  return *static_cast<ConversionPatternRewriter *>(r.ptr);
}

/// ConversionTarget has no public context.
struct Target : public ConversionTarget {
  explicit Target(MLIRContext &ctx) : ConversionTarget(ctx), ctx(&ctx) {}
  MLIRContext *ctx;
};

void unwrapArgs(intptr_t count, const MlirType *types, const MlirLocation *locs,
                SmallVectorImpl<Type> &outTypes,
                SmallVectorImpl<Location> &outLocs) {
  for (intptr_t i = 0; i < count; ++i) {
    outTypes.push_back(unwrap(types[i]));
    outLocs.push_back(unwrap(locs[i]));
  }
}

} // namespace

MochiTypeConverter mochiTypeConverterCreate(void) {
  auto *converter = new TypeConverter();
  converter->addConversion([](Type t) { return t; });
  auto cast = [](OpBuilder &builder, Type type, ValueRange inputs,
                 Location loc) -> Value {
    return UnrealizedConversionCastOp::create(builder, loc, type, inputs)
        .getResult(0);
  };
  converter->addSourceMaterialization(cast);
  converter->addTargetMaterialization(cast);
  return {converter};
}

MochiTypeConverter mochiLLVMTypeConverterCreate(MlirOperation scope) {
  MLIRContext *ctx = unwrap(scope)->getContext();
  LowerToLLVMOptions options(ctx);
  TypeConverter *converter = new LLVMTypeConverter(ctx, options);
  return {converter};
}

void mochiTypeConverterDestroy(MochiTypeConverter converter) {
  delete unwrapConverter(converter);
}

void mochiTypeConverterAddConversion(MochiTypeConverter converter,
                                     MochiTypeConversionCallback callback,
                                     void *userData, MochiDropCallback drop) {
  auto closure = std::make_shared<Closure>(userData, drop);
  unwrapConverter(converter)->addConversion(
      [callback, closure](Type type) -> std::optional<Type> {
        MlirType out = {nullptr};
        switch (callback(wrap(type), &out, closure->data)) {
        case 1:
          return unwrap(out);
        case 0:
          return std::nullopt;
        default:
          return Type();
        }
      });
}

MlirType mochiTypeConverterConvert(MochiTypeConverter converter,
                                   MlirType type) {
  return wrap(unwrapConverter(converter)->convertType(unwrap(type)));
}

MochiConversionTarget mochiConversionTargetCreate(MlirContext ctx) {
  return {static_cast<ConversionTarget *>(new Target(*unwrap(ctx)))};
}

void mochiConversionTargetDestroy(MochiConversionTarget target) {
  delete static_cast<Target *>(unwrapTarget(target));
}

void mochiConversionTargetSetDialect(MochiConversionTarget target,
                                     MlirStringRef dialect, bool legal) {
  unwrapTarget(target)->setDialectAction(
      {unwrap(dialect)}, legal ? ConversionTarget::LegalizationAction::Legal
                               : ConversionTarget::LegalizationAction::Illegal);
}

void mochiConversionTargetSetOp(MochiConversionTarget target, MlirStringRef op,
                                bool legal) {
  auto *t = static_cast<Target *>(unwrapTarget(target));
  t->setOpAction(OperationName(unwrap(op), t->ctx),
                 legal ? ConversionTarget::LegalizationAction::Legal
                       : ConversionTarget::LegalizationAction::Illegal);
}

void mochiConversionTargetSetDynamicOp(MochiConversionTarget target,
                                       MlirStringRef op,
                                       MochiLegalityCallback callback,
                                       void *userData, MochiDropCallback drop) {
  auto *t = static_cast<Target *>(unwrapTarget(target));
  auto closure = std::make_shared<Closure>(userData, drop);
  t->addDynamicallyLegalOp(
      OperationName(unwrap(op), t->ctx),
      [callback, closure](Operation *o) -> std::optional<bool> {
        return callback(wrap(o), closure->data);
      });
}

void mochiConversionTargetSetUnknownLegal(MochiConversionTarget target) {
  unwrapTarget(target)->markUnknownOpDynamicallyLegal(
      [](Operation *) { return true; });
}

MlirRewritePatternSet mochiPatternSetCreate(MlirContext ctx) {
  return wrap(new RewritePatternSet(unwrap(ctx)));
}

void mochiPatternSetAddConversion(MlirRewritePatternSet set,
                                  MochiTypeConverter converter,
                                  MlirStringRef opName, unsigned benefit,
                                  MochiPatternCallback callback, void *userData,
                                  MochiDropCallback drop) {
  RewritePatternSet *s = unwrap(set);
  MLIRContext *ctx = s->getContext();
  std::unique_ptr<RustConversionPattern> pattern;
  if (converter.ptr)
    pattern = std::make_unique<RustConversionPattern>(
        unwrapConverter(converter), unwrap(opName), PatternBenefit(benefit),
        ctx, callback, userData, drop);
  else
    pattern = std::make_unique<RustConversionPattern>(
        unwrap(opName), PatternBenefit(benefit), ctx, callback, userData, drop);
  s->add(std::move(pattern));
}

void mochiPatternSetPopulateStructuralTypes(MlirRewritePatternSet set,
                                            MochiTypeConverter converter) {
  RewritePatternSet &s = *unwrap(set);
  TypeConverter &c = *unwrapConverter(converter);
  populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(s, c);
  populateCallOpTypeConversionPattern(s, c);
  populateReturnOpTypeConversionPattern(s, c);
  populateBranchOpInterfaceTypeConversionPattern(s, c);
}

bool mochiApplyConversion(MlirOperation op, MochiConversionTarget target,
                          MlirRewritePatternSet set, bool full) {
  FrozenRewritePatternSet frozen(std::move(*unwrap(set)));
  Operation *o = unwrap(op);
  ConversionTarget &t = *unwrapTarget(target);
  return succeeded(full ? applyFullConversion(o, t, frozen)
                        : applyPartialConversion(o, t, frozen));
}

MlirOperation mochiRewriterInsert(MochiRewriter rw, MlirOperation op) {
  return wrap(unwrapRewriter(rw).insert(unwrap(op)));
}
void mochiRewriterSetBefore(MochiRewriter rw, MlirOperation op) {
  unwrapRewriter(rw).setInsertionPoint(unwrap(op));
}
void mochiRewriterSetAfter(MochiRewriter rw, MlirOperation op) {
  unwrapRewriter(rw).setInsertionPointAfter(unwrap(op));
}
void mochiRewriterSetStart(MochiRewriter rw, MlirBlock block) {
  unwrapRewriter(rw).setInsertionPointToStart(unwrap(block));
}
void mochiRewriterSetEnd(MochiRewriter rw, MlirBlock block) {
  unwrapRewriter(rw).setInsertionPointToEnd(unwrap(block));
}
MlirBlock mochiRewriterGetBlock(MochiRewriter rw) {
  return wrap(unwrapRewriter(rw).getInsertionBlock());
}
void mochiRewriterReplaceOp(MochiRewriter rw, MlirOperation op, intptr_t count,
                            const MlirValue *values) {
  SmallVector<Value> list;
  for (intptr_t i = 0; i < count; ++i)
    list.push_back(unwrap(values[i]));
  unwrapRewriter(rw).replaceOp(unwrap(op), list);
}
void mochiRewriterEraseOp(MochiRewriter rw, MlirOperation op) {
  unwrapRewriter(rw).eraseOp(unwrap(op));
}
MlirBlock mochiRewriterSplitBefore(MochiRewriter rw, MlirOperation op) {
  Operation *o = unwrap(op);
  return wrap(
      unwrapRewriter(rw).splitBlock(o->getBlock(), Block::iterator(o)));
}
MlirBlock mochiRewriterCreateBlockBefore(MochiRewriter rw, MlirBlock before,
                                         intptr_t count, const MlirType *types,
                                         const MlirLocation *locs) {
  SmallVector<Type> t;
  SmallVector<Location> l;
  unwrapArgs(count, types, locs, t, l);
  OpBuilder::InsertionGuard guard(unwrapRewriter(rw));
  return wrap(unwrapRewriter(rw).createBlock(unwrap(before), t, l));
}
MlirBlock mochiRewriterAppendBlock(MochiRewriter rw, MlirRegion region,
                                   intptr_t count, const MlirType *types,
                                   const MlirLocation *locs) {
  SmallVector<Type> t;
  SmallVector<Location> l;
  unwrapArgs(count, types, locs, t, l);
  Region *r = unwrap(region);
  OpBuilder::InsertionGuard guard(unwrapRewriter(rw));
  return wrap(unwrapRewriter(rw).createBlock(r, r->end(), t, l));
}
void mochiRewriterInlineRegionBefore(MochiRewriter rw, MlirRegion region,
                                     MlirBlock before) {
  unwrapRewriter(rw).inlineRegionBefore(*unwrap(region), unwrap(before));
}
void mochiRewriterInlineRegionAtEnd(MochiRewriter rw, MlirRegion from,
                                    MlirRegion to) {
  Region *t = unwrap(to);
  unwrapRewriter(rw).inlineRegionBefore(*unwrap(from), *t, t->end());
}
void mochiRewriterMergeBlocks(MochiRewriter rw, MlirBlock source,
                              MlirBlock dest, intptr_t count,
                              const MlirValue *values) {
  SmallVector<Value> list;
  for (intptr_t i = 0; i < count; ++i)
    list.push_back(unwrap(values[i]));
  unwrapRewriter(rw).mergeBlocks(unwrap(source), unwrap(dest), list);
}
bool mochiRewriterConvertRegionTypes(MochiRewriter rw, MlirRegion region,
                                     MochiTypeConverter converter) {
  return succeeded(unwrapRewriter(rw).convertRegionTypes(
      unwrap(region), *unwrapConverter(converter)));
}
bool mochiRewriterApplySignature(MochiRewriter rw, MlirBlock block,
                                 MochiTypeConverter converter) {
  TypeConverter &c = *unwrapConverter(converter);
  Block *b = unwrap(block);
  auto conversion = c.convertBlockSignature(b);
  if (!conversion)
    return false;
  unwrapRewriter(rw).applySignatureConversion(b, *conversion, &c);
  return true;
}
void mochiRewriterEraseBlock(MochiRewriter rw, MlirBlock block) {
  unwrapRewriter(rw).eraseBlock(unwrap(block));
}
void mochiRewriterModifyInPlace(MochiRewriter rw, MlirOperation op,
                                void (*change)(void *), void *userData) {
  unwrapRewriter(rw).modifyOpInPlace(unwrap(op), [&] { change(userData); });
}
MlirValue mochiRewriterRemapped(MochiRewriter rw, MlirValue value) {
  return wrap(unwrapRewriter(rw).getRemappedValue(unwrap(value)));
}
