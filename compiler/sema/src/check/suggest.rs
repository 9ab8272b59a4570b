//! What probably was meant: similar names, names from other languages, casts and declarations that would do.

use mochi_diagnostics::Diagnostic;
use mochi_syntax::ast::{Expr, ExprKind};
use mochi_syntax::{Span, Symbol};

use super::Checker;
use super::types::Ty;

pub(super) fn suggest(finding: &mut Diagnostic, span: Span, similar: Option<&'static str>) {
    if let Some(similar) = similar {
        *finding = finding.clone().with_fix(span, similar, format!("use `{similar}`"));
        finding.help.push(format!("Did you mean `{similar}`?"));
    }
}

/// The candidate that differs in so few letters that a slip is likely.
pub(super) fn closest(name: &str, candidates: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let allowed = match name.chars().count() {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    candidates
        .filter(|candidate| *candidate != name && candidate.len().abs_diff(name.len()) <= allowed)
        .filter_map(|candidate| Some((distance(name, candidate, allowed)?, candidate)))
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// Edit distance without case, when at most `limit`; two neighbours that changed places count as one edit.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut before = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (row[j] + usize::from(x != y)).min(next[j] + 1).min(row[j + 1] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && *x == b[j - 1] {
                cost = cost.min(before[j - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
        if row.iter().chain(&before).all(|cost| *cost > limit) {
            return None;
        }
    }
    row.last().copied().filter(|cost| *cost <= limit)
}

/// Names of constants in other languages.
pub(super) fn foreign_value(name: &str) -> Option<&'static str> {
    Some(match name {
        "null" | "nil" | "None" | "NULL" | "Null" | "undefined" | "nothing" => "none",
        "True" | "TRUE" => "true",
        "False" | "FALSE" => "false",
        _ => return None,
    })
}

/// Names of functions in other languages.
pub(super) fn foreign_function(name: &str) -> Option<&'static str> {
    Some(match name {
        "println" | "printf" | "puts" | "echo" => "print",
        "length" | "size" | "sizeof" => "len",
        "string" | "toString" | "to_string" => "str",
        "toUpperCase" | "toUpper" => "upper",
        "toLowerCase" | "toLower" => "lower",
        _ => return None,
    })
}

/// Names of types in other languages.
pub(super) fn foreign_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "integer" | "Integer" | "i32" | "i64" | "int32" | "long" | "number" => "int",
        "double" | "f32" | "f64" | "float32" | "float64" | "real" => "float",
        "str" | "text" | "char" => "string",
        "boolean" | "Boolean" => "bool",
        "void" | "nil" => "unit",
        "object" | "dynamic" => "any",
        _ => return None,
    })
}

impl Checker<'_> {
    /// The `let` in front of a declared name.
    pub(super) fn let_before(&self, declared: Span) -> Option<Span> {
        let before = self.source.text().get(..declared.start as usize)?.trim_end();
        let start = before.strip_suffix("let")?;
        let apart = !start.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        apart.then(|| Span::new(start.len() as u32, before.len() as u32))
    }

    /// Where the name of a field is written: at an offset, or behind the next `.` in front of it on the line.
    pub(super) fn name_after(&self, offset: u32, name: Symbol) -> Option<Span> {
        let rest = self.source.text().get(offset as usize..)?;
        let line = rest.lines().next()?;
        let behind_dot = || line.find(&format!(".{name}")).map(|dot| dot + 1);
        let at = if line.starts_with(name.as_str()) { Some(0) } else { behind_dot() }?;
        let start = offset + at as u32;
        Some(Span::new(start, start + name.as_str().len() as u32))
    }

    /// What makes a value of one type one of another, where something short does.
    pub(super) fn suggest_conversion(&mut self, value: &Expr, expected: Ty, actual: Ty) {
        let text = self.text(value.span).to_owned();
        let replacement = if expected.is_numeric() && actual.is_numeric() && self.types.castable(actual, expected) {
            let target = self.show(expected);
            if binds_tightly(value) { format!("{text} as {target}") } else { format!("({text}) as {target}") }
        } else if expected == Ty::STRING && actual.is_numeric() {
            format!("str({text})")
        } else {
            return;
        };
        if let Some(finding) = self.findings.last_mut().filter(|finding| finding.span == value.span && !self.muted) {
            let description = format!("convert the value: `{replacement}`");
            *finding = finding.clone().with_fix(value.span, replacement, description);
        }
    }
}

/// `as` behind the expression applies to all of it.
fn binds_tightly(value: &Expr) -> bool {
    !matches!(
        value.kind,
        ExprKind::Binary(_) | ExprKind::Unary { .. } | ExprKind::If(_) | ExprKind::Lambda(_) | ExprKind::Query(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_need_closeness() {
        assert_eq!(closest("Int", ["int", "bool"].into_iter()), Some("int"));
        assert_eq!(closest("same", ["same"].into_iter()), None);
        assert_eq!(closest("lenght", ["length", "light"].into_iter()), Some("length"));
        assert_eq!(closest("widht", ["height", "width"].into_iter()), Some("width"));
        assert_eq!(closest("xy", ["xz"].into_iter()), None);
        assert_eq!(closest("total", ["totals", "zebra"].into_iter()), Some("totals"));
    }
}
