//! The definition file that the documentation is made from says what the passes say of themselves.

use mochi_conversions::{ConvertMochiToAffine, ConvertMochiToCf, ConvertMochiToScf, mochi_to_llvm};
use mochi_dialects::pass::Pass;
use mochi_passes::mochi as passes;

const DEFINITIONS: &str = include_str!("../../passes/MochiPasses.td");

#[test]
fn definitions_match_passes() {
    let all: [&dyn Pass; 12] = [
        &passes::raise_while_loops::RaiseWhileLoops,
        &passes::insert_reference_counts::InsertReferenceCounts,
        &passes::elide_reference_counts::ElideReferenceCounts,
        &passes::certify_reference_counts::CertifyReferenceCounts,
        &passes::expose_checks::ExposeChecks,
        &passes::hoist_checks::HoistChecks,
        &passes::defer_overflow_checks::DeferOverflowChecks,
        &passes::split_long_blocks::SplitLongBlocks,
        &ConvertMochiToAffine,
        &ConvertMochiToScf,
        &ConvertMochiToCf,
        &mochi_to_llvm::ConvertMochiToLlvm,
    ];
    for pass in all {
        let definition = format!("def {} : Pass<\"{}\"", pass.name(), pass.argument());
        let start = DEFINITIONS.find(&definition);
        assert!(start.is_some(), "no `{definition}`");
        let text = &DEFINITIONS[start.unwrap_or(0)..];
        let text = &text[..text.find("\n}").unwrap_or(text.len())];
        let summary = format!("let summary = \"{}\";", pass.description());
        assert!(text.contains(&summary), "{}: no `{summary}`", pass.argument());
        for option in pass.options() {
            assert!(text.contains(&format!("\"{}\"", option.name)), "{}: {}", pass.argument(), option.name);
            assert!(text.contains(option.description), "{}: {}", pass.argument(), option.name);
        }
    }
    assert_eq!(DEFINITIONS.matches(" : Pass<").count(), all.len());
}
