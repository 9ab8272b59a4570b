//! The functions of the language.

use super::desugar::build::{BUILTIN, WRAPPER};
use super::infer::{Content, Null, Shape, Slot};
use super::{Key, Lowerer, Val};
use crate::hir::{self, ArithOp, Builtin, CompareOp, Expr, ExprKind, Place, StmtKind};
use crate::ty::Ty;
use mochi_diagnostics::Span;
use mochi_syntax::{Symbol, ast};

/// Names that are functions unless the program defines them.
pub(super) const NAMES: &[&str] = &[
    "print",
    "len",
    "append",
    "push",
    "concat",
    "first",
    "reverse",
    "distinct",
    "slice",
    "substring",
    "substr",
    "upper",
    "lower",
    "padStart",
    "str",
    "int",
    "float",
    "bool",
    "round",
    "pow",
    "abs",
    "ceil",
    "floor",
    "min",
    "max",
    "sum",
    "avg",
    "count",
    "exists",
    "keys",
    "values",
    "contains",
    "indexOf",
    "split",
    "join",
    "trim",
    "repeat",
    "parseIntStr",
    "range",
    "reduce",
    "collect",
    "to_json",
    "json",
    "now",
    "input",
    "sha256",
    "num",
    "denom",
    "eval",
    "mem",
    "panic",
    "error",
    "sqrt",
    "starts_with",
    "ends_with",
    "string",
];

/// Builtins without a value.
const WITHOUT_RESULT: [&str; 4] = ["print", "json", "panic", "error"];

pub(super) fn arity(name: &str) -> (usize, usize) {
    match name {
        "print" | "concat" => (0, usize::MAX),
        "now" | "input" | "mem" => (0, 0),
        "append" | "push" | "pow" | "contains" | "indexOf" | "split" | "join" | "repeat" | "starts_with"
        | "ends_with" => (2, 2),
        "slice" | "substring" | "substr" => (2, 3),
        "padStart" | "reduce" => (3, 3),
        "round" | "parseIntStr" | "min" | "max" => (1, 2),
        "range" => (1, 3),
        _ => (1, 1),
    }
}

/// What a builtin on strings says of a dynamic argument that is none.
fn expectation(builtin: Builtin) -> Option<&'static str> {
    Some(match builtin {
        Builtin::Upper => "upper expects string",
        Builtin::Trim => "trim expects string",
        Builtin::PadStart => "padStart expects (string, int, string)",
        Builtin::Split => "split expects (string, string)",
        Builtin::Join => "join expects (list, string)",
        Builtin::Repeat => "repeat expects (string, int)",
        Builtin::IndexOf => "indexOf expects (string, string)",
        Builtin::StartsWith => "starts_with expects (string, string)",
        Builtin::EndsWith => "ends_with expects (string, string)",
        Builtin::ParseInt => "parseIntStr expects (string, int)",
        _ => return None,
    })
}

/// The function that stands for a builtin where it is used as a value.
fn wrapper_name(name: &str) -> Symbol {
    Symbol::intern(&format!("{WRAPPER}{name}"))
}

/// Functions around the builtins that `text` mentions without calling them; those that are in fact variables do no harm.
pub(super) fn wrappers(text: &str) -> String {
    let mut functions = String::new();
    for &name in NAMES.iter().filter(|name| **name != "eval" && mentions(text, name)) {
        let params = ["a", "b", "c"].get(..arity(name).0.max(1)).unwrap_or_default();
        let params = if arity(name) == (0, 0) { String::new() } else { params.join(", ") };
        let call = format!("{BUILTIN}{name}({params})");
        let body = if WITHOUT_RESULT.contains(&name) { call } else { format!("return {call}") };
        functions.push_str(&format!("fun {WRAPPER}{name}({params}) {{ {body} }}\n"));
    }
    functions
}

/// `name` occurs as a word that no `(` follows.
fn mentions(text: &str, name: &str) -> bool {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        !before.ends_with(part) && !after.starts_with(part) && !after.trim_start().starts_with('(')
    })
}

impl<'a> Lowerer<'a> {
    /// A call of a builtin, or `None` when there is none of that name.
    pub(crate) fn builtin_call(&mut self, name: &str, call: &'a ast::Call, expr: &'a ast::Expr) -> Option<Val> {
        if !NAMES.contains(&name) {
            return None;
        }
        let (least, most) = arity(name);
        let given = call.args.len();
        if given < least || given > most {
            let wanted = match name {
                "substring" | "substr" => 3,
                _ if given < least => least,
                _ => most,
            };
            let message = format!("function {name} expects {wanted} arguments, got {given}");
            return Some(self.error("T039", message, expr.span));
        }
        if let [arg] = call.args.as_slice()
            && let Some(value) = self.accumulated(expr).or_else(|| self.aggregate_of_query(name, arg))
        {
            return Some(value);
        }
        let args = self.args(call);
        Some(self.builtin(name, args, expr))
    }

