//! `mochi run`: compile in memory, run in this process.

use super::{finish, open, options, show_timings};
use crate::arguments::{Common, Run};
use crate::exit;
use mochi_driver::{Error, Options, Phase, Session};
use std::io::Write as _;

pub(crate) fn run(arguments: &Run, common: &Common) -> i32 {
    let options = Options { opt: arguments.opt, only_test: arguments.only_test, ..options(&arguments.code, common) };
    let mut session = match (&arguments.file, &arguments.code_text) {
        (_, Some(code)) => Session::from_code(code, options),
        (Some(file), None) => match open(file, options) {
            Ok(session) => session,
            Err(status) => return status,
        },
        (None, None) => return exit::USAGE,
    };
    if arguments.ast {
        let result = print_tree(&mut session);
        return finish(&session, &result);
    }
    let program = session.prepare_run();
    // Before the program starts: its output follows, and it may end this process.
    let status = finish(&session, &program);
    let Ok(program) = program else { return status };
    show_timings(&session, arguments.code.timings.as_deref());
    match program.run() {
        Ok(status) => status,
        Err(error) => {
            eprintln!("mochi: {error}");
            exit::INTERNAL
        }
    }
}

fn print_tree(session: &mut Session) -> Result<(), Error> {
    let tree = session.emit(Phase::Ast)?;
    std::io::stdout()
        .write_all(&tree)
        .map_err(|source| Error::Io { action: "writing to standard output".to_owned(), source })
}
