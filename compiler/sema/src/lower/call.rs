//! Calls: functions, methods, closures, constructors, partial application.

use super::builtin;
use super::function::NO_PARENT;
use super::generic::COPY_LIMIT;
use super::infer::{Content, Shape, Slot};
use super::scope::{Resolved, Var};
use super::{InstKey, Lowerer, Val};
use crate::hir::{self, Builtin, Conversion, Expr, ExprKind, FuncId, LocalId, StmtKind, Storage};
use crate::ty::{RecordId, Ty};
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

/// What a synthesised closure calls.
pub(crate) enum Target {
    Function(FuncId),
    Closure(Val),
}

impl<'a> Lowerer<'a> {
    pub(crate) fn call(&mut self, call: &'a ast::Call, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        match &call.callee.kind {
            ast::ExprKind::Name(name) => self.call_name(*name, call, expr),
            ast::ExprKind::Field(field) if field.safe.is_none() => self.call_member(field, call, expr),
            _ => {
                let callee = self.expr(&call.callee);
                let args = self.args(call);
                self.call_value(callee, args, "", span)
            }
        }
    }

    pub(crate) fn args(&mut self, call: &'a ast::Call) -> Vec<Val> {
        call.args.iter().map(|arg| self.expr(arg)).collect()
    }

    fn call_name(&mut self, name: Symbol, call: &'a ast::Call, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        match self.resolve(name) {
            Resolved::Var(_) | Resolved::Global { .. } | Resolved::Field { .. } => {
                let callee = self.expr(&call.callee);
                let is_function = matches!(self.t.shape_of(callee.t), Some(Shape::Fn(..)));
                if !is_function && let Some(value) = self.call_declared(name, call, expr) {
                    // Only functions hide functions.
                    return value;
                }
                let args = self.args(call);
                self.call_value(callee, args, name.as_str(), span)
            }
            Resolved::Closed(decl) => {
                let args = self.args(call);
                self.call_decl(decl, args, span)
            }
            Resolved::Nested { inst, local, current } => {
                if local.is_some() || current {
                    let callee = self.nested_value(inst, local, current, span);
                    let args = self.args(call);
                    return self.call_value(callee, args, name.as_str(), span);
                }
                let func = self.reach(inst);
                let args = self.args(call);
                self.call_instance(inst, func, args, span)
            }
            Resolved::Unknown => match self.call_declared(name, call, expr) {
                Some(value) => value,
                None => self.unknown_function(name, call, span),
            },
        }
    }

    /// Functions, methods of the receiver, constructors and builtins.
    fn call_declared(&mut self, name: Symbol, call: &'a ast::Call, expr: &'a ast::Expr) -> Option<Val> {
        let span = expr.span;
        if !is_builtin_call(name, call)
            && let Some((level, method)) = self.own_method(name)
        {
            let receiver = self.receiver_value(level, span)?;
            let mut args = vec![receiver];
            args.extend(self.args(call));
            return Some(self.call_decl(method, args, span));
        }
        if let Some(&decl) = self.functions_by_name.get(&name) {
            let args = self.args(call);
            return Some(self.call_decl(decl, args, span));
        }
        if let Some(&(union, variant)) = self.variants.get(&name) {
            let args = self.args(call);
            return Some(self.variant(union, variant, args, span));
        }
        let builtin = name.as_str();
        let builtin = builtin.strip_prefix(super::desugar::build::BUILTIN).unwrap_or(builtin);
        self.builtin_call(builtin, call, expr)
    }

    /// A method of the record whose method is being lowered. A method named like a builtin does not hide it.
    fn own_method(&mut self, name: Symbol) -> Option<(usize, u32)> {
        for level in (0..self.ctxs.len()).rev() {
            if let Some((_, record)) = self.ctxs[level].receiver {
                let method = self.record_infos[record.0 as usize].methods.get(&name).copied()?;
                return Some((level, method));
            }
        }
        None
    }

    fn receiver_value(&mut self, level: usize, span: Span) -> Option<Val> {
        let (var, record) = self.ctxs[level].receiver?;
        let name = self.record_infos[record.0 as usize].fields.first().map(|field| field.0);
        // A field name leads to the receiver, through captures where needed.
        let receiver: Var = match name.map(|name| self.resolve(name)) {
            Some(Resolved::Field { receiver, .. }) => receiver,
            _ => var,
        };
        Some(self.val(ExprKind::Local(receiver.local), receiver.slot, span))
    }

    fn unknown_function(&mut self, name: Symbol, call: &'a ast::Call, span: Span) -> Val {
        let message = format!("unknown function: {name}");
        if self.ctx().branch_depth == 0 {
            return self.error("T003", message, span);
        }
        // Published programs contain such calls on paths that are never taken.
        self.warn("T003", message.clone(), span);
        let mut stmts = Vec::new();
        for arg in self.args(call) {
            stmts.push(hir::Stmt { kind: StmtKind::Expr(arg.e), span });
        }
        let value = self.panic_with(&message, span);
        self.with_statements(stmts, value)
    }

    pub(crate) fn panic_with(&mut self, message: &str, span: Span) -> Val {
        let text = self.val(ExprKind::Str(message.to_string()), Slot::STR, span);
        self.val(ExprKind::Builtin { builtin: Builtin::Panic, args: vec![text.e] }, Slot::UNIT, span)
    }

    /// Calls a function that is not nested.
    pub(crate) fn call_decl(&mut self, decl: u32, mut args: Vec<Val>, span: Span) -> Val {
        for _ in args.len()..self.least_arguments(decl) {
            args.push(self.null(span));
        }
        if self.is_generic(decl) {
            return self.call_generic(decl, args, span);
        }
        let (mut signature, mut site) = (Vec::new(), None);
        if self.is_copied(decl) {
            let open = !self.settled && args.iter().any(|arg| !self.t.is_known(arg.t));
            if open && args.iter().any(|arg| !self.t.is_known(arg.t) && !self.is_function(arg.t)) {
                let slot = self.t.fresh();
                return self.val(ExprKind::Unit, slot, span);
            }
            signature = self.use_signature(decl, &args);
            // The types of a function without annotations may follow from what is done with it: a copy for this call.
            if open {
                site = Some((self.ctx().inst, span.start));
            }
            if self.copies_of(decl) >= COPY_LIMIT {
                (signature, site) = (Vec::new(), None);
            }
        }
        let inst = self.instance_at(InstKey { decl, parent: NO_PARENT, signature, site });
        let params = self.insts[inst as usize].params.clone();
        // The callee's body may decide more once it knows the arguments.
        for (arg, param) in args.iter().zip(&params) {
            self.flow(arg, *param);
        }
        let func = self.use_function(inst);
        self.call_instance(inst, func, args, span)
    }

    fn is_function(&mut self, slot: Slot) -> bool {
        matches!(self.t.shape_of(slot), Some(Shape::Fn(..)))
    }

    /// Arguments that a call must have even if the program leaves them out: those of an agent's intents are null then.
    fn least_arguments(&self, decl: u32) -> usize {
        let node = &self.decls[decl as usize];
        match node.receiver.and_then(|record| self.record_infos.get(record.0 as usize)) {
            Some(info) if !self.agents.is_empty() && self.agents.contains(&Symbol::intern(&info.name)) => {
                node.signature.params.len() + 1
            }
            _ => 0,
        }
    }

    /// Types of the arguments whose parameters are not written.
    fn use_signature(&mut self, decl: u32, args: &[Val]) -> Vec<Ty> {
        let generic: Vec<bool> = {
            let node = &self.decls[decl as usize];
            let receiver = node.receiver.iter().map(|_| false);
            receiver.chain(node.signature.params.iter().map(|param| param.ty.is_none())).collect()
        };
        args.iter().zip(generic).map(|(arg, generic)| if generic { self.zonk(arg.t) } else { Ty::UNIT }).collect()
    }

    fn call_instance(&mut self, inst: u32, func: FuncId, args: Vec<Val>, span: Span) -> Val {
        let params = self.insts[inst as usize].params.clone();
        let result = self.insts[inst as usize].result;
        let hidden = self.receivers(self.insts[inst as usize].decl);
        if args.len() > params.len() {
            let (expected, got) = (params.len() - hidden, args.len() - hidden);
            let message = format!("too many arguments: expected {expected}, got {got}");
            return self.error("T006", message, span);
        }
        if args.len() < params.len() {
            return self.partial(Target::Function(func), args, params, result, span);
        }
        let args = self.coerce_args(args, &params, hidden);
        self.val(ExprKind::Call { func, args }, result, span)
    }

    /// How many of the function's parameters a program does not write: one for the receiver of a method.
    fn receivers(&self, decl: u32) -> usize {
        self.decls.get(decl as usize).map_or(0, |node| usize::from(node.receiver.is_some()))
    }

    /// The arguments in the types of the parameters. The first `hidden` do not count in reports.
    pub(crate) fn coerce_args(&mut self, args: Vec<Val>, params: &[Slot], hidden: usize) -> Vec<Expr> {
        let mut exprs = Vec::new();
        for (index, (arg, param)) in args.into_iter().zip(params).enumerate() {
            self.flow(&arg, *param);
            if !self.final_walk || self.t.content(arg.t) == Content::Poison {
                exprs.push(arg.e);
                continue;
            }
            let (from, to) = (arg.e.ty, self.zonk(*param));
            match self.convert(arg.e, to) {
                Ok(expr) => exprs.push(expr),
                Err(expr) => {
                    let (to, from) = (self.describe(to), self.describe(from));
                    let message = format!("argument {}: expected {to}, got {from}", index + 1 - hidden.min(index));
                    self.error("T007", message, expr.span);
                    exprs.push(*expr);
                }
            }
        }
        exprs
    }

    /// Calls a function value.
    pub(crate) fn call_value(&mut self, callee: Val, args: Vec<Val>, name: &str, span: Span) -> Val {
        let callee = self.unwrapped(callee);
        match self.t.content(callee.t) {
            Content::Poison => return self.poison(span),
            Content::Bot if !self.final_walk => {
                let slot = self.t.fresh();
                return self.val(ExprKind::Unit, slot, span);
            }
            Content::Any | Content::Bot => return self.call_dynamic(callee, args, span),
            _ => {}
        }
        let Some((params, result)) = self.fn_parts(callee.t) else {
            return self.error("T004", format!("`{name}` is not callable"), span);
        };
        if args.len() > params.len() {
            let message = format!("too many arguments: expected {}, got {}", params.len(), args.len());
            return self.error("T006", message, span);
        }
        if args.len() < params.len() {
            return self.partial(Target::Closure(callee), args, params, result, span);
        }
        let args = self.coerce_args(args, &params, 0);
        self.val(ExprKind::CallClosure { callee: Box::new(callee.e), args }, result, span)
    }

    /// Calls a value of type `any`.
    fn call_dynamic(&mut self, callee: Val, args: Vec<Val>, span: Span) -> Val {
        let args: Vec<Expr> = args.into_iter().map(|arg| self.as_dynamic(arg).e).collect();
        if !self.final_walk {
            return self.val(ExprKind::Unit, Slot::ANY, span);
        }
        let ty = self.types.function(vec![Ty::ANY; args.len()], Ty::ANY);
        let callee = self.to_any(callee.e);
        let callee = Self::converted(Conversion::FromAny, callee, ty);
        self.val(ExprKind::CallClosure { callee: Box::new(callee), args }, Slot::ANY, span)
    }

    /// The value of a nested function.
    pub(crate) fn nested_value(&mut self, inst: u32, local: Option<Var>, current: bool, span: Span) -> Val {
        let slot = self.insts[inst as usize].fn_slot;
        if current {
            return self.val(ExprKind::CurrentClosure, slot, span);
        }
        if let Some(var) = local {
            return self.val(ExprKind::Local(var.local), var.slot, span);
        }
        if self.insts[inst as usize].has_captures {
            return self.error(
                super::UNSUPPORTED,
                "use of a nested function before its declaration is not supported when it uses outer variables",
                span,
            );
        }
        let func = self.reach(inst);
        self.val(ExprKind::Function(func), slot, span)
    }

    /// `base.name(args)`
    fn call_member(&mut self, field: &'a ast::Field, call: &'a ast::Call, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        if let Some(value) = self.module_call(field, call, span) {
            return value;
        }
        let name = field.name.name;
        let base = self.expr(&field.base);
        let base = self.unwrapped(base);
        let method = match self.t.content(base.t) {
            Content::Record(id) => self.record_infos[id.0 as usize].methods.get(&name).copied(),
            _ => None,
        };
        if let Some(method) = method {
            let mut args = vec![base];
            args.extend(self.args(call));
            return self.call_decl(method, args, span);
        }
        if self.has_own_field(base.t, name) {
            let callee = self.field_of(base, name, span);
            let args = self.args(call);
            return self.call_value(callee, args, name.as_str(), span);
        }
        let args = self.args(call);
        if let Some(value) = self.builtin_method(&base, name.as_str(), args.clone(), expr) {
            return value;
        }
        let callee = self.field_of(base, name, span);
        self.call_value(callee, args, name.as_str(), span)
    }

    fn has_own_field(&mut self, base: Slot, name: Symbol) -> bool {
        match self.t.content(base) {
            Content::Record(id) => self.field_index(id, name).is_some(),
            Content::Obj(obj) => match self.t.shape(obj) {
                Shape::Rec(fields) => fields.iter().any(|field| field.0 == name),
                _ => false,
            },
            _ => false,
        }
    }

    /// A method that is named but not called: a closure over the receiver.
    pub(crate) fn bound_method(&mut self, base: &Val, name: Symbol, span: Span) -> Option<Val> {
        let Content::Record(RecordId(id)) = self.t.content(base.t) else { return None };
        if self.field_index(RecordId(id), name).is_some() {
            return None;
        }
        let method = self.record_infos[id as usize].methods.get(&name).copied()?;
        let inst = self.instance(method, NO_PARENT, Vec::new());
        let func = self.use_function(inst);
        let params = self.insts[inst as usize].params.clone();
        let result = self.insts[inst as usize].result;
        Some(self.partial(Target::Function(func), vec![base.clone()], params, result, span))
    }

    /// Fewer arguments than parameters: a closure that waits for the rest.
    pub(crate) fn partial(
        &mut self,
        target: Target,
        args: Vec<Val>,
        params: Vec<Slot>,
        result: Slot,
        span: Span,
    ) -> Val {
        let given = args.len();
        let mut stmts = Vec::new();
        let mut captures: Vec<LocalId> = Vec::new();
        let mut captured: Vec<Slot> = Vec::new();
        let closure = match &target {
            Target::Closure(_) => true,
            Target::Function(_) => false,
        };
        let call_target = match target {
            Target::Function(func) => Some(func),
            Target::Closure(callee) => {
                let local = self.temporary(callee.t, span);
                stmts.push(hir::Stmt { kind: StmtKind::Let { local, init: Some(callee.e) }, span });
                captures.push(local);
                captured.push(callee.t);
                None
            }
        };
        let args = self.coerce_args(args, &params, 0);
        for (arg, param) in args.into_iter().zip(&params) {
            let local = self.temporary(*param, span);
            stmts.push(hir::Stmt { kind: StmtKind::Let { local, init: Some(arg) }, span });
            captures.push(local);
            captured.push(*param);
        }
        let rest = params.get(given..).unwrap_or_default().to_vec();
        let func = FuncId(self.functions.len() as u32);
        self.functions.push(None);
        let slot = self.t.container(Shape::Fn(rest.clone(), result));
        if self.final_walk {
            let function = self.partial_function(call_target, closure, &captured, &rest, result, span);
            self.functions[func.0 as usize] = Some(function);
        }
        let value = if captures.is_empty() {
            self.val(ExprKind::Function(func), slot, span)
        } else {
            self.val(ExprKind::Closure { func, captures }, slot, span)
        };
        self.with_statements(stmts, value)
    }

    /// The body of such a closure: it calls the target with captured and new arguments.
    fn partial_function(
        &mut self,
        target: Option<FuncId>,
        closure: bool,
        captured: &[Slot],
        rest: &[Slot],
        result: Slot,
        span: Span,
    ) -> hir::Function {
        let mut locals = Vec::new();
        let mut reads = Vec::new();
        for slot in captured.iter().chain(rest) {
            let ty = self.zonk(*slot);
            let id = LocalId(locals.len() as u32);
            locals.push(hir::Local { name: String::new(), ty, storage: Storage::Value, span, synthetic: true });
            reads.push(Expr { kind: ExprKind::Local(id), ty, span });
        }
        let ty = self.zonk(result);
        let kind = match target {
            Some(func) => ExprKind::Call { func, args: reads },
            None => {
                let args = reads.split_off(usize::from(closure));
                let callee = reads.pop().unwrap_or(Expr { kind: ExprKind::Null, ty: Ty::ANY, span });
                ExprKind::CallClosure { callee: Box::new(callee), args }
            }
        };
        let call = Expr { kind, ty, span };
        let stmt = if ty == Ty::UNIT { StmtKind::Expr(call) } else { StmtKind::Return(Some(call)) };
        self.lambda_count += 1;
        let name = format!("fn{}", self.lambda_count);
        let symbol = self.unique_symbol(&name);
        hir::Function {
            kind: hir::FunctionKind::Made,
            name,
            symbol,
            params: (captured.len()..captured.len() + rest.len()).map(|id| LocalId(id as u32)).collect(),
            captures: (0..captured.len()).map(|id| LocalId(id as u32)).collect(),
            is_closure: !captured.is_empty(),
            result: ty,
            locals,
            body: hir::Block { stmts: vec![hir::Stmt { kind: stmt, span }] },
            span,
        }
    }
}

/// Whether a builtin takes a call like this one.
fn is_builtin_call(name: Symbol, call: &ast::Call) -> bool {
    let name = name.as_str();
    let takes = |(least, most): (usize, usize)| (least..=most).contains(&call.args.len());
    builtin::NAMES.contains(&name) && takes(builtin::arity(name))
}