    fn builtin(&mut self, name: &str, args: Vec<Val>, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        match (name, args.len()) {
            ("print", _) => {
                let args = args.into_iter().map(|arg| self.printable(arg)).collect();
                self.val(ExprKind::Builtin { builtin: Builtin::Print, args }, Slot::UNIT, span)
            }
            ("concat", _) => {
                let mut args = args.into_iter();
                let Some(mut all) = args.next() else {
                    return self.error("T039", "function concat expects 1 arguments, got 0", span);
                };
                for next in args {
                    all = self.two_lists(Builtin::Concat, all, next, span);
                }
                all
            }
            _ => self.fixed_builtin(name, args, expr),
        }
    }

    fn fixed_builtin(&mut self, name: &str, args: Vec<Val>, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        let mut args = args.into_iter();
        let (a, b, c) = (args.next(), args.next(), args.next());
        match (name, a, b, c) {
            ("len", Some(x), ..) => self.length(x, span),
            ("append" | "push", Some(xs), Some(x), _) => self.append(xs, x, span),
            ("str" | "string", Some(x), ..) => self.text(x, span),
            ("int", Some(x), ..) if self.options.int == super::IntMode::Exact => self.cast_to(x, Slot::BIGINT, span),
            ("int", Some(x), ..) => self.cast_to(x, Slot::INT, span),
            ("float", Some(x), ..) => self.cast_to(x, Slot::FLOAT, span),
            ("bool", Some(x), ..) => self.truth(x),
            ("slice" | "substring" | "substr", Some(x), start, end) => {
                for bound in [&start, &end].into_iter().flatten() {
                    let content = self.t.content(bound.t);
                    if matches!(content, Content::Str | Content::Bool | Content::Float | Content::Obj(_)) {
                        let message = format!("type mismatch: expected int, got {}", self.describe_slot(bound.t));
                        return self.error("T008", message, bound.e.span);
                    }
                }
                self.slice(x, start, end, span, span)
            }
            ("first", Some(xs), ..) => self.first(xs, span),
            ("reverse", Some(x), ..) => self.reverse(x, span),
            ("distinct", Some(xs), ..) => self.list_to_list(Builtin::Distinct, xs, span),
            ("collect", Some(xs), ..) => xs,
            ("upper", Some(x), ..) => self.text_to_text(Builtin::Upper, x, span),
            ("lower", Some(x), ..) => {
                let x = self.text(x, span);
                self.text_to_text(Builtin::Lower, x, span)
            }
            ("trim", Some(x), ..) => self.text_to_text(Builtin::Trim, x, span),
            ("padStart", Some(s), Some(n), Some(p)) => {
                let kinds = [Slot::STR, Slot::INT, Slot::STR];
                self.fixed(Builtin::PadStart, vec![s, n, p], &kinds, Slot::STR, span)
            }
            ("split", Some(s), Some(t), _) => {
                let list = self.list_of_content(Content::Str);
                self.fixed(Builtin::Split, vec![s, t], &[Slot::STR, Slot::STR], list, span)
            }
            ("join", Some(xs), Some(s), _) => {
                let xs = self.joined(xs, span);
                let list = xs.t;
                self.fixed(Builtin::Join, vec![xs, s], &[list, Slot::STR], Slot::STR, span)
            }
            ("repeat", Some(s), Some(n), _) => {
                self.fixed(Builtin::Repeat, vec![s, n], &[Slot::STR, Slot::INT], Slot::STR, span)
            }
            ("indexOf", Some(s), Some(t), _) => {
                self.fixed(Builtin::IndexOf, vec![s, t], &[Slot::STR, Slot::STR], Slot::INT, span)
            }
            ("starts_with", Some(s), Some(t), _) => {
                self.fixed(Builtin::StartsWith, vec![s, t], &[Slot::STR, Slot::STR], Slot::BOOL, span)
            }
            ("ends_with", Some(s), Some(t), _) => {
                self.fixed(Builtin::EndsWith, vec![s, t], &[Slot::STR, Slot::STR], Slot::BOOL, span)
            }
            ("contains", Some(s), Some(t), _) => self.contains(s, t, span),
            ("parseIntStr", Some(s), base, _) => {
                let base = base.unwrap_or_else(|| self.val(ExprKind::Int(10), Slot::INT, span));
                self.fixed(Builtin::ParseInt, vec![s, base], &[Slot::STR, Slot::INT], Slot::INT, span)
            }
            ("range", Some(a), b, c) => self.range(a, b, c, span),
            ("reduce", Some(xs), Some(f), Some(init)) => self.reduce(xs, f, init, expr),
            ("to_json", Some(x), ..) => {
                let x = self.printable(x);
                self.val(ExprKind::Builtin { builtin: Builtin::ToJson, args: vec![x] }, Slot::STR, span)
            }
            ("json", Some(x), ..) => {
                let x = self.printable(x);
                self.val(ExprKind::Builtin { builtin: Builtin::Json, args: vec![x] }, Slot::UNIT, span)
            }
            ("now", ..) => self.fixed(Builtin::Now, Vec::new(), &[], Slot::INT, span),
            ("input", ..) => self.fixed(Builtin::Input, Vec::new(), &[], Slot::STR, span),
            ("mem", ..) => self.fixed(Builtin::Mem, Vec::new(), &[], Slot::INT, span),
            ("panic" | "error", Some(x), ..) => {
                let text = self.text(x, span);
                self.val(ExprKind::Builtin { builtin: Builtin::Panic, args: vec![text.e] }, Slot::UNIT, span)
            }
            (_, a, b, _) => {
                let args = a.into_iter().chain(b).collect();
                match self.number_builtin(name, args, span) {
                    Some(value) => value,
                    None => self.error("T003", format!("unknown function: {name}"), span),
                }
            }
        }
    }

