//! Statements.

use mochi_diagnostics::Diagnostic;

use super::expected::{BODY, CLOSE_BODY, EXPR, IF_BODY, LET_NAME, TYPE};
use super::gathered::Gathered;
use super::{Failed, Parser, Rule};
use crate::ast::*;
use crate::token::TokenKind as T;

impl Parser<'_> {
    /// Reads one statement, or reports and skips a broken one. Always consumes a token.
    pub(super) fn any_statement(&mut self) -> Stmt {
        let first = self.position;
        let start = self.token().start;
        self.statement().unwrap_or_else(|Failed| {
            self.recover(first);
            if self.position == first && self.kind() != T::RBrace {
                self.bump();
            }
            Stmt { kind: StmtKind::Error, doc: None, span: self.span_from(start) }
        })
    }

    pub(super) fn statement(&mut self) -> Rule<Stmt> {
        let doc = self.doc();
        let start = self.token().start;
        let kind = self.statement_kind(doc)?;
        Ok(Stmt { kind, doc, span: self.span_from(start) })
    }

    fn statement_kind(&mut self, doc: Doc) -> Rule<StmtKind> {
        Ok(match self.kind() {
            T::Let | T::Var => StmtKind::Binding(Box::new(self.binding()?)),
            T::Return => {
                self.bump();
                let value = match self.kind() {
                    T::Fun if !matches!(self.kind_after(1), T::LParen | T::Lt) => None,
                    kind if kind.begins_expression() => Some(Box::new(self.expr()?)),
                    _ => None,
                };
                StmtKind::Return(value)
            }
            T::If => StmtKind::If(Box::new(self.nested(Self::if_statement)?)),
            T::For => StmtKind::For(Box::new(self.nested(Self::for_statement)?)),
            T::While => StmtKind::While(Box::new(self.nested(Self::while_statement)?)),
            T::Break => {
                self.bump();
                StmtKind::Break
            }
            T::Continue => {
                self.bump();
                StmtKind::Continue
            }
            T::Fun if !matches!(self.kind_after(1), T::LParen | T::Lt) => {
                StmtKind::Fun(Box::new(self.nested(|parser| parser.fun_decl(doc))?))
            }
            T::Export => StmtKind::Fun(Box::new(self.nested(|parser| parser.fun_decl(doc))?)),
            T::Expect => {
                self.bump();
                StmtKind::Expect(Box::new(self.expr()?))
            }
            T::Test => StmtKind::Test(Box::new(self.nested(Self::named_block)?)),
            T::Agent => StmtKind::Agent(Box::new(self.nested(Self::agent)?)),
            T::Stream => StmtKind::Stream(Box::new(self.stream()?)),
            T::Import => StmtKind::Import(Box::new(self.import()?)),
            T::Type => StmtKind::Type(Box::new(self.nested(Self::type_decl)?)),
            T::Extern => StmtKind::Extern(Box::new(self.extern_decl()?)),
            T::Fact => {
                self.bump();
                StmtKind::Fact(Box::new(self.predicate("LogicPredicate")?))
            }
            T::Rule => StmtKind::Rule(Box::new(self.rule()?)),
            T::On => StmtKind::On(Box::new(self.nested(Self::on_handler)?)),
            T::Emit => StmtKind::Emit(Box::new(self.emit()?)),
            T::Ident => match self.contextual_statement()? {
                Some(kind) => kind,
                None => self.expression_statement()?,
            },
            kind if kind.begins_expression() => self.expression_statement()?,
            _ => return Err(self.unexpected(if self.blocks > 0 { CLOSE_BODY } else { "" })),
        })
    }

    /// `bench`, `model` and `update` are ordinary names unless what follows shows otherwise.
    fn contextual_statement(&mut self) -> Rule<Option<StmtKind>> {
        let next = self.kind_after(1);
        if !matches!(next, T::Str | T::Ident) {
            return Ok(None);
        }
        Ok(match self.word_after(0) {
            "bench" if next == T::Str => Some(StmtKind::Bench(Box::new(self.nested(Self::named_block)?))),
            "model" if next == T::Ident && self.kind_after(2) == T::LBrace => {
                Some(StmtKind::Model(Box::new(self.model()?)))
            }
            "update" if next == T::Ident && self.word_after(2) == "set" => {
                Some(StmtKind::Update(Box::new(self.update()?)))
            }
            _ => None,
        })
    }

    /// An expression, an assignment or `fetch … into`, told apart by what follows the first expression.
    fn expression_statement(&mut self) -> Rule<StmtKind> {
        let first = self.expr()?;
        self.statement_after(first)
    }

    /// The rest of a statement whose leading expression has been read.
    pub(super) fn statement_after(&mut self, first: Expr) -> Rule<StmtKind> {
        let assignable = self.is_place(&first);
        if self.kind() == T::Eq && (assignable || !self.options.strict) {
            let eq_span = self.bump().span();
            if !assignable {
                let report = Diagnostic::error("P999", "this expression cannot be assigned to", first.span)
                    .with_label(eq_span, "assigned here")
                    .with_help("Assign to a variable, an element or a field; compare with `==`.");
                self.syntax_errors.push(report);
            }
            let value = self.expr()?;
            if !assignable {
                return Ok(StmtKind::Error);
            }
            return Ok(StmtKind::Assign(Box::new(Assign { target: first, eq_span, value })));
        }
        if matches!(first.kind, ExprKind::Fetch(_)) && self.at_word("into") {
            self.bump();
            let target = self.ident(r#"<ident> ("with" Expr)?"#)?;
            let ExprKind::Fetch(fetch) = first.kind else { return Ok(StmtKind::Error) };
            let mut fetch = *fetch;
            if self.eat_word("with").is_some() {
                fetch.options = Some(self.expr()?);
            }
            return Ok(StmtKind::FetchInto(Box::new(FetchInto { fetch, target })));
        }
        if self.kind() != T::Eq {
            self.check_useful(&first);
        }
        Ok(StmtKind::Expr(Box::new(first)))
    }

    /// A name with indexes, then fields. Strictly all indexes stand before all fields.
    fn is_place(&self, expr: &Expr) -> bool {
        let mut expr = expr;
        let mut fields_allowed = true;
        loop {
            match &expr.kind {
                ExprKind::Name(_) => return true,
                ExprKind::Field(field) if field.safe.is_none() && (fields_allowed || !self.options.strict) => {
                    expr = &field.base;
                }
                ExprKind::Index(index) if index.safe.is_none() => {
                    fields_allowed = false;
                    expr = &index.base;
                }
                _ => return false,
            }
        }
    }

    pub(super) fn binding(&mut self) -> Rule<Binding> {
        let mutable = self.bump().kind == T::Var;
        let name = self.ident(LET_NAME)?;
        let ty = if matches!(self.kind(), T::Colon | T::ColonDash) {
            self.colon("")?;
            Some(self.type_expr(TYPE)?)
        } else {
            None
        };
        let value = if self.eat(T::Eq).is_some() { Some(self.expr()?) } else { None };
        Ok(Binding { mutable, name, ty, value })
    }

    /// `{ … }` with statements. A missing `}` at the end of the text is reported, but the block is kept.
    pub(super) fn block(&mut self, expected: &'static str) -> Rule<Block> {
        let open = self.expect(T::LBrace, expected)?;
        self.block_after(open.start, None)
    }

    /// The rest of a block that begins at `start` and whose first statement may have been read.
    pub(super) fn block_after(&mut self, start: u32, first: Option<Stmt>) -> Rule<Block> {
        self.with_header(false, |parser| {
            let statements = parser.nested(|parser| {
                parser.blocks += 1;
                let statements = parser.gather(Gathered::stmts, |parser| {
                    parser.gathered.stmts.extend(first);
                    while !matches!(parser.kind(), T::RBrace | T::Eof) {
                        let statement = parser.any_statement();
                        parser.gathered.stmts.push(statement);
                    }
                    Ok(())
                });
                parser.blocks -= 1;
                if parser.eat(T::RBrace).is_none() {
                    parser.unexpected(CLOSE_BODY);
                }
                statements
            })?;
            Ok(Block { statements, span: parser.span_from(start) })
        })
    }

    fn head(&mut self) -> Rule<Expr> {
        self.with_header(true, Self::expr)
    }

    /// An `if` with all its `else if`s, read in a loop so that long chains do not nest rules.
    fn if_statement(&mut self) -> Rule<IfStmt> {
        let mut chain = Vec::new();
        let mut last = None;
        loop {
            let start = self.token().start;
            self.bump();
            let condition = self.head()?;
            let then_block = self.block(IF_BODY)?;
            chain.push((start, condition, then_block));
            if chain.len() > super::MAX_HEIGHT as usize {
                return Err(self.too_deep());
            }
            if self.eat(T::Else).is_none() {
                break;
            }
            if self.kind() != T::If {
                last = Some(ElseBranch::Block(self.block(BODY)?));
                break;
            }
        }
        let end = self.last_end;
        let mut statement: Option<IfStmt> = None;
        for (start, condition, then_block) in chain.into_iter().rev() {
            let else_branch = statement.take().map(|inner| ElseBranch::If(Box::new(inner))).or_else(|| last.take());
            let span = crate::Span::new(start, end);
            statement = Some(IfStmt { condition, then_block, else_branch, span });
        }
        statement.ok_or(Failed)
    }

    fn while_statement(&mut self) -> Rule<WhileStmt> {
        self.bump();
        let condition = self.head()?;
        let body = self.block(BODY)?;
        Ok(WhileStmt { condition, body })
    }

    fn for_statement(&mut self) -> Rule<ForStmt> {
        self.bump();
        let name = self.ident(r#"<ident> "in" Expr (".." Expr)? "{" Statement* "}""#)?;
        self.expect(T::In, r#""in" Expr (".." Expr)? "{" Statement* "}""#)?;
        let source = self.head()?;
        let range_end = if self.eat(T::DotDot).is_some() { Some(self.head()?) } else { None };
        let body = self.block(BODY)?;
        Ok(ForStmt { name, source, range_end, body })
    }

    fn named_block(&mut self) -> Rule<NamedBlock> {
        self.bump();
        let name = self.string(r#"<string> "{" Statement* "}""#)?;
        let body = self.block(BODY)?;
        Ok(NamedBlock { name, body })
    }

    fn update(&mut self) -> Rule<Update> {
        self.bump();
        let target = self.ident(r#"<ident> "set" MapLiteral ("where" Expr)?"#)?;
        self.bump();
        if self.kind() != T::LBrace {
            return Err(self.unexpected("MapLiteral"));
        }
        let changes = self.nested(Self::map_literal)?;
        let filter = if self.eat_word("where").is_some() { Some(self.expr()?) } else { None };
        Ok(Update { target, changes, filter })
    }

    pub(super) fn string(&mut self, expected: &'static str) -> Rule<StringLiteral> {
        if self.kind() != T::Str {
            return Err(self.unexpected(expected));
        }
        let token = self.bump();
        Ok(self.string_literal(token.span()))
    }

    pub(super) fn missing_expression(&mut self) -> Failed {
        self.unexpected(EXPR)
    }
}
