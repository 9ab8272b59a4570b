//! Which types' objects can refer to themselves in a circle, in this program.
//!
//! The whole program is known, so the question has a sharp answer. Types form a graph: from a container to what its
//! slots may hold (from a function type to what its closures capture, from `any` to what is boxed somewhere). Objects
//! can only be arranged in a circle where types are: within a strongly connected component.
//!
//! But building a value never closes a circle: what goes into a new record, variant, list, map or closure was there
//! before it. So does `append`, whose result is a new list even where it takes over the memory of the old one. Only a
//! *late store*, into an object that exists, can: an assignment to a field, an element, a map entry or a captured
//! variable. A component is cyclic if one of its types is stored late into another one of it. Trees and lists that
//! programs build and never change are not, however recursive their types.
//!
//! For a late store counts what is stored, not the type of the slot: `m["n"] = 1` in a map of `any` stores an int.

use std::collections::{HashMap, HashSet};

use mochi_dialects::ir::{Attribute, Op, Type, TypeKind, Value};
use mochi_dialects::mochi::{ClosureNew, RecordType, UnionType};

use super::structure::walk_ops;

/// The answer for one module.
pub struct Cycles<'c> {
    component: HashMap<Type<'c>, usize>,
    cyclic: HashSet<Type<'c>>,
}

impl<'c> Cycles<'c> {
    /// Reads type definitions, closures, boxes and stores of a module, all of them still operations of the dialect.
    pub fn of_module(module: Op<'c>) -> Self {
        let mut graph = Graph::new(module);
        graph.expand();
        let component = graph.components();
        let mut cyclic_components = HashSet::new();
        for (container, stored) in graph.late_stores() {
            if component.get(&container).is_some_and(|c| component.get(&stored) == Some(c)) {
                cyclic_components.extend(component.get(&container).copied());
            }
        }
        let in_cycle = |ty: &&Type<'c>| cyclic_components.contains(&component[*ty]);
        let mut cyclic: HashSet<Type<'c>> = component.keys().filter(in_cycle).copied().collect();
        complete(&mut cyclic, component.keys().copied());
        Cycles { component, cyclic }
    }

    /// Whether no object of the program can be part of a cycle.
    pub fn is_empty(&self) -> bool {
        self.cyclic.is_empty()
    }

    /// Whether objects of the type can be part of a cycle. Options are as their payloads.
    pub fn contain(&self, ty: Type<'c>) -> bool {
        object_type(ty).is_some_and(|ty| self.cyclic.contains(&ty))
    }

    /// Whether closures can be part of a cycle.
    pub fn contain_closures(&self) -> bool {
        self.cyclic.iter().any(|ty| ty.is_fn())
    }

    /// Whether each of two types can be reached from the other: destroying an object of one may then destroy one of the
    /// other, and so on without end.
    pub fn are_mutual(&self, a: Type<'c>, b: Type<'c>) -> bool {
        let component = |ty| object_type(ty).and_then(|ty| self.component.get(&ty));
        component(a).is_some() && component(a) == component(b)
    }
}

/// What the runtime cannot tell apart is cyclic together: closures of any type, which may be seen through other
/// function types, and the containers that it makes itself.
fn complete<'c>(cyclic: &mut HashSet<Type<'c>>, all: impl Iterator<Item = Type<'c>>) {
    if cyclic.is_empty() {
        return;
    }
    let closures = cyclic.iter().any(|ty| ty.is_fn());
    cyclic.extend(all.filter(|ty| is_container_of_any(*ty) || closures && ty.is_fn()));
}

/// Types of which the runtime makes objects on its own.
fn is_container_of_any(ty: Type) -> bool {
    match ty.kind() {
        TypeKind::List(element) => element.is_any(),
        TypeKind::Map(key, value) => key.is_str() && value.is_any(),
        _ => false,
    }
}

/// The type of the object that a slot of a type refers to; `any` stands for itself. `None` for what refers to nothing
/// that could refer to something.
fn object_type(ty: Type) -> Option<Type> {
    match ty.kind() {
        TypeKind::Option(payload) => object_type(payload),
        TypeKind::List(_)
        | TypeKind::Map(..)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Fn(_)
        | TypeKind::Cell(_)
        | TypeKind::Any => Some(ty),
        _ => None,
    }
}

