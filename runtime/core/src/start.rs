//! Start and end of a program: the big stack, the report of its overflow, the final checks.

use crate::{alloc, cycles, panic, print, sys};
use core::ffi::{c_int, c_void};
use mochi_runtime_abi::EXIT_LEAK;
use mochi_runtime_backtrace::{Registers, Stack};

/// Sizes to try for the stack; pages are only touched when used, so the first that can be mapped
/// is as cheap as any. Deep recursion is common, endless recursion should still end soon: this holds
/// ten million frames of a hundred bytes.
const STACK_SIZES: [usize; 5] = [1 << 30, 512 << 20, 128 << 20, 32 << 20, 8 << 20];
/// Wide enough that a frame with large locals cannot step over it.
const GUARD: usize = 1 << 20;
const SIGNAL_STACK: usize = 32 << 10;

static mut STACK_BASE: *mut u8 = core::ptr::null_mut();
static mut STACK_SIZE: usize = 0;
static mut STACK_TOP: usize = 0;
static mut SIGNAL_STACK_MEMORY: [u8; SIGNAL_STACK] = [0; SIGNAL_STACK];

/// Usable bytes of the program's stack.
pub fn stack_size() -> usize {
    // SAFETY: written once, before the program starts.
    unsafe { STACK_SIZE }
}

/// The memory in which the program's frames lie; empty before it starts.
pub fn stack() -> Stack {
    // SAFETY: as above.
    unsafe { Stack { bottom: if STACK_BASE.is_null() { 0 } else { STACK_BASE as usize + GUARD }, top: STACK_TOP } }
}

/// The entry the C start code calls.
#[cfg(not(test))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn main(argc: c_int, argv: *const *const u8) -> c_int {
    unsafe extern "C" {
        fn mochi_main();
    }
    mochi_rt_start(i64::from(argc), argv, mochi_main) as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn mochi_rt_start(_argc: i64, _argv: *const *const u8, entry: unsafe extern "C" fn()) -> i64 {
    let top = map_stack();
    STACK_TOP = top as usize;
    if top.is_null() {
        STACK_TOP = (&raw const top) as usize;
        entry();
    } else {
        #[cfg(feature = "checked-memory")]
        crate::valgrind::stack(STACK_BASE, top);
        install_handler();
        call_on_stack(top, entry);
    }
    print::flush();
    finish()
}

/// Maps the stack and its guard; the result is its upper end, null when nothing could be mapped.
unsafe fn map_stack() -> *mut u8 {
    for size in STACK_SIZES {
        let flags = sys::MAP_PRIVATE_ANONYMOUS | sys::MAP_NORESERVE;
        let base = sys::mmap(core::ptr::null_mut(), size + GUARD, sys::PROT_READ_WRITE, flags, -1, 0);
        if base as isize == -1 {
            continue;
        }
        sys::mprotect(base, GUARD, sys::PROT_NONE);
        STACK_BASE = base.cast();
        STACK_SIZE = size;
        return STACK_BASE.add(GUARD + size);
    }
    core::ptr::null_mut()
}

unsafe fn install_handler() {
    let stack = sys::SigStack { base: SIGNAL_STACK_MEMORY.as_mut_ptr().cast(), flags: 0, size: SIGNAL_STACK };
    sys::sigaltstack(&stack, core::ptr::null_mut());
    let action = sys::SigAction {
        handler: on_fault as *const c_void,
        mask: [0; 16],
        flags: sys::SA_SIGINFO | sys::SA_ONSTACK,
        restorer: core::ptr::null(),
    };
    sys::sigaction(sys::SIGSEGV, &action, core::ptr::null_mut());
    sys::sigaction(sys::SIGBUS, &action, core::ptr::null_mut());
}

