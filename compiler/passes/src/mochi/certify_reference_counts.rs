//! `mochi-certify-reference-counts`: recomputes ownership and reports what is wrong with it.
//!
//! What: follows every path through each function and counts, for every value, the references that
//! the function holds. Reports a value that is used when nothing keeps it alive, a reference given
//! up that was not held, a reference still held at the end, and paths that disagree. It shares the
//! facts about single operations with the pass that inserts counts, but none of its decisions.
//!
//! Requires: structured control flow; reference counts have been inserted.
//!
//! Guarantees: the IR is not changed; the pass fails if it reported something.
//!
//! ```mlir
//! %l = mochi.str.chars %s
//! mochi.release %l : !mochi.list<!mochi.str>
//! %n = mochi.list.length %l : !mochi.list<!mochi.str>   // error: used after its last reference
//! ```

use std::collections::{HashMap, HashSet};

use mochi_dialects::ir::{Block, Op, Value};
use mochi_dialects::pass::{PassError, PassResult};

use crate::analysis::ownership::{Effects, Origin, consumes, has_owner, is_counted, origin, slot_read, slot_written};
use crate::analysis::structure::{bodies, body, functions, is_branch, is_loop};
use crate::declare_pass;

declare_pass!(
    /// The pass.
    CertifyReferenceCounts,
    "mochi-certify-reference-counts",
    "Recompute ownership and report leaks, double releases and uses after release",
    run
);

/// Checks every function of the module.
pub fn run(module: Op) -> PassResult {
    let effects = Effects::of_module(module);
    let mut errors = 0;
    for function in functions(module) {
        let mut certifier = Certifier { effects: &effects, loops: Vec::new(), errors: 0 };
        certifier.block(body(function, 0), State::default());
        errors += certifier.errors;
    }
    if errors > 0 {
        return Err(PassError::reported());
    }
    Ok(())
}

/// What is held at one point of the program.
#[derive(Clone, Default)]
struct State<'c> {
    /// References held, by value; never negative.
    counts: HashMap<Value<'c>, usize>,
    /// Values read from slots so far that were not overwritten since.
    readable: HashSet<Value<'c>>,
}

impl<'c> State<'c> {
    fn count(&self, value: Value<'c>) -> usize {
        self.counts.get(&value).copied().unwrap_or(0)
    }

    fn add(&mut self, value: Value<'c>) {
        *self.counts.entry(value).or_default() += 1;
    }

    /// Gives up a reference; false if there was none.
    fn remove(&mut self, value: Value<'c>) -> bool {
        match self.counts.get_mut(&value) {
            Some(count) if *count > 1 => {
                *count -= 1;
                true
            }
            Some(_) => self.counts.remove(&value).is_some(),
            None => false,
        }
    }

    /// Whether something keeps the value alive.
    fn is_alive(&self, value: Value<'c>) -> bool {
        if self.count(value) > 0 {
            return true;
        }
        match (origin(value), value.defining_op()) {
            (Origin::Parameter | Origin::Immortal | Origin::Unknown, _) => true,
            (Origin::Part, Some(op)) => self.is_alive(op.operand(0)),
            (Origin::Slot, Some(op)) => {
                self.readable.contains(&value) && (!has_owner(op) || self.is_alive(op.operand(0)))
            }
            _ => false,
        }
    }
}

struct Certifier<'a, 'c> {
    effects: &'a Effects<'c>,
    /// What was held when each loop around was entered.
    loops: Vec<HashMap<Value<'c>, usize>>,
    errors: usize,
}

