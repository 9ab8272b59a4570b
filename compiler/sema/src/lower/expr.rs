//! Expressions: dispatch, names, `if`, casts.

use super::finish::is_fetch;
use super::infer::{Content, Null, Shape, Slot};
use super::scope::Resolved;
use super::{IntMode, Key, Lowerer, Val};
use crate::hir::{self, Conversion, Expr, ExprKind};
use crate::ty::{Ty, TyKind};
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

impl<'a> Lowerer<'a> {
    /// Lowers an expression; values that are known to be present here come without null.
    pub(crate) fn expr(&mut self, expr: &'a ast::Expr) -> Val {
        let outer = std::mem::replace(&mut self.t.site, expr.span);
        let value = self.plain_expr(expr);
        self.t.site = outer;
        match expr.kind {
            ast::ExprKind::Name(_) | ast::ExprKind::Field(_) | ast::ExprKind::Index(_) => self.narrowed(value, expr),
            _ => value,
        }
    }

    pub(crate) fn plain_expr(&mut self, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Int(value) => self.val(ExprKind::Int(*value), Slot::INT, span),
            ast::ExprKind::Float(value) => self.val(ExprKind::Float(*value), Slot::FLOAT, span),
            ast::ExprKind::Bool(value) => self.val(ExprKind::Bool(*value), Slot::BOOL, span),
            ast::ExprKind::Str(text) => self.string_literal(text, span),
            ast::ExprKind::None => self.null(span),
            ast::ExprKind::Name(name) => self.name(*name, span),
            ast::ExprKind::Paren(inner) => self.expr(inner),
            ast::ExprKind::List(items) => self.list_literal(items, expr),
            ast::ExprKind::Map(entries) => self.map_literal(entries, expr),
            ast::ExprKind::Struct(literal) => self.struct_literal(literal, expr),
            ast::ExprKind::Unary { op: ast::UnaryOp::Neg, operand } => {
                let operand = self.expr(operand);
                self.negate(operand, expr.operator_span(), span)
            }
            ast::ExprKind::Unary { op: ast::UnaryOp::Not, .. } => self.condition_value(expr).0,
            ast::ExprKind::Binary(binary) => self.binary(binary, expr),
            ast::ExprKind::Call(call) => self.call(call, expr),
            ast::ExprKind::Index(index) => self.index(index, expr),
            ast::ExprKind::Field(field) => self.field(field, expr),
            ast::ExprKind::Cast(cast) => self.cast(cast, span),
            ast::ExprKind::Lambda(lambda) => self.lambda(lambda, span),
            ast::ExprKind::If(node) => self.if_expr(node, expr),
            ast::ExprKind::Match(node) => self.match_expr(node, expr, true),
            ast::ExprKind::Query(query) => self.query(query, expr),
            ast::ExprKind::Error => self.error("P070", "the program's tree is inconsistent", span),
            ast::ExprKind::Load(load) => self.load(load, span),
            ast::ExprKind::Save(save) => self.save(save, span),
            ast::ExprKind::Fetch(fetch) => self.fetch(fetch, span),
            ast::ExprKind::Generate(generate) => self.generate(generate, span),
            // Questions to facts and rules are calls by now.
            ast::ExprKind::LogicQuery(_) => self.unsupported("this expression is", span),
        }
    }

    pub(crate) fn string_literal(&mut self, text: &ast::StringLiteral, span: Span) -> Val {
        let value = text.as_str().to_owned();
        self.val(ExprKind::Str(value), Slot::STR, span)
    }

    pub(crate) fn null(&mut self, span: Span) -> Val {
        let slot = self.t.fresh();
        self.t.set_null(slot, Null::Hard);
        self.val(ExprKind::Null, slot, span)
    }

    pub(crate) fn name(&mut self, name: Symbol, span: Span) -> Val {
        match self.resolve(name) {
            Resolved::Var(var) => self.val(ExprKind::Local(var.local), var.slot, span),
            Resolved::Global { id, slot, .. } => self.val(ExprKind::Global(id), slot, span),
            Resolved::Field { receiver, index, slot } => {
                let base = self.val(ExprKind::Local(receiver.local), receiver.slot, span);
                self.val(ExprKind::Field { base: Box::new(base.e), field: index }, slot, span)
            }
            Resolved::Closed(decl) => self.generic_value(decl, span),
            Resolved::Nested { inst, local, current } => self.nested_value(inst, local, current, span),
            Resolved::Unknown => self.global_name(name, span),
        }
    }

    /// Functions, nullary variants and what older programs call null.
    fn global_name(&mut self, name: Symbol, span: Span) -> Val {
        if let Some(&(union, variant)) = self.variants.get(&name) {
            return self.variant(union, variant, Vec::new(), span);
        }
        if let Some(&decl) = self.functions_by_name.get(&name) {
            if self.is_generic(decl) || self.is_copied(decl) {
                return self.generic_value(decl, span);
            }
            let inst = self.instance(decl, super::function::NO_PARENT, Vec::new());
            let func = self.use_function(inst);
            let slot = self.insts[inst as usize].fn_slot;
            return self.val(ExprKind::Function(func), slot, span);
        }
        if matches!(name.as_str(), "null" | "nil") {
            return self.null(span);
        }
        if let Some(value) = self.builtin_as_value(name, span) {
            return value;
        }
        if let Some(value) = self.group_key_part(name, span) {
            return value;
        }
        self.error("T002", format!("undefined variable: {name}"), span)
    }

    pub(crate) fn if_expr(&mut self, node: &'a ast::IfExpr, expr: &'a ast::Expr) -> Val {
        let slot = self.keyed(Key::Expr(expr.id.0));
        let (cond, facts) = self.exact_condition(&node.condition);
        self.enter_facts();
        self.add_facts(facts.direct);
        let then = self.expr(&node.then_value);
        self.leave_facts();
        self.enter_facts();
        self.add_facts(facts.inverse);
        let els = match &node.else_value {
            Some(value) => self.expr(value),
            None => self.null(expr.span),
        };
        self.leave_facts();
        let then = self.coerce(then, slot);
        let els = self.coerce(els, slot);
        self.val(ExprKind::If { cond: Box::new(cond), then: Box::new(then), els: Box::new(els) }, slot, expr.span)
    }

    /// An `if` expression whose value nobody uses.
    pub(crate) fn if_statement_expr(&mut self, node: &'a ast::IfExpr, span: Span) -> Expr {
        let (cond, _) = self.exact_condition(&node.condition);
        let then = self.expr(&node.then_value).e;
        let els = match &node.else_value {
            Some(value) => self.expr(value).e,
            None => Expr { kind: ExprKind::Unit, ty: Ty::UNIT, span },
        };
        let (then, els) = (self.drop_value(then), self.drop_value(els));
        let kind = ExprKind::If { cond: Box::new(cond), then: Box::new(then), els: Box::new(els) };
        Expr { kind, ty: Ty::UNIT, span }
    }

    fn cast(&mut self, cast: &'a ast::Cast, span: Span) -> Val {
        let value = self.expr(&cast.value);
        let target = self.annotation(&cast.ty);
        self.cast_to(value, target, span)
    }

    /// `value as T`: a literal takes the type, other values are converted at run time.
    pub(crate) fn cast_to(&mut self, value: Val, target: Slot, span: Span) -> Val {
        match self.t.content(target) {
            Content::Unit => return value,
            Content::Any | Content::Poison | Content::Bot => {
                return if self.t.content(value.t) == Content::Bot { value } else { self.as_dynamic(value) };
            }
            _ => {}
        }
        // A literal takes the type; a variable keeps its own.
        let literal = matches!(value.e.kind, ExprKind::List(_) | ExprKind::Map(_) | ExprKind::Record { .. });
        let literal = literal && !self.has_null_number(&value.e, target);
        if let (true, Content::Obj(a), Content::Obj(b)) = (literal, self.t.content(value.t), self.t.content(target)) {
            self.t.unify_objs(a, b);
        }
        if !self.final_walk {
            return Val { e: value.e, t: target };
        }
        let (from, to) = (value.e.ty, self.zonk(target));
        if self.t.content(value.t) == Content::Poison {
            return Val { e: value.e, t: target };
        }
        Val { e: self.explicit_cast(value.e, from, to, span), t: target }
    }

    /// A literal has a null where the type has a number: the cast makes it zero.
    fn has_null_number(&mut self, literal: &Expr, target: Slot) -> bool {
        match (&literal.kind, self.t.shape_of(target)) {
            (ExprKind::Null, _) => {
                matches!(self.t.content(target), Content::Int | Content::Float | Content::BigInt | Content::BigRat)
                    && self.t.null(target) == Null::No
            }
            (ExprKind::Convert { value, .. }, _) => self.has_null_number(value, target),
            (ExprKind::List(items), Some(Shape::List(element))) => {
                items.iter().any(|item| self.has_null_number(item, element))
            }
            (ExprKind::Map(entries), Some(Shape::Map(_, slot))) => {
                entries.iter().any(|(_, value)| self.has_null_number(value, slot))
            }
            (ExprKind::Record { fields, .. }, Some(Shape::Map(_, slot))) => {
                fields.iter().any(|field| self.has_null_number(field, slot))
            }
            _ => false,
        }
    }

    fn explicit_cast(&mut self, value: Expr, from: Ty, to: Ty, span: Span) -> Expr {
        let (from_kind, to_kind) = (self.types.kind(from).clone(), self.types.kind(to).clone());
        match (from_kind, to_kind) {
            _ if from == to => value,
            _ if is_fetch(&value) => self.convert_or_report(value, to),
            (TyKind::Int, TyKind::Float | TyKind::BigInt | TyKind::BigRat) => match self.convert(value, to) {
                Ok(expr) => expr,
                Err(expr) => *expr,
            },
            (TyKind::Fn(..) | TyKind::Any, TyKind::Fn(..)) => self.convert_or_report(value, to),
            (TyKind::Record(a), TyKind::Record(b)) if self.fields_fit(a, b) => self.convert_or_report(value, to),
            (TyKind::Any, TyKind::Union(_) | TyKind::Option(_)) => self.convert_or_report(value, to),
            (_, TyKind::Option(payload)) if payload == from => self.convert_or_report(value, to),
            (TyKind::Unit, _) => {
                let message = format!("invalid cast: `unit` as `{}` is not allowed", self.describe(to));
                self.error("T046", message, span).e
            }
            (_, TyKind::BigInt) if self.options.int == IntMode::Exact => {
                Expr { kind: ExprKind::Convert { kind: Conversion::Cast, value: Box::new(value) }, ty: to, span }
            }
            _ => Expr { kind: ExprKind::Convert { kind: Conversion::Cast, value: Box::new(value) }, ty: to, span },
        }
    }

    /// Puts statements in front of a value.
    pub(crate) fn with_statements(&mut self, stmts: Vec<hir::Stmt>, value: Val) -> Val {
        if stmts.is_empty() {
            return value;
        }
        let (ty, span) = (value.e.ty, value.e.span);
        let block = hir::Block { stmts };
        Val { e: Expr { kind: ExprKind::Block { block, value: Box::new(value.e) }, ty, span }, t: value.t }
    }
}
