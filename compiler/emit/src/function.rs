//! One function: its variables, its current block and the loops around it.

use crate::analysis::Assigned;
use crate::module::ModuleEmitter;
use mochi_diagnostics::Span;
use mochi_dialects::ir::{Attribute, Block, Builder, Location, Module, Type, Value};
use mochi_sema::hir::{self, Function, Local, LocalId, Storage};
use mochi_sema::ty::Ty;

/// Emits the body of one function.
pub(crate) struct FunctionEmitter<'m, 'c, 'p> {
    pub(crate) module: &'m ModuleEmitter<'c, 'p>,
    pub(crate) function: &'m Function,
    /// Where ops go next: always the end of a block.
    pub(crate) builder: Builder<'c>,
    /// The current value of each local in scope; the cell itself for locals in cells.
    pub(crate) values: Vec<Option<Value<'c>>>,
    /// Variables carried by the loops around the current block, innermost last.
    pub(crate) loops: Vec<Vec<LocalId>>,
    /// How many region ops enclose the current block.
    pub(crate) depth: usize,
    /// Code that cannot run, dropped at the end.
    pub(crate) scratch: Vec<Module<'c>>,
    /// The current block already has its terminator; what follows in the source cannot run.
    pub(crate) terminated: bool,
    /// The environment parameter of a closure.
    pub(crate) environment: Option<Value<'c>>,
    /// The position of all ops of a function that has none of its own.
    place: Option<Location<'c>>,
}

impl<'m, 'c, 'p> FunctionEmitter<'m, 'c, 'p> {
    /// Emits `func.func` for a function at the end of the builder's block.
    pub(crate) fn emit(module: &'m ModuleEmitter<'c, 'p>, builder: &Builder<'c>, function: &'m Function) {
        Self::emit_at(module, builder, function, None);
    }

    /// As `emit` for a function that the compiler made for what stands at `place`, if that is given.
    pub(crate) fn emit_at(
        module: &'m ModuleEmitter<'c, 'p>,
        builder: &Builder<'c>,
        function: &'m Function,
        place: Option<Location<'c>>,
    ) {
        let location = place.unwrap_or_else(|| module.location(function.span));
        let op = builder
            .at(location)
            .op("func.func")
            .attr("sym_name", module.string(&module.function_symbol(function)))
            .attr("function_type", Attribute::type_attr(module.function_type(function)))
            .attr("sym_visibility", module.string("private"))
            .opt_attr("mochi.name", module.shown_name(function).map(|name| module.string(&name)))
            .regions(1)
            .build();
        let params: Vec<(Type<'c>, Location<'c>)> = function
            .params
            .iter()
            .map(|&param| {
                let local = &function.locals[param.0 as usize];
                (module.types.get(local.ty), module.location(local.span))
            })
            .chain(function.is_closure.then(|| (Type::env(module.context), location)))
            .collect();
        let block = op.region(0).append_block(&params);
        let mut emitter = FunctionEmitter {
            module,
            function,
            builder: module.builder_in(block, location),
            values: vec![None; function.locals.len()],
            loops: Vec::new(),
            depth: 0,
            scratch: Vec::new(),
            terminated: false,
            environment: function.is_closure.then(|| block.arg(params.len() - 1)),
            place,
        };
        emitter.bind_parameters(block);
        emitter.bind_captures();
        emitter.emit_block(&function.body);
        emitter.finish();
        // Last first: later dead code may use values of earlier dead code.
        while let Some(scratch) = emitter.scratch.pop() {
            drop(scratch);
        }
    }

    fn bind_parameters(&mut self, block: Block<'c>) {
        for (index, &param) in self.function.params.iter().enumerate() {
            self.declare(param, block.arg(index));
        }
    }

    fn bind_captures(&mut self) {
        let Some(environment) = self.environment else { return };
        for (index, &capture) in self.function.captures.iter().enumerate() {
            let local = self.local(capture);
            let ty = self.storage_type(local);
            let value = self.closure_capture(environment, index, ty);
            self.values[capture.0 as usize] = Some(value);
        }
    }

