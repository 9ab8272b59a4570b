//! The end of objects: one destroying function per record, union, cell and closure type; the runtime does the rest.
//!
//! Destroying takes a bounded piece of the stack, whatever the depth of a structure:
//!
//! - A field of the object's own type is destroyed by going on with it in a loop. A list needs nothing else.
//! - Of several such fields, all but the last are destroyed by recursion, which for trees is as fast as anything; a
//!   parameter says how many levels are left. Deeper down, a second function takes over: a loop over what is to be
//!   destroyed, chained through the place of the counts (as in Lean's `lean_del_core`).
//! - Where different types recurse, the runtime is asked, which counts the levels and puts objects aside.

use super::{
    context::{Cx, Fields},
    counts::{field_tag, note, release_from},
    emit::{Cmp, Emit},
    layout::repr,
};
use mochi_dialects::ir::{Attribute, Block, Type, TypeKind, Value};

/// Levels of recursion over objects of one type. A balanced tree never has as many.
const LEVELS: i64 = 256;

/// Destroys an object whose count reached zero. `owner` is the type of the object that referred to it and is itself
/// being destroyed.
pub(super) fn destroy<'c>(e: &Emit<'_, 'c>, object: Value<'c>, ty: Type<'c>, owner: Option<Type<'c>>) {
    let recursive = owner.is_some_and(|owner| e.cx.cycles.are_mutual(owner, ty));
    if !recursive && let Some(function) = drop_function(e.cx, ty) {
        e.call(&function, &[object], None);
        return;
    }
    match ty.kind() {
        TypeKind::Str => {
            e.cx.runtime("mochi_rt_string_drop");
            e.call("mochi_rt_string_drop", &[object], None);
        }
        TypeKind::Fn(_) | TypeKind::Env => {
            e.cx.runtime("mochi_rt_closure_drop");
            e.call("mochi_rt_closure_drop", &[object], None);
        }
        _ => {
            e.cx.runtime("mochi_rt_drop");
            let desc = e.address(&e.cx.describe(ty));
            e.call("mochi_rt_drop", &[object, desc], None);
        }
    }
}

/// What an object of a type may look like: the tag of the variant (zero for records), the prefix of the fields' alias
/// tags, the fields.
struct Shape<'c> {
    tag: usize,
    label: String,
    fields: Fields<'c>,
}

/// The function that destroys objects of a type, for types that get one of their own.
pub(super) fn drop_function<'c>(cx: &Cx<'c>, ty: Type<'c>) -> Option<String> {
    let (key, prefix) = match ty.kind() {
        TypeKind::Record(sym) if cx.records.contains_key(sym) => {
            (format!("drop record {sym}"), format!("mochi.drop.{sym}"))
        }
        TypeKind::Union(sym) if cx.unions.contains_key(sym) => {
            (format!("drop union {sym}"), format!("mochi.drop.{sym}"))
        }
        TypeKind::Cell(content) => (format!("drop cell {content}"), "mochi.drop.cell".to_owned()),
        _ => return None,
    };
    Some(cx.once(&key, &prefix, |name| Destroyer { cx, ty: Some(ty), shapes: shapes(cx, ty) }.write(name)))
}

/// The function that destroys a closure over these captures.
pub(super) fn drop_closure<'c>(cx: &Cx<'c>, fields: &Fields<'c>) -> String {
    let key: Vec<String> = fields.types.iter().map(ToString::to_string).collect();
    cx.once(&format!("drop closure {}", key.join(", ")), "mochi.drop.closure", |name| {
        let shape = Shape { tag: 0, label: "capture".to_owned(), fields: fields.clone() };
        Destroyer { cx, ty: None, shapes: vec![shape] }.write(name);
    })
}

