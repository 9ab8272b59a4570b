//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Operations that define symbols, and the verification of those that use them.
//
#include "MochiOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mochi;

//===----------------------------------------------------------------------===//
// Shared parts
//===----------------------------------------------------------------------===//

/// Parses `("x": f64, "y": f64)`.
static ParseResult parseFields(OpAsmParser &parser, ArrayAttr &names,
                               ArrayAttr &types) {
  SmallVector<Attribute> parsedNames, parsedTypes;
  auto parseField = [&]() -> ParseResult {
    std::string name;
    Type type;
    if (parser.parseString(&name) || parser.parseColonType(type))
      return failure();
    parsedNames.push_back(parser.getBuilder().getStringAttr(name));
    parsedTypes.push_back(TypeAttr::get(type));
    return success();
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parseField))
    return failure();
  names = parser.getBuilder().getArrayAttr(parsedNames);
  types = parser.getBuilder().getArrayAttr(parsedTypes);
  return success();
}

static void printFields(OpAsmPrinter &printer, ArrayAttr names,
                        ArrayAttr types) {
  printer << '(';
  llvm::interleaveComma(
      llvm::zip(names, types), printer, [&](std::tuple<Attribute, Attribute> field) {
        printer << std::get<0>(field) << ": ";
        printer.printType(cast<TypeAttr>(std::get<1>(field)).getValue());
      });
  printer << ')';
}

/// Parses `named "Name"`, if it is there.
static ParseResult parseDisplayName(OpAsmParser &parser, OperationState &state,
                                    StringAttr attributeName) {
  if (failed(parser.parseOptionalKeyword("named")))
    return success();
  StringAttr name;
  return parser.parseAttribute(name, attributeName, state.attributes);
}

static void printDisplayName(OpAsmPrinter &printer,
                             std::optional<StringRef> name) {
  if (!name)
    return;
  printer << " named ";
  printer.printString(*name);
}

/// Names must differ from each other; types must be storable and exactly as
/// many as the names.
static LogicalResult verifyFields(Operation *op, ArrayAttr names,
                                  ArrayAttr types) {
  if (names.size() != types.size())
    return op->emitOpError("has ")
           << names.size() << " field names, but " << types.size() << " types";
  llvm::StringSet<> seen;
  for (auto [name, type] : llvm::zip_equal(names, types)) {
    StringRef text = cast<StringAttr>(name).getValue();
    if (!seen.insert(text).second)
      return op->emitOpError("has two fields \"") << text << "\"";
    Type fieldType = cast<TypeAttr>(type).getValue();
    if (!isStorableType(fieldType))
      return op->emitOpError("field \"")
             << text << "\" has type " << fieldType
             << ", which cannot be stored";
  }
  return success();
}

