//! The door to arbitrary precision numbers.
//!
//! Generic code (formatting, comparison, destruction, conversion) meets `bigint` and `bigrat` only in programs that mention the
//! types. So that it does not pull their arithmetic into every program, it finds the operations through the types' descriptors, which
//! only such programs refer to.

use crate::panic::{Position, fail};
use crate::text::Text;
use crate::value::{self, Desc};
use core::cmp::Ordering;
use mochi_runtime_abi::{Any, Kind, Object};

/// What generic code needs to know about big numbers. The descriptors of the two types carry a pointer to it in `fields`.
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

/// The operations behind the descriptor of a big type.
unsafe fn operations<'a>(desc: Desc) -> &'a Operations {
    &*(*desc).fields.cast()
}

/// The operations of whichever operand is big; one of them is.
unsafe fn of_either<'a>(left: Any, right: Any) -> &'a Operations {
    match value::kind(left) {
        Kind::BigInt | Kind::BigRat => operations(left.desc),
        _ => operations(right.desc),
    }
}

pub unsafe fn drop(object: *mut Object, desc: Desc) {
    (operations(desc).drop)(object, (*desc).kind);
}

pub unsafe fn text(text: &mut Text, value: Any) {
    (operations(value.desc).text)(text, value);
}

pub unsafe fn to_float(value: Any) -> f64 {
    (operations(value.desc).to_float)(value)
}

pub unsafe fn compare(left: Any, right: Any) -> Ordering {
    (of_either(left, right).compare)(left, right)
}

pub unsafe fn binary(op: u8, left: Any, right: Any) -> Option<Any> {
    (of_either(left, right).binary)(op, left, right)
}

pub unsafe fn to_int(value: Any) -> Option<i64> {
    (operations(value.desc).to_int)(value)
}

/// Whether a value can be converted to a big number.
pub unsafe fn is_number(value: Any) -> bool {
    matches!(value::kind(value), Kind::Unit | Kind::Int | Kind::Float | Kind::String | Kind::BigInt | Kind::BigRat)
}

/// Converts a number or decimal text to the big type of a descriptor; the result is owned.
pub unsafe fn convert(value: Any, target: Desc, position: Position) -> Any {
    match (operations(target).convert)(value, (*target).kind) {
        Some(value) => value,
        None if (*target).kind == Kind::BigInt => fail(b"cannot cast the value to bigint", position),
        None => fail(b"cannot cast the value to bigrat", position),
    }
}
