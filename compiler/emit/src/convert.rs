//! Conversions between static types.

use crate::function::FunctionEmitter;
use crate::module::Adapter;
use mochi_dialects::ir::Value;
use mochi_dialects::mochi;
use mochi_sema::hir::{self, Block, Conversion, Expr, ExprKind, LocalId, Stmt, StmtKind, Storage};
use mochi_sema::ty::{Ty, TyKind, Types};

impl<'m, 'c> FunctionEmitter<'m, 'c, '_> {
    /// `None` if the result is unit.
    pub(crate) fn emit_conversion(&mut self, kind: Conversion, from: &'m Expr, to: Ty) -> Option<Value<'c>> {
        if to == Ty::UNIT {
            self.emit_effect(from);
            return None;
        }
        let ty = self.ty(to);
        if from.ty == Ty::UNIT {
            self.emit_effect(from);
            return Some(if to == Ty::ANY { self.null(ty) } else { self.default_value(to) });
        }
        let value = self.emit_expr(from);
        Some(self.convert(kind, value, from.ty, to))
    }

    fn convert(&mut self, kind: Conversion, value: Value<'c>, from: Ty, to: Ty) -> Value<'c> {
        let ty = self.ty(to);
        let types = &self.module.program.types;
        if from == to {
            return value;
        }
        match kind {
            Conversion::Widen if to == Ty::FLOAT && from == Ty::INT => self.op1("arith.sitofp", &[value], ty),
            Conversion::Widen | Conversion::Elements | Conversion::RecordFields => {
                mochi::cast(&self.builder, value, ty).result(0)
            }
            Conversion::Some => mochi::option_some(&self.builder, value, ty).result(0),
            Conversion::Unwrap => mochi::option_get(&self.builder, value).result(0),
            Conversion::ToAny => self.to_any(value, from),
            Conversion::FromAny => self.from_any(value, to),
            Conversion::Cast => match (types.kind(from), types.kind(to)) {
                (TyKind::Int, TyKind::Float) => self.op1("arith.sitofp", &[value], ty),
                (TyKind::Float, TyKind::Int) => mochi::float_to_int(&self.builder, value).result(0),
                (_, TyKind::Any) => self.to_any(value, from),
                (TyKind::Option(payload), _) => self.cast_option(value, from, *payload, to),
                (_, TyKind::Option(payload)) => {
                    let inner = self.convert(Conversion::Cast, value, from, *payload);
                    mochi::option_some(&self.builder, inner, ty).result(0)
                }
                _ => mochi::cast(&self.builder, value, ty).result(0),
            },
            Conversion::Adapter => self.adapt(value, from, to),
        }
    }

    fn to_any(&mut self, value: Value<'c>, from: Ty) -> Value<'c> {
        let any = self.any_type();
        if !self.module.program.types.is_option(from) {
            return mochi::any_wrap(&self.builder, value).result(0);
        }
        let some = self.some(value);
        self.branch(
            some,
            &[any],
            &[],
            |this| {
                let inner = mochi::option_get(&this.builder, value).result(0);
                vec![mochi::any_wrap(&this.builder, inner).result(0)]
            },
            |this| vec![this.null(any)],
        )[0]
    }

    fn some(&mut self, value: Value<'c>) -> Value<'c> {
        mochi::option_is_some(&self.builder, value).result(0)
    }

    fn from_any(&mut self, value: Value<'c>, to: Ty) -> Value<'c> {
        let ty = self.ty(to);
        match *self.module.program.types.kind(to) {
            TyKind::Option(payload) => {
                let null = mochi::any_is_null(&self.builder, value).result(0);
                self.branch(
                    null,
                    &[ty],
                    &[],
                    |this| vec![this.null(ty)],
                    |this| {
                        let inner = this.from_any(value, payload);
                        vec![mochi::option_some(&this.builder, inner, ty).result(0)]
                    },
                )[0]
            }
            TyKind::List(_) | TyKind::Map(..) | TyKind::Record(_) => mochi::cast(&self.builder, value, ty).result(0),
            _ => mochi::any_unwrap(&self.builder, value, ty).result(0),
        }
    }

    /// Null becomes zero for numbers and stays null for options; for other targets it is a run-time error.
    fn cast_option(&mut self, value: Value<'c>, from: Ty, payload: Ty, to: Ty) -> Value<'c> {
        let result = self.ty(to);
        let some = self.some(value);
        let to_option = self.module.program.types.is_option(to);
        if !to_option && !matches!(to, Ty::INT | Ty::FLOAT | Ty::BIGINT) {
            let inner = mochi::option_get(&self.builder, value).result(0);
            return self.convert(Conversion::Cast, inner, payload, to);
        }
        debug_assert!(self.module.program.types.is_option(from));
        self.branch(
            some,
            &[result],
            &[],
            |this| {
                let inner = mochi::option_get(&this.builder, value).result(0);
                vec![this.convert(Conversion::Cast, inner, payload, to)]
            },
            |this| vec![this.default_value(to)],
        )[0]
    }

    /// A closure of another function type around a closure.
    fn adapt(&mut self, value: Value<'c>, from: Ty, to: Ty) -> Value<'c> {
        let symbol = format!("fn.{}", self.module.adapter(Adapter { from, to, place: self.builder.loc() }));
        let ty = self.ty(to);
        mochi::closure_new(&self.builder, &[value], &symbol, ty).result(0)
    }
}

/// The implicit conversion between two types, if they differ.
fn implicit(types: &Types, from: Ty, to: Ty) -> Option<Conversion> {
    if from == to {
        return None;
    }
    Some(match (types.kind(from), types.kind(to)) {
        (_, TyKind::Any) => Conversion::ToAny,
        (TyKind::Any, _) => Conversion::FromAny,
        (TyKind::Int, TyKind::Float | TyKind::BigInt | TyKind::BigRat) | (TyKind::BigInt, TyKind::BigRat) => {
            Conversion::Widen
        }
        (TyKind::Option(_), TyKind::Option(_)) => Conversion::Cast,
        (_, TyKind::Option(_)) => Conversion::Some,
        (TyKind::Option(_), _) => Conversion::Unwrap,
        (TyKind::Fn(..), TyKind::Fn(..)) => Conversion::Adapter,
        _ => Conversion::Cast,
    })
}

fn converted(types: &Types, value: Expr, to: Ty) -> Expr {
    match implicit(types, value.ty, to) {
        None => value,
        Some(kind) => {
            let span = value.span;
            Expr { kind: ExprKind::Convert { kind, value: Box::new(value) }, ty: to, span }
        }
    }
}

/// The function behind an adapter: converts the arguments, calls the captured closure, converts the result.
pub(crate) fn adapter_function(types: &Types, adapter: Adapter<'_>, symbol: String) -> Option<hir::Function> {
    let (TyKind::Fn(inner_params, inner_result), TyKind::Fn(params, result)) =
        (types.kind(adapter.from), types.kind(adapter.to))
    else {
        return None;
    };
    let span = mochi_diagnostics::Span::default();
    let local = |name: String, ty: Ty| hir::Local { name, ty, storage: Storage::Value, span, synthetic: true };
    let mut locals: Vec<hir::Local> =
        params.iter().enumerate().map(|(index, &ty)| local(format!("arg{index}"), ty)).collect();
    let captured = LocalId(locals.len() as u32);
    locals.push(local("callee".to_string(), adapter.from));
    let read = |id: u32, ty: Ty| Expr { kind: ExprKind::Local(LocalId(id)), ty, span };
    let args = inner_params
        .iter()
        .zip(params)
        .enumerate()
        .map(|(index, (&inner, &outer))| converted(types, read(index as u32, outer), inner))
        .collect();
    let callee = Box::new(read(captured.0, adapter.from));
    let call = Expr { kind: ExprKind::CallClosure { callee, args }, ty: *inner_result, span };
    let stmt = |kind| Stmt { kind, span };
    let stmts = if *result == Ty::UNIT {
        vec![stmt(StmtKind::Expr(call))]
    } else {
        vec![stmt(StmtKind::Return(Some(converted(types, call, *result))))]
    };
    Some(hir::Function {
        kind: hir::FunctionKind::Made,
        name: "adapter".to_string(),
        symbol,
        params: (0..params.len() as u32).map(LocalId).collect(),
        captures: vec![captured],
        is_closure: true,
        result: *result,
        locals,
        body: Block { stmts },
        span,
    })
}
