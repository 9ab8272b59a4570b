//! Function instances: parameters, results, and the walk over a body.

use super::infer::{Content, Null, Shape, Slot};
use super::scope::{Binding, FnCtx, Var};
use super::{Body, Inst, InstKey, Key, Lowerer};
use crate::hir::{self, Expr, ExprKind, FuncId, LocalId, StmtKind, Storage};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};
use std::collections::HashMap;

/// Declaration number of the entry function.
const ENTRY_DECL: u32 = u32::MAX;

/// Parent of functions that are not nested.
pub(crate) const NO_PARENT: u32 = u32::MAX;

impl<'a> Lowerer<'a> {
    pub(crate) fn entry_instance(&mut self) -> u32 {
        let fn_slot = self.t.container(Shape::Fn(Vec::new(), Slot::UNIT));
        self.insts.push(Inst { fn_slot, ..Inst::new(ENTRY_DECL) });
        (self.insts.len() - 1) as u32
    }

    /// The instance of a function for a use signature (empty: the one shared by all uses).
    pub(crate) fn instance(&mut self, decl: u32, parent: u32, signature: Vec<Ty>) -> u32 {
        self.instance_at(InstKey { decl, parent, signature, site: None })
    }

    pub(crate) fn instance_at(&mut self, key: InstKey) -> u32 {
        let (decl, parent) = (key.decl, key.parent);
        if let Some(&inst) = self.inst_index.get(&key) {
            return inst;
        }
        let inst = self.insts.len() as u32;
        self.index_instance(key, inst);
        self.insts.push(Inst::new(decl));
        self.make_signature(inst, decl, parent);
        inst
    }

    pub(crate) fn make_signature(&mut self, inst: u32, decl: u32, parent: u32) {
        let (signature, body, receiver) = {
            let node = &self.decls[decl as usize];
            (node.signature, node.body, node.receiver)
        };
        let mut type_params: HashMap<Symbol, Slot> =
            self.insts.get(parent as usize).map(|outer| outer.type_params.clone()).unwrap_or_default();
        for (index, param) in signature.type_params.iter().enumerate() {
            let slot = self.keyed_in(inst, Key::TypeParam(index as u32));
            type_params.insert(param.name, slot);
        }
        self.insts[inst as usize].type_params = type_params;
        let mut params = Vec::new();
        if let Some(record) = receiver {
            params.push(self.t.make(Content::Record(record), Null::No, true));
        }
        for (index, param) in signature.params.iter().enumerate() {
            let slot = match &param.ty {
                Some(ty) => self.annotation_in(inst, ty),
                None => self.keyed_in(inst, Key::Param(index as u32)),
            };
            let slot = if self.t.content(slot) == Content::Unit { self.t.declared_any() } else { slot };
            params.push(slot);
        }
        let result = match (&signature.result, body) {
            (Some(ty), _) => self.annotation_in(inst, ty),
            (None, Body::Block(block)) if !returns_value(block) => self.t.make(Content::Unit, Null::No, true),
            (None, Body::Main) => Slot::UNIT,
            (None, _) => self.keyed_in(inst, Key::Result),
        };
        // A `void` function may still say `return e`: nobody can see the value.
        let fn_slot = self.t.container(Shape::Fn(params.clone(), result));
        let node = &mut self.insts[inst as usize];
        node.params = params;
        node.result = result;
        node.fn_slot = fn_slot;
    }

    /// Gives the instance its function number in this walk and makes sure that it gets a body.
    pub(crate) fn reach(&mut self, inst: u32) -> FuncId {
        let walk = self.walk;
        let next = FuncId(self.functions.len() as u32);
        let node = &mut self.insts[inst as usize];
        if node.reached == walk {
            return node.func;
        }
        node.reached = walk;
        node.func = next;
        self.functions.push(None);
        next
    }

