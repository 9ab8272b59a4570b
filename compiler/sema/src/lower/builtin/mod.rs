//! The functions of the language.

mod lists;
mod methods;
mod numbers;

use super::desugar::build::{BUILTIN, WRAPPER};
use super::infer::{Content, Null, Shape, Slot};
use super::{Lowerer, Val};
use crate::hir::{Builtin, Expr, ExprKind};
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

    /// A value about whose type nothing is known in this walk: a guess would stay.
    fn unknown(&mut self, span: Span) -> Val {
        let slot = self.t.fresh();
        self.val(ExprKind::Unit, slot, span)
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
}
