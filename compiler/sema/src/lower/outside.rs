//! Data from outside the program: `load`, `save`, `fetch` and `generate`.

use super::desugar::models::variable;
use super::infer::{Content, Slot};
use super::scope::Resolved;
use super::{Lowerer, Val};
use crate::hir::{self, Builtin, CompareOp, Expr, ExprKind, Stmt};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

/// Stands for the standard streams where a path is expected.
const STANDARD: &str = "-";

/// How rows are read or written.
enum Rows {
    /// The program says it with literals, so that only this format becomes part of it.
    Known { format: Format, header: bool, delimiter: String },
    /// Options that are known at run time.
    Dynamic(Expr),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
    JsonLines,
    Yaml,
}

/// The literals in options that consist of nothing else.
#[derive(Default)]
struct Literals<'a> {
    format: Option<&'a ast::Expr>,
    header: Option<bool>,
    delimiter: Option<String>,
}

fn text_literal(expr: &ast::Expr) -> Option<String> {
    match &expr.without_parens().kind {
        ast::ExprKind::Str(text) => Some(text.as_str().to_owned()),
        _ => None,
    }
}

fn literals(options: &ast::Expr) -> Option<Literals<'_>> {
    let ast::ExprKind::Map(entries) = &options.without_parens().kind else { return None };
    let mut found = Literals::default();
    for entry in entries {
        let key = super::literal::plain_key(&entry.key)?;
        match (key.as_str(), &entry.value.kind) {
            ("format", ast::ExprKind::Str(_)) if found.format.is_none() => found.format = Some(&entry.value),
            ("header", ast::ExprKind::Bool(given)) if found.header.is_none() => found.header = Some(*given),
            ("delimiter", ast::ExprKind::Str(_)) if found.delimiter.is_none() => {
                found.delimiter = text_literal(&entry.value);
            }
            _ => return None,
        }
    }
    Some(found)
}

impl<'a> Lowerer<'a> {
    /// `load path as T with options`: a list of T.
    pub(crate) fn load(&mut self, load: &'a ast::Load, span: Span) -> Val {
        let row = self.value_annotation(&load.ty);
        let list = self.t.list_of(row);
        let path = self.path(load.path.as_ref(), span);
        let Some(rows) = self.row_options(load.options.as_ref(), true) else { return self.poison(span) };
        let (builtin, args) = match rows {
            Rows::Dynamic(options) => (Builtin::Load, vec![path, options]),
            Rows::Known { format: Format::Csv, header, delimiter } => {
                (Builtin::LoadCsv, vec![path, self.flag(header, span), self.string(&delimiter, span)])
            }
            Rows::Known { format: Format::Json, .. } => (Builtin::LoadJson, vec![path]),
            Rows::Known { format: Format::JsonLines, .. } => (Builtin::LoadJsonLines, vec![path]),
            Rows::Known { format: Format::Yaml, .. } => (Builtin::LoadYaml, vec![path]),
        };
        self.val(ExprKind::Builtin { builtin, args }, list, span)
    }

    /// `save rows to path with options`
    pub(crate) fn save(&mut self, save: &'a ast::Save, span: Span) -> Val {
        let source = self.expr(&save.value);
        let source = self.group_items(source);
        let source = self.dynamic_if_unknown(source).e;
        let path = self.path(save.path.as_ref(), span);
        let Some(rows) = self.row_options(save.options.as_ref(), false) else { return self.poison(span) };
        let (builtin, args) = match rows {
            Rows::Dynamic(options) => (Builtin::Save, vec![source, path, options]),
            Rows::Known { format: Format::Csv, header, delimiter } => {
                (Builtin::SaveCsv, vec![source, path, self.flag(header, span), self.string(&delimiter, span)])
            }
            Rows::Known { format: Format::Json, .. } => (Builtin::SaveJson, vec![source, path]),
            Rows::Known { format: Format::JsonLines, .. } => (Builtin::SaveJsonLines, vec![source, path]),
            Rows::Known { format: Format::Yaml, .. } => (Builtin::SaveYaml, vec![source, path]),
        };
        self.val(ExprKind::Builtin { builtin, args }, Slot::UNIT, span)
    }