    /// Builtins on numbers and collections, which did not fit the table above.
    fn number_builtin(&mut self, name: &str, args: Vec<Val>, span: Span) -> Option<Val> {
        let mut args = args.into_iter();
        let (a, b) = (args.next(), args.next());
        Some(match (name, a, b) {
            ("sqrt", Some(x), _) => self.fixed(Builtin::Sqrt, vec![x], &[Slot::FLOAT], Slot::FLOAT, span),
            ("floor", Some(x), _) => self.fixed(Builtin::Floor, vec![x], &[Slot::FLOAT], Slot::FLOAT, span),
            ("ceil", Some(x), _) => self.fixed(Builtin::Ceil, vec![x], &[Slot::FLOAT], Slot::FLOAT, span),
            ("abs", Some(x), _) => self.absolute(x, span),
            ("round", Some(x), digits) => self.round(x, digits, span),
            ("pow", Some(x), Some(y)) => self.power(x, y, span),
            ("min", Some(x), Some(y)) => self.extreme_of_two(Builtin::Min, x, y, span),
            ("max", Some(x), Some(y)) => self.extreme_of_two(Builtin::Max, x, y, span),
            ("min", Some(xs), None) => self.aggregate(Builtin::Min, xs, span),
            ("max", Some(xs), None) => self.aggregate(Builtin::Max, xs, span),
            ("sum", Some(xs), _) => self.aggregate(Builtin::Sum, xs, span),
            ("avg", Some(xs), _) => self.aggregate(Builtin::Avg, xs, span),
            ("count", Some(xs), _) => self.aggregate(Builtin::Count, xs, span),
            ("exists", Some(xs), _) => self.aggregate(Builtin::Exists, xs, span),
            ("keys", Some(m), _) => self.map_part(Builtin::Keys, m, span),
            ("values", Some(m), _) => self.map_part(Builtin::Values, m, span),
            ("sha256", Some(x), _) => self.sha256(x, span),
            ("num", Some(x), _) => self.fixed(Builtin::Num, vec![x], &[Slot::BIGRAT], Slot::BIGINT, span),
            ("denom", Some(x), _) => self.fixed(Builtin::Denom, vec![x], &[Slot::BIGRAT], Slot::BIGINT, span),
            ("eval", ..) => self.unsupported("`eval` is", span),
            _ => return None,
        })
    }

    /// `s.contains(t)`, `m.keys()` and their kin.
    pub(crate) fn builtin_method(
        &mut self,
        base: &Val,
        name: &str,
        args: Vec<Val>,
        expr: &'a ast::Expr,
    ) -> Option<Val> {
        let fits = match self.t.content(base.t) {
            Content::Str => matches!(
                name,
                "contains"
                    | "starts_with"
                    | "ends_with"
                    | "padStart"
                    | "upper"
                    | "lower"
                    | "trim"
                    | "split"
                    | "indexOf"
                    | "repeat"
                    | "reverse"
                    | "len"
                    | "toUpperCase"
                    | "toLowerCase"
            ),
            Content::Obj(obj) => match self.t.shape(obj) {
                Shape::Map(..) | Shape::Rec(_) => matches!(name, "keys" | "values" | "get" | "len"),
                Shape::List(_) => matches!(name, "contains" | "len" | "reverse" | "join"),
                Shape::Fn(..) => false,
            },
            Content::Any => return self.dynamic_method(base, name, args, expr),
            _ => false,
        };
        if !fits {
            return None;
        }
        if name == "get" {
            return Some(self.map_get(base.clone(), args, expr));
        }
        let name = match name {
            "toUpperCase" => "upper",
            "toLowerCase" => "lower",
            other => other,
        };
        let mut all = vec![base.clone()];
        all.extend(args);
        let (least, most) = arity(name);
        if all.len() < least || all.len() > most {
            let message = format!("function {name} expects {} arguments, got {}", least - 1, all.len() - 1);
            return Some(self.error("T039", message, expr.span));
        }
        Some(self.builtin(name, all, expr))
    }

