//! Typed programs as text, for people and tests. Every implicit conversion shows as `kind(value: type)`.

use crate::hir::*;
use crate::ty::{Ty, TyKind};
use std::fmt::Write;

/// The whole program as text.
pub fn print_program(program: &Program) -> String {
    let mut printer = Printer { program, function: None, out: String::new(), depth: 0 };
    printer.program();
    printer.out
}

struct Printer<'p> {
    program: &'p Program,
    function: Option<&'p Function>,
    out: String,
    depth: usize,
}

impl<'p> Printer<'p> {
    fn program(&mut self) {
        for (index, record) in self.program.records.iter().enumerate() {
            let name = if record.anonymous { format!("#{index}") } else { record.name.clone() };
            let fields = self.fields(&record.fields);
            self.line(&format!("record {name} {{ {fields} }}"));
        }
        for union in &self.program.unions {
            let variants: Vec<String> = union
                .variants
                .iter()
                .map(|variant| format!("{}({})", variant.name, self.fields(&variant.fields)))
                .collect();
            self.line(&format!("union {} = {}", union.name, variants.join(" | ")));
        }
        for global in &self.program.globals {
            let word = if global.mutable { "var" } else { "let" };
            self.line(&format!("global {word} {}: {}", global.name, self.ty(global.ty)));
        }
        for function in &self.program.functions {
            self.function(function);
        }
    }

    fn fields(&self, fields: &[Field]) -> String {
        let fields: Vec<String> = fields.iter().map(|field| format!("{}: {}", field.name, self.ty(field.ty))).collect();
        fields.join(", ")
    }

    fn function(&mut self, function: &'p Function) {
        self.function = Some(function);
        let params: Vec<String> = function.params.iter().map(|param| self.typed_local(*param)).collect();
        let mut head = format!("fun {}({}): {}", function.symbol, params.join(", "), self.ty(function.result));
        if !function.captures.is_empty() {
            let captures: Vec<String> = function.captures.iter().map(|capture| self.typed_local(*capture)).collect();
            let _ = write!(head, " captures ({})", captures.join(", "));
        }
        self.line(&format!("{head} {{"));
        self.block(&function.body);
        self.line("}");
        self.function = None;
    }

    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn local(&self, id: LocalId) -> String {
        match self.function.and_then(|function| function.locals.get(id.0 as usize)) {
            Some(local) if local.name.is_empty() => format!("${}", id.0),
            Some(local) => {
                let clash = self.function.is_some_and(|function| {
                    function.locals.iter().filter(|other| other.name == local.name).count() > 1
                });
                if clash { format!("{}${}", local.name, id.0) } else { local.name.clone() }
            }
            None => format!("?{}", id.0),
        }
    }

    fn typed_local(&self, id: LocalId) -> String {
        let local = self.function.and_then(|function| function.locals.get(id.0 as usize));
        let ty = local.map_or(Ty::ANY, |local| local.ty);
        let cell = if local.is_some_and(|local| local.storage == Storage::Cell) { "cell " } else { "" };
        format!("{cell}{}: {}", self.local(id), self.ty(ty))
    }

    fn ty(&self, ty: Ty) -> String {
        match self.program.types.kind(ty) {
            TyKind::Unit => "unit".into(),
            TyKind::Int => "int".into(),
            TyKind::Float => "float".into(),
            TyKind::Bool => "bool".into(),
            TyKind::Str => "string".into(),
            TyKind::BigInt => "bigint".into(),
            TyKind::BigRat => "bigrat".into(),
            TyKind::Any => "any".into(),
            TyKind::Option(payload) => format!("{}?", self.ty(*payload)),
            TyKind::List(element) => format!("list<{}>", self.ty(*element)),
            TyKind::Map(key, value) => format!("map<{}, {}>", self.ty(*key), self.ty(*value)),
            TyKind::Record(id) => match self.program.records.get(id.0 as usize) {
                Some(record) if !record.anonymous => record.name.clone(),
                _ => format!("#{}", id.0),
            },
            TyKind::Union(id) => self.program.unions.get(id.0 as usize).map_or("?".into(), |union| union.name.clone()),
            TyKind::Fn(params, result) => {
                let params: Vec<String> = params.iter().map(|param| self.ty(*param)).collect();
                format!("fun({}): {}", params.join(", "), self.ty(*result))
            }
        }
    }

