//! Writes the generated module.

use crate::model::{Argument, Arity, AttrKind, OpModel, snake};
use std::fmt::Write;

const HEADER: &str = "\
// Generated from dialects/mochi/*.td by dialects/build.rs; do not edit.
//
// Naming rule. `mochi.list.get`, TableGen record `Mochi_ListGetOp`, gives
//   * the builder `list_get(&builder, …) -> Op`. Names that Rust keeps get an underscore: `if_`, `while_`,
//     `for_`, `break_`, `continue_`, `return_`, `yield_`, and the arguments `type_`, `op_`, `loc_`.
//     Arguments, in the order of the definition: operands (`Value`, `Option<Value>` if optional, `&[Value]` if
//     variadic) and attributes (`&str` for strings and symbol names, `bool` for unit and bool, `i64`, `Type`, `&[i64]`,
//     `&[&str]`, `&[Type]`, otherwise `Attribute`; `Option<…>` where the attribute is optional or has a default);
//     then the number of regions where it varies; last the result types (`Type`, or `&[Type]` if variadic) unless the op
//     infers them. Regions are created empty: fill them through the returned op.
//   * the view `ListGet`, made by `ListGet::cast(op) -> Option<ListGet>`, with one accessor per operand, attribute,
//     result and region, and everything `Op` has through `Deref`.
//   * an entry in `OP_INFO`, found by `op_info(\"mochi.list.get\")`.

use crate::ir::{Attribute, Builder, Op, Region, Type, Value};

/// Who owns the results of an op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultOwnership {
    /// The results carry a count of their own.
    Owned,
    /// A result lives as long as the operand it was read from.
    Borrowed,
    /// The results have no count, or one that never matters.
    Scalar,
    /// There are no results.
    None,
}

/// What the dialect says about an op beyond MLIR's own traits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpInfo {
    pub name: &'static str,
    /// Indices of operands whose ownership moves into the op; `[-1]` means all.
    pub consumed: &'static [i32],
    pub result_ownership: ResultOwnership,
    /// Whether the op may end the program with a run-time error.
    pub may_fail: bool,
}

impl OpInfo {
    /// Whether operand `index` is consumed.
    pub fn consumes(&self, index: usize) -> bool {
        self.consumed.iter().any(|&c| c == -1 || usize::try_from(c) == Ok(index))
    }
}

/// The facts about a Mochi op, `None` for ops of other dialects.
pub fn op_info(name: &str) -> Option<&'static OpInfo> {
    OP_INFO.binary_search_by(|info| info.name.cmp(name)).ok().map(|i| &OP_INFO[i])
}
";

/// The whole module.
pub fn module(ops: &[OpModel]) -> String {
    let mut out = String::from(HEADER);
    table(&mut out, ops);
    for op in ops {
        builder(&mut out, op);
        view(&mut out, op);
    }
    out
}

fn table(out: &mut String, ops: &[OpModel]) {
    out.push_str("\n/// Every op of the dialect, sorted by name.\npub static OP_INFO: &[OpInfo] = &[\n");
    for op in ops {
        let ownership = match op.ownership.as_str() {
            "owned" => "Owned",
            "borrowed" => "Borrowed",
            "scalar" => "Scalar",
            "none" => "None",
            other => panic!("{}: unknown resultOwnership \"{other}\"", op.full_name),
        };
        line(
            out,
            &format!(
                "    OpInfo {{ name: {:?}, consumed: &{:?}, result_ownership: ResultOwnership::{ownership}, may_fail: {} }},",
                op.full_name, op.consumed, op.may_fail
            ),
        );
    }
    out.push_str("];\n\n/// Whether the op infers its result types, so that its builder asks for none.\n");
    out.push_str("pub static INFERRING_OPS: &[&str] = &[\n");
    for op in ops.iter().filter(|op| op.infers) {
        line(out, &format!("    {:?},", op.full_name));
    }
    out.push_str("];\n");
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("writing to a string cannot fail");
}

// --- builders ---------------------------------------------------------------------------------------

fn attr_param(kind: AttrKind) -> &'static str {
    match kind {
        AttrKind::Str | AttrKind::Symbol => "&str",
        AttrKind::Unit | AttrKind::Bool => "bool",
        AttrKind::Int => "i64",
        AttrKind::Type => "Type<'c>",
        AttrKind::DenseI64 => "&[i64]",
        AttrKind::StrArray => "&[&str]",
        AttrKind::TypeArray => "&[Type<'c>]",
        AttrKind::Other => "Attribute<'c>",
    }
}

fn attr_make(kind: AttrKind, value: &str) -> String {
    match kind {
        AttrKind::Str => format!("Attribute::string(b.ctx(), {value})"),
        AttrKind::Symbol => format!("Attribute::symbol(b.ctx(), {value})"),
        AttrKind::Unit => "Attribute::unit(b.ctx())".to_owned(),
        AttrKind::Bool => format!("Attribute::bool(b.ctx(), {value})"),
        AttrKind::Int => format!("Attribute::int(b.ctx(), {value})"),
        AttrKind::Type => format!("Attribute::type_attr({value})"),
        AttrKind::DenseI64 => format!("Attribute::dense_i64(b.ctx(), {value})"),
        AttrKind::StrArray => format!("Attribute::strings(b.ctx(), {value})"),
        AttrKind::TypeArray => format!("Attribute::types(b.ctx(), {value})"),
        AttrKind::Other => value.to_owned(),
    }
}

