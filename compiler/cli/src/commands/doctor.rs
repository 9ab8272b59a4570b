//! `mochi doctor`: what the compiler is made of, what it looked for, and what to do about what is missing.

use crate::exit;
use mochi_driver::doctor;

pub(crate) fn run() -> i32 {
    let findings = doctor();
    for finding in &findings {
        let mark = if finding.remedy.is_none() { "ok     " } else { "missing" };
        println!("{mark}  {:18} {}", finding.name, finding.found);
        if let Some(remedy) = &finding.remedy {
            println!("         {:18} next: {remedy}", "");
        }
    }
    if findings.iter().any(|finding| finding.required && finding.remedy.is_some()) {
        exit::INTERNAL
    } else {
        exit::DONE
    }
}
