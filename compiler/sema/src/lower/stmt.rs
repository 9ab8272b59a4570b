//! Statements.

use super::infer::{Content, Null, Shape, Slot};
use super::narrow::Fact;
use super::scope::{Binding, Resolved, Var};
use super::{Lowerer, Val, closure};
use crate::hir::{self, Block, Expr, ExprKind, Place, StmtKind};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use mochi_syntax::ast;

impl<'a> Lowerer<'a> {
    /// The statements of a block in the scope that is current.
    pub(crate) fn block_statements(&mut self, statements: &'a [ast::Stmt], out: &mut Vec<hir::Stmt>) {
        if !(self.ctx().is_main && self.ctx().scopes.len() == 1) {
            self.announce_nested(statements);
        }
        for stmt in statements {
            self.stmt(stmt, out);
        }
    }

    /// Nested functions may be called by ones declared before them.
    fn announce_nested(&mut self, statements: &'a [ast::Stmt]) {
        for stmt in statements {
            if let ast::StmtKind::Fun(fun) = &stmt.kind {
                let decl = self.function_decl(fun, None);
                if self.is_closed(decl) {
                    self.bind(fun.name.name, Binding::Closed(decl));
                    continue;
                }
                let parent = self.ctx().inst;
                let inst = self.instance(decl, parent, Vec::new());
                self.bind(fun.name.name, Binding::Function { inst, local: None, declared: false });
            }
        }
    }

    /// A block with its own scope.
    pub(crate) fn block(&mut self, block: &'a ast::Block) -> Block {
        let mut stmts = Vec::new();
        self.block_into(block, &mut stmts);
        Block { stmts }
    }

    fn block_into(&mut self, block: &'a ast::Block, stmts: &mut Vec<hir::Stmt>) {
        self.push_scope();
        self.enter_facts();
        self.block_statements(&block.statements, stmts);
        self.leave_facts();
        self.pop_scope();
    }

    fn stmt(&mut self, stmt: &'a ast::Stmt, out: &mut Vec<hir::Stmt>) {
        let span = stmt.span;
        match &stmt.kind {
            ast::StmtKind::Binding(binding) => self.binding(binding, span, out),
            ast::StmtKind::Assign(assign) => self.assign(assign, span, out),
            ast::StmtKind::Expr(expr) => {
                let value = self.expr_statement(expr);
                out.push(hir::Stmt { kind: StmtKind::Expr(value), span });
            }
            ast::StmtKind::If(branch) => self.if_stmt(branch, out),
            ast::StmtKind::While(node) => self.while_stmt(node, span, out),
            ast::StmtKind::For(node) => self.for_stmt(node, span, out),
            ast::StmtKind::Return(value) => self.return_stmt(value.as_deref(), span, out),
            ast::StmtKind::Break => self.jump("break", StmtKind::Break, span, out),
            ast::StmtKind::Continue => self.jump("continue", StmtKind::Continue, span, out),
            ast::StmtKind::Fun(fun) => {
                if !self.at_top_level() {
                    self.nested_function(fun, out);
                }
            }
            ast::StmtKind::Type(decl) => self.declare_local_type(decl, span),
            ast::StmtKind::Import(_) | ast::StmtKind::Extern(_) => {}
            ast::StmtKind::Test(node) => self.test_block(node, span, out),
            ast::StmtKind::Bench(node) => {
                let body = self.block(&node.body);
                let name = node.name.as_str().to_owned();
                out.push(hir::Stmt { kind: StmtKind::Bench { name, body }, span });
            }
            ast::StmtKind::Expect(expr) => self.expect_stmt(expr, span, out),
            ast::StmtKind::Update(update) => self.update_stmt(update, span, out),
            ast::StmtKind::Error => {
                self.error("P070", "the program's tree is inconsistent", span);
            }
            ast::StmtKind::FetchInto(node) => self.fetch_into(node, span, out),
            ast::StmtKind::Agent(_) => {
                self.unsupported("`agent` inside a block is", span);
            }
            // These are other things by now.
            ast::StmtKind::Model(_)
            | ast::StmtKind::Stream(_)
            | ast::StmtKind::On(_)
            | ast::StmtKind::Emit(_)
            | ast::StmtKind::Fact(_)
            | ast::StmtKind::Rule(_) => {
                self.unsupported("this statement is", span);
            }
        }
    }

