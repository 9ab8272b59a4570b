//! The table of symbols exported by the runtime.
//!
//! A lowering needs no knowledge of single functions: it walks `params`, takes the next operand for
//! each `Bool`, `Int`, `Float`, `Ptr`, `Any` and `Slot`, and fills in the others itself.

/// How one parameter (or the result) crosses the boundary.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AbiType {
    /// No result.
    Void,
    /// Parameter: `i64` 0 or 1 (zero-extend). Result: `i1`.
    Bool,
    /// `i64`.
    Int,
    /// `f64`.
    Float,
    /// An object or raw pointer: `ptr`.
    Ptr,
    /// A dynamically typed operand: two arguments, `ptr` descriptor and `i64` payload.
    Any,
    /// `ptr` to a stack slot the caller filled with the operand.
    Slot,
    /// `ptr`: descriptor of the type of the operand passed just before.
    Desc,
    /// `ptr`: descriptor of the operation's result type (of the type it names, if the result is a bool).
    ResultDesc,
    /// `ptr` to a stack slot that receives the (owned) result; the caller loads it afterwards.
    Out,
    /// Source position of the operation: two arguments, `ptr` to the null-terminated file name and
    /// `i64` line << 32 | column.
    Position,
}

/// A scalar LLVM type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scalar {
    I1,
    I64,
    F64,
    Ptr,
}

impl AbiType {
    /// The LLVM parameters this one expands to.
    pub const fn params(self) -> &'static [Scalar] {
        match self {
            AbiType::Void => &[],
            AbiType::Bool | AbiType::Int => &[Scalar::I64],
            AbiType::Float => &[Scalar::F64],
            AbiType::Ptr | AbiType::Slot | AbiType::Desc | AbiType::ResultDesc | AbiType::Out => &[Scalar::Ptr],
            AbiType::Any | AbiType::Position => &[Scalar::Ptr, Scalar::I64],
        }
    }

    /// The LLVM result type, `None` for void.
    pub const fn result(self) -> Option<Scalar> {
        match self {
            AbiType::Bool => Some(Scalar::I1),
            AbiType::Int => Some(Scalar::I64),
            AbiType::Float => Some(Scalar::F64),
            AbiType::Ptr => Some(Scalar::Ptr),
            _ => None,
        }
    }

    /// Whether the parameter takes the next operand of the operation.
    pub const fn takes_operand(self) -> bool {
        matches!(self, AbiType::Bool | AbiType::Int | AbiType::Float | AbiType::Ptr | AbiType::Any | AbiType::Slot)
    }
}

/// Properties of a symbol, a set of flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attrs(pub u32);

impl Attrs {
    pub const NONE: Attrs = Attrs(0);
    /// Rarely executed: the call is `cold`.
    pub const COLD: Attrs = Attrs(1);
    /// Never returns.
    pub const NORETURN: Attrs = Attrs(2);
    /// Reads memory, writes none, always returns.
    pub const READONLY: Attrs = Attrs(4);
    /// The result is fresh memory: `noalias`, `nonnull`.
    pub const ALLOC: Attrs = Attrs(8);
    /// Neither reads nor writes memory.
    pub const READNONE: Attrs = Attrs(16);

    /// Union of two sets.
    pub const fn with(self, other: Attrs) -> Attrs {
        Attrs(self.0 | other.0)
    }

    /// Whether all flags of `other` are set.
    pub const fn has(self, other: Attrs) -> bool {
        self.0 & other.0 == other.0
    }
}

/// One exported function.
#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    pub name: &'static str,
    pub params: &'static [AbiType],
    pub result: AbiType,
    pub attrs: Attrs,
    pub doc: &'static str,
}

/// Finds a symbol by name.
pub fn symbol(name: &str) -> Option<&'static Symbol> {
    SYMBOLS.iter().find(|symbol| symbol.name == name)
}

