//! `fetch`: JSON from a URL or a file.

use super::build::Place;
use super::file::{self, Document};
use super::http::{self, Request};
use super::options::{fail_kind, option, text};
use super::socket::Deadline;
use super::{input, json, url};
use crate::format::{self, json as compact};
use crate::panic::{Position, fail_parts};
use crate::string;
use crate::text::Text;
use crate::value::fields::{Entry, each_entry, has_entries};
use crate::value::{self, Desc};
use mochi_runtime_abi::{Any, Kind, String};

/// Seconds to wait for a response where the program does not say.
const TIMEOUT: f64 = 30.0;

/// What is left when the scheme `file:` is gone: the path, behind an empty host or that of this machine.
fn file_path(rest: &str) -> Option<&str> {
    let Some(behind) = rest.strip_prefix("//") else { return Some(rest) };
    let path = behind.strip_prefix("localhost").unwrap_or(behind);
    path.starts_with('/').then_some(path)
}

/// Fetches and decodes into the place.
unsafe fn fetch(address: *const String, options: Any, place: Place) {
    let position = place.position;
    let bytes = string::bytes(address);
    let Ok(address) = core::str::from_utf8(bytes) else {
        fail_parts(&[b"the URL is not valid UTF-8"], position);
    };
    let mut content = Text::new();
    match url::scheme(address) {
        None => file::read_into(bytes, &mut content, position),
        Some(scheme) if scheme.eq_ignore_ascii_case("file") => {
            let Some(path) = file_path(address.get("file:".len()..).unwrap_or_default()) else {
                fail_parts(&[b"cannot fetch ", bytes, b": the file is on another host"], position);
            };
            let mut decoded = Text::new();
            url::push_decoded(&mut decoded, path.as_bytes());
            file::read_into(decoded.bytes(), &mut content, position);
        }
        Some(_) => content = request(address, options, position),
    }
    input::start(bytes, b"line");
    let document = Document::new(content, position);
    json::decode(document.text(), place);
}

unsafe fn request(address: &str, options: Any, position: Position) -> Text {
    let method =
        text(options, b"method", position).and_then(|method| core::str::from_utf8(method).ok()).unwrap_or("GET");
    if method.is_empty() || !method.bytes().all(is_token) {
        fail_parts(&[b"invalid method `", method.as_bytes(), b"`"], position);
    }
    let seconds = match option(options, b"timeout") {
        None => TIMEOUT,
        Some(given) => match value::kind(given) {
            Kind::Int | Kind::Float => value::compare::number(given),
            _ => fail_kind(b"timeout", b"float", given, position),
        },
    };
    let body = option(options, b"body").map(|body| {
        let mut text = Text::new();
        compact::push_compact(&mut text, body);
        text
    });
    let headers = headers(options, body.is_some(), position);
    let mut request = Request { method, headers, body, deadline: Deadline::after(seconds), position };
    let mut whole = Text::new();
    push_address(&mut whole, address, options, position);
    http::send(core::str::from_utf8(whole.bytes()).unwrap_or_default(), &mut request)
}

/// Characters of methods and header names.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// An option whose entries are texts.
unsafe fn each_text(options: Any, name: &[u8], position: Position, visit: &mut dyn FnMut(&[u8], &[u8])) {
    let Some(value) = option(options, name) else { return };
    if !has_entries(value) {
        fail_kind(name, b"map", value, position);
    }
    each_entry(value, &mut |key, entry| {
        if let Entry::Value(value) = entry {
            let mut text = Text::new();
            format::push_str(&mut text, value);
            visit(key, text.bytes());
        }
    });
}

/// The request's header lines: the program's, and those that it leaves out.
unsafe fn headers(options: Any, has_body: bool, position: Position) -> Text {
    let mut lines = Text::new();
    let defaults: [(&[u8], &[u8], bool); 3] = [
        (b"Accept", b"application/json", true),
        (b"Content-Type", b"application/json", has_body),
        (b"User-Agent", b"mochi", true),
    ];
    let mut given = [false; 3];
    each_text(options, b"headers", position, &mut |name, value| {
        let fits = !name.is_empty()
            && name.iter().all(|byte| is_token(*byte))
            && !value.iter().any(|byte| (*byte < b' ' && *byte != b'\t') || *byte == 0x7F);
        if !fits {
            fail_parts(&[b"invalid header `", name, b"`"], position);
        }
        // Both describe how the request is sent, which is not the program's choice.
        if name.eq_ignore_ascii_case(b"connection") || name.eq_ignore_ascii_case(b"content-length") {
            return;
        }
        for (index, (default, ..)) in defaults.iter().enumerate() {
            given[index] |= name.eq_ignore_ascii_case(default);
        }
        push_header(&mut lines, name, value);
    });
    for ((name, value, wanted), given) in defaults.into_iter().zip(given) {
        if wanted && !given {
            push_header(&mut lines, name, value);
        }
    }
    lines
}

fn push_header(lines: &mut Text, name: &[u8], value: &[u8]) {
    lines.push(name);
    lines.push(b": ");
    lines.push(value);
    lines.push(b"\r\n");
}

/// The address with the entries of the option `query`.
unsafe fn push_address(whole: &mut Text, address: &str, options: Any, position: Position) {
    let address = address.split('#').next().unwrap_or_default();
    whole.push(address.as_bytes());
    let mut separator = if address.contains('?') { b'&' } else { b'?' };
    each_text(options, b"query", position, &mut |name, value| {
        whole.push_byte(separator);
        separator = b'&';
        url::push_encoded(whole, name);
        whole.push_byte(b'=');
        url::push_encoded(whole, value);
    });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_fetch(
    address: *const String,
    out: *mut u8,
    result: Desc,
    file: *const u8,
    line_column: i64,
) {
    fetch(address, value::NULL, Place { slot: out, desc: result, position: Position::new(file, line_column) });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_fetch_with(
    address: *const String,
    options: *const u8,
    options_desc: Desc,
    out: *mut u8,
    result: Desc,
    file: *const u8,
    line_column: i64,
) {
    let place = Place { slot: out, desc: result, position: Position::new(file, line_column) };
    fetch(address, value::load(options, options_desc), place);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free, map, str};

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    #[test]
    fn file_addresses() {
        for (rest, path) in [
            ("a/b", Some("a/b")),
            ("/a", Some("/a")),
            ("///a", Some("/a")),
            ("//localhost/a", Some("/a")),
            ("//other/a", None),
            ("//", None),
        ] {
            assert_eq!(file_path(rest), path, "{rest}");
        }
    }

    #[test]
    fn query_and_headers() {
        leak_free(|| unsafe {
            let entries = |name, key, value| map(&[(name, map(&[(key, value)]))]);
            let query = entries("query", "q a", value::int(1));
            let mut whole = Text::new();
            push_address(&mut whole, "http://a?b=c#d", query, NOWHERE);
            assert_eq!(whole.bytes(), b"http://a?b=c&q+a=1");
            value::release(query);
            let given = entries("headers", "accept", value::string(str("x")));
            assert_eq!(headers(given, false, NOWHERE).bytes(), b"accept: x\r\nUser-Agent: mochi\r\n");
            value::release(given);
            for (name, content) in [("a b", "x"), ("", "x"), ("a", "x\r\nB: y"), ("a\n", "x")] {
                let broken = entries("headers", name, value::string(str(content)));
                assert!(fails(|| headers(broken, false, NOWHERE)), "{name:?}");
                value::release(broken);
            }
        });
    }
}
