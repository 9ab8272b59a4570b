//! How serious each finding of the strict checker is, per mode. The only place that knows.

use mochi_diagnostics::{Diagnostic, Severity};

/// `(code, in strict mode, in default mode)`. Default mode runs programs dynamically, so almost everything the strict
/// rules reject is fine there and stays silent; what remains is surely a mistake, though not one that stops a build.
const TABLE: &[(&str, Severity, Option<Severity>)] = &[
    ("T000", Severity::Error, None),
    ("T001", Severity::Error, None),
    ("T002", Severity::Error, None),
    ("T003", Severity::Error, None),
    ("T004", Severity::Error, None),
    ("T005", Severity::Error, None),
    ("T006", Severity::Error, None),
    ("T007", Severity::Error, None),
    ("T008", Severity::Error, None),
    ("T009", Severity::Error, None),
    ("T010", Severity::Error, None),
    ("T011", Severity::Error, None),
    ("T013", Severity::Error, None),
    ("T014", Severity::Error, None),
    ("T015", Severity::Error, None),
    ("T016", Severity::Error, None),
    ("T017", Severity::Error, None),
    ("T018", Severity::Error, None),
    ("T019", Severity::Error, None),
    ("T020", Severity::Error, None),
    ("T021", Severity::Error, None),
    ("T022", Severity::Error, None),
    ("T023", Severity::Error, None),
    ("T024", Severity::Error, None),
    ("T025", Severity::Error, None),
    ("T026", Severity::Error, None),
    ("T027", Severity::Error, None),
    ("T028", Severity::Error, None),
    ("T029", Severity::Error, None),
    ("T030", Severity::Error, None),
    ("T031", Severity::Error, None),
    ("T032", Severity::Error, None),
    ("T033", Severity::Error, None),
    ("T034", Severity::Error, None),
    ("T035", Severity::Error, None),
    ("T036", Severity::Error, None),
    ("T037", Severity::Error, None),
    ("T038", Severity::Error, None),
    ("T039", Severity::Error, None),
    ("T040", Severity::Error, None),
    ("T041", Severity::Error, None),
    ("T042", Severity::Error, None),
    ("T043", Severity::Error, None),
    ("T044", Severity::Error, None),
    ("T045", Severity::Error, None),
    ("T046", Severity::Error, None),
    ("T047", Severity::Error, None),
    ("T048", Severity::Error, None),
    ("T049", Severity::Error, None),
    ("T050", Severity::Error, Some(Severity::Warning)),
    ("T051", Severity::Error, None),
    ("T052", Severity::Error, None),
    ("T053", Severity::Error, None),
    ("T054", Severity::Error, Some(Severity::Warning)),
    ("T055", Severity::Error, None),
    ("T056", Severity::Error, None),
    ("T057", Severity::Error, None),
    ("T058", Severity::Error, None),
    ("T059", Severity::Error, None),
    ("T060", Severity::Error, None),
    ("T061", Severity::Error, None),
    ("T062", Severity::Error, None),
    ("T063", Severity::Error, None),
    ("T064", Severity::Error, Some(Severity::Warning)),
    ("T065", Severity::Error, Some(Severity::Warning)),
    ("T066", Severity::Error, None),
];

fn row(code: &str) -> Option<&'static (&'static str, Severity, Option<Severity>)> {
    TABLE.binary_search_by(|row| row.0.cmp(code)).ok().and_then(|index| TABLE.get(index))
}

/// Severity under `--strict`.
pub fn strict(code: &str) -> Severity {
    row(code).map_or(Severity::Error, |row| row.1)
}

/// Severity without `--strict`; `None` is silent.
pub fn permissive(code: &str) -> Option<Severity> {
    row(code).and_then(|row| row.2)
}

/// What default mode shows of the findings of [`super::check`].
pub fn for_default_mode(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings
        .into_iter()
        .filter_map(|mut finding| {
            finding.severity = permissive(finding.code)?;
            Some(finding)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_covers_every_type_code() {
        let known: Vec<_> =
            mochi_diagnostics::CODES.iter().map(|info| info.code).filter(|code| code.starts_with('T')).collect();
        let listed: Vec<_> = TABLE.iter().map(|row| row.0).collect();
        assert_eq!(known, listed);
    }

    #[test]
    fn default_mode_never_fails_a_build() {
        assert!(TABLE.iter().all(|row| row.2 != Some(Severity::Error)));
    }
}
