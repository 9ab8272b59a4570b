//! Calls of built-in functions: the dialect's own op where there is one, a runtime function otherwise.

use crate::function::FunctionEmitter;
use mochi_dialects::ir::Value;
use mochi_dialects::mochi;
use mochi_sema::hir::{Builtin, Expr};
use mochi_sema::ty::{Ty, TyKind};

impl<'m, 'c> FunctionEmitter<'m, 'c, '_> {
    /// `None` for built-ins without a result.
    pub(crate) fn emit_builtin(&mut self, builtin: Builtin, args: &'m [Expr], ty: Ty) -> Option<Value<'c>> {
        let first = args.first().map(|arg| arg.ty);
        let values = self.emit_all(args);
        let result = self.module.types.result(ty);
        match builtin {
            Builtin::Print => {
                mochi::print(&self.builder, &values);
                return result.map(|_| self.bool_constant(false));
            }
            Builtin::Json => {
                mochi::json(&self.builder, values[0]);
                return None;
            }
            Builtin::Panic => {
                self.panic(values[0]);
                return result.map(|_| self.default_value(ty));
            }
            _ => {}
        }
        let Some(result) = result else {
            return self.runtime(name(builtin), &values, None);
        };
        let b = &self.builder;
        let math = match (builtin, first.map(|ty| self.module.program.types.kind(ty))) {
            (Builtin::Str, _) => return Some(mochi::to_string(b, values[0]).result(0)),
            (Builtin::Len | Builtin::Count, Some(TyKind::List(_))) => {
                return Some(mochi::list_length(b, values[0]).result(0));
            }
            (Builtin::Len, Some(TyKind::Str)) => return Some(mochi::str_length(b, values[0]).result(0)),
            (Builtin::Len, Some(TyKind::Map(..))) => return Some(mochi::map_length(b, values[0]).result(0)),
            (Builtin::Len, Some(TyKind::Any)) => return Some(mochi::any_length(b, values[0]).result(0)),
            (Builtin::Append, Some(TyKind::List(_))) => {
                return Some(mochi::list_append(b, values[0], values[1]).result(0));
            }
            (Builtin::Concat | Builtin::UnionAll, Some(TyKind::List(_))) => {
                return Some(mochi::list_concat(b, values[0], values[1]).result(0));
            }
            (Builtin::Contains, Some(TyKind::List(_))) => {
                return Some(mochi::list_contains(b, values[0], values[1]).result(0));
            }
            (Builtin::Contains, Some(TyKind::Str)) => {
                return Some(mochi::str_contains(b, values[0], values[1]).result(0));
            }
            (Builtin::Exists, Some(kind)) if *kind != TyKind::Any => return Some(self.truth(args[0].ty, values[0])),
            (Builtin::MapGetOr, Some(TyKind::Map(..))) => return Some(self.map_get_or(&values, args)),
            (Builtin::Count, Some(TyKind::Any)) => return Some(self.runtime1("count", &values, result)),
            (Builtin::Count, _) => return Some(self.runtime1("len", &values, result)),
            (Builtin::Floor | Builtin::Ceil, Some(TyKind::Int)) => return Some(values[0]),
            (Builtin::Keys, Some(TyKind::Map(..))) => return Some(mochi::map_keys(b, values[0]).result(0)),
            (Builtin::Values, Some(TyKind::Map(..))) => return Some(mochi::map_values(b, values[0]).result(0)),
            (Builtin::Pow, Some(TyKind::Int)) => {
                return Some(mochi::int_pow(b, values[0], values[1], Some(self.overflow())).result(0));
            }
            (Builtin::Abs, Some(TyKind::Float)) => "math.absf",
            (Builtin::Floor, Some(TyKind::Float)) => "math.floor",
            (Builtin::Ceil, Some(TyKind::Float)) => "math.ceil",
            (Builtin::Pow, Some(TyKind::Float)) => "math.powf",
            (Builtin::Sqrt, _) => "math.sqrt",
            (Builtin::Sin, _) => "math.sin",
            (Builtin::Cos, _) => "math.cos",
            (Builtin::Tan, _) => "math.tan",
            (Builtin::Asin, _) => "math.asin",
            (Builtin::Acos, _) => "math.acos",
            (Builtin::Atan, _) => "math.atan",
            (Builtin::Atan2, _) => "math.atan2",
            (Builtin::Exp, _) => "math.exp",
            (Builtin::Log, _) => "math.log",
            (Builtin::Log2, _) => "math.log2",
            (Builtin::Log10, _) => "math.log10",
            (other, _) => return Some(self.runtime1(name(other), &values, result)),
        };
        Some(self.op1(math, &values, result))
    }

    /// `m.get(key, otherwise)`: the value of a key that may be missing.
    fn map_get_or(&mut self, values: &[Value<'c>], args: &'m [Expr]) -> Value<'c> {
        let ty = self.ty(args[2].ty);
        let found = mochi::map_get(&self.builder, values[0], values[1]).result(0);
        let nullable = found.ty();
        let some = if nullable.is_option() {
            mochi::option_is_some(&self.builder, found).result(0)
        } else {
            let null = mochi::any_is_null(&self.builder, found).result(0);
            self.not(null)
        };
        self.branch(
            some,
            &[ty],
            &[],
            |this| vec![if nullable == ty { found } else { mochi::option_get(&this.builder, found).result(0) }],
            |_| vec![values[2]],
        )[0]
    }

    /// How a debugger names a type.
    pub(crate) fn type_name(&self, ty: Ty) -> String {
        let program = self.module.program;
        match program.types.kind(ty) {
            TyKind::Unit => "unit".to_string(),
            TyKind::Int => "int".to_string(),
            TyKind::Float => "float".to_string(),
            TyKind::Bool => "bool".to_string(),
            TyKind::Str => "string".to_string(),
            TyKind::BigInt => "bigint".to_string(),
            TyKind::BigRat => "bigrat".to_string(),
            TyKind::Any => "any".to_string(),
            TyKind::Option(payload) => format!("{}?", self.type_name(*payload)),
            TyKind::List(element) => format!("list<{}>", self.type_name(*element)),
            TyKind::Map(key, value) => format!("map<{}, {}>", self.type_name(*key), self.type_name(*value)),
            TyKind::Record(id) => program.records[id.0 as usize].name.clone(),
            TyKind::Union(id) => program.unions[id.0 as usize].name.clone(),
            TyKind::Fn(params, result) => {
                let params: Vec<_> = params.iter().map(|&param| self.type_name(param)).collect();
                format!("fun({}): {}", params.join(", "), self.type_name(*result))
            }
        }
    }
}

