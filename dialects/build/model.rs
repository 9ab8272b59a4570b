//! What the generator knows of an op, read from TableGen's JSON.

use serde_json::Value;
use std::collections::HashSet;

/// How an attribute looks in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttrKind {
    Str,
    Symbol,
    Unit,
    Int,
    Bool,
    Type,
    DenseI64,
    StrArray,
    TypeArray,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    One,
    Optional,
    Variadic,
}

#[derive(Debug)]
pub enum Argument {
    Operand {
        name: String,
        arity: Arity,
    },
    /// `default` is the C++ text of a default value, `optional` an attribute that may be absent.
    Attr {
        name: String,
        kind: AttrKind,
        optional: bool,
        default: Option<String>,
    },
}

#[derive(Debug)]
pub struct Results {
    pub name: String,
    pub arity: Arity,
}

#[derive(Debug)]
pub struct RegionSlot {
    pub name: String,
    pub variadic: bool,
}

#[derive(Debug)]
pub struct OpModel {
    /// `mochi.list.get`
    pub full_name: String,
    /// `ListGet`
    pub type_name: String,
    /// `list_get`
    pub fn_name: String,
    pub summary: String,
    pub arguments: Vec<Argument>,
    pub results: Vec<Results>,
    pub regions: Vec<RegionSlot>,
    pub infers: bool,
    pub segments: bool,
    pub same_variadic_size: bool,
    pub consumed: Vec<i64>,
    pub ownership: String,
    pub may_fail: bool,
}

/// All ops of the dialect, in the order of their names.
pub fn read(json: &Value) -> Vec<OpModel> {
    let mut ops: Vec<OpModel> = json["!instanceof"]["Op"]
        .as_array()
        .expect("TableGen lists instances of Op")
        .iter()
        .filter_map(Value::as_str)
        .filter(|record| record.starts_with("Mochi_"))
        .map(|record| read_op(json, record))
        .collect();
    ops.sort_by(|a, b| a.full_name.cmp(&b.full_name));
    ops
}

fn read_op(json: &Value, record: &str) -> OpModel {
    let op = &json[record];
    let mnemonic = op["opName"].as_str().expect("an op has a name");
    let type_name = record.trim_start_matches("Mochi_").trim_end_matches("Op").to_owned();
    let results: Vec<Results> =
        dag(op, "results").map(|(def, name)| Results { name, arity: arity(json, def) }).collect();
    OpModel {
        full_name: format!("mochi.{mnemonic}"),
        type_name,
        fn_name: rust_name(&mnemonic.replace('.', "_")),
        summary: op["summary"].as_str().unwrap_or_default().to_owned(),
        arguments: dag(op, "arguments").map(|(def, name)| argument(json, def, name)).collect(),
        infers: infers(json, op, &results),
        results,
        regions: dag(op, "regions")
            .map(|(def, name)| RegionSlot { name: snake(&name), variadic: is_a(json, def, "VariadicRegion") })
            .collect(),
        segments: has_trait(op, "AttrSizedOperandSegments"),
        same_variadic_size: has_trait(op, "SameVariadicOperandSize"),
        consumed: op["consumedOperands"]
            .as_array()
            .map(|a| a.iter().filter_map(Value::as_i64).collect())
            .unwrap_or_default(),
        ownership: op["resultOwnership"].as_str().unwrap_or("none").to_owned(),
        may_fail: op["mayFail"].as_i64() == Some(1),
    }
}

/// The `(def, name)` pairs of a dag field.
fn dag<'a>(op: &'a Value, field: &str) -> impl Iterator<Item = (&'a str, String)> {
    op[field]["args"].as_array().into_iter().flatten().map(|pair| {
        let def = pair[0]["def"].as_str().expect("a dag argument names a record");
        (def, pair[1].as_str().unwrap_or_default().to_owned())
    })
}

fn is_a(json: &Value, def: &str, class: &str) -> bool {
    json[def]["!superclasses"].as_array().is_some_and(|a| a.iter().any(|c| c == class))
}

/// Follows the decorators of operands and results (`Arg`, `Res`) to the constraint inside.
fn constraint<'a>(json: &'a Value, def: &'a str) -> &'a str {
    if is_a(json, def, "OpVariable") {
        return json[def]["constraint"]["def"].as_str().unwrap_or(def);
    }
    def
}

