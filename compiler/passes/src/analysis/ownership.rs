//! Who owns what: the ownership facts of each operation, the memory slots that a borrowed value
//! can come from, and which operations may drop what a slot holds.
//!
//! A *slot* is a place in memory that owns one reference: a list element, a record field, a map
//! value, a global, the content of a cell. Slots are told apart by type, as in type-based alias
//! analysis: writing an element of a `list<str>` can only drop strings held by elements of lists
//! of that type. A value read out of a slot stays alive without a count of its own for as long as
//! the object with the slot stays alive and nobody overwrites slots of that kind.

use std::collections::{HashMap, HashSet};

use mochi_dialects::ir::{Op, Type, Value, WalkOrder, WalkResult};
use mochi_dialects::mochi::{ResultOwnership, op_info};

use super::structure::walk_ops;

/// Whether values of this type carry a reference count.
pub fn is_counted(ty: Type) -> bool {
    ty.is_counted() && !ty.is_env()
}

/// Whether the operation takes over ownership of its operand with this number. In the operation
/// table, -1 stands for all operands.
pub fn consumes(op: Op, operand: usize) -> bool {
    if op.is("func.return") {
        return true;
    }
    op_info(op.name()).is_some_and(|info| info.consumed.iter().any(|&index| index < 0 || index as usize == operand))
}

/// What a value is worth right where it appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Carries a count of its own.
    Owned,
    /// No count: it lives at least as long as the function runs (parameters, the environment).
    Parameter,
    /// Immortal or null: counting it is harmless and releasing it never needed.
    Immortal,
    /// Read out of an immutable part of operand 0, which keeps it alive.
    Part,
    /// Read out of a mutable slot.
    Slot,
    /// Alive where it appears, nothing more is known.
    Unknown,
}

/// Where a counted value comes from.
pub fn origin(value: Value) -> Origin {
    if let Some((block, _)) = value.as_block_arg() {
        let in_function = block.parent_op().is_some_and(|parent| parent.is("func.func"));
        return if in_function { Origin::Parameter } else { Origin::Owned };
    }
    let Some(op) = value.defining_op() else {
        return Origin::Unknown;
    };
    match op.name() {
        "func.call" => Origin::Owned,
        "mochi.str.constant" | "mochi.option.none" => Origin::Immortal,
        "mochi.union.get"
        | "mochi.option.get"
        | "mochi.any.unwrap"
        | "mochi.closure.capture"
        | "mochi.closure.current" => Origin::Part,
        _ if op.has_attr("take") && slot_read(op).is_some() => Origin::Owned,
        _ if slot_read(op).is_some() => Origin::Slot,
        name => match op_info(name).map(|info| info.result_ownership) {
            Some(ResultOwnership::Owned) => Origin::Owned,
            Some(ResultOwnership::Scalar) => Origin::Immortal,
            _ => Origin::Unknown,
        },
    }
}

/// A kind of memory place that owns a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot<'c> {
    /// An element of lists of this type.
    Element(Type<'c>),
    /// A value of maps of this type.
    MapValue(Type<'c>),
    /// A field of records of this type.
    Field(Type<'c>, &'c str),
    /// The content of cells of this type.
    Cell(Type<'c>),
    /// A module variable.
    Global(&'c str),
}

/// The slot that the operation reads its result from.
pub fn slot_read<'c>(op: Op<'c>) -> Option<Slot<'c>> {
    slot_of(op, &["mochi.list.get", "mochi.map.get", "mochi.record.get", "mochi.cell.get"], "mochi.global.load")
}

/// The slot that the operation overwrites, whatever its type.
pub fn slot_written<'c>(op: Op<'c>) -> Option<Slot<'c>> {
    slot_of(op, &["mochi.list.set", "mochi.map.set", "mochi.record.set", "mochi.cell.set"], "mochi.global.store")
}

fn slot_of<'c>(op: Op<'c>, names: &[&str; 4], global: &str) -> Option<Slot<'c>> {
    let name = op.name();
    if name == global {
        return Some(Slot::Global(op.attr("global")?.as_symbol()?));
    }
    let which = names.iter().position(|candidate| *candidate == name)?;
    let owner = op.operand(0).ty();
    Some(match which {
        0 => Slot::Element(owner),
        1 => Slot::MapValue(owner),
        2 => Slot::Field(owner, op.attr("field")?.as_str()?),
        _ => Slot::Cell(owner),
    })
}

/// A set of slot kinds, or all of them.
#[derive(Clone, Debug, Default)]
pub struct SlotSet<'c> {
    everything: bool,
    slots: HashSet<Slot<'c>>,
}

impl<'c> SlotSet<'c> {
    fn all() -> Self {
        Self { everything: true, slots: HashSet::new() }
    }

    /// Whether the slot kind is in the set.
    pub fn contains(&self, slot: Slot<'c>) -> bool {
        self.everything || self.slots.contains(&slot)
    }

    /// Whether nothing is in the set.
    pub fn is_empty(&self) -> bool {
        !self.everything && self.slots.is_empty()
    }

    /// Adds another set; says whether that changed anything.
    fn merge(&mut self, other: &SlotSet<'c>) -> bool {
        if self.everything {
            return false;
        }
        if other.everything {
            *self = Self::all();
            return true;
        }
        let before = self.slots.len();
        self.slots.extend(other.slots.iter().copied());
        self.slots.len() != before
    }
}

