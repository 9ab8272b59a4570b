//! Building ops.
//!
//! A `Builder` is an insertion point with a location. It also serves inside a dialect conversion, where
//! every new op must go through the rewriter: the generated op builders need not know the difference.

use super::{Attribute, Block, Ctx, Location, Op, Region, Type, Value, string_ref};
use mochi_dialects_sys as sys;
use std::cell::Cell;

/// The rewriter of a running conversion (opaque here).
#[derive(Clone, Copy)]
pub struct RewriterHandle(pub(crate) sys::MochiRewriter);

#[derive(Clone, Copy)]
enum Point<'c> {
    Before(Op<'c>),
    End(Block<'c>),
    Rewriter(RewriterHandle),
    Detached,
}

/// An insertion point with the location given to new ops.
#[derive(Clone)]
pub struct Builder<'c> {
    ctx: Ctx<'c>,
    point: Cell<Point<'c>>,
    location: Cell<Location<'c>>,
}

impl<'c> Builder<'c> {
    fn make(ctx: Ctx<'c>, point: Point<'c>, location: Location<'c>) -> Self {
        Builder { ctx, point: Cell::new(point), location: Cell::new(location) }
    }

    /// Inserts before `op`, with its location.
    pub fn before(op: Op<'c>) -> Self {
        Self::make(op.context(), Point::Before(op), op.loc())
    }

    /// Inserts after `op`, with its location; new ops stand in the order they are built.
    pub fn after(op: Op<'c>) -> Self {
        let builder = Self::before(op);
        builder.set_after(op);
        builder
    }

    /// Inserts at the start of `block`, which must belong to an op.
    pub fn at_start(block: Block<'c>) -> Self {
        let builder = Self::at_end(block);
        builder.set_start(block);
        builder
    }

    /// Inserts at the end of `block`, which must belong to an op. Set a location with `at`.
    pub fn at_end(block: Block<'c>) -> Self {
        let parent = block.parent_op().expect("a builder needs a block that belongs to an op");
        Self::make(parent.context(), Point::End(block), parent.loc())
    }

    /// Inserts nowhere: built ops are detached until somebody places them.
    pub fn detached(c: impl Into<Ctx<'c>>) -> Self {
        let ctx = c.into();
        Self::make(ctx, Point::Detached, Location::unknown(ctx))
    }

    pub(crate) fn rewriter(ctx: Ctx<'c>, handle: RewriterHandle, loc: Location<'c>) -> Self {
        Self::make(ctx, Point::Rewriter(handle), loc)
    }

