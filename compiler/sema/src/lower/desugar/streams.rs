//! Streams: `stream`, `on` and `emit`.
//!
//! A stream is a record type, a list of handlers and a function that delivers an event. Deliveries are queued: an event that
//! a handler emits waits until the handlers before it are done, and the outermost `emit` returns when the queue is empty.

use super::build::{Builder, joined, statement};
use super::walk::Rewrite;
use mochi_diagnostics::Diagnostic;
use mochi_syntax::{Symbol, ast::*};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The queue that all streams share.
const QUEUE: &str = "
var queueʹ: list<fun()> = []
var deliveringʹ = false
fun deliverʹ() {
  if deliveringʹ { return }
  deliveringʹ = true
  var next = 0
  while next < builtinʹlen(queueʹ) {
    let delivery = queueʹ[next]
    next = next + 1
    delivery()
  }
  queueʹ = []
  deliveringʹ = false
}
";

pub(super) fn handlers(stream: Symbol) -> Symbol {
    joined(stream.as_str(), "handlers")
}

/// What every stream needs, as source text.
pub(super) fn prelude(streams: &HashSet<Symbol>) -> String {
    let mut text = String::new();
    if streams.is_empty() {
        return text;
    }
    text.push_str(QUEUE);
    let mut names: Vec<&str> = streams.iter().map(|name| name.as_str()).collect();
    names.sort_unstable();
    for name in names {
        let _ = write!(
            text,
            "
var {name}ʹhandlers: list<fun({name})> = []
fun {name}ʹemit(event: {name}) {{
  for handler in {name}ʹhandlers {{
    queueʹ = builtinʹappend(queueʹ, fun() {{ handler(event) }})
  }}
  deliverʹ()
}}
"
        );
    }
    text
}

/// The streams that a program declares.
#[derive(Default)]
pub(super) struct Collect {
    pub streams: HashSet<Symbol>,
}

impl Rewrite for Collect {
    fn stmt(&mut self, stmt: &mut Stmt) {
        if let StmtKind::Stream(stream) = &stmt.kind {
            self.streams.insert(stream.name.name);
        }
    }
}

/// Replaces the three statements.
pub(super) struct Streams<'b> {
    pub builder: &'b mut Builder,
    pub streams: &'b HashSet<Symbol>,
    pub reports: &'b mut Vec<Diagnostic>,
}

impl Streams<'_> {
    fn known(&mut self, stream: Ident) -> bool {
        let known = self.streams.contains(&stream.name);
        if !known {
            self.reports.push(Diagnostic::error("T031", format!("undefined stream: {}", stream.as_str()), stream.span));
        }
        known
    }
}

impl Rewrite for Streams<'_> {
    fn stmt(&mut self, stmt: &mut Stmt) {
        let span = stmt.span;
        let kind = std::mem::replace(&mut stmt.kind, StmtKind::Break);
        stmt.kind = match kind {
            StmtKind::Stream(stream) => {
                let members = stream.fields.into_iter().map(StructMember::Field).collect();
                StmtKind::Type(Box::new(TypeDecl { name: stream.name, body: TypeBody::Struct(members) }))
            }
            StmtKind::On(on) if self.known(on.stream) => {
                let on = *on;
                let handler = self.builder.handler(on.alias, on.stream.name, on.body, span);
                self.builder.push(handlers(on.stream.name), handler, span)
            }
            StmtKind::Emit(emit) if self.known(emit.stream) => {
                let event = self.builder.record(emit.stream, emit.fields, span);
                let deliver = joined(emit.stream.as_str(), "emit");
                StmtKind::Expr(Box::new(self.builder.call(deliver, vec![event], span)))
            }
            other => other,
        };
    }
}

/// The statement `on stream as e { self.method(e) }`.
pub(super) fn subscribe(builder: &mut Builder, stream: Symbol, receiver: Symbol, method: Symbol, on: &Stmt) -> Stmt {
    let span = on.span;
    let event = builder.ident(Symbol::intern("event"));
    let receiver = builder.name(receiver, span);
    let argument = builder.name(event.name, span);
    let call = builder.call_method(receiver, method, vec![argument], span);
    let body = Block { statements: thin_vec![statement(StmtKind::Expr(Box::new(call)), span)], span };
    // Nothing of the program's own: call stacks leave it out.
    let nowhere = builder.place();
    let handler = builder.handler(event, stream, body, nowhere);
    let push = builder.push(handlers(stream), handler, span);
    statement(push, span)
}