/// Variants without fields are left out: their objects are static, and never destroyed.
fn shapes<'c>(cx: &Cx<'c>, ty: Type<'c>) -> Vec<Shape<'c>> {
    match ty.kind() {
        TypeKind::Record(sym) => {
            vec![Shape { tag: 0, label: format!("record.{sym}"), fields: cx.records[sym].fields.clone() }]
        }
        TypeKind::Union(sym) => {
            let variants = cx.unions[sym].variants.iter().enumerate();
            let shape = |(tag, (name, fields)): (usize, &(String, Fields<'c>))| {
                let label = format!("union.{sym}.{name}");
                (!fields.types.is_empty()).then(|| Shape { tag, label, fields: fields.clone() })
            };
            variants.filter_map(shape).collect()
        }
        TypeKind::Cell(content) => {
            let size = 8 + repr(content).map_or(8, |r| r.size()).next_multiple_of(8);
            let fields = Fields { names: Vec::new(), types: vec![content], offsets: vec![8], size };
            vec![Shape { tag: 0, label: "cell".to_owned(), fields }]
        }
        _ => Vec::new(),
    }
}

/// Writes the functions that destroy objects of one type.
struct Destroyer<'e, 'c> {
    cx: &'e Cx<'c>,
    /// `None` for closures, whose captures are never of a type of their own.
    ty: Option<Type<'c>>,
    shapes: Vec<Shape<'c>>,
}

/// How to go on with fields of the object's own type.
#[derive(Clone, Copy)]
enum Rest<'a, 'c> {
    /// Destroy the last one next, in `again`, and recurse for the others.
    Recurse { again: Block<'c>, done: Block<'c>, deeper: Option<Deeper<'a, 'c>> },
    /// Destroy the last one next, in `again`, and chain the others to those that wait; `next` takes one of them.
    Chain { again: Block<'c>, next: Block<'c>, waiting: Value<'c> },
}

/// What recursion needs.
#[derive(Clone, Copy)]
struct Deeper<'a, 'c> {
    /// How many levels are left.
    levels: Value<'c>,
    /// The function itself, (object, levels).
    function: &'a str,
    /// What to call when no levels are left.
    chain: &'a str,
}

impl<'c> Destroyer<'_, 'c> {
    /// Whether a field refers to objects of the type that it is a field of.
    fn is_own(&self, field: Type<'c>) -> bool {
        Some(field.option_payload().unwrap_or(field)) == self.ty
    }

    fn write(&self, name: &str) {
        let own = |shape: &Shape<'c>| shape.fields.types.iter().filter(|field| self.is_own(**field)).count();
        if self.shapes.iter().map(own).max().unwrap_or(0) < 2 {
            self.write_recursion(name, None);
            return;
        }
        let (function, chain) = (format!("{name}.levels"), format!("{name}.chain"));
        self.write_chain(&chain);
        self.write_recursion(&function, Some(&chain));
        let (e, entry) = self.function(name, &[self.cx.t.ptr], &["nounwind"]);
        e.call(&function, &[entry.arg(0), e.int(LEVELS)], None);
        e.b.op("llvm.return").build();
    }

    fn function(&self, name: &str, params: &[Type<'c>], attributes: &[&str]) -> (Emit<'_, 'c>, Block<'c>) {
        let ty = Type::llvm_function(self.cx.t.void, params);
        let function = self.cx.internal_function(name, ty, attributes);
        let list: Vec<_> = params.iter().map(|ty| (*ty, function.loc())).collect();
        let region = function.region(0);
        let entry = region.append_block(&list);
        (Emit::function(self.cx, region, entry), entry)
    }

    /// The usual function: (object), or (object, levels) if it recurses.
    fn write_recursion(&self, name: &str, chain: Option<&str>) {
        let t = &self.cx.t;
        let params = if chain.is_some() { vec![t.ptr, t.i64] } else { vec![t.ptr] };
        let (e, entry) = self.function(name, &params, &["nounwind"]);
        let (again, done) = (e.block(&[t.ptr]), e.block(&[]));
        e.br(again, &[entry.arg(0)]);
        e.goto(done);
        e.b.op("llvm.return").build();
        e.goto(again);
        let deeper = chain.map(|chain| Deeper { levels: entry.arg(1), function: name, chain });
        self.object(&e, again.arg(0), Rest::Recurse { again, done, deeper });
    }

    /// The function for what lies deep: (object). Its loop has (object, waiting).
    fn write_chain(&self, name: &str) {
        let ptr = self.cx.t.ptr;
        let (e, entry) = self.function(name, &[ptr], &["nounwind", "cold", "noinline"]);
        let (again, next) = (e.block(&[ptr, ptr]), e.block(&[ptr]));
        let (take, done) = (e.block(&[]), e.block(&[]));
        e.br(again, &[entry.arg(0), e.null()]);
        e.goto(next);
        let waiting = next.arg(0);
        e.cond_br(e.is_null(waiting), (done, &[]), (take, &[]), None);
        e.goto(take);
        let others = e.load(waiting, 0, ptr, Some("count"));
        e.br(again, &[waiting, others]);
        e.goto(done);
        e.b.op("llvm.return").build();
        e.goto(again);
        self.object(&e, again.arg(0), Rest::Chain { again, next, waiting: again.arg(1) });
    }

    /// Destroys an object. Every path ends.
    fn object(&self, e: &Emit<'_, 'c>, object: Value<'c>, rest: Rest<'_, 'c>) {
        if let [shape] = self.shapes.as_slice() {
            self.fields(e, object, shape, rest);
            return;
        }
        let end = e.block(&[]);
        let blocks: Vec<_> = self.shapes.iter().map(|_| e.block(&[])).collect();
        if blocks.is_empty() {
            e.br(end, &[]);
        } else {
            let tag = e.load(object, 8, self.cx.t.i64, Some("union.tag"));
            self.switch(e, tag, &blocks, end);
        }
        for (block, shape) in blocks.iter().zip(&self.shapes) {
            e.goto(*block);
            self.fields(e, object, shape, rest);
        }
        e.goto(end);
        match rest {
            Rest::Recurse { done, .. } => e.br(done, &[]),
            Rest::Chain { next, waiting, .. } => e.br(next, &[waiting]),
        }
    }

    fn switch(&self, e: &Emit<'_, 'c>, tag: Value<'c>, blocks: &[Block<'c>], otherwise: Block<'c>) {
        let c = self.cx.ctx;
        let cases: Vec<String> = self.shapes.iter().map(|shape| shape.tag.to_string()).collect();
        let values = format!("dense<[{}]> : vector<{}xi64>", cases.join(", "), cases.len());
        let mut switch = e.b.op("llvm.switch").operand(tag).successor(otherwise, &[]);
        for block in blocks {
            switch = switch.successor(*block, &[]);
        }
        switch
            .attr("operandSegmentSizes", Attribute::dense_i32(c, &[1, 0, 0]))
            .attr("case_operand_segments", Attribute::dense_i32(c, &vec![0; cases.len()]))
            .opt_attr("case_values", Attribute::parse(c, &values))
            .build();
    }

    /// Loads what has to be released, frees the object, then releases.
    fn fields(&self, e: &Emit<'_, 'c>, object: Value<'c>, shape: &Shape<'c>, rest: Rest<'_, 'c>) {
        let fields = shape.fields.types.iter().zip(&shape.fields.offsets).enumerate();
        let children: Vec<(Value<'c>, Type<'c>)> = fields
            .filter(|(_, (ty, _))| ty.is_counted())
            .map(|(i, (ty, at))| (e.load_value(object, *at, *ty, Some(&field_tag(&shape.label, i, *ty))), *ty))
            .collect();
        self.cx.runtime("mochi_rt_free");
        e.call("mochi_rt_free", &[object, e.int(shape.fields.size as i64)], None);
        let (own, others): (Vec<_>, Vec<_>) = children.into_iter().partition(|(_, ty)| self.is_own(*ty));
        for (child, ty) in others {
            release_from(e, child, ty, false, self.ty);
        }
        match rest {
            Rest::Recurse { again, done, deeper } => recurse(e, again, done, deeper, own),
            Rest::Chain { again, next, waiting } => chain_up(e, again, next, waiting, own),
        }
    }
}

type Children<'c> = Vec<(Value<'c>, Type<'c>)>;

fn recurse<'c>(
    e: &Emit<'_, 'c>,
    again: Block<'c>,
    done: Block<'c>,
    deeper: Option<Deeper<'_, 'c>>,
    mut children: Children<'c>,
) {
    let last = children.pop();
    for (child, ty) in children {
        let join = e.block(&[]);
        release_own(e, child, ty, (join, &[]), || {
            if let Some(Deeper { levels, function, chain }) = deeper {
                let some = e.cmp(Cmp::Ne, levels, e.int(0));
                let go = || {
                    e.call(function, &[child, e.sub(levels, e.int(1))], None);
                    Vec::new()
                };
                let stop = || {
                    e.call(chain, &[child], None);
                    Vec::new()
                };
                e.choose(some, &[], Some([2000, 1]), go, stop);
            }
            e.br(join, &[]);
        });
        e.goto(join);
    }
    match last {
        Some((child, ty)) => release_own(e, child, ty, (done, &[]), || e.br(again, &[child])),
        None => e.br(done, &[]),
    }
}