    pub(crate) fn at_top_level(&mut self) -> bool {
        self.ctxs.len() == 1 && self.ctx().is_main && self.ctx().scopes.len() == 1
    }

    fn binding(&mut self, binding: &'a ast::Binding, span: Span, out: &mut Vec<hir::Stmt>) {
        let name = binding.name;
        let top = self.at_top_level();
        let promoted = if top { self.promoted_global(name.name) } else { None };
        let slot = match (&promoted, &binding.ty) {
            (Some((_, slot)), _) => *slot,
            (None, Some(ty)) => self.value_annotation(ty),
            (None, None) => self.var_slot(name.span),
        };
        let nested_name = binding.value.as_ref().is_some_and(closure::is_lambda);
        let value = match &binding.value {
            // `var f = fun … { … f() … }`: the lambda may mention itself.
            Some(value) if nested_name && promoted.is_none() && !top && self.mentions_name(value, name.name) => {
                return self.recursive_lambda(binding, value, slot, span, out);
            }
            Some(value) => Some(self.expr(value)),
            None => None,
        };
        if value.is_none() {
            if binding.ty.is_none() && binding.value.is_none() {
                self.error("T000", "`let` requires a type or a value", span);
            }
            self.t.set_null(slot, Null::Hard);
        }
        let init = value.map(|value| self.coerce(value, slot));
        let global = promoted.map(|(global, _)| global);
        self.introduce(name, binding.mutable, (slot, global), init, span, out);
    }

    /// Declares a variable, or gives the global that it is its first value.
    pub(crate) fn introduce(
        &mut self,
        name: ast::Ident,
        mutable: bool,
        (slot, global): (Slot, Option<hir::GlobalId>),
        init: Option<Expr>,
        span: Span,
        out: &mut Vec<hir::Stmt>,
    ) {
        let top = self.at_top_level();
        if let Some(global) = global {
            let ty = self.ty(slot);
            let value = init.unwrap_or(Expr { kind: ExprKind::Null, ty, span });
            out.push(hir::Stmt { kind: StmtKind::Assign { place: Place::Global(global), value }, span });
            // In scope from here on; the binding only leads to the global.
            let key = (self.ctx().inst, name.span.start);
            let local = hir::LocalId(u32::MAX);
            self.bind(name.name, Binding::Var(Var { local, slot, key, mutable, top: true }));
            return;
        }
        let mut var = self.declare(name.name, slot, name.span, mutable);
        if top {
            var.top = true;
            self.bind(name.name, Binding::Var(var));
        }
        out.push(hir::Stmt { kind: StmtKind::Let { local: var.local, init }, span });
    }

    /// `let f = fun(…) { … f(…) … }` inside a function: the variable exists before the closure is made.
    fn recursive_lambda(
        &mut self,
        binding: &'a ast::Binding,
        value: &'a ast::Expr,
        slot: Slot,
        span: Span,
        out: &mut Vec<hir::Stmt>,
    ) {
        let name = binding.name;
        self.t.set_null(slot, Null::Soft);
        let var = self.declare(name.name, slot, name.span, binding.mutable);
        self.mark_assigned(var.key);
        out.push(hir::Stmt { kind: StmtKind::Let { local: var.local, init: None }, span });
        let value = self.expr(value);
        let value = self.coerce(value, slot);
        out.push(hir::Stmt { kind: StmtKind::Assign { place: Place::Local(var.local), value }, span });
    }

    fn assign(&mut self, assign: &'a ast::Assign, span: Span, out: &mut Vec<hir::Stmt>) {
        match &assign.target.kind {
            ast::ExprKind::Name(name) => {
                let value = self.expr(&assign.value);
                let (place, slot) = match self.resolve(*name) {
                    Resolved::Var(var) => {
                        if !var.mutable {
                            self.warn("T024", format!("cannot assign to `{name}` (immutable)"), span);
                        }
                        self.mark_assigned(var.key);
                        self.kill_facts(var.key);
                        (Place::Local(var.local), var.slot)
                    }
                    Resolved::Global { id, slot, mutable } => {
                        if !mutable {
                            self.warn("T024", format!("cannot assign to `{name}` (immutable)"), span);
                        }
                        (Place::Global(id), slot)
                    }
                    Resolved::Field { receiver, index, slot } => {
                        let base = self.val(ExprKind::Local(receiver.local), receiver.slot, assign.target.span);
                        (Place::Field { base: base.e, field: index, span: assign.target.span }, slot)
                    }
                    Resolved::Nested { .. } | Resolved::Closed(_) => {
                        self.error("T024", format!("cannot assign to `{name}` (immutable)"), span);
                        return;
                    }
                    Resolved::Unknown => {
                        self.error("T001", format!("assignment to undeclared variable: {name}"), span);
                        return;
                    }
                };
                let present = self.t.null(value.t) == Null::No && self.t.content(value.t) != Content::Unit;
                let value = self.coerce(value, slot);
                out.push(hir::Stmt { kind: StmtKind::Assign { place, value }, span });
                if present {
                    self.learn_present(*name);
                }
            }
            _ => {
                self.assign_part(assign, span, out);
                self.learn_entry(&assign.target);
            }
        }
    }

