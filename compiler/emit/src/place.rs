//! Assignment.

use crate::function::FunctionEmitter;
use mochi_dialects::ir::Attribute;
use mochi_sema::hir::{Expr, Place};
use mochi_sema::ty::TyKind;

impl<'m> FunctionEmitter<'m, '_, '_> {
    /// The container comes first, then the value, then the last index.
    pub(crate) fn emit_assign(&mut self, place: &'m Place, value: &'m Expr) {
        match place {
            Place::Local(local) => {
                let value = self.emit_expr(value);
                self.assign_local(*local, value);
            }
            Place::Global(global) => {
                let value = self.emit_expr(value);
                self.global_store(*global, value);
            }
            Place::Index { base, index, span } => {
                let kind = self.module.program.types.kind(base.ty);
                let op = match kind {
                    TyKind::List(_) => "mochi.list.set",
                    TyKind::Map(..) => "mochi.map.set",
                    _ => "mochi.any.set_index",
                };
                let base = self.emit_expr(base);
                let value = self.emit_expr(value);
                let index = self.emit_expr(index);
                let location = self.enter(*span);
                self.op0(op, &[base, index, value]);
                self.builder.set_loc(location);
            }
            Place::Field { base, field, span } => {
                let name = self.field_name(base.ty, *field);
                let base = self.emit_expr(base);
                let value = self.emit_expr(value);
                let location = self.enter(*span);
                let name = self.module.string(&name);
                self.builder.op("mochi.record.set").operands(&[base, value]).attr("field", name).build();
                self.builder.set_loc(location);
            }
            Place::AnyField { base, name, span } => {
                let base = self.emit_expr(base);
                let value = self.emit_expr(value);
                let location = self.enter(*span);
                let name: Attribute<'_> = self.module.string(name);
                self.builder.op("mochi.any.set_field").operands(&[base, value]).attr("name", name).build();
                self.builder.set_loc(location);
            }
        }
    }
}