fn builder(out: &mut String, op: &OpModel) {
    let mut params = String::from("b: &Builder<'c>");
    let mut steps = Vec::new();
    let mut sizes = Vec::new();
    for argument in &op.arguments {
        match argument {
            Argument::Operand { name, arity } => {
                let name = snake(name);
                let (ty, step, size) = match arity {
                    Arity::One => ("Value<'c>", format!(".operand({name})"), "1".to_owned()),
                    Arity::Optional => (
                        "Option<Value<'c>>",
                        format!(".operands({name}.as_slice())"),
                        format!("{name}.is_some() as i32"),
                    ),
                    Arity::Variadic => ("&[Value<'c>]", format!(".operands({name})"), format!("{name}.len() as i32")),
                };
                params.push_str(&format!(", {name}: {ty}"));
                steps.push(step);
                sizes.push(size);
            }
            Argument::Attr { name, kind, optional, default } => {
                let arg = snake(name);
                if *kind == AttrKind::Unit {
                    params.push_str(&format!(", {arg}: bool"));
                    steps.push(format!(".flag({name:?}, {arg})"));
                } else if *optional || default.is_some() {
                    params.push_str(&format!(", {arg}: Option<{}>", attr_param(*kind)));
                    let make = attr_make(*kind, "v");
                    steps.push(format!(".opt_attr({name:?}, {arg}.map(|v| {make}))"));
                } else {
                    params.push_str(&format!(", {arg}: {}", attr_param(*kind)));
                    steps.push(format!(".attr({name:?}, {})", attr_make(*kind, &arg)));
                }
            }
        }
    }
    if op.segments {
        steps.push(format!(".attr(\"operandSegmentSizes\", Attribute::dense_i32(b.ctx(), &[{}]))", sizes.join(", ")));
    }
    for region in &op.regions {
        if region.variadic {
            params.push_str(&format!(", {}: usize", region.name));
            steps.push(format!(".regions({})", region.name));
        }
    }
    let fixed = op.regions.iter().filter(|r| !r.variadic).count();
    if fixed > 0 {
        steps.push(format!(".regions({fixed})"));
    }
    if op.infers {
        steps.push(".infer()".to_owned());
    } else {
        for result in &op.results {
            let name = format!("{}_type", snake(&result.name).trim_end_matches('_'));
            match result.arity {
                Arity::One => {
                    params.push_str(&format!(", {name}: Type<'c>"));
                    steps.push(format!(".result({name})"));
                }
                Arity::Optional | Arity::Variadic => {
                    params.push_str(&format!(", {name}s: &[Type<'c>]"));
                    steps.push(format!(".results({name}s)"));
                }
            }
        }
    }
    line(out, &format!("\n/// Builds `{}`: {}.", op.full_name, op.summary));
    // One argument per operand and attribute of the definition.
    line(out, "#[allow(clippy::too_many_arguments)]");
    line(out, &format!("pub fn {}<'c>({params}) -> Op<'c> {{", op.fn_name));
    line(out, &format!("    b.op({:?}){}.build()", op.full_name, steps.concat()));
    line(out, "}");
}

// --- views ------------------------------------------------------------------------------------------

fn view(out: &mut String, op: &OpModel) {
    let ty = &op.type_name;
    line(out, &format!("\n/// A `{}`: {}.", op.full_name, op.summary));
    line(out, "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]");
    line(out, &format!("pub struct {ty}<'c>(pub Op<'c>);"));
    line(out, &format!("\nimpl<'c> std::ops::Deref for {ty}<'c> {{"));
    line(out, "    type Target = Op<'c>;\n    fn deref(&self) -> &Op<'c> {\n        &self.0\n    }\n}");
    line(out, &format!("\nimpl<'c> {ty}<'c> {{"));
    line(out, "    /// The full op name.");
    line(out, &format!("    pub const NAME: &'static str = {:?};", op.full_name));
    line(out, &format!("\n    /// The view, if `op` is a `{}`.", op.full_name));
    line(out, "    pub fn cast(op: Op<'c>) -> Option<Self> {\n        op.is(Self::NAME).then_some(Self(op))\n    }");
    operand_accessors(out, op);
    for argument in &op.arguments {
        if let Argument::Attr { name, kind, optional, default } = argument {
            attr_accessor(out, name, *kind, *optional, default.as_deref());
        }
    }
    result_accessors(out, op);
    for (i, region) in op.regions.iter().enumerate() {
        let name = &region.name;
        line(out, "");
        if region.variadic {
            line(
                out,
                &format!(
                    "    pub fn {name}(self) -> Vec<Region<'c>> {{\n        self.0.regions().skip({i}).collect()\n    }}"
                ),
            );
        } else {
            line(out, &format!("    pub fn {name}(self) -> Region<'c> {{\n        self.0.region({i})\n    }}"));
        }
    }
    line(out, "}");
}

