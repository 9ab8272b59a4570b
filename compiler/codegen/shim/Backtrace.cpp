//===- Backtrace.cpp - The table behind the call stacks of errors ---------===//
//
// The layout is described, and read, in `runtime/backtrace/src/table.rs`.
//
// Go's `pclntab` does the same job for Go; rows relative to the one before, and
// inlined calls as a tree, are its ideas and DWARF's. DWARF itself would say it
// all, at several times the size and with a far larger reader.
//
//===----------------------------------------------------------------------===//

#include "Backtrace.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDwarf.h"
#include "llvm/MC/MCSectionELF.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"

#include <map>
#include <tuple>
#include <vector>

using namespace llvm;

namespace {

constexpr const char *tableName = "mochi_rt_backtrace_table";
constexpr int64_t word = 8;

/// DWARF's numbers of the registers that frames are found by.
struct Registers {
  unsigned stackPointer;
  unsigned framePointer;
  unsigned returnAddress;
};

/// How to find the caller of a function at some instruction. The canonical
/// frame address is the stack pointer of the caller after the return.
struct FrameState {
  bool known = true;
  bool fromFramePointer = false;
  int64_t offset = 0;
  /// Words below the canonical frame address where the caller's frame pointer
  /// and the return address were saved; zero when they are in their registers.
  int64_t framePointerSlot = 0;
  int64_t returnAddressSlot = 0;

  auto key() const {
    return std::make_tuple(known, fromFramePointer, offset, framePointerSlot,
                           returnAddressSlot);
  }
  bool operator==(const FrameState &other) const {
    return key() == other.key();
  }
  bool operator<(const FrameState &other) const { return key() < other.key(); }
};

/// A function of the source, active in a machine function: the function
/// itself, or one that was inlined at a line of its parent.
struct Scope {
  unsigned source;
  unsigned parent;
  unsigned line;

  bool operator<(const Scope &other) const {
    return std::tie(source, parent, line) <
           std::tie(other.source, other.parent, other.line);
  }
};

/// From this place on, up to the next row.
struct Row {
  MCSymbol *place;
  unsigned scope;
  unsigned line;
  unsigned state;
};

struct MachineFunctionRows {
  MCSymbol *start;
  MCSymbol *end = nullptr;
  std::vector<Scope> scopes;
  std::vector<Row> rows;
};

class BacktraceTable : public AsmPrinterHandler {
public:
  BacktraceTable(AsmPrinter &printer, const Registers &registers)
      : printer(printer), registers(registers) {
    // State 0: the caller cannot be found.
    FrameState unknown;
    unknown.known = false;
    stateNumber(unknown);
  }

  void beginFunction(const MachineFunction *function) override;
  void beginInstruction(const MachineInstr *instruction) override;
  void markFunctionEnd() override { current().end = label(); }
  void endFunction(const MachineFunction *) override {}
  void endModule() override;

private:
  MachineFunctionRows &current() { return functions.back(); }
  MCStreamer &out() { return *printer.OutStreamer; }
  MCSymbol *label() {
    MCSymbol *symbol = printer.OutContext.createTempSymbol();
    out().emitLabel(symbol);
    return symbol;
  }

  void apply(const MCCFIInstruction &instruction);
  void save(unsigned reg, int64_t offset);
  unsigned stateNumber(const FrameState &state);
  unsigned sourceNumber(const DISubprogram *subprogram);
  unsigned scopeNumber(const Scope &scope);
  unsigned scopeNumber(const DILocation *location);
  void addRow(const MachineInstr &instruction);

  void emitRows(const MachineFunctionRows &function);
  void emitScopes(const MachineFunctionRows &function);
  void emitState(const FrameState &state);

  AsmPrinter &printer;
  Registers registers;
  std::vector<MachineFunctionRows> functions;
  /// Names with files.
  MapVector<std::pair<StringRef, StringRef>, unsigned> sources;
  std::map<FrameState, unsigned> stateNumbers;
  std::vector<FrameState> states;
  StringMap<char> files;

