//! What the conversion takes for granted about the runtime's table.

use mochi_runtime_abi::{DESCRIPTORS, symbols::symbol};

/// The sources of the patterns, which name runtime symbols as text.
const SOURCES: &[&str] = &[
    include_str!("any.rs"),
    include_str!("control.rs"),
    include_str!("counts.rs"),
    include_str!("data.rs"),
    include_str!("describe.rs"),
    include_str!("destroy.rs"),
    include_str!("finish.rs"),
    include_str!("functions.rs"),
    include_str!("generic.rs"),
    include_str!("lists.rs"),
    include_str!("maps.rs"),
    include_str!("numbers.rs"),
    include_str!("strings.rs"),
];

#[test]
fn every_named_symbol_is_in_the_runtimes_table() {
    let mut seen = 0;
    for source in SOURCES {
        for name in source.split('"').filter(|text| text.starts_with("mochi_rt_")) {
            assert!(symbol(name).is_some() || DESCRIPTORS.contains(&name), "{name}");
            seen += 1;
        }
    }
    assert!(seen > 50, "the sources name {seen} symbols");
}

/// Each op of the dialect that may be left for this conversion has exactly one pattern.
#[test]
fn every_op_has_a_pattern() {
    const STRUCTURED: &[&str] = &[
        "mochi.if",
        "mochi.switch",
        "mochi.while",
        "mochi.for",
        "mochi.condition",
        "mochi.yield",
        "mochi.break",
        "mochi.continue",
        "mochi.return",
    ];
    let names: Vec<&str> = super::FAMILIES.iter().copied().flatten().map(|(name, _)| *name).collect();
    for info in mochi_dialects::mochi::OP_INFO {
        let count = names.iter().filter(|name| **name == info.name).count();
        let expected = usize::from(!STRUCTURED.contains(&info.name));
        assert_eq!(count, expected, "{}", info.name);
    }
}
