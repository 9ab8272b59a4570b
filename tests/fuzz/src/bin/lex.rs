//! Any text through the lexer: see `mochi_tests::invariants::lexer`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: mochi_fuzz::grow_stack(), |data: &[u8]| {
    let text = mochi_fuzz::text(data);
    mochi_fuzz::run(|| mochi_tests::invariants::lexer(&text));
});
