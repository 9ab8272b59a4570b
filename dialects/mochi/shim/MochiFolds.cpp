//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Folds and canonicalisation patterns of everything but control flow.
//
// They run before and after reference counts are made explicit. So a fold may
// replace an owned result only by an immortal constant or by a value whose
// ownership the operation consumed, and a borrowed result only by a value that
// lives at least as long.
//
#include "MochiOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace mlir;
using namespace mochi;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static std::optional<int64_t> constantInt(Attribute attribute) {
  if (auto value = dyn_cast_or_null<IntegerAttr>(attribute);
      value && value.getType().isSignlessInteger(64))
    return value.getValue().getSExtValue();
  return std::nullopt;
}

static std::optional<int64_t> constantInt(Value value) {
  APInt constant;
  if (value.getType().isSignlessInteger(64) &&
      matchPattern(value, m_ConstantInt(&constant)))
    return constant.getSExtValue();
  return std::nullopt;
}

static std::optional<bool> constantBool(Attribute attribute) {
  if (auto value = dyn_cast_or_null<IntegerAttr>(attribute);
      value && value.getType().isSignlessInteger(1))
    return !value.getValue().isZero();
  return std::nullopt;
}

static std::optional<double> constantFloat(Attribute attribute) {
  if (auto value = dyn_cast_or_null<FloatAttr>(attribute);
      value && value.getType().isF64())
    return value.getValueAsDouble();
  return std::nullopt;
}

/// The text of a string constant; only text that is valid Unicode, so that its
/// code points can be counted here.
static std::optional<StringRef> constantText(Attribute attribute) {
  auto text = dyn_cast_or_null<StringAttr>(attribute);
  if (!text)
    return std::nullopt;
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  if (!llvm::isLegalUTF8String(&begin, begin + text.size()))
    return std::nullopt;
  return text.getValue();
}

static bool startsCodePoint(char byte) { return (byte & 0xC0) != 0x80; }

static int64_t countCodePoints(StringRef text) {
  return llvm::count_if(text, startsCodePoint);
}

/// The code point at an index that lies within the text.
static StringRef codePointAt(StringRef text, int64_t index) {
  size_t begin = 0;
  for (;; ++begin)
    if (startsCodePoint(text[begin]) && index-- == 0)
      break;
  size_t end = begin + 1;
  while (end < text.size() && !startsCodePoint(text[end]))
    ++end;
  return text.slice(begin, end);
}

static Attribute intResult(Operation *op, int64_t value) {
  return IntegerAttr::get(IntegerType::get(op->getContext(), 64), value);
}

static Attribute boolResult(Operation *op, bool value) {
  return BoolAttr::get(op->getContext(), value);
}

