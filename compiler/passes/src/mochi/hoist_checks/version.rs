//! The two versions of a loop: what its checks need, the test in front, the copy without them.

use mochi_dialects::ir::{Attribute, Builder, Op, Type, Value};

use super::bounds::{Bounds, Lower, Offset, bounds};
use crate::analysis::ownership::{Effects, is_counted, slot_read};
use crate::analysis::structure::{enclosing_loop, is_defined_outside, is_inside, walk_ops};

/// Loops with more operations are not copied: the check costs less than the code.
const MOST_OPERATIONS: usize = 800;

/// `slt`, `sle` and `sge` among the predicates of `arith.cmpi`.
const SLT: i64 = 2;
const SLE: i64 = 3;
const SGE: i64 = 5;

/// What has to hold before the loop for checks to succeed in all rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need<'c> {
    /// `offset >= 0`
    NotNegative(Offset<'c>),
    /// `offset < length`
    Below(Offset<'c>, Value<'c>),
    /// The rows of a list, over a range of indices, are all longer than the offset.
    Rows(Value<'c>, Bounds<'c>, Offset<'c>),
}

/// A list and an index into it that is in bounds in every round, wherever it is known.
type Proven<'c> = (Value<'c>, Value<'c>);

/// Removes checks from a loop, by proof or in a copy of it. Gives the loop to go on with.
pub(super) fn run<'c>(op: Op<'c>, effects: &Effects<'c>) -> Op<'c> {
    let mut needs = Vec::new();
    let mut foreseen = Vec::new();
    let mut proven = Vec::new();
    for check in op.collect("mochi.check.index") {
        let Some(of_check) = needs_of(check, op, effects) else {
            continue;
        };
        if of_check.is_empty() {
            proven.extend(proven_by(check));
            remove(check);
            continue;
        }
        foreseen.push(check);
        for need in of_check {
            if !needs.contains(&need) {
                needs.push(need);
            }
        }
    }
    let mut size = 0;
    walk_ops(op, |_| size += 1);
    if foreseen.is_empty() || size > MOST_OPERATIONS {
        hoist_reads(op, &proven, effects);
        return op;
    }
    let (fast, checks) = make_versions(op, &needs, &foreseen);
    // What was proved in the loop as it was holds in the copy, for the copy's values.
    let reads = op.collect("mochi.list.get").into_iter();
    let copies: Vec<Proven> = reads
        .zip(fast.collect("mochi.list.get"))
        .filter(|(read, _)| proven.contains(&(read.operand(0), read.operand(1))))
        .map(|(_, copy)| (copy.operand(0), copy.operand(1)))
        .collect();
    proven = copies;
    for check in checks {
        proven.extend(proven_by(check));
        remove(check);
    }
    hoist_reads(fast, &proven, effects);
    fast
}

/// What follows from a check that always succeeds. That its index is not negative may be known only
/// under the conditions around it; such a check proves nothing elsewhere.
fn proven_by<'c>(check: Op<'c>) -> Option<Proven<'c>> {
    let length = check.operand(1).defining_op()?;
    let known = length.is("mochi.list.length") && is_never_negative(check.operand(0));
    known.then(|| (length.operand(0), check.operand(0)))
}

fn remove(check: Op) {
    check.replace_with(&[check.operand(0)]);
}

/// What the check needs; nothing if it always succeeds; `None` if that cannot be told.
fn needs_of<'c>(check: Op<'c>, op: Op<'c>, effects: &Effects<'c>) -> Option<Vec<Need<'c>>> {
    let index = bounds(check.operand(0), op, check.has_attr("nonnegative"))?;
    let length = check.operand(1);
    let mut needs = Vec::new();
    if let Lower::AtLeast(lower) = index.lower {
        needs.push(Need::NotNegative(lower));
    }
    if is_defined_outside(length, op) {
        if !(index.upper.value == length && index.upper.constant < 0) {
            needs.push(Need::Below(index.upper, length));
        }
        return Some(needs);
    }
    let rows = length.defining_op()?;
    if !rows.is("mochi.list.length") {
        return None;
    }
    needs.extend(needs_of_rows(rows.operand(0), index.upper, check, op, effects)?);
    Some(needs)
}

/// The same for a check against the length of a row that the loop reads from a list of lists.
fn needs_of_rows<'c>(
    row: Value<'c>,
    upper: Offset<'c>,
    check: Op<'c>,
    op: Op<'c>,
    effects: &Effects<'c>,
) -> Option<Vec<Need<'c>>> {
    let read = row.defining_op()?;
    if !read.is("mochi.list.get") || !read.has_attr("inbounds") {
        return None;
    }
    let (list, index) = (read.operand(0), read.operand(1));
    // Looking at all rows first must cost less than the loop: the check has to be in an inner loop.
    let nested = enclosing_loop(check).is_some_and(|inner| inner != op);
    if !nested || !is_defined_outside(list, op) || effects.may_overwrite(op, slot_read(read)?) {
        return None;
    }
    let rows = bounds(index, op, is_never_negative(index))?;
    Some(vec![Need::Rows(list, rows, upper)])
}

