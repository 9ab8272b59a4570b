//! The functions in the sources against the table the compiler reads: same names, same parameters, same results.

use mochi_runtime_abi::{AbiType, DESCRIPTORS, SYMBOLS, Scalar, Symbol};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// All sources below a directory, joined.
fn sources(directory: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(directory).expect("readable source directory") {
        let path = entry.expect("directory entry").path();
        if path.is_dir() {
            text += &sources(&path);
        } else {
            text += &fs::read_to_string(&path).expect("readable source");
        }
    }
    text
}

fn scalar(rust: &str) -> Scalar {
    match rust.trim() {
        "i64" | "u64" => Scalar::I64,
        "f64" => Scalar::F64,
        "bool" => Scalar::I1,
        text if text.starts_with('*') || matches!(text, "Desc" | "Word") || text.contains("fn(") => Scalar::Ptr,
        text => panic!("unexpected type `{text}` at the boundary"),
    }
}

type Signature = (Vec<Scalar>, Option<Scalar>);

/// Signature that starts at the opening parenthesis.
fn signature(text: &str) -> Signature {
    let mut depth = 0;
    let end = text
        .char_indices()
        .find(|(_, char)| {
            depth += i32::from(*char == '(') - i32::from(*char == ')');
            depth == 0
        })
        .expect("closing parenthesis")
        .0;
    let params = text[1..end]
        .split(',')
        .filter(|param| !param.trim().is_empty())
        .map(|param| scalar(param.split_once(':').expect("typed parameter").1))
        .collect();
    let rest = &text[end + 1..text.find('{').expect("body")];
    let result = rest.trim().strip_prefix("->").map(str::trim).filter(|text| *text != "!").map(scalar);
    (params, result)
}

/// Every exported function with its signature.
fn exports() -> BTreeMap<String, Signature> {
    let text = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let marker = "extern \"C\" fn ";
    let mut found = BTreeMap::new();
    for (start, _) in text.match_indices(marker) {
        let rest = &text[start + marker.len()..];
        let Some(open) = rest.find('(') else { continue };
        let name = &rest[..open];
        if name.starts_with("mochi_rt_") {
            found.insert(name.to_string(), signature(&rest[open..]));
        }
    }
    // Operators that share a definition: their names are listed at the head of the lines of an `operators!` block.
    for (start, _) in text.match_indices("operators! {\n") {
        let Some(end) = text[start..].find("\n}\n") else { continue };
        let definition = text[..start].rfind("macro_rules! operators").expect("the macro stands before its use");
        let shapes: Vec<Signature> = text[definition..start]
            .match_indices(marker)
            .filter_map(|(at, _)| {
                let rest = &text[definition + at + marker.len()..];
                rest.starts_with('$').then(|| signature(&rest[rest.find('(').expect("parameters")..]))
            })
            .collect();
        for line in text[start..start + end].lines().skip(1) {
            let names = line.split_whitespace().filter(|word| word.starts_with("mochi_rt_"));
            for (name, shape) in names.zip(&shapes) {
                found.insert(name.to_string(), shape.clone());
            }
        }
    }
    found
}

fn expected(symbol: &Symbol) -> Signature {
    (symbol.params.iter().flat_map(|param| param.params().iter().copied()).collect(), symbol.result.result())
}

#[test]
fn table_and_sources_agree() {
    let mut exports = exports();
    let mut problems = Vec::new();
    for symbol in SYMBOLS {
        assert!(!matches!(symbol.result, AbiType::Any | AbiType::Out | AbiType::Slot), "{}", symbol.name);
        match exports.remove(symbol.name) {
            None => problems.push(format!("{} is not defined", symbol.name)),
            Some(found) if found != expected(symbol) => {
                problems.push(format!("{}: table {:?}, source {found:?}", symbol.name, expected(symbol)));
            }
            Some(_) => {}
        }
    }
    problems.extend(exports.keys().map(|name| format!("{name} is not in the table")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn descriptors_exist() {
    let text = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for name in DESCRIPTORS {
        assert!(text.contains(&format!("    {name} =")) || text.contains(&format!("static {name}:")), "{name}");
    }
}
