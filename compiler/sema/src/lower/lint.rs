//! The lint of everything that is `any` without the program saying so: one report for each place where it begins, with the
//! reason. What only flows from there is not reported. Besides, copies that a program may not expect.

use super::infer::{Content, Obj, Shape, Slot};
use super::origin::{Cause, Origin, Sight};
use super::{Inst, Key, Lowerer};
use crate::hir::{Expr, ExprKind};
use crate::ty::{Ty, Types};
use mochi_diagnostics::{Diagnostic, Span};
use mochi_syntax::Symbol;
use std::collections::{BTreeMap, HashSet};

const MIXED: &str = "M010";
const UNKNOWN_TYPE: &str = "M011";
const UNDETERMINED: &str = "M012";
const OPERATION: &str = "M013";
const RECURSIVE: &str = "M014";
const COPIED: &str = "M015";

/// Nesting of types beyond which a part is no longer described.
const DEPTH: u32 = 4;

/// Something with a name that is `any`, or has a part that is.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    /// Where it is declared.
    span: Span,
    /// As messages show it: `x`, each element of `xs`, …
    shown: String,
    /// A type annotation, to go behind the name, that says the same.
    annotation: Option<String>,
}

/// A literal without a name of its own that is `any`, or has a part that is.
struct Literal {
    span: Span,
    shown: String,
    /// It goes where any value may go: nothing is lost.
    exposed: bool,
}

/// A part of a type that is `any` for a reason worth telling.
struct Part {
    slot: Slot,
    origin: Origin,
    /// As messages show it.
    shown: String,
    /// The whole type as written.
    annotation: Option<String>,
}

impl<'a> Lowerer<'a> {
    /// A fresh slot for the result of an operation that no static type describes.
    pub(crate) fn operation(&mut self, what: &'static str, span: Span) -> Slot {
        let outer = std::mem::replace(&mut self.t.site, span);
        let slot = self.t.introduce(Cause::Operation(what));
        self.t.site = outer;
        slot
    }

    /// The typed program has a value of type `any` here.
    pub(crate) fn note_any(&mut self, slot: Slot) {
        let origin = self.t.origin(slot);
        if self.final_walk && origin.is_introduced() {
            self.origins.insert(origin);
        }
    }

    /// Reports the reasons why something in the typed program is `any`; `types` are that program's.
    pub(crate) fn lint(&mut self, types: &Types) {
        if self.origins.is_empty() && self.copied_containers.is_empty() {
            return;
        }
        // Messages may mention types that the program does not have.
        self.types = types.clone();
        self.lint_copies();
        let mut subjects = BTreeMap::new();
        self.keyed_subjects(&mut subjects);
        self.named_subjects(&mut subjects);
        let mut literals = self.literals();
        for origin in std::mem::take(&mut self.origins) {
            let subject = match (subjects.remove(&origin), literals.remove(&origin)) {
                (None, Some(Literal { exposed: true, .. })) => continue,
                (None, Some(literal)) => Some(Subject { span: literal.span, shown: literal.shown, annotation: None }),
                (subject, _) => subject,
            };
            if let Some(report) = self.introduced(origin, subject)
                // What the compiler wrote itself lies behind the text.
                && (report.span.end as usize) <= self.source.text().len()
            {
                self.diagnostics.push(report);
            }
        }
    }

    /// A list or map gets other elements on its way to a place of type `to`. That its elements are copied shows only if it
    /// can be reached from elsewhere.
    pub(crate) fn note_copy(&mut self, value: &Expr, to: Ty) {
        let has_a_place = matches!(
            value.kind,
            ExprKind::Local(_) | ExprKind::Global(_) | ExprKind::Field { .. } | ExprKind::Index { .. }
        );
        if self.final_walk && has_a_place && value.span.end as usize <= self.source.text().len() {
            self.copied_containers.insert(value.span, (value.ty, to));
        }
    }

    fn lint_copies(&mut self) {
        for (span, (from, to)) in std::mem::take(&mut self.copied_containers) {
            let (from, to) = (self.describe(from), self.describe(to));
            let message = format!("this {from} is copied to become {to}: changes of one do not reach the other");
            self.diagnostics.push(Diagnostic::warning(COPIED, message, span));
        }
    }

    /// The literals that are `any` inside.
    fn literals(&mut self) -> BTreeMap<Origin, Literal> {
        let keyed: Vec<Slot> =
            self.keys.iter().filter(|((_, key), _)| matches!(key, Key::Expr(_))).map(|(_, slot)| *slot).collect();
        let mut found = BTreeMap::<Origin, Literal>::new();
        for slot in keyed {
            let mut parts = Vec::new();
            self.dynamic_parts(slot, ("this literal".to_owned(), None), 0, &mut HashSet::new(), &mut parts);
            for part in parts {
                let exposed = self.t.is_exposed(part.slot);
                let span = self.t.reason(part.origin).map_or_else(Span::default, |reason| reason.span);
                match found.get_mut(&part.origin) {
                    Some(known) => known.exposed |= exposed,
                    None => {
                        found.insert(part.origin, Literal { span, shown: part.shown, exposed });
                    }
                }
            }
        }
        found
    }