    /// As `reach`, for functions that are not nested: their body is lowered now or later.
    pub(crate) fn use_function(&mut self, inst: u32) -> FuncId {
        let first = self.insts[inst as usize].reached != self.walk;
        let func = self.reach(inst);
        if first {
            let decl = self.insts[inst as usize].decl;
            let annotated = self.decls[decl as usize].signature.result.is_some();
            let result = self.insts[inst as usize].result;
            if annotated || self.t.content(result) == Content::Unit || self.final_walk {
                self.queue.push(inst);
            } else {
                // Callers need the result: look at the body first.
                let outer = std::mem::take(&mut self.ctxs);
                self.walk_instance(inst);
                self.ctxs = outer;
            }
        }
        func
    }

    /// Lowers the body of a function that is not nested.
    pub(crate) fn walk_instance(&mut self, inst: u32) {
        if self.insts[inst as usize].walked == self.walk {
            return;
        }
        self.insts[inst as usize].walked = self.walk;
        self.ctxs.clear();
        self.walk_body(inst);
    }

    /// Lowers a body with the enclosing functions (if any) on the context stack. Returns its captures.
    pub(crate) fn walk_body(&mut self, inst: u32) -> Vec<(LocalId, LocalId)> {
        let result = self.insts[inst as usize].result;
        self.ctxs.push(FnCtx::new(inst, result));
        let decl = self.insts[inst as usize].decl;
        let body = if decl == ENTRY_DECL { Body::Main } else { self.decls[decl as usize].body };
        let mut stmts = Vec::new();
        let mut params = Vec::new();
        let mut span = self.program.span;
        if decl == ENTRY_DECL {
            self.ctx().is_main = true;
        } else {
            span = self.decls[decl as usize].span;
            if let Some(name) = self.decls[decl as usize].name
                && self.is_closed(decl)
            {
                self.bind(name, Binding::Closed(decl));
            }
            params = self.bind_params(inst, decl, &mut stmts);
        }
        match body {
            Body::Main => {
                let program = self.program;
                self.block_statements(&program.statements, &mut stmts);
            }
            Body::Block(block) => {
                self.push_scope();
                self.block_statements(&block.statements, &mut stmts);
                self.pop_scope();
                self.fall_off(block, result, &mut stmts);
            }
            Body::Expr(expr) => self.expression_body(expr, result, &mut stmts),
        }
        self.finish_function(inst, params, stmts, span)
    }

    fn bind_params(&mut self, inst: u32, decl: u32, stmts: &mut Vec<hir::Stmt>) -> Vec<LocalId> {
        let (signature, receiver, span) = {
            let node = &self.decls[decl as usize];
            (node.signature, node.receiver, node.span)
        };
        let slots = self.insts[inst as usize].params.clone();
        let mut params = Vec::new();
        let mut rest = slots.as_slice();
        if let Some(record) = receiver
            && let Some((slot, tail)) = rest.split_first()
        {
            let local = self.new_local("self", *slot, span, true);
            let key = (inst, span.start);
            let var = Var { local, slot: *slot, key, mutable: false, top: false };
            self.ctx().receiver = Some((var, record));
            params.push(local);
            rest = tail;
        }
        for (param, slot) in signature.params.iter().zip(rest) {
            params.push(self.declare_incoming(param.name.name, *slot, param.name.span, stmts));
        }
        params
    }

    /// Declares a parameter or loop variable whose value arrives from outside: a captured and reassigned one is copied into a
    /// cell first. Returns the local that receives the value.
    pub(crate) fn declare_incoming(
        &mut self,
        name: Symbol,
        slot: Slot,
        span: Span,
        stmts: &mut Vec<hir::Stmt>,
    ) -> LocalId {
        let key = (self.ctx().inst, span.start);
        if !self.is_cell(key) {
            return self.declare(name, slot, span, true).local;
        }
        let incoming = self.temporary(slot, span);
        let var = self.declare(name, slot, span, true);
        let ty = self.ty(slot);
        let init = Expr { kind: ExprKind::Local(incoming), ty, span };
        stmts.push(hir::Stmt { kind: StmtKind::Let { local: var.local, init: Some(init) }, span });
        incoming
    }

