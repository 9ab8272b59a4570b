//! From an object to an executable, with LLD in process.

use crate::embedded;
use crate::error::Error;
use crate::ffi::{self, MemoryFile};
use crate::options::{Libc, Options};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// LLD keeps global state: one link at a time in a process.
static LINKER: Mutex<()> = Mutex::new(());

/// Links `object` with the runtime and the C library into an executable at `output`.
pub fn link(object: &[u8], output: &Path, options: &Options) -> Result<(), Error> {
    let mut files = Files::default();
    let objects = files.add_program(object, options)?;
    check_output(output)?;
    if !output.is_file() && output.exists() {
        return link_to_device(object, output, options);
    }
    let output = path_text(output)?;
    let mut arguments: Vec<String> =
        ["ld.lld", "--gc-sections", "--build-id=none", "--threads=1", "-o", output].map(str::to_owned).to_vec();
    if !options.debug {
        arguments.push("-s".to_owned());
    }
    match options.libc {
        Libc::Musl => musl_arguments(&mut arguments, &mut files, objects)?,
        Libc::Glibc => glibc_arguments(&mut arguments, objects)?,
    }
    let _one_at_a_time = LINKER.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    ffi::link(&arguments)
}

/// The linker's own words for these mistakes would not say what to do, and come late.
fn check_output(output: &Path) -> Result<(), Error> {
    let failed = |source| Err(Error::Io { action: format!("writing {}", output.display()), source });
    if output.is_dir() {
        return failed(std::io::Error::from(std::io::ErrorKind::IsADirectory));
    }
    match output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => std::fs::metadata(parent).map(drop).or_else(failed),
        _ => Ok(()),
    }
}

/// The linker expects a file that it can replace. A device gets what it made as a stream.
fn link_to_device(object: &[u8], output: &Path, options: &Options) -> Result<(), Error> {
    let file = std::env::temp_dir().join(format!("mochi-link-{}", std::process::id()));
    let linked = link(object, &file, options).and_then(|()| {
        let copied = std::fs::read(&file).and_then(|bytes| std::fs::write(output, bytes));
        copied.map_err(|source| Error::Io { action: format!("writing {}", output.display()), source })
    });
    let _ = std::fs::remove_file(&file);
    linked
}

/// Joins `object` with what it reaches of the runtime into one object for this process. Loading the whole runtime
/// instead would take three times as long as the program's own code.
pub(crate) fn relocatable(object: &[u8], entry: &str, options: &Options) -> Result<Vec<u8>, Error> {
    let mut files = Files::default();
    let objects = files.add_program(object, options)?;
    // The linker replaces its output as a whole, so this must be a real directory; the first is in memory.
    let directory = if Path::new(SHARED_MEMORY).is_dir() { PathBuf::from(SHARED_MEMORY) } else { std::env::temp_dir() };
    let output = directory.join(format!("mochi-run-{}.o", std::process::id()));
    let fixed = ["ld.lld", "-r", "--gc-sections", "--threads=1", "-u", entry, "-o", path_text(&output)?];
    let arguments: Vec<String> = fixed.into_iter().map(str::to_owned).chain(objects).collect();
    let linked = {
        let _one_at_a_time = LINKER.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        ffi::link(&arguments)
    };
    let joined = linked.and_then(|()| {
        std::fs::read(&output).map_err(|source| Error::Io { action: format!("reading {}", output.display()), source })
    });
    let _ = std::fs::remove_file(&output);
    joined
}

const SHARED_MEMORY: &str = "/dev/shm";

/// Static, at a fixed address, with as little padding as the format allows.
fn musl_arguments(arguments: &mut Vec<String>, files: &mut Files, objects: Vec<String>) -> Result<(), Error> {
    // Without these three, each segment starts on a page of its own in the file: 12 KB of zeros.
    arguments.extend(["-static", "-z", "noseparate-code", "--no-rosegment", "-z", "norelro"].map(str::to_owned));
    arguments.push(files.add("crt1.o", embedded::CRT1)?);
    arguments.push(files.add("crti.o", embedded::CRTI)?);
    arguments.extend(objects);
    arguments.push(files.add("libc.a", embedded::LIBC)?);
    arguments.push(files.add("crtn.o", embedded::CRTN)?);
    Ok(())
}

/// Directories that hold glibc's start files, by distribution.
const GLIBC_DIRECTORIES: [&str; 4] =
    ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
/// Where the dynamic loader lies.
const LOADERS: [&str; 2] = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

/// Dynamic and position independent, against the system's own library.
fn glibc_arguments(arguments: &mut Vec<String>, objects: Vec<String>) -> Result<(), Error> {
    let directory = glibc_directory()?;
    let loader = first_existing("the dynamic loader of glibc", &LOADERS.map(PathBuf::from), "apt-get install libc6")?;
    let in_directory = |name: &str| directory.join(name).display().to_string();
    arguments.extend(["-pie", "--eh-frame-hdr", "--as-needed", "-dynamic-linker"].map(str::to_owned));
    arguments.push(loader.display().to_string());
    arguments.push(in_directory("Scrt1.o"));
    arguments.push(in_directory("crti.o"));
    arguments.extend(objects);
    arguments.push(format!("-L{}", directory.display()));
    arguments.extend(["-lc", "-lm"].map(str::to_owned));
    arguments.push(in_directory("crtn.o"));
    Ok(())
}

/// The directory with the system's `Scrt1.o`.
pub fn glibc_directory() -> Result<PathBuf, Error> {
    let candidates: Vec<PathBuf> = GLIBC_DIRECTORIES.iter().map(|d| Path::new(d).join("Scrt1.o")).collect();
    let found = first_existing("the start file Scrt1.o of glibc", &candidates, "apt-get install libc6-dev")?;
    Ok(found.parent().unwrap_or(Path::new("/")).to_owned())
}

fn first_existing(what: &'static str, candidates: &[PathBuf], remedy: &'static str) -> Result<PathBuf, Error> {
    candidates.iter().find(|path| path.exists()).cloned().ok_or_else(|| Error::MissingFile {
        what,
        searched: candidates.to_vec(),
        remedy,
    })
}

fn path_text(path: &Path) -> Result<&str, Error> {
    path.to_str().ok_or_else(|| Error::Link(format!("the output path {} is not valid UTF-8", path.display())))
}

/// In-memory inputs of one link; closed together.
#[derive(Default)]
struct Files(Vec<MemoryFile>);

impl Files {
    /// A program's object and the runtime.
    fn add_program(&mut self, object: &[u8], options: &Options) -> Result<Vec<String>, Error> {
        let runtime = embedded::runtime(options.memory);
        let parts = [("program.o", object), ("runtime.o", runtime.object), ("outside.a", runtime.archive)];
        parts.into_iter().map(|(name, content)| self.add(name, content)).collect()
    }

    fn add(&mut self, name: &str, content: &[u8]) -> Result<String, Error> {
        let file = ffi::memory_file(name, content)?;
        let path = file.path.clone();
        self.0.push(file);
        Ok(path)
    }
}
