//! Signatures of the builtin functions, and the rules of theirs that a signature cannot say.

use mochi_syntax::{Span, Symbol};

use super::Checker;
use super::effects::EffectSet;
use super::scope::{Binding, Origin};
use super::types::{FnType, Kind, Ty, Types};

/// A type in the table below.
enum T {
    Any,
    Int,
    Int64,
    Float,
    Bool,
    String,
    BigInt,
    Unit,
    List(&'static T),
    Map(&'static T, &'static T),
    Option(&'static T),
    /// A type parameter.
    Of(&'static str),
    Fun(&'static [T], &'static T),
}

/// What the operand must be beyond the parameter type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Operand {
    Free,
    Sized,
    Counted,
    Averaged,
    Summed,
    Extremum,
    Number,
    NumberOrText,
    NonEmptyTest,
    Reversible,
    Hashed,
    Text,
    Integers,
}

struct Builtin {
    name: &'static str,
    params: &'static [T],
    result: T,
    variadic: Option<T>,
    type_params: &'static [&'static str],
    effects: EffectSet,
    operand: Operand,
    /// Fewest and most arguments.
    arity: (usize, usize),
}

const fn function(name: &'static str, params: &'static [T], result: T) -> Builtin {
    Builtin {
        name,
        params,
        result,
        variadic: None,
        type_params: &[],
        effects: EffectSet::PURE,
        operand: Operand::Free,
        arity: (params.len(), params.len()),
    }
}

const fn generic(name: &'static str, type_params: &'static [&'static str], params: &'static [T], result: T) -> Builtin {
    Builtin { type_params, ..function(name, params, result) }
}

const fn checked(name: &'static str, result: T, operand: Operand) -> Builtin {
    Builtin { operand, ..function(name, &[T::Any], result) }
}

const LIST: T = T::List(&T::Of("T"));

static TABLE: &[Builtin] = &[
    Builtin {
        variadic: Some(T::Any),
        effects: EffectSet::IO,
        arity: (0, usize::MAX),
        ..function("print", &[], T::Unit)
    },
    checked("len", T::Int, Operand::Sized),
    generic("append", &["T"], &[LIST, T::Of("T")], LIST),
    generic("push", &["T"], &[LIST, T::Of("T")], LIST),
    Builtin { variadic: Some(LIST), arity: (0, usize::MAX), ..generic("concat", &["T"], &[], LIST) },
    generic("first", &["T"], &[LIST], T::Option(&T::Of("T"))),
    checked("reverse", T::Any, Operand::Reversible),
    generic("distinct", &["T"], &[LIST], LIST),
    generic("keys", &["K", "V"], &[T::Map(&T::Of("K"), &T::Of("V"))], T::List(&T::Of("K"))),
    generic("values", &["K", "V"], &[T::Map(&T::Of("K"), &T::Of("V"))], T::List(&T::Of("V"))),
    generic("collect", &["T"], &[LIST], LIST),
    Builtin {
        variadic: Some(T::Int),
        operand: Operand::Integers,
        arity: (1, 3),
        ..function("range", &[], T::List(&T::Int))
    },
    Builtin { effects: EffectSet::TIME, ..function("now", &[], T::Int64) },
    Builtin { effects: EffectSet::IO, ..function("json", &[T::Any], T::Unit) },
    function("to_json", &[T::Any], T::String),
    function("str", &[T::Any], T::String),
    function("parseIntStr", &[T::String, T::Int], T::Int),
    checked("int", T::Int, Operand::NumberOrText),
    function("upper", &[T::String], T::String),
    function("lower", &[T::Any], T::String),
    function("trim", &[T::String], T::String),
    function("contains", &[T::String, T::String], T::Bool),
    function("split", &[T::String, T::String], T::List(&T::String)),
    function("join", &[T::List(&T::String), T::String], T::String),
    function("substring", &[T::String, T::Int, T::Int], T::String),
    function("substr", &[T::String, T::Int, T::Int], T::String),
    function("slice", &[T::Any, T::Int, T::Int], T::Any),
    function("padStart", &[T::String, T::Int, T::String], T::String),
    function("indexOf", &[T::String, T::String], T::Int),
    function("repeat", &[T::String, T::Int], T::String),
    checked("sha256", T::List(&T::Int), Operand::Hashed),
    checked("num", T::BigInt, Operand::Number),
    checked("denom", T::BigInt, Operand::Number),
    Builtin { effects: EffectSet::IO, ..function("input", &[], T::String) },
    checked("count", T::Int, Operand::Counted),
    checked("exists", T::Bool, Operand::NonEmptyTest),
    checked("avg", T::Float, Operand::Averaged),
    checked("abs", T::Any, Operand::Number),
    checked("ceil", T::Float, Operand::Number),
    checked("floor", T::Float, Operand::Number),
    checked("sum", T::Int, Operand::Summed),
    Builtin { operand: Operand::Extremum, ..generic("min", &["T"], &[LIST], T::Of("T")) },
    Builtin { operand: Operand::Extremum, ..generic("max", &["T"], &[LIST], T::Of("T")) },
    Builtin {
        variadic: Some(T::Int),
        operand: Operand::Number,
        arity: (1, 2),
        ..function("round", &[T::Any], T::Float)
    },
    Builtin { operand: Operand::Number, ..function("pow", &[T::Any, T::Any], T::Any) },
    generic(
        "reduce",
        &["A", "B"],
        &[T::List(&T::Of("A")), T::Fun(&[T::Of("B"), T::Of("A")], &T::Of("B")), T::Of("B")],
        T::Of("B"),
    ),
    Builtin { effects: EffectSet::META, operand: Operand::Text, ..function("eval", &[T::String], T::Any) },
    function("mem", &[], T::Int),
    function("panic", &[T::Any], T::Unit),
];

fn row(index: u16) -> Option<&'static Builtin> {
    TABLE.get(usize::from(index))
}

pub(super) fn effects(index: u16) -> EffectSet {
    row(index).map_or(EffectSet::PURE, |builtin| builtin.effects)
}

/// Number of arguments a builtin takes.
pub(super) fn arity(index: u16) -> (usize, usize) {
    row(index).map_or((0, usize::MAX), |builtin| builtin.arity)
}

/// Builtins that also turn a whole query into one value: `select sum(e)`.
pub(super) fn is_aggregate(index: u16) -> bool {
    row(index).is_some_and(|builtin| matches!(builtin.name, "sum" | "avg" | "min" | "max" | "count"))
}

fn build(types: &mut Types, written: &T) -> Ty {
    match written {
        T::Any => Ty::ANY,
        T::Int => Ty::INT,
        T::Int64 => Ty::INT64,
        T::Float => Ty::FLOAT,
        T::Bool => Ty::BOOL,
        T::String => Ty::STRING,
        T::BigInt => Ty::BIGINT,
        T::Unit => Ty::UNIT,
        T::Of(name) => types.intern(Kind::Param(Symbol::intern(name))),
        T::List(element) => {
            let element = build(types, element);
            types.list(element)
        }
        T::Option(payload) => {
            let payload = build(types, payload);
            types.option(payload)
        }
        T::Map(key, value) => {
            let (key, value) = (build(types, key), build(types, value));
            types.map(key, value)
        }
        T::Fun(params, result) => {
            let params: Vec<Ty> = params.iter().map(|param| build(types, param)).collect();
            let result = build(types, result);
            types.plain_function(&params, result)
        }
    }
}

impl Checker<'_> {
    pub(super) fn declare_builtins(&mut self) {
        for (index, builtin) in TABLE.iter().enumerate() {
            let types = &mut self.types;
            let function = FnType {
                params: builtin.params.iter().map(|param| build(types, param)).collect(),
                variadic: builtin.variadic.as_ref().map(|variadic| build(types, variadic)),
                result: build(types, &builtin.result),
                effects: builtin.effects,
                type_params: builtin.type_params.iter().map(|name| Symbol::intern(name)).collect(),
            };
            let ty = types.function_of(function);
            let binding = Binding { origin: Origin::Builtin(index as u16), ..Binding::new(ty, false, Span::default()) };
            self.values.bind(Symbol::intern(builtin.name), binding);
        }
    }