    /// What happens at the end of a body that may be reached: null, or nothing for functions without result.
    fn fall_off(&mut self, block: &'a ast::Block, result: Slot, stmts: &mut Vec<hir::Stmt>) {
        if self.t.content(result) == Content::Unit || !super::stmt::falls_through(&block.statements) {
            return;
        }
        self.t.set_null(result, Null::Hard);
        let span = Span::new(block.span.end.saturating_sub(1), block.span.end);
        let ty = self.ty(result);
        let null = Expr { kind: ExprKind::Null, ty, span };
        stmts.push(hir::Stmt { kind: StmtKind::Return(Some(null)), span });
    }

    fn expression_body(&mut self, expr: &'a ast::Expr, result: Slot, stmts: &mut Vec<hir::Stmt>) {
        let value = self.expr(expr);
        let span = expr.span;
        let unit = self.t.content(value.t) == Content::Unit;
        if unit && self.t.content(result) == Content::Bot {
            self.t.set_content(result, Content::Unit);
        }
        if self.t.content(result) == Content::Unit {
            stmts.push(hir::Stmt { kind: StmtKind::Expr(value.e), span });
            return;
        }
        let value = self.coerce(value, result);
        stmts.push(hir::Stmt { kind: StmtKind::Return(Some(value)), span });
    }

    fn finish_function(
        &mut self,
        inst: u32,
        params: Vec<LocalId>,
        stmts: Vec<hir::Stmt>,
        span: Span,
    ) -> Vec<(LocalId, LocalId)> {
        let Some(mut ctx) = self.ctxs.pop() else { return Vec::new() };
        let mut body = std::mem::take(&mut ctx.prologue);
        body.extend(stmts);
        let captures = std::mem::take(&mut ctx.captures);
        let has_captures = !captures.is_empty();
        if self.insts[inst as usize].has_captures != has_captures {
            self.insts[inst as usize].has_captures = has_captures;
            self.flags_changed = true;
        }
        let func = self.reach(inst);
        if !self.final_walk {
            return captures;
        }
        let slots = std::mem::take(&mut ctx.slots);
        for (local, slot) in ctx.locals.iter_mut().zip(slots) {
            local.ty = self.zonk(slot);
        }
        for (index, (_, inner)) in captures.iter().enumerate() {
            if let Some(local) = ctx.locals.get_mut(inner.0 as usize)
                && let Some(key) = ctx.capture_index.iter().find(|(_, at)| **at == index).map(|(key, _)| *key)
                && self.is_cell(key)
            {
                local.storage = Storage::Cell;
            }
        }
        let kind = self.function_kind(inst);
        let (name, symbol) = self.function_names(inst);
        let result_slot = self.insts[inst as usize].result;
        let result = self.zonk(result_slot);
        let function = hir::Function {
            kind,
            name,
            symbol,
            params,
            captures: captures.iter().map(|pair| pair.1).collect(),
            is_closure: has_captures,
            result,
            locals: ctx.locals,
            body: hir::Block { stmts: body },
            span,
        };
        if let Some(place) = self.functions.get_mut(func.0 as usize) {
            *place = Some(function);
        }
        captures
    }

    fn function_kind(&self, inst: u32) -> hir::FunctionKind {
        let decl = self.insts[inst as usize].decl;
        if decl == ENTRY_DECL {
            return hir::FunctionKind::TopLevel;
        }
        let named = self.decls[decl as usize].name.is_some();
        if named { hir::FunctionKind::Named } else { hir::FunctionKind::Lambda }
    }

