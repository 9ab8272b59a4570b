//! A walk over a syntax tree that may change it: children first, then the node itself.

use mochi_syntax::ast::*;

/// What to do with the nodes on the way.
pub(super) trait Rewrite {
    fn stmt(&mut self, _: &mut Stmt) {}

    fn expr(&mut self, _: &mut Expr) {}

    /// A name where it is introduced: variables, parameters, functions; not fields, types and variants.
    fn binder(&mut self, _: &mut Ident) {}

    /// A name in a pattern, which may be introduced or used there.
    fn pattern_name(&mut self, _: &mut mochi_syntax::Symbol) {}

    /// The target of `fetch … into` and `update`.
    fn target(&mut self, _: &mut Ident) {}
}

pub(super) fn stmts<R: Rewrite>(r: &mut R, list: &mut [Stmt]) {
    for node in list {
        stmt(r, node);
    }
}

fn block<R: Rewrite>(r: &mut R, node: &mut Block) {
    stmts(r, &mut node.statements);
}

pub(super) fn stmt<R: Rewrite>(r: &mut R, node: &mut Stmt) {
    match &mut node.kind {
        StmtKind::Test(named) | StmtKind::Bench(named) => block(r, &mut named.body),
        StmtKind::Expect(value) | StmtKind::Expr(value) => expr(r, value),
        StmtKind::Agent(agent) => agent.members.iter_mut().for_each(|member| match member {
            AgentMember::Stmt(member) => stmt(r, member),
            AgentMember::Intent(intent) => function(r, intent),
        }),
        StmtKind::Model(model) => inits(r, &mut model.fields),
        StmtKind::Type(decl) => type_decl(r, decl),
        StmtKind::On(on) => {
            r.binder(&mut on.alias);
            block(r, &mut on.body);
        }
        StmtKind::Emit(emit) => inits(r, &mut emit.fields),
        StmtKind::Binding(binding) => {
            binding.value.iter_mut().for_each(|value| expr(r, value));
            r.binder(&mut binding.name);
        }
        StmtKind::Assign(assign) => {
            expr(r, &mut assign.target);
            expr(r, &mut assign.value);
        }
        StmtKind::Fun(fun) => function(r, fun),
        StmtKind::Return(value) => value.iter_mut().for_each(|value| expr(r, value)),
        StmtKind::If(branch) => if_stmt(r, branch),
        StmtKind::While(node) => {
            expr(r, &mut node.condition);
            block(r, &mut node.body);
        }
        StmtKind::For(node) => {
            expr(r, &mut node.source);
            node.range_end.iter_mut().for_each(|end| expr(r, end));
            r.binder(&mut node.name);
            block(r, &mut node.body);
        }
        StmtKind::FetchInto(node) => {
            fetch(r, &mut node.fetch);
            r.target(&mut node.target);
        }
        StmtKind::Update(node) => {
            r.target(&mut node.target);
            expr(r, &mut node.changes);
            node.filter.iter_mut().for_each(|filter| expr(r, filter));
        }
        StmtKind::Stream(_)
        | StmtKind::Import(_)
        | StmtKind::Extern(_)
        | StmtKind::Fact(_)
        | StmtKind::Rule(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Error => {}
    }
    r.stmt(node);
}

fn type_decl<R: Rewrite>(r: &mut R, decl: &mut TypeDecl) {
    if let TypeBody::Struct(members) = &mut decl.body {
        for member in members {
            if let StructMember::Method(method) = member {
                // A method's name is no variable.
                signature(r, &mut method.signature);
                block(r, &mut method.body);
            }
        }
    }
}

fn if_stmt<R: Rewrite>(r: &mut R, branch: &mut IfStmt) {
    expr(r, &mut branch.condition);
    block(r, &mut branch.then_block);
    match &mut branch.else_branch {
        Some(ElseBranch::If(inner)) => if_stmt(r, inner),
        Some(ElseBranch::Block(inner)) => block(r, inner),
        None => {}
    }
}

fn function<R: Rewrite>(r: &mut R, fun: &mut FunDecl) {
    r.binder(&mut fun.name);
    signature(r, &mut fun.signature);
    block(r, &mut fun.body);
}

fn signature<R: Rewrite>(r: &mut R, signature: &mut Signature) {
    signature.params.iter_mut().for_each(|param| r.binder(&mut param.name));
}

fn inits<R: Rewrite>(r: &mut R, fields: &mut [FieldInit]) {
    fields.iter_mut().for_each(|field| expr(r, &mut field.value));
}

fn fetch<R: Rewrite>(r: &mut R, node: &mut Fetch) {
    expr(r, &mut node.url);
    node.options.iter_mut().for_each(|options| expr(r, options));
}

pub(super) fn expr<R: Rewrite>(r: &mut R, node: &mut Expr) {
    match &mut node.kind {
        ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Bool(_)
        | ExprKind::Str(_)
        | ExprKind::None
        | ExprKind::Name(_)
        | ExprKind::LogicQuery(_)
        | ExprKind::Error => {}
        ExprKind::List(items) => items.iter_mut().for_each(|item| expr(r, item)),
        ExprKind::Map(entries) => {
            for entry in entries {
                // A bare name is a text.
                if entry.key.as_name().is_none() {
                    expr(r, &mut entry.key);
                }
                expr(r, &mut entry.value);
            }
        }
        ExprKind::Struct(literal) => inits(r, &mut literal.fields),
        ExprKind::Paren(inner) => expr(r, inner),
        ExprKind::Unary { operand, .. } => expr(r, operand),
        ExprKind::Binary(binary) => {
            expr(r, &mut binary.lhs);
            expr(r, &mut binary.rhs);
        }
        ExprKind::Call(call) => {
            expr(r, &mut call.callee);
            call.args.iter_mut().for_each(|arg| expr(r, arg));
        }
        ExprKind::Index(index) => {
            expr(r, &mut index.base);
            match &mut index.subscript {
                Subscript::Item(item) => expr(r, item),
                Subscript::Slice(slice) => {
                    let Slice { start, end, step } = &mut **slice;
                    [start, end, step].into_iter().flatten().for_each(|bound| expr(r, bound));
                }
                Subscript::Error => {}
            }
        }
        ExprKind::Field(field) => expr(r, &mut field.base),
        ExprKind::Cast(cast) => expr(r, &mut cast.value),
        ExprKind::Lambda(lambda) => {
            signature(r, &mut lambda.signature);
            match &mut lambda.body {
                LambdaBody::Expr(value) => expr(r, value),
                LambdaBody::Block(body) => block(r, body),
            }
        }
        ExprKind::If(node) => {
            expr(r, &mut node.condition);
            expr(r, &mut node.then_value);
            node.else_value.iter_mut().for_each(|value| expr(r, value));
        }
        ExprKind::Match(node) => {
            expr(r, &mut node.scrutinee);
            for arm in &mut node.arms {
                pattern(r, &mut arm.pattern);
                match &mut arm.body {
                    ArmBody::Expr(value) => expr(r, value),
                    ArmBody::Block(body) => block(r, body),
                }
            }
        }
        ExprKind::Query(node) => query(r, node),
        ExprKind::Generate(node) => inits(r, &mut node.fields),
        ExprKind::Fetch(node) => fetch(r, node),
        ExprKind::Load(node) => node.options.iter_mut().for_each(|options| expr(r, options)),
        ExprKind::Save(node) => {
            expr(r, &mut node.value);
            node.options.iter_mut().for_each(|options| expr(r, options));
        }
    }
    r.expr(node);
}

fn query<R: Rewrite>(r: &mut R, node: &mut Query) {
    for source in &mut node.sources {
        expr(r, &mut source.source);
        r.binder(&mut source.name);
    }
    for join in &mut node.joins {
        expr(r, &mut join.source);
        r.binder(&mut join.name);
        expr(r, &mut join.condition);
    }
    if let Some(group) = &mut node.group {
        group.keys.iter_mut().for_each(|key| expr(r, key));
        r.binder(&mut group.name);
        group.having.iter_mut().for_each(|having| expr(r, &mut having.value));
    }
    for clause in [&mut node.filter, &mut node.sort, &mut node.skip, &mut node.take].into_iter().flatten() {
        expr(r, &mut clause.value);
    }
    expr(r, &mut node.select.value);
}

fn pattern<R: Rewrite>(r: &mut R, node: &mut Pattern) {
    match &mut node.kind {
        PatternKind::Name(name) => r.pattern_name(name),
        PatternKind::Constructor { args, .. } => args.iter_mut().for_each(|arg| pattern(r, arg)),
        _ => {}
    }
}