    /// `x.contains(t)` and its kin on a dynamic value: what its own entry of that name does, or the builtin.
    fn dynamic_method(&mut self, base: &Val, name: &str, args: Vec<Val>, expr: &'a ast::Expr) -> Option<Val> {
        let span = expr.span;
        let builtin = match name {
            "toUpperCase" => "upper",
            "toLowerCase" => "lower",
            "contains" | "starts_with" | "ends_with" | "padStart" | "upper" | "lower" | "trim" | "split"
            | "indexOf" | "repeat" | "reverse" | "len" | "keys" | "values" | "get" | "join" => name,
            _ => return None,
        };
        let (least, most) = if name == "get" { (3, 3) } else { arity(builtin) };
        if !(least..=most).contains(&(args.len() + 1)) {
            return None;
        }
        let mut stmts = Vec::new();
        let local = self.let_temporary(base.t, base.e.clone(), &mut stmts);
        let base = self.read(local, span);
        let mut given = Vec::new();
        for arg in args {
            let local = self.let_temporary(arg.t, arg.e, &mut stmts);
            given.push(self.read(local, span));
        }
        let text = self.val(ExprKind::Str(name.into()), Slot::STR, span).e;
        let has_args = vec![base.e.clone(), text];
        let cond = self.val(ExprKind::Builtin { builtin: Builtin::HasMethod, args: has_args }, Slot::BOOL, span).e;
        let own = self.field_of(base.clone(), Symbol::intern(name), span);
        let own = self.call_value(own, given.clone(), name, span);
        let own = self.as_dynamic(own).e;
        let other = match builtin {
            "get" => self.dynamic_get(base, given, expr),
            _ => self.builtin(builtin, std::iter::once(base).chain(given).collect(), expr),
        };
        let other = self.as_dynamic(other).e;
        let kind = ExprKind::If { cond: Box::new(cond), then: Box::new(own), els: Box::new(other) };
        let value = self.val(kind, Slot::ANY, span);
        Some(self.with_statements(stmts, value))
    }

    fn dynamic_get(&mut self, base: Val, args: Vec<Val>, expr: &'a ast::Expr) -> Val {
        let key = self.t.fresh_with(Content::Str);
        let value = self.t.fresh_with(Content::Any);
        let slot = self.t.container(Shape::Map(key, value));
        let slot = self.t.fixed_copy(slot, Null::No);
        let base = Val { e: self.coerce(base, slot), t: slot };
        self.map_get(base, args, expr)
    }

    /// `sum`, `avg`, `count`, `min` and `max` of a list.
    pub(crate) fn aggregate_builtin(&mut self, name: &str, list: Val, span: Span) -> Val {
        let builtin = match name {
            "sum" => Builtin::Sum,
            "avg" => Builtin::Avg,
            "min" => Builtin::Min,
            "max" => Builtin::Max,
            _ => Builtin::Count,
        };
        self.aggregate(builtin, list, span)
    }

    fn map_get(&mut self, base: Val, args: Vec<Val>, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        let mut args = args.into_iter();
        let given = args.len();
        let (Some(key), Some(default), None) = (args.next(), args.next(), args.next()) else {
            return self.error("T039", format!("function get expects 2 arguments, got {given}"), span);
        };
        if let Content::Obj(obj) = self.t.content(base.t) {
            self.t.demote(obj);
        }
        let Some(Shape::Map(key_slot, value)) = self.t.shape_of(base.t) else { return self.poison(span) };
        let key = self.unwrapped(key);
        let key = self.map_key(key, key_slot);
        let default = self.coerce(default, value);
        self.val(ExprKind::Builtin { builtin: Builtin::MapGetOr, args: vec![base.e, key, default] }, value, span)
    }

    /// A builtin that is named but not called: the function around it, for the types of this use.
    pub(crate) fn builtin_as_value(&mut self, name: Symbol, span: Span) -> Option<Val> {
        if !NAMES.contains(&name.as_str()) {
            return None;
        }
        let wrapper = self.functions_by_name.get(&wrapper_name(name.as_str())).copied();
        Some(match wrapper {
            Some(decl) => {
                self.builtin_uses.insert(decl, span);
                self.generic_value(decl, span)
            }
            None => self.unsupported(&format!("the builtin `{name}` as a value is"), span),
        })
    }

    // --- helpers ---

    fn list_of_content(&mut self, content: Content) -> Slot {
        let element = self.t.fresh_with(content);
        self.t.list_of(element)
    }

    fn fixed(&mut self, builtin: Builtin, args: Vec<Val>, kinds: &[Slot], result: Slot, span: Span) -> Val {
        let mut exprs = Vec::new();
        for (arg, kind) in args.into_iter().zip(kinds) {
            let arg = self.unwrapped(arg);
            let text = *kind == Slot::STR && self.t.content(arg.t) == Content::Any;
            exprs.push(match expectation(builtin) {
                Some(message) if text => self.text_argument(arg, message, span),
                _ => self.coerce(arg, *kind),
            });
        }
        self.val(ExprKind::Builtin { builtin, args: exprs }, result, span)
    }

