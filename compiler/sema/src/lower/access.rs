//! Indexing, slicing, field access, and assignments through them.

use super::infer::{Content, Null, Shape, Slot};
use super::scope::Resolved;
use super::{Lowerer, Val};
use crate::hir::{self, Conversion, Expr, ExprKind, Place, StmtKind};
use crate::ty::{RecordId, Ty};
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

/// Where a field is, once the type of its base is known.
enum FieldPlace {
    /// Field of a record type: number and slot.
    Field(u32, Slot),
    /// Entry of a map.
    Entry,
    /// Only known at run time.
    Dynamic,
    /// Not known yet.
    Unknown,
    Error(Val),
}

impl<'a> Lowerer<'a> {
    pub(crate) fn field_index(&self, record: RecordId, name: Symbol) -> Option<u32> {
        let info = self.record_infos.get(record.0 as usize)?;
        info.fields.iter().position(|field| field.0 == name).map(|index| index as u32)
    }

    pub(crate) fn index(&mut self, index: &'a ast::Index, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        let base = self.expr(&index.base);
        if index.safe.is_some() {
            return self.safe_index(base, index, expr);
        }
        match &index.subscript {
            ast::Subscript::Item(item) => {
                if let Some(name) = constant_text(item)
                    && let Some(value) = self.constant_entry(&base, name, span)
                {
                    return value;
                }
                let item = self.expr(item);
                self.element_of(base, item, index.bracket_span, span)
            }
            ast::Subscript::Slice(slice) => {
                let start = slice.start.as_ref().map(|bound| self.expr(bound));
                let end = slice.end.as_ref().map(|bound| self.expr(bound));
                self.slice(base, start, end, index.bracket_span, span)
            }
            ast::Subscript::Error => self.error("T016", "missing index expression", span),
        }
    }

    /// `r["name"]` on a record is the field.
    fn constant_entry(&mut self, base: &Val, name: Symbol, span: Span) -> Option<Val> {
        match self.t.content(base.t) {
            Content::Obj(obj) => match self.t.shape(obj) {
                Shape::Rec(fields) => {
                    if fields.iter().any(|field| field.0 == name) {
                        Some(self.field_of(base.clone(), name, span))
                    } else {
                        self.t.demote(obj);
                        None
                    }
                }
                _ => None,
            },
            Content::Record(id) if self.field_index(id, name).is_some() => {
                Some(self.field_of(base.clone(), name, span))
            }
            _ => None,
        }
    }

    /// `base[item]`
    pub(crate) fn element_of(&mut self, base: Val, item: Val, bracket: Span, span: Span) -> Val {
        let base = self.unwrapped(base);
        match self.t.content(base.t) {
            Content::Poison => self.poison(span),
            Content::Bot if !self.final_walk => {
                let slot = self.t.fresh();
                self.val(ExprKind::Unit, slot, span)
            }
            Content::Str => {
                let index = self.int_index(item, bracket);
                self.index_node(base, index, Slot::STR, span)
            }
            Content::Obj(obj) => {
                if matches!(self.t.shape(obj), Shape::Rec(_)) {
                    self.t.demote(obj);
                }
                match self.t.shape(obj) {
                    Shape::List(element) => {
                        let index = self.int_index(item, bracket);
                        self.index_node(base, index, element, span)
                    }
                    Shape::Map(key, value) => {
                        let item = self.unwrapped(item);
                        let key = self.map_key(item, key);
                        let slot = self.t.nullable_copy(value, Null::Soft);
                        self.index_node(base, key, slot, span)
                    }
                    Shape::Rec(_) => self.dynamic_index(base, item, span),
                    Shape::Fn(..) => self.not_indexable(base.t, span),
                }
            }
            Content::Any | Content::Record(_) | Content::Bot => self.dynamic_index(base, item, span),
            _ => self.not_indexable(base.t, span),
        }
    }

    fn not_indexable(&mut self, base: Slot, span: Span) -> Val {
        let message = format!("type {} does not support indexing", self.describe_slot(base));
        self.error("T018", message, span)
    }

    fn index_node(&mut self, base: Val, index: Expr, slot: Slot, span: Span) -> Val {
        let kind = ExprKind::Index { base: Box::new(base.e), index: Box::new(index) };
        self.val(kind, slot, span)
    }

    fn dynamic_index(&mut self, base: Val, item: Val, span: Span) -> Val {
        let record = matches!(self.t.content(base.t), Content::Record(_) | Content::Obj(_));
        let (base, item) = (self.as_dynamic(base), self.as_dynamic(item));
        let slot = if record { self.operation("the name of a field is computed here", span) } else { Slot::ANY };
        self.index_node(base, item.e, slot, span)
    }