impl<'c> Certifier<'_, 'c> {
    fn report(&mut self, op: Op<'c>, message: &str) {
        op.emit_error(message);
        self.errors += 1;
    }

    /// Follows a block; gives the state behind it if control gets to the end of the region.
    fn block(&mut self, block: Block<'c>, mut state: State<'c>) -> Option<State<'c>> {
        for op in block.ops() {
            if op.is_terminator() {
                return self.terminator(op, block, state);
            }
            self.overwrite(op, &mut state);
            self.operands(op, &mut state);
            if is_branch(op) {
                state = self.branch(op, state)?;
            } else if is_loop(op) {
                self.rounds(op, &state);
            }
            for result in op.results() {
                if !is_counted(result.ty()) {
                    continue;
                }
                match origin(result) {
                    Origin::Owned => state.add(result),
                    Origin::Slot => {
                        state.readable.insert(result);
                    }
                    _ => {}
                }
            }
        }
        None
    }

    /// Forgets what the operation may overwrite, in time for its own operands unless it drops the
    /// old content last.
    fn overwrite(&mut self, op: Op<'c>, state: &mut State<'c>) {
        let last = slot_written(op).is_some() && !op.is("mochi.map.set");
        let mut readable = std::mem::take(&mut state.readable);
        readable.retain(|value| {
            let slot = value.defining_op().and_then(slot_read);
            let lost = match slot {
                Some(slot) if is_loop(op) => self.effects.may_overwrite(op, slot),
                Some(slot) => self.effects.overwrites_itself(op, slot),
                None => true,
            };
            let used_here = last && op.operands().any(|operand| operand == *value);
            !lost || used_here
        });
        state.readable = readable;
    }

    fn operands(&mut self, op: Op<'c>, state: &mut State<'c>) {
        let mut gone = Vec::new();
        for (number, value) in op.operands().enumerate() {
            // Nothing depends on counts of immortal objects; folding removes them.
            if !is_counted(value.ty()) || origin(value) == Origin::Immortal {
                continue;
            }
            if !state.is_alive(value) {
                self.report(op, &format!("operand {number} is used after its last reference"));
            }
            if consumes(op, number) {
                gone.push((number, value));
            }
        }
        if op.is("mochi.retain") && origin(op.operand(0)) != Origin::Immortal {
            state.add(op.operand(0));
        }
        for (number, value) in gone {
            if !state.remove(value) {
                self.report(op, &format!("operand {number} is given up without being owned"));
            }
        }
    }

    fn terminator(&mut self, op: Op<'c>, block: Block<'c>, mut state: State<'c>) -> Option<State<'c>> {
        if op.is("mochi.unreachable") {
            return None;
        }
        self.operands(op, &mut state);
        let held = match op.name() {
            "mochi.break" | "mochi.continue" | "mochi.condition" => self.loops.last().cloned(),
            "func.return" | "mochi.return" => Some(HashMap::new()),
            // The end of a round must not hold anything either; a branch may, of outer values.
            _ if block.parent_op().is_some_and(is_loop) => self.loops.last().cloned(),
            _ => None,
        };
        match held {
            Some(held) if held != state.counts => {
                let leaks = state.counts.iter().any(|(value, count)| held.get(value).copied().unwrap_or(0) < *count);
                self.report(
                    op,
                    if leaks { "a reference is still held here" } else { "a reference from outside was given up here" },
                );
                None
            }
            Some(_) => None,
            None => {
                let leaks = state.counts.keys().any(|value| value.parent_block() == Some(block));
                if leaks {
                    self.report(op, "a reference is still held here");
                }
                Some(state)
            }
        }
    }

    fn branch(&mut self, op: Op<'c>, state: State<'c>) -> Option<State<'c>> {
        let mut joined: Option<State> = None;
        for block in bodies(op) {
            let Some(end) = self.block(block, state.clone()) else {
                continue;
            };
            match &mut joined {
                None => joined = Some(end),
                Some(known) => {
                    if known.counts != end.counts {
                        self.report(op, "the regions end with different references held");
                    }
                    known.readable.retain(|value| end.readable.contains(value));
                }
            }
        }
        joined
    }

    fn rounds(&mut self, op: Op<'c>, state: &State<'c>) {
        self.loops.push(state.counts.clone());
        for block in bodies(op) {
            let mut round = state.clone();
            for argument in block.args() {
                if is_counted(argument.ty()) {
                    round.add(argument);
                }
            }
            self.block(block, round);
        }
        self.loops.pop();
    }
}