    /// A dynamic value that must be a string.
    fn text_argument(&mut self, value: Val, message: &str, span: Span) -> Expr {
        let value = self.as_dynamic(value).e;
        let message = self.val(ExprKind::Str(message.into()), Slot::STR, span).e;
        self.val(ExprKind::Builtin { builtin: Builtin::TextArgument, args: vec![value, message] }, Slot::STR, span).e
    }

    /// The list that `join` takes: of strings, or of values with mixed types, of which it joins the printed forms.
    fn joined(&mut self, list: Val, span: Span) -> Val {
        let mixed = match self.t.element(list.t) {
            Some(element) => self.t.content(element) == Content::Any,
            None => self.t.content(list.t) == Content::Any,
        };
        if mixed && let Some((e, element)) = self.list_argument(list.clone(), "join", span) {
            let slot = self.t.list_of(element);
            return Val { e, t: self.t.fixed_copy(slot, Null::No) };
        }
        let texts = self.list_of_content(Content::Str);
        let texts = self.t.fixed_copy(texts, Null::No);
        let list = self.unwrapped(list);
        Val { e: self.coerce(list, texts), t: texts }
    }

    /// A value of any type, as `print` and `str` take it.
    fn printable(&mut self, value: Val) -> Expr {
        if self.final_walk && value.e.ty == Ty::UNIT { self.to_any(value.e) } else { value.e }
    }

    /// `str(x)`
    pub(crate) fn text(&mut self, value: Val, span: Span) -> Val {
        if self.t.content(value.t) == Content::Str && self.t.null(value.t) == Null::No {
            return value;
        }
        let value = self.printable(value);
        self.val(ExprKind::Builtin { builtin: Builtin::Str, args: vec![value] }, Slot::STR, span)
    }

    fn text_to_text(&mut self, builtin: Builtin, value: Val, span: Span) -> Val {
        self.fixed(builtin, vec![value], &[Slot::STR], Slot::STR, span)
    }

    fn length(&mut self, value: Val, span: Span) -> Val {
        let value = self.group_items(value);
        let value = match self.t.content(value.t) {
            Content::Int | Content::Float | Content::BigInt | Content::BigRat => self.text(value, span),
            Content::Obj(obj) => {
                self.t.demote(obj);
                match self.t.shape(obj) {
                    Shape::Fn(..) => return self.no_length(value.t, span),
                    Shape::Rec(_) => self.as_dynamic(value),
                    _ => value,
                }
            }
            Content::Bool | Content::Unit => return self.no_length(value.t, span),
            Content::Bot | Content::Record(_) | Content::Union(_) => self.as_dynamic(value),
            _ => value,
        };
        self.val(ExprKind::Builtin { builtin: Builtin::Len, args: vec![value.e] }, Slot::INT, span)
    }

    fn no_length(&mut self, slot: Slot, span: Span) -> Val {
        let message = format!("cannot take length of type {}", self.describe_slot(slot));
        self.error("T036", message, span)
    }

    /// `append(xs, x)`: the result holds the same kind of elements, and so does `xs`.
    fn append(&mut self, list: Val, item: Val, span: Span) -> Val {
        match self.t.content(list.t) {
            Content::Poison => self.poison(span),
            Content::Bot | Content::Any => self.append_to_unknown(list, item, span),
            Content::Obj(obj) => {
                let Shape::List(element) = self.t.shape(obj) else { return self.append_error(list.t, span) };
                if !self.item_fits(item.t, element) {
                    return self.append_wider(list, item, element, span);
                }
                let item = self.coerce(item, element);
                let result = self.t.non_null_copy(list.t);
                let list = self.or_empty(list.e, result);
                let args = vec![list, item];
                self.val(ExprKind::Builtin { builtin: Builtin::Append, args }, result, span)
            }
            _ => self.append_error(list.t, span),
        }
    }

    fn append_error(&mut self, list: Slot, span: Span) -> Val {
        let message = format!("argument 1: expected [any], got {}", self.describe_slot(list));
        self.error("T007", message, span)
    }

    /// Null or a dynamic value as the list.
    fn append_to_unknown(&mut self, list: Val, item: Val, span: Span) -> Val {
        let dynamic = self.t.content(list.t) == Content::Any || self.final_walk;
        let element = if dynamic { self.t.fresh_with(Content::Any) } else { self.t.fresh() };
        let result = self.t.list_of(element);
        let item = self.coerce(item, element);
        let nullable = self.t.null(list.t) != Null::No || self.t.content(list.t) == Content::Any;
        let wanted = self.t.fixed_copy(result, if nullable { Null::Hard } else { Null::No });
        let list = self.coerce(list, wanted);
        let list = self.or_empty(list, result);
        self.val(ExprKind::Builtin { builtin: Builtin::Append, args: vec![list, item] }, result, span)
    }

    /// A list that may be null, as an empty one then.
    fn or_empty(&mut self, list: Expr, slot: Slot) -> Expr {
        if !self.final_walk || !self.types.is_option(list.ty) {
            return list;
        }
        let span = list.span;
        let empty = self.val(ExprKind::List(Vec::new()), slot, span).e;
        self.val(ExprKind::Coalesce { lhs: Box::new(list), rhs: Box::new(empty) }, slot, span).e
    }

