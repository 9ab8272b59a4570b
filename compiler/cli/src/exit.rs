//! The exit statuses, all of them.
//!
//! | status | meaning |
//! |-------:|---------|
//! | 0 | done |
//! | 1 | the program has errors, its tests failed, or it stopped with a run-time error |
//! | 2 | the command line is wrong |
//! | 3, 4, 86 | of a program run by `mochi run`: stack exhausted, out of memory, leak found |
//! | 70 | a bug in the compiler, or a part of the system is missing |

use std::io::Write as _;

pub(crate) const DONE: i32 = 0;
pub(crate) const FAILED: i32 = 1;
pub(crate) const USAGE: i32 = 2;
pub(crate) const INTERNAL: i32 = 70;

/// Flushes and ends the process without tearing the compiler's data structures down: the system does that faster.
pub(crate) fn now(status: i32) -> ! {
    let _ = std::io::stdout().flush();
    mochi_driver::exit_now(status)
}
