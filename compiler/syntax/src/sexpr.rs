//! The tree as an S-expression, for `--ast`. The shape is pinned by the language's own dumps, including its coarser table of
//! operator precedences and what it leaves out (documentation, `var` members of agents, stream aliases, bodies of block arms).

use std::fmt::Write as _;

use crate::ast::*;

/// A node of the dump: `(kind value children…)`.
struct Node {
    kind: String,
    value: Option<String>,
    children: Vec<Node>,
}

fn node(kind: &str, children: Vec<Node>) -> Node {
    Node { kind: kind.to_owned(), value: None, children }
}

fn named(kind: &str, value: impl Into<String>, children: Vec<Node>) -> Node {
    Node { kind: kind.to_owned(), value: Some(quote_if_needed(&value.into())), children }
}

fn string(text: &StringLiteral) -> Node {
    named("string", text.as_str(), Vec::new())
}

/// The whole program, with a line break at the end.
pub fn dump(program: &Program) -> String {
    let children = program.statements.iter().map(statement).collect();
    let root = match &program.package {
        Some(package) => named("program", package.name.as_str(), children),
        None => node("program", children),
    };
    let mut out = String::new();
    write(&mut out, &root, 0);
    out.push('\n');
    out
}

fn write(out: &mut String, node: &Node, depth: usize) {
    let indent = depth * 2;
    let _ = write!(out, "{:indent$}", "");
    write_head(out, node);
    if node.children.iter().all(|child| child.children.is_empty()) {
        for child in &node.children {
            out.push(' ');
            write_head(out, child);
            out.push(')');
        }
        out.push(')');
        return;
    }
    for child in &node.children {
        out.push('\n');
        write(out, child, depth + 1);
    }
    let _ = write!(out, "\n{:indent$})", "");
}

fn write_head(out: &mut String, node: &Node) {
    out.push('(');
    out.push_str(&node.kind);
    if let Some(value) = &node.value {
        out.push(' ');
        out.push_str(value);
    }
}

