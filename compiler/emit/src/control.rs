//! Region ops: building their regions, carrying the variables that they assign.

use crate::function::FunctionEmitter;
use mochi_dialects::ir::{Builder, Op, Region, Type, Value};
use mochi_dialects::mochi;
use mochi_sema::hir::LocalId;

/// A region in the making: what to restore when it is done.
struct Outside<'c> {
    builder: Builder<'c>,
    values: Vec<Option<Value<'c>>>,
    terminated: bool,
}

impl<'m, 'c, 'p> FunctionEmitter<'m, 'c, 'p> {
    /// Fills an empty region: `body` runs with the insertion point in the region's only block.
    /// Variables have their outside values again afterwards.
    fn fill(&mut self, region: Region<'c>, args: &[Type<'c>], body: impl FnOnce(&mut Self, Vec<Value<'c>>)) {
        let location = self.builder.loc();
        let args: Vec<_> = args.iter().map(|&ty| (ty, location)).collect();
        let block = region.append_block(&args);
        let outside = Outside {
            builder: self.builder.clone(),
            values: self.values.clone(),
            terminated: std::mem::replace(&mut self.terminated, false),
        };
        self.builder = self.module.builder_in(block, location);
        self.depth += 1;
        body(self, block.args().collect());
        if !self.terminated {
            self.unreachable();
        }
        self.depth -= 1;
        self.builder = outside.builder;
        self.values = outside.values;
        self.terminated = outside.terminated;
    }

    fn yields(&mut self, values: &[Value<'c>], carried: &[LocalId]) {
        if !self.terminated {
            let all: Vec<_> = values.iter().copied().chain(self.current(carried)).collect();
            mochi::yield_(&self.builder, &all);
            self.terminate();
        }
    }

    /// A conditional. Each branch gives as many values as `results`; the variables in `carried` follow them.
    /// If no branch falls through, the current block ends here.
    pub(crate) fn branch(
        &mut self,
        cond: Value<'c>,
        results: &[Type<'c>],
        carried: &[LocalId],
        then: impl FnOnce(&mut Self) -> Vec<Value<'c>>,
        els: impl FnOnce(&mut Self) -> Vec<Value<'c>>,
    ) -> Vec<Value<'c>> {
        let types = self.result_types(results, carried);
        let op = mochi::if_(&self.builder, cond, &types);
        let then_falls_through = self.side(op.region(0), carried, then);
        let else_falls_through = self.side(op.region(1), carried, els);
        self.after(op, results.len(), carried, then_falls_through || else_falls_through)
    }

    /// One side of a branch; false if its end cannot be reached.
    fn side(
        &mut self,
        region: Region<'c>,
        carried: &[LocalId],
        body: impl FnOnce(&mut Self) -> Vec<Value<'c>>,
    ) -> bool {
        let mut falls_through = false;
        self.fill(region, &[], |this, _| {
            let values = body(this);
            falls_through = !this.terminated;
            this.yields(&values, carried);
        });
        falls_through
    }

    /// A multi-way branch on an integer; the last side is the default.
    pub(crate) fn switch(
        &mut self,
        selector: Value<'c>,
        cases: &[i64],
        results: &[Type<'c>],
        carried: &[LocalId],
        mut side: impl FnMut(&mut Self, usize) -> Vec<Value<'c>>,
    ) -> Vec<Value<'c>> {
        let types = self.result_types(results, carried);
        let op = mochi::switch(&self.builder, selector, cases, cases.len() + 1, &types);
        let mut falls_through = false;
        for index in 0..op.region_count() {
            falls_through |= self.side(op.region(index), carried, |this| side(this, index));
        }
        self.after(op, results.len(), carried, falls_through)
    }

    fn result_types(&self, results: &[Type<'c>], carried: &[LocalId]) -> Vec<Type<'c>> {
        results.iter().copied().chain(carried.iter().map(|&id| self.ty(self.local(id).ty))).collect()
    }

    /// Splits the results of a branch into its values and the carried variables, which get their new values.
    fn after(&mut self, op: Op<'c>, results: usize, carried: &[LocalId], falls_through: bool) -> Vec<Value<'c>> {
        let values: Vec<_> = op.results().collect();
        self.rebind(carried, &values[results..]);
        if !falls_through {
            self.unreachable();
        }
        values[..results].to_vec()
    }

    /// `while`: `cond` is evaluated before each round.
    pub(crate) fn while_loop(
        &mut self,
        carried: Vec<LocalId>,
        cond: impl FnOnce(&mut Self) -> Value<'c>,
        body: impl FnOnce(&mut Self),
    ) {
        let types = self.result_types(&[], &carried);
        let inits = self.current(&carried);
        let op = mochi::while_(&self.builder, &inits, &types);
        self.fill(op.region(0), &types, |this, args| {
            this.rebind(&carried, &args);
            let cond = cond(this);
            if !this.terminated {
                mochi::condition(&this.builder, cond, &this.current(&carried));
                this.terminate();
            }
        });
        self.fill(op.region(1), &types, |this, args| {
            this.rebind(&carried, &args);
            this.loop_body(&carried, body);
        });
        self.rebind(&carried, &op.results().collect::<Vec<_>>());
    }

    /// `for iv in lower..upper`.
    pub(crate) fn for_loop(
        &mut self,
        bounds: (Value<'c>, Value<'c>),
        carried: Vec<LocalId>,
        body: impl FnOnce(&mut Self, Value<'c>),
    ) {
        let types = self.result_types(&[], &carried);
        let args: Vec<_> = std::iter::once(self.i64()).chain(types.iter().copied()).collect();
        let op = mochi::for_(&self.builder, bounds.0, bounds.1, &self.current(&carried), None, &types);
        self.fill(op.region(0), &args, |this, args| {
            this.rebind(&carried, &args[1..]);
            this.loop_body(&carried, |this| body(this, args[0]));
        });
        self.rebind(&carried, &op.results().collect::<Vec<_>>());
    }

    fn loop_body(&mut self, carried: &[LocalId], body: impl FnOnce(&mut Self)) {
        self.loops.push(carried.to_vec());
        body(self);
        self.loops.pop();
        self.yields(&[], carried);
    }

    pub(crate) fn break_loop(&mut self) {
        mochi::break_(&self.builder, &self.innermost_carried());
        self.terminate();
    }

    pub(crate) fn continue_loop(&mut self) {
        mochi::continue_(&self.builder, &self.innermost_carried());
        self.terminate();
    }

    /// The variables of the innermost loop as they are now. The checker rejects exits outside of loops.
    fn innermost_carried(&self) -> Vec<Value<'c>> {
        self.loops.last().map(|carried| self.current(carried)).unwrap_or_default()
    }
}
