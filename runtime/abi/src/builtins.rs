//! Mochi builtins and the runtime symbols that implement them, by operand types.

use crate::symbols::{Symbol, symbol};

/// What a builtin's operand must be. Later entries in [`BUILTINS`] are more general.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Int,
    Float,
    Bool,
    Str,
    ListInt,
    ListFloat,
    ListStr,
    /// Any list (as a pattern it matches the special lists too).
    List,
    Map,
    Any,
    BigInt,
    BigRat,
    /// Every other type; as a pattern it matches everything.
    Value,
}

impl Class {
    /// Whether an operand of class `actual` fits this pattern.
    pub fn accepts(self, actual: Class) -> bool {
        self == actual
            || self == Class::Value
            || (self == Class::List && matches!(actual, Class::ListInt | Class::ListFloat | Class::ListStr))
    }
}

/// One implementation of a builtin.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    pub name: &'static str,
    pub operands: &'static [Class],
    pub symbol: &'static str,
}

/// The first implementation that accepts the operands, with its symbol.
pub fn builtin_symbol(name: &str, operands: &[Class]) -> Option<&'static Symbol> {
    let found = BUILTINS.iter().find(|builtin| {
        builtin.name == name
            && builtin.operands.len() == operands.len()
            && builtin.operands.iter().zip(operands).all(|(pattern, actual)| pattern.accepts(*actual))
    })?;
    symbol(found.symbol)
}

macro_rules! builtins {
    ($($name:literal ($($class:ident),*) => $symbol:ident;)*) => {
        /// All builtins, most specific operands first.
        pub const BUILTINS: &[Builtin] = &[$(Builtin {
            name: $name,
            operands: &[$(Class::$class),*],
            symbol: stringify!($symbol),
        }),*];
    };
}