  // While one function is printed.
  const DISubprogram *subprogram = nullptr;
  const MachineFunction *function = nullptr;
  std::map<Scope, unsigned> scopeNumbers;
  FrameState state;
  FrameState initial;
  std::vector<FrameState> remembered;
};

unsigned BacktraceTable::stateNumber(const FrameState &state) {
  auto [place, added] = stateNumbers.try_emplace(state, states.size());
  if (added)
    states.push_back(state);
  return place->second;
}

/// Functions are told apart by what is shown of them, so that copies of one
/// function (generic, unrolled) count as one.
unsigned BacktraceTable::sourceNumber(const DISubprogram *subprogram) {
  SmallString<128> path(subprogram->getDirectory());
  sys::path::append(path, subprogram->getFilename());
  StringRef file = files.try_emplace(path).first->getKey();
  auto key = std::make_pair(subprogram->getName(), file);
  return sources.try_emplace(key, sources.size()).first->second;
}

/// Scope 0 is none: code of the compiler's own.
unsigned BacktraceTable::scopeNumber(const Scope &scope) {
  std::vector<Scope> &scopes = current().scopes;
  auto [place, added] = scopeNumbers.try_emplace(scope, scopes.size() + 1);
  if (added)
    scopes.push_back(scope);
  return place->second;
}

unsigned BacktraceTable::scopeNumber(const DILocation *location) {
  const DISubprogram *own =
      location ? location->getScope()->getSubprogram() : nullptr;
  if (!own) {
    if (!subprogram)
      return 0;
    return scopeNumber({sourceNumber(subprogram), 0, subprogram->getLine()});
  }
  const DILocation *call = location->getInlinedAt();
  if (call) {
    unsigned parent = scopeNumber(call);
    return scopeNumber({sourceNumber(own), parent, call->getLine()});
  }
  if (!subprogram || own == subprogram)
    return scopeNumber({sourceNumber(own), 0, own->getLine()});
  // Inlined by a call without a location.
  unsigned parent = scopeNumber(static_cast<const DILocation *>(nullptr));
  return scopeNumber({sourceNumber(own), parent, 0});
}

void BacktraceTable::beginFunction(const MachineFunction *machine) {
  function = machine;
  subprogram = machine->getFunction().getSubprogram();
  scopeNumbers.clear();
  remembered.clear();
  functions.push_back({label()});
  // Scope 1 is the function itself, where it has a name.
  scopeNumber(static_cast<const DILocation *>(nullptr));
  state = FrameState();
  for (const MCCFIInstruction &step : printer.MAI->getInitialFrameState())
    apply(step);
  initial = state;
}

void BacktraceTable::save(unsigned reg, int64_t offset) {
  int64_t slot = offset % word == 0 ? -offset / word : -1;
  if (reg != registers.framePointer && reg != registers.returnAddress)
    return;
  if (slot < 0)
    state.known = false;
  (reg == registers.framePointer ? state.framePointerSlot
                                 : state.returnAddressSlot) = slot;
}

void BacktraceTable::apply(const MCCFIInstruction &step) {
  auto from = [&](unsigned reg) {
    state.known =
        reg == registers.stackPointer || reg == registers.framePointer;
    state.fromFramePointer = reg == registers.framePointer;
  };
  switch (step.getOperation()) {
  case MCCFIInstruction::OpDefCfa:
    from(step.getRegister());
    state.offset = step.getOffset();
    break;
  case MCCFIInstruction::OpDefCfaRegister:
    from(step.getRegister());
    break;
  case MCCFIInstruction::OpDefCfaOffset:
    state.offset = step.getOffset();
    break;
  case MCCFIInstruction::OpAdjustCfaOffset:
    state.offset += step.getOffset();
    break;
  case MCCFIInstruction::OpOffset:
    save(step.getRegister(), step.getOffset());
    break;
  case MCCFIInstruction::OpRelOffset:
    save(step.getRegister(), step.getOffset() - state.offset);
    break;
  case MCCFIInstruction::OpRestore:
  case MCCFIInstruction::OpSameValue:
    if (step.getRegister() == registers.framePointer)
      state.framePointerSlot = initial.framePointerSlot;
    if (step.getRegister() == registers.returnAddress)
      state.returnAddressSlot = initial.returnAddressSlot;
    break;
  case MCCFIInstruction::OpRememberState:
    remembered.push_back(state);
    break;
  case MCCFIInstruction::OpRestoreState:
    if (!remembered.empty())
      state = remembered.back();
    if (!remembered.empty())
      remembered.pop_back();
    break;
  case MCCFIInstruction::OpGnuArgsSize:
  case MCCFIInstruction::OpLabel:
    break;
  case MCCFIInstruction::OpUndefined:
  case MCCFIInstruction::OpRegister:
  case MCCFIInstruction::OpValOffset:
    if (step.getRegister() == registers.framePointer ||
        step.getRegister() == registers.returnAddress)
      state.known = false;
    break;
  default:
    // Nothing that the two targets write for Mochi's functions.
    state.known = false;
  }
}

/// Rows are wanted where a frame can be left for another (calls), and where the
/// end of the stack can be met (stores; pushes are).
void BacktraceTable::beginInstruction(const MachineInstr *instruction) {
  if (instruction->isCFIInstruction()) {
    unsigned index = instruction->getOperand(0).getCFIIndex();
    apply(function->getFrameInstructions()[index]);
    return;
  }
  if (instruction->isMetaInstruction())
    return;
  bool call = instruction->isCall() && !instruction->isReturn();
  bool first = current().rows.empty();
  if (call || (instruction->mayStore() &&
               (first || !(states[current().rows.back().state] == state))))
    addRow(*instruction);
}

void BacktraceTable::addRow(const MachineInstr &instruction) {
  const DILocation *location = instruction.getDebugLoc().get();
  Row row;
  row.scope = scopeNumber(location);
  row.line = location ? location->getLine() : 0;
  row.state = stateNumber(state.known ? state : FrameState(states[0]));
  std::vector<Row> &rows = current().rows;
  if (!rows.empty() && rows.back().scope == row.scope &&
      rows.back().line == row.line && rows.back().state == row.state)
    return;
  row.place = label();
  rows.push_back(row);
}

uint64_t zigzag(int64_t value) {
  return (uint64_t(value) << 1) ^ uint64_t(value >> 63);
}

void BacktraceTable::emitRows(const MachineFunctionRows &function) {
  Row before{function.start, 0, 0, 0};
  for (const Row &row : function.rows) {
    out().emitAbsoluteSymbolDiffAsULEB128(row.place, before.place);
    bool scope = row.scope != before.scope, state = row.state != before.state;
    int64_t lines = int64_t(row.line) - int64_t(before.line);
    out().emitULEB128IntValue(zigzag(lines) << 2 | unsigned(scope) << 1 |
                              unsigned(state));
    if (scope)
      out().emitULEB128IntValue(row.scope);
    if (state)
      out().emitULEB128IntValue(row.state);
    before = row;
  }
}

void BacktraceTable::emitScopes(const MachineFunctionRows &function) {
  for (const Scope &scope : function.scopes) {
    out().emitULEB128IntValue(scope.source);
    out().emitULEB128IntValue(scope.parent);
    out().emitULEB128IntValue(scope.line);
  }
}

void BacktraceTable::emitState(const FrameState &state) {
  bool fits = state.known && state.offset > 0 &&
              state.offset < (int64_t(1) << 30) &&
              state.framePointerSlot < (1 << 16) &&
              state.returnAddressSlot < (1 << 16);
  if (!fits) {
    out().emitInt64(0);
    return;
  }
  out().emitInt32(uint64_t(state.offset) << 1 |
                  uint64_t(state.fromFramePointer));
  out().emitInt16(state.framePointerSlot);
  out().emitInt16(state.returnAddressSlot);
}

void BacktraceTable::endModule() {
  MCContext &context = printer.OutContext;
  out().switchSection(context.getELFSection(Twine(".rodata.") + tableName,
                                            ELF::SHT_PROGBITS, ELF::SHF_ALLOC));
  out().emitValueToAlignment(Align(4));
  MCSymbol *table = context.getOrCreateSymbol(tableName);
  out().emitSymbolAttribute(table, MCSA_Global);
  out().emitSymbolAttribute(table, MCSA_Hidden);
  out().emitSymbolAttribute(table, MCSA_ELF_TypeObject);
  out().emitLabel(table);
  MCSymbol *end = context.createTempSymbol();
  MCSymbol *texts = context.createTempSymbol();
  uint64_t head = 20, record = 16;
  uint64_t sourcesAt = head + record * functions.size();
  uint64_t statesAt = sourcesAt + 8 * sources.size();
  out().emitAbsoluteSymbolDiff(end, table, 4);
  out().emitInt32(functions.size());
  out().emitInt32(sourcesAt);
  out().emitInt32(statesAt);
  out().emitAbsoluteSymbolDiff(texts, table, 4);

  std::vector<MCSymbol *> rows, scopes;
  for (const MachineFunctionRows &function : functions) {
    MCSymbol *here = label();
    rows.push_back(context.createTempSymbol());
    scopes.push_back(context.createTempSymbol());
    // Relative, so that no relocation is left for the start of the program.
    out().emitValue(MCBinaryExpr::createSub(
                        MCSymbolRefExpr::create(function.start, context),
                        MCSymbolRefExpr::create(here, context), context),
                    4);
    out().emitAbsoluteSymbolDiff(function.end, function.start, 4);
    out().emitAbsoluteSymbolDiff(rows.back(), table, 4);
    out().emitAbsoluteSymbolDiff(scopes.back(), table, 4);
  }

  // Offsets of texts, from the first of them.
  std::string text;
  std::map<StringRef, uint64_t> known;
  auto place = [&](StringRef part) {
    auto [found, added] = known.try_emplace(part, text.size());
    if (added) {
      text += part;
      text.push_back('\0');
    }
    return found->second;
  };
  for (const auto &[source, number] : sources) {
    out().emitInt32(place(source.first));
    out().emitInt32(place(source.second));
  }
  for (const FrameState &state : states)
    emitState(state);
  for (size_t i = 0; i < functions.size(); ++i) {
    out().emitLabel(rows[i]);
    emitRows(functions[i]);
    out().emitLabel(scopes[i]);
    emitScopes(functions[i]);
  }
  out().emitLabel(texts);
  out().emitBytes(text);
  out().emitLabel(end);
}

} // namespace

std::unique_ptr<AsmPrinterHandler>
mochi::createBacktraceTable(AsmPrinter &printer, const Triple &triple) {
  Registers registers = triple.isAArch64() ? Registers{31, 29, 30}
                                           : Registers{7, 6, 16};
  return std::make_unique<BacktraceTable>(printer, registers);
}
