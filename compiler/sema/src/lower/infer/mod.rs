//! Type slots: what is known so far about the type of each variable, parameter, element and result.
//!
//! Inference is a fixpoint over whole-program walks. A *slot* has a content that only ever rises in a small lattice
//! (unknown < concrete < `any`, `int` < `float`) and a nullability. Values *flow* into slots (scalars are joined, so a slot
//! may be wider than what flows in), while containers have reference semantics and are therefore *unified*: all places that
//! may see the same list share one element slot. Containers are separate nodes (`Obj`) so that what a literal turns out to be
//! (record or map) is decided once for everything that may hold it.

mod defaults;

use super::origin::{Cause, Origin, Reason, Reasons, Sight};
use crate::ty::{RecordId, UnionId};
use mochi_diagnostics::Span;
use mochi_syntax::Symbol;
use std::collections::{HashMap, HashSet};

/// Index of a type slot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Slot(pub u32);

/// Index of a container or function type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Obj(pub u32);

/// What a slot holds, apart from null.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Content {
    /// Nothing known yet.
    Bot,
    /// The result of a reported mistake; fits everything.
    Poison,
    Unit,
    Int,
    Float,
    Bool,
    Str,
    BigInt,
    BigRat,
    Any,
    Record(RecordId),
    Union(UnionId),
    Obj(Obj),
}

/// Whether a slot may hold null.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Null {
    No,
    /// Possibly missing (a map entry): does not make annotated slots nullable, it is unwrapped there.
    Soft,
    /// Null was written or tested for.
    Hard,
}

#[derive(Clone, Copy, Debug)]
struct SlotNode {
    parent: u32,
    content: Content,
    null: Null,
    /// Written in the program: the content does not change.
    rigid: bool,
    /// Values of both `int` and `float` arrive here.
    mixed: bool,
    /// Why the content is `any`; without meaning otherwise.
    origin: Origin,
    /// Where the content came from.
    seen: Span,
    /// Part of a container that dynamic code sees.
    exposed: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    List(Slot),
    Map(Slot, Slot),
    /// Fields sorted by name.
    Rec(Vec<(Symbol, Slot)>),
    Fn(Vec<Slot>, Slot),
}

#[derive(Clone, Debug)]
struct ObjNode {
    parent: u32,
    shape: Shape,
    rigid: bool,
}

impl Slot {
    pub const UNIT: Slot = Slot(0);
    pub const INT: Slot = Slot(1);
    pub const FLOAT: Slot = Slot(2);
    pub const BOOL: Slot = Slot(3);
    pub const STR: Slot = Slot(4);
    pub const BIGINT: Slot = Slot(5);
    pub const BIGRAT: Slot = Slot(6);
    pub const ANY: Slot = Slot(7);
    pub const POISON: Slot = Slot(8);
}

/// The constant slots above; they never change.
const CONSTANTS: [Content; 9] = [
    Content::Unit,
    Content::Int,
    Content::Float,
    Content::Bool,
    Content::Str,
    Content::BigInt,
    Content::BigRat,
    Content::Any,
    Content::Poison,
];

/// All slots and containers of one inference run.
#[derive(Debug)]
pub struct Table {
    slots: Vec<SlotNode>,
    objs: Vec<ObjNode>,
    /// Slots and containers below these existed before the current walk; changes of them call for another walk.
    slot_mark: u32,
    obj_mark: u32,
    pub changed: bool,
    /// Nesting of the unification that is going on.
    depth: u32,
    /// The containers that it is inside of.
    pending: Vec<(Obj, Obj)>,
    /// The part of the program that is being looked at.
    pub site: Span,
    reasons: Reasons,
}

/// Nesting of types beyond which unification gives up (recursive structural types).
const DEPTH_LIMIT: u32 = 64;

impl Default for Table {
    fn default() -> Self {
        let slots = CONSTANTS
            .iter()
            .enumerate()
            .map(|(index, &content)| SlotNode {
                parent: index as u32,
                content,
                null: Null::No,
                rigid: true,
                mixed: false,
                origin: Origin::DERIVED,
                seen: Span::default(),
                exposed: false,
            })
            .collect();
        Table {
            slots,
            objs: Vec::new(),
            slot_mark: 0,
            obj_mark: 0,
            changed: false,
            depth: 0,
            pending: Vec::new(),
            site: Span::default(),
            reasons: Reasons::default(),
        }
    }
}