fn chain_up<'c>(
    e: &Emit<'_, 'c>,
    again: Block<'c>,
    next: Block<'c>,
    mut waiting: Value<'c>,
    mut children: Children<'c>,
) {
    let last = children.pop();
    for (child, ty) in children {
        let join = e.block(&[e.cx.t.ptr]);
        release_own(e, child, ty, (join, &[waiting]), || {
            e.store(waiting, child, 0, Some("count"));
            e.br(join, &[child]);
        });
        e.goto(join);
        waiting = join.arg(0);
    }
    match last {
        Some((child, ty)) => release_own(e, child, ty, (next, &[waiting]), || e.br(again, &[child, waiting])),
        None => e.br(next, &[waiting]),
    }
}

/// Releases a field of the object's own type; goes on to `alive` unless the reference was the last.
fn release_own<'c>(
    e: &Emit<'_, 'c>,
    child: Value<'c>,
    ty: Type<'c>,
    alive: (Block<'c>, &[Value<'c>]),
    dies: impl FnOnce(),
) {
    if ty.is_option() {
        let there = e.block(&[]);
        e.cond_br(e.not_null(child), (there, &[]), alive, None);
        e.goto(there);
    }
    let new = e.sub(e.load(child, 0, e.cx.t.i64, Some("count")), e.int(1));
    e.store(new, child, 0, Some("count"));
    let last = e.block(&[]);
    let is_last = e.cmp(Cmp::Eq, new, e.int(0));
    let ty = ty.option_payload().unwrap_or(ty);
    if e.cx.cycles.contain(ty) {
        let shared = e.block(&[]);
        e.cond_br(is_last, (last, &[]), (shared, &[]), None);
        e.goto(shared);
        note(e, child, ty);
        e.br(alive.0, alive.1);
    } else {
        e.cond_br(is_last, (last, &[]), alive, None);
    }
    e.goto(last);
    dies();
}
