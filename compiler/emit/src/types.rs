//! Source types to dialect types.

use mochi_dialects::ir::{Context, Type};
use mochi_sema::hir;
use mochi_sema::ty::{Ty, TyKind};
use std::collections::HashMap;

/// The dialect type of every type of a program, computed once.
pub(crate) struct TypeMap<'c> {
    types: Vec<Type<'c>>,
    records: Vec<String>,
    unions: Vec<String>,
}

impl<'c> TypeMap<'c> {
    pub(crate) fn new(context: &'c Context, program: &hir::Program) -> Self {
        let mut used = HashMap::new();
        let records = program.records.iter().map(|record| unique(&mut used, &record.name, "record")).collect();
        let unions = program.unions.iter().map(|union| unique(&mut used, &union.name, "union")).collect();
        let mut map = TypeMap { types: Vec::new(), records, unions };
        // Component types are interned before the types made of them, so one pass in index order is enough.
        for index in 0..program.types.len() {
            let ty = map.convert(context, program.types.kind(Ty(index as u32)));
            map.types.push(ty);
        }
        map
    }

    fn convert(&self, context: &'c Context, kind: &TyKind) -> Type<'c> {
        match kind {
            // Unit values that must be stored somewhere are a bit that nobody looks at.
            TyKind::Unit | TyKind::Bool => Type::i1(context),
            TyKind::Int => Type::i64(context),
            TyKind::Float => Type::f64(context),
            TyKind::Str => Type::str(context),
            TyKind::BigInt => Type::bigint(context),
            TyKind::BigRat => Type::bigrat(context),
            TyKind::Any => Type::any(context),
            TyKind::Option(payload) => Type::option(self.get(*payload)),
            TyKind::List(element) => Type::list(self.get(*element)),
            TyKind::Map(key, value) => Type::map(self.get(*key), self.get(*value)),
            TyKind::Record(id) => Type::record(context, &self.records[id.0 as usize]),
            TyKind::Union(id) => Type::union(context, &self.unions[id.0 as usize]),
            TyKind::Fn(params, result) => {
                let params: Vec<_> = params.iter().map(|&param| self.get(param)).collect();
                let results: Vec<_> = self.result(*result).into_iter().collect();
                Type::fn_value(Type::function(context, &params, &results))
            }
        }
    }

    pub(crate) fn get(&self, ty: Ty) -> Type<'c> {
        self.types[ty.0 as usize]
    }

    /// The result type of a function: none for unit.
    pub(crate) fn result(&self, ty: Ty) -> Option<Type<'c>> {
        (ty != Ty::UNIT).then(|| self.get(ty))
    }

    pub(crate) fn record_symbol(&self, index: usize) -> String {
        self.records[index].clone()
    }

    pub(crate) fn union_symbol(&self, index: usize) -> String {
        self.unions[index].clone()
    }
}

/// A symbol for a type name that no other type has.
fn unique(used: &mut HashMap<String, u32>, name: &str, fallback: &str) -> String {
    let base = if name.is_empty() { fallback } else { name };
    let count = used.entry(base.to_string()).or_insert(0);
    *count += 1;
    if *count == 1 && !name.is_empty() { format!("type.{base}") } else { format!("type.{base}.{count}") }
}
