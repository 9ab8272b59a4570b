//! Every pass of the table exists, and its options are spelt as the pass has them.

use mochi_dialects::ir::Context;
use mochi_dialects::pass::PassManager;
use mochi_pipelines::{Phase, PipelineOptions, STEPS, pipeline_text, register_all};

#[test]
fn every_step_is_registered() {
    register_all();
    let context = Context::new();
    for step in STEPS {
        let parsed = PassManager::parse(&context, step.pass);
        assert!(parsed.is_ok(), "{}: {:?}", step.pass, parsed.err());
    }
}

#[test]
fn the_text_survives_a_round_trip() {
    register_all();
    let context = Context::new();
    let text = pipeline_text(PipelineOptions { optimize: true }, Phase::Exe);
    let manager = PassManager::parse(&context, &text).expect("parses");
    let printed = manager.pipeline();
    let again = PassManager::parse(&context, &printed).expect("what MLIR prints parses");
    assert_eq!(again.pipeline(), printed);
}
