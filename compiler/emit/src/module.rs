//! The module: type declarations, globals and functions.

use crate::convert::adapter_function;
use crate::function::FunctionEmitter;
use crate::globals::read_before_written;
use crate::types::TypeMap;
use mochi_diagnostics::{SourceFile, Span};
use mochi_dialects::ir::{Attribute, Block, Builder, Context, Location, Module, Type};
use mochi_dialects::mochi;
use mochi_sema::hir::{self, FunctionKind};
use mochi_sema::ty::Ty;
use std::cell::RefCell;
use std::collections::HashSet;

/// What changes the shape of the emitted module.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmitOptions {
    /// Emit `mochi.debug.variable` for source variables.
    pub debug_info: bool,
    /// Integer arithmetic wraps instead of failing on overflow.
    pub wrap_int: bool,
}

/// Emits the module of a checked program. Every op carries the position of the construct it comes from.
pub fn emit<'c>(context: &'c Context, program: &hir::Program, source: &SourceFile, options: EmitOptions) -> Module<'c> {
    let module = Module::new(Location::file(context, &source.name(), 1, 1));
    let emitter = ModuleEmitter {
        context,
        program,
        source,
        options,
        types: TypeMap::new(context, program),
        file: source.name(),
        nullable_globals: read_before_written(program),
        adapters: RefCell::default(),
    };
    let builder = Builder::at_end(module.body());
    emitter.emit_types(&builder);
    emitter.emit_globals(&builder);
    for function in &program.functions {
        FunctionEmitter::emit(&emitter, &builder, function);
    }
    emitter.emit_adapters(&builder);
    module
}

/// A function that makes a closure of one function type usable as another. Each place has its own: what fails in it
/// fails there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Adapter<'c> {
    pub(crate) from: Ty,
    pub(crate) to: Ty,
    pub(crate) place: Location<'c>,
}

/// What every function emitter reads.
pub(crate) struct ModuleEmitter<'c, 'p> {
    pub(crate) context: &'c Context,
    pub(crate) program: &'p hir::Program,
    pub(crate) source: &'p SourceFile,
    pub(crate) options: EmitOptions,
    pub(crate) types: TypeMap<'c>,
    /// The path of the source as positions show it.
    file: String,
    /// Module variables that are null until they are assigned, with a check at each read.
    nullable_globals: HashSet<hir::GlobalId>,
    /// Adapters asked for; the index names the function.
    adapters: RefCell<Vec<Adapter<'c>>>,
}