impl Table {
    pub fn begin_walk(&mut self) {
        self.slot_mark = self.slots.len() as u32;
        self.obj_mark = self.objs.len() as u32;
        self.changed = false;
    }

    pub fn fresh(&mut self) -> Slot {
        self.make(Content::Bot, Null::No, false)
    }

    pub fn make(&mut self, content: Content, null: Null, rigid: bool) -> Slot {
        let index = self.slots.len() as u32;
        let (origin, seen) = (Origin::DERIVED, self.site);
        self.slots.push(SlotNode { parent: index, content, null, rigid, mixed: false, origin, seen, exposed: false });
        Slot(index)
    }

    /// A fresh slot that is `any` for a reason that lies in the place at hand.
    pub fn introduce(&mut self, cause: Cause) -> Slot {
        let origin = self.reasons.add(cause, self.site);
        let slot = self.make(Content::Any, Null::No, true);
        self.slots[slot.0 as usize].origin = origin;
        slot
    }

    /// A fresh slot that is `any` because the program says so.
    pub fn declared_any(&mut self) -> Slot {
        let slot = self.make(Content::Any, Null::No, true);
        self.slots[slot.0 as usize].origin = Origin::DECLARED;
        slot
    }

    fn copy(&mut self, node: SlotNode, null: Null, rigid: bool) -> Slot {
        let slot = self.make(node.content, null, rigid);
        let copy = &mut self.slots[slot.0 as usize];
        (copy.origin, copy.seen) = (node.origin, node.seen);
        slot
    }

    /// Why a slot is `any`.
    pub fn origin(&mut self, slot: Slot) -> Origin {
        self.node(slot).origin
    }

    /// Dynamic code sees the container that the slot is a part of.
    pub fn is_exposed(&mut self, slot: Slot) -> bool {
        self.node(slot).exposed
    }

    pub fn reason(&self, origin: Origin) -> Option<Reason> {
        self.reasons.get(origin)
    }

    /// Makes a slot `any` for a reason that lies in the place at hand.
    pub fn make_any(&mut self, slot: Slot, cause: Cause) {
        if self.content(slot) != Content::Any {
            let origin = self.reasons.add(cause, self.site);
            self.set_any(slot, origin);
        }
    }

    fn set_any(&mut self, slot: Slot, origin: Origin) {
        let before = self.content(slot);
        self.set_content(slot, Content::Any);
        if before != Content::Any && self.content(slot) == Content::Any {
            let root = self.find(slot);
            self.slots[root.0 as usize].origin = origin;
        }
    }

    pub fn make_obj(&mut self, shape: Shape, rigid: bool) -> Obj {
        let index = self.objs.len() as u32;
        self.objs.push(ObjNode { parent: index, shape, rigid });
        Obj(index)
    }

    /// A fresh flexible slot that holds a new container.
    pub fn container(&mut self, shape: Shape) -> Slot {
        let obj = self.make_obj(shape, false);
        self.make(Content::Obj(obj), Null::No, false)
    }

    pub fn list_of(&mut self, element: Slot) -> Slot {
        self.container(Shape::List(element))
    }

    /// A fresh slot with this content, for use inside a container.
    pub fn fresh_with(&mut self, content: Content) -> Slot {
        self.make(content, Null::No, false)
    }

    /// A fresh slot with the same content, at least as nullable as `null`.
    pub fn nullable_copy(&mut self, slot: Slot, null: Null) -> Slot {
        let node = self.node(slot);
        self.copy(node, node.null.max(null), false)
    }

    /// A fresh slot with the same content, without null.
    pub fn non_null_copy(&mut self, slot: Slot) -> Slot {
        let node = self.node(slot);
        self.copy(node, Null::No, false)
    }

    /// A slot with the same content that does not change: for values that must fit this type here, and only here.
    pub fn fixed_copy(&mut self, slot: Slot, null: Null) -> Slot {
        let node = self.node(slot);
        self.copy(node, null, true)
    }

    /// A copy to the last part that does not change; what is unknown is `any`.
    pub fn frozen_copy(&mut self, slot: Slot, copies: &mut HashMap<Obj, Obj>) -> Slot {
        let node = self.node(slot);
        let content = match self.content(slot) {
            Content::Bot => {
                let origin = self.reasons.add(Cause::Undetermined, self.site);
                return self.copy(SlotNode { content: Content::Any, origin, ..node }, node.null, true);
            }
            Content::Poison => Content::Any,
            Content::Obj(obj) => Content::Obj(self.frozen_obj(obj, copies)),
            content => content,
        };
        self.copy(SlotNode { content, ..node }, node.null, true)
    }