    pub fn ctx(&self) -> Ctx<'c> {
        self.ctx
    }

    /// The location of the next op.
    pub fn loc(&self) -> Location<'c> {
        self.location.get()
    }

    /// Sets the location of the ops built from now on.
    pub fn set_loc(&self, loc: Location<'c>) {
        self.location.set(loc);
    }

    /// The same insertion point, another location. Both advance on their own, which shows only for a
    /// builder that inserts before an op: that point does not move.
    pub fn at(&self, loc: Location<'c>) -> Self {
        let other = self.clone();
        other.set_loc(loc);
        other
    }

    pub fn set_before(&self, op: Op<'c>) {
        match self.point.get() {
            // SAFETY: live handles.
            Point::Rewriter(rw) => unsafe { sys::mochiRewriterSetBefore(rw.0, op.raw()) },
            _ => self.point.set(Point::Before(op)),
        }
    }

    pub fn set_after(&self, op: Op<'c>) {
        match self.point.get() {
            // SAFETY: live handles.
            Point::Rewriter(rw) => unsafe { sys::mochiRewriterSetAfter(rw.0, op.raw()) },
            _ => self.point.set(match op.next() {
                Some(next) => Point::Before(next),
                None => Point::End(op.block().expect("inserting after a detached op")),
            }),
        }
    }

    pub fn set_start(&self, block: Block<'c>) {
        match self.point.get() {
            // SAFETY: live handles.
            Point::Rewriter(rw) => unsafe { sys::mochiRewriterSetStart(rw.0, block.raw()) },
            _ => self.point.set(match block.first_op() {
                Some(first) => Point::Before(first),
                None => Point::End(block),
            }),
        }
    }

    pub fn set_end(&self, block: Block<'c>) {
        match self.point.get() {
            // SAFETY: live handles.
            Point::Rewriter(rw) => unsafe { sys::mochiRewriterSetEnd(rw.0, block.raw()) },
            _ => self.point.set(Point::End(block)),
        }
    }

    /// The block that the next op goes to.
    pub fn block(&self) -> Option<Block<'c>> {
        match self.point.get() {
            Point::Before(op) => op.block(),
            Point::End(block) => Some(block),
            // SAFETY: live handle.
            Point::Rewriter(rw) => Block::wrap_some(unsafe { sys::mochiRewriterGetBlock(rw.0) }),
            Point::Detached => None,
        }
    }

    /// Places a detached op at the insertion point.
    pub fn insert(&self, op: Op<'c>) -> Op<'c> {
        match self.point.get() {
            Point::Before(before) => {
                let block = before.block().expect("inserting before a detached op");
                // SAFETY: `op` is detached; the block takes it over.
                unsafe {
                    sys::mlirBlockInsertOwnedOperationBefore(block.raw(), before.raw(), op.raw());
                }
            }
            Point::End(block) => {
                block.append(op);
            }
            // SAFETY: live handles.
            Point::Rewriter(rw) => unsafe {
                sys::mochiRewriterInsert(rw.0, op.raw());
            },
            Point::Detached => {}
        }
        op
    }

    /// Starts an op of this full name.
    pub fn op<'a>(&'a self, name: &'a str) -> OpBuilder<'a, 'c> {
        OpBuilder {
            builder: self,
            name,
            operands: Vec::new(),
            results: Vec::new(),
            attrs: Vec::new(),
            regions: Vec::new(),
            successors: Vec::new(),
            infer: false,
        }
    }

    // --- what everybody builds ---------------------------------------------------------------------

    /// `arith.constant` of type i64.
    pub fn const_i64(&self, value: i64) -> Value<'c> {
        self.constant(Attribute::int(self.ctx, value))
    }

    /// `arith.constant` of type index.
    pub fn const_index(&self, value: i64) -> Value<'c> {
        self.constant(Attribute::int_of(Type::index(self.ctx), value))
    }

    /// `arith.constant` of type i1.
    pub fn const_bool(&self, value: bool) -> Value<'c> {
        self.constant(Attribute::int_of(Type::i1(self.ctx), i64::from(value)))
    }

    /// `arith.constant` of type f64.
    pub fn const_f64(&self, value: f64) -> Value<'c> {
        self.constant(Attribute::float(self.ctx, value))
    }

    /// `arith.constant` of a typed attribute.
    pub fn constant(&self, value: Attribute<'c>) -> Value<'c> {
        self.op("arith.constant").attr("value", value).result(value.ty()).build().result(0)
    }

    /// `func.func` with an empty body region; private functions get `sym_visibility`.
    pub fn func(&self, name: &str, inputs: &[Type<'c>], outputs: &[Type<'c>], private: bool) -> Op<'c> {
        let ty = Type::function(self.ctx, inputs, outputs);
        let mut op = self
            .op("func.func")
            .attr("sym_name", Attribute::string(self.ctx, name))
            .attr("function_type", Attribute::type_attr(ty))
            .regions(1);
        if private {
            op = op.attr("sym_visibility", Attribute::string(self.ctx, "private"));
        }
        op.build()
    }
}

/// An op under construction.
pub struct OpBuilder<'a, 'c> {
    builder: &'a Builder<'c>,
    name: &'a str,
    operands: Vec<sys::MlirValue>,
    results: Vec<sys::MlirType>,
    attrs: Vec<(&'a str, Attribute<'c>)>,
    regions: Vec<sys::MlirRegion>,
    successors: Vec<sys::MlirBlock>,
    infer: bool,
}

