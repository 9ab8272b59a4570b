//! Union values and `match`.

use super::infer::{Content, Null, Slot};
use super::scope::Resolved;
use super::{Key, Lowerer, Val};
use crate::decision::{self, Domain, Step};
use crate::hir::{Arm, Block, Conversion, Expr, ExprKind, Pattern};
use crate::ty::{Ty, UnionId};
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

impl<'a> Lowerer<'a> {
    fn union_value(&mut self, union: UnionId) -> Slot {
        self.t.fresh_with(Content::Union(union))
    }

    fn variant_fields(&self, union: UnionId, variant: u32) -> Vec<(Symbol, Slot)> {
        self.union_infos
            .get(union.0 as usize)
            .and_then(|info| info.variants.get(variant as usize))
            .map(|variant| variant.fields.clone())
            .unwrap_or_default()
    }

    /// `V(a, b)` or a nullary `V`.
    pub(crate) fn variant(&mut self, union: UnionId, variant: u32, args: Vec<Val>, span: Span) -> Val {
        let fields = self.variant_fields(union, variant);
        if args.len() > fields.len() {
            let message = format!("too many arguments: expected {}, got {}", fields.len(), args.len());
            return self.error("T006", message, span);
        }
        let given: Vec<(usize, Val)> = args.into_iter().enumerate().collect();
        self.variant_node(union, variant, given, span)
    }