fn quote_if_needed(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+=*/<>!%&|^~".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            c if c.is_ascii_control() => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The shortest decimal form that reads back equal, with an exponent for very small and very large values.
fn float(value: f64) -> String {
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value == 0.0 || (-4..21).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

// Statements.

fn statements(block: &Block) -> Vec<Node> {
    block.statements.iter().map(statement).collect()
}

fn block(block: &Block) -> Node {
    node("block", statements(block))
}

fn statement(statement: &Stmt) -> Node {
    match &statement.kind {
        StmtKind::Test(part) => named("test", part.name.as_str(), statements(&part.body)),
        StmtKind::Bench(part) => named("bench", part.name.as_str(), statements(&part.body)),
        StmtKind::Expect(value) => node("expect", vec![expr(value)]),
        StmtKind::Agent(agent) => {
            named("agent", agent.name.as_str(), agent.members.iter().filter_map(agent_member).collect())
        }
        StmtKind::Stream(stream) => {
            let field = |field: &FieldDecl| {
                named("field", format!("{}:{}", field.name.as_str(), type_text(&field.ty)), Vec::new())
            };
            named("stream", stream.name.as_str(), stream.fields.iter().map(field).collect())
        }
        StmtKind::Model(model) => named("model", model.name.as_str(), inits(&model.fields)),
        StmtKind::Import(import) => {
            let mut children = Vec::new();
            children.extend(import.language.map(|language| named("lang", language.as_str(), Vec::new())));
            children.extend(import.alias.map(|alias| named("as", alias.as_str(), Vec::new())));
            named("import", import.path.as_str(), children)
        }
        StmtKind::Type(decl) => type_decl(decl),
        StmtKind::Extern(decl) => extern_decl(decl),
        StmtKind::Fact(fact) => named("fact", fact.name.as_str(), terms(fact)),
        StmtKind::Rule(rule) => {
            let mut children = vec![named("head", rule.head.name.as_str(), terms(&rule.head))];
            children.extend(rule.body.iter().map(|condition| match condition {
                RuleCondition::Predicate(part) => named("cond", part.name.as_str(), terms(part)),
                RuleCondition::NotEqual { left, right } => {
                    named("neq", format!("{}!={}", left.as_str(), right.as_str()), Vec::new())
                }
            }));
            node("rule", children)
        }
        StmtKind::On(handler) => named("on", handler.stream.as_str(), statements(&handler.body)),
        StmtKind::Emit(emit) => named("emit", emit.stream.as_str(), inits(&emit.fields)),
        StmtKind::Binding(binding) => {
            let mut children = Vec::new();
            children.extend(binding.ty.as_ref().map(type_node));
            children.extend(binding.value.as_ref().map(expr));
            named(if binding.mutable { "var" } else { "let" }, binding.name.as_str(), children)
        }
        StmtKind::Assign(assign) => match assign.target.as_name() {
            Some(name) => named("assign", name.as_str(), vec![expr(&assign.value)]),
            None => node("assign", vec![place(&assign.target), expr(&assign.value)]),
        },
        StmtKind::Fun(decl) => fun(decl),
        StmtKind::Return(value) => {
            node("return", vec![value.as_deref().map_or_else(|| node("unknown", Vec::new()), expr)])
        }
        StmtKind::If(part) => if_statement(part),
        StmtKind::While(part) => node("while", vec![expr(&part.condition), block(&part.body)]),
        StmtKind::For(part) => {
            let source = match &part.range_end {
                Some(end) => node("range", vec![expr(&part.source), expr(end)]),
                None => node("in", vec![expr(&part.source)]),
            };
            named("for", part.name.as_str(), vec![source, block(&part.body)])
        }
        StmtKind::Break => node("break", Vec::new()),
        StmtKind::Continue => node("continue", Vec::new()),
        StmtKind::FetchInto(part) => named("fetch", part.target.as_str(), fetch(&part.fetch)),
        StmtKind::Update(part) => {
            let mut children = vec![node("set", vec![expr(&part.changes)])];
            children.extend(part.filter.as_ref().map(|filter| node("where", vec![expr(filter)])));
            named("update", part.target.as_str(), children)
        }
        StmtKind::Expr(value) => expr(value),
        StmtKind::Error => node("unknown", Vec::new()),
    }
}

/// The target of an assignment: the dump puts fields before indexes, whatever the source order.
fn place(target: &Expr) -> Node {
    let (mut fields, mut indexes) = (Vec::new(), Vec::new());
    let mut base = target;
    loop {
        match &base.kind {
            ExprKind::Field(field) => {
                fields.push(field.name);
                base = &field.base;
            }
            ExprKind::Index(index) => {
                indexes.push(&index.subscript);
                base = &index.base;
            }
            _ => break,
        }
    }
    let mut result = expr(base);
    for field in fields.into_iter().rev() {
        result = named("selector", field.as_str(), vec![result]);
    }
    for subscript in indexes.into_iter().rev() {
        result = index_node(result, subscript);
    }
    result
}

fn if_statement(part: &IfStmt) -> Node {
    let mut children = vec![expr(&part.condition), block(&part.then_block)];
    children.extend(part.else_branch.as_ref().map(|branch| match branch {
        ElseBranch::If(inner) => if_statement(inner),
        ElseBranch::Block(inner) => block(inner),
    }));
    node("if", children)
}

fn agent_member(member: &AgentMember) -> Option<Node> {
    match member {
        AgentMember::Intent(intent) => {
            let mut children = signature(&intent.signature);
            children.extend(statements(&intent.body));
            Some(named("intent", intent.name.as_str(), children))
        }
        AgentMember::Stmt(member) => match &member.kind {
            StmtKind::Binding(binding) if binding.mutable => None,
            _ => Some(statement(member)),
        },
    }
}

fn fun(decl: &FunDecl) -> Node {
    let mut children = signature(&decl.signature);
    children.extend(statements(&decl.body));
    let fun = named("fun", decl.name.as_str(), children);
    if decl.export.is_some() { node("export", vec![fun]) } else { fun }
}

fn signature(signature: &Signature) -> Vec<Node> {
    let mut nodes: Vec<_> =
        signature.type_params.iter().map(|name| named("typeparam", name.as_str(), Vec::new())).collect();
    nodes.extend(signature.params.iter().map(param));
    nodes.extend(signature.result.as_ref().map(type_node));
    nodes
}

fn param(param: &Param) -> Node {
    named("param", param.name.as_str(), param.ty.iter().map(type_node).collect())
}

fn field(field: &FieldDecl) -> Node {
    named("field", field.name.as_str(), vec![type_node(&field.ty)])
}

fn type_decl(decl: &TypeDecl) -> Node {
    let children = match &decl.body {
        TypeBody::Struct(members) => members
            .iter()
            .map(|member| match member {
                StructMember::Field(part) => field(part),
                StructMember::Method(method) => fun(method),
            })
            .collect(),
        TypeBody::Union(variants) => variants
            .iter()
            .map(|variant| named("variant", variant.name.as_str(), variant.fields.iter().map(field).collect()))
            .collect(),
        TypeBody::Alias(ty) => vec![node("alias", vec![type_node(ty)])],
        TypeBody::Error => Vec::new(),
    };
    named("type", decl.name.as_str(), children)
}

fn extern_decl(decl: &Extern) -> Node {
    let dotted = |path: &[Ident]| path.iter().map(Ident::as_str).collect::<Vec<_>>().join(".");
    match decl {
        Extern::Type { name } => named("extern_type", name.as_str(), Vec::new()),
        Extern::Object { name } => named("extern_object", name.as_str(), Vec::new()),
        Extern::Var { path, ty, .. } => named("extern_var", dotted(path), vec![type_node(ty)]),
        Extern::Fun { path, params, result } => {
            let mut children: Vec<_> = params.iter().map(param).collect();
            children.extend(result.as_ref().map(|ty| node("return", vec![type_node(ty)])));
            named("extern_fun", dotted(path), children)
        }
    }
}

fn terms(predicate: &Predicate) -> Vec<Node> {
    let term = |term: &Term| match term {
        Term::Name(name) => named("var", name.as_str(), Vec::new()),
        Term::Str(text) => string(text),
        Term::Int { value, .. } => named("int", value.to_string(), Vec::new()),
    };
    predicate.terms.iter().map(term).collect()
}

// Types.

fn type_node(ty: &TypeExpr) -> Node {
    match &ty.kind {
        TypeKind::Name(name) => named("type", name.as_str(), Vec::new()),
        TypeKind::Generic { name, args } => named("type", name.as_str(), args.iter().map(type_node).collect()),
        TypeKind::Record(fields) => node("type", vec![node("struct", fields.iter().map(field).collect())]),
        TypeKind::Fun(fun) => node("typefun", fun.params.iter().chain(&fun.result).map(type_node).collect()),
        TypeKind::Optional(inner) => type_node(inner),
        TypeKind::Error => named("type", "unknown", Vec::new()),
    }
}

fn type_text(ty: &TypeExpr) -> String {
    let list = |types: &[TypeExpr]| types.iter().map(type_text).collect::<Vec<_>>().join(",");
    match &ty.kind {
        TypeKind::Name(name) => name.to_string(),
        TypeKind::Generic { name, args } => format!("{}<{}>", name.as_str(), list(args)),
        TypeKind::Record(fields) => {
            let field = |field: &FieldDecl| format!("{}:{}", field.name.as_str(), type_text(&field.ty));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(","))
        }
        TypeKind::Fun(fun) => {
            let result = fun.result.as_ref().map_or_else(String::new, |ty| format!(":{}", type_text(ty)));
            format!("fun({}){result}", list(&fun.params))
        }
        TypeKind::Optional(inner) => type_text(inner),
        TypeKind::Error => "unknown".to_owned(),
    }
}

// Expressions.

fn inits(fields: &[FieldInit]) -> Vec<Node> {
    fields.iter().map(|field| node(field.name.as_str(), vec![expr(&field.value)])).collect()
}

fn exprs(values: &[Expr]) -> Vec<Node> {
    values.iter().map(expr).collect()
}

fn expr(value: &Expr) -> Node {
    match &value.kind {
        ExprKind::Int(number) => named("int", number.to_string(), Vec::new()),
        ExprKind::Float(number) => named("float", float(*number), Vec::new()),
        ExprKind::Bool(truth) => named("bool", truth.to_string(), Vec::new()),
        ExprKind::Str(text) => string(text),
        ExprKind::None => node("null", Vec::new()),
        ExprKind::Name(name) => named("selector", name.as_str(), Vec::new()),
        ExprKind::List(items) => node("list", exprs(items)),
        ExprKind::Map(entries) => {
            let entry = |entry: &MapEntry| node("entry", vec![expr(&entry.key), expr(&entry.value)]);
            node("map", entries.iter().map(entry).collect())
        }
        ExprKind::Struct(literal) => {
            let field = |field: &FieldInit| named("field", field.name.as_str(), vec![expr(&field.value)]);
            named("struct", literal.name.as_str(), literal.fields.iter().map(field).collect())
        }
        ExprKind::Paren(inner) => node("group", vec![expr(inner)]),
        ExprKind::Unary { op, operand, .. } => unary(*op, operand),
        ExprKind::Binary(_) => binary(value),
        ExprKind::Call(call) => match call.callee.as_name() {
            Some(name) => named("call", name.as_str(), exprs(&call.args)),
            None => {
                let mut children = vec![expr(&call.callee)];
                children.extend(exprs(&call.args));
                node("call", children)
            }
        },
        ExprKind::Index(index) => match (&index.safe, &index.subscript) {
            (Some(_), Subscript::Item(item)) => node("safe_index", vec![expr(&index.base), expr(item)]),
            (_, subscript) => index_node(expr(&index.base), subscript),
        },
        ExprKind::Field(field) => {
            let kind = if field.safe.is_some() { "safe_selector" } else { "selector" };
            named(kind, field.name.as_str(), vec![expr(&field.base)])
        }
        ExprKind::Cast(cast) => node("cast", vec![expr(&cast.value), type_node(&cast.ty)]),
        ExprKind::Lambda(lambda) => {
            let mut children = signature(&lambda.signature);
            match &lambda.body {
                LambdaBody::Expr(body) => children.push(expr(body)),
                LambdaBody::Block(body) if body.statements.is_empty() => {}
                LambdaBody::Block(body) => children.push(block(body)),
            }
            node("funexpr", children)
        }
        ExprKind::If(part) => {
            let mut children = vec![expr(&part.condition), expr(&part.then_value)];
            children.extend(part.else_value.as_ref().map(expr));
            node("if_expr", children)
        }
        ExprKind::Match(part) => {
            let mut children = vec![expr(&part.scrutinee)];
            children.extend(part.arms.iter().map(arm));
            node("match", children)
        }
        ExprKind::Query(part) => query(part),
        ExprKind::LogicQuery(part) => named("query_logic", part.name.as_str(), terms(part)),
        ExprKind::Generate(part) => node("generate_text", inits(&part.fields)),
        ExprKind::Fetch(part) => node("fetch", fetch(part)),
        ExprKind::Load(part) => {
            let mut children: Vec<_> = part.path.iter().map(string).collect();
            children.push(type_node(&part.ty));
            children.extend(part.options.as_ref().map(expr));
            node("load", children)
        }
        ExprKind::Save(part) => {
            let mut children = vec![expr(&part.value)];
            children.extend(part.path.as_ref().map(string));
            children.extend(part.options.as_ref().map(expr));
            node("save", children)
        }
        ExprKind::Error => node("unknown", Vec::new()),
    }
}

fn fetch(fetch: &Fetch) -> Vec<Node> {
    std::iter::once(&fetch.url).chain(&fetch.options).map(expr).collect()
}

/// Negative float literals are folded, integers are not.
fn unary(op: UnaryOp, operand: &Expr) -> Node {
    match (op, &operand.kind) {
        (UnaryOp::Neg, ExprKind::Float(number)) => named("float", float(-number), Vec::new()),
        _ => named("unary", op.text(), vec![expr(operand)]),
    }
}

fn index_node(base: Node, subscript: &Subscript) -> Node {
    let mut children = vec![base];
    match subscript {
        Subscript::Item(item) => children.push(expr(item)),
        Subscript::Slice(slice) => {
            children.extend(slice.start.as_ref().map(|value| node("start", vec![expr(value)])));
            children.extend(slice.end.as_ref().map(|value| node("end", vec![expr(value)])));
        }
        Subscript::Error => {}
    }
    node("index", children)
}

/// Rebuilds an operator chain with the dump's own precedences.
fn binary(chain: &Expr) -> Node {
    let (mut operands, mut ops): (Vec<Node>, Vec<BinaryOp>) = (Vec::new(), Vec::new());
    let reduce = |operands: &mut Vec<Node>, ops: &mut Vec<BinaryOp>, least: u8| {
        while ops.last().is_some_and(|op| dump_precedence(*op) >= least) {
            if let (Some(op), Some(right), Some(left)) = (ops.pop(), operands.pop(), operands.pop()) {
                let text = if op == BinaryOp::UnionAll { "union_all" } else { op.text() };
                operands.push(named("binary", text, vec![left, right]));
            }
        }
    };
    let mut parts = Vec::new();
    flatten(chain, &mut parts);
    for part in parts {
        match part {
            Part::Operand(value) => operands.push(expr(value)),
            Part::Op(op) => {
                reduce(&mut operands, &mut ops, dump_precedence(op));
                ops.push(op);
            }
        }
    }
    reduce(&mut operands, &mut ops, 0);
    operands.pop().unwrap_or_else(|| node("unknown", Vec::new()))
}

enum Part<'a> {
    Operand(&'a Expr),
    Op(BinaryOp),
}

/// Operands and operators in source order.
fn flatten<'a>(value: &'a Expr, parts: &mut Vec<Part<'a>>) {
    let mut pending = vec![Part::Operand(value)];
    while let Some(part) = pending.pop() {
        match part {
            Part::Operand(Expr { kind: ExprKind::Binary(binary), .. }) => {
                pending.extend([Part::Operand(&binary.rhs), Part::Op(binary.op), Part::Operand(&binary.lhs)]);
            }
            part => parts.push(part),
        }
    }
}

