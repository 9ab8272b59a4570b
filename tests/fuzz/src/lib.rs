//! How the fuzz targets run one input: on a stack like the compiler's, with a limit on processor time.

use std::os::unix::process::CommandExt as _;

/// CPU seconds that one input may take. Inputs are a few KiB; a hundredth of this is usual.
const CPU_LIMIT: f64 = 2.0;
/// As the command line gives its stages.
const STACK_BYTES: libc::rlim_t = 256 << 20;

/// Gives the process a stack of the compiler's size by starting it again: a limit holds from the next start on, and a thread
/// for each input would cost more than the input.
pub fn grow_stack() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the pointer is to a live value of the right type.
    unsafe { libc::getrlimit(libc::RLIMIT_STACK, &mut limit) };
    if limit.rlim_cur >= STACK_BYTES {
        return;
    }
    assert!(limit.rlim_max >= STACK_BYTES, "the stack may not grow to {STACK_BYTES} bytes: see `ulimit -H -s`");
    limit.rlim_cur = STACK_BYTES;
    // SAFETY: as above.
    unsafe { libc::setrlimit(libc::RLIMIT_STACK, &limit) };
    let this = std::env::current_exe().expect("the running program has a path");
    let error = std::process::Command::new(this).args(std::env::args_os().skip(1)).exec();
    panic!("cannot start again: {error}");
}

/// Runs a stage on an input; panics, which libFuzzer reports, when that takes too long.
///
/// Processor time counts, not elapsed time: other work on the machine is no finding.
pub fn run(stage: impl FnOnce()) {
    let start = cpu_seconds();
    stage();
    let spent = cpu_seconds() - start;
    assert!(spent < CPU_LIMIT, "the input took {spent:.1} s of CPU time");
}

/// The text of an input: libFuzzer's bytes need not be UTF-8, sources are.
pub fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}

fn cpu_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a live value of the right type.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
