//! List, map and struct literals. A map literal with plain names or strings as keys is a structural record until something
//! uses it as a map.

use super::infer::{Content, Null, Shape, Slot};
use super::{IntMode, Key, Lowerer, TypeDef, Val};
use crate::hir::{Expr, ExprKind};
use crate::ty::{RecordId, Ty, TyKind};
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

impl<'a> Lowerer<'a> {
    pub(crate) fn list_literal(&mut self, items: &'a [ast::Expr], expr: &'a ast::Expr) -> Val {
        let list = self.literal_container(expr, |table, part| Shape::List(part(table)));
        let values: Vec<Val> = items.iter().map(|item| self.expr(item)).collect();
        let Some(element) = self.t.element(list) else { return self.poison(expr.span) };
        let items = values.into_iter().map(|value| self.coerce(value, element)).collect();
        self.val(ExprKind::List(items), list, expr.span)
    }

    /// The container of a literal: made once per function instance.
    fn literal_container(
        &mut self,
        expr: &ast::Expr,
        shape: impl FnOnce(&mut super::infer::Table, &mut dyn FnMut(&mut super::infer::Table) -> Slot) -> Shape,
    ) -> Slot {
        let slot = self.keyed(Key::Expr(expr.id.0));
        if self.t.content(slot) == Content::Bot {
            let shape = shape(&mut self.t, &mut |table| table.fresh());
            let obj = self.t.make_obj(shape, false);
            self.t.set_content(slot, Content::Obj(obj));
        }
        slot
    }

    pub(crate) fn map_literal(&mut self, entries: &'a [ast::MapEntry], expr: &'a ast::Expr) -> Val {
        let names: Option<Vec<Symbol>> = entries.iter().map(|entry| plain_key(&entry.key)).collect();
        let names = names.filter(|names| {
            let mut sorted = names.clone();
            sorted.sort();
            sorted.dedup();
            !names.is_empty() && sorted.len() == names.len()
        });
        let slot = match &names {
            Some(names) => {
                let mut sorted = names.clone();
                sorted.sort();
                self.literal_container(expr, |table, part| {
                    Shape::Rec(sorted.into_iter().map(|name| (name, part(table))).collect())
                })
            }
            None => self.literal_container(expr, |table, part| Shape::Map(part(table), part(table))),
        };
        match self.t.shape_of(slot) {
            Some(Shape::Rec(fields)) => self.record_literal(entries, &names.unwrap_or_default(), &fields, slot, expr),
            Some(Shape::Map(key, value)) => self.map_entries(entries, key, value, slot, expr),
            _ => self.poison(expr.span),
        }
    }

    fn record_literal(
        &mut self,
        entries: &'a [ast::MapEntry],
        names: &[Symbol],
        fields: &[(Symbol, Slot)],
        slot: Slot,
        expr: &'a ast::Expr,
    ) -> Val {
        let mut values: Vec<Option<Expr>> = vec![None; fields.len()];
        let mut order = Vec::new();
        for (entry, name) in entries.iter().zip(names) {
            let value = self.expr(&entry.value);
            let Some(index) = fields.iter().position(|field| field.0 == *name) else { continue };
            let value = self.coerce(value, fields[index].1);
            values[index] = Some(value);
            order.push(index as u32);
        }
        let fields: Vec<Expr> = values.into_iter().flatten().collect();
        let record = self.record_of(slot);
        self.val(ExprKind::Record { record, fields, order }, slot, expr.span)
    }

    /// The record type in a slot; only meaningful in the final walk.
    fn record_of(&mut self, slot: Slot) -> RecordId {
        if !self.final_walk {
            return RecordId(0);
        }
        let ty = self.zonk(slot);
        let ty = self.types.strip_option(ty);
        match self.types.kind(ty) {
            TyKind::Record(id) => *id,
            _ => RecordId(0),
        }
    }

    fn map_entries(
        &mut self,
        entries: &'a [ast::MapEntry],
        key: Slot,
        value: Slot,
        slot: Slot,
        expr: &'a ast::Expr,
    ) -> Val {
        let mut pairs = Vec::new();
        for entry in entries {
            let name = match plain_key(&entry.key) {
                Some(name) => self.val(ExprKind::Str(name.as_str().to_string()), Slot::STR, entry.key.span),
                None => self.expr(&entry.key),
            };
            let name = self.unwrapped(name);
            let item = self.expr(&entry.value);
            let name = self.map_key(name, key);
            pairs.push((name, self.coerce(item, value)));
        }
        self.val(ExprKind::Map(pairs), slot, expr.span)
    }

    /// A value as a key of a map. Keys are text in the language: an `int` finds the entry of its digits.
    /// What a big integer is as a key: keys are words, or text. Where every `int` is big, keys still have 64 bits.
    pub(crate) fn big_key(&self) -> Content {
        if self.options.int == IntMode::Exact { Content::Int } else { Content::Any }
    }