/// A fault in the guard is a stack overflow; any other is left to the default action.
unsafe extern "C" fn on_fault(signal: c_int, info: *const u8, context: *const u8) {
    // `si_addr` follows three ints and padding in the siginfo of 64-bit Linux.
    let address = info.add(16).cast::<*const u8>().read();
    if address >= STACK_BASE.cast_const() && address < STACK_BASE.add(GUARD).cast_const() {
        panic::stack_overflow(registers(context));
    }
    let default = sys::SigAction { handler: core::ptr::null(), mask: [0; 16], flags: 0, restorer: core::ptr::null() };
    // Returning repeats the faulting instruction, now with the default action.
    sys::sigaction(signal, &default, core::ptr::null_mut());
}

/// The registers at the instruction that a signal interrupted, from the `ucontext_t` of 64-bit Linux.
unsafe fn registers(context: *const u8) -> Registers {
    let word = |offset: usize| context.add(offset).cast::<usize>().read();
    #[cfg(target_arch = "x86_64")]
    return Registers { address: word(168), stack_pointer: word(160), frame_pointer: word(120), link: 0 };
    #[cfg(target_arch = "aarch64")]
    return Registers { address: word(440), stack_pointer: word(432), frame_pointer: word(416), link: word(424) };
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    return Registers { address: word(0) & 0, stack_pointer: 0, frame_pointer: 0, link: 0 };
}

/// Calls a function on another stack. `top` is 16-byte aligned.
#[cfg(target_arch = "x86_64")]
#[inline(never)]
unsafe fn call_on_stack(top: *mut u8, entry: unsafe extern "C" fn()) {
    core::arch::asm!(
        "mov r12, rsp",
        "mov rsp, rdi",
        "call rsi",
        "mov rsp, r12",
        in("rdi") top,
        in("rsi") entry,
        out("r12") _,
        clobber_abi("C"),
    );
}

/// Calls a function on another stack. `top` is 16-byte aligned.
#[cfg(target_arch = "aarch64")]
#[inline(never)]
unsafe fn call_on_stack(top: *mut u8, entry: unsafe extern "C" fn()) {
    core::arch::asm!(
        "mov x20, sp",
        "mov sp, x0",
        "blr x1",
        "mov sp, x20",
        in("x0") top,
        in("x1") entry,
        out("x20") _,
        clobber_abi("C"),
    );
}

/// Other targets run on the stack they were given.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[inline(never)]
unsafe fn call_on_stack(_top: *mut u8, entry: unsafe extern "C" fn()) {
    entry();
}

/// Optional reports at the end of a program: `MOCHI_ALLOC_STATS=1` and `MOCHI_LEAK_CHECK=1`.
unsafe fn finish() -> i64 {
    let asked = |name: &[u8]| matches!(sys::env(name), Some(value) if !value.is_empty() && value != b"0");
    let (statistics, leaks) = (asked(b"MOCHI_ALLOC_STATS\0"), asked(b"MOCHI_LEAK_CHECK\0"));
    if !statistics && !leaks {
        return 0;
    }
    let handed_out = alloc::handed_out();
    // Otherwise the system takes everything back faster.
    cycles::finish();
    let usage = alloc::usage();
    let mut report = panic::Report::new();
    if statistics {
        report.bytes(b"memory: ").int(usage.live_blocks as i64).bytes(b" blocks, ");
        report.int(usage.live_bytes as i64).bytes(b" bytes in use, ");
        report.int(usage.carved_bytes as i64).bytes(b" bytes taken from the system\n");
    }
    if let (true, Some((blocks, bytes))) = (statistics, handed_out) {
        report.bytes(b"allocations: ").int(blocks as i64).bytes(b" blocks, ").int(bytes as i64).bytes(b" bytes\n");
    }
    let leaked = leaks && usage.live_blocks != 0;
    if leaked {
        report.bytes(b"leak: ").int(usage.live_blocks as i64).bytes(b" blocks, ");
        report.int(usage.live_bytes as i64).bytes(b" bytes still in use at exit\n");
    }
    report.flush();
    if leaked { i64::from(EXIT_LEAK) } else { 0 }
}
