//! Text of floats: the shortest digits that read back as the same number, arranged in one of three ways.
//!
//! * **G**: an exponent outside `1e-4 ..< 1e6`, no `.0`.
//! * **F**: never an exponent, `.0` when there is no point.
//! * **J** (JSON): an exponent outside `1e-6 ..< 1e21` without padding, no `.0`.

use crate::text::Text;
use core::fmt::Write;

/// Decimal digits of a positive finite number: 0.d1d2d3… × 10^point.
struct Decimal {
    digits: [u8; 20],
    count: usize,
    point: i32,
}

/// Catches the output of core's formatter.
struct Buffer {
    bytes: [u8; 32],
    len: usize,
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        for byte in text.bytes() {
            match self.bytes.get_mut(self.len) {
                Some(place) => *place = byte,
                None => return Err(core::fmt::Error),
            }
            self.len += 1;
        }
        Ok(())
    }
}

impl Decimal {
    /// Core prints `d.ddde±x` with the shortest digits; only the arrangement is taken apart here.
    #[inline(never)]
    fn of(value: f64) -> Decimal {
        let mut buffer = Buffer { bytes: [0; 32], len: 0 };
        // At most 17 digits, a point and an exponent: it always fits.
        let _ = write!(buffer, "{value:e}");
        let mut decimal = Decimal { digits: [0; 20], count: 0, point: 0 };
        let (mut exponent, mut in_exponent, mut negative) = (0, false, false);
        for byte in buffer.bytes.iter().take(buffer.len) {
            match byte {
                b'0'..=b'9' if in_exponent => exponent = exponent * 10 + i32::from(byte - b'0'),
                b'0'..=b'9' => {
                    if let Some(place) = decimal.digits.get_mut(decimal.count) {
                        *place = *byte;
                        decimal.count += 1;
                    }
                }
                b'e' => in_exponent = true,
                b'-' => negative = true,
                _ => {}
            }
        }
        decimal.point = if negative { -exponent } else { exponent } + 1;
        decimal
    }

    fn digits(&self) -> &[u8] {
        self.digits.get(..self.count).unwrap_or(&[])
    }

    /// Digits with the point where it belongs, zeros filled in.
    #[inline(never)]
    fn push_plain(&self, text: &mut Text) {
        let (digits, point) = (self.digits(), self.point);
        if point <= 0 {
            text.push(b"0.");
            for _ in point..0 {
                text.push_byte(b'0');
            }
            text.push(digits);
        } else if point as usize >= digits.len() {
            text.push(digits);
            for _ in digits.len()..point as usize {
                text.push_byte(b'0');
            }
        } else {
            let (whole, fraction) = digits.split_at(point as usize);
            text.push(whole);
            text.push_byte(b'.');
            text.push(fraction);
        }
    }

    /// `d.ddde±x` with at least so many exponent digits.
    #[inline(never)]
    fn push_exponent(&self, text: &mut Text, width: i32) {
        if let Some((first, rest)) = self.digits().split_first() {
            text.push_byte(*first);
            if !rest.is_empty() {
                text.push_byte(b'.');
                text.push(rest);
            }
        }
        let exponent = self.point - 1;
        text.push(if exponent < 0 { b"e-" } else { b"e+" });
        if width > 1 && exponent.abs() < 10 {
            text.push_byte(b'0');
        }
        text.push_int(i64::from(exponent.abs()));
    }
}

/// Sign and special values; true when the number is finite, positive and still to be written.
fn push_sign(text: &mut Text, value: f64) -> bool {
    if value.is_nan() {
        text.push(b"NaN");
    } else if value == f64::INFINITY {
        text.push(b"+Inf");
    } else if value == f64::NEG_INFINITY {
        text.push(b"-Inf");
    } else {
        if value.is_sign_negative() {
            text.push_byte(b'-');
        }
        if value != 0.0 {
            return true;
        }
        text.push_byte(b'0');
    }
    false
}

/// Integral values below this are exact ints and print their digits.
const SMALL: f64 = 1e6;