    /// An index into a list or string.
    fn int_index(&mut self, item: Val, bracket: Span) -> Expr {
        let item = self.unwrapped(item);
        match self.t.content(item.t) {
            Content::Int | Content::Any | Content::Bot | Content::BigInt | Content::Poison => {
                self.coerce(item, Slot::INT)
            }
            _ => self.error("T015", "index must be an integer", bracket).e,
        }
    }

    pub(crate) fn slice(&mut self, base: Val, start: Option<Val>, end: Option<Val>, bracket: Span, span: Span) -> Val {
        let base = self.unwrapped(base);
        let start = start.map(|bound| Box::new(self.int_index(bound, bracket)));
        let end = end.map(|bound| Box::new(self.int_index(bound, bracket)));
        let (base, slot) = match self.t.content(base.t) {
            Content::Str => (base, Slot::STR),
            Content::Poison => return self.poison(span),
            Content::Obj(obj) => match self.t.shape(obj) {
                Shape::List(_) => {
                    let slot = self.t.non_null_copy(base.t);
                    (base, slot)
                }
                Shape::Map(..) | Shape::Rec(_) => {
                    return self.error("T017", "slicing not allowed on map", bracket);
                }
                Shape::Fn(..) => return self.not_indexable(base.t, span),
            },
            Content::Bot if !self.final_walk => {
                let slot = self.t.fresh();
                return self.val(ExprKind::Unit, slot, span);
            }
            Content::Any | Content::Bot => (self.as_dynamic(base), Slot::ANY),
            _ => return self.not_indexable(base.t, span),
        };
        self.val(ExprKind::Slice { base: Box::new(base.e), start, end }, slot, span)
    }

    pub(crate) fn field(&mut self, field: &'a ast::Field, expr: &'a ast::Expr) -> Val {
        if let Some(value) = self.module_member(field, expr.span) {
            return value;
        }
        let base = self.expr(&field.base);
        if field.safe.is_some() || self.reads_leniently(&field.base, base.t) {
            return self.safe_field(base, field, expr);
        }
        self.field_of(base, field.name.name, expr.span)
    }

    fn field_place(&mut self, base: Slot, name: Symbol, span: Span) -> FieldPlace {
        match self.t.content(base) {
            Content::Poison => FieldPlace::Error(self.poison(span)),
            Content::Bot if !self.final_walk => FieldPlace::Unknown,
            Content::Bot | Content::Any | Content::Union(_) => FieldPlace::Dynamic,
            Content::Record(id) => match self.field_index(id, name) {
                Some(index) => {
                    let slot = self.record_infos[id.0 as usize].fields[index as usize].1;
                    FieldPlace::Field(index, slot)
                }
                None => {
                    let record = self.record_infos[id.0 as usize].name.clone();
                    FieldPlace::Error(self.error("T026", format!("unknown field `{name}` on {record}"), span))
                }
            },
            Content::Obj(obj) => match self.t.shape(obj) {
                Shape::Rec(fields) => match fields.iter().position(|field| field.0 == name) {
                    Some(index) => FieldPlace::Field(index as u32, fields[index].1),
                    None if self.group_fields(base).is_some() => {
                        FieldPlace::Error(self.error("T026", format!("unknown field `{name}` on group"), span))
                    }
                    None if self.t.demote(obj) => FieldPlace::Entry,
                    None => FieldPlace::Dynamic,
                },
                Shape::Map(..) => FieldPlace::Entry,
                Shape::List(_) | Shape::Fn(..) => {
                    let ty = self.describe_slot(base);
                    FieldPlace::Error(self.error("T027", format!("{ty} is not a struct"), span))
                }
            },
            _ => {
                let ty = self.describe_slot(base);
                FieldPlace::Error(self.error("T027", format!("{ty} is not a struct"), span))
            }
        }
    }