    fn path(&mut self, path: Option<&ast::StringLiteral>, span: Span) -> Expr {
        match path {
            Some(path) => self.string(path.as_str(), path.span),
            None => self.string(STANDARD, span),
        }
    }

    fn string(&mut self, text: &str, span: Span) -> Expr {
        self.val(ExprKind::Str(text.to_string()), Slot::STR, span).e
    }

    fn flag(&mut self, flag: bool, span: Span) -> Expr {
        self.val(ExprKind::Bool(flag), Slot::BOOL, span).e
    }

    /// What the options of `load` and `save` say; `header` is what holds for CSV without them.
    fn row_options(&mut self, options: Option<&'a ast::Expr>, header: bool) -> Option<Rows> {
        let Some(options) = options else {
            return Some(Rows::Known { format: Format::Csv, header, delimiter: ",".to_string() });
        };
        let Some(found) = literals(options) else {
            return Some(Rows::Dynamic(self.options(options, "options must be a map")));
        };
        let name = found.format.and_then(text_literal).unwrap_or_else(|| "csv".to_string());
        let (format, delimiter) = match name.as_str() {
            "csv" => (Format::Csv, ","),
            "tsv" => (Format::Csv, "\t"),
            "json" => (Format::Json, ""),
            "jsonl" => (Format::JsonLines, ""),
            "yaml" => (Format::Yaml, ""),
            _ => {
                let span = found.format.map_or(options.span, |format| format.span);
                self.unsupported(
                    &format!("format `{name}`, which is none of csv, tsv, json, jsonl and yaml, is"),
                    span,
                );
                return None;
            }
        };
        let delimiter = found.delimiter.unwrap_or_else(|| delimiter.to_string());
        Some(Rows::Known { format, header: found.header.unwrap_or(header), delimiter })
    }

    /// Options as a value.
    fn options(&mut self, options: &'a ast::Expr, mistake: &str) -> Expr {
        let value = self.expr(options);
        let value = self.dynamic_if_unknown(value);
        let fits = match self.t.content(value.t) {
            Content::Any | Content::Bot | Content::Poison | Content::Record(_) => true,
            Content::Obj(_) => self.t.element(value.t).is_none(),
            _ => false,
        };
        if fits { value.e } else { self.error("T029", mistake, options.span).e }
    }

    /// What is unknown to the end is passed on as a dynamic value.
    fn dynamic_if_unknown(&mut self, value: Val) -> Val {
        if self.t.content(value.t) == Content::Bot { self.dynamic_if_final(value) } else { value }
    }

    /// `fetch url with options`: of the type that is wanted where it stands (see `convert`), otherwise dynamic.
    pub(crate) fn fetch(&mut self, fetch: &'a ast::Fetch, span: Span) -> Val {
        let url = self.expr(&fetch.url);
        let url = self.unwrapped(url);
        if !matches!(self.t.content(url.t), Content::Str | Content::Any | Content::Bot | Content::Poison) {
            return self.error("T028", "fetch URL must be a string", span);
        }
        let mut args = vec![self.coerce(url, Slot::STR)];
        if let Some(options) = &fetch.options {
            args.push(self.options(options, "fetch options must be a map"));
        }
        self.val(ExprKind::Builtin { builtin: Builtin::Fetch, args }, Slot::ANY, span)
    }

