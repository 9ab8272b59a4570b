//! Any text through the checker: see `mochi_tests::invariants::checker`.
#![no_main]

libfuzzer_sys::fuzz_target!(init: mochi_fuzz::grow_stack(), |data: &[u8]| {
    let text = mochi_fuzz::text(data);
    mochi_fuzz::run(|| mochi_tests::invariants::checker(&text));
});