const fn dump_precedence(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::In => 3,
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Union | BinaryOp::Except | BinaryOp::Intersect => 4,
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => 5,
        BinaryOp::Coalesce | BinaryOp::UnionAll => 0,
    }
}

fn arm(arm: &MatchArm) -> Node {
    let body = match &arm.body {
        ArmBody::Expr(value) => expr(value),
        ArmBody::Block(_) => node("unknown", Vec::new()),
    };
    node("case", vec![pattern(&arm.pattern), body])
}

fn pattern(value: &Pattern) -> Node {
    match &value.kind {
        PatternKind::Wildcard => node("_", Vec::new()),
        PatternKind::Int(number) => named("int", number.to_string(), Vec::new()),
        PatternKind::Float(number) => named("float", float(*number), Vec::new()),
        PatternKind::Bool(truth) => named("bool", truth.to_string(), Vec::new()),
        PatternKind::Str(text) => string(text),
        PatternKind::None => node("null", Vec::new()),
        PatternKind::Name(name) => named("selector", name.as_str(), Vec::new()),
        PatternKind::Constructor { name, args } => {
            named("call", name.as_str(), args.iter().map(nested_pattern).collect())
        }
        PatternKind::Error => node("unknown", Vec::new()),
    }
}

/// Only a whole pattern `_` has a form of its own.
fn nested_pattern(value: &Pattern) -> Node {
    match value.kind {
        PatternKind::Wildcard => named("selector", "_", Vec::new()),
        _ => pattern(value),
    }
}

