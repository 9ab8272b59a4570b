//! Expressions and match patterns.

use mochi_diagnostics::Diagnostic;

use super::expected::{BODY, CLOSE_BODY, TYPE};
use super::gathered::Gathered;
use super::{Failed, MAX_HEIGHT, Parser, Rule};
use crate::Span;
use crate::ast::*;
use crate::soften::is_called_word;
use crate::token::TokenKind as T;

const EMPTY_PATH_HELP: &str =
    "Omit the literal entirely to use stdin/stdout (e.g. `load as T` or `save x`), or supply a real path.";

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> Rule<Expr> {
        let outer = std::mem::take(&mut self.height);
        let result = self.nested(|parser| parser.binary(1));
        self.height = outer.max(self.height + 1);
        result
    }

    fn make(&mut self, start: u32, kind: ExprKind) -> Expr {
        Expr { id: self.id(), span: self.span_from(start), kind }
    }

    /// Accounts for one more node above everything read so far in this expression.
    fn grow(&mut self) -> Rule<()> {
        self.height += 1;
        if self.height > MAX_HEIGHT { Err(self.too_deep()) } else { Ok(()) }
    }

    fn binary(&mut self, min: u8) -> Rule<Expr> {
        let lhs = self.unary()?;
        self.binary_rest(lhs, min)
    }

    fn binary_rest(&mut self, mut lhs: Expr, min: u8) -> Rule<Expr> {
        while let Some(op) = self.binary_op() {
            if op.precedence() < min {
                break;
            }
            let mut op_span = self.bump().span();
            let op = match op {
                BinaryOp::Union if self.kind() == T::All => {
                    op_span = op_span.to(self.bump().span());
                    BinaryOp::UnionAll
                }
                op => op,
            };
            let left_height = std::mem::take(&mut self.height);
            let rhs = self.binary(op.precedence() + 1)?;
            self.height = self.height.max(left_height);
            self.grow()?;
            let start = lhs.span.start;
            lhs = self.make(start, ExprKind::Binary(Box::new(Binary { op, op_span, lhs, rhs })));
        }
        Ok(lhs)
    }

    fn binary_op(&self) -> Option<BinaryOp> {
        Some(match self.kind() {
            T::Star => BinaryOp::Mul,
            T::Slash => BinaryOp::Div,
            T::Percent => BinaryOp::Rem,
            T::Plus => BinaryOp::Add,
            T::Minus => BinaryOp::Sub,
            T::Lt => BinaryOp::Lt,
            T::LtEq => BinaryOp::Le,
            T::Gt => BinaryOp::Gt,
            T::GtEq => BinaryOp::Ge,
            T::EqEq => BinaryOp::Eq,
            T::NotEq => BinaryOp::Ne,
            T::In => BinaryOp::In,
            T::AndAnd => BinaryOp::And,
            T::OrOr => BinaryOp::Or,
            T::QuestionQuestion => BinaryOp::Coalesce,
            T::Ident => match self.word_after(0) {
                "union" | "except" | "intersect"
                    if !self.options.strict && is_called_word(self.token(), self.token_at(self.position + 1)) =>
                {
                    return None;
                }
                "union" => BinaryOp::Union,
                "except" => BinaryOp::Except,
                "intersect" => BinaryOp::Intersect,
                _ => return None,
            },
            _ => return None,
        })
    }

    fn unary(&mut self) -> Rule<Expr> {
        if !matches!(self.kind(), T::Minus | T::Bang) {
            return self.postfix();
        }
        let mut ops = Vec::new();
        while matches!(self.kind(), T::Minus | T::Bang) {
            let token = self.bump();
            ops.push((if token.kind == T::Minus { UnaryOp::Neg } else { UnaryOp::Not }, token.start));
            if ops.len() > MAX_HEIGHT as usize {
                return Err(self.too_deep());
            }
        }
        let mut expr = self.postfix()?;
        for (op, start) in ops.into_iter().rev() {
            self.grow()?;
            expr = self.make(start, ExprKind::Unary { op, operand: Box::new(expr) });
        }
        Ok(expr)
    }

    fn postfix(&mut self) -> Rule<Expr> {
        let primary = self.primary()?;
        self.postfix_rest(primary)
    }

    fn postfix_rest(&mut self, mut expr: Expr) -> Rule<Expr> {
        loop {
            let start = expr.span.start;
            let kind = match self.kind() {
                T::LParen => {
                    let (args, paren_span) = self.args()?;
                    ExprKind::Call(Box::new(Call { callee: expr, args, paren_span }))
                }
                T::LBracket => {
                    let (subscript, bracket_span) = self.subscript()?;
                    ExprKind::Index(Box::new(Index { base: expr, subscript, bracket_span, safe: None }))
                }
                T::Dot => {
                    let dot_span = self.bump().span();
                    let name = self.ident("<ident>")?;
                    ExprKind::Field(Box::new(Field { base: expr, name, dot_span, safe: None }))
                }
                T::Question if self.kind_after(1) == T::Dot => {
                    let safe = Some(self.bump().span());
                    let dot_span = self.bump().span();
                    let name = self.ident("<ident>")?;
                    ExprKind::Field(Box::new(Field { base: expr, name, dot_span, safe }))
                }
                T::Question if self.kind_after(1) == T::LBracket => {
                    let safe = Some(self.bump().span());
                    let bracket_span = self.bump().span();
                    let item = self.enclosed(|parser| {
                        let item = parser.expr()?;
                        parser.expect(T::RBracket, "\"]\"")?;
                        Ok(item)
                    })?;
                    let subscript = Subscript::Item(item);
                    ExprKind::Index(Box::new(Index { base: expr, subscript, bracket_span, safe }))
                }
                T::Ident if self.at_word("as") => {
                    let as_span = self.bump().span();
                    let ty = self.type_expr(TYPE)?;
                    ExprKind::Cast(Box::new(Cast { value: expr, as_span, ty }))
                }
                _ => return Ok(expr),
            };
            self.grow()?;
            expr = self.make(start, kind);
        }
    }

    fn args(&mut self) -> Rule<(ThinVec<Expr>, Span)> {
        let open = self.bump().start;
        let args = self.enclosed(|parser| {
            let args = parser.gather(Gathered::exprs, |parser| {
                if parser.kind().begins_expression() {
                    loop {
                        let arg = parser.expr()?;
                        parser.gathered.exprs.push(arg);
                        if parser.eat(T::Comma).is_none() {
                            break;
                        }
                    }
                }
                Ok(())
            })?;
            parser.expect(T::RParen, "\")\"")?;
            Ok(args)
        })?;
        Ok((args, self.span_from(open)))
    }

    fn subscript(&mut self) -> Rule<(Subscript, Span)> {
        let bracket = self.bump().span();
        let subscript = self.enclosed(|parser| {
            let start = parser.optional_expr()?;
            let (mut end, mut step) = (None, None);
            let sliced = parser.at_colon();
            if sliced {
                parser.colon("\":\"")?;
                end = parser.optional_expr()?;
                if parser.at_colon() {
                    parser.colon("\":\"")?;
                    step = parser.optional_expr()?;
                }
            }
            parser.expect(T::RBracket, "\"]\"")?;
            Ok(match start {
                Some(item) if !sliced => Subscript::Item(item),
                None if end.is_none() && step.is_none() => {
                    let message = "index expression has no key, range, or step";
                    parser.tree_errors.push(Diagnostic::error("P060", message, bracket).with_help(
                        "Use `xs[i]` for a subscript, or supply at least one of start/end/step in a slice like `xs[1:]`, \
                         `xs[:3]`, or `xs[::2]`.",
                    ));
                    Subscript::Error
                }
                start => Subscript::Slice(Box::new(Slice { start, end, step })),
            })
        })?;
        Ok((subscript, bracket))
    }

    fn at_colon(&self) -> bool {
        matches!(self.kind(), T::Colon | T::ColonDash)
    }

    fn optional_expr(&mut self) -> Rule<Option<Expr>> {
        if self.kind().begins_expression() { Ok(Some(self.expr()?)) } else { Ok(None) }
    }

    fn primary(&mut self) -> Rule<Expr> {
        let token = self.token();
        let start = token.start;
        let kind = match token.kind {
            T::Ident => match self.named_primary()? {
                Some(kind) => kind,
                None => {
                    self.bump();
                    ExprKind::Name(self.symbol(token.span()))
                }
            },
            T::Int => {
                self.bump();
                ExprKind::Int(self.int_value(token.span()))
            }
            T::Float => {
                self.bump();
                ExprKind::Float(self.float_value(token.span()))
            }
            T::Str => {
                self.bump();
                ExprKind::Str(self.string_literal(token.span()))
            }
            T::True | T::False => {
                self.bump();
                ExprKind::Bool(token.kind == T::True)
            }
            T::None | T::Null => {
                self.bump();
                ExprKind::None
            }
            T::LParen => {
                self.bump();
                let inner = self.enclosed(|parser| {
                    let inner = parser.expr()?;
                    parser.expect(T::RParen, "\")\"")?;
                    Ok(inner)
                })?;
                ExprKind::Paren(Box::new(inner))
            }
            T::LBracket => {
                self.bump();
                ExprKind::List(self.enclosed(Self::list_items)?)
            }
            T::LBrace => return self.map_literal(),
            T::Fun if matches!(self.kind_after(1), T::LParen | T::Lt) => {
                ExprKind::Lambda(Box::new(self.nested(Self::lambda)?))
            }
            T::If => return self.if_expr(),
            T::Match => ExprKind::Match(Box::new(self.nested(Self::match_expr)?)),
            T::Generate => {
                self.bump();
                let target = self.ident(r#"<ident> "{" (GenerateField ("," GenerateField)*)? ","?? "}""#)?;
                let fields = self.field_inits(r#""{" (GenerateField ("," GenerateField)*)? ","?? "}""#)?;
                ExprKind::Generate(Box::new(Generate { target, fields }))
            }
            T::Fetch => {
                self.bump();
                let url = self.expr()?;
                let options = self.with_clause()?;
                ExprKind::Fetch(Box::new(Fetch { url, options }))
            }
            T::Load => ExprKind::Load(Box::new(self.load()?)),
            T::Save => ExprKind::Save(Box::new(self.save()?)),
            _ => return Err(self.missing_expression()),
        };
        Ok(self.make(start, kind))
    }

    /// Struct literals and queries: forms that begin with an ordinary name.
    fn named_primary(&mut self) -> Rule<Option<ExprKind>> {
        match self.kind_after(1) {
            T::LBrace if self.at_struct_literal() => {
                let name = self.ident("<ident>")?;
                let fields = self.field_inits(super::expected::FIELDS)?;
                Ok(Some(ExprKind::Struct(Box::new(StructLiteral { name, fields }))))
            }
            T::Ident if self.kind_after(2) == T::In && self.word_after(0) == "from" => {
                Ok(Some(ExprKind::Query(Box::new(self.nested(Self::query)?))))
            }
            T::Ident if self.kind_after(2) == T::LParen && self.word_after(0) == "query" => {
                self.bump();
                Ok(Some(ExprKind::LogicQuery(Box::new(self.predicate("LogicPredicate")?))))
            }
            _ => Ok(None),
        }
    }

    /// Whether `name {` begins a struct literal rather than a name and a block. No block begins with `name :`. An empty
    /// pair of braces is a literal, except (when not strict) at the end of a statement's head.
    fn at_struct_literal(&self) -> bool {
        match self.kind_after(2) {
            T::Ident => matches!(self.kind_after(3), T::Colon | T::ColonDash),
            T::Comma => self.kind_after(3) == T::RBrace,
            T::RBrace => {
                self.options.strict
                    || !self.header
                    || matches!(
                        self.kind_after(3),
                        T::LBrace | T::Dot | T::EqEq | T::NotEq | T::AndAnd | T::OrOr | T::In
                    )
            }
            _ => false,
        }
    }

    fn list_items(&mut self) -> Rule<ThinVec<Expr>> {
        let items = self.gather(Gathered::exprs, |parser| {
            while parser.kind().begins_expression() {
                let item = parser.expr()?;
                parser.gathered.exprs.push(item);
                if parser.eat(T::Comma).is_none() {
                    break;
                }
            }
            Ok(())
        })?;
        if items.is_empty() {
            self.eat(T::Comma);
        }
        self.expect(T::RBracket, "\"]\"")?;
        Ok(items)
    }

    pub(super) fn map_literal(&mut self) -> Rule<Expr> {
        let start = self.bump().start;
        let entries = self.enclosed(|parser| {
            let key = parser.optional_expr()?;
            parser.map_entries(key)
        })?;
        Ok(self.make(start, ExprKind::Map(entries)))
    }

    /// The entries of a map literal whose first key, if any, has been read, up to and with the `}`.
    fn map_entries(&mut self, mut key: Option<Expr>) -> Rule<ThinVec<MapEntry>> {
        let mut entries = ThinVec::new();
        while let Some(present) = key.take() {
            self.colon("\":\" Expr")?;
            let value = self.expr()?;
            entries.push(MapEntry { key: present, value });
            if self.eat(T::Comma).is_none() {
                break;
            }
            key = self.optional_expr()?;
        }
        if entries.is_empty() && self.eat(T::Comma).is_none() && !self.options.strict {
            // `{:}`, an empty map that cannot be taken for a block.
            self.eat(T::Colon);
        }
        self.expect(T::RBrace, CLOSE_BODY)?;
        Ok(entries)
    }

    fn lambda(&mut self) -> Rule<Lambda> {
        self.bump();
        let signature = self.signature()?;
        let body = match self.kind() {
            T::Arrow => {
                self.bump();
                LambdaBody::Expr(self.expr()?)
            }
            _ => LambdaBody::Block(self.block(BODY)?),
        };
        Ok(Lambda { signature, body })
    }

    fn if_expr(&mut self) -> Rule<Expr> {
        let if_token = self.bump();
        let condition = self.with_header(true, Self::expr)?;
        let then_value = match self.kind() {
            T::Then => {
                self.bump();
                self.expr()?
            }
            T::LBrace => {
                self.bump();
                self.braced_expr()?
            }
            _ => return Err(self.unexpected(r#"("{" Expr "}" | "then" Expr)"#)),
        };
        let else_value = match self.eat(T::Else) {
            None => None,
            Some(_) => Some(match self.kind() {
                T::LBrace => self.braced_expr_or_map()?,
                _ => self.expr()?,
            }),
        };
        let if_span = if_token.span();
        let kind = ExprKind::If(Box::new(IfExpr { condition, then_value, else_value, if_span }));
        Ok(self.make(if_token.start, kind))
    }

    fn braced_expr(&mut self) -> Rule<Expr> {
        self.enclosed(|parser| {
            let value = parser.expr()?;
            parser.expect(T::RBrace, CLOSE_BODY)?;
            Ok(value)
        })
    }

    /// `{ e }` stands for `e`, `{ k: v }` and `{ }` for a map.
    fn braced_expr_or_map(&mut self) -> Rule<Expr> {
        let start = self.bump().start;
        let (kind, value) = self.enclosed(|parser| {
            let first = parser.optional_expr()?;
            match first {
                Some(value) if !parser.at_colon() => {
                    parser.expect(T::RBrace, CLOSE_BODY)?;
                    Ok((None, Some(value)))
                }
                first => Ok((Some(ExprKind::Map(parser.map_entries(first)?)), None)),
            }
        })?;
        match (kind, value) {
            (_, Some(value)) => Ok(value),
            (Some(kind), None) => {
                let map = self.make(start, kind);
                let map = self.postfix_rest(map)?;
                self.binary_rest(map, 1)
            }
            (None, None) => Err(Failed),
        }
    }

    fn match_expr(&mut self) -> Rule<MatchExpr> {
        let match_span = self.bump().span();
        let scrutinee = self.with_header(true, Self::expr)?;
        self.expect(T::LBrace, "\"{\" MatchCase* \"}\"")?;
        let arms = self.enclosed(|parser| {
            let mut arms = Vec::new();
            while parser.kind().begins_expression() {
                arms.push(parser.match_arm()?);
            }
            parser.expect(T::RBrace, CLOSE_BODY)?;
            Ok(arms)
        })?;
        Ok(MatchExpr { scrutinee, arms, match_span })
    }

    fn match_arm(&mut self) -> Rule<MatchArm> {
        let start = self.token().start;
        let pattern = self.expr()?;
        let arrow_span = self.expect(T::Arrow, r#""=>" Expr? ("{" Statement* "}")?"#)?.span();
        let mut valid = true;
        let pattern = self.pattern(pattern, &mut valid);
        if !valid {
            let message = "match case pattern is not a recognised pattern shape";
            self.tree_errors.push(Diagnostic::error("P063", message, pattern.span).with_help(
                "A pattern must be a literal (e.g. `1`, `\"foo\"`, `true`, `none`), an identifier (e.g. `x`, `_`, or a \
                 variant name like `Leaf`), or a variant constructor call (e.g. `Node(l, v, r)`). Compound expressions, \
                 indexing, field access, casts, and quoted constructors are not patterns.",
            ));
        }
        let body = match self.kind() {
            T::LBrace => self.arm_block_or_map()?,
            kind if kind.begins_expression() => ArmBody::Expr(self.expr()?),
            _ => {
                let message = "match case has no result expression or block";
                let report = Diagnostic::error("P061", message, self.span_from(start))
                    .with_help("Provide a result after `=>`, e.g. `0 => \"zero\"`, or a block: `0 => { ... }`.");
                self.tree_errors.push(report);
                ArmBody::Block(Block { statements: ThinVec::new(), span: Span::at(self.last_end) })
            }
        };
        Ok(MatchArm { pattern, arrow_span, body, span: self.span_from(start) })
    }

    /// After `=>`, braces hold a map if they are empty or begin with `key :`, else statements.
    fn arm_block_or_map(&mut self) -> Rule<ArmBody> {
        let start = self.bump().start;
        if self.at_statement_word() || !self.kind().begins_expression() && self.kind() != T::RBrace {
            return Ok(ArmBody::Block(self.block_after(start, None)?));
        }
        let first_position = self.position;
        let first_start = self.token().start;
        let doc = self.doc();
        self.blocks += 1;
        let first = self.enclosed(Self::optional_expr);
        let statement = match first {
            Ok(first) if first.is_none() || self.at_colon() => {
                self.blocks -= 1;
                let entries = self.enclosed(|parser| parser.map_entries(first))?;
                let map = self.make(start, ExprKind::Map(entries));
                let map = self.postfix_rest(map)?;
                return Ok(ArmBody::Expr(self.binary_rest(map, 1)?));
            }
            Ok(Some(first)) => self.statement_after(first),
            Ok(None) | Err(Failed) => Err(Failed),
        };
        let kind = statement.unwrap_or_else(|Failed| {
            self.recover(first_position);
            StmtKind::Error
        });
        self.blocks -= 1;
        let statement = Stmt { kind, doc, span: self.span_from(first_start) };
        Ok(ArmBody::Block(self.block_after(start, Some(statement))?))
    }

    /// The current token begins a statement that is no expression.
    fn at_statement_word(&self) -> bool {
        match self.kind() {
            T::Fun => !matches!(self.kind_after(1), T::LParen | T::Lt),
            T::Ident => {
                let (word, next) = (self.word_after(0), self.kind_after(1));
                (word == "bench" && next == T::Str)
                    || (word == "update" && next == T::Ident && self.word_after(2) == "set")
            }
            kind => kind.begins_statement(),
        }
    }

    /// Reads an expression as a pattern. A pattern that is none is cleared from `valid`, for one report per arm.
    fn pattern(&mut self, expr: Expr, valid: &mut bool) -> Pattern {
        let Expr { id, span, kind } = expr;
        let kind = match kind {
            ExprKind::Int(value) => PatternKind::Int(value),
            ExprKind::Float(value) => PatternKind::Float(value),
            ExprKind::Bool(value) => PatternKind::Bool(value),
            ExprKind::Str(value) => PatternKind::Str(value),
            ExprKind::None => PatternKind::None,
            ExprKind::Name(name) if name == "_" => PatternKind::Wildcard,
            ExprKind::Name(name) => PatternKind::Name(name),
            ExprKind::Paren(inner) => return Pattern { span, ..self.pattern(*inner, valid) },
            ExprKind::Unary { op: UnaryOp::Neg, operand, .. } if !self.options.strict => match operand.kind {
                ExprKind::Int(value) => PatternKind::Int(value.wrapping_neg()),
                ExprKind::Float(value) => PatternKind::Float(-value),
                _ => {
                    *valid = false;
                    PatternKind::Error
                }
            },
            ExprKind::Call(call) => match call.callee.kind {
                ExprKind::Name(name) => {
                    let name = Ident { name, span: call.callee.span };
                    let args = call.args.into_iter().map(|arg| self.pattern(arg, valid)).collect();
                    PatternKind::Constructor { name, args }
                }
                _ => {
                    *valid = false;
                    PatternKind::Error
                }
            },
            _ => {
                *valid = false;
                PatternKind::Error
            }
        };
        Pattern { id, kind, span }
    }

    fn with_clause(&mut self) -> Rule<Option<Expr>> {
        if self.eat_word("with").is_some() { Ok(Some(self.expr()?)) } else { Ok(None) }
    }

    fn load(&mut self) -> Rule<Load> {
        let start = self.bump().start;
        let path = if self.kind() == T::Str { Some(self.string("<string>")?) } else { None };
        if !self.at_word("as") {
            return Err(self.unexpected("\"as\" TypeRef (\"with\" Expr)?"));
        }
        let as_span = self.bump().span();
        let ty = self.type_expr(TYPE)?;
        let options = self.with_clause()?;
        self.check_path(path.as_ref(), start);
        Ok(Load { path, as_span, ty, options })
    }

    fn save(&mut self) -> Rule<Save> {
        let start = self.bump().start;
        let value = self.expr()?;
        let path = if self.at_word("to") {
            self.bump();
            Some(self.string("<string>")?)
        } else {
            None
        };
        let options = self.with_clause()?;
        self.check_path(path.as_ref(), start);
        Ok(Save { value, path, options })
    }

    fn check_path(&mut self, path: Option<&StringLiteral>, start: u32) {
        if path.is_some_and(|path| path.as_str().is_empty()) {
            let report = Diagnostic::error("P062", "load/save path is the empty string", self.span_from(start))
                .with_help(EMPTY_PATH_HELP);
            self.tree_errors.push(report);
        }
    }
}