/// A store into an object that exists.
struct LateStore<'c> {
    /// `None` for operations on `any`, whose container is known at run time only.
    container: Option<Type<'c>>,
    stored: Type<'c>,
}

#[derive(Default)]
struct Graph<'c> {
    /// Field types of records and unions, by symbol.
    fields: HashMap<&'c str, Vec<Type<'c>>>,
    /// Captured types, by function type.
    captures: HashMap<Type<'c>, Vec<Type<'c>>>,
    /// What is boxed as `any`.
    boxed: HashSet<Type<'c>>,
    stores: Vec<LateStore<'c>>,
    edges: HashMap<Type<'c>, Vec<Type<'c>>>,
}

impl<'c> Graph<'c> {
    fn new(module: Op<'c>) -> Self {
        let mut graph = Graph::default();
        walk_ops(module, |op| graph.define(op));
        walk_ops(module, |op| graph.visit(op));
        graph
    }

    fn define(&mut self, op: Op<'c>) {
        if let Some(record) = RecordType::cast(op) {
            self.fields.insert(record.sym_name(), record.types());
        } else if let Some(union) = UnionType::cast(op) {
            let variants = union.field_types().as_array().unwrap_or_default();
            let types = variants.into_iter().flat_map(|types| types.as_array().unwrap_or_default());
            self.fields.insert(union.sym_name(), types.filter_map(Attribute::as_type).collect());
        }
    }

    fn visit(&mut self, op: Op<'c>) {
        for ty in op.results().chain(op.operands()).filter_map(|value| object_type(value.ty())) {
            self.edges.entry(ty).or_default();
        }
        let store = |container: Option<Value<'c>>, stored: Value<'c>| {
            let stored = source_type(stored)?;
            Some(LateStore { container: container.map(|value| value.ty()), stored })
        };
        let new = match op.name() {
            "mochi.record.set" | "mochi.cell.set" => vec![store(Some(op.operand(0)), op.operand(1))],
            "mochi.list.set" => vec![store(Some(op.operand(0)), op.operand(2))],
            "mochi.map.set" => [1, 2].map(|i| store(Some(op.operand(0)), op.operand(i))).into(),
            "mochi.any.set_field" => vec![store(None, op.operand(1))],
            "mochi.any.set_index" => [1, 2].map(|i| store(None, op.operand(i))).into(),
            _ => Vec::new(),
        };
        self.stores.extend(new.into_iter().flatten());
        if let Some(closure) = ClosureNew::cast(op) {
            let captured = self.captures.entry(op.result(0).ty()).or_default();
            captured.extend(closure.captures().iter().filter_map(|value| object_type(value.ty())));
        }
        let boxes = match op.name() {
            "mochi.any.wrap" | "mochi.any.set_field" | "mochi.any.set_index" => true,
            // What comes out may have been made of what went in, boxed.
            "mochi.cast" | "mochi.builtin" => op.results().any(|result| self.mentions_any(result.ty())),
            _ => false,
        };
        if boxes {
            self.boxed.extend(op.operands().filter_map(|value| object_type(value.ty())));
        }
    }

    /// Whether a value of the type may hold an `any`, other than through an `any` or a function.
    fn mentions_any(&self, ty: Type<'c>) -> bool {
        let mut seen = HashSet::new();
        let mut pending: Vec<Type> = object_type(ty).into_iter().collect();
        while let Some(ty) = pending.pop() {
            if ty.is_any() {
                return true;
            }
            if seen.insert(ty) && !ty.is_fn() {
                pending.extend(self.parts(ty));
            }
        }
        false
    }

