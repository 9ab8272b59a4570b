//! Every file under `tests/lit` is a test: its `// RUN:` lines say how it is run.
//!
//! `cargo test -p mochi-tests --test lit -- list` runs those whose path contains `list`.

use libtest_mimic::{Arguments, Trial};
use mochi_tests::lit::{self, Tools};
use std::{path::Path, sync::Arc};

fn main() {
    let directory = mochi_tests::root().join("tests/lit");
    let tools = Arc::new(Tools::find());
    let mut trials = Vec::new();
    for extension in ["mlir", "mochi"] {
        for file in mochi_tests::files(&directory, extension) {
            // Files that tests read, but that are none themselves.
            if file.components().any(|part| part.as_os_str() == "inputs") {
                continue;
            }
            let tools = Arc::clone(&tools);
            let name = file.strip_prefix(&directory).unwrap_or(Path::new("?")).display().to_string();
            trials.push(Trial::test(name, move || lit::run_file(&tools, &file).map_err(|e| e.to_string().into())));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}
