//! The one place with `unsafe` in this crate: calls into `shim/`.
//!
//! Everything above sees slices, strings and `Result`s.

use crate::error::Error;
use crate::options::Options;
use std::ffi::{CStr, CString, c_char, c_void};

#[repr(C)]
struct TargetOptions {
    triple: *const c_char,
    cpu: *const c_char,
    features: *const c_char,
    opt_level: i32,
    size_level: i32,
    position_independent: bool,
    debug_info: bool,
}

#[repr(C)]
struct RawUnit {
    _private: [u8; 0],
}

type Sink = extern "C" fn(*const c_char, usize, *mut c_void);

unsafe extern "C" {
    fn mochiUnitTranslate(
        operation: *mut c_void,
        options: *const TargetOptions,
        error: Sink,
        user: *mut c_void,
    ) -> *mut RawUnit;
    fn mochiUnitParse(
        data: *const c_char,
        length: usize,
        options: *const TargetOptions,
        error: Sink,
        user: *mut c_void,
    ) -> *mut RawUnit;
    fn mochiUnitDestroy(unit: *mut RawUnit);
    fn mochiUnitLinkRuntime(
        unit: *mut RawUnit,
        data: *const c_char,
        length: usize,
        error: Sink,
        user: *mut c_void,
    ) -> bool;
    fn mochiUnitOptimize(
        unit: *mut RawUnit,
        entry: *const c_char,
        remarks: Option<Sink>,
        error: Sink,
        user: *mut c_void,
    ) -> bool;
    fn mochiUnitPrint(unit: *mut RawUnit, sink: Sink, user: *mut c_void);
    fn mochiUnitEmit(unit: *mut RawUnit, assembly: bool, sink: Sink, error: Sink, user: *mut c_void) -> bool;
    fn mochiJitRun(
        object: *const c_char,
        length: usize,
        entry: *const c_char,
        program: *const c_char,
        status: *mut i32,
        error: Sink,
        user: *mut c_void,
    ) -> bool;
    fn mochiLink(arguments: *const *const c_char, count: usize, error: Sink, user: *mut c_void) -> bool;
    fn mochiLlvmVersion() -> *const c_char;
    fn mochiHostCpu(sink: Sink, user: *mut c_void);
    fn mochiKnowsCpu(triple: *const c_char, cpu: *const c_char) -> bool;
}

/// What a call sends back: payload and messages apart.
#[derive(Default)]
struct Received {
    data: Vec<u8>,
    messages: Vec<u8>,
}

extern "C" fn receive_data(data: *const c_char, length: usize, user: *mut c_void) {
    // SAFETY: the shim passes back the pointer given with this callback, which is a `Received` that
    // lives across the call, and a buffer of `length` readable bytes.
    unsafe {
        let received = &mut *user.cast::<Received>();
        received.data.extend_from_slice(std::slice::from_raw_parts(data.cast(), length));
    }
}

extern "C" fn receive_message(data: *const c_char, length: usize, user: *mut c_void) {
    // SAFETY: as in `receive_data`.
    unsafe {
        let received = &mut *user.cast::<Received>();
        received.messages.extend_from_slice(std::slice::from_raw_parts(data.cast(), length));
    }
}

impl Received {
    fn user(&mut self) -> *mut c_void {
        std::ptr::from_mut(self).cast()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.messages).trim_end().to_owned()
    }
}

/// A string for C; a null byte inside, which no valid name has, ends it early.
fn c_string(text: &str) -> CString {
    let text = text.split('\0').next().unwrap_or_default();
    CString::new(text).expect("null bytes were removed")
}

fn with_target_options<R>(options: &Options, call: impl FnOnce(&TargetOptions) -> R) -> R {
    let triple = c_string(options.triple());
    let cpu = c_string(&options.cpu);
    let (opt_level, size_level) = options.opt.speed_and_size();
    call(&TargetOptions {
        triple: triple.as_ptr(),
        cpu: cpu.as_ptr(),
        features: c"".as_ptr(),
        opt_level,
        size_level,
        position_independent: options.position_independent(),
        debug_info: options.debug,
    })
}

/// Owns an LLVM context, a module and a target machine.
pub(crate) struct Unit(*mut RawUnit);

impl Drop for Unit {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a successful constructor and is destroyed once.
        unsafe { mochiUnitDestroy(self.0) }
    }
}

impl Unit {
    pub(crate) fn translate(module: mochi_dialects::ir::Op<'_>, options: &Options) -> Result<Unit, Error> {
        let mut received = Received::default();
        let user = received.user();
        let raw = with_target_options(options, |options| {
            // SAFETY: the handle's lifetime keeps the operation alive; the options outlive the call.
            unsafe { mochiUnitTranslate(module.raw().ptr, options, receive_message, user) }
        });
        if raw.is_null() { Err(Error::Translate(received.text())) } else { Ok(Unit(raw)) }
    }

    pub(crate) fn parse(text: &[u8], options: &Options) -> Result<Unit, Error> {
        let mut received = Received::default();
        let user = received.user();
        let raw = with_target_options(options, |options| {
            // SAFETY: the slice and the options outlive the call; the module copies what it keeps.
            unsafe { mochiUnitParse(text.as_ptr().cast(), text.len(), options, receive_message, user) }
        });
        if raw.is_null() { Err(Error::Translate(received.text())) } else { Ok(Unit(raw)) }
    }

