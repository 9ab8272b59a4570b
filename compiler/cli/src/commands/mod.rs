//! One file per subcommand.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod lint;
pub(crate) mod run;
pub(crate) mod test;

use crate::arguments::{CodeArguments, Common};
use crate::exit;
use mochi_driver::{Error, Memory, Options, Session};

/// The choices of the command line that a session needs.
fn options(code: &CodeArguments, common: &Common) -> Options {
    let mut options = checking_options(common);
    options.debug = code.debug;
    options.int = code.int();
    options.warnings = code.warnings();
    options.verify_each = code.verify_each;
    options.memory = if code.count_allocations { Memory::Counted } else { Memory::Fast };
    options.print_ir_after.clone_from(&code.print_ir_after);
    if let Some(cpu) = &code.target_cpu {
        options.target_cpu.clone_from(cpu);
    }
    options
}

fn checking_options(common: &Common) -> Options {
    Options { strict: common.strict, error_format: common.format, color: common.color, ..Options::default() }
}

/// Shows what the session has to report, then why it stopped, and gives the exit status.
fn finish<T>(session: &Session, result: &Result<T, Error>) -> i32 {
    session.show_reports();
    match result {
        Ok(_) => exit::DONE,
        Err(Error::Reported) => exit::FAILED,
        Err(error @ Error::Usage(_)) => {
            eprintln!("mochi: {error}");
            exit::USAGE
        }
        Err(error @ (Error::NotFound(_) | Error::Io { .. })) => {
            eprintln!("{error}");
            exit::FAILED
        }
        Err(error) => {
            eprintln!("mochi: {error}");
            exit::INTERNAL
        }
    }
}

/// Prints timings where the user asked for them.
fn show_timings(session: &Session, format: Option<&str>) {
    match format {
        Some("json") => eprintln!("{}", session.timings().to_json()),
        Some(_) => eprint!("{}", session.timings()),
        None => {}
    }
}

/// Opens a program; a missing file is reported as the language defines.
fn open(path: &std::path::Path, options: Options) -> Result<Session, i32> {
    Session::open(path, options).map_err(|error| {
        eprintln!("{error}");
        exit::FAILED
    })
}
