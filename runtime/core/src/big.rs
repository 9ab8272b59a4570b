//! The door to arbitrary precision numbers.
//!
//! Generic code (formatting, comparison, destruction) meets `bigint` and `bigrat` objects only in programs that
//! create some. So that it does not pull their arithmetic into every program, it goes through a table
//! that the functions which create such numbers install.

use crate::panic::{fail, Position};
use crate::text::Text;
use crate::value;
use core::cmp::Ordering;
use mochi_runtime_abi::{Any, Kind, Object};

/// What generic code needs to know about big numbers.
pub struct Operations {
    pub drop: unsafe fn(*mut Object, Kind),
    pub text: unsafe fn(&mut Text, Any),
    pub to_float: unsafe fn(Any) -> f64,
    /// Operands are ints, bigints or bigrats.
    pub compare: unsafe fn(Any, Any) -> Ordering,
    /// `op` is one of `+ - * / %`; operands are ints, bigints or bigrats; `None` for division by zero. Owned result.
    pub binary: unsafe fn(u8, Any, Any) -> Option<Any>,
    /// The integral part as an `int` if it fits.
    pub to_int: unsafe fn(Any) -> Option<i64>,
    /// A number or decimal text as `BigInt` or `BigRat`; `None` when it is none. Owned result.
    pub convert: unsafe fn(Any, Kind) -> Option<Any>,
}

static mut OPERATIONS: Option<&'static Operations> = None;

/// Called by every function that creates big numbers.
#[inline]
pub unsafe fn install(operations: &'static Operations) {
    OPERATIONS = Some(operations);
}

pub unsafe fn drop(object: *mut Object, kind: Kind) {
    if let Some(operations) = OPERATIONS {
        (operations.drop)(object, kind);
    }
}

pub unsafe fn text(text: &mut Text, value: Any) {
    if let Some(operations) = OPERATIONS {
        (operations.text)(text, value);
    }
}

pub unsafe fn to_float(value: Any) -> f64 {
    OPERATIONS.map_or(0.0, |operations| (operations.to_float)(value))
}

pub unsafe fn compare(left: Any, right: Any) -> Ordering {
    OPERATIONS.map_or(Ordering::Equal, |operations| (operations.compare)(left, right))
}

pub unsafe fn binary(op: u8, left: Any, right: Any) -> Option<Any> {
    OPERATIONS.and_then(|operations| (operations.binary)(op, left, right))
}

pub unsafe fn to_int(value: Any) -> Option<i64> {
    OPERATIONS.and_then(|operations| (operations.to_int)(value))
}

/// Whether a value can be converted to a big number.
pub unsafe fn is_number(value: Any) -> bool {
    matches!(value::kind(value), Kind::Unit | Kind::Int | Kind::Float | Kind::String | Kind::BigInt | Kind::BigRat)
}

/// Converts a number or decimal text; the result is owned.
pub unsafe fn convert(value: Any, kind: Kind, position: Position) -> Any {
    match OPERATIONS.and_then(|operations| (operations.convert)(value, kind)) {
        Some(value) => value,
        None if kind == Kind::BigInt => fail(b"cannot cast the value to bigint", position),
        None => fail(b"cannot cast the value to bigrat", position),
    }
}
