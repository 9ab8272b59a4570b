//! Any text through MLIR's parser with our dialect, the verifiers and the printer: what is printed reads back as the same
//! module, and printing it again changes nothing.
#![no_main]

use mochi_dialects::ir::{Context, Module};

libfuzzer_sys::fuzz_target!(init: mochi_fuzz::grow_stack(), |data: &[u8]| {
    let text = mochi_fuzz::text(data);
    // Files in other formats than text: bytecode is upstream's reader, and included files are not ours to read.
    if text.contains("ML\u{fffd}R") || text.contains('\0') {
        return;
    }
    mochi_fuzz::run(|| round_trip(&text));
});

fn round_trip(text: &str) {
    let context = Context::new();
    let c = context.handle();
    let (module, reports) = c.collect_diagnostics(|| Module::parse(c, text).filter(Module::verify));
    let Some(module) = module else {
        assert!(!reports.is_empty(), "a module was refused without a reason");
        return;
    };
    let printed = module.to_string();
    let (again, reports) = c.collect_diagnostics(|| Module::parse(c, &printed).filter(Module::verify));
    let Some(again) = again else { panic!("what is printed does not read back: {reports:#?}\n{printed}") };
    assert_eq!(printed, again.to_string(), "printing is not stable");
}
