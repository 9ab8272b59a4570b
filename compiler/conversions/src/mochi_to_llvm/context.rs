//! What all patterns of one conversion share: the program's types, and the module-level things made on demand
//! (literals, file names, runtime declarations), each once.

use super::{
    layout::{Types, display, place},
    variables::Variable,
};
use mochi_dialects::ir::{Attribute, Block, Builder, Ctx, Location, Op, Type, Value, WalkOrder, WalkResult};
use mochi_dialects::mochi::{ClosureNew, Global, RecordType, UnionType};
use mochi_passes::analysis::cycles::Cycles;
use mochi_runtime_abi::{AbiType, Attrs, IMMORTAL, Symbol, symbols::symbol};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

/// Fields of a record or of a variant.
#[derive(Clone)]
pub(crate) struct Fields<'c> {
    pub names: Vec<String>,
    pub types: Vec<Type<'c>>,
    pub offsets: Vec<u64>,
    /// Bytes of the whole object.
    pub size: u64,
}

pub(crate) struct RecordInfo<'c> {
    pub display: String,
    pub anonymous: bool,
    pub fields: Fields<'c>,
}

pub(crate) struct UnionInfo<'c> {
    pub display: String,
    pub variants: Vec<(String, Fields<'c>)>,
}

impl UnionInfo<'_> {
    pub(crate) fn tag(&self, variant: &str) -> Option<usize> {
        self.variants.iter().position(|(name, _)| name == variant)
    }
}

pub(crate) struct Cx<'c> {
    pub ctx: Ctx<'c>,
    pub t: Types<'c>,
    /// The module's block: new globals and functions go to its end.
    pub body: Block<'c>,
    /// The location of what has no place in the program: its file, line 0.
    pub nowhere: Location<'c>,
    pub records: HashMap<&'c str, RecordInfo<'c>>,
    pub unions: HashMap<&'c str, UnionInfo<'c>>,
    /// Captured types of lifted functions, by name.
    pub captures: HashMap<&'c str, Vec<Type<'c>>>,
    /// Types of module variables.
    pub globals: HashMap<&'c str, Type<'c>>,
    /// Types of the module's functions before conversion.
    pub functions: HashMap<&'c str, Type<'c>>,
    /// Types whose objects can form cycles. Found here and not by a pass of its own: the stores that make the
    /// difference are still operations of the dialect, and nothing can come between the answer and its use.
    pub cycles: Cycles<'c>,
    /// Module-level symbols already made, by what they are for.
    made: RefCell<HashMap<String, String>>,
    tags: RefCell<HashMap<String, Attribute<'c>>>,
    /// Stack slots, by function body (address of its region) and number.
    pub slots: RefCell<HashMap<(usize, usize), Value<'c>>>,
    /// What is known of the results of `mochi.str.get`, by the result before conversion (its address).
    pub characters: RefCell<HashMap<usize, Character<'c>>>,
    /// Source variables by function.
    pub variables: RefCell<HashMap<String, Vec<Variable<'c>>>>,
    counter: Cell<usize>,
}

/// A string made by indexing.
#[derive(Clone, Copy)]
pub(crate) struct Character<'c> {
    /// The ASCII code if the string was ASCII text, else -1.
    pub code: Value<'c>,
    /// Whether the character may have been allocated.
    pub allocated: Value<'c>,
}

impl<'c> Cx<'c> {
    pub(crate) fn new(module: Op<'c>) -> Option<Self> {
        let ctx = module.context();
        let body = module.region(0).entry()?;
        let mut cx = Cx {
            ctx,
            t: Types::new(ctx),
            body,
            nowhere: nowhere(module),
            records: HashMap::new(),
            unions: HashMap::new(),
            captures: HashMap::new(),
            globals: HashMap::new(),
            functions: HashMap::new(),
            cycles: Cycles::of_module(module),
            made: RefCell::default(),
            tags: RefCell::default(),
            slots: RefCell::default(),
            characters: RefCell::default(),
            variables: RefCell::default(),
            counter: Cell::new(0),
        };
        for op in body.ops() {
            cx.read_definition(op);
        }
        let mut captures = HashMap::new();
        module.walk(WalkOrder::PreOrder, |op| {
            if let Some(new) = ClosureNew::cast(op) {
                captures.insert(new.callee(), new.captures().iter().map(|v| v.ty()).collect());
            }
            WalkResult::Advance
        });
        cx.captures = captures;
        Some(cx)
    }