    /// The element type admits the item.
    fn item_fits(&mut self, item: Slot, element: Slot) -> bool {
        use Content::*;
        let (item, content) = (self.t.content(item), self.t.content(element));
        if !self.t.is_rigid(element) || item == content {
            return true;
        }
        matches!(
            (item, content),
            (_, Any | Bot | Poison)
                | (Bot | Poison | Any | Unit, _)
                | (Obj(_), Obj(_) | Record(_))
                | (Int, Float | BigInt | BigRat)
                | (BigInt, BigRat | Int)
        )
    }

    /// The list's type is written and does not admit the item: the result is a list of both.
    fn append_wider(&mut self, list: Val, item: Val, element: Slot, span: Span) -> Val {
        let (a, b) = (self.t.content(element), self.t.content(item.t));
        let join = super::infer::Table::join_scalars(a, b);
        let wide = self.t.fresh_with(join);
        let result = self.t.list_of(wide);
        let list = self.coerce(list, result);
        let item = self.coerce(item, wide);
        self.val(ExprKind::Builtin { builtin: Builtin::Append, args: vec![list, item] }, result, span)
    }

    fn first(&mut self, list: Val, span: Span) -> Val {
        let Some((list, element)) = self.list_argument(list, "first", span) else { return self.poison(span) };
        let result = self.t.nullable_copy(element, Null::Soft);
        self.val(ExprKind::Builtin { builtin: Builtin::First, args: vec![list] }, result, span)
    }

    /// A list argument with its element type; dynamic values become lists of `any`.
    fn list_argument(&mut self, list: Val, name: &str, span: Span) -> Option<(Expr, Slot)> {
        let list = self.unwrapped(list);
        let list = self.group_items(list);
        match self.t.content(list.t) {
            Content::Poison => None,
            Content::Bot if !self.final_walk => {
                let element = self.t.fresh();
                Some((list.e, element))
            }
            Content::Bot | Content::Any => {
                let element = self.t.fresh_with(Content::Any);
                let slot = self.t.list_of(element);
                let slot = self.t.fixed_copy(slot, Null::No);
                // An aggregate of null is that of an empty list.
                let nullable = matches!(name, "sum" | "avg" | "min" | "max");
                let message = self.val(ExprKind::Str(format!("{name} expects list")), Slot::STR, span).e;
                let nullable = self.val(ExprKind::Bool(nullable), Slot::BOOL, span).e;
                let args = vec![self.as_dynamic(list).e, message, nullable];
                let kind = ExprKind::Builtin { builtin: Builtin::ListArgument, args };
                Some((self.val(kind, slot, span).e, element))
            }
            _ => match self.t.element(list.t) {
                Some(element) => Some((list.e, element)),
                None => {
                    let message = format!("argument 1: expected [any], got {}", self.describe_slot(list.t));
                    self.error("T007", message, span);
                    None
                }
            },
        }
    }

    fn list_to_list(&mut self, builtin: Builtin, list: Val, span: Span) -> Val {
        let name = if builtin == Builtin::Reverse { "reverse" } else { "distinct" };
        let Some((list, element)) = self.list_argument(list, name, span) else { return self.poison(span) };
        let result = self.t.list_of(element);
        self.val(ExprKind::Builtin { builtin, args: vec![list] }, result, span)
    }

    fn reverse(&mut self, value: Val, span: Span) -> Val {
        if self.t.content(value.t) == Content::Str {
            return self.text_to_text(Builtin::Reverse, value, span);
        }
        if self.t.content(value.t) == Content::Any {
            return self.fixed(Builtin::Reverse, vec![value], &[Slot::ANY], Slot::ANY, span);
        }
        self.list_to_list(Builtin::Reverse, value, span)
    }

    fn contains(&mut self, haystack: Val, needle: Val, span: Span) -> Val {
        self.membership(needle, haystack, span, span)
    }

    fn range(&mut self, a: Val, b: Option<Val>, c: Option<Val>, span: Span) -> Val {
        let (start, end) = match b {
            Some(end) => (a, end),
            None => (self.val(ExprKind::Int(0), Slot::INT, span), a),
        };
        let step = match c {
            Some(step) => step,
            None => self.val(ExprKind::Int(1), Slot::INT, span),
        };
        let list = self.list_of_content(Content::Int);
        let kinds = [Slot::INT, Slot::INT, Slot::INT];
        self.fixed(Builtin::Range, vec![start, end, step], &kinds, list, span)
    }

    fn absolute(&mut self, value: Val, span: Span) -> Val {
        let value = self.unwrapped(value);
        let kind = match self.t.content(value.t) {
            Content::Bot if !self.final_walk => return self.unknown(span),
            Content::Int => Slot::INT,
            Content::BigInt => Slot::BIGINT,
            Content::BigRat => return self.absolute_rational(value, span),
            Content::Any => Slot::ANY,
            _ => Slot::FLOAT,
        };
        self.fixed(Builtin::Abs, vec![value], &[kind], kind, span)
    }

