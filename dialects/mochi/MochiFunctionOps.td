//===----------------------------------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//===----------------------------------------------------------------------===//
//
// Function values. Plain functions are `func.func`.
//
#ifndef MOCHI_FUNCTION_OPS_TD
#define MOCHI_FUNCTION_OPS_TD

include "MochiTypes.td"
include "mlir/IR/SymbolInterfaces.td"

def Mochi_ClosureNewOp : Mochi_Op<"closure.new", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a new function value";
  let description = [{
    The callee has the parameters of the function type, followed, if it uses
    captured values, by one of type `!mochi.env`.

    Constraints:
    * `closure-new-C1`: the callee is a `func.func`.
    * `closure-new-C2`: its parameters, without the environment, and results are
      those of the function type.
    * `closure-new-C3`: with captures it has an environment parameter.

    ```mlir
    %f = mochi.closure.new @lambda[%n : i64] : !mochi.fn<(i64) -> i64>
    %g = mochi.closure.new @plain : !mochi.fn<(i64) -> i64>
    ```
  }];
  let arguments = (ins Variadic<Mochi_Value>:$captures, FlatSymbolRefAttr:$callee);
  let results = (outs Res<Mochi_Fn, "", [MemAlloc]>:$result);
  let assemblyFormat = [{
    $callee (`[` $captures^ `:` type($captures) `]`)? attr-dict
    `:` qualified(type($result))
  }];
  let consumedOperands = [-1];
  let resultOwnership = "owned";
}

def Mochi_ClosureCallOp : Mochi_Op<"closure.call"> {
  let summary = "calls a function value";
  let description = [{
    Constraints: `closure-call-C1`: the arguments have the types of the function
    type's parameters. `closure-call-C2`: the results are those of the function
    type.

    ```mlir
    %r = mochi.closure.call %f(%x) : !mochi.fn<(i64) -> i64>
    ```
  }];
  let arguments = (ins Mochi_Fn:$function, Variadic<Mochi_Storable>:$arguments);
  let results = (outs Variadic<Mochi_Storable>:$results);
  let assemblyFormat = [{
    $function `(` $arguments `)` attr-dict `:`
    custom<CallTypes>(type($function), type($arguments), type($results))
  }];
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let resultOwnership = "owned";
  let mayFail = 1;
}

def Mochi_ClosureCaptureOp : Mochi_Op<"closure.capture", [Pure]> {
  let summary = "reads a captured value";
  let description = [{
    Captured values never change (variables that do are captured as cells), so
    reading one is no effect.

    Constraints: `closure-capture-C1`: the index is not negative.

    ```mlir
    %n = mochi.closure.capture %env[0] : i64
    ```
  }];
  let arguments = (ins Mochi_Env:$env, I64Attr:$index);
  let results = (outs Mochi_Value:$result);
  let assemblyFormat = "$env `[` $index `]` attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
  let resultOwnership = "borrowed";
}

def Mochi_ClosureCurrentOp : Mochi_Op<"closure.current", [Pure]> {
  let summary = "the closure that is running";
  let description = [{
    How a nested function refers to itself: the environment that a lifted
    function receives is its own closure, so no reference cycle is needed.

    ```mlir
    %self = mochi.closure.current %env : !mochi.fn<(i64) -> i64>
    ```
  }];
  let arguments = (ins Mochi_Env:$env);
  let results = (outs Mochi_Fn:$result);
  let assemblyFormat = "$env attr-dict `:` qualified(type($result))";
  let resultOwnership = "borrowed";
}

#endif // MOCHI_FUNCTION_OPS_TD
