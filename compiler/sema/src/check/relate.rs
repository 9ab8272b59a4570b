//! Relations between types: compatibility, assignability, equality, the numeric join, and the classes that clauses ask for.

use super::types::{Kind, Ty, Types};

impl Types {
    /// Whether values of the two types may meet in an operator, argument or result. `any` meets everything; the integer
    /// kinds meet in the direction in which nothing is lost in practice; a variant meets its union.
    pub(super) fn compatible(&self, a: Ty, b: Ty) -> bool {
        if a == b || a.is_dynamic() || b.is_dynamic() {
            return true;
        }
        match (self.kind(a), self.kind(b)) {
            (Kind::Int, Kind::BigInt)
            | (Kind::Int64, Kind::Int)
            | (Kind::BigInt, Kind::Int | Kind::Int64)
            | (Kind::BigRat, Kind::Float | Kind::Int | Kind::Int64 | Kind::BigInt) => true,
            (Kind::List(x), Kind::List(y)) | (Kind::Option(x), Kind::Option(y)) => self.compatible(x, y),
            (Kind::Map(xk, xv), Kind::Map(yk, yv)) | (Kind::Group(xk, xv), Kind::Group(yk, yv)) => {
                self.compatible(xk, yk) && self.compatible(xv, yv)
            }
            (Kind::Struct(variant), Kind::Union(union)) | (Kind::Union(union), Kind::Struct(variant)) => {
                self.union_of(variant) == Some(union)
            }
            (Kind::Record(_) | Kind::Struct(_), Kind::Record(_)) | (Kind::Record(_), Kind::Struct(_)) => {
                self.same_fields(a, b)
            }
            (Kind::Fn(_), Kind::Fn(_)) => self.compatible_functions(a, b),
            _ => false,
        }
    }

    /// An inline record meets whatever has the same fields.
    fn same_fields(&self, a: Ty, b: Ty) -> bool {
        let (Some(x), Some(y)) = (self.fields(a), self.fields(b)) else { return false };
        x.len() == y.len()
            && x.iter().all(|(name, ty)| {
                y.iter().find(|(other, _)| other == name).is_some_and(|(_, other)| self.compatible(*ty, *other))
            })
    }

    pub(super) fn fields(&self, ty: Ty) -> Option<Vec<(mochi_syntax::Symbol, Ty)>> {
        match self.kind(ty) {
            Kind::Struct(id) => Some(self.struct_info(id).fields.clone()),
            Kind::Record(index) => Some(self.record_fields(index).to_vec()),
            _ => None,
        }
    }

    fn compatible_functions(&self, a: Ty, b: Ty) -> bool {
        let (Some(f), Some(g)) = (self.function(a), self.function(b)) else { return false };
        f.params.len() == g.params.len()
            && f.params.iter().zip(&g.params).all(|(x, y)| self.compatible(*x, *y))
            && match (f.variadic, g.variadic) {
                (None, None) => true,
                (Some(x), Some(y)) => self.compatible(x, y),
                _ => false,
            }
            && self.compatible(f.result, g.result)
    }

    /// Equality up to effects; records by their fields.
    pub(super) fn same(&self, a: Ty, b: Ty) -> bool {
        if a == b || a.is_error() || b.is_error() {
            return true;
        }
        match (self.kind(a), self.kind(b)) {
            (Kind::List(x), Kind::List(y)) | (Kind::Option(x), Kind::Option(y)) => self.same(x, y),
            (Kind::Map(xk, xv), Kind::Map(yk, yv)) | (Kind::Group(xk, xv), Kind::Group(yk, yv)) => {
                self.same(xk, yk) && self.same(xv, yv)
            }
            (Kind::Fn(_), Kind::Fn(_)) => {
                let (Some(f), Some(g)) = (self.function(a), self.function(b)) else { return false };
                f.params.len() == g.params.len()
                    && f.params.iter().zip(&g.params).all(|(x, y)| self.same(*x, *y))
                    && f.variadic.is_some() == g.variadic.is_some()
                    && self.same(f.result, g.result)
            }
            _ => false,
        }
    }

