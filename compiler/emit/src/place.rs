//! Assignment.

use crate::function::FunctionEmitter;
use mochi_dialects::mochi;
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
                let base = self.emit_expr(base);
                let value = self.emit_expr(value);
                let index = self.emit_expr(index);
                let location = self.enter(*span);
                match kind {
                    TyKind::List(_) => mochi::list_set(&self.builder, base, index, value, false),
                    TyKind::Map(..) => mochi::map_set(&self.builder, base, index, value),
                    _ => mochi::any_set_index(&self.builder, base, index, value),
                };
                self.builder.set_loc(location);
            }
            Place::Field { base, field, span } => {
                let name = self.field_name(base.ty, *field);
                let base = self.emit_expr(base);
                let value = self.emit_expr(value);
                let location = self.enter(*span);
                mochi::record_set(&self.builder, base, value, &name);
                self.builder.set_loc(location);
            }
            Place::AnyField { base, name, span } => {
                let base = self.emit_expr(base);
                let value = self.emit_expr(value);
                let location = self.enter(*span);
                mochi::any_set_field(&self.builder, base, value, name);
                self.builder.set_loc(location);
            }
        }
    }
}
