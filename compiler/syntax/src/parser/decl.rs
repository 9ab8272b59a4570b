//! Declarations: functions, types, imports, externs, agents, streams, models, facts and rules.

use mochi_diagnostics::Diagnostic;

use super::expected::{BODY, FIELDS, FUN_CLOSE, FUN_NAME, FUN_OPEN, INTENT_NAME, TYPE};
use super::gathered::Gathered;
use super::{Failed, Parser, Rule};
use crate::ast::*;
use crate::token::TokenKind as T;

const LANGUAGES: &[&str] = &["go", "python", "typescript", "zig", "lua", "clj", "clojure"];

impl Parser<'_> {
    pub(super) fn fun_decl(&mut self, doc: Doc) -> Rule<FunDecl> {
        let start = self.token().start;
        let export = self.eat(T::Export).map(|token| token.span());
        self.expect(T::Fun, "\"fun\" <ident>")?;
        let name = self.ident(FUN_NAME)?;
        let signature = self.signature()?;
        let body = self.block(BODY)?;
        Ok(FunDecl { export, name, signature, body, doc, span: self.span_from(start) })
    }

    /// Type parameters, parameters, result and effects.
    pub(super) fn signature(&mut self) -> Rule<Signature> {
        let mut type_params = ThinVec::new();
        if self.eat(T::Lt).is_some() {
            loop {
                type_params.push(self.ident("<ident>")?);
                if self.eat(T::Comma).is_none() {
                    break;
                }
            }
            self.expect(T::Gt, "\">\"")?;
        }
        let params = self.params(FUN_OPEN, FUN_CLOSE)?;
        let result = self.result_type()?;
        let effects = match self.eat(T::Bang) {
            None => None,
            Some(bang) => {
                let mut labels = thin_vec![self.ident("<ident> (\",\" <ident>)*")?];
                while self.eat(T::Comma).is_some() {
                    labels.push(self.ident("<ident>")?);
                }
                Some(Effects { labels, span: self.span_from(bang.start) })
            }
        };
        Ok(Signature { type_params, params, result, effects })
    }

    fn result_type(&mut self) -> Rule<Option<TypeExpr>> {
        if self.eat(T::Colon).is_some() { Ok(Some(self.type_expr(TYPE)?)) } else { Ok(None) }
    }

    fn params(&mut self, open: &'static str, close: &'static str) -> Rule<ThinVec<Param>> {
        self.expect(T::LParen, open)?;
        let params = self.gather(Gathered::params, |parser| {
            if parser.kind() == T::Ident {
                loop {
                    let name = parser.ident("Param")?;
                    let ty = if parser.eat(T::Colon).is_some() { Some(parser.type_expr(TYPE)?) } else { None };
                    let span = parser.span_from(name.span.start);
                    parser.gathered.params.push(Param { name, ty, span });
                    if parser.eat(T::Comma).is_none() {
                        break;
                    }
                }
            }
            Ok(())
        })?;
        self.expect(T::RParen, close)?;
        Ok(params)
    }

    /// `name: T`
    pub(super) fn field_decl(&mut self, expected: &'static str) -> Rule<FieldDecl> {
        let doc = self.doc();
        let name = self.ident(expected)?;
        self.colon("\":\" TypeRef")?;
        let ty = self.type_expr(TYPE)?;
        Ok(FieldDecl { name, ty, doc, span: self.span_from(name.span.start) })
    }

    /// `{ name: value, … }` after a struct name, `emit` or `generate`.
    pub(super) fn field_inits(&mut self, expected: &'static str) -> Rule<Vec<FieldInit>> {
        self.expect(T::LBrace, expected)?;
        self.enclosed(|parser| {
            let mut fields = Vec::new();
            while parser.kind() == T::Ident {
                fields.push(parser.field_init()?);
                if parser.eat(T::Comma).is_none() {
                    break;
                }
            }
            if fields.is_empty() {
                parser.eat(T::Comma);
            }
            parser.expect(T::RBrace, "\"}\"")?;
            Ok(fields)
        })
    }

    fn field_init(&mut self) -> Rule<FieldInit> {
        let name = self.ident("<ident> \":\" Expr")?;
        self.colon("\":\" Expr")?;
        let value = self.expr()?;
        Ok(FieldInit { name, value, span: self.span_from(name.span.start) })
    }

    pub(super) fn type_decl(&mut self) -> Rule<TypeDecl> {
        self.bump();
        let name = self.ident("<ident>")?;
        let equals = self.eat(T::Eq).is_some();
        let body = match self.kind() {
            T::LBrace => TypeBody::Struct(self.struct_members()?),
            _ if !equals => return Err(self.unexpected("\"{\" TypeMember (\",\"? TypeMember)* \",\"?? \"}\"")),
            T::Ident if matches!(self.kind_after(1), T::LParen | T::LBrace | T::Bar) => {
                let mut variants = vec![self.variant()?];
                while self.eat(T::Bar).is_some() {
                    variants.push(self.variant()?);
                }
                TypeBody::Union(variants)
            }
            _ => TypeBody::Alias(self.type_expr(TYPE)?),
        };
        Ok(TypeDecl { name, body })
    }

    fn struct_members(&mut self) -> Rule<Vec<StructMember>> {
        self.bump();
        let mut members = Vec::new();
        loop {
            members.push(match self.kind() {
                T::Fun | T::Export => {
                    let doc = self.doc();
                    StructMember::Method(Box::new(self.nested(|parser| parser.fun_decl(doc))?))
                }
                T::Ident => StructMember::Field(self.field_decl("TypeMember")?),
                _ if members.is_empty() => {
                    return Err(self.unexpected("TypeMember (\",\"? TypeMember)* \",\"?? \"}\""));
                }
                _ => return Err(self.unexpected("\"}\"")),
            });
            self.eat(T::Comma);
            if self.eat(T::RBrace).is_some() {
                return Ok(members);
            }
        }
    }

    fn variant(&mut self) -> Rule<Variant> {
        let doc = self.doc();
        let name = self.ident("TypeVariant")?;
        let mut fields = Vec::new();
        if self.eat(T::LParen).is_some() {
            loop {
                fields.push(self.field_decl("TypeField (\",\" TypeField)* \",\"?? \")\"")?);
                if self.eat(T::Comma).is_none() || self.kind() == T::RParen {
                    break;
                }
            }
            self.expect(T::RParen, "\")\"")?;
        } else if self.eat(T::LBrace).is_some() {
            fields = self.plain_fields("TypeField")?;
        }
        Ok(Variant { name, fields, doc, span: self.span_from(name.span.start) })
    }

    /// Fields that follow each other without commas, up to and with the `}`.
    fn plain_fields(&mut self, expected: &'static str) -> Rule<Vec<FieldDecl>> {
        let mut fields = Vec::new();
        while self.kind() == T::Ident {
            fields.push(self.field_decl(expected)?);
            if !self.options.strict {
                self.eat(T::Comma);
            }
        }
        self.expect(T::RBrace, "\"}\"")?;
        Ok(fields)
    }

    pub(super) fn stream(&mut self) -> Rule<StreamDecl> {
        self.bump();
        let name = self.ident("<ident> \"{\" StreamField* \"}\"")?;
        self.expect(T::LBrace, "\"{\" StreamField* \"}\"")?;
        let fields = self.plain_fields("StreamField")?;
        Ok(StreamDecl { name, fields })
    }

    pub(super) fn model(&mut self) -> Rule<ModelDecl> {
        self.bump();
        let name = self.ident("<ident> \"{\" ModelField* \"}\"")?;
        self.expect(T::LBrace, "\"{\" ModelField* \"}\"")?;
        let fields = self.enclosed(|parser| {
            let mut fields = Vec::new();
            while parser.kind() == T::Ident {
                fields.push(parser.field_init()?);
                if !parser.options.strict {
                    parser.eat(T::Comma);
                }
            }
            parser.expect(T::RBrace, "\"}\"")?;
            Ok(fields)
        })?;
        Ok(ModelDecl { name, fields })
    }

    pub(super) fn on_handler(&mut self) -> Rule<OnHandler> {
        self.bump();
        let stream = self.ident("<ident> \"as\" <ident> \"{\" Statement* \"}\"")?;
        if self.eat_word("as").is_none() {
            return Err(self.unexpected("\"as\" <ident> \"{\" Statement* \"}\""));
        }
        let alias = self.ident("<ident> \"{\" Statement* \"}\"")?;
        let body = self.block(BODY)?;
        Ok(OnHandler { stream, alias, body })
    }

    pub(super) fn emit(&mut self) -> Rule<Emit> {
        self.bump();
        let stream = self.ident(concat!("<ident> ", r#""{" (StructLitField ("," StructLitField)*)? ","?? "}""#))?;
        let fields = self.field_inits(FIELDS)?;
        Ok(Emit { stream, fields })
    }

    pub(super) fn agent(&mut self) -> Rule<AgentDecl> {
        self.bump();
        let name = self.ident("<ident> \"{\" AgentBlock* \"}\"")?;
        self.expect(T::LBrace, "\"{\" AgentBlock* \"}\"")?;
        let mut members = Vec::new();
        self.blocks += 1;
        while !matches!(self.kind(), T::RBrace | T::Eof) {
            let first = self.position;
            match self.agent_member() {
                Ok(member) => members.push(member),
                Err(Failed) => {
                    self.recover(first);
                    if self.position == first && self.kind() != T::RBrace {
                        self.bump();
                    }
                }
            }
        }
        self.blocks -= 1;
        if self.eat(T::RBrace).is_none() {
            self.unexpected("\"}\"");
        }
        Ok(AgentDecl { name, members })
    }

    fn agent_member(&mut self) -> Rule<AgentMember> {
        match self.kind() {
            T::Intent => {
                let doc = self.doc();
                let start = self.bump().start;
                let name = self.ident(INTENT_NAME)?;
                let params = self.params(FUN_OPEN, r#"")" (":" TypeRef)? "{" Statement* "}""#)?;
                let result = self.result_type()?;
                let body = self.block(BODY)?;
                let signature = Signature { params, result, ..Signature::default() };
                let span = self.span_from(start);
                Ok(AgentMember::Intent(FunDecl { export: None, name, signature, body, doc, span }))
            }
            T::Let | T::Var | T::On => Ok(AgentMember::Stmt(self.statement()?)),
            T::Ident => {
                let statement = self.statement()?;
                if !matches!(statement.kind, StmtKind::Assign(_)) {
                    let report = Diagnostic::error("P999", "an agent has no such member", statement.span)
                        .with_help("Members are `let`, `var`, assignments, `on` handlers and intents.");
                    self.syntax_errors.push(report);
                }
                Ok(AgentMember::Stmt(statement))
            }
            _ => Err(self.unexpected("\"}\"")),
        }
    }

    pub(super) fn import(&mut self) -> Rule<Import> {
        let start = self.bump().start;
        let language = if self.kind() == T::Ident { Some(self.ident("<ident>")?) } else { None };
        let path = self.string("<string> (\"as\" <ident>)? \"auto\"?")?;
        let alias = if self.eat_word("as").is_some() { Some(self.ident("<ident> \"auto\"?")?) } else { None };
        let auto = self.eat_word("auto").map(|token| token.span());
        if let Some(language) = language.filter(|language| !LANGUAGES.contains(&language.as_str())) {
            let message = format!("unknown import language: {:?}", language.as_str());
            let mut report = Diagnostic::error("P064", message, self.span_from(start)).with_help(
                "The supported languages are `go`, `python`, `typescript`, `zig`, `lua`, `clj`, and `clojure`. Omit the \
                 language to use the Mochi default, or check the spelling.",
            );
            if !self.options.strict {
                report = report.with_label(language.span, "this is not a known language");
            }
            self.tree_errors.push(report);
        }
        Ok(Import { language, path, alias, auto })
    }

    pub(super) fn extern_decl(&mut self) -> Rule<Extern> {
        self.bump();
        match self.kind() {
            T::Type => {
                self.bump();
                Ok(Extern::Type { name: self.ident("<ident>")? })
            }
            T::Var | T::Let => {
                let mutable = self.bump().kind == T::Var;
                let path = self.path("<ident> (\".\" <ident>)* \":\" TypeRef")?;
                self.colon("\":\" TypeRef")?;
                let ty = self.type_expr(TYPE)?;
                Ok(Extern::Var { mutable, path, ty })
            }
            T::Fun => {
                self.bump();
                let path = self.path(r#"<ident> ("." <ident>)* "(" (Param ("," Param)*)? ")" (":" TypeRef)?"#)?;
                let params = self.params(r#""(" (Param ("," Param)*)? ")" (":" TypeRef)?"#, r#"")" (":" TypeRef)?"#)?;
                let result = self.result_type()?;
                Ok(Extern::Fun { path, params, result })
            }
            _ if self.at_word("object") => {
                self.bump();
                Ok(Extern::Object { name: self.ident("<ident>")? })
            }
            _ => Err(self.unexpected("\"type\" <ident>")),
        }
    }

    fn path(&mut self, expected: &'static str) -> Rule<Vec<Ident>> {
        let mut path = vec![self.ident(expected)?];
        while self.eat(T::Dot).is_some() {
            path.push(self.ident("<ident>")?);
        }
        Ok(path)
    }

    pub(super) fn rule(&mut self) -> Rule<crate::ast::Rule> {
        self.bump();
        let head = self.predicate("LogicPredicate \":-\" LogicCond (\",\" LogicCond)*")?;
        self.expect(T::ColonDash, "\":-\" LogicCond (\",\" LogicCond)*")?;
        let mut body = Vec::new();
        loop {
            if self.kind() == T::Ident && self.kind_after(1) == T::NotEq {
                let left = self.ident("LogicCond")?;
                self.bump();
                let right = self.ident("<ident>")?;
                body.push(RuleCondition::NotEqual { left, right });
            } else {
                body.push(RuleCondition::Predicate(self.predicate("LogicCond")?));
            }
            if self.eat(T::Comma).is_none() {
                return Ok(crate::ast::Rule { head, body });
            }
        }
    }

    pub(super) fn predicate(&mut self, expected: &'static str) -> Rule<Predicate> {
        let name = self.ident(expected)?;
        self.expect(T::LParen, r#""(" (LogicTerm ("," LogicTerm)*)? ")""#)?;
        let mut terms = Vec::new();
        if self.kind() != T::RParen {
            loop {
                let token = self.token();
                terms.push(match token.kind {
                    T::Ident => Term::Name(self.ident("LogicTerm")?),
                    T::Str => Term::Str(self.string("LogicTerm")?),
                    T::Int => {
                        self.bump();
                        Term::Int { value: self.int_value(token.span()), span: token.span() }
                    }
                    _ if terms.is_empty() => return Err(self.unexpected("\")\"")),
                    _ => return Err(self.unexpected("LogicTerm")),
                });
                if self.eat(T::Comma).is_none() {
                    break;
                }
            }
        }
        self.expect(T::RParen, "\")\"")?;
        Ok(Predicate { name, terms, span: self.span_from(name.span.start) })
    }
}
