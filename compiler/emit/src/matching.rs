//! `match`: the decision tree of the patterns as switches and conditionals; arm by arm where there is no tree.

use crate::analysis::{self, Assigned};
use crate::function::FunctionEmitter;
use mochi_dialects::ir::{Type, Value};
use mochi_dialects::mochi;
use mochi_sema::decision::{self, Path, Step, Test, Tree};
use mochi_sema::hir::{Arm, CompareOp, Expr, ExprKind, LocalId, Pattern, Variant};
use mochi_sema::ty::{Ty, TyKind};
use std::cell::RefCell;
use std::collections::BTreeSet;

impl<'m, 'c> FunctionEmitter<'m, 'c, '_> {
    pub(crate) fn emit_match(&mut self, scrutinee: &'m Expr, arms: &'m [Arm], ty: Ty) -> Option<Value<'c>> {
        let value = self.emit_expr(scrutinee);
        let mut assigned = Assigned::new();
        for arm in arms {
            analysis::expr(&arm.body, &mut assigned);
        }
        let carried = self.carried(&assigned);
        let target = Match { value, of: scrutinee.ty, ty, result: self.module.types.result(ty) };
        let patterns: Vec<&'m Pattern> = arms.iter().map(|arm| &arm.pattern).collect();
        let mut program = self.program();
        let results = match decision::tree(&patterns, target.of, &mut program) {
            Some(tree) if may_repeat(&tree, arms) => self.emit_tree_of_arms(&target, &tree, arms, &carried),
            Some(tree) => self.emit_tree_then_arms(&target, &tree, arms, &carried),
            None => self.emit_arms(&target, arms, &carried),
        };
        results.first().copied()
    }

    /// The arms are the leaves of the tree.
    fn emit_tree_of_arms(
        &mut self,
        target: &Match<'c>,
        tree: &Tree<'m>,
        arms: &'m [Arm],
        carried: &[LocalId],
    ) -> Vec<Value<'c>> {
        let mut leaf = |this: &mut Self, arm: Option<usize>| match arm {
            Some(arm) => this.emit_arm(target, &arms[arm]),
            None => this.no_match(target),
        };
        let ways = Ways { results: target.result.as_slice(), carried };
        self.emit_tree(tree, &mut Parts::of(target), &ways, &mut leaf)
    }

    /// The leaves of the tree are the numbers of the arms: an arm that several ways lead to is there once.
    fn emit_tree_then_arms(
        &mut self,
        target: &Match<'c>,
        tree: &Tree<'m>,
        arms: &'m [Arm],
        carried: &[LocalId],
    ) -> Vec<Value<'c>> {
        let mut numbers = BTreeSet::new();
        tree.each_leaf(&mut |arm| {
            numbers.insert(arm.unwrap_or(arms.len()));
        });
        let i64 = self.i64();
        let ways = Ways { results: &[i64], carried: &[] };
        let mut leaf = |this: &mut Self, arm: Option<usize>| vec![this.int_constant(arm.unwrap_or(arms.len()) as i64)];
        let number = self.emit_tree(tree, &mut Parts::of(target), &ways, &mut leaf)[0];
        let mut cases: Vec<i64> = numbers.into_iter().map(|number| number as i64).collect();
        let last = cases.pop().expect("a tree has a leaf");
        self.switch(number, &cases, target.result.as_slice(), carried, |this, index| {
            let number = cases.get(index).copied().unwrap_or(last) as usize;
            match arms.get(number) {
                Some(arm) => this.emit_arm(target, arm),
                None => this.no_match(target),
            }
        })
    }

    fn emit_tree(
        &mut self,
        tree: &Tree<'m>,
        parts: &mut Parts<'c>,
        ways: &Ways<'_, 'c>,
        leaf: &mut dyn FnMut(&mut Self, Option<usize>) -> Vec<Value<'c>>,
    ) -> Vec<Value<'c>> {
        let (at, test) = match tree {
            Tree::Fail => return leaf(self, None),
            Tree::Arm(arm) => return leaf(self, Some(*arm)),
            Tree::Test { at, test } => (at, test),
        };
        let (value, of) = self.part(at, parts);
        let (cond, yes, no) = match test {
            Test::Variant { cases, default } => {
                let tag = mochi::union_tag(&self.builder, value).result(0);
                let cases: Vec<_> = cases.iter().map(|(variant, tree)| (i64::from(*variant), tree)).collect();
                return self.emit_cases(tag, cases, default.as_deref(), parts, ways, leaf);
            }
            Test::Int { cases, default } => {
                let cases: Vec<_> = cases.iter().map(|(case, tree)| (*case, tree)).collect();
                return self.emit_cases(value, cases, Some(default), parts, ways, leaf);
            }
            Test::Length { cases, default } => {
                let length = mochi::str_length(&self.builder, value).result(0);
                let cases: Vec<_> = cases.iter().map(|(case, tree)| (*case, tree)).collect();
                return self.emit_cases(length, cases, Some(default), parts, ways, leaf);
            }
            Test::Null { null, some } => (self.is_null(of, value), null, some),
            Test::Equal { value: wanted, yes, no } => {
                let wanted = self.emit_expr(wanted);
                (self.compare(CompareOp::Eq, of, value, wanted), yes, no)
            }
            Test::Less { value: wanted, yes, no } => {
                let wanted = self.emit_expr(wanted);
                (self.compare(CompareOp::Lt, of, value, wanted), yes, no)
            }
        };
        let known = parts.0.len();
        let leaf = RefCell::new(leaf);
        let parts = RefCell::new(parts);
        let side = |this: &mut Self, tree: &Tree<'m>| {
            let mut parts = parts.borrow_mut();
            let values = this.emit_tree(tree, &mut parts, ways, *leaf.borrow_mut());
            parts.0.truncate(known);
            values
        };
        self.branch(cond, ways.results, ways.carried, |this| side(this, yes), |this| side(this, no))
    }

    /// Without a default the cases are complete: the last one needs no test.
    fn emit_cases(
        &mut self,
        selector: Value<'c>,
        mut cases: Vec<(i64, &Tree<'m>)>,
        default: Option<&Tree<'m>>,
        parts: &mut Parts<'c>,
        ways: &Ways<'_, 'c>,
        leaf: &mut dyn FnMut(&mut Self, Option<usize>) -> Vec<Value<'c>>,
    ) -> Vec<Value<'c>> {
        let last = default.or_else(|| cases.pop().map(|(_, tree)| tree)).unwrap_or(&Tree::Fail);
        let values: Vec<i64> = cases.iter().map(|&(case, _)| case).collect();
        let known = parts.0.len();
        self.switch(selector, &values, ways.results, ways.carried, |this, index| {
            let tree = cases.get(index).map_or(last, |&(_, tree)| tree);
            let values = this.emit_tree(tree, parts, ways, leaf);
            parts.0.truncate(known);
            values
        })
    }

    /// The value and type of a part, taken from the nearest part around it that is there already.
    fn part(&mut self, path: &[Step], parts: &mut Parts<'c>) -> (Value<'c>, Ty) {
        let nearest =
            parts.0.iter().filter(|(known, ..)| path.starts_with(known)).max_by_key(|(known, ..)| known.len());
        let &(ref known, mut value, mut of) = nearest.expect("the value itself is always there");
        for end in known.len() + 1..=path.len() {
            (value, of) = match path[end - 1] {
                Step::Payload => self.payload(value, of),
                Step::Field { variant, field } => self.variant_field(value, of, variant, field as usize),
            };
            parts.0.push((path[..end].to_vec(), value, of));
        }
        (value, of)
    }

    /// What an option that is not null holds; other values are their own payload.
    fn payload(&mut self, value: Value<'c>, of: Ty) -> (Value<'c>, Ty) {
        let payload = self.module.program.types.strip_option(of);
        if payload == of { (value, of) } else { (mochi::option_get(&self.builder, value).result(0), payload) }
    }

    /// Arm by arm, each with a tree of its own.
    fn emit_arms(&mut self, target: &Match<'c>, arms: &'m [Arm], carried: &[LocalId]) -> Vec<Value<'c>> {
        let Some((arm, rest)) = arms.split_first() else { return self.no_match(target) };
        let mut program = self.program();
        let tree = decision::tree(&[&arm.pattern], target.of, &mut program).expect("one arm's tree is small");
        if matches!(tree, Tree::Arm(_)) {
            return self.emit_arm(target, arm);
        }
        let i1 = self.i1();
        let ways = Ways { results: &[i1], carried: &[] };
        let mut leaf = |this: &mut Self, arm: Option<usize>| vec![this.bool_constant(arm.is_some())];
        let matches = self.emit_tree(&tree, &mut Parts::of(target), &ways, &mut leaf)[0];
        self.branch(
            matches,
            target.result.as_slice(),
            carried,
            |this| this.emit_arm(target, arm),
            |this| this.emit_arms(target, rest, carried),
        )
    }

    fn emit_arm(&mut self, target: &Match<'c>, arm: &'m Arm) -> Vec<Value<'c>> {
        let location = self.enter(arm.span);
        self.bind(&arm.pattern, target.value, target.of);
        let values = self.emit_side(&arm.body);
        self.builder.set_loc(location);
        values
    }

    /// No arm matched: null where the type has it.
    fn no_match(&mut self, target: &Match<'c>) -> Vec<Value<'c>> {
        let Some(result) = target.result else { return Vec::new() };
        if matches!(self.module.program.types.kind(target.ty), TyKind::Any | TyKind::Option(_)) {
            return vec![self.null(result)];
        }
        let message = self.str_constant("no arm of this match covers the value");
        self.panic(message);
        self.unreachable();
        Vec::new()
    }

    /// Gives the pattern's variables their values; the pattern is known to match.
    fn bind(&mut self, pattern: &Pattern, value: Value<'c>, of: Ty) {
        match pattern {
            Pattern::Wildcard | Pattern::Value(_) | Pattern::Null => {}
            Pattern::Bind(local) => self.declare(*local, value),
            Pattern::Some(inner) => {
                if !matches!(**inner, Pattern::Wildcard | Pattern::Value(_) | Pattern::Null) {
                    let (value, payload) = self.payload(value, of);
                    self.bind(inner, value, payload);
                }
            }
            Pattern::Variant { variant, fields } => {
                for (index, field) in fields.iter().enumerate() {
                    if !matches!(field, Pattern::Wildcard | Pattern::Value(_) | Pattern::Null) {
                        let (value, ty) = self.variant_field(value, of, *variant, index);
                        self.bind(field, value, ty);
                    }
                }
            }
        }
    }

    fn variants(&self, of: Ty) -> &'m [Variant] {
        match self.module.program.types.kind(of) {
            TyKind::Union(id) => {
                let program: &'m mochi_sema::hir::Program = self.program();
                &program.unions[id.0 as usize].variants
            }
            other => unreachable!("variant pattern on {other:?}: the type checker only allows unions"),
        }
    }

    fn variant_field(&mut self, value: Value<'c>, of: Ty, variant: u32, index: usize) -> (Value<'c>, Ty) {
        let variant = &self.variants(of)[variant as usize];
        let ty = variant.fields[index].ty;
        let result = self.ty(ty);
        (mochi::union_get(&self.builder, value, &variant.name, index as i64, result).result(0), ty)
    }

    pub(crate) fn has_tag(&mut self, value: Value<'c>, variant: u32) -> Value<'c> {
        let tag = mochi::union_tag(&self.builder, value).result(0);
        let wanted = self.int_constant(i64::from(variant));
        self.compare_int(crate::ops::IntPredicate::Eq, tag, wanted)
    }
}

