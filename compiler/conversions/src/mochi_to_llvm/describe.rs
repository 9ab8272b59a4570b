//! Type descriptors: constants that tell the runtime what a type looks like.

use super::{
    context::{Cx, Fields},
    destroy,
    layout::repr,
};
use mochi_dialects::ir::{Attribute, Builder, Type, TypeKind, Value};
use mochi_runtime_abi::{Kind, TypeDesc};

impl<'c> Cx<'c> {
    /// The symbol of the descriptor of a type.
    pub(crate) fn describe(&self, ty: Type<'c>) -> String {
        if let Some(name) = shared(ty) {
            self.external_data(name, size_of::<TypeDesc>() as u32, true);
            return name.to_owned();
        }
        self.once(&format!("desc {ty}"), "mochi.desc", |name| self.make_descriptor(name, ty))
    }

    fn make_descriptor(&self, name: &str, ty: Type<'c>) {
        let t = &self.t;
        let shape =
            Type::llvm_struct(self.ctx, &[t.i32, t.i32, t.ptr, t.i64, t.ptr, t.ptr, t.ptr, t.i64, t.ptr, t.i64, t.ptr]);
        let text = self.type_name(ty);
        let label = self.bytes(&text);
        let (kind, elem, key) = match ty.kind() {
            TypeKind::Int | TypeKind::Index => (Kind::Int, None, None),
            TypeKind::Float => (Kind::Float, None, None),
            TypeKind::Bool => (Kind::Bool, None, None),
            TypeKind::Str => (Kind::String, None, None),
            TypeKind::List(e) => (Kind::List, Some(e), None),
            TypeKind::Map(k, v) => (Kind::Map, Some(v), Some(k)),
            TypeKind::Record(sym) => {
                let anonymous = self.records.get(sym).is_some_and(|r| r.anonymous);
                (if anonymous { Kind::Anonymous } else { Kind::Record }, None, None)
            }
            TypeKind::Union(_) => (Kind::Union, None, None),
            TypeKind::Fn(_) => (Kind::Fn, None, None),
            TypeKind::Any => (Kind::Any, None, None),
            TypeKind::Option(p) => (Kind::Option, Some(p), None),
            TypeKind::BigInt => (Kind::BigInt, None, None),
            TypeKind::BigRat => (Kind::BigRat, None, None),
            TypeKind::Cell(c) => (Kind::Cell, Some(c), None),
            TypeKind::Env => (Kind::Env, None, None),
            TypeKind::Other => (Kind::Unit, None, None),
        };
        let elem = elem.map(|e| self.describe(e));
        let key = key.map(|k| self.describe(k));
        let (mut table, mut count) = (None, 0);
        let (mut variants, mut variant_count) = (None, 0);
        match ty.kind() {
            TypeKind::Record(sym) => {
                if let Some(record) = self.records.get(sym) {
                    count = record.fields.types.len();
                    table = self.describe_fields(&format!("record {sym}"), &record.fields);
                }
            }
            TypeKind::Union(sym) => {
                if let Some(union) = self.unions.get(sym) {
                    variant_count = union.variants.len();
                    variants = Some(self.describe_variants(sym));
                }
            }
            _ => {}
        }
        let drop = destroy::drop_function(self, ty);
        // Two halves of one word: the size of a slot and the flags.
        let flags = if self.cycles.contain(ty) && !ty.is_any() { TypeDesc::CYCLIC } else { 0 };
        let size_and_flags = repr(ty).map_or(8, |r| r.size()) as i64 | i64::from(flags) << 16;
        self.built_global(name, shape, true, |b, set| {
            set(&[0], small(self, b, kind as i64));
            set(&[1], small(self, b, size_and_flags));
            set(&[2], address(self, b, &label));
            set(&[3], word(self, b, text.len() as i64));
            for (position, symbol) in [(4, &elem), (5, &key), (6, &table), (8, &variants), (10, &drop)] {
                if let Some(symbol) = symbol {
                    set(&[position], address(self, b, symbol));
                }
            }
            set(&[7], word(self, b, count as i64));
            set(&[9], word(self, b, variant_count as i64));
        });
    }

    /// The symbol of the descriptor of what a closure captures. Only in programs with cycles through closures.
    pub(crate) fn describe_captures(&self, fields: &Fields<'c>) -> String {
        let key: Vec<String> = fields.types.iter().map(ToString::to_string).collect();
        let key = format!("captures {}", key.join(", "));
        self.once(&key, "mochi.captures", |name| {
            let t = &self.t;
            let unused = [t.ptr, t.i64, t.ptr, t.ptr];
            let head = [&[t.i32, t.i32], unused.as_slice(), &[t.ptr, t.i64], &[t.ptr, t.i64, t.ptr]].concat();
            let table = self.describe_fields(&key, fields);
            self.built_global(name, Type::llvm_struct(self.ctx, &head), true, |b, set| {
                set(&[0], small(self, b, Kind::Env as i64));
                if let Some(table) = &table {
                    set(&[6], address(self, b, table));
                }
                set(&[7], word(self, b, fields.types.len() as i64));
            });
        })
    }