    fn read_definition(&mut self, op: Op<'c>) {
        if let Some(def) = RecordType::cast(op) {
            let info = RecordInfo {
                display: def.display_name().unwrap_or(def.sym_name()).to_owned(),
                anonymous: def.anonymous(),
                fields: fields(&def.fields(), def.types(), 8),
            };
            self.records.insert(def.sym_name(), info);
        } else if let Some(def) = UnionType::cast(op) {
            let names = def.field_names().as_array().unwrap_or_default();
            let types = def.field_types().as_array().unwrap_or_default();
            let variants = def.variants().into_iter().zip(names.into_iter().zip(types));
            let variants = variants.map(|(variant, (names, types))| {
                let names: Vec<&str> =
                    names.as_array().unwrap_or_default().into_iter().filter_map(Attribute::as_str).collect();
                let types = types.as_array().unwrap_or_default().into_iter().filter_map(Attribute::as_type).collect();
                (variant.to_owned(), fields(&names, types, 16))
            });
            let info = UnionInfo {
                display: def.display_name().unwrap_or(def.sym_name()).to_owned(),
                variants: variants.collect(),
            };
            self.unions.insert(def.sym_name(), info);
        } else if let Some(def) = Global::cast(op) {
            self.globals.insert(def.sym_name(), def.type_());
        } else if op.is("func.func")
            && let (Some(name), Some(ty)) = (op.symbol_name(), op.attr("function_type"))
            && let Some(ty) = ty.as_type()
        {
            self.functions.insert(name, ty);
        }
    }

