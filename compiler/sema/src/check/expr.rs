//! Types of expressions.

use mochi_syntax::ast::{
    Expr, ExprKind, Fetch, Field, FieldInit, Generate, IfExpr, Index, Lambda, LambdaBody, MapEntry, StructLiteral,
    Subscript,
};
use mochi_syntax::{Span, Symbol};

use super::effects::EffectSet;
use super::report::name_list;
use super::types::{FnType, Kind, StructRole, Ty};
use super::{Checker, Function, FunctionResult};

impl Checker<'_> {
    /// Type of an expression; where a type is expected and the expression does not have it, that is reported.
    pub(super) fn expr(&mut self, expr: &Expr, expected: Option<Ty>) -> Ty {
        let actual = self.infer(expr, expected);
        match expected {
            Some(expected) if !self.types.fits(actual, expected) => {
                self.mismatch(expr.span, expected, actual);
                self.suggest_conversion(expr, expected, actual);
                Ty::ERROR
            }
            _ => actual,
        }
    }

    pub(super) fn remember(&mut self, expr: &Expr, ty: Ty) {
        if let Some(slot) = self.expr_types.get_mut(expr.id.index()) {
            *slot = ty;
        }
    }

    /// Type of an expression. `expected` only guides constructs that have no type of their own; nothing is enforced.
    pub(super) fn infer(&mut self, expr: &Expr, expected: Option<Ty>) -> Ty {
        let ty = self.infer_kind(expr, expected);
        self.remember(expr, ty);
        ty
    }

    fn infer_kind(&mut self, expr: &Expr, expected: Option<Ty>) -> Ty {
        match &expr.kind {
            ExprKind::Int(_) => Ty::INT,
            ExprKind::Float(_) => Ty::FLOAT,
            ExprKind::Bool(_) => Ty::BOOL,
            ExprKind::Str(_) => Ty::STRING,
            ExprKind::None => self.types.option(Ty::ANY),
            ExprKind::Name(name) => self.name(*name, expr.span),
            ExprKind::List(elements) => self.list(elements, expected),
            ExprKind::Map(entries) => self.map(entries, expected),
            ExprKind::Struct(literal) => self.struct_literal(expr, literal),
            ExprKind::Paren(inner) => self.expr(inner, expected),
            ExprKind::Unary { op, operand } => {
                let operand = self.infer(operand, None);
                self.unary(*op, expr.operator_span(), operand)
            }
            ExprKind::Binary(_) => self.binary(expr).0,
            ExprKind::Call(call) => self.call(expr, call),
            ExprKind::Index(index) => self.index(expr, index),
            ExprKind::Field(field) => self.field(expr, field),
            ExprKind::Cast(cast) => {
                let from = self.infer(&cast.value, None);
                let to = self.resolve(&cast.ty);
                if !self.types.castable(from, to) && !spells_value(&cast.value, to) {
                    let message = format!("invalid cast: `{}` as `{}` is not allowed", self.show(from), self.show(to));
                    self.report("T046", cast.as_span, message);
                }
                to
            }
            ExprKind::Lambda(lambda) => self.lambda(expr, lambda, expected),
            ExprKind::If(choice) => self.if_expr(expr, choice, expected),
            ExprKind::Match(choice) => self.match_expr(expr, choice, expected),
            ExprKind::Query(query) => self.query(expr, query),
            ExprKind::LogicQuery(_) => {
                let row = self.types.map(Ty::STRING, Ty::ANY);
                self.types.list(row)
            }
            ExprKind::Generate(generate) => self.generate(expr, generate),
            ExprKind::Fetch(fetch) => self.fetch(fetch, expr.span, expected),
            ExprKind::Load(load) => {
                self.note_effects("load", expr.span, EffectSet::FS);
                if let Some(options) = &load.options {
                    self.infer(options, None);
                }
                let row = self.resolve(&load.ty);
                self.types.list(row)
            }
            ExprKind::Save(save) => {
                self.note_effects("save", expr.span, EffectSet::FS);
                self.infer(&save.value, None);
                if let Some(options) = &save.options {
                    self.infer(options, None);
                }
                Ty::UNIT
            }
            ExprKind::Error => Ty::ERROR,
        }
    }

    fn name(&mut self, name: Symbol, span: Span) -> Ty {
        match self.values.get(name).map(|binding| binding.ty) {
            Some(ty) => self.as_value(ty),
            None => {
                self.undefined_variable(span, name);
                Ty::ERROR
            }
        }
    }

    // ---- literals ----

    fn list(&mut self, elements: &[Expr], expected: Option<Ty>) -> Ty {
        let slot = match expected.map(|expected| self.types.kind(expected)) {
            Some(Kind::List(slot)) => Some(slot),
            _ => None,
        };
        let mut common: Option<Ty> = None;
        for element in elements {
            let ty = self.infer(element, slot);
            common = Some(match common {
                None => ty,
                Some(common) => self.element_join(element, common, ty),
            });
        }
        self.types.list(common.unwrap_or(Ty::ANY))
    }

    /// Element type after one more element: variants of one union make a list of the union.
    fn element_join(&mut self, element: &Expr, common: Ty, ty: Ty) -> Ty {
        if common.is_error() || self.types.compatible(common, ty) {
            return match (self.types.kind(common), self.types.kind(ty)) {
                (Kind::Struct(_), Kind::Union(_)) => ty,
                _ => common,
            };
        }
        if let (Kind::Struct(a), Kind::Struct(b)) = (self.types.kind(common), self.types.kind(ty))
            && let Some(union) = self.types.union_of(a)
            && self.types.union_of(b) == Some(union)
        {
            return self.types.intern(Kind::Union(union));
        }
        self.mismatch(element.span, common, ty);
        Ty::ERROR
    }

    fn map(&mut self, entries: &[MapEntry], expected: Option<Ty>) -> Ty {
        if let Some(expected) = expected
            && matches!(self.types.kind(expected), Kind::Record(_))
            && let Some(ty) = self.record_literal(entries, expected)
        {
            return ty;
        }
        let slot = match expected.map(|expected| self.types.kind(expected)) {
            Some(Kind::Map(_, slot)) => Some(slot),
            _ => None,
        };
        let (mut key, mut value): (Option<Ty>, Option<Ty>) = (None, None);
        for entry in entries {
            let k = match &entry.key.kind {
                ExprKind::Name(_) | ExprKind::Str(_) => Ty::STRING,
                _ => self.infer(&entry.key, None),
            };
            let v = self.infer(&entry.value, slot);
            key = Some(self.widened_to_any(key, k));
            value = Some(self.widened_to_any(value, v));
        }
        self.types.map(key.unwrap_or(Ty::ANY), value.unwrap_or(Ty::ANY))
    }

    fn widened_to_any(&self, common: Option<Ty>, ty: Ty) -> Ty {
        match common {
            None => ty,
            Some(common) if self.types.compatible(common, ty) => common,
            Some(_) => Ty::ANY,
        }
    }

    /// `{a: 1}` where an inline record is expected. `None` when the literal has other fields.
    fn record_literal(&mut self, entries: &[MapEntry], expected: Ty) -> Option<Ty> {
        let wanted = self.types.fields(expected)?;
        let mut slots = Vec::with_capacity(entries.len());
        for entry in entries {
            let name = literal_key(&entry.key)?;
            slots.push(wanted.iter().find(|(field, _)| *field == name)?.1);
        }
        if wanted.len() != entries.len() {
            return None;
        }
        for (entry, slot) in entries.iter().zip(slots) {
            self.expr(&entry.value, Some(slot));
        }
        Some(expected)
    }

    fn struct_literal(&mut self, expr: &Expr, literal: &StructLiteral) -> Ty {
        let name = literal.name.name;
        let declared = self
            .type_names
            .get(name)
            .copied()
            .filter(|ty| matches!(self.types.kind(*ty), Kind::Struct(_) | Kind::Record(_)))
            .or_else(|| self.variants.get(name).copied().map(|variant| self.types.intern(Kind::Struct(variant))));
        let Some(ty) = declared else {
            for field in &literal.fields {
                self.infer(&field.value, None);
            }
            return self.types.map(Ty::STRING, Ty::ANY);
        };
        self.field_values(ty, &literal.fields, |_| expr.span);
        let required = match self.types.kind(ty) {
            // State of an agent has its initial values.
            Kind::Struct(id) if self.types.struct_info(id).role == StructRole::Agent => Vec::new(),
            _ => self.types.fields(ty).unwrap_or_default(),
        };
        let missing: Vec<Symbol> = required
            .iter()
            .map(|(field, _)| *field)
            .filter(|field| literal.fields.iter().all(|given| given.name.name != *field))
            .collect();
        if !missing.is_empty() {
            let message = format!("struct literal `{name}` is missing required field(s) {}", name_list(&missing));
            self.report("T053", expr.span, message);
        }
        ty
    }

    /// Values for fields of `owner`. Unknown fields are reported where `at` says.
    pub(super) fn field_values(&mut self, owner: Ty, fields: &[FieldInit], at: impl Fn(&FieldInit) -> Span) {
        for field in fields {
            match self.types.field(owner, field.name.name) {
                Some(slot) => {
                    self.expr(&field.value, Some(slot));
                }
                None => {
                    self.unknown_field(at(field), field.name.name, owner);
                    self.infer(&field.value, None);
                }
            }
        }
    }

    // ---- access ----

    fn index(&mut self, expr: &Expr, index: &Index) -> Ty {
        let base = self.infer(&index.base, None);
        if let Some(question) = index.safe {
            return self.safe_index(question, index, base);
        }
        self.indexed(expr.span, index, base, true)
    }

    /// Type of `base[…]`. As the target of an assignment a map element is not optional.
    pub(super) fn indexed(&mut self, span: Span, index: &Index, base: Ty, read: bool) -> Ty {
        match self.types.kind(base) {
            Kind::List(element) => {
                let whole = self.integer_subscript(index);
                if whole { base } else { element }
            }
            Kind::String => {
                self.integer_subscript(index);
                Ty::STRING
            }
            Kind::Map(key, value) => {
                let Subscript::Item(item) = &index.subscript else {
                    self.subscript_types(index);
                    self.report("T017", index.bracket_span, "slicing not allowed on map");
                    return Ty::ERROR;
                };
                let actual = self.infer(item, None);
                self.check_map_key(index.bracket_span, key, actual);
                if read { self.types.option(value) } else { value }
            }
            Kind::Any | Kind::Error => {
                self.subscript_types(index);
                base
            }
            _ => {
                self.operand_indexing(span, base);
                self.subscript_types(index);
                Ty::ERROR
            }
        }
    }

    fn operand_indexing(&mut self, span: Span, base: Ty) {
        let message = format!("type {} does not support indexing", self.show(base));
        self.report("T018", span, message);
    }

    fn check_map_key(&mut self, span: Span, key: Ty, actual: Ty) {
        if !self.types.compatible(actual, key) {
            let message = format!("map key type mismatch: expected {}, got {}", self.show(key), self.show(actual));
            self.report("T019", span, message);
        }
    }

    fn subscript_types(&mut self, index: &Index) {
        for part in index.subscript.parts() {
            self.infer(part, None);
        }
    }

    /// Checks the subscript of a list or string; true for a slice.
    fn integer_subscript(&mut self, index: &Index) -> bool {
        for part in index.subscript.parts() {
            let ty = self.infer(part, None);
            if !self.types.is_index(ty) {
                self.report("T015", index.bracket_span, "index must be an integer");
            }
        }
        matches!(index.subscript, Subscript::Slice(_))
    }

    fn safe_index(&mut self, question: Span, index: &Index, base: Ty) -> Ty {
        let Subscript::Item(item) = &index.subscript else { return Ty::ERROR };
        let actual = self.infer(item, None);
        if base.is_dynamic() {
            return self.types.option(base);
        }
        let Some(payload) = self.types.option_payload(base) else {
            self.operand("T062", question, "safe-index `?[ ]` requires an option-typed receiver, got ", base);
            return Ty::ERROR;
        };
        let element = match self.types.kind(payload) {
            Kind::List(element) => {
                if !self.types.is_index(actual) {
                    self.report("T015", question, "index must be an integer");
                }
                element
            }
            Kind::Map(key, value) => {
                self.check_map_key(question, key, actual);
                value
            }
            Kind::Any | Kind::Error => payload,
            _ => {
                let what = "safe-index `?[ ]` requires the wrapped type to be a list or map, got ";
                self.operand("T063", question, what, payload);
                return Ty::ERROR;
            }
        };
        self.optional(element)
    }

    /// `T?`; an optional stays as it is.
    fn optional(&mut self, ty: Ty) -> Ty {
        if self.types.option_payload(ty).is_some() { ty } else { self.types.option(ty) }
    }

    fn field(&mut self, expr: &Expr, field: &Field) -> Ty {
        if let Some(declared) = self.extern_member(expr) {
            return declared;
        }
        let base = self.infer(&field.base, None);
        match field.safe {
            Some(question) => self.safe_field(question, field, base),
            None => self.field_of(expr.span, &field.base, base, field.name.name),
        }
    }

    /// Type of a member declared by `extern`, by its whole path.
    fn extern_member(&mut self, expr: &Expr) -> Option<Ty> {
        if self.externs.is_empty() {
            return None;
        }
        let mut names = Vec::new();
        let mut part = expr;
        loop {
            match &part.kind {
                ExprKind::Field(field) if field.safe.is_none() => {
                    names.push(field.name.as_str());
                    part = &field.base;
                }
                ExprKind::Name(name) => {
                    names.push(name.as_str());
                    break;
                }
                _ => return None,
            }
        }
        names.reverse();
        self.externs.get(names.join(".").as_str()).copied()
    }

    /// Type of `base.name`. Problems are reported at `span`, the start of the whole path.
    pub(super) fn field_of(&mut self, span: Span, base_expr: &Expr, base: Ty, name: Symbol) -> Ty {
        match self.types.kind(base) {
            Kind::Any | Kind::Error => base,
            Kind::Option(_) => {
                let label = self.text(base_expr.span).to_owned();
                self.unguarded(span, &label);
                Ty::ERROR
            }
            Kind::Struct(_) | Kind::Record(_) => {
                match self.types.field(base, name).or_else(|| self.types.method(base, name)) {
                    Some(ty) => ty,
                    None => {
                        self.unknown_field(span, name, base);
                        Ty::ERROR
                    }
                }
            }
            Kind::Group(key, item) => match name.as_str() {
                "key" => key,
                "items" => self.types.list(item),
                _ => Ty::ANY,
            },
            Kind::String => match name.as_str() {
                "contains" | "starts_with" => self.types.plain_function(&[Ty::STRING], Ty::BOOL),
                "padStart" => self.types.plain_function(&[Ty::INT, Ty::STRING], Ty::STRING),
                _ => self.no_fields(span, base),
            },
            Kind::Map(key, value) => match name.as_str() {
                "keys" => {
                    let keys = self.types.list(key);
                    self.types.plain_function(&[], keys)
                }
                "get" => self.types.plain_function(&[key, value], value),
                _ if self.types.compatible(key, Ty::STRING) => value,
                _ => self.no_fields(span, base),
            },
            _ => self.no_fields(span, base),
        }
    }

    fn no_fields(&mut self, span: Span, base: Ty) -> Ty {
        self.not_a_struct(span, base);
        Ty::ERROR
    }

    fn safe_field(&mut self, question: Span, field: &Field, base: Ty) -> Ty {
        if base.is_dynamic() {
            return self.types.option(base);
        }
        let name = field.name.name;
        let Some(payload) = self.types.option_payload(base) else {
            let what = format!("safe-call `?.{name}` requires an option-typed receiver, got ");
            self.operand("T060", question, &what, base);
            return Ty::ERROR;
        };
        let found = match self.types.kind(payload) {
            Kind::Any | Kind::Error => Some(payload),
            Kind::Map(key, value) if self.types.compatible(key, Ty::STRING) => Some(value),
            Kind::Struct(_) | Kind::Record(_) => {
                let found = self.types.field(payload, name).or_else(|| self.types.method(payload, name));
                if found.is_none() {
                    self.unknown_field(question, name, payload);
                    return Ty::ERROR;
                }
                found
            }
            _ => None,
        };
        match found {
            Some(ty) => self.optional(ty),
            None => {
                let what = format!("safe-call `?.{name}` requires the wrapped type to be a struct, got ");
                self.operand("T061", question, &what, payload);
                Ty::ERROR
            }
        }
    }

    // ---- functions and choices ----

    fn lambda(&mut self, expr: &Expr, lambda: &Lambda, expected: Option<Ty>) -> Ty {
        let mark = self.mark();
        self.widen_for_function();
        self.bind_type_params(&lambda.signature);
        let params = self.resolve_params(&lambda.signature.params);
        for (param, ty) in lambda.signature.params.iter().zip(&params) {
            self.bind(param.name.name, *ty, true, param.name.span);
        }
        let declared = match &lambda.signature.result {
            Some(result) => Some(self.resolve(result)),
            None => expected.and_then(|expected| self.types.function(expected)).map(|function| function.result),
        };
        let outer_effects = std::mem::replace(&mut self.effects, EffectSet::PURE);
        let outer_statement = self.effectful_statement;
        let outer_predicate = self.predicate.take();
        let result = match &lambda.body {
            LambdaBody::Expr(body) => {
                let actual = self.infer(body, declared);
                match declared {
                    Some(declared) if !self.types.fits(actual, declared) => {
                        self.mismatch(expr.span, declared, actual);
                        declared
                    }
                    Some(declared) => declared,
                    None => actual,
                }
            }
            LambdaBody::Block(body) => {
                let result = declared.map_or(FunctionResult::Inferred(None), FunctionResult::Declared);
                let outer = std::mem::replace(&mut self.function, Function { result, in_loop: false });
                self.statements(&body.statements);
                let inner = std::mem::replace(&mut self.function, outer);
                match inner.result {
                    FunctionResult::Declared(ty) | FunctionResult::Inferred(Some(ty)) => ty,
                    FunctionResult::Inferred(None) => Ty::UNIT,
                }
            }
        };
        let mut effects = std::mem::replace(&mut self.effects, outer_effects);
        self.effectful_statement = outer_statement;
        self.predicate = outer_predicate;
        if let Some(declared) = self.resolve_effects(&lambda.signature.effects, expr.span) {
            if !effects.is_within(declared) {
                self.undeclared_effects(expr.span, "<fun>", declared, effects);
            }
            effects = declared;
        }
        self.leave(mark);
        let type_params = lambda.signature.type_params.iter().map(|param| param.name).collect();
        self.types.function_of(FnType { params: params.into(), variadic: None, result, effects, type_params })
    }

    /// Checks a condition: `bool`, or `any`.
    pub(super) fn condition(&mut self, condition: &Expr) -> super::narrow::Facts {
        let (ty, facts) = self.operand_with_facts(condition);
        if !self.types.is_condition(ty) {
            self.report("T040", condition.span, "`if` condition must be boolean");
        }
        facts
    }

    fn if_expr(&mut self, expr: &Expr, choice: &IfExpr, expected: Option<Ty>) -> Ty {
        let facts = self.condition(&choice.condition);
        let then_type = self.under(&facts.when_true, |checker| checker.expr(&choice.then_value, expected));
        let Some(else_value) = &choice.else_value else { return then_type };
        // With an expectation each branch answers to it; otherwise the first branch sets it for the second.
        let wanted = expected.or(Some(then_type)).filter(|ty| !ty.is_error());
        let else_type = self.under(&facts.when_false, |checker| checker.expr(else_value, wanted));
        let result = if then_type.is_error() || else_type.is_error() {
            Ty::ERROR
        } else if self.types.fits(else_type, then_type) {
            then_type
        } else if self.types.fits(then_type, else_type) {
            else_type
        } else {
            expected.unwrap_or(Ty::ANY)
        };
        if let Some(expected) = expected
            && !self.types.fits(result, expected)
        {
            self.mismatch(expr.span, expected, result);
            return Ty::ERROR;
        }
        result
    }

    /// Runs `work` with facts in force.
    pub(super) fn under<R>(&mut self, facts: &[(Symbol, Ty)], work: impl FnOnce(&mut Self) -> R) -> R {
        if facts.is_empty() {
            return work(self);
        }
        let mark = self.mark();
        self.assume(facts);
        let outcome = work(self);
        self.leave(mark);
        outcome
    }

    // ---- outside world ----

    fn generate(&mut self, expr: &Expr, generate: &Generate) -> Ty {
        let texts = self.types.list(Ty::STRING);
        for field in &generate.fields {
            let slot = match field.name.as_str() {
                "prompt" | "model" | "text" => Some(Ty::STRING),
                "temperature" | "top_p" => Some(Ty::FLOAT),
                "max_tokens" => Some(Ty::INT),
                "stop" => Some(texts),
                "normalize" => Some(Ty::BOOL),
                _ => None,
            };
            self.expr(&field.value, slot);
        }
        match generate.target.as_str() {
            "text" => Ty::STRING,
            "embedding" => self.types.list(Ty::FLOAT),
            _ => match self.type_names.get(generate.target.name).copied() {
                Some(ty) => ty,
                None => {
                    self.unknown_type(expr.span, generate.target.name);
                    Ty::ERROR
                }
            },
        }
    }

    pub(super) fn fetch(&mut self, fetch: &Fetch, span: Span, expected: Option<Ty>) -> Ty {
        self.note_effects("fetch", span, EffectSet::NET);
        let url = self.infer(&fetch.url, None);
        if !self.types.compatible(url, Ty::STRING) {
            self.report("T028", span, "fetch URL must be a string");
        }
        if let Some(options) = &fetch.options {
            let ty = self.infer(options, None);
            let fits = match self.types.kind(ty) {
                Kind::Map(key, _) => self.types.compatible(key, Ty::STRING),
                Kind::Error => true,
                _ => false,
            };
            if !fits {
                self.report("T029", span, "fetch options must be a map");
            } else if let ExprKind::Map(entries) = &options.kind {
                self.fetch_options(entries);
            }
        }
        expected.unwrap_or(Ty::ANY)
    }

    /// The types of the values are known already.
    fn fetch_options(&mut self, entries: &[MapEntry]) {
        let texts = self.types.map(Ty::STRING, Ty::STRING);
        for entry in entries {
            let Some(name) = literal_key(&entry.key) else { continue };
            let expected = match name.as_str() {
                "method" => Ty::STRING,
                "headers" | "query" => texts,
                "timeout" => Ty::FLOAT,
                _ => continue,
            };
            let actual = self.expr_types.get(entry.value.id.index()).copied().unwrap_or(Ty::ERROR);
            if !self.types.compatible(actual, expected) {
                let message = format!(
                    "invalid type for fetch option `{name}`: expected {}, got {}",
                    self.show(expected),
                    self.show(actual)
                );
                self.report("T030", entry.value.span, message);
            }
        }
    }
}

/// The key that a map literal's key stands for, when it is a name or a string.
pub(super) fn literal_key(key: &Expr) -> Option<Symbol> {
    match &key.kind {
        ExprKind::Name(name) => Some(*name),
        ExprKind::Str(text) => Some(text.text),
        _ => None,
    }
}

/// Whether a string literal spells a value of the type, so that its conversion cannot fail.
fn spells_value(value: &Expr, ty: Ty) -> bool {
    let ExprKind::Str(text) = &value.without_parens().kind else { return false };
    match ty {
        Ty::INT => text.as_str().parse::<i64>().is_ok(),
        Ty::BOOL => text.as_str().parse::<bool>().is_ok(),
        _ => false,
    }
}