    /// The table of field descriptors; `None` when there are no fields.
    fn describe_fields(&self, key: &str, fields: &Fields<'c>) -> Option<String> {
        if fields.types.is_empty() {
            return None;
        }
        let t = &self.t;
        let one = Type::llvm_struct(self.ctx, &[t.ptr, t.i64, t.ptr, t.i64]);
        let shape = Type::llvm_array(one, fields.types.len() as u32);
        Some(self.once(&format!("fields {key}"), "mochi.fields", |name| {
            // Captures have no names.
            let names = fields.names.iter().map(String::as_str).chain(std::iter::repeat(""));
            let rows: Vec<(String, usize, String, u64)> = names
                .zip(&fields.types)
                .zip(&fields.offsets)
                .map(|((n, ty), at)| (self.bytes(n), n.len(), self.describe(*ty), *at))
                .collect();
            self.built_global(name, shape, true, |b, set| {
                for (i, (label, len, desc, offset)) in rows.iter().enumerate() {
                    let i = i as i64;
                    set(&[i, 0], address(self, b, label));
                    set(&[i, 1], word(self, b, *len as i64));
                    set(&[i, 2], address(self, b, desc));
                    set(&[i, 3], word(self, b, *offset as i64));
                }
            });
        }))
    }

    fn describe_variants(&self, sym: &str) -> String {
        let t = &self.t;
        let one = Type::llvm_struct(self.ctx, &[t.ptr, t.i64, t.ptr, t.i64, t.ptr]);
        self.once(&format!("variants {sym}"), "mochi.variants", |name| {
            let variants = self.unions.get(sym).map(|u| u.variants.as_slice()).unwrap_or_default();
            let shape = Type::llvm_array(one, variants.len() as u32);
            let rows: Vec<_> = variants
                .iter()
                .enumerate()
                .map(|(tag, (variant, fields))| {
                    let table = self.describe_fields(&format!("variant {sym}.{variant}"), fields);
                    let only = fields.types.is_empty().then(|| self.static_variant(sym, variant, tag));
                    (self.bytes(variant), variant.len(), table, fields.types.len(), only)
                })
                .collect();
            self.built_global(name, shape, true, |b, set| {
                for (i, (label, len, table, count, only)) in rows.iter().enumerate() {
                    let i = i as i64;
                    set(&[i, 0], address(self, b, label));
                    set(&[i, 1], word(self, b, *len as i64));
                    if let Some(table) = table {
                        set(&[i, 2], address(self, b, table));
                    }
                    set(&[i, 3], word(self, b, *count as i64));
                    if let Some(only) = only {
                        set(&[i, 4], address(self, b, only));
                    }
                }
            });
        })
    }
}

/// The descriptor that the runtime itself exports for a type. Using it keeps one descriptor per type, so that
/// values boxed by the runtime and by the program compare by address.
fn shared(ty: Type) -> Option<&'static str> {
    Some(match ty.kind() {
        TypeKind::Int => "mochi_rt_desc_int",
        TypeKind::Float => "mochi_rt_desc_float",
        TypeKind::Bool => "mochi_rt_desc_bool",
        TypeKind::Str => "mochi_rt_desc_string",
        TypeKind::Any => "mochi_rt_desc_any",
        TypeKind::BigInt => "mochi_rt_desc_bigint",
        TypeKind::BigRat => "mochi_rt_desc_bigrat",
        TypeKind::List(e) if e.is_any() => "mochi_rt_desc_list_any",
        TypeKind::Map(k, v) if k.is_str() && v.is_any() => "mochi_rt_desc_map_string_any",
        _ => return None,
    })
}

fn address<'c>(cx: &Cx<'c>, b: &Builder<'c>, symbol: &str) -> Value<'c> {
    b.op("llvm.mlir.addressof")
        .attr("global_name", Attribute::symbol(cx.ctx, symbol))
        .result(cx.t.ptr)
        .build()
        .result(0)
}

fn word<'c>(cx: &Cx<'c>, b: &Builder<'c>, value: i64) -> Value<'c> {
    constant(b, cx.t.i64, value)
}

fn small<'c>(cx: &Cx<'c>, b: &Builder<'c>, value: i64) -> Value<'c> {
    constant(b, cx.t.i32, value)
}

fn constant<'c>(b: &Builder<'c>, ty: Type<'c>, value: i64) -> Value<'c> {
    b.op("llvm.mlir.constant").attr("value", Attribute::int_of(ty, value)).result(ty).build().result(0)
}
