//! The strict checker: infers the type of everything, tells which rules a program breaks, changes nothing.
//!
//! Order of work: names of types, signatures of functions, effects, contents of types, then the statements in order. So
//! functions and types may be used above their declaration, variables may not. After a finding the checker goes on with
//! the error type, which fits everywhere, so that one mistake is reported once.

mod alias;
mod builtins;
mod call;
mod declare;
mod effects;
mod expr;
mod matching;
mod narrow;
mod operators;
mod query;
mod relate;
mod report;
mod scope;
pub mod severity;
mod stmt;
mod suggest;
mod types;

use std::collections::HashMap;

use mochi_diagnostics::{Diagnostic, SourceFile};
use mochi_syntax::ast::{self, StmtKind, TypeBody, TypeExpr};
use mochi_syntax::{Span, Symbol};

use effects::EffectSet;
use scope::{Binding, Scope};
use types::{FastMap, StructId, Ty, Types};

/// All findings of the strict rules, in the order in which the rules are applied. `program` should have parsed without
/// errors; of erroneous parts nothing is said.
pub fn check(program: &ast::Program, source: &SourceFile) -> Vec<Diagnostic> {
    let mut checker = Checker::new(program, source);
    checker.program(program);
    checker.findings
}

/// What the enclosing function says about its statements.
#[derive(Clone, Copy)]
struct Function {
    result: FunctionResult,
    in_loop: bool,
}

#[derive(Clone, Copy)]
enum FunctionResult {
    Declared(Ty),
    /// A block lambda without annotation: the first `return` decides.
    Inferred(Option<Ty>),
}

/// The first effectful call inside a query predicate.
struct EffectfulCall {
    name: String,
    span: Span,
    effects: EffectSet,
}

struct Checker<'a> {
    source: &'a SourceFile,
    findings: Vec<Diagnostic>,
    /// Findings are dropped while set.
    muted: bool,
    types: Types,
    values: Scope<Binding>,
    type_names: Scope<Ty>,
    variants: Scope<StructId>,
    streams: Scope<Ty>,
    /// Names of members declared by `extern`, by their full path.
    externs: HashMap<String, Ty>,
    /// Aliases that nothing has asked for yet.
    pending_aliases: FastMap<Symbol, &'a TypeExpr>,
    /// Indices of narrowed entries of `values`, innermost last.
    narrowed: Vec<u32>,
    /// Names whose narrowing an inner scope ended; the enclosing scopes must end it too.
    widened: Vec<Symbol>,
    function: Function,
    /// Effects of what was checked since this was last cleared.
    effects: EffectSet,
    /// Whether the statement at hand itself (not a block inside it) made an effectful call.
    effectful_statement: bool,
    predicate: Option<Option<EffectfulCall>>,
    /// Type parameters of the calls being checked, innermost last.
    type_vars: Vec<TypeVar>,
    expr_types: Vec<Ty>,
}

#[derive(Clone, Copy)]
struct TypeVar {
    name: Symbol,
    bound: Option<Ty>,
}

/// Everything needed to leave a scope.
#[derive(Clone, Copy)]
struct Mark {
    values: usize,
    type_names: usize,
    variants: usize,
    streams: usize,
    widened: usize,
}

/// What the pre-passes found out about a top-level statement.
#[derive(Clone, Copy, Default)]
struct Prepared {
    /// Type of the declared function, or the declared type.
    ty: Option<Ty>,
}

impl<'a> Checker<'a> {
    fn new(program: &ast::Program, source: &'a SourceFile) -> Self {
        let mut checker = Checker {
            source,
            findings: Vec::new(),
            muted: false,
            types: Types::default(),
            values: Scope::default(),
            type_names: Scope::default(),
            variants: Scope::default(),
            streams: Scope::default(),
            externs: HashMap::new(),
            pending_aliases: FastMap::default(),
            narrowed: Vec::new(),
            widened: Vec::new(),
            function: Function { result: FunctionResult::Declared(Ty::UNIT), in_loop: false },
            effects: EffectSet::PURE,
            effectful_statement: false,
            predicate: None,
            type_vars: Vec::new(),
            expr_types: vec![Ty::ERROR; program.expr_count as usize],
        };
        checker.declare_builtins();
        checker
    }

    fn program(&mut self, program: &'a ast::Program) {
        let statements = &program.statements;
        let mut prepared = vec![Prepared::default(); statements.len()];
        for (stmt, slot) in statements.iter().zip(&mut prepared) {
            self.declare_type_name(stmt, slot, true);
            if let StmtKind::Type(declaration) = &stmt.kind
                && let TypeBody::Alias(written) = &declaration.body
            {
                self.pending_aliases.insert(declaration.name.name, written);
            }
        }
        // Signatures come before the contents of types because methods may call any function.
        let mut functions = Vec::new();
        for (index, stmt) in statements.iter().enumerate() {
            if let StmtKind::Fun(function) = &stmt.kind {
                functions.push((index, function.as_ref(), stmt.span));
            }
        }
        self.declare_functions(&functions, &mut prepared);
        for (stmt, slot) in statements.iter().zip(&prepared) {
            self.fill_type(stmt, *slot);
        }
        for (stmt, slot) in statements.iter().zip(&prepared) {
            self.top_level_statement(stmt, *slot);
        }
    }

    fn mark(&self) -> Mark {
        Mark {
            values: self.values.mark(),
            type_names: self.type_names.mark(),
            variants: self.variants.mark(),
            streams: self.streams.mark(),
            widened: self.widened.len(),
        }
    }

    fn leave(&mut self, mark: Mark) {
        self.values.undo_to(mark.values);
        self.type_names.undo_to(mark.type_names);
        self.variants.undo_to(mark.variants);
        self.streams.undo_to(mark.streams);
        while self.narrowed.last().is_some_and(|index| *index as usize >= mark.values) {
            self.narrowed.pop();
        }
        self.rewiden_since(mark.widened);
    }

    fn bind(&mut self, name: Symbol, ty: Ty, mutable: bool, span: Span) {
        self.values.bind(name, Binding::new(ty, mutable, span));
    }

    fn type_var_name(&self, index: u32) -> Symbol {
        self.type_vars.get(index as usize).map_or_else(|| Symbol::intern("T"), |var| var.name)
    }

    fn text(&self, span: Span) -> &str {
        self.source.span_text(span)
    }
}