    fn block(&mut self, block: &'p Block) {
        self.depth += 1;
        for stmt in &block.stmts {
            self.stmt(stmt);
        }
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: &'p Stmt) {
        match &stmt.kind {
            StmtKind::Let { local, init } => {
                let local = self.typed_local(*local);
                match init {
                    Some(init) => {
                        let init = self.expr(init);
                        self.line(&format!("let {local} = {init}"));
                    }
                    None => self.line(&format!("let {local}")),
                }
            }
            StmtKind::Assign { place, value } => {
                let place = self.place(place);
                let value = self.expr(value);
                self.line(&format!("{place} = {value}"));
            }
            StmtKind::Expr(value) => {
                let value = self.expr(value);
                self.line(&value);
            }
            StmtKind::If { cond, then, els } => {
                let cond = self.expr(cond);
                self.line(&format!("if {cond} {{"));
                self.block(then);
                if !els.stmts.is_empty() {
                    self.line("} else {");
                    self.block(els);
                }
                self.line("}");
            }
            StmtKind::While { cond, body } => {
                let cond = self.expr(cond);
                self.nested(&format!("while {cond}"), body);
            }
            StmtKind::ForRange { local, start, end, body } => {
                let (start, end) = (self.expr(start), self.expr(end));
                let head = format!("for {} in {start}..{end}", self.typed_local(*local));
                self.nested(&head, body);
            }
            StmtKind::ForEach { local, iterable, body } => {
                let iterable = self.expr(iterable);
                let head = format!("for {} in {iterable}", self.typed_local(*local));
                self.nested(&head, body);
            }
            StmtKind::Return(Some(value)) => {
                let value = self.expr(value);
                self.line(&format!("return {value}"));
            }
            StmtKind::Return(None) => self.line("return"),
            StmtKind::Break => self.line("break"),
            StmtKind::Continue => self.line("continue"),
            StmtKind::Expect { cond } => {
                let cond = self.expr(cond);
                self.line(&format!("expect {cond}"));
            }
            StmtKind::Bench { name, body } => self.nested(&format!("bench {name:?}"), body),
            StmtKind::Block(body) => self.nested("", body),
        }
    }

    fn nested(&mut self, head: &str, body: &'p Block) {
        self.line(format!("{head} {{").trim_start());
        self.block(body);
        self.line("}");
    }

    fn place(&mut self, place: &'p Place) -> String {
        match place {
            Place::Local(local) => self.local(*local),
            Place::Global(id) => self.global(*id),
            Place::Index { base, index, .. } => format!("{}[{}]", self.expr(base), self.expr(index)),
            Place::Field { base, field, .. } => format!("{}.{}", self.expr(base), self.field(base.ty, *field)),
            Place::AnyField { base, name, .. } => format!("{}.{name}", self.expr(base)),
        }
    }

    fn global(&self, id: GlobalId) -> String {
        self.program.globals.get(id.0 as usize).map_or("?".into(), |global| format!("@{}", global.name))
    }

    fn function_name(&self, id: FuncId) -> String {
        self.program.functions.get(id.0 as usize).map_or("?".into(), |function| function.symbol.clone())
    }

    fn field(&self, base: Ty, field: u32) -> String {
        let TyKind::Record(id) = self.program.types.kind(base) else { return format!("{field}") };
        self.program
            .records
            .get(id.0 as usize)
            .and_then(|record| record.fields.get(field as usize))
            .map_or(format!("{field}"), |field| field.name.clone())
    }

    fn exprs(&mut self, exprs: &'p [Expr]) -> String {
        let texts: Vec<String> = exprs.iter().map(|expr| self.expr(expr)).collect();
        texts.join(", ")
    }

    fn expr(&mut self, expr: &'p Expr) -> String {
        match &expr.kind {
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Float(value) => format!("{value:?}"),
            ExprKind::Bool(value) => value.to_string(),
            ExprKind::Str(value) => format!("{value:?}"),
            ExprKind::BigInt(digits) => format!("{digits}n"),
            ExprKind::Null => "null".into(),
            ExprKind::Unit => "unit".into(),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Global(id) => self.global(*id),
            ExprKind::Function(func) => format!("&{}", self.function_name(*func)),
            ExprKind::CurrentClosure => "self_closure".into(),
            ExprKind::Neg(value) => format!("-{}", self.expr(value)),
            ExprKind::Not(value) => format!("!{}", self.expr(value)),
            ExprKind::Arith { op, lhs, rhs } => self.infix(lhs, arith(*op), rhs),
            ExprKind::Compare { op, lhs, rhs } => self.infix(lhs, compare(*op), rhs),
            ExprKind::And { lhs, rhs } => self.infix(lhs, "&&", rhs),
            ExprKind::Or { lhs, rhs } => self.infix(lhs, "||", rhs),
            ExprKind::Coalesce { lhs, rhs } => self.infix(lhs, "??", rhs),
            ExprKind::Truth(value) => format!("truth({})", self.expr(value)),
            ExprKind::In { needle, haystack } => self.infix(needle, "in", haystack),
            ExprKind::Convert { kind, value } => {
                let name = format!("{kind:?}").to_lowercase();
                let text = self.expr(value);
                match kind {
                    Conversion::Some | Conversion::ToAny | Conversion::Unwrap => format!("{name}({text})"),
                    _ => format!("{name}<{}>({text})", self.ty(expr.ty)),
                }
            }
            ExprKind::Call { func, args } => format!("{}({})", self.function_name(*func), self.exprs(args)),
            ExprKind::CallClosure { callee, args } => {
                format!("call {}({})", self.expr(callee), self.exprs(args))
            }
            ExprKind::Builtin { builtin, args } => format!("%{builtin:?}({})", self.exprs(args)),
            ExprKind::Closure { func, captures } => {
                let captures: Vec<String> = captures.iter().map(|capture| self.local(*capture)).collect();
                format!("&{}[{}]", self.function_name(*func), captures.join(", "))
            }
            ExprKind::List(items) if items.is_empty() => format!("[]: {}", self.ty(expr.ty)),
            ExprKind::List(items) => format!("[{}]", self.exprs(items)),
            ExprKind::Map(entries) if entries.is_empty() => format!("{{}}: {}", self.ty(expr.ty)),
            ExprKind::Map(entries) => {
                let entries: Vec<String> =
                    entries.iter().map(|(key, value)| format!("{}: {}", self.expr(key), self.expr(value))).collect();
                format!("{{{}}}", entries.join(", "))
            }
            ExprKind::Record { fields, .. } => {
                let texts: Vec<String> = fields
                    .iter()
                    .enumerate()
                    .map(|(index, field)| format!("{}: {}", self.field(expr.ty, index as u32), self.expr(field)))
                    .collect();
                format!("{} {{ {} }}", self.ty(expr.ty), texts.join(", "))
            }
            ExprKind::Variant { union, variant, fields, .. } => {
                let name = self
                    .program
                    .unions
                    .get(union.0 as usize)
                    .and_then(|union| union.variants.get(*variant as usize))
                    .map_or("?".into(), |variant| variant.name.clone());
                format!("{name}({})", self.exprs(fields))
            }
            _ => self.compound(expr),
        }
    }

