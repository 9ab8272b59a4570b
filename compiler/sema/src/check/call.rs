//! Calls: arguments against parameters, type parameters, partial application, effects.

use std::rc::Rc;

use mochi_syntax::ast::{Call, Expr, ExprKind};
use mochi_syntax::{Span, Symbol};

use super::effects::EffectSet;
use super::scope::Origin;
use super::types::{FnType, Kind, Ty};
use super::{Checker, EffectfulCall, TypeVar, builtins};

impl Checker<'_> {
    pub(super) fn call(&mut self, expr: &Expr, call: &Call) -> Ty {
        match call.callee.kind {
            ExprKind::Name(name) => self.named_call(expr, name, call),
            _ => self.value_call(expr, call),
        }
    }

    fn named_call(&mut self, expr: &Expr, name: Symbol, call: &Call) -> Ty {
        let Some(binding) = self.values.get(name).copied() else {
            self.unknown_function(expr.span, call.callee.span, name);
            return self.arguments_only(&call.args);
        };
        if let Some(slot) = self.expr_types.get_mut(call.callee.id.index()) {
            *slot = binding.ty;
        }
        let Some(function) = self.types.function(binding.ty) else {
            if !binding.ty.is_error() {
                self.report("T004", expr.span, format!("`{name}` is not callable"));
            }
            return self.arguments_only(&call.args);
        };
        let builtin = match binding.origin {
            Origin::Builtin(index) => Some(index),
            _ => None,
        };
        if let Some(index) = builtin {
            let (least, most) = builtins::arity(index);
            if call.args.len() < least || call.args.len() > most {
                self.argument_count(expr.span, name.as_str(), least, call.args.len());
                return self.arguments_only(&call.args);
            }
        }
        self.note_effects(name.as_str(), expr.span, function.effects);
        self.apply(&function, builtin, expr.span, expr.span, &call.args)
    }

    fn value_call(&mut self, expr: &Expr, call: &Call) -> Ty {
        let callee = self.infer(&call.callee, None);
        let Some(function) = self.types.function(callee) else {
            if !callee.is_dynamic() {
                self.report("T004", call.paren_span, "`` is not callable");
                self.arguments_only(&call.args);
                return Ty::ERROR;
            }
            self.arguments_only(&call.args);
            return callee;
        };
        let shown = match &call.callee.kind {
            ExprKind::Field(_) => self.text(call.callee.span).to_owned(),
            _ => "function value".to_owned(),
        };
        self.note_effects(&shown, expr.span, function.effects);
        self.apply(&function, None, expr.span, call.paren_span, &call.args)
    }

    /// Arguments of a call about which nothing else is known.
    fn arguments_only(&mut self, args: &[Expr]) -> Ty {
        for arg in args {
            self.infer(arg, None);
        }
        Ty::ERROR
    }

    /// Adds effects of the expression at hand.
    pub(super) fn note_effects(&mut self, name: &str, span: Span, effects: EffectSet) {
        if effects.is_pure() {
            return;
        }
        self.effects = self.effects.union(effects);
        self.effectful_statement = true;
        if let Some(first @ None) = &mut self.predicate {
            *first = Some(EffectfulCall { name: name.to_owned(), span, effects });
        }
    }

    /// Types a call of `function`. `span` is the whole call, `surplus_span` where too many arguments are reported.
    fn apply(
        &mut self,
        function: &Rc<FnType>,
        builtin: Option<u16>,
        span: Span,
        surplus_span: Span,
        args: &[Expr],
    ) -> Ty {
        if function.variadic.is_none() && args.len() > function.params.len() {
            let message = format!("too many arguments: expected {}, got {}", function.params.len(), args.len());
            self.report("T006", surplus_span, message);
            return self.arguments_only(args);
        }
        let first_var = self.type_vars.len();
        let instance = self.instantiate(function);
        let mut dynamic_argument = false;
        let mut types = Vec::with_capacity(args.len());
        let mut sound = true;
        for (index, arg) in args.iter().enumerate() {
            let Some(param) = instance.params.get(index).copied().or(instance.variadic) else { break };
            let declared = function.params.get(index).copied().or(function.variadic).unwrap_or(param);
            let ty = self.argument(span, arg, param, declared, builtin.is_some());
            sound &= !ty.is_error();
            dynamic_argument |= ty == Ty::ANY;
            types.push(ty);
        }
        let result = self.substitute(instance.result);
        let complete = args.len() >= instance.params.len();
        let result = if !sound {
            self.determined_or_error(result)
        } else if let Some(free) = self.first_var(result).filter(|_| complete && !dynamic_argument) {
            self.report("T048", span, format!("type parameter `{free}` escapes function result"));
            Ty::ERROR
        } else if complete {
            let result = self.close(result);
            match builtin {
                Some(index) => self.builtin_result(index, span, &types, result).unwrap_or(Ty::ERROR),
                None => result,
            }
        } else {
            self.curried(instance.params.get(args.len()..).unwrap_or_default(), result, instance.effects)
        };
        self.type_vars.truncate(first_var);
        result
    }

    /// The result of a call with a wrong argument, as far as it does not depend on the arguments.
    fn determined_or_error(&mut self, result: Ty) -> Ty {
        if self.first_var(result).is_some() { Ty::ERROR } else { result }
    }

    fn argument(&mut self, call_span: Span, arg: &Expr, param: Ty, declared: Ty, builtin: bool) -> Ty {
        let generic = self.mentions_var(param);
        if !generic {
            let ty = self.expr(arg, Some(param));
            self.note_callable(call_span, ty);
            if !ty.is_error() && self.check_widening_alias(call_span, arg, ty, param) {
                return Ty::ERROR;
            }
            return if builtin { self.builtin_argument(ty) } else { ty };
        }
        let mut ty = self.infer(arg, None);
        self.note_callable(call_span, ty);
        if builtin {
            ty = self.builtin_argument(ty);
        }
        if ty.is_error() {
            return ty;
        }
        let expected = self.substitute(param);
        if !self.unify(ty, param) && !self.types.compatible(ty, expected) {
            let name = self.first_param(declared).unwrap_or_else(|| Symbol::intern("T"));
            let message = format!("cannot unify type parameter `{name}`: {} vs {}", self.show(expected), self.show(ty));
            self.report("T047", call_span, message);
            return Ty::ERROR;
        }
        let expected = self.substitute(param);
        if self.check_widening_alias(call_span, arg, ty, expected) {
            return Ty::ERROR;
        }
        ty
    }

    /// A function handed to another one may be called there.
    fn note_callable(&mut self, span: Span, ty: Ty) {
        if let Some(function) = self.types.function(ty) {
            self.note_effects("function value", span, function.effects);
        }
    }

    /// The rest of a function after some arguments, one parameter at a time. Effects happen at the last one.
    fn curried(&mut self, params: &[Ty], result: Ty, effects: EffectSet) -> Ty {
        let mut ty = self.close(result);
        let mut effects = effects;
        for param in params.iter().rev() {
            let param = self.substitute(*param);
            let param = self.close(param);
            ty = self.types.function_of(FnType {
                params: Box::new([param]),
                variadic: None,
                result: ty,
                effects,
                type_params: Box::default(),
            });
            effects = EffectSet::PURE;
        }
        ty
    }

    // ---- type parameters ----

    /// A copy of the signature with a new variable for each type parameter.
    fn instantiate(&mut self, function: &Rc<FnType>) -> Rc<FnType> {
        if function.type_params.is_empty() {
            return function.clone();
        }
        let mut vars = Vec::with_capacity(function.type_params.len());
        for name in &function.type_params {
            let var = self.types.intern(Kind::Var(self.type_vars.len() as u32));
            self.type_vars.push(TypeVar { name: *name, bound: None });
            vars.push((*name, var));
        }
        let rename = |checker: &mut Self, ty: Ty| {
            checker.rewrite(ty, &mut |_, kind| match kind {
                Kind::Param(name) => vars.iter().find(|(param, _)| *param == name).map(|(_, var)| *var),
                _ => None,
            })
        };
        Rc::new(FnType {
            params: function.params.iter().map(|param| rename(self, *param)).collect(),
            variadic: function.variadic.map(|variadic| rename(self, variadic)),
            result: rename(self, function.result),
            effects: function.effects,
            type_params: Box::default(),
        })
    }

    /// Rebuilds a type with the parts that `replace` answers for replaced. Declared types have no type parameters inside.
    fn rewrite(&mut self, ty: Ty, replace: &mut dyn FnMut(&mut Self, Kind) -> Option<Ty>) -> Ty {
        let kind = self.types.kind(ty);
        if let Some(replaced) = replace(self, kind) {
            return replaced;
        }
        match kind {
            Kind::List(element) => {
                let element = self.rewrite(element, replace);
                self.types.list(element)
            }
            Kind::Option(payload) => {
                let payload = self.rewrite(payload, replace);
                self.types.option(payload)
            }
            Kind::Map(key, value) => {
                let (key, value) = (self.rewrite(key, replace), self.rewrite(value, replace));
                self.types.map(key, value)
            }
            Kind::Group(key, item) => {
                let (key, item) = (self.rewrite(key, replace), self.rewrite(item, replace));
                self.types.group(key, item)
            }
            Kind::Record(index) => {
                let fields = self.types.record_fields(index);
                let fields = fields.iter().map(|(name, ty)| (*name, self.rewrite(*ty, replace))).collect();
                self.types.record(fields)
            }
            Kind::Fn(_) => {
                let Some(function) = self.types.function(ty) else { return ty };
                let rebuilt = FnType {
                    params: function.params.iter().map(|param| self.rewrite(*param, replace)).collect(),
                    variadic: function.variadic.map(|variadic| self.rewrite(variadic, replace)),
                    result: self.rewrite(function.result, replace),
                    effects: function.effects,
                    type_params: function.type_params.clone(),
                };
                self.types.function_of(rebuilt)
            }
            _ => ty,
        }
    }

    fn bound(&self, index: u32) -> Option<Ty> {
        self.type_vars.get(index as usize).and_then(|var| var.bound)
    }

    /// The type with all determined variables replaced.
    fn substitute(&mut self, ty: Ty) -> Ty {
        if !self.mentions_var(ty) {
            return ty;
        }
        self.rewrite(ty, &mut |checker, kind| match kind {
            Kind::Var(index) => {
                let bound = checker.bound(index)?;
                Some(checker.substitute(bound))
            }
            _ => None,
        })
    }

    /// The type with what is still undetermined made `any`, so that no variable outlives its call.
    fn close(&mut self, ty: Ty) -> Ty {
        if !self.mentions_var(ty) {
            return ty;
        }
        self.rewrite(ty, &mut |_, kind| matches!(kind, Kind::Var(_)).then_some(Ty::ANY))
    }

    /// The type of a generic function used as a value: its type parameters are `any` there.
    pub(super) fn as_value(&mut self, ty: Ty) -> Ty {
        let Some(function) = self.types.function(ty) else { return ty };
        if function.type_params.is_empty() {
            return ty;
        }
        let monomorphic = FnType { type_params: Box::default(), ..FnType::clone(&function) };
        let ty = self.types.function_of(monomorphic);
        self.rewrite(ty, &mut |_, kind| match kind {
            Kind::Param(name) if function.type_params.contains(&name) => Some(Ty::ANY),
            _ => None,
        })
    }

    fn mentions_var(&self, ty: Ty) -> bool {
        !self.type_vars.is_empty() && self.find(ty, &|kind| matches!(kind, Kind::Var(_))).is_some()
    }

    /// Name of the first undetermined variable of a substituted type.
    fn first_var(&self, ty: Ty) -> Option<Symbol> {
        match self.find(ty, &|kind| matches!(kind, Kind::Var(_)))? {
            Kind::Var(index) => Some(self.type_var_name(index)),
            _ => None,
        }
    }

    fn first_param(&self, ty: Ty) -> Option<Symbol> {
        match self.find(ty, &|kind| matches!(kind, Kind::Param(_)))? {
            Kind::Param(name) => Some(name),
            _ => None,
        }
    }

    fn find(&self, ty: Ty, wanted: &dyn Fn(Kind) -> bool) -> Option<Kind> {
        let kind = self.types.kind(ty);
        if wanted(kind) {
            return Some(kind);
        }
        match kind {
            Kind::List(part) | Kind::Option(part) => self.find(part, wanted),
            Kind::Map(first, second) | Kind::Group(first, second) => {
                self.find(first, wanted).or_else(|| self.find(second, wanted))
            }
            Kind::Record(index) => {
                self.types.record_fields(index).iter().find_map(|(_, field)| self.find(*field, wanted))
            }
            Kind::Fn(_) => {
                let function = self.types.function(ty)?;
                let mut parts = function.params.iter().chain(&function.variadic).chain([&function.result]);
                parts.find_map(|part| self.find(*part, wanted))
            }
            _ => None,
        }
    }

    /// Determines variables so that the two types become equal. Bindings made before a failure stay; the call is
    /// reported then anyway.
    fn unify(&mut self, a: Ty, b: Ty) -> bool {
        let (a, b) = (self.resolved(a), self.resolved(b));
        if a == b {
            return true;
        }
        match (self.types.kind(a), self.types.kind(b)) {
            (Kind::Var(var), _) => self.bind_var(var, b),
            (_, Kind::Var(var)) => self.bind_var(var, a),
            (Kind::Any | Kind::Error, _) | (_, Kind::Any | Kind::Error) => true,
            (Kind::List(x), Kind::List(y)) | (Kind::Option(x), Kind::Option(y)) => self.unify(x, y),
            (Kind::Map(xk, xv), Kind::Map(yk, yv)) | (Kind::Group(xk, xv), Kind::Group(yk, yv)) => {
                self.unify(xk, yk) && self.unify(xv, yv)
            }
            (Kind::Fn(_), Kind::Fn(_)) => {
                let (Some(f), Some(g)) = (self.types.function(a), self.types.function(b)) else { return false };
                f.params.len() == g.params.len()
                    && f.params.iter().zip(&g.params).all(|(x, y)| self.unify(*x, *y))
                    && match (f.variadic, g.variadic) {
                        (None, None) => true,
                        (Some(x), Some(y)) => self.unify(x, y),
                        _ => false,
                    }
                    && self.unify(f.result, g.result)
            }
            _ => false,
        }
    }

    fn resolved(&self, ty: Ty) -> Ty {
        let mut ty = ty;
        while let Kind::Var(index) = self.types.kind(ty) {
            match self.bound(index) {
                Some(bound) => ty = bound,
                None => break,
            }
        }
        ty
    }

    fn bind_var(&mut self, var: u32, ty: Ty) -> bool {
        let whole = self.substitute(ty);
        // A type that contains the variable itself would be infinite.
        if self.find(whole, &|kind| kind == Kind::Var(var)).is_some() {
            return false;
        }
        if let Some(slot) = self.type_vars.get_mut(var as usize) {
            slot.bound = Some(ty);
        }
        true
    }
}
