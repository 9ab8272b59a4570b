//! Any text through the parser: see `mochi_tests::invariants::parser`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: mochi_fuzz::grow_stack(), |data: &[u8]| {
    let text = mochi_fuzz::text(data);
    mochi_fuzz::run(|| mochi_tests::invariants::parser(&text));
});
