//! The source text of a logic program's relations, rules and queries.

use super::logic::{Arg, Atom, Clause, Kind, Logic, Question, Relation, join_column};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Indented source text.
#[derive(Default)]
struct Text {
    out: String,
    depth: usize,
}

impl Text {
    fn line(&mut self, line: impl AsRef<str>) {
        let _ = writeln!(self.out, "{:width$}{}", "", line.as_ref(), width = self.depth * 2);
    }

    fn open(&mut self, line: impl AsRef<str>) {
        self.line(format!("{} {{", line.as_ref()));
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "string",
        Kind::Number => "int",
        Kind::Mixed => "any",
    }
}

/// The type of the keys by which a column is looked up.
fn key_type(kind: Kind) -> &'static str {
    if kind == Kind::Number { "int" } else { "string" }
}

/// A value as such a key. Mixed columns tell numbers from texts by a mark.
fn key(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Mixed => format!("markʹ({value})"),
        _ => value.to_string(),
    }
}

fn literal(arg: &Arg) -> String {
    match arg {
        Arg::Variable(number) => format!("v{number}"),
        Arg::Number(value) => value.to_string(),
        Arg::Text(text) => {
            let mut out = String::from("\"");
            for char in text.chars() {
                match char {
                    '"' | '\\' => out.extend(['\\', char]),
                    char if char.is_control() => {
                        let _ = write!(out, "\\U{:08x}", char as u32);
                    }
                    char => out.push(char),
                }
            }
            out.push('"');
            out
        }
    }
}