impl<'a, 'c> OpBuilder<'a, 'c> {
    /// Adds operands.
    pub fn operands(mut self, values: &[Value<'c>]) -> Self {
        self.operands.extend(values.iter().map(|v| v.raw()));
        self
    }

    /// Adds one operand.
    pub fn operand(mut self, value: Value<'c>) -> Self {
        self.operands.push(value.raw());
        self
    }

    /// Adds result types.
    pub fn results(mut self, types: &[Type<'c>]) -> Self {
        self.results.extend(types.iter().map(|t| t.raw()));
        self
    }

    /// Adds one result type.
    pub fn result(mut self, ty: Type<'c>) -> Self {
        self.results.push(ty.raw());
        self
    }

    /// Lets the op infer its result types.
    pub fn infer(mut self) -> Self {
        self.infer = true;
        self
    }

    pub fn attr(mut self, name: &'a str, value: Attribute<'c>) -> Self {
        self.attrs.push((name, value));
        self
    }

    /// Adds the attribute when there is one.
    pub fn opt_attr(mut self, name: &'a str, value: Option<Attribute<'c>>) -> Self {
        if let Some(value) = value {
            self.attrs.push((name, value));
        }
        self
    }

    /// Adds a unit attribute when `set`.
    pub fn flag(self, name: &'a str, set: bool) -> Self {
        if set {
            let unit = Attribute::unit(self.builder.ctx);
            self.attr(name, unit)
        } else {
            self
        }
    }

    /// Adds a detached region, which the op takes over.
    pub fn region(mut self, region: Region<'c>) -> Self {
        self.regions.push(region.raw());
        self
    }

    /// Adds `n` empty regions; fill them through the built op.
    pub fn regions(mut self, n: usize) -> Self {
        for _ in 0..n {
            self.regions.push(Region::new_detached().raw());
        }
        self
    }

    /// Adds a successor block and its operands. The op's `operandSegmentSizes`, where it has some, are the
    /// caller's to set.
    pub fn successor(mut self, block: Block<'c>, args: &[Value<'c>]) -> Self {
        self.successors.push(block.raw());
        self.operands(args)
    }

    /// Creates the op and inserts it.
    pub fn build(self) -> Op<'c> {
        let builder = self.builder;
        let op = self.create();
        builder.insert(op)
    }

    fn create(self) -> Op<'c> {
        let name = self.name;
        // SAFETY: all handles are live; arrays are copied by the state; regions move into the op.
        let raw = unsafe {
            let mut state = sys::mlirOperationStateGet(string_ref(name), self.builder.loc().raw());
            let s = &raw mut state;
            sys::mlirOperationStateAddOperands(s, self.operands.len() as isize, self.operands.as_ptr());
            sys::mlirOperationStateAddResults(s, self.results.len() as isize, self.results.as_ptr());
            let named: Vec<_> = self
                .attrs
                .iter()
                .map(|(n, a)| {
                    let id = sys::mlirIdentifierGet(self.builder.ctx.raw(), string_ref(n));
                    sys::mlirNamedAttributeGet(id, a.raw())
                })
                .collect();
            sys::mlirOperationStateAddAttributes(s, named.len() as isize, named.as_ptr());
            sys::mlirOperationStateAddOwnedRegions(s, self.regions.len() as isize, self.regions.as_ptr());
            sys::mlirOperationStateAddSuccessors(s, self.successors.len() as isize, self.successors.as_ptr());
            if self.infer {
                sys::mlirOperationStateEnableResultTypeInference(s);
            }
            sys::mlirOperationCreate(s)
        };
        assert!(!raw.ptr.is_null(), "cannot infer the result types of {name}");
        Op::wrap(raw)
    }
}
