//! The session: source, options, reports, timings, and the stages that need no MLIR.

use crate::error::Error;
use crate::lowering;
use crate::options::{Options, Warnings};
use crate::packages;
use crate::timings::Timings;
use mochi_codegen::{Unit, Use};
use mochi_diagnostics::{Diagnostic, RenderOptions, Report, Severity, SourceFile, Span, render_all};
use mochi_pipelines::Phase;
use mochi_sema::{Packages, hir};
use mochi_syntax::{ParseOptions, Parsed};
use std::path::Path;

/// The name that reports give to a program from the command line.
const CODE_NAME: &str = "<code>";

/// One program on its way through the compiler.
pub struct Session {
    pub(crate) source: SourceFile,
    pub(crate) options: Options,
    pub(crate) timings: Timings,
    reports: Vec<Diagnostic>,
    /// The program's own text; those of its packages follow it in `source`.
    text: Span,
    /// Once they are loaded.
    packages: Option<Packages>,
    /// The line that ends a list of type errors.
    aborted: bool,
}

impl Session {
    /// Reads a program from a file.
    pub fn open(path: &Path, options: Options) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound(path.to_owned()),
            _ => Error::Io { action: format!("reading {}", path.display()), source },
        })?;
        // Spans are 32 bits wide.
        if u32::try_from(bytes.len()).is_err() {
            return Err(Error::Usage(format!("{} is larger than 4 GiB", path.display())));
        }
        let text =
            String::from_utf8(bytes).map_err(|_| Error::Usage(format!("{} is not UTF-8 text", path.display())))?;
        Ok(Self::new(SourceFile::new(path, text), options))
    }

    /// Takes a program from the command line.
    pub fn from_code(code: &str, options: Options) -> Self {
        Self::new(SourceFile::new(CODE_NAME, code), options)
    }

    fn new(source: SourceFile, options: Options) -> Self {
        tracing::info!(file = %source.name(), bytes = source.text().len(), opt = %options.opt, "session");
        let text = Span::new(0, source.text().len() as u32);
        Session {
            source,
            options,
            timings: Timings::default(),
            reports: Vec::new(),
            text,
            packages: None,
            aborted: false,
        }
    }

    /// How long the stages took so far.
    pub fn timings(&self) -> &Timings {
        &self.timings
    }

    /// Errors and warnings so far.
    pub fn reports(&self) -> &[Diagnostic] {
        &self.reports
    }

    /// The reports as they are shown.
    pub fn rendered_reports(&self) -> String {
        // A report is shown in the file that it is about.
        let moved: Vec<(SourceFile, Diagnostic)> = self
            .reports
            .iter()
            .filter_map(|diagnostic| {
                let (file, start) = self.source.file_at(diagnostic.span.start)?;
                Some((file, diagnostic.clone().moved_back(start)))
            })
            .collect();
        let reports: Vec<Report<'_>> = if moved.is_empty() {
            self.reports.iter().map(|diagnostic| Report { file: &self.source, diagnostic }).collect()
        } else {
            moved.iter().map(|(file, diagnostic)| Report { file, diagnostic }).collect()
        };
        let options =
            RenderOptions { format: self.options.error_format, color: self.options.color, ..RenderOptions::default() };
        let mut text = render_all(&reports, &options);
        if self.aborted && self.options.error_format == mochi_diagnostics::ErrorFormat::Text {
            text.push_str("aborted due to type errors\n");
        }
        text
    }

    /// Writes the reports to standard error.
    pub fn show_reports(&self) {
        eprint!("{}", self.rendered_reports());
    }

    /// Adds reports; an error among them ends the session.
    fn report(&mut self, found: Vec<Diagnostic>) -> Result<(), Error> {
        let mut failed = false;
        for mut diagnostic in found {
            if diagnostic.severity == Severity::Warning {
                match self.options.warnings {
                    Warnings::Hide => continue,
                    Warnings::Show => {}
                    Warnings::Deny => diagnostic.severity = Severity::Error,
                }
            }
            failed |= diagnostic.is_error();
            // The checker and the lowering may find the same mistake.
            if !self.reports.iter().any(|known| known.code == diagnostic.code && known.span == diagnostic.span) {
                self.reports.push(diagnostic);
            }
        }
        if failed { Err(Error::Reported) } else { Ok(()) }
    }

    /// The syntax tree of the program's own text, if it has no syntax errors.
    fn parse_text(&mut self) -> Result<Parsed, Error> {
        let options = ParseOptions { strict: self.options.strict };
        let (source, text) = (&self.source, self.text);
        let mut parsed = self.timings.measure("parse", || mochi_syntax::parse_part(source, text, &options, 0));
        self.report(std::mem::take(&mut parsed.diagnostics))?;
        Ok(parsed)
    }

    /// The syntax tree, with the packages that it imports at hand.
    fn parse(&mut self) -> Result<Parsed, Error> {
        let options = ParseOptions { strict: self.options.strict };
        let parsed = self.parse_text()?;
        if self.packages.is_none() {
            let source = &mut self.source;
            let (packages, found) =
                self.timings.measure("packages", || packages::load(source, &parsed.program, &options));
            self.packages = Some(packages);
            self.report(found)?;
        }
        Ok(parsed)
    }

    /// What the strict checker says about the tree, weighed as the mode demands.
    fn check_tree(&mut self, parsed: &Parsed) -> Result<(), Error> {
        let source = &self.source;
        let findings = self.timings.measure("check", || mochi_sema::check::check(&parsed.program, source));
        let findings =
            if self.options.strict { findings } else { mochi_sema::check::severity::for_default_mode(findings) };
        let result = self.report(findings);
        self.aborted |= result.is_err();
        result
    }

    /// Reports errors and warnings; produces nothing.
    pub fn check(&mut self) -> Result<(), Error> {
        let parsed = self.parse()?;
        self.check_tree(&parsed)?;
        let unused = self.lowered(&parsed, true)?.unused;
        self.report(unused)
    }

    /// Reports what `check` does, and every `any` that the compiler introduced.
    pub fn lint(&mut self) -> Result<(), Error> {
        let parsed = self.parse()?;
        self.check_tree(&parsed)?;
        let lints = self.lowered(&parsed, false)?.lints;
        self.report(lints)
    }

    /// The names of the program's test blocks, in order.
    pub fn test_names(&mut self) -> Result<Vec<String>, Error> {
        let parsed = self.parse()?;
        self.check_tree(&parsed)?;
        Ok(mochi_sema::tests(&parsed.program).into_iter().map(|test| test.name).collect())
    }

    fn lower(&mut self, parsed: &Parsed) -> Result<hir::Program, Error> {
        Ok(self.lowered(parsed, false)?.program)
    }

    /// The typed program with its lints, which are not reported yet.
    fn lowered(&mut self, parsed: &Parsed, unused: bool) -> Result<mochi_sema::Lowered, Error> {
        let options = mochi_sema::LowerOptions {
            int: self.options.int,
            test: self.options.only_test,
            unused,
            packages: self.packages.clone().unwrap_or_default(),
        };
        let source = &self.source;
        match self.timings.measure("types", || mochi_sema::lower(&parsed.program, source, &options)) {
            Ok(mut lowered) => {
                self.report(std::mem::take(&mut lowered.warnings))?;
                Ok(lowered)
            }
            Err(found) => {
                let known = !found.is_empty();
                self.report(found)?;
                // Nothing was an error, yet there is no program: not the user's doing.
                if known { Err(Error::Reported) } else { Err(Error::Internal("no typed program".to_owned())) }
            }
        }
    }

    /// The typed program.
    pub(crate) fn typed(&mut self) -> Result<hir::Program, Error> {
        let parsed = self.parse()?;
        self.check_tree(&parsed)?;
        self.lower(&parsed)
    }

    /// The program in one of its phases: text, or the bytes of an object.
    pub fn emit(&mut self, phase: Phase) -> Result<Vec<u8>, Error> {
        match phase {
            Phase::Ast => {
                // The tree shows imports; it does not need what they name.
                let parsed = self.parse_text()?;
                Ok(mochi_syntax::dump(&parsed.program).into_bytes())
            }
            Phase::Types => Ok(mochi_sema::print_program(&self.typed()?).into_bytes()),
            Phase::Mochi | Phase::MochiOpt | Phase::Affine | Phase::Scf | Phase::Llvm => {
                lowering::print(self, phase).map(String::into_bytes)
            }
            Phase::LlvmIr => Ok(self.optimized(Use::Executable)?.llvm_ir().into_bytes()),
            Phase::Asm => {
                let unit = self.optimized(Use::Executable)?;
                self.timings.measure("codegen", || unit.assembly()).map_err(Error::from)
            }
            Phase::Obj => self.object(Use::Executable),
            Phase::Exe => Err(Error::Usage("an executable goes to a file".to_owned())),
        }
    }

    /// The program as LLVM IR, the runtime linked in, optimised.
    fn optimized(&mut self, purpose: Use) -> Result<Unit, Error> {
        let options = self.options.codegen(purpose);
        let mut unit = lowering::translate(self, &options)?;
        self.timings.measure("runtime", || unit.link_runtime())?;
        self.timings.measure("optimize", || unit.optimize())?;
        Ok(unit)
    }

    fn object(&mut self, purpose: Use) -> Result<Vec<u8>, Error> {
        let unit = self.optimized(purpose)?;
        Ok(self.timings.measure("codegen", || unit.object())?)
    }

    /// Compiles and links.
    pub fn build_executable(&mut self, output: &Path) -> Result<(), Error> {
        let object = self.object(Use::Executable)?;
        let options = self.options.codegen(Use::Executable);
        self.timings.measure("link", || mochi_codegen::link(&object, output, &options))?;
        Ok(())
    }

    /// Compiles for this process.
    pub fn prepare_run(&mut self) -> Result<Prepared, Error> {
        let object = self.object(Use::Jit)?;
        Ok(Prepared { object, name: self.source.name(), options: self.options.codegen(Use::Jit) })
    }
}

/// A compiled program that waits to be run.
pub struct Prepared {
    object: Vec<u8>,
    name: String,
    options: mochi_codegen::Options,
}

impl Prepared {
    /// Runs the program in this process; a run-time error ends the process.
    pub fn run(&self) -> Result<i32, Error> {
        use std::io::Write as _;
        // The program writes past Rust's buffer.
        let _ = std::io::stdout().flush();
        Ok(mochi_codegen::run(&self.object, &self.name, &self.options)?)
    }
}