    /// Whether every value of `sub` is a value of `sup`. `any` is a top type only: it fits no concrete type.
    fn subtype(&self, sub: Ty, sup: Ty) -> bool {
        if sup == Ty::ANY || self.same(sub, sup) {
            return true;
        }
        match (self.kind(sub), self.kind(sup)) {
            (Kind::Int, Kind::Int64 | Kind::BigInt | Kind::BigRat)
            | (Kind::Int64, Kind::BigInt | Kind::BigRat)
            | (Kind::BigInt | Kind::Float, Kind::BigRat) => true,
            (Kind::List(x), Kind::List(y)) | (Kind::Option(x), Kind::Option(y)) => self.subtype(x, y),
            (Kind::Struct(variant), Kind::Union(union)) => self.union_of(variant) == Some(union),
            (Kind::Record(_) | Kind::Struct(_), Kind::Record(_)) | (Kind::Record(_), Kind::Struct(_)) => {
                self.same_fields(sub, sup)
            }
            (Kind::Fn(_), Kind::Fn(_)) => {
                let (Some(f), Some(g)) = (self.function(sub), self.function(sup)) else { return false };
                f.params.len() == g.params.len()
                    && f.params.iter().zip(&g.params).all(|(x, y)| self.subtype(*y, *x))
                    && match (f.variadic, g.variadic) {
                        (None, None) => true,
                        (Some(x), Some(y)) => self.subtype(y, x),
                        _ => false,
                    }
                    && self.subtype(f.result, g.result)
            }
            _ => false,
        }
    }

    /// Whether a value of `from` may be bound under the declared type `to`.
    pub(super) fn assignable(&self, from: Ty, to: Ty) -> bool {
        self.assignable_at(from, to, false)
    }

    /// Inside a container `any` is let through: it is the element type of empty literals and of `none`.
    fn assignable_at(&self, from: Ty, to: Ty, inside: bool) -> bool {
        if to.is_dynamic() || from.is_error() || (inside && from == Ty::ANY) {
            return true;
        }
        match (self.kind(from), self.kind(to)) {
            (Kind::List(x), Kind::List(y)) | (Kind::Option(x), Kind::Option(y)) => self.assignable_at(x, y, true),
            (Kind::Map(xk, xv), Kind::Map(yk, yv)) => {
                self.assignable_at(xk, yk, true) && self.assignable_at(xv, yv, true)
            }
            (_, Kind::Option(payload)) => self.assignable_at(from, payload, inside),
            _ => self.subtype(from, to),
        }
    }

    /// What an expression may have where a type is expected.
    pub(super) fn fits(&self, actual: Ty, expected: Ty) -> bool {
        self.compatible(actual, expected) || self.assignable(actual, expected)
    }

    /// Type of arithmetic on two numbers.
    pub(super) fn numeric_join(&self, a: Ty, b: Ty) -> Option<Ty> {
        if !a.is_numeric() || !b.is_numeric() {
            return None;
        }
        if a == Ty::FLOAT || b == Ty::FLOAT {
            let exact = |ty: Ty| ty == Ty::BIGINT || ty == Ty::BIGRAT;
            return Some(if exact(a) || exact(b) { Ty::BIGRAT } else { Ty::FLOAT });
        }
        let rank = |ty: Ty| match ty {
            Ty::INT => 0,
            Ty::INT64 => 1,
            Ty::BIGINT => 2,
            _ => 3,
        };
        Some(if rank(a) >= rank(b) { a } else { b })
    }

    /// Integers of any kind, and `any`.
    pub(super) fn is_index(&self, ty: Ty) -> bool {
        self.compatible(ty, Ty::INT) || self.compatible(ty, Ty::INT64)
    }

    pub(super) fn is_condition(&self, ty: Ty) -> bool {
        self.compatible(ty, Ty::BOOL)
    }

    /// Containers that several names may share.
    pub(super) fn is_aggregate(&self, ty: Ty) -> bool {
        matches!(self.kind(ty), Kind::List(_) | Kind::Map(..) | Kind::Struct(_) | Kind::Record(_))
    }

