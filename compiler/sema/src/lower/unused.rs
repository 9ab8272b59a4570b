//! Mistakes in functions that nothing calls.
//!
//! Functions are lowered for their uses, so one without uses is never looked at. A second run gives each of them a use with
//! the types that its parameters are declared with. Its program is thrown away: a function that is not part of the program
//! cannot make it wrong, so what is found there are warnings.

use super::function::NO_PARENT;
use super::{Body, InstKey, Lowerer, desugar};
use mochi_diagnostics::{Diagnostic, Severity, Span};
use std::collections::HashSet;

impl Lowerer<'_> {
    /// Functions and methods of the source that no instance was made of. Generic ones, and those with
    /// parameters without types, are left out.
    fn unused(&self) -> Vec<u32> {
        let used: HashSet<u32> = self.insts.iter().map(|inst| inst.decl).collect();
        let end = self.source.text().len() as u32;
        let methods = self.record_infos.iter().flat_map(|record| record.methods.values());
        let mut unused: Vec<u32> = self.functions_by_name.values().chain(methods).copied().collect();
        unused.retain(|&decl| {
            let node = &self.decls[decl as usize];
            let is_written = node.span.end <= end && matches!(node.body, Body::Block(_) | Body::Expr(_));
            // Without a use nobody knows what the other parameters are.
            let is_typed = node.signature.params.iter().all(|param| param.ty.is_some());
            is_written && is_typed && !used.contains(&decl) && !self.is_generic(decl)
        });
        unused.sort_unstable();
        unused.dedup();
        unused
    }

    /// A use of each of the functions that the second run adds.
    pub(super) fn walk_extra(&mut self) {
        for decl in self.extra.clone() {
            let inst = self.instance_at(InstKey { decl, parent: NO_PARENT, signature: Vec::new(), site: None });
            self.use_function(inst);
        }
    }
}

/// What is wrong in functions that nothing calls, as warnings. `first` has lowered the program without errors.
pub(super) fn check(first: &Lowerer<'_>, desugared: &desugar::Desugared) -> Vec<Diagnostic> {
    let unused = first.unused();
    if unused.is_empty() {
        return Vec::new();
    }
    let spans: Vec<Span> = unused.iter().map(|&decl| first.decls[decl as usize].span).collect();
    let mut copied = first.copied.clone();
    let found = loop {
        let mut second = Lowerer::new(first.program, first.source, first.options.clone(), copied.clone());
        second.extra.clone_from(&unused);
        second.take_names(desugared);
        let result = second.run();
        if second.new_copied.is_empty() {
            break result.map_or_else(|found| found, |lowered| lowered.warnings);
        }
        copied.extend(second.new_copied);
    };
    let is_inside = |report: &Diagnostic| spans.iter().any(|span| span.contains(report.span.start));
    let found = found.into_iter().filter(is_inside);
    found.map(|report| Diagnostic { severity: Severity::Warning, ..report }).collect()
}
