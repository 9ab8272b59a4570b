//! The findings: message per code, the help that goes with it, and suggestions for misspelt names.

use mochi_diagnostics::Diagnostic;
use mochi_syntax::{Span, Symbol};

use super::Checker;
use super::effects::EffectSet;
use super::severity;
use super::suggest::{closest, foreign_function, foreign_type, foreign_value, suggest};
use super::types::Ty;

/// Beyond this many findings no time is spent on looking for similar names.
const MAX_SUGGESTIONS: usize = 32;

/// What usually helps.
fn help(code: &str) -> &'static str {
    match code {
        "T000" => "Write `: T` after the name, `= value`, or both.",
        "T001" => "Declare the variable first, with `var name = …`.",
        "T002" => "Declare the name above its first use, or check its spelling.",
        "T003" => "Define the function, import it, or check its spelling.",
        "T004" => {
            "Only functions can be called; a parameter that is called needs a function type such as `fun(int): int`."
        }
        "T005" => "Write the parameter as `name: T`.",
        "T006" => "Remove the surplus arguments.",
        "T007" => "Pass a value of the parameter's type.",
        "T008" => "Make the value have the expected type, or change the declared type.",
        "T009" => "A variable keeps the type it was declared with.",
        "T010" => "Return a value of the declared result type.",
        "T011" => "`expect` takes a condition, such as a comparison.",
        "T013" => "Compare values of one type, or convert one side first.",
        "T015" => "Lists and strings are indexed by integers.",
        "T016" => "Write an index between the brackets.",
        "T017" => "A map has no order to slice by; look up single keys.",
        "T018" => "Lists, maps and strings can be indexed.",
        "T019" => "Use a key of the map's key type.",
        "T020" => "Use operands that the operator takes, or convert one of them first.",
        "T021" => "The set operators work on lists.",
        "T022" => "`for` takes a list, a map, a string or a range of integers.",
        "T023" => "Use integers on both sides of `..`.",
        "T024" => "Declare the name with `var` to be able to change it.",
        "T025" => "Declare the type, or check its spelling.",
        "T026" => "Check the field's name against the declaration of the type.",
        "T027" => "Only structs, and maps with string keys, have fields.",
        "T028" => "The operand of `fetch` is the URL, as a string.",
        "T029" => "Give the options as a map, such as `{method: \"POST\"}`.",
        "T030" => "Give the option a value of the expected type.",
        "T031" => "Declare it with `stream Name { … }`.",
        "T032" => "A query goes over a list or a group.",
        "T033" => "`where` keeps the rows for which its condition is true.",
        "T034" => "Only lists and groups can be joined.",
        "T035" => "`on` takes a condition that compares the two sides.",
        "T036" => "Lists, maps and strings have a length.",
        "T037" => "Count the elements of a list or of a group.",
        "T038" => "Average the numbers of a list or of a group.",
        "T039" => "Pass exactly the arguments that the function takes.",
        "T040" => "Compare explicitly: a condition is a `bool`.",
        "T041" => "Sum the numbers of a list or of a group.",
        "T042" => "`having` keeps the groups for which its condition is true.",
        "T044" => "Compute the value before the query: a predicate may run any number of times, in any order.",
        "T045" => "Move it into the body of a `for` or `while`.",
        "T046" => {
            "Convert with a function that says what happens to unfit values, such as `int`, `str` or `parseIntStr`."
        }
        "T047" => "All arguments that share a type parameter need one type.",
        "T048" => "Let an argument mention the type parameter, or give the result a concrete type.",
        "T049" => "`list` takes one type argument, `map` takes two.",
        "T050" => "Add an arm for each missing variant, or a final `_` arm.",
        "T051" => "Declare the source with `var`, or build a copy; both names would share one value.",
        "T052" => "Both names would share one value, and one of them could store what the other must not contain.",
        "T053" => "Give every field a value.",
        "T054" => "Remove the arm, or move it up.",
        "T055" => "The number of rows is an integer.",
        "T056" => "Sort by numbers, strings, booleans, or lists of these.",
        "T057" => "Select data that can be compared; functions and groups cannot.",
        "T058" => "Test it with `!= none` first, use `?.`, or give a default with `??`.",
        "T059" => "Only a value of an optional type `T?` can be `none`.",
        "T060" => "The value is never `none`: use `.` instead of `?.`.",
        "T061" => "`?.` reads a field of an optional struct.",
        "T062" => "The value is never `none`: use `[ ]` instead of `?[ ]`.",
        "T063" => "`?[ ]` looks into an optional list or map.",
        "T064" => "The labels are `io`, `fs`, `net`, `time` and `meta`.",
        "T065" => "Add the missing labels after `!`, or remove what causes them.",
        "T066" => "Compute the value elsewhere and pass it in.",
        _ => "",
    }
}

