//===- FlattenChecks.cpp - Select instead of branch around checks -----------===//

#include "FlattenChecks.h"

#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace {

/// More instructions than this are cheaper jumped over.
constexpr unsigned mostInstructions = 4;

/// One of two ways from a branch to the block where they meet.
struct Way {
  BasicBlock *meeting = nullptr;
  /// Where the way arrives from; the branch's own block when it is empty.
  BasicBlock *last = nullptr;
  SmallVector<BasicBlock *, 2> blocks;
  /// The failing check on the way, if there is one.
  Value *failure = nullptr;
  bool failsIfTrue = false;
  BasicBlock *report = nullptr;
};

bool isReport(BasicBlock *block) {
  return isa<UnreachableInst>(block->getTerminator()) && block->phis().empty();
}

/// Adds a block whose instructions may all run in vain.
bool takeBlock(BasicBlock *block, Way &way, unsigned &instructions) {
  for (Instruction &instruction : *block) {
    if (instruction.isTerminator() || isa<ExtractValueInst>(instruction))
      continue;
    // Even by a constant, a division takes longer than a jump.
    if (isa<PHINode>(instruction) || instruction.isIntDivRem() ||
        instruction.mayReadOrWriteMemory() ||
        !isSafeToSpeculativelyExecute(&instruction) ||
        ++instructions > mostInstructions)
      return false;
  }
  way.blocks.push_back(block);
  way.last = block;
  return true;
}

/// Follows a way that starts with `block`; false if it is not of the form.
bool follow(BasicBlock *from, BasicBlock *block, Way &way,
            unsigned &instructions) {
  way.last = from;
  for (unsigned step = 0; step < 2; ++step) {
    if (block->getUniquePredecessor() != way.last ||
        !takeBlock(block, way, instructions)) {
      way.meeting = block;
      return true;
    }
    auto *branch = dyn_cast<BranchInst>(block->getTerminator());
    if (!branch)
      return false;
    if (branch->isUnconditional()) {
      way.meeting = branch->getSuccessor(0);
      return true;
    }
    bool first = isReport(branch->getSuccessor(0));
    if (way.failure || first == isReport(branch->getSuccessor(1)))
      return false;
    way.failure = branch->getCondition();
    way.failsIfTrue = first;
    way.report = branch->getSuccessor(first ? 0 : 1);
    block = branch->getSuccessor(first ? 1 : 0);
  }
  way.meeting = block;
  return true;
}

bool isOverflow(Value *condition) {
  auto *extract = dyn_cast<ExtractValueInst>(condition);
  return extract && isa<WithOverflowInst>(extract->getAggregateOperand());
}

void hoist(const Way &way, Instruction *before) {
  for (BasicBlock *block : way.blocks)
    for (Instruction &instruction : make_early_inc_range(*block))
      if (!instruction.isTerminator()) {
        instruction.dropUBImplyingAttrsAndMetadata();
        instruction.moveBefore(before->getIterator());
      }
}

/// A multiplication that reports overflow takes three cycles, one by such a
/// factor otherwise only one; what overflows shows in the other operand.
Value *cheapenProduct(Value *condition) {
  auto *extract = cast<ExtractValueInst>(condition);
  auto *product = cast<WithOverflowInst>(extract->getAggregateOperand());
  auto *factor = dyn_cast<ConstantInt>(product->getRHS());
  if (product->getIntrinsicID() != Intrinsic::smul_with_overflow || !factor ||
      !is_contained({2, 3, 4, 5, 8, 9}, factor->getValue().trySExtValue()))
    return condition;
  const APInt &by = factor->getValue();
  APInt least = APInt::getSignedMinValue(by.getBitWidth()).sdiv(by);
  APInt most = APInt::getSignedMaxValue(by.getBitWidth()).sdiv(by);
  IRBuilder<> builder(product);
  Value *wrapped = builder.CreateMul(product->getLHS(), factor);
  Value *place = builder.CreateSub(product->getLHS(), builder.getInt(least));
  Value *outside = builder.CreateICmpUGT(place, builder.getInt(most - least));
  for (User *user : make_early_inc_range(product->users())) {
    auto *part = dyn_cast<ExtractValueInst>(user);
    if (part && part->getIndices().front() == 0) {
      part->replaceAllUsesWith(wrapped);
      part->eraseFromParent();
    }
  }
  return outside;
}

bool flatten(BasicBlock *block) {
  auto *branch = dyn_cast<BranchInst>(block->getTerminator());
  if (!branch || branch->isUnconditional() ||
      branch->getMetadata(LLVMContext::MD_prof))
    return false;
  Way ways[2];
  unsigned instructions = 0;
  for (unsigned i = 0; i < 2; ++i)
    if (isReport(branch->getSuccessor(i)) ||
        !follow(block, branch->getSuccessor(i), ways[i], instructions))
      return false;
  BasicBlock *meeting = ways[0].meeting;
  // Exactly one way has a check, and nothing else leads to where they meet.
  if (meeting != ways[1].meeting || meeting == block ||
      ways[0].last == ways[1].last || !meeting->hasNPredecessors(2) ||
      !ways[0].failure == !ways[1].failure)
    return false;
  unsigned checked = ways[0].failure ? 0 : 1;
  Way &way = ways[checked];
  if (!isOverflow(way.failure) || !way.failsIfTrue)
    return false;
  for (Way &each : ways)
    if (!is_contained(predecessors(meeting), each.last))
      return false;

  way.failure = cheapenProduct(way.failure);
  hoist(ways[0], branch);
  hoist(ways[1], branch);
  IRBuilder<> builder(branch);
  Value *condition = branch->getCondition();
  for (PHINode &phi : make_early_inc_range(meeting->phis())) {
    Value *value = builder.CreateSelect(
        condition, phi.getIncomingValueForBlock(ways[0].last),
        phi.getIncomingValueForBlock(ways[1].last));
    value->takeName(&phi);
    phi.replaceAllUsesWith(value);
    phi.eraseFromParent();
  }
  Value *taken = checked == 0 ? condition : builder.CreateNot(condition);
  Value *fails = builder.CreateLogicalAnd(taken, way.failure);
  MDNode *weights = MDBuilder(block->getContext()).createBranchWeights(1, 2000);
  builder.CreateCondBr(fails, way.report, meeting, weights);
  branch->eraseFromParent();
  SmallVector<BasicBlock *> dead;
  for (Way &each : ways)
    dead.append(each.blocks.begin(), each.blocks.end());
  DeleteDeadBlocks(dead);
  return true;
}

} // namespace

PreservedAnalyses mochi::FlattenChecks::run(Function &function,
                                            FunctionAnalysisManager &) {
  bool changed = false;
  SmallVector<WeakTrackingVH> blocks;
  for (BasicBlock &block : function)
    blocks.push_back(&block);
  for (WeakTrackingVH &handle : blocks)
    if (auto *block = dyn_cast_or_null<BasicBlock>(handle))
      changed |= flatten(block);
  return changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
}