    /// The end of the body: the entry function lets go of the globals; any other result must have been returned.
    fn finish(&mut self) {
        if self.terminated {
            return;
        }
        if self.is_entry() {
            for index in 0..self.module.program.globals.len() {
                self.global_clear(hir::GlobalId(index as u32));
            }
        }
        if self.function.result == Ty::UNIT {
            self.function_return(&[]);
        } else {
            let message = format!("function `{}` ended without returning a value", self.function.name);
            let message = self.str_constant(&message);
            self.panic(message);
            self.unreachable();
        }
    }

    fn is_entry(&self) -> bool {
        std::ptr::eq(self.function, &self.module.program.functions[self.module.program.entry.0 as usize])
    }

    pub(crate) fn program(&self) -> &'m hir::Program {
        self.module.program
    }

    pub(crate) fn local(&self, id: LocalId) -> &'m Local {
        &self.function.locals[id.0 as usize]
    }

    pub(crate) fn ty(&self, ty: Ty) -> Type<'c> {
        self.module.types.get(ty)
    }

    /// The type of what `values` holds for a local.
    pub(crate) fn storage_type(&self, local: &Local) -> Type<'c> {
        match local.storage {
            Storage::Value => self.ty(local.ty),
            Storage::Cell => Type::cell(self.ty(local.ty)),
        }
    }

    /// Sets the position of the ops that follow; returns the one before.
    pub(crate) fn enter(&mut self, span: Span) -> Location<'c> {
        let previous = self.builder.loc();
        self.builder.set_loc(self.place.unwrap_or_else(|| self.module.location(span)));
        previous
    }

    /// A fresh variable with its first value.
    pub(crate) fn declare(&mut self, id: LocalId, value: Value<'c>) {
        let local = self.local(id);
        let stored = match local.storage {
            Storage::Value => value,
            Storage::Cell => self.cell_new(value),
        };
        self.values[id.0 as usize] = Some(stored);
        self.debug_variable(local, value);
    }

    pub(crate) fn assign_local(&mut self, id: LocalId, value: Value<'c>) {
        let local = self.local(id);
        match local.storage {
            Storage::Value => self.values[id.0 as usize] = Some(value),
            Storage::Cell => {
                let cell = self.stored(id);
                self.cell_set(cell, value);
            }
        }
        self.debug_variable(local, value);
    }

    pub(crate) fn read_local(&mut self, id: LocalId) -> Value<'c> {
        let stored = self.stored(id);
        match self.local(id).storage {
            Storage::Value => stored,
            Storage::Cell => self.cell_get(stored),
        }
    }

    /// The value or cell of a local. The type checker guarantees that a local is declared before it is mentioned.
    pub(crate) fn stored(&self, id: LocalId) -> Value<'c> {
        self.values[id.0 as usize].expect("locals are declared before they are used")
    }

    /// Of the assigned locals, those that are variables of the code outside: a region op carries them.
    pub(crate) fn carried(&self, assigned: &Assigned) -> Vec<LocalId> {
        assigned
            .iter()
            .copied()
            .filter(|&id| self.values[id.0 as usize].is_some() && self.local(id).storage == Storage::Value)
            .collect()
    }

    pub(crate) fn current(&self, carried: &[LocalId]) -> Vec<Value<'c>> {
        carried.iter().map(|&id| self.stored(id)).collect()
    }

    pub(crate) fn rebind(&mut self, carried: &[LocalId], values: &[Value<'c>]) {
        for (&id, &value) in carried.iter().zip(values) {
            self.values[id.0 as usize] = Some(value);
            self.debug_variable(self.local(id), value);
        }
    }

    fn debug_variable(&mut self, local: &Local, value: Value<'c>) {
        if self.module.options.debug_info && !local.synthetic && !self.terminated {
            let type_name = self.type_name(local.ty);
            self.debug_value(&local.name, &type_name, value);
        }
    }
}
