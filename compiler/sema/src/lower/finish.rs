//! From slots to concrete types, and the conversions between concrete types.

use super::infer::{Content, Null, Obj, Shape, Slot};
use super::origin::Cause;
use super::{IntMode, Lowerer, RecordInfo, Val};
use crate::hir::{self, Conversion, Expr, ExprKind};
use crate::ty::{RecordId, Ty, TyKind};
use mochi_diagnostics::Span;
use mochi_syntax::Symbol;

impl<'a> Lowerer<'a> {
    /// The concrete type of a slot. Unknown is `any`.
    pub(crate) fn zonk(&mut self, slot: Slot) -> Ty {
        let null = self.t.null(slot);
        let ty = match self.t.content(slot) {
            Content::Bot | Content::Poison => return Ty::ANY,
            Content::Any => {
                self.note_any(slot);
                return Ty::ANY;
            }
            Content::Unit => Ty::UNIT,
            Content::Int => Ty::INT,
            Content::Float => Ty::FLOAT,
            Content::Bool => Ty::BOOL,
            Content::Str => Ty::STR,
            Content::BigInt => Ty::BIGINT,
            Content::BigRat => Ty::BIGRAT,
            Content::Record(id) => self.types.intern(TyKind::Record(id)),
            Content::Union(id) => self.types.intern(TyKind::Union(id)),
            Content::Obj(obj) if self.closes_cycle(obj) => {
                // A list in itself has no finite type.
                self.t.make_any(slot, Cause::Recursive);
                self.note_any(slot);
                return Ty::ANY;
            }
            Content::Obj(obj) => self.zonk_obj(obj),
        };
        if null == Null::No { ty } else { self.types.option(ty) }
    }

    /// The container is one of those being written down, and not a record (whose name can stand for it).
    fn closes_cycle(&mut self, obj: Obj) -> bool {
        let root = self.t.find_obj(obj);
        self.zonking.contains_key(&root) && !matches!(self.t.shape(root), Shape::Rec(_))
    }

    fn zonk_obj(&mut self, obj: Obj) -> Ty {
        let root = self.t.find_obj(obj);
        if self.final_walk
            && let Some(&ty) = self.zonked.get(&root)
        {
            return ty;
        }
        if let Some(entry) = self.zonking.get(&root).copied() {
            return self.recursive_type(root, entry);
        }
        self.zonking.insert(root, None);
        let ty = match self.t.shape(root) {
            Shape::List(element) => {
                let element = self.zonk(element);
                self.types.list(element)
            }
            Shape::Map(key, value) => {
                let (key, value) = (self.zonk(key), self.zonk(value));
                let key = self.types.strip_option(key);
                self.types.map(key, value)
            }
            Shape::Fn(params, result) => {
                let params = params.into_iter().map(|param| self.zonk(param)).collect();
                let result = self.zonk(result);
                self.types.function(params, result)
            }
            Shape::Rec(fields) => {
                let fields: Vec<(Symbol, Ty)> =
                    fields.into_iter().map(|(name, slot)| (name, self.zonk(slot))).collect();
                let reserved = self.zonking.get(&root).copied().flatten();
                let id = self.anonymous_record(fields, reserved);
                self.types.intern(TyKind::Record(id))
            }
        };
        self.zonking.remove(&root);
        if self.final_walk {
            self.zonked.insert(root, ty);
        }
        ty
    }

    /// A structural record that contains itself gets its identity before its fields; other cycles end in `any`.
    fn recursive_type(&mut self, root: Obj, entry: Option<RecordId>) -> Ty {
        if !matches!(self.t.shape(root), Shape::Rec(_)) {
            return Ty::ANY;
        }
        let id = entry.unwrap_or_else(|| self.push_anonymous());
        self.zonking.insert(root, Some(id));
        self.types.intern(TyKind::Record(id))
    }

    fn push_anonymous(&mut self) -> RecordId {
        let id = RecordId(self.record_infos.len() as u32);
        self.record_infos.push(RecordInfo {
            name: String::new(),
            anonymous: true,
            fields: Vec::new(),
            methods: Default::default(),
            span: Span::default(),
        });
        id
    }

    pub(crate) fn anonymous_record(&mut self, fields: Vec<(Symbol, Ty)>, reserved: Option<RecordId>) -> RecordId {
        if reserved.is_none()
            && let Some(&id) = self.anonymous.get(&fields)
        {
            return id;
        }
        let id = reserved.unwrap_or_else(|| self.push_anonymous());
        self.anonymous.insert(fields.clone(), id);
        self.anonymous_types.insert(id, fields);
        id
    }