    /// Variables, parameters and results of the functions of the program.
    fn keyed_subjects(&mut self, found: &mut BTreeMap<Origin, Subject>) {
        let walk = self.walk;
        let live = |inst: Option<&Inst>| inst.is_none_or(|inst| inst.reached == walk);
        let mut keyed: Vec<(Slot, Span, Option<String>)> = Vec::new();
        for ((inst, key), slot) in &self.keys {
            let inst = self.insts.get(*inst as usize);
            let decl = inst.and_then(|inst| self.decls.get(inst.decl as usize));
            let (span, shown) = match (key, decl) {
                _ if !live(inst) => continue,
                (Key::Var(start), _) => (self.name_span(*start), None),
                (Key::Param(index), Some(decl)) => match decl.signature.params.get(*index as usize) {
                    Some(param) => (param.name.span, None),
                    None => continue,
                },
                (Key::Result, Some(decl)) => match decl.name {
                    Some(name) => (self.function_name_span(decl.span, name), Some(format!("the result of `{name}`"))),
                    None => (decl.span, Some("the result of this function".to_owned())),
                },
                _ => continue,
            };
            keyed.push((*slot, span, shown));
        }
        for (slot, span, shown) in keyed {
            let annotatable = shown.is_none();
            let shown = shown.unwrap_or_else(|| format!("`{}`", self.source.span_text(span)));
            self.subjects_in(slot, Subject { span, shown, annotation: annotatable.then(String::new) }, found);
        }
    }

    /// Variables of the top level and fields of declared types.
    fn named_subjects(&mut self, found: &mut BTreeMap<Origin, Subject>) {
        let mut named = Vec::new();
        for (name, top) in &self.tops {
            let annotation = (!top.annotated).then(String::new);
            named.push((top.slot, Subject { span: top.span, shown: format!("`{name}`"), annotation }));
        }
        let records = self.record_infos.iter().filter(|info| !info.anonymous);
        let records = records.map(|info| (info.name.as_str(), info.span, &info.fields));
        let variants = self
            .union_infos
            .iter()
            .flat_map(|info| info.variants.iter().map(|variant| (variant.name.as_str(), info.span, &variant.fields)));
        for (name, span, fields) in records.chain(variants) {
            for (field, slot) in fields {
                let shown = format!("field `{field}` of `{name}`");
                named.push((*slot, Subject { span, shown, annotation: None }));
            }
        }
        for (slot, subject) in named {
            self.subjects_in(slot, subject, found);
        }
    }

    /// Enters the parts of a type that are `any` under their reasons; what is declared first is kept.
    fn subjects_in(&mut self, slot: Slot, subject: Subject, found: &mut BTreeMap<Origin, Subject>) {
        let mut parts = Vec::new();
        self.dynamic_parts(slot, (subject.shown, subject.annotation), 0, &mut HashSet::new(), &mut parts);
        for Part { origin, shown, annotation, .. } in parts {
            let annotation = annotation.map(|outer| format!(": {outer}"));
            let candidate = Subject { span: subject.span, shown, annotation };
            match found.get_mut(&origin) {
                Some(known) if *known <= candidate => {}
                Some(known) => *known = candidate,
                None => {
                    found.insert(origin, candidate);
                }
            }
        }
    }

    fn dynamic_parts(
        &mut self,
        slot: Slot,
        (shown, annotation): (String, Option<String>),
        depth: u32,
        seen: &mut HashSet<Obj>,
        out: &mut Vec<Part>,
    ) {
        match self.t.content(slot) {
            Content::Any => {
                let origin = self.t.origin(slot);
                if self.origins.contains(&origin) {
                    let annotation = annotation.map(|outer| wrap(&outer, "any"));
                    out.push(Part { slot, origin, shown, annotation });
                }
            }
            Content::Obj(obj) if depth < DEPTH && seen.insert(obj) => {
                let part = |text: &str| format!("{text} of {shown}");
                match self.t.shape(obj) {
                    Shape::List(element) => {
                        let annotation = annotation.map(|outer| wrap(&outer, "list<…>"));
                        self.dynamic_parts(element, (part("each element"), annotation), depth + 1, seen, out);
                    }
                    Shape::Map(key, value) => {
                        let keys = self.describe_slot(key);
                        let annotation = annotation.map(|outer| wrap(&outer, &format!("map<{keys}, …>")));
                        self.dynamic_parts(key, (part("each key"), None), depth + 1, seen, out);
                        self.dynamic_parts(value, (part("each value"), annotation), depth + 1, seen, out);
                    }
                    Shape::Rec(fields) => {
                        for (name, field) in fields {
                            let shown = part(&format!("field `{name}`"));
                            self.dynamic_parts(field, (shown, None), depth + 1, seen, out);
                        }
                    }
                    Shape::Fn(params, result) => {
                        for param in params {
                            self.dynamic_parts(param, (part("a parameter"), None), depth + 1, seen, out);
                        }
                        self.dynamic_parts(result, (part("the result"), None), depth + 1, seen, out);
                    }
                }
            }
            _ => {}
        }
    }

