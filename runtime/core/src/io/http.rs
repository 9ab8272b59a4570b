//! HTTP/1.1 requests over plain connections.

use super::heap::vec::Vec;
use super::socket::{Deadline, Socket};
use super::url::{self, Url};
use crate::panic::{Position, fail, fail_parts};
use crate::text::{Digits, Text};

/// Redirections followed before a request is given up.
const REDIRECTION_LIMIT: usize = 10;
const HEADER_LIMIT: usize = 128;
/// Bytes of status line and headers.
const HEAD_LIMIT: usize = 1 << 20;
const CHUNK: usize = 16 << 10;

/// What to send.
pub struct Request<'r> {
    pub method: &'r str,
    /// Header lines, each with its line break.
    pub headers: Text,
    /// The body, for methods that have one.
    pub body: Option<Text>,
    pub deadline: Deadline,
    pub position: Position,
}

/// How the length of a body is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Length {
    Bytes(u64),
    Chunks,
    /// Until the connection ends.
    Connection,
}

/// The head of a response.
struct Head {
    status: u16,
    length: Length,
    location: Option<Text>,
}

/// Sends the request and returns the body of the response, whatever its status, after following redirections.
pub unsafe fn send(address: &str, request: &mut Request) -> Text {
    let mut current = Text::new();
    current.push(address.as_bytes());
    for _ in 0..=REDIRECTION_LIMIT {
        // Addresses are made of strings that are valid UTF-8.
        let text = core::str::from_utf8(current.bytes()).unwrap_or_default();
        let url = check(text, request.position);
        let socket = Socket::connect(url.host, url.port, request.deadline, request.position);
        socket.send(head_of(request, &url).bytes());
        if let Some(body) = &request.body {
            socket.send(body.bytes());
        }
        let mut response = Response { socket, data: Vec::new(), at: 0, position: request.position };
        let head = response.head();
        let redirects = matches!(head.status, 301 | 302 | 303 | 307 | 308);
        let Some(location) = head.location.filter(|_| redirects) else {
            let empty = request.method == "HEAD" || matches!(head.status, 204 | 304);
            return if empty { Text::new() } else { response.body(head.length) };
        };
        // All but the last two ask again without a body, as browsers do.
        if head.status == 303 || (head.status < 303 && request.method == "POST") {
            request.method = "GET";
            request.body = None;
        }
        let mut next = Text::new();
        url::push_joined(&mut next, text, core::str::from_utf8(location.bytes()).unwrap_or_default());
        current = next;
    }
    fail(b"the request was redirected too often", request.position)
}

/// The parts of an address, if it is one that can be asked.
unsafe fn check(address: &str, position: Position) -> Url<'_> {
    match url::scheme(address) {
        Some(scheme) if scheme.eq_ignore_ascii_case("http") => {}
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => {
            let reason = b": `https` needs TLS, which native programs do not have; use `http` or a local file";
            fail_parts(&[b"cannot fetch ", address.as_bytes(), reason], position)
        }
        _ => fail_parts(&[b"cannot fetch ", address.as_bytes(), b": unsupported URL scheme"], position),
    }
    match address.get("http:".len()..).and_then(|rest| rest.strip_prefix("//")).and_then(url::parse) {
        Some(url) => url,
        None => fail_parts(&[b"cannot fetch ", address.as_bytes(), b": the URL is not valid"], position),
    }
}

/// Request line and headers.
fn head_of(request: &Request, url: &Url) -> Text {
    let mut text = Text::new();
    text.push(request.method.as_bytes());
    text.push(b" ");
    if !url.target.starts_with('/') {
        text.push(b"/");
    }
    text.push(url.target.as_bytes());
    text.push(b" HTTP/1.1\r\nHost: ");
    text.push(url.authority.as_bytes());
    text.push(b"\r\nConnection: close\r\n");
    text.push(request.headers.bytes());
    if let Some(body) = &request.body {
        text.push(b"Content-Length: ");
        text.push(Digits::new(body.bytes().len() as i64).bytes());
        text.push(b"\r\n");
    }
    text.push(b"\r\n");
    text
}

/// What arrives.
struct Response {
    socket: Socket,
    /// Everything so far; before `at` it is used.
    data: Vec<u8>,
    at: usize,
    position: Position,
}

impl Response {
    fn rest(&self) -> &[u8] {
        self.data.get(self.at..).unwrap_or_default()
    }

