//! What is made of simpler things: packages become part of the program, models become variables, and streams, agents and logic
//! programs become types, functions and loops, before anything is typed.

mod agents;
pub(super) mod build;
mod logic;
mod logic_text;
pub(super) mod models;
pub(super) mod packages;
mod streams;
mod walk;

use super::{PackageMembers, Packages};
use build::Builder;
use mochi_diagnostics::{Diagnostic, SourceFile};
use mochi_syntax::{ParseOptions, Symbol, ast};
use std::collections::{HashMap, HashSet};

/// Words without which a program contains none of these constructs.
const WORDS: [&str; 8] = ["stream", "agent", "emit", "fact", "rule", "query", "on", "model"];

/// What becomes of a program.
pub(super) struct Desugared {
    /// `None` when nothing had to change.
    pub program: Option<ast::Program>,
    /// What the packages that it contains now offer, by number.
    pub members: HashMap<usize, PackageMembers>,
    /// Names of agents: arguments of their intents may be missing.
    pub agents: HashSet<Symbol>,
    /// Names of models.
    pub models: Vec<Symbol>,
}

/// The program with its packages and without these constructs.
pub(super) fn desugar(
    program: &ast::Program,
    source: &SourceFile,
    packages: &Packages,
) -> Result<Desugared, Vec<Diagnostic>> {
    let wrappers = super::builtin::wrappers(source.text());
    let plain = packages.packages.is_empty() && !WORDS.iter().any(|word| source.text().contains(word));
    if plain && wrappers.is_empty() {
        return Ok(Desugared { program: None, members: HashMap::new(), agents: HashSet::new(), models: Vec::new() });
    }
    let mut program = program.clone();
    let mut linker = packages::Linker::new(packages);
    program.statements = linker.link(program.statements);
    let (members, mut reports) = (linker.members, linker.reports);
    let mut builder = Builder::new(program.expr_count.max(packages.expr_count));
    let mut models = models::Models { builder: &mut builder, names: Vec::new() };
    walk::stmts(&mut models, &mut program.statements);
    let models = models.names;
    let (mut prelude, agents) = rewrite(&mut program.statements, &mut builder, &mut reports);
    prelude.push_str(&wrappers);
    if !reports.is_empty() {
        reports.sort_by_key(|report| report.span.start);
        return Err(reports);
    }
    let mut made = parse_made(prelude, source, builder.next_expr);
    program.expr_count = made.expr_count.max(builder.next_expr);
    made.statements.append(&mut program.statements);
    program.statements = made.statements;
    Ok(Desugared { program: Some(program), members, agents, models })
}

/// Replaces the constructs; returns the source text of what they need, and the names of the agents.
fn rewrite(
    statements: &mut Vec<ast::Stmt>,
    builder: &mut Builder,
    reports: &mut Vec<Diagnostic>,
) -> (String, HashSet<Symbol>) {
    let mut streams = streams::Collect::default();
    walk::stmts(&mut streams, statements);
    let streams = streams.streams;
    let mut agents = agents::Collect::default();
    walk::stmts(&mut agents, statements);
    let agents = agents.agents;
    if !agents.is_empty() {
        let mut instances = agents::Instances { builder, agents: &agents, reports };
        walk::stmts(&mut instances, statements);
        let makers = agents::declarations(builder, &streams, statements, reports);
        statements.extend(makers);
    }
    walk::stmts(&mut streams::Streams { builder, streams: &streams, reports }, statements);
    let mut logic = logic::Logic::default();
    walk::stmts(&mut logic::Collect { builder, logic: &mut logic }, statements);
    reports.append(&mut logic.reports);
    let mut prelude = streams::prelude(&streams);
    prelude.push_str(&logic.prelude());
    (prelude, agents)
}

/// Parses text made here. It gets positions behind the program's own text, so that no two variables share one.
fn parse_made(text: String, source: &SourceFile, first_expr: u32) -> ast::Program {
    let mut whole = source.clone();
    let span = whole.append("", &text);
    let parsed = mochi_syntax::parse_part(&whole, span, &ParseOptions::PERMISSIVE, first_expr);
    debug_assert!(!parsed.has_errors(), "{:?}\n{text}", parsed.diagnostics);
    parsed.program
}
