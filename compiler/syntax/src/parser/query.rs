//! Queries. The clauses stand in a fixed order; each is recognised by its contextual word.

use super::{Parser, Rule};
use crate::ast::*;
use crate::token::TokenKind as T;

impl Parser<'_> {
    pub(super) fn query(&mut self) -> Rule<Query> {
        let mut sources = vec![self.query_source()?];
        while self.at_word("from") {
            sources.push(self.query_source()?);
        }
        let mut joins = Vec::new();
        while let Some(kind) = self.join_kind() {
            joins.push(self.query_join(kind)?);
        }
        let filter = self.clause("where")?;
        let group = if self.at_word("group") { Some(self.query_group()?) } else { None };
        let sort = if self.at_word("sort") || self.at_word("order") {
            let keyword_span = self.bump().span();
            if self.eat_word("by").is_none() {
                return Err(self.unexpected("\"by\" Expr"));
            }
            Some(QueryClause { value: self.expr()?, keyword_span })
        } else {
            None
        };
        let skip = self.clause("skip")?;
        let take = self.clause("take")?;
        if !self.at_word("select") {
            return Err(self.unexpected("\"select\" \"distinct\"? Expr"));
        }
        let keyword_span = self.bump().span();
        let distinct = self.eat_word("distinct").map(|token| token.span());
        let select = QueryClause { value: self.expr()?, keyword_span };
        Ok(Query { sources, joins, filter, group, sort, skip, take, select, distinct })
    }

    fn clause(&mut self, word: &str) -> Rule<Option<QueryClause>> {
        match self.eat_word(word) {
            None => Ok(None),
            Some(token) => Ok(Some(QueryClause { value: self.expr()?, keyword_span: token.span() })),
        }
    }

    fn query_source(&mut self) -> Rule<QuerySource> {
        let start = self.bump().start;
        let name = self.ident("<ident> \"in\" Expr")?;
        self.expect(T::In, "\"in\" Expr")?;
        let source = self.expr()?;
        Ok(QuerySource { name, source, span: self.span_from(start) })
    }

    fn join_kind(&self) -> Option<JoinKind> {
        match self.word_after(0) {
            "join" => Some(JoinKind::Inner),
            "left" => Some(JoinKind::Left),
            "right" => Some(JoinKind::Right),
            "outer" => Some(JoinKind::Outer),
            _ => None,
        }
    }

    fn query_join(&mut self, kind: JoinKind) -> Rule<QueryJoin> {
        let start = self.bump().start;
        if kind != JoinKind::Inner && self.eat_word("join").is_none() {
            return Err(self.unexpected("\"join\" \"from\"? <ident> \"in\" Expr \"on\" Expr"));
        }
        // A variable may itself be called `from`.
        if self.kind_after(1) == T::Ident {
            self.eat_word("from");
        }
        let name = self.ident("<ident> \"in\" Expr \"on\" Expr")?;
        self.expect(T::In, "\"in\" Expr \"on\" Expr")?;
        let source = self.expr()?;
        self.expect(T::On, "\"on\" Expr")?;
        let condition = self.expr()?;
        Ok(QueryJoin { kind, name, source, condition, span: self.span_from(start) })
    }

    fn query_group(&mut self) -> Rule<QueryGroup> {
        let start = self.bump().start;
        if self.eat_word("by").is_none() {
            return Err(self.unexpected("\"by\" Expr (\",\" Expr)* \"into\" <ident> (\"having\" Expr)?"));
        }
        let mut keys = vec![self.expr()?];
        while self.eat(T::Comma).is_some() {
            keys.push(self.expr()?);
        }
        if self.eat_word("into").is_none() {
            return Err(self.unexpected("\"into\" <ident> (\"having\" Expr)?"));
        }
        let name = self.ident("<ident> (\"having\" Expr)?")?;
        let having = self.clause("having")?;
        Ok(QueryGroup { keys, name, having, span: self.span_from(start) })
    }
}
