//! Expressions.

use crate::analysis::{self, Assigned};
use crate::function::FunctionEmitter;
use crate::ops::{FloatPredicate, IntPredicate};
use mochi_dialects::ir::{Type, Value};
use mochi_dialects::mochi;
use mochi_sema::hir::{ArithOp, CompareOp, Expr, ExprKind, LocalId};
use mochi_sema::ty::{RecordId, Ty, TyKind};

impl<'m, 'c> FunctionEmitter<'m, 'c, '_> {
    /// Emits an expression for its effects alone.
    pub(crate) fn emit_effect(&mut self, expr: &'m Expr) {
        self.emit_optional(expr);
    }

    /// Emits an expression; unit has a value that nobody looks at.
    pub(crate) fn emit_expr(&mut self, expr: &'m Expr) -> Value<'c> {
        match self.emit_optional(expr) {
            Some(value) => value,
            None => self.bool_constant(false),
        }
    }

    /// `None` for expressions of type unit.
    fn emit_optional(&mut self, expr: &'m Expr) -> Option<Value<'c>> {
        let location = self.enter(expr.span);
        let value = self.emit_kind(expr);
        self.builder.set_loc(location);
        value
    }

    pub(crate) fn emit_all(&mut self, exprs: &'m [Expr]) -> Vec<Value<'c>> {
        exprs.iter().map(|expr| self.emit_expr(expr)).collect()
    }

    fn emit_kind(&mut self, expr: &'m Expr) -> Option<Value<'c>> {
        let ty = self.ty(expr.ty);
        let i1 = self.i1();
        Some(match &expr.kind {
            ExprKind::Int(value) => self.int_constant(*value),
            ExprKind::Float(value) => self.float_constant(*value),
            ExprKind::Bool(value) => self.bool_constant(*value),
            ExprKind::Str(value) => self.str_constant(value),
            ExprKind::BigInt(digits) => {
                let number = match digits.parse() {
                    Ok(value) => self.int_constant(value),
                    Err(_) => self.str_constant(digits),
                };
                mochi::cast(&self.builder, number, ty).result(0)
            }
            ExprKind::Null => self.null(ty),
            ExprKind::Unit => return None,
            ExprKind::Local(local) => self.read_local(*local),
            ExprKind::Global(global) => self.global_load(*global),
            ExprKind::Function(function) => self.closure_new(*function, &[], ty),
            ExprKind::CurrentClosure => {
                let environment = self.environment.expect("only closures refer to themselves");
                self.closure_current(environment, ty)
            }
            ExprKind::Neg(value) => self.emit_neg(value),
            ExprKind::Not(value) => {
                let value = self.emit_expr(value);
                self.not(value)
            }
            ExprKind::Arith { op, lhs, rhs } => self.emit_arith(*op, lhs, rhs),
            ExprKind::Compare { op, lhs, rhs } => self.emit_compare(*op, lhs, rhs),
            ExprKind::And { lhs, rhs } => self.emit_logic(lhs, rhs, true),
            ExprKind::Or { lhs, rhs } => self.emit_logic(lhs, rhs, false),
            ExprKind::Coalesce { lhs, rhs } => self.emit_coalesce(lhs, rhs),
            ExprKind::Truth(value) => {
                let ty = value.ty;
                let value = self.emit_expr(value);
                self.truth(ty, value)
            }
            ExprKind::In { needle, haystack } => {
                let needle = self.emit_expr(needle);
                let kind = self.module.program.types.kind(haystack.ty);
                let haystack = self.emit_expr(haystack);
                match kind {
                    TyKind::List(_) => mochi::list_contains(&self.builder, haystack, needle).result(0),
                    TyKind::Map(..) => mochi::map_contains(&self.builder, haystack, needle).result(0),
                    TyKind::Str => mochi::str_contains(&self.builder, haystack, needle).result(0),
                    _ => self.runtime1("contains", &[haystack, needle], i1),
                }
            }
            ExprKind::Convert { kind, value } => return self.emit_conversion(*kind, value, expr.ty),
            ExprKind::Call { func, args } => {
                let args = self.emit_all(args);
                return self.call(*func, &args);
            }
            ExprKind::CallClosure { callee, args } => {
                let callee = self.emit_expr(callee);
                let args = self.emit_all(args);
                let result = self.module.types.result(expr.ty);
                return self.closure_call(callee, &args, result);
            }
            ExprKind::Builtin { builtin, args } => return self.emit_builtin(*builtin, args, expr.ty),
            ExprKind::Closure { func, captures } => {
                let captures: Vec<_> = captures.iter().map(|&local| self.stored(local)).collect();
                self.closure_new(*func, &captures, ty)
            }
            ExprKind::List(elements) => {
                let elements = self.emit_all(elements);
                mochi::list_new(&self.builder, &elements, ty).result(0)
            }
            ExprKind::Map(entries) => self.emit_map(entries, ty),
            ExprKind::Record { fields, order, .. } => {
                let values = self.emit_ordered(fields, order);
                mochi::record_new(&self.builder, &values, ty).result(0)
            }
            ExprKind::Variant { union, variant, fields, order } => {
                let values = self.emit_ordered(fields, order);
                let name = &self.module.program.unions[union.0 as usize].variants[*variant as usize].name;
                mochi::union_new(&self.builder, &values, name, ty).result(0)
            }
            ExprKind::Index { base, index } => {
                let kind = self.module.program.types.kind(base.ty);
                let (base, index) = (self.emit_expr(base), self.emit_expr(index));
                let op = match kind {
                    TyKind::List(_) => mochi::list_get(&self.builder, base, index, false),
                    TyKind::Str => mochi::str_get(&self.builder, base, index),
                    TyKind::Map(..) => mochi::map_get(&self.builder, base, index),
                    _ => mochi::any_index(&self.builder, base, index),
                };
                op.result(0)
            }
            ExprKind::Slice { base, start, end } => self.emit_slice(base, start.as_deref(), end.as_deref(), ty),
            ExprKind::Field { base, field } => {
                let name = self.field_name(base.ty, *field);
                let base = self.emit_expr(base);
                mochi::record_get(&self.builder, base, &name, ty).result(0)
            }
            ExprKind::AnyField { base, name } => {
                let base = self.emit_expr(base);
                mochi::any_field(&self.builder, base, name).result(0)
            }
            ExprKind::If { cond, then, els } => return self.emit_if_expr(cond, then, els, expr.ty),
            ExprKind::Match { scrutinee, arms, .. } => return self.emit_match(scrutinee, arms, expr.ty),
            ExprKind::Block { block, value } => {
                self.emit_block(block);
                return self.emit_optional(value);
            }
            ExprKind::IsNull(value) => {
                let ty = value.ty;
                let value = self.emit_expr(value);
                self.is_null(ty, value)
            }
            ExprKind::IsVariant { value, variant } => {
                let value = self.emit_expr(value);
                self.has_tag(value, *variant)
            }
        })
    }

    /// Evaluates in source order, returns in declaration order.
    fn emit_ordered(&mut self, fields: &'m [Expr], order: &[u32]) -> Vec<Value<'c>> {
        let mut values: Vec<Option<Value<'c>>> = vec![None; fields.len()];
        let rest = (0..fields.len() as u32).filter(|index| !order.contains(index));
        for index in order.iter().copied().chain(rest.collect::<Vec<_>>()) {
            values[index as usize] = Some(self.emit_expr(&fields[index as usize]));
        }
        values.into_iter().flatten().collect()
    }

    fn emit_map(&mut self, entries: &'m [(Expr, Expr)], ty: Type<'c>) -> Value<'c> {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (key, value) in entries {
            keys.push(self.emit_expr(key));
            values.push(self.emit_expr(value));
        }
        mochi::map_new(&self.builder, &keys, &values, ty).result(0)
    }

    fn emit_neg(&mut self, value: &'m Expr) -> Value<'c> {
        let ty = value.ty;
        let mlir = self.ty(ty);
        let value = self.emit_expr(value);
        match self.module.program.types.kind(ty) {
            TyKind::Int => mochi::int_neg(&self.builder, value, Some(self.overflow())).result(0),
            TyKind::Float => self.op1("arith.negf", &[value], mlir),
            TyKind::BigInt => self.runtime1("bigint_neg", &[value], mlir),
            TyKind::BigRat => self.runtime1("bigrat_neg", &[value], mlir),
            _ => self.runtime1("any_neg", &[value], mlir),
        }
    }

    /// What integer arithmetic does when the result does not fit.
    pub(crate) fn overflow(&self) -> &'static str {
        if self.module.options.wrap_int { "wrap" } else { "check" }
    }

    fn emit_arith(&mut self, op: ArithOp, lhs: &'m Expr, rhs: &'m Expr) -> Value<'c> {
        let ty = lhs.ty;
        let mlir = self.ty(ty);
        let operands @ [lhs, rhs] = [self.emit_expr(lhs), self.emit_expr(rhs)];
        let (b, overflow) = (&self.builder, Some(self.overflow()));
        let name = match op {
            ArithOp::Add | ArithOp::WrappingAdd => "add",
            ArithOp::Sub => "sub",
            ArithOp::Mul => "mul",
            ArithOp::Div => "div",
            ArithOp::Rem => "rem",
        };
        match (self.module.program.types.kind(ty), op) {
            (TyKind::Int, ArithOp::Add) => mochi::int_add(b, lhs, rhs, overflow).result(0),
            (TyKind::Int, ArithOp::WrappingAdd) => mochi::int_add(b, lhs, rhs, Some("wrap")).result(0),
            (TyKind::Int, ArithOp::Sub) => mochi::int_sub(b, lhs, rhs, overflow).result(0),
            (TyKind::Int, ArithOp::Mul) => mochi::int_mul(b, lhs, rhs, overflow).result(0),
            (TyKind::Int, ArithOp::Div) => mochi::int_div(b, lhs, rhs, overflow).result(0),
            (TyKind::Int, ArithOp::Rem) => mochi::int_rem(b, lhs, rhs, overflow).result(0),
            (TyKind::Float, ArithOp::Div) => mochi::float_div(b, lhs, rhs).result(0),
            (TyKind::Float, ArithOp::Rem) => mochi::float_rem(b, lhs, rhs).result(0),
            (TyKind::Float, _) => self.op1(&format!("arith.{name}f"), &operands, mlir),
            (TyKind::Str, _) => mochi::str_concat(b, lhs, rhs).result(0),
            (TyKind::List(_), _) => mochi::list_concat(b, lhs, rhs).result(0),
            (TyKind::BigInt, _) => self.runtime1(&format!("bigint_{name}"), &operands, mlir),
            (TyKind::BigRat, _) => self.runtime1(&format!("bigrat_{name}"), &operands, mlir),
            _ => mochi::any_binary(b, lhs, rhs, name).result(0),
        }
    }

    fn emit_compare(&mut self, op: CompareOp, lhs: &'m Expr, rhs: &'m Expr) -> Value<'c> {
        let ty = lhs.ty;
        let (lhs, rhs) = (self.emit_expr(lhs), self.emit_expr(rhs));
        self.compare(op, ty, lhs, rhs)
    }

    pub(crate) fn compare(&mut self, op: CompareOp, ty: Ty, lhs: Value<'c>, rhs: Value<'c>) -> Value<'c> {
        let int = match op {
            CompareOp::Eq => IntPredicate::Eq,
            CompareOp::Ne => IntPredicate::Ne,
            CompareOp::Lt => IntPredicate::Slt,
            CompareOp::Le => IntPredicate::Sle,
            CompareOp::Gt => IntPredicate::Sgt,
            CompareOp::Ge => IntPredicate::Sge,
        };
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        match self.module.program.types.kind(ty) {
            TyKind::Int => self.compare_int(int, lhs, rhs),
            TyKind::Bool | TyKind::Unit => {
                // false < true
                let unsigned = match op {
                    CompareOp::Lt => IntPredicate::Ult,
                    CompareOp::Le => IntPredicate::Ule,
                    CompareOp::Gt => IntPredicate::Ugt,
                    CompareOp::Ge => IntPredicate::Uge,
                    CompareOp::Eq | CompareOp::Ne => int,
                };
                self.compare_int(unsigned, lhs, rhs)
            }
            TyKind::Float => {
                let predicate = match op {
                    CompareOp::Eq => FloatPredicate::OrderedEq,
                    CompareOp::Ne => FloatPredicate::UnorderedNe,
                    CompareOp::Lt => FloatPredicate::OrderedLt,
                    CompareOp::Le => FloatPredicate::OrderedLe,
                    CompareOp::Gt => FloatPredicate::OrderedGt,
                    CompareOp::Ge => FloatPredicate::OrderedGe,
                };
                self.compare_float(predicate, lhs, rhs)
            }
            _ if equality => {
                let equal = mochi::equal(&self.builder, lhs, rhs).result(0);
                if op == CompareOp::Eq { equal } else { self.not(equal) }
            }
            _ => {
                let order = mochi::compare(&self.builder, lhs, rhs).result(0);
                let zero = self.int_constant(0);
                self.compare_int(int, order, zero)
            }
        }
    }

    pub(crate) fn truth(&mut self, ty: Ty, value: Value<'c>) -> Value<'c> {
        match self.module.program.types.kind(ty) {
            TyKind::Bool => value,
            TyKind::Int => {
                let zero = self.int_constant(0);
                self.compare_int(IntPredicate::Ne, value, zero)
            }
            _ => mochi::truth(&self.builder, value).result(0),
        }
    }

    pub(crate) fn is_null(&mut self, ty: Ty, value: Value<'c>) -> Value<'c> {
        if self.module.program.types.is_option(ty) {
            let some = mochi::option_is_some(&self.builder, value).result(0);
            self.not(some)
        } else {
            mochi::any_is_null(&self.builder, value).result(0)
        }
    }

    /// `&&` (`and`) and `||`: the last operand evaluated is the value.
    fn emit_logic(&mut self, lhs: &'m Expr, rhs: &'m Expr, and: bool) -> Value<'c> {
        let ty = self.ty(lhs.ty);
        let first = self.emit_expr(lhs);
        let cond = self.truth(lhs.ty, first);
        let carried = self.carried_by(&[rhs]);
        let keep = |_: &mut Self| vec![first];
        let results = if and {
            self.branch(cond, &[ty], &carried, |this| vec![this.emit_expr(rhs)], keep)
        } else {
            self.branch(cond, &[ty], &carried, keep, |this| vec![this.emit_expr(rhs)])
        };
        results[0]
    }

    pub(crate) fn carried_by(&self, exprs: &[&Expr]) -> Vec<LocalId> {
        let mut assigned = Assigned::new();
        for expr in exprs {
            analysis::expr(expr, &mut assigned);
        }
        self.carried(&assigned)
    }

    fn emit_coalesce(&mut self, lhs: &'m Expr, rhs: &'m Expr) -> Value<'c> {
        let ty = self.ty(rhs.ty);
        let first = self.emit_expr(lhs);
        let null = self.is_null(lhs.ty, first);
        let carried = self.carried_by(&[rhs]);
        let results = self.branch(
            null,
            &[ty],
            &carried,
            |this| vec![this.emit_expr(rhs)],
            |this| vec![if this.ty(lhs.ty) == ty { first } else { mochi::option_get(&this.builder, first).result(0) }],
        );
        results[0]
    }

    fn emit_slice(
        &mut self,
        base: &'m Expr,
        start: Option<&'m Expr>,
        end: Option<&'m Expr>,
        ty: Type<'c>,
    ) -> Value<'c> {
        let kind = self.module.program.types.kind(base.ty);
        let base = self.emit_expr(base);
        let start = match start {
            Some(start) => self.emit_expr(start),
            None => self.int_constant(0),
        };
        let end = match end {
            Some(end) => self.emit_expr(end),
            None => match kind {
                TyKind::Str => mochi::str_length(&self.builder, base).result(0),
                TyKind::List(_) => mochi::list_length(&self.builder, base).result(0),
                _ => mochi::any_length(&self.builder, base).result(0),
            },
        };
        match kind {
            TyKind::Str => mochi::str_slice(&self.builder, base, start, end).result(0),
            TyKind::List(_) => mochi::list_slice(&self.builder, base, start, end).result(0),
            _ => self.runtime1("slice", &[base, start, end], ty),
        }
    }

    fn emit_if_expr(&mut self, cond: &'m Expr, then: &'m Expr, els: &'m Expr, ty: Ty) -> Option<Value<'c>> {
        let result = self.module.types.result(ty);
        let cond = self.emit_expr(cond);
        let carried = self.carried_by(&[then, els]);
        let results =
            self.branch(cond, result.as_slice(), &carried, |this| this.emit_side(then), |this| this.emit_side(els));
        results.first().copied()
    }

    /// The values that a branch gives for an expression: one, or none for unit.
    pub(crate) fn emit_side(&mut self, expr: &'m Expr) -> Vec<Value<'c>> {
        if expr.ty == Ty::UNIT {
            self.emit_effect(expr);
            Vec::new()
        } else {
            vec![self.emit_expr(expr)]
        }
    }

    pub(crate) fn field_name(&self, record: Ty, field: u32) -> String {
        match self.module.program.types.kind(record) {
            TyKind::Record(RecordId(id)) => {
                self.module.program.records[*id as usize].fields[field as usize].name.clone()
            }
            other => unreachable!("field access on {other:?}: the type checker only allows records"),
        }
    }
}