/// Every record and union that a type mentions must be defined.
static LogicalResult verifyMentionedSymbols(Operation *op,
                                            SymbolTableCollection &symbols,
                                            Type type) {
  WalkResult result = type.walk([&](Type part) {
    if (auto record = dyn_cast<RecordType>(part))
      if (!symbols.lookupNearestSymbolFrom<RecordTypeOp>(op,
                                                         record.getSymbol())) {
        op->emitOpError("mentions undefined record type ")
            << record.getSymbol();
        return WalkResult::interrupt();
      }
    if (auto unionType = dyn_cast<UnionType>(part))
      if (!symbols.lookupNearestSymbolFrom<UnionTypeOp>(
              op, unionType.getSymbol())) {
        op->emitOpError("mentions undefined union type ")
            << unionType.getSymbol();
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// RecordTypeOp
//===----------------------------------------------------------------------===//

ParseResult RecordTypeOp::parse(OpAsmParser &parser, OperationState &state) {
  if (succeeded(parser.parseOptionalKeyword("anonymous")))
    state.addAttribute(getAnonymousAttrName(state.name),
                       parser.getBuilder().getUnitAttr());
  StringAttr symbol;
  ArrayAttr names, types;
  if (parser.parseSymbolName(symbol, getSymNameAttrName(state.name),
                             state.attributes) ||
      parseDisplayName(parser, state, getDisplayNameAttrName(state.name)) ||
      parseFields(parser, names, types))
    return failure();
  state.addAttribute(getFieldsAttrName(state.name), names);
  state.addAttribute(getTypesAttrName(state.name), types);
  return parser.parseOptionalAttrDictWithKeyword(state.attributes);
}

void RecordTypeOp::print(OpAsmPrinter &printer) {
  if (getAnonymous())
    printer << " anonymous";
  printer << ' ';
  printer.printSymbolName(getSymName());
  printDisplayName(printer, getDisplayName());
  printer << ' ';
  printFields(printer, getFields(), getTypes());
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(),
      {getSymNameAttrName(), getDisplayNameAttrName(), getFieldsAttrName(),
       getTypesAttrName(), getAnonymousAttrName()});
}

LogicalResult RecordTypeOp::verify() {
  return verifyFields(*this, getFields(), getTypes());
}

LogicalResult
RecordTypeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  for (Type type : getTypes().getAsValueRange<TypeAttr>())
    if (failed(verifyMentionedSymbols(*this, symbols, type)))
      return failure();
  return success();
}

std::optional<unsigned> RecordTypeOp::getFieldIndex(StringRef name) {
  for (auto [index, field] :
       llvm::enumerate(getFields().getAsValueRange<StringAttr>()))
    if (field == name)
      return index;
  return std::nullopt;
}

Type RecordTypeOp::getFieldType(unsigned index) {
  return cast<TypeAttr>(getTypes()[index]).getValue();
}

//===----------------------------------------------------------------------===//
// UnionTypeOp
//===----------------------------------------------------------------------===//

ParseResult UnionTypeOp::parse(OpAsmParser &parser, OperationState &state) {
  StringAttr symbol;
  if (parser.parseSymbolName(symbol, getSymNameAttrName(state.name),
                             state.attributes) ||
      parseDisplayName(parser, state, getDisplayNameAttrName(state.name)))
    return failure();
  SmallVector<Attribute> variants, fieldNames, fieldTypes;
  auto parseVariant = [&]() -> ParseResult {
    std::string name;
    ArrayAttr names, types;
    if (parser.parseString(&name) || parseFields(parser, names, types))
      return failure();
    variants.push_back(parser.getBuilder().getStringAttr(name));
    fieldNames.push_back(names);
    fieldTypes.push_back(types);
    return success();
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Braces,
                                     parseVariant))
    return failure();
  Builder &builder = parser.getBuilder();
  state.addAttribute(getVariantsAttrName(state.name),
                     builder.getArrayAttr(variants));
  state.addAttribute(getFieldNamesAttrName(state.name),
                     builder.getArrayAttr(fieldNames));
  state.addAttribute(getFieldTypesAttrName(state.name),
                     builder.getArrayAttr(fieldTypes));
  return parser.parseOptionalAttrDictWithKeyword(state.attributes);
}

void UnionTypeOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printDisplayName(printer, getDisplayName());
  printer << " {";
  printer.increaseIndent();
  llvm::interleave(
      llvm::zip(getVariants(), getFieldNames(), getFieldTypes()),
      [&](std::tuple<Attribute, Attribute, Attribute> variant) {
        printer.printNewline();
        printer << std::get<0>(variant);
        printFields(printer, cast<ArrayAttr>(std::get<1>(variant)),
                    cast<ArrayAttr>(std::get<2>(variant)));
      },
      [&] { printer << ','; });
  printer.decreaseIndent();
  printer.printNewline();
  printer << '}';
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(),
      {getSymNameAttrName(), getDisplayNameAttrName(), getVariantsAttrName(),
       getFieldNamesAttrName(), getFieldTypesAttrName()});
}

