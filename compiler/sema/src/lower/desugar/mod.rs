//! Constructs that are made of simpler ones: streams, agents and logic programs become types, functions and loops before
//! anything is typed.

mod agents;
pub(super) mod build;
mod logic;
mod logic_text;
mod streams;
mod walk;

use build::Builder;
use mochi_diagnostics::{Diagnostic, SourceFile};
use mochi_syntax::{ParseOptions, ast};

/// Words without which a program contains none of these constructs.
const WORDS: [&str; 7] = ["stream", "agent", "emit", "fact", "rule", "query", "on"];

/// The program without these constructs; `None` when it has none.
pub(super) fn desugar(
    program: &ast::Program,
    source: &SourceFile,
) -> Result<Option<ast::Program>, Vec<Diagnostic>> {
    if !WORDS.iter().any(|word| source.text().contains(word)) {
        return Ok(None);
    }
    let mut program = program.clone();
    let mut builder = Builder::new(program.expr_count);
    let mut reports = Vec::new();
    let prelude = rewrite(&mut program.statements, &mut builder, &mut reports);
    if !reports.is_empty() {
        return Err(reports);
    }
    let mut made = parse_made(prelude, source, builder.next_expr);
    program.expr_count = made.expr_count.max(builder.next_expr);
    made.statements.append(&mut program.statements);
    program.statements = made.statements;
    Ok(Some(program))
}

/// Replaces the constructs; returns the source text of what they need.
fn rewrite(statements: &mut Vec<ast::Stmt>, builder: &mut Builder, reports: &mut Vec<Diagnostic>) -> String {
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
    prelude
}

/// Parses text made here. It gets positions behind the program's own text, so that no two variables share one.
fn parse_made(text: String, source: &SourceFile, first_expr: u32) -> ast::Program {
    let mut whole = source.clone();
    let span = whole.append("", &text);
    let parsed = mochi_syntax::parse_part(&whole, span, &ParseOptions::PERMISSIVE, first_expr);
    debug_assert!(!parsed.has_errors(), "{:?}\n{text}", parsed.diagnostics);
    parsed.program
}
