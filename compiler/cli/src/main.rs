//! `mochi`: arguments and exit statuses only; the work is in `mochi-driver`.

mod arguments;
mod commands;
mod exit;

use arguments::{Arguments, Command};
use clap::Parser as _;
use mimalloc::MiMalloc;
use std::io::Write as _;

/// The front end makes many small objects: with it a large program takes half the time that it takes with the system's
/// allocator (`docs/performance.md`).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Stack for the compiler: its stages recurse over what users nest. Only touched pages cost anything.
const STACK_BYTES: usize = 256 << 20;

fn main() {
    mochi_driver::end_with_broken_pipes();
    let arguments = Arguments::parse();
    start_tracing();
    std::panic::set_hook(Box::new(report_panic));
    let thread = std::thread::Builder::new().name("mochi".to_owned()).stack_size(STACK_BYTES);
    let status = match thread.spawn(move || run(&arguments)) {
        Ok(handle) => handle.join().unwrap_or(exit::INTERNAL),
        Err(error) => {
            eprintln!("mochi: cannot start a thread: {error}");
            exit::INTERNAL
        }
    };
    exit::now(status)
}

fn run(arguments: &Arguments) -> i32 {
    let common = arguments.common();
    match &arguments.command {
        Command::Build(build) => commands::build::run(build, &common),
        Command::Run(run) => commands::run::run(run, &common),
        Command::Test(test) => commands::test::run(test, &common),
        Command::Check(check) => commands::check::run(check, &common),
        Command::Lint(lint) => commands::lint::run(lint, &common),
        Command::Explain(explain) => commands::explain::run(explain),
        Command::Doctor => commands::doctor::run(),
    }
}

/// A panic is our mistake, never the user's: say so, where it happened, and what to do.
///
/// Output that nobody takes any more is another matter: `println!` knows no other way to say so.
fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned());
    let mut stderr = std::io::stderr();
    if message.starts_with("failed printing to ") {
        let _ = writeln!(stderr, "mochi: {message}");
        exit::now(exit::FAILED);
    }
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let _ = writeln!(
        stderr,
        "mochi: internal error: {message}\n  at {place}\nthis is a bug in the compiler, not in the program; \
         please report it with the program and the output of `mochi doctor`"
    );
    if std::env::var_os("MOCHI_LOG").is_some() {
        let _ = writeln!(stderr, "{}", std::backtrace::Backtrace::force_capture());
    }
}

/// `MOCHI_LOG=debug mochi …` shows what the compiler does, on standard error.
fn start_tracing() {
    let Ok(wanted) = std::env::var("MOCHI_LOG") else { return };
    let level = wanted.parse().unwrap_or(tracing_subscriber::filter::LevelFilter::DEBUG);
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).without_time().init();
}