    /// `base.name`
    pub(crate) fn field_of(&mut self, base: Val, name: Symbol, span: Span) -> Val {
        let base = self.unwrapped(base);
        if let Some(value) = self.bound_method(&base, name, span) {
            return value;
        }
        if let Some(variable) = self.row_variable(base.t, name) {
            let value = self.field_of(base, variable, span);
            return self.field_of(value, name, span);
        }
        // The parts of a composite key are readable on the group itself.
        if let Some(fields) = self.group_fields(base.t)
            && !fields.iter().any(|field| field.0 == name)
        {
            let key = self.field_of(base, Symbol::intern("key"), span);
            return self.field_of(key, name, span);
        }
        match self.field_place(base.t, name, span) {
            FieldPlace::Field(field, slot) => self.val(ExprKind::Field { base: Box::new(base.e), field }, slot, span),
            FieldPlace::Entry => {
                let key = self.val(ExprKind::Str(name.as_str().into()), Slot::STR, span);
                self.element_of(base, key, span, span)
            }
            FieldPlace::Dynamic => {
                let slot = match self.t.content(base.t) {
                    Content::Union(_) => self.operation("only some variants of the union have this field", span),
                    Content::Obj(_) => self.operation("the type of the record does not have this field", span),
                    _ => Slot::ANY,
                };
                let base = self.as_dynamic(base);
                let kind = ExprKind::AnyField { base: Box::new(base.e), name: name.as_str().into() };
                self.val(kind, slot, span)
            }
            FieldPlace::Unknown => {
                let slot = self.t.fresh();
                self.val(ExprKind::Unit, slot, span)
            }
            FieldPlace::Error(value) => value,
        }
    }

    /// The base is a joined variable that may be null.
    fn reads_leniently(&mut self, base: &ast::Expr, slot: Slot) -> bool {
        let Some(name) = base.as_name() else { return false };
        if self.lenient.is_empty() || self.t.null(slot) == Null::No {
            return false;
        }
        match self.resolve(name) {
            super::scope::Resolved::Var(var) => self.lenient.contains(&var.key),
            _ => false,
        }
    }

    /// `base?.name`: null when the base is null.
    fn safe_field(&mut self, base: Val, field: &'a ast::Field, expr: &'a ast::Expr) -> Val {
        let name = field.name.name;
        self.guarded(base, expr, |this, base| this.field_of(base, name, expr.span))
    }

    fn safe_index(&mut self, base: Val, index: &'a ast::Index, expr: &'a ast::Expr) -> Val {
        let ast::Subscript::Item(item) = &index.subscript else {
            return self.error("T016", "missing index expression", expr.span);
        };
        self.guarded(base, expr, |this, base| {
            let item = this.expr(item);
            this.element_of(base, item, index.bracket_span, expr.span)
        })
    }

    /// `if base is null { null } else { body(base) }`, with the base evaluated once.
    fn guarded(&mut self, base: Val, expr: &'a ast::Expr, body: impl FnOnce(&mut Self, Val) -> Val) -> Val {
        let span = expr.span;
        let slot = self.keyed(super::Key::Expr(expr.id.0));
        self.t.set_null(slot, Null::Hard);
        let base_slot = base.t;
        let local = self.temporary(base_slot, span);
        let ty = base.e.ty;
        let stmts = vec![hir::Stmt { kind: StmtKind::Let { local, init: Some(base.e) }, span }];
        let read = Val { e: Expr { kind: ExprKind::Local(local), ty, span }, t: base_slot };
        let inner = body(self, read.clone());
        let inner = self.coerce(inner, slot);
        let value = if self.final_walk && ty != Ty::ANY && !self.types.is_option(ty) {
            Val { e: inner, t: slot }
        } else {
            let result = self.ty(slot);
            let cond = Expr { kind: ExprKind::IsNull(Box::new(read.e)), ty: Ty::BOOL, span };
            let null = Expr { kind: ExprKind::Null, ty: result, span };
            let kind = ExprKind::If { cond: Box::new(cond), then: Box::new(null), els: Box::new(inner) };
            self.val(kind, slot, span)
        };
        self.with_statements(stmts, value)
    }

    /// `a[i] = v`, `a.f = v` and deeper.
    pub(crate) fn assign_part(&mut self, assign: &'a ast::Assign, span: Span, out: &mut Vec<hir::Stmt>) {
        let target = &assign.target;
        match &target.kind {
            ast::ExprKind::Field(field) => {
                let base = self.expr(&field.base);
                let base = self.unwrapped(base);
                let value = self.expr(&assign.value);
                self.assign_field(base, field.name.name, value, target.span, span, out);
            }
            ast::ExprKind::Index(index) => {
                let ast::Subscript::Item(item) = &index.subscript else {
                    self.error("T016", "missing index expression", target.span);
                    return;
                };
                let base = self.expr(&index.base);
                self.make_map(&index.base, &base, span, out);
                let base = self.unwrapped(base);
                if let Some(name) = constant_text(item)
                    && self.has_field(base.t, name)
                {
                    let value = self.expr(&assign.value);
                    self.assign_field(base, name, value, target.span, span, out);
                    return;
                }
                let value = self.expr(&assign.value);
                let item = self.expr(item);
                self.assign_element(base, item, value, index.bracket_span, span, out);
            }
            _ => {
                self.error("T014", "invalid primary expression", target.span);
            }
        }
    }

