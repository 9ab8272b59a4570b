//! `bigint` and `bigrat`: arbitrary precision integers and rationals.
//!
//! The numbers themselves are those of outside crates (num-bigint, num-rational). Nothing else refers to this module: generic
//! code reaches it through [`crate::big`], by way of the descriptors below.

pub mod int;
pub mod rational;
pub mod word;

use crate::alloc;
use crate::big::Operations;
use crate::standard::borrow::Cow;
use crate::string;
use crate::text::Text;
use crate::value;
use core::cmp::Ordering;
use core::ptr::null;
use mochi_runtime_abi::{Any, Kind, Object, TypeDesc};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{FromPrimitive, ToPrimitive, Zero};
use word::Word;

/// An object with a big number in it.
#[repr(C)]
pub struct Boxed<T> {
    rc: i64,
    value: T,
}

/// A new object with count 1.
pub unsafe fn boxed<T>(value: T) -> *mut Boxed<T> {
    let object: *mut Boxed<T> = alloc::alloc(size_of::<Boxed<T>>()).cast();
    object.write(Boxed { rc: 1, value });
    object
}

/// The number in an object.
#[inline]
pub unsafe fn get<'a, T>(object: *const Boxed<T>) -> &'a T {
    &(*object).value
}

type Int = Boxed<BigInt>;
pub type Rational = Boxed<BigRational>;

static OPERATIONS: Operations = Operations { drop, text, to_float, compare, binary, to_int, convert };

const fn descriptor(kind: Kind, name: &'static str) -> TypeDesc {
    TypeDesc {
        kind,
        size: 8,
        flags: 0,
        name: name.as_ptr(),
        name_len: name.len() as u64,
        elem: null(),
        key: null(),
        fields: (&raw const OPERATIONS).cast(),
        nfields: 0,
        variants: null(),
        nvariants: 0,
        drop: None,
    }
}

#[unsafe(no_mangle)]
// The symbol's name, as in the table of the ABI.
#[allow(non_upper_case_globals)]
pub static mochi_rt_desc_bigint: TypeDesc = descriptor(Kind::BigInt, "bigint");

#[unsafe(no_mangle)]
// The symbol's name, as in the table of the ABI.
#[allow(non_upper_case_globals)]
pub static mochi_rt_desc_bigrat: TypeDesc = descriptor(Kind::BigRat, "bigrat");

unsafe fn drop(object: *mut Object, kind: Kind) {
    if kind == Kind::BigInt {
        core::ptr::drop_in_place(&raw mut (*object.cast::<Int>()).value);
        alloc::free(object.cast(), size_of::<Int>());
    } else {
        core::ptr::drop_in_place(&raw mut (*object.cast::<Rational>()).value);
        alloc::free(object.cast(), size_of::<Rational>());
    }
}

/// An owned `bigint` value.
pub unsafe fn any_int(value: BigInt) -> Any {
    Any { desc: &raw const mochi_rt_desc_bigint, payload: Word::from_big(value).payload() }
}

/// An owned `bigrat` value.
pub unsafe fn any_rational(value: BigRational) -> Any {
    Any { desc: &raw const mochi_rt_desc_bigrat, payload: boxed(value) as u64 }
}

/// Appends `n` or `n/d`.
unsafe fn text(text: &mut Text, value: Any) {
    if value::kind(value) == Kind::BigInt {
        push_int(text, Word::from_payload(value.payload));
    } else {
        let rational: &BigRational = get(value.payload as *const Rational);
        push_digits(text, rational.numer());
        text.push_byte(b'/');
        push_digits(text, rational.denom());
    }
}

pub unsafe fn push_int(text: &mut Text, value: Word) {
    match value.get_small() {
        Some(value) => text.push_int(value),
        None => push_digits(text, &value.lend()),
    }
}

fn push_digits(text: &mut Text, value: &BigInt) {
    text.push(value.to_str_radix(10).as_bytes());
}

unsafe fn to_float(value: Any) -> f64 {
    if value::kind(value) == Kind::BigInt {
        word::to_float(Word::from_payload(value.payload))
    } else {
        rational_to_float(get(value.payload as *const Rational))
    }
}

/// Bits of the integer quotient from which a float is made: enough for the rounding to be right but for ties.
const QUOTIENT_BITS: i64 = 70;

