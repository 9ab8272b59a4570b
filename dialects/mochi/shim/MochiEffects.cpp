//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Effects and value ranges that depend on an operation's types or attributes.
//
#include "MochiOps.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/Utils/InferIntRangeCommon.h"

using namespace mlir;
using namespace mochi;

using Effects = SmallVectorImpl<MemoryEffects::EffectInstance>;

static void addMayStop(Effects &effects) {
  effects.emplace_back(MemoryEffects::Free::get(), FailureResource::get());
}

static void addRead(Effects &effects) {
  effects.emplace_back(MemoryEffects::Read::get());
}

static Speculation::Speculatability speculatableUnless(bool mayStop) {
  return mayStop ? Speculation::NotSpeculatable : Speculation::Speculatable;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// Whether the divisor may be zero, or -1, which overflows.
static bool divisorMayFail(Value divisor, bool minusOneFails) {
  APInt value;
  if (!matchPattern(divisor, m_ConstantInt(&value)))
    return true;
  return value.isZero() || (minusOneFails && value.isAllOnes());
}

static bool mayStop(IntAddOp op) { return op.getOverflow() == "check"; }
static bool mayStop(IntSubOp op) { return op.getOverflow() == "check"; }
static bool mayStop(IntMulOp op) { return op.getOverflow() == "check"; }
static bool mayStop(IntNegOp op) { return op.getOverflow() == "check"; }
static bool mayStop(IntPowOp) { return true; }
static bool mayStop(FloatToIntOp) { return true; }
static bool mayStop(IntDivOp op) {
  return divisorMayFail(op.getRhs(), op.getOverflow() == "check");
}
static bool mayStop(IntRemOp op) {
  return divisorMayFail(op.getRhs(), /*minusOneFails=*/false);
}
template <typename FloatOp> static bool floatDivisionMayStop(FloatOp op) {
  FloatAttr divisor;
  return !matchPattern(op.getRhs(), m_Constant(&divisor)) ||
         divisor.getValue().isZero();
}
static bool mayStop(FloatDivOp op) { return floatDivisionMayStop(op); }
static bool mayStop(FloatRemOp op) { return floatDivisionMayStop(op); }

#define MOCHI_ARITHMETIC_EFFECTS(OP)                                           \
  void OP::getEffects(Effects &effects) {                                      \
    if (mayStop(*this))                                                        \
      addMayStop(effects);                                                     \
  }                                                                            \
  Speculation::Speculatability OP::getSpeculatability() {                      \
    return speculatableUnless(mayStop(*this));                                 \
  }
MOCHI_ARITHMETIC_EFFECTS(IntAddOp)
MOCHI_ARITHMETIC_EFFECTS(IntSubOp)
MOCHI_ARITHMETIC_EFFECTS(IntMulOp)
MOCHI_ARITHMETIC_EFFECTS(IntNegOp)
MOCHI_ARITHMETIC_EFFECTS(IntDivOp)
MOCHI_ARITHMETIC_EFFECTS(IntRemOp)
MOCHI_ARITHMETIC_EFFECTS(IntPowOp)
MOCHI_ARITHMETIC_EFFECTS(FloatDivOp)
MOCHI_ARITHMETIC_EFFECTS(FloatRemOp)
MOCHI_ARITHMETIC_EFFECTS(FloatToIntOp)
#undef MOCHI_ARITHMETIC_EFFECTS

//===----------------------------------------------------------------------===//
// Values of any type
//===----------------------------------------------------------------------===//

void EqualOp::getEffects(Effects &effects) {
  if (isMutableType(getLhs().getType()))
    addRead(effects);
}

Speculation::Speculatability EqualOp::getSpeculatability() {
  return Speculation::Speculatable;
}

void CompareOp::getEffects(Effects &effects) {
  // Only values of unknown type may turn out not to be comparable.
  if (!isa<AnyType>(getLhs().getType()))
    return;
  addRead(effects);
  addMayStop(effects);
}

void TruthOp::getEffects(Effects &effects) {
  if (isMutableType(getValue().getType()))
    addRead(effects);
}

//===----------------------------------------------------------------------===//
// Lists and checks
//===----------------------------------------------------------------------===//

void ListGetOp::getEffects(Effects &effects) {
  addRead(effects);
  if (!getInbounds())
    addMayStop(effects);
}

void ListSetOp::getEffects(Effects &effects) {
  effects.emplace_back(MemoryEffects::Write::get());
  if (!getInbounds())
    addMayStop(effects);
}

void CheckIndexOp::getEffects(Effects &effects) { addMayStop(effects); }

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

// No list is longer: its elements would not fit the address space.
static constexpr int64_t maxLength = int64_t(1) << 48;

static ConstantIntRanges signedRange(int64_t min, int64_t max) {
  return ConstantIntRanges::fromSigned(APInt(64, min, /*isSigned=*/true),
                                       APInt(64, max, /*isSigned=*/true));
}

static intrange::OverflowFlags overflowFlags(StringRef mode) {
  return mode == "check" ? intrange::OverflowFlags::Nsw
                         : intrange::OverflowFlags::None;
}

void IntAddOp::inferResultRanges(ArrayRef<ConstantIntRanges> operands,
                                 SetIntRangeFn setResultRange) {
  setResultRange(getResult(),
                 intrange::inferAdd(operands, overflowFlags(getOverflow())));
}

void IntSubOp::inferResultRanges(ArrayRef<ConstantIntRanges> operands,
                                 SetIntRangeFn setResultRange) {
  setResultRange(getResult(),
                 intrange::inferSub(operands, overflowFlags(getOverflow())));
}

void IntMulOp::inferResultRanges(ArrayRef<ConstantIntRanges> operands,
                                 SetIntRangeFn setResultRange) {
  setResultRange(getResult(),
                 intrange::inferMul(operands, overflowFlags(getOverflow())));
}

void ListLengthOp::inferResultRanges(ArrayRef<ConstantIntRanges>,
                                     SetIntRangeFn setResultRange) {
  setResultRange(getResult(), signedRange(0, maxLength));
}

void CheckIndexOp::inferResultRanges(ArrayRef<ConstantIntRanges> operands,
                                     SetIntRangeFn setResultRange) {
  // Past the check the length is at least one.
  int64_t longest = operands[1].smax().getSExtValue();
  setResultRange(getResult(), signedRange(0, std::max<int64_t>(longest, 1) - 1));
}
