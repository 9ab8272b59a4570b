//! Ranges of `i64` values in a function of structured mochi IR.
//!
//! A forward walk with an environment of intervals. Loops are iterated to a fixed point, with
//! widening through a few thresholds; conditions narrow the values they compare, inside the region
//! that they guard and behind a branch whose other side never comes back. What is asked for later,
//! the ranges of operands where they are used, is recorded on the way; the last visit of an
//! operation is the one that counts, and that one saw the fixed point.

use std::collections::HashMap;

use mochi_dialects::ir::{Block, Op, Value};

use super::structure::{body, is_loop};

/// An interval of integers, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub lo: i128,
    pub hi: i128,
}

const MIN: i128 = i64::MIN as i128;
const MAX: i128 = i64::MAX as i128;

/// No list or string is longer: its elements would not fit the address space.
const MAX_LENGTH: i128 = 1 << 56;

/// Bounds at which widening stops for a round: growing counters soon pass them all.
const THRESHOLDS: [i128; 6] = [-(1 << 31), -1, 0, 1 << 31, 1 << 40, MAX_LENGTH];

/// Rounds of a loop before widening starts.
const PATIENCE: usize = 2;

/// Rounds after which a loop's values are given up as unknown; widening ends long before.
const ROUND_LIMIT: usize = 24;

impl Range {
    /// Every 64-bit integer.
    pub const FULL: Range = Range { lo: MIN, hi: MAX };

    /// One number.
    pub fn exactly(value: i128) -> Self {
        Range { lo: value, hi: value }
    }

    /// From `lo` to `hi`.
    pub fn new(lo: i128, hi: i128) -> Self {
        Range { lo, hi }
    }

    /// Whether every number of the range fits 64 bits.
    pub fn fits(self) -> bool {
        self.lo >= MIN && self.hi <= MAX
    }

    /// Whether the number is in the range.
    pub fn contains(self, value: i128) -> bool {
        self.lo <= value && value <= self.hi
    }

    fn join(self, other: Range) -> Range {
        Range::new(self.lo.min(other.lo), self.hi.max(other.hi))
    }

    /// The part in both; the receiver if they exclude each other (code that cannot run).
    fn meet(self, other: Range) -> Range {
        let both = Range::new(self.lo.max(other.lo), self.hi.min(other.hi));
        if both.lo > both.hi { self } else { both }
    }

    fn clamp(self) -> Range {
        if self.lo > MAX || self.hi < MIN {
            return Range::FULL;
        }
        Range::new(self.lo.max(MIN), self.hi.min(MAX))
    }

    /// The ranges of sums, differences and products, unclamped.
    pub fn add(self, other: Range) -> Range {
        Range::new(self.lo + other.lo, self.hi + other.hi)
    }

    pub fn sub(self, other: Range) -> Range {
        Range::new(self.lo - other.hi, self.hi - other.lo)
    }

    pub fn mul(self, other: Range) -> Range {
        let corners = [self.lo * other.lo, self.lo * other.hi, self.hi * other.lo, self.hi * other.hi];
        corners.into_iter().map(Range::exactly).reduce(Range::join).unwrap_or(Range::FULL)
    }

    fn magnitude(self) -> i128 {
        self.lo.abs().max(self.hi.abs())
    }

    fn div(self, other: Range) -> Range {
        if other.contains(0) {
            let most = self.magnitude();
            return Range::new(if self.lo >= 0 && other.lo >= 0 { 0 } else { -most }, most);
        }
        let corners = [self.lo / other.lo, self.lo / other.hi, self.hi / other.lo, self.hi / other.hi];
        let ends = corners.into_iter().map(Range::exactly).reduce(Range::join).unwrap_or(Range::FULL);
        if self.contains(0) { ends.join(Range::exactly(0)) } else { ends }
    }

    fn rem(self, other: Range) -> Range {
        let most = (other.magnitude() - 1).max(0);
        let lo = if self.lo >= 0 { 0 } else { (-most).max(self.lo) };
        let hi = if self.hi <= 0 { 0 } else { most.min(self.hi) };
        Range::new(lo, hi)
    }

