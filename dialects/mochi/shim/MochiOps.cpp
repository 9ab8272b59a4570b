//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// The generated operation classes, custom directives of their assembly formats
// and the verifiers that need neither symbols nor regions.
//
#include "MochiOps.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace mochi;

bool mochi::isOverflowMode(StringRef mode) {
  return mode == "check" || mode == "wrap";
}

bool mochi::isAnyOperator(StringRef name) {
  return llvm::StringSwitch<bool>(name)
      .Cases({"add", "sub", "mul", "div", "rem"}, true)
      .Default(false);
}

//===----------------------------------------------------------------------===//
// Custom directives
//===----------------------------------------------------------------------===//

/// `[%a, %b] : !mochi.list<T>`
static ParseResult
parseListElements(OpAsmParser &parser,
                  SmallVectorImpl<OpAsmParser::UnresolvedOperand> &elements,
                  SmallVectorImpl<Type> &elementTypes, Type &listType) {
  if (parser.parseOperandList(elements, OpAsmParser::Delimiter::Square) ||
      parser.parseColon())
    return failure();
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseType(listType))
    return failure();
  Type element = listElementOf(listType);
  if (!element)
    return parser.emitError(loc, "expected a list type, but found ")
           << listType;
  elementTypes.assign(elements.size(), element);
  return success();
}

static void printListElements(OpAsmPrinter &printer, Operation *,
                              OperandRange elements, TypeRange, Type listType) {
  printer << '[';
  printer.printOperands(elements);
  printer << "] : " << listType;
}

/// `{%k: %v, %l: %w} : !mochi.map<K, V>`
static ParseResult
parseMapEntries(OpAsmParser &parser,
                SmallVectorImpl<OpAsmParser::UnresolvedOperand> &keys,
                SmallVectorImpl<Type> &keyTypes,
                SmallVectorImpl<OpAsmParser::UnresolvedOperand> &values,
                SmallVectorImpl<Type> &valueTypes, Type &mapType) {
  auto parseEntry = [&]() -> ParseResult {
    return failure(parser.parseOperand(keys.emplace_back()) ||
                   parser.parseColon() ||
                   parser.parseOperand(values.emplace_back()));
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Braces,
                                     parseEntry) ||
      parser.parseColon())
    return failure();
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseType(mapType))
    return failure();
  auto map = dyn_cast<MapType>(mapType);
  if (!map)
    return parser.emitError(loc, "expected a map type, but found ") << mapType;
  keyTypes.assign(keys.size(), map.getKey());
  valueTypes.assign(values.size(), map.getValue());
  return success();
}

static void printMapEntries(OpAsmPrinter &printer, Operation *,
                            OperandRange keys, TypeRange, OperandRange values,
                            TypeRange, Type mapType) {
  printer << '{';
  llvm::interleaveComma(llvm::zip_equal(keys, values), printer, [&](auto pair) {
    printer << std::get<0>(pair) << ": " << std::get<1>(pair);
  });
  printer << "} : " << mapType;
}

/// `!mochi.fn<(A) -> R>`, which says everything about a call.
static ParseResult parseCallTypes(OpAsmParser &parser, Type &functionType,
                                  SmallVectorImpl<Type> &argumentTypes,
                                  SmallVectorImpl<Type> &resultTypes) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseType(functionType))
    return failure();
  auto function = dyn_cast<FnType>(functionType);
  if (!function)
    return parser.emitError(loc, "expected a function value type, but found ")
           << functionType;
  llvm::append_range(argumentTypes, function.getSignature().getInputs());
  llvm::append_range(resultTypes, function.getSignature().getResults());
  return success();
}

static void printCallTypes(OpAsmPrinter &printer, Operation *,
                           Type functionType, TypeRange, TypeRange) {
  printer << functionType;
}

//===----------------------------------------------------------------------===//
// Generated code
//===----------------------------------------------------------------------===//

#define GET_OP_CLASSES
#include "MochiOps.cpp.inc"

void MochiDialect::registerOps() {
  addOperations<
#define GET_OP_LIST
#include "MochiOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult BuiltinOp::verify() {
  if (getNumResults() > 1)
    return emitOpError("has at most one result");
  if (getName().empty())
    return emitOpError("must name a function");
  return success();
}

LogicalResult StrCharsOp::verify() {
  if (!isa<StrType>(getResult().getType().getElement()))
    return emitOpError("must give a list of strings");
  return success();
}

LogicalResult ListNewOp::verify() {
  Type element = getResult().getType().getElement();
  for (auto [index, type] : llvm::enumerate(getElements().getTypes()))
    if (type != element)
      return emitOpError("element ")
             << index << " has type " << type << ", but the list holds "
             << element;
  return success();
}

LogicalResult ListViewOp::verify() {
  auto expected = MemRefType::get({ShapedType::kDynamic},
                                  getList().getType().getElement());
  if (getResult().getType() != expected)
    return emitOpError("must give ") << expected;
  return success();
}

Value ListViewOp::getViewSource() { return getList(); }

LogicalResult MapNewOp::verify() {
  MapType map = getResult().getType();
  for (Type type : getKeys().getTypes())
    if (type != map.getKey())
      return emitOpError("has a key of type ")
             << type << ", but the map has keys of type " << map.getKey();
  for (Type type : getValues().getTypes())
    if (type != map.getValue())
      return emitOpError("has a value of type ")
             << type << ", but the map has values of type " << map.getValue();
  return success();
}

LogicalResult AnyWrapOp::verify() {
  if (isa<AnyType>(getValue().getType()))
    return emitOpError("must not wrap any");
  return success();
}

LogicalResult AnyUnwrapOp::verify() {
  if (isa<AnyType>(getResult().getType()))
    return emitOpError("must not unwrap to any");
  return success();
}

LogicalResult AnyIsOp::verify() {
  if (!isStorableType(getType()))
    return emitOpError("must ask for a type of Mochi values");
  return success();
}

LogicalResult AnyElementsOp::verify() {
  if (!isa<AnyType>(getResult().getType().getElement()))
    return emitOpError("must give a list of any");
  return success();
}

LogicalResult ClosureCallOp::verify() {
  FunctionType signature = getFunction().getType().getSignature();
  if (TypeRange(getArguments()) != TypeRange(signature.getInputs()))
    return emitOpError("arguments must have the types ")
           << signature.getInputs();
  if (TypeRange(getResults()) != TypeRange(signature.getResults()))
    return emitOpError("results must have the types ")
           << signature.getResults();
  return success();
}

LogicalResult ClosureCaptureOp::verify() {
  if (static_cast<int64_t>(getIndex()) < 0)
    return emitOpError("index must not be negative");
  return success();
}

LogicalResult RetainOp::verify() {
  if (!isCountedType(getValue().getType()))
    return emitOpError("values of type ")
           << getValue().getType() << " are not counted";
  return success();
}

LogicalResult ReleaseOp::verify() {
  if (!isCountedType(getValue().getType()))
    return emitOpError("values of type ")
           << getValue().getType() << " are not counted";
  return success();
}