static Attribute textResult(Operation *op, const Twine &value) {
  return StringAttr::get(op->getContext(), value);
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

/// The result of a calculation, unless it overflows and that is an error.
static OpFoldResult checked(Operation *op, StringRef mode, const APInt &value,
                            bool overflow) {
  if (overflow && mode == "check")
    return {};
  return intResult(op, value.getSExtValue());
}

static APInt wide(int64_t value) { return APInt(64, value, /*isSigned=*/true); }

OpFoldResult IntAddOp::fold(FoldAdaptor adaptor) {
  auto rhs = constantInt(adaptor.getRhs());
  if (rhs == 0)
    return getLhs();
  auto lhs = constantInt(adaptor.getLhs());
  if (!lhs || !rhs)
    return {};
  bool overflow;
  APInt sum = wide(*lhs).sadd_ov(wide(*rhs), overflow);
  return checked(*this, getOverflow(), sum, overflow);
}

OpFoldResult IntSubOp::fold(FoldAdaptor adaptor) {
  auto rhs = constantInt(adaptor.getRhs());
  if (rhs == 0)
    return getLhs();
  if (getLhs() == getRhs())
    return intResult(*this, 0);
  auto lhs = constantInt(adaptor.getLhs());
  if (!lhs || !rhs)
    return {};
  bool overflow;
  APInt difference = wide(*lhs).ssub_ov(wide(*rhs), overflow);
  return checked(*this, getOverflow(), difference, overflow);
}

OpFoldResult IntMulOp::fold(FoldAdaptor adaptor) {
  auto rhs = constantInt(adaptor.getRhs());
  if (rhs == 1)
    return getLhs();
  if (rhs == 0)
    return intResult(*this, 0);
  auto lhs = constantInt(adaptor.getLhs());
  if (!lhs || !rhs)
    return {};
  bool overflow;
  APInt product = wide(*lhs).smul_ov(wide(*rhs), overflow);
  return checked(*this, getOverflow(), product, overflow);
}

OpFoldResult IntNegOp::fold(FoldAdaptor adaptor) {
  // Where the inner one did not fail, the outer one cannot either.
  if (auto inner = getOperand().getDefiningOp<IntNegOp>();
      inner && inner.getOverflow() == getOverflow())
    return inner.getOperand();
  auto operand = constantInt(adaptor.getOperand());
  if (!operand)
    return {};
  bool overflow;
  APInt negated = wide(0).ssub_ov(wide(*operand), overflow);
  return checked(*this, getOverflow(), negated, overflow);
}

OpFoldResult IntDivOp::fold(FoldAdaptor adaptor) {
  auto rhs = constantInt(adaptor.getRhs());
  if (rhs == 1)
    return getLhs();
  auto lhs = constantInt(adaptor.getLhs());
  if (!lhs || !rhs || *rhs == 0)
    return {};
  bool overflow;
  APInt quotient = wide(*lhs).sdiv_ov(wide(*rhs), overflow);
  return checked(*this, getOverflow(), quotient, overflow);
}

OpFoldResult IntRemOp::fold(FoldAdaptor adaptor) {
  auto rhs = constantInt(adaptor.getRhs());
  if (rhs == 1 || rhs == -1)
    return intResult(*this, 0);
  auto lhs = constantInt(adaptor.getLhs());
  if (!lhs || !rhs || *rhs == 0)
    return {};
  return intResult(*this, *lhs % *rhs);
}

OpFoldResult IntPowOp::fold(FoldAdaptor adaptor) {
  auto exponent = constantInt(adaptor.getRhs());
  if (!exponent || *exponent < 0)
    return {};
  if (*exponent == 0)
    return intResult(*this, 1);
  if (*exponent == 1)
    return getLhs();
  auto base = constantInt(adaptor.getLhs());
  if (!base)
    return {};
  APInt result = wide(1), square = wide(*base);
  bool overflowed = false;
  for (uint64_t rest = *exponent; rest != 0; rest >>= 1) {
    bool overflow = false;
    if (rest & 1)
      result = result.smul_ov(square, overflow);
    overflowed |= overflow;
    // The square after the last bit is never used, so it may overflow.
    if (rest > 1)
      square = square.smul_ov(square, overflow);
    overflowed |= overflow;
  }
  return checked(*this, getOverflow(), result, overflowed);
}

OpFoldResult FloatToIntOp::fold(FoldAdaptor adaptor) {
  auto operand = dyn_cast_or_null<FloatAttr>(adaptor.getOperand());
  if (!operand)
    return {};
  llvm::APSInt result(64, /*isUnsigned=*/false);
  bool isExact;
  if (operand.getValue().convertToInteger(result, APFloat::rmTowardZero,
                                          &isExact) == APFloat::opInvalidOp)
    return {};
  return intResult(*this, result.getSExtValue());
}

/// An operation that may wrap is the one of `arith`.
template <typename From, typename To>
static LogicalResult wrapping(From op, PatternRewriter &rewriter) {
  if (op.getOverflow() != "wrap")
    return failure();
  rewriter.replaceOpWithNewOp<To>(op, op.getLhs(), op.getRhs());
  return success();
}

static LogicalResult wrappingNegation(IntNegOp op, PatternRewriter &rewriter) {
  if (op.getOverflow() != "wrap")
    return failure();
  Value zero =
      arith::ConstantOp::create(rewriter, op.getLoc(),
                                rewriter.getI64IntegerAttr(0));
  rewriter.replaceOpWithNewOp<arith::SubIOp>(op, zero, op.getOperand());
  return success();
}

/// A division by a constant that cannot fail is the one of `arith`.
template <typename From, typename To>
static LogicalResult knownDivision(From op, PatternRewriter &rewriter) {
  auto divisor = constantInt(op.getRhs());
  if (!divisor || *divisor == 0 || *divisor == -1)
    return failure();
  rewriter.replaceOpWithNewOp<To>(op, op.getLhs(), op.getRhs());
  return success();
}

template <typename From, typename To>
static LogicalResult knownFloatDivision(From op, PatternRewriter &rewriter) {
  FloatAttr divisor;
  if (!matchPattern(op.getRhs(), m_Constant(&divisor)) ||
      divisor.getValue().isZero())
    return failure();
  rewriter.replaceOpWithNewOp<To>(op, op.getLhs(), op.getRhs());
  return success();
}

void IntAddOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(wrapping<IntAddOp, arith::AddIOp>);
}
void IntSubOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(wrapping<IntSubOp, arith::SubIOp>);
}
void IntMulOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(wrapping<IntMulOp, arith::MulIOp>);
}
void IntNegOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(wrappingNegation);
}
void IntDivOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(knownDivision<IntDivOp, arith::DivSIOp>);
}
void IntRemOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(knownDivision<IntRemOp, arith::RemSIOp>);
}
void FloatDivOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                             MLIRContext *) {
  patterns.add(knownFloatDivision<FloatDivOp, arith::DivFOp>);
}
void FloatRemOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                             MLIRContext *) {
  patterns.add(knownFloatDivision<FloatRemOp, arith::RemFOp>);
}

