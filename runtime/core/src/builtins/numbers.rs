//! Numeric functions.

use crate::panic;

unsafe extern "C" {
    // Recognised by LLVM: floor, ceil, … become instructions where the target has them.
    fn pow(base: f64, exponent: f64) -> f64;
    fn floor(value: f64) -> f64;
    fn ceil(value: f64) -> f64;
    fn round(value: f64) -> f64;
}

/// Exact integer power; a negative exponent truncates toward zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_int_pow(base: i64, exponent: i64, file: *const u8, line_column: i64) -> i64 {
    if exponent < 0 {
        return match base {
            0 => panic::mochi_rt_panic_division(file, line_column),
            1 => 1,
            -1 => {
                if exponent % 2 == 0 {
                    1
                } else {
                    -1
                }
            }
            _ => 0,
        };
    }
    let (mut result, mut square, mut rest) = (1i64, base, exponent as u64);
    loop {
        if rest & 1 == 1 {
            match result.checked_mul(square) {
                Some(product) => result = product,
                None => panic::mochi_rt_panic_overflow(file, line_column),
            }
        }
        rest >>= 1;
        if rest == 0 {
            return result;
        }
        // A square that overflows is only an error if it is used, and it is: a higher bit is set.
        match square.checked_mul(square) {
            Some(product) => square = product,
            None => panic::mochi_rt_panic_overflow(file, line_column),
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_int_abs(value: i64, file: *const u8, line_column: i64) -> i64 {
    match value.checked_abs() {
        Some(value) => value,
        None => panic::mochi_rt_panic_overflow(file, line_column),
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_int_round(value: i64, digits: i64) -> f64 {
    mochi_rt_float_round_to(value as f64, digits)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_float_pow(base: f64, exponent: f64) -> f64 {
    pow(base, exponent)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_float_round(value: f64) -> f64 {
    round(value)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_float_round_to(value: f64, digits: i64) -> f64 {
    let scale = pow(10.0, digits as f64);
    let rounded = round(value * scale) / scale;
    // Beyond the range of the scale there is nothing to round.
    if rounded.is_finite() { rounded } else { value }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_float_abs(value: f64) -> f64 {
    f64::from_bits(value.to_bits() & !(1 << 63))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_float_floor(value: f64) -> f64 {
    floor(value)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_float_ceil(value: f64) -> f64 {
    ceil(value)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_float_rem(left: f64, right: f64) -> f64 {
    left % right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fails;

    #[test]
    fn powers() {
        let _guard = crate::testing::lock();
        let power = |base, exponent| unsafe { mochi_rt_int_pow(base, exponent, core::ptr::null(), 0) };
        assert_eq!(power(2, 62), 1 << 62);
        assert_eq!(power(-2, 63), i64::MIN);
        assert_eq!(power(3, 39), 4_052_555_153_018_976_267);
        assert_eq!(power(10, 0), 1);
        assert_eq!(power(0, 0), 1);
        assert_eq!(power(5, -1), 0);
        assert_eq!(power(-1, -3), -1);
        assert!(fails(|| power(2, 63)));
        assert!(fails(|| power(10, 40)));
    }

    #[test]
    fn rounding() {
        unsafe {
            assert_eq!(mochi_rt_float_round(2.5), 3.0);
            assert_eq!(mochi_rt_float_round(-2.5), -3.0);
            assert_eq!(mochi_rt_float_round_to(2.34567, 2), 2.35);
            assert_eq!(mochi_rt_int_round(1250, -2), 1300.0);
            assert_eq!(mochi_rt_float_round_to(1.5, 400), 1.5);
            assert_eq!(mochi_rt_float_abs(-0.5), 0.5);
            assert_eq!(mochi_rt_float_rem(-7.5, 2.0), -1.5);
        }
    }
}
