//! Region ops: building their regions, carrying the variables that they assign.

use crate::function::FunctionEmitter;
use mochi_dialects::ir::{Attribute, Region, Type, Value};
use mochi_sema::hir::LocalId;

/// A region in the making: what to restore when it is done.
struct Outside<'c> {
    builder: mochi_dialects::ir::Builder<'c>,
    values: Vec<Option<Value<'c>>>,
    terminated: bool,
}

impl<'m, 'c, 'p> FunctionEmitter<'m, 'c, 'p> {
    /// Emits a region: `body` runs with the insertion point in the region's only block and must leave it terminated.
    /// Variables have their outside values again afterwards.
    fn region(&mut self, args: &[Type<'c>], body: impl FnOnce(&mut Self, Vec<Value<'c>>)) -> Region<'c> {
        let region = Region::new_detached();
        let location = self.builder.loc();
        let args: Vec<_> = args.iter().map(|&ty| (ty, location)).collect();
        let block = region.append_block(&args);
        let outside = Outside {
            builder: self.builder.clone(),
            values: self.values.clone(),
            terminated: std::mem::replace(&mut self.terminated, false),
        };
        self.builder = mochi_dialects::ir::Builder::at_end(block).at(location);
        self.depth += 1;
        body(self, block.args().collect());
        if !self.terminated {
            self.unreachable();
        }
        self.depth -= 1;
        self.builder = outside.builder;
        self.values = outside.values;
        self.terminated = outside.terminated;
        region
    }

    fn yields(&mut self, values: &[Value<'c>], carried: &[LocalId]) {
        if !self.terminated {
            let all: Vec<_> = values.iter().copied().chain(self.current(carried)).collect();
            self.terminate("mochi.yield", &all);
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
        let mut falls_through = false;
        let mut emit_side = |this: &mut Self, side: &mut dyn FnMut(&mut Self) -> Vec<Value<'c>>| {
            this.region(&[], |this, _| {
                let values = side(this);
                falls_through |= !this.terminated;
                this.yields(&values, carried);
            })
        };
        let (mut then, mut els) = (Some(then), Some(els));
        let then_region = emit_side(self, &mut |this| (then.take().expect("called once"))(this));
        let else_region = emit_side(self, &mut |this| (els.take().expect("called once"))(this));
        let types = self.result_types(results, carried);
        let values = self.region_op("mochi.if", &[cond], &[], &types, vec![then_region, else_region]);
        self.after(values, results.len(), carried, falls_through)
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
        let mut falls_through = false;
        let regions = (0..=cases.len())
            .map(|index| {
                self.region(&[], |this, _| {
                    let values = side(this, index);
                    falls_through |= !this.terminated;
                    this.yields(&values, carried);
                })
            })
            .collect();
        let types = self.result_types(results, carried);
        let cases = Attribute::dense_i64(self.module.context, cases);
        let values = self.region_op("mochi.switch", &[selector], &[("cases", cases)], &types, regions);
        self.after(values, results.len(), carried, falls_through)
    }

    fn result_types(&self, results: &[Type<'c>], carried: &[LocalId]) -> Vec<Type<'c>> {
        results.iter().copied().chain(carried.iter().map(|&id| self.ty(self.local(id).ty))).collect()
    }

    /// Splits the results of a branch into its values and the carried variables, which get their new values.
    fn after(
        &mut self,
        values: Vec<Value<'c>>,
        results: usize,
        carried: &[LocalId],
        falls_through: bool,
    ) -> Vec<Value<'c>> {
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
        let before = self.region(&types, |this, args| {
            this.rebind(&carried, &args);
            let cond = cond(this);
            let operands: Vec<_> = std::iter::once(cond).chain(this.current(&carried)).collect();
            this.terminate("mochi.condition", &operands);
        });
        let body = self.region(&types, |this, args| {
            this.rebind(&carried, &args);
            this.loop_body(&carried, body);
        });
        let results = self.region_op("mochi.while", &inits, &[], &types, vec![before, body]);
        self.rebind(&carried, &results);
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
        let operands: Vec<_> = [bounds.0, bounds.1].into_iter().chain(self.current(&carried)).collect();
        let body = self.region(&args, |this, args| {
            this.rebind(&carried, &args[1..]);
            this.loop_body(&carried, |this| body(this, args[0]));
        });
        let step = Attribute::int_of(self.i64(), 1);
        let results = self.region_op("mochi.for", &operands, &[("step", step)], &types, vec![body]);
        self.rebind(&carried, &results);
    }

    fn loop_body(&mut self, carried: &[LocalId], body: impl FnOnce(&mut Self)) {
        self.loops.push(carried.to_vec());
        body(self);
        self.loops.pop();
        self.yields(&[], carried);
    }

    /// `break` or `continue` of the innermost loop.
    pub(crate) fn leave_loop(&mut self, op: &str) {
        // The checker rejects both outside of loops.
        let carried = self.loops.last().cloned().unwrap_or_default();
        let values = self.current(&carried);
        self.terminate(op, &values);
    }
}