/// Static descriptors the runtime exports; the compiler may refer to them instead of emitting its own.
pub const DESCRIPTORS: &[&str] = &[
    "mochi_rt_desc_int",
    "mochi_rt_desc_float",
    "mochi_rt_desc_bool",
    "mochi_rt_desc_string",
    "mochi_rt_desc_any",
    "mochi_rt_desc_list_any",
    "mochi_rt_desc_map_string_any",
    "mochi_rt_desc_bigint",
    "mochi_rt_desc_bigrat",
];

/// The strings of one ASCII character, by code. `s[i]` is one of them wherever it can be.
pub const ASCII_STRINGS: &str = "mochi_rt_string_ascii";
/// Bytes from one of `ASCII_STRINGS` to the next.
pub const ASCII_STRING_SIZE: usize = 40;
/// Number of `ASCII_STRINGS`; those above 127 are never used.
pub const ASCII_STRING_COUNT: usize = 256;

macro_rules! symbols {
    ($($(#[doc = $doc:literal])* $name:ident($($param:ident),*) -> $result:ident [$($attr:ident)*];)*) => {
        /// Every function the runtime exports.
        pub const SYMBOLS: &[Symbol] = &[$(Symbol {
            name: stringify!($name),
            params: &[$(AbiType::$param),*],
            result: AbiType::$result,
            attrs: Attrs::NONE$(.with(Attrs::$attr))*,
            doc: concat!($($doc),*),
        }),*];
    };
}

symbols! {
    // ---- start -------------------------------------------------------------------------------
    /// Runs the program: (argc, argv, entry `void()`), flushes output, returns the exit status.
    /// `main` of the runtime calls it with `mochi_main`; a JIT calls it directly.
    mochi_rt_start(Int, Ptr, Ptr) -> Int [];

    // ---- memory ------------------------------------------------------------------------------
    /// A new object of so many bytes with count 1; the other bytes are uninitialised.
    mochi_rt_alloc(Int) -> Ptr [ALLOC];
    /// Frees memory from `mochi_rt_alloc` with the same size.
    mochi_rt_free(Ptr, Int) -> Void [];
    /// Destroys an object (string, list, map, record, …) whose count reached zero, by descriptor.
    mochi_rt_drop(Ptr, Desc) -> Void [COLD];
    /// Destroys a string whose count reached zero.
    mochi_rt_string_drop(Ptr) -> Void [];
    /// Destroys a closure whose count reached zero.
    mochi_rt_closure_drop(Ptr) -> Void [COLD];
    /// Increments a count; null is allowed.
    mochi_rt_retain(Ptr) -> Void [];
    /// Decrements a count and destroys the object at zero; null is allowed.
    mochi_rt_release(Ptr, Desc) -> Void [];
    /// Retains the value of any type in a slot.
    mochi_rt_value_retain(Slot, Desc) -> Void [];
    /// Releases the value of any type in a slot.
    mochi_rt_value_release(Slot, Desc) -> Void [];
    /// Retains a dynamically typed value.
    mochi_rt_any_retain(Any) -> Void [];
    /// Releases a dynamically typed value.
    mochi_rt_any_release(Any) -> Void [];

    /// Puts the cycle collector into the program: the first call of a program whose types can form cycles.
    mochi_rt_cycles_enable() -> Void [COLD];
    /// Takes note of an object of a cyclic type whose count was decremented and is not zero.
    mochi_rt_cycles_note(Ptr, Desc) -> Void [];

    // ---- run-time errors ---------------------------------------------------------------------
    /// Checked `int` arithmetic left the 64-bit range.
    mochi_rt_panic_overflow(Position) -> Void [COLD NORETURN];
    /// `list index out of range: I (len N)`.
    mochi_rt_panic_list_index(Int, Int, Position) -> Void [COLD NORETURN];
    /// `string index out of range: I (len N)`.
    mochi_rt_panic_string_index(Int, Int, Position) -> Void [COLD NORETURN];
    /// `division by zero`.
    mochi_rt_panic_division(Position) -> Void [COLD NORETURN];
    /// Use of an absent optional value.
    mochi_rt_panic_none(Position) -> Void [COLD NORETURN];
    /// A float without an `int` counterpart was converted.
    mochi_rt_panic_float_to_int(Float, Position) -> Void [COLD NORETURN];
    /// `panic(message)`.
    mochi_rt_panic_message(Ptr, Position) -> Void [COLD NORETURN];
    /// A failed `expect`.
    mochi_rt_panic_expect(Position) -> Void [COLD NORETURN];
    /// No arm of a `match` applied.
    mochi_rt_panic_match(Position) -> Void [COLD NORETURN];
    /// Memory is exhausted.
    mochi_rt_panic_out_of_memory() -> Void [COLD NORETURN];

    // ---- print -------------------------------------------------------------------------------
    /// Starts a `print` with three or more arguments (its line is trimmed).
    mochi_rt_print_begin() -> Void [];
    /// Ends a `print` with three or more arguments: trims and writes the newline.
    mochi_rt_print_end() -> Void [];
    /// The separator between arguments.
    mochi_rt_print_space() -> Void [];
    /// Ends a `print` with up to two arguments.
    mochi_rt_print_newline() -> Void [];
    mochi_rt_print_int(Int) -> Void [];
    mochi_rt_print_float(Float) -> Void [];
    mochi_rt_print_bool(Bool) -> Void [];
    /// Null prints `nil`.
    mochi_rt_print_string(Ptr) -> Void [];
    mochi_rt_print_any(Any) -> Void [];
    /// Prints a value of any type (lists, maps, records, options, …).
    mochi_rt_print_value(Slot, Desc) -> Void [];
    /// Writes everything printed so far to the standard output.
    mochi_rt_flush() -> Void [];

    // ---- text and JSON -----------------------------------------------------------------------
    mochi_rt_string_from_int(Int) -> Ptr [];
    mochi_rt_string_from_float(Float) -> Ptr [];
    mochi_rt_string_from_bool(Bool) -> Ptr [];
    mochi_rt_string_from_any(Any) -> Ptr [];
    /// `str` of a value of any type.
    mochi_rt_string_from_value(Slot, Desc) -> Ptr [];
    /// `json(v)`: prints with two spaces of indentation and a newline.
    mochi_rt_json_print(Slot, Desc) -> Void [];
    /// `to_json(v)`: compact JSON text.
    mochi_rt_json_string(Slot, Desc) -> Ptr [];

    // ---- strings -----------------------------------------------------------------------------
    /// A string of so many bytes copied from memory (UTF-8).
    mochi_rt_string_new(Ptr, Int) -> Ptr [];
    /// Concatenation. Consumes the left operand: grows it in place when it is unique.
    mochi_rt_string_concat(Ptr, Ptr) -> Ptr [];
    /// The code point at an index (negative from the end), as a string.
    mochi_rt_string_get(Ptr, Int, Position) -> Ptr [];
    /// As `mochi_rt_string_get` for an index known to be in 0..chars.
    mochi_rt_string_at(Ptr, Int) -> Ptr [];
    /// `s[a:b]` with the clamping rules.
    mochi_rt_string_slice(Ptr, Int, Int) -> Ptr [];
    mochi_rt_string_compare(Ptr, Ptr) -> Int [READONLY];
    mochi_rt_string_equal(Ptr, Ptr) -> Bool [READONLY];
    /// `t in s` as (s, t).
    mochi_rt_string_contains(Ptr, Ptr) -> Bool [READONLY];
    mochi_rt_string_starts_with(Ptr, Ptr) -> Bool [READONLY];
    mochi_rt_string_ends_with(Ptr, Ptr) -> Bool [READONLY];
    /// Code point index of the first occurrence, or -1.
    mochi_rt_string_index_of(Ptr, Ptr) -> Int [READONLY];
    /// The code points as a list of strings.
    mochi_rt_string_chars(Ptr) -> Ptr [];
    mochi_rt_string_split(Ptr, Ptr) -> Ptr [];
    /// Joins a list of strings.
    mochi_rt_string_join(Ptr, Ptr) -> Ptr [];
    /// Joins the texts of a list of anything.
    mochi_rt_list_join(Ptr, Desc, Ptr) -> Ptr [];
    mochi_rt_string_trim(Ptr) -> Ptr [];
    mochi_rt_string_repeat(Ptr, Int) -> Ptr [];
    mochi_rt_string_upper(Ptr) -> Ptr [];
    mochi_rt_string_lower(Ptr) -> Ptr [];
    /// `lower` of the text of any value.
    mochi_rt_value_lower(Slot, Desc) -> Ptr [];
    mochi_rt_string_reverse(Ptr) -> Ptr [];
    mochi_rt_string_pad_start(Ptr, Int, Ptr) -> Ptr [];
    mochi_rt_string_replace(Ptr, Ptr, Ptr) -> Ptr [];
    /// `parseIntStr(s, base)`.
    mochi_rt_string_parse_int(Ptr, Int, Position) -> Int [];
    /// SHA-256 of the bytes of a string, as a list of 32 ints.
    mochi_rt_string_sha256(Ptr) -> Ptr [];
    /// MD5 of the bytes of a string, in hexadecimal.
    mochi_rt_string_md5(Ptr) -> Ptr [];
    /// SHA-256 of a list of byte values.
    mochi_rt_list_sha256(Ptr, Position) -> Ptr [];

    // ---- lists -------------------------------------------------------------------------------
    /// A list with length and capacity N whose slots (of the given size) the caller fills: (N, size).
    mochi_rt_list_new(Int, Int) -> Ptr [ALLOC];
    /// Appends a slot. Consumes list (null is empty) and value; the descriptor is the list's.
    mochi_rt_list_append(Ptr, Desc, Slot) -> Ptr [];
    /// Slow path of an inline append. Consumes a list; returns a unique one with the same elements
    /// and room for at least one more.
    mochi_rt_list_reserve(Ptr, Desc) -> Ptr [COLD];
    /// Pointer to a slot after the index check (negative from the end): (list, index, slot size).
    mochi_rt_list_slot(Ptr, Int, Int, Position) -> Ptr [READONLY];
    /// `xs[a:b]`, descriptor of the list.
    mochi_rt_list_slice(Ptr, Desc, Int, Int) -> Ptr [];
    /// Concatenation; consumes the left list. Both have the type the descriptor names.
    mochi_rt_list_concat(Ptr, Desc, Ptr) -> Ptr [];
    /// `v in xs`; the descriptor is the list's, the slot holds an element.
    mochi_rt_list_contains(Ptr, Desc, Slot) -> Bool [READONLY];
    /// Index of an element, or -1.
    mochi_rt_list_index_of(Ptr, Desc, Slot) -> Int [READONLY];
    mochi_rt_list_reverse(Ptr, Desc) -> Ptr [];
    /// First occurrences, equality by printed form.
    mochi_rt_list_distinct(Ptr, Desc) -> Ptr [];
    /// First element as an option slot of the element type.
    mochi_rt_list_first(Ptr, Desc, Out) -> Void [];
    /// Concatenation that leaves both lists alone.
    mochi_rt_list_union_all(Ptr, Desc, Ptr) -> Ptr [];
    /// Set operators; both lists have the type the descriptor names.
    mochi_rt_list_union(Ptr, Desc, Ptr) -> Ptr [];
    mochi_rt_list_except(Ptr, Desc, Ptr) -> Ptr [];
    mochi_rt_list_intersect(Ptr, Desc, Ptr) -> Ptr [];
    /// Stable ascending sort of values by keys: (values, its descriptor, keys, its descriptor).
    mochi_rt_list_sort_by(Ptr, Desc, Ptr, Desc) -> Ptr [];
    mochi_rt_list_sum_int(Ptr) -> Int [READONLY];
    mochi_rt_list_sum_float(Ptr) -> Float [READONLY];
    /// Sum of a list of any element type, as the result type says.
    mochi_rt_list_sum(Ptr, Desc, Out, ResultDesc, Position) -> Void [];
    mochi_rt_list_avg_int(Ptr) -> Float [READONLY];
    mochi_rt_list_avg_float(Ptr) -> Float [READONLY];
    mochi_rt_list_avg(Ptr, Desc, Position) -> Float [];
    mochi_rt_list_min_int(Ptr) -> Int [READONLY];
    mochi_rt_list_max_int(Ptr) -> Int [READONLY];
    mochi_rt_list_min_float(Ptr) -> Float [READONLY];
    mochi_rt_list_max_float(Ptr) -> Float [READONLY];
    mochi_rt_list_min(Ptr, Desc, Out, ResultDesc, Position) -> Void [];
    mochi_rt_list_max(Ptr, Desc, Out, ResultDesc, Position) -> Void [];
    /// `range(a, b, step)`.
    mochi_rt_list_range(Int, Int, Int, Position) -> Ptr [];
    /// `range(a, b)`.
    mochi_rt_list_range2(Int, Int) -> Ptr [];
    /// `range(n)`.
    mochi_rt_list_range1(Int) -> Ptr [];

    // ---- maps --------------------------------------------------------------------------------
    /// An empty map of the result type.
    mochi_rt_map_new(ResultDesc) -> Ptr [ALLOC];
    /// Pointer to the value slot of a key, or null. Null maps are empty.
    mochi_rt_map_get(Ptr, Desc, Slot) -> Ptr [READONLY];
    mochi_rt_map_get_int(Ptr, Int) -> Ptr [READONLY];
    mochi_rt_map_get_string(Ptr, Ptr) -> Ptr [READONLY];
    /// Pointer to the value slot of a key, inserted (all bytes zero) when absent. Consumes the key.
    /// The caller stores the new value and releases the old one (zero means nothing to release).
    mochi_rt_map_slot(Ptr, Desc, Slot) -> Ptr [];
    mochi_rt_map_slot_int(Ptr, Desc, Int) -> Ptr [];
    mochi_rt_map_slot_string(Ptr, Desc, Ptr) -> Ptr [];
    /// Stores a value. Consumes key and value, releases the old value.
    mochi_rt_map_set(Ptr, Desc, Slot, Slot) -> Void [];
    mochi_rt_map_set_int(Ptr, Desc, Int, Slot) -> Void [];
    mochi_rt_map_set_string(Ptr, Desc, Ptr, Slot) -> Void [];
    mochi_rt_map_contains(Ptr, Desc, Slot) -> Bool [READONLY];
    mochi_rt_map_contains_int(Ptr, Int) -> Bool [READONLY];
    mochi_rt_map_contains_string(Ptr, Ptr) -> Bool [READONLY];
    /// The value of a key, or a default: (map, key, default).
    mochi_rt_map_get_or(Ptr, Desc, Slot, Slot, Out) -> Void [];
    /// Keys in ascending order of their text, as a list of the key type.
    mochi_rt_map_keys(Ptr, Desc) -> Ptr [];
    /// Keys in ascending order as a list of strings, whatever the key type.
    mochi_rt_map_key_strings(Ptr, Desc) -> Ptr [];
    /// Values in ascending key order.
    mochi_rt_map_values(Ptr, Desc) -> Ptr [];

    // ---- values of any type ------------------------------------------------------------------
    mochi_rt_value_equal(Slot, Desc, Slot) -> Bool [READONLY];
    /// -1, 0, 1; 2 when the values are not ordered (null, NaN).
    mochi_rt_value_compare(Slot, Desc, Slot) -> Int [READONLY];
    mochi_rt_value_truth(Slot, Desc) -> Bool [READONLY];
    mochi_rt_value_hash(Slot, Desc) -> Int [READONLY];
    /// `v in c` for a container of any type: (c, v).
    mochi_rt_value_contains(Slot, Desc, Slot, Desc, Position) -> Bool [];
    /// `len` of a value of any type.
    mochi_rt_value_length(Slot, Desc, Position) -> Int [];
    /// Checked conversion to the result type, `e as T`.
    mochi_rt_value_cast(Slot, Desc, Out, ResultDesc, Position) -> Void [];
    mochi_rt_cast_string_to_int(Ptr, Position) -> Int [];
    mochi_rt_cast_float_to_int(Float, Position) -> Int [];
    mochi_rt_cast_any_to_int(Any, Position) -> Int [];
    mochi_rt_any_to_int(Any, Position) -> Int [];
    mochi_rt_cast_any_to_float(Any, Position) -> Float [];
    mochi_rt_cast_any_to_bool(Any, Position) -> Bool [];
    mochi_rt_cast_any_to_string(Any, Position) -> Ptr [];

    // ---- any ---------------------------------------------------------------------------------
    /// Boxes a value of any type; the slot keeps its own reference. A null option becomes null.
    mochi_rt_any_wrap(Slot, Desc, Out) -> Void [];
    /// Whether the dynamic type is the one the operation names (its descriptor is passed as `ResultDesc`).
    mochi_rt_any_is(Any, ResultDesc) -> Bool [READONLY];
    mochi_rt_any_equal(Any, Any) -> Bool [READONLY];
    /// -1, 0, 1; 2 when not ordered (a null operand, NaN).
    mochi_rt_any_compare(Any, Any) -> Int [READONLY];
    mochi_rt_any_truth(Any) -> Bool [READONLY];
    mochi_rt_any_exists(Any) -> Bool [READONLY];
    mochi_rt_any_add(Any, Any, Out, Position) -> Void [];
    mochi_rt_any_sub(Any, Any, Out, Position) -> Void [];
    mochi_rt_any_mul(Any, Any, Out, Position) -> Void [];
    mochi_rt_any_div(Any, Any, Out, Position) -> Void [];
    mochi_rt_any_rem(Any, Any, Out, Position) -> Void [];
    mochi_rt_any_neg(Any, Out, Position) -> Void [];
    /// `a[k]`.
    mochi_rt_any_index(Any, Any, Out, Position) -> Void [];
    /// `a[k] = v`, all borrowed.
    mochi_rt_any_set_index(Any, Any, Any, Position) -> Void [];
    /// `a.name` (name is a string object).
    mochi_rt_any_field(Any, Ptr, Out, Position) -> Void [];
    /// `a.name = v`, borrowed.
    mochi_rt_any_set_field(Any, Ptr, Any, Position) -> Void [];
    /// `a[x:y]`.
    mochi_rt_any_slice(Any, Int, Int, Out, Position) -> Void [];
    /// `len(a)`.
    mochi_rt_any_length(Any, Position) -> Int [];
    /// What `for x in a` visits, as a list of any.
    mochi_rt_any_elements(Any, Position) -> Ptr [];
    /// `v in a` as (a, v).
    mochi_rt_any_contains(Any, Any, Position) -> Bool [];
    /// The list that an argument must be: (value, message otherwise, whether null is an empty list).
    mochi_rt_any_list_argument(Any, Ptr, Bool, Position) -> Ptr [];
    /// The string that an argument must be: (value, message otherwise).
    mochi_rt_any_text_argument(Any, Ptr, Position) -> Ptr [];
    mochi_rt_any_reverse(Any, Out, Position) -> Void [];
    mochi_rt_any_count(Any, Position) -> Int [];
    /// Whether the value has an entry of that name that is a function.
    mochi_rt_any_has_method(Any, Ptr) -> Bool [READONLY];
    /// `append(a, v)` on dynamically typed operands.
    mochi_rt_any_append(Any, Any, Out, Position) -> Void [];

    // ---- numbers -----------------------------------------------------------------------------
    /// `pow` on ints; a negative exponent truncates.
    mochi_rt_int_pow(Int, Int, Position) -> Int [];
    mochi_rt_int_abs(Int, Position) -> Int [];
    /// `round(i, digits)`.
    mochi_rt_int_round(Int, Int) -> Float [READNONE];
    mochi_rt_float_pow(Float, Float) -> Float [READNONE];
    /// Half away from zero.
    mochi_rt_float_round(Float) -> Float [READNONE];
    mochi_rt_float_round_to(Float, Int) -> Float [READNONE];
    mochi_rt_float_abs(Float) -> Float [READNONE];
    mochi_rt_float_floor(Float) -> Float [READNONE];
    mochi_rt_float_ceil(Float) -> Float [READNONE];
    /// C `fmod`; the divisor is known not to be zero.
    mochi_rt_float_rem(Float, Float) -> Float [READNONE];
    mochi_rt_any_abs(Any, Out, Position) -> Void [];
    mochi_rt_any_round(Any, Int, Out, Position) -> Void [];
    mochi_rt_any_pow(Any, Any, Out, Position) -> Void [];

    // ---- bigint and bigrat -------------------------------------------------------------------
    mochi_rt_bigint_from_int(Int) -> Ptr [];
    mochi_rt_bigint_from_float(Float, Position) -> Ptr [];
    mochi_rt_bigint_from_string(Ptr, Position) -> Ptr [];
    mochi_rt_bigint_add(Ptr, Ptr) -> Ptr [];
    mochi_rt_bigint_add_large(Ptr, Ptr) -> Ptr [COLD];
    mochi_rt_bigint_sub(Ptr, Ptr) -> Ptr [];
    mochi_rt_bigint_sub_large(Ptr, Ptr) -> Ptr [COLD];
    mochi_rt_bigint_mul(Ptr, Ptr) -> Ptr [];
    mochi_rt_bigint_mul_large(Ptr, Ptr) -> Ptr [COLD];
    /// Exact results for ints whose checked operation overflowed.
    mochi_rt_bigint_add_ints(Int, Int) -> Ptr [COLD];
    mochi_rt_bigint_sub_ints(Int, Int) -> Ptr [COLD];
    mochi_rt_bigint_mul_ints(Int, Int) -> Ptr [COLD];
    mochi_rt_bigint_div(Ptr, Ptr, Position) -> Ptr [];
    mochi_rt_bigint_div_large(Ptr, Ptr, Position) -> Ptr [COLD];
    mochi_rt_bigint_rem(Ptr, Ptr, Position) -> Ptr [];
    mochi_rt_bigint_rem_large(Ptr, Ptr, Position) -> Ptr [COLD];
    mochi_rt_bigint_neg(Ptr) -> Ptr [];
    mochi_rt_bigint_abs(Ptr) -> Ptr [];
    mochi_rt_bigint_pow(Ptr, Int, Position) -> Ptr [];
    mochi_rt_bigint_compare(Ptr, Ptr) -> Int [READONLY];
    mochi_rt_bigint_equal(Ptr, Ptr) -> Bool [READONLY];
    mochi_rt_bigint_truth(Ptr) -> Bool [READONLY];
    mochi_rt_bigint_to_int(Ptr, Position) -> Int [];
    mochi_rt_bigint_to_float(Ptr) -> Float [READONLY];
    mochi_rt_string_from_bigint(Ptr) -> Ptr [];
    mochi_rt_print_bigint(Ptr) -> Void [];
    mochi_rt_bigrat_from_int(Int) -> Ptr [];
    mochi_rt_bigrat_from_bigint(Ptr) -> Ptr [];
    mochi_rt_bigrat_from_float(Float, Position) -> Ptr [];
    mochi_rt_bigrat_from_string(Ptr, Position) -> Ptr [];
    mochi_rt_bigrat_add(Ptr, Ptr) -> Ptr [];
    mochi_rt_bigrat_sub(Ptr, Ptr) -> Ptr [];
    mochi_rt_bigrat_mul(Ptr, Ptr) -> Ptr [];
    mochi_rt_bigrat_div(Ptr, Ptr, Position) -> Ptr [];
    mochi_rt_bigrat_rem(Ptr, Ptr, Position) -> Ptr [];
    mochi_rt_bigrat_neg(Ptr) -> Ptr [];
    mochi_rt_bigrat_compare(Ptr, Ptr) -> Int [READONLY];
    /// Numerator and denominator, as bigints.
    mochi_rt_bigrat_num(Ptr) -> Ptr [];
    mochi_rt_bigrat_denom(Ptr) -> Ptr [];
    mochi_rt_bigrat_to_float(Ptr) -> Float [READONLY];

    // ---- environment -------------------------------------------------------------------------
    /// One line of standard input without its end, `""` at the end of input.
    mochi_rt_input() -> Ptr [];
    /// Nanoseconds since the epoch, or the seeded sequence.
    mochi_rt_now() -> Int [];
    /// Nanoseconds of a monotonic clock, never seeded.
    mochi_rt_clock() -> Int [];
    /// Bytes of memory in use by objects.
    mochi_rt_mem() -> Int [];
    /// Value of an environment variable, `""` when unset.
    mochi_rt_env_get(Ptr) -> Ptr [];
    /// All environment variables as `NAME=value` strings.
    mochi_rt_env_list() -> Ptr [];
    /// Starts a `bench` block: the time, to be passed to the report.
    mochi_rt_bench_start() -> Int [COLD];
    /// Prints the JSON object of a `bench` block: (name, time of its start).
    mochi_rt_bench_report(Ptr, Int) -> Void [COLD];

    // ---- data from outside -------------------------------------------------------------------
    /// `load` of CSV: (path, header, delimiter). The result type is the list of rows. Path `-` is standard input.
    mochi_rt_load_csv(Ptr, Bool, Ptr, ResultDesc, Position) -> Ptr [];
    mochi_rt_load_json(Ptr, ResultDesc, Position) -> Ptr [];
    mochi_rt_load_jsonl(Ptr, ResultDesc, Position) -> Ptr [];
    mochi_rt_load_yaml(Ptr, ResultDesc, Position) -> Ptr [];
    /// `load` in a format that the options say at run time: (path, options).
    mochi_rt_load(Ptr, Slot, Desc, ResultDesc, Position) -> Ptr [];
    /// `save` as CSV: (rows, path, header, delimiter). Path `-` is standard output.
    mochi_rt_save_csv(Slot, Desc, Ptr, Bool, Ptr, Position) -> Void [];
    mochi_rt_save_json(Slot, Desc, Ptr, Position) -> Void [];
    mochi_rt_save_jsonl(Slot, Desc, Ptr, Position) -> Void [];
    mochi_rt_save_yaml(Slot, Desc, Ptr, Position) -> Void [];
    /// `save` in a format that the options say at run time: (rows, path, options).
    mochi_rt_save(Slot, Desc, Ptr, Slot, Desc, Position) -> Void [];
    /// `fetch url`: the decoded JSON as the result type.
    mochi_rt_fetch(Ptr, Out, ResultDesc, Position) -> Void [];
    /// `fetch url with options`.
    mochi_rt_fetch_with(Ptr, Slot, Desc, Out, ResultDesc, Position) -> Void [];
    /// `generate text`: (prompt, provider of the `model` declaration or `""`, model).
    mochi_rt_generate_text(Ptr, Ptr, Ptr, Position) -> Ptr [];
    /// `generate embedding`: (text, normalize, provider, model), a list of floats.
    mochi_rt_generate_embedding(Ptr, Bool, Ptr, Ptr, Position) -> Ptr [];
    /// `generate S`: (prompt, provider, model), the reply as the result type.
    mochi_rt_generate_value(Ptr, Ptr, Ptr, Out, ResultDesc, Position) -> Void [];
}
