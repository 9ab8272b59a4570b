//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Structured control flow: syntax, verification, loops.
//
#include "MochiOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SmallSet.h"

using namespace mlir;
using namespace mochi;

//===----------------------------------------------------------------------===//
// Syntax
//===----------------------------------------------------------------------===//

static void appendEmptyYield(OpAsmParser &parser, OperationState &state,
                             Block &block) {
  OpBuilder builder(parser.getContext());
  builder.setInsertionPointToEnd(&block);
  YieldOp::create(builder, state.location, ValueRange());
}

/// Parses a region of one block. A block without a terminator yields nothing.
static ParseResult parseBody(OpAsmParser &parser, OperationState &state,
                             ArrayRef<OpAsmParser::Argument> arguments = {}) {
  Region *region = state.addRegion();
  if (parser.parseRegion(*region, arguments))
    return failure();
  if (region->empty())
    region->emplaceBlock();
  Block &block = region->front();
  if (block.empty() ||
      !block.back().mightHaveTrait<OpTrait::IsTerminator>())
    appendEmptyYield(parser, state, block);
  return success();
}

/// Whether the block ends by yielding nothing, which the text leaves out.
static bool endsWithEmptyYield(Region &region) {
  auto yield = dyn_cast_or_null<YieldOp>(
      region.empty() || region.front().empty() ? nullptr
                                               : &region.front().back());
  return yield && yield.getValues().empty() && yield->getAttrs().empty();
}

static void printBody(OpAsmPrinter &printer, Region &region) {
  printer.printRegion(region, /*printEntryBlockArgs=*/false,
                      /*printBlockTerminators=*/!endsWithEmptyYield(region));
}

/// Parses `-> (T, U)`, if it is there.
static ParseResult parseResultTypes(OpAsmParser &parser,
                                    OperationState &state) {
  if (failed(parser.parseOptionalArrow()))
    return success();
  return parser.parseCommaSeparatedList(
      OpAsmParser::Delimiter::Paren,
      [&] { return parser.parseType(state.types.emplace_back()); });
}

static void printResultTypes(OpAsmPrinter &printer, TypeRange types) {
  if (types.empty())
    return;
  printer << " -> (";
  llvm::interleaveComma(types, printer);
  printer << ')';
}

/// Parses `(%a = %init, ...) : (T, ...)`: carried values, which are operands,
/// arguments of the loop's regions and results.
static ParseResult
parseCarried(OpAsmParser &parser, OperationState &state,
             SmallVectorImpl<OpAsmParser::Argument> &arguments) {
  SmallVector<OpAsmParser::UnresolvedOperand> inits;
  SMLoc loc = parser.getCurrentLocation();
  auto parseOne = [&]() -> ParseResult {
    return failure(parser.parseArgument(arguments.emplace_back()) ||
                   parser.parseEqual() ||
                   parser.parseOperand(inits.emplace_back()));
  };
  SmallVector<Type> types;
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parseOne) ||
      parser.parseColon() ||
      parser.parseCommaSeparatedList(
          OpAsmParser::Delimiter::Paren,
          [&] { return parser.parseType(types.emplace_back()); }))
    return failure();
  if (types.size() != arguments.size())
    return parser.emitError(loc, "expected as many types as carried values");
  for (auto [argument, type] : llvm::zip_equal(arguments, types))
    argument.type = type;
  state.addTypes(types);
  return parser.resolveOperands(inits, types, loc, state.operands);
}

static void printCarried(OpAsmPrinter &printer, ValueRange arguments,
                         OperandRange inits) {
  printer << '(';
  llvm::interleaveComma(llvm::zip(arguments, inits), printer, [&](auto pair) {
    printer << std::get<0>(pair) << " = " << std::get<1>(pair);
  });
  printer << ") : (";
  llvm::interleaveComma(inits.getTypes(), printer);
  printer << ')';
}

