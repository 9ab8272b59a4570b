//! `generate`: requests to language models.
//!
//! Native programs have one provider, `echo`, which answers with what it is asked.

use super::build::Place;
use super::{input, json};
use crate::panic::{Position, fail_parts};
use crate::value::Desc;
use crate::{list, string, sys};
use mochi_runtime_abi::{List, String};

const ECHO: &[u8] = b"echo";

/// The provider of a request: that of the `model` declaration (empty without one), the part of the model's name before the
/// colon, the environment's, or `echo`.
unsafe fn provider<'a>(declared: &'a [u8], model: &'a [u8]) -> &'a [u8] {
    if !declared.is_empty() {
        return declared;
    }
    if let Some(colon) = model.iter().position(|byte| *byte == b':') {
        return model.get(..colon).unwrap_or_default();
    }
    sys::env(b"LLM_PROVIDER\0").filter(|name| !name.is_empty()).unwrap_or(ECHO)
}

/// Stops unless the provider of a request is there.
unsafe fn check(declared: *const String, model: *const String, position: Position) {
    let provider = provider(string::bytes(declared), string::bytes(model));
    if provider != ECHO {
        let reason = b"` is not available in native programs, only `echo` is";
        fail_parts(&[b"model provider `", provider, reason], position);
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_generate_text(
    prompt: *const String,
    declared: *const String,
    model: *const String,
    file: *const u8,
    line_column: i64,
) -> *mut String {
    check(declared, model, Position::new(file, line_column));
    string::retain(prompt)
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_generate_embedding(
    text: *const String,
    normalize: u64,
    declared: *const String,
    model: *const String,
    file: *const u8,
    line_column: i64,
) -> *mut List {
    check(declared, model, Position::new(file, line_column));
    let bytes = string::bytes(text);
    let squares: f64 = bytes.iter().map(|byte| f64::from(*byte) * f64::from(*byte)).sum();
    let length = if normalize != 0 && squares > 0.0 { sys::sqrt(squares) } else { 1.0 };
    let list = list::with_length(bytes.len(), size_of::<f64>());
    for (index, byte) in bytes.iter().enumerate() {
        (*list).data.cast::<f64>().add(index).write(f64::from(*byte) / length);
    }
    list
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_generate_value(
    prompt: *const String,
    declared: *const String,
    model: *const String,
    out: *mut u8,
    result: Desc,
    file: *const u8,
    line_column: i64,
) {
    let position = Position::new(file, line_column);
    check(declared, model, position);
    input::start(b"generated text", b"line");
    let reply = core::str::from_utf8(string::bytes(prompt)).unwrap_or_default();
    json::decode(reply, Place { slot: out, desc: result, position });
    input::end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free, str, text};
    use crate::value::descriptors::mochi_rt_desc_float;

    const NOWHERE: (*const u8, i64) = (core::ptr::null(), 0);

    #[test]
    fn providers() {
        // SAFETY: plain bytes; the tests' environment names no provider.
        unsafe {
            assert_eq!(provider(b"x", b"y:z"), b"x");
            assert_eq!(provider(b"", b"y:z"), b"y");
            assert_eq!(provider(b"", b"z"), b"echo");
        }
    }

    #[test]
    fn echo_answers() {
        leak_free(|| unsafe {
            let (prompt, none, other) = (str("ab"), str(""), str("openai:x"));
            assert_eq!(text(mochi_rt_generate_text(prompt, none, none, NOWHERE.0, NOWHERE.1)), "ab");
            let list = mochi_rt_generate_embedding(prompt, 0, none, none, NOWHERE.0, NOWHERE.1);
            assert_eq!((*list).len, 2);
            assert_eq!(list::element(list, &raw const mochi_rt_desc_float, 1).payload, 98f64.to_bits());
            list::release(list, &raw const mochi_rt_desc_float);
            assert!(fails(|| mochi_rt_generate_text(prompt, none, other, NOWHERE.0, NOWHERE.1)));
            for string in [prompt, none, other] {
                string::release(string);
            }
        });
    }
}