    /// What `sort by` can compare.
    pub(super) fn is_ordered(&self, ty: Ty) -> bool {
        match self.kind(ty) {
            Kind::Any | Kind::Error | Kind::String | Kind::Bool => true,
            Kind::List(element) => self.is_ordered(element),
            _ => ty.is_numeric(),
        }
    }

    /// What `distinct` can compare.
    pub(super) fn is_hashable(&self, ty: Ty) -> bool {
        self.hashable_within(ty, &mut Vec::new())
    }

    /// `open` holds the declared types being looked at, so that recursive ones end.
    fn hashable_within(&self, ty: Ty, open: &mut Vec<Ty>) -> bool {
        match self.kind(ty) {
            Kind::Fn(_) | Kind::Group(..) => false,
            Kind::List(element) | Kind::Option(element) => self.hashable_within(element, open),
            Kind::Map(key, value) => self.hashable_within(key, open) && self.hashable_within(value, open),
            Kind::Param(_) | Kind::Var(_) => false,
            Kind::Record(index) => {
                self.record_fields(index).iter().all(|(_, field)| self.hashable_within(*field, open))
            }
            Kind::Struct(_) | Kind::Union(_) if open.contains(&ty) => true,
            Kind::Struct(id) => {
                open.push(ty);
                self.struct_info(id).fields.iter().all(|(_, field)| self.hashable_within(*field, open))
            }
            Kind::Union(id) => {
                open.push(ty);
                self.union_info(id).variants.iter().all(|variant| {
                    self.struct_info(*variant).fields.iter().all(|(_, field)| self.hashable_within(*field, open))
                })
            }
            _ => true,
        }
    }

    /// Whether `value as target` has a meaning.
    pub(super) fn castable(&self, from: Ty, to: Ty) -> bool {
        if from.is_dynamic() || to.is_dynamic() || self.same(from, to) || (from.is_numeric() && to.is_numeric()) {
            return true;
        }
        match (self.kind(from), self.kind(to)) {
            (Kind::Struct(variant), Kind::Union(union)) | (Kind::Union(union), Kind::Struct(variant)) => {
                self.union_of(variant) == Some(union)
            }
            (Kind::Map(..), Kind::Struct(_) | Kind::Record(_)) => true,
            (Kind::Record(_) | Kind::Struct(_), Kind::Record(_)) | (Kind::Record(_), Kind::Struct(_)) => {
                self.same_fields(from, to)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compatibility_and_assignability_differ_where_they_should() {
        let mut types = Types::default();
        let optional = types.option(Ty::INT);
        let none = types.option(Ty::ANY);
        let ints = types.list(Ty::INT);
        let empty = types.list(Ty::ANY);
        let by_name = types.map(Ty::STRING, Ty::INT);
        let floats_by_name = types.map(Ty::STRING, Ty::FLOAT);
        // (from, to, compatible, assignable)
        for (from, to, compatible, assignable) in [
            (Ty::INT, Ty::FLOAT, false, false),
            (Ty::INT, Ty::BIGINT, true, true),
            (Ty::INT, Ty::INT64, false, true),
            (Ty::INT64, Ty::INT, true, false),
            (Ty::FLOAT, Ty::BIGRAT, false, true),
            (Ty::ANY, Ty::INT, true, false),
            (Ty::INT, Ty::ANY, true, true),
            (Ty::INT, optional, false, true),
            (optional, Ty::INT, false, false),
            (none, optional, true, true),
            (none, ints, false, false),
            (empty, ints, true, true),
            (ints, empty, true, true),
            (by_name, floats_by_name, false, false),
        ] {
            assert_eq!(types.compatible(from, to), compatible, "{from:?} {to:?}");
            assert_eq!(types.assignable(from, to), assignable, "{from:?} {to:?}");
        }
    }

    #[test]
    fn types_do_not_grow_without_bound() {
        let mut types = Types::default();
        let mut ty = Ty::INT;
        for _ in 0..100 {
            ty = types.map(ty, ty);
        }
        assert!(types.is_hashable(ty));
        assert!(types.show(ty, &|_| mochi_syntax::Symbol::intern("T")).len() < 100_000);
    }
}
