//===- Pass.cpp - passes written in Rust ----------------------------------===//
//
// Part of Mochi, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One C++ class carries every Rust pass. Options are real pass options, so
// they are listed by --help and survive a round trip of the pipeline text.
//
//===----------------------------------------------------------------------===//
#include "MochiShim.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Pass.h"
#include "mlir/CAPI/Support.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

#include <memory>
#include <vector>

using namespace mlir;

namespace {

struct RustPass : public Pass {
  explicit RustPass(const MochiPassSpec &spec)
      : Pass(unwrap(spec.id), anchorOf(spec)), spec(spec) {
    build();
  }
  RustPass(const RustPass &other) : Pass(other), spec(other.spec) { build(); }

  StringRef getName() const override { return unwrap(spec.name); }
  StringRef getArgument() const override { return unwrap(spec.argument); }
  StringRef getDescription() const override { return unwrap(spec.description); }

  void getDependentDialects(DialectRegistry &registry) const override {
    for (intptr_t i = 0; i < spec.numDialects; ++i)
      mlirDialectHandleInsertDialect(spec.dialects[i], wrap(&registry));
  }

  bool canScheduleOn(RegisteredOperationName name) const override {
    StringRef anchor = unwrap(spec.anchor);
    return anchor.empty() || name.getStringRef() == anchor;
  }

  void runOnOperation() override {
    std::vector<MochiOptionValue> values(spec.numOptions);
    for (intptr_t i = 0; i < spec.numOptions; ++i) {
      switch (spec.options[i].kind) {
      case MOCHI_OPTION_BOOL:
        values[i].intValue = bools[slots[i]]->getValue();
        break;
      case MOCHI_OPTION_INT:
        values[i].intValue = ints[slots[i]]->getValue();
        break;
      case MOCHI_OPTION_STRING:
        values[i].stringValue =
            wrap(StringRef(strings[slots[i]]->getValue()));
        break;
      }
    }
    std::vector<uint64_t> counts(counters.size(), 0);
    bool ok = spec.run(wrap(getOperation()), values.data(), counts.data(),
                       spec.userData);
    for (size_t i = 0; i < counters.size(); ++i)
      *counters[i] += counts[i];
    if (!ok)
      signalPassFailure();
  }

  std::unique_ptr<Pass> clonePass() const override {
    return std::make_unique<RustPass>(*this);
  }

private:
  static std::optional<StringRef> anchorOf(const MochiPassSpec &spec) {
    StringRef anchor = unwrap(spec.anchor);
    if (anchor.empty())
      return std::nullopt;
    return anchor;
  }

  void build() {
    for (intptr_t i = 0; i < spec.numOptions; ++i) {
      const MochiOptionSpec &o = spec.options[i];
      StringRef name = unwrap(o.name);
      auto desc = llvm::cl::desc(unwrap(o.description));
      switch (o.kind) {
      case MOCHI_OPTION_BOOL:
        slots.push_back(bools.size());
        bools.push_back(std::make_unique<Option<bool>>(
            *this, name, desc, llvm::cl::init(o.defaultInt != 0)));
        break;
      case MOCHI_OPTION_INT:
        slots.push_back(ints.size());
        ints.push_back(std::make_unique<Option<int64_t>>(
            *this, name, desc, llvm::cl::init(o.defaultInt)));
        break;
      case MOCHI_OPTION_STRING:
        slots.push_back(strings.size());
        strings.push_back(std::make_unique<Option<std::string>>(
            *this, name, desc,
            llvm::cl::init(unwrap(o.defaultString).str())));
        break;
      }
    }
    for (intptr_t i = 0; i < spec.numStatistics; ++i)
      counters.push_back(std::make_unique<Statistic>(
          this, spec.statistics[2 * i].data, spec.statistics[2 * i + 1].data));
  }

  MochiPassSpec spec;
  std::vector<size_t> slots;
  std::vector<std::unique_ptr<Option<bool>>> bools;
  std::vector<std::unique_ptr<Option<int64_t>>> ints;
  std::vector<std::unique_ptr<Option<std::string>>> strings;
  std::vector<std::unique_ptr<Statistic>> counters;
};

struct AfterPass : public PassInstrumentation {
  AfterPass(MochiAfterPassCallback callback, void *userData)
      : callback(callback), userData(userData) {}
  void runAfterPass(Pass *pass, Operation *op) override {
    if (!pass->getArgument().empty())
      callback(wrap(pass->getArgument()), wrap(op), false, userData);
  }
  void runAfterPassFailed(Pass *pass, Operation *op) override {
    if (!pass->getArgument().empty())
      callback(wrap(pass->getArgument()), wrap(op), true, userData);
  }
  MochiAfterPassCallback callback;
  void *userData;
};

} // namespace

void mochiRegisterPass(const MochiPassSpec *spec) {
  MochiPassSpec copy = *spec;
  registerPass([copy]() -> std::unique_ptr<Pass> {
    return std::make_unique<RustPass>(copy);
  });
}

MlirPass mochiCreatePass(const MochiPassSpec *spec) {
  return wrap(static_cast<Pass *>(new RustPass(*spec)));
}

void mochiRegisterPipeline(MlirStringRef argument, MlirStringRef description,
                           MlirStringRef text) {
  std::string pipeline = unwrap(text).str();
  registerPassPipeline(
      unwrap(argument), unwrap(description),
      [pipeline](OpPassManager &pm, StringRef options,
                 function_ref<LogicalResult(const Twine &)> error) {
        if (!options.empty())
          return error("this pipeline takes no options");
        std::string message;
        llvm::raw_string_ostream os(message);
        if (failed(parsePassPipeline(pipeline, pm, os)))
          return error(message);
        return success();
      },
      [](function_ref<void(const mlir::detail::PassOptions &)>) {});
}

void mochiPassManagerEnableReproducer(MlirPassManager pm, MlirStringRef path,
                                      bool localReproducer) {
  unwrap(pm)->enableCrashReproducerGeneration(unwrap(path), localReproducer);
}

void mochiPassManagerAddAfterPass(MlirPassManager pm,
                                  MochiAfterPassCallback callback,
                                  void *userData) {
  unwrap(pm)->addInstrumentation(
      std::make_unique<AfterPass>(callback, userData));
}