    /// `if`, `else if` chains without recursion in the tree's depth only.
    fn if_stmt(&mut self, branch: &'a ast::IfStmt, out: &mut Vec<hir::Stmt>) {
        let (cond, facts) = self.condition(&branch.condition);
        let inverse = facts.inverse;
        self.ctx().branch_depth += 1;
        self.enter_facts();
        self.add_facts(facts.direct);
        let then = self.block(&branch.then_block);
        self.leave_facts();
        self.enter_facts();
        self.add_facts(inverse.clone());
        let mut els = Block::default();
        match &branch.else_branch {
            Some(ast::ElseBranch::If(inner)) => self.if_stmt(inner, &mut els.stmts),
            Some(ast::ElseBranch::Block(block)) => els = self.block(block),
            None => {}
        }
        self.leave_facts();
        self.ctx().branch_depth -= 1;
        if !falls_through(&branch.then_block.statements) && branch.else_branch.is_none() {
            self.add_facts(inverse);
        } else if branch.else_branch.is_none() {
            // `if !(k in m) { m[k] = … }`: afterwards the entry exists either way.
            let made: Vec<Fact> =
                inverse.into_iter().filter(|fact| self.block_makes(&branch.then_block, fact)).collect();
            self.add_facts(made);
        }
        out.push(hir::Stmt { kind: StmtKind::If { cond, then, els }, span: branch.span });
    }

    fn while_stmt(&mut self, node: &'a ast::WhileStmt, span: Span, out: &mut Vec<hir::Stmt>) {
        self.enter_facts();
        self.forget_assigned(&node.body);
        let (cond, facts) = self.condition(&node.condition);
        self.ctx().branch_depth += 1;
        self.add_facts(facts.direct);
        self.ctx().loop_depth += 1;
        let body = self.block(&node.body);
        self.ctx().loop_depth -= 1;
        self.ctx().branch_depth -= 1;
        self.leave_facts();
        out.push(hir::Stmt { kind: StmtKind::While { cond, body }, span });
    }

    fn for_stmt(&mut self, node: &'a ast::ForStmt, span: Span, out: &mut Vec<hir::Stmt>) {
        let source = self.expr(&node.source);
        if let Some(end) = &node.range_end {
            let start = self.range_bound(source);
            let end = self.expr(end);
            let end = self.range_bound(end);
            let slot = self.var_slot(node.name.span);
            let (local, body) = self.loop_body(node, slot, Slot::INT, None);
            out.push(hir::Stmt { kind: StmtKind::ForRange { local, start, end, body }, span });
            return;
        }
        let (iterable, element) = self.iterable(source, node.source.span);
        let slot = self.var_slot(node.name.span);
        let is_map = matches!(self.t.shape_of(iterable.t), Some(Shape::Map(..)));
        let keys_of = node.source.as_name().filter(|_| is_map);
        let (local, body) = self.loop_body(node, slot, element, keys_of);
        let iterable = iterable.e;
        out.push(hir::Stmt { kind: StmtKind::ForEach { local, iterable, body }, span });
    }

    /// What a `for … in` runs over, and the type of its elements.
    pub(crate) fn iterable(&mut self, source: Val, span: Span) -> (Val, Slot) {
        let source = self.present_or_empty(source);
        let source = self.group_items(source);
        match self.t.content(source.t) {
            Content::Str => (source, Slot::STR),
            Content::Bot => {
                let element = self.t.fresh();
                (self.dynamic_if_final(source), element)
            }
            Content::Poison => (source, Slot::POISON),
            Content::Any => (source, Slot::ANY),
            Content::Obj(obj) => {
                self.t.demote(obj);
                match self.t.shape(obj) {
                    Shape::List(element) => (source, element),
                    Shape::Map(key, _) => (source, key),
                    Shape::Rec(_) => self.iterated_record(source, span),
                    Shape::Fn(..) => self.not_iterable(source, span),
                }
            }
            Content::Record(_) => self.iterated_record(source, span),
            _ => self.not_iterable(source, span),
        }
    }

