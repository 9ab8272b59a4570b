//! `mochi-insert-reference-counts`: makes the ownership promises of the operation table true.
//!
//! What: inserts `mochi.retain` and `mochi.release` so that every counted value is released exactly
//! once after its last use on every path. An owned value whose last use consumes it is moved there
//! and costs nothing. A value read out of an object needs no count while something else provably
//! keeps it alive (see `projections`). A variable that is read only to be extended and written back
//! is moved out of its place, so that the extension happens in place (see `take`).
//!
//! Requires: structured control flow (no branches between blocks) and no counts yet.
//!
//! Guarantees: what `mochi-certify-reference-counts` checks. Function parameters are borrowed,
//! results of functions, branches and loops are owned, region arguments of loops are owned by the
//! round of the loop.
//!
//! Before:
//! ```mlir
//! func.func @f(%s: !mochi.str) -> i64 {
//!   %l = mochi.str.chars %s
//!   %n = mochi.list.length %l : !mochi.list<!mochi.str>
//!   return %n : i64
//! }
//! ```
//! After: `mochi.release %l` stands behind `mochi.list.length`.

mod projections;
mod take;

use std::collections::{BTreeMap, HashMap, HashSet};

use mochi_dialects::ir::{Block, Builder, Op, Value};
use mochi_dialects::pass::{PassError, PassResult};

use crate::analysis::ownership::{Effects, Origin, consumes, is_counted, origin};
use crate::analysis::structure::{ancestor_in, bodies, body, functions, is_branch, is_loop, positions, walk_ops};
use crate::declare_pass;

use projections::Projections;

declare_pass!(
    /// The pass.
    InsertReferenceCounts,
    "mochi-insert-reference-counts",
    "Insert retains and releases from the ownership facts of operations",
    run
);

/// Inserts counts into every function of the module.
pub fn run(module: Op) -> PassResult {
    let effects = Effects::of_module(module);
    for function in functions(module) {
        take::run(function, &effects);
        let uses = Uses::of_function(function);
        let projections = Projections::decide(function, &uses, &effects);
        let mut inserter = Inserter { uses, projections, frames: Vec::new() };
        inserter.block(body(function, 0), FrameKind::Function, Vec::new())?;
    }
    Ok(())
}

/// All uses of counted values in a function, as they were before anything was inserted.
pub(crate) struct Uses<'c> {
    of: HashMap<Value<'c>, Vec<(Op<'c>, usize)>>,
}

impl<'c> Uses<'c> {
    fn of_function(function: Op<'c>) -> Self {
        let mut of: HashMap<_, Vec<_>> = HashMap::new();
        walk_ops(function, |op| {
            for (k, operand) in op.operands().enumerate() {
                if is_counted(operand.ty()) {
                    of.entry(operand).or_default().push((op, k));
                }
            }
        });
        Self { of }
    }

    /// The operations that use the value, with the operand's number.
    pub(crate) fn of(&self, value: Value<'c>) -> &[(Op<'c>, usize)] {
        self.of.get(&value).map_or(&[], Vec::as_slice)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FrameKind {
    Function,
    Branch,
    Loop,
}

/// What a region has to release or move before it ends.
struct Frame<'c> {
    kind: FrameKind,
    owned: Vec<Value<'c>>,
}

struct Inserter<'c> {
    uses: Uses<'c>,
    projections: Projections<'c>,
    frames: Vec<Frame<'c>>,
}

impl<'c> Inserter<'c> {
    /// Walks a block forwards. `owned` is what the region receives from outside, in addition to
    /// the arguments of a loop's round.
    fn block(&mut self, block: Block<'c>, kind: FrameKind, mut owned: Vec<Value<'c>>) -> Result<(), PassError> {
        if kind == FrameKind::Loop {
            owned.extend(block.args().filter(|argument| is_counted(argument.ty())));
        }
        let ops: Vec<Op> = block.ops().collect();
        let positions = positions(block);
        let mut deaths: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        self.frames.push(Frame { kind, owned: Vec::new() });
        let first = *ops.first().ok_or_else(|| PassError::new("empty block"))?;
        for value in owned {
            self.adopt(value, block, &positions, &mut deaths, first);
        }
        for (k, &op) in ops.iter().enumerate() {
            let dying = deaths.remove(&k).unwrap_or_default();
            if op.is_terminator() {
                self.terminator(op);
                break;
            }
            let next = *ops.get(k + 1).ok_or_else(|| PassError::new("block without terminator"))?;
            self.consume(op, &dying);
            let top = self.top();
            let dying: Vec<Value> = dying.into_iter().filter(|value| top.owned.contains(value)).collect();
            top.owned.retain(|value| !dying.contains(value));
            if is_branch(op) {
                for region in bodies(op) {
                    self.block(region, FrameKind::Branch, dying.clone())?;
                }
            } else if is_loop(op) {
                // Values from outside stay with this block while the loop runs: the rounds only
                // borrow them, and an early return inside releases them.
                self.top().owned.extend(dying.iter().copied());
                for region in bodies(op) {
                    self.block(region, FrameKind::Loop, Vec::new())?;
                }
                self.top().owned.retain(|value| !dying.contains(value));
            } else if op.region_count() > 0 {
                op.emit_error("reference counting does not know the regions of this operation");
                return Err(PassError::reported());
            }
            self.results(op, block, &positions, &mut deaths, next);
            if !is_branch(op) {
                for value in dying {
                    insert_release(next, value, op);
                }
            }
        }
        self.frames.pop();
        Ok(())
    }

