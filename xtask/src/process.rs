//! Starting other programs and saying what failed.

use crate::root;
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a command of xtask ends without success; shown once, at the end.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Failure(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure(error.to_string())
    }
}

/// The cargo that started us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// A command line as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut words = vec![name_of(command.get_program())];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

fn name_of(program: &OsStr) -> String {
    Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned()
}

/// Runs a command with our own standard streams.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`{}` failed: {status}", shown(command)))),
        Err(error) => Err(Failure::new(format!("`{}` could not be started: {error}", shown(command)))),
    }
}

/// Runs a command and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String, Failure> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(Failure::new(format!(
            "`{}` failed: {}\n{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ))),
        Err(error) => Err(Failure::new(format!("`{}` could not be started: {error}", shown(command)))),
    }
}

/// Whether a program is on the search path.
pub(crate) fn on_path(name: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|directory| directory.join(name).is_file())
}

/// Builds one of our executables and returns its path.
pub(crate) fn build_binary(package: &str) -> Result<PathBuf, Failure> {
    run(cargo().args(["build", "--quiet", "--package", package]))?;
    Ok(target_directory().join("debug").join(package))
}

/// Where cargo puts what it builds.
pub(crate) fn target_directory() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// Becomes another program; returns only if that is not possible.
pub(crate) fn replace_with(program: &Path, arguments: &[String]) -> Failure {
    let error = Command::new(program).args(arguments).exec();
    Failure::new(format!("{} could not be started: {error}", program.display()))
}
