//! `mochi build`: a program to an executable or to any stage on the way.

use super::{finish, open, options, show_timings};
use crate::arguments::{Build, Common};
use crate::exit;
use mochi_driver::{Error, Locations, Memory, OptLevel, Options, Phase, Session, explain_pipeline, pipeline_text};
use std::io::Write as _;
use std::path::{Path, PathBuf};

pub(crate) fn run(arguments: &Build, common: &Common) -> i32 {
    let mut options = Options {
        opt: arguments.opt,
        libc: arguments.libc,
        locations: match arguments.locations.as_str() {
            "always" => Locations::Always,
            "never" => Locations::Never,
            _ => Locations::Auto,
        },
        ..options(&arguments.code, common)
    };
    if arguments.check_memory {
        options.memory = Memory::Checked;
    }
    if arguments.explain_pipeline {
        print!("{}", explain_pipeline());
        return exit::DONE;
    }
    if arguments.print_pipeline {
        println!("{}", pipeline_text(&options, arguments.emit));
        return exit::DONE;
    }
    let Some(file) = &arguments.file else { return exit::USAGE };
    announce_profile(arguments);
    let mut session = match open(file, options) {
        Ok(session) => session,
        Err(status) => return status,
    };
    let result = build(&mut session, file, arguments);
    let status = finish(&session, &result);
    show_timings(&session, arguments.code.timings.as_deref());
    status
}

fn build(session: &mut Session, file: &Path, arguments: &Build) -> Result<(), Error> {
    let to_stdout = arguments.output.as_deref() == Some(Path::new("-"));
    match arguments.emit {
        Phase::Exe if to_stdout => Err(Error::Usage("an executable cannot be written to standard output".to_owned())),
        Phase::Exe => {
            let output = arguments.output.clone().unwrap_or_else(|| default_output(file, Phase::Exe));
            session.build_executable(&output)
        }
        phase => {
            let bytes = session.emit(phase)?;
            match &arguments.output {
                Some(path) if !to_stdout => write(path, &bytes),
                None if phase == Phase::Obj => write(&default_output(file, phase), &bytes),
                _ => std::io::stdout()
                    .write_all(&bytes)
                    .map_err(|source| Error::Io { action: "writing to standard output".to_owned(), source }),
            }
        }
    }
}

/// Beside nothing, in the current directory, as other compilers do.
fn default_output(file: &Path, phase: Phase) -> PathBuf {
    let mut name = PathBuf::from(file.file_stem().unwrap_or_else(|| "a.out".as_ref()));
    if phase == Phase::Obj {
        name.set_extension("o");
    }
    // A program without extension would be overwritten by its executable.
    if name.as_path() == file { name.with_extension("out") } else { name }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    std::fs::write(path, bytes).map_err(|source| Error::Io { action: format!("writing {}", path.display()), source })
}

/// Nobody should time the wrong thing: an unoptimised program says so when timings are shown.
fn announce_profile(arguments: &Build) {
    if arguments.code.timings.as_deref() == Some("text") {
        let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
        let program = if arguments.opt == OptLevel::O0 { "unoptimised" } else { "optimised" };
        eprintln!("timings of a {profile} build of the compiler, {program} program (-O{})", arguments.opt);
    }
}
