//! Builtins on numbers.

use super::super::infer::{Content, Slot};
use super::super::{Lowerer, Val};
use crate::hir::{ArithOp, Builtin, CompareOp, ExprKind};
use mochi_diagnostics::Span;

impl<'a> Lowerer<'a> {
    pub(super) fn absolute(&mut self, value: Val, span: Span) -> Val {
        let value = self.unwrapped(value);
        let kind = match self.t.content(value.t) {
            Content::Bot if !self.final_walk => return self.unknown(span),
            Content::Int => Slot::INT,
            Content::BigInt => Slot::BIGINT,
            Content::BigRat => return self.absolute_rational(value, span),
            Content::Any => Slot::ANY,
            _ => Slot::FLOAT,
        };
        self.fixed(Builtin::Abs, vec![value], &[kind], kind, span)
    }

    /// `if x < 0 { x = 0 - x }`
    pub(super) fn absolute_rational(&mut self, value: Val, span: Span) -> Val {
        let slot = Slot::BIGRAT;
        let mut stmts = Vec::new();
        let local = self.let_temporary(slot, value.e, &mut stmts);
        let zero = Val { e: self.int(0, span), t: Slot::INT };
        let zero = self.coerce(zero, slot);
        let x = self.read(local, span).e;
        let kind = ExprKind::Compare { op: CompareOp::Lt, lhs: Box::new(x.clone()), rhs: Box::new(zero.clone()) };
        let negative = self.val(kind, Slot::BOOL, span).e;
        let negated = self.arith(ArithOp::Sub, zero, x, slot);
        let mut then = Vec::new();
        self.set_local(local, negated, &mut then);
        self.if_then(negative, then, Vec::new(), &mut stmts);
        let result = self.read(local, span);
        self.with_statements(stmts, result)
    }

    pub(super) fn round(&mut self, value: Val, digits: Option<Val>, span: Span) -> Val {
        let value = self.unwrapped(value);
        let digits = digits.unwrap_or_else(|| self.val(ExprKind::Int(0), Slot::INT, span));
        let whole = matches!(digits.e.kind, ExprKind::Int(0));
        let kind = match self.t.content(value.t) {
            Content::Bot if whole && !self.final_walk => return self.unknown(span),
            Content::Int if whole => return value,
            Content::Any => Slot::ANY,
            _ => Slot::FLOAT,
        };
        self.fixed(Builtin::Round, vec![value, digits], &[kind, Slot::INT], kind, span)
    }

    pub(super) fn power(&mut self, base: Val, exponent: Val, span: Span) -> Val {
        let (base, exponent) = (self.unwrapped(base), self.unwrapped(exponent));
        let (kind, exponent_kind) = match (self.t.content(base.t), self.t.content(exponent.t)) {
            (Content::Bot, _) | (_, Content::Bot) if !self.final_walk => return self.unknown(span),
            (Content::Int, Content::Int) => (Slot::INT, Slot::INT),
            (Content::BigInt, Content::Int | Content::BigInt) | (Content::Int, Content::BigInt) => {
                (Slot::BIGINT, Slot::INT)
            }
            (Content::Any, _) | (_, Content::Any) => (Slot::ANY, Slot::ANY),
            _ => (Slot::FLOAT, Slot::FLOAT),
        };
        self.fixed(Builtin::Pow, vec![base, exponent], &[kind, exponent_kind], kind, span)
    }

    /// `min(a, b)`: the list form on two values.
    pub(super) fn extreme_of_two(&mut self, builtin: Builtin, x: Val, y: Val, span: Span) -> Val {
        let element = self.t.fresh();
        let list = self.t.list_of(element);
        self.flow(&x, element);
        self.flow(&y, element);
        let items = vec![self.coerce(x, element), self.coerce(y, element)];
        let list = self.val(ExprKind::List(items), list, span);
        self.aggregate(builtin, list, span)
    }

    /// Builtins on numbers and collections, which did not fit the table above.
    pub(super) fn number_builtin(&mut self, name: &str, args: Vec<Val>, span: Span) -> Option<Val> {
        let mut args = args.into_iter();
        let (a, b) = (args.next(), args.next());
        Some(match (name, a, b) {
            ("sqrt", Some(x), _) => self.fixed(Builtin::Sqrt, vec![x], &[Slot::FLOAT], Slot::FLOAT, span),
            ("floor", Some(x), _) => self.fixed(Builtin::Floor, vec![x], &[Slot::FLOAT], Slot::FLOAT, span),
            ("ceil", Some(x), _) => self.fixed(Builtin::Ceil, vec![x], &[Slot::FLOAT], Slot::FLOAT, span),
            ("abs", Some(x), _) => self.absolute(x, span),
            ("round", Some(x), digits) => self.round(x, digits, span),
            ("pow", Some(x), Some(y)) => self.power(x, y, span),
            ("min", Some(x), Some(y)) => self.extreme_of_two(Builtin::Min, x, y, span),
            ("max", Some(x), Some(y)) => self.extreme_of_two(Builtin::Max, x, y, span),
            ("min", Some(xs), None) => self.aggregate(Builtin::Min, xs, span),
            ("max", Some(xs), None) => self.aggregate(Builtin::Max, xs, span),
            ("sum", Some(xs), _) => self.aggregate(Builtin::Sum, xs, span),
            ("avg", Some(xs), _) => self.aggregate(Builtin::Avg, xs, span),
            ("count", Some(xs), _) => self.aggregate(Builtin::Count, xs, span),
            ("exists", Some(xs), _) => self.aggregate(Builtin::Exists, xs, span),
            ("keys", Some(m), _) => self.map_part(Builtin::Keys, m, span),
            ("values", Some(m), _) => self.map_part(Builtin::Values, m, span),
            ("sha256", Some(x), _) => self.sha256(x, span),
            ("num", Some(x), _) => self.fixed(Builtin::Num, vec![x], &[Slot::BIGRAT], Slot::BIGINT, span),
            ("denom", Some(x), _) => self.fixed(Builtin::Denom, vec![x], &[Slot::BIGRAT], Slot::BIGINT, span),
            ("eval", ..) => self.unsupported("`eval` is", span),
            _ => return None,
        })
    }
}
