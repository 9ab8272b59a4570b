//! Equality, order, hash and truth of values.

use super::fields::{self, Fields};
use super::{Desc, as_float, as_list, as_map, as_string, kind, load, name};
use crate::{big, copy, cycles, format, list, map, string, text::Text};
use core::cmp::Ordering;
use mochi_runtime_abi::{Any, Kind};

/// Result of an ordered comparison of values that have no order.
pub const UNORDERED: i64 = 2;

/// Whether a kind takes part in mixed numeric comparison.
fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Float | Kind::BigInt | Kind::BigRat)
}

/// A number as a float.
pub unsafe fn number(value: Any) -> f64 {
    match kind(value) {
        Kind::Int => value.payload as i64 as f64,
        Kind::Float => as_float(value),
        Kind::BigInt | Kind::BigRat => big::to_float(value),
        _ => 0.0,
    }
}

/// Order of two numbers of any kinds; `None` with a NaN.
unsafe fn compare_numbers(left: Any, right: Any) -> Option<Ordering> {
    match (kind(left), kind(right)) {
        (Kind::Int, Kind::Int) => Some((left.payload as i64).cmp(&(right.payload as i64))),
        (Kind::Int | Kind::Float, Kind::Int | Kind::Float) | (Kind::Float, _) | (_, Kind::Float) => {
            number(left).partial_cmp(&number(right))
        }
        _ => Some(big::compare(left, right)),
    }
}

pub unsafe fn equal(left: Any, right: Any) -> bool {
    let (left_kind, right_kind) = (kind(left), kind(right));
    if is_number(left_kind) && is_number(right_kind) {
        return compare_numbers(left, right) == Some(Ordering::Equal);
    }
    match (left_kind, right_kind) {
        (Kind::Unit, Kind::Unit) => true,
        (Kind::Bool, Kind::Bool) => left.payload == right.payload,
        (Kind::String, Kind::String) => string::equal(as_string(left), as_string(right)),
        (Kind::List, Kind::List) => ended(left, right, |left, right| equal_lists(left, right, equal)),
        (Kind::Union, Kind::Union) | (Kind::Record, Kind::Record) => {
            name(left.desc) == name(right.desc) && ended(left, right, |left, right| equal_fields(left, right))
        }
        (Kind::Map | Kind::Anonymous, Kind::Map | Kind::Anonymous) => {
            ended(left, right, |left, right| equal_entries(left, right))
        }
        (Kind::Cell, Kind::Cell) => left.payload == right.payload,
        _ => false,
    }
}

/// Compares parts in a way that ends even if both values contain themselves.
#[inline]
unsafe fn ended(left: Any, right: Any, equal: unsafe fn(Any, Any) -> bool) -> bool {
    if (*left.desc).is_cyclic() && (*right.desc).is_cyclic() {
        cycles::equal(left, right, equal)
    } else {
        equal(left, right)
    }
}

/// Equality that also wants the same kinds, as `in` on lists does. Integers of any size are of one kind.
pub unsafe fn identical(left: Any, right: Any) -> bool {
    let is_integer = |value| matches!(kind(value), Kind::Int | Kind::BigInt);
    if kind(left) != kind(right) && !(is_integer(left) && is_integer(right)) {
        return false;
    }
    if kind(left) == Kind::List {
        return ended(left, right, |left, right| equal_lists(left, right, identical));
    }
    equal(left, right)
}

unsafe fn equal_lists(left: Any, right: Any, equal: unsafe fn(Any, Any) -> bool) -> bool {
    let (a, b) = (as_list(left), as_list(right));
    if (*a).len != (*b).len {
        return false;
    }
    let (a_desc, b_desc) = ((*left.desc).elem, (*right.desc).elem);
    (0..(*a).len as usize).all(|index| equal(list::element(a, a_desc, index), list::element(b, b_desc, index)))
}

/// Fields of two values of the same record type or union.
unsafe fn equal_fields(left: Any, right: Any) -> bool {
    let (Some(a), Some(b)) = (Fields::of(left), Fields::of(right)) else { return false };
    a.name == b.name && a.count == b.count && (0..a.count).all(|index| equal(a.at(index), b.at(index)))
}

/// Entries of maps and anonymous records, in any combination.
unsafe fn equal_entries(left: Any, right: Any) -> bool {
    if fields::count(left) != fields::count(right) {
        return false;
    }
    let mut same = true;
    fields::each_entry(left, &mut |key, value| {
        same = same
            && match (value, fields::entry(right, key)) {
                (fields::Entry::Value(a), Some(b)) => equal(a, b),
                _ => false,
            };
    });
    same
}

/// -1, 0, 1, or [`UNORDERED`].
pub unsafe fn compare(left: Any, right: Any) -> i64 {
    let (left_kind, right_kind) = (kind(left), kind(right));
    if is_number(left_kind) && is_number(right_kind) {
        return compare_numbers(left, right).map_or(UNORDERED, |order| order as i64);
    }
    match (left_kind, right_kind) {
        (Kind::Bool, Kind::Bool) => left.payload.cmp(&right.payload) as i64,
        (Kind::String, Kind::String) => string::mochi_rt_string_compare(as_string(left), as_string(right)),
        (Kind::List, Kind::List) => {
            let (a, b) = (as_list(left), as_list(right));
            for index in 0..(*a).len.min((*b).len) as usize {
                let order =
                    compare(list::element(a, (*left.desc).elem, index), list::element(b, (*right.desc).elem, index));
                if order != 0 {
                    return order;
                }
            }
            (*a).len.cmp(&(*b).len) as i64
        }
        _ => UNORDERED,
    }
}

