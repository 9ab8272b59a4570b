//! Any bytes through the lexer, the parser and the report renderers.
//! Run with `cargo +nightly fuzz run parse` in `tests/fuzz`; put programs into `corpus/parse` first.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mochi_diagnostics::{ErrorFormat, RenderOptions, Report, render_all};
use mochi_syntax::{ParseOptions, SourceFile, parse};

fuzz_target!(|data: &[u8]| {
    let file = SourceFile::new("fuzz.mochi", String::from_utf8_lossy(data));
    for options in [ParseOptions::STRICT, ParseOptions::PERMISSIVE] {
        let parsed = parse(&file, &options);
        let reports: Vec<_> = parsed.diagnostics.iter().map(|diagnostic| Report { file: &file, diagnostic }).collect();
        for report in &reports {
            assert!(report.diagnostic.span.end as usize <= file.text().len());
        }
        for format in [ErrorFormat::Text, ErrorFormat::Short, ErrorFormat::Json] {
            render_all(&reports, &RenderOptions { format, ..RenderOptions::default() });
        }
    }
});