/// The nearest float. (The crate's own conversion divides 128-bit integers, which needs a compiler support library
/// that static programs do not link.)
pub fn rational_to_float(value: &BigRational) -> f64 {
    let shift = QUOTIENT_BITS + value.denom().bits() as i64 - value.numer().bits() as i64;
    let quotient = if shift >= 0 {
        (value.numer() << shift as u64) / value.denom()
    } else {
        value.numer() / (value.denom() << shift.unsigned_abs())
    };
    let mut result = quotient.to_f64().unwrap_or(0.0);
    let mut rest = shift;
    // Powers of two are exact; steps keep each of them in range.
    while rest != 0 && result != 0.0 && result.is_finite() {
        let step = rest.clamp(-1000, 1000);
        result *= f64::from_bits(((1023 - step) as u64) << 52);
        rest -= step;
    }
    result
}

/// An int or bigint as a big integer.
unsafe fn integer<'a>(value: Any) -> Cow<'a, BigInt> {
    match value::kind(value) {
        Kind::BigInt => Word::from_payload(value.payload).lend(),
        _ => Cow::Owned(BigInt::from(value.payload as i64)),
    }
}

/// An int, bigint or bigrat as a rational.
unsafe fn rational(value: Any) -> BigRational {
    match value::kind(value) {
        Kind::BigRat => get::<BigRational>(value.payload as *const Rational).clone(),
        _ => BigRational::from_integer(integer(value).into_owned()),
    }
}

unsafe fn compare(left: Any, right: Any) -> Ordering {
    if value::kind(left) == Kind::BigRat || value::kind(right) == Kind::BigRat {
        rational(left).cmp(&rational(right))
    } else {
        integer(left).cmp(&integer(right))
    }
}

/// `None` for a zero divisor.
unsafe fn binary(op: u8, left: Any, right: Any) -> Option<Any> {
    if value::kind(left) == Kind::BigRat || value::kind(right) == Kind::BigRat {
        let (a, b) = (rational(left), rational(right));
        if b.is_zero() && matches!(op, b'/' | b'%') {
            return None;
        }
        return Some(any_rational(match op {
            b'+' => a + b,
            b'-' => a - b,
            b'*' => a * b,
            b'/' => a / b,
            _ => a % b,
        }));
    }
    let (a, b) = (&*integer(left), &*integer(right));
    if b.is_zero() && matches!(op, b'/' | b'%') {
        return None;
    }
    Some(any_int(match op {
        b'+' => a + b,
        b'-' => a - b,
        b'*' => a * b,
        b'/' => a / b,
        _ => a % b,
    }))
}

unsafe fn to_int(value: Any) -> Option<i64> {
    if value::kind(value) == Kind::BigInt {
        Word::from_payload(value.payload).lend().to_i64()
    } else {
        get::<BigRational>(value.payload as *const Rational).to_integer().to_i64()
    }
}

/// A decimal integer with an optional sign and nothing else.
pub fn parse_int(bytes: &[u8]) -> Option<BigInt> {
    let digits = match bytes {
        [b'-' | b'+', digits @ ..] => digits,
        digits => digits,
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let magnitude = BigInt::parse_bytes(digits, 10)?;
    Some(if bytes.first() == Some(&b'-') { -magnitude } else { magnitude })
}

/// `n`, `n/d` or `n.f`.
pub fn parse_rational(bytes: &[u8]) -> Option<BigRational> {
    let split = |mark: u8| {
        let at = bytes.iter().position(|byte| *byte == mark)?;
        Some((bytes.get(..at)?, bytes.get(at + 1..)?))
    };
    if let Some((numerator, denominator)) = split(b'/') {
        let denominator = parse_int(denominator)?;
        if denominator.is_zero() {
            return None;
        }
        return Some(BigRational::new(parse_int(numerator)?, denominator));
    }
    if let Some((whole, fraction)) = split(b'.') {
        if fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut digits = Text::with_capacity(bytes.len());
        digits.push(whole);
        digits.push(fraction);
        let scale = BigInt::from(10u8).pow(fraction.len() as u32);
        return Some(BigRational::new(parse_int(digits.bytes())?, scale));
    }
    parse_int(bytes).map(BigRational::from_integer)
}

unsafe fn convert(value: Any, kind: Kind) -> Option<Any> {
    if kind == Kind::BigInt {
        return Some(any_int(match value::kind(value) {
            Kind::Unit => BigInt::zero(),
            Kind::Float => BigInt::from_f64(value::as_float(value))?,
            Kind::String => parse_int(string::bytes(value::as_string(value)))?,
            Kind::BigRat => rational(value).to_integer(),
            _ => integer(value).into_owned(),
        }));
    }
    Some(any_rational(match value::kind(value) {
        Kind::Unit => BigRational::zero(),
        Kind::Float => BigRational::from_float(value::as_float(value))?,
        Kind::String => parse_rational(string::bytes(value::as_string(value)))?,
        _ => rational(value),
    }))
}
