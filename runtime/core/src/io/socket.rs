//! A TCP connection with a deadline.

use super::file::explain;
use crate::panic::{Position, fail_parts};
use crate::sys;
use crate::text::Text;
use core::ffi::{CStr, c_char, c_int, c_short, c_void};
use core::ptr::null_mut;

const SOCK_STREAM: c_int = 1;
/// `SOCK_NONBLOCK | SOCK_CLOEXEC`
const SOCK_FLAGS: c_int = 0o2004000;
const MSG_NOSIGNAL: c_int = 0x4000;
const SOL_SOCKET: c_int = 1;
const SO_ERROR: c_int = 4;
const POLLIN: c_short = 1;
const POLLOUT: c_short = 4;
const EAGAIN: c_int = 11;
const EINPROGRESS: c_int = 115;

/// `struct addrinfo` of Linux.
#[repr(C)]
struct AddressInfo {
    flags: c_int,
    family: c_int,
    kind: c_int,
    protocol: c_int,
    address_len: u32,
    address: *const c_void,
    name: *const c_char,
    next: *const AddressInfo,
}

/// `struct pollfd`.
#[repr(C)]
struct Poll {
    fd: c_int,
    wanted: c_short,
    found: c_short,
}

unsafe extern "C" {
    fn getaddrinfo(
        host: *const c_char,
        service: *const c_char,
        hints: *const AddressInfo,
        result: *mut *mut AddressInfo,
    ) -> c_int;
    fn freeaddrinfo(list: *mut AddressInfo);
    fn gai_strerror(error: c_int) -> *const c_char;
    fn socket(family: c_int, kind: c_int, protocol: c_int) -> c_int;
    fn connect(fd: c_int, address: *const c_void, len: u32) -> c_int;
    fn send(fd: c_int, data: *const u8, size: usize, flags: c_int) -> isize;
    fn recv(fd: c_int, data: *mut u8, size: usize, flags: c_int) -> isize;
    fn poll(list: *mut Poll, count: u64, milliseconds: c_int) -> c_int;
    fn getsockopt(fd: c_int, level: c_int, option: c_int, value: *mut c_void, len: *mut u32) -> c_int;
}

/// A moment after which nothing is waited for, in nanoseconds of the monotonic clock.
#[derive(Clone, Copy)]
pub struct Deadline(i64);

impl Deadline {
    /// So many seconds from now. Anything beyond what a clock can say is never.
    pub unsafe fn after(seconds: f64) -> Self {
        let wait = seconds * 1e9;
        // A century.
        let wait = if (0.0..3e18).contains(&wait) { wait as i64 } else { 3_000_000_000_000_000_000 };
        Deadline(crate::builtins::environment::mochi_rt_clock().saturating_add(wait))
    }

    /// Milliseconds left; waits are taken in pieces of an hour.
    unsafe fn left(self) -> Option<c_int> {
        let left = self.0 - crate::builtins::environment::mochi_rt_clock();
        (left > 0).then(|| (left / 1_000_000 + 1).min(3_600_000) as c_int)
    }
}

/// An open connection.
pub struct Socket {
    fd: c_int,
    deadline: Deadline,
    position: Position,
}

impl Drop for Socket {
    fn drop(&mut self) {
        // SAFETY: the descriptor is the socket's own.
        unsafe { sys::close(self.fd) };
    }
}

impl Socket {
    /// Connects to the first address of the host that answers.
    pub unsafe fn connect(host: &str, port: &str, deadline: Deadline, position: Position) -> Socket {
        let terminated = |text: &str| {
            let mut name = Text::new();
            name.push(text.as_bytes());
            name.push_byte(0);
            name
        };
        let (host_name, service) = (terminated(host), terminated(port));
        let hints = AddressInfo {
            flags: 0,
            family: 0,
            kind: SOCK_STREAM,
            protocol: 0,
            address_len: 0,
            address: null_mut(),
            name: null_mut(),
            next: null_mut(),
        };
        let mut found: *mut AddressInfo = null_mut();
        let error = getaddrinfo(
            host_name.bytes().as_ptr().cast(),
            service.bytes().as_ptr().cast(),
            &raw const hints,
            &raw mut found,
        );
        if error != 0 {
            let reason = CStr::from_ptr(gai_strerror(error)).to_bytes();
            fail_parts(&[b"cannot find host ", host.as_bytes(), b": ", reason], position);
        }
        let mut next: *const AddressInfo = found;
        let mut last = sys::ENOENT;
        while !next.is_null() {
            match Self::try_address(&*next, deadline, position) {
                Ok(socket) => {
                    freeaddrinfo(found);
                    return socket;
                }
                Err(error) => last = error,
            }
            next = (*next).next;
        }
        fail_parts(&[b"cannot connect to ", host.as_bytes(), b": ", explain(last)], position)
    }

    unsafe fn try_address(info: &AddressInfo, deadline: Deadline, position: Position) -> Result<Socket, c_int> {
        let fd = socket(info.family, info.kind | SOCK_FLAGS, info.protocol);
        if fd < 0 {
            return Err(sys::error());
        }
        let connection = Socket { fd, deadline, position };
        if connect(fd, info.address, info.address_len) == 0 {
            return Ok(connection);
        }
        let error = sys::error();
        if error != EINPROGRESS && error != sys::EINTR {
            return Err(error);
        }
        connection.wait(POLLOUT);
        let mut outcome: c_int = 0;
        let mut len = size_of::<c_int>() as u32;
        getsockopt(fd, SOL_SOCKET, SO_ERROR, (&raw mut outcome).cast(), &raw mut len);
        if outcome == 0 { Ok(connection) } else { Err(outcome) }
    }

    /// Waits until the socket is ready, or stops the program at the deadline.
    unsafe fn wait(&self, wanted: c_short) {
        loop {
            let Some(left) = self.deadline.left() else {
                fail_parts(&[b"the request timed out"], self.position);
            };
            let mut list = Poll { fd: self.fd, wanted, found: 0 };
            if poll(&raw mut list, 1, left) > 0 {
                return;
            }
        }
    }

    /// Sends all bytes.
    pub unsafe fn send(&self, data: &[u8]) {
        let mut rest = data;
        while !rest.is_empty() {
            let count = send(self.fd, rest.as_ptr(), rest.len(), MSG_NOSIGNAL);
            if count >= 0 {
                rest = rest.get(count as usize..).unwrap_or_default();
            } else {
                self.retry(b"cannot send the request: ", POLLOUT);
            }
        }
    }

    /// Receives what has arrived; nothing at the end of the connection.
    pub unsafe fn receive<'b>(&self, buffer: &'b mut [u8]) -> &'b [u8] {
        loop {
            let count = recv(self.fd, buffer.as_mut_ptr(), buffer.len(), 0);
            if count >= 0 {
                return buffer.get(..count as usize).unwrap_or_default();
            }
            self.retry(b"cannot read the response: ", POLLIN);
        }
    }

    /// After a failed call: waits if that helps, otherwise stops.
    unsafe fn retry(&self, what: &[u8], wanted: c_short) {
        match sys::error() {
            EAGAIN => self.wait(wanted),
            sys::EINTR => {}
            error => fail_parts(&[what, explain(error)], self.position),
        }
    }
}
