//! What the top level declares before anything runs: functions, types, modules, variables.

use super::infer::Slot;
use super::{Body, Decl, Key, Lowerer, RecordInfo, TopVar, TypeDef, UnionInfo, VariantInfo};
use crate::ty::{RecordId, UnionId};
use mochi_diagnostics::{Diagnostic, Span};
use mochi_syntax::{Symbol, ast};
use std::collections::HashMap;

/// Instance number of slots that belong to no function.
pub(crate) const GLOBAL_INST: u32 = u32::MAX;

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_program(&mut self) {
        let program = self.program;
        self.declare_statements(&program.statements);
        self.resolve_types();
        self.declare_tops(&program.statements);
    }

    fn declare_statements(&mut self, statements: &'a [ast::Stmt]) {
        for stmt in statements {
            match &stmt.kind {
                ast::StmtKind::Fun(fun) => {
                    let decl = self.function_decl(fun, None);
                    self.functions_by_name.insert(fun.name.name, decl);
                }
                ast::StmtKind::Type(decl) => self.declare_type(decl, stmt.span),
                ast::StmtKind::Import(import) => self.declare_import(import, stmt.span),
                ast::StmtKind::Extern(ext) => self.declare_extern(ext, stmt.span),
                ast::StmtKind::Test(block) | ast::StmtKind::Bench(block) => self.declare_types_in(&block.body),
                _ => {}
            }
        }
    }

    /// Types declared inside blocks are visible everywhere.
    fn declare_types_in(&mut self, block: &'a ast::Block) {
        for stmt in &block.statements {
            if let ast::StmtKind::Type(decl) = &stmt.kind {
                self.declare_type(decl, stmt.span);
            }
        }
    }

    pub(crate) fn function_decl(&mut self, fun: &'a ast::FunDecl, receiver: Option<RecordId>) -> u32 {
        self.decl(Some(fun.name.name), &fun.signature, Body::Block(&fun.body), receiver, fun.span)
    }

    /// The number of a function as written.
    pub(crate) fn decl(
        &mut self,
        name: Option<Symbol>,
        signature: &'a ast::Signature,
        body: Body<'a>,
        receiver: Option<RecordId>,
        span: Span,
    ) -> u32 {
        let pointer: *const ast::Signature = signature;
        if let Some(&index) = self.decl_index.get(&pointer) {
            return index;
        }
        let index = self.decls.len() as u32;
        self.decls.push(Decl { name, signature, body, receiver, span });
        self.decl_index.insert(pointer, index);
        index
    }

    fn declare_type(&mut self, decl: &'a ast::TypeDecl, span: Span) {
        let name = decl.name.name;
        let def = match &decl.body {
            ast::TypeBody::Struct(members) => {
                let id = RecordId(self.record_infos.len() as u32);
                self.record_infos.push(RecordInfo {
                    name: name.as_str().to_string(),
                    anonymous: false,
                    fields: Vec::new(),
                    methods: HashMap::new(),
                    span,
                });
                for member in members {
                    if let ast::StructMember::Method(fun) = member {
                        let method = self.function_decl(fun, Some(id));
                        self.record_infos[id.0 as usize].methods.insert(fun.name.name, method);
                    }
                }
                TypeDef::Record(id)
            }
            // `int | string` names types, not variants.
            ast::TypeBody::Union(variants) if variants.iter().all(names_builtin_type) => TypeDef::Any,
            ast::TypeBody::Union(variants) => {
                let id = UnionId(self.union_infos.len() as u32);
                let info = UnionInfo {
                    name: name.as_str().to_string(),
                    variants: variants
                        .iter()
                        .map(|variant| VariantInfo { name: variant.name.name, fields: Vec::new() })
                        .collect(),
                    span,
                };
                for (index, variant) in variants.iter().enumerate() {
                    self.variants.insert(variant.name.name, (id, index as u32));
                }
                self.union_infos.push(info);
                TypeDef::Union(id)
            }
            ast::TypeBody::Alias(ty) => TypeDef::Alias(ty),
            ast::TypeBody::Error => TypeDef::Any,
        };
        self.type_defs.insert(name, def);
    }

    /// Field types, once all names are known.
    fn resolve_types(&mut self) {
        let program = self.program;
        let mut decls: Vec<&'a ast::TypeDecl> = Vec::new();
        for stmt in &program.statements {
            match &stmt.kind {
                ast::StmtKind::Type(decl) => decls.push(decl),
                ast::StmtKind::Test(block) | ast::StmtKind::Bench(block) => {
                    decls.extend(block.body.statements.iter().filter_map(|stmt| match &stmt.kind {
                        ast::StmtKind::Type(decl) => Some(&**decl),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        for decl in decls {
            self.resolve_type_decl(decl);
        }
    }

    pub(crate) fn resolve_type_decl(&mut self, decl: &'a ast::TypeDecl) {
        match (&decl.body, self.type_defs.get(&decl.name.name).copied()) {
            (ast::TypeBody::Struct(members), Some(TypeDef::Record(id))) => {
                let fields: Vec<(Symbol, Slot)> = members
                    .iter()
                    .filter_map(|member| match member {
                        ast::StructMember::Field(field) => Some((field.name.name, self.field_slot(field))),
                        ast::StructMember::Method(_) => None,
                    })
                    .collect();
                self.record_infos[id.0 as usize].fields = fields;
            }
            (ast::TypeBody::Union(variants), Some(TypeDef::Union(id))) => {
                for (index, variant) in variants.iter().enumerate() {
                    let fields: Vec<(Symbol, Slot)> =
                        variant.fields.iter().map(|field| (field.name.name, self.field_slot(field))).collect();
                    if let Some(info) = self.union_infos[id.0 as usize].variants.get_mut(index) {
                        info.fields = fields;
                    }
                }
            }
            _ => {}
        }
    }

    /// Declares a type met inside a function body; the first walk over it makes it known.
    pub(crate) fn declare_local_type(&mut self, decl: &'a ast::TypeDecl, span: Span) {
        if !self.type_defs.contains_key(&decl.name.name) {
            self.declare_type(decl, span);
            self.resolve_type_decl(decl);
            self.flags_changed = true;
        }
    }

    fn field_slot(&mut self, field: &'a ast::FieldDecl) -> Slot {
        self.annotation_in(GLOBAL_INST, &field.ty)
    }

    /// Names bound by `let` and `var` directly at the top level.
    fn declare_tops(&mut self, statements: &'a [ast::Stmt]) {
        for stmt in statements {
            let (name, mutable, ty) = match &stmt.kind {
                ast::StmtKind::Binding(binding) => (binding.name, binding.mutable, binding.ty.as_ref()),
                ast::StmtKind::FetchInto(fetch) => (fetch.target, true, None),
                _ => continue,
            };
            if let Some(top) = self.tops.get_mut(&name.name) {
                // Declared twice: one location that holds both.
                top.mutable |= mutable;
                if top.annotated || ty.is_some() {
                    let shared = self.keyed_in(GLOBAL_INST, Key::Var(name.span.start));
                    if let Some(top) = self.tops.get_mut(&name.name) {
                        top.slot = shared;
                        top.annotated = false;
                    }
                }
                continue;
            }
            let slot = match ty {
                Some(ty) => self.annotation_in(GLOBAL_INST, ty),
                None => self.keyed_in(GLOBAL_INST, Key::Var(name.span.start)),
            };
            self.tops.insert(
                name.name,
                TopVar { slot, annotated: ty.is_some(), promoted: false, global: None, mutable, span: name.span },
            );
        }
    }

    fn declare_extern(&mut self, ext: &'a ast::Extern, span: Span) {
        match ext {
            ast::Extern::Type { name } => {
                self.type_defs.insert(name.name, TypeDef::Any);
            }
            ast::Extern::Object { name } => {
                let message = format!("`extern object {}` is not supported by the native compiler yet", name.as_str());
                self.report(Diagnostic::error(super::UNSUPPORTED, message, span));
            }
            // The members that exist are known; the declaration adds nothing.
            ast::Extern::Var { .. } | ast::Extern::Fun { .. } => {}
        }
    }
}

fn names_builtin_type(variant: &ast::Variant) -> bool {
    variant.fields.is_empty()
        && matches!(
            variant.name.as_str(),
            "int" | "int64" | "float" | "bool" | "string" | "bigint" | "bigrat" | "any" | "list" | "map"
        )
}