impl<'c> ModuleEmitter<'c, '_> {
    /// The location of the start of a span; line 0 for what the compiler made up, which stands behind the text.
    pub(crate) fn location(&self, span: Span) -> Location<'c> {
        if self.is_made_up(span) {
            return Location::file(self.context, &self.file, 0, 0);
        }
        let position = self.source.line_column(span.start);
        if self.source.is_single() {
            return Location::file(self.context, &self.file, position.line, position.column);
        }
        Location::file(self.context, &self.source.name_at(span.start), position.line, position.column)
    }

    fn is_made_up(&self, span: Span) -> bool {
        span.start as usize > self.source.text().len()
    }

    /// A builder at the end of a block whose region no op has taken yet.
    pub(crate) fn builder_in(&self, block: Block<'c>, location: Location<'c>) -> Builder<'c> {
        let builder = Builder::detached(self.context).at(location);
        builder.set_end(block);
        builder
    }

    /// The symbol of the function behind an adapter.
    pub(crate) fn adapter(&self, adapter: Adapter<'c>) -> String {
        let mut adapters = self.adapters.borrow_mut();
        let index = adapters.iter().position(|&known| known == adapter).unwrap_or_else(|| {
            adapters.push(adapter);
            adapters.len() - 1
        });
        adapter_symbol(index)
    }

    /// Adapters may need further adapters for their own arguments, so the list can grow on the way.
    fn emit_adapters(&self, builder: &Builder<'c>) {
        let mut index = 0;
        loop {
            let Some(&adapter) = self.adapters.borrow().get(index) else { break };
            if let Some(function) = adapter_function(&self.program.types, adapter, adapter_symbol(index)) {
                FunctionEmitter::emit_at(self, builder, &function, Some(adapter.place));
            }
            index += 1;
        }
    }

    /// The symbol of a function. The prefix keeps it apart from the C library's functions and the runtime's `main`:
    /// the machine's linker sees all of them.
    pub(crate) fn function_symbol(&self, function: &hir::Function) -> String {
        let entry = &self.program.functions[self.program.entry.0 as usize];
        if std::ptr::eq(function, entry) { function.symbol.clone() } else { format!("fn.{}", function.symbol) }
    }

    /// How call stacks and debuggers call the function; `None` if they should not mention it. The runtime knows the
    /// name of the top level (`runtime/core/src/backtrace/mod.rs`).
    pub(crate) fn shown_name(&self, function: &hir::Function) -> Option<String> {
        if self.is_made_up(function.span) {
            return None;
        }
        match function.kind {
            FunctionKind::TopLevel => Some("main program".to_owned()),
            FunctionKind::Named => Some(function.name.clone()),
            FunctionKind::Lambda => Some(format!("fun (line {})", self.source.line_column(function.span.start).line)),
            FunctionKind::Made => None,
        }
    }

    /// The symbol of a global variable; the prefix keeps it apart from functions.
    pub(crate) fn global_symbol(&self, id: hir::GlobalId) -> String {
        let global = &self.program.globals[id.0 as usize];
        format!("global.{}.{}", global.name, id.0)
    }

    fn emit_types(&self, builder: &Builder<'c>) {
        for (index, record) in self.program.records.iter().enumerate() {
            let builder = builder.at(self.location(record.span));
            let names: Vec<_> = record.fields.iter().map(|field| field.name.as_str()).collect();
            let types: Vec<_> = record.fields.iter().map(|field| self.types.get(field.ty)).collect();
            let symbol = self.types.record_symbol(index);
            mochi::record_type(&builder, &symbol, &names, &types, record.anonymous, Some(&record.name));
        }
        for (index, union) in self.program.unions.iter().enumerate() {
            let builder = builder.at(self.location(union.span));
            let names: Vec<_> = union.variants.iter().map(|variant| variant.name.as_str()).collect();
            let (field_names, field_types): (Vec<_>, Vec<_>) =
                union.variants.iter().map(|variant| self.fields(&variant.fields)).unzip();
            mochi::union_type(
                &builder,
                &self.types.union_symbol(index),
                &names,
                Attribute::array(self.context, &field_names),
                Attribute::array(self.context, &field_types),
                Some(&union.name),
            );
        }
    }

    fn fields(&self, fields: &[hir::Field]) -> (Attribute<'c>, Attribute<'c>) {
        let names: Vec<_> = fields.iter().map(|field| self.string(&field.name)).collect();
        let types: Vec<_> = fields.iter().map(|field| Attribute::type_attr(self.types.get(field.ty))).collect();
        (Attribute::array(self.context, &names), Attribute::array(self.context, &types))
    }

    /// Whether reading the variable must be checked.
    pub(crate) fn is_nullable(&self, global: hir::GlobalId) -> bool {
        self.nullable_globals.contains(&global)
    }

    /// The type of what a module variable stores.
    pub(crate) fn global_type(&self, id: hir::GlobalId) -> Type<'c> {
        let ty = self.types.get(self.program.globals[id.0 as usize].ty);
        if self.is_nullable(id) { Type::option(ty) } else { ty }
    }

    fn emit_globals(&self, builder: &Builder<'c>) {
        for (index, global) in self.program.globals.iter().enumerate() {
            let id = hir::GlobalId(index as u32);
            mochi::global(&builder.at(self.location(global.span)), &self.global_symbol(id), self.global_type(id));
        }
    }

    pub(crate) fn string(&self, text: &str) -> Attribute<'c> {
        Attribute::string(self.context, text)
    }

    /// The function type of a function's `func.func`.
    pub(crate) fn function_type(&self, function: &hir::Function) -> Type<'c> {
        let mut inputs: Vec<Type<'c>> =
            function.params.iter().map(|&param| self.types.get(function.locals[param.0 as usize].ty)).collect();
        if function.is_closure {
            inputs.push(Type::env(self.context));
        }
        let results: Vec<Type<'c>> = self.types.result(function.result).into_iter().collect();
        Type::function(self.context, &inputs, &results)
    }
}

fn adapter_symbol(index: usize) -> String {
    format!("adapter.{index}")
}
