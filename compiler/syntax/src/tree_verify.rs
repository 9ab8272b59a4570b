//! Checks that a tree keeps the rules that its definition states: spans lie inside each other and inside the text,
//! expressions are numbered once, and erroneous parts come with an error. Later stages rely on them; tests and fuzzing run
//! this on every text they parse.

use crate::ast::*;
use crate::{Parsed, SourceFile, Span};

/// Everything that is wrong with a tree, its reports and its comments; empty for a correct result.
pub fn verify_tree(file: &SourceFile, parsed: &Parsed) -> Vec<String> {
    let program = &parsed.program;
    let seen = vec![false; program.expr_count as usize];
    let mut walk = Walk { text: file.text(), seen, errors: 0, violations: Vec::new() };
    let whole = Span::new(0, file.text().len() as u32);
    walk.inside("the program", program.span, whole);
    if let Some(package) = &program.package {
        walk.inside("the package", package.span, program.span);
        walk.inside("the package's name", package.name.span, package.span);
    }
    walk.statements(&program.statements, program.span);
    for comment in &parsed.comments {
        walk.inside("a comment", comment.span, whole);
    }
    for report in &parsed.diagnostics {
        walk.inside(report.code, report.span, whole);
        report.labels.iter().for_each(|label| walk.inside("a label", label.span, whole));
        report.fix.iter().for_each(|fix| walk.inside("a fix", fix.span, whole));
    }
    if walk.errors > 0 && !parsed.has_errors() {
        walk.violations.push("error nodes without a report".to_owned());
    }
    walk.violations
}

struct Walk<'a> {
    text: &'a str,
    seen: Vec<bool>,
    errors: usize,
    violations: Vec<String>,
}

