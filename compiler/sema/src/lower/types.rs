//! Written types to slots.

use super::infer::{Content, Null, Shape, Slot};
use super::origin::Cause;
use super::{IntMode, Key, Lowerer, TypeDef};
use mochi_syntax::{Symbol, ast};

impl<'a> Lowerer<'a> {
    /// The slot of a type written in the current function.
    pub(crate) fn annotation(&mut self, ty: &'a ast::TypeExpr) -> Slot {
        let inst = self.ctx().inst;
        self.annotation_in(inst, ty)
    }

    /// The slot of a written type; always the same one for the same place and function instance.
    pub(crate) fn annotation_in(&mut self, inst: u32, ty: &'a ast::TypeExpr) -> Slot {
        let key = (inst, Key::Type(ty.span.start));
        if let Some(&slot) = self.keys.get(&key) {
            return slot;
        }
        let outer = std::mem::replace(&mut self.t.site, ty.span);
        let slot = self.written_type(inst, ty);
        self.t.site = outer;
        self.keys.insert(key, slot);
        self.flags_changed = true;
        slot
    }

    fn scalar(&mut self, content: Content) -> Slot {
        self.t.make(content, Null::No, true)
    }

    fn written_type(&mut self, inst: u32, ty: &'a ast::TypeExpr) -> Slot {
        match &ty.kind {
            ast::TypeKind::Name(name) => self.named_type(inst, *name),
            ast::TypeKind::Generic { name, args } => match (name.as_str(), args.as_slice()) {
                ("list", [element]) => {
                    let element = self.written_type(inst, element);
                    self.written_container(Shape::List(element))
                }
                ("map", [key, value]) => {
                    let key = self.written_key(inst, key);
                    let value = self.written_type(inst, value);
                    self.written_container(Shape::Map(key, value))
                }
                _ => self.t.introduce(Cause::UnknownType(*name)),
            },
            ast::TypeKind::Record(fields) => {
                let mut slots: Vec<(Symbol, Slot)> =
                    fields.iter().map(|field| (field.name.name, self.written_type(inst, &field.ty))).collect();
                slots.sort_by_key(|field| field.0);
                slots.dedup_by_key(|field| field.0);
                self.written_container(Shape::Rec(slots))
            }
            ast::TypeKind::Fun(fun) => {
                let params = fun.params.iter().map(|param| self.written_type(inst, param)).collect();
                let result = match &fun.result {
                    Some(result) => self.written_type(inst, result),
                    // `fun(int)` says nothing about the result: the functions that arrive decide.
                    None => self.t.fresh(),
                };
                self.written_container(Shape::Fn(params, result))
            }
            ast::TypeKind::Optional(inner) => {
                let slot = self.written_type(inst, inner);
                if let Some(optional) = self.optional_parameter(inst, slot) {
                    return optional;
                }
                self.t.set_null(slot, Null::Hard);
                slot
            }
            ast::TypeKind::Error => self.t.declared_any(),
        }
    }

    /// The type of a map's keys; see `big_key`.
    fn written_key(&mut self, inst: u32, ty: &'a ast::TypeExpr) -> Slot {
        let key = self.written_type(inst, ty);
        match self.t.content(key) {
            Content::BigInt => {
                let content = self.big_key();
                self.scalar(content)
            }
            Content::BigRat => self.scalar(Content::Any),
            _ => key,
        }
    }

    /// `T?` where `T` is a type parameter that a use of the function decides.
    fn optional_parameter(&mut self, inst: u32, slot: Slot) -> Option<Slot> {
        let node = self.insts.get(inst as usize).filter(|node| node.site)?;
        if !node.type_params.values().any(|param| *param == slot) {
            return None;
        }
        let optional = self.t.nullable_copy(slot, Null::Hard);
        self.insts[inst as usize].optionals.push((slot, optional));
        Some(optional)
    }

    fn written_container(&mut self, shape: Shape) -> Slot {
        let obj = self.t.make_obj(shape, true);
        self.t.make(Content::Obj(obj), Null::No, true)
    }

    /// What a type name stands for; unknown names are `any`.
    pub(crate) fn named_type(&mut self, inst: u32, name: Symbol) -> Slot {
        if let Some(node) = self.insts.get(inst as usize)
            && let Some(&slot) = node.type_params.get(&name)
        {
            let own = self.decls.get(node.decl as usize).map(|decl| decl.signature.type_params.as_slice());
            if !own.unwrap_or_default().iter().any(|param| param.name == name) {
                self.insts[inst as usize].tied = true;
            }
            // Nothing that happens to one variable of this type may change the type itself.
            let null = self.t.null(slot);
            return if self.t.is_rigid(slot) { self.t.fixed_copy(slot, null) } else { slot };
        }
        if let Some(def) = self.type_defs.get(&name).copied() {
            return match def {
                TypeDef::Record(id) => self.scalar(Content::Record(id)),
                TypeDef::Union(id) => self.scalar(Content::Union(id)),
                TypeDef::Alias(_) if self.expanding.contains(&name) => self.t.introduce(Cause::Recursive),
                TypeDef::Alias(target) => {
                    self.expanding.push(name);
                    let slot = self.written_type(inst, target);
                    self.expanding.pop();
                    slot
                }
                TypeDef::Any => self.t.introduce(Cause::OpenType(name)),
            };
        }
        let content = match name.as_str() {
            "int" | "int64" if self.options.int == IntMode::Exact => Content::BigInt,
            "int" | "int64" => Content::Int,
            "float" => Content::Float,
            "bool" => Content::Bool,
            "string" => Content::Str,
            "bigint" => Content::BigInt,
            "bigrat" => Content::BigRat,
            "unit" | "void" => Content::Unit,
            "any" => return self.t.declared_any(),
            super::desugar::build::INFERRED => return self.t.fresh(),
            _ => match self.variants.get(&name) {
                Some(&(union, _)) => Content::Union(union),
                None => return self.t.introduce(Cause::UnknownType(name)),
            },
        };
        self.scalar(content)
    }

    /// A variable or parameter cannot be `unit`: it is null then.
    pub(crate) fn value_annotation(&mut self, ty: &'a ast::TypeExpr) -> Slot {
        let slot = self.annotation(ty);
        if self.t.content(slot) == Content::Unit { self.t.declared_any() } else { slot }
    }
}