/// The name of a built-in in `mochi.builtin`.
fn name(builtin: Builtin) -> &'static str {
    match builtin {
        Builtin::Print => "print",
        Builtin::Str => "str",
        Builtin::Json => "json",
        Builtin::ToJson => "to_json",
        Builtin::Len => "len",
        Builtin::Append => "append",
        Builtin::Concat => "concat",
        Builtin::First => "first",
        Builtin::Reverse => "reverse",
        Builtin::Distinct => "distinct",
        Builtin::ListArgument => "list_argument",
        Builtin::TextArgument => "text_argument",
        Builtin::HasMethod => "has_method",
        Builtin::Upper => "upper",
        Builtin::Lower => "lower",
        Builtin::Trim => "trim",
        Builtin::PadStart => "pad_start",
        Builtin::Split => "split",
        Builtin::Join => "join",
        Builtin::Repeat => "repeat",
        Builtin::IndexOf => "index_of",
        Builtin::Contains => "contains",
        Builtin::StartsWith => "starts_with",
        Builtin::EndsWith => "ends_with",
        Builtin::ParseInt => "parse_int",
        Builtin::Min => "min",
        Builtin::Max => "max",
        Builtin::Sum => "sum",
        Builtin::Avg => "avg",
        Builtin::Count => "count",
        Builtin::Exists => "exists",
        Builtin::Keys => "keys",
        Builtin::Values => "values",
        Builtin::MapGetOr => "map_get_or",
        Builtin::Range => "range",
        Builtin::Abs => "abs",
        Builtin::Floor => "floor",
        Builtin::Ceil => "ceil",
        Builtin::Round => "round",
        Builtin::Pow => "pow",
        Builtin::Sqrt => "sqrt",
        Builtin::Sin => "sin",
        Builtin::Cos => "cos",
        Builtin::Tan => "tan",
        Builtin::Asin => "asin",
        Builtin::Acos => "acos",
        Builtin::Atan => "atan",
        Builtin::Exp => "exp",
        Builtin::Log => "log",
        Builtin::Log2 => "log2",
        Builtin::Log10 => "log10",
        Builtin::Atan2 => "atan2",
        Builtin::Now => "now",
        Builtin::Input => "input",
        Builtin::Sha256 => "sha256",
        Builtin::Panic => "panic",
        Builtin::Num => "num",
        Builtin::Denom => "denom",
        Builtin::Mem => "mem",
        Builtin::GetEnv => "env_get",
        Builtin::Environ => "env_list",
        Builtin::Md5Hex => "md5_hex",
        Builtin::Union => "union",
        Builtin::UnionAll => "union_all",
        Builtin::Except => "except",
        Builtin::Intersect => "intersect",
        Builtin::SortBy => "sort_by",
        Builtin::LoadCsv => "load_csv",
        Builtin::LoadJson => "load_json",
        Builtin::LoadJsonLines => "load_jsonl",
        Builtin::LoadYaml => "load_yaml",
        Builtin::Load => "load",
        Builtin::SaveCsv => "save_csv",
        Builtin::SaveJson => "save_json",
        Builtin::SaveJsonLines => "save_jsonl",
        Builtin::SaveYaml => "save_yaml",
        Builtin::Save => "save",
        Builtin::Fetch => "fetch",
        Builtin::GenerateText => "generate_text",
        Builtin::GenerateEmbedding => "generate_embedding",
        Builtin::GenerateValue => "generate_value",
    }
}