    fn iterated_record(&mut self, source: Val, span: Span) -> (Val, Slot) {
        let names = self.operation("the loop runs over a record", span);
        (self.as_dynamic(source), names)
    }

    fn not_iterable(&mut self, source: Val, span: Span) -> (Val, Slot) {
        let message = format!("cannot iterate over type {}", self.describe_slot(source.t));
        self.error("T022", message, span);
        (source, Slot::POISON)
    }

    fn range_bound(&mut self, bound: Val) -> Expr {
        let bound = self.unwrapped(bound);
        match self.t.content(bound.t) {
            Content::Int | Content::Any | Content::Bot | Content::Poison | Content::BigInt => {
                self.coerce(bound, Slot::INT)
            }
            _ => {
                let span = bound.e.span;
                self.error("T023", "range loop requires integer start and end expressions", span).e
            }
        }
    }

    fn loop_body(
        &mut self,
        node: &'a ast::ForStmt,
        slot: Slot,
        element: Slot,
        keys_of: Option<mochi_syntax::Symbol>,
    ) -> (hir::LocalId, Block) {
        self.t.flow(element, slot);
        self.push_scope();
        self.enter_facts();
        self.forget_assigned(&node.body);
        let mut stmts = Vec::new();
        let local = self.loop_variable(node.name, slot, element, &mut stmts);
        if let Some(map) = keys_of {
            self.learn_key(map, node.name.name);
        }
        self.ctx().loop_depth += 1;
        self.ctx().branch_depth += 1;
        self.block_into(&node.body, &mut stmts);
        self.ctx().branch_depth -= 1;
        self.ctx().loop_depth -= 1;
        self.leave_facts();
        self.pop_scope();
        (local, Block { stmts })
    }

    fn return_stmt(&mut self, value: Option<&'a ast::Expr>, span: Span, out: &mut Vec<hir::Stmt>) {
        let result = self.ctx().result;
        let value = value.map(|value| self.expr(value));
        let kind = match value {
            _ if self.ctx().is_main => {
                if let Some(value) = value {
                    out.push(hir::Stmt { kind: StmtKind::Expr(value.e), span });
                }
                StmtKind::Return(None)
            }
            Some(value) if self.t.content(result) == Content::Unit => {
                out.push(hir::Stmt { kind: StmtKind::Expr(value.e), span });
                StmtKind::Return(None)
            }
            None if self.t.content(result) == Content::Unit => StmtKind::Return(None),
            Some(value) => StmtKind::Return(Some(self.coerce_result(value, result))),
            None => {
                self.t.set_null(result, Null::Hard);
                let ty = self.ty(result);
                StmtKind::Return(Some(Expr { kind: ExprKind::Null, ty, span }))
            }
        };
        out.push(hir::Stmt { kind, span });
    }

    fn coerce_result(&mut self, value: Val, result: Slot) -> Expr {
        self.flow(&value, result);
        if !self.final_walk || self.t.content(value.t) == Content::Poison {
            return value.e;
        }
        let (from, to) = (value.e.ty, self.zonk(result));
        match self.convert(value.e, to) {
            Ok(expr) => expr,
            Err(expr) => {
                let (to, from) = (self.describe(to), self.describe(from));
                self.error("T010", format!("return type mismatch: expected {to}, got {from}"), expr.span);
                *expr
            }
        }
    }

    fn jump(&mut self, word: &str, kind: StmtKind, span: Span, out: &mut Vec<hir::Stmt>) {
        if self.ctx().loop_depth == 0 {
            self.error("T045", format!("`{word}` outside of loop"), span);
            return;
        }
        out.push(hir::Stmt { kind, span });
    }

    fn test_block(&mut self, node: &'a ast::NamedBlock, span: Span, out: &mut Vec<hir::Stmt>) {
        if let Some(wanted) = self.options.test {
            let number = self
                .program
                .statements
                .iter()
                .filter(|stmt| matches!(stmt.kind, ast::StmtKind::Test(_)))
                .position(|stmt| stmt.span == span);
            if number.is_some() && number != Some(wanted) {
                return;
            }
        }
        let body = self.block(&node.body);
        out.push(hir::Stmt { kind: StmtKind::Block(body), span });
    }