    pub(crate) fn map_key(&mut self, value: Val, key: Slot) -> Expr {
        let (given, wanted) = (self.t.content(value.t), self.t.content(key));
        match (given, wanted) {
            (Content::Bot | Content::Poison, _) => self.coerce(value, key),
            (_, Content::Bot) => {
                let content = match given {
                    Content::Int | Content::Str | Content::Any => given,
                    Content::BigInt => self.big_key(),
                    _ => Content::Str,
                };
                self.t.set_content(key, content);
                self.map_key(value, key)
            }
            (Content::Str, Content::Int) if !self.t.is_rigid(key) => {
                self.t.set_content(key, Content::Str);
                self.coerce(value, key)
            }
            // Checked; the key itself stays a word.
            (Content::BigInt, Content::Int) => self.coerce(value, Slot::INT),
            (Content::Str, Content::Str)
            | (Content::Int, Content::Int)
            | (_, Content::Any)
            | (Content::Any, Content::Int | Content::Float | Content::Bool)
            | (Content::Float, Content::Float)
            | (Content::Bool, Content::Bool) => self.coerce(value, key),
            (Content::Str, Content::Int) => {
                let span = value.e.span;
                Self::converted(crate::hir::Conversion::Cast, value.e, Ty::INT).with_span(span)
            }
            (_, Content::Str) => {
                let span = value.e.span;
                let builtin = crate::hir::Builtin::Str;
                self.val(ExprKind::Builtin { builtin, args: vec![value.e] }, Slot::STR, span).e
            }
            _ => {
                let (key, value_ty) = (self.describe_slot(key), self.describe_slot(value.t));
                let message = format!("map key type mismatch: expected {key}, got {value_ty}");
                self.error("T019", message, value.e.span).e
            }
        }
    }

    pub(crate) fn struct_literal(&mut self, literal: &'a ast::StructLiteral, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        let name = literal.name.name;
        let def = self.type_defs.get(&name).copied();
        let def = match def {
            Some(TypeDef::Alias(ty)) => self.alias_record(ty),
            other => other,
        };
        match def {
            Some(TypeDef::Record(id)) => self.declared_record(id, literal, span),
            _ => match self.variants.get(&name).copied() {
                Some((union, variant)) => {
                    let named: Vec<(Symbol, &'a ast::Expr, Span)> =
                        literal.fields.iter().map(|field| (field.name.name, &field.value, field.name.span)).collect();
                    self.named_variant(union, variant, &named, span)
                }
                None => self.undeclared_struct(literal, expr),
            },
        }
    }

    /// A literal of a struct that is not declared: its fields without a name.
    fn undeclared_struct(&mut self, literal: &'a ast::StructLiteral, expr: &'a ast::Expr) -> Val {
        self.warn("T025", format!("unknown type: {}", literal.name.as_str()), literal.name.span);
        let given = literal.fields.iter().map(|field| (field.name.name, self.expr(&field.value))).collect();
        let slot = self.keyed(Key::Expr(expr.id.0));
        self.structural(slot, given, expr.span)
    }

    fn alias_record(&mut self, ty: &'a ast::TypeExpr) -> Option<TypeDef<'a>> {
        let slot = self.annotation_in(super::declare::GLOBAL_INST, ty);
        match self.t.content(slot) {
            Content::Record(id) => Some(TypeDef::Record(id)),
            _ => None,
        }
    }

    fn declared_record(&mut self, id: RecordId, literal: &'a ast::StructLiteral, span: Span) -> Val {
        let fields = self.record_infos[id.0 as usize].fields.clone();
        let mut values: Vec<Option<Expr>> = vec![None; fields.len()];
        let mut order = Vec::new();
        for init in &literal.fields {
            let value = self.expr(&init.value);
            let Some(index) = fields.iter().position(|field| field.0 == init.name.name) else {
                let message = format!("unknown field `{}` on {}", init.name.as_str(), literal.name.as_str());
                self.error("T026", message, init.name.span);
                continue;
            };
            let value = self.coerce(value, fields[index].1);
            if values[index].is_none() {
                order.push(index as u32);
            }
            values[index] = Some(value);
        }
        // Missing fields are null.
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
        let slot = self.t.fresh_with(Content::Record(id));
        self.val(ExprKind::Record { record: id, fields: complete, order }, slot, span)
    }
}

/// A key that stands for its own text.
pub(crate) fn plain_key(key: &ast::Expr) -> Option<Symbol> {
    match &key.kind {
        ast::ExprKind::Name(name) => Some(*name),
        ast::ExprKind::Str(text) => Some(text.text),
        _ => None,
    }
}

impl Expr {
    fn with_span(mut self, span: Span) -> Expr {
        self.span = span;
        self
    }
}