    pub(crate) fn link_runtime(&mut self, bitcode: &'static [u8]) -> Result<(), Error> {
        let mut received = Received::default();
        // SAFETY: `self.0` is live; lazily read bitcode is `'static`, so it outlives the module.
        let done = unsafe {
            mochiUnitLinkRuntime(self.0, bitcode.as_ptr().cast(), bitcode.len(), receive_message, received.user())
        };
        if done { Ok(()) } else { Err(Error::Runtime(received.text())) }
    }

    /// Returns the missed inlining remarks when `remarks` asks for them.
    pub(crate) fn optimize(&mut self, entry: &str, remarks: Remarks) -> Result<String, Error> {
        let mut received = Received::default();
        let entry = c_string(entry);
        let sink: Option<Sink> = match remarks {
            Remarks::None => None,
            Remarks::MissedInlining => Some(receive_data),
        };
        // SAFETY: `self.0` is live and the string outlives the call.
        let done = unsafe { mochiUnitOptimize(self.0, entry.as_ptr(), sink, receive_message, received.user()) };
        if done {
            Ok(String::from_utf8_lossy(&received.data).into_owned())
        } else {
            Err(Error::Codegen(received.text()))
        }
    }

    pub(crate) fn print(&self) -> String {
        let mut received = Received::default();
        // SAFETY: `self.0` is live.
        unsafe { mochiUnitPrint(self.0, receive_data, received.user()) };
        String::from_utf8_lossy(&received.data).into_owned()
    }

    pub(crate) fn emit(&mut self, kind: FileKind) -> Result<Vec<u8>, Error> {
        let mut received = Received::default();
        let assembly = kind == FileKind::Assembly;
        // SAFETY: `self.0` is live.
        let done = unsafe { mochiUnitEmit(self.0, assembly, receive_data, receive_message, received.user()) };
        if done { Ok(received.data) } else { Err(Error::Codegen(received.text())) }
    }
}

/// Which remarks `optimize` returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remarks {
    None,
    MissedInlining,
}

/// The two forms of machine code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Assembly,
    Object,
}

/// Loads an object into this process and calls its entry function.
pub(crate) fn jit_run(object: &[u8], entry: &str, program: &str) -> Result<i32, Error> {
    let mut received = Received::default();
    let entry = c_string(entry);
    let program = c_string(program);
    let mut status = 0;
    // SAFETY: all buffers outlive the call. The code that runs was produced by this compiler from a
    // verified module; that it keeps to its own memory is the compiler's promise to every program.
    let done = unsafe {
        mochiJitRun(
            object.as_ptr().cast(),
            object.len(),
            entry.as_ptr(),
            program.as_ptr(),
            &mut status,
            receive_message,
            received.user(),
        )
    };
    if done { Ok(status) } else { Err(Error::Load(received.text())) }
}

/// Runs the linker with these arguments.
pub(crate) fn link(arguments: &[String]) -> Result<(), Error> {
    let owned: Vec<CString> = arguments.iter().map(|argument| c_string(argument)).collect();
    let pointers: Vec<*const c_char> = owned.iter().map(|argument| argument.as_ptr()).collect();
    let mut received = Received::default();
    // SAFETY: the strings outlive the call.
    let done = unsafe { mochiLink(pointers.as_ptr(), pointers.len(), receive_message, received.user()) };
    if done { Ok(()) } else { Err(Error::Link(received.text())) }
}

/// The version of the LLVM inside this compiler.
pub fn llvm_version() -> &'static str {
    // SAFETY: the shim returns a string literal.
    unsafe { CStr::from_ptr(mochiLlvmVersion()) }.to_str().unwrap_or("unknown")
}

/// LLVM's name for the CPU of this machine.
pub fn host_cpu() -> String {
    let mut received = Received::default();
    // SAFETY: the callback gets the `Received` given with it.
    unsafe { mochiHostCpu(receive_data, received.user()) };
    String::from_utf8_lossy(&received.data).into_owned()
}

/// Whether LLVM knows the CPU.
pub(crate) fn knows_cpu(triple: &str, cpu: &str) -> bool {
    let (triple, cpu) = (c_string(triple), c_string(cpu));
    // SAFETY: both strings outlive the call.
    unsafe { mochiKnowsCpu(triple.as_ptr(), cpu.as_ptr()) }
}

/// Lets a process end quietly when nobody reads its output any more, as other command-line programs do; Rust's start-up code
/// arranges for an error instead.
pub fn end_with_broken_pipes() {
    // SAFETY: the default action is no code of ours.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
}

/// Ends the process at once: no destructors, no exit handlers. Standard output must be flushed.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: `_exit` takes any status and does not return.
    unsafe { libc::_exit(status) }
}

/// Makes an anonymous file with this content and returns a path that names it in this process.
pub(crate) fn memory_file(name: &str, content: &[u8]) -> Result<MemoryFile, Error> {
    use std::io::Write as _;
    use std::os::fd::FromRawFd as _;
    let failed = |source| Error::Io { action: format!("making the in-memory file {name}"), source };
    let c_name = c_string(name);
    // SAFETY: the name is a null-terminated string; the result is checked below.
    let descriptor = unsafe { libc::memfd_create(c_name.as_ptr(), libc::MFD_CLOEXEC) };
    if descriptor < 0 {
        return Err(failed(std::io::Error::last_os_error()));
    }
    // SAFETY: the descriptor is fresh and owned by nobody else.
    let mut file = unsafe { std::fs::File::from_raw_fd(descriptor) };
    file.write_all(content).map_err(failed)?;
    Ok(MemoryFile { path: format!("/proc/self/fd/{descriptor}"), _file: file })
}

/// An anonymous file; gone when dropped.
pub(crate) struct MemoryFile {
    pub(crate) path: String,
    _file: std::fs::File,
}
