//! Declarations: types as written become types of the checker; names, signatures and contents are entered in the order
//! that lets functions and types be used above where they stand.

use mochi_syntax::ast::{
    AgentMember, Effects, Extern, FieldDecl, FunDecl, Param, Signature, Stmt, StmtKind, StructMember, TypeBody,
    TypeExpr, TypeKind, Variant,
};
use mochi_syntax::{Span, Symbol};

use super::effects::{self, EffectSet};
use super::scope::Origin;
use super::types::{FnType, Kind, StructId, StructRole, Ty, UnionId};
use super::{Checker, Prepared, builtins};

impl Checker<'_> {
    // ---- types as written ----

    pub(super) fn resolve(&mut self, written: &TypeExpr) -> Ty {
        match &written.kind {
            TypeKind::Name(name) => self.resolve_name(*name, written.span),
            TypeKind::Generic { name, args } => self.resolve_generic(*name, args, written.span),
            TypeKind::Record(fields) => {
                let fields = self.resolve_fields(fields);
                self.types.record(fields)
            }
            TypeKind::Fun(fun) => {
                let params: Vec<Ty> = fun.params.iter().map(|param| self.resolve(param)).collect();
                let result = fun.result.as_ref().map_or(Ty::UNIT, |result| self.resolve(result));
                self.types.plain_function(&params, result)
            }
            TypeKind::Optional(payload) => {
                let payload = self.resolve(payload);
                self.types.option(payload)
            }
            TypeKind::Error => Ty::ERROR,
        }
    }

    fn resolve_name(&mut self, name: Symbol, span: Span) -> Ty {
        match name.as_str() {
            "int" => return Ty::INT,
            "int64" => return Ty::INT64,
            "float" => return Ty::FLOAT,
            "bigint" => return Ty::BIGINT,
            "bigrat" => return Ty::BIGRAT,
            "string" => return Ty::STRING,
            "bool" => return Ty::BOOL,
            "unit" => return Ty::UNIT,
            "any" => return Ty::ANY,
            _ => {}
        }
        if let Some(ty) = self.type_names.get(name) {
            return *ty;
        }
        if let Some(alias) = self.pending_aliases.remove(&name) {
            let ty = self.resolve(alias);
            self.type_names.bind(name, ty);
            return ty;
        }
        if let Some(variant) = self.variants.get(name) {
            return self.types.intern(Kind::Struct(*variant));
        }
        // A lone capital letter reads as a type parameter of something generic that is not declared here.
        if matches!(name.as_str().as_bytes(), [b'A'..=b'Z']) {
            return Ty::ANY;
        }
        self.unknown_type(span, name);
        Ty::ERROR
    }

    fn resolve_generic(&mut self, name: Symbol, args: &[TypeExpr], span: Span) -> Ty {
        let resolved: Vec<Ty> = args.iter().map(|arg| self.resolve(arg)).collect();
        let wanted = match (name.as_str(), resolved.as_slice()) {
            ("list", [element]) => return self.types.list(*element),
            ("map", [key, value]) => return self.types.map(*key, *value),
            ("list", _) => 1,
            ("map", _) => 2,
            _ => return Ty::ANY,
        };
        let message =
            format!("type argument arity mismatch for `{}`: expected {wanted}, got {}", name.as_str(), args.len());
        self.report("T049", span, message);
        Ty::ERROR
    }

    pub(super) fn resolve_fields(&mut self, fields: &[FieldDecl]) -> Vec<(Symbol, Ty)> {
        fields.iter().map(|field| (field.name.name, self.resolve(&field.ty))).collect()
    }

    /// Types of parameters; those without one are `any`.
    pub(super) fn resolve_params(&mut self, params: &[Param]) -> Vec<Ty> {
        params.iter().map(|param| param.ty.as_ref().map_or(Ty::ANY, |ty| self.resolve(ty))).collect()
    }

    pub(super) fn bind_type_params(&mut self, signature: &Signature) {
        for param in &signature.type_params {
            let ty = self.types.intern(Kind::Param(param.name));
            self.type_names.bind(param.name, ty);
        }
    }

    /// The declared effects; unknown labels are reported at `span`.
    pub(super) fn resolve_effects(&mut self, declared: &Option<Effects>, span: Span) -> Option<EffectSet> {
        let declared = declared.as_ref()?;
        let mut set = EffectSet::PURE;
        for label in &declared.labels {
            match EffectSet::parse(label.as_str()) {
                Some(effect) => set = set.union(effect),
                None => self.unknown_effect(span, label.name),
            }
        }
        Some(set)
    }

    /// Type of a declared function. Without a result type it is `unit` unless the body hands back a value.
    pub(super) fn function_type(&mut self, function: &FunDecl, effects: EffectSet) -> Ty {
        let mark = self.mark();
        self.bind_type_params(&function.signature);
        let params = self.resolve_params(&function.signature.params);
        let result = match &function.signature.result {
            Some(result) => self.resolve(result),
            None if effects::returns_value(&function.body) => Ty::ANY,
            None => Ty::UNIT,
        };
        self.leave(mark);
        let type_params = function.signature.type_params.iter().map(|param| param.name).collect();
        self.types.function_of(FnType { params: params.into(), variadic: None, result, effects, type_params })
    }

    // ---- pre-passes ----

    /// Enters the name of a type, stream or agent. `early` is for the pre-pass of the top level, where aliases wait among
    /// `pending_aliases` because they may mention types below them.
    pub(super) fn declare_type_name(&mut self, stmt: &Stmt, slot: &mut Prepared, early: bool) {
        let (name, kind) = match &stmt.kind {
            StmtKind::Type(declaration) => match &declaration.body {
                TypeBody::Struct(_) => {
                    let id = self.types.add_struct(declaration.name.name, StructRole::Struct);
                    (declaration.name.name, Kind::Struct(id))
                }
                TypeBody::Union(variants) => {
                    (declaration.name.name, Kind::Union(self.declare_union(declaration.name.name, variants)))
                }
                TypeBody::Alias(_) if early => return,
                TypeBody::Alias(written) => {
                    let ty = self.resolve(written);
                    self.type_names.bind(declaration.name.name, ty);
                    return;
                }
                TypeBody::Error => {
                    self.type_names.bind(declaration.name.name, Ty::ERROR);
                    return;
                }
            },
            StmtKind::Stream(stream) => {
                (stream.name.name, Kind::Struct(self.types.add_struct(stream.name.name, StructRole::Stream)))
            }
            StmtKind::Agent(agent) => {
                (agent.name.name, Kind::Struct(self.types.add_struct(agent.name.name, StructRole::Agent)))
            }
            StmtKind::Extern(declaration) => {
                if let Extern::Type { name } = declaration.as_ref() {
                    self.type_names.bind(name.name, Ty::ANY);
                }
                return;
            }
            _ => return,
        };
        let ty = self.types.intern(kind);
        slot.ty = Some(ty);
        self.type_names.bind(name, ty);
        if matches!(stmt.kind, StmtKind::Stream(_)) {
            self.streams.bind(name, ty);
        }
    }

    fn declare_union(&mut self, name: Symbol, variants: &[Variant]) -> UnionId {
        let names: Vec<Symbol> = variants.iter().map(|variant| variant.name.name).collect();
        let id = self.types.add_union(name, &names);
        let structs = self.types.union_info(id).variants.clone();
        for (name, variant) in names.iter().zip(structs) {
            self.variants.bind(*name, variant);
        }
        id
    }

    /// Enters all top-level functions with their signatures and effects.
    pub(super) fn declare_functions(&mut self, functions: &[(usize, &FunDecl, Span)], prepared: &mut [Prepared]) {
        let declared: Vec<(&FunDecl, Option<EffectSet>)> = functions
            .iter()
            .map(|(_, function, span)| (*function, self.resolve_effects(&function.signature.effects, *span)))
            .collect();
        let inferred = effects::infer(&declared, &|name| match self.values.get(name).map(|binding| binding.origin) {
            Some(Origin::Builtin(index)) => builtins::effects(index),
            _ => EffectSet::PURE,
        });
        for (((index, function, span), (_, declared)), inferred) in functions.iter().zip(&declared).zip(inferred) {
            if let Some(declared) = declared
                && !inferred.is_within(*declared)
            {
                self.undeclared_effects(*span, function.name.as_str(), *declared, inferred);
            }
            let ty = self.function_type(function, declared.unwrap_or(inferred));
            self.bind(function.name.name, ty, false, function.name.span);
            if let Some(slot) = prepared.get_mut(*index) {
                slot.ty = Some(ty);
            }
        }
    }

    /// Contents of the type, stream or agent that a statement declares.
    pub(super) fn fill_type(&mut self, stmt: &Stmt, slot: Prepared) {
        if let StmtKind::Type(declaration) = &stmt.kind
            && matches!(declaration.body, TypeBody::Alias(_))
            && self.pending_aliases.contains_key(&declaration.name.name)
        {
            self.resolve_name(declaration.name.name, declaration.name.span);
        }
        let Some(kind) = slot.ty.map(|ty| self.types.kind(ty)) else { return };
        match (&stmt.kind, kind) {
            (StmtKind::Type(declaration), Kind::Struct(id)) => {
                if let TypeBody::Struct(members) = &declaration.body {
                    self.fill_struct(id, members);
                }
            }
            (StmtKind::Type(declaration), Kind::Union(id)) => {
                if let TypeBody::Union(variants) = &declaration.body {
                    self.fill_union(id, variants);
                }
            }
            (StmtKind::Stream(stream), Kind::Struct(id)) => {
                let fields = self.resolve_fields(&stream.fields);
                self.set_fields(id, fields);
            }
            (StmtKind::Agent(agent), Kind::Struct(id)) => self.fill_agent(id, &agent.members),
            _ => {}
        }
    }

    pub(super) fn set_fields(&mut self, id: StructId, fields: Vec<(Symbol, Ty)>) {
        if let Some(info) = self.types.structs.get_mut(id.0 as usize) {
            info.fields = fields;
        }
    }

    fn set_methods(&mut self, id: StructId, methods: Vec<(Symbol, Ty)>) {
        if let Some(info) = self.types.structs.get_mut(id.0 as usize) {
            info.methods = methods;
        }
    }

    fn fill_struct(&mut self, id: StructId, members: &[StructMember]) {
        let mut fields = Vec::new();
        let mut methods = Vec::new();
        for member in members {
            match member {
                StructMember::Field(field) => fields.push((field.name.name, self.resolve(&field.ty))),
                StructMember::Method(method) => {
                    if let Some(param) = method.signature.params.iter().find(|param| param.ty.is_none()) {
                        let message = format!("parameter `{}` is missing a type", param.name.as_str());
                        self.report("T005", method.span, message);
                    }
                    methods.push((method.name.name, self.method_type(method)));
                }
            }
        }
        self.set_fields(id, fields);
        self.set_methods(id, methods);
    }

    fn method_type(&mut self, method: &FunDecl) -> Ty {
        let declared = self.resolve_effects(&method.signature.effects, method.span);
        let inferred = effects::infer(&[(method, None)], &|name| {
            self.values
                .get(name)
                .and_then(|binding| self.types.function(binding.ty))
                .map_or(EffectSet::PURE, |function| function.effects)
        });
        self.function_type(method, declared.or(inferred.first().copied()).unwrap_or_default())
    }

    fn fill_union(&mut self, id: UnionId, variants: &[Variant]) {
        let union = self.types.intern(Kind::Union(id));
        let structs = self.types.union_info(id).variants.clone();
        for (variant, id) in variants.iter().zip(structs) {
            let fields = self.resolve_fields(&variant.fields);
            let params: Vec<Ty> = fields.iter().map(|(_, ty)| *ty).collect();
            self.set_fields(id, fields);
            // Without fields the name is the value, with fields it is the function that makes it.
            let ty = if params.is_empty() { union } else { self.types.plain_function(&params, union) };
            self.bind(variant.name.name, ty, false, variant.name.span);
        }
    }

    fn fill_agent(&mut self, id: StructId, members: &[AgentMember]) {
        let mut fields = Vec::new();
        let mut methods = Vec::new();
        for member in members {
            match member {
                AgentMember::Stmt(stmt) => {
                    if let StmtKind::Binding(binding) = &stmt.kind {
                        let ty = binding.ty.as_ref().map_or(Ty::ANY, |ty| self.resolve(ty));
                        fields.push((binding.name.name, ty));
                    }
                }
                AgentMember::Intent(intent) => {
                    let ty = self.method_type(intent);
                    methods.push((intent.name.name, ty));
                }
            }
        }
        self.set_fields(id, fields);
        self.set_methods(id, methods);
    }
}