fn arity(json: &Value, def: &str) -> Arity {
    let def = constraint(json, def);
    if is_a(json, def, "Variadic") {
        Arity::Variadic
    } else if is_a(json, def, "Optional") {
        Arity::Optional
    } else {
        Arity::One
    }
}

fn argument(json: &Value, def: &str, name: String) -> Argument {
    let inner = constraint(json, def);
    if !is_a(json, inner, "AttrConstraint") {
        return Argument::Operand { name, arity: arity(json, def) };
    }
    let record = &json[inner];
    let text = |field: &str| record[field].as_str().filter(|s| !s.is_empty()).map(str::to_owned);
    if is_a(json, inner, "DefaultValuedAttr") || is_a(json, inner, "OptionalAttr") {
        let base = record["baseAttr"]["def"].as_str().unwrap_or(inner);
        return Argument::Attr {
            name,
            kind: attr_kind(json, base),
            optional: is_a(json, inner, "OptionalAttr"),
            default: text("defaultValue"),
        };
    }
    Argument::Attr { name, kind: attr_kind(json, inner), optional: false, default: None }
}

fn attr_kind(json: &Value, def: &str) -> AttrKind {
    match def {
        "UnitAttr" => return AttrKind::Unit,
        "FlatSymbolRefAttr" | "SymbolRefAttr" => return AttrKind::Symbol,
        "BoolAttr" => return AttrKind::Bool,
        "DenseI64ArrayAttr" => return AttrKind::DenseI64,
        "StrArrayAttr" => return AttrKind::StrArray,
        "TypeArrayAttr" => return AttrKind::TypeArray,
        "I64Attr" => return AttrKind::Int,
        _ => {}
    }
    if is_a(json, def, "StringBasedAttr") {
        AttrKind::Str
    } else if is_a(json, def, "TypeAttrBase") {
        AttrKind::Type
    } else {
        AttrKind::Other
    }
}

fn has_trait(op: &Value, name: &str) -> bool {
    traits(op).any(|t| t == name)
}

fn traits(op: &Value) -> impl Iterator<Item = &str> {
    op["traits"].as_array().into_iter().flatten().filter_map(|t| t["def"].as_str())
}

/// Whether ODS gives the op result type inference: each result has a buildable type, or follows from
/// operands by `AllTypesMatch` or `TypesMatchWith`, or the op says so itself.
fn infers(json: &Value, op: &Value, results: &[Results]) -> bool {
    if results.is_empty() || results.iter().any(|r| r.arity != Arity::One) {
        return false;
    }
    let declared = traits(op).any(|t| {
        t == "SameOperandsAndResultType" || json[t]["cppInterfaceName"].as_str() == Some("InferTypeOpInterface")
    });
    if declared {
        return true;
    }
    let mut known: HashSet<String> = dag(op, "arguments").map(|(_, name)| name).collect();
    for (def, name) in dag(op, "results") {
        let buildable = json[constraint(json, def)]["builderCall"].as_str().is_some_and(|s| !s.is_empty());
        if buildable {
            known.insert(name);
        }
    }
    loop {
        let before = known.len();
        for t in traits(op) {
            let record = &json[t];
            if is_a(json, t, "AllTypesMatch") {
                let names: Vec<&str> =
                    record["values"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                if names.iter().any(|n| known.contains(*n)) {
                    known.extend(names.into_iter().map(str::to_owned));
                }
            } else if is_a(json, t, "TypesMatchWith")
                && let (Some(lhs), Some(rhs)) = (record["lhs"].as_str(), record["rhs"].as_str())
                && known.contains(lhs)
            {
                known.insert(rhs.to_owned());
            }
        }
        if known.len() == before {
            return results.iter().all(|r| known.contains(&r.name));
        }
    }
}

/// Snake case of an ODS name.
pub fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    rust_name(out.trim_start_matches('_'))
}

/// Adds an underscore to names that Rust keeps for itself.
fn rust_name(name: &str) -> String {
    const RESERVED: &[&str] = &[
        "if", "while", "for", "break", "continue", "return", "yield", "type", "match", "loop", "fn", "ref", "move",
        "static", "in", "let", "mut", "struct", "enum", "self", "super", "box", "op", "loc",
    ];
    if RESERVED.contains(&name) { format!("{name}_") } else { name.to_owned() }
}
