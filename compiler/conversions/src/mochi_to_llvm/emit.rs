//! Writing LLVM dialect ops: one small vocabulary for patterns and for the functions made beside them.
//!
//! In a pattern, control flow is added lazily: the first new block splits the block at the converted op, and
//! `finish` joins what was written with the rest. Straight-line patterns never split.

use super::{
    context::Cx,
    layout::{Repr, Scalar, repr},
};
use mochi_dialects::{
    conversion::Rewriter,
    ir::{Attribute, Block, Builder, Location, Op, Region, Type, Value},
};
use std::cell::Cell;

/// Weights of branches that are hardly ever taken.
pub(crate) const UNLIKELY: [i32; 2] = [1, 2000];

/// Integer comparisons, with LLVM's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cmp {
    Eq = 0,
    Ne = 1,
    Slt = 2,
    Sgt = 4,
    Ult = 6,
    Uge = 9,
}

/// Float comparisons, with LLVM's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FCmp {
    Oeq = 1,
    Ogt = 2,
    Oge = 3,
    Olt = 4,
    Une = 13,
    Uno = 14,
}

enum Place<'a, 'c> {
    Pattern { rw: &'a Rewriter<'c>, op: Op<'c>, tail: Cell<Option<Block<'c>>> },
    Function(Region<'c>),
}

pub(crate) struct Emit<'a, 'c> {
    pub cx: &'a Cx<'c>,
    pub b: Builder<'c>,
    place: Place<'a, 'c>,
    slots_used: Cell<usize>,
}

impl<'a, 'c> Emit<'a, 'c> {
    pub(crate) fn pattern(cx: &'a Cx<'c>, rw: &'a Rewriter<'c>, op: Op<'c>) -> Self {
        let place = Place::Pattern { rw, op, tail: Cell::new(None) };
        Emit { cx, b: rw.builder().clone(), place, slots_used: Cell::new(0) }
    }

    /// Writes the body of a function made by the conversion.
    pub(crate) fn function(cx: &'a Cx<'c>, region: Region<'c>, entry: Block<'c>) -> Self {
        let b = Builder::at_end(entry);
        Emit { cx, b, place: Place::Function(region), slots_used: Cell::new(0) }
    }

    pub(crate) fn loc(&self) -> Location<'c> {
        self.b.loc()
    }

    /// Ends a pattern: joins the rest of the block and replaces the op.
    pub(crate) fn finish(&self, values: &[Value<'c>]) {
        if let Place::Pattern { rw, op, tail } = &self.place {
            if let Some(tail) = tail.get() {
                self.br(tail, &[]);
            }
            if op.result_count() == 0 {
                rw.erase(*op);
            } else {
                rw.replace(*op, values);
            }
        }
    }

    // --- blocks ------------------------------------------------------------------------------------

    /// A new block; in a pattern it stands before the rest of the code.
    pub(crate) fn block(&self, args: &[Type<'c>]) -> Block<'c> {
        match &self.place {
            Place::Pattern { rw, op, tail } => {
                let rest = match tail.get() {
                    Some(rest) => rest,
                    None => {
                        let head = self.b.block().expect("patterns run inside blocks");
                        let rest = rw.split_before(*op);
                        tail.set(Some(rest));
                        self.b.set_end(head);
                        rest
                    }
                };
                rw.block_before(rest, args)
            }
            Place::Function(region) => {
                let list: Vec<_> = args.iter().map(|t| (*t, self.loc())).collect();
                region.append_block(&list)
            }
        }
    }

    pub(crate) fn goto(&self, block: Block<'c>) {
        self.b.set_end(block);
    }

    pub(crate) fn br(&self, to: Block<'c>, args: &[Value<'c>]) {
        self.b.op("llvm.br").successor(to, args).build();
    }

    pub(crate) fn cond_br(
        &self,
        condition: Value<'c>,
        (then, then_args): (Block<'c>, &[Value<'c>]),
        (otherwise, else_args): (Block<'c>, &[Value<'c>]),
        weights: Option<[i32; 2]>,
    ) {
        let sizes = [1, then_args.len() as i32, else_args.len() as i32];
        self.b
            .op("llvm.cond_br")
            .operand(condition)
            .successor(then, then_args)
            .successor(otherwise, else_args)
            .attr("operandSegmentSizes", Attribute::dense_i32(self.cx.ctx, &sizes))
            .opt_attr("branch_weights", weights.map(|w| Attribute::dense_i32(self.cx.ctx, &w)))
            .build();
    }

