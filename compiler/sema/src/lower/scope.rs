//! Names: scopes of a function, captures of closures, and the promotion of top-level variables to globals.

use super::infer::Slot;
use super::narrow::Fact;
use super::query::Accumulated;
use super::{Key, Lowerer, VarKey};
use crate::hir::{self, ExprKind, GlobalId, LocalId, Storage};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use mochi_syntax::Symbol;
use std::collections::HashMap;

/// A local variable in scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Var {
    pub local: LocalId,
    pub slot: Slot,
    pub key: VarKey,
    pub mutable: bool,
    /// Declared by a top-level `let` or `var`: functions see it as a global.
    pub top: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Binding {
    Var(Var),
    /// A nested function that is lowered like one at the top level.
    Closed(u32),
    /// A nested function; `local` holds its closure once it was declared and if it has captures.
    Function {
        inst: u32,
        local: Option<Var>,
        declared: bool,
    },
}

/// The function being lowered.
pub(crate) struct FnCtx {
    pub inst: u32,
    pub is_main: bool,
    pub locals: Vec<hir::Local>,
    pub slots: Vec<Slot>,
    pub scopes: Vec<HashMap<Symbol, Binding>>,
    /// Captured variables: local of the enclosing function, local here.
    pub captures: Vec<(LocalId, LocalId)>,
    pub capture_index: HashMap<VarKey, usize>,
    pub result: Slot,
    pub loop_depth: u32,
    /// Nesting of `if` and `while` bodies.
    pub branch_depth: u32,
    pub facts: Vec<(u32, Fact)>,
    pub fact_depth: u32,
    pub receiver: Option<(Var, crate::ty::RecordId)>,
    /// Names of the groups in scope: the parts of their keys are names too.
    pub groups: Vec<Symbol>,
    /// Aggregates of these groups that are there already.
    pub accumulated: Vec<Accumulated>,
    /// Statements to put in front of the body.
    pub prologue: Vec<hir::Stmt>,
    /// A local that holds this closure, for closures inside it.
    pub self_local: Option<Var>,
}

/// What a name means.
#[derive(Clone, Copy)]
pub(crate) enum Resolved {
    Var(Var),
    Global {
        id: GlobalId,
        slot: Slot,
        mutable: bool,
    },
    /// A nested function that is lowered like one at the top level.
    Closed(u32),
    /// A nested function: call it directly or use its closure.
    Nested {
        inst: u32,
        local: Option<Var>,
        current: bool,
    },
    /// A field of the receiver, in methods.
    Field {
        receiver: Var,
        index: u32,
        slot: Slot,
    },
    Unknown,
}

impl FnCtx {
    pub fn new(inst: u32, result: Slot) -> Self {
        FnCtx {
            inst,
            is_main: false,
            locals: Vec::new(),
            slots: Vec::new(),
            scopes: vec![HashMap::new()],
            captures: Vec::new(),
            capture_index: HashMap::new(),
            result,
            loop_depth: 0,
            branch_depth: 0,
            facts: Vec::new(),
            fact_depth: 0,
            receiver: None,
            groups: Vec::new(),
            accumulated: Vec::new(),
            prologue: Vec::new(),
            self_local: None,
        }
    }

    fn find(&self, name: Symbol) -> Option<Binding> {
        self.scopes.iter().rev().find_map(|scope| scope.get(&name).copied())
    }
}

impl<'a> Lowerer<'a> {
    pub(crate) fn push_scope(&mut self) {
        self.ctx().scopes.push(HashMap::new());
    }

    pub(crate) fn pop_scope(&mut self) {
        self.ctx().scopes.pop();
    }

    pub(crate) fn new_local(&mut self, name: &str, slot: Slot, span: Span, synthetic: bool) -> LocalId {
        let ctx = self.ctx();
        let id = LocalId(ctx.locals.len() as u32);
        ctx.locals.push(hir::Local { name: name.to_string(), ty: Ty::ANY, storage: Storage::Value, span, synthetic });
        ctx.slots.push(slot);
        id
    }