    /// Names and types of a record's fields.
    pub(crate) fn record_fields(&mut self, id: RecordId) -> Vec<(Symbol, Ty)> {
        if let Some(fields) = self.anonymous_types.get(&id) {
            return fields.clone();
        }
        let fields: Vec<(Symbol, Slot)> = match self.record_infos.get(id.0 as usize) {
            Some(info) => info.fields.clone(),
            None => Vec::new(),
        };
        fields.into_iter().map(|(name, slot)| (name, self.zonk(slot))).collect()
    }

    /// Lets a value flow into a slot. Should the slot become `any`, this is where.
    pub(crate) fn flow(&mut self, value: &Val, to: Slot) {
        let outer = std::mem::replace(&mut self.t.site, value.e.span);
        self.t.flow(value.t, to);
        self.t.site = outer;
    }

    /// Lets a value flow into a slot and converts it to the slot's type.
    pub(crate) fn coerce(&mut self, value: Val, to: Slot) -> Expr {
        self.flow(&value, to);
        if !self.final_walk || self.t.content(value.t) == Content::Poison {
            return value.e;
        }
        let target = self.zonk(to);
        self.convert_or_report(value.e, target)
    }

    pub(crate) fn convert_or_report(&mut self, value: Expr, to: Ty) -> Expr {
        let (from, span) = (value.ty, value.span);
        match self.convert(value, to) {
            Ok(expr) => expr,
            Err(expr) => {
                let message = format!("type mismatch: expected {}, got {}", self.describe(to), self.describe(from));
                self.error("T008", message, span);
                *expr
            }
        }
    }

    pub(crate) fn converted(kind: Conversion, value: Expr, ty: Ty) -> Expr {
        let span = value.span;
        Expr { kind: ExprKind::Convert { kind, value: Box::new(value) }, ty, span }
    }

    /// The implicit conversion between two concrete types, or the value back when there is none.
    pub(crate) fn convert(&mut self, value: Expr, to: Ty) -> Result<Expr, Box<Expr>> {
        let from = value.ty;
        if from == to {
            return Ok(value);
        }
        if let Some(expr) = convert_literal(&value, to) {
            return Ok(expr);
        }
        let (from_kind, to_kind) = (self.types.kind(from).clone(), self.types.kind(to).clone());
        match (from_kind, to_kind) {
            (_, TyKind::Unit) => Ok(self.drop_value(value)),
            // What is fetched is decoded straight to the type that is wanted.
            _ if is_fetch(&value) => Ok(Expr { ty: to, ..value }),
            (_, TyKind::Any) => Ok(self.to_any(value)),
            (TyKind::Unit, TyKind::Option(_)) => {
                let null = Expr { kind: ExprKind::Null, ty: to, span: value.span };
                Ok(sequence(value, null))
            }
            (TyKind::Option(_), TyKind::Option(_)) if matches!(value.kind, ExprKind::Null) => {
                Ok(Expr { ty: to, ..value })
            }
            (TyKind::Option(_), TyKind::Option(_)) => {
                let dynamic = self.to_any(value);
                Ok(self.from_any(dynamic, to))
            }
            (TyKind::Option(payload), _) => {
                let unwrapped = Self::converted(Conversion::Unwrap, value, payload);
                self.convert(unwrapped, to)
            }
            (TyKind::Any, _) => Ok(self.from_any(value, to)),
            (_, TyKind::Option(payload)) => {
                let inner = self.convert(value, payload)?;
                Ok(Self::converted(Conversion::Some, inner, to))
            }
            (TyKind::Int, TyKind::Float | TyKind::BigInt | TyKind::BigRat) | (TyKind::BigInt, TyKind::BigRat) => {
                Ok(Self::converted(Conversion::Widen, value, to))
            }
            (TyKind::BigInt | TyKind::BigRat, TyKind::Float)
            | (TyKind::Float, TyKind::BigRat)
            | (TyKind::BigInt, TyKind::Int) => Ok(Self::converted(Conversion::Cast, value, to)),
            (TyKind::List(a), TyKind::List(b)) => self.convert_elements(value, to, &[(a, b)]),
            (TyKind::Map(k, a), TyKind::Map(l, b)) => self.convert_elements(value, to, &[(k, l), (a, b)]),
            (TyKind::Fn(a, _), TyKind::Fn(b, _)) if a.len() == b.len() => {
                Ok(Self::converted(Conversion::Adapter, value, to))
            }
            (TyKind::Record(a), TyKind::Record(b)) if self.fields_fit(a, b) => {
                Ok(Self::converted(Conversion::RecordFields, value, to))
            }
            (TyKind::Record(_), TyKind::Map(key, _)) if key == Ty::STR => {
                Ok(Self::converted(Conversion::Cast, value, to))
            }
            (TyKind::Map(..), TyKind::Record(b)) if self.record_infos[b.0 as usize].anonymous => {
                Ok(Self::converted(Conversion::Cast, value, to))
            }
            _ => Err(Box::new(value)),
        }
    }

