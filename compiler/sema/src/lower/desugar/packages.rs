//! Packages: the statements of an imported package take the place of its first import, with its functions and variables
//! renamed so that they meet no others. Renaming is uniform over the package's files: a local variable with the name of a
//! function of the package keeps hiding it.

use super::build::joined;
use super::walk::{self, Rewrite};
use crate::lower::{PackageMembers, Packages};
use mochi_diagnostics::{Diagnostic, Span};
use mochi_syntax::{Symbol, ast::*};
use std::collections::{HashMap, HashSet};

/// What the names of one package become.
struct Rename<'n> {
    names: &'n HashMap<Symbol, Symbol>,
}

impl Rename<'_> {
    fn apply(&self, name: &mut Symbol) {
        if let Some(new) = self.names.get(name) {
            *name = *new;
        }
    }
}

impl Rewrite for Rename<'_> {
    fn expr(&mut self, expr: &mut Expr) {
        if let ExprKind::Name(name) = &mut expr.kind {
            self.apply(name);
        }
    }

    fn binder(&mut self, name: &mut Ident) {
        self.apply(&mut name.name);
    }

    fn pattern_name(&mut self, name: &mut Symbol) {
        self.apply(name);
    }

    fn target(&mut self, name: &mut Ident) {
        self.apply(&mut name.name);
    }
}

/// Puts packages in place of imports.
pub(super) struct Linker<'p> {
    packages: &'p Packages,
    included: HashSet<usize>,
    /// Names of packages in use, to tell packages of the same name apart.
    names: HashSet<String>,
    types: HashMap<Symbol, Span>,
    pub members: HashMap<usize, PackageMembers>,
    pub reports: Vec<Diagnostic>,
}

impl<'p> Linker<'p> {
    pub fn new(packages: &'p Packages) -> Self {
        Linker {
            packages,
            included: HashSet::new(),
            names: HashSet::new(),
            types: HashMap::new(),
            members: HashMap::new(),
            reports: Vec::new(),
        }
    }

    /// The statements with the packages that they import in front of the imports.
    pub fn link(&mut self, statements: Vec<Stmt>) -> Vec<Stmt> {
        let mut out = Vec::with_capacity(statements.len());
        for stmt in statements {
            match &stmt.kind {
                StmtKind::Import(import) => {
                    if let Some(&package) = self.packages.imports.get(&import.path.span.start) {
                        self.include(package, &mut out);
                    }
                }
                StmtKind::Type(decl) => self.type_declared(decl.name),
                _ => {}
            }
            out.push(stmt);
        }
        out
    }

    /// Types keep their names, which values show when they are printed.
    fn type_declared(&mut self, name: Ident) {
        if let Some(first) = self.types.insert(name.name, name.span) {
            let several = self.packages.packages.iter().any(|package| {
                package.files.iter().any(|file| file.span.contains(name.span.start) != file.span.contains(first.start))
            });
            if several {
                let message = format!("type `{}` is declared in two files of the program", name.as_str());
                let report = Diagnostic::error(crate::lower::UNSUPPORTED, message, name.span);
                self.reports.push(report.with_label(first, "the other declaration"));
            }
        }
    }

    fn include(&mut self, number: usize, out: &mut Vec<Stmt>) {
        if !self.included.insert(number) {
            return;
        }
        let Some(package) = self.packages.packages.get(number) else { return };
        let mut prefix = package.name.clone();
        while !self.names.insert(prefix.clone()) {
            prefix.push('2');
        }
        let mut members = PackageMembers::default();
        let mut names = HashMap::new();
        let mut statements: Vec<Stmt> = package.files.iter().flat_map(|file| file.statements.iter().cloned()).collect();
        // Its tests are run by themselves.
        statements.retain(|stmt| !matches!(stmt.kind, StmtKind::Test(_) | StmtKind::Bench(_)));
        for stmt in &mut statements {
            match &mut stmt.kind {
                StmtKind::Fun(fun) => {
                    let new = joined(&prefix, fun.name.as_str());
                    names.insert(fun.name.name, new);
                    if fun.export.is_some() {
                        members.exported.insert(fun.name.name, new);
                    }
                }
                StmtKind::Binding(binding) => {
                    names.insert(binding.name.name, joined(&prefix, binding.name.as_str()));
                }
                StmtKind::Import(import) => {
                    let alias = import.alias.map_or_else(|| default_alias(import), |alias| alias.name);
                    let new = joined(&prefix, alias.as_str());
                    names.insert(alias, new);
                    import.alias = Some(Ident { name: new, span: import.path.span });
                }
                _ => {}
            }
        }
        walk::stmts(&mut Rename { names: &names }, &mut statements);
        self.members.insert(number, members);
        out.extend(self.link(statements));
    }
}

/// The name of an import without `as`: the last part of its path without extension.
pub(in crate::lower) fn default_alias(import: &Import) -> Symbol {
    let path = import.path.as_str();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    Symbol::intern(last.split('.').next().unwrap_or(last))
}