    /// Waits for more; false at the end of the connection.
    unsafe fn more(&mut self) -> bool {
        let mut buffer = [0u8; CHUNK];
        let arrived = self.socket.receive(&mut buffer);
        self.data.extend_from_slice(arrived);
        !arrived.is_empty()
    }

    /// As [`Self::more`] where the end would be too early.
    unsafe fn need_more(&mut self) {
        if !self.more() {
            fail(b"the response ends too early", self.position);
        }
    }

    unsafe fn head(&mut self) -> Head {
        loop {
            match parse_head(self.rest()) {
                // Interim responses, such as 100.
                Ok(Some((size, head))) if head.status < 200 => self.at += size,
                Ok(Some((size, head))) => {
                    self.at += size;
                    return head;
                }
                Ok(None) if self.rest().len() < HEAD_LIMIT => self.need_more(),
                _ => fail(b"the response is not valid HTTP", self.position),
            }
        }
    }

    unsafe fn body(&mut self, length: Length) -> Text {
        let mut text = Text::new();
        match length {
            Length::Bytes(size) => self.take(size, &mut text),
            Length::Connection => {
                while self.more() {}
                text.push(self.rest());
            }
            Length::Chunks => loop {
                let size = self.chunk_size();
                if size == 0 {
                    break;
                }
                self.take(size, &mut text);
                let mut end = Text::new();
                self.take(2, &mut end);
                if end.bytes() != b"\r\n" {
                    fail(b"the response is not valid HTTP", self.position);
                }
            },
        }
        text
    }

    /// Moves bytes of the body to the text.
    unsafe fn take(&mut self, size: u64, text: &mut Text) {
        let mut left = size;
        while left > 0 {
            if self.rest().is_empty() {
                self.data.clear();
                self.at = 0;
                self.need_more();
            }
            let count = self.rest().len().min(usize::try_from(left).unwrap_or(usize::MAX));
            text.push(self.rest().get(..count).unwrap_or_default());
            self.at += count;
            left -= count as u64;
        }
    }

    unsafe fn chunk_size(&mut self) -> u64 {
        loop {
            match httparse::parse_chunk_size(self.rest()) {
                Ok(httparse::Status::Complete((size, length))) => {
                    self.at += size;
                    return length;
                }
                Ok(httparse::Status::Partial) if self.rest().len() < HEAD_LIMIT => self.need_more(),
                _ => fail(b"the response is not valid HTTP", self.position),
            }
        }
    }
}

