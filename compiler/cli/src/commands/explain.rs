//! `mochi explain`: the long form of an error code.

use crate::arguments::Explain;
use crate::exit;
use mochi_driver::{codes, explain};

pub(crate) fn run(arguments: &Explain) -> i32 {
    let Some(code) = &arguments.code else {
        for info in codes() {
            println!("{}  {:32} {}", info.code, info.id, info.title);
        }
        return exit::DONE;
    };
    match explain(code) {
        Some(text) => {
            println!("{}", text.trim_end());
            exit::DONE
        }
        None => {
            eprintln!("mochi: unknown code `{code}`; `mochi explain` lists all");
            exit::USAGE
        }
    }
}
