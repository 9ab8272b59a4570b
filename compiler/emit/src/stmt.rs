//! Statements.

use crate::analysis::{self, Assigned};
use crate::function::FunctionEmitter;
use mochi_dialects::ir::{Attribute, Type, Value};
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
            StmtKind::Break => self.leave_loop("mochi.break"),
            StmtKind::Continue => self.leave_loop("mochi.continue"),
            StmtKind::Expect { cond } => {
                let cond = self.emit_expr(cond);
                let line = self.module.source.line_column(stmt.span.start).line;
                let text = self.module.string(self.module.source.line_text(line).trim());
                self.builder.op("mochi.expect").operands(&[cond]).attr("text", text).build();
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
        let (list, element) = self.elements(iterable.ty, value);
        let i64 = self.i64();
        let length = self.op1("mochi.list.length", &[list], i64);
        let zero = self.int_constant(0);
        let carried = self.loop_carried(local, body);
        self.for_loop((zero, length), carried, |this, iv| {
            let inbounds = Attribute::unit(this.module.context);
            let item = this.op1_with("mochi.list.get", &[list, iv], ("inbounds", inbounds), element);
            this.declare(local, item);
            this.emit_block(body);
        });
    }

    /// What a loop over a value visits, as a list, and the type of its elements.
    fn elements(&mut self, ty: Ty, value: Value<'c>) -> (Value<'c>, Type<'c>) {
        match *self.module.program.types.kind(ty) {
            TyKind::List(element) => (value, self.ty(element)),
            TyKind::Map(key, _) => {
                let element = self.ty(key);
                (self.op1("mochi.map.keys", &[value], Type::list(element)), element)
            }
            TyKind::Str => {
                let element = self.str_type();
                (self.op1("mochi.str.chars", &[value], Type::list(element)), element)
            }
            _ => {
                let element = self.any_type();
                (self.op1("mochi.any.elements", &[value], Type::list(element)), element)
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
            TyKind::List(_) => self.op1("mochi.list.new", &[], mlir),
            TyKind::Map(..) => self.op1("mochi.map.new", &[], mlir),
            TyKind::Any | TyKind::Option(_) => self.null(mlir),
            TyKind::BigInt | TyKind::BigRat => {
                let zero = self.int_constant(0);
                self.op1("mochi.cast", &[zero], mlir)
            }
            // The type checker makes such variables nullable.
            TyKind::Record(_) | TyKind::Union(_) | TyKind::Fn(..) => {
                let null = self.null(Type::option(mlir));
                self.op1("mochi.option.get", &[null], mlir)
            }
        }
    }
}