LogicalResult UnionTypeOp::verify() {
  if (getVariants().size() != getFieldNames().size() ||
      getVariants().size() != getFieldTypes().size())
    return emitOpError("needs one list of field names and one of field types "
                       "per variant");
  llvm::StringSet<> seen;
  for (auto [variant, names, types] : llvm::zip_equal(
           getVariants(), getFieldNames(), getFieldTypes())) {
    StringRef text = cast<StringAttr>(variant).getValue();
    if (!seen.insert(text).second)
      return emitOpError("has two variants \"") << text << "\"";
    auto nameList = dyn_cast<ArrayAttr>(names);
    auto typeList = dyn_cast<ArrayAttr>(types);
    if (!nameList || !typeList ||
        !llvm::all_of(nameList, llvm::IsaPred<StringAttr>) ||
        !llvm::all_of(typeList, llvm::IsaPred<TypeAttr>))
      return emitOpError("fields of variant \"")
             << text << "\" must be a list of strings and one of types";
    if (failed(verifyFields(*this, nameList, typeList)))
      return failure();
  }
  return success();
}

LogicalResult UnionTypeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  for (ArrayAttr types : getFieldTypes().getAsRange<ArrayAttr>())
    for (Type type : types.getAsValueRange<TypeAttr>())
      if (failed(verifyMentionedSymbols(*this, symbols, type)))
        return failure();
  return success();
}

std::optional<unsigned> UnionTypeOp::getVariantIndex(StringRef name) {
  for (auto [index, variant] :
       llvm::enumerate(getVariants().getAsValueRange<StringAttr>()))
    if (variant == name)
      return index;
  return std::nullopt;
}

ArrayAttr UnionTypeOp::getVariantTypes(unsigned tag) {
  return cast<ArrayAttr>(getFieldTypes()[tag]);
}

//===----------------------------------------------------------------------===//
// Globals
//===----------------------------------------------------------------------===//

LogicalResult GlobalOp::verify() {
  if (!isValueType(getType()))
    return emitOpError("cannot hold a value of type ") << getType();
  return success();
}

LogicalResult GlobalOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyMentionedSymbols(*this, symbols, getType());
}

static LogicalResult verifyGlobalAccess(Operation *op,
                                        SymbolTableCollection &symbols,
                                        FlatSymbolRefAttr name, Type type) {
  auto global = symbols.lookupNearestSymbolFrom<GlobalOp>(op, name);
  if (!global)
    return op->emitOpError("names no global variable: ") << name;
  if (global.getType() != type)
    return op->emitOpError("uses ")
           << name << " as " << type << ", but it holds " << global.getType();
  return success();
}

LogicalResult
GlobalLoadOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyGlobalAccess(*this, symbols, getGlobalAttr(),
                            getResult().getType());
}

LogicalResult
GlobalStoreOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyGlobalAccess(*this, symbols, getGlobalAttr(),
                            getValue().getType());
}

LogicalResult
GlobalClearOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (symbols.lookupNearestSymbolFrom<GlobalOp>(*this, getGlobalAttr()))
    return success();
  return emitOpError("names no global variable: ") << getGlobalAttr();
}

//===----------------------------------------------------------------------===//
// Records
//===----------------------------------------------------------------------===//

/// The definition of a record type, or an error.
static RecordTypeOp lookupRecord(Operation *op, SymbolTableCollection &symbols,
                                 RecordType type) {
  auto definition =
      symbols.lookupNearestSymbolFrom<RecordTypeOp>(op, type.getSymbol());
  if (!definition)
    op->emitOpError("names no record type: ") << type.getSymbol();
  return definition;
}

/// Operands against the types of the fields they initialise.
static LogicalResult verifyFieldValues(Operation *op, TypeRange values,
                                       ArrayAttr types) {
  if (values.size() != types.size())
    return op->emitOpError("needs ")
           << types.size() << " values, but has " << values.size();
  for (auto [index, value] : llvm::enumerate(values)) {
    Type expected = cast<TypeAttr>(types[index]).getValue();
    if (value != expected)
      return op->emitOpError("value ") << index << " has type " << value
                                       << ", but the field has " << expected;
  }
  return success();
}