    fn frozen_obj(&mut self, obj: Obj, copies: &mut HashMap<Obj, Obj>) -> Obj {
        let root = self.find_obj(obj);
        if let Some(&copy) = copies.get(&root) {
            return copy;
        }
        let shape = self.shape(root);
        let copy = self.make_obj(shape.clone(), true);
        copies.insert(root, copy);
        let shape = match shape {
            Shape::List(element) => Shape::List(self.frozen_copy(element, copies)),
            Shape::Map(key, value) => Shape::Map(self.frozen_copy(key, copies), self.frozen_copy(value, copies)),
            Shape::Rec(fields) => {
                let fields = fields.into_iter().map(|(name, slot)| (name, self.frozen_copy(slot, copies)));
                Shape::Rec(fields.collect())
            }
            Shape::Fn(params, result) => {
                let params = params.into_iter().map(|param| self.frozen_copy(param, copies)).collect();
                Shape::Fn(params, self.frozen_copy(result, copies))
            }
        };
        self.objs[copy.0 as usize].shape = shape;
        copy
    }

    pub fn find(&mut self, slot: Slot) -> Slot {
        let mut root = slot.0;
        while self.slots[root as usize].parent != root {
            root = self.slots[root as usize].parent;
        }
        let mut index = slot.0;
        while self.slots[index as usize].parent != root {
            index = std::mem::replace(&mut self.slots[index as usize].parent, root);
        }
        Slot(root)
    }

    fn node(&mut self, slot: Slot) -> SlotNode {
        let root = self.find(slot);
        self.slots[root.0 as usize]
    }

    pub fn find_obj(&mut self, obj: Obj) -> Obj {
        let mut root = obj.0;
        while self.objs[root as usize].parent != root {
            root = self.objs[root as usize].parent;
        }
        let mut index = obj.0;
        while self.objs[index as usize].parent != root {
            index = std::mem::replace(&mut self.objs[index as usize].parent, root);
        }
        Obj(root)
    }

    pub fn content(&mut self, slot: Slot) -> Content {
        match self.node(slot).content {
            Content::Obj(obj) => Content::Obj(self.find_obj(obj)),
            content => content,
        }
    }

    pub fn null(&mut self, slot: Slot) -> Null {
        self.node(slot).null
    }

    /// The slot is `float` only because both `int` and `float` values arrive.
    pub fn is_mixed(&mut self, slot: Slot) -> bool {
        self.node(slot).mixed
    }

    pub fn is_rigid(&mut self, slot: Slot) -> bool {
        self.node(slot).rigid
    }

    pub fn shape(&mut self, obj: Obj) -> Shape {
        let root = self.find_obj(obj);
        self.objs[root.0 as usize].shape.clone()
    }

    pub fn obj_is_rigid(&mut self, obj: Obj) -> bool {
        let root = self.find_obj(obj);
        self.objs[root.0 as usize].rigid
    }

    /// The container in a slot.
    pub fn shape_of(&mut self, slot: Slot) -> Option<Shape> {
        match self.content(slot) {
            Content::Obj(obj) => Some(self.shape(obj)),
            _ => None,
        }
    }

    pub fn element(&mut self, slot: Slot) -> Option<Slot> {
        match self.shape_of(slot) {
            Some(Shape::List(element)) => Some(element),
            _ => None,
        }
    }

    /// Raises the content; rigid slots and constants keep theirs.
    pub fn set_content(&mut self, slot: Slot, content: Content) {
        let root = self.find(slot);
        let node = &mut self.slots[root.0 as usize];
        if node.content == content || (node.rigid && node.content != Content::Bot) {
            return;
        }
        node.content = content;
        node.seen = self.site;
        if root.0 < self.slot_mark {
            self.changed = true;
        }
    }

    pub fn set_null(&mut self, slot: Slot, null: Null) {
        let root = self.find(slot);
        if (root.0 as usize) < CONSTANTS.len() {
            return;
        }
        let node = &mut self.slots[root.0 as usize];
        if node.null >= null {
            return;
        }
        node.null = null;
        if root.0 < self.slot_mark {
            self.changed = true;
        }
    }