//===----------------------------------------------------------------------===//
// Values of any type
//===----------------------------------------------------------------------===//

/// Types whose values always equal themselves: not floats, which may be NaN.
static bool isReflexive(Type type) {
  return type.isSignlessInteger() || isa<StrType>(type);
}

OpFoldResult EqualOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs() && isReflexive(getLhs().getType()))
    return boolResult(*this, true);
  if (!adaptor.getLhs() || !adaptor.getRhs())
    return {};
  if (isReflexive(getLhs().getType()))
    return boolResult(*this, adaptor.getLhs() == adaptor.getRhs());
  auto lhs = constantFloat(adaptor.getLhs());
  auto rhs = constantFloat(adaptor.getRhs());
  if (!lhs || !rhs)
    return {};
  return boolResult(*this, *lhs == *rhs);
}

static LogicalResult compareScalars(EqualOp op, PatternRewriter &rewriter) {
  Type type = op.getLhs().getType();
  if (type.isSignlessInteger())
    rewriter.replaceOpWithNewOp<arith::CmpIOp>(
        op, arith::CmpIPredicate::eq, op.getLhs(), op.getRhs());
  else if (type.isF64())
    rewriter.replaceOpWithNewOp<arith::CmpFOp>(
        op, arith::CmpFPredicate::OEQ, op.getLhs(), op.getRhs());
  else
    return failure();
  return success();
}

void EqualOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                          MLIRContext *) {
  patterns.add(compareScalars);
}