    /// Runs `then` if the condition holds.
    pub(crate) fn when(&self, condition: Value<'c>, weights: Option<[i32; 2]>, then: impl FnOnce()) {
        let yes = self.block(&[]);
        let next = self.block(&[]);
        self.cond_br(condition, (yes, &[]), (next, &[]), weights);
        self.goto(yes);
        then();
        self.br(next, &[]);
        self.goto(next);
    }

    /// Runs one of two and gives what they give.
    pub(crate) fn choose(
        &self,
        condition: Value<'c>,
        types: &[Type<'c>],
        weights: Option<[i32; 2]>,
        then: impl FnOnce() -> Vec<Value<'c>>,
        otherwise: impl FnOnce() -> Vec<Value<'c>>,
    ) -> Vec<Value<'c>> {
        let yes = self.block(&[]);
        let no = self.block(&[]);
        let next = self.block(types);
        self.cond_br(condition, (yes, &[]), (no, &[]), weights);
        self.goto(yes);
        let values = then();
        self.br(next, &values);
        self.goto(no);
        let values = otherwise();
        self.br(next, &values);
        self.goto(next);
        next.args().collect()
    }

    /// Stops the program if the condition holds: `report` calls what does not return.
    pub(crate) fn fail_if(&self, condition: Value<'c>, report: impl FnOnce()) {
        let bad = self.block(&[]);
        let next = self.block(&[]);
        self.cond_br(condition, (bad, &[]), (next, &[]), Some(UNLIKELY));
        self.goto(bad);
        report();
        self.b.op("llvm.unreachable").build();
        self.goto(next);
    }

    // --- values ------------------------------------------------------------------------------------

    pub(crate) fn constant(&self, ty: Type<'c>, value: i64) -> Value<'c> {
        let attr = Attribute::int_of(ty, value);
        self.b.op("llvm.mlir.constant").attr("value", attr).result(ty).build().result(0)
    }

    pub(crate) fn int(&self, value: i64) -> Value<'c> {
        self.constant(self.cx.t.i64, value)
    }