/// What is matched, and what the match gives.
struct Match<'c> {
    value: Value<'c>,
    of: Ty,
    ty: Ty,
    result: Option<Type<'c>>,
}

/// The parts of the value that have been taken out of it where the insertion point is, with their types.
struct Parts<'c>(Vec<(Path, Value<'c>, Ty)>);

impl<'c> Parts<'c> {
    fn of(target: &Match<'c>) -> Parts<'c> {
        Parts(vec![(Path::new(), target.value, target.of)])
    }
}

/// What each way through a tree gives: values of these types, then the variables.
struct Ways<'a, 'c> {
    results: &'a [Type<'c>],
    carried: &'a [LocalId],
}

/// Whether no arm is more than once in the tree, but for those that are as short as the number of an arm.
fn may_repeat(tree: &Tree<'_>, arms: &[Arm]) -> bool {
    let mut seen = vec![false; arms.len()];
    let mut result = true;
    tree.each_leaf(&mut |leaf| {
        if let Some(arm) = leaf {
            let again = std::mem::replace(&mut seen[arm], true);
            result &= !again || is_short(&arms[arm].body);
        }
    });
    result
}

fn is_short(body: &Expr) -> bool {
    matches!(
        body.kind,
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Bool(_) | ExprKind::Str(_) | ExprKind::Null | ExprKind::Unit
    )
}
