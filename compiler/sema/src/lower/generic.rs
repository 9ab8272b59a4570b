//! Generic functions: every use has type arguments of its own, every list of type arguments a copy of the function.
//!
//! A *site* is the signature as one use sees it: the type parameters are flexible slots that the arguments and the context of the
//! use decide. Once they are known, the body is lowered for them, with slots that are copies: nothing that happens in one copy of
//! the function can change what other uses see.

use super::call::Target;
use super::function::NO_PARENT;
use super::infer::{Content, Null, Shape, Slot};
use super::{Inst, InstKey, Key, Lowerer, Val};
use crate::hir::{Expr, ExprKind, FuncId};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use std::collections::HashMap;

/// Copies of one function; a function that calls itself at ever larger types would need infinitely many.
pub(crate) const COPY_LIMIT: usize = 64;

/// One use of a generic function: the caller's instance, the function, start and end of the expression.
pub(crate) type SiteKey = (u32, u32, u32, u32);

impl<'a> Lowerer<'a> {
    pub(crate) fn is_generic(&self, decl: u32) -> bool {
        self.decls.get(decl as usize).is_some_and(|node| !node.signature.type_params.is_empty())
    }

    /// A function without type parameters that has one copy per signature all the same.
    pub(crate) fn is_copied(&self, decl: u32) -> bool {
        self.copied.functions.contains(&decl) || self.is_closed(decl)
    }

    /// A nested function that is lowered like one at the top level.
    pub(crate) fn is_closed(&self, decl: u32) -> bool {
        self.decls.get(decl as usize).is_some_and(|node| self.copied.closed.contains(&node.span.start))
    }

    /// Looks for functions whose unannotated parameters, or parts of them, were forced to a wider type by calls with
    /// different types, and for generic functions inside of others. True if there are new ones.
    pub(crate) fn find_copied(&mut self) -> bool {
        let keys: Vec<(u32, u32)> = self.inst_index.iter().map(|(key, &inst)| (key.parent, inst)).collect();
        for (parent, inst) in keys {
            let decl = self.insts[inst as usize].decl;
            let (generic, tied) = (self.is_generic(decl), self.insts[inst as usize].tied);
            let nested = parent != NO_PARENT;
            if self.is_copied(decl) || nested && tied || !nested && generic {
                continue;
            }
            let node = &self.decls[decl as usize];
            let Some(name) = node.name else { continue };
            if node.receiver.is_some() || !nested && self.functions_by_name.get(&name) != Some(&decl) {
                continue;
            }
            let (untyped, start) = (node.signature.params.iter().map(|param| param.ty.is_none()), node.span.start);
            let params = self.insts[inst as usize].params.iter();
            let slots: Vec<Slot> = untyped.zip(params).filter(|(untyped, _)| *untyped).map(|(_, slot)| *slot).collect();
            let many_types = nested && generic || slots.into_iter().any(|slot| self.t.is_widened(slot));
            if !many_types {
                continue;
            }
            if nested {
                self.new_copied.closed.insert(start);
            } else {
                self.new_copied.functions.insert(decl);
            }
        }
        !self.new_copied.functions.is_empty() || !self.new_copied.closed.is_empty()
    }

    /// The signature as the expression at `span` sees it.
    fn site(&mut self, decl: u32, span: Span) -> u32 {
        let key = (self.ctx().inst, decl, span.start, span.end);
        if let Some(&site) = self.sites.get(&key) {
            return site;
        }
        let site = self.insts.len() as u32;
        self.insts.push(Inst { site: true, ..Inst::new(decl) });
        self.sites.insert(key, site);
        self.make_signature(site, decl, NO_PARENT);
        site
    }

    /// `T` and `T?` of one site have the same content.
    fn link_optionals(&mut self, site: u32) {
        for (inner, optional) in self.insts[site as usize].optionals.clone() {
            let payload = self.t.non_null_copy(optional);
            self.t.flow(payload, inner);
            let payload = self.t.non_null_copy(inner);
            self.t.flow(payload, optional);
        }
    }

    /// The slots of a site that decide which copy of the function it uses.
    fn deciding_slots(&self, site: u32) -> Vec<(Key, Slot)> {
        let inst = &self.insts[site as usize];
        let Some(node) = self.decls.get(inst.decl as usize) else { return Vec::new() };
        let receivers = usize::from(node.receiver.is_some());
        let type_params = node.signature.type_params.iter().enumerate().filter_map(|(index, param)| {
            inst.type_params.get(&param.name).map(|slot| (Key::TypeParam(index as u32), *slot))
        });
        let untyped = node.signature.params.iter().enumerate().filter(|(_, param)| param.ty.is_none());
        let params = untyped
            .filter_map(|(index, _)| inst.params.get(index + receivers).map(|slot| (Key::Param(index as u32), *slot)));
        type_params.chain(params).collect()
    }

    pub(crate) fn copies_of(&self, decl: u32) -> usize {
        self.copies.get(&decl).copied().unwrap_or(0)
    }

    /// Enters an instance that has just been made.
    pub(crate) fn index_instance(&mut self, key: InstKey, inst: u32) {
        *self.copies.entry(key.decl).or_insert(0) += 1;
        self.inst_index.insert(key, inst);
    }