impl Walk<'_> {
    fn inside(&mut self, what: &str, inner: Span, outer: Span) {
        let fits = outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end;
        if !fits {
            self.violations.push(format!("{what} at {inner:?} is not inside {outer:?}"));
        } else if self.text.get(inner.start as usize..inner.end as usize).is_none() {
            self.violations.push(format!("{what} at {inner:?} splits a character"));
        }
    }

    fn number(&mut self, id: ExprId, span: Span) {
        match self.seen.get_mut(id.index()) {
            Some(seen) if !*seen => *seen = true,
            Some(_) => self.violations.push(format!("{id:?} at {span:?} occurs twice")),
            None => self.violations.push(format!("{id:?} at {span:?} is beyond the count")),
        }
    }

    fn name(&mut self, name: &Ident, outer: Span) {
        self.inside("a name", name.span, outer);
    }

    fn string(&mut self, literal: &StringLiteral, outer: Span) {
        self.inside("a string", literal.span, outer);
    }

    fn statements(&mut self, statements: &[Stmt], outer: Span) {
        let mut end = outer.start;
        for statement in statements {
            self.inside("a statement", statement.span, outer);
            if statement.span.start < end {
                self.violations.push(format!("the statement at {:?} begins before {end}", statement.span));
            }
            end = statement.span.end;
            self.statement(statement);
        }
    }

    fn block(&mut self, block: &Block, outer: Span) {
        self.inside("a block", block.span, outer);
        self.statements(&block.statements, block.span);
    }

    fn statement(&mut self, statement: &Stmt) {
        let span = statement.span;
        match &statement.kind {
            StmtKind::Error => self.errors += 1,
            StmtKind::Break | StmtKind::Continue => {}
            StmtKind::Expr(expr) | StmtKind::Expect(expr) => self.expr(expr, span),
            StmtKind::Return(value) => value.iter().for_each(|value| self.expr(value, span)),
            StmtKind::Binding(binding) => {
                self.name(&binding.name, span);
                self.optional_type(binding.ty.as_ref(), span);
                self.optional(binding.value.as_ref(), span);
            }
            StmtKind::Assign(assign) => {
                self.expr(&assign.target, span);
                self.inside("`=`", assign.eq_span, span);
                self.expr(&assign.value, span);
            }
            StmtKind::Fun(fun) => self.function(fun, span),
            StmtKind::If(first) => self.if_chain(first, span),
            StmtKind::While(part) => {
                self.expr(&part.condition, span);
                self.block(&part.body, span);
            }
            StmtKind::For(part) => {
                self.name(&part.name, span);
                self.expr(&part.source, span);
                self.optional(part.range_end.as_ref(), span);
                self.block(&part.body, span);
            }
            StmtKind::Test(part) | StmtKind::Bench(part) => {
                self.string(&part.name, span);
                self.block(&part.body, span);
            }
            StmtKind::FetchInto(part) => {
                self.expr(&part.fetch.url, span);
                self.optional(part.fetch.options.as_ref(), span);
                self.name(&part.target, span);
            }
            StmtKind::Update(part) => {
                self.name(&part.target, span);
                self.expr(&part.changes, span);
                self.optional(part.filter.as_ref(), span);
            }
            _ => self.declaration(&statement.kind, span),
        }
    }

    fn if_chain(&mut self, first: &IfStmt, outer: Span) {
        let mut part = first;
        loop {
            self.inside("`if`", part.span, outer);
            self.expr(&part.condition, part.span);
            self.block(&part.then_block, part.span);
            match &part.else_branch {
                Some(ElseBranch::If(next)) => part = next,
                Some(ElseBranch::Block(block)) => break self.block(block, part.span),
                None => break,
            }
        }
    }

    fn declaration(&mut self, kind: &StmtKind, span: Span) {
        match kind {
            StmtKind::Type(part) => {
                self.name(&part.name, span);
                self.type_body(&part.body, span);
            }
            StmtKind::Stream(part) => {
                self.name(&part.name, span);
                self.field_decls(&part.fields, span);
            }
            StmtKind::Model(part) => {
                self.name(&part.name, span);
                self.field_inits(&part.fields, span);
            }
            StmtKind::Agent(part) => {
                self.name(&part.name, span);
                for member in &part.members {
                    match member {
                        AgentMember::Stmt(inner) => {
                            self.inside("a member", inner.span, span);
                            self.statement(inner);
                        }
                        AgentMember::Intent(intent) => self.function(intent, span),
                    }
                }
            }
            StmtKind::Import(part) => {
                self.string(&part.path, span);
                part.language.iter().chain(&part.alias).for_each(|name| self.name(name, span));
                part.auto.iter().for_each(|word| self.inside("`auto`", *word, span));
            }
            StmtKind::Extern(part) => self.external(part, span),
            StmtKind::Fact(predicate) => self.predicate(predicate, span),
            StmtKind::Rule(rule) => {
                self.predicate(&rule.head, span);
                for condition in &rule.body {
                    match condition {
                        RuleCondition::Predicate(predicate) => self.predicate(predicate, span),
                        RuleCondition::NotEqual { left, right } => {
                            self.name(left, span);
                            self.name(right, span);
                        }
                    }
                }
            }
            StmtKind::On(part) => {
                self.name(&part.stream, span);
                self.name(&part.alias, span);
                self.block(&part.body, span);
            }
            StmtKind::Emit(part) => {
                self.name(&part.stream, span);
                self.field_inits(&part.fields, span);
            }
            _ => {}
        }
    }

    fn external(&mut self, part: &Extern, span: Span) {
        match part {
            Extern::Type { name } | Extern::Object { name } => self.name(name, span),
            Extern::Var { path, ty, .. } => {
                path.iter().for_each(|name| self.name(name, span));
                self.type_expr(ty, span);
            }
            Extern::Fun { path, params, result } => {
                path.iter().for_each(|name| self.name(name, span));
                self.params(params, span);
                self.optional_type(result.as_ref(), span);
            }
        }
    }

    fn predicate(&mut self, predicate: &Predicate, outer: Span) {
        self.inside("a predicate", predicate.span, outer);
        self.name(&predicate.name, predicate.span);
        for term in &predicate.terms {
            self.inside("a term", term.span(), predicate.span);
        }
    }

    fn type_body(&mut self, body: &TypeBody, span: Span) {
        match body {
            TypeBody::Struct(members) => {
                for member in members {
                    match member {
                        StructMember::Field(field) => self.field_decls(std::slice::from_ref(field), span),
                        StructMember::Method(method) => self.function(method, span),
                    }
                }
            }
            TypeBody::Union(variants) => {
                for variant in variants {
                    self.inside("a variant", variant.span, span);
                    self.name(&variant.name, variant.span);
                    self.field_decls(&variant.fields, variant.span);
                }
            }
            TypeBody::Alias(ty) => self.type_expr(ty, span),
            TypeBody::Error => self.errors += 1,
        }
    }

    fn field_decls(&mut self, fields: &[FieldDecl], outer: Span) {
        for field in fields {
            self.inside("a field", field.span, outer);
            self.name(&field.name, field.span);
            self.type_expr(&field.ty, field.span);
        }
    }

    fn field_inits(&mut self, fields: &[FieldInit], outer: Span) {
        for field in fields {
            self.inside("a field", field.span, outer);
            self.name(&field.name, field.span);
            self.expr(&field.value, field.span);
        }
    }

    fn function(&mut self, fun: &FunDecl, outer: Span) {
        self.inside("a function", fun.span, outer);
        self.name(&fun.name, fun.span);
        fun.export.iter().for_each(|word| self.inside("`export`", *word, fun.span));
        self.signature(&fun.signature, fun.span);
        self.block(&fun.body, fun.span);
    }

    fn signature(&mut self, signature: &Signature, outer: Span) {
        signature.type_params.iter().for_each(|name| self.name(name, outer));
        self.params(&signature.params, outer);
        self.optional_type(signature.result.as_ref(), outer);
        if let Some(effects) = &signature.effects {
            self.inside("effects", effects.span, outer);
            effects.labels.iter().for_each(|name| self.name(name, effects.span));
        }
    }

    fn params(&mut self, params: &[Param], outer: Span) {
        for param in params {
            self.inside("a parameter", param.span, outer);
            self.name(&param.name, param.span);
            self.optional_type(param.ty.as_ref(), param.span);
        }
    }

    fn optional_type(&mut self, ty: Option<&TypeExpr>, outer: Span) {
        ty.into_iter().for_each(|ty| self.type_expr(ty, outer));
    }

    fn type_expr(&mut self, ty: &TypeExpr, outer: Span) {
        self.inside("a type", ty.span, outer);
        let span = ty.span;
        match &ty.kind {
            TypeKind::Name(_) => {}
            TypeKind::Generic { args, .. } => args.iter().for_each(|arg| self.type_expr(arg, span)),
            TypeKind::Record(fields) => self.field_decls(fields, span),
            TypeKind::Fun(fun) => {
                fun.params.iter().for_each(|param| self.type_expr(param, span));
                self.optional_type(fun.result.as_ref(), span);
            }
            TypeKind::Optional(inner) => self.type_expr(inner, span),
            TypeKind::Error => self.errors += 1,
        }
    }

    fn optional(&mut self, expr: Option<&Expr>, outer: Span) {
        expr.into_iter().for_each(|expr| self.expr(expr, outer));
    }

    fn expr(&mut self, expr: &Expr, outer: Span) {
        let span = expr.span;
        self.inside("an expression", span, outer);
        self.number(expr.id, span);
        match &expr.kind {
            ExprKind::Error => self.errors += 1,
            ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Bool(_) | ExprKind::None | ExprKind::Name(_) => {}
            ExprKind::Str(literal) => self.string(literal, span),
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item, span)),
            ExprKind::Map(entries) => {
                for entry in entries {
                    self.expr(&entry.key, span);
                    self.expr(&entry.value, span);
                }
            }
            ExprKind::Struct(literal) => {
                self.name(&literal.name, span);
                self.field_inits(&literal.fields, span);
            }
            ExprKind::Paren(inner) => self.expr(inner, span),
            ExprKind::Unary { operand, .. } => self.expr(operand, span),
            ExprKind::Binary(binary) => {
                self.inside("an operator", binary.op_span, span);
                self.expr(&binary.lhs, span);
                self.expr(&binary.rhs, span);
            }
            ExprKind::Call(call) => {
                self.inside("arguments", call.paren_span, span);
                self.expr(&call.callee, span);
                call.args.iter().for_each(|arg| self.expr(arg, call.paren_span));
            }
            ExprKind::Index(index) => self.index(index, span),
            ExprKind::Field(field) => {
                self.expr(&field.base, span);
                self.inside("a dot", field.dot_span, span);
                self.name(&field.name, span);
            }
            ExprKind::Cast(cast) => {
                self.expr(&cast.value, span);
                self.inside("`as`", cast.as_span, span);
                self.type_expr(&cast.ty, span);
            }
            _ => self.long_expr(&expr.kind, span),
        }
    }

    fn index(&mut self, index: &Index, span: Span) {
        self.expr(&index.base, span);
        self.inside("a bracket", index.bracket_span, span);
        match &index.subscript {
            Subscript::Item(item) => self.expr(item, span),
            Subscript::Slice(slice) => {
                [&slice.start, &slice.end, &slice.step].into_iter().for_each(|part| self.optional(part.as_ref(), span));
            }
            Subscript::Error => self.errors += 1,
        }
    }

    fn long_expr(&mut self, kind: &ExprKind, span: Span) {
        match kind {
            ExprKind::Lambda(lambda) => {
                self.signature(&lambda.signature, span);
                match &lambda.body {
                    LambdaBody::Expr(body) => self.expr(body, span),
                    LambdaBody::Block(block) => self.block(block, span),
                }
            }
            ExprKind::If(part) => {
                self.inside("`if`", part.if_span, span);
                self.expr(&part.condition, span);
                self.expr(&part.then_value, span);
                self.optional(part.else_value.as_ref(), span);
            }
            ExprKind::Match(part) => self.matching(part, span),
            ExprKind::Query(query) => self.query(query, span),
            ExprKind::LogicQuery(predicate) => self.predicate(predicate, span),
            ExprKind::Generate(part) => {
                self.name(&part.target, span);
                self.field_inits(&part.fields, span);
            }
            ExprKind::Fetch(part) => {
                self.expr(&part.url, span);
                self.optional(part.options.as_ref(), span);
            }
            ExprKind::Load(part) => {
                part.path.iter().for_each(|path| self.string(path, span));
                self.type_expr(&part.ty, span);
                self.optional(part.options.as_ref(), span);
            }
            ExprKind::Save(part) => {
                self.expr(&part.value, span);
                part.path.iter().for_each(|path| self.string(path, span));
                self.optional(part.options.as_ref(), span);
            }
            _ => {}
        }
    }

    fn matching(&mut self, part: &MatchExpr, span: Span) {
        self.inside("`match`", part.match_span, span);
        self.expr(&part.scrutinee, span);
        for arm in &part.arms {
            self.inside("an arm", arm.span, span);
            self.inside("an arrow", arm.arrow_span, arm.span);
            self.pattern(&arm.pattern, arm.span);
            match &arm.body {
                ArmBody::Expr(body) => self.expr(body, arm.span),
                ArmBody::Block(block) => self.block(block, arm.span),
            }
        }
    }

    fn pattern(&mut self, pattern: &Pattern, outer: Span) {
        self.inside("a pattern", pattern.span, outer);
        self.number(pattern.id, pattern.span);
        match &pattern.kind {
            PatternKind::Constructor { name, args } => {
                self.name(name, pattern.span);
                args.iter().for_each(|arg| self.pattern(arg, pattern.span));
            }
            PatternKind::Error => self.errors += 1,
            _ => {}
        }
    }

    fn query(&mut self, query: &Query, span: Span) {
        for source in &query.sources {
            self.inside("a source", source.span, span);
            self.name(&source.name, source.span);
            self.expr(&source.source, source.span);
        }
        for join in &query.joins {
            self.inside("a join", join.span, span);
            self.name(&join.name, join.span);
            self.expr(&join.source, join.span);
            self.expr(&join.condition, join.span);
        }
        if let Some(group) = &query.group {
            self.inside("a group", group.span, span);
            group.keys.iter().for_each(|key| self.expr(key, group.span));
            self.name(&group.name, group.span);
            group.having.iter().for_each(|clause| self.clause(clause, span));
        }
        let clauses = [&query.filter, &query.sort, &query.skip, &query.take];
        clauses.into_iter().flatten().for_each(|clause| self.clause(clause, span));
        self.clause(&query.select, span);
        query.distinct.iter().for_each(|word| self.inside("`distinct`", *word, span));
    }

    fn clause(&mut self, clause: &QueryClause, span: Span) {
        self.inside("a clause", clause.keyword_span, span);
        self.expr(&clause.value, span);
    }
}