fn operand_accessors(out: &mut String, op: &OpModel) {
    let operands: Vec<(&str, Arity)> = op
        .arguments
        .iter()
        .filter_map(|a| match a {
            Argument::Operand { name, arity } => Some((name.as_str(), *arity)),
            Argument::Attr { .. } => None,
        })
        .collect();
    let variadic = operands.iter().filter(|(_, a)| *a != Arity::One).count();
    assert!(
        variadic <= 1 || op.same_variadic_size && variadic == operands.len(),
        "{}: teach the generator operand segments",
        op.full_name
    );
    let fixed = operands.len() - variadic;
    for (i, (name, arity)) in operands.iter().enumerate() {
        let name = snake(name);
        let after_variadic = operands[..i].iter().any(|(_, a)| *a != Arity::One);
        line(out, "");
        match arity {
            Arity::One if after_variadic => {
                let from_end = operands.len() - i;
                line(
                    out,
                    &format!(
                        "    pub fn {name}(self) -> Value<'c> {{\n        self.0.operand(self.0.operand_count() - {from_end})\n    }}"
                    ),
                );
            }
            Arity::One => {
                line(out, &format!("    pub fn {name}(self) -> Value<'c> {{\n        self.0.operand({i})\n    }}"))
            }
            Arity::Optional => line(
                out,
                &format!(
                    "    pub fn {name}(self) -> Option<Value<'c>> {{\n        (self.0.operand_count() > {fixed}).then(|| self.0.operand({i}))\n    }}"
                ),
            ),
            Arity::Variadic if op.same_variadic_size => line(
                out,
                &format!(
                    "    pub fn {name}(self) -> Vec<Value<'c>> {{\n        let n = self.0.operand_count() / {variadic};\n        self.0.operands().skip({i} * n).take(n).collect()\n    }}"
                ),
            ),
            Arity::Variadic => line(
                out,
                &format!(
                    "    pub fn {name}(self) -> Vec<Value<'c>> {{\n        let n = self.0.operand_count() - {fixed};\n        self.0.operands().skip({i}).take(n).collect()\n    }}"
                ),
            ),
        }
    }
}

fn attr_accessor(out: &mut String, name: &str, kind: AttrKind, optional: bool, default: Option<&str>) {
    let method = snake(name);
    let get = format!("self.0.attr({name:?})");
    let required = format!("{get}.expect(\"verified: {name}\")");
    let (ty, some) = match kind {
        AttrKind::Unit => {
            line(out, &format!("\n    pub fn {method}(self) -> bool {{\n        self.0.has_attr({name:?})\n    }}"));
            return;
        }
        AttrKind::Str => ("&'c str", "as_str().unwrap_or_default()"),
        AttrKind::Symbol => ("&'c str", "as_symbol().unwrap_or_default()"),
        AttrKind::Bool => ("bool", "as_bool().unwrap_or_default()"),
        AttrKind::Int => ("i64", "as_int().unwrap_or_default()"),
        AttrKind::Type => ("Type<'c>", "as_type().expect(\"verified\")"),
        AttrKind::DenseI64 => ("Vec<i64>", "as_dense_i64().unwrap_or_default()"),
        AttrKind::StrArray => {
            ("Vec<&'c str>", "as_array().unwrap_or_default().into_iter().filter_map(Attribute::as_str).collect()")
        }
        AttrKind::TypeArray => {
            ("Vec<Type<'c>>", "as_array().unwrap_or_default().into_iter().filter_map(Attribute::as_type).collect()")
        }
        AttrKind::Other => ("Attribute<'c>", ""),
    };
    let tail = if some.is_empty() { String::new() } else { format!(".{some}") };
    line(out, "");
    if let Some(default) = default {
        line(
            out,
            &format!("    pub fn {method}(self) -> {ty} {{\n        {get}.map_or({default}, |a| a{tail})\n    }}"),
        );
    } else if optional {
        line(out, &format!("    pub fn {method}(self) -> Option<{ty}> {{\n        {get}.map(|a| a{tail})\n    }}"));
    } else {
        line(out, &format!("    pub fn {method}(self) -> {ty} {{\n        {required}{tail}\n    }}"));
    }
}

fn result_accessors(out: &mut String, op: &OpModel) {
    for (i, result) in op.results.iter().enumerate() {
        // `result(i)` and `results()` of `Op` would be hidden by accessors of these names, to which they are
        // equal except for the type.
        let name = snake(&result.name);
        line(out, "");
        match result.arity {
            Arity::One => {
                line(out, &format!("    pub fn {name}(self) -> Value<'c> {{\n        self.0.result({i})\n    }}"))
            }
            Arity::Optional | Arity::Variadic => line(
                out,
                &format!(
                    "    pub fn {name}(self) -> Vec<Value<'c>> {{\n        self.0.results().skip({i}).collect()\n    }}"
                ),
            ),
        }
    }
}