    fn function_names(&mut self, inst: u32) -> (String, String) {
        let decl = self.insts[inst as usize].decl;
        if decl == ENTRY_DECL {
            return ("__main".into(), self.unique_symbol("__main"));
        }
        let node = &self.decls[decl as usize];
        let name = match (node.name, node.receiver) {
            (Some(name), Some(record)) => {
                format!("{}.{}", self.record_infos[record.0 as usize].name, shown_name(name.as_str()))
            }
            (Some(name), None) => shown_name(name.as_str()),
            (None, _) => {
                self.lambda_count += 1;
                format!("fn{}", self.lambda_count)
            }
        };
        let symbol = self.unique_symbol(&name);
        (name, symbol)
    }

    pub(crate) fn unique_symbol(&mut self, name: &str) -> String {
        let count = self.symbols.entry(name.to_string()).or_insert(0);
        *count += 1;
        if *count == 1 { name.to_string() } else { format!("{name}.{}", *count - 1) }
    }

    /// A nested `fun`: lowered where it stands; a closure value when it captures.
    pub(crate) fn nested_function(&mut self, fun: &'a ast::FunDecl, out: &mut Vec<hir::Stmt>) {
        let decl = self.function_decl(fun, None);
        if self.is_closed(decl) {
            self.bind(fun.name.name, Binding::Closed(decl));
            return;
        }
        let parent = self.ctx().inst;
        let inst = self.instance(decl, parent, Vec::new());
        let name = fun.name.name;
        let slot = self.insts[inst as usize].fn_slot;
        let known = self.insts[inst as usize].has_captures;
        self.bind(name, Binding::Function { inst, local: None, declared: false });
        let func = self.reach(inst);
        self.insts[inst as usize].walked = self.walk;
        let captures = self.walk_body(inst);
        if captures.is_empty() && !known {
            self.bind(name, Binding::Function { inst, local: None, declared: true });
            return;
        }
        let var = self.declare(name, slot, fun.name.span, false);
        self.bind(name, Binding::Function { inst, local: Some(var), declared: true });
        let ty = self.ty(slot);
        let captures = captures.into_iter().map(|pair| pair.0).collect();
        let init = Expr { kind: ExprKind::Closure { func, captures }, ty, span: fun.name.span };
        out.push(hir::Stmt { kind: StmtKind::Let { local: var.local, init: Some(init) }, span: fun.span });
    }

    /// The result type of a function type.
    pub(crate) fn fn_parts(&mut self, slot: Slot) -> Option<(Vec<Slot>, Slot)> {
        match self.t.shape_of(slot) {
            Some(Shape::Fn(params, result)) => Some((params, result)),
            _ => None,
        }
    }
}

/// The name of a function as traces show it.
fn shown_name(name: &str) -> String {
    let name = name.strip_prefix(super::desugar::build::WRAPPER).unwrap_or(name);
    name.replace(super::desugar::build::JOINT, ".")
}

/// Some `return` in this body (nested functions excluded) has a value.
pub(crate) fn returns_value(block: &ast::Block) -> bool {
    block.statements.iter().any(stmt_returns_value)
}

fn stmt_returns_value(stmt: &ast::Stmt) -> bool {
    match &stmt.kind {
        ast::StmtKind::Return(value) => value.is_some(),
        ast::StmtKind::If(branch) => if_returns_value(branch),
        ast::StmtKind::While(node) => returns_value(&node.body),
        ast::StmtKind::For(node) => returns_value(&node.body),
        ast::StmtKind::Test(node) | ast::StmtKind::Bench(node) => returns_value(&node.body),
        ast::StmtKind::Expr(expr) => match_returns_value(expr),
        _ => false,
    }
}

fn if_returns_value(branch: &ast::IfStmt) -> bool {
    returns_value(&branch.then_block)
        || match &branch.else_branch {
            Some(ast::ElseBranch::If(inner)) => if_returns_value(inner),
            Some(ast::ElseBranch::Block(block)) => returns_value(block),
            None => false,
        }
}

fn match_returns_value(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Match(node) => node.arms.iter().any(|arm| match &arm.body {
            ast::ArmBody::Block(block) => returns_value(block),
            ast::ArmBody::Expr(_) => false,
        }),
        _ => false,
    }
}
