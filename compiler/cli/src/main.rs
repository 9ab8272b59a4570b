//! `mochi`: arguments and exit statuses only; the work is in `mochi-driver`.

mod arguments;
mod commands;
mod exit;

use arguments::{Arguments, Command};
use clap::Parser as _;

fn main() {
    let arguments = Arguments::parse();
    start_tracing();
    let common = arguments.common();
    let status = match arguments.command {
        Command::Build(build) => commands::build::run(&build, &common),
        Command::Run(run) => commands::run::run(&run, &common),
        Command::Test(test) => commands::test::run(&test, &common),
        Command::Check(check) => commands::check::run(&check, &common),
        Command::Explain(explain) => commands::explain::run(&explain),
        Command::Doctor => commands::doctor::run(),
    };
    exit::now(status)
}

/// `MOCHI_LOG=debug mochi …` shows what the compiler does, on standard error.
fn start_tracing() {
    let Ok(wanted) = std::env::var("MOCHI_LOG") else { return };
    let level = wanted.parse().unwrap_or(tracing_subscriber::filter::LevelFilter::DEBUG);
    tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).without_time().init();
}
