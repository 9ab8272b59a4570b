//! `mochi lint`: reports of errors, warnings and introduced `any`.

use super::{checking_options, finish, open};
use crate::arguments::{Common, Lint};
use crate::exit;
use mochi_driver::Warnings;

pub(crate) fn run(arguments: &Lint, common: &Common) -> i32 {
    let mut options = checking_options(common);
    if arguments.deny {
        options.warnings = Warnings::Deny;
    }
    let mut worst = exit::DONE;
    for file in &arguments.files {
        let status = match open(file, options.clone()) {
            Ok(mut session) => {
                let result = session.lint();
                finish(&session, &result)
            }
            Err(status) => status,
        };
        worst = worst.max(status);
    }
    worst
}
