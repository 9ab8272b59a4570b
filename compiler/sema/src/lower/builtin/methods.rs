//! Methods of strings, lists and maps: builtins whose first argument stands before the dot.

use super::super::infer::{Content, Null, Shape, Slot};
use super::super::{Lowerer, Val};
use super::arity;
use crate::hir::{Builtin, ExprKind};
use mochi_syntax::{Symbol, ast};

impl<'a> Lowerer<'a> {
    /// `s.contains(t)`, `m.keys()` and their kin.
    pub(crate) fn builtin_method(
        &mut self,
        base: &Val,
        name: &str,
        args: Vec<Val>,
        expr: &'a ast::Expr,
    ) -> Option<Val> {
        let fits = match self.t.content(base.t) {
            Content::Str => matches!(
                name,
                "contains"
                    | "starts_with"
                    | "ends_with"
                    | "padStart"
                    | "upper"
                    | "lower"
                    | "trim"
                    | "split"
                    | "indexOf"
                    | "repeat"
                    | "reverse"
                    | "len"
                    | "toUpperCase"
                    | "toLowerCase"
            ),
            Content::Obj(obj) => match self.t.shape(obj) {
                Shape::Map(..) | Shape::Rec(_) => matches!(name, "keys" | "values" | "get" | "len"),
                Shape::List(_) => matches!(name, "contains" | "len" | "reverse" | "join"),
                Shape::Fn(..) => false,
            },
            Content::Any => return self.dynamic_method(base, name, args, expr),
            _ => false,
        };
        if !fits {
            return None;
        }
        if name == "get" {
            return Some(self.map_get(base.clone(), args, expr));
        }
        let name = match name {
            "toUpperCase" => "upper",
            "toLowerCase" => "lower",
            other => other,
        };
        let mut all = vec![base.clone()];
        all.extend(args);
        let (least, most) = arity(name);
        if all.len() < least || all.len() > most {
            let message = format!("function {name} expects {} arguments, got {}", least - 1, all.len() - 1);
            return Some(self.error("T039", message, expr.span));
        }
        Some(self.builtin(name, all, expr))
    }

    /// `x.contains(t)` and its kin on a dynamic value: what its own entry of that name does, or the builtin.
    pub(super) fn dynamic_method(
        &mut self,
        base: &Val,
        name: &str,
        args: Vec<Val>,
        expr: &'a ast::Expr,
    ) -> Option<Val> {
        let span = expr.span;
        let builtin = match name {
            "toUpperCase" => "upper",
            "toLowerCase" => "lower",
            "contains" | "starts_with" | "ends_with" | "padStart" | "upper" | "lower" | "trim" | "split"
            | "indexOf" | "repeat" | "reverse" | "len" | "keys" | "values" | "get" | "join" => name,
            _ => return None,
        };
        let (least, most) = if name == "get" { (3, 3) } else { arity(builtin) };
        if !(least..=most).contains(&(args.len() + 1)) {
            return None;
        }
        let mut stmts = Vec::new();
        let local = self.let_temporary(base.t, base.e.clone(), &mut stmts);
        let base = self.read(local, span);
        let mut given = Vec::new();
        for arg in args {
            let local = self.let_temporary(arg.t, arg.e, &mut stmts);
            given.push(self.read(local, span));
        }
        let text = self.val(ExprKind::Str(name.into()), Slot::STR, span).e;
        let has_args = vec![base.e.clone(), text];
        let cond = self.val(ExprKind::Builtin { builtin: Builtin::HasMethod, args: has_args }, Slot::BOOL, span).e;
        let own = self.field_of(base.clone(), Symbol::intern(name), span);
        let own = self.call_value(own, given.clone(), name, span);
        let own = self.as_dynamic(own).e;
        let other = match builtin {
            "get" => self.dynamic_get(base, given, expr),
            _ => self.builtin(builtin, std::iter::once(base).chain(given).collect(), expr),
        };
        let other = self.as_dynamic(other).e;
        let kind = ExprKind::If { cond: Box::new(cond), then: Box::new(own), els: Box::new(other) };
        let value = self.val(kind, Slot::ANY, span);
        Some(self.with_statements(stmts, value))
    }

    pub(super) fn dynamic_get(&mut self, base: Val, args: Vec<Val>, expr: &'a ast::Expr) -> Val {
        let key = self.t.fresh_with(Content::Str);
        let value = self.t.fresh_with(Content::Any);
        let slot = self.t.container(Shape::Map(key, value));
        let slot = self.t.fixed_copy(slot, Null::No);
        let base = Val { e: self.coerce(base, slot), t: slot };
        self.map_get(base, args, expr)
    }

    pub(super) fn map_get(&mut self, base: Val, args: Vec<Val>, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        let mut args = args.into_iter();
        let given = args.len();
        let (Some(key), Some(default), None) = (args.next(), args.next(), args.next()) else {
            return self.error("T039", format!("function get expects 2 arguments, got {given}"), span);
        };
        if let Content::Obj(obj) = self.t.content(base.t) {
            self.t.demote(obj);
        }
        let Some(Shape::Map(key_slot, value)) = self.t.shape_of(base.t) else { return self.poison(span) };
        let key = self.unwrapped(key);
        let key = self.map_key(key, key_slot);
        let default = self.coerce(default, value);
        self.val(ExprKind::Builtin { builtin: Builtin::MapGetOr, args: vec![base.e, key, default] }, value, span)
    }
}