/// For every function of a module, the slots that calling it may overwrite.
pub struct Effects<'c> {
    functions: HashMap<&'c str, SlotSet<'c>>,
}

impl<'c> Effects<'c> {
    /// Computes the effects of all functions by iteration up to the least fixed point.
    pub fn of_module(module: Op<'c>) -> Self {
        let mut bodies: Vec<(&'c str, Op<'c>)> = Vec::new();
        walk_ops(module, |op| {
            if op.is("func.func")
                && let Some(name) = op.attr("sym_name").and_then(|a| a.as_str())
            {
                bodies.push((name, op));
            }
        });
        let mut effects = Self {
            functions: bodies
                .iter()
                .map(|(name, op)| {
                    let external = op.region(0).is_empty();
                    (*name, if external { SlotSet::all() } else { SlotSet::default() })
                })
                .collect(),
        };
        let mut direct: Vec<(&'c str, SlotSet<'c>, Vec<&'c str>)> = Vec::new();
        for (name, op) in bodies {
            let (set, callees) = effects.direct(op);
            direct.push((name, set, callees));
        }
        let mut changed = true;
        while changed {
            changed = false;
            for (name, set, callees) in &direct {
                let mut total = effects.functions.remove(name).unwrap_or_default();
                changed |= total.merge(set);
                for callee in callees {
                    if *callee == *name {
                        continue;
                    }
                    match effects.functions.get(callee) {
                        Some(of_callee) => changed |= total.merge(of_callee),
                        None => changed |= total.merge(&SlotSet::all()),
                    }
                }
                effects.functions.insert(name, total);
            }
        }
        effects
    }

    /// What a function does by itself, and whom it calls.
    fn direct(&self, function: Op<'c>) -> (SlotSet<'c>, Vec<&'c str>) {
        let mut set = SlotSet::default();
        let mut callees = Vec::new();
        walk_ops(function, |op| {
            if op.is("func.call") {
                match callee(op) {
                    Some(name) => callees.push(name),
                    None => set = SlotSet::all(),
                }
            } else if let Some(of_op) = own_overwrites(op) {
                set.merge(&of_op);
            }
        });
        (set, callees)
    }

    /// Whether running the operation, with everything nested in it, may overwrite the slot.
    pub fn may_overwrite(&self, op: Op<'c>, slot: Slot<'c>) -> bool {
        let mut found = false;
        op.walk(WalkOrder::PreOrder, |inner| {
            if self.overwrites_itself(inner, slot) {
                found = true;
                return WalkResult::Interrupt;
            }
            WalkResult::Advance
        });
        found
    }

    /// The same for the operation alone, without its regions.
    pub fn overwrites_itself(&self, op: Op<'c>, slot: Slot<'c>) -> bool {
        if op.is("func.call") {
            return match callee(op).and_then(|name| self.functions.get(name)) {
                Some(set) => set.contains(slot),
                None => true,
            };
        }
        own_overwrites(op).is_some_and(|set| set.contains(slot))
    }

    /// Whether running the operation may run code of the user's program.
    pub fn runs_user_code(op: Op) -> bool {
        op.is("func.call") || op.is("mochi.closure.call")
    }
}

fn callee<'c>(call: Op<'c>) -> Option<&'c str> {
    call.attr("callee")?.as_symbol()
}

/// The slots of counted content that the operation itself overwrites; calls of known functions are
/// not looked into.
fn own_overwrites<'c>(op: Op<'c>) -> Option<SlotSet<'c>> {
    if let Some(slot) = slot_written(op) {
        let value = op.operand(stored_operand(op)?).ty();
        return is_counted(value).then(|| SlotSet { everything: false, slots: HashSet::from([slot]) });
    }
    match op.name() {
        "mochi.global.clear" => {
            let slot = Slot::Global(op.attr("global")?.as_symbol()?);
            Some(SlotSet { everything: false, slots: HashSet::from([slot]) })
        }
        "mochi.closure.call" | "mochi.any.set_index" | "mochi.any.set_field" => Some(SlotSet::all()),
        // A runtime function may change the collections that it is given.
        "mochi.builtin" => {
            let slots: HashSet<_> = op
                .operands()
                .flat_map(|operand| {
                    let ty = operand.ty();
                    if ty.list_element().is_some() {
                        Some(Slot::Element(ty))
                    } else if ty.map_parts().is_some() {
                        Some(Slot::MapValue(ty))
                    } else {
                        None
                    }
                })
                .collect();
            let any = op.operands().any(|operand| operand.ty().is_any());
            if any {
                return Some(SlotSet::all());
            }
            (!slots.is_empty()).then_some(SlotSet { everything: false, slots })
        }
        _ => None,
    }
}

/// The number of the operand that a store puts into the slot.
pub fn stored_operand(op: Op) -> Option<usize> {
    match op.name() {
        "mochi.list.set" | "mochi.map.set" => Some(2),
        "mochi.record.set" | "mochi.cell.set" => Some(1),
        "mochi.global.store" => Some(0),
        _ => None,
    }
}

/// The number of the operand that loads and stores find their slot in, if it is in an object.
pub fn has_owner(op: Op) -> bool {
    !(op.is("mochi.global.load") || op.is("mochi.global.store"))
}