//===----------------------------------------------------------------------===//
// Ends of regions
//===----------------------------------------------------------------------===//

/// The region that ends with `yield` must be left the ordinary way or by one of
/// the early exits.
static LogicalResult verifyEnd(Operation *op, Region &region) {
  Operation &last = region.front().back();
  if (isa<YieldOp, BreakOp, ContinueOp, mochi::ReturnOp, UnreachableOp>(last))
    return success();
  return op->emitOpError("region must end with a yield or an early exit, not '")
         << last.getName() << "'";
}

/// The loop that `break` and `continue` at this place belong to, or null.
static Operation *findLoop(Operation *op) {
  Operation *parent = op->getParentOp();
  while (isa_and_nonnull<IfOp, SwitchOp>(parent)) {
    op = parent;
    parent = op->getParentOp();
  }
  if (isa_and_nonnull<ForOp>(parent))
    return parent;
  auto loop = dyn_cast_or_null<WhileOp>(parent);
  return loop && op->getParentRegion() == &loop.getBody() ? parent : nullptr;
}

static LogicalResult verifyHandedTypes(Operation *op, TypeRange actual,
                                       TypeRange expected, StringRef receiver) {
  if (actual == expected)
    return success();
  InFlightDiagnostic error = op->emitOpError("hands over (");
  llvm::interleaveComma(actual, error);
  error << "), but " << receiver << " expects (";
  llvm::interleaveComma(expected, error);
  return error << ")";
}

LogicalResult YieldOp::verify() {
  Operation *parent = (*this)->getParentOp();
  return verifyHandedTypes(*this, getValues().getTypes(),
                           parent->getResultTypes(), "the parent");
}

LogicalResult ConditionOp::verify() {
  auto loop = cast<WhileOp>((*this)->getParentOp());
  return verifyHandedTypes(*this, getValues().getTypes(),
                           loop.getResultTypes(), "the loop");
}

LogicalResult BreakOp::verify() {
  Operation *loop = findLoop(*this);
  if (!loop)
    return emitOpError("is not inside the body of a loop");
  return verifyHandedTypes(*this, getValues().getTypes(),
                           loop->getResultTypes(), "the loop");
}

LogicalResult ContinueOp::verify() {
  Operation *loop = findLoop(*this);
  if (!loop)
    return emitOpError("is not inside the body of a loop");
  return verifyHandedTypes(*this, getValues().getTypes(),
                           loop->getResultTypes(), "the loop");
}

LogicalResult mochi::ReturnOp::verify() {
  Operation *parent = (*this)->getParentOp();
  bool nested = false;
  while (isa_and_nonnull<IfOp, SwitchOp, WhileOp, ForOp>(parent)) {
    nested = true;
    parent = parent->getParentOp();
  }
  auto function = dyn_cast_or_null<func::FuncOp>(parent);
  if (!nested || !function)
    return emitOpError("must be inside a control flow operation of a function");
  return verifyHandedTypes(*this, getValues().getTypes(),
                           function.getFunctionType().getResults(),
                           "the function");
}

//===----------------------------------------------------------------------===//
// IfOp
//===----------------------------------------------------------------------===//

ParseResult IfOp::parse(OpAsmParser &parser, OperationState &state) {
  OpAsmParser::UnresolvedOperand condition;
  if (parser.parseOperand(condition) ||
      parser.resolveOperand(condition, parser.getBuilder().getI1Type(),
                            state.operands) ||
      parseResultTypes(parser, state) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
      parseBody(parser, state))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("else")))
    return parseBody(parser, state);
  appendEmptyYield(parser, state, state.addRegion()->emplaceBlock());
  return success();
}

void IfOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getCondition();
  printResultTypes(printer, getResultTypes());
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
  printer << ' ';
  printBody(printer, getThenRegion());
  Block &otherwise = getElseRegion().front();
  if (endsWithEmptyYield(getElseRegion()) &&
      llvm::hasSingleElement(otherwise.getOperations()))
    return;
  printer << " else ";
  printBody(printer, getElseRegion());
}

