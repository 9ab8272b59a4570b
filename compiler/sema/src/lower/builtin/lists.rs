//! Builtins on lists.

use super::super::infer::{Content, Null, Shape, Slot};
use super::super::{Key, Lowerer, Val};
use crate::hir::{self, Builtin, Expr, ExprKind, Place, StmtKind};
use mochi_diagnostics::Span;
use mochi_syntax::ast;

impl<'a> Lowerer<'a> {
    /// `append(xs, x)`: the result holds the same kind of elements, and so does `xs`.
    pub(super) fn append(&mut self, list: Val, item: Val, span: Span) -> Val {
        match self.t.content(list.t) {
            Content::Poison => self.poison(span),
            Content::Bot | Content::Any => self.append_to_unknown(list, item, span),
            Content::Obj(obj) => {
                let Shape::List(element) = self.t.shape(obj) else { return self.append_error(list.t, span) };
                if !self.item_fits(item.t, element) {
                    return self.append_wider(list, item, element, span);
                }
                let item = self.coerce(item, element);
                let result = self.t.non_null_copy(list.t);
                let list = self.or_empty(list.e, result);
                let args = vec![list, item];
                self.val(ExprKind::Builtin { builtin: Builtin::Append, args }, result, span)
            }
            _ => self.append_error(list.t, span),
        }
    }

    pub(super) fn append_error(&mut self, list: Slot, span: Span) -> Val {
        let message = format!("argument 1: expected [any], got {}", self.describe_slot(list));
        self.error("T007", message, span)
    }

    /// Null or a dynamic value as the list.
    pub(super) fn append_to_unknown(&mut self, list: Val, item: Val, span: Span) -> Val {
        let dynamic = self.t.content(list.t) == Content::Any || self.final_walk;
        let element = if dynamic { self.t.fresh_with(Content::Any) } else { self.t.fresh() };
        let result = self.t.list_of(element);
        let item = self.coerce(item, element);
        let nullable = self.t.null(list.t) != Null::No || self.t.content(list.t) == Content::Any;
        let wanted = self.t.fixed_copy(result, if nullable { Null::Hard } else { Null::No });
        let list = self.coerce(list, wanted);
        let list = self.or_empty(list, result);
        self.val(ExprKind::Builtin { builtin: Builtin::Append, args: vec![list, item] }, result, span)
    }

    /// A list that may be null, as an empty one then.
    pub(super) fn or_empty(&mut self, list: Expr, slot: Slot) -> Expr {
        if !self.final_walk || !self.types.is_option(list.ty) {
            return list;
        }
        let span = list.span;
        let empty = self.val(ExprKind::List(Vec::new()), slot, span).e;
        self.val(ExprKind::Coalesce { lhs: Box::new(list), rhs: Box::new(empty) }, slot, span).e
    }

    /// The element type admits the item.
    pub(super) fn item_fits(&mut self, item: Slot, element: Slot) -> bool {
        use Content::*;
        let (item, content) = (self.t.content(item), self.t.content(element));
        if !self.t.is_rigid(element) || item == content {
            return true;
        }
        matches!(
            (item, content),
            (_, Any | Bot | Poison)
                | (Bot | Poison | Any | Unit, _)
                | (Obj(_), Obj(_) | Record(_))
                | (Int, Float | BigInt | BigRat)
                | (BigInt, BigRat | Int)
        )
    }

    /// The list's type is written and does not admit the item: the result is a list of both.
    pub(super) fn append_wider(&mut self, list: Val, item: Val, element: Slot, span: Span) -> Val {
        let (a, b) = (self.t.content(element), self.t.content(item.t));
        let join = super::super::infer::Table::join_scalars(a, b);
        let wide = self.t.fresh_with(join);
        let result = self.t.list_of(wide);
        let list = self.coerce(list, result);
        let item = self.coerce(item, wide);
        self.val(ExprKind::Builtin { builtin: Builtin::Append, args: vec![list, item] }, result, span)
    }

    pub(super) fn first(&mut self, list: Val, span: Span) -> Val {
        let Some((list, element)) = self.list_argument(list, "first", span) else { return self.poison(span) };
        let result = self.t.nullable_copy(element, Null::Soft);
        self.val(ExprKind::Builtin { builtin: Builtin::First, args: vec![list] }, result, span)
    }