    fn expect_stmt(&mut self, expr: &'a ast::Expr, span: Span, out: &mut Vec<hir::Stmt>) {
        let value = self.expr(expr);
        let plain = self.t.content(value.t) == Content::Bool && self.t.null(value.t) == Null::No;
        let cond = if plain || !self.final_walk || self.t.content(value.t) == Content::Poison {
            value.e
        } else {
            // Only `true` itself passes.
            let lhs = self.to_any(value.e);
            let yes = Expr { kind: ExprKind::Bool(true), ty: Ty::BOOL, span: expr.span };
            let rhs = self.to_any(yes);
            let kind = ExprKind::Compare { op: hir::CompareOp::Eq, lhs: Box::new(lhs), rhs: Box::new(rhs) };
            Expr { kind, ty: Ty::BOOL, span: expr.span }
        };
        out.push(hir::Stmt { kind: StmtKind::Expect { cond }, span });
    }

    /// The text of an expression contains the name; too often is harmless.
    fn mentions_name(&self, expr: &ast::Expr, name: mochi_syntax::Symbol) -> bool {
        self.source.span_text(expr.span).contains(name.as_str())
    }

    /// An expression whose value nobody uses.
    fn expr_statement(&mut self, expr: &'a ast::Expr) -> Expr {
        match &expr.kind {
            ast::ExprKind::Match(node) => self.match_expr(node, expr, false).e,
            ast::ExprKind::If(node) => self.if_statement_expr(node, expr.span),
            _ => self.expr(expr).e,
        }
    }
}

/// Control may reach the end of these statements.
pub(crate) fn falls_through(statements: &[ast::Stmt]) -> bool {
    !statements.iter().any(diverges)
}

fn diverges(stmt: &ast::Stmt) -> bool {
    match &stmt.kind {
        ast::StmtKind::Return(_) | ast::StmtKind::Break | ast::StmtKind::Continue => true,
        ast::StmtKind::If(branch) => if_diverges(branch),
        ast::StmtKind::While(node) => {
            matches!(node.condition.without_parens().kind, ast::ExprKind::Bool(true))
                && !node.body.statements.iter().any(breaks)
        }
        ast::StmtKind::Expr(expr) => match &expr.kind {
            ast::ExprKind::Call(call) => call.callee.as_name().is_some_and(|name| name == "panic"),
            ast::ExprKind::Match(node) => {
                !node.arms.is_empty()
                    && node.arms.iter().all(|arm| match &arm.body {
                        ast::ArmBody::Block(block) => !falls_through(&block.statements),
                        ast::ArmBody::Expr(_) => false,
                    })
                    && node.arms.iter().any(|arm| matches!(arm.pattern.kind, ast::PatternKind::Wildcard))
            }
            _ => false,
        },
        _ => false,
    }
}

fn if_diverges(branch: &ast::IfStmt) -> bool {
    !falls_through(&branch.then_block.statements)
        && match &branch.else_branch {
            Some(ast::ElseBranch::If(inner)) => if_diverges(inner),
            Some(ast::ElseBranch::Block(block)) => !falls_through(&block.statements),
            None => false,
        }
}

/// A `break` of the loop that this statement is directly inside of.
fn breaks(stmt: &ast::Stmt) -> bool {
    match &stmt.kind {
        ast::StmtKind::Break => true,
        ast::StmtKind::If(branch) => if_breaks(branch),
        ast::StmtKind::Test(node) | ast::StmtKind::Bench(node) => node.body.statements.iter().any(breaks),
        ast::StmtKind::Expr(expr) => match &expr.kind {
            ast::ExprKind::Match(node) => node.arms.iter().any(|arm| match &arm.body {
                ast::ArmBody::Block(block) => block.statements.iter().any(breaks),
                ast::ArmBody::Expr(_) => false,
            }),
            _ => false,
        },
        _ => false,
    }
}

fn if_breaks(branch: &ast::IfStmt) -> bool {
    branch.then_block.statements.iter().any(breaks)
        || match &branch.else_branch {
            Some(ast::ElseBranch::If(inner)) => if_breaks(inner),
            Some(ast::ElseBranch::Block(block)) => block.statements.iter().any(breaks),
            None => false,
        }
}