LogicalResult IfOp::verify() {
  return failure(failed(verifyEnd(*this, getThenRegion())) ||
                 failed(verifyEnd(*this, getElseRegion())));
}

//===----------------------------------------------------------------------===//
// SwitchOp
//===----------------------------------------------------------------------===//

ParseResult SwitchOp::parse(OpAsmParser &parser, OperationState &state) {
  OpAsmParser::UnresolvedOperand tag;
  if (parser.parseOperand(tag) ||
      parser.resolveOperand(tag, parser.getBuilder().getI64Type(),
                            state.operands) ||
      parseResultTypes(parser, state) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes))
    return failure();
  SmallVector<int64_t> cases;
  while (succeeded(parser.parseOptionalKeyword("case")))
    if (parser.parseInteger(cases.emplace_back()) || parseBody(parser, state))
      return failure();
  state.addAttribute(getCasesAttrName(state.name),
                     parser.getBuilder().getDenseI64ArrayAttr(cases));
  return failure(parser.parseKeyword("default") || parseBody(parser, state));
}

void SwitchOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getTag();
  printResultTypes(printer, getResultTypes());
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {getCasesAttrName()});
  for (auto [value, region] : llvm::zip(getCases(), getCaseRegions())) {
    printer.printNewline();
    printer << "case " << value << ' ';
    printBody(printer, region);
  }
  printer.printNewline();
  printer << "default ";
  printBody(printer, getDefaultRegion());
}

LogicalResult SwitchOp::verify() {
  if (getCaseRegions().size() != getCases().size() + 1)
    return emitOpError("needs a region for each of ")
           << getCases().size() << " cases and one for the default, but has "
           << getCaseRegions().size();
  llvm::SmallSet<int64_t, 8> seen;
  for (int64_t value : getCases())
    if (!seen.insert(value).second)
      return emitOpError("has two cases ") << value;
  for (Region &region : getCaseRegions())
    if (failed(verifyEnd(*this, region)))
      return failure();
  return success();
}

Region &SwitchOp::getRegionFor(int64_t tag) {
  for (auto [value, region] : llvm::zip(getCases(), getCaseRegions()))
    if (value == tag)
      return region;
  return getDefaultRegion();
}

//===----------------------------------------------------------------------===//
// WhileOp
//===----------------------------------------------------------------------===//

ParseResult WhileOp::parse(OpAsmParser &parser, OperationState &state) {
  SmallVector<OpAsmParser::Argument> before, body;
  // A loop that carries nothing starts with its region.
  Region *condition = state.addRegion();
  OptionalParseResult bare = parser.parseOptionalRegion(*condition);
  if (bare.has_value()) {
    if (failed(*bare))
      return failure();
  } else if (parseCarried(parser, state, before) ||
             parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
             parser.parseRegion(*condition, before)) {
    return failure();
  }
  if (parser.parseKeyword("do"))
    return failure();
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseArgumentList(body, OpAsmParser::Delimiter::OptionalParen))
    return failure();
  if (body.size() != before.size())
    return parser.emitError(loc, "expected ")
           << before.size() << " arguments of the loop body";
  for (auto [argument, first] : llvm::zip_equal(body, before))
    argument.type = first.type;
  if (parseBody(parser, state, body))
    return failure();
  return parser.parseOptionalAttrDictWithKeyword(state.attributes);
}

void WhileOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  if (!getInits().empty()) {
    printCarried(printer, getBefore().getArguments(), getInits());
    printer << ' ';
  }
  printer.printRegion(getBefore(), /*printEntryBlockArgs=*/false);
  printer << " do ";
  if (!getInits().empty()) {
    printer << '(';
    llvm::interleaveComma(getBody().getArguments(), printer);
    printer << ") ";
  }
  printBody(printer, getBody());
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
}