    /// A value that only matters for its effects.
    pub(crate) fn drop_value(&mut self, value: Expr) -> Expr {
        if value.ty == Ty::UNIT {
            return value;
        }
        let unit = Expr { kind: ExprKind::Unit, ty: Ty::UNIT, span: value.span };
        sequence(value, unit)
    }

    /// Functions inside `any` always take and return `any`, so that their type can be checked when they come out.
    fn dynamic_function(&mut self, params: usize) -> Ty {
        self.types.function(vec![Ty::ANY; params], Ty::ANY)
    }

    pub(crate) fn to_any(&mut self, value: Expr) -> Expr {
        if value.ty == Ty::ANY {
            return value;
        }
        if matches!(value.kind, ExprKind::Null) {
            return Expr { ty: Ty::ANY, ..value };
        }
        let value = match self.types.kind(value.ty).clone() {
            TyKind::Fn(params, _) => {
                let dynamic = self.dynamic_function(params.len());
                if value.ty == dynamic { value } else { Self::converted(Conversion::Adapter, value, dynamic) }
            }
            _ => value,
        };
        Self::converted(Conversion::ToAny, value, Ty::ANY)
    }

    fn from_any(&mut self, value: Expr, to: Ty) -> Expr {
        if matches!(value.kind, ExprKind::Null) && self.types.is_option(to) {
            return Expr { ty: to, ..value };
        }
        match self.types.kind(to).clone() {
            TyKind::Fn(params, _) => {
                let dynamic = self.dynamic_function(params.len());
                let function = Self::converted(Conversion::FromAny, value, dynamic);
                if to == dynamic { function } else { Self::converted(Conversion::Adapter, function, to) }
            }
            _ => Self::converted(Conversion::FromAny, value, to),
        }
    }

    fn convert_elements(&mut self, value: Expr, to: Ty, parts: &[(Ty, Ty)]) -> Result<Expr, Box<Expr>> {
        self.note_copy(&value, to);
        let mut simple = true;
        for &(from, part) in parts {
            if from == part {
                continue;
            }
            let probe = Expr { kind: ExprKind::Unit, ty: from, span: value.span };
            match self.convert(probe, part) {
                Ok(Expr { kind: ExprKind::Convert { kind, value: inner }, .. }) => {
                    simple &=
                        matches!(kind, Conversion::Widen | Conversion::Some | Conversion::ToAny | Conversion::FromAny)
                            && matches!(inner.kind, ExprKind::Unit);
                }
                Ok(_) => simple = false,
                Err(_) => return Err(Box::new(value)),
            }
        }
        if simple {
            return Ok(Self::converted(Conversion::Elements, value, to));
        }
        // Nested differences go through the dynamic conversion, which works element by element.
        let dynamic = Self::converted(Conversion::ToAny, value, Ty::ANY);
        Ok(Self::converted(Conversion::FromAny, dynamic, to))
    }

    /// Every field of `to` has a counterpart in `from`.
    pub(crate) fn fields_fit(&mut self, from: RecordId, to: RecordId) -> bool {
        let (source, target) = (self.record_fields(from), self.record_fields(to));
        if !self.record_infos[from.0 as usize].anonymous {
            return false;
        }
        target.iter().all(|(name, wanted)| {
            source.iter().find(|(other, _)| other == name).is_some_and(|(_, given)| {
                let probe = Expr { kind: ExprKind::Unit, ty: *given, span: Span::default() };
                given == wanted || self.convert(probe, *wanted).is_ok()
            })
        })
    }