    /// A compiler-made local of the current function.
    pub(crate) fn temporary(&mut self, slot: Slot, span: Span) -> LocalId {
        self.new_local("", slot, span, true)
    }

    /// Declares a variable in the innermost scope.
    pub(crate) fn declare(&mut self, name: Symbol, slot: Slot, span: Span, mutable: bool) -> Var {
        let local = self.new_local(name.as_str(), slot, span, false);
        let key = (self.ctx().inst, span.start);
        if self.is_cell(key) {
            self.ctx().locals[local.0 as usize].storage = Storage::Cell;
        }
        let var = Var { local, slot, key, mutable, top: false };
        self.bind(name, Binding::Var(var));
        var
    }

    pub(crate) fn bind(&mut self, name: Symbol, binding: Binding) {
        if let Some(scope) = self.ctx().scopes.last_mut() {
            scope.insert(name, binding);
        }
    }

    pub(crate) fn is_cell(&self, key: VarKey) -> bool {
        self.vars.get(&key).is_some_and(|flags| flags.captured && flags.assigned)
    }

    pub(crate) fn mark_assigned(&mut self, key: VarKey) {
        let flags = self.vars.entry(key).or_default();
        if !flags.assigned {
            flags.assigned = true;
            self.flags_changed |= flags.captured;
        }
    }

    fn mark_captured(&mut self, key: VarKey) {
        let flags = self.vars.entry(key).or_default();
        if !flags.captured {
            flags.captured = true;
            self.flags_changed |= flags.assigned;
        }
    }

    /// What `name` means here.
    pub(crate) fn resolve(&mut self, name: Symbol) -> Resolved {
        let current = self.ctxs.len() - 1;
        for depth in (0..self.ctxs.len()).rev() {
            if let Some(binding) = self.ctxs[depth].find(name) {
                self.tie(binding, depth, current);
                return self.resolve_binding(binding, depth, current, name);
            }
            if let Some((receiver, record)) = self.ctxs[depth].receiver
                && let Some(index) = self.field_index(record, name)
            {
                let slot = self.record_infos[record.0 as usize].fields[index as usize].1;
                self.tie(Binding::Var(receiver), depth, current);
                let receiver = self.captured_from(receiver, depth, current);
                return Resolved::Field { receiver, index, slot };
            }
        }
        if self.tops.contains_key(&name) && (current > 0 || !self.ctxs[0].is_main) {
            return self.global(name);
        }
        Resolved::Unknown
    }

    /// Notes that the functions between here and the scope of the binding depend on where they stand.
    fn tie(&mut self, binding: Binding, depth: usize, current: usize) {
        let first = match binding {
            Binding::Var(var) if var.top => return,
            // A function that mentions itself.
            Binding::Function { inst, .. } if self.ctxs.get(depth + 1).is_some_and(|ctx| ctx.inst == inst) => depth + 2,
            Binding::Var(_) | Binding::Function { .. } | Binding::Closed(_) => depth + 1,
        };
        for level in first..=current {
            let inst = self.ctxs[level].inst;
            self.insts[inst as usize].tied = true;
        }
    }

    fn resolve_binding(&mut self, binding: Binding, depth: usize, current: usize, name: Symbol) -> Resolved {
        match binding {
            Binding::Var(var) if var.top => {
                let promoted = self.tops.get(&name).is_some_and(|top| top.promoted);
                if depth < current || promoted { self.global(name) } else { Resolved::Var(var) }
            }
            Binding::Var(var) => Resolved::Var(self.captured_from(var, depth, current)),
            Binding::Closed(decl) => Resolved::Closed(decl),
            Binding::Function { inst, local, declared } => {
                let inside = (depth + 1..=current).find(|level| self.ctxs[*level].inst == inst);
                let has_captures = self.insts[inst as usize].has_captures;
                if !has_captures {
                    return Resolved::Nested { inst, local: None, current: false };
                }
                if let Some(level) = inside {
                    if level == current {
                        return Resolved::Nested { inst, local: None, current: true };
                    }
                    let var = self.self_variable(level);
                    let var = self.captured_from(var, level, current);
                    return Resolved::Nested { inst, local: Some(var), current: false };
                }
                let local = local.filter(|_| declared).map(|var| self.captured_from(var, depth, current));
                Resolved::Nested { inst, local, current: false }
            }
        }
    }

