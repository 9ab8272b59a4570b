//! `match` as a decision tree: no part of a value is examined twice on any way through it.
//!
//! The algorithm is that of Luc Maranget, "Compiling Pattern Matching to Good Decision Trees" (ML Workshop 2008), with
//! rows kept sparse: a row holds only the tests that its arm still needs. Which part to examine next is decided by the
//! first row (it must be examined anyway if that arm is to match); among its tests the one that most other rows share comes
//! first. A tree that would grow beyond [`MAX_NODES`] is not built.

use crate::hir::{Expr, ExprKind, Pattern, Program};
use crate::ty::{Ty, TyKind, UnionId};
use std::collections::HashMap;

/// Trees can be exponentially larger than the patterns; beyond this many nodes testing arm by arm is the better code.
const MAX_NODES: usize = 20_000;
/// With fewer texts than this, comparing one after the other is as good as looking at the length first.
const MIN_TEXTS_BY_LENGTH: usize = 4;
/// This many texts of one length are compared one after the other; more are halved by order first.
const MAX_TEXTS_IN_ROW: usize = 6;

/// One step into a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// An option's payload.
    Payload,
    /// A field of a variant.
    Field { variant: u32, field: u32 },
}

/// A part of the value that is matched; the empty path is the value itself.
pub type Path = Vec<Step>;

#[derive(Debug)]
pub enum Tree<'p> {
    /// No arm matches.
    Fail,
    /// This arm matches.
    Arm(usize),
    /// Examines a part and goes on.
    Test { at: Path, test: Test<'p> },
}

#[derive(Debug)]
pub enum Test<'p> {
    /// The variant of a union. Without `default` the cases are complete.
    Variant { cases: Vec<(u32, Tree<'p>)>, default: Option<Box<Tree<'p>>> },
    /// The value of an int.
    Int { cases: Vec<(i64, Tree<'p>)>, default: Box<Tree<'p>> },
    /// The number of code points of a string.
    Length { cases: Vec<(i64, Tree<'p>)>, default: Box<Tree<'p>> },
    /// Whether an option or any is null.
    Null { null: Box<Tree<'p>>, some: Box<Tree<'p>> },
    /// Whether the part equals a value.
    Equal { value: &'p Expr, yes: Box<Tree<'p>>, no: Box<Tree<'p>> },
    /// Whether a string comes before another.
    Less { value: &'p Expr, yes: Box<Tree<'p>>, no: Box<Tree<'p>> },
}

/// Kinds of values that tests differ for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Domain {
    Int,
    Bool,
    Str,
    /// A union with so many variants.
    Union(usize),
    Other,
}

/// What the builder asks about types.
pub trait Types {
    type Ty: Copy;
    /// What kind of values the type has; of an option, those that are not null.
    fn domain(&mut self, ty: Self::Ty) -> Domain;
    /// The type of a part of a value.
    fn part(&mut self, ty: Self::Ty, step: Step) -> Self::Ty;
}

/// The decision tree for patterns that are tried in their order on a value of type `ty`; `None` if it would be too large
/// or the patterns do not fit the type.
pub fn tree<'p, T: Types>(patterns: &[&'p Pattern], ty: T::Ty, types: &mut T) -> Option<Tree<'p>> {
    let mut builder = TreeBuilder { types, root: ty, nodes: 0 };
    let rows = patterns.iter().enumerate().map(|(arm, pattern)| {
        let mut row = Row { arm, tests: Vec::new() };
        row.require(Path::new(), pattern);
        row
    });
    builder.build(rows.collect())
}