impl Checker<'_> {
    /// Adds a finding and returns its place in the list, so that labels can be added.
    pub(super) fn report(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Option<&mut Diagnostic> {
        if self.muted {
            return None;
        }
        let mut finding = Diagnostic::new(severity::strict(code), code, message, span);
        let help = help(code);
        if !help.is_empty() {
            finding = finding.with_help(help);
        }
        self.findings.push(finding);
        self.findings.last_mut()
    }

    pub(super) fn show(&self, ty: Ty) -> String {
        self.types.show(ty, &|index| self.type_var_name(index))
    }

    pub(super) fn mismatch(&mut self, span: Span, expected: Ty, actual: Ty) {
        let message = format!("type mismatch: expected {}, got {}", self.show(expected), self.show(actual));
        self.report("T008", span, message);
    }

    pub(super) fn undefined_variable(&mut self, span: Span, name: Symbol) {
        let similar = foreign_value(name.as_str()).or_else(|| self.similar_value(name, false));
        if let Some(finding) = self.report("T002", span, format!("undefined variable: {name}")) {
            suggest(finding, span, similar);
        }
    }

    pub(super) fn unknown_function(&mut self, span: Span, name_span: Span, name: Symbol) {
        let similar = self.similar_value(name, true).or_else(|| foreign_function(name.as_str()));
        if let Some(finding) = self.report("T003", span, format!("unknown function: {name}")) {
            suggest(finding, name_span, similar);
        }
    }

    pub(super) fn unknown_type(&mut self, span: Span, name: Symbol) {
        const BASIC: [&str; 8] = ["int", "float", "string", "bool", "bigint", "bigrat", "unit", "any"];
        let similar = if self.findings.len() < MAX_SUGGESTIONS {
            let declared = self.type_names.names().map(Symbol::as_str);
            foreign_type(name.as_str()).or_else(|| closest(name.as_str(), BASIC.into_iter().chain(declared)))
        } else {
            None
        };
        if let Some(finding) = self.report("T025", span, format!("unknown type: {name}")) {
            suggest(finding, span, similar);
        }
    }

    pub(super) fn unknown_field(&mut self, span: Span, name: Symbol, owner: Ty) {
        let fields = self.types.fields(owner).unwrap_or_default();
        let similar = closest(name.as_str(), fields.iter().map(|(field, _)| field.as_str()));
        let message = format!("unknown field `{name}` on {}", self.show(owner));
        let place = self.name_after(span.start, name);
        if let Some(finding) = self.report("T026", span, message) {
            match place {
                Some(place) => suggest(finding, place, similar),
                None => finding.help.extend(similar.map(|similar| format!("Did you mean `{similar}`?"))),
            }
        }
    }

    pub(super) fn not_a_struct(&mut self, span: Span, ty: Ty) {
        let message = format!("{} is not a struct", self.show(ty));
        self.report("T027", span, message);
    }

    pub(super) fn unguarded(&mut self, span: Span, name: &str) {
        self.report("T058", span, format!("dereference of optional `{name}` requires a none guard"));
    }

    pub(super) fn operator_mismatch(&mut self, span: Span, op: &str, left: Ty, right: Ty) {
        let message = format!("operator `{op}` cannot be used on types {} and {}", self.show(left), self.show(right));
        self.report("T020", span, message);
    }

    pub(super) fn argument_mismatch(&mut self, span: Span, index: usize, expected: Ty, actual: Ty) {
        let message = format!("argument {}: expected {}, got {}", index + 1, self.show(expected), self.show(actual));
        self.report("T007", span, message);
    }

    pub(super) fn argument_count(&mut self, span: Span, name: &str, expected: usize, got: usize) {
        self.report("T039", span, format!("function {name} expects {expected} arguments, got {got}"));
    }

    pub(super) fn operand(&mut self, code: &'static str, span: Span, what: &str, got: Ty) {
        let message = format!("{what}{}", self.show(got));
        self.report(code, span, message);
    }

    /// An assignment or alias that a `let` forbids; points at the `let`.
    pub(super) fn immutable(&mut self, code: &'static str, span: Span, message: String, declared: Span) {
        let keyword = self.let_before(declared);
        if let Some(finding) = self.report(code, span, message)
            && !declared.is_empty()
        {
            let labelled = finding.clone().with_label(declared, "declared as immutable here");
            *finding = match keyword {
                Some(keyword) => labelled.with_fix(keyword, "var", "declare it with `var`"),
                None => labelled,
            };
        }
    }

    pub(super) fn widening_alias(&mut self, span: Span, label: &str, from: Ty, to: Ty) {
        let message = format!("cannot alias `{label}` ({}) into a binding of type {}", self.show(from), self.show(to));
        self.report("T052", span, message);
    }

    pub(super) fn unknown_effect(&mut self, span: Span, label: Symbol) {
        self.report("T064", span, format!("unknown effect label `{label}`"));
    }

    pub(super) fn undeclared_effects(&mut self, span: Span, name: &str, declared: EffectSet, inferred: EffectSet) {
        let message = format!("function `{name}` declares effects {declared} but its body produces {inferred}");
        self.report("T065", span, message);
    }

    fn similar_value(&self, name: Symbol, functions: bool) -> Option<&'static str> {
        if self.findings.len() >= MAX_SUGGESTIONS {
            return None;
        }
        let fitting = self.values.names().filter(|candidate| {
            !functions || self.values.get(*candidate).is_some_and(|binding| self.types.function(binding.ty).is_some())
        });
        closest(name.as_str(), fitting.map(Symbol::as_str))
    }
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b`, and `c` ``.
pub(super) fn name_list(names: &[Symbol]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [one, two] => format!("`{one}` and `{two}`"),
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(|name| format!("`{name}`")).collect();
            format!("{}, and `{last}`", init.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_names_read_like_prose() {
        let names = ["A", "B", "C"].map(Symbol::intern);
        assert_eq!(name_list(&names[..1]), "`A`");
        assert_eq!(name_list(&names[..2]), "`A` and `B`");
        assert_eq!(name_list(&names), "`A`, `B`, and `C`");
    }
}
