//! Operations on dynamically typed values.

pub mod access;
pub mod arguments;

use crate::cast::type_name;
use crate::list::aggregate::is_number;
use crate::panic::{self, Position, fail_parts};
use crate::value::{self, Desc, compare};
use crate::{big, builtins, list, string};
use mochi_runtime_abi::{Any, Kind};

#[cold]
unsafe fn fail_types(op: u8, left: Any, right: Any, position: Position) -> ! {
    fail_parts(
        &[
            b"operator `",
            core::slice::from_ref(&op),
            b"` cannot be used on types ",
            type_name(left.desc),
            b" and ",
            type_name(right.desc),
        ],
        position,
    )
}

/// Arithmetic decided by the values: float if either is one, then bigrat, bigint, int; null gives null.
/// The result is owned.
pub unsafe fn binary(op: u8, left: Any, right: Any, position: Position) -> Any {
    match (value::kind(left), value::kind(right)) {
        (Kind::Int, Kind::Int) => value::int(ints(op, left.payload as i64, right.payload as i64, position)),
        (Kind::Unit, _) | (_, Kind::Unit) => value::NULL,
        (Kind::Float, Kind::Int | Kind::Float | Kind::BigInt | Kind::BigRat)
        | (Kind::Int | Kind::BigInt | Kind::BigRat, Kind::Float) => {
            value::float(floats(op, compare::number(left), compare::number(right), position))
        }
        (Kind::Int | Kind::BigInt | Kind::BigRat, Kind::Int | Kind::BigInt | Kind::BigRat) => {
            match big::binary(op, left, right) {
                Some(result) => result,
                None => panic::mochi_rt_panic_division(position.file, position.line_column),
            }
        }
        (Kind::String, Kind::String) if op == b'+' => {
            let start = string::retain(value::as_string(left));
            value::string(string::mochi_rt_string_concat(start, value::as_string(right)))
        }
        (Kind::List, Kind::List) if op == b'+' => concat(left, right),
        _ => fail_types(op, left, right, position),
    }
}

unsafe fn concat(left: Any, right: Any) -> Any {
    if value::same_type(left.desc, right.desc) {
        let start = value::as_list(value::retain(left));
        let result = list::mochi_rt_list_concat(start, left.desc, value::as_list(right));
        return Any { desc: left.desc, payload: result as u64 };
    }
    let mut result = list::with_room(0, 16);
    for side in [left, right] {
        let items = value::as_list(side);
        for index in 0..(*items).len as usize {
            result = list::push_any(result, value::retain(list::element(items, (*side.desc).elem, index)));
        }
    }
    value::list_any(result)
}

unsafe fn ints(op: u8, left: i64, right: i64, position: Position) -> i64 {
    if right == 0 && (op == b'/' || op == b'%') {
        panic::mochi_rt_panic_division(position.file, position.line_column);
    }
    let result = match op {
        b'+' => left.checked_add(right),
        b'-' => left.checked_sub(right),
        b'*' => left.checked_mul(right),
        b'/' => left.checked_div(right),
        // The smallest int modulo -1 is 0, although the division overflows.
        _ => Some(left.wrapping_rem(right)),
    };
    match result {
        Some(value) => value,
        None => panic::mochi_rt_panic_overflow(position.file, position.line_column),
    }
}

unsafe fn floats(op: u8, left: f64, right: f64, position: Position) -> f64 {
    if right == 0.0 && (op == b'/' || op == b'%') {
        panic::mochi_rt_panic_division(position.file, position.line_column);
    }
    match op {
        b'+' => left + right,
        b'-' => left - right,
        b'*' => left * right,
        b'/' => left / right,
        _ => left % right,
    }
}

macro_rules! operators {
    ($($name:ident $op:literal;)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            left_desc: Desc,
            left: u64,
            right_desc: Desc,
            right: u64,
            out: *mut Any,
            file: *const u8,
            line_column: i64,
        ) {
            let left = Any { desc: left_desc, payload: left };
            let right = Any { desc: right_desc, payload: right };
            out.write(binary($op, left, right, Position::new(file, line_column)));
        }
    )*};
}

