//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Structured control flow with early exits.
//
#ifndef MOCHI_CONTROL_OPS_TD
#define MOCHI_CONTROL_OPS_TD

include "MochiTypes.td"
include "mlir/Interfaces/LoopLikeInterface.td"

//===----------------------------------------------------------------------===//
// Operations with regions
//===----------------------------------------------------------------------===//

def Mochi_IfOp : Mochi_Op<"if", [
    SingleBlock, NoRegionArguments, RecursiveMemoryEffects]> {
  let summary = "chooses between two regions";
  let description = [{
    Runs the first region if the condition holds, the second otherwise. The
    results are what the region yields. The second region always exists; the
    text leaves it out where it only yields nothing.

    Constraints:
    * `if-C1`: each region ends with `mochi.yield`, `mochi.break`,
      `mochi.continue`, `mochi.return` or `mochi.unreachable`.

    ```mlir
    %larger = mochi.if %c -> (i64) {
      mochi.yield %a : i64
    } else {
      mochi.yield %b : i64
    }
    mochi.if %done {
      mochi.break
    }
    ```
  }];
  let arguments = (ins I1:$condition);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region SizedRegion<1>:$thenRegion, SizedRegion<1>:$elseRegion);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let resultOwnership = "owned";
}

def Mochi_SwitchOp : Mochi_Op<"switch", [
    SingleBlock, NoRegionArguments, RecursiveMemoryEffects]> {
  let summary = "chooses a region by a number";
  let description = [{
    Runs the region of the case equal to the tag, or the default, which is the
    last region.

    Constraints:
    * `switch-C1`: one region per case and one for the default.
    * `switch-C2`: the cases are distinct.
    * `switch-C3`: each region ends as those of `mochi.if`.

    ```mlir
    %r = mochi.switch %tag -> (i64)
    case 0 {
      mochi.yield %zero : i64
    }
    default {
      mochi.yield %one : i64
    }
    ```
  }];
  let arguments = (ins I64:$tag, DenseI64ArrayAttr:$cases);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region VariadicRegion<SizedRegion<1>>:$caseRegions);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let resultOwnership = "owned";
  let extraClassDeclaration = [{
    ::mlir::Region &getDefaultRegion() { return (*this)->getRegions().back(); }
    /// The region that runs for a tag.
    ::mlir::Region &getRegionFor(int64_t tag);
  }];
}