LogicalResult WhileOp::verify() {
  TypeRange types = getInits().getTypes();
  if (types != getResultTypes() ||
      types != TypeRange(getBefore().getArgumentTypes()) ||
      types != TypeRange(getBody().getArgumentTypes()))
    return emitOpError(
        "operands, results and region arguments must have the same types");
  Operation &end = getBefore().front().back();
  if (!isa<ConditionOp>(end))
    return emitOpError("condition must end with 'mochi.condition', not '")
           << end.getName() << "'";
  return verifyEnd(*this, getBody());
}

SmallVector<Region *> WhileOp::getLoopRegions() {
  return {&getBefore(), &getBody()};
}

Block::BlockArgListType WhileOp::getRegionIterArgs() {
  return getBefore().getArguments();
}

//===----------------------------------------------------------------------===//
// ForOp
//===----------------------------------------------------------------------===//

ParseResult ForOp::parse(OpAsmParser &parser, OperationState &state) {
  Builder &builder = parser.getBuilder();
  Type i64 = builder.getI64Type();
  SmallVector<OpAsmParser::Argument> arguments(1);
  OpAsmParser::UnresolvedOperand lower, upper;
  if (parser.parseArgument(arguments.front()) || parser.parseEqual() ||
      parser.parseOperand(lower) || parser.parseKeyword("to") ||
      parser.parseOperand(upper) ||
      parser.resolveOperand(lower, i64, state.operands) ||
      parser.resolveOperand(upper, i64, state.operands))
    return failure();
  arguments.front().type = i64;
  if (succeeded(parser.parseOptionalKeyword("step"))) {
    int64_t step;
    if (parser.parseInteger(step))
      return failure();
    state.addAttribute(getStepAttrName(state.name),
                       builder.getI64IntegerAttr(step));
  }
  if (succeeded(parser.parseOptionalKeyword("iter"))) {
    SmallVector<OpAsmParser::Argument> carried;
    if (parseCarried(parser, state, carried))
      return failure();
    llvm::append_range(arguments, carried);
  }
  if (parser.parseOptionalAttrDictWithKeyword(state.attributes))
    return failure();
  return parseBody(parser, state, arguments);
}

void ForOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getInductionVar() << " = " << getLower() << " to "
          << getUpper();
  if (getStep() != 1)
    printer << " step " << getStep();
  if (!getInits().empty()) {
    printer << " iter ";
    printCarried(printer, getBody().getArguments().drop_front(), getInits());
  }
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {getStepAttrName()});
  printer << ' ';
  printBody(printer, getBody());
}

LogicalResult ForOp::verify() {
  if (getBody().getNumArguments() == 0 ||
      !getInductionVar().getType().isSignlessInteger(64))
    return emitOpError("first argument of the body must be i64");
  TypeRange types = getInits().getTypes();
  if (types != getResultTypes() ||
      types != TypeRange(getBody().getArgumentTypes()).drop_front())
    return emitOpError(
        "carried operands, results and arguments must have the same types");
  if (static_cast<int64_t>(getStep()) <= 0)
    return emitOpError("step must be positive");
  return verifyEnd(*this, getBody());
}

SmallVector<Region *> ForOp::getLoopRegions() { return {&getBody()}; }

Block::BlockArgListType ForOp::getRegionIterArgs() {
  // Asked before the operation is known to be well formed.
  Block::BlockArgListType arguments = getBody().getArguments();
  return arguments.empty() ? arguments : arguments.drop_front();
}

std::optional<SmallVector<Value>> ForOp::getLoopInductionVars() {
  return SmallVector<Value>{getInductionVar()};
}

std::optional<SmallVector<OpFoldResult>> ForOp::getLoopLowerBounds() {
  return SmallVector<OpFoldResult>{getLower()};
}