const COMMON: &str = "
var solvedʹ = true
fun markʹ(value: any): string {
  let text = builtinʹstr(value)
  if value == text { return \"s\" + text }
  return \"i\" + text
}
fun measuredʹ(text: string): string {
  return builtinʹstr(builtinʹlen(text)) + \":\" + text
}
";

pub(super) fn prelude(logic: &Logic) -> String {
    let mut text = Text::default();
    text.out.push_str(COMMON);
    for (number, relation) in logic.relations.iter().enumerate() {
        Writer { logic, text: &mut text }.relation(number, relation);
    }
    for (number, clause) in logic.clauses.iter().enumerate() {
        Writer { logic, text: &mut text }.clause(number, clause);
    }
    for (number, question) in logic.questions.iter().enumerate() {
        Writer { logic, text: &mut text }.question(number, question);
    }
    Writer { logic, text: &mut text }.solve();
    text.out
}

struct Writer<'l, 't> {
    logic: &'l Logic,
    text: &'t mut Text,
}

impl Writer<'_, '_> {
    /// A text that two tuples share exactly when they are equal.
    fn tuple_key(&self, number: usize, arity: usize) -> String {
        let mut parts = Vec::new();
        for column in 0..arity {
            let value = format!("tuple.c{column}");
            let last = column + 1 == arity;
            parts.push(match self.logic.kind(number, column) {
                Kind::Text if last => value,
                Kind::Text => format!("measuredʹ({value})"),
                Kind::Number => format!("builtinʹstr({value}) + \":\""),
                Kind::Mixed => format!("measuredʹ(markʹ({value}))"),
            });
        }
        if parts.is_empty() { "\"\"".to_string() } else { parts.join(" + ") }
    }

    fn relation(&mut self, number: usize, relation: &Relation) {
        let (name, arity) = (&relation.name, relation.arity);
        let kinds: Vec<Kind> = (0..arity).map(|column| self.logic.kind(number, column)).collect();
        self.text.open(format!("type {name}ʹtuple"));
        // A record needs a field.
        self.text.line("at: int");
        for (column, kind) in kinds.iter().enumerate() {
            self.text.line(format!("c{column}: {}", type_name(*kind)));
        }
        self.text.close();
        self.text.line(format!("var {name}ʹfacts: list<{name}ʹtuple> = []"));
        self.text.line(format!("var {name}ʹall: list<{name}ʹtuple> = []"));
        self.text.line(format!("var {name}ʹknown: map<string, bool> = {{}}"));
        for &column in &relation.indices {
            let keys = key_type(kinds[column]);
            self.text.line(format!("var {name}ʹfirst{column}: map<{keys}, int> = {{}}"));
            self.text.line(format!("var {name}ʹlast{column}: map<{keys}, int> = {{}}"));
            self.text.line(format!("var {name}ʹnext{column}: list<int> = []"));
            self.text.line(format!("var {name}ʹbefore{column}: list<int> = []"));
        }
        let params: Vec<String> =
            kinds.iter().enumerate().map(|(column, kind)| format!("c{column}: {}", type_name(*kind))).collect();
        let fields: String = (0..arity).map(|column| format!(", c{column}: c{column}")).collect();
        self.text.open(format!("fun {name}ʹfact({})", params.join(", ")));
        self.text.line(format!("{name}ʹfacts = builtinʹappend({name}ʹfacts, {name}ʹtuple {{ at: 0{fields} }})"));
        self.text.line("solvedʹ = false");
        self.text.close();
        self.add(number, relation);
    }

    /// The function that appends a tuple and keeps the chains.
    fn add(&mut self, number: usize, relation: &Relation) {
        let name = &relation.name;
        self.text.open(format!("fun {name}ʹadd(tuple: {name}ʹtuple)"));
        self.text.line(format!("{name}ʹknown[{}] = true", self.tuple_key(number, relation.arity)));
        if !relation.indices.is_empty() {
            self.text.line(format!("let at = builtinʹlen({name}ʹall)"));
        }
        for &column in &relation.indices {
            let key = key(self.logic.kind(number, column), &format!("tuple.c{column}"));
            self.text.line(format!("let k{column} = {key}"));
            self.text.line(format!("{name}ʹnext{column} = builtinʹappend({name}ʹnext{column}, 0 - 1)"));
            self.text.open(format!("if k{column} in {name}ʹlast{column}"));
            self.text.line(format!("let previous: int = {name}ʹlast{column}[k{column}]"));
            self.text.line(format!("{name}ʹnext{column}[previous] = at"));
            self.text.line(format!("{name}ʹbefore{column} = builtinʹappend({name}ʹbefore{column}, previous)"));
            self.text.close();
            self.text.open(format!("if !(k{column} in {name}ʹlast{column})"));
            self.text.line(format!("{name}ʹfirst{column}[k{column}] = at"));
            self.text.line(format!("{name}ʹbefore{column} = builtinʹappend({name}ʹbefore{column}, 0 - 1)"));
            self.text.close();
            self.text.line(format!("{name}ʹlast{column}[k{column}] = at"));
        }
        self.text.line(format!("{name}ʹall = builtinʹappend({name}ʹall, tuple)"));
        self.text.close();
    }

    /// `ruleʹN()` makes the rule known, `ruleʹNʹapply()` takes its turn and says whether it found something.
    fn clause(&mut self, number: usize, clause: &Clause) {
        self.text.line(format!("var rule{number}ʹstated = false"));
        for level in 0..clause.body.len() {
            self.text.line(format!("var rule{number}ʹseen{level} = 0"));
        }
        self.text.open(format!("fun ruleʹ{number}()"));
        self.text.line(format!("rule{number}ʹstated = true"));
        self.text.line("solvedʹ = false");
        self.text.close();
        self.text.open(format!("fun rule{number}ʹapply(): bool"));
        for (level, atom) in clause.body.iter().enumerate() {
            let name = &self.logic.relations[atom.relation].name;
            self.text.line(format!("let seen{level} = rule{number}ʹseen{level}"));
            self.text.line(format!("let size{level} = builtinʹlen({name}ʹall)"));
            self.text.line(format!("rule{number}ʹseen{level} = size{level}"));
        }
        let nothing: Vec<String> = (0..clause.body.len()).map(|level| format!("size{level} == seen{level}")).collect();
        if !nothing.is_empty() {
            self.text.line(format!("if {} {{ return false }}", nothing.join(" && ")));
        }
        let head = &self.logic.relations[clause.head.relation];
        self.text.line(format!("var found: list<{}ʹtuple> = []", head.name));
        self.level(clause, 0, &mut BTreeSet::new());
        self.text.line("var changed = false");
        self.text.open("for tuple in found");
        let key = self.tuple_key(clause.head.relation, head.arity);
        self.text.open(format!("if !(({key}) in {}ʹknown)", head.name));
        self.text.line(format!("{}ʹadd(tuple)", head.name));
        self.text.line("changed = true");
        self.text.close();
        self.text.close();
        self.text.line("return changed");
        self.text.close();
    }

    /// The loop over the tuples of one predicate of a rule's body, with the loops inside it.
    fn level(&mut self, clause: &Clause, level: usize, known: &mut BTreeSet<usize>) {
        let Some(atom) = clause.body.get(level) else { return self.derive(clause) };
        let name = &self.logic.relations[atom.relation].name;
        let last = level + 1 == clause.body.len();
        let fresh = if level == 0 { "false".to_string() } else { format!("new{}", level - 1) };
        let column = join_column(atom, known).filter(|_| level > 0);
        match column {
            Some(column) => {
                let key = key(self.logic.kind(atom.relation, column), &literal(&atom.args[column]));
                self.text.line(format!("let key{level} = {key}"));
                self.text.line(format!("var at{level} = 0 - 1"));
                self.text.open(format!("if key{level} in {name}ʹfirst{column}"));
                self.text.line(format!("at{level} = {name}ʹfirst{column}[key{level}]"));
                if last {
                    self.text.open(format!("if !{fresh}"));
                    self.text.line(format!("at{level} = {name}ʹlast{column}[key{level}]"));
                    self.text.line(format!("if at{level} < seen{level} {{ at{level} = 0 - 1 }}"));
                    self.text.open(format!("while at{level} >= 0 && {name}ʹbefore{column}[at{level}] >= seen{level}"));
                    self.text.line(format!("at{level} = {name}ʹbefore{column}[at{level}]"));
                    self.text.close();
                    self.text.close();
                }
                self.text.close();
                self.text.open(format!("while at{level} >= 0"));
            }
            None => {
                self.text.line(format!("var at{level} = 0"));
                if last {
                    self.text.line(format!("if !{fresh} {{ at{level} = seen{level} }}"));
                }
                self.text.open(format!("while at{level} < size{level}"));
            }
        }
        self.text.line(format!("let t{level} = {name}ʹall[at{level}]"));
        self.text.line(format!("let new{level} = {fresh} || at{level} >= seen{level}"));
        match column {
            Some(column) => self.text.line(format!("at{level} = {name}ʹnext{column}[at{level}]")),
            None => self.text.line(format!("at{level} = at{level} + 1")),
        }
        let added = self.matched(atom, &format!("t{level}"), known, column);
        for &(left, right) in &clause.different {
            let before = known.contains(&left) && known.contains(&right);
            let now =
                (known.contains(&left) || added.contains(&left)) && (known.contains(&right) || added.contains(&right));
            if now && !before {
                self.text.line(format!("if v{left} == v{right} {{ continue }}"));
            }
        }
        known.extend(&added);
        self.level(clause, level + 1, known);
        for number in added {
            known.remove(&number);
        }
        self.text.close();
    }

    /// Skips tuples that do not fit and binds new variables; returns these.
    fn matched(
        &mut self,
        atom: &Atom,
        tuple: &str,
        known: &BTreeSet<usize>,
        looked_up: Option<usize>,
    ) -> BTreeSet<usize> {
        let mut added = BTreeSet::new();
        for (column, arg) in atom.args.iter().enumerate() {
            match arg {
                Arg::Variable(number) if !known.contains(number) && !added.contains(number) => {
                    let kind = self.logic.kind(atom.relation, column);
                    self.text.line(format!("let v{number}: {} = {tuple}.c{column}", type_name(kind)));
                    added.insert(*number);
                }
                _ if looked_up == Some(column) => {}
                _ => {
                    let wanted = literal(arg);
                    self.text.line(format!("if {tuple}.c{column} != {wanted} {{ continue }}"));
                }
            }
        }
        added
    }

    /// The innermost statement: one combination that fits.
    fn derive(&mut self, clause: &Clause) {
        let name = &self.logic.relations[clause.head.relation].name;
        let fields: String =
            clause.head.args.iter().enumerate().map(|(column, arg)| format!(", c{column}: {}", literal(arg))).collect();
        self.text.line(format!("found = builtinʹappend(found, {name}ʹtuple {{ at: 0{fields} }})"));
    }

    fn question(&mut self, number: usize, question: &Question) {
        let atom = &question.atom;
        let name = &self.logic.relations[atom.relation].name;
        let mut kinds = Vec::new();
        for (column, arg) in atom.args.iter().enumerate() {
            if matches!(arg, Arg::Variable(_)) {
                kinds.push(self.logic.kind(atom.relation, column));
            }
        }
        let ty = match kinds.split_first() {
            Some((first, rest)) if rest.iter().all(|kind| kind == first) => type_name(*first),
            _ => "any",
        };
        self.text.open(format!("fun queryʹ{number}(): list<map<string, {ty}>>"));
        self.text.line("solveʹ()");
        self.text.line(format!("var found: list<map<string, {ty}>> = []"));
        self.text.open(format!("for tuple in {name}ʹall"));
        let bound = self.matched(atom, "tuple", &BTreeSet::new(), None);
        self.text.line(format!("var row: map<string, {ty}> = {{}}"));
        for variable in bound {
            self.text.line(format!("row[\"{}\"] = v{variable}", question.variables[variable]));
        }
        self.text.line("found = builtinʹappend(found, row)");
        self.text.close();
        self.text.line("return found");
        self.text.close();
    }

    /// `solveʹ()` derives everything anew if a fact or rule came since the last time.
    fn solve(&mut self) {
        self.text.open("fun solveʹ()");
        self.text.line("if solvedʹ { return }");
        self.text.line("solvedʹ = true");
        for relation in &self.logic.relations {
            let name = &relation.name;
            self.text.line(format!("{name}ʹall = []"));
            self.text.line(format!("{name}ʹknown = {{}}"));
            for &column in &relation.indices {
                self.text.line(format!("{name}ʹfirst{column} = {{}}"));
                self.text.line(format!("{name}ʹlast{column} = {{}}"));
                self.text.line(format!("{name}ʹnext{column} = []"));
                self.text.line(format!("{name}ʹbefore{column} = []"));
            }
            self.text.line(format!("for tuple in {name}ʹfacts {{ {name}ʹadd(tuple) }}"));
        }
        for (number, clause) in self.logic.clauses.iter().enumerate() {
            for level in 0..clause.body.len() {
                self.text.line(format!("rule{number}ʹseen{level} = 0"));
            }
        }
        self.text.line("var changed = true");
        self.text.open("while changed");
        self.text.line("changed = false");
        for number in 0..self.logic.clauses.len() {
            self.text.open(format!("if rule{number}ʹstated"));
            self.text.line(format!("if rule{number}ʹapply() {{ changed = true }}"));
            self.text.close();
        }
        self.text.close();
        self.text.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::desugar::logic::variables;

    #[test]
    fn texts_are_quoted() {
        assert_eq!(literal(&Arg::Text("a\"\\\n".into())), "\"a\\\"\\\\\\U0000000a\"");
        assert_eq!(
            variables(&Atom { relation: 0, args: vec![Arg::Number(1), Arg::Variable(2)] }).collect::<Vec<_>>(),
            [2]
        );
    }
}