    /// `V { f: a }`
    pub(crate) fn named_variant(
        &mut self,
        union: UnionId,
        variant: u32,
        inits: &[(Symbol, &'a ast::Expr, Span)],
        span: Span,
    ) -> Val {
        let fields = self.variant_fields(union, variant);
        let mut given = Vec::new();
        for (name, expr, name_span) in inits {
            let value = self.expr(expr);
            match fields.iter().position(|field| field.0 == *name) {
                Some(index) => given.push((index, value)),
                None => {
                    let variant = self.variant_name(union, variant);
                    self.error("T026", format!("unknown field `{name}` on {variant}"), *name_span);
                }
            }
        }
        self.variant_node(union, variant, given, span)
    }

    fn variant_name(&self, union: UnionId, variant: u32) -> String {
        self.union_infos
            .get(union.0 as usize)
            .and_then(|info| info.variants.get(variant as usize))
            .map(|variant| variant.name.as_str().to_string())
            .unwrap_or_default()
    }

    fn variant_node(&mut self, union: UnionId, variant: u32, given: Vec<(usize, Val)>, span: Span) -> Val {
        let fields = self.variant_fields(union, variant);
        let mut values: Vec<Option<Expr>> = vec![None; fields.len()];
        let mut order = Vec::new();
        for (index, value) in given {
            let value = self.coerce(value, fields[index].1);
            if values[index].is_none() {
                order.push(index as u32);
            }
            values[index] = Some(value);
        }
        let mut complete = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            complete.push(match value {
                Some(value) => value,
                None => {
                    let slot = fields[index].1;
                    self.t.set_null(slot, Null::Hard);
                    order.push(index as u32);
                    let ty = self.ty(slot);
                    Expr { kind: ExprKind::Null, ty, span }
                }
            });
        }
        let slot = self.union_value(union);
        self.val(ExprKind::Variant { union, variant, fields: complete, order }, slot, span)
    }

    /// `used` is false where the value is dropped: the arms then have no common type.
    pub(crate) fn match_expr(&mut self, node: &'a ast::MatchExpr, expr: &'a ast::Expr, used: bool) -> Val {
        let scrutinee = self.plain_expr(&node.scrutinee);
        let scrutinee = self.typed_scrutinee(scrutinee, node);
        let slot = if used { self.keyed(Key::Expr(expr.id.0)) } else { Slot::UNIT };
        let mut arms = Vec::new();
        for arm in &node.arms {
            self.push_scope();
            self.enter_facts();
            let pattern = self.pattern(&arm.pattern, scrutinee.t, true);
            let body = self.arm_body(&arm.body, slot, used, arm.span);
            self.leave_facts();
            self.pop_scope();
            if let Some(pattern) = pattern {
                arms.push(Arm { pattern, body, span: arm.span });
            }
        }
        // Not known yet: do not call it nullable too early.
        let unknown = self.t.content(scrutinee.t) == Content::Bot && !self.final_walk;
        let exhaustive = unknown || self.is_exhaustive(&arms, scrutinee.t);
        if used && !exhaustive {
            self.t.set_null(slot, Null::Hard);
        }
        let kind = ExprKind::Match { scrutinee: Box::new(scrutinee.e), arms, exhaustive };
        self.val(kind, slot, expr.span)
    }

    /// A scrutinee of unknown type that is matched against variants has their union's type.
    fn typed_scrutinee(&mut self, scrutinee: Val, node: &'a ast::MatchExpr) -> Val {
        if !matches!(self.t.content(scrutinee.t), Content::Any | Content::Bot) {
            return scrutinee;
        }
        let union = node.arms.iter().find_map(|arm| match &arm.pattern.kind {
            ast::PatternKind::Constructor { name, .. } => self.variants.get(&name.name).map(|found| found.0),
            ast::PatternKind::Name(name) => self.variants.get(name).map(|found| found.0),
            _ => None,
        });
        let Some(union) = union else { return self.dynamic_if_final(scrutinee) };
        let slot = self.union_value(union);
        if node.arms.iter().any(|arm| matches!(arm.pattern.kind, ast::PatternKind::None)) {
            self.t.set_null(slot, Null::Hard);
        }
        let e = self.coerce(scrutinee, slot);
        Val { e, t: slot }
    }

    fn arm_body(&mut self, body: &'a ast::ArmBody, slot: Slot, used: bool, span: Span) -> Expr {
        match body {
            ast::ArmBody::Expr(expr) if used => {
                let value = self.expr(expr);
                self.coerce(value, slot)
            }
            ast::ArmBody::Expr(expr) => {
                let value = self.expr(expr).e;
                self.drop_value(value)
            }
            ast::ArmBody::Block(block) if used => self.block_value(block, slot, span),
            ast::ArmBody::Block(block) => {
                let stmts: Block = self.block(block);
                let value = Expr { kind: ExprKind::Unit, ty: Ty::UNIT, span };
                Expr { kind: ExprKind::Block { block: stmts, value: Box::new(value) }, ty: Ty::UNIT, span }
            }
        }
    }

    /// A block as a value: its last statement if that is an expression, else null.
    fn block_value(&mut self, block: &'a ast::Block, slot: Slot, span: Span) -> Expr {
        let (statements, last) = match block.statements.split_last() {
            Some((ast::Stmt { kind: ast::StmtKind::Expr(last), .. }, before))
                if super::stmt::falls_through(&block.statements) =>
            {
                (before, Some(last))
            }
            _ => (block.statements.as_slice(), None),
        };
        self.push_scope();
        self.enter_facts();
        let mut stmts = Vec::new();
        self.block_statements(statements, &mut stmts);
        let value = match last {
            Some(last) => {
                let value = self.expr(last);
                self.coerce(value, slot)
            }
            None => {
                if super::stmt::falls_through(statements) {
                    self.t.set_null(slot, Null::Hard);
                }
                let ty = self.ty(slot);
                if ty == Ty::ANY || self.types.is_option(ty) {
                    Expr { kind: ExprKind::Null, ty, span }
                } else {
                    // Control never comes here; an expression of the type has to stand here all the same.
                    let null = Expr { kind: ExprKind::Null, ty: self.types.option(ty), span };
                    Self::converted(Conversion::Unwrap, null, ty)
                }
            }
        };
        self.leave_facts();
        self.pop_scope();
        let ty = value.ty;
        Expr { kind: ExprKind::Block { block: Block { stmts }, value: Box::new(value) }, ty, span }
    }

    /// Lowers a pattern for a value in `slot`. `None` after a report.
    fn pattern(&mut self, pattern: &'a ast::Pattern, slot: Slot, top: bool) -> Option<Pattern> {
        let nullable = self.t.null(slot) != Null::No && self.t.content(slot) != Content::Any;
        let inner = match &pattern.kind {
            ast::PatternKind::Wildcard => return Some(Pattern::Wildcard),
            ast::PatternKind::None => return Some(self.null_pattern(slot, nullable)),
            ast::PatternKind::Error => return None,
            ast::PatternKind::Int(value) => self.constant(ExprKind::Int(*value), Slot::INT, slot, pattern.span),
            ast::PatternKind::Float(value) => self.constant(ExprKind::Float(*value), Slot::FLOAT, slot, pattern.span),
            ast::PatternKind::Bool(value) => self.constant(ExprKind::Bool(*value), Slot::BOOL, slot, pattern.span),
            ast::PatternKind::Str(text) => {
                let text = text.as_str().to_owned();
                self.constant(ExprKind::Str(text), Slot::STR, slot, pattern.span)
            }
            ast::PatternKind::Name(name) => match self.name_pattern(*name, slot, top, pattern.span) {
                Pattern::Bind(local) => return Some(Pattern::Bind(local)),
                other => other,
            },
            ast::PatternKind::Constructor { name, args } => {
                self.constructor_pattern(*name, args, slot, pattern.span)?
            }
        };
        Some(if nullable { Pattern::Some(Box::new(inner)) } else { inner })
    }

    fn null_pattern(&mut self, slot: Slot, nullable: bool) -> Pattern {
        if !nullable && self.t.content(slot) != Content::Any {
            // Matching against null says that the value may be null.
            self.t.set_null(slot, Null::Hard);
        }
        Pattern::Null
    }

    /// A constant in the type of the value it is compared with.
    fn constant(&mut self, kind: ExprKind, own: Slot, slot: Slot, span: Span) -> Pattern {
        let value = self.val(kind, own, span);
        let target = self.t.non_null_copy(slot);
        if !self.final_walk {
            return Pattern::Value(value.e);
        }
        let ty = self.zonk(target);
        match self.convert(value.e, ty) {
            Ok(expr) => Pattern::Value(expr),
            Err(expr) => {
                let (to, from) = (self.describe(ty), self.describe(expr.ty));
                let message = format!("type mismatch: expected {to}, got {from}");
                Pattern::Value(self.error("T008", message, span).e)
            }
        }
    }

    fn name_pattern(&mut self, name: Symbol, slot: Slot, top: bool, span: Span) -> Pattern {
        if let Some((_, variant)) = self.variant_for(name, slot) {
            return Pattern::Variant { variant, fields: Vec::new() };
        }
        if top && !matches!(self.resolve(name), Resolved::Unknown | Resolved::Nested { .. } | Resolved::Closed(_)) {
            let value = match self.resolve(name) {
                Resolved::Var(var) => self.val(ExprKind::Local(var.local), var.slot, span),
                Resolved::Global { id, slot, .. } => self.val(ExprKind::Global(id), slot, span),
                _ => self.poison(span),
            };
            let target = self.t.non_null_copy(slot);
            return Pattern::Value(self.coerce(value, target));
        }
        Pattern::Bind(self.declare(name, slot, span, true).local)
    }

    /// The variant of the value's union with this name.
    fn variant_for(&mut self, name: Symbol, slot: Slot) -> Option<(UnionId, u32)> {
        if let Content::Union(union) = self.t.content(slot) {
            let info = self.union_infos.get(union.0 as usize)?;
            return info.variants.iter().position(|variant| variant.name == name).map(|index| (union, index as u32));
        }
        None
    }

    fn constructor_pattern(
        &mut self,
        name: ast::Ident,
        args: &'a [ast::Pattern],
        slot: Slot,
        span: Span,
    ) -> Option<Pattern> {
        let Some((union, variant)) = self.variant_for(name.name, slot) else {
            if matches!(self.t.content(slot), Content::Bot | Content::Poison) && !self.final_walk {
                return None;
            }
            let found = self.describe_slot(slot);
            let message = format!("type mismatch: expected {found}, got {}", name.as_str());
            self.error("T008", message, span);
            return None;
        };
        let fields = self.variant_fields(union, variant);
        if args.len() > fields.len() {
            let message = format!("too many arguments: expected {}, got {}", fields.len(), args.len());
            self.error("T006", message, span);
            return None;
        }
        let mut patterns = Vec::new();
        for (arg, field) in args.iter().zip(&fields) {
            patterns.push(self.pattern(arg, field.1, false).unwrap_or(Pattern::Wildcard));
        }
        Some(Pattern::Variant { variant, fields: patterns })
    }

    /// Whether some arm matches every value, as far as types are known.
    fn is_exhaustive(&mut self, arms: &[Arm], slot: Slot) -> bool {
        let patterns: Vec<&Pattern> = arms.iter().map(|arm| &arm.pattern).collect();
        match decision::tree(&patterns, slot, self) {
            Some(tree) => tree.is_exhaustive(),
            None => patterns.iter().any(|pattern| decision::is_irrefutable(pattern)),
        }
    }
}

/// Types while they are inferred.
impl decision::Types for Lowerer<'_> {
    type Ty = Slot;

    fn domain(&mut self, slot: Slot) -> Domain {
        match self.t.content(slot) {
            Content::Union(union) => {
                Domain::Union(self.union_infos.get(union.0 as usize).map_or(0, |info| info.variants.len()))
            }
            Content::Int => Domain::Int,
            Content::Bool => Domain::Bool,
            Content::Str => Domain::Str,
            _ => Domain::Other,
        }
    }

    fn part(&mut self, slot: Slot, step: Step) -> Slot {
        match (step, self.t.content(slot)) {
            (Step::Field { variant, field }, Content::Union(union)) => {
                self.variant_fields(union, variant).get(field as usize).map_or(slot, |field| field.1)
            }
            _ => slot,
        }
    }
}