OpFoldResult CompareOp::fold(FoldAdaptor adaptor) {
  if (getLhs() == getRhs() && isReflexive(getLhs().getType()))
    return intResult(*this, 0);
  auto order = [&](auto lhs, auto rhs) -> OpFoldResult {
    if (!lhs || !rhs)
      return {};
    return intResult(*this, *lhs < *rhs ? -1 : *rhs < *lhs ? 1 : 0);
  };
  Type type = getLhs().getType();
  if (type.isSignlessInteger(64))
    return order(constantInt(adaptor.getLhs()), constantInt(adaptor.getRhs()));
  if (type.isSignlessInteger(1))
    return order(constantBool(adaptor.getLhs()),
                 constantBool(adaptor.getRhs()));
  // The order of UTF-8 bytes is the order of code points.
  if (isa<StrType>(type))
    return order(constantText(adaptor.getLhs()),
                 constantText(adaptor.getRhs()));
  return {};
}

OpFoldResult TruthOp::fold(FoldAdaptor adaptor) {
  if (getValue().getType().isSignlessInteger(1))
    return getValue();
  if (auto value = constantInt(adaptor.getValue()))
    return boolResult(*this, *value != 0);
  if (auto value = constantFloat(adaptor.getValue()))
    return boolResult(*this, *value != 0.0);
  if (auto text = dyn_cast_or_null<StringAttr>(adaptor.getValue()))
    return boolResult(*this, !text.getValue().empty());
  if (isa_and_nonnull<UnitAttr>(adaptor.getValue()))
    return boolResult(*this, false);
  return {};
}

static LogicalResult truthOfNumber(TruthOp op, PatternRewriter &rewriter) {
  Type type = op.getValue().getType();
  if (!type.isSignlessInteger(64) && !type.isF64())
    return failure();
  Value zero = arith::ConstantOp::create(rewriter, op.getLoc(),
                                         rewriter.getZeroAttr(type));
  if (type.isF64())
    rewriter.replaceOpWithNewOp<arith::CmpFOp>(op, arith::CmpFPredicate::UNE,
                                               op.getValue(), zero);
  else
    rewriter.replaceOpWithNewOp<arith::CmpIOp>(op, arith::CmpIPredicate::ne,
                                               op.getValue(), zero);
  return success();
}

void TruthOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                          MLIRContext *) {
  patterns.add(truthOfNumber);
}

OpFoldResult ToStringOp::fold(FoldAdaptor adaptor) {
  // Floats have a format of their own, which only the runtime knows.
  if (auto value = constantInt(adaptor.getValue()))
    return textResult(*this, Twine(*value));
  if (auto value = constantBool(adaptor.getValue()))
    return textResult(*this, *value ? "true" : "false");
  return dyn_cast_or_null<StringAttr>(adaptor.getValue());
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  Type type = getResult().getType();
  if (isCountedType(type))
    return {};
  if (getValue().getType() == type)
    return getValue();
  auto wrap = getValue().getDefiningOp<AnyWrapOp>();
  if (wrap && wrap.getValue().getType() == type)
    return wrap.getValue();
  return {};
}

/// Conversions between numbers and to strings have operations of their own.
static LogicalResult castOfNumber(CastOp op, PatternRewriter &rewriter) {
  Type from = op.getValue().getType(), to = op.getResult().getType();
  if (from.isSignlessInteger(64) && to.isF64())
    rewriter.replaceOpWithNewOp<arith::SIToFPOp>(op, to, op.getValue());
  else if (from.isF64() && to.isSignlessInteger(64))
    rewriter.replaceOpWithNewOp<FloatToIntOp>(op, to, op.getValue());
  else
    return failure();
  return success();
}

void CastOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                         MLIRContext *) {
  patterns.add(castOfNumber);
}

//===----------------------------------------------------------------------===//
// Strings
//===----------------------------------------------------------------------===//

OpFoldResult StrConstantOp::fold(FoldAdaptor) { return getValueAttr(); }

