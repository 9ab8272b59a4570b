//! `mochi check`: reports only.

use super::{checking_options, finish, open};
use crate::arguments::{Check, Common};
use crate::exit;

pub(crate) fn run(arguments: &Check, common: &Common) -> i32 {
    let mut worst = exit::DONE;
    for file in &arguments.files {
        let status = match open(file, checking_options(common)) {
            Ok(mut session) => {
                let result = session.check();
                finish(&session, &result)
            }
            Err(status) => status,
        };
        worst = worst.max(status);
    }
    worst
}
