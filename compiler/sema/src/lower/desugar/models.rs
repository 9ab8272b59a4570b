//! `model` declarations: variables with what they say.

use super::build::{Builder, joined};
use super::walk::Rewrite;
use mochi_syntax::{Symbol, ast::*};

/// The fields that requests read; absent ones are empty.
const REQUIRED: [&str; 2] = ["provider", "name"];

/// The variable that holds a model's fields.
pub(in crate::lower) fn variable(model: Symbol) -> Symbol {
    joined("model", model.as_str())
}

/// Replaces the declarations; collects their names.
pub(super) struct Models<'b> {
    pub builder: &'b mut Builder,
    pub names: Vec<Symbol>,
}

impl Rewrite for Models<'_> {
    fn stmt(&mut self, stmt: &mut Stmt) {
        let StmtKind::Model(model) = &mut stmt.kind else { return };
        if !self.names.contains(&model.name.name) {
            self.names.push(model.name.name);
        }
        let fields = std::mem::take(&mut model.fields);
        let mut entries: Vec<MapEntry> = Vec::new();
        for field in fields {
            let key = self.builder.name(field.name.name, field.name.span);
            entries.push(MapEntry { key, value: field.value });
        }
        for name in REQUIRED.map(Symbol::intern) {
            if !entries.iter().any(|entry| entry.key.as_name() == Some(name)) {
                let key = self.builder.name(name, stmt.span);
                let text = StringLiteral { text: Symbol::intern(""), span: stmt.span };
                let value = self.builder.expr(ExprKind::Str(text), stmt.span);
                entries.push(MapEntry { key, value });
            }
        }
        let value = self.builder.expr(ExprKind::Map(entries.into()), stmt.span);
        let name = Ident { name: variable(model.name.name), span: model.name.span };
        stmt.kind = StmtKind::Binding(Box::new(Binding { mutable: false, name, ty: None, value: Some(value) }));
    }
}
