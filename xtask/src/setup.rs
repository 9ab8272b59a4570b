//! Installs from Debian's packages what the build needs. Costs a few `stat` calls when all is there.

use crate::lint::llvm_version;
use crate::process::{Failure, on_path, output, run};
use crate::root;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A package and a file that only exists once it is installed. `{V}` is LLVM's version, `{A}` the architecture.
struct Package {
    name: &'static str,
    probe: &'static str,
}

const fn package(name: &'static str, probe: &'static str) -> Package {
    Package { name, probe }
}

/// Everything, tools for the tests included: one list, installed in one go.
const PACKAGES: &[Package] = &[
    // A C compiler's parts: rustc links with `cc`, LLVM needs the C++ library.
    package("gcc", "/usr/bin/cc"),
    package("g++", "/usr/bin/g++"),
    package("libc6-dev", "/usr/lib/{A}-linux-gnu/Scrt1.o"),
    package("cmake", "/usr/bin/cmake"),
    package("ninja-build", "/usr/bin/ninja"),
    // LLVM and MLIR: static libraries, headers and TableGen.
    package("libmlir-{V}-dev", "/usr/lib/llvm-{V}/lib/libMLIRIR.a"),
    package("mlir-{V}-tools", "/usr/lib/llvm-{V}/bin/mlir-tblgen"),
    package("llvm-{V}-dev", "/usr/lib/llvm-{V}/lib/libLLVMCore.a"),
    package("llvm-{V}", "/usr/lib/llvm-{V}/bin/llvm-objcopy"),
    package("llvm-{V}-tools", "/usr/lib/llvm-{V}/bin/FileCheck"),
    // LLVM's list of libraries names Polly, which lies in a package of its own.
    package("libpolly-{V}-dev", "/usr/lib/llvm-{V}/lib/libPolly.a"),
    package("liblld-{V}-dev", "/usr/lib/llvm-{V}/lib/liblldELF.a"),
    package("lld-{V}", "/usr/lib/llvm-{V}/bin/ld.lld"),
    // clang compiles our C++; bindgen reads MLIR's headers through libclang.
    package("clang-{V}", "/usr/lib/llvm-{V}/bin/clang++"),
    package("libclang1-{V}", "/usr/lib/{A}-linux-gnu/libclang-{V}.so.{V}"),
    // What LLVM's libraries link with, beyond what its packages bring.
    package("libzstd-dev", "/usr/include/zstd.h"),
    package("zlib1g-dev", "/usr/include/zlib.h"),
    package("libxml2-dev", "/usr/include/libxml2/libxml/parser.h"),
    package("libz3-dev", "/usr/include/z3.h"),
    // The C library that programs are linked with.
    package("musl-dev", "/usr/lib/{A}-linux-musl/libc.a"),
    // The lints look at what is in the repository.
    package("git", "/usr/bin/git"),
    // Tests of debug information and of memory use.
    package("gdb", "/usr/bin/gdb"),
    package("valgrind", "/usr/bin/valgrind"),
];

/// Installs what is missing.
pub(crate) fn setup() -> Result<(), Failure> {
    let version = llvm_version()?;
    let architecture = std::env::consts::ARCH;
    let filled = |text: &str| text.replace("{V}", &version).replace("{A}", architecture);
    let missing: Vec<String> =
        PACKAGES.iter().filter(|p| !Path::new(&filled(p.probe)).exists()).map(|p| filled(p.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("xtask: installing {}", missing.join(" "));
    if !on_path("apt-get") {
        return Err(Failure::new(format!(
            "this system has no apt-get. Mochi is developed on Debian 12; elsewhere, install what these packages \
             hold: {}. LLVM and MLIR must be version {version}; if they are not in /usr/lib/llvm-{version}, set \
             MLIR_SYS_{version}0_PREFIX to where they are.",
            missing.join(" ")
        )));
    }
    apt_get(&["update", "-qq"])?;
    if !available(&format!("libmlir-{version}-dev")) {
        add_security_suite()?;
        apt_get(&["update", "-qq"])?;
    }
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(missing.iter().map(String::as_str));
    apt_get(&arguments)?;
    let still: Vec<String> =
        PACKAGES.iter().map(|p| filled(p.probe)).filter(|probe| !Path::new(probe).exists()).collect();
    if still.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("apt-get succeeded, yet these files are missing: {}", still.join(" "))))
    }
}

/// Runs apt-get, as the user we are or through sudo.
fn apt_get(arguments: &[&str]) -> Result<(), Failure> {
    let mut command = as_root("apt-get")?;
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    run(&mut command)
}

/// A command with root's rights.
fn as_root(program: &str) -> Result<Command, Failure> {
    if output(Command::new("id").arg("-u"))?.trim() == "0" {
        return Ok(Command::new(program));
    }
    if !on_path("sudo") {
        return Err(Failure::new(
            "packages are missing and this user may not install any: run `cargo xtask setup` as root once",
        ));
    }
    let mut command = Command::new("sudo");
    command.arg("--preserve-env=DEBIAN_FRONTEND").arg(program);
    Ok(command)
}

fn available(package: &str) -> bool {
    output(Command::new("apt-cache").args(["show", "--no-all-versions", package])).is_ok_and(|text| !text.is_empty())
}

const SECURITY_LIST: &str = "/etc/apt/sources.list.d/debian-security-mochi.list";

/// LLVM of this version comes with Debian 12's security updates, and a bare debootstrap does not list them.
fn add_security_suite() -> Result<(), Failure> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).unwrap_or_default();
    if codename != "bookworm" {
        return Err(Failure::new(format!(
            "this system ({}) does not offer LLVM {}: Mochi is developed on Debian 12 (bookworm)",
            release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).unwrap_or("unknown"),
            llvm_version()?
        )));
    }
    let mirror = debian_mirror().ok_or_else(|| {
        Failure::new(
            "no Debian mirror is listed in /etc/apt/sources.list; add one and Debian's security updates, then run this again",
        )
    })?;
    let line = format!("deb {mirror}-security bookworm-security main\n");
    eprintln!("xtask: adding Debian's security updates to apt's sources: {SECURITY_LIST}");
    let staged = std::env::temp_dir().join(format!("mochi-xtask-{}.list", std::process::id()));
    fs::write(&staged, line)?;
    let result = run(as_root("install")?.args(["-m", "644"]).arg(&staged).arg(SECURITY_LIST));
    let _ = fs::remove_file(&staged);
    result
}

/// The address of the first mirror whose path ends in `/debian`, without a trailing slash.
fn debian_mirror() -> Option<String> {
    let mut texts = vec![fs::read_to_string("/etc/apt/sources.list").unwrap_or_default()];
    for entry in fs::read_dir("/etc/apt/sources.list.d").ok().into_iter().flatten().flatten() {
        texts.push(fs::read_to_string(entry.path()).unwrap_or_default());
    }
    texts
        .iter()
        .flat_map(|text| text.lines())
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(|line| line.split_whitespace())
        .map(|word| word.trim_end_matches('/'))
        .find(|word| word.ends_with("/debian"))
        .map(str::to_owned)
}

/// Where the version is written.
pub(crate) const VERSION_FILE: &str = "cmake/LLVM_VERSION";

/// The version file's content.
pub(crate) fn read_version_file() -> Result<String, Failure> {
    let path = root().join(VERSION_FILE);
    fs::read_to_string(&path)
        .map(|text| text.trim().to_owned())
        .map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}