    fn introduced(&mut self, origin: Origin, subject: Option<Subject>) -> Option<Diagnostic> {
        let reason = self.t.reason(origin)?;
        let place = subject.as_ref().map_or(reason.span, |subject| subject.span);
        let shown = subject.as_ref().map_or("this value", |subject| subject.shown.as_str());
        let report =
            match reason.cause {
                Cause::Mixed(first, second) => self.mixed(shown, place, first, second),
                Cause::UnknownType(name) => {
                    let message = format!("`{name}` is `any`: no type has this name");
                    return Some(
                        Diagnostic::warning(UNKNOWN_TYPE, message, reason.span)
                            .with_help("Declare the type, correct its name, or write `any` if that is meant."),
                    );
                }
                Cause::OpenType(name) => {
                    let message = format!("`{name}` is `any`: what its values are shows only when the program runs");
                    return Some(Diagnostic::warning(UNKNOWN_TYPE, message, reason.span).with_help(
                        "A union with named variants has a static type: `type T = A(x: int) | B(y: string)`.",
                    ));
                }
                Cause::Undetermined => {
                    let message = format!("{shown} is `any`: nothing in the program says what type it has");
                    let help = "Declare a type, as in `var xs: list<int> = []`, or remove what is never used.";
                    return Some(Diagnostic::warning(UNDETERMINED, message, place).with_help(help));
                }
                Cause::Operation(what) => {
                    let message = format!("this value is `any`: {what}");
                    return Some(Diagnostic::warning(OPERATION, message, reason.span).with_help(
                        "Convert it with `as` to the type that it must have, so that what follows is typed.",
                    ));
                }
                Cause::Recursive => {
                    let message = format!("{shown} is `any`: no type describes a list or map that contains itself");
                    Diagnostic::warning(RECURSIVE, message, place)
                        .with_help("Declare a record type with a field that refers to the type itself.")
                }
            };
        Some(match subject {
            Some(Subject { span, annotation: Some(annotation), .. }) => {
                let description = format!("If that is meant, say so: `{}{annotation}`.", self.source.span_text(span));
                report.with_fix(Span::at(span.end), annotation, description)
            }
            _ => report,
        })
    }

    fn mixed(&mut self, shown: &str, place: Span, first: Sight, second: Sight) -> Diagnostic {
        let (mut first, mut second) = (first, second);
        if second.1.start < first.1.start {
            std::mem::swap(&mut first, &mut second);
        }
        let [first_type, second_type] = [first, second].map(|sight| self.describe_content(sight.0));
        let message = if first_type == second_type {
            format!("{shown} is `any`: it holds values of type {first_type} that differ inside")
        } else {
            format!("{shown} is `any`: it holds {first_type} and {second_type}")
        };
        let mut report = Diagnostic::warning(MIXED, message, place);
        let end = self.source.text().len() as u32;
        for (span, ty) in [(first.1, first_type), (second.1, second_type)] {
            if span != place && span.start < span.end && span.end <= end {
                report = report.with_label(span, ty);
            }
        }
        report.with_help("Keep values of one type in it, or declare a union type with a variant for each.")
    }

    fn describe_content(&mut self, content: Content) -> String {
        let slot = self.t.fresh_with(content);
        self.describe_slot(slot)
    }

    /// The name that begins at an offset.
    fn name_span(&self, start: u32) -> Span {
        let text = self.source.text().get(start as usize..).unwrap_or_default();
        let length: usize =
            text.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || !c.is_ascii()).map(char::len_utf8).sum();
        Span::new(start, start.saturating_add(length as u32))
    }

    /// The name of a function within its declaration.
    fn function_name_span(&self, declaration: Span, name: Symbol) -> Span {
        let head = self.source.span_text(declaration);
        let after = ["fun ", "intent "].iter().find_map(|word| Some(head.find(word)? + word.len())).unwrap_or(0);
        let at = head.get(after..).and_then(|rest| rest.find(name.as_str())).map(|at| after + at);
        match at {
            Some(at) => {
                let start = declaration.start + at as u32;
                Span::new(start, start + name.as_str().len() as u32)
            }
            None => declaration,
        }
    }
}

/// Puts a type in the place that an outer one leaves open.
fn wrap(outer: &str, inner: &str) -> String {
    if outer.is_empty() { inner.to_owned() } else { outer.replacen('…', inner, 1) }
}
