//! The invariants of `docs/architecture.md`, checked: which crate may depend on which, and that the paths named in
//! the documentation exist.

use mochi_tests::{files, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// For each crate, the crates of ours that it may depend on. A new edge is a decision: it is made here and in
/// `docs/architecture.md`.
const EDGES: &[(&str, &[&str])] = &[
    ("mochi-dialects-sys", &[]),
    ("mochi-dialects", &["mochi-dialects-sys"]),
    ("mochi-diagnostics", &[]),
    ("mochi-syntax", &["mochi-diagnostics"]),
    ("mochi-sema", &["mochi-diagnostics", "mochi-syntax"]),
    ("mochi-emit", &["mochi-diagnostics", "mochi-dialects", "mochi-sema"]),
    ("mochi-passes", &["mochi-dialects"]),
    ("mochi-conversions", &["mochi-dialects", "mochi-passes", "mochi-runtime-abi"]),
    ("mochi-pipelines", &["mochi-conversions", "mochi-dialects", "mochi-passes"]),
    ("mochi-codegen", &["mochi-dialects"]),
    (
        "mochi-driver",
        &[
            "mochi-codegen",
            "mochi-diagnostics",
            "mochi-dialects",
            "mochi-emit",
            "mochi-pipelines",
            "mochi-sema",
            "mochi-syntax",
        ],
    ),
    ("mochi", &["mochi-driver"]),
    ("mochi-opt", &["mochi-dialects", "mochi-pipelines"]),
    ("mochi-runtime-abi", &[]),
    ("mochi-runtime-backtrace", &[]),
    ("mochi-runtime", &["mochi-runtime-abi", "mochi-runtime-backtrace"]),
    ("mochi-tests", &["mochi-diagnostics", "mochi-sema", "mochi-syntax"]),
    ("mochi-benches", &["mochi-diagnostics", "mochi-sema", "mochi-syntax"]),
    ("xtask", &[]),
];

/// Our dependencies of every crate, by the manifests; those for tests are free.
fn edges() -> BTreeMap<String, BTreeSet<String>> {
    let mut edges = BTreeMap::new();
    for manifest in files(&root(), "toml").into_iter().filter(|path| path.ends_with("Cargo.toml")) {
        let relative = manifest.strip_prefix(root()).expect("below the root").to_owned();
        if relative.starts_with("target") || relative.starts_with("tests/fuzz") {
            continue;
        }
        let text = fs::read_to_string(&manifest).expect("readable");
        let Some(name) = text.lines().find_map(|line| line.strip_prefix("name = \"")) else { continue };
        let mut inside = false;
        let mut found = BTreeSet::new();
        for line in text.lines() {
            if line.starts_with('[') {
                inside = line.trim() == "[dependencies]";
            } else if inside && let Some((dependency, _)) = line.split_once(['.', ' ', '=']) {
                found.insert(dependency.trim().to_owned());
            }
        }
        edges.insert(name.trim_end_matches('"').to_owned(), found);
    }
    edges
}

#[test]
fn crates_know_only_what_they_may() {
    let edges = edges();
    let known: BTreeSet<&str> = EDGES.iter().map(|(name, _)| *name).collect();
    for (name, dependencies) in &edges {
        let Some((_, allowed)) = EDGES.iter().find(|(crate_name, _)| crate_name == name) else {
            panic!("{name} is not in the table of edges");
        };
        for dependency in dependencies.iter().filter(|dependency| known.contains(dependency.as_str())) {
            assert!(allowed.contains(&dependency.as_str()), "{name} may not depend on {dependency}");
        }
    }
    for name in known {
        assert!(edges.contains_key(name), "{name} is in the table of edges, but there is no such crate");
    }
}

#[test]
fn the_runtime_knows_no_compiler_and_the_front_end_no_mlir() {
    let edges = edges();
    let reaches = |from: &str| {
        let mut seen = BTreeSet::new();
        let mut pending = vec![from.to_owned()];
        while let Some(name) = pending.pop() {
            for next in edges.get(&name).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    pending.push(next.clone());
                }
            }
        }
        seen
    };
    for front in ["mochi-syntax", "mochi-sema", "mochi-diagnostics", "mochi-runtime"] {
        let all = reaches(front);
        assert!(!all.contains("mlir-sys") && !all.contains("mochi-dialects"), "{front} reaches MLIR: {all:?}");
    }
}

/// Words in backquotes that look like a path of this repository: one of its folders, then a slash.
fn named_paths(text: &str) -> Vec<String> {
    const FOLDERS: [&str; 11] = [
        "dialects/",
        "compiler/",
        "runtime/",
        "tests/",
        "xtask/",
        "cmake/",
        "docs/",
        "examples/",
        "benches/",
        ".ci/",
        ".cargo/",
    ];
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| FOLDERS.iter().any(|folder| word.starts_with(folder)))
        .filter(|word| !word.contains(['<', '*', ' ', '{', '…', '\n', '$']) && !word.contains("NAME"))
        .map(|word| word.trim_end_matches('/').to_owned())
        .collect()
}

#[test]
fn paths_named_in_the_documentation_exist() {
    let mut pages = files(&root().join("docs"), "md");
    pages.push(root().join("README.md"));
    let mut missing = Vec::new();
    for page in pages {
        let Ok(text) = fs::read_to_string(&page) else { continue };
        for path in named_paths(&text) {
            if !root().join(&path).exists() {
                missing.push(format!("{}: {path}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "no such path:\n{}", missing.join("\n"));
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut missing = Vec::new();
    for page in files(&root().join("docs"), "md").into_iter().chain([root().join("README.md")]) {
        let Ok(text) = fs::read_to_string(&page) else { continue };
        let directory = page.parent().expect("a file has a directory").to_owned();
        for part in text.split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.contains(' ') {
                continue;
            }
            if !directory.join(target).exists() {
                missing.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "dead links:\n{}", missing.join("\n"));
}
