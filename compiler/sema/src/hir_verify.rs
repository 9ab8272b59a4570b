//! Checks that a typed program keeps the rules that its definition states. `emit` relies on them; tests run this on every
//! program they lower.

use crate::hir::*;
use crate::ty::{Ty, TyKind, Types};
use mochi_diagnostics::Span;

/// A broken rule and where.
#[derive(Clone, Debug)]
pub struct Violation {
    pub function: String,
    pub span: Span,
    pub message: String,
}

/// All violations of the program; empty for a correct one.
pub fn verify_program(program: &Program) -> Vec<Violation> {
    let mut violations = Vec::new();
    for function in &program.functions {
        let mut verifier = Verifier { program, function, loops: 0, violations: Vec::new() };
        verifier.function();
        violations.append(&mut verifier.violations);
    }
    violations
}

struct Verifier<'p> {
    program: &'p Program,
    function: &'p Function,
    loops: u32,
    violations: Vec<Violation>,
}

impl<'p> Verifier<'p> {
    fn types(&self) -> &'p Types {
        &self.program.types
    }

    fn fail(&mut self, span: Span, message: impl Into<String>) {
        self.violations.push(Violation { function: self.function.symbol.clone(), span, message: message.into() });
    }

    fn want(&mut self, holds: bool, span: Span, message: &str) {
        if !holds {
            self.fail(span, message);
        }
    }

    fn same(&mut self, found: Ty, wanted: Ty, span: Span, what: &str) {
        if found != wanted {
            let types = self.types();
            self.fail(span, format!("{what}: {:?} where {:?} is needed", types.kind(found), types.kind(wanted)));
        }
    }

    fn local(&mut self, id: LocalId, span: Span) -> Ty {
        match self.function.locals.get(id.0 as usize) {
            Some(local) => local.ty,
            None => {
                self.fail(span, format!("no local {}", id.0));
                Ty::ANY
            }
        }
    }

    fn function(&mut self) {
        let function = self.function;
        for id in function.params.iter().chain(&function.captures) {
            self.local(*id, function.span);
        }
        for id in &function.params {
            let cell = function.locals.get(id.0 as usize).is_some_and(|local| local.storage == Storage::Cell);
            self.want(!cell, function.span, "a parameter is a cell");
        }
        for local in &function.locals {
            self.want(local.ty != Ty::UNIT, local.span, "a local of type unit");
        }
        self.want(function.is_closure || function.captures.is_empty(), function.span, "captures of a plain function");
        self.block(&function.body);
    }

    fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Let { local, init } => {
                let ty = self.local(*local, span);
                match init {
                    Some(init) => {
                        self.expr(init);
                        self.same(init.ty, ty, span, "initialiser");
                    }
                    None => {
                        let nullable = ty == Ty::ANY || self.types().is_option(ty);
                        self.want(nullable, span, "an uninitialised local that cannot be null");
                    }
                }
            }
            StmtKind::Assign { place, value } => {
                self.expr(value);
                let ty = self.place(place, span);
                self.same(value.ty, ty, span, "assigned value");
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::If { cond, then, els } => {
                self.condition(cond);
                self.block(then);
                self.block(els);
            }
            StmtKind::While { cond, body } => {
                self.condition(cond);
                self.looped(body);
            }
            StmtKind::ForRange { local, start, end, body } => {
                self.typed(start, Ty::INT, "range bound");
                self.typed(end, Ty::INT, "range bound");
                let ty = self.local(*local, span);
                self.same(ty, Ty::INT, span, "loop variable");
                self.looped(body);
            }
            StmtKind::ForEach { local, iterable, body } => {
                self.expr(iterable);
                let ty = self.local(*local, span);
                let element = match self.types().kind(iterable.ty) {
                    TyKind::List(element) | TyKind::Map(element, _) => *element,
                    TyKind::Str => Ty::STR,
                    TyKind::Any => Ty::ANY,
                    _ => {
                        self.fail(span, "iteration over something else");
                        ty
                    }
                };
                self.same(ty, element, span, "loop variable");
                self.looped(body);
            }
            StmtKind::Return(value) => {
                let result = self.function.result;
                match value {
                    Some(value) => self.typed(value, result, "returned value"),
                    None => self.same(Ty::UNIT, result, span, "return without value"),
                }
            }
            StmtKind::Break | StmtKind::Continue => self.want(self.loops > 0, span, "jump outside of a loop"),
            StmtKind::Expect { cond } => self.condition(cond),
            StmtKind::Bench { body, .. } | StmtKind::Block(body) => self.block(body),
        }
    }

    fn looped(&mut self, body: &Block) {
        self.loops += 1;
        self.block(body);
        self.loops -= 1;
    }

    fn condition(&mut self, cond: &Expr) {
        self.typed(cond, Ty::BOOL, "condition");
    }

    fn typed(&mut self, expr: &Expr, ty: Ty, what: &str) {
        self.expr(expr);
        self.same(expr.ty, ty, expr.span, what);
    }

    fn place(&mut self, place: &Place, span: Span) -> Ty {
        match place {
            Place::Local(local) => self.local(*local, span),
            Place::Global(id) => match self.program.globals.get(id.0 as usize) {
                Some(global) => global.ty,
                None => {
                    self.fail(span, "no such global");
                    Ty::ANY
                }
            },
            Place::Index { base, index, span } => {
                self.expr(base);
                self.expr(index);
                match *self.types().kind(base.ty) {
                    TyKind::List(element) => {
                        self.same(index.ty, Ty::INT, *span, "index");
                        element
                    }
                    TyKind::Map(key, value) => {
                        self.same(index.ty, key, *span, "key");
                        value
                    }
                    TyKind::Any => {
                        self.same(index.ty, Ty::ANY, *span, "dynamic index");
                        Ty::ANY
                    }
                    _ => {
                        self.fail(*span, "assignment into something without elements");
                        Ty::ANY
                    }
                }
            }
            Place::Field { base, field, span } => {
                self.expr(base);
                self.field(base.ty, *field, *span)
            }
            Place::AnyField { base, span, .. } => {
                self.typed(base, Ty::ANY, "dynamic base");
                let _ = span;
                Ty::ANY
            }
        }
    }

    fn field(&mut self, base: Ty, field: u32, span: Span) -> Ty {
        let found = match self.types().kind(base) {
            TyKind::Record(id) => self
                .program
                .records
                .get(id.0 as usize)
                .and_then(|record| record.fields.get(field as usize))
                .map(|field| field.ty),
            _ => None,
        };
        match found {
            Some(ty) => ty,
            None => {
                self.fail(span, "no such field");
                Ty::ANY
            }
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn fields(&mut self, given: &[Expr], wanted: &[Field], order: &[u32], span: Span) {
        self.exprs(given);
        self.want(given.len() == wanted.len(), span, "number of fields");
        for (given, wanted) in given.iter().zip(wanted) {
            self.same(given.ty, wanted.ty, given.span, "field");
        }
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        let complete = sorted.iter().enumerate().all(|(index, field)| index as u32 == *field);
        self.want(complete && sorted.len() == given.len(), span, "evaluation order of the fields");
    }

    fn arguments(&mut self, args: &[Expr], params: &[Ty], span: Span) {
        self.exprs(args);
        self.want(args.len() == params.len(), span, "number of arguments");
        for (arg, param) in args.iter().zip(params) {
            self.same(arg.ty, *param, arg.span, "argument");
        }
    }

    fn signature(&mut self, func: FuncId, span: Span) -> Option<(Vec<Ty>, Ty)> {
        let Some(function) = self.program.functions.get(func.0 as usize) else {
            self.fail(span, "no such function");
            return None;
        };
        let params = function
            .params
            .iter()
            .map(|param| function.locals.get(param.0 as usize).map_or(Ty::ANY, |local| local.ty))
            .collect();
        Some((params, function.result))
    }

    fn expr(&mut self, expr: &Expr) {
        let (ty, span) = (expr.ty, expr.span);
        match &expr.kind {
            ExprKind::Int(_) => self.same(ty, Ty::INT, span, "literal"),
            ExprKind::Float(_) => self.same(ty, Ty::FLOAT, span, "literal"),
            ExprKind::Bool(_) => self.same(ty, Ty::BOOL, span, "literal"),
            ExprKind::Str(_) => self.same(ty, Ty::STR, span, "literal"),
            ExprKind::BigInt(_) => self.same(ty, Ty::BIGINT, span, "literal"),
            ExprKind::Null => {
                let nullable = ty == Ty::ANY || self.types().is_option(ty);
                self.want(nullable, span, "null of a type without null");
            }
            ExprKind::Unit => self.same(ty, Ty::UNIT, span, "unit"),
            ExprKind::Local(local) => {
                let found = self.local(*local, span);
                self.same(found, ty, span, "local");
            }
            ExprKind::Global(id) => match self.program.globals.get(id.0 as usize) {
                Some(global) => self.same(global.ty, ty, span, "global"),
                None => self.fail(span, "no such global"),
            },
            ExprKind::Neg(value) => self.typed(value, ty, "operand"),
            ExprKind::Not(value) => self.typed(value, Ty::BOOL, "operand"),
            ExprKind::Arith { lhs, rhs, .. } => {
                self.typed(lhs, ty, "operand");
                self.typed(rhs, ty, "operand");
            }
            ExprKind::Compare { lhs, rhs, .. } => {
                self.expr(lhs);
                self.typed(rhs, lhs.ty, "right operand");
                self.same(ty, Ty::BOOL, span, "comparison");
            }
            ExprKind::And { lhs, rhs } | ExprKind::Or { lhs, rhs } => {
                self.typed(lhs, ty, "operand");
                self.typed(rhs, ty, "operand");
            }
            ExprKind::Coalesce { lhs, rhs } => {
                self.expr(lhs);
                self.typed(rhs, ty, "default");
                let payload = self.types().strip_option(lhs.ty);
                let fits = lhs.ty == Ty::ANY && ty == Ty::ANY || payload == self.types().strip_option(ty);
                self.want(fits, span, "operands of `??`");
            }
            ExprKind::Truth(value) | ExprKind::IsNull(value) => {
                self.expr(value);
                self.want(value.ty != Ty::UNIT, span, "test of unit");
            }
            ExprKind::In { needle, haystack } => {
                self.expr(needle);
                self.expr(haystack);
                let wanted = match *self.types().kind(haystack.ty) {
                    TyKind::List(element) => element,
                    TyKind::Map(key, _) => key,
                    TyKind::Str => Ty::STR,
                    TyKind::Any => Ty::ANY,
                    _ => {
                        self.fail(span, "`in` on something without elements");
                        needle.ty
                    }
                };
                self.same(needle.ty, wanted, span, "needle");
            }
            ExprKind::Convert { kind, value } => self.conversion(*kind, value, expr),
            ExprKind::List(items) => {
                self.exprs(items);
                match self.types().list_element(ty) {
                    Some(element) => {
                        for item in items {
                            self.same(item.ty, element, item.span, "element");
                        }
                    }
                    None => self.fail(span, "a list literal of another type"),
                }
            }
            ExprKind::Map(entries) => match *self.types().kind(ty) {
                TyKind::Map(key, value) => {
                    for (name, item) in entries {
                        self.typed(name, key, "key");
                        self.typed(item, value, "value");
                    }
                }
                _ => self.fail(span, "a map literal of another type"),
            },
            _ => self.compound(expr),
        }
    }

    fn compound(&mut self, expr: &Expr) {
        let (ty, span) = (expr.ty, expr.span);
        match &expr.kind {
            ExprKind::Function(func) => {
                if let Some((params, result)) = self.signature(*func, span) {
                    self.function_type(ty, &params, result, span);
                }
            }
            ExprKind::Closure { func, captures } => {
                if let Some((params, result)) = self.signature(*func, span) {
                    self.function_type(ty, &params, result, span);
                }
                let Some(function) = self.program.functions.get(func.0 as usize) else { return };
                self.want(function.captures.len() == captures.len(), span, "number of captures");
                for (outer, inner) in captures.iter().zip(&function.captures) {
                    let outer = self.function.locals.get(outer.0 as usize);
                    let inner = function.locals.get(inner.0 as usize);
                    let (Some(outer), Some(inner)) = (outer, inner) else {
                        self.fail(span, "no such captured local");
                        continue;
                    };
                    let same = outer.ty == inner.ty && outer.storage == inner.storage;
                    let message = format!("capture `{}` differs", outer.name);
                    self.want(same, span, &message);
                }
            }
            ExprKind::CurrentClosure => self.want(self.function.is_closure, span, "self of a plain function"),
            ExprKind::Call { func, args } => {
                if let Some((params, result)) = self.signature(*func, span) {
                    self.arguments(args, &params, span);
                    self.same(ty, result, span, "result");
                    let closure = self.program.functions[func.0 as usize].is_closure;
                    self.want(!closure, span, "direct call of a closure");
                }
            }
            ExprKind::CallClosure { callee, args } => {
                self.expr(callee);
                match self.types().kind(callee.ty) {
                    TyKind::Fn(params, result) => {
                        self.arguments(args, params, span);
                        self.same(ty, *result, span, "result");
                    }
                    _ => self.fail(span, "call of something that is no function"),
                }
            }
            ExprKind::Builtin { builtin, args } => {
                self.exprs(args);
                for arg in args {
                    self.want(arg.ty != Ty::UNIT, arg.span, "unit as an argument");
                }
                self.builtin(*builtin, args, expr);
            }
            ExprKind::Record { record, fields, order } => {
                match self.program.records.get(record.0 as usize) {
                    Some(info) => self.fields(fields, &info.fields, order, span),
                    None => self.fail(span, "no such record"),
                }
                let right = matches!(self.types().kind(ty), TyKind::Record(id) if id == record);
                self.want(right, span, "type of a record");
            }
            ExprKind::Variant { union, variant, fields, order } => {
                let info =
                    self.program.unions.get(union.0 as usize).and_then(|info| info.variants.get(*variant as usize));
                match info {
                    Some(info) => self.fields(fields, &info.fields, order, span),
                    None => self.fail(span, "no such variant"),
                }
            }
            ExprKind::Index { base, index } => self.index(base, index, expr),
            ExprKind::Slice { base, start, end } => {
                self.typed(base, ty, "sliced value");
                for bound in [start, end].into_iter().flatten() {
                    self.typed(bound, Ty::INT, "bound");
                }
            }
            ExprKind::Field { base, field } => {
                self.expr(base);
                let found = self.field(base.ty, *field, span);
                self.same(found, ty, span, "field");
            }
            ExprKind::AnyField { base, .. } => self.typed(base, Ty::ANY, "dynamic base"),
            ExprKind::If { cond, then, els } => {
                self.condition(cond);
                self.typed(then, ty, "branch");
                self.typed(els, ty, "branch");
            }
            ExprKind::Match { scrutinee, arms, exhaustive } => {
                self.expr(scrutinee);
                for arm in arms {
                    self.pattern(&arm.pattern, scrutinee.ty, arm.span);
                    self.typed(&arm.body, ty, "arm");
                }
                let nullable = ty == Ty::UNIT || ty == Ty::ANY || self.types().is_option(ty);
                self.want(*exhaustive || nullable, span, "a match without a value");
            }
            ExprKind::Block { block, value } => {
                self.block(block);
                self.typed(value, ty, "value of a block");
            }
            ExprKind::IsVariant { value, .. } => self.expr(value),
            _ => {}
        }
    }

    /// The builtins whose argument and result types depend on each other.
    fn builtin(&mut self, builtin: Builtin, args: &[Expr], expr: &Expr) {
        let (ty, span) = (expr.ty, expr.span);
        let types = self.types();
        match (builtin, args) {
            (Builtin::Append, [list, item]) => {
                self.same(types.strip_option(list.ty), ty, span, "appended list");
                self.same(item.ty, types.list_element(ty).unwrap_or(Ty::UNIT), span, "appended item");
            }
            (Builtin::Union | Builtin::UnionAll | Builtin::Except | Builtin::Intersect | Builtin::Concat, [a, b]) => {
                self.same(a.ty, ty, span, "left list");
                self.same(b.ty, ty, span, "right list");
            }
            (Builtin::Reverse | Builtin::Distinct, [list]) | (Builtin::SortBy, [list, _]) => {
                self.same(list.ty, ty, span, "list");
            }
            (Builtin::Keys | Builtin::Values, [map]) => match *types.kind(map.ty) {
                TyKind::Map(key, value) => {
                    let element = if builtin == Builtin::Keys { key } else { value };
                    self.same(types.list_element(ty).unwrap_or(Ty::UNIT), element, span, "part of a map");
                }
                _ => self.fail(span, "part of something that is no map"),
            },
            (Builtin::MapGetOr, [map, key, default]) => match *types.kind(map.ty) {
                TyKind::Map(k, v) => {
                    self.same(key.ty, k, span, "key");
                    self.same(default.ty, v, span, "default");
                    self.same(ty, v, span, "entry");
                }
                _ => self.fail(span, "entry of something that is no map"),
            },
            (Builtin::First, [list]) => {
                let element = types.list_element(list.ty).unwrap_or(Ty::UNIT);
                self.same(types.strip_option(ty), types.strip_option(element), span, "first element");
            }
            (Builtin::Panic | Builtin::Upper | Builtin::Lower | Builtin::Trim, [text]) => {
                self.same(text.ty, Ty::STR, span, "text");
            }
            (Builtin::Min | Builtin::Max | Builtin::Sum, [list]) => {
                let element = types.list_element(list.ty).unwrap_or(Ty::UNIT);
                self.want(ty == element || ty == Ty::ANY, span, "aggregate of a list");
            }
            _ => {}
        }
    }

    fn function_type(&mut self, ty: Ty, params: &[Ty], result: Ty, span: Span) {
        match self.types().kind(ty) {
            TyKind::Fn(wanted, returned) => {
                let same = wanted == params && *returned == result;
                if !same {
                    let message =
                        format!("type of a function value: {wanted:?}->{returned:?} for {params:?}->{result:?}");
                    self.fail(span, message);
                }
            }
            _ => self.fail(span, "a function value of another type"),
        }
    }

    fn index(&mut self, base: &Expr, index: &Expr, expr: &Expr) {
        self.expr(base);
        self.expr(index);
        let (ty, span) = (expr.ty, expr.span);
        match *self.types().kind(base.ty) {
            TyKind::List(element) => {
                self.same(index.ty, Ty::INT, span, "index");
                self.same(ty, element, span, "element");
            }
            TyKind::Str => {
                self.same(index.ty, Ty::INT, span, "index");
                self.same(ty, Ty::STR, span, "element");
            }
            TyKind::Map(key, value) => {
                self.same(index.ty, key, span, "key");
                let nullable = value == Ty::ANY || self.types().is_option(ty);
                self.want(nullable, span, "an entry that cannot be missing");
                self.same(self.types().strip_option(ty), self.types().strip_option(value), span, "entry");
            }
            TyKind::Any => {
                self.same(index.ty, Ty::ANY, span, "dynamic index");
                self.same(ty, Ty::ANY, span, "dynamic element");
            }
            _ => self.fail(span, "index into something without elements"),
        }
    }

    fn pattern(&mut self, pattern: &Pattern, ty: Ty, span: Span) {
        match pattern {
            Pattern::Wildcard => {}
            Pattern::Bind(local) => {
                let found = self.local(*local, span);
                self.same(found, ty, span, "bound value");
            }
            Pattern::Value(value) => self.typed(value, ty, "constant pattern"),
            Pattern::Null => {
                let nullable = ty == Ty::ANY || self.types().is_option(ty);
                self.want(nullable, span, "null pattern");
            }
            Pattern::Some(inner) => {
                self.want(self.types().is_option(ty), span, "some pattern");
                self.pattern(inner, self.types().strip_option(ty), span);
            }
            Pattern::Variant { variant, fields } => {
                let TyKind::Union(id) = self.types().kind(ty) else {
                    self.fail(span, "variant pattern");
                    return;
                };
                let info = self.program.unions.get(id.0 as usize).and_then(|info| info.variants.get(*variant as usize));
                let Some(info) = info else {
                    self.fail(span, "no such variant");
                    return;
                };
                for (field, wanted) in fields.iter().zip(&info.fields) {
                    self.pattern(field, wanted.ty, span);
                }
            }
        }
    }

    fn conversion(&mut self, kind: Conversion, value: &Expr, expr: &Expr) {
        self.expr(value);
        let (from, to) = (self.types().kind(value.ty), self.types().kind(expr.ty));
        let right = match kind {
            Conversion::Widen => matches!(
                (from, to),
                (TyKind::Int, TyKind::Float | TyKind::BigInt | TyKind::BigRat) | (TyKind::BigInt, TyKind::BigRat)
            ),
            Conversion::Some => matches!(to, TyKind::Option(payload) if *payload == value.ty),
            Conversion::Unwrap => matches!(from, TyKind::Option(payload) if *payload == expr.ty),
            Conversion::ToAny => *to == TyKind::Any && *from != TyKind::Any,
            Conversion::FromAny => *from == TyKind::Any && *to != TyKind::Any,
            Conversion::Cast => value.ty != Ty::UNIT && expr.ty != Ty::UNIT,
            Conversion::Elements => {
                matches!((from, to), (TyKind::List(_), TyKind::List(_)) | (TyKind::Map(..), TyKind::Map(..)))
            }
            Conversion::Adapter => matches!((from, to), (TyKind::Fn(a, _), TyKind::Fn(b, _)) if a.len() == b.len()),
            Conversion::RecordFields => matches!((from, to), (TyKind::Record(_), TyKind::Record(_))),
        };
        if !right {
            self.fail(expr.span, format!("conversion {kind:?} from {from:?} to {to:?}"));
        }
    }
}