    /// The least scalar type that holds both, `any` when there is none below.
    pub fn join_scalars(a: Content, b: Content) -> Content {
        use Content::*;
        match (a, b) {
            (x, y) if x == y => x,
            (Bot | Poison, x) | (x, Bot | Poison) => x,
            (Int, Float) | (Float, Int) => Float,
            (Int, BigInt) | (BigInt, Int) => BigInt,
            (Int | BigInt, BigRat) | (BigRat, Int | BigInt) => BigRat,
            _ => Any,
        }
    }

    /// A value of type `from` is stored in `to`.
    pub fn flow(&mut self, from: Slot, to: Slot) {
        let (from_root, to_root) = (self.find(from), self.find(to));
        if from_root == to_root {
            return;
        }
        let (source, target) = (self.node(from_root), self.node(to_root));
        if source.null == Null::Hard || (source.null == Null::Soft && !target.rigid) {
            self.set_null(to, source.null);
        }
        match (source.content, target.content) {
            (Content::Unit, Content::Bot) => self.set_null(to, Null::Hard),
            (Content::Unit, _) => self.set_null(to, Null::Hard),
            (Content::Bot | Content::Poison, _) => {}
            (Content::Any, Content::Bot | Content::Poison) => self.set_any(to, source.origin),
            (content, Content::Bot | Content::Poison) => self.set_content(to, content),
            (Content::Obj(a), Content::Obj(b)) => {
                if !self.unify_objs(a, b) && !target.rigid && !self.convertible(a, b) {
                    self.make_any(to, Cause::Mixed((target.content, target.seen), (source.content, self.site)));
                }
            }
            (a, b) if a == b => {}
            (Content::Obj(obj), Content::Any) => self.make_dynamic(obj),
            (a, b) => {
                if !target.rigid {
                    if matches!((a, b), (Content::Int, Content::Float) | (Content::Float, Content::Int)) {
                        self.slots[to_root.0 as usize].mixed = true;
                    }
                    match Self::join_scalars(a, b) {
                        Content::Any if a == Content::Any => self.set_any(to, source.origin),
                        Content::Any => self.make_any(to, Cause::Mixed((b, target.seen), (a, self.site))),
                        join => self.set_content(to, join),
                    }
                }
            }
        }
    }

    /// True if a copy of `from` with converted elements can serve as `to`.
    fn convertible(&mut self, from: Obj, to: Obj) -> bool {
        match (self.shape(from), self.shape(to)) {
            (Shape::List(a), Shape::List(b)) => {
                let (a, b) = (self.content(a), self.content(b));
                Self::join_scalars(a, b) == b && !matches!(a, Content::Obj(_))
            }
            (Shape::Map(k, a), Shape::Map(l, b)) => {
                let (k, l) = (self.content(k), self.content(l));
                let (a, b) = (self.content(a), self.content(b));
                k == l && Self::join_scalars(a, b) == b && !matches!(a, Content::Obj(_))
            }
            _ => false,
        }
    }

    fn union_slots(&mut self, a: Slot, b: Slot, content: Content, null: Null) {
        let (a, b) = (self.find(a), self.find(b));
        let (root, child) = if a.0 <= b.0 { (a, b) } else { (b, a) };
        let rigid = self.slots[a.0 as usize].rigid || self.slots[b.0 as usize].rigid;
        for side in [root, child] {
            let node = &self.slots[side.0 as usize];
            if side.0 < self.slot_mark && (node.content != content || node.null != null) {
                self.changed = true;
            }
        }
        self.slots[child.0 as usize].parent = root.0;
        let (seen, mut origin) = self.common_origin(root, child);
        let exposed = self.slots[a.0 as usize].exposed || self.slots[b.0 as usize].exposed;
        if content == Content::Any && origin.is_none() {
            let [first, second] = [root, child].map(|side| {
                let node = &self.slots[side.0 as usize];
                (node.content, node.seen)
            });
            origin = Some(self.reasons.add(Cause::Mixed(first, second), self.site));
        }
        let node = &mut self.slots[root.0 as usize];
        node.content = content;
        node.null = null;
        node.rigid = rigid;
        node.seen = seen;
        node.exposed = exposed;
        node.origin = origin.unwrap_or(Origin::DERIVED);
    }