builtins! {
    "str"(Int) => mochi_rt_string_from_int;
    "str"(Float) => mochi_rt_string_from_float;
    "str"(Bool) => mochi_rt_string_from_bool;
    "str"(BigInt) => mochi_rt_string_from_bigint;
    "str"(Any) => mochi_rt_string_from_any;
    "str"(Value) => mochi_rt_string_from_value;
    "upper"(Str) => mochi_rt_string_upper;
    "lower"(Str) => mochi_rt_string_lower;
    "lower"(Value) => mochi_rt_value_lower;
    "trim"(Str) => mochi_rt_string_trim;
    "split"(Str, Str) => mochi_rt_string_split;
    "join"(ListStr, Str) => mochi_rt_string_join;
    "join"(List, Str) => mochi_rt_list_join;
    "repeat"(Str, Int) => mochi_rt_string_repeat;
    "replace"(Str, Str, Str) => mochi_rt_string_replace;
    "contains"(Str, Str) => mochi_rt_string_contains;
    "contains"(List, Value) => mochi_rt_list_contains;
    "contains"(Any, Any) => mochi_rt_any_contains;
    "contains"(Value, Value) => mochi_rt_value_contains;
    "startsWith"(Str, Str) => mochi_rt_string_starts_with;
    "starts_with"(Str, Str) => mochi_rt_string_starts_with;
    "endsWith"(Str, Str) => mochi_rt_string_ends_with;
    "ends_with"(Str, Str) => mochi_rt_string_ends_with;
    "indexOf"(Str, Str) => mochi_rt_string_index_of;
    "indexOf"(List, Value) => mochi_rt_list_index_of;
    "index_of"(Str, Str) => mochi_rt_string_index_of;
    "index_of"(List, Value) => mochi_rt_list_index_of;
    "padStart"(Str, Int, Str) => mochi_rt_string_pad_start;
    "pad_start"(Str, Int, Str) => mochi_rt_string_pad_start;
    "parseIntStr"(Str, Int) => mochi_rt_string_parse_int;
    "parse_int"(Str, Int) => mochi_rt_string_parse_int;
    "substring"(Str, Int, Int) => mochi_rt_string_slice;
    "substr"(Str, Int, Int) => mochi_rt_string_slice;
    "slice"(Str, Int, Int) => mochi_rt_string_slice;
    "slice"(List, Int, Int) => mochi_rt_list_slice;
    "slice"(Any, Int, Int) => mochi_rt_any_slice;
    "reverse"(Str) => mochi_rt_string_reverse;
    "reverse"(Any) => mochi_rt_any_reverse;
    "reverse"(List) => mochi_rt_list_reverse;
    "distinct"(List) => mochi_rt_list_distinct;
    "first"(List) => mochi_rt_list_first;
    "union"(List, List) => mochi_rt_list_union;
    "except"(List, List) => mochi_rt_list_except;
    "intersect"(List, List) => mochi_rt_list_intersect;
    "sort_by"(List, List) => mochi_rt_list_sort_by;
    "sum"(ListInt) => mochi_rt_list_sum_int;
    "sum"(ListFloat) => mochi_rt_list_sum_float;
    "sum"(List) => mochi_rt_list_sum;
    "avg"(ListInt) => mochi_rt_list_avg_int;
    "avg"(ListFloat) => mochi_rt_list_avg_float;
    "avg"(List) => mochi_rt_list_avg;
    "min"(ListInt) => mochi_rt_list_min_int;
    "min"(ListFloat) => mochi_rt_list_min_float;
    "min"(List) => mochi_rt_list_min;
    "max"(ListInt) => mochi_rt_list_max_int;
    "max"(ListFloat) => mochi_rt_list_max_float;
    "max"(List) => mochi_rt_list_max;
    "range"(Int) => mochi_rt_list_range1;
    "range"(Int, Int) => mochi_rt_list_range2;
    "range"(Int, Int, Int) => mochi_rt_list_range;
    "keys"(Map) => mochi_rt_map_keys;
    "key_strings"(Map) => mochi_rt_map_key_strings;
    "values"(Map) => mochi_rt_map_values;
    "len"(Any) => mochi_rt_any_length;
    "len"(Value) => mochi_rt_value_length;
    "abs"(Int) => mochi_rt_int_abs;
    "abs"(Float) => mochi_rt_float_abs;
    "abs"(BigInt) => mochi_rt_bigint_abs;
    "abs"(Any) => mochi_rt_any_abs;
    "round"(Int, Int) => mochi_rt_int_round;
    "round"(Float) => mochi_rt_float_round;
    "round"(Float, Int) => mochi_rt_float_round_to;
    "round"(Any, Int) => mochi_rt_any_round;
    "ceil"(Float) => mochi_rt_float_ceil;
    "floor"(Float) => mochi_rt_float_floor;
    "pow"(Int, Int) => mochi_rt_int_pow;
    "pow"(BigInt, Int) => mochi_rt_bigint_pow;
    "num"(BigRat) => mochi_rt_bigrat_num;
    "denom"(BigRat) => mochi_rt_bigrat_denom;
    "pow"(Float, Float) => mochi_rt_float_pow;
    "pow"(Any, Any) => mochi_rt_any_pow;
    "json"(Value) => mochi_rt_json_print;
    "to_json"(Value) => mochi_rt_json_string;
    "sha256"(Str) => mochi_rt_string_sha256;
    "sha256"(ListInt) => mochi_rt_list_sha256;
    "input"() => mochi_rt_input;
    "now"() => mochi_rt_now;
    "clock"() => mochi_rt_clock;
    "mem"() => mochi_rt_mem;
    "env_get"(Str) => mochi_rt_env_get;
    "env_list"() => mochi_rt_env_list;
    "bench_start"() => mochi_rt_bench_start;
    "bench_report"(Str, Int) => mochi_rt_bench_report;
    "append"(Any, Any) => mochi_rt_any_append;
    "list_argument"(Any, Str, Bool) => mochi_rt_any_list_argument;
    "text_argument"(Any, Str) => mochi_rt_any_text_argument;
    "has_method"(Any, Str) => mochi_rt_any_has_method;
    "any_neg"(Any) => mochi_rt_any_neg;
    "bigint_add"(BigInt, BigInt) => mochi_rt_bigint_add;
    "bigint_sub"(BigInt, BigInt) => mochi_rt_bigint_sub;
    "bigint_mul"(BigInt, BigInt) => mochi_rt_bigint_mul;
    "bigint_div"(BigInt, BigInt) => mochi_rt_bigint_div;
    "bigint_rem"(BigInt, BigInt) => mochi_rt_bigint_rem;
    "bigint_neg"(BigInt) => mochi_rt_bigint_neg;
    "bigrat_add"(BigRat, BigRat) => mochi_rt_bigrat_add;
    "bigrat_sub"(BigRat, BigRat) => mochi_rt_bigrat_sub;
    "bigrat_mul"(BigRat, BigRat) => mochi_rt_bigrat_mul;
    "bigrat_div"(BigRat, BigRat) => mochi_rt_bigrat_div;
    "bigrat_rem"(BigRat, BigRat) => mochi_rt_bigrat_rem;
    "bigrat_neg"(BigRat) => mochi_rt_bigrat_neg;
    "count"(Any) => mochi_rt_any_count;
    "count"(Value) => mochi_rt_value_length;
    "exists"(Any) => mochi_rt_any_exists;
    "exists"(Value) => mochi_rt_value_truth;
    "getenv"(Str) => mochi_rt_env_get;
    "environ"() => mochi_rt_env_list;
    "md5_hex"(Str) => mochi_rt_string_md5;
    "union_all"(List, List) => mochi_rt_list_union_all;
    "concat"(List, List) => mochi_rt_list_union_all;
    "load_csv"(Str, Bool, Str) => mochi_rt_load_csv;
    "load_json"(Str) => mochi_rt_load_json;
    "load_jsonl"(Str) => mochi_rt_load_jsonl;
    "load_yaml"(Str) => mochi_rt_load_yaml;
    "load"(Str, Value) => mochi_rt_load;
    "save_csv"(Value, Str, Bool, Str) => mochi_rt_save_csv;
    "save_json"(Value, Str) => mochi_rt_save_json;
    "save_jsonl"(Value, Str) => mochi_rt_save_jsonl;
    "save_yaml"(Value, Str) => mochi_rt_save_yaml;
    "save"(Value, Str, Value) => mochi_rt_save;
    "fetch"(Str) => mochi_rt_fetch;
    "fetch"(Str, Value) => mochi_rt_fetch_with;
    "generate_text"(Str, Str, Str) => mochi_rt_generate_text;
    "generate_embedding"(Str, Bool, Str, Str) => mochi_rt_generate_embedding;
    "generate_value"(Str, Str, Str) => mochi_rt_generate_value;
    "map_get_or"(Map, Value, Value) => mochi_rt_map_get_or;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_names_a_symbol_with_as_many_operands() {
        for builtin in BUILTINS {
            let symbol = symbol(builtin.symbol).expect(builtin.symbol);
            let taken = symbol.params.iter().filter(|param| param.takes_operand()).count();
            assert_eq!(taken, builtin.operands.len(), "{}", builtin.symbol);
        }
    }

    #[test]
    fn specific_operands_win() {
        let name = |name, operands: &[Class]| builtin_symbol(name, operands).map(|s| s.name);
        assert_eq!(name("sum", &[Class::ListInt]), Some("mochi_rt_list_sum_int"));
        assert_eq!(name("sum", &[Class::ListStr]), Some("mochi_rt_list_sum"));
        assert_eq!(name("join", &[Class::ListStr, Class::Str]), Some("mochi_rt_string_join"));
        assert_eq!(name("upper", &[Class::Int]), None);
    }
}
