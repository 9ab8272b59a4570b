//! From the syntax tree to the typed program: permissive typing.
//!
//! The whole program is walked again and again. Every walk lowers all reachable functions with the types known so far and lets
//! values flow into the type slots of `infer`; contents only rise, so this ends. When a walk changes nothing, what is still
//! unknown becomes `any`, and one more walk — the final one — produces the program. One code path thus serves inference and
//! lowering, and only the final walk's reports count.

mod access;
mod build;
mod builtin;
mod call;
mod closure;
mod declare;
mod desugar;
mod expr;
mod ffi;
mod finish;
mod function;
mod generic;
mod infer;
mod lint;
mod literal;
mod matching;
mod narrow;
mod operator;
mod origin;
mod outside;
mod query;
mod scope;
mod stmt;
mod types;
mod unused;
mod update;

use crate::hir;
use crate::ty::{RecordId, Ty, Types, UnionId};
use infer::{Obj, Slot, Table};
use mochi_diagnostics::{Diagnostic, Severity, SourceFile, Span};
use mochi_syntax::{Symbol, ast};
use origin::Origin;
use scope::FnCtx;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What the type `int` means.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum IntMode {
    /// 64 bits, overflow is an error.
    #[default]
    Check,
    /// 64 bits, overflow wraps.
    Wrap,
    /// Arbitrary precision: `int` means `bigint`.
    Exact,
}

#[derive(Clone, Debug, Default)]
pub struct LowerOptions {
    pub int: IntMode,
    /// Include only this `test` block (number in source order); `None` runs all test bodies in place.
    pub test: Option<usize>,
    /// Look into functions that nothing calls, too: see [`Lowered::unused`].
    pub unused: bool,
    /// What the program's imports lead to.
    pub packages: Packages,
}

/// The packages of a program, read and parsed by the caller. All positions are in one source (see `SourceFile::append`) and
/// all expressions are numbered apart (see `parse_part`).
#[derive(Clone, Debug, Default)]
pub struct Packages {
    pub packages: Vec<Package>,
    /// Start of the path in an import statement, in whatever file, to the number of the package.
    pub imports: HashMap<u32, usize>,
    /// All expression numbers are below this.
    pub expr_count: u32,
}

/// One imported package.
#[derive(Clone, Debug)]
pub struct Package {
    /// As traces show it.
    pub name: String,
    /// Its files, in order.
    pub files: Vec<ast::Program>,
}

/// What a package offers: exported names and what they have become.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackageMembers {
    pub exported: HashMap<Symbol, Symbol>,
}

/// A typed program and what the user may want to know about it.
#[derive(Clone, Debug)]
pub struct Lowered {
    pub program: hir::Program,
    pub warnings: Vec<Diagnostic>,
    /// Every `any` that the compiler introduced, once, where it begins.
    pub lints: Vec<Diagnostic>,
    /// Warnings: what is wrong in functions that nothing calls, if that was asked for.
    pub unused: Vec<Diagnostic>,
}

/// A `test` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestInfo {
    pub name: String,
    pub span: Span,
}

/// Code of reports about constructs that the native compiler does not translate yet.
pub const UNSUPPORTED: &str = "M001";

/// Stack for the walk: one frame chain per nesting level of the source and per call level of unannotated functions.
const STACK_BYTES: usize = 512 << 20;

/// Walks after which inference counts as stuck. Each walk without a final state raises at least one slot; real programs need
/// three to six; a chain of variables that learn from each other backwards needs one per link.
const WALK_LIMIT: u32 = 400;