    /// `generate target { … }`
    pub(crate) fn generate(&mut self, generate: &'a ast::Generate, span: Span) -> Val {
        let mut stmts = Vec::new();
        let (mut prompt, mut normalize, mut model) = (None, None, None);
        let subject = if generate.target.as_str() == "embedding" { "text" } else { "prompt" };
        for field in &generate.fields {
            let value = self.expr(&field.value);
            let name = field.name.as_str();
            let (kept, slot) = match name {
                _ if name == subject => (&mut prompt, Slot::STR),
                "model" => {
                    let provider = self.provider(&field.value, value, &mut stmts);
                    model = Some(provider);
                    continue;
                }
                "normalize" => (&mut normalize, Slot::BOOL),
                // Parameters mean nothing to the provider that there is.
                _ => {
                    let kind = hir::StmtKind::Expr(value.e);
                    stmts.push(Stmt { kind, span: field.span });
                    continue;
                }
            };
            let value = self.unwrapped(value);
            let value = self.coerce(value, slot);
            let local = self.let_temporary(slot, value, &mut stmts);
            *kept = Some(self.read(local, field.span).e);
        }
        let prompt = prompt.unwrap_or_else(|| self.string("", span));
        let [provider, model] = model.unwrap_or_else(|| [self.string("", span), self.string("", span)]);
        let (builtin, args, result) = match generate.target.as_str() {
            "text" => (Builtin::GenerateText, vec![prompt, provider, model], Slot::STR),
            "embedding" => {
                let normalize = normalize.unwrap_or_else(|| self.flag(false, span));
                let element = self.t.fresh_with(Content::Float);
                let list = self.t.list_of(element);
                (Builtin::GenerateEmbedding, vec![prompt, normalize, provider, model], list)
            }
            _ => {
                let inst = self.ctx().inst;
                let result = self.named_type(inst, generate.target.name);
                (Builtin::GenerateValue, vec![prompt, provider, model], result)
            }
        };
        let value = self.val(ExprKind::Builtin { builtin, args }, result, span);
        self.with_statements(stmts, value)
    }

    /// Provider and name of a model: those of its declaration, or no provider and the name as it is.
    fn provider(&mut self, written: &'a ast::Expr, value: Val, stmts: &mut Vec<Stmt>) -> [Expr; 2] {
        let span = written.span;
        let value = self.unwrapped(value);
        let value = self.coerce(value, Slot::STR);
        if let Some(name) = text_literal(written) {
            let declared = self.declared(Symbol::intern(&name), span);
            return declared.unwrap_or_else(|| [self.string("", span), value]);
        }
        let local = self.let_temporary(Slot::STR, value, stmts);
        let [mut provider, mut model] = [self.string("", span), self.read(local, span).e];
        for name in self.models.clone() {
            let Some([its_provider, its_name]) = self.declared(name, span) else { continue };
            provider = self.if_named(local, name, its_provider, provider);
            model = self.if_named(local, name, its_name, model);
        }
        [provider, model]
    }

    /// `then` if the text in a local is the name, `els` otherwise.
    fn if_named(&mut self, local: hir::LocalId, name: Symbol, then: Expr, els: Expr) -> Expr {
        let span = els.span;
        let (lhs, rhs) = (self.read(local, span).e, self.string(name.as_str(), span));
        let kind = ExprKind::Compare { op: CompareOp::Eq, lhs: Box::new(lhs), rhs: Box::new(rhs) };
        let cond = Box::new(Expr { kind, ty: Ty::BOOL, span });
        self.val(ExprKind::If { cond, then: Box::new(then), els: Box::new(els) }, Slot::STR, span).e
    }

    /// Provider and name in the declaration of a model, if there is one where this stands.
    fn declared(&mut self, model: Symbol, span: Span) -> Option<[Expr; 2]> {
        let variable = variable(model);
        if !self.models.contains(&model) || matches!(self.resolve(variable), Resolved::Unknown) {
            return None;
        }
        Some(["provider", "name"].map(|field| {
            let base = self.name(variable, span);
            let value = self.field_of(base, Symbol::intern(field), span);
            let value = self.unwrapped(value);
            self.coerce(value, Slot::STR)
        }))
    }

    /// `fetch url into name`: a declaration.
    pub(crate) fn fetch_into(&mut self, node: &'a ast::FetchInto, span: Span, out: &mut Vec<Stmt>) {
        let promoted = if self.at_top_level() { self.promoted_global(node.target.name) } else { None };
        let slot = promoted.map_or_else(|| self.var_slot(node.target.span), |(_, slot)| slot);
        let value = self.fetch(&node.fetch, span);
        let value = self.coerce(value, slot);
        self.introduce(node.target, true, (slot, promoted.map(|(global, _)| global)), Some(value), span, out);
    }
}
