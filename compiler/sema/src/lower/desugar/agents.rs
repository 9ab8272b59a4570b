//! Agents: a record type for the state, intents and handlers as its methods, and a function that makes an instance.

use super::build::{Builder, INFERRED, joined, statement};
use super::streams::subscribe;
use super::walk::Rewrite;
use mochi_diagnostics::Diagnostic;
use mochi_syntax::{Symbol, ast::*};
use std::collections::HashSet;

fn maker(agent: Symbol) -> Symbol {
    joined(agent.as_str(), "new")
}

/// The agents that a program declares.
#[derive(Default)]
pub(super) struct Collect {
    pub agents: HashSet<Symbol>,
}

impl Rewrite for Collect {
    fn stmt(&mut self, stmt: &mut Stmt) {
        if let StmtKind::Agent(agent) = &stmt.kind {
            self.agents.insert(agent.name.name);
        }
    }
}

/// Turns `A {}` into a call; runs before the declarations are replaced.
pub(super) struct Instances<'b> {
    pub builder: &'b mut Builder,
    pub agents: &'b HashSet<Symbol>,
    pub reports: &'b mut Vec<Diagnostic>,
}

impl Rewrite for Instances<'_> {
    fn expr(&mut self, expr: &mut Expr) {
        let ExprKind::Struct(literal) = &expr.kind else { return };
        if !self.agents.contains(&literal.name.name) {
            return;
        }
        if let Some(field) = literal.fields.first() {
            let message = format!("unknown field `{}` on {}", field.name.as_str(), literal.name.as_str());
            let help = "An agent's state is initialised by its declaration; create an instance with empty braces.";
            self.reports.push(Diagnostic::error("T026", message, field.span).with_help(help));
            return;
        }
        *expr = self.builder.call(maker(literal.name.name), Vec::new(), expr.span);
    }
}

/// Replaces the declarations at the top level by a type each; returns the functions that make instances.
pub(super) fn declarations(
    builder: &mut Builder,
    streams: &HashSet<Symbol>,
    statements: &mut [Stmt],
    reports: &mut Vec<Diagnostic>,
) -> Vec<Stmt> {
    let mut makers = Vec::new();
    for stmt in statements {
        let span = stmt.span;
        let kind = std::mem::replace(&mut stmt.kind, StmtKind::Break);
        stmt.kind = match kind {
            StmtKind::Agent(agent) => {
                let (decl, make) = Agent { builder, streams, reports, name: agent.name }.split(*agent, span);
                makers.push(statement(StmtKind::Fun(Box::new(make)), span));
                StmtKind::Type(Box::new(decl))
            }
            other => other,
        };
    }
    makers
}

struct Agent<'b> {
    builder: &'b mut Builder,
    streams: &'b HashSet<Symbol>,
    reports: &'b mut Vec<Diagnostic>,
    name: Ident,
}

impl Agent<'_> {
    fn split(mut self, agent: AgentDecl, span: mochi_diagnostics::Span) -> (TypeDecl, FunDecl) {
        let mut members = Vec::new();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let (mut state, mut handled) = (Vec::new(), Vec::new());
        let instance = joined(self.name.as_str(), "self");
        for member in agent.members {
            let stmt = match member {
                AgentMember::Intent(intent) => {
                    members.push(StructMember::Method(Box::new(intent)));
                    continue;
                }
                AgentMember::Stmt(stmt) => stmt,
            };
            match stmt.kind {
                StmtKind::Binding(ref binding) => {
                    members.push(StructMember::Field(self.field(binding)));
                    state.push(binding.name);
                    let mut local = (**binding).clone();
                    // Assignments among the members may change it.
                    local.mutable = true;
                    before.push(statement(StmtKind::Binding(Box::new(local)), stmt.span));
                }
                StmtKind::On(ref on) => {
                    let mut method = joined("on", on.stream.as_str());
                    if handled.contains(&method) {
                        method = joined(method.as_str(), &handled.len().to_string());
                    }
                    handled.push(method);
                    if !self.streams.contains(&on.stream.name) {
                        let message = format!("undefined stream: {}", on.stream.as_str());
                        self.reports.push(Diagnostic::error("T031", message, on.stream.span));
                        continue;
                    }
                    after.push(subscribe(self.builder, on.stream.name, instance, method, &stmt));
                    let param = self.builder.param(on.alias, on.stream.name);
                    let handler = self.builder.function(method, None, vec![param], on.body.clone());
                    members.push(StructMember::Method(Box::new(handler)));
                }
                _ => before.push(stmt),
            }
        }
        let make = self.maker(state, instance, before, after, span);
        (TypeDecl { name: self.name, body: TypeBody::Struct(members) }, make)
    }

    fn field(&mut self, binding: &Binding) -> FieldDecl {
        let ty = match &binding.ty {
            Some(ty) => ty.clone(),
            None => self.builder.ty(Symbol::intern(INFERRED)),
        };
        FieldDecl { name: binding.name, ty, doc: None, span: binding.name.span }
    }

    /// `fun new(): A { state; let self = A { … }; subscriptions; return self }`
    fn maker(
        &mut self,
        state: Vec<Ident>,
        instance: Symbol,
        mut body: Vec<Stmt>,
        after: Vec<Stmt>,
        span: mochi_diagnostics::Span,
    ) -> FunDecl {
        let fields = state
            .into_iter()
            .map(|name| FieldInit { name, value: self.builder.name(name.name, name.span), span: name.span })
            .collect();
        let value = self.builder.record(self.name, fields, span);
        let name = self.builder.ident(instance);
        let binding = Binding { mutable: false, name, ty: None, value: Some(value) };
        body.push(statement(StmtKind::Binding(Box::new(binding)), span));
        body.extend(after);
        let result = self.builder.name(instance, span);
        body.push(statement(StmtKind::Return(Some(Box::new(result))), span));
        self.builder.function(
            maker(self.name.name),
            Some(self.name.name),
            Vec::new(),
            Block { statements: body.into(), span },
        )
    }
}