OpFoldResult StrConcatOp::fold(FoldAdaptor adaptor) {
  auto lhs = dyn_cast_or_null<StringAttr>(adaptor.getLhs());
  auto rhs = dyn_cast_or_null<StringAttr>(adaptor.getRhs());
  if (lhs && rhs)
    return textResult(*this, lhs.getValue() + rhs.getValue());
  // The first operand is consumed, so it may become the result; the second is
  // only borrowed.
  if (rhs && rhs.getValue().empty())
    return getLhs();
  return {};
}

/// `(a + "x") + "y"` is `a + "xy"`.
static LogicalResult joinConstants(StrConcatOp op, PatternRewriter &rewriter) {
  auto inner = op.getLhs().getDefiningOp<StrConcatOp>();
  StringAttr first, second;
  if (!inner || !inner->hasOneUse() ||
      !matchPattern(inner.getRhs(), m_Constant(&first)) ||
      !matchPattern(op.getRhs(), m_Constant(&second)))
    return failure();
  auto joined = StrConstantOp::create(
      rewriter, op.getLoc(), op.getResult().getType(),
      rewriter.getStringAttr(first.getValue() + second.getValue()));
  rewriter.replaceOpWithNewOp<StrConcatOp>(op, op.getResult().getType(),
                                           inner.getLhs(), joined);
  rewriter.eraseOp(inner);
  return success();
}

void StrConcatOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                              MLIRContext *) {
  patterns.add(joinConstants);
}

OpFoldResult StrLengthOp::fold(FoldAdaptor adaptor) {
  auto text = constantText(adaptor.getString());
  return text ? OpFoldResult(intResult(*this, countCodePoints(*text)))
              : OpFoldResult();
}

OpFoldResult StrGetOp::fold(FoldAdaptor adaptor) {
  auto text = constantText(adaptor.getString());
  auto index = constantInt(adaptor.getIndex());
  if (!text || !index)
    return {};
  int64_t length = countCodePoints(*text);
  int64_t position = *index < 0 ? *index + length : *index;
  if (position < 0 || position >= length)
    return {};
  return textResult(*this, codePointAt(*text, position));
}

OpFoldResult StrContainsOp::fold(FoldAdaptor adaptor) {
  auto part = constantText(adaptor.getPart());
  if (part && part->empty())
    return boolResult(*this, true);
  auto text = constantText(adaptor.getString());
  if (!text || !part)
    return {};
  return boolResult(*this, text->contains(*part));
}

//===----------------------------------------------------------------------===//
// Lists, unions, options, any
//===----------------------------------------------------------------------===//

OpFoldResult ListLengthOp::fold(FoldAdaptor) {
  if (auto list = getList().getDefiningOp<ListNewOp>())
    return intResult(*this, list.getElements().size());
  return {};
}

OpFoldResult UnionTagOp::fold(FoldAdaptor) {
  auto value = getUnionValue().getDefiningOp<UnionNewOp>();
  if (!value)
    return {};
  auto definition = SymbolTable::lookupNearestSymbolFrom<UnionTypeOp>(
      *this, getUnionValue().getType().getSymbol());
  if (!definition)
    return {};
  auto tag = definition.getVariantIndex(value.getVariant());
  return tag ? OpFoldResult(intResult(*this, *tag)) : OpFoldResult();
}

OpFoldResult UnionGetOp::fold(FoldAdaptor) {
  // Payloads never change.
  auto value = getUnionValue().getDefiningOp<UnionNewOp>();
  if (!value || value.getVariant() != getVariant())
    return {};
  return value.getValues()[getIndex()];
}

OpFoldResult OptionNoneOp::fold(FoldAdaptor) {
  return UnitAttr::get(getContext());
}

OpFoldResult OptionIsSomeOp::fold(FoldAdaptor adaptor) {
  if (getOption().getDefiningOp<OptionSomeOp>())
    return boolResult(*this, true);
  if (isa_and_nonnull<UnitAttr>(adaptor.getOption()))
    return boolResult(*this, false);
  return {};
}