    /// Where the content of two slots that become one was seen first, and why one of them is `any` if one is.
    fn common_origin(&self, root: Slot, child: Slot) -> (Span, Option<Origin>) {
        let (root, child) = (&self.slots[root.0 as usize], &self.slots[child.0 as usize]);
        let known = !matches!(root.content, Content::Bot | Content::Poison);
        let seen = if known { root.seen } else { child.seen };
        let origin = match (root.content == Content::Any, child.content == Content::Any) {
            (true, true) => Some(root.origin.common(child.origin)),
            (true, false) => Some(root.origin),
            (false, true) => Some(child.origin),
            (false, false) => None,
        };
        (seen, origin)
    }

    /// Makes two slots one. False (and both stay apart) when the program fixes them differently.
    pub fn unify(&mut self, a: Slot, b: Slot) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return true;
        }
        let (left, right) = (self.node(a), self.node(b));
        if (a.0 as usize) < CONSTANTS.len() || (b.0 as usize) < CONSTANTS.len() {
            // Constants stay alone: the other side takes the value.
            let (constant, other) = if (a.0 as usize) < CONSTANTS.len() { (a, b) } else { (b, a) };
            self.flow(constant, other);
            return self.content(constant) == self.content(other);
        }
        let content = match (left.content, right.content) {
            (x, y) if x == y => x,
            (Content::Bot | Content::Poison, x) | (x, Content::Bot | Content::Poison) => x,
            (Content::Obj(x), Content::Obj(y)) => {
                if self.depth > DEPTH_LIMIT {
                    return false;
                }
                if self.unify_objs(x, y) {
                    Content::Obj(self.find_obj(x))
                } else if left.rigid || right.rigid {
                    return false;
                } else {
                    Content::Any
                }
            }
            (Content::Obj(obj), Content::Any) | (Content::Any, Content::Obj(obj))
                if ![left, right].iter().any(|node| node.rigid && node.content == Content::Obj(obj)) =>
            {
                self.make_dynamic(obj);
                Content::Any
            }
            (x, y) => {
                let join = Self::join_scalars(x, y);
                if (left.rigid && join != x) || (right.rigid && join != y) {
                    return false;
                }
                join
            }
        };
        // Unifying the parts may have united these two already.
        let (left, right) = (self.node(a), self.node(b));
        let null = match (left.rigid, right.rigid) {
            (true, false) if right.null == Null::Soft => left.null,
            (false, true) if left.null == Null::Soft => right.null,
            _ => left.null.max(right.null),
        };
        if self.find(a) != self.find(b) {
            self.union_slots(a, b, content, null);
        }
        true
    }

    pub fn unify_objs(&mut self, a: Obj, b: Obj) -> bool {
        let (a, b) = (self.find_obj(a), self.find_obj(b));
        if a == b {
            return true;
        }
        if self.depth > DEPTH_LIMIT {
            return false;
        }
        if self.pending.contains(&(a, b)) || self.pending.contains(&(b, a)) {
            // Types that contain themselves: equal if everything else about them is.
            return true;
        }
        self.depth += 1;
        self.pending.push((a, b));
        let united = self.unify_shapes(a, b);
        self.pending.pop();
        self.depth -= 1;
        if united {
            let (a, b) = (self.find_obj(a), self.find_obj(b));
            if a != b {
                let (root, child) = if a.0 <= b.0 { (a, b) } else { (b, a) };
                let rigid = self.objs[a.0 as usize].rigid || self.objs[b.0 as usize].rigid;
                self.objs[child.0 as usize].parent = root.0;
                self.objs[root.0 as usize].rigid = rigid;
            }
        }
        united
    }

    fn unify_shapes(&mut self, a: Obj, b: Obj) -> bool {
        match (self.shape(a), self.shape(b)) {
            (Shape::List(x), Shape::List(y)) => self.unify(x, y),
            (Shape::Map(k, v), Shape::Map(l, w)) => self.unify_keys(k, l) && self.unify(v, w),
            (Shape::Rec(fields), Shape::Rec(others)) => {
                let same = fields.len() == others.len() && fields.iter().zip(&others).all(|(x, y)| x.0 == y.0);
                if same {
                    let mut united = true;
                    for (x, y) in fields.iter().zip(&others) {
                        united &= self.unify(x.1, y.1);
                    }
                    return united;
                }
                if self.obj_is_rigid(a) || self.obj_is_rigid(b) {
                    return false;
                }
                self.demote(a);
                self.demote(b);
                self.unify_shapes(a, b)
            }
            (Shape::Rec(_), Shape::Map(..)) => self.demote(a) && self.unify_shapes(a, b),
            (Shape::Map(..), Shape::Rec(_)) => self.demote(b) && self.unify_shapes(a, b),
            (Shape::Fn(params, result), Shape::Fn(others, other)) => {
                let mut united = params.len() == others.len();
                if united {
                    for (x, y) in params.iter().zip(&others) {
                        united &= self.unify(*x, *y);
                    }
                    united &= self.unify(result, other);
                }
                united
            }
            _ => false,
        }
    }

    /// Map keys: an `int` key and a `string` key of the same map both become strings.
    fn unify_keys(&mut self, a: Slot, b: Slot) -> bool {
        match (self.content(a), self.content(b)) {
            (Content::Int, Content::Str) if !self.is_rigid(a) => self.set_content(a, Content::Str),
            (Content::Str, Content::Int) if !self.is_rigid(b) => self.set_content(b, Content::Str),
            _ => {}
        }
        self.unify(a, b)
    }

    /// Turns a structural record into a map with string keys. False for records whose type is written in the program.
    pub fn demote(&mut self, obj: Obj) -> bool {
        let root = self.find_obj(obj);
        let Shape::Rec(fields) = self.shape(root) else { return true };
        if self.obj_is_rigid(root) {
            return false;
        }
        let key = self.make(Content::Str, Null::No, false);
        let value = self.fresh();
        // `1` and `2.5` in one map keep their kinds: they print differently.
        let mut kinds: Vec<Sight> = Vec::new();
        for (_, field) in &fields {
            let content = self.content(*field);
            if matches!(content, Content::Int | Content::Float) && kinds.iter().all(|kind| kind.0 != content) {
                kinds.push((content, self.node(*field).seen));
            }
        }
        if let [first, second] = kinds[..] {
            self.make_any(value, Cause::Mixed(first, second));
        }
        let outer = self.site;
        for (_, field) in fields {
            self.site = self.node(field).seen;
            self.flow(field, value);
        }
        self.site = outer;
        self.objs[root.0 as usize].shape = Shape::Map(key, value);
        if root.0 < self.obj_mark {
            self.changed = true;
        }
        true
    }

    /// A container that dynamic code may see: literals in it must behave as the maps they look like.
    pub fn make_dynamic(&mut self, obj: Obj) {
        let mut seen = HashSet::new();
        let mut work = vec![obj];
        while let Some(obj) = work.pop() {
            let obj = self.find_obj(obj);
            if !seen.insert(obj) || matches!(self.shape(obj), Shape::Fn(..)) {
                continue;
            }
            let literal = matches!(self.shape(obj), Shape::Rec(_));
            let parts = self.parts(obj);
            self.demote(obj);
            if let (true, Shape::Map(_, value)) = (literal, self.shape(obj)) {
                // Dynamic code may put anything into it.
                self.set_any(value, Origin::DERIVED);
            }
            for part in parts.into_iter().chain(self.parts(obj)) {
                let root = self.find(part);
                self.slots[root.0 as usize].exposed = true;
                if let Content::Obj(inner) = self.content(part) {
                    work.push(inner);
                }
            }
        }
    }

    pub fn parts(&mut self, obj: Obj) -> Vec<Slot> {
        match self.shape(obj) {
            Shape::List(element) => vec![element],
            Shape::Map(key, value) => vec![key, value],
            Shape::Rec(fields) => fields.into_iter().map(|(_, slot)| slot).collect(),
            Shape::Fn(mut params, result) => {
                params.push(result);
                params
            }
        }
    }

    /// Some part of the type that the program does not fix became wider than each of the values in it.
    pub fn is_widened(&mut self, slot: Slot) -> bool {
        let mut seen = HashSet::new();
        let mut work = vec![slot];
        while let Some(slot) = work.pop() {
            if self.is_rigid(slot) {
                continue;
            }
            match self.content(slot) {
                Content::Any => return true,
                _ if self.is_mixed(slot) => return true,
                Content::Obj(obj) => {
                    let obj = self.find_obj(obj);
                    if seen.insert(obj) {
                        work.extend(self.parts(obj));
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// True if the type is known to its last part.
    pub fn is_known(&mut self, slot: Slot) -> bool {
        let mut seen = HashSet::new();
        let mut work = vec![slot];
        while let Some(slot) = work.pop() {
            match self.content(slot) {
                Content::Bot => return false,
                Content::Obj(obj) => {
                    let obj = self.find_obj(obj);
                    if seen.insert(obj) {
                        work.extend(self.parts(obj));
                    }
                }
                _ => {}
            }
        }
        true
    }
}