    /// Grows an unstable end to the next threshold.
    fn widen(self, new: Range) -> Range {
        let lo = if new.lo < self.lo {
            THRESHOLDS.iter().rev().copied().find(|&t| t <= new.lo).unwrap_or(MIN)
        } else {
            self.lo
        };
        let hi =
            if new.hi > self.hi { THRESHOLDS.iter().copied().find(|&t| t >= new.hi).unwrap_or(MAX) } else { self.hi };
        Range::new(lo, hi)
    }
}

/// The ranges of one function.
pub struct IntRanges<'c> {
    environment: HashMap<Value<'c>, Range>,
    /// What was known of a value right behind its definition.
    definitions: HashMap<Value<'c>, Range>,
    undo: Vec<(Value<'c>, Option<Range>)>,
    operands: HashMap<(Op<'c>, usize), Range>,
    loop_states: HashMap<Op<'c>, Vec<Range>>,
    loops: Vec<LoopExits>,
}

/// What the early exits of the loop being visited carry.
#[derive(Default)]
struct LoopExits {
    breaks: Option<Vec<Range>>,
    continues: Option<Vec<Range>>,
}

impl<'c> IntRanges<'c> {
    /// Analyses a function.
    pub fn of_function(function: Op<'c>) -> Self {
        let mut ranges = Self {
            environment: HashMap::new(),
            definitions: HashMap::new(),
            undo: Vec::new(),
            operands: HashMap::new(),
            loop_states: HashMap::new(),
            loops: Vec::new(),
        };
        if !function.region(0).is_empty() {
            ranges.block(body(function, 0));
        }
        ranges
    }

    /// The range of an operand where the operation uses it.
    pub fn operand(&self, op: Op<'c>, number: usize) -> Range {
        self.operands.get(&(op, number)).copied().unwrap_or(Range::FULL)
    }

    /// The range of a value wherever it is alive, without what conditions add.
    pub fn at_definition(&self, value: Value<'c>) -> Range {
        match value.as_constant_int() {
            Some(constant) => Range::exactly(i128::from(constant)),
            None => self.definitions.get(&value).copied().unwrap_or(Range::FULL),
        }
    }

    fn get(&self, value: Value<'c>) -> Range {
        if let Some(constant) = value.as_constant_int() {
            return Range::exactly(i128::from(constant));
        }
        self.environment.get(&value).copied().unwrap_or(Range::FULL)
    }

    fn set(&mut self, value: Value<'c>, range: Range) {
        let old = self.environment.insert(value, range);
        self.undo.push((value, old));
    }

    fn mark(&self) -> usize {
        self.undo.len()
    }

    fn roll_back(&mut self, mark: usize) {
        while self.undo.len() > mark {
            match self.undo.pop() {
                Some((value, Some(range))) => {
                    self.environment.insert(value, range);
                }
                Some((value, None)) => {
                    self.environment.remove(&value);
                }
                None => break,
            }
        }
    }

    fn all(&self, values: impl Iterator<Item = Value<'c>>) -> Vec<Range> {
        values.map(|value| self.get(value)).collect()
    }

    /// Visits a block; gives its terminator if control gets past the region in the normal way.
    fn block(&mut self, block: Block<'c>) -> Option<Op<'c>> {
        for op in block.ops() {
            self.record(op);
            match op.name() {
                "mochi.if" => self.branch(op, 2),
                "mochi.switch" => {
                    let count = op.region_count();
                    self.branch(op, count);
                }
                "mochi.for" => self.for_loop(op),
                "mochi.while" => self.while_loop(op),
                "mochi.break" | "mochi.continue" => {
                    let values = self.all(op.operands());
                    if let Some(exits) = self.loops.last_mut() {
                        let into = if op.is("mochi.break") { &mut exits.breaks } else { &mut exits.continues };
                        join_into(into, &values);
                    }
                    return None;
                }
                "mochi.return" | "mochi.unreachable" => return None,
                _ if op.is_terminator() => return Some(op),
                _ => self.transfer(op),
            }
        }
        None
    }

    fn record(&mut self, op: Op<'c>) {
        if !op.name().starts_with("mochi.") && !["arith.divsi", "arith.remsi"].contains(&op.name()) {
            return;
        }
        for (number, operand) in op.operands().enumerate() {
            if operand.ty().is_i64() {
                let range = self.get(operand);
                self.operands.insert((op, number), range);
            }
        }
    }

    fn transfer(&mut self, op: Op<'c>) {
        if op.result_count() != 1 || !(op.result(0).ty().is_i64() || op.result(0).ty().is_index()) {
            return;
        }
        let operand = |number: usize| self.get(op.operand(number));
        let wraps = op.str_attr("overflow") == Some("wrap");
        let checked = |range: Range| {
            if wraps && !range.fits() { Range::FULL } else { range.clamp() }
        };
        let exact = |range: Range| if range.fits() { range } else { Range::FULL };
        let length = Range::new(0, MAX_LENGTH);
        let range = match op.name() {
            "mochi.int.add" => checked(operand(0).add(operand(1))),
            "mochi.int.sub" => checked(operand(0).sub(operand(1))),
            "mochi.int.mul" => checked(operand(0).mul(operand(1))),
            "mochi.int.neg" => checked(Range::exactly(0).sub(operand(0))),
            "mochi.int.div" => checked(operand(0).div(operand(1))),
            "mochi.int.rem" | "arith.remsi" => operand(0).rem(operand(1)),
            "arith.addi" => exact(operand(0).add(operand(1))),
            "arith.subi" => exact(operand(0).sub(operand(1))),
            "arith.muli" => exact(operand(0).mul(operand(1))),
            "arith.divsi" => exact(operand(0).div(operand(1))),
            "arith.divui" if operand(0).lo >= 0 && operand(1).lo >= 0 => exact(operand(0).div(operand(1))),
            "arith.remui" if operand(0).lo >= 0 && operand(1).lo >= 0 => operand(0).rem(operand(1)),
            "arith.select" => self.get(op.operand(1)).join(self.get(op.operand(2))),
            "arith.minsi" => Range::new(operand(0).lo.min(operand(1).lo), operand(0).hi.min(operand(1).hi)),
            "arith.maxsi" => Range::new(operand(0).lo.max(operand(1).lo), operand(0).hi.max(operand(1).hi)),
            "arith.extui" => Range::new(0, 1),
            "arith.andi" if operand(1).lo >= 0 => Range::new(0, operand(1).hi),
            "arith.index_cast" => operand(0),
            "mochi.list.length" | "mochi.str.length" | "mochi.map.length" | "mochi.any.length" => length,
            "mochi.check.index" => Range::new(0, (operand(1).hi - 1).clamp(0, MAX_LENGTH)),
            "mochi.union.tag" => Range::new(0, 1 << 31),
            "mochi.compare" => Range::new(-1, 1),
            _ => Range::FULL,
        };
        self.define(op.result(0), range);
    }

    fn define(&mut self, value: Value<'c>, range: Range) {
        self.definitions.insert(value, range);
        self.set(value, range);
    }

    fn set_results(&mut self, op: Op<'c>, ranges: Option<Vec<Range>>) {
        let ranges = ranges.unwrap_or_default();
        for (number, result) in op.results().enumerate() {
            if result.ty().is_i64() {
                let range = ranges.get(number).copied().unwrap_or(Range::FULL);
                self.define(result, range);
            }
        }
    }

    fn branch(&mut self, op: Op<'c>, regions: usize) {
        let mut outcome: Option<Vec<Range>> = None;
        let mut survivors = Vec::new();
        for number in 0..regions {
            let mark = self.mark();
            if op.is("mochi.if") {
                self.assume(op.operand(0), number == 0);
            }
            if let Some(end) = self.block(body(op, number)) {
                let values = self.all(end.operands());
                join_into(&mut outcome, &values);
                survivors.push(number);
            }
            self.roll_back(mark);
        }
        self.set_results(op, outcome);
        if op.is("mochi.if") && survivors.len() == 1 {
            self.assume(op.operand(0), survivors[0] == 0);
        }
    }

    /// Runs a round of a loop until the carried ranges are stable. `round` visits the regions with
    /// the carried ranges given and returns those of the next round, if there is one.
    fn iterate(
        &mut self,
        op: Op<'c>,
        inits: Vec<Range>,
        mut round: impl FnMut(&mut Self, &[Range]) -> Option<Vec<Range>>,
    ) -> (Vec<Range>, LoopExits) {
        let mut state = match self.loop_states.get(&op) {
            Some(known) => known.iter().zip(&inits).map(|(a, b)| a.join(*b)).collect(),
            None => inits,
        };
        for count in 0.. {
            self.loops.push(LoopExits::default());
            let mark = self.mark();
            let mut next = round(self, &state);
            self.roll_back(mark);
            let exits = self.loops.pop().unwrap_or_default();
            if let Some(values) = &exits.continues {
                join_into(&mut next, values);
            }
            let joined: Vec<Range> = match &next {
                Some(values) => state.iter().zip(values).map(|(a, b)| a.join(*b)).collect(),
                None => state.clone(),
            };
            if joined == state {
                self.loop_states.insert(op, state.clone());
                return (state, exits);
            }
            state = if count >= ROUND_LIMIT {
                vec![Range::FULL; state.len()]
            } else if count >= PATIENCE {
                state.iter().zip(&joined).map(|(a, b)| a.widen(*b)).collect()
            } else {
                joined
            };
        }
        unreachable!("the loop above only ends by returning")
    }

    fn for_loop(&mut self, op: Op<'c>) {
        let (lower, upper) = (self.get(op.operand(0)), self.get(op.operand(1)));
        let counter = Range::new(lower.lo, (upper.hi - 1).max(lower.lo));
        let inits = self.all(op.operands().skip(2));
        let block = body(op, 0);
        let (state, exits) = self.iterate(op, inits, |this, carried| {
            this.define(block.arg(0), counter);
            // There is a round, so the upper bound is above the lower one.
            this.set(op.operand(1), upper.meet(Range::new(lower.lo + 1, MAX)));
            for (argument, range) in block.args().skip(1).zip(carried) {
                this.define(argument, *range);
            }
            let end = this.block(block)?;
            Some(this.all(end.operands()))
        });
        let mut outcome = Some(state);
        if let Some(values) = exits.breaks {
            join_into(&mut outcome, &values);
        }
        self.set_results(op, outcome);
    }

    fn while_loop(&mut self, op: Op<'c>) {
        debug_assert!(is_loop(op));
        let inits = self.all(op.operands());
        let (before, block) = (body(op, 0), body(op, 1));
        let mut left: Option<Vec<Range>> = None;
        let (_, exits) = self.iterate(op, inits, |this, carried| {
            left = None;
            for (argument, range) in before.args().zip(carried) {
                this.define(argument, *range);
            }
            let condition = this.block(before)?;
            let mark = this.mark();
            this.assume(condition.operand(0), false);
            left = Some(this.all(condition.operands().skip(1)));
            this.roll_back(mark);
            this.assume(condition.operand(0), true);
            let entering = this.all(condition.operands().skip(1));
            for (argument, range) in block.args().zip(entering) {
                this.define(argument, range);
            }
            let end = this.block(block)?;
            Some(this.all(end.operands()))
        });
        if let Some(values) = exits.breaks {
            join_into(&mut left, &values);
        }
        self.set_results(op, left);
    }

    /// Narrows values by a condition that is known to hold or not to hold.
    fn assume(&mut self, condition: Value<'c>, holds: bool) {
        let Some(op) = condition.defining_op() else {
            return;
        };
        match op.name() {
            "arith.cmpi" => self.assume_comparison(op, holds),
            "arith.andi" if holds => {
                self.assume(op.operand(0), true);
                self.assume(op.operand(1), true);
            }
            "arith.ori" if !holds => {
                self.assume(op.operand(0), false);
                self.assume(op.operand(1), false);
            }
            "arith.xori" => {
                for (number, other) in [(0, 1), (1, 0)] {
                    if let Some(constant) = op.operand(number).as_constant_int() {
                        self.assume(op.operand(other), holds == (constant == 0));
                    }
                }
            }
            // Lazy `and` yields false from its second region, lazy `or` true from its first one.
            "mochi.if" if op.result_count() == 1 => {
                let constant = |region: usize| {
                    let end = body(op, region).terminator()?;
                    end.is("mochi.yield").then(|| end.operand(0).as_constant_int())?
                };
                let decided = |region: usize| constant(region).is_some_and(|c| (c != 0) != holds);
                for (region, other) in [(0, 1), (1, 0)] {
                    if decided(other)
                        && let Some(end) = body(op, region).terminator()
                    {
                        self.assume(op.operand(0), region == 0);
                        // A region that yields the condition itself adds nothing, but would double the work at each level.
                        if end.is("mochi.yield") && end.operand(0) != op.operand(0) {
                            self.assume(end.operand(0), holds);
                        }
                        break;
                    }
                }
            }
            _ => {}
        }
    }

    fn assume_comparison(&mut self, op: Op<'c>, holds: bool) {
        let (lhs, rhs) = (op.operand(0), op.operand(1));
        if !lhs.ty().is_i64() {
            return;
        }
        let Some(predicate) = op.int_attr("predicate") else {
            return;
        };
        let (a, b) = (self.get(lhs), self.get(rhs));
        // eq ne slt sle sgt sge, in the numbering of arith; the negation of each is known.
        let predicate = if holds {
            predicate
        } else {
            match predicate {
                0 => 1,
                1 => 0,
                2 => 5,
                3 => 4,
                4 => 3,
                5 => 2,
                _ => return,
            }
        };
        let (for_a, for_b) = match predicate {
            0 => (b, a),
            1 => {
                let without = |range: Range, excluded: Range| {
                    if excluded.lo != excluded.hi {
                        range
                    } else if excluded.lo == range.lo {
                        Range::new(range.lo + 1, range.hi)
                    } else if excluded.lo == range.hi {
                        Range::new(range.lo, range.hi - 1)
                    } else {
                        range
                    }
                };
                (without(a, b), without(b, a))
            }
            2 => (Range::new(MIN, b.hi - 1), Range::new(a.lo + 1, MAX)),
            3 => (Range::new(MIN, b.hi), Range::new(a.lo, MAX)),
            4 => (Range::new(b.lo + 1, MAX), Range::new(MIN, a.hi - 1)),
            5 => (Range::new(b.lo, MAX), Range::new(MIN, a.hi)),
            _ => return,
        };
        self.set(lhs, a.meet(for_a));
        self.set(rhs, b.meet(for_b));
    }
}

fn join_into(into: &mut Option<Vec<Range>>, values: &[Range]) {
    match into {
        Some(known) => {
            for (a, b) in known.iter_mut().zip(values) {
                *a = a.join(*b);
            }
        }
        None => *into = Some(values.to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remainder_of_a_product_fits() {
        let x = Range::new(0, 2_147_483_646);
        let product = x.mul(Range::exactly(16_807));
        assert!(product.fits());
        assert_eq!(product.rem(Range::exactly(2_147_483_647)), x);
    }

    #[test]
    fn widening_reaches_the_limits() {
        let grown = Range::new(0, 10).widen(Range::new(0, 11));
        assert_eq!(grown, Range::new(0, 1 << 31));
        let top = Range::new(0, MAX_LENGTH).widen(Range::new(-5, MAX_LENGTH + 1));
        assert_eq!(top, Range::new(-(1 << 31), MAX));
    }

    #[test]
    fn division_keeps_signs() {
        let negative = Range::new(-10, -1).div(Range::new(2, 5));
        assert_eq!(negative, Range::new(-5, 0));
        assert_eq!(Range::new(-7, 7).rem(Range::exactly(3)), Range::new(-2, 2));
    }
}