    /// The copy of the function for what is known about a site; `None` while too little is known.
    fn copy_for(&mut self, site: u32) -> Option<u32> {
        let decl = self.insts[site as usize].decl;
        let slots = self.deciding_slots(site);
        if !self.settled && slots.iter().any(|(_, slot)| !self.t.is_known(*slot)) {
            return None;
        }
        let signature: Vec<Ty> = slots.iter().map(|(_, slot)| self.zonk(*slot)).collect();
        let key = InstKey { decl, parent: NO_PARENT, signature, site: None };
        if let Some(&inst) = self.inst_index.get(&key) {
            return Some(inst);
        }
        if self.copies_of(decl) >= COPY_LIMIT {
            return None;
        }
        let inst = self.insts.len() as u32;
        self.index_instance(key, inst);
        self.insts.push(Inst::new(decl));
        let mut copies = HashMap::new();
        for (key, slot) in slots {
            let fixed = self.t.frozen_copy(slot, &mut copies);
            let slot = match key {
                // The body may assign other values to the parameter.
                Key::Param(_) => self.t.nullable_copy(fixed, Null::No),
                _ => fixed,
            };
            self.keys.insert((inst, key), slot);
        }
        self.flags_changed = true;
        self.make_signature(inst, decl, NO_PARENT);
        Some(inst)
    }

    /// What a use sees of the copy's result.
    fn site_result(&mut self, site: u32, inst: u32) -> Slot {
        let decl = self.insts[site as usize].decl;
        let (wanted, actual) = (self.insts[site as usize].result, self.insts[inst as usize].result);
        if self.decls[decl as usize].signature.result.is_none() {
            return actual;
        }
        let null = self.t.null(actual);
        if null > self.t.null(wanted) { self.t.nullable_copy(wanted, null) } else { wanted }
    }

    fn too_many_copies(&mut self, span: Span) -> Val {
        if !self.final_walk {
            let slot = self.t.fresh();
            return self.val(ExprKind::Unit, slot, span);
        }
        self.unsupported("a generic function that is used at very many types is", span)
    }

    pub(crate) fn call_generic(&mut self, decl: u32, args: Vec<Val>, span: Span) -> Val {
        let site = self.site(decl, span);
        let params = self.insts[site as usize].params.clone();
        for (arg, param) in args.iter().zip(&params) {
            self.flow(arg, *param);
        }
        self.link_optionals(site);
        let Some(inst) = self.copy_for(site) else {
            if self.settled {
                return self.too_many_copies(span);
            }
            let declared = self.decls[decl as usize].signature.result.is_some();
            let slot = if declared { self.insts[site as usize].result } else { self.t.fresh() };
            return self.val(ExprKind::Unit, slot, span);
        };
        let func = self.use_function(inst);
        let result = self.site_result(site, inst);
        if args.len() > params.len() {
            let message = format!("too many arguments: expected {}, got {}", params.len(), args.len());
            return self.error("T006", message, span);
        }
        if args.len() < params.len() {
            return self.partial(Target::Function(func), args, params, result, span);
        }
        let args = self.coerce_args(args, &params, 0);
        self.call_copy(inst, func, args, result, span)
    }

    /// The call itself, with conversions where the copy differs from what its use expects.
    fn call_copy(&mut self, inst: u32, func: FuncId, args: Vec<Expr>, result: Slot, span: Span) -> Val {
        if !self.final_walk {
            return self.val(ExprKind::Call { func, args }, result, span);
        }
        let params = self.insts[inst as usize].params.clone();
        let args = args
            .into_iter()
            .zip(params)
            .map(|(arg, param)| {
                let wanted = self.zonk(param);
                self.convert_or_report(arg, wanted)
            })
            .collect();
        let actual = self.insts[inst as usize].result;
        let ty = self.zonk(actual);
        let call = Expr { kind: ExprKind::Call { func, args }, ty, span };
        let wanted = self.zonk(result);
        Val { e: self.convert_or_report(call, wanted), t: result }
    }

    /// A generic function, or one that is used at several types, as a value.
    pub(crate) fn generic_value(&mut self, decl: u32, span: Span) -> Val {
        let site = self.site(decl, span);
        self.link_optionals(site);
        let declared = self.decls[decl as usize].signature.result.is_some();
        let Some(inst) = self.copy_for(site) else {
            if self.settled {
                return self.too_many_copies(span);
            }
            let slot = if declared { self.insts[site as usize].fn_slot } else { self.site_function(site, None) };
            return self.val(ExprKind::Unit, slot, span);
        };
        let func = self.use_function(inst);
        let actual = self.insts[inst as usize].fn_slot;
        let wanted = if declared { self.insts[site as usize].fn_slot } else { self.site_function(site, Some(inst)) };
        if !self.final_walk {
            return self.val(ExprKind::Function(func), wanted, span);
        }
        let value = self.val(ExprKind::Function(func), actual, span);
        let ty = self.zonk(wanted);
        Val { e: self.convert_or_report(value.e, ty), t: wanted }
    }

    /// The function type of a use of a function whose result is not written.
    fn site_function(&mut self, site: u32, inst: Option<u32>) -> Slot {
        let params = self.insts[site as usize].params.clone();
        let result = match inst {
            Some(inst) => {
                let actual = self.insts[inst as usize].result;
                if self.t.content(actual) == Content::Unit {
                    Slot::UNIT
                } else {
                    self.t.nullable_copy(actual, Null::No)
                }
            }
            None => self.t.fresh(),
        };
        self.t.container(Shape::Fn(params, result))
    }
}