    fn top(&mut self) -> &mut Frame<'c> {
        self.frames.last_mut().expect("inside a block")
    }

    /// Makes the current frame the owner of a value from `next` on, or releases the value there
    /// if nothing uses it.
    fn adopt(
        &mut self,
        value: Value<'c>,
        block: Block<'c>,
        positions: &HashMap<Op<'c>, usize>,
        deaths: &mut BTreeMap<usize, Vec<Value<'c>>>,
        next: Op<'c>,
    ) {
        let last = self
            .extended_uses(value)
            .iter()
            .filter_map(|(user, _, _)| ancestor_in(*user, block))
            .filter_map(|ancestor| positions.get(&ancestor).copied())
            .max();
        match last {
            Some(k) => {
                deaths.entry(k).or_default().push(value);
                self.top().owned.push(value);
            }
            None => insert_release(next, value, next),
        }
    }

    /// The uses of a value and of everything that borrows from it: (user, operand, used value).
    fn extended_uses(&self, value: Value<'c>) -> Vec<(Op<'c>, usize, Value<'c>)> {
        let mut all = Vec::new();
        let mut pending = vec![value];
        while let Some(current) = pending.pop() {
            all.extend(self.uses.of(current).iter().map(|&(op, k)| (op, k, current)));
            pending.extend(self.projections.borrowed_from(current));
        }
        all
    }

    /// Whether the operation, or something in it, needs the value beyond consuming it as operand.
    fn is_also_read(&self, value: Value<'c>, op: Op<'c>) -> bool {
        let Some(block) = op.block() else {
            return true;
        };
        self.extended_uses(value).iter().any(|&(user, k, used)| {
            let direct = user == op && used == value && consumes(op, k);
            !direct && ancestor_in(user, block) == Some(op)
        })
    }

    /// The distinct counted values that the operation consumes, with how often.
    fn consumed(op: Op<'c>) -> Vec<(Value<'c>, usize)> {
        let mut counts: Vec<(Value, usize)> = Vec::new();
        for (k, value) in op.operands().enumerate() {
            if !is_counted(value.ty()) || !consumes(op, k) || is_null(value) {
                continue;
            }
            match counts.iter_mut().find(|(other, _)| *other == value) {
                Some((_, count)) => *count += 1,
                None => counts.push((value, 1)),
            }
        }
        counts
    }

    /// Moves or retains what a non-terminator consumes.
    fn consume(&mut self, op: Op<'c>, dying: &[Value<'c>]) {
        for (value, count) in Self::consumed(op) {
            let moved = dying.contains(&value) && self.top().owned.contains(&value) && !self.is_also_read(value, op);
            if moved {
                self.top().owned.retain(|other| *other != value);
            }
            for _ in usize::from(moved)..count {
                insert_retain(op, value);
            }
        }
    }

    /// Moves or retains what a terminator consumes and releases whatever the frames that it leaves
    /// still own.
    fn terminator(&mut self, op: Op<'c>) {
        let left = match op.name() {
            "mochi.unreachable" => return,
            "mochi.return" => self.frames.len(),
            "mochi.break" | "mochi.continue" => {
                1 + self.frames.iter().rev().take_while(|frame| frame.kind != FrameKind::Loop).count()
            }
            _ => 1,
        };
        let scope = self.frames.len().saturating_sub(left);
        let owned: Vec<Value> =
            self.frames[scope..].iter().rev().flat_map(|frame| frame.owned.iter().copied()).collect();
        let mut moved = HashSet::new();
        for (value, count) in Self::consumed(op) {
            let moves = owned.contains(&value) && !self.borrows_into(op, value);
            if moves {
                moved.insert(value);
            }
            for _ in usize::from(moves)..count {
                insert_retain(op, value);
            }
        }
        for value in owned {
            if !moved.contains(&value) {
                insert_release(op, value, op);
            }
        }
    }

    /// Whether the terminator hands on something that borrows from the value as well.
    fn borrows_into(&self, op: Op<'c>, value: Value<'c>) -> bool {
        self.extended_uses(value).iter().any(|&(user, _, used)| user == op && used != value)
    }

    /// Gives the results of an operation their owners.
    fn results(
        &mut self,
        op: Op<'c>,
        block: Block<'c>,
        positions: &HashMap<Op<'c>, usize>,
        deaths: &mut BTreeMap<usize, Vec<Value<'c>>>,
        next: Op<'c>,
    ) {
        for result in op.results() {
            if !is_counted(result.ty()) {
                continue;
            }
            match origin(result) {
                Origin::Owned => self.adopt(result, block, positions, deaths, next),
                Origin::Immortal | Origin::Parameter => {}
                Origin::Part | Origin::Slot | Origin::Unknown => {
                    let used = !self.uses.of(result).is_empty();
                    if used && !self.projections.is_borrowed(result) {
                        insert_retain(next, result);
                        self.adopt(result, block, positions, deaths, next);
                    }
                }
            }
        }
    }
}

/// Whether the value is the constant nothing, which has no count at all.
fn is_null(value: Value) -> bool {
    value.defining_op().is_some_and(|op| op.is("mochi.option.none"))
}

fn insert_retain<'c>(before: Op<'c>, value: Value<'c>) {
    Builder::before(before).at(before.loc()).op("mochi.retain").operands(&[value]).build();
}

fn insert_release<'c>(before: Op<'c>, value: Value<'c>, because: Op<'c>) {
    Builder::before(before).at(because.loc()).op("mochi.release").operands(&[value]).build();
}
