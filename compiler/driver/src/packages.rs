//! Finds, reads and parses the packages that a program imports.
//!
//! `import "./a"` is relative to the importing file; other paths are looked for next to that file and in the folders above
//! it, then in the working directory. A path names a folder, whose files make one package, or a file, with or without its
//! extension.

use mochi_diagnostics::{Diagnostic, SourceFile, Span};
use mochi_sema::{Package, Packages};
use mochi_syntax::{ParseOptions, ast, parse_part};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

const EXTENSION: &str = "mochi";

/// All packages that `program` needs, directly or not. Their texts become parts of `source`.
pub(crate) fn load(
    source: &mut SourceFile,
    program: &ast::Program,
    options: &ParseOptions,
) -> (Packages, Vec<Diagnostic>) {
    let importer = source.path().to_owned();
    let mut loader = Loader {
        main: importer.canonicalize().ok(),
        source,
        options,
        known: HashMap::new(),
        packages: Packages::default(),
        reports: Vec::new(),
    };
    loader.next_expr(program.expr_count);
    loader.imports(&importer, &program.statements);
    (loader.packages, loader.reports)
}

struct Loader<'s> {
    /// Canonical place of the program.
    main: Option<PathBuf>,
    source: &'s mut SourceFile,
    options: &'s ParseOptions,
    /// Canonical places of the packages that are loaded or being loaded.
    known: HashMap<PathBuf, usize>,
    packages: Packages,
    reports: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn next_expr(&mut self, count: u32) {
        self.packages.expr_count = self.packages.expr_count.max(count);
    }

    fn imports(&mut self, importer: &Path, statements: &[ast::Stmt]) {
        for stmt in statements {
            let ast::StmtKind::Import(import) = &stmt.kind else { continue };
            if import.language.is_some() {
                continue;
            }
            let path = import.path.as_str().to_owned();
            let span = import.path.span;
            if path.is_empty() {
                self.report("an import needs a path".to_owned(), span);
                continue;
            }
            match find(importer, &path) {
                Some(place) => {
                    let number = self.package(&place, span);
                    self.packages.imports.insert(span.start, number);
                }
                None => self.report(format!("package not found: {path}"), span),
            }
        }
    }

    fn report(&mut self, message: String, span: Span) {
        let help =
            "A package is a folder of `.mochi` files or one such file; `./` is the folder of the importing file.";
        self.reports.push(Diagnostic::error("M003", message, span).with_help(help));
    }

    fn package(&mut self, place: &Path, span: Span) -> usize {
        let canonical = place.canonicalize().unwrap_or_else(|_| place.to_owned());
        if let Some(&number) = self.known.get(&canonical) {
            return number;
        }
        let number = self.packages.packages.len();
        self.known.insert(canonical, number);
        let name = place.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        self.packages.packages.push(Package { name, files: Vec::new() });
        let files = match files(place) {
            Ok(files) => files,
            Err(error) => {
                self.report(format!("reading package {}: {error}", place.display()), span);
                return number;
            }
        };
        for file in files {
            // Its statements would run twice.
            if self.main.is_some() && file.canonicalize().ok() == self.main {
                self.report(format!("the program cannot be a package of its own: {}", file.display()), span);
                continue;
            }
            let program = match std::fs::read_to_string(&file) {
                Ok(text) => self.parse(&file, &text, span),
                Err(error) => {
                    self.report(format!("reading {}: {error}", file.display()), span);
                    continue;
                }
            };
            let Some(program) = program else { continue };
            self.imports(&file, &program.statements);
            if let Some(package) = self.packages.packages.get_mut(number) {
                package.files.push(program);
            }
        }
        number
    }

    fn parse(&mut self, file: &Path, text: &str, span: Span) -> Option<ast::Program> {
        if u32::try_from(self.source.text().len() + text.len()).is_err() {
            self.report("the program is larger than 4 GiB".to_owned(), span);
            return None;
        }
        let part = self.source.append(file, text);
        let parsed = parse_part(self.source, part, self.options, self.packages.expr_count);
        self.next_expr(parsed.program.expr_count);
        self.reports.extend(parsed.diagnostics);
        Some(parsed.program)
    }
}

/// Where an import leads.
fn find(importer: &Path, path: &str) -> Option<PathBuf> {
    let folder = importer.parent().unwrap_or(Path::new(""));
    if path.starts_with("./") || path.starts_with("../") || Path::new(path).is_absolute() {
        return existing(&folder.join(path.trim_start_matches("./")));
    }
    if let Some(place) = existing(&folder.join(path)) {
        return Some(place);
    }
    let absolute = if folder.as_os_str().is_empty() { Path::new(".") } else { folder }.canonicalize().ok()?;
    absolute.ancestors().skip(1).find_map(|folder| existing(&folder.join(path))).or_else(|| existing(Path::new(path)))
}

fn existing(place: &Path) -> Option<PathBuf> {
    if place.is_dir() || place.is_file() {
        return Some(place.to_owned());
    }
    let mut name = place.file_name()?.to_owned();
    name.push(".");
    name.push(EXTENSION);
    let file = place.with_file_name(name);
    file.is_file().then_some(file)
}

/// The files of a package, in the order of their names.
fn files(place: &Path) -> std::io::Result<Vec<PathBuf>> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(place)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_some_and(|extension| extension == EXTENSION) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
