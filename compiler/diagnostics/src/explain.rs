//! Long explanations of codes, kept as Markdown so that the documentation shows the same text.

/// Each part begins with a heading `## CODE`.
const TEXTS: [&str; 2] = [include_str!("../explanations/syntax.md"), include_str!("../explanations/types.md")];

/// The explanation of a code, with an example; the heading is left out.
pub fn explain(code: &str) -> Option<&'static str> {
    let heading = format!("\n## {code}\n");
    TEXTS.iter().find_map(|text| {
        let (_, rest) = text.split_once(&heading)?;
        Some(rest.split_once("\n## ").map_or(rest, |(part, _)| part).trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::CODES;

    #[test]
    fn every_code_is_explained_with_an_example() {
        for known in CODES {
            let text = explain(known.code).unwrap_or_else(|| panic!("{} is not explained", known.code));
            assert!(text.contains("```"), "{} has no example", known.code);
        }
        assert_eq!(explain("T999"), None);
        assert_eq!(explain(""), None);
    }
}
