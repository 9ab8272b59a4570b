//! `match`: patterns against the scrutinee, results against each other, and whether arms are missing or never taken.

use std::collections::HashSet;

use mochi_syntax::ast::{ArmBody, Expr, MatchArm, MatchExpr, Pattern, PatternKind};
use mochi_syntax::{Span, Symbol};

use super::Checker;
use super::report::name_list;
use super::types::{Kind, StructId, Ty};
use crate::decision::{self, Domain, Step, Test, Tree};
use crate::hir;

/// A literal pattern, to find it twice.
#[derive(PartialEq, Eq, Hash)]
enum Literal {
    Int(i64),
    Float(u64),
    Bool(bool),
    Str(Symbol),
    None,
}

/// What the arms so far have covered.
#[derive(Default)]
struct Coverage {
    variants: HashSet<Symbol>,
    literals: HashSet<Literal>,
    everything: bool,
}

impl Checker<'_> {
    pub(super) fn match_expr(&mut self, expr: &Expr, choice: &MatchExpr, expected: Option<Ty>) -> Ty {
        let scrutinee = self.infer(&choice.scrutinee, None);
        let payload = self.types.option_payload(scrutinee);
        let narrows = payload.and_then(|payload| Some((choice.scrutinee.as_name()?, payload)));
        let mut coverage = Coverage::default();
        let mut common: Option<Ty> = None;
        for arm in &choice.arms {
            let mark = self.mark();
            // Inside any arm that `none` does not reach, the variable is not `none`.
            if let Some(fact) = narrows
                && !matches!(arm.pattern.kind, PatternKind::None)
                && (!matches!(arm.pattern.kind, PatternKind::Wildcard) || coverage.literals.contains(&Literal::None))
            {
                self.assume(&[fact]);
            }
            self.arm_pattern(arm, scrutinee, &mut coverage);
            if let Some(ty) = self.arm_body(arm, expected) {
                common = Some(self.arm_join(arm, common, ty, expected));
            }
            self.leave(mark);
        }
        if !coverage.everything {
            self.exhaustiveness(choice, payload.unwrap_or(scrutinee));
        }
        let result = common.unwrap_or(Ty::ANY);
        if let Some(expected) = expected
            && !self.types.fits(result, expected)
        {
            self.mismatch(expr.span, expected, result);
            return Ty::ERROR;
        }
        result
    }

    /// Type of an arm's value; `None` for a block.
    fn arm_body(&mut self, arm: &MatchArm, expected: Option<Ty>) -> Option<Ty> {
        match &arm.body {
            ArmBody::Expr(value) => Some(self.expr(value, expected)),
            ArmBody::Block(block) => {
                self.block(block);
                None
            }
        }
    }

    fn arm_join(&mut self, arm: &MatchArm, common: Option<Ty>, ty: Ty, expected: Option<Ty>) -> Ty {
        let Some(common) = common else { return ty };
        if common.is_error() || self.types.compatible(common, ty) {
            return common;
        }
        if let Some(expected) = expected {
            // Each arm has answered to the expectation.
            return expected;
        }
        self.mismatch(arm.span, common, ty);
        Ty::ERROR
    }

    fn redundant(&mut self, arm: &MatchArm, reason: &str) {
        self.report("T054", arm.span, format!("redundant match arm: {reason}"));
    }

    fn arm_pattern(&mut self, arm: &MatchArm, scrutinee: Ty, coverage: &mut Coverage) {
        if coverage.everything {
            self.redundant(arm, "arm after catch-all is unreachable");
            self.pattern(&arm.pattern, scrutinee, arm.span);
            return;
        }
        self.pattern(&arm.pattern, scrutinee, arm.span);
        let variant = match &arm.pattern.kind {
            PatternKind::Wildcard => {
                coverage.everything = true;
                return;
            }
            PatternKind::Name(name) if self.variants.get(*name).is_some() => *name,
            // A name that means nothing else matches everything.
            PatternKind::Name(name) if self.values.get(*name).is_none() => {
                coverage.everything = true;
                return;
            }
            PatternKind::Constructor { name, args } if self.variants.get(name.name).is_some() => {
                if coverage.variants.contains(&name.name) {
                    return self.redundant(arm, &format!("duplicate variant `{}`", name.as_str()));
                }
                // An arm that also tests the fields does not cover the variant.
                if !args.iter().all(|arg| self.always_matches(arg)) {
                    return;
                }
                name.name
            }
            other => {
                if let Some(literal) = literal(other)
                    && !coverage.literals.insert(literal)
                {
                    self.redundant(arm, "duplicate literal pattern");
                }
                return;
            }
        };
        if !coverage.variants.insert(variant) {
            self.redundant(arm, &format!("duplicate variant `{variant}`"));
        }
    }

    fn always_matches(&self, pattern: &Pattern) -> bool {
        match &pattern.kind {
            PatternKind::Wildcard => true,
            PatternKind::Name(name) => self.variants.get(*name).is_none(),
            _ => false,
        }
    }

    /// Checks the pattern of an arm. Mismatches are reported at the arm.
    fn pattern(&mut self, pattern: &Pattern, scrutinee: Ty, arm: Span) {
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Error => {}
            PatternKind::Constructor { name, args } => match self.variants.get(name.name).copied() {
                Some(variant) => self.variant_pattern(variant, args, scrutinee, arm),
                None => {
                    self.unknown_function(pattern.span, name.span, name.name);
                    args.iter().for_each(|arg| self.field_pattern(arg, Ty::ERROR, arm));
                }
            },
            PatternKind::Name(name) => match self.variants.get(*name).copied() {
                Some(variant) => {
                    let ty = self.types.intern(Kind::Struct(variant));
                    self.pattern_type(scrutinee, ty, arm);
                }
                None => {
                    // A variable here is a value to compare with.
                    let ty = match self.values.get(*name) {
                        Some(binding) => binding.ty,
                        None => {
                            self.undefined_variable(pattern.span, *name);
                            Ty::ERROR
                        }
                    };
                    self.pattern_type(scrutinee, ty, arm);
                }
            },
            PatternKind::Int(_) => self.pattern_type(scrutinee, Ty::INT, arm),
            PatternKind::Float(_) => self.pattern_type(scrutinee, Ty::FLOAT, arm),
            PatternKind::Bool(_) => self.pattern_type(scrutinee, Ty::BOOL, arm),
            PatternKind::Str(_) => self.pattern_type(scrutinee, Ty::STRING, arm),
            PatternKind::None => {
                let none = self.types.option(Ty::ANY);
                self.pattern_type(scrutinee, none, arm);
            }
        }
    }

    fn variant_pattern(&mut self, variant: StructId, args: &[Pattern], scrutinee: Ty, arm: Span) {
        let ty = self.types.intern(Kind::Struct(variant));
        let fields = self.types.struct_info(variant).fields.clone();
        if args.len() != fields.len() {
            self.mismatch(arm, scrutinee, ty);
        } else {
            self.pattern_type(scrutinee, ty, arm);
        }
        let types = fields.into_iter().map(|(_, ty)| ty).chain(std::iter::repeat(Ty::ERROR));
        for (arg, ty) in args.iter().zip(types) {
            self.field_pattern(arg, ty, arm);
        }
    }

    /// A pattern inside a constructor: a name that is no variant is a new variable.
    fn field_pattern(&mut self, pattern: &Pattern, ty: Ty, arm: Span) {
        match &pattern.kind {
            PatternKind::Name(name) if self.variants.get(*name).is_none() => self.bind(*name, ty, true, pattern.span),
            _ => self.pattern(pattern, ty, arm),
        }
    }

    fn pattern_type(&mut self, scrutinee: Ty, pattern: Ty, arm: Span) {
        let payload = self.types.option_payload(scrutinee);
        let fits = self.types.compatible(scrutinee, pattern)
            || payload.is_some_and(|payload| self.types.compatible(payload, pattern));
        if !fits {
            self.mismatch(arm, scrutinee, pattern);
        }
    }

    /// Reports the variants that some value of which no arm matches.
    fn exhaustiveness(&mut self, choice: &MatchExpr, scrutinee: Ty) {
        let Kind::Union(union) = self.types.kind(scrutinee) else { return };
        let variants = self.types.union_info(union).variants.clone();
        let patterns: Vec<hir::Pattern> = choice.arms.iter().map(|arm| self.as_decided(&arm.pattern, true)).collect();
        let patterns: Vec<&hir::Pattern> = patterns.iter().collect();
        // Too many patterns to tell: then nothing is known to be missing.
        let Some(tree) = decision::tree(&patterns, scrutinee, self) else { return };
        let missing: Vec<Symbol> = variants
            .into_iter()
            .filter(|variant| !covers(&tree, variant.0))
            .map(|variant| self.types.struct_info(variant).name)
            .collect();
        if !missing.is_empty() {
            let name = self.types.union_info(union).name;
            let missing = name_list(&missing);
            let message = format!("non-exhaustive match on union `{name}`: missing variant(s) {missing}");
            self.report("T050", choice.match_span, message);
        }
    }

    /// A pattern as decision trees have it; variants have the numbers of their structs.
    fn as_decided(&self, pattern: &Pattern, top: bool) -> hir::Pattern {
        let value = |kind| hir::Pattern::Value(hir::Expr { kind, ty: crate::ty::Ty::UNIT, span: pattern.span });
        match &pattern.kind {
            PatternKind::Wildcard | PatternKind::Error => hir::Pattern::Wildcard,
            PatternKind::None => hir::Pattern::Null,
            PatternKind::Int(int) => value(hir::ExprKind::Int(*int)),
            PatternKind::Float(float) => value(hir::ExprKind::Float(*float)),
            PatternKind::Bool(bit) => value(hir::ExprKind::Bool(*bit)),
            PatternKind::Str(text) => value(hir::ExprKind::Str(text.as_str().to_owned())),
            PatternKind::Name(name) => match self.variants.get(*name) {
                Some(variant) => hir::Pattern::Variant { variant: variant.0, fields: Vec::new() },
                // A variable at the top is compared with; which one it is makes no difference here.
                None if top && self.values.get(*name).is_some() => value(hir::ExprKind::Unit),
                None => hir::Pattern::Wildcard,
            },
            PatternKind::Constructor { name, args } => match self.variants.get(name.name) {
                Some(variant) => hir::Pattern::Variant {
                    variant: variant.0,
                    fields: args.iter().map(|arg| self.as_decided(arg, false)).collect(),
                },
                None => hir::Pattern::Wildcard,
            },
        }
    }
}

