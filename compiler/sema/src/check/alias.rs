//! Rules about two names for one list, map or struct: no mutable name for an immutable one, and no second name whose
//! element type would let something in that the first name must not contain.

use mochi_syntax::Span;
use mochi_syntax::ast::{Expr, ExprKind, Subscript};

use super::Checker;
use super::types::{Kind, Ty};

/// How messages show an expression that names live storage: a variable below any indexes and fields. `None` for
/// expressions that make a new value.
fn storage_label(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.as_str().to_owned()),
        ExprKind::Field(field) if field.safe.is_none() => {
            Some(format!("{}.{}", storage_label(&field.base)?, field.name.as_str()))
        }
        ExprKind::Index(index) if index.safe.is_none() && matches!(index.subscript, Subscript::Item(_)) => {
            Some(format!("{}[...]", storage_label(&index.base)?))
        }
        _ => None,
    }
}

impl Checker<'_> {
    fn type_of(&self, expr: &Expr) -> Ty {
        self.expr_types.get(expr.id.index()).copied().unwrap_or(Ty::ERROR)
    }

    /// `var y = x` where `x` is immutable. True when reported.
    pub(super) fn check_mutable_alias(&mut self, span: Span, value: &Expr) -> bool {
        let Some(name) = value.as_name() else { return false };
        let Some(binding) = self.values.get(name).copied() else { return false };
        if binding.mutable || !self.types.is_aggregate(binding.ty) {
            return false;
        }
        let message = format!("cannot alias immutable aggregate `{name}` into a mutable binding");
        self.immutable("T051", span, message, binding.span);
        true
    }

    /// A checked value that goes into a place of type `target`. True when reported, at `span`.
    pub(super) fn check_widening_alias(&mut self, span: Span, value: &Expr, actual: Ty, target: Ty) -> bool {
        if actual == target
            || !self.types.is_aggregate(actual)
            || !self.types.is_aggregate(target)
            || self.types.same(actual, target)
            || (matches!(self.types.kind(target), Kind::Record(_)) && self.types.compatible(actual, target))
        {
            return false;
        }
        let Some(label) = storage_label(value) else { return false };
        self.widening_alias(span, &label, actual, target);
        true
    }

    /// The elements of a checked literal, which go into the elements of `target`.
    pub(super) fn check_literal_aliases(&mut self, literal: &Expr, target: Ty) -> bool {
        match (&literal.kind, self.types.kind(target)) {
            (ExprKind::List(elements), Kind::List(slot)) => {
                elements.iter().any(|element| self.check_element_alias(element, slot))
            }
            (ExprKind::Map(entries), Kind::Map(_, slot)) => {
                entries.iter().any(|entry| self.check_element_alias(&entry.value, slot))
            }
            _ => false,
        }
    }

    fn check_element_alias(&mut self, element: &Expr, slot: Ty) -> bool {
        let actual = self.type_of(element);
        self.check_widening_alias(element.span, element, actual, slot) || self.check_literal_aliases(element, slot)
    }
}