    pub(crate) fn bool(&self, value: bool) -> Value<'c> {
        self.constant(self.cx.t.i1, i64::from(value))
    }

    pub(crate) fn float(&self, value: f64) -> Value<'c> {
        let attr = Attribute::float(self.cx.ctx, value);
        self.b.op("llvm.mlir.constant").attr("value", attr).result(self.cx.t.f64).build().result(0)
    }

    pub(crate) fn null(&self) -> Value<'c> {
        self.zero(self.cx.t.ptr)
    }

    pub(crate) fn zero(&self, ty: Type<'c>) -> Value<'c> {
        self.b.op("llvm.mlir.zero").result(ty).build().result(0)
    }

    /// The address of a global or function.
    pub(crate) fn address(&self, symbol: &str) -> Value<'c> {
        self.b
            .op("llvm.mlir.addressof")
            .attr("global_name", Attribute::symbol(self.cx.ctx, symbol))
            .result(self.cx.t.ptr)
            .build()
            .result(0)
    }

    /// An op with one result.
    pub(crate) fn op(&self, name: &str, operands: &[Value<'c>], ty: Type<'c>) -> Value<'c> {
        self.b.op(name).operands(operands).result(ty).build().result(0)
    }

    pub(crate) fn add(&self, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        self.op("llvm.add", &[a, b], self.cx.t.i64)
    }

    pub(crate) fn sub(&self, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        self.op("llvm.sub", &[a, b], self.cx.t.i64)
    }

    pub(crate) fn and(&self, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        self.op("llvm.and", &[a, b], self.cx.t.i1)
    }

    pub(crate) fn cmp(&self, kind: Cmp, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        self.b
            .op("llvm.icmp")
            .operands(&[a, b])
            .attr("predicate", Attribute::int(self.cx.ctx, kind as i64))
            .result(self.cx.t.i1)
            .build()
            .result(0)
    }

    pub(crate) fn fcmp(&self, kind: FCmp, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        self.b
            .op("llvm.fcmp")
            .operands(&[a, b])
            .attr("predicate", Attribute::int(self.cx.ctx, kind as i64))
            .result(self.cx.t.i1)
            .build()
            .result(0)
    }

    pub(crate) fn is_null(&self, p: Value<'c>) -> Value<'c> {
        self.cmp(Cmp::Eq, p, self.null())
    }

    pub(crate) fn not_null(&self, p: Value<'c>) -> Value<'c> {
        self.cmp(Cmp::Ne, p, self.null())
    }

    pub(crate) fn select(&self, c: Value<'c>, a: Value<'c>, b: Value<'c>) -> Value<'c> {
        self.op("llvm.select", &[c, a, b], a.ty())
    }

    pub(crate) fn extract(&self, aggregate: Value<'c>, position: i64, ty: Type<'c>) -> Value<'c> {
        self.b
            .op("llvm.extractvalue")
            .operand(aggregate)
            .attr("position", Attribute::dense_i64(self.cx.ctx, &[position]))
            .result(ty)
            .build()
            .result(0)
    }

    pub(crate) fn insert(&self, aggregate: Value<'c>, value: Value<'c>, position: &[i64]) -> Value<'c> {
        self.b
            .op("llvm.insertvalue")
            .operands(&[aggregate, value])
            .attr("position", Attribute::dense_i64(self.cx.ctx, position))
            .result(aggregate.ty())
            .build()
            .result(0)
    }

    /// A struct of these fields.
    pub(crate) fn pack(&self, ty: Type<'c>, parts: &[Value<'c>]) -> Value<'c> {
        let undef = self.b.op("llvm.mlir.poison").result(ty).build().result(0);
        parts.iter().enumerate().fold(undef, |acc, (i, v)| self.insert(acc, *v, &[i as i64]))
    }

    // --- memory ------------------------------------------------------------------------------------

    /// `p + offset` bytes.
    pub(crate) fn offset(&self, p: Value<'c>, offset: u64) -> Value<'c> {
        if offset == 0 {
            return p;
        }
        let c = self.cx.ctx;
        let op = self
            .b
            .op("llvm.getelementptr")
            .operand(p)
            .attr("elem_type", Attribute::type_attr(self.cx.t.i8))
            .attr("rawConstantIndices", Attribute::dense_i32(c, &[offset as i32]))
            .result(self.cx.t.ptr)
            .build();
        op.set_gep_in_bounds();
        op.result(0)
    }

    /// The address of element `index` of an array.
    pub(crate) fn element(&self, base: Value<'c>, index: Value<'c>, ty: Type<'c>) -> Value<'c> {
        let c = self.cx.ctx;
        let op = self
            .b
            .op("llvm.getelementptr")
            .operands(&[base, index])
            .attr("elem_type", Attribute::type_attr(ty))
            .attr("rawConstantIndices", Attribute::dense_i32(c, &[i32::MIN]))
            .result(self.cx.t.ptr)
            .build();
        op.set_gep_in_bounds();
        op.result(0)
    }

    /// Loads from `p + offset`. Memory that the runtime reads or writes as well gets no tag.
    pub(crate) fn load(&self, p: Value<'c>, offset: u64, ty: Type<'c>, tag: Option<&str>) -> Value<'c> {
        let at = self.offset(p, offset);
        self.b
            .op("llvm.load")
            .operand(at)
            .attr("ordering", Attribute::int(self.cx.ctx, 0))
            .opt_attr("tbaa", tag.map(|t| self.cx.tag(t)))
            .result(ty)
            .build()
            .result(0)
    }

    pub(crate) fn store(&self, value: Value<'c>, p: Value<'c>, offset: u64, tag: Option<&str>) {
        let at = self.offset(p, offset);
        self.b
            .op("llvm.store")
            .operands(&[value, at])
            .attr("ordering", Attribute::int(self.cx.ctx, 0))
            .opt_attr("tbaa", tag.map(|t| self.cx.tag(t)))
            .build();
    }

    /// Loads a value of a Mochi type from a memory slot.
    pub(crate) fn load_value(&self, p: Value<'c>, offset: u64, ty: Type<'c>, tag: Option<&str>) -> Value<'c> {
        let t = &self.cx.t;
        match repr(ty).expect("a Mochi type") {
            Repr::Scalar(s) => self.load_scalar(p, offset, s, tag),
            Repr::Pointer => self.load(p, offset, t.ptr, tag),
            Repr::Any => {
                let desc = self.load(p, offset, t.ptr, tag);
                let payload = self.load(p, offset + 8, t.i64, tag);
                self.pack(t.any, &[desc, payload])
            }
            Repr::OptionOf(s) => {
                let flag = self.load_scalar(p, offset, Scalar::Bool, tag);
                let value = self.load_scalar(p, offset + s.size(), s, tag);
                self.pack(t.register(Repr::OptionOf(s)), &[flag, value])
            }
        }
    }

    /// As `load_value` from a place that always holds an object: its header may then be read ahead of time. An
    /// object that has been freed stays mapped, so that this holds even where the reference outlives it.
    pub(crate) fn load_present(&self, p: Value<'c>, offset: u64, ty: Type<'c>, tag: Option<&str>) -> Value<'c> {
        let value = self.load_value(p, offset, ty, tag);
        let bytes = if ty.is_list() || ty.is_str() {
            32
        } else {
            ty.record_symbol().and_then(|sym| self.cx.records.get(sym)).map_or(0, |r| r.fields.size)
        };
        if bytes != 0
            && let Some(load) = value.defining_op()
        {
            let text = format!("#llvm.dereferenceable<bytes = {bytes}>");
            load.set_attr("dereferenceable", Attribute::parse(self.cx.ctx, &text).expect("a well-formed attribute"));
        }
        value
    }

    fn load_scalar(&self, p: Value<'c>, offset: u64, s: Scalar, tag: Option<&str>) -> Value<'c> {
        let t = &self.cx.t;
        match s {
            Scalar::Int => self.load(p, offset, t.i64, tag),
            Scalar::Float => self.load(p, offset, t.f64, tag),
            Scalar::Bool => {
                let byte = self.load(p, offset, t.i8, tag);
                self.op("llvm.trunc", &[byte], t.i1)
            }
        }
    }

    /// Stores a value of a Mochi type into a memory slot.
    pub(crate) fn store_value(&self, value: Value<'c>, p: Value<'c>, offset: u64, ty: Type<'c>, tag: Option<&str>) {
        let t = &self.cx.t;
        match repr(ty).expect("a Mochi type") {
            Repr::Scalar(s) => self.store_scalar(value, p, offset, s, tag),
            Repr::Pointer => self.store(value, p, offset, tag),
            Repr::Any => {
                self.store(self.extract(value, 0, t.ptr), p, offset, tag);
                self.store(self.extract(value, 1, t.i64), p, offset + 8, tag);
            }
            Repr::OptionOf(s) => {
                self.store_scalar(self.extract(value, 0, t.i1), p, offset, Scalar::Bool, tag);
                self.store_scalar(self.extract(value, 1, t.scalar(s)), p, offset + s.size(), s, tag);
            }
        }
    }

    fn store_scalar(&self, value: Value<'c>, p: Value<'c>, offset: u64, s: Scalar, tag: Option<&str>) {
        match s {
            Scalar::Int | Scalar::Float => self.store(value, p, offset, tag),
            Scalar::Bool => {
                let byte = self.op("llvm.zext", &[value], self.cx.t.i8);
                self.store(byte, p, offset, tag);
            }
        }
    }

    /// The region of the function that is being written.
    fn function_region(&self) -> Region<'c> {
        let mut region = match &self.place {
            Place::Pattern { op, .. } => op.parent_region().expect("patterns run inside functions"),
            Place::Function(region) => *region,
        };
        // Structured regions may still be around the op; slots belong to the function.
        while let Some(parent) = region.parent_op()
            && !matches!(parent.name(), "func.func" | "llvm.func")
            && let Some(outer) = parent.parent_region()
        {
            region = outer;
        }
        region
    }

    /// A 16-byte stack slot, valid until the end of this op's code. Slots are shared by all ops of a function.
    pub(crate) fn slot(&self) -> Value<'c> {
        let n = self.slots_used.get();
        self.slots_used.set(n + 1);
        let key = (self.function_region().raw().ptr as usize, n);
        if let Some(slot) = self.cx.slots.borrow().get(&key) {
            return *slot;
        }
        let slot = self.stack_slot(Type::llvm_array(self.cx.t.i64, 2));
        self.cx.slots.borrow_mut().insert(key, slot);
        slot
    }

    /// A stack slot of its own. It lives in the function's entry block, so that loops do not grow the stack.
    pub(crate) fn stack_slot(&self, ty: Type<'c>) -> Value<'c> {
        let entry = self.function_region().entry().expect("a function has a body");
        // Slots are not part of the converted op: they go straight to the entry block.
        let b = Builder::at_start(entry).at(self.cx.nowhere);
        let one = b
            .op("llvm.mlir.constant")
            .attr("value", Attribute::int(self.cx.ctx, 1))
            .result(self.cx.t.i64)
            .build()
            .result(0);
        b.op("llvm.alloca")
            .operand(one)
            .attr("elem_type", Attribute::type_attr(ty))
            .attr("alignment", Attribute::int(self.cx.ctx, 8))
            .result(self.cx.t.ptr)
            .build()
            .result(0)
    }

    // --- calls -------------------------------------------------------------------------------------

    /// Calls a function of the module by name.
    pub(crate) fn call(&self, name: &str, args: &[Value<'c>], result: Option<Type<'c>>) -> Option<Value<'c>> {
        self.call_with(Some(name), args, result)
    }

    /// Calls through a pointer, the first argument.
    pub(crate) fn call_pointer(&self, args: &[Value<'c>], result: Option<Type<'c>>) -> Option<Value<'c>> {
        self.call_with(None, args, result)
    }

    fn call_with(&self, name: Option<&str>, args: &[Value<'c>], result: Option<Type<'c>>) -> Option<Value<'c>> {
        let c = self.cx.ctx;
        let mut op = self
            .b
            .op("llvm.call")
            .operands(args)
            .opt_attr("callee", name.map(|n| Attribute::symbol(c, n)))
            .attr("operandSegmentSizes", Attribute::dense_i32(c, &[args.len() as i32, 0]))
            .attr("op_bundle_sizes", Attribute::dense_i32(c, &[]));
        if let Some(ty) = result {
            op = op.result(ty);
        }
        let op = op.build();
        result.map(|_| op.result(0))
    }

    /// The two arguments that tell the runtime where in the source we are.
    pub(crate) fn position(&self) -> [Value<'c>; 2] {
        let (file, place) = match self.loc().span() {
            Some(s) => (s.file, (i64::from(s.line) << 32) | i64::from(s.column)),
            None => ("", 0),
        };
        [self.address(&self.cx.file_name(file)), self.int(place)]
    }
}