/// Whether a value is a remainder that the passes before made unsigned, or counts up from a
/// constant that is not negative.
fn is_never_negative(value: Value) -> bool {
    let base = super::bounds::strip(value);
    let unsigned = base.value.defining_op().is_some_and(|definition| definition.is("arith.remui"));
    let counted = base
        .value
        .as_block_arg()
        .filter(|(_, number)| *number == 0)
        .and_then(|(block, _)| block.parent_op())
        .filter(|parent| parent.is("mochi.for"))
        .and_then(|parent| parent.operand(0).as_constant_int())
        .is_some_and(|start| start >= 0);
    (unsigned || counted) && base.constant >= 0
}

/// Puts the test and two versions in place of the loop; gives the version that runs if the test
/// succeeds and its copies of the foreseen checks.
fn make_versions<'c>(op: Op<'c>, needs: &[Need<'c>], foreseen: &[Op<'c>]) -> (Op<'c>, Vec<Op<'c>>) {
    let builder = Builder::before(op);
    let test = Test { op, builder: &builder };
    let condition = test.build(needs);
    let types = op.result_types();
    let choice = builder.op("mochi.if").operand(condition).results(&types).regions(2).build();
    let results: Vec<Value> = choice.results().collect();
    for (old, new) in op.results().zip(&results) {
        old.replace_all_uses_with(*new);
    }
    // The checks of the copy are found by their place in the walk.
    let checks = op.collect("mochi.check.index");
    let places: Vec<usize> =
        checks.iter().enumerate().filter(|(_, check)| foreseen.contains(check)).map(|(place, _)| place).collect();
    let fast = op.clone_detached();
    let copies = fast.collect("mochi.check.index");
    for (number, version) in [fast, op].into_iter().enumerate() {
        let block = choice.region(number).append_block(&[]);
        if number == 0 {
            block.append(version);
        } else {
            version.move_to_end(block);
        }
        let values: Vec<Value> = version.results().collect();
        Builder::at_end(block).at(version.loc()).op("mochi.yield").operands(&values).build();
    }
    (fast, places.into_iter().map(|place| copies[place]).collect())
}

/// Builds the test in front of a loop.
struct Test<'a, 'c> {
    op: Op<'c>,
    builder: &'a Builder<'c>,
}

