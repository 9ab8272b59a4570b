//! Affine expressions: sums of loop counters and function-level values with constant factors.

use std::collections::HashMap;
use std::fmt::Write as _;

use mochi_dialects::ir::{Attribute, Builder, Op, Type, Value};

/// Function-level values as `index`, each cast once where it is defined: there they are symbols.
pub(super) struct Symbols<'c> {
    function: Op<'c>,
    casts: HashMap<Value<'c>, Value<'c>>,
}

impl<'c> Symbols<'c> {
    pub(super) fn new(function: Op<'c>) -> Self {
        Self { function, casts: HashMap::new() }
    }

    /// Whether the value is defined in the function's own region.
    fn is_symbol(&self, value: Value<'c>) -> bool {
        value.parent_block().and_then(|block| block.parent_op()).is_some_and(|parent| parent == self.function)
    }

    fn cast(&mut self, value: Value<'c>) -> Value<'c> {
        *self.casts.entry(value).or_insert_with(|| {
            let builder = match (value.defining_op(), value.parent_block()) {
                (Some(op), _) => Builder::after(op),
                (None, Some(block)) => Builder::at_start(block),
                (None, None) => Builder::detached(value.ty()),
            };
            builder.op("arith.index_cast").operand(value).result(Type::index(value.ty())).build().result(0)
        })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Variable<'c> {
    /// The counter of an `affine.for`, of type `index`.
    Counter(Value<'c>),
    /// An i64 of the function's top level.
    Symbol(Value<'c>),
}

/// A sum of variables with factors, and a constant.
#[derive(Clone, Default)]
pub(super) struct Affine<'c> {
    terms: Vec<(i64, Variable<'c>)>,
    constant: i64,
}

impl<'c> Affine<'c> {
    /// The expression of an i64, if it has one.
    pub(super) fn of(value: Value<'c>, symbols: &Symbols<'c>) -> Option<Self> {
        if let Some(constant) = value.as_constant_int() {
            return Some(Self { terms: Vec::new(), constant });
        }
        if symbols.is_symbol(value) {
            return Some(Self::variable(Variable::Symbol(value)));
        }
        let op = value.defining_op()?;
        match op.name() {
            "arith.index_cast" => {
                let (block, number) = op.operand(0).as_block_arg()?;
                let counts = number == 0 && block.parent_op()?.is("affine.for");
                counts.then(|| Self::variable(Variable::Counter(op.operand(0))))
            }
            "arith.addi" | "arith.subi" | "arith.muli" if never_wraps(op) => {
                let lhs = Self::of(op.operand(0), symbols)?;
                let rhs = Self::of(op.operand(1), symbols)?;
                match op.name() {
                    "arith.addi" => lhs.plus(&rhs, 1),
                    "arith.subi" => lhs.plus(&rhs, -1),
                    _ if rhs.terms.is_empty() => Self::default().plus(&lhs, rhs.constant),
                    _ if lhs.terms.is_empty() => Self::default().plus(&rhs, lhs.constant),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn variable(variable: Variable<'c>) -> Self {
        Self { terms: vec![(1, variable)], constant: 0 }
    }

    fn plus(mut self, other: &Self, factor: i64) -> Option<Self> {
        self.constant = other.constant.checked_mul(factor)?.checked_add(self.constant)?;
        for (of_other, variable) in &other.terms {
            let add = of_other.checked_mul(factor)?;
            match self.terms.iter_mut().find(|(_, known)| known == variable) {
                Some((known, _)) => *known = known.checked_add(add)?,
                None => self.terms.push((add, *variable)),
            }
        }
        Some(self)
    }

    /// The operands and the map of one result that give the expression.
    pub(super) fn map(&self, at: Op<'c>, symbols: &mut Symbols<'c>) -> (Vec<Value<'c>>, Option<Attribute<'c>>) {
        let (mut counters, mut values) = (Vec::new(), Vec::new());
        let mut text = String::new();
        for (factor, variable) in &self.terms {
            let name = match variable {
                Variable::Counter(value) => {
                    counters.push(*value);
                    format!("d{}", counters.len() - 1)
                }
                Variable::Symbol(value) => {
                    values.push(symbols.cast(*value));
                    format!("s{}", values.len() - 1)
                }
            };
            let _ = write!(text, "{name} * {factor} + ");
        }
        let _ = write!(text, "{}", self.constant);
        let names = |prefix: char, count: usize| {
            let list: Vec<String> = (0..count).map(|k| format!("{prefix}{k}")).collect();
            list.join(", ")
        };
        let map = format!("affine_map<({})[{}] -> ({text})>", names('d', counters.len()), names('s', values.len()));
        counters.extend(values);
        (counters, Attribute::parse(at, &map))
    }
}

fn never_wraps(op: Op) -> bool {
    op.attr("overflowFlags").is_some_and(|flags| flags.to_string().contains("nsw"))
}