    fn compound(&mut self, expr: &'p Expr) -> String {
        match &expr.kind {
            ExprKind::Index { base, index } => format!("{}[{}]", self.expr(base), self.expr(index)),
            ExprKind::Slice { base, start, end } => {
                let start = start.as_ref().map(|bound| self.expr(bound)).unwrap_or_default();
                let end = end.as_ref().map(|bound| self.expr(bound)).unwrap_or_default();
                format!("{}[{start}:{end}]", self.expr(base))
            }
            ExprKind::Field { base, field } => {
                format!("{}.{}", self.expr(base), self.field(base.ty, *field))
            }
            ExprKind::AnyField { base, name } => format!("{}.{name}", self.expr(base)),
            ExprKind::If { cond, then, els } => {
                format!("(if {} then {} else {})", self.expr(cond), self.expr(then), self.expr(els))
            }
            ExprKind::Match { scrutinee, arms, exhaustive } => {
                let scrutinee = self.expr(scrutinee);
                let arms: Vec<String> = arms
                    .iter()
                    .map(|arm| {
                        let pattern = self.pattern(&arm.pattern);
                        format!("{pattern} => {}", self.expr(&arm.body))
                    })
                    .collect();
                let open = if *exhaustive { "" } else { " or null" };
                format!("match {scrutinee} {{ {} }}{open}", arms.join("; "))
            }
            ExprKind::Block { block, value } => {
                let outer = std::mem::take(&mut self.out);
                let depth = std::mem::take(&mut self.depth);
                for stmt in &block.stmts {
                    self.stmt(stmt);
                }
                let text = std::mem::replace(&mut self.out, outer);
                self.depth = depth;
                let lines: Vec<&str> = text.lines().map(str::trim).collect();
                let text = lines.join("; ").replace("{; ", "{ ").replace("; }", " }");
                format!("{{ {text}; {} }}", self.expr(value))
            }
            ExprKind::IsNull(value) => format!("isnull({})", self.expr(value)),
            ExprKind::IsVariant { value, variant } => format!("isvariant<{variant}>({})", self.expr(value)),
            other => format!("{other:?}"),
        }
    }

    fn pattern(&mut self, pattern: &'p Pattern) -> String {
        match pattern {
            Pattern::Wildcard => "_".into(),
            Pattern::Bind(local) => self.typed_local(*local),
            Pattern::Value(value) => self.expr(value),
            Pattern::Null => "null".into(),
            Pattern::Some(inner) => format!("some({})", self.pattern(inner)),
            Pattern::Variant { variant, fields } => {
                let fields: Vec<String> = fields.iter().map(|field| self.pattern(field)).collect();
                format!("#{variant}({})", fields.join(", "))
            }
        }
    }

    fn infix(&mut self, lhs: &'p Expr, op: &str, rhs: &'p Expr) -> String {
        format!("({} {op} {})", self.expr(lhs), self.expr(rhs))
    }
}

fn arith(op: ArithOp) -> &'static str {
    match op {
        ArithOp::Add => "+",
        ArithOp::Sub => "-",
        ArithOp::Mul => "*",
        ArithOp::Div => "/",
        ArithOp::Rem => "%",
        ArithOp::WrappingAdd => "+%",
    }
}

fn compare(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "==",
        CompareOp::Ne => "!=",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}