def Mochi_WhileOp : Mochi_Op<"while", [
    SingleBlock, RecursiveMemoryEffects, MemoryEffects<[Mochi_MayStop]>,
    DeclareOpInterfaceMethods<LoopLikeOpInterface, ["getRegionIterArgs"]>]> {
  let summary = "a loop with a condition";
  let description = [{
    The first region computes the condition and ends with `mochi.condition`;
    while that holds, the second region runs and its `mochi.yield` or
    `mochi.continue` gives the values of the next round. When it does not hold,
    the values given to `mochi.condition` are the results; `mochi.break` gives
    them directly. Nobody knows whether the loop ends: that is an effect, so it
    stays even if its results are not used.

    Constraints:
    * `while-C1`: operands, results and the arguments of both regions have the
      same types.
    * `while-C2`: the first region ends with `mochi.condition`.
    * `while-C3`: the second region ends as those of `mochi.if`.

    ```mlir
    %last = mochi.while (%i = %zero) : (i64) {
      %more = arith.cmpi slt, %i, %n : i64
      mochi.condition %more(%i : i64)
    } do (%j) {
      %next = mochi.int.add %j, %one
      mochi.yield %next : i64
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$inits);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region SizedRegion<1>:$before, SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let consumedOperands = [-1];
  let resultOwnership = "owned";
}

def Mochi_ForOp : Mochi_Op<"for", [
    SingleBlock, RecursiveMemoryEffects,
    DeclareOpInterfaceMethods<LoopLikeOpInterface, [
      "getLoopInductionVars", "getLoopLowerBounds", "getLoopUpperBounds",
      "getLoopSteps", "getRegionIterArgs"]>]> {
  let summary = "a counted loop";
  let description = [{
    Runs the body for every number from the lower bound up to, not including,
    the upper bound. The first argument of the body is that number, the others
    are the values carried from round to round. The bounds are read once; the
    last step never overflows.

    Constraints:
    * `for-C1`: carried operands, results and arguments have the same types.
    * `for-C2`: the first argument of the body is i64.
    * `for-C3`: the step is positive.
    * `for-C4`: the body ends as the regions of `mochi.if`.

    ```mlir
    %sum = mochi.for %i = %zero to %n step 2 iter (%s = %zero) : (i64) {
      %t = mochi.int.add %s, %i
      mochi.yield %t : i64
    }
    ```
  }];
  let arguments = (ins
    I64:$lower, I64:$upper, Variadic<AnyType>:$inits,
    DefaultValuedAttr<I64Attr, "1">:$step);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let consumedOperands = [-1];
  let resultOwnership = "owned";
  let extraClassDeclaration = [{
    ::mlir::BlockArgument getInductionVar() { return getBody().getArgument(0); }
  }];
}

//===----------------------------------------------------------------------===//
// Terminators
//===----------------------------------------------------------------------===//

// A terminator that hands values on. Leaving a region early is an effect, so
// that a region operation around it is neither deleted nor moved.
class Mochi_ExitOp<string mnemonic, list<Trait> traits>
    : Mochi_Op<mnemonic, !listconcat([Terminator], traits)> {
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
  let hasVerifier = 1;
  let consumedOperands = [-1];
}

def Mochi_YieldOp : Mochi_ExitOp<"yield", [
    Pure, ParentOneOf<["IfOp", "SwitchOp", "WhileOp", "ForOp"]>]> {
  let summary = "ends a region with values for its operation";
  let description = [{
    Gives the results of `mochi.if` and `mochi.switch`, or the values of the
    next round of a loop.

    Constraints:
    * `yield-C1`: the parent is an operation with regions of this dialect.
    * `yield-C2`: the types are those of the parent's results.

    ```mlir
    mochi.yield %a, %b : i64, !mochi.str
    ```
  }];
}

def Mochi_ConditionOp : Mochi_Op<"condition", [
    Terminator, Pure, HasParent<"WhileOp">]> {
  let summary = "ends the condition region of a loop";
  let description = [{
    Goes on with the body if the condition holds and leaves the loop otherwise;
    the values go to the body's arguments or the loop's results.

    Constraints:
    * `condition-C1`: the parent is `mochi.while`; `while-C3` says in which
      region.
    * `condition-C2`: the types are those of the loop's results.

    ```mlir
    mochi.condition %more(%i : i64)
    ```
  }];
  let arguments = (ins I1:$condition, Variadic<AnyType>:$values);
  let assemblyFormat = "$condition (`(` $values^ `:` type($values) `)`)? attr-dict";
  let hasVerifier = 1;
  let consumedOperands = [-1];
}

def Mochi_BreakOp : Mochi_ExitOp<"break", [MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "leaves the innermost loop";
  let description = [{
    Constraints:
    * `break-C1`: only `mochi.if` and `mochi.switch` lie between it and the body
      of a loop.
    * `break-C2`: the types are those of the loop's results.

    ```mlir
    mochi.break %found : i64
    ```
  }];
}

def Mochi_ContinueOp : Mochi_ExitOp<"continue", [MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "starts the next round of the innermost loop";
  let description = [{
    Constraints:
    * `continue-C1`: as `break-C1`.
    * `continue-C2`: the types are those of the values the loop carries.

    ```mlir
    mochi.continue %sum : i64
    ```
  }];
}

def Mochi_ReturnOp : Mochi_ExitOp<"return", [MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "returns from the function out of nested regions";
  let description = [{
    The natural end of a function is `func.return`.

    Constraints:
    * `return-C1`: only regions of this dialect lie between it and a
      `func.func`, and at least one does.
    * `return-C2`: the types are those of the function's results.

    ```mlir
    mochi.return %r : !mochi.str
    ```
  }];
}

def Mochi_UnreachableOp : Mochi_Op<"unreachable", [
    Terminator, MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "ends a block that is never left";
  let description = [{
    Follows an operation that does not return, such as `mochi.panic`. Ends any
    block, also that of a function.

    ```mlir
    mochi.panic %message
    mochi.unreachable
    ```
  }];
  let assemblyFormat = "attr-dict";
}

//===----------------------------------------------------------------------===//
// Stopping
//===----------------------------------------------------------------------===//

def Mochi_PanicOp : Mochi_Op<"panic", [MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "ends the program with an error";
  let description = [{
    Reports the message with the operation's location. Does not return; what
    follows is usually `mochi.unreachable`.

    ```mlir
    mochi.panic %message
    ```
  }];
  let arguments = (ins Mochi_Str:$message);
  let assemblyFormat = "$message attr-dict";
  let mayFail = 1;
}

def Mochi_ExpectOp : Mochi_Op<"expect", [MemoryEffects<[Mochi_MayStop]>]> {
  let summary = "fails the test unless a condition holds";
  let description = [{
    The text is the source of the expectation, for the report. An expectation of
    constant truth folds away.

    ```mlir
    mochi.expect %c, "add(1, 2) == 3"
    ```
  }];
  let arguments = (ins I1:$condition, StrAttr:$text);
  let assemblyFormat = "$condition `,` $text attr-dict";
  let hasCanonicalizer = 1;
  let mayFail = 1;
}

#endif // MOCHI_CONTROL_OPS_TD