operators! {
    mochi_rt_any_add b'+';
    mochi_rt_any_sub b'-';
    mochi_rt_any_mul b'*';
    mochi_rt_any_div b'/';
    mochi_rt_any_rem b'%';
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_neg(desc: Desc, payload: u64, out: *mut Any, file: *const u8, line_column: i64) {
    let operand = Any { desc, payload };
    let position = Position::new(file, line_column);
    out.write(match value::kind(operand) {
        Kind::Float => value::float(-value::as_float(operand)),
        Kind::Unit => value::NULL,
        kind if !is_number(kind) => fail_parts(&[b"operator `-` cannot be used on type ", type_name(desc)], position),
        _ => binary(b'-', value::int(0), operand, position),
    });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_abs(desc: Desc, payload: u64, out: *mut Any, file: *const u8, line_column: i64) {
    let operand = Any { desc, payload };
    let position = Position::new(file, line_column);
    out.write(match value::kind(operand) {
        Kind::Int => value::int(builtins::numbers::mochi_rt_int_abs(payload as i64, file, line_column)),
        Kind::Float => value::float(builtins::numbers::mochi_rt_float_abs(value::as_float(operand))),
        Kind::BigInt | Kind::BigRat if big::to_float(operand) >= 0.0 => value::retain(operand),
        Kind::BigInt | Kind::BigRat => binary(b'-', value::int(0), operand, position),
        _ => panic::fail(b"abs expects a number", position),
    });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_round(
    desc: Desc,
    payload: u64,
    digits: i64,
    out: *mut Any,
    file: *const u8,
    line_column: i64,
) {
    let operand = Any { desc, payload };
    out.write(match value::kind(operand) {
        Kind::Int | Kind::BigInt if digits == 0 => value::retain(operand),
        Kind::Unit => value::float(0.0),
        Kind::Int | Kind::Float | Kind::BigInt | Kind::BigRat => {
            value::float(builtins::numbers::mochi_rt_float_round_to(compare::number(operand), digits))
        }
        _ => panic::fail(b"round expects a number", Position::new(file, line_column)),
    });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_any_pow(
    base_desc: Desc,
    base: u64,
    exponent_desc: Desc,
    exponent: u64,
    out: *mut Any,
    file: *const u8,
    line_column: i64,
) {
    let base = Any { desc: base_desc, payload: base };
    let exponent = Any { desc: exponent_desc, payload: exponent };
    out.write(match (value::kind(base), value::kind(exponent)) {
        (Kind::Int, Kind::Int) => value::int(builtins::numbers::mochi_rt_int_pow(
            base.payload as i64,
            exponent.payload as i64,
            file,
            line_column,
        )),
        (Kind::Int | Kind::Float, Kind::Int | Kind::Float) => {
            value::float(builtins::numbers::mochi_rt_float_pow(compare::number(base), compare::number(exponent)))
        }
        _ => panic::fail(b"pow expects numbers", Position::new(file, line_column)),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free, list, str, text};

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    unsafe fn shown(value: Any) -> std::string::String {
        let shown = text(crate::format::to_string(value));
        value::release(value);
        shown
    }

    #[test]
    fn arithmetic() {
        leak_free(|| unsafe {
            let (seven, two, half) = (value::int(7), value::int(2), value::float(0.5));
            assert_eq!(shown(binary(b'+', seven, two, NOWHERE)), "9");
            assert_eq!(shown(binary(b'/', value::int(-7), two, NOWHERE)), "-3");
            assert_eq!(shown(binary(b'%', value::int(-7), two, NOWHERE)), "-1");
            assert_eq!(shown(binary(b'%', value::int(i64::MIN), value::int(-1), NOWHERE)), "0");
            assert_eq!(shown(binary(b'*', seven, half, NOWHERE)), "3.5");
            assert_eq!(shown(binary(b'%', value::float(7.5), two, NOWHERE)), "1.5");
            assert_eq!(shown(binary(b'-', value::NULL, two, NOWHERE)), "<nil>");
            assert!(fails(|| binary(b'/', seven, value::int(0), NOWHERE)));
            assert!(fails(|| binary(b'/', half, value::float(0.0), NOWHERE)));
            assert!(fails(|| binary(b'+', value::int(i64::MAX), two, NOWHERE)));
            assert!(fails(|| binary(b'-', value::bool(true), two, NOWHERE)));
        });
    }

    #[test]
    fn text_and_lists() {
        leak_free(|| unsafe {
            let (a, b) = (value::string(str("ab")), value::string(str("cd")));
            assert_eq!(shown(binary(b'+', a, b, NOWHERE)), "abcd");
            let (x, y) = (list(&[a]), list(&[b, value::int(1)]));
            assert_eq!(shown(binary(b'+', x, y, NOWHERE)), "[ab cd 1]");
            value::release(x);
            value::release(y);
        });
    }
}