std::optional<SmallVector<OpFoldResult>> ForOp::getLoopUpperBounds() {
  return SmallVector<OpFoldResult>{getUpper()};
}

std::optional<SmallVector<OpFoldResult>> ForOp::getLoopSteps() {
  return SmallVector<OpFoldResult>{OpFoldResult(getStepAttr())};
}

//===----------------------------------------------------------------------===//
// Canonicalisation
//===----------------------------------------------------------------------===//

/// Replaces an operation by the contents of one of its regions, if that region
/// ends by yielding. What a region that leaves early is replaced by depends on
/// where the operation stands, so such a region stays.
static LogicalResult inlineRegion(PatternRewriter &rewriter, Operation *op,
                                  Region &region) {
  auto yield = dyn_cast<YieldOp>(region.front().back());
  if (!yield)
    return failure();
  SmallVector<Value> results(yield.getValues());
  rewriter.eraseOp(yield);
  rewriter.inlineBlockBefore(&region.front(), op);
  rewriter.replaceOp(op, results);
  return success();
}

static LogicalResult inlineKnownIf(IfOp op, PatternRewriter &rewriter) {
  APInt condition;
  if (!matchPattern(op.getCondition(), m_ConstantInt(&condition)))
    return failure();
  return inlineRegion(rewriter, op,
                      condition.isZero() ? op.getElseRegion()
                                         : op.getThenRegion());
}

/// Whether a region does nothing but yield.
static YieldOp onlyYields(Region &region) {
  return llvm::hasSingleElement(region.front())
             ? dyn_cast<YieldOp>(region.front().back())
             : YieldOp();
}

/// An `if` that only chooses between numbers is a select. Counted values stay:
/// a region's yield consumes, a select does not.
static LogicalResult selectInsteadOfIf(IfOp op, PatternRewriter &rewriter) {
  YieldOp first = onlyYields(op.getThenRegion());
  YieldOp second = onlyYields(op.getElseRegion());
  if (!first || !second || op.getNumResults() == 0 ||
      llvm::any_of(op.getResultTypes(), isCountedType))
    return failure();
  SmallVector<Value> results;
  for (auto [yes, no] : llvm::zip_equal(first.getValues(), second.getValues()))
    results.push_back(
        yes == no ? yes
                  : rewriter.createOrFold<arith::SelectOp>(
                        op.getLoc(), op.getCondition(), yes, no));
  rewriter.replaceOp(op, results);
  return success();
}

void IfOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                       MLIRContext *) {
  patterns.add(inlineKnownIf);
  patterns.add(selectInsteadOfIf);
}

static LogicalResult inlineKnownSwitch(SwitchOp op, PatternRewriter &rewriter) {
  APInt tag;
  if (!matchPattern(op.getTag(), m_ConstantInt(&tag)))
    return failure();
  return inlineRegion(rewriter, op, op.getRegionFor(tag.getSExtValue()));
}

void SwitchOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(inlineKnownSwitch);
}

static LogicalResult dropEmptyFor(ForOp op, PatternRewriter &rewriter) {
  APInt lower, upper;
  bool known = matchPattern(op.getLower(), m_ConstantInt(&lower)) &&
               matchPattern(op.getUpper(), m_ConstantInt(&upper));
  if (op.getLower() != op.getUpper() && (!known || lower.slt(upper)))
    return failure();
  rewriter.replaceOp(op, op.getInits());
  return success();
}

void ForOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                        MLIRContext *) {
  patterns.add(dropEmptyFor);
}

static LogicalResult dropKeptExpectation(ExpectOp op,
                                         PatternRewriter &rewriter) {
  if (!matchPattern(op.getCondition(), m_One()))
    return failure();
  rewriter.eraseOp(op);
  return success();
}

void ExpectOp::getCanonicalizationPatterns(RewritePatternSet &patterns,
                                           MLIRContext *) {
  patterns.add(dropKeptExpectation);
}