    /// A type as messages show it.
    pub(crate) fn describe(&mut self, ty: Ty) -> String {
        match self.types.kind(ty).clone() {
            TyKind::Unit => "unit".into(),
            TyKind::Int => "int".into(),
            TyKind::Float => "float".into(),
            TyKind::Bool => "bool".into(),
            TyKind::Str => "string".into(),
            TyKind::BigInt if self.options.int == IntMode::Exact => "int".into(),
            TyKind::BigInt => "bigint".into(),
            TyKind::BigRat => "bigrat".into(),
            TyKind::Any => "any".into(),
            TyKind::Option(payload) => format!("option[{}]", self.describe(payload)),
            TyKind::List(element) => format!("[{}]", self.describe(element)),
            TyKind::Map(key, value) => format!("{{{}: {}}}", self.describe(key), self.describe(value)),
            TyKind::Record(id) => self.describe_record(id),
            TyKind::Union(id) => self.union_infos.get(id.0 as usize).map_or(String::new(), |info| info.name.clone()),
            TyKind::Fn(params, result) => {
                let params: Vec<String> = params.into_iter().map(|param| self.describe(param)).collect();
                let head = format!("fun({})", params.join(", "));
                if result == Ty::UNIT { head } else { format!("{head}: {}", self.describe(result)) }
            }
        }
    }

    fn describe_record(&mut self, id: RecordId) -> String {
        let Some(info) = self.record_infos.get(id.0 as usize) else { return String::new() };
        if !info.anonymous {
            return info.name.clone();
        }
        let names: Vec<&str> = self
            .anonymous_types
            .get(&id)
            .map(|fields| fields.iter().map(|field| field.0.as_str()).collect())
            .unwrap_or_default();
        format!("{{{}}}", names.join(", "))
    }

    pub(crate) fn describe_slot(&mut self, slot: Slot) -> String {
        let ty = self.zonk(slot);
        self.describe(ty)
    }

    pub(crate) fn finish_program(&mut self) -> hir::Program {
        let globals = std::mem::take(&mut self.globals);
        let globals = globals
            .into_iter()
            .map(|(name, slot, mutable, span)| hir::Global {
                name: name.as_str().to_string(),
                ty: self.zonk(slot),
                mutable,
                span,
            })
            .collect();
        let unions = self.finish_unions();
        let mut records = Vec::new();
        // Resolving field types may still add structural records at the end.
        while records.len() < self.record_infos.len() {
            let id = RecordId(records.len() as u32);
            let fields = self.record_fields(id);
            let info = &self.record_infos[id.0 as usize];
            records.push(hir::Record {
                name: info.name.clone(),
                anonymous: info.anonymous,
                fields: fields
                    .into_iter()
                    .map(|(name, ty)| hir::Field { name: name.as_str().to_string(), ty })
                    .collect(),
                span: info.span,
            });
        }
        let mut functions = Vec::new();
        for function in std::mem::take(&mut self.functions) {
            if let Some(function) = function {
                functions.push(function);
            } else {
                self.error(super::UNSUPPORTED, "a function was used but never lowered", self.program.span);
            }
        }
        hir::Program {
            types: std::mem::take(&mut self.types),
            records,
            unions,
            globals,
            functions,
            entry: hir::FuncId(0),
        }
    }

    fn finish_unions(&mut self) -> Vec<hir::Union> {
        let shapes: Vec<_> = self
            .union_infos
            .iter()
            .map(|info| {
                let variants: Vec<_> =
                    info.variants.iter().map(|variant| (variant.name, variant.fields.clone())).collect();
                (info.name.clone(), variants, info.span)
            })
            .collect();
        shapes
            .into_iter()
            .map(|(name, variants, span)| hir::Union {
                name,
                variants: variants
                    .into_iter()
                    .map(|(name, fields)| hir::Variant {
                        name: name.as_str().to_string(),
                        fields: fields
                            .into_iter()
                            .map(|(name, slot)| hir::Field { name: name.as_str().to_string(), ty: self.zonk(slot) })
                            .collect(),
                    })
                    .collect(),
                span,
            })
            .collect()
    }
}

/// Literals take the wider type directly.
fn convert_literal(value: &Expr, to: Ty) -> Option<Expr> {
    let kind = match value.kind {
        ExprKind::Int(number) if to == Ty::FLOAT => ExprKind::Float(number as f64),
        ExprKind::Int(number) if to == Ty::BIGINT => ExprKind::BigInt(number.to_string()),
        _ => return None,
    };
    Some(Expr { kind, ty: to, span: value.span })
}

/// A fetched value whose type is still open.
pub(crate) fn is_fetch(value: &Expr) -> bool {
    value.ty == Ty::ANY && matches!(value.kind, ExprKind::Builtin { builtin: hir::Builtin::Fetch, .. })
}

/// `first`, then the value of `second`.
pub(crate) fn sequence(first: Expr, second: Expr) -> Expr {
    let span = first.span;
    let ty = second.ty;
    let stmts = vec![hir::Stmt { kind: hir::StmtKind::Expr(first), span }];
    Expr { kind: ExprKind::Block { block: hir::Block { stmts }, value: Box::new(second) }, ty, span }
}