impl<'c> Test<'_, 'c> {
    fn build(&self, needs: &[Need<'c>]) -> Value<'c> {
        let simple: Vec<Value> = needs
            .iter()
            .filter_map(|need| match need {
                Need::NotNegative(offset) => Some(self.not_negative(*offset)),
                Need::Below(offset, length) => Some(self.below(*offset, *length)),
                Need::Rows(..) => None,
            })
            .collect();
        let mut condition = self.all(&simple);
        for need in needs {
            if let Need::Rows(list, rows, upper) = need {
                condition = self.rows(condition, *list, *rows, *upper);
            }
        }
        condition
    }

    fn compare(&self, predicate: i64, lhs: Value<'c>, rhs: Value<'c>) -> Value<'c> {
        self.builder
            .op("arith.cmpi")
            .attr("predicate", Attribute::int(self.op, predicate))
            .operands(&[lhs, rhs])
            .result(Type::i1(self.op))
            .build()
            .result(0)
    }

    fn not_negative(&self, offset: Offset<'c>) -> Value<'c> {
        let least = self.builder.const_i64(-offset.constant);
        self.compare(SGE, offset.value, least)
    }

    /// `value + constant < length`, where only the length, which is small, takes part in arithmetic.
    fn below(&self, offset: Offset<'c>, length: Value<'c>) -> Value<'c> {
        let limit = if offset.constant == 0 {
            return self.compare(SLT, offset.value, length);
        } else if offset.constant == -1 {
            return self.compare(SLE, offset.value, length);
        } else {
            let constant = self.builder.const_i64(offset.constant);
            self.arithmetic("arith.subi", length, constant)
        };
        self.compare(SLT, offset.value, limit)
    }

    fn arithmetic(&self, name: &str, lhs: Value<'c>, rhs: Value<'c>) -> Value<'c> {
        self.builder.op(name).operands(&[lhs, rhs]).result(lhs.ty()).build().result(0)
    }

    fn all(&self, conditions: &[Value<'c>]) -> Value<'c> {
        conditions
            .iter()
            .copied()
            .reduce(|lhs, rhs| self.arithmetic("arith.andi", lhs, rhs))
            .unwrap_or_else(|| self.builder.const_bool(true))
    }

    /// `before`, and all rows in the range exist and are long enough.
    fn rows(&self, before: Value<'c>, list: Value<'c>, rows: Bounds<'c>, upper: Offset<'c>) -> Value<'c> {
        let i64_type = Type::i64(self.op);
        let length = self.builder.op("mochi.list.length").operand(list).result(i64_type).build().result(0);
        let mut conditions = vec![before, self.below(rows.upper, length)];
        let first = match rows.lower {
            Lower::Zero => self.builder.const_i64(0),
            Lower::AtLeast(offset) => {
                conditions.push(self.not_negative(offset));
                // Keeps the addition below from overflowing.
                conditions.push(self.compare(SLE, offset.value, length));
                self.plus(offset)
            }
        };
        if rows.by_remainder {
            // The scan may not take longer than the loop.
            let rounds = self.arithmetic("arith.subi", self.op.operand(1), self.op.operand(0));
            conditions.push(self.compare(SLE, rows.upper.value, rounds));
        }
        let scan =
            self.builder.op("mochi.if").operand(self.all(&conditions)).result(Type::i1(self.op)).regions(2).build();
        let yes = scan.region(0).append_block(&[]);
        let no = scan.region(1).append_block(&[]);
        let inside = Test { op: self.op, builder: &Builder::at_end(yes).at(self.op.loc()) };
        let shortest = inside.shortest(list, first, rows.upper);
        let fits = inside.below(upper, shortest);
        inside.builder.op("mochi.yield").operand(fits).build();
        let otherwise = Builder::at_end(no).at(self.op.loc());
        let never = otherwise.const_bool(false);
        otherwise.op("mochi.yield").operand(never).build();
        scan.result(0)
    }

    fn plus(&self, offset: Offset<'c>) -> Value<'c> {
        if offset.constant == 0 {
            return offset.value;
        }
        let constant = self.builder.const_i64(offset.constant);
        self.arithmetic("arith.addi", offset.value, constant)
    }

    /// The length of the shortest row from `first` up to and including `last`.
    fn shortest(&self, list: Value<'c>, first: Value<'c>, last: Offset<'c>) -> Value<'c> {
        let i64_type = Type::i64(self.op);
        let end = self.plus(Offset { value: last.value, constant: last.constant + 1 });
        let most = self.builder.const_i64(1 << 56);
        let scan = self
            .builder
            .op("mochi.for")
            .operands(&[first, end, most])
            .result(i64_type)
            .attr("step", Attribute::int(self.op, 1))
            .regions(1)
            .build();
        let loc = self.op.loc();
        let block = scan.region(0).append_block(&[(i64_type, loc), (i64_type, loc)]);
        let inside = Builder::at_end(block).at(loc);
        let element = list.ty().list_element().unwrap_or(i64_type);
        let row =
            inside.op("mochi.list.get").operands(&[list, block.arg(0)]).flag("inbounds", true).result(element).build();
        let length = inside.op("mochi.list.length").operand(row.result(0)).result(i64_type).build();
        let least = inside.op("arith.minsi").operands(&[block.arg(1), length.result(0)]).result(i64_type).build();
        inside.op("mochi.yield").operand(least.result(0)).build();
        scan.result(0)
    }
}

/// Moves reads of references out of what lies between them and the loop's own block, as far as their
/// list and index are known and nothing overwrites such elements. They are in bounds there too.
fn hoist_reads<'c>(op: Op<'c>, proven: &[Proven<'c>], effects: &Effects<'c>) {
    for read in op.collect("mochi.list.get") {
        let place = (read.operand(0), read.operand(1));
        let Some(slot) = slot_read(read) else {
            continue;
        };
        if !read.has_attr("inbounds")
            || read.has_attr("take")
            || !is_counted(read.result(0).ty())
            || !proven.contains(&place)
        {
            continue;
        }
        let mut target = read;
        while let Some(parent) = target.parent() {
            let free = parent != op
                && is_inside(parent, op)
                && is_defined_outside(place.0, parent)
                && is_defined_outside(place.1, parent)
                && !effects.may_overwrite(parent, slot);
            if !free {
                break;
            }
            target = parent;
        }
        if target == read {
            continue;
        }
        match earlier_read(target, read, effects) {
            Some(other) => read.replace_with(&[other.result(0)]),
            None => read.move_before(target),
        }
    }
}

/// An equal read before `target` in its block, after which nothing overwrites the element.
fn earlier_read<'c>(target: Op<'c>, read: Op<'c>, effects: &Effects<'c>) -> Option<Op<'c>> {
    let slot = slot_read(read)?;
    std::iter::successors(target.prev(), |at| at.prev()).take_while(|at| !effects.may_overwrite(*at, slot)).find(|at| {
        at.is("mochi.list.get") && at.has_attr("inbounds") && !at.has_attr("take") && at.operands().eq(read.operands())
    })
}