    /// Storing an entry in a variable whose map is absent (declared without a value) makes the map.
    fn make_map(&mut self, target: &'a ast::Expr, base: &Val, span: Span, out: &mut Vec<hir::Stmt>) {
        let Some(name) = target.as_name() else { return };
        if self.t.null(base.t) != Null::Hard || !matches!(self.t.shape_of(base.t), Some(Shape::Map(..))) {
            return;
        }
        let place = match self.resolve(name) {
            Resolved::Var(var) => {
                self.mark_assigned(var.key);
                Place::Local(var.local)
            }
            Resolved::Global { id, .. } => Place::Global(id),
            _ => return,
        };
        if !self.final_walk || !self.types.is_option(base.e.ty) {
            return;
        }
        let ty = self.types.strip_option(base.e.ty);
        let empty = Expr { kind: ExprKind::Map(Vec::new()), ty, span };
        let value = Self::converted(Conversion::Some, empty, base.e.ty);
        let cond = Expr { kind: ExprKind::IsNull(Box::new(base.e.clone())), ty: Ty::BOOL, span };
        let then = hir::Block { stmts: vec![hir::Stmt { kind: StmtKind::Assign { place, value }, span }] };
        out.push(hir::Stmt { kind: StmtKind::If { cond, then, els: hir::Block::default() }, span });
    }

    pub(crate) fn has_field(&mut self, base: Slot, name: Symbol) -> bool {
        match self.t.content(base) {
            Content::Record(id) => self.field_index(id, name).is_some(),
            Content::Obj(obj) => match self.t.shape(obj) {
                Shape::Rec(fields) => fields.iter().any(|field| field.0 == name),
                _ => false,
            },
            _ => false,
        }
    }

    pub(crate) fn assign_field(
        &mut self,
        base: Val,
        name: Symbol,
        value: Val,
        target: Span,
        span: Span,
        out: &mut Vec<hir::Stmt>,
    ) {
        match self.field_place(base.t, name, target) {
            FieldPlace::Field(field, slot) => {
                let value = self.coerce(value, slot);
                let place = Place::Field { base: base.e, field, span: target };
                out.push(hir::Stmt { kind: StmtKind::Assign { place, value }, span });
            }
            FieldPlace::Entry => {
                let key = self.val(ExprKind::Str(name.as_str().into()), Slot::STR, target);
                self.assign_element(base, key, value, target, span, out);
            }
            FieldPlace::Dynamic => {
                let (base, value) = (self.as_dynamic(base), self.as_dynamic(value));
                let place = Place::AnyField { base: base.e, name: name.as_str().into(), span: target };
                out.push(hir::Stmt { kind: StmtKind::Assign { place, value: value.e }, span });
            }
            FieldPlace::Unknown | FieldPlace::Error(_) => {}
        }
    }

    fn assign_element(
        &mut self,
        base: Val,
        item: Val,
        value: Val,
        bracket: Span,
        span: Span,
        out: &mut Vec<hir::Stmt>,
    ) {
        let (base, index, value) = match self.t.content(base.t) {
            Content::Poison => return,
            Content::Bot if !self.final_walk => return,
            Content::Obj(obj) => {
                if matches!(self.t.shape(obj), Shape::Rec(_)) {
                    self.t.demote(obj);
                }
                match self.t.shape(obj) {
                    Shape::List(element) => {
                        let index = self.int_index(item, bracket);
                        (base, index, self.coerce(value, element))
                    }
                    Shape::Map(key, slot) => {
                        let item = self.unwrapped(item);
                        let key = self.map_key(item, key);
                        (base, key, self.coerce(value, slot))
                    }
                    _ => {
                        let (base, item) = (self.as_dynamic(base), self.as_dynamic(item));
                        (base, item.e, self.as_dynamic(value).e)
                    }
                }
            }
            Content::Any | Content::Bot | Content::Record(_) => {
                let (base, item) = (self.as_dynamic(base), self.as_dynamic(item));
                (base, item.e, self.as_dynamic(value).e)
            }
            _ => {
                self.not_indexable(base.t, span);
                return;
            }
        };
        let place = Place::Index { base: base.e, index, span: bracket };
        out.push(hir::Stmt { kind: StmtKind::Assign { place, value }, span });
    }
}

fn constant_text(expr: &ast::Expr) -> Option<Symbol> {
    match &expr.without_parens().kind {
        ast::ExprKind::Str(text) => Some(text.text),
        _ => None,
    }
}