/// The order of `sort by`: total, null last, numbers across kinds (bools as 0 and 1), strings by bytes, lists and
/// entries one by one, everything else by text.
pub unsafe fn sort_order(left: Any, right: Any) -> Ordering {
    let rank = |kind| match kind {
        Kind::Bool | Kind::Int | Kind::Float | Kind::BigInt | Kind::BigRat => 0,
        Kind::String => 1,
        Kind::List => 2,
        Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union => 3,
        Kind::Unit => 5,
        _ => 4,
    };
    let (a, b) = (rank(kind(left)), rank(kind(right)));
    if a == 5 || b == 5 {
        return a.cmp(&b);
    }
    if a != b {
        return compare_texts(left, right);
    }
    match a {
        0 => {
            let plain = |value: Any| {
                if kind(value) == Kind::Bool { super::int(value.payload as i64) } else { value }
            };
            compare_numbers(plain(left), plain(right))
                .unwrap_or_else(|| number(left).is_nan().cmp(&number(right).is_nan()))
        }
        1 => copy::compare(string::bytes(as_string(left)), string::bytes(as_string(right))),
        2 => {
            let (a, b) = (as_list(left), as_list(right));
            for index in 0..(*a).len.min((*b).len) as usize {
                let order =
                    sort_order(list::element(a, (*left.desc).elem, index), list::element(b, (*right.desc).elem, index));
                if order != Ordering::Equal {
                    return order;
                }
            }
            (*a).len.cmp(&(*b).len)
        }
        3 => sort_entries(left, right),
        _ => compare_texts(left, right),
    }
}

/// Entry by entry in key order.
unsafe fn sort_entries(left: Any, right: Any) -> Ordering {
    let mut result = Ordering::Equal;
    fields::each_entry(left, &mut |key, value| {
        if result != Ordering::Equal {
            return;
        }
        result = match (value, fields::entry(right, key)) {
            (fields::Entry::Value(a), Some(b)) => sort_order(a, b),
            (fields::Entry::Value(_), None) => Ordering::Greater,
            (fields::Entry::TypeName(_), _) => Ordering::Equal,
        };
    });
    result
}

unsafe fn compare_texts(left: Any, right: Any) -> Ordering {
    let (mut a, mut b) = (Text::new(), Text::new());
    format::push_str(&mut a, left);
    format::push_str(&mut b, right);
    a.bytes().cmp(b.bytes())
}

/// Spreads the bits of a word.
#[inline]
pub fn mix(word: u64) -> u64 {
    let product = u128::from(word ^ 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
    (product as u64) ^ (product >> 64) as u64
}

/// A float that equals an int has its hash.
fn hash_float(float: f64) -> u64 {
    if float == (float as i64) as f64 { mix(float as i64 as u64) } else { mix(float.to_bits()) }
}

/// Hash that agrees with [`equal`].
pub unsafe fn hash(value: Any) -> u64 {
    match kind(value) {
        Kind::Unit => 1,
        Kind::Int | Kind::Bool => mix(value.payload),
        Kind::Float => hash_float(as_float(value)),
        Kind::String => map::hash_bytes(string::bytes(as_string(value))),
        Kind::List => {
            let list = as_list(value);
            (0..(*list).len as usize).fold(7, |hash, index| {
                mix(hash ^ self::hash(list::element(list, (*value.desc).elem, index)).rotate_left(17))
            })
        }
        Kind::Map | Kind::Record | Kind::Anonymous | Kind::Union => {
            let mut result = 11;
            fields::each_entry(value, &mut |key, value| {
                let part = match value {
                    fields::Entry::Value(value) => hash(value),
                    fields::Entry::TypeName(name) => map::hash_bytes(name),
                };
                result = mix(result ^ map::hash_bytes(key)) ^ part;
            });
            result
        }
        Kind::BigInt => big::to_int(value).map_or_else(|| hash_float(big::to_float(value)), |int| mix(int as u64)),
        Kind::BigRat => hash_float(big::to_float(value)),
        Kind::Fn | Kind::Any | Kind::Option | Kind::Cell | Kind::Env => mix(value.payload),
    }
}

pub unsafe fn truth(value: Any) -> bool {
    match kind(value) {
        Kind::Unit | Kind::Fn | Kind::Env => false,
        Kind::Int | Kind::Bool => value.payload != 0,
        Kind::Float => as_float(value) != 0.0,
        Kind::String => (*as_string(value)).len != 0,
        Kind::List => (*as_list(value)).len != 0,
        Kind::Map => (*as_map(value)).len != 0,
        Kind::BigInt | Kind::BigRat => big::to_float(value) != 0.0,
        Kind::Record | Kind::Anonymous | Kind::Union | Kind::Cell | Kind::Any | Kind::Option => true,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_equal(left: *const u8, desc: Desc, right: *const u8) -> bool {
    equal(load(left, desc), load(right, desc))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_compare(left: *const u8, desc: Desc, right: *const u8) -> i64 {
    compare(load(left, desc), load(right, desc))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_truth(slot: *const u8, desc: Desc) -> bool {
    truth(load(slot, desc))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_value_hash(slot: *const u8, desc: Desc) -> i64 {
    hash(load(slot, desc)) as i64
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_equal(a: Desc, left: u64, b: Desc, right: u64) -> bool {
    equal(Any { desc: a, payload: left }, Any { desc: b, payload: right })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_compare(a: Desc, left: u64, b: Desc, right: u64) -> i64 {
    compare(Any { desc: a, payload: left }, Any { desc: b, payload: right })
}

/// Whether there is something in a list, map or text; other values hold nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_exists(desc: Desc, payload: u64) -> bool {
    let value = Any { desc, payload };
    match kind(value) {
        Kind::String | Kind::List | Kind::Map | Kind::Record | Kind::Anonymous => truth(value),
        _ => false,
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_truth(desc: Desc, payload: u64) -> bool {
    truth(Any { desc, payload })
}
