//! Statements.

use crate::analysis::{self, Assigned};
use crate::function::FunctionEmitter;
use mochi_dialects::ir::{Type, Value};
use mochi_dialects::mochi;
use mochi_sema::hir::{Block, Expr, LocalId, Stmt, StmtKind};
use mochi_sema::ty::{Ty, TyKind};

impl<'m, 'c> FunctionEmitter<'m, 'c, '_> {
    /// Emits statements up to the first that does not fall through.
    pub(crate) fn emit_block(&mut self, block: &'m Block) {
        for stmt in &block.stmts {
            if self.terminated {
                break;
            }
            let location = self.enter(stmt.span);
            self.emit_stmt(stmt);
            self.builder.set_loc(location);
        }
    }

    fn emit_stmt(&mut self, stmt: &'m Stmt) {
        match &stmt.kind {
            StmtKind::Let { local, init } => {
                let value = match init {
                    Some(init) => self.emit_expr(init),
                    None => self.default_value(self.local(*local).ty),
                };
                self.declare(*local, value);
            }
            StmtKind::Assign { place, value } => self.emit_assign(place, value),
            StmtKind::Expr(value) => self.emit_effect(value),
            StmtKind::If { cond, then, els } => self.emit_if(cond, then, els),
            StmtKind::While { cond, body } => self.emit_while(cond, body),
            StmtKind::ForRange { local, start, end, body } => self.emit_for_range(*local, start, end, body),
            StmtKind::ForEach { local, iterable, body } => self.emit_for_each(*local, iterable, body),
            StmtKind::Return(value) => {
                let values: Vec<Value<'c>> = value.iter().map(|value| self.emit_expr(value)).collect();
                self.function_return(&values);
            }
            StmtKind::Break => self.break_loop(),
            StmtKind::Continue => self.continue_loop(),
            StmtKind::Expect { cond } => {
                let cond = self.emit_expr(cond);
                let line = self.module.source.line_at(stmt.span.start);
                mochi::expect(&self.builder, cond, line.trim());
            }
            StmtKind::Bench { name, body } => {
                let i64 = self.i64();
                let start = self.runtime1("bench_start", &[], i64);
                self.emit_block(body);
                if !self.terminated {
                    let name = self.str_constant(name);
                    self.runtime("bench_report", &[name, start], None);
                }
            }
            StmtKind::Block(block) => self.emit_block(block),
        }
    }

    fn emit_if(&mut self, cond: &'m Expr, then: &'m Block, els: &'m Block) {
        let cond = self.emit_expr(cond);
        let mut assigned = Assigned::new();
        analysis::block(then, &mut assigned);
        analysis::block(els, &mut assigned);
        let carried = self.carried(&assigned);
        self.branch(
            cond,
            &[],
            &carried,
            |this| {
                this.emit_block(then);
                Vec::new()
            },
            |this| {
                this.emit_block(els);
                Vec::new()
            },
        );
    }

    fn emit_while(&mut self, cond: &'m Expr, body: &'m Block) {
        let mut assigned = Assigned::new();
        analysis::expr(cond, &mut assigned);
        analysis::block(body, &mut assigned);
        let carried = self.carried(&assigned);
        self.while_loop(carried, |this| this.emit_expr(cond), |this| this.emit_block(body));
    }

    fn emit_for_range(&mut self, local: LocalId, start: &'m Expr, end: &'m Expr, body: &'m Block) {
        let bounds = (self.emit_expr(start), self.emit_expr(end));
        let carried = self.loop_carried(local, body);
        self.for_loop(bounds, carried, |this, iv| {
            this.declare(local, iv);
            this.emit_block(body);
        });
    }

    /// The loop variable is a fresh variable in each round, so it is not carried even if the body assigns it.
    fn loop_carried(&self, local: LocalId, body: &Block) -> Vec<LocalId> {
        let mut assigned = Assigned::new();
        analysis::block(body, &mut assigned);
        assigned.remove(&local);
        self.carried(&assigned)
    }

    /// Lists are indexed up to the length they have at the start; maps and `any` give a list of keys or elements first.
    fn emit_for_each(&mut self, local: LocalId, iterable: &'m Expr, body: &'m Block) {
        let value = self.emit_expr(iterable);
        let list = self.elements(iterable.ty, value);
        let length = mochi::list_length(&self.builder, list).result(0);
        let zero = self.int_constant(0);
        let carried = self.loop_carried(local, body);
        self.for_loop((zero, length), carried, |this, iv| {
            let item = mochi::list_get(&this.builder, list, iv, true).result(0);
            this.declare(local, item);
            this.emit_block(body);
        });
    }

    /// What a loop over a value visits, as a list.
    fn elements(&mut self, ty: Ty, value: Value<'c>) -> Value<'c> {
        match self.module.program.types.kind(ty) {
            TyKind::List(_) => value,
            TyKind::Map(..) => mochi::map_keys(&self.builder, value).result(0),
            TyKind::Str => {
                let chars = Type::list(self.str_type());
                mochi::str_chars(&self.builder, value, chars).result(0)
            }
            _ => {
                let elements = Type::list(self.any_type());
                mochi::any_elements(&self.builder, value, elements).result(0)
            }
        }
    }

    /// What a variable declared without a value holds: null where the type has one, else zero or empty.
    pub(crate) fn default_value(&mut self, ty: Ty) -> Value<'c> {
        let mlir = self.ty(ty);
        match self.module.program.types.kind(ty) {
            TyKind::Int => self.int_constant(0),
            TyKind::Float => self.float_constant(0.0),
            TyKind::Unit | TyKind::Bool => self.bool_constant(false),
            TyKind::Str => self.str_constant(""),
            TyKind::List(_) => mochi::list_new(&self.builder, &[], mlir).result(0),
            TyKind::Map(..) => mochi::map_new(&self.builder, &[], &[], mlir).result(0),
            TyKind::Any | TyKind::Option(_) => self.null(mlir),
            TyKind::BigInt | TyKind::BigRat => {
                let zero = self.int_constant(0);
                mochi::cast(&self.builder, zero, mlir).result(0)
            }
            // The type checker makes such variables nullable.
            TyKind::Record(_) | TyKind::Union(_) | TyKind::Fn(..) => {
                let null = self.null(Type::option(mlir));
                mochi::option_get(&self.builder, null).result(0)
            }
        }
    }
}