/// Appends the G form.
pub fn push_g(text: &mut Text, value: f64) {
    if value > -SMALL && value < SMALL && value == f64::from(value as i32) && (value != 0.0 || value.is_sign_positive())
    {
        text.push_int(i64::from(value as i32));
        return;
    }
    if push_sign(text, value) {
        let decimal = Decimal::of(if value < 0.0 { -value } else { value });
        let exponent = decimal.point - 1;
        if !(-4..6).contains(&exponent) {
            // Six is a limit for the exponent, not for the digits: 123456.5 has none.
            decimal.push_exponent(text, 2);
        } else {
            decimal.push_plain(text);
        }
    }
}

/// Appends the F form.
pub fn push_f(text: &mut Text, value: f64) {
    if !push_sign(text, value) {
        if value == 0.0 {
            text.push(b".0");
        }
        return;
    }
    let decimal = Decimal::of(if value < 0.0 { -value } else { value });
    decimal.push_plain(text);
    if decimal.point > 0 && decimal.point as usize >= decimal.count {
        text.push(b".0");
    }
}

/// Appends the shortest digits without exponent, and without a point where none is needed.
pub fn push_plain(text: &mut Text, value: f64) {
    if push_sign(text, value) {
        Decimal::of(if value < 0.0 { -value } else { value }).push_plain(text);
    }
}

/// Appends the JSON form. JSON has no special values: they become null.
pub fn push_json(text: &mut Text, value: f64) {
    if !value.is_finite() {
        text.push(b"null");
        return;
    }
    if push_sign(text, value) {
        let magnitude = if value < 0.0 { -value } else { value };
        let decimal = Decimal::of(magnitude);
        if !(1e-6..1e21).contains(&magnitude) {
            decimal.push_exponent(text, 1);
        } else {
            decimal.push_plain(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::leak_free;
    use std::string::{String, ToString};

    fn text(push: fn(&mut Text, f64), value: f64) -> String {
        let mut text = Text::new();
        push(&mut text, value);
        String::from_utf8_lossy(text.bytes()).to_string()
    }

    #[test]
    fn g_format() {
        leak_free(|| {
            for (value, expected) in [
                (0.0, "0"),
                (-0.0, "-0"),
                (2.0, "2"),
                (-2.5, "-2.5"),
                (100_000.0, "100000"),
                (123_456.5, "123456.5"),
                (999_999.5, "999999.5"),
                (1e6, "1e+06"),
                (-1e6, "-1e+06"),
                (1_234_567.0, "1.234567e+06"),
                (123_456_789.125, "1.23456789125e+08"),
                (0.0001, "0.0001"),
                (0.00001, "1e-05"),
                (0.000012345, "1.2345e-05"),
                (0.1 + 0.2, "0.30000000000000004"),
                (1.0 / 3.0, "0.3333333333333333"),
                (1e100, "1e+100"),
                (5e-324, "5e-324"),
                (f64::MAX, "1.7976931348623157e+308"),
                (f64::INFINITY, "+Inf"),
                (f64::NEG_INFINITY, "-Inf"),
                (f64::NAN, "NaN"),
            ] {
                assert_eq!(text(push_g, value), expected);
            }
        });
    }

    #[test]
    fn f_format() {
        leak_free(|| {
            for (value, expected) in [
                (0.0, "0.0"),
                (-0.0, "-0.0"),
                (1.0, "1.0"),
                (-12.5, "-12.5"),
                (0.0000001, "0.0000001"),
                (1e21, "1000000000000000000000.0"),
                (123456789.0, "123456789.0"),
                (0.05, "0.05"),
            ] {
                assert_eq!(text(push_f, value), expected);
            }
        });
    }

    #[test]
    fn json_format() {
        leak_free(|| {
            for (value, expected) in [
                (0.0, "0"),
                (1.0, "1"),
                (1e20, "100000000000000000000"),
                (1e21, "1e+21"),
                (1e-6, "0.000001"),
                (1e-7, "1e-7"),
                (-1.5e-10, "-1.5e-10"),
                (f64::NAN, "null"),
            ] {
                assert_eq!(text(push_json, value), expected);
            }
        });
    }
}
