//! Members of foreign modules that the runtime provides natively.

use super::desugar::packages::default_alias;
use super::infer::Slot;
use super::scope::Resolved;
use super::{Lowerer, Val};
use crate::hir::{Builtin, ExprKind};
use mochi_diagnostics::{Diagnostic, Span};
use mochi_syntax::{Symbol, ast};

/// A known foreign module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Module {
    Math,
    Strings,
    Os,
    TestPackage,
    /// A package of the program, by number.
    Package(usize),
    /// Imported, but nothing of it is known.
    Other,
}

/// What a member stands for.
enum Member {
    Float(f64),
    Int(i64),
    /// float → float
    FloatFunction(Builtin),
    /// (float, float) → float
    FloatFunction2(Builtin),
    /// string → string
    TextFunction(Builtin),
    Environ,
    Add,
    /// A function that always gives this text.
    Text(&'static str),
    /// (string, string) → the result
    TextTest(Builtin, Slot),
    Split,
    Join,
    Repeat,
}

fn member(module: Module, name: &str) -> Option<Member> {
    use Member::*;
    Some(match (module, name) {
        (Module::Math, "pi" | "Pi" | "PI") => Float(std::f64::consts::PI),
        (Module::Math, "e" | "E") => Float(std::f64::consts::E),
        (Module::Math, "tau") => Float(std::f64::consts::TAU),
        (Module::Math, "inf") => Float(f64::INFINITY),
        (Module::Math, "sqrt" | "Sqrt") => FloatFunction(Builtin::Sqrt),
        (Module::Math, "sin" | "Sin") => FloatFunction(Builtin::Sin),
        (Module::Math, "cos" | "Cos") => FloatFunction(Builtin::Cos),
        (Module::Math, "tan" | "Tan") => FloatFunction(Builtin::Tan),
        (Module::Math, "asin" | "Asin") => FloatFunction(Builtin::Asin),
        (Module::Math, "acos" | "Acos") => FloatFunction(Builtin::Acos),
        (Module::Math, "atan" | "Atan") => FloatFunction(Builtin::Atan),
        (Module::Math, "exp" | "Exp") => FloatFunction(Builtin::Exp),
        (Module::Math, "log" | "Log") => FloatFunction(Builtin::Log),
        (Module::Math, "log2" | "Log2") => FloatFunction(Builtin::Log2),
        (Module::Math, "log10" | "Log10") => FloatFunction(Builtin::Log10),
        (Module::Math, "floor" | "Floor") => FloatFunction(Builtin::Floor),
        (Module::Math, "ceil" | "Ceil") => FloatFunction(Builtin::Ceil),
        (Module::Math, "fabs" | "Abs") => FloatFunction(Builtin::Abs),
        (Module::Math, "pow" | "Pow") => FloatFunction2(Builtin::Pow),
        (Module::Math, "atan2" | "Atan2") => FloatFunction2(Builtin::Atan2),
        (Module::Strings, "ToUpper") => TextFunction(Builtin::Upper),
        (Module::Strings, "ToLower") => TextFunction(Builtin::Lower),
        (Module::Strings, "TrimSpace") => TextFunction(Builtin::Trim),
        (Module::Strings, "HasPrefix") => TextTest(Builtin::StartsWith, Slot::BOOL),
        (Module::Strings, "HasSuffix") => TextTest(Builtin::EndsWith, Slot::BOOL),
        (Module::Strings, "Contains") => TextTest(Builtin::Contains, Slot::BOOL),
        (Module::Strings, "Index") => TextTest(Builtin::IndexOf, Slot::INT),
        (Module::Strings, "Split") => Split,
        (Module::Strings, "Join") => Join,
        (Module::Strings, "Repeat") => Repeat,
        (Module::Os, "Getenv") => TextFunction(Builtin::GetEnv),
        (Module::Os, "Environ") => Environ,
        // The module's own constant, not an approximation of pi.
        (Module::TestPackage, "Pi") => Float(314.0 / 100.0),
        (Module::TestPackage, "Answer") => Int(42),
        (Module::TestPackage, "Add") => Add,
        (Module::TestPackage, "FifteenPuzzleExample") => {
            Text("Solution found in 52 moves: rrrulddluuuldrurdddrullulurrrddldluurddlulurruldrdrd")
        }
        (Module::TestPackage, "MD5Hex") => TextFunction(Builtin::Md5Hex),
        _ => return None,
    })
}

impl<'a> Lowerer<'a> {
    pub(crate) fn declare_import(&mut self, import: &'a ast::Import, span: Span) {
        let path = import.path.as_str().to_owned();
        let default = default_alias(import);
        let alias = import.alias.map_or(default, |alias| alias.name);
        let stem = default.as_str();
        let language = import.language.map(|language| language.as_str());
        let module = match (language, path.as_str()) {
            (Some("python" | "go"), "math") => Module::Math,
            (Some("typescript"), _) if stem == "math" => Module::Math,
            (Some("go"), "strings") => Module::Strings,
            (Some("go"), "os") => Module::Os,
            (Some("go"), _) if stem == "testpkg" => Module::TestPackage,
            (Some(_), _) => Module::Other,
            (None, _) => match self.options.packages.imports.get(&import.path.span.start) {
                Some(&package) => Module::Package(package),
                None => {
                    self.report(Diagnostic::error("M003", format!("package not found: {path}"), span));
                    Module::Other
                }
            },
        };
        self.modules.insert(alias, module);
    }

