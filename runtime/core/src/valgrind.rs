//! What a program tells valgrind about its memory: client requests, a sequence of instructions that does nothing on a real
//! processor and that valgrind's simulated one recognises. The numbers are those of `valgrind.h` and `memcheck.h`.

/// Requests of the core.
const MALLOC_LIKE_BLOCK: usize = 0x1301;
const FREE_LIKE_BLOCK: usize = 0x1302;
const STACK_REGISTER: usize = 0x1501;
/// Requests of memcheck: `'M'` and `'C'` in the upper half.
const MEMCHECK: usize = 0x4D43_0000;
const MAKE_NO_ACCESS: usize = MEMCHECK;
const MAKE_UNDEFINED: usize = MEMCHECK + 1;
const MAKE_DEFINED: usize = MEMCHECK + 2;

/// A block begins, `margin` bytes around it may not be touched, its content is not defined yet.
pub unsafe fn allocated(block: *mut u8, size: usize, margin: usize) {
    request([MALLOC_LIKE_BLOCK, block as usize, size, margin, 0, 0]);
}

/// The block ends.
pub unsafe fn freed(block: *mut u8, margin: usize) {
    request([FREE_LIKE_BLOCK, block as usize, margin, 0, 0, 0]);
}

/// Nobody may touch these bytes.
pub unsafe fn no_access(start: *mut u8, size: usize) {
    request([MAKE_NO_ACCESS, start as usize, size, 0, 0, 0]);
}

/// These bytes may be written, and read after that.
pub unsafe fn undefined(start: *mut u8, size: usize) {
    request([MAKE_UNDEFINED, start as usize, size, 0, 0, 0]);
}

/// These bytes may be read and written.
pub unsafe fn defined(start: *mut u8, size: usize) {
    request([MAKE_DEFINED, start as usize, size, 0, 0, 0]);
}

/// A stack lies between these addresses: moving there is no giant stack frame.
pub unsafe fn stack(lowest: *mut u8, highest: *mut u8) {
    request([STACK_REGISTER, lowest as usize, highest as usize, 0, 0, 0]);
}

/// The rotations add up to whole turns, so `rdi` keeps its value.
#[cfg(target_arch = "x86_64")]
unsafe fn request(arguments: [usize; 6]) {
    core::arch::asm!(
        "rol rdi, 3",
        "rol rdi, 13",
        "rol rdi, 61",
        "rol rdi, 51",
        "xchg rbx, rbx",
        in("rax") arguments.as_ptr(),
        inout("rdx") 0usize => _,
        options(nostack),
    );
}

#[cfg(target_arch = "aarch64")]
unsafe fn request(arguments: [usize; 6]) {
    core::arch::asm!(
        "ror x12, x12, #3",
        "ror x12, x12, #13",
        "ror x12, x12, #51",
        "ror x12, x12, #61",
        "orr x10, x10, x10",
        in("x4") arguments.as_ptr(),
        inout("x3") 0usize => _,
        options(nostack),
    );
}

/// There is no valgrind for other targets.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
unsafe fn request(_arguments: [usize; 6]) {}
