//! Exported operations on `bigrat`. Operands are borrowed, results owned.

use super::word::Word;
use super::{Rational, boxed, get, parse_rational};
use crate::panic::{self, Position, fail, fail_parts};
use crate::string;
use mochi_runtime_abi::String;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_from_int(value: i64) -> *mut Rational {
    boxed(BigRational::from_integer(BigInt::from(value)))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_from_bigint(value: Word) -> *mut Rational {
    boxed(BigRational::from_integer(value.lend().into_owned()))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_from_float(value: f64, file: *const u8, line_column: i64) -> *mut Rational {
    match BigRational::from_float(value) {
        Some(value) => boxed(value),
        None => fail(b"cannot cast float64 to bigrat: the value is not finite", Position::new(file, line_column)),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_from_string(
    text: *const String,
    file: *const u8,
    line_column: i64,
) -> *mut Rational {
    let bytes = string::bytes(text);
    match parse_rational(bytes) {
        Some(value) => boxed(value),
        None => fail_parts(&[b"cannot cast \"", bytes, b"\" to bigrat"], Position::new(file, line_column)),
    }
}

macro_rules! operators {
    ($($name:ident $op:tt;)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(left: *const Rational, right: *const Rational) -> *mut Rational {
            boxed(get(left) $op get(right))
        }
    )*};
}

operators! {
    mochi_rt_bigrat_add +;
    mochi_rt_bigrat_sub -;
    mochi_rt_bigrat_mul *;
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_div(
    left: *const Rational,
    right: *const Rational,
    file: *const u8,
    line_column: i64,
) -> *mut Rational {
    let divisor: &BigRational = get(right);
    if divisor.is_zero() {
        panic::mochi_rt_panic_division(file, line_column);
    }
    boxed(get(left) / divisor)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_rem(
    left: *const Rational,
    right: *const Rational,
    file: *const u8,
    line_column: i64,
) -> *mut Rational {
    let divisor: &BigRational = get(right);
    if divisor.is_zero() {
        panic::mochi_rt_panic_division(file, line_column);
    }
    boxed(get(left) % divisor)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_neg(value: *const Rational) -> *mut Rational {
    boxed(-get(value))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_compare(left: *const Rational, right: *const Rational) -> i64 {
    get::<BigRational>(left).cmp(get(right)) as i64
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_num(value: *const Rational) -> Word {
    Word::from_big(get::<BigRational>(value).numer().clone())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_denom(value: *const Rational) -> Word {
    Word::from_big(get::<BigRational>(value).denom().clone())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigrat_to_float(value: *const Rational) -> f64 {
    super::rational_to_float(get(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bignum::{parse_int, rational_to_float};

    #[test]
    fn floats() {
        let _guard = crate::testing::lock();
        let ratio = |n: &str, d: &str| {
            let parse = |text: &str| parse_int(text.as_bytes()).expect("an integer");
            rational_to_float(&BigRational::new(parse(n), parse(d)))
        };
        assert_eq!(ratio("1", "3"), 1.0 / 3.0);
        assert_eq!(ratio("-7", "2"), -3.5);
        assert_eq!(ratio("0", "5"), 0.0);
        let huge = std::format!("1{}", "0".repeat(400));
        assert_eq!(ratio(&huge, &huge), 1.0);
        assert_eq!(ratio(&huge, "1"), f64::INFINITY);
        assert_eq!(ratio("1", &huge), 0.0);
        assert_eq!(ratio("12345678901234567890", "10"), 1_234_567_890_123_456_789.0);
    }
}