/// Whether every value of a variant is matched by some arm.
fn covers(tree: &Tree<'_>, variant: u32) -> bool {
    match tree {
        Tree::Test { at, test } if at.is_empty() => match test {
            Test::Variant { cases, default } => match cases.iter().find(|case| case.0 == variant) {
                Some((_, tree)) => tree.is_exhaustive(),
                None => default.as_deref().is_some_and(|tree| tree.is_exhaustive()),
            },
            Test::Null { some: rest, .. } | Test::Equal { no: rest, .. } => covers(rest, variant),
            Test::Int { .. } | Test::Length { .. } | Test::Less { .. } => tree.is_exhaustive(),
        },
        other => other.is_exhaustive(),
    }
}

impl decision::Types for Checker<'_> {
    type Ty = Ty;

    fn domain(&mut self, ty: Ty) -> Domain {
        match self.types.option_payload(ty).unwrap_or(ty) {
            Ty::INT => Domain::Int,
            Ty::BOOL => Domain::Bool,
            Ty::STRING => Domain::Str,
            other => match self.types.kind(other) {
                Kind::Union(union) => Domain::Union(self.types.union_info(union).variants.len()),
                _ => Domain::Other,
            },
        }
    }

    fn part(&mut self, ty: Ty, step: Step) -> Ty {
        match step {
            Step::Payload => self.types.option_payload(ty).unwrap_or(ty),
            Step::Field { variant, field } => {
                self.types.struct_info(StructId(variant)).fields.get(field as usize).map_or(Ty::ERROR, |field| field.1)
            }
        }
    }
}

fn literal(pattern: &PatternKind) -> Option<Literal> {
    Some(match pattern {
        PatternKind::Int(value) => Literal::Int(*value),
        PatternKind::Float(value) => Literal::Float(value.to_bits()),
        PatternKind::Bool(value) => Literal::Bool(*value),
        PatternKind::Str(text) => Literal::Str(text.text),
        PatternKind::None => Literal::None,
        _ => return None,
    })
}
