//! The ops that emission builds, one method each, inserted at the current position.

use crate::function::FunctionEmitter;
use mochi_dialects::ir::{Attribute, Builder, Module, Type, Value};
use mochi_dialects::mochi;
use mochi_sema::hir::{FuncId, GlobalId};

impl<'c> FunctionEmitter<'_, 'c, '_> {
    /// An op with one result.
    pub(crate) fn op1(&mut self, name: &str, operands: &[Value<'c>], result: Type<'c>) -> Value<'c> {
        self.builder.op(name).operands(operands).results(&[result]).build().result(0)
    }

    /// An op without results.
    pub(crate) fn op0(&mut self, name: &str, operands: &[Value<'c>]) {
        self.builder.op(name).operands(operands).build();
    }

    /// An op with one result and one attribute.
    pub(crate) fn op1_with(
        &mut self,
        name: &str,
        operands: &[Value<'c>],
        attribute: (&str, Attribute<'c>),
        result: Type<'c>,
    ) -> Value<'c> {
        self.builder.op(name).operands(operands).results(&[result]).attr(attribute.0, attribute.1).build().result(0)
    }

    pub(crate) fn i1(&self) -> Type<'c> {
        Type::i1(self.module.context)
    }

    pub(crate) fn i64(&self) -> Type<'c> {
        Type::i64(self.module.context)
    }

