//! The few things about URLs that `fetch` needs.

use crate::text::Text;

/// The parts of an `http` URL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Url<'t> {
    /// Without the brackets of an IPv6 address.
    pub host: &'t str,
    pub port: &'t str,
    /// Host and port as the request names them.
    pub authority: &'t str,
    /// Path and query, empty or with a leading `/` or `?`.
    pub target: &'t str,
}

/// The scheme in front of `:`, if the text has one. A single letter is none.
pub fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let letters = scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (letters && scheme.starts_with(|first: char| first.is_ascii_alphabetic())).then_some(scheme)
}

/// Takes a URL behind `http://` apart. `None` when it names no host, or holds what a request must not.
pub fn parse(text: &str) -> Option<Url<'_>> {
    let text = text.split('#').next()?;
    // Whatever separates the parts of a request could add to it.
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7F) {
        return None;
    }
    let end = text.find(['/', '?']).unwrap_or(text.len());
    let (authority, target) = text.split_at_checked(end)?;
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            (host, rest.strip_prefix(':').or_else(|| rest.is_empty().then_some(""))?)
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    let port = if port.is_empty() { "80" } else { port };
    let valid = !host.is_empty() && port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit());
    valid.then_some(Url { host, port, authority, target })
}

/// Appends text for use in a query.
pub fn push_encoded(text: &mut Text, bytes: &[u8]) {
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push_byte(*byte),
            b' ' => text.push_byte(b'+'),
            _ => {
                let digit = |value: u8| if value < 10 { b'0' + value } else { b'A' + value - 10 };
                text.push(&[b'%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
}

/// Appends the path of a `file` URL with its escapes resolved.
pub fn push_decoded(text: &mut Text, bytes: &[u8]) {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        match (first, digit(tail.first()), digit(tail.get(1))) {
            (b'%', Some(high), Some(low)) => {
                text.push_byte((high * 16 + low) as u8);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                text.push_byte(*first);
                rest = tail;
            }
        }
    }
}

/// Appends the URL that a redirection from another leads to.
pub fn push_joined(text: &mut Text, base: &str, location: &str) {
    if scheme(location).is_some() {
        return text.push(location.as_bytes());
    }
    if location.starts_with("//") {
        text.push(b"http:");
        return text.push(location.as_bytes());
    }
    let inside = base.split(['#', '?']).next().unwrap_or_default();
    let host_end =
        "http://".len() + inside.get("http://".len()..).and_then(|rest| rest.find('/')).unwrap_or(inside.len());
    let kept = if location.starts_with('/') {
        host_end
    } else {
        inside.rfind('/').filter(|slash| *slash >= host_end).map_or(inside.len(), |slash| slash + 1)
    };
    text.push(inside.get(..kept).unwrap_or(inside).as_bytes());
    if !location.starts_with('/') && kept <= host_end {
        text.push_byte(b'/');
    }
    text.push(location.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::leak_free;

    #[test]
    fn parts() {
        let url = |host, port, authority, target| Some(Url { host, port, authority, target });
        assert_eq!(parse("a.b"), url("a.b", "80", "a.b", ""));
        assert_eq!(parse("u:p@a:8080/x?y=z#w"), url("a", "8080", "a:8080", "/x?y=z"));
        assert_eq!(parse("[::1]:81?q"), url("::1", "81", "[::1]:81", "?q"));
        for broken in
            ["", "/x", ":80", "a:b", "a:123456", "a b/", "a/x y", "a/\r\nHost: b", "[::1", "[::1]x", "a/\u{7f}"]
        {
            assert_eq!(parse(broken), None, "{broken:?}");
        }
        assert_eq!(scheme("https://a"), Some("https"));
        for path in ["a/b:c", "/a", "a", "c:x", "1a:b", ":x"] {
            assert_eq!(scheme(path), None, "{path}");
        }
    }

    fn made(build: impl FnOnce(&mut Text)) -> std::string::String {
        let mut text = Text::new();
        build(&mut text);
        std::string::String::from_utf8_lossy(text.bytes()).into_owned()
    }

    #[test]
    fn escapes() {
        leak_free(|| {
            assert_eq!(made(|text| push_encoded(text, "a b&é~".as_bytes())), "a+b%26%C3%A9~");
            assert_eq!(made(|text| push_decoded(text, b"/a%20b%2")), "/a b%2");
            assert_eq!(made(|text| push_decoded(text, b"%zz%41%")), "%zzA%");
        });
    }

    #[test]
    fn redirections() {
        leak_free(|| {
            for (base, location, expected) in [
                ("http://a/b/c?d", "https://x/y", "https://x/y"),
                ("http://a/b/c?d", "//x/y", "http://x/y"),
                ("http://a/b/c?d/e", "/y", "http://a/y"),
                ("http://a/b/c", "y", "http://a/b/y"),
                ("http://a", "y", "http://a/y"),
                ("http://a", "/y", "http://a/y"),
                ("http://a?q", "y", "http://a/y"),
            ] {
                assert_eq!(made(|text| push_joined(text, base, location)), expected, "{base} {location}");
            }
        });
    }
}