    /// A value about whose type nothing is known in this walk: a guess would stay.
    fn unknown(&mut self, span: Span) -> Val {
        let slot = self.t.fresh();
        self.val(ExprKind::Unit, slot, span)
    }

    /// `if x < 0 { x = 0 - x }`
    fn absolute_rational(&mut self, value: Val, span: Span) -> Val {
        let slot = Slot::BIGRAT;
        let mut stmts = Vec::new();
        let local = self.let_temporary(slot, value.e, &mut stmts);
        let zero = Val { e: self.int(0, span), t: Slot::INT };
        let zero = self.coerce(zero, slot);
        let x = self.read(local, span).e;
        let kind = ExprKind::Compare { op: CompareOp::Lt, lhs: Box::new(x.clone()), rhs: Box::new(zero.clone()) };
        let negative = self.val(kind, Slot::BOOL, span).e;
        let negated = self.arith(ArithOp::Sub, zero, x, slot);
        let mut then = Vec::new();
        self.set_local(local, negated, &mut then);
        self.if_then(negative, then, Vec::new(), &mut stmts);
        let result = self.read(local, span);
        self.with_statements(stmts, result)
    }

    fn round(&mut self, value: Val, digits: Option<Val>, span: Span) -> Val {
        let value = self.unwrapped(value);
        let digits = digits.unwrap_or_else(|| self.val(ExprKind::Int(0), Slot::INT, span));
        let whole = matches!(digits.e.kind, ExprKind::Int(0));
        let kind = match self.t.content(value.t) {
            Content::Bot if whole && !self.final_walk => return self.unknown(span),
            Content::Int if whole => return value,
            Content::Any => Slot::ANY,
            _ => Slot::FLOAT,
        };
        self.fixed(Builtin::Round, vec![value, digits], &[kind, Slot::INT], kind, span)
    }

    fn power(&mut self, base: Val, exponent: Val, span: Span) -> Val {
        let (base, exponent) = (self.unwrapped(base), self.unwrapped(exponent));
        let (kind, exponent_kind) = match (self.t.content(base.t), self.t.content(exponent.t)) {
            (Content::Bot, _) | (_, Content::Bot) if !self.final_walk => return self.unknown(span),
            (Content::Int, Content::Int) => (Slot::INT, Slot::INT),
            (Content::BigInt, Content::Int | Content::BigInt) | (Content::Int, Content::BigInt) => {
                (Slot::BIGINT, Slot::INT)
            }
            (Content::Any, _) | (_, Content::Any) => (Slot::ANY, Slot::ANY),
            _ => (Slot::FLOAT, Slot::FLOAT),
        };
        self.fixed(Builtin::Pow, vec![base, exponent], &[kind, exponent_kind], kind, span)
    }

    /// `min(a, b)`: the list form on two values.
    fn extreme_of_two(&mut self, builtin: Builtin, x: Val, y: Val, span: Span) -> Val {
        let element = self.t.fresh();
        let list = self.t.list_of(element);
        self.flow(&x, element);
        self.flow(&y, element);
        let items = vec![self.coerce(x, element), self.coerce(y, element)];
        let list = self.val(ExprKind::List(items), list, span);
        self.aggregate(builtin, list, span)
    }

    fn aggregate(&mut self, builtin: Builtin, list: Val, span: Span) -> Val {
        if matches!(builtin, Builtin::Count | Builtin::Exists) {
            return self.size_test(builtin, list, span);
        }
        let name = match builtin {
            Builtin::Sum => "sum",
            Builtin::Avg => "avg",
            Builtin::Min => "min",
            _ => "max",
        };
        let list = self.present_or_empty(list);
        let Some((list, element)) = self.list_argument(list, name, span) else { return self.poison(span) };
        let content = self.t.content(element);
        let nullable = self.t.null(element) != Null::No;
        let result = match (builtin, content) {
            (_, Content::Bot) if !self.final_walk => {
                let slot = self.t.fresh();
                return self.val(ExprKind::Unit, slot, span);
            }
            (Builtin::Avg, Content::Int | Content::Float | Content::Any | Content::Bot | Content::Poison) => {
                Slot::FLOAT
            }
            (_, Content::Any | Content::Bot | Content::Poison) => Slot::ANY,
            (Builtin::Avg, Content::BigInt) => Slot::FLOAT,
            _ if nullable => self.operation("some of these values may be missing", span),
            (_, Content::Int) => Slot::INT,
            (_, Content::Float) => Slot::FLOAT,
            (_, Content::BigInt) => Slot::BIGINT,
            (_, Content::BigRat) => Slot::BIGRAT,
            (Builtin::Min | Builtin::Max, Content::Str) => Slot::STR,
            (Builtin::Min | Builtin::Max, Content::Obj(_) | Content::Bool) => {
                self.operation("these values are neither numbers nor strings", span)
            }
            _ => {
                let (code, name) = if builtin == Builtin::Avg { ("T038", "avg") } else { ("T041", "sum") };
                let ty = self.describe_slot(element);
                return self.error(code, format!("{name}() expects numeric list or group, got [{ty}]"), span);
            }
        };
        // Missing elements are skipped by the dynamic form.
        let list = if nullable && self.final_walk {
            let element = self.t.fresh_with(Content::Any);
            let wide = self.t.list_of(element);
            let wide = self.zonk(wide);
            self.convert_or_report(list, wide)
        } else {
            list
        };
        self.val(ExprKind::Builtin { builtin, args: vec![list] }, result, span)
    }