    pub(crate) fn f64(&self) -> Type<'c> {
        Type::f64(self.module.context)
    }

    pub(crate) fn str_type(&self) -> Type<'c> {
        Type::str(self.module.context)
    }

    pub(crate) fn any_type(&self) -> Type<'c> {
        Type::any(self.module.context)
    }

    pub(crate) fn int_constant(&mut self, value: i64) -> Value<'c> {
        let ty = self.i64();
        self.op1_with("arith.constant", &[], ("value", Attribute::int_of(ty, value)), ty)
    }

    pub(crate) fn float_constant(&mut self, value: f64) -> Value<'c> {
        let ty = self.f64();
        self.op1_with("arith.constant", &[], ("value", Attribute::float(self.module.context, value)), ty)
    }

    pub(crate) fn bool_constant(&mut self, value: bool) -> Value<'c> {
        let ty = self.i1();
        self.op1_with("arith.constant", &[], ("value", Attribute::int_of(ty, i64::from(value))), ty)
    }

    pub(crate) fn str_constant(&mut self, text: &str) -> Value<'c> {
        mochi::str_constant(&self.builder, text).result(0)
    }

    /// Null of an option type or of `any`.
    pub(crate) fn null(&mut self, ty: Type<'c>) -> Value<'c> {
        mochi::option_none(&self.builder, ty).result(0)
    }

    pub(crate) fn compare_int(&mut self, predicate: IntPredicate, lhs: Value<'c>, rhs: Value<'c>) -> Value<'c> {
        let (i1, i64) = (self.i1(), self.i64());
        let predicate = Attribute::int_of(i64, predicate as i64);
        self.op1_with("arith.cmpi", &[lhs, rhs], ("predicate", predicate), i1)
    }

    pub(crate) fn compare_float(&mut self, predicate: FloatPredicate, lhs: Value<'c>, rhs: Value<'c>) -> Value<'c> {
        let (i1, i64) = (self.i1(), self.i64());
        let predicate = Attribute::int_of(i64, predicate as i64);
        self.op1_with("arith.cmpf", &[lhs, rhs], ("predicate", predicate), i1)
    }

    pub(crate) fn not(&mut self, value: Value<'c>) -> Value<'c> {
        let one = self.bool_constant(true);
        let i1 = self.i1();
        self.op1("arith.xori", &[value, one], i1)
    }

    pub(crate) fn cell_new(&mut self, value: Value<'c>) -> Value<'c> {
        mochi::cell_new(&self.builder, value, Type::cell(value.ty())).result(0)
    }

    pub(crate) fn cell_get(&mut self, cell: Value<'c>) -> Value<'c> {
        mochi::cell_get(&self.builder, cell).result(0)
    }

    pub(crate) fn cell_set(&mut self, cell: Value<'c>, value: Value<'c>) {
        mochi::cell_set(&self.builder, cell, value);
    }

    pub(crate) fn closure_capture(&mut self, environment: Value<'c>, index: usize, ty: Type<'c>) -> Value<'c> {
        mochi::closure_capture(&self.builder, environment, index as i64, ty).result(0)
    }

    pub(crate) fn closure_current(&mut self, environment: Value<'c>, ty: Type<'c>) -> Value<'c> {
        mochi::closure_current(&self.builder, environment, ty).result(0)
    }

    pub(crate) fn closure_new(&mut self, callee: FuncId, captures: &[Value<'c>], ty: Type<'c>) -> Value<'c> {
        mochi::closure_new(&self.builder, captures, &self.symbol(callee), ty).result(0)
    }

    pub(crate) fn symbol(&self, id: FuncId) -> String {
        self.module.function_symbol(&self.module.program.functions[id.0 as usize])
    }

    /// A direct call; the result, if the function has one.
    pub(crate) fn call(&mut self, callee: FuncId, args: &[Value<'c>]) -> Option<Value<'c>> {
        let result = self.module.types.result(self.module.program.functions[callee.0 as usize].result);
        let callee = Attribute::symbol(self.module.context, &self.symbol(callee));
        let op = self.builder.op("func.call").operands(args).results(result.as_slice()).attr("callee", callee).build();
        result.map(|_| op.result(0))
    }

    pub(crate) fn closure_call(
        &mut self,
        callee: Value<'c>,
        args: &[Value<'c>],
        result: Option<Type<'c>>,
    ) -> Option<Value<'c>> {
        let op = mochi::closure_call(&self.builder, callee, args, result.as_slice());
        result.map(|_| op.result(0))
    }

    pub(crate) fn global_load(&mut self, global: GlobalId) -> Value<'c> {
        let ty = self.module.global_type(global);
        let value = mochi::global_load(&self.builder, &self.module.global_symbol(global), ty).result(0);
        if self.module.is_nullable(global) { mochi::option_get(&self.builder, value).result(0) } else { value }
    }

    pub(crate) fn global_store(&mut self, global: GlobalId, value: Value<'c>) {
        let value = if self.module.is_nullable(global) {
            let ty = self.module.global_type(global);
            mochi::option_some(&self.builder, value, ty).result(0)
        } else {
            value
        };
        mochi::global_store(&self.builder, value, &self.module.global_symbol(global));
    }

    pub(crate) fn global_clear(&mut self, global: GlobalId) {
        mochi::global_clear(&self.builder, &self.module.global_symbol(global));
    }

    /// A runtime function by name; its symbol follows from the name and the types.
    pub(crate) fn runtime(&mut self, name: &str, args: &[Value<'c>], result: Option<Type<'c>>) -> Option<Value<'c>> {
        let op = mochi::builtin(&self.builder, name, args, result.as_slice());
        result.map(|_| op.result(0))
    }

    pub(crate) fn runtime1(&mut self, name: &str, args: &[Value<'c>], result: Type<'c>) -> Value<'c> {
        mochi::builtin(&self.builder, name, args, &[result]).result(0)
    }

    pub(crate) fn panic(&mut self, message: Value<'c>) {
        mochi::panic(&self.builder, message);
    }

    /// The current block has got its terminator. Whatever an enclosing expression still emits cannot run: it goes to a
    /// scratch module.
    pub(crate) fn terminate(&mut self) {
        self.terminated = true;
        let location = self.builder.loc();
        let scratch = Module::new(location);
        self.builder = Builder::at_end(scratch.body()).at(location);
        self.scratch.push(scratch);
    }

    pub(crate) fn unreachable(&mut self) {
        mochi::unreachable(&self.builder);
        self.terminate();
    }

    /// Returns from the function: `func.return` in the function's own block, `mochi.return` in nested regions.
    pub(crate) fn function_return(&mut self, values: &[Value<'c>]) {
        if self.depth > 0 {
            mochi::return_(&self.builder, values);
        } else {
            self.op0("func.return", values);
        }
        self.terminate();
    }

    pub(crate) fn debug_value(&mut self, name: &str, type_name: &str, value: Value<'c>) {
        mochi::debug_variable(&self.builder, value, name, type_name);
    }
}

/// `arith.cmpi` predicates, with MLIR's numbers.
#[derive(Clone, Copy)]
pub(crate) enum IntPredicate {
    Eq = 0,
    Ne = 1,
    Slt = 2,
    Sle = 3,
    Sgt = 4,
    Sge = 5,
    Ult = 6,
    Ule = 7,
    Ugt = 8,
    Uge = 9,
}

/// `arith.cmpf` predicates, with MLIR's numbers.
#[derive(Clone, Copy)]
pub(crate) enum FloatPredicate {
    OrderedEq = 1,
    OrderedGt = 2,
    OrderedGe = 3,
    OrderedLt = 4,
    OrderedLe = 5,
    UnorderedNe = 13,
}
