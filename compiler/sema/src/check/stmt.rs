//! Rules of statements.

use mochi_syntax::ast::{
    AgentDecl, AgentMember, Assign, Binding, Block, ElseBranch, Expr, ExprKind, Extern, ForStmt, FunDecl, IfStmt,
    Import, Stmt, StmtKind, StructMember, TypeBody, Update, WhileStmt,
};
use mochi_syntax::{Span, Symbol};

use super::effects::EffectSet;
use super::expr::literal_key;
use super::narrow::always_leaves;
use super::types::{Kind, Ty};
use super::{Checker, Function, FunctionResult, Prepared};

impl Checker<'_> {
    /// A statement of the top level, whose declarations the pre-passes have entered.
    pub(super) fn top_level_statement(&mut self, stmt: &Stmt, prepared: Prepared) {
        match &stmt.kind {
            StmtKind::Fun(function) => {
                let ty = prepared.ty.unwrap_or(Ty::ERROR);
                // Entered again: a variable of the same name above must not hide it below.
                self.bind(function.name.name, ty, false, function.name.span);
                self.function_body(function, ty, &[]);
            }
            StmtKind::Type(_) | StmtKind::Stream(_) | StmtKind::Agent(_) => self.declared_bodies(stmt, prepared),
            _ => self.statement(stmt),
        }
    }

    pub(super) fn block(&mut self, block: &Block) {
        let mark = self.mark();
        self.statements(&block.statements);
        self.leave(mark);
    }

    pub(super) fn statements(&mut self, statements: &[Stmt]) {
        for stmt in statements {
            let outer = std::mem::replace(&mut self.effectful_statement, false);
            self.statement(stmt);
            if self.effectful_statement {
                self.widen_after_effect();
            }
            self.effectful_statement = outer;
        }
    }

    /// A block that belongs to a statement: its effects are not those of the statement itself.
    fn inner_block(&mut self, block: &Block) {
        let outer = self.effectful_statement;
        self.block(block);
        self.effectful_statement = outer;
    }

    fn statement(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Binding(binding) => self.binding(stmt.span, binding),
            StmtKind::Assign(assign) => self.assign(stmt.span, assign),
            StmtKind::Expr(value) => {
                self.infer(value, None);
            }
            StmtKind::Return(value) => self.return_statement(stmt.span, value.as_deref()),
            StmtKind::If(branch) => self.if_statement(branch),
            StmtKind::While(looped) => self.while_statement(looped),
            StmtKind::For(looped) => self.for_statement(stmt.span, looped),
            StmtKind::Break => self.loop_exit(stmt.span, "break"),
            StmtKind::Continue => self.loop_exit(stmt.span, "continue"),
            StmtKind::Expect(value) => {
                self.expr(value, Some(Ty::BOOL));
            }
            StmtKind::Fun(function) => self.nested_function(stmt.span, function),
            StmtKind::Test(named) | StmtKind::Bench(named) => {
                let outer = std::mem::replace(&mut self.function.in_loop, false);
                self.inner_block(&named.body);
                self.function.in_loop = outer;
            }
            StmtKind::Type(_) | StmtKind::Stream(_) | StmtKind::Agent(_) => {
                let mut prepared = Prepared::default();
                self.declare_type_name(stmt, &mut prepared, false);
                self.fill_type(stmt, prepared);
                self.declared_bodies(stmt, prepared);
            }
            StmtKind::Model(model) => model.fields.iter().for_each(|field| {
                self.infer(&field.value, None);
            }),
            StmtKind::Import(import) => self.import(import),
            StmtKind::Extern(declaration) => self.extern_declaration(stmt, declaration),
            StmtKind::On(handler) => self.on_handler(stmt.span, handler.stream.name, handler.alias.name, &handler.body),
            StmtKind::Emit(emit) => match self.streams.get(emit.stream.name).copied() {
                Some(stream) => self.field_values(stream, &emit.fields, |field| field.span),
                None => self.unknown_stream(stmt.span, emit.stream.name),
            },
            StmtKind::FetchInto(fetch) => {
                self.note_effects("fetch", stmt.span, EffectSet::NET);
                self.expr(&fetch.fetch.url, Some(Ty::STRING));
                if let Some(options) = &fetch.fetch.options {
                    self.infer(options, None);
                }
                self.bind(fetch.target.name, Ty::ANY, false, fetch.target.span);
            }
            StmtKind::Update(update) => self.update(stmt.span, update),
            StmtKind::Fact(_) | StmtKind::Rule(_) | StmtKind::Error => {}
        }
    }

    // ---- variables ----

    fn binding(&mut self, span: Span, binding: &Binding) {
        let ty = self.binding_type(span, binding);
        self.bind(binding.name.name, ty, binding.mutable, binding.name.span);
    }

    fn binding_type(&mut self, span: Span, binding: &Binding) -> Ty {
        if binding.mutable
            && let Some(value) = &binding.value
            && self.check_mutable_alias(span, value)
        {
            return Ty::ERROR;
        }
        match (&binding.ty, &binding.value) {
            (None, None) => {
                self.report("T000", span, "`let` requires a type or a value");
                Ty::ERROR
            }
            (None, Some(value)) => self.infer(value, None),
            (Some(written), None) => self.resolve(written),
            (Some(written), Some(value)) => {
                let declared = self.resolve(written);
                let start = self.findings.len();
                let actual = self.expr(value, Some(declared));
                if !self.types.assignable(actual, declared) {
                    self.mismatch(span, declared, actual);
                } else if binding.mutable
                    && !actual.is_error()
                    && !self.check_widening_alias(span, value, actual, declared)
                {
                    self.check_literal_aliases(value, declared);
                }
                if let Some(finding) = self.findings.get_mut(start)
                    && finding.code == "T008"
                    && (finding.span == value.span || finding.span == span)
                {
                    *finding = finding.clone().with_label(written.span, "the declared type");
                }
                declared
            }
        }
    }

    fn assign(&mut self, span: Span, assign: &Assign) {
        let Some(root) = root_name(&assign.target) else { return };
        let Some(binding) = self.values.get(root).copied() else {
            self.report("T001", span, format!("assignment to undeclared variable: {root}"));
            self.infer(&assign.value, None);
            return;
        };
        if !binding.mutable {
            self.immutable("T024", span, format!("cannot assign to `{root}` (immutable)"), binding.span);
            self.infer(&assign.value, None);
            return;
        }
        let whole = assign.target.as_name().is_some();
        let slot = if whole { binding.declared } else { self.assign_slot(span, &assign.target) };
        let actual = self.expr(&assign.value, Some(slot));
        if whole {
            self.assigned(root, actual);
        } else if !actual.is_error() && !self.check_widening_alias(span, &assign.value, actual, slot) {
            self.check_literal_aliases(&assign.value, slot);
        }
    }

    /// Type of the place that an assignment to part of a variable writes.
    fn assign_slot(&mut self, span: Span, target: &Expr) -> Ty {
        match &target.kind {
            ExprKind::Name(name) => self.values.get(*name).map_or(Ty::ERROR, |binding| binding.ty),
            ExprKind::Index(index) => {
                let base = self.assign_slot(span, &index.base);
                self.indexed(span, index, base, false)
            }
            ExprKind::Field(field) => {
                let base = self.assign_slot(span, &field.base);
                let fieldless = !matches!(
                    self.types.kind(base),
                    Kind::Struct(_) | Kind::Record(_) | Kind::Map(..) | Kind::Any | Kind::Error | Kind::Option(_)
                );
                if fieldless {
                    self.not_a_struct(field.dot_span, base);
                    return Ty::ERROR;
                }
                self.field_of(field.dot_span, &field.base, base, field.name.name)
            }
            _ => Ty::ERROR,
        }
    }

    fn update(&mut self, span: Span, update: &Update) {
        let target = update.target.name;
        let Some(binding) = self.values.get(target).copied() else {
            self.report("T001", span, format!("assignment to undeclared variable: {target}"));
            return;
        };
        let row = match self.types.kind(binding.ty) {
            Kind::List(row) => row,
            Kind::Error => return,
            _ => {
                self.report("T032", span, "query source must be a list");
                return;
            }
        };
        let Some(fields) = self.types.fields(row) else {
            if !row.is_error() {
                self.not_a_struct(span, row);
            }
            return;
        };
        let mark = self.mark();
        for (name, ty) in fields {
            self.bind(name, ty, true, Span::default());
        }
        if let ExprKind::Map(entries) = &update.changes.kind {
            for entry in entries {
                let slot = match literal_key(&entry.key) {
                    Some(key) => {
                        let slot = self.types.field(row, key);
                        if slot.is_none() {
                            self.unknown_field(entry.key.span, key, row);
                        }
                        slot
                    }
                    None => None,
                };
                self.expr(&entry.value, slot);
            }
        }
        if let Some(filter) = &update.filter {
            self.expr(filter, Some(Ty::BOOL));
        }
        self.leave(mark);
    }

    // ---- control flow ----

    fn return_statement(&mut self, span: Span, value: Option<&Expr>) {
        let wanted = match self.function.result {
            FunctionResult::Declared(ty) => Some(ty),
            FunctionResult::Inferred(ty) => ty,
        };
        let actual = match value {
            Some(value) => self.expr(value, wanted),
            None => {
                if let Some(wanted) = wanted.filter(|wanted| !self.types.compatible(Ty::UNIT, *wanted)) {
                    let message = format!("return type mismatch: expected {}, got unit", self.show(wanted));
                    self.report("T010", span, message);
                }
                Ty::UNIT
            }
        };
        if let FunctionResult::Inferred(None) = self.function.result {
            self.function.result = FunctionResult::Inferred(Some(actual));
        }
    }

    fn if_statement(&mut self, branch: &IfStmt) {
        let outer = self.mark();
        // Facts that still hold behind the whole statement, as long as every branch so far leaves the block.
        let mut behind = Vec::new();
        let mut all_leave = true;
        let mut branch = branch;
        loop {
            let facts = self.condition(&branch.condition);
            self.under(&facts.when_true, |checker| checker.inner_block(&branch.then_block));
            all_leave &= always_leaves(&branch.then_block);
            if all_leave {
                behind.extend_from_slice(&facts.when_false);
            }
            self.assume(&facts.when_false);
            match &branch.else_branch {
                Some(ElseBranch::If(next)) => branch = next,
                Some(ElseBranch::Block(block)) => {
                    self.inner_block(block);
                    break;
                }
                None => break,
            }
        }
        self.leave(outer);
        // What an `else` assigned is no longer known.
        let reassigned = self.widened.get(outer.widened..).unwrap_or_default();
        behind.retain(|(name, _)| !reassigned.contains(name));
        self.assume(&behind);
    }

    fn loop_body(&mut self, body: &Block) {
        let outer = std::mem::replace(&mut self.function.in_loop, true);
        self.inner_block(body);
        self.function.in_loop = outer;
    }

    fn while_statement(&mut self, looped: &WhileStmt) {
        self.widen_for_loop(&looped.body);
        let facts = self.condition(&looped.condition);
        self.under(&facts.when_true, |checker| checker.loop_body(&looped.body));
    }

    fn for_statement(&mut self, span: Span, looped: &ForStmt) {
        let source = self.infer(&looped.source, None);
        let element = match &looped.range_end {
            Some(end) => {
                let end = self.infer(end, None);
                if !self.types.is_index(source) || !self.types.is_index(end) {
                    self.report("T023", span, "range loop requires integer start and end expressions");
                }
                if source == Ty::INT64 { Ty::INT64 } else { Ty::INT }
            }
            None => match self.types.kind(source) {
                Kind::List(element) | Kind::Group(_, element) => element,
                Kind::Map(key, _) => key,
                Kind::String => Ty::STRING,
                Kind::Error => Ty::ERROR,
                _ => {
                    self.operand("T022", span, "cannot iterate over type ", source);
                    Ty::ERROR
                }
            },
        };
        self.widen_for_loop(&looped.body);
        let mark = self.mark();
        self.bind(looped.name.name, element, true, looped.name.span);
        self.loop_body(&looped.body);
        self.leave(mark);
    }

    fn loop_exit(&mut self, span: Span, word: &str) {
        if !self.function.in_loop {
            self.report("T045", span, format!("`{word}` outside of loop"));
        }
    }

    // ---- functions ----

    fn nested_function(&mut self, span: Span, function: &FunDecl) {
        let declared = self.resolve_effects(&function.signature.effects, span);
        // Entered before the body, which may call it.
        let provisional = self.function_type(function, declared.unwrap_or_default());
        self.bind(function.name.name, provisional, false, function.name.span);
        let effects = self.function_body(function, provisional, &[]);
        match declared {
            Some(declared) if !effects.is_within(declared) => {
                self.undeclared_effects(span, function.name.as_str(), declared, effects);
            }
            None if !effects.is_pure() => {
                let ty = self.function_type(function, effects);
                self.bind(function.name.name, ty, false, function.name.span);
            }
            _ => {}
        }
    }

    /// Checks the body of a function of a known type, with further names in scope. Returns the effects of the body.
    fn function_body(&mut self, function: &FunDecl, ty: Ty, around: &[(Symbol, Ty)]) -> EffectSet {
        let Some(signature) = self.types.function(ty) else { return EffectSet::PURE };
        let mark = self.mark();
        self.widen_for_function();
        self.bind_type_params(&function.signature);
        for (name, ty) in around {
            self.bind(*name, *ty, true, Span::default());
        }
        for (param, ty) in function.signature.params.iter().zip(&signature.params) {
            self.bind(param.name.name, *ty, true, param.name.span);
        }
        // Without a declared result type the body may return what it likes.
        let result = if function.signature.result.is_some() { signature.result } else { Ty::ANY };
        let inner = Function { result: FunctionResult::Declared(result), in_loop: false };
        let outer = std::mem::replace(&mut self.function, inner);
        let outer_effects = std::mem::replace(&mut self.effects, EffectSet::PURE);
        let outer_statement = self.effectful_statement;
        self.statements(&function.body.statements);
        self.function = outer;
        self.effectful_statement = outer_statement;
        self.leave(mark);
        std::mem::replace(&mut self.effects, outer_effects)
    }

    // ---- declarations with code inside ----

    fn declared_bodies(&mut self, stmt: &Stmt, prepared: Prepared) {
        let Some(ty) = prepared.ty else { return };
        match &stmt.kind {
            StmtKind::Type(declaration) => {
                if let TypeBody::Struct(members) = &declaration.body {
                    let around = self.member_names(ty);
                    for member in members {
                        if let StructMember::Method(method) = member {
                            let method_type = self.types.method(ty, method.name.name).unwrap_or(Ty::ERROR);
                            self.function_body(method, method_type, &around);
                        }
                    }
                }
            }
            StmtKind::Agent(agent) => self.agent(agent, ty),
            _ => {}
        }
    }

    /// Fields and methods, which are plain names inside methods.
    fn member_names(&self, ty: Ty) -> Vec<(Symbol, Ty)> {
        match self.types.kind(ty) {
            Kind::Struct(id) => {
                let info = self.types.struct_info(id);
                info.fields.iter().chain(&info.methods).copied().collect()
            }
            _ => Vec::new(),
        }
    }

    fn agent(&mut self, agent: &AgentDecl, ty: Ty) {
        let mark = self.mark();
        let mut fields = Vec::new();
        for (name, method) in self.member_names(ty) {
            if self.types.method(ty, name).is_some() {
                self.bind(name, method, false, Span::default());
            }
        }
        for member in &agent.members {
            match member {
                AgentMember::Stmt(stmt) => {
                    self.statement(stmt);
                    if let StmtKind::Binding(binding) = &stmt.kind
                        && let Some(bound) = self.values.get(binding.name.name)
                    {
                        fields.push((binding.name.name, bound.declared));
                    }
                }
                AgentMember::Intent(intent) => {
                    let intent_type = self.types.method(ty, intent.name.name).unwrap_or(Ty::ERROR);
                    self.function_body(intent, intent_type, &[]);
                }
            }
        }
        self.leave(mark);
        // Now the types of state without annotation are known, too.
        if let Kind::Struct(id) = self.types.kind(ty) {
            self.set_fields(id, fields);
        }
    }

    fn on_handler(&mut self, span: Span, stream: Symbol, alias: Symbol, body: &Block) {
        let Some(event) = self.streams.get(stream).copied() else {
            return self.unknown_stream(span, stream);
        };
        let mark = self.mark();
        self.widen_for_function();
        self.bind(alias, event, true, Span::default());
        let outer = std::mem::replace(&mut self.function.in_loop, false);
        self.inner_block(body);
        self.function.in_loop = outer;
        self.leave(mark);
    }

    fn unknown_stream(&mut self, span: Span, name: Symbol) {
        self.report("T031", span, format!("unknown stream: {name}"));
    }

    fn import(&mut self, import: &Import) {
        let alias = match &import.alias {
            Some(alias) => alias.name,
            None => {
                let path = import.path.as_str();
                let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
                Symbol::intern(last.split('.').next().unwrap_or_default())
            }
        };
        self.bind(alias, Ty::ANY, false, import.path.span);
    }

    fn extern_declaration(&mut self, stmt: &Stmt, declaration: &Extern) {
        let (path, ty) = match declaration {
            Extern::Type { .. } => return self.declare_type_name(stmt, &mut Prepared::default(), false),
            Extern::Object { name } => return self.bind(name.name, Ty::ANY, false, name.span),
            Extern::Var { path, ty, .. } => (path, self.resolve(ty)),
            Extern::Fun { path, params, result } => {
                let params = self.resolve_params(params);
                let result = result.as_ref().map_or(Ty::ANY, |result| self.resolve(result));
                (path, self.types.plain_function(&params, result))
            }
        };
        if let [name] = path.as_slice() {
            return self.bind(name.name, ty, false, name.span);
        }
        let path: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
        self.externs.insert(path.join("."), ty);
    }
}

/// The variable that an assignment's target is part of.
fn root_name(target: &Expr) -> Option<Symbol> {
    let mut target = target;
    loop {
        target = match &target.kind {
            ExprKind::Name(name) => return Some(*name),
            ExprKind::Index(index) => &index.base,
            ExprKind::Field(field) => &field.base,
            _ => return None,
        };
    }
}