/// The head at the start of the data and its size; `None` while it is incomplete.
fn parse_head(data: &[u8]) -> Result<Option<(usize, Head)>, ()> {
    let mut headers = [httparse::EMPTY_HEADER; HEADER_LIMIT];
    let mut response = httparse::Response::new(&mut headers);
    let size = match response.parse(data) {
        Ok(httparse::Status::Complete(size)) => size,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(()),
    };
    let mut head = Head { status: response.code.ok_or(())?, length: Length::Connection, location: None };
    for header in response.headers.iter() {
        let value = header.value.trim_ascii();
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            if !value.eq_ignore_ascii_case(b"chunked") {
                return Err(());
            }
            head.length = Length::Chunks;
        } else if header.name.eq_ignore_ascii_case("content-length") && head.length != Length::Chunks {
            let digits = core::str::from_utf8(value).map_err(|_| ())?;
            head.length = Length::Bytes(digits.parse().map_err(|_| ())?);
        } else if header.name.eq_ignore_ascii_case("location") {
            core::str::from_utf8(value).map_err(|_| ())?;
            let mut location = Text::new();
            location.push(value);
            head.location = Some(location);
        }
    }
    Ok(Some((size, head)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fails, leak_free};
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::string::{String, ToString};
    use std::vec;

    const NOWHERE: Position = Position { file: core::ptr::null(), line_column: 0 };

    #[test]
    fn heads() {
        leak_free(|| {
            let head =
                |text: &str| parse_head(text.as_bytes()).map(|head| head.map(|(_, head)| (head.status, head.length)));
            assert_eq!(head("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"), Ok(Some((200, Length::Bytes(3)))));
            let both = "HTTP/1.1 404 No\r\ntransfer-encoding: Chunked\r\nContent-Length: 3\r\n\r\n";
            assert_eq!(head(both), Ok(Some((404, Length::Chunks))));
            assert_eq!(head("HTTP/1.0 200 OK\r\n\r\n"), Ok(Some((200, Length::Connection))));
            assert_eq!(head("HTTP/1.1 200"), Ok(None));
            for broken in [
                "nonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
            ] {
                assert_eq!(head(broken), Err(()), "{broken}");
            }
        });
    }

    /// Answers requests with the given responses, one connection each; the result is what was asked.
    fn serve(responses: vec::Vec<String>) -> (String, std::thread::JoinHandle<vec::Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = std::format!("http://{}", listener.local_addr().expect("an address"));
        let thread = std::thread::spawn(move || {
            responses.iter().map(|response| answer(listener.accept().expect("a connection").0, response)).collect()
        });
        (address, thread)
    }

    fn answer(mut stream: TcpStream, response: &str) -> String {
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        let (mut request, mut length) = (String::new(), 0);
        loop {
            let start = request.len();
            reader.read_line(&mut request).expect("a line");
            let line = request[start..].trim_end().to_string();
            if let Some(size) = line.strip_prefix("Content-Length: ") {
                length = size.parse().expect("a size");
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a body");
        request += &String::from_utf8_lossy(&body);
        // The other side may be gone already.
        let _ = stream.write_all(response.as_bytes());
        request
    }

    /// The body that comes back for a request.
    fn ask(address: &str, method: &str, body: Option<&str>, seconds: f64) -> String {
        let text = |content: &str| {
            let mut text = Text::new();
            text.push(content.as_bytes());
            text
        };
        // SAFETY: plain calls.
        unsafe {
            let deadline = Deadline::after(seconds);
            let headers = text("X-Test: 1\r\n");
            let mut request = Request { method, headers, body: body.map(text), deadline, position: NOWHERE };
            String::from_utf8_lossy(send(address, &mut request).bytes()).into_owned()
        }
    }

    #[test]
    fn bodies() {
        leak_free(|| {
            let whole = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef".to_string();
            let chunks =
                "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n".to_string();
            let rest = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nabc".to_string();
            let (address, server) = serve(vec![whole, chunks, rest]);
            assert_eq!(ask(&address, "GET", None, 5.0), "abc");
            assert_eq!(ask(&std::format!("{address}?q=1#f"), "GET", None, 5.0), "abc");
            assert_eq!(ask(&std::format!("{address}/p"), "POST", Some("{}"), 5.0), "abc");
            let asked = server.join().expect("served");
            let host = address.trim_start_matches("http://");
            assert_eq!(
                asked[0],
                std::format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nX-Test: 1\r\n\r\n")
            );
            assert!(asked[1].starts_with("GET /?q=1 HTTP/1.1\r\n"));
            assert!(asked[2].starts_with("POST /p ") && asked[2].ends_with("Content-Length: 2\r\n\r\n{}"));
        });
    }

    #[test]
    fn redirections() {
        leak_free(|| {
            let to = |status: u16, place: &str| std::format!("HTTP/1.1 {status} Go\r\nLocation: {place}\r\n\r\n");
            let end = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_string();
            let (address, server) = serve(vec![to(307, "b"), to(302, "/c?d"), end]);
            assert_eq!(ask(&std::format!("{address}/a/x"), "POST", Some("1"), 5.0), "ok");
            let asked = server.join().expect("served");
            assert!(asked[1].starts_with("POST /a/b ") && asked[1].ends_with('1'), "{}", asked[1]);
            assert!(asked[2].starts_with("GET /c?d ") && !asked[2].contains("Content-Length"), "{}", asked[2]);
        });
    }

    #[test]
    fn failures() {
        let _guard = crate::testing::lock();
        for response in [
            "",
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabXX0\r\n\r\n",
            "HTTP/1.1 302 Go\r\nLocation: https://127.0.0.1/\r\n\r\n",
            "HTTP/1.1 302 Go\r\nLocation: http://\r\n\r\n",
        ] {
            let (address, server) = serve(vec![response.to_string()]);
            assert!(fails(|| ask(&address, "GET", None, 5.0)), "{response}");
            let _ = server.join();
        }
        let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = std::format!("http://{}", silent.local_addr().expect("an address"));
        assert!(fails(|| ask(&address, "GET", None, 0.05)));
        for address in ["https://127.0.0.1", "ftp://127.0.0.1", "http://", "http:x", "http://no-such-host.invalid"] {
            assert!(fails(|| ask(address, "GET", None, 5.0)), "{address}");
        }
    }
}
