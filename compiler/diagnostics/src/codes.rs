//! The table of codes: identifier for tools and one-line title of each.

/// One known code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    pub code: &'static str,
    pub id: &'static str,
    pub title: &'static str,
}

const fn info(code: &'static str, id: &'static str, title: &'static str) -> CodeInfo {
    CodeInfo { code, id, title }
}

/// All codes, sorted by code.
pub const CODES: &[CodeInfo] = &[
    info("M001", "unsupported", "construct is not supported by this compiler"),
    info("M003", "package-not-found", "an imported package cannot be read"),
    info("M010", "mixed-types", "values of different types make something dynamically typed"),
    info("M011", "open-type", "a written type that says nothing about its values"),
    info("M012", "undetermined-type", "nothing in the program says what type something has"),
    info("M013", "dynamic-operation", "an operation whose result has no static type"),
    info("M014", "recursive-container", "a list or map that contains itself"),
    info("M015", "copied-container", "a list or map is copied because its elements change type"),
    info("P001", "unbalanced-block", "a block is not opened or closed"),
    info("P020", "missing-expression", "an expression is missing"),
    info("P030", "missing-identifier", "a name is missing"),
    info("P031", "missing-let-name", "`let` without a name"),
    info("P040", "unterminated-string", "a string is not closed"),
    info("P041", "invalid-escape", "unknown escape in a string"),
    info("P042", "unterminated-comment", "a block comment is not closed"),
    info("P043", "number-glued-to-name", "a number runs into a name"),
    info("P045", "integer-out-of-range", "an integer literal does not fit 64 bits"),
    info("P046", "empty-base-prefix", "a base prefix without digits"),
    info("P051", "missing-comma", "a comma is missing"),
    info("P052", "unbalanced-parentheses", "a parenthesis is not opened or closed"),
    info("P055", "stray-dot", "a `.` that belongs to nothing"),
    info("P056", "stray-let", "a `let` where none can stand"),
    info("P060", "empty-index", "an index without key, range or step"),
    info("P061", "match-arm-without-body", "a match arm without a result"),
    info("P062", "empty-path", "an empty path for `load` or `save`"),
    info("P063", "invalid-pattern", "a match pattern of an unknown shape"),
    info("P064", "unknown-import-language", "an import from an unknown language"),
    info("P065", "useless-expression", "an expression statement without effect"),
    info("P070", "malformed-tree", "the program's tree is inconsistent"),
    info("P071", "nesting-too-deep", "the program nests too deeply"),
    info("P999", "syntax-error", "the program does not follow the grammar"),
    info("T000", "binding-without-type-or-value", "`let` without type and value"),
    info("T001", "assignment-to-undeclared", "assignment to an undeclared variable"),
    info("T002", "undefined-variable", "use of an unknown variable"),
    info("T003", "unknown-function", "call of an unknown function"),
    info("T004", "not-callable", "call of something that is not a function"),
    info("T005", "parameter-without-type", "a parameter without a type"),
    info("T006", "too-many-arguments", "a call with too many arguments"),
    info("T007", "argument-mismatch", "an argument of the wrong type"),
    info("T008", "type-mismatch", "a value of the wrong type"),
    info("T009", "assignment-mismatch", "an assigned value of the wrong type"),
    info("T010", "return-mismatch", "a returned value of the wrong type"),
    info("T011", "expect-not-boolean", "an `expect` that is not boolean"),
    info("T013", "incomparable-types", "a comparison of unrelated types"),
    info("T014", "invalid-primary", "an expression of an unknown form"),
    info("T015", "index-not-integer", "an index that is not an integer"),
    info("T016", "missing-index", "an index without an expression"),
    info("T017", "slice-of-map", "a slice of a map"),
    info("T018", "not-indexable", "an index into something without elements"),
    info("T019", "map-key-mismatch", "a map key of the wrong type"),
    info("T020", "operator-mismatch", "an operator on types that it does not take"),
    info("T021", "unsupported-operator", "an unknown operator"),
    info("T022", "not-iterable", "a loop over something without elements"),
    info("T023", "range-not-integer", "a range whose bounds are not integers"),
    info("T024", "assignment-to-immutable", "an assignment to an immutable name"),
    info("T025", "unknown-type", "use of an unknown type"),
    info("T026", "unknown-field", "use of an unknown field"),
    info("T027", "not-a-struct", "a field of something that has none"),
    info("T028", "fetch-url-not-string", "a `fetch` whose URL is not a string"),
    info("T029", "fetch-options-not-map", "options of `fetch`, `load` or `save` that are not a map"),
    info("T030", "fetch-option-mismatch", "a `fetch` option of the wrong type"),
    info("T031", "unknown-stream", "use of an unknown stream"),
    info("T032", "query-source-not-list", "a query over something that is not a list"),
    info("T033", "where-not-boolean", "a `where` that is not boolean"),
    info("T034", "join-source-not-list", "a join with something that is not a list"),
    info("T035", "on-not-boolean", "a join condition that is not boolean"),
    info("T036", "no-length", "the length of something that has none"),
    info("T037", "count-operand", "`count` of something that is neither list nor group"),
    info("T038", "avg-operand", "`avg` of something that is no list of numbers"),
    info("T039", "argument-count", "a call with the wrong number of arguments"),
    info("T040", "condition-not-boolean", "a condition that is not boolean"),
    info("T041", "sum-operand", "`sum` of something that is no list of numbers"),
    info("T042", "having-not-boolean", "a `having` that is not boolean"),
    info("T043", "operator-on-any", "an operator on `any`"),
    info("T044", "effect-in-predicate", "an effect inside a predicate"),
    info("T045", "outside-of-loop", "`break` or `continue` outside a loop"),
    info("T046", "invalid-cast", "a cast between unrelated types"),
    info("T047", "type-parameter-conflict", "one type parameter stands for two types"),
    info("T048", "type-parameter-unresolved", "a type parameter that nothing determines"),
    info("T049", "type-argument-count", "the wrong number of type arguments"),
    info("T050", "non-exhaustive-match", "a `match` that misses variants"),
    info("T051", "mutable-alias", "an immutable aggregate bound as mutable"),
    info("T052", "unsound-alias", "an aggregate bound under another element type"),
    info("T053", "missing-fields", "a struct literal that misses fields"),
    info("T054", "redundant-arm", "a match arm that is never taken"),
    info("T055", "skip-take-not-int", "`skip` or `take` of something that is no integer"),
    info("T056", "unordered-sort-key", "a `sort by` key without an order"),
    info("T057", "unhashable-distinct", "`select distinct` of something that cannot be hashed"),
    info("T058", "unguarded-option", "use of an optional value without a guard"),
    info("T059", "comparison-with-none", "a comparison of a non-optional value with `none`"),
    info("T060", "safe-call-receiver", "`?.` on something that is not optional"),
    info("T061", "safe-call-struct", "`?.` on an optional that is no struct"),
    info("T062", "safe-index-receiver", "`?[ ]` on something that is not optional"),
    info("T063", "safe-index-collection", "`?[ ]` on an optional that is no list or map"),
    info("T064", "unknown-effect", "an unknown effect label"),
    info("T065", "undeclared-effect", "a function with more effects than it declares"),
    info("T066", "effect-not-allowed", "an effect where none is allowed"),
];

pub fn code_info(code: &str) -> Option<&'static CodeInfo> {
    CODES.binary_search_by(|known| known.code.cmp(code)).ok().and_then(|index| CODES.get(index))
}

/// Codes outside the table (internal ones) are their own identifier.
pub(crate) fn id_of(code: &'static str) -> &'static str {
    code_info(code).map_or(code, |known| known.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_and_unique() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        let mut ids: Vec<_> = CODES.iter().map(|known| known.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), CODES.len());
    }
}