static LogicalResult verifyFieldAccess(Operation *op,
                                       SymbolTableCollection &symbols,
                                       RecordType record, StringRef field,
                                       Type type) {
  RecordTypeOp definition = lookupRecord(op, symbols, record);
  if (!definition)
    return failure();
  std::optional<unsigned> index = definition.getFieldIndex(field);
  if (!index)
    return op->emitOpError("record type ")
           << record.getSymbol() << " has no field \"" << field << "\"";
  Type expected = definition.getFieldType(*index);
  if (type != expected)
    return op->emitOpError("field \"")
           << field << "\" has type " << expected << ", not " << type;
  return success();
}

LogicalResult RecordNewOp::verifySymbolUses(SymbolTableCollection &symbols) {
  RecordTypeOp definition = lookupRecord(*this, symbols, getResult().getType());
  if (!definition)
    return failure();
  return verifyFieldValues(*this, getValues().getTypes(),
                           definition.getTypes());
}

LogicalResult RecordGetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyFieldAccess(*this, symbols, getRecord().getType(), getField(),
                           getResult().getType());
}

LogicalResult RecordSetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyFieldAccess(*this, symbols, getRecord().getType(), getField(),
                           getValue().getType());
}

//===----------------------------------------------------------------------===//
// Unions
//===----------------------------------------------------------------------===//

/// The field types of a variant, or an error and null.
static ArrayAttr lookupVariant(Operation *op, SymbolTableCollection &symbols,
                               UnionType type, StringRef variant) {
  auto definition =
      symbols.lookupNearestSymbolFrom<UnionTypeOp>(op, type.getSymbol());
  if (!definition) {
    op->emitOpError("names no union type: ") << type.getSymbol();
    return {};
  }
  std::optional<unsigned> tag = definition.getVariantIndex(variant);
  if (!tag) {
    op->emitOpError("union type ")
        << type.getSymbol() << " has no variant \"" << variant << "\"";
    return {};
  }
  return definition.getVariantTypes(*tag);
}

LogicalResult UnionNewOp::verifySymbolUses(SymbolTableCollection &symbols) {
  ArrayAttr types =
      lookupVariant(*this, symbols, getResult().getType(), getVariant());
  if (!types)
    return failure();
  return verifyFieldValues(*this, getValues().getTypes(), types);
}

LogicalResult UnionGetOp::verifySymbolUses(SymbolTableCollection &symbols) {
  ArrayAttr types =
      lookupVariant(*this, symbols, getUnionValue().getType(), getVariant());
  if (!types)
    return failure();
  if (getIndex() >= types.size())
    return emitOpError("variant \"")
           << getVariant() << "\" has no field " << getIndex();
  Type expected = cast<TypeAttr>(types[getIndex()]).getValue();
  if (getResult().getType() != expected)
    return emitOpError("field ") << getIndex() << " has type " << expected
                                 << ", not " << getResult().getType();
  return success();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

LogicalResult ClosureNewOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee =
      symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getCalleeAttr());
  if (!callee)
    return emitOpError("names no function: ") << getCalleeAttr();
  ArrayRef<Type> inputs = callee.getFunctionType().getInputs();
  bool hasEnvironment = !inputs.empty() && isa<EnvType>(inputs.back());
  if (hasEnvironment)
    inputs = inputs.drop_back();
  FunctionType signature = getResult().getType().getSignature();
  if (inputs != signature.getInputs() ||
      callee.getFunctionType().getResults() != signature.getResults())
    return emitOpError("makes ")
           << signature << " of " << getCalleeAttr() << ", which is "
           << callee.getFunctionType();
  if (!getCaptures().empty() && !hasEnvironment)
    return emitOpError("captures values, but ")
           << getCalleeAttr() << " has no environment parameter";
  return success();
}