impl Tree<'_> {
    /// Calls `visit` for each leaf: an arm, or `None` where no arm matches.
    pub fn each_leaf(&self, visit: &mut impl FnMut(Option<usize>)) {
        match self {
            Tree::Fail => visit(None),
            Tree::Arm(arm) => visit(Some(*arm)),
            Tree::Test { test, .. } => match test {
                Test::Variant { cases, default } => {
                    cases.iter().for_each(|(_, tree)| tree.each_leaf(visit));
                    default.iter().for_each(|tree| tree.each_leaf(visit));
                }
                Test::Int { cases, default } | Test::Length { cases, default } => {
                    cases.iter().for_each(|(_, tree)| tree.each_leaf(visit));
                    default.each_leaf(visit);
                }
                Test::Null { null: a, some: b }
                | Test::Equal { yes: a, no: b, .. }
                | Test::Less { yes: a, no: b, .. } => {
                    a.each_leaf(visit);
                    b.each_leaf(visit);
                }
            },
        }
    }

    /// Whether some arm matches every value.
    pub fn is_exhaustive(&self) -> bool {
        let mut exhaustive = true;
        self.each_leaf(&mut |arm| exhaustive &= arm.is_some());
        exhaustive
    }
}

/// Whether a pattern matches every value.
pub fn is_irrefutable(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::Wildcard | Pattern::Bind(_))
}

/// What an arm still needs.
#[derive(Clone)]
struct Row<'p> {
    arm: usize,
    tests: Vec<(Path, &'p Pattern)>,
}

impl<'p> Row<'p> {
    fn require(&mut self, path: Path, pattern: &'p Pattern) {
        if !is_irrefutable(pattern) {
            self.tests.push((path, pattern));
        }
    }

    fn at(&self, path: &[Step]) -> Option<&'p Pattern> {
        self.tests.iter().find(|(found, _)| found == path).map(|&(_, pattern)| pattern)
    }

    /// Without the test of this part.
    fn without(&self, path: &[Step]) -> Row<'p> {
        Row { arm: self.arm, tests: self.tests.iter().filter(|(found, _)| found != path).cloned().collect() }
    }

    /// With the tests of the parts of a variant instead of the variant's own.
    fn with_fields(&self, path: &[Step], variant: u32, fields: &'p [Pattern]) -> Row<'p> {
        let mut row = self.without(path);
        for (field, pattern) in fields.iter().enumerate() {
            row.require(extended(path, Step::Field { variant, field: field as u32 }), pattern);
        }
        row
    }
}

fn extended(path: &[Step], step: Step) -> Path {
    path.iter().copied().chain([step]).collect()
}

/// The rows that remain for each outcome of a test, by the outcome's number, in their order.
struct Split<'p, K> {
    cases: Vec<(K, Vec<Row<'p>>)>,
    numbers: HashMap<K, usize>,
    default: Vec<Row<'p>>,
}

impl<'p, K: Copy + Eq + std::hash::Hash> Split<'p, K> {
    /// `outcomes` in the order in which they get their cases.
    fn new(outcomes: impl Iterator<Item = K>) -> Split<'p, K> {
        let mut split = Split { cases: Vec::new(), numbers: HashMap::new(), default: Vec::new() };
        for outcome in outcomes {
            let next = split.cases.len();
            if *split.numbers.entry(outcome).or_insert(next) == next {
                split.cases.push((outcome, Vec::new()));
            }
        }
        split
    }

    /// A row that only remains for one outcome.
    fn only(&mut self, outcome: K, row: Row<'p>) {
        add(&mut self.cases[self.numbers[&outcome]].1, row);
    }

    /// A row that the test says nothing about.
    fn any(&mut self, row: &Row<'p>) {
        self.cases.iter_mut().for_each(|(_, rows)| add(rows, row.clone()));
        add(&mut self.default, row.clone());
    }
}

/// Nothing comes after a row that always matches.
fn add<'p>(rows: &mut Vec<Row<'p>>, row: Row<'p>) {
    if rows.last().is_none_or(|last| !last.tests.is_empty()) {
        rows.push(row);
    }
}

struct TreeBuilder<'t, T: Types> {
    types: &'t mut T,
    root: T::Ty,
    nodes: usize,
}