    /// Where a builtin takes a list, a group stands for the list of its items.
    pub(super) fn builtin_argument(&mut self, ty: Ty) -> Ty {
        match self.types.kind(ty) {
            Kind::Group(_, item) => self.types.list(item),
            _ => ty,
        }
    }

    /// Checks the operands of a builtin whose signature is satisfied, and gives the exact type of its result. False when
    /// something was reported.
    pub(super) fn builtin_result(&mut self, index: u16, span: Span, args: &[Ty], result: Ty) -> Option<Ty> {
        let builtin = row(index)?;
        let operand = args.first().copied().unwrap_or(Ty::ERROR);
        if args.iter().any(|arg| arg.is_error()) {
            return Some(result);
        }
        if !self.operand_fits(builtin, span, operand, args) {
            return None;
        }
        Some(match (builtin.name, self.types.kind(operand)) {
            ("reverse" | "slice", Kind::List(_) | Kind::String) | ("abs", _) => operand,
            ("sum", Kind::List(element)) if element.is_numeric() => element,
            // Without a number of digits, an integer is its own rounding.
            ("round", Kind::Int | Kind::Int64 | Kind::BigInt) if args.len() == 1 => operand,
            ("pow", _) => args.get(1).and_then(|power| self.types.numeric_join(operand, *power)).unwrap_or(Ty::ANY),
            _ => result,
        })
    }