fn query(query: &Query) -> Node {
    let source = |value: &Expr| node("source", vec![expr(value)]);
    let clause =
        |kind: &str, clause: &Option<QueryClause>| clause.as_ref().map(|clause| node(kind, vec![expr(&clause.value)]));
    let mut children = Vec::new();
    let mut sources = query.sources.iter();
    let first = sources.next();
    children.extend(first.map(|first| source(&first.source)));
    children.extend(sources.map(|part| named("from", part.name.as_str(), vec![source(&part.source)])));
    children.extend(query.joins.iter().map(|join| {
        let kind = match join.kind {
            JoinKind::Inner => "join",
            JoinKind::Left => "left_join",
            JoinKind::Right => "right_join",
            JoinKind::Outer => "outer_join",
        };
        named(kind, join.name.as_str(), vec![source(&join.source), node("on", vec![expr(&join.condition)])])
    }));
    children.extend(clause("where", &query.filter));
    children.extend(query.group.as_ref().map(|group| {
        let mut parts: Vec<_> = group.keys.first().map(expr).into_iter().collect();
        parts.push(named("into", group.name.as_str(), Vec::new()));
        node("group_by", parts)
    }));
    children.extend(clause("sort", &query.sort));
    children.extend(clause("skip", &query.skip));
    children.extend(clause("take", &query.take));
    children.push(node("select", vec![expr(&query.select.value)]));
    named("query", first.map_or("", |first| first.name.as_str()), children)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ParseOptions, SourceFile, parse};

    fn dumped(text: &str) -> String {
        dump(&parse(&SourceFile::new("a.mochi", text), &ParseOptions::PERMISSIVE).program)
    }

    #[test]
    fn leaves_stay_in_one_line() {
        assert_eq!(dumped("let x: int = 42"), "(program\n  (let x (type int) (int 42))\n)\n");
        assert_eq!(dumped(""), "(program)\n");
        assert_eq!(dumped("break"), "(program (break))\n");
    }

    #[test]
    fn values_are_quoted_when_needed() {
        assert_eq!(
            dumped("print(\"a b\", \"a-b\", \"\", 1e21, 1e-5, -2.5, 28.0)"),
            "(program\n  (call print (string \"a b\") (string a-b) (string \"\") (float 1e+21) (float 1e-05) (float -2.5) (float 28))\n)\n"
        );
    }

    #[test]
    fn chains_use_the_coarse_precedences() {
        // The language binds `==` weaker than `<`; the dump does not.
        assert_eq!(
            dumped("print(a == b < c ?? d)"),
            "(program\n  (call print\n    (binary \"??\"\n      (binary <\n        (binary == (selector a) (selector b))\n        \
             (selector c)\n      )\n      (selector d)\n    )\n  )\n)\n"
        );
    }
}
