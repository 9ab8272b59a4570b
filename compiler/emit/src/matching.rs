//! `match`: a jump on the tag where the arms allow it, tests from top to bottom otherwise.

use crate::analysis::{self, Assigned};
use crate::function::FunctionEmitter;
use mochi_dialects::ir::{Type, Value};
use mochi_dialects::mochi;
use mochi_sema::hir::{Arm, CompareOp, Expr, Pattern, Variant};
use mochi_sema::ty::{Ty, TyKind};

impl<'m, 'c> FunctionEmitter<'m, 'c, '_> {
    pub(crate) fn emit_match(&mut self, scrutinee: &'m Expr, arms: &'m [Arm], ty: Ty) -> Option<Value<'c>> {
        let value = self.emit_expr(scrutinee);
        let mut assigned = Assigned::new();
        for arm in arms {
            analysis::expr(&arm.body, &mut assigned);
        }
        let carried = self.carried(&assigned);
        let target = Match { value, of: scrutinee.ty, ty, result: self.module.types.result(ty) };
        let results = if self.is_tag_switch(scrutinee.ty, arms) {
            self.emit_tag_switch(&target, arms, &carried)
        } else {
            self.emit_arms(&target, arms, &carried)
        };
        results.first().copied()
    }

    /// Each arm is one variant with fields that always match, or `_` at the end.
    fn is_tag_switch(&self, of: Ty, arms: &[Arm]) -> bool {
        matches!(self.module.program.types.kind(of), TyKind::Union(_))
            && arms.iter().all(|arm| match &arm.pattern {
                Pattern::Variant { fields, .. } => fields.iter().all(is_irrefutable),
                other => is_irrefutable(other),
            })
    }

    fn emit_tag_switch(
        &mut self,
        target: &Match<'c>,
        arms: &'m [Arm],
        carried: &[mochi_sema::hir::LocalId],
    ) -> Vec<Value<'c>> {
        let mut cases: Vec<(i64, &'m Arm)> = Vec::new();
        let mut default = None;
        for arm in arms {
            match &arm.pattern {
                Pattern::Variant { variant, .. } => {
                    let tag = i64::from(*variant);
                    if !cases.iter().any(|&(case, _)| case == tag) {
                        cases.push((tag, arm));
                    }
                }
                _ => {
                    default = Some(arm);
                    break;
                }
            }
        }
        // Every variant has its arm: the last one needs no test.
        if default.is_none() && cases.len() == self.variants(target.of).len() {
            default = cases.pop().map(|(_, arm)| arm);
        }
        let tag = mochi::union_tag(&self.builder, target.value).result(0);
        let tags: Vec<i64> = cases.iter().map(|&(tag, _)| tag).collect();
        self.switch(tag, &tags, target.result.as_slice(), carried, |this, index| {
            match cases.get(index).map(|&(_, arm)| arm).or(default) {
                Some(arm) => this.emit_arm(target, arm),
                None => this.no_match(target),
            }
        })
    }

    /// The arms as a chain of conditionals.
    fn emit_arms(
        &mut self,
        target: &Match<'c>,
        arms: &'m [Arm],
        carried: &[mochi_sema::hir::LocalId],
    ) -> Vec<Value<'c>> {
        let Some((arm, rest)) = arms.split_first() else {
            let values = self.no_match(target);
            return values;
        };
        match self.test(&arm.pattern, target.value, target.of) {
            None => self.emit_arm(target, arm),
            Some(cond) => self.branch(
                cond,
                target.result.as_slice(),
                carried,
                |this| this.emit_arm(target, arm),
                |this| this.emit_arms(target, rest, carried),
            ),
        }
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

    /// Whether a pattern matches, as a bit; `None` if it always does.
    fn test(&mut self, pattern: &'m Pattern, value: Value<'c>, of: Ty) -> Option<Value<'c>> {
        match pattern {
            Pattern::Wildcard | Pattern::Bind(_) => None,
            Pattern::Value(constant) => {
                let constant = self.emit_expr(constant);
                Some(self.compare(CompareOp::Eq, of, value, constant))
            }
            Pattern::Null => Some(self.is_null(of, value)),
            Pattern::Some(inner) => {
                let null = self.is_null(of, value);
                let some = self.not(null);
                let payload = self.module.program.types.strip_option(of);
                if is_irrefutable(inner) {
                    return Some(some);
                }
                Some(self.both(some, |this| {
                    let value = mochi::option_get(&this.builder, value).result(0);
                    this.test(inner, value, payload)
                }))
            }
            Pattern::Variant { variant, fields } => {
                let tagged = self.has_tag(value, *variant);
                if fields.iter().all(is_irrefutable) {
                    return Some(tagged);
                }
                Some(self.both(tagged, |this| {
                    let mut all = None;
                    for (index, field) in fields.iter().enumerate() {
                        if is_irrefutable(field) {
                            continue;
                        }
                        all = Some(match all {
                            None => this.test_field(field, value, of, *variant, index),
                            Some(sofar) => {
                                this.both(sofar, |this| Some(this.test_field(field, value, of, *variant, index)))
                            }
                        });
                    }
                    all
                }))
            }
        }
    }

    fn test_field(&mut self, field: &'m Pattern, value: Value<'c>, of: Ty, variant: u32, index: usize) -> Value<'c> {
        let (value, ty) = self.variant_field(value, of, variant, index);
        match self.test(field, value, ty) {
            Some(cond) => cond,
            None => self.bool_constant(true),
        }
    }

    /// `cond` and then a second test that only makes sense if it holds.
    fn both(&mut self, cond: Value<'c>, second: impl FnOnce(&mut Self) -> Option<Value<'c>>) -> Value<'c> {
        let i1 = self.i1();
        let results = self.branch(
            cond,
            &[i1],
            &[],
            |this| {
                let second = second(this);
                vec![second.unwrap_or_else(|| this.bool_constant(true))]
            },
            |this| vec![this.bool_constant(false)],
        );
        results[0]
    }

    /// Gives the pattern's variables their values; the pattern is known to match.
    fn bind(&mut self, pattern: &Pattern, value: Value<'c>, of: Ty) {
        match pattern {
            Pattern::Wildcard | Pattern::Value(_) | Pattern::Null => {}
            Pattern::Bind(local) => self.declare(*local, value),
            Pattern::Some(inner) => {
                let payload = self.module.program.types.strip_option(of);
                if !matches!(**inner, Pattern::Wildcard | Pattern::Value(_) | Pattern::Null) {
                    let value = if payload == of { value } else { mochi::option_get(&self.builder, value).result(0) };
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

fn is_irrefutable(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::Wildcard | Pattern::Bind(_))
}