    /// What the slots of an object of a type may refer to.
    fn parts(&self, ty: Type<'c>) -> Vec<Type<'c>> {
        let of = |types: &[Type<'c>]| types.iter().filter_map(|ty| object_type(*ty)).collect();
        match ty.kind() {
            TypeKind::List(element) => of(&[element]),
            TypeKind::Map(key, value) => of(&[key, value]),
            TypeKind::Cell(content) => of(&[content]),
            TypeKind::Record(sym) | TypeKind::Union(sym) => of(self.fields.get(sym).map_or(&[], Vec::as_slice)),
            TypeKind::Fn(_) => of(self.captures.get(&ty).map_or(&[], Vec::as_slice)),
            TypeKind::Any => {
                let own = self.edges.keys().copied().filter(|ty| is_container_of_any(*ty));
                self.boxed.iter().copied().chain(own).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Makes edges from every type that occurs, and those reached from them.
    fn expand(&mut self) {
        if let Some(any) = self.edges.keys().copied().find(|ty| ty.is_any()) {
            // The runtime makes these where a program computes with `any`.
            self.edges.entry(Type::list(any)).or_default();
            self.edges.entry(Type::map(Type::str(any.context()), any)).or_default();
        }
        let mut pending: Vec<Type> = self.edges.keys().copied().collect();
        pending.extend(self.boxed.iter().copied());
        let mut done = HashSet::new();
        while let Some(ty) = pending.pop() {
            if done.insert(ty) {
                let parts = self.parts(ty);
                pending.extend(parts.iter().copied());
                self.edges.insert(ty, parts);
            }
        }
    }

    /// Late stores as edges. One into a value of unknown type may go into any type that can be boxed.
    fn late_stores(&self) -> Vec<(Type<'c>, Type<'c>)> {
        let mut all = Vec::new();
        let mut unknown = None;
        for store in &self.stores {
            match store.container {
                Some(container) => all.push((container, store.stored)),
                None => {
                    let reachable = unknown.get_or_insert_with(|| self.reachable_from_any());
                    all.extend(reachable.iter().map(|container| (*container, store.stored)));
                }
            }
        }
        all
    }

    fn reachable_from_any(&self) -> HashSet<Type<'c>> {
        let mut seen = HashSet::new();
        let mut pending: Vec<Type> = self.edges.keys().copied().filter(|ty| ty.is_any()).collect();
        while let Some(ty) = pending.pop() {
            if seen.insert(ty) {
                pending.extend(self.edges.get(&ty).into_iter().flatten().copied());
            }
        }
        seen
    }

    /// The number of the strongly connected component of each type, by Tarjan's algorithm, without recursion.
    fn components(&self) -> HashMap<Type<'c>, usize> {
        let mut search = Search::default();
        for root in self.edges.keys() {
            search.visit(*root, &self.edges);
        }
        search.component
    }
}

#[derive(Default)]
struct Search<'c> {
    /// Order of discovery.
    number: HashMap<Type<'c>, usize>,
    /// The earliest type known to be reachable, by number.
    low: HashMap<Type<'c>, usize>,
    component: HashMap<Type<'c>, usize>,
    open: Vec<Type<'c>>,
}

impl<'c> Search<'c> {
    fn visit(&mut self, root: Type<'c>, edges: &HashMap<Type<'c>, Vec<Type<'c>>>) {
        // Types on the way, with the number of edges followed so far.
        let mut path: Vec<(Type<'c>, usize)> = Vec::new();
        if self.discover(root) {
            path.push((root, 0));
        }
        while let Some((ty, followed)) = path.pop() {
            let next = edges.get(&ty).and_then(|targets| targets.get(followed)).copied();
            if let Some(next) = next {
                path.push((ty, followed + 1));
                if self.discover(next) {
                    path.push((next, 0));
                } else if !self.component.contains_key(&next) {
                    self.lower(ty, self.number[&next]);
                }
                continue;
            }
            if self.low[&ty] == self.number[&ty] {
                let component = self.number[&ty];
                while let Some(member) = self.open.pop() {
                    self.component.insert(member, component);
                    if member == ty {
                        break;
                    }
                }
            }
            if let Some((parent, _)) = path.last() {
                self.lower(*parent, self.low[&ty]);
            }
        }
    }

    fn discover(&mut self, ty: Type<'c>) -> bool {
        let number = self.number.len();
        if self.number.contains_key(&ty) {
            return false;
        }
        self.number.insert(ty, number);
        self.low.insert(ty, number);
        self.open.push(ty);
        true
    }

    fn lower(&mut self, ty: Type<'c>, to: usize) {
        self.low.entry(ty).and_modify(|low| *low = to.min(*low));
    }
}

/// The type of what is stored, seen through boxes and options; `None` if it cannot refer to anything.
fn source_type<'c>(value: Value<'c>) -> Option<Type<'c>> {
    let mut value = value;
    while let Some(op) = value.defining_op()
        && matches!(op.name(), "mochi.any.wrap" | "mochi.option.some")
    {
        value = op.operand(0);
    }
    if value.defining_op().is_some_and(|op| op.is("mochi.option.none")) {
        return None;
    }
    object_type(value.ty())
}