    fn size_test(&mut self, builtin: Builtin, value: Val, span: Span) -> Val {
        let value = self.group_items(value);
        let value = match self.t.content(value.t) {
            Content::Str | Content::Any | Content::Poison => value,
            Content::Obj(obj) => {
                self.t.demote(obj);
                value
            }
            Content::Bot => self.dynamic_if_final(value),
            _ => {
                let ty = self.describe_slot(value.t);
                return match builtin {
                    Builtin::Count => self.error("T037", format!("count() expects list or group, got {ty}"), span),
                    _ => self.error("T007", format!("exists() expects a list, map or string, got {ty}"), span),
                };
            }
        };
        // `count(xs)` of a list that may be null is 0, as its length is.
        let (builtin, result) = match builtin {
            Builtin::Count if self.t.content(value.t) == Content::Any => (builtin, Slot::INT),
            Builtin::Count => (Builtin::Len, Slot::INT),
            other => (other, Slot::BOOL),
        };
        // A number in a dynamic value does not exist in this sense, but it counts as true.
        let dynamic = matches!(self.t.content(value.t), Content::Any);
        if builtin == Builtin::Exists && !dynamic {
            return self.truth(value);
        }
        self.val(ExprKind::Builtin { builtin, args: vec![value.e] }, result, span)
    }

    fn map_part(&mut self, builtin: Builtin, map: Val, span: Span) -> Val {
        let map = self.unwrapped(map);
        if let Content::Obj(obj) = self.t.content(map.t) {
            self.t.demote(obj);
        }
        let (map, key, value) = match self.t.shape_of(map.t) {
            Some(Shape::Map(key, value)) => (map.e, key, value),
            None if matches!(self.t.content(map.t), Content::Any | Content::Bot) => {
                let key = self.t.fresh_with(Content::Str);
                let value = self.t.fresh_with(Content::Any);
                let slot = self.t.container(Shape::Map(key, value));
                let slot = self.t.fixed_copy(slot, Null::No);
                (self.coerce(map, slot), key, value)
            }
            _ if self.t.content(map.t) == Content::Poison => return self.poison(span),
            _ => {
                let message = format!("argument 1: expected {{any: any}}, got {}", self.describe_slot(map.t));
                return self.error("T007", message, span);
            }
        };
        let element = if builtin == Builtin::Keys { self.t.non_null_copy(key) } else { value };
        let list = self.t.list_of(element);
        self.val(ExprKind::Builtin { builtin, args: vec![map] }, list, span)
    }

    fn sha256(&mut self, value: Val, span: Span) -> Val {
        let list = self.list_of_content(Content::Int);
        let list = self.t.fixed_copy(list, Null::No);
        let argument = if self.t.content(value.t) == Content::Str { Slot::STR } else { list };
        let result = self.list_of_content(Content::Int);
        self.fixed(Builtin::Sha256, vec![value], &[argument], result, span)
    }

    /// `reduce(xs, f, init)`: a loop.
    fn reduce(&mut self, list: Val, function: Val, init: Val, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        let Some((list, element)) = self.list_argument(list, "reduce", span) else { return self.poison(span) };
        let slot = self.keyed(Key::Expr(expr.id.0));
        let function_slot = function.t;
        let init = self.coerce(init, slot);
        let (acc, item, callee) =
            (self.temporary(slot, span), self.temporary(element, span), self.temporary(function_slot, span));
        let (acc_ty, item_ty) = (self.ty(slot), self.ty(element));
        let mut stmts = vec![
            hir::Stmt { kind: StmtKind::Let { local: callee, init: Some(function.e.clone()) }, span },
            hir::Stmt { kind: StmtKind::Let { local: acc, init: Some(init) }, span },
        ];
        let read = |local, ty| Expr { kind: ExprKind::Local(local), ty, span };
        let args = vec![Val { e: read(acc, acc_ty), t: slot }, Val { e: read(item, item_ty), t: element }];
        let callee = Val { e: read(callee, function.e.ty), t: function_slot };
        let next = self.call_value(callee, args, "reduce", span);
        let next = self.coerce(next, slot);
        let step = hir::Stmt { kind: StmtKind::Assign { place: Place::Local(acc), value: next }, span };
        let body = hir::Block { stmts: vec![step] };
        stmts.push(hir::Stmt { kind: StmtKind::ForEach { local: item, iterable: list, body }, span });
        let result = self.val(ExprKind::Local(acc), slot, span);
        self.with_statements(stmts, result)
    }
}
