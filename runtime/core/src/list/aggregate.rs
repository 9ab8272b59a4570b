//! `sum`, `avg`, `min` and `max`.

use super::{element, length};
use crate::panic::{self, Position};
use crate::value::{self, Desc, compare};
use crate::{any, cast};
use mochi_runtime_abi::{Any, Kind, List};

unsafe fn ints<'a>(list: *const List) -> &'a [i64] {
    if length(list) == 0 {
        return &[];
    }
    core::slice::from_raw_parts((*list).data.cast(), (*list).len as usize)
}

unsafe fn floats<'a>(list: *const List) -> &'a [f64] {
    if length(list) == 0 {
        return &[];
    }
    core::slice::from_raw_parts((*list).data.cast(), (*list).len as usize)
}

/// Wraps, as the language's `sum` does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_sum_int(list: *const List) -> i64 {
    ints(list).iter().fold(0, |sum: i64, value| sum.wrapping_add(*value))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_sum_float(list: *const List) -> f64 {
    floats(list).iter().fold(0.0, |sum, value| sum + value)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_avg_int(list: *const List) -> f64 {
    let values = ints(list);
    if values.is_empty() {
        return 0.0;
    }
    values.iter().fold(0.0, |sum, value| sum + *value as f64) / values.len() as f64
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_avg_float(list: *const List) -> f64 {
    let values = floats(list);
    if values.is_empty() {
        return 0.0;
    }
    values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_min_int(list: *const List) -> i64 {
    ints(list).iter().copied().reduce(|a, b| if b < a { b } else { a }).unwrap_or(0)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_max_int(list: *const List) -> i64 {
    ints(list).iter().copied().reduce(|a, b| if b > a { b } else { a }).unwrap_or(0)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_min_float(list: *const List) -> f64 {
    floats(list).iter().copied().reduce(|a, b| if b < a { b } else { a }).unwrap_or(0.0)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_max_float(list: *const List) -> f64 {
    floats(list).iter().copied().reduce(|a, b| if b > a { b } else { a }).unwrap_or(0.0)
}

pub fn is_number(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Float | Kind::BigInt | Kind::BigRat)
}

/// Hands an owned result over in the type the caller asked for.
unsafe fn give(value: Any, out: *mut u8, result: Desc, position: Position) {
    cast::into_slot(value, result, out, position);
    value::release(value);
}

/// Nulls count zero; int if all others are ints, else float (exact types stay exact among themselves).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_sum(
    list: *const List,
    desc: Desc,
    out: *mut u8,
    result: Desc,
    file: *const u8,
    line_column: i64,
) {
    let position = Position::new(file, line_column);
    let elem = (*desc).elem;
    let mut sum = value::int(0);
    for index in 0..length(list) {
        let item = element(list, elem, index);
        match value::kind(item) {
            Kind::Unit => {
                sum = match value::kind(sum) {
                    Kind::Int | Kind::Float => value::float(compare::number(sum)),
                    _ => sum,
                };
            }
            Kind::Int if value::kind(sum) == Kind::Int => {
                sum.payload = sum.payload.wrapping_add(item.payload);
            }
            kind if is_number(kind) => {
                let next = any::binary(b'+', sum, item, position);
                value::release(sum);
                sum = next;
            }
            _ => panic::fail(b"sum expects numbers", position),
        }
    }
    give(sum, out, result, position);
}

/// Nulls are ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_avg(list: *const List, desc: Desc, file: *const u8, line_column: i64) -> f64 {
    let elem = (*desc).elem;
    let (mut sum, mut count) = (0.0, 0);
    for index in 0..length(list) {
        let item = element(list, elem, index);
        match value::kind(item) {
            Kind::Unit => {}
            kind if is_number(kind) => {
                sum += compare::number(item);
                count += 1;
            }
            _ => panic::fail(b"avg expects numbers", Position::new(file, line_column)),
        }
    }
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_min(
    list: *const List,
    desc: Desc,
    out: *mut u8,
    result: Desc,
    file: *const u8,
    line_column: i64,
) {
    extreme(list, desc, out, result, Position::new(file, line_column), -1);
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_list_max(
    list: *const List,
    desc: Desc,
    out: *mut u8,
    result: Desc,
    file: *const u8,
    line_column: i64,
) {
    extreme(list, desc, out, result, Position::new(file, line_column), 1);
}

/// The first element that comes before (`sign` -1) or after (1) all others; nulls are skipped. An empty list gives
/// the zero of the result type.
unsafe fn extreme(list: *const List, desc: Desc, out: *mut u8, result: Desc, position: Position, sign: i64) {
    let elem = (*desc).elem;
    let mut best = value::NULL;
    let mut float = false;
    for index in 0..length(list) {
        let item = element(list, elem, index);
        let kind = value::kind(item);
        if kind == Kind::Unit {
            continue;
        }
        if !is_number(kind) && kind != Kind::String && kind != Kind::Bool {
            let message: &[u8] =
                if sign < 0 { b"min expects numbers or strings" } else { b"max expects numbers or strings" };
            panic::fail(message, position);
        }
        float |= kind == Kind::Float;
        if best.desc.is_null() || compare::compare(item, best) == sign {
            best = item;
        }
    }
    if best.desc.is_null() {
        let zero = match (*result).kind {
            Kind::String => value::string(crate::string::empty()),
            _ => value::int(0),
        };
        give(zero, out, result, position);
    } else if float && value::kind(best) != Kind::Float && is_number(value::kind(best)) {
        give(value::float(compare::number(best)), out, result, position);
    } else {
        give(value::retain(best), out, result, position);
    }
}
