//! How the fuzz targets run one input: on a stack like the compiler's, with a limit on processor time.

/// CPU seconds that one input may take. Inputs are a few KiB; a hundredth of this is usual.
const CPU_LIMIT: f64 = 2.0;
/// As the command line gives its stages.
const STACK_BYTES: usize = 256 << 20;

/// Runs a stage on an input; panics, which libFuzzer reports, when that takes too long.
///
/// Processor time counts, not elapsed time: other work on the machine is no finding.
pub fn run(stage: impl FnOnce() + Send) {
    let start = cpu_seconds();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, stage);
        thread.expect("threads can be started").join().expect("panics end the process");
    });
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