/// Types a program; see `docs` for the rules.
pub fn lower(program: &ast::Program, source: &SourceFile, options: &LowerOptions) -> Result<Lowered, Vec<Diagnostic>> {
    let run = || {
        let desugared = desugar::desugar(program, source, &options.packages)?;
        let program = desugared.program.as_ref().unwrap_or(program);
        // The packages are part of the program now; which import means which one is all that is still needed.
        let packages = Packages { imports: options.packages.imports.clone(), ..Packages::default() };
        let options = LowerOptions { packages, ..*options };
        let mut copied = Copied::default();
        loop {
            let mut lowerer = Lowerer::new(program, source, options.clone(), copied.clone());
            lowerer.take_names(&desugared);
            let mut result = lowerer.run();
            if lowerer.new_copied.is_empty() {
                if let Ok(lowered) = &mut result
                    && options.unused
                {
                    lowered.unused = unused::check(&lowerer, &desugared);
                }
                return result;
            }
            // Some functions are used at several types: start over with one copy per use signature.
            copied.extend(lowerer.new_copied);
        }
    };
    let outcome = std::thread::scope(|scope| {
        match std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run) {
            Ok(handle) => Some(handle.join()),
            Err(_) => None,
        }
    });
    match outcome {
        Some(Ok(result)) => result,
        Some(Err(payload)) => std::panic::resume_unwind(payload),
        None => run(),
    }
}

/// The `test` blocks at the top level, in source order.
pub fn tests(program: &ast::Program) -> Vec<TestInfo> {
    program
        .statements
        .iter()
        .filter_map(|stmt| match &stmt.kind {
            ast::StmtKind::Test(block) => Some(TestInfo { name: block.name.as_str().to_owned(), span: stmt.span }),
            _ => None,
        })
        .collect()
}

/// Names a persistent slot within one function instance.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    /// The result of an expression that joins several values, or a literal's container.
    Expr(u32),
    /// A further slot of an expression.
    Part(u32, u32),
    /// A variable, by the position of its name.
    Var(u32),
    /// A written type, by position.
    Type(u32),
    Param(u32),
    Result,
    TypeParam(u32),
}

/// A variable: function instance and position of its name.
pub(crate) type VarKey = (u32, u32);

/// What is known about a variable from earlier walks.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct VarFlags {
    pub captured: bool,
    pub assigned: bool,
}

/// A name declared by `let` or `var` at the top level.
#[derive(Clone, Debug)]
pub(crate) struct TopVar {
    pub slot: Slot,
    pub annotated: bool,
    /// Some function mentions it.
    pub promoted: bool,
    pub global: Option<hir::GlobalId>,
    pub mutable: bool,
    pub span: Span,
}

#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    Block(&'a ast::Block),
    Expr(&'a ast::Expr),
    /// The top-level statements.
    Main,
}

/// A function, method or lambda as written.
pub(crate) struct Decl<'a> {
    pub name: Option<Symbol>,
    pub signature: &'a ast::Signature,
    pub body: Body<'a>,
    /// For methods: the record whose fields are in scope.
    pub receiver: Option<RecordId>,
    pub span: Span,
}

/// A function at one signature.
pub(crate) struct Inst {
    pub decl: u32,
    pub params: Vec<Slot>,
    pub result: Slot,
    /// A slot holding the function type.
    pub fn_slot: Slot,
    pub type_params: HashMap<Symbol, Slot>,
    /// The walk in which `func` was given.
    pub reached: u32,
    pub walked: u32,
    pub func: hir::FuncId,
    /// Known from earlier walks: needs an environment.
    pub has_captures: bool,
    /// Mentions something of the functions it is nested in.
    pub tied: bool,
    /// Only the signature as one use of a generic function sees it; has no body.
    pub site: bool,
    /// For sites: type parameters and the slots of what is written `T?`.
    pub optionals: Vec<(Slot, Slot)>,
}

impl Inst {
    /// An instance whose signature is not made yet.
    pub fn new(decl: u32) -> Self {
        Inst {
            decl,
            params: Vec::new(),
            result: Slot::UNIT,
            fn_slot: Slot::ANY,
            type_params: HashMap::new(),
            reached: 0,
            walked: 0,
            func: hir::FuncId(0),
            has_captures: false,
            tied: false,
            site: false,
            optionals: Vec::new(),
        }
    }
}

/// Functions that get one copy per signature of their uses. Grows from run to run.
#[derive(Clone, Default)]
pub(crate) struct Copied {
    /// Functions at the top level, by number.
    pub functions: HashSet<u32>,
    /// Nested functions that mention nothing of what they are nested in, by position.
    pub closed: HashSet<u32>,
}