    /// A list argument with its element type; dynamic values become lists of `any`.
    pub(super) fn list_argument(&mut self, list: Val, name: &str, span: Span) -> Option<(Expr, Slot)> {
        let list = self.unwrapped(list);
        let list = self.group_items(list);
        match self.t.content(list.t) {
            Content::Poison => None,
            Content::Bot if !self.final_walk => {
                let element = self.t.fresh();
                Some((list.e, element))
            }
            Content::Bot | Content::Any => {
                let element = self.t.fresh_with(Content::Any);
                let slot = self.t.list_of(element);
                let slot = self.t.fixed_copy(slot, Null::No);
                // An aggregate of null is that of an empty list.
                let nullable = matches!(name, "sum" | "avg" | "min" | "max");
                let message = self.val(ExprKind::Str(format!("{name} expects list")), Slot::STR, span).e;
                let nullable = self.val(ExprKind::Bool(nullable), Slot::BOOL, span).e;
                let args = vec![self.as_dynamic(list).e, message, nullable];
                let kind = ExprKind::Builtin { builtin: Builtin::ListArgument, args };
                Some((self.val(kind, slot, span).e, element))
            }
            _ => match self.t.element(list.t) {
                Some(element) => Some((list.e, element)),
                None => {
                    let message = format!("argument 1: expected [any], got {}", self.describe_slot(list.t));
                    self.error("T007", message, span);
                    None
                }
            },
        }
    }

    pub(super) fn list_to_list(&mut self, builtin: Builtin, list: Val, span: Span) -> Val {
        let name = if builtin == Builtin::Reverse { "reverse" } else { "distinct" };
        let Some((list, element)) = self.list_argument(list, name, span) else { return self.poison(span) };
        let result = self.t.list_of(element);
        self.val(ExprKind::Builtin { builtin, args: vec![list] }, result, span)
    }

    pub(super) fn reverse(&mut self, value: Val, span: Span) -> Val {
        if self.t.content(value.t) == Content::Str {
            return self.text_to_text(Builtin::Reverse, value, span);
        }
        if self.t.content(value.t) == Content::Any {
            return self.fixed(Builtin::Reverse, vec![value], &[Slot::ANY], Slot::ANY, span);
        }
        self.list_to_list(Builtin::Reverse, value, span)
    }

    /// The list that `join` takes: of strings, or of values with mixed types, of which it joins the printed forms.
    pub(super) fn joined(&mut self, list: Val, span: Span) -> Val {
        let mixed = match self.t.element(list.t) {
            Some(element) => self.t.content(element) == Content::Any,
            None => self.t.content(list.t) == Content::Any,
        };
        if mixed && let Some((e, element)) = self.list_argument(list.clone(), "join", span) {
            let slot = self.t.list_of(element);
            return Val { e, t: self.t.fixed_copy(slot, Null::No) };
        }
        let texts = self.list_of_content(Content::Str);
        let texts = self.t.fixed_copy(texts, Null::No);
        let list = self.unwrapped(list);
        Val { e: self.coerce(list, texts), t: texts }
    }

    /// `reduce(xs, f, init)`: a loop.
    pub(super) fn reduce(&mut self, list: Val, function: Val, init: Val, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        let Some((list, element)) = self.list_argument(list, "reduce", span) else { return self.poison(span) };
        let slot = self.keyed(Key::Expr(expr.id.0));
        let function_slot = function.t;
        let init = self.coerce(init, slot);
        let (acc, item, callee) =
            (self.temporary(slot, span), self.temporary(element, span), self.temporary(function_slot, span));
        let (acc_ty, item_ty) = (self.ty(slot), self.ty(element));
        let mut stmts = vec![
            hir::Stmt { kind: StmtKind::Let { local: callee, init: Some(function.e.clone()) }, span },
            hir::Stmt { kind: StmtKind::Let { local: acc, init: Some(init) }, span },
        ];
        let read = |local, ty| Expr { kind: ExprKind::Local(local), ty, span };
        let args = vec![Val { e: read(acc, acc_ty), t: slot }, Val { e: read(item, item_ty), t: element }];
        let callee = Val { e: read(callee, function.e.ty), t: function_slot };
        let next = self.call_value(callee, args, "reduce", span);
        let next = self.coerce(next, slot);
        let step = hir::Stmt { kind: StmtKind::Assign { place: Place::Local(acc), value: next }, span };
        let body = hir::Block { stmts: vec![step] };
        stmts.push(hir::Stmt { kind: StmtKind::ForEach { local: item, iterable: list, body }, span });
        let result = self.val(ExprKind::Local(acc), slot, span);
        self.with_statements(stmts, result)
    }
}