    fn operand_fits(&mut self, builtin: &Builtin, span: Span, operand: Ty, args: &[Ty]) -> bool {
        let kind = self.types.kind(operand);
        let name = builtin.name;
        let element = match kind {
            Kind::List(element) => Some(element),
            _ => None,
        };
        let numbers = |element: Option<Ty>| {
            operand == Ty::ANY
                || element.is_some_and(|ty| ty.is_numeric() || ty.is_dynamic() || ty == Ty::STRING || ty == Ty::BOOL)
        };
        let (code, what, fits): (_, String, bool) = match builtin.operand {
            Operand::Free => return true,
            Operand::Sized => (
                "T036",
                "cannot take length of type ".into(),
                matches!(kind, Kind::List(_) | Kind::Map(..) | Kind::String | Kind::Any),
            ),
            Operand::Counted => {
                ("T037", "count() expects list or group, got ".into(), matches!(kind, Kind::List(_) | Kind::Any))
            }
            Operand::Averaged => ("T038", "avg() expects numeric list or group, got ".into(), numbers(element)),
            Operand::Summed => ("T041", "sum() expects numeric list or group, got ".into(), numbers(element)),
            Operand::Extremum => ("T007", format!("{name}() expects a list of numbers, got "), numbers(element)),
            Operand::Number => (
                "T007",
                format!("{name}() expects a number, got "),
                args.iter().all(|arg| arg.is_numeric() || arg.is_dynamic()),
            ),
            Operand::NumberOrText => (
                "T007",
                format!("{name}() expects a number or a string, got "),
                operand.is_numeric() || operand == Ty::ANY || operand == Ty::STRING,
            ),
            Operand::NonEmptyTest => (
                "T007",
                format!("{name}() expects a list, map or string, got "),
                matches!(kind, Kind::List(_) | Kind::Map(..) | Kind::String | Kind::Any),
            ),
            Operand::Reversible | Operand::Hashed => (
                "T007",
                format!("{name}() expects a list or a string, got "),
                matches!(kind, Kind::List(_) | Kind::String | Kind::Any),
            ),
            Operand::Text => {
                if operand != Ty::STRING {
                    self.argument_mismatch(span, 0, Ty::STRING, operand);
                    return false;
                }
                return true;
            }
            Operand::Integers => {
                let wrong = args.iter().enumerate().find(|(_, arg)| !self.types.is_index(**arg) || **arg == Ty::BIGRAT);
                if let Some((index, arg)) = wrong {
                    self.argument_mismatch(span, index, Ty::INT, *arg);
                    return false;
                }
                return true;
            }
        };
        if !fits {
            // Averages and sums name the element when there is one.
            let blamed = match builtin.operand {
                Operand::Averaged | Operand::Summed | Operand::Extremum => element.unwrap_or(operand),
                Operand::Number => {
                    args.iter().copied().find(|arg| !arg.is_numeric() && !arg.is_dynamic()).unwrap_or(operand)
                }
                _ => operand,
            };
            self.operand(code, span, &what, blamed);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = TABLE.iter().map(|builtin| builtin.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
    }
}