impl Copied {
    fn extend(&mut self, more: Copied) {
        self.functions.extend(more.functions);
        self.closed.extend(more.closed);
    }

    fn is_empty(&self) -> bool {
        self.functions.is_empty() && self.closed.is_empty()
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct InstKey {
    pub decl: u32,
    pub parent: u32,
    pub signature: Vec<Ty>,
    /// The call (caller's instance and position) that has a copy to itself.
    pub site: Option<(u32, u32)>,
}

pub(crate) struct RecordInfo {
    pub name: String,
    pub anonymous: bool,
    pub fields: Vec<(Symbol, Slot)>,
    pub methods: HashMap<Symbol, u32>,
    pub span: Span,
}

pub(crate) struct UnionInfo {
    pub name: String,
    pub variants: Vec<VariantInfo>,
    pub span: Span,
}

pub(crate) struct VariantInfo {
    pub name: Symbol,
    pub fields: Vec<(Symbol, Slot)>,
}

/// What a type name means.
#[derive(Clone, Copy)]
pub(crate) enum TypeDef<'a> {
    Record(RecordId),
    Union(UnionId),
    Alias(&'a ast::TypeExpr),
    Any,
}

/// An expression with the slot of its type. During inference the tree is there but its types are not.
#[derive(Clone, Debug)]
pub(crate) struct Val {
    pub e: hir::Expr,
    pub t: Slot,
}

pub(crate) struct Lowerer<'a> {
    pub program: &'a ast::Program,
    pub source: &'a SourceFile,
    pub options: LowerOptions,
    pub t: Table,
    pub keys: HashMap<(u32, Key), Slot>,
    pub decls: Vec<Decl<'a>>,
    pub decl_index: HashMap<*const ast::Signature, u32>,
    /// Top-level functions by name; the last definition wins.
    pub functions_by_name: HashMap<Symbol, u32>,
    pub type_defs: HashMap<Symbol, TypeDef<'a>>,
    /// Variant name to union and index; the last declaration wins.
    pub variants: HashMap<Symbol, (UnionId, u32)>,
    pub record_infos: Vec<RecordInfo>,
    pub union_infos: Vec<UnionInfo>,
    pub modules: HashMap<Symbol, ffi::Module>,
    /// Members of packages by number.
    pub packages: HashMap<usize, PackageMembers>,
    /// Names of the record types that are agents.
    pub agents: HashSet<Symbol>,
    /// Names of the `model` declarations, in order.
    pub models: Vec<Symbol>,
    pub insts: Vec<Inst>,
    pub inst_index: HashMap<InstKey, u32>,
    /// Number of instances of each function.
    pub copies: HashMap<u32, usize>,
    /// Uses of generic functions.
    pub sites: HashMap<generic::SiteKey, u32>,
    pub vars: HashMap<VarKey, VarFlags>,
    pub tops: HashMap<Symbol, TopVar>,
    /// Variables of joins that may be null: their fields are null then.
    pub lenient: HashSet<VarKey>,
    /// Rows of queries with several variables.
    pub row_types: Vec<Obj>,
    /// Functions to copy per signature, and those found in this run.
    pub copied: Copied,
    /// Aliases of types that are being replaced by what they stand for.
    pub expanding: Vec<Symbol>,
    /// Functions to lower although nothing calls them.
    pub extra: Vec<u32>,
    pub new_copied: Copied,
    pub flags_changed: bool,
    /// Nothing is unknown any more: what still is may be treated as `any`.
    pub settled: bool,
    pub final_walk: bool,
    pub walk: u32,
    pub diagnostics: Vec<Diagnostic>,
    pub functions: Vec<Option<hir::Function>>,
    pub queue: Vec<u32>,
    pub ctxs: Vec<FnCtx>,
    pub types: Types,
    pub globals: Vec<(Symbol, Slot, bool, Span)>,
    pub zonked: HashMap<Obj, Ty>,
    pub zonking: HashMap<Obj, Option<RecordId>>,
    pub anonymous: HashMap<Vec<(Symbol, Ty)>, RecordId>,
    pub anonymous_types: HashMap<RecordId, Vec<(Symbol, Ty)>>,
    pub lambda_count: u32,
    pub symbols: HashMap<String, u32>,
    /// Why anything in the typed program is `any`.
    pub origins: BTreeSet<Origin>,
    /// Lists and maps that are copied because their elements change type: where, from what, to what.
    pub copied_containers: BTreeMap<Span, (Ty, Ty)>,
    /// Where a builtin is used as a value, by the function that stands for it there.
    pub builtin_uses: HashMap<u32, Span>,
}

impl<'a> Lowerer<'a> {
    fn new(program: &'a ast::Program, source: &'a SourceFile, options: LowerOptions, copied: Copied) -> Self {
        Lowerer {
            program,
            source,
            options,
            t: Table::default(),
            keys: HashMap::new(),
            decls: Vec::new(),
            decl_index: HashMap::new(),
            functions_by_name: HashMap::new(),
            type_defs: HashMap::new(),
            variants: HashMap::new(),
            record_infos: Vec::new(),
            union_infos: Vec::new(),
            modules: HashMap::new(),
            packages: HashMap::new(),
            agents: HashSet::new(),
            models: Vec::new(),
            insts: Vec::new(),
            inst_index: HashMap::new(),
            copies: HashMap::new(),
            sites: HashMap::new(),
            vars: HashMap::new(),
            tops: HashMap::new(),
            lenient: HashSet::new(),
            row_types: Vec::new(),
            copied,
            new_copied: Copied::default(),
            expanding: Vec::new(),
            extra: Vec::new(),
            flags_changed: false,
            settled: false,
            final_walk: false,
            walk: 0,
            diagnostics: Vec::new(),
            functions: Vec::new(),
            queue: Vec::new(),
            ctxs: Vec::new(),
            types: Types::default(),
            globals: Vec::new(),
            zonked: HashMap::new(),
            zonking: HashMap::new(),
            anonymous: HashMap::new(),
            anonymous_types: HashMap::new(),
            lambda_count: 0,
            symbols: HashMap::new(),
            origins: BTreeSet::new(),
            copied_containers: BTreeMap::new(),
            builtin_uses: HashMap::new(),
        }
    }

