//! Exported operations on `bigint`. Operands are borrowed, results owned.

use super::word::{self, Word};
use super::{parse_int, push_int};
use crate::panic::{self, Position, fail, fail_parts};
use crate::text::Text;
use crate::{print, string};
use mochi_runtime_abi::String;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive, Zero};

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_from_int(value: i64) -> Word {
    Word::from_int(value)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_from_float(value: f64, file: *const u8, line_column: i64) -> Word {
    match BigInt::from_f64(value) {
        Some(value) => Word::from_big(value),
        None => fail(b"cannot cast float64 to bigint: the value is not finite", Position::new(file, line_column)),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_from_string(text: *const String, file: *const u8, line_column: i64) -> Word {
    let bytes = string::bytes(text);
    match parse_int(bytes) {
        Some(value) => Word::from_big(value),
        None => fail_parts(&[b"cannot cast \"", bytes, b"\" to bigint"], Position::new(file, line_column)),
    }
}

macro_rules! operators {
    ($($name:ident $large:ident $ints:ident $small:path, $op:tt;)*) => {$(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(left: Word, right: Word) -> Word {
            match $small(left, right) {
                Some(word) => word,
                None => $large(left, right),
            }
        }

        /// An operand or the result is large.
        #[unsafe(no_mangle)]
        #[cold]
        pub unsafe extern "C" fn $large(left: Word, right: Word) -> Word {
            Word::from_big(&*left.lend() $op &*right.lend())
        }

        /// Exact result for ints whose checked operation overflowed.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $ints(left: i64, right: i64) -> Word {
            Word::from_big(BigInt::from(left) $op BigInt::from(right))
        }
    )*};
}

operators! {
    mochi_rt_bigint_add mochi_rt_bigint_add_large mochi_rt_bigint_add_ints word::add_small, +;
    mochi_rt_bigint_sub mochi_rt_bigint_sub_large mochi_rt_bigint_sub_ints word::sub_small, -;
    mochi_rt_bigint_mul mochi_rt_bigint_mul_large mochi_rt_bigint_mul_ints word::mul_small, *;
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_div(left: Word, right: Word, file: *const u8, line_column: i64) -> Word {
    match word::div_small(left, right) {
        Some(word) => word,
        None => mochi_rt_bigint_div_large(left, right, file, line_column),
    }
}

/// An operand or the result is large, or the divisor zero.
#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_bigint_div_large(left: Word, right: Word, file: *const u8, line_column: i64) -> Word {
    let divisor = right.lend();
    if divisor.is_zero() {
        panic::mochi_rt_panic_division(file, line_column);
    }
    Word::from_big(&*left.lend() / &*divisor)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_rem(left: Word, right: Word, file: *const u8, line_column: i64) -> Word {
    match word::rem_small(left, right) {
        Some(word) => word,
        None => mochi_rt_bigint_rem_large(left, right, file, line_column),
    }
}

/// An operand or the result is large, or the divisor zero.
#[unsafe(no_mangle)]
#[cold]
pub unsafe extern "C" fn mochi_rt_bigint_rem_large(left: Word, right: Word, file: *const u8, line_column: i64) -> Word {
    let divisor = right.lend();
    if divisor.is_zero() {
        panic::mochi_rt_panic_division(file, line_column);
    }
    Word::from_big(&*left.lend() % &*divisor)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_neg(value: Word) -> Word {
    Word::from_big(-&*value.lend())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_abs(value: Word) -> Word {
    Word::from_big(value.lend().abs())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_pow(base: Word, exponent: i64, file: *const u8, line_column: i64) -> Word {
    match u32::try_from(exponent) {
        Ok(exponent) => Word::from_big(base.lend().pow(exponent)),
        Err(_) => fail(b"pow expects an exponent from 0 to 4294967295 for bigint", Position::new(file, line_column)),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_compare(left: Word, right: Word) -> i64 {
    word::compare(left, right) as i64
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_equal(left: Word, right: Word) -> bool {
    left.bits() == right.bits() || !left.is_small() && !right.is_small() && word::compare(left, right).is_eq()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_truth(value: Word) -> bool {
    value.get_small() != Some(0)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_to_int(value: Word, file: *const u8, line_column: i64) -> i64 {
    match value.get_small().or_else(|| value.lend().to_i64()) {
        Some(value) => value,
        None => fail(b"cannot cast bigint to int: the value does not fit", Position::new(file, line_column)),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_bigint_to_float(value: Word) -> f64 {
    word::to_float(value)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_string_from_bigint(value: Word) -> *mut String {
    let mut text = Text::new();
    push_int(&mut text, value);
    text.finish()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_print_bigint(value: Word) {
    let mut text = Text::new();
    push_int(&mut text, value);
    print::put(text.bytes().as_ptr(), text.bytes().len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free, text};
    use crate::value::{self, descriptors::mochi_rt_desc_int};
    use crate::{any, cast, format};
    use mochi_runtime_abi::Any;

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    unsafe fn release(value: Word) {
        value::mochi_rt_release(value.payload() as *mut _, &raw const crate::bignum::mochi_rt_desc_bigint);
    }

    #[test]
    fn factorial() {
        leak_free(|| unsafe {
            let mut product = mochi_rt_bigint_from_int(1);
            for factor in 1..=30 {
                let factor = mochi_rt_bigint_from_int(factor);
                let next = mochi_rt_bigint_mul(product, factor);
                release(product);
                release(factor);
                product = next;
            }
            assert_eq!(text(mochi_rt_string_from_bigint(product)), "265252859812191058636308480000000");
            assert!(fails(|| mochi_rt_bigint_to_int(product, core::ptr::null(), 0)));
            let zero = mochi_rt_bigint_from_int(0);
            assert!(fails(|| mochi_rt_bigint_div(product, zero, core::ptr::null(), 0)));
            release(zero);
            release(product);
        });
    }

    #[test]
    fn mixed_with_dynamic_values() {
        leak_free(|| unsafe {
            let overflow = mochi_rt_bigint_mul_ints(i64::MAX, -2);
            let big = Any { desc: &raw const crate::bignum::mochi_rt_desc_bigint, payload: overflow.payload() };
            assert_eq!(text(format::to_string(big)), "-18446744073709551614");
            let back = any::binary(b'/', big, value::int(-2), NOWHERE);
            assert!(value::compare::equal(back, value::int(i64::MAX)));
            let mut int = 0i64;
            cast::into_slot(back, &raw const mochi_rt_desc_int, (&raw mut int).cast(), NOWHERE);
            assert_eq!(int, i64::MAX);
            assert_eq!(value::compare::compare(big, value::int(0)), -1);
            value::release(back);
            value::release(big);
        });
    }

    #[test]
    fn parsing() {
        leak_free(|| unsafe {
            for (source, expected) in
                [("123456789012345678901234567890", true), ("-5", true), ("1_0", false), ("", false), ("+", false)]
            {
                assert_eq!(parse_int(source.as_bytes()).is_some(), expected, "{source}");
            }
            for (source, expected) in [("3/6", "1/2"), ("-1.25", "-5/4"), ("7", "7/1")] {
                let value =
                    super::super::any_rational(super::super::parse_rational(source.as_bytes()).expect("a rational"));
                assert_eq!(text(format::to_string(value)), expected);
                value::release(value);
            }
            assert!(super::super::parse_rational(b"1/0").is_none());
        });
    }
}
