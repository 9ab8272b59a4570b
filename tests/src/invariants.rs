//! What must hold for every text whatsoever, stage by stage: fuzzing looks for a text that breaks it, and the texts that
//! once did are tests.
//!
//! Each function panics with a message when its stage breaks a rule. None of them may take long or much stack.

use mochi_diagnostics::{Diagnostic, ErrorFormat, RenderOptions, Report, render_all};
use mochi_sema::{IntMode, LowerOptions, verify_program};
use mochi_syntax::{ParseOptions, SourceFile, TokenKind, lex, parse, verify_tree};

const DIALECTS: [ParseOptions; 2] = [ParseOptions::STRICT, ParseOptions::PERMISSIVE];

/// The tokens, comments and reports of a text cover all of it but blanks; tokens are in order and spelled as they say.
pub fn lexer(text: &str) {
    for options in DIALECTS {
        let lexed = lex(text, 0, &options);
        let last = lexed.tokens.last().expect("there is always an end");
        assert_eq!((last.kind, last.start as usize, last.end as usize), (TokenKind::Eof, text.len(), text.len()));
        let mut covered = vec![false; text.len()];
        let mut cover = |start: u32, end: u32| {
            let range = start as usize..end as usize;
            let part = text.get(range.clone()).unwrap_or_else(|| panic!("{range:?} is not a part of the text"));
            covered[range].fill(true);
            part
        };
        let mut end = 0;
        for token in &lexed.tokens {
            assert!(token.start >= end, "tokens overlap at {end}");
            end = token.end;
            let part = cover(token.start, token.end);
            match token.kind {
                TokenKind::Eof => {}
                TokenKind::Ident | TokenKind::Int | TokenKind::Float | TokenKind::Str => {
                    assert!(!part.is_empty(), "an empty {}", token.kind.text());
                }
                kind => assert_eq!(part, kind.text(), "a token is spelled otherwise"),
            }
        }
        for comment in &lexed.comments {
            cover(comment.span.start, comment.span.end);
        }
        for report in &lexed.diagnostics {
            cover(report.span.start, report.span.end);
        }
        for (offset, byte) in text.bytes().enumerate() {
            let blank = matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b';');
            assert!(covered[offset] || blank, "byte {offset} ({byte:#x}) is in no token, comment or report");
        }
    }
}

/// A text has a tree that keeps its rules, whose reports can be shown in every form.
pub fn parser(text: &str) {
    for options in DIALECTS {
        let file = SourceFile::new("fuzz.mochi", text);
        let parsed = parse(&file, &options);
        let violations = verify_tree(&file, &parsed);
        assert!(violations.is_empty(), "{violations:#?}");
        show(&file, &parsed.diagnostics);
        mochi_syntax::dump(&parsed.program);
    }
}

/// The strict checker and the lowering end with reports inside the text, and what the lowering makes keeps the rules of
/// the typed program. Which meaning of `int` is tried follows from the text.
pub fn checker(text: &str) {
    let int = [IntMode::Check, IntMode::Wrap, IntMode::Exact][text.len() % 3];
    for options in DIALECTS {
        let file = SourceFile::new("fuzz.mochi", text);
        let parsed = parse(&file, &options);
        // The compiler stops here after a syntax error; the checker alone must also bear what is left of the tree.
        show(&file, &mochi_sema::check(&parsed.program, &file));
        if parsed.has_errors() {
            continue;
        }
        match mochi_sema::lower(&parsed.program, &file, &LowerOptions { int, ..LowerOptions::default() }) {
            Err(reports) => {
                assert!(reports.iter().any(Diagnostic::is_error), "there is neither a program nor an error");
                show(&file, &reports);
            }
            Ok(lowered) => {
                show(&file, &lowered.warnings);
                show(&file, &lowered.lints);
                let violations = verify_program(&lowered.program);
                assert!(violations.is_empty(), "{violations:#?}");
                mochi_sema::print_program(&lowered.program);
            }
        }
    }
}

/// Reports point into the text, and every form of output takes them.
fn show(file: &SourceFile, reports: &[Diagnostic]) {
    for report in reports {
        for span in std::iter::once(report.span).chain(report.labels.iter().map(|label| label.span)) {
            let range = span.start as usize..span.end as usize;
            assert!(file.text().get(range.clone()).is_some(), "{} points to {range:?}, not into the text", report.code);
        }
    }
    let reports: Vec<_> = reports.iter().map(|diagnostic| Report { file, diagnostic }).collect();
    for format in [ErrorFormat::Text, ErrorFormat::Short, ErrorFormat::Json] {
        render_all(&reports, &RenderOptions { format, ..RenderOptions::default() });
    }
}