    /// A builder for module-level things.
    pub(crate) fn module_builder(&self) -> Builder<'c> {
        Builder::at_end(self.body).at(self.nowhere)
    }

    /// The symbol made for `key`, or what `make` makes under a fresh name that starts with `prefix`. The name is
    /// known before `make` runs, so definitions may be recursive.
    pub(crate) fn once(&self, key: &str, prefix: &str, make: impl FnOnce(&str)) -> String {
        if let Some(name) = self.made.borrow().get(key) {
            return name.clone();
        }
        let n = self.counter.get();
        self.counter.set(n + 1);
        let name = format!("{prefix}.{n}");
        self.made.borrow_mut().insert(key.to_owned(), name.clone());
        make(&name);
        name
    }

    /// As `once` with a name that is fixed.
    pub(crate) fn once_named(&self, name: &str, make: impl FnOnce()) {
        if self.made.borrow().contains_key(name) {
            return;
        }
        self.made.borrow_mut().insert(name.to_owned(), name.to_owned());
        make();
    }

    pub(crate) fn type_name(&self, ty: Type<'c>) -> String {
        display(ty, &|sym| {
            self.records
                .get(sym)
                .map(|r| r.display.clone())
                .or_else(|| self.unions.get(sym).map(|u| u.display.clone()))
                .unwrap_or_else(|| sym.to_owned())
        })
    }

    // --- alias tags --------------------------------------------------------------------------------

    /// The alias tag of a kind of memory. Accesses with different tags never touch the same bytes.
    pub(crate) fn tag(&self, name: &str) -> Attribute<'c> {
        if let Some(tag) = self.tags.borrow().get(name) {
            return *tag;
        }
        let ty = format!("#llvm.tbaa_type_desc<id = \"{name}\", members = {{<#llvm.tbaa_root<id = \"Mochi\">, 0>}}>");
        let text = format!("#llvm.tbaa_tag<base_type = {ty}, access_type = {ty}, offset = 0>");
        let tag = Attribute::parse(self.ctx, &text).expect("a well-formed alias tag");
        let list = Attribute::array(self.ctx, &[tag]);
        self.tags.borrow_mut().insert(name.to_owned(), list);
        list
    }

    // --- module-level data -------------------------------------------------------------------------

    /// Starts an internal global.
    fn global(&self, name: &str, ty: Type<'c>, value: Option<Attribute<'c>>, constant: bool, align: i64) -> Op<'c> {
        let linkage = self.linkage("internal");
        self.module_builder()
            .op("llvm.mlir.global")
            .attr("sym_name", Attribute::string(self.ctx, name))
            .attr("global_type", Attribute::type_attr(ty))
            .attr("linkage", linkage)
            .opt_attr("value", value)
            .flag("constant", constant)
            .attr("alignment", Attribute::int(self.ctx, align))
            .attr("addr_space", Attribute::int_of(self.t.i32, 0))
            .regions(1)
            .build()
    }

    pub(crate) fn linkage(&self, kind: &str) -> Attribute<'c> {
        Attribute::parse(self.ctx, &format!("#llvm.linkage<{kind}>")).expect("a known linkage")
    }

    /// A null-terminated file name.
    pub(crate) fn file_name(&self, file: &str) -> String {
        self.once(&format!("file {file}"), "mochi.file", |name| {
            let text = format!("{file}\0");
            let ty = Type::llvm_array(self.t.i8, text.len() as u32);
            self.global(name, ty, Some(Attribute::string(self.ctx, &text)), true, 1);
        })
    }

    /// Bytes of a name, without a terminator.
    pub(crate) fn bytes(&self, text: &str) -> String {
        self.once(&format!("bytes {text}"), "mochi.name", |name| {
            // LLVM has no arrays of no elements in globals worth having: one spare byte does.
            let data = if text.is_empty() { "\0" } else { text };
            let ty = Type::llvm_array(self.t.i8, data.len() as u32);
            self.global(name, ty, Some(Attribute::string(self.ctx, data)), true, 1);
        })
    }

    /// A string object. Writable, because counting its references must not fault.
    pub(crate) fn literal(&self, text: &str) -> String {
        self.once(&format!("string {text}"), "mochi.string", |name| {
            let (c, i64) = (self.ctx, self.t.i64);
            let data = if text.is_empty() { "\0" } else { text };
            let ty = Type::llvm_struct(c, &[i64, i64, i64, i64, Type::llvm_array(self.t.i8, data.len() as u32)]);
            let words = [IMMORTAL, text.len() as i64, text.chars().count() as i64, 0];
            let mut parts: Vec<Attribute<'c>> = words.iter().map(|w| Attribute::int(c, *w)).collect();
            parts.push(Attribute::string(c, data));
            self.global(name, ty, Some(Attribute::array(c, &parts)), false, 8);
        })
    }

    /// An immortal object of i64 words.
    pub(crate) fn static_words(&self, key: &str, words: &[i64]) -> String {
        self.once(key, "mochi.static", |name| {
            let fields: Vec<Type<'c>> = words.iter().map(|_| self.t.i64).collect();
            let parts: Vec<Attribute<'c>> = words.iter().map(|w| Attribute::int(self.ctx, *w)).collect();
            let ty = Type::llvm_struct(self.ctx, &fields);
            self.global(name, ty, Some(Attribute::array(self.ctx, &parts)), false, 8);
        })
    }

    /// The one object of a variant without fields; static, so that it is never destroyed.
    pub(crate) fn static_variant(&self, union: &str, variant: &str, tag: usize) -> String {
        self.static_words(&format!("union.{union}.{variant}"), &[IMMORTAL, tag as i64])
    }

    /// A global whose initial value is computed by a region: (symbol name, type, parts). Parts left out are zero.
    pub(crate) fn built_global(
        &self,
        name: &str,
        ty: Type<'c>,
        constant: bool,
        fill: impl FnOnce(&Builder<'c>, &dyn Fn(&[i64], Value<'c>)),
    ) {
        let op = self.global(name, ty, None, constant, 8);
        let block = op.region(0).append_block(&[]);
        let b = Builder::at_end(block);
        let acc = Cell::new(b.op("llvm.mlir.zero").result(ty).build().result(0));
        fill(&b, &|path, value| {
            let next = b
                .op("llvm.insertvalue")
                .operands(&[acc.get(), value])
                .attr("position", Attribute::dense_i64(self.ctx, path))
                .result(ty)
                .build();
            acc.set(next.result(0));
        });
        b.op("llvm.return").operand(acc.get()).build();
    }

    /// A zero-initialised variable.
    pub(crate) fn variable(&self, name: &str, ty: Type<'c>) {
        self.built_global(name, ty, false, |_, _| {});
    }

    /// A variable that starts out with the address of a static object.
    pub(crate) fn reference_variable(&self, name: &str, object: &str) {
        let op = self.global(name, self.t.ptr, None, false, 8);
        let b = Builder::at_end(op.region(0).append_block(&[]));
        let address = b
            .op("llvm.mlir.addressof")
            .attr("global_name", Attribute::symbol(self.ctx, object))
            .result(self.t.ptr)
            .build();
        b.op("llvm.return").operand(address.result(0)).build();
    }

    /// Declares data of the runtime.
    pub(crate) fn external_data(&self, name: &str, size: u32, constant: bool) {
        self.once_named(name, || {
            self.module_builder()
                .op("llvm.mlir.global")
                .attr("sym_name", Attribute::string(self.ctx, name))
                .attr("global_type", Attribute::type_attr(Type::llvm_array(self.t.i8, size)))
                .attr("linkage", self.linkage("external"))
                .flag("constant", constant)
                .attr("alignment", Attribute::int(self.ctx, 8))
                .attr("addr_space", Attribute::int_of(self.t.i32, 0))
                .regions(1)
                .build();
        });
    }

    // --- functions ---------------------------------------------------------------------------------

    /// The runtime symbol of this name, declared in the module.
    pub(crate) fn runtime(&self, name: &str) -> &'static Symbol {
        let symbol = symbol(name).unwrap_or_else(|| panic!("{name} is not in the runtime's table"));
        self.once_named(name, || self.declare(symbol));
        symbol
    }

    /// The LLVM function type of a runtime symbol.
    pub(crate) fn runtime_type(&self, symbol: &Symbol) -> Type<'c> {
        let params: Vec<Type<'c>> =
            symbol.params.iter().flat_map(|p| p.params()).map(|s| self.abi_scalar(*s)).collect();
        let result = symbol.result.result().map_or(self.t.void, |s| self.abi_scalar(s));
        Type::llvm_function(result, &params)
    }

    pub(crate) fn abi_scalar(&self, s: mochi_runtime_abi::Scalar) -> Type<'c> {
        use mochi_runtime_abi::Scalar as S;
        match s {
            S::I1 => self.t.i1,
            S::I64 => self.t.i64,
            S::F64 => self.t.f64,
            S::Ptr => self.t.ptr,
        }
    }

    fn declare(&self, symbol: &Symbol) {
        let c = self.ctx;
        let mut pass: Vec<&str> = vec!["nounwind"];
        let b = self.module_builder();
        let may_stop = symbol.params.contains(&AbiType::Position);
        let mut op = b
            .op("llvm.func")
            .attr("sym_name", Attribute::string(c, symbol.name))
            .attr("function_type", Attribute::type_attr(self.runtime_type(symbol)))
            .attr("linkage", self.linkage("external"))
            .regions(1);
        if symbol.attrs.has(Attrs::COLD) {
            pass.push("cold");
        }
        if symbol.attrs.has(Attrs::NORETURN) {
            pass.push("noreturn");
        }
        let access = if symbol.attrs.has(Attrs::READNONE) {
            Some("none")
        } else if symbol.attrs.has(Attrs::READONLY) && !may_stop {
            Some("read")
        } else {
            None
        };
        if let Some(access) = access {
            pass.push("willreturn");
            op = op.attr("memory_effects", self.memory_effects(access));
        }
        if symbol.attrs.has(Attrs::ALLOC) {
            let fresh = Attribute::parse(c, "[{llvm.noalias, llvm.nonnull, llvm.noundef}]");
            op = op.opt_attr("res_attrs", fresh);
        }
        op.attr("passthrough", Attribute::strings(c, &pass)).build();
    }

    fn memory_effects(&self, access: &str) -> Attribute<'c> {
        let places = ["other", "argMem", "inaccessibleMem", "errnoMem", "targetMem0", "targetMem1"];
        let list: Vec<String> = places.iter().map(|p| format!("{p} = {access}")).collect();
        Attribute::parse(self.ctx, &format!("#llvm.memory_effects<{}>", list.join(", ")))
            .expect("well-formed memory effects")
    }

    /// An internal function with a body; gives its op.
    pub(crate) fn internal_function(&self, name: &str, ty: Type<'c>, attributes: &[&str]) -> Op<'c> {
        self.module_builder()
            .op("llvm.func")
            .attr("sym_name", Attribute::string(self.ctx, name))
            .attr("function_type", Attribute::type_attr(ty))
            .attr("linkage", self.linkage("internal"))
            .attr("passthrough", Attribute::strings(self.ctx, attributes))
            .regions(1)
            .build()
    }
}

/// Line tables need a file for every instruction, and read line 0 as "made by the compiler".
fn nowhere<'c>(module: Op<'c>) -> Location<'c> {
    let named = |op: Op<'c>| op.loc().span().map(|s| s.file);
    let file = named(module).or_else(|| module.region(0).entry()?.ops().find_map(named));
    Location::file(module.context(), file.unwrap_or("<mochi>"), 0, 0)
}

fn fields<'c>(names: &[&str], types: Vec<Type<'c>>, start: u64) -> Fields<'c> {
    let (offsets, size) = place(&types, start);
    Fields { names: names.iter().map(|n| (*n).to_owned()).collect(), types, offsets, size }
}