    fn module_of(&mut self, field: &ast::Field) -> Option<(Symbol, Module)> {
        let alias = field.base.as_name()?;
        let module = match self.modules.get(&alias) {
            Some(&module) => module,
            // Available without an import.
            None if alias == "strings" && matches!(field.name.as_str(), "ToUpper" | "ToLower") => Module::Strings,
            None => return None,
        };
        // A variable of that name hides the module.
        matches!(self.resolve(alias), Resolved::Unknown).then_some((alias, module))
    }

    /// What an exported name of a package has become.
    fn package_member(&mut self, package: usize, field: &ast::Field) -> Result<Symbol, Val> {
        let name = field.name.name;
        if let Some(&member) = self.packages.get(&package).and_then(|members| members.exported.get(&name)) {
            return Ok(member);
        }
        let message = format!("undefined variable: {}.{name}", field.base.as_name().map_or("", |alias| alias.as_str()));
        let help = "Only functions declared with `export fun` are visible outside their package.";
        self.report(Diagnostic::error("T002", message, field.name.span).with_help(help));
        Err(self.poison(field.name.span))
    }

    fn no_member(&mut self, alias: Symbol, name: &str, span: Span) -> Val {
        self.unsupported(&format!("foreign member `{alias}.{name}` is"), span)
    }

    pub(crate) fn module_member(&mut self, field: &'a ast::Field, span: Span) -> Option<Val> {
        let (alias, module) = self.module_of(field)?;
        if let Module::Package(package) = module {
            return Some(match self.package_member(package, field) {
                Ok(name) => self.name(name, span),
                Err(value) => value,
            });
        }
        Some(match member(module, field.name.as_str()) {
            Some(Member::Float(value)) => self.val(ExprKind::Float(value), Slot::FLOAT, span),
            Some(Member::Int(value)) => self.val(ExprKind::Int(value), Slot::INT, span),
            _ => self.no_member(alias, field.name.as_str(), span),
        })
    }

    pub(crate) fn module_call(&mut self, field: &'a ast::Field, call: &'a ast::Call, span: Span) -> Option<Val> {
        let (alias, module) = self.module_of(field)?;
        let name = field.name.as_str();
        if let Module::Package(package) = module {
            let decl = match self.package_member(package, field) {
                Ok(name) => self.functions_by_name.get(&name).copied(),
                Err(value) => return Some(value),
            };
            let args = self.args(call);
            return decl.map(|decl| self.call_decl(decl, args, span));
        }
        let args = self.args(call);
        let Some(member) = member(module, name) else { return Some(self.no_member(alias, name, span)) };
        let (builtin, params, result): (Builtin, &[Slot], Slot) = match member {
            Member::FloatFunction(builtin) => (builtin, &[Slot::FLOAT], Slot::FLOAT),
            Member::FloatFunction2(builtin) => (builtin, &[Slot::FLOAT, Slot::FLOAT], Slot::FLOAT),
            Member::TextFunction(builtin) => (builtin, &[Slot::STR], Slot::STR),
            Member::Environ => {
                let element = self.t.fresh_with(super::infer::Content::Str);
                let list = self.t.list_of(element);
                (Builtin::Environ, &[], list)
            }
            Member::TextTest(builtin, result) => (builtin, &[Slot::STR, Slot::STR], result),
            Member::Repeat => (Builtin::Repeat, &[Slot::STR, Slot::INT], Slot::STR),
            Member::Split => {
                let element = self.t.fresh_with(super::infer::Content::Str);
                let list = self.t.list_of(element);
                (Builtin::Split, &[Slot::STR, Slot::STR], list)
            }
            Member::Join => {
                let [list, separator] = <[Val; 2]>::try_from(args).ok()?;
                let element = self.t.fresh_with(super::infer::Content::Str);
                let texts = self.t.list_of(element);
                let texts = self.t.fixed_copy(texts, super::infer::Null::No);
                let args = vec![self.coerce(list, texts), self.coerce(separator, Slot::STR)];
                let kind = ExprKind::Builtin { builtin: Builtin::Join, args };
                return Some(self.val(kind, Slot::STR, span));
            }
            Member::Add => return Some(self.test_add(args, span)),
            Member::Text(text) => return Some(self.val(ExprKind::Str(text.to_string()), Slot::STR, span)),
            Member::Float(_) | Member::Int(_) => {
                return Some(self.error("T004", format!("`{name}` is not callable"), span));
            }
        };
        if args.len() != params.len() {
            let message = format!("function {alias}.{name} expects {} arguments, got {}", params.len(), args.len());
            return Some(self.error("T039", message, span));
        }
        let args = args.into_iter().zip(params).map(|(arg, param)| self.coerce(arg, *param)).collect();
        Some(self.val(ExprKind::Builtin { builtin, args }, result, span))
    }

    fn test_add(&mut self, args: Vec<Val>, span: Span) -> Val {
        let mut args = args.into_iter();
        let (Some(lhs), Some(rhs)) = (args.next(), args.next()) else {
            return self.error("T039", "function Add expects 2 arguments", span);
        };
        let (lhs, rhs) = (self.coerce(lhs, Slot::INT), self.coerce(rhs, Slot::INT));
        let kind = ExprKind::Arith { op: crate::hir::ArithOp::Add, lhs: Box::new(lhs), rhs: Box::new(rhs) };
        self.val(kind, Slot::INT, span)
    }
}