impl<'p, T: Types> TreeBuilder<'_, T> {
    fn build(&mut self, rows: Vec<Row<'p>>) -> Option<Tree<'p>> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return None;
        }
        let Some(first) = rows.first() else { return Some(Tree::Fail) };
        let Some(at) = next_part(first, &rows) else { return Some(Tree::Arm(first.arm)) };
        let ty = at.iter().fold(self.root, |ty, &step| self.types.part(ty, step));
        let domain = self.types.domain(ty);
        let patterns = || rows.iter().filter_map(|row| row.at(&at));
        let test = if patterns().any(|pattern| matches!(pattern, Pattern::Null | Pattern::Some(_))) {
            self.null_test(&at, &rows)?
        } else if let Domain::Union(count) = domain
            && patterns().all(|pattern| matches!(pattern, Pattern::Variant { .. }))
        {
            self.variant_test(&at, &rows, count)?
        } else if domain == Domain::Int && patterns().all(|pattern| int(pattern).is_some()) {
            self.int_test(&at, &rows)?
        } else if domain == Domain::Str && patterns().all(|pattern| text(pattern).is_some()) {
            self.text_test(&at, &rows)?
        } else {
            self.equality_test(&at, first, &rows, domain == Domain::Bool)?
        };
        Some(Tree::Test { at, test })
    }

    fn boxed(&mut self, rows: Vec<Row<'p>>) -> Option<Box<Tree<'p>>> {
        self.build(rows).map(Box::new)
    }

    fn cases<K>(&mut self, cases: Vec<(K, Vec<Row<'p>>)>) -> Option<Vec<(K, Tree<'p>)>> {
        cases.into_iter().map(|(outcome, rows)| Some((outcome, self.build(rows)?))).collect()
    }

    fn null_test(&mut self, at: &Path, rows: &[Row<'p>]) -> Option<Test<'p>> {
        let (mut null, mut some) = (Vec::new(), Vec::new());
        for row in rows {
            match row.at(at) {
                None => {
                    add(&mut null, row.clone());
                    add(&mut some, row.clone());
                }
                Some(Pattern::Null) => add(&mut null, row.without(at)),
                Some(Pattern::Some(inner)) => {
                    let mut rest = row.without(at);
                    rest.require(extended(at, Step::Payload), inner);
                    add(&mut some, rest);
                }
                // A variable may be null itself.
                Some(Pattern::Value(value)) if !is_constant(value) => {
                    add(&mut null, row.clone());
                    add(&mut some, row.clone());
                }
                Some(_) => add(&mut some, row.clone()),
            }
        }
        Some(Test::Null { null: self.boxed(null)?, some: self.boxed(some)? })
    }

    fn variant_test(&mut self, at: &Path, rows: &[Row<'p>], count: usize) -> Option<Test<'p>> {
        let tested = rows.iter().filter_map(|row| match row.at(at) {
            Some(Pattern::Variant { variant, .. }) => Some(*variant),
            _ => None,
        });
        let mut split = Split::new(tested);
        for row in rows {
            match row.at(at) {
                Some(Pattern::Variant { variant, fields }) => {
                    split.only(*variant, row.with_fields(at, *variant, fields));
                }
                _ => split.any(row),
            }
        }
        let complete = split.cases.len() == count;
        let default = if complete { None } else { Some(self.boxed(split.default)?) };
        Some(Test::Variant { cases: self.cases(split.cases)?, default })
    }

    fn int_test(&mut self, at: &Path, rows: &[Row<'p>]) -> Option<Test<'p>> {
        let mut split = Split::new(rows.iter().filter_map(|row| int(row.at(at)?)));
        for row in rows {
            match row.at(at).and_then(int) {
                Some(value) => split.only(value, row.without(at)),
                None => split.any(row),
            }
        }
        Some(Test::Int { cases: self.cases(split.cases)?, default: self.boxed(split.default)? })
    }

    fn text_test(&mut self, at: &Path, rows: &[Row<'p>]) -> Option<Test<'p>> {
        let mut values: Vec<(&'p str, &'p Expr)> = rows.iter().filter_map(|row| text(row.at(at)?)).collect();
        values.sort_unstable_by_key(|&(text, _)| text);
        values.dedup_by_key(|&mut (text, _)| text);
        let length = |text: &str| text.chars().count() as i64;
        let first = length(values[0].0);
        if values.iter().all(|&(text, _)| length(text) == first) {
            if values.len() <= MAX_TEXTS_IN_ROW {
                return self.equality_test(at, &rows[0], rows, false);
            }
            let (middle, value) = values[values.len() / 2];
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            for row in rows {
                match row.at(at).and_then(text) {
                    Some((text, _)) if text < middle => add(&mut yes, row.clone()),
                    Some(_) => add(&mut no, row.clone()),
                    None => {
                        add(&mut yes, row.clone());
                        add(&mut no, row.clone());
                    }
                }
            }
            return Some(Test::Less { value, yes: self.boxed(yes)?, no: self.boxed(no)? });
        }
        if values.len() < MIN_TEXTS_BY_LENGTH {
            return self.equality_test(at, &rows[0], rows, false);
        }
        let mut split = Split::new(rows.iter().filter_map(|row| Some(length(text(row.at(at)?)?.0))));
        for row in rows {
            match row.at(at).and_then(text) {
                Some((text, _)) => split.only(length(text), row.clone()),
                None => split.any(row),
            }
        }
        Some(Test::Length { cases: self.cases(split.cases)?, default: self.boxed(split.default)? })
    }

    /// Compares with the value of the first row.
    fn equality_test(&mut self, at: &Path, first: &Row<'p>, rows: &[Row<'p>], is_bool: bool) -> Option<Test<'p>> {
        // Variants of what is no union (an error has been reported) have no test.
        let Some(Pattern::Value(value)) = first.at(at) else { return None };
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for row in rows {
            let other = match row.at(at) {
                Some(Pattern::Value(other)) => other,
                _ => {
                    add(&mut yes, row.clone());
                    add(&mut no, row.clone());
                    continue;
                }
            };
            match compare(value, other) {
                Comparison::Same => add(&mut yes, row.without(at)),
                // What is not `true` is `false`.
                Comparison::Different if is_bool => add(&mut no, row.without(at)),
                Comparison::Different => add(&mut no, row.clone()),
                Comparison::Unknown => {
                    add(&mut yes, row.clone());
                    add(&mut no, row.clone());
                }
            }
        }
        Some(Test::Equal { value, yes: self.boxed(yes)?, no: self.boxed(no)? })
    }
}

/// The part to examine: of those that the first row needs the one that most rows need.
fn next_part(first: &Row<'_>, rows: &[Row<'_>]) -> Option<Path> {
    match first.tests.as_slice() {
        [] => None,
        [(only, _)] => Some(only.clone()),
        tests => {
            let needed = |path: &Path| rows.iter().filter(|row| row.at(path).is_some()).count();
            let best = tests.iter().rev().max_by_key(|(path, _)| needed(path))?;
            Some(best.0.clone())
        }
    }
}

fn int(pattern: &Pattern) -> Option<i64> {
    match pattern {
        Pattern::Value(Expr { kind: ExprKind::Int(value), .. }) => Some(*value),
        _ => None,
    }
}

fn text(pattern: &Pattern) -> Option<(&str, &Expr)> {
    match pattern {
        Pattern::Value(expr @ Expr { kind: ExprKind::Str(text), .. }) => Some((text, expr)),
        _ => None,
    }
}

/// A literal, perhaps converted to the type that it is compared in.
fn is_constant(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Bool(_) | ExprKind::Str(_) | ExprKind::BigInt(_) => true,
        ExprKind::Convert { value, .. } => is_constant(value),
        _ => false,
    }
}

enum Comparison {
    Same,
    Different,
    Unknown,
}

fn compare(a: &Expr, b: &Expr) -> Comparison {
    let same = match (&a.kind, &b.kind) {
        _ if std::ptr::eq(a, b) => true,
        (ExprKind::Int(a), ExprKind::Int(b)) => a == b,
        (ExprKind::Float(a), ExprKind::Float(b)) => a == b,
        (ExprKind::Bool(a), ExprKind::Bool(b)) => a == b,
        (ExprKind::Str(a), ExprKind::Str(b)) => a == b,
        _ => return Comparison::Unknown,
    };
    if same { Comparison::Same } else { Comparison::Different }
}

/// The types of a finished program.
impl Types for &Program {
    type Ty = Ty;

    fn domain(&mut self, ty: Ty) -> Domain {
        match self.types.kind(ty) {
            TyKind::Union(UnionId(id)) => Domain::Union(self.unions[*id as usize].variants.len()),
            TyKind::Int => Domain::Int,
            TyKind::Bool => Domain::Bool,
            TyKind::Str => Domain::Str,
            _ => Domain::Other,
        }
    }

    fn part(&mut self, ty: Ty, step: Step) -> Ty {
        match (step, self.types.kind(ty)) {
            (Step::Payload, _) => self.types.strip_option(ty),
            (Step::Field { variant, field }, TyKind::Union(UnionId(id))) => {
                self.unions[*id as usize].variants[variant as usize].fields[field as usize].ty
            }
            (Step::Field { .. }, other) => unreachable!("variant pattern on {other:?}: only unions have variants"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hir::LocalId;
    use mochi_diagnostics::Span;

    const UNION: Domain = Domain::Union(3);

    /// Types are their domains; `A` of the union `A(0, 1) | B | C` has fields of these.
    struct Fields([Domain; 2]);

    impl Types for Fields {
        type Ty = Domain;
        fn domain(&mut self, ty: Domain) -> Domain {
            ty
        }
        fn part(&mut self, ty: Domain, step: Step) -> Domain {
            match step {
                Step::Payload => ty,
                Step::Field { field, .. } => self.0[field as usize],
            }
        }
    }

    fn value(kind: ExprKind) -> Pattern {
        Pattern::Value(Expr { kind, ty: Ty::UNIT, span: Span::default() })
    }

    fn int(number: i64) -> Pattern {
        value(ExprKind::Int(number))
    }

    fn bool(bit: bool) -> Pattern {
        value(ExprKind::Bool(bit))
    }

    fn str(text: &str) -> Pattern {
        value(ExprKind::Str(text.to_owned()))
    }

    fn variant(variant: u32, fields: Vec<Pattern>) -> Pattern {
        Pattern::Variant { variant, fields }
    }

    fn any() -> Pattern {
        Pattern::Wildcard
    }

    fn build(patterns: &[Pattern], ty: Domain, fields: [Domain; 2]) -> Tree<'_> {
        let patterns: Vec<&Pattern> = patterns.iter().collect();
        tree(&patterns, ty, &mut Fields(fields)).expect("not too large")
    }

    /// One line per node: the part, the test, and what follows from it.
    fn shown(tree: &Tree<'_>) -> String {
        fn path(at: &Path) -> String {
            at.iter().fold("value".to_owned(), |text, step| match step {
                Step::Payload => text + "?",
                Step::Field { variant, field } => format!("{text}.{variant}.{field}"),
            })
        }
        fn constant(value: &Expr) -> String {
            match &value.kind {
                ExprKind::Str(text) => format!("{text:?}"),
                ExprKind::Bool(bit) => bit.to_string(),
                other => format!("{other:?}"),
            }
        }
        fn cases<K: std::fmt::Display>(cases: &[(K, Tree<'_>)], default: Option<&Tree<'_>>) -> String {
            let mut all: Vec<String> = cases.iter().map(|(case, tree)| format!("{case}: {}", shown(tree))).collect();
            all.extend(default.map(|tree| format!("else: {}", shown(tree))));
            all.join(", ")
        }
        match tree {
            Tree::Fail => "fail".to_owned(),
            Tree::Arm(arm) => format!("#{arm}"),
            Tree::Test { at, test } => {
                let at = path(at);
                match test {
                    Test::Variant { cases: c, default } => format!("{at} {{{}}}", cases(c, default.as_deref())),
                    Test::Int { cases: c, default } => format!("{at} [{}]", cases(c, Some(default))),
                    Test::Length { cases: c, default } => format!("len({at}) [{}]", cases(c, Some(default))),
                    Test::Null { null, some } => format!("{at}? (null: {}, some: {})", shown(null), shown(some)),
                    Test::Equal { value, yes, no } => {
                        format!("{at} == {} ({}, {})", constant(value), shown(yes), shown(no))
                    }
                    Test::Less { value, yes, no } => {
                        format!("{at} < {} ({}, {})", constant(value), shown(yes), shown(no))
                    }
                }
            }
        }
    }

    #[test]
    fn a_field_is_looked_at_once() {
        let patterns = [
            variant(0, vec![int(0), any()]),
            variant(0, vec![any(), int(0)]),
            variant(0, vec![int(1), int(1)]),
            variant(1, vec![]),
        ];
        let tree = build(&patterns, UNION, [Domain::Int, Domain::Int]);
        assert_eq!(
            shown(&tree),
            "value {0: value.0.0 [0: #0, 1: value.0.1 [0: #1, 1: #2, else: fail], else: value.0.1 [0: #1, else: fail]], \
             1: #3, else: fail}"
        );
    }

    #[test]
    fn the_part_that_most_rows_need_comes_first() {
        let patterns = [
            variant(0, vec![int(1), bool(true)]),
            variant(0, vec![any(), bool(false)]),
            variant(0, vec![int(2), bool(true)]),
        ];
        let tree = build(&patterns, UNION, [Domain::Int, Domain::Bool]);
        assert_eq!(shown(&tree), "value {0: value.0.1 == true (value.0.0 [1: #0, 2: #2, else: fail], #1), else: fail}");
    }

    #[test]
    fn cases_that_cover_a_type_need_no_default() {
        let complete = [
            variant(2, vec![]),
            variant(0, vec![bool(true), any()]),
            variant(0, vec![bool(false), bool(false)]),
            variant(1, vec![]),
            variant(0, vec![any(), bool(true)]),
        ];
        let tree = build(&complete, UNION, [Domain::Bool, Domain::Bool]);
        assert!(tree.is_exhaustive(), "{}", shown(&tree));
        let tree = build(&complete[..4], UNION, [Domain::Bool, Domain::Bool]);
        assert!(!tree.is_exhaustive(), "{}", shown(&tree));
    }

    #[test]
    fn texts_are_told_apart_by_length_and_order() {
        let words = ["ab", "cd", "abc", "é"].map(str);
        let tree = build(&words, Domain::Str, [Domain::Str; 2]);
        assert_eq!(
            shown(&tree),
            "len(value) [2: value == \"ab\" (#0, value == \"cd\" (#1, fail)), 3: value == \"abc\" (#2, fail), \
             1: value == \"é\" (#3, fail), else: fail]"
        );
        let letters: Vec<Pattern> = ('a'..='h').map(|letter| str(&letter.to_string())).collect();
        let tree = build(&letters, Domain::Str, [Domain::Str; 2]);
        assert!(shown(&tree).starts_with("value < \"e\" (value == \"a\" (#0, "), "{}", shown(&tree));
    }

    #[test]
    fn null_and_payloads() {
        let some = |inner| Pattern::Some(Box::new(inner));
        let patterns = [some(int(1)), Pattern::Null, some(int(2)), Pattern::Bind(LocalId(0))];
        let tree = build(&patterns, Domain::Int, [Domain::Int; 2]);
        assert_eq!(shown(&tree), "value? (null: #1, some: value? [1: #0, 2: #2, else: #3])");
    }

    #[test]
    fn a_variable_as_pattern_excludes_nothing() {
        let variable = || value(ExprKind::Local(LocalId(3)));
        let patterns = [variable(), int(1), any()];
        let tree = build(&patterns, Domain::Int, [Domain::Int; 2]);
        assert_eq!(shown(&tree), "value == Local(LocalId(3)) (#0, value [1: #1, else: #2])");
    }

    #[test]
    fn a_tree_that_would_be_too_large_is_not_built() {
        let names: Vec<String> = (0..=MAX_NODES).map(|number| number.to_string()).collect();
        let patterns: Vec<Pattern> = names.iter().map(|name| str(name)).collect();
        let patterns: Vec<&Pattern> = patterns.iter().collect();
        assert!(tree(&patterns, Domain::Str, &mut Fields([Domain::Str; 2])).is_none());
    }
}