OpFoldResult OptionGetOp::fold(FoldAdaptor) {
  if (auto some = getOption().getDefiningOp<OptionSomeOp>())
    return some.getValue();
  return {};
}

OpFoldResult AnyUnwrapOp::fold(FoldAdaptor) {
  auto wrap = getAny().getDefiningOp<AnyWrapOp>();
  if (wrap && wrap.getValue().getType() == getResult().getType())
    return wrap.getValue();
  return {};
}

/// Types that keep their identity when wrapped and that nothing else is taken
/// for: what `any.is` says about one of them is known.
static bool isPlainType(Type type) {
  return type.isSignlessInteger() || type.isF64() || isa<StrType>(type);
}

OpFoldResult AnyIsOp::fold(FoldAdaptor) {
  auto wrap = getAny().getDefiningOp<AnyWrapOp>();
  if (!wrap)
    return {};
  Type held = wrap.getValue().getType();
  if (held == getType() && !isa<OptionType>(held))
    return boolResult(*this, true);
  if (isPlainType(held) && isPlainType(getType()))
    return boolResult(*this, false);
  return {};
}

OpFoldResult AnyIsNullOp::fold(FoldAdaptor adaptor) {
  if (isa_and_nonnull<UnitAttr>(adaptor.getAny()))
    return boolResult(*this, true);
  if (auto wrap = getAny().getDefiningOp<AnyWrapOp>();
      wrap && !isa<OptionType>(wrap.getValue().getType()))
    return boolResult(*this, false);
  return {};
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// A call of a function value that was made from a plain function is a call of
/// that function.
static LogicalResult callDirectly(ClosureCallOp op, PatternRewriter &rewriter) {
  auto closure = op.getFunction().getDefiningOp<ClosureNewOp>();
  if (!closure || !closure.getCaptures().empty())
    return failure();
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      op, closure.getCalleeAttr());
  if (!callee || callee.getFunctionType() !=
                     op.getFunction().getType().getSignature())
    return failure();
  rewriter.replaceOpWithNewOp<func::CallOp>(op, callee, op.getArguments());
  return success();
}

void ClosureCallOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                MLIRContext *) {
  patterns.add(callDirectly);
}

//===----------------------------------------------------------------------===//
// Checks and counts
//===----------------------------------------------------------------------===//

OpFoldResult CheckIndexOp::fold(FoldAdaptor adaptor) {
  // Checked before against the same length.
  if (auto earlier = getIndex().getDefiningOp<CheckIndexOp>();
      earlier && earlier.getLength() == getLength())
    return getIndex();
  auto index = constantInt(adaptor.getIndex());
  auto length = constantInt(adaptor.getLength());
  if (!index || !length || *length < 0)
    return {};
  int64_t position = *index < 0 ? *index + *length : *index;
  if (position < 0 || position >= *length)
    return {};
  return intResult(*this, position);
}

static LogicalResult dropKeptCheck(CheckDivisorOp op,
                                   PatternRewriter &rewriter) {
  Attribute divisor;
  if (!matchPattern(op.getDivisor(), m_Constant(&divisor)))
    return failure();
  auto number = constantInt(divisor);
  auto decimal = constantFloat(divisor);
  if (!(number && *number != 0) && !(decimal && *decimal != 0.0))
    return failure();
  rewriter.eraseOp(op);
  return success();
}

void CheckDivisorOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                                 MLIRContext *) {
  patterns.add(dropKeptCheck);
}

/// Constants are immortal or null: counting them does nothing.
template <typename CountOp>
static LogicalResult dropCountOfConstant(CountOp op,
                                         PatternRewriter &rewriter) {
  if (!matchPattern(op.getValue(), m_Constant()))
    return failure();
  rewriter.eraseOp(op);
  return success();
}

void RetainOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(dropCountOfConstant<RetainOp>);
}
void ReleaseOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                            MLIRContext *) {
  patterns.add(dropCountOfConstant<ReleaseOp>);
}