    /// What desugaring knows about names.
    fn take_names(&mut self, desugared: &desugar::Desugared) {
        self.packages.clone_from(&desugared.members);
        self.agents.clone_from(&desugared.agents);
        self.models.clone_from(&desugared.models);
    }

    fn run(&mut self) -> Result<Lowered, Vec<Diagnostic>> {
        self.declare_program();
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(self.take_diagnostics());
        }
        let declared = std::mem::take(&mut self.diagnostics);
        let entry = self.entry_instance();
        loop {
            self.walk_program(entry);
            if self.walk > WALK_LIMIT + self.keys.len() as u32 {
                break;
            }
            if self.t.changed || self.flags_changed {
                self.final_walk = false;
                continue;
            }
            if self.final_walk {
                break;
            }
            if self.find_copied() {
                return Err(Vec::new());
            }
            self.settled = true;
            if self.default_unknowns() {
                continue;
            }
            self.final_walk = true;
        }
        let mut all = declared;
        all.append(&mut self.diagnostics);
        self.diagnostics = all;
        if !self.final_walk {
            let message = "the types of this program could not be determined";
            self.diagnostics.push(Diagnostic::error(UNSUPPORTED, message, self.program.span));
        }
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(self.take_diagnostics());
        }
        let program = self.finish_program();
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(self.take_diagnostics());
        }
        let warnings = self.take_diagnostics();
        self.lint(&program.types);
        Ok(Lowered { program, warnings, lints: self.take_diagnostics(), unused: Vec::new() })
    }

    fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        // Functions are walked once per signature: the same report may come several times.
        let mut seen = HashSet::new();
        diagnostics.retain(|report| seen.insert((report.span, report.message.clone())));
        diagnostics.sort_by_key(|report| (report.span.start, report.severity != Severity::Error));
        diagnostics
    }

    /// One walk over everything reachable.
    fn walk_program(&mut self, entry: u32) {
        self.walk += 1;
        self.t.begin_walk();
        self.flags_changed = false;
        self.diagnostics.clear();
        self.functions.clear();
        self.queue.clear();
        self.ctxs.clear();
        self.zonked.clear();
        self.origins.clear();
        self.copied_containers.clear();
        self.globals.clear();
        self.symbols.clear();
        self.lambda_count = 0;
        for top in self.tops.values_mut() {
            top.global = None;
        }
        self.reach(entry);
        self.walk_instance(entry);
        self.walk_extra();
        while let Some(inst) = self.queue.pop() {
            self.walk_instance(inst);
        }
    }

    /// Everything unknown that belongs to the program becomes `any`. True if there was something.
    fn default_unknowns(&mut self) -> bool {
        let mut seen = HashSet::new();
        let mut slots: Vec<Slot> = self.keys.values().copied().collect();
        slots.extend(self.tops.values().map(|top| top.slot));
        for record in &self.record_infos {
            slots.extend(record.fields.iter().map(|field| field.1));
        }
        let mut keys = false;
        for slot in &slots {
            keys |= self.t.default_keys(*slot, &mut seen);
        }
        // What is done with the keys may tell more.
        if keys {
            return true;
        }
        seen.clear();
        let mut any = false;
        for slot in slots {
            any |= self.t.default_unknown(slot, &mut seen);
        }
        any
    }

    // --- small helpers used everywhere ---

    /// The persistent slot of a part of the current function.
    pub(crate) fn keyed(&mut self, key: Key) -> Slot {
        let inst = self.ctxs.last().map_or(0, |ctx| ctx.inst);
        self.keyed_in(inst, key)
    }

    pub(crate) fn keyed_in(&mut self, inst: u32, key: Key) -> Slot {
        if let Some(&slot) = self.keys.get(&(inst, key)) {
            return slot;
        }
        let slot = self.t.fresh();
        self.keys.insert((inst, key), slot);
        // It may be read before this walk has put into it what belongs there.
        self.flags_changed = true;
        slot
    }

    /// The slot's type in the final walk; a placeholder before.
    pub(crate) fn ty(&mut self, slot: Slot) -> Ty {
        if self.final_walk { self.zonk(slot) } else { Ty::ANY }
    }

    pub(crate) fn val(&mut self, kind: hir::ExprKind, t: Slot, span: Span) -> Val {
        let ty = self.ty(t);
        Val { e: hir::Expr { kind, ty, span }, t }
    }

    pub(crate) fn poison(&mut self, span: Span) -> Val {
        Val { e: hir::Expr { kind: hir::ExprKind::Null, ty: Ty::ANY, span }, t: Slot::POISON }
    }

    /// Reports a mistake; the result fits everywhere.
    pub(crate) fn error(&mut self, code: &'static str, message: impl Into<String>, span: Span) -> Val {
        self.report(Diagnostic::error(code, message, span));
        self.poison(span)
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.final_walk || self.walk == 0 {
            let diagnostic = self.placed(diagnostic);
            self.diagnostics.push(diagnostic);
        }
    }

    /// Functions that stand for builtins have their text behind the program's: what is wrong in there is shown where the
    /// builtin is named.
    fn placed(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let end = self.source.text().len() as u32;
        if diagnostic.span.end <= end {
            return diagnostic;
        }
        let decl = self.ctxs.last().and_then(|ctx| self.insts.get(ctx.inst as usize)).map(|inst| inst.decl);
        let used = decl.and_then(|decl| self.builtin_uses.get(&decl));
        diagnostic.span = used.copied().unwrap_or(Span::new(end, end));
        diagnostic.labels.retain(|label| label.span.end <= end);
        diagnostic.fix = None;
        diagnostic
    }

    pub(crate) fn unsupported(&mut self, what: &str, span: Span) -> Val {
        let message = format!("{what} not supported by the native compiler yet");
        self.error(UNSUPPORTED, message, span)
    }

    pub(crate) fn warn(&mut self, code: &'static str, message: impl Into<String>, span: Span) {
        self.report(Diagnostic::warning(code, message, span));
    }

    pub(crate) fn ctx(&mut self) -> &mut FnCtx {
        let last = self.ctxs.len() - 1;
        &mut self.ctxs[last]
    }
}