    /// A local of the closure at `level` that holds that closure.
    fn self_variable(&mut self, level: usize) -> Var {
        if let Some(var) = self.ctxs[level].self_local {
            return var;
        }
        let inst = self.ctxs[level].inst;
        let slot = self.insts[inst as usize].fn_slot;
        let ty = self.ty(slot);
        let ctx = &mut self.ctxs[level];
        let local = LocalId(ctx.locals.len() as u32);
        ctx.locals.push(hir::Local {
            name: "self".into(),
            ty: Ty::ANY,
            storage: Storage::Value,
            span: Span::default(),
            synthetic: true,
        });
        ctx.slots.push(slot);
        let init = hir::Expr { kind: ExprKind::CurrentClosure, ty, span: Span::default() };
        ctx.prologue.push(hir::Stmt { kind: hir::StmtKind::Let { local, init: Some(init) }, span: Span::default() });
        let var = Var { local, slot, key: (inst, u32::MAX), mutable: false, top: false };
        ctx.self_local = Some(var);
        var
    }

    /// A variable of an enclosing function, made available in the current one through captures.
    fn captured_from(&mut self, var: Var, depth: usize, current: usize) -> Var {
        if depth == current {
            return var;
        }
        self.mark_captured(var.key);
        let cell = self.is_cell(var.key);
        let mut outer = self.ctxs[depth].capture_index.get(&var.key).map_or(var.local, |_| var.local);
        let (name, span) = {
            let local = &self.ctxs[depth].locals[outer.0 as usize];
            (local.name.clone(), local.span)
        };
        for level in depth + 1..=current {
            let ctx = &mut self.ctxs[level];
            if let Some(&index) = ctx.capture_index.get(&var.key) {
                outer = ctx.captures[index].1;
                continue;
            }
            let inner = LocalId(ctx.locals.len() as u32);
            ctx.locals.push(hir::Local {
                name: name.clone(),
                ty: Ty::ANY,
                storage: if cell { Storage::Cell } else { Storage::Value },
                span,
                synthetic: false,
            });
            ctx.slots.push(var.slot);
            ctx.capture_index.insert(var.key, ctx.captures.len());
            ctx.captures.push((outer, inner));
            outer = inner;
        }
        Var { local: outer, ..var }
    }

    /// A top-level variable as functions see it.
    fn global(&mut self, name: Symbol) -> Resolved {
        let next = GlobalId(self.globals.len() as u32);
        let Some(top) = self.tops.get_mut(&name) else { return Resolved::Unknown };
        if !top.promoted {
            top.promoted = true;
            self.flags_changed = true;
        }
        let id = match top.global {
            Some(id) => id,
            None => {
                top.global = Some(next);
                self.globals.push((name, top.slot, top.mutable, top.span));
                next
            }
        };
        Resolved::Global { id, slot: top.slot, mutable: top.mutable }
    }

    /// The global of a promoted top-level variable, for its declaration.
    pub(crate) fn promoted_global(&mut self, name: Symbol) -> Option<(GlobalId, Slot)> {
        if !self.tops.get(&name).is_some_and(|top| top.promoted) {
            return None;
        }
        match self.global(name) {
            Resolved::Global { id, slot, .. } => Some((id, slot)),
            _ => None,
        }
    }

    pub(crate) fn var_slot(&mut self, span: Span) -> Slot {
        self.keyed(Key::Var(span.start))
    }
}
