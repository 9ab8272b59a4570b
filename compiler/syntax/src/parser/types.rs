//! Types as written.

use super::expected::TYPE;
use super::gathered::Gathered;
use super::{Parser, Rule};
use crate::ast::*;
use crate::symbol::Symbol;
use crate::token::TokenKind as T;

impl Parser<'_> {
    pub(super) fn type_expr(&mut self, expected: &'static str) -> Rule<TypeExpr> {
        let start = self.token().start;
        let kind = self.nested(|parser| parser.type_kind(expected))?;
        let ty = TypeExpr { kind, span: self.span_from(start) };
        if self.eat(T::Question).is_some() {
            return Ok(TypeExpr { kind: TypeKind::Optional(Box::new(ty)), span: self.span_from(start) });
        }
        Ok(ty)
    }

    fn type_kind(&mut self, expected: &'static str) -> Rule<TypeKind> {
        match self.kind() {
            T::Ident => {
                let name = self.ident(expected)?;
                if self.kind() != T::Lt {
                    return Ok(TypeKind::Name(name.name));
                }
                self.bump();
                let args = self.types()?;
                if !self.options.strict {
                    self.split(T::GtEq, T::Gt, T::Eq);
                }
                self.expect(T::Gt, "\">\"")?;
                Ok(TypeKind::Generic { name: name.name, args })
            }
            T::LBrace => {
                self.bump();
                let mut fields = ThinVec::new();
                while self.kind() == T::Ident {
                    fields.push(self.field_decl("TypeField")?);
                    if self.eat(T::Comma).is_none() {
                        break;
                    }
                }
                if fields.is_empty() {
                    self.eat(T::Comma);
                }
                self.expect(T::RBrace, "\"}\"")?;
                Ok(TypeKind::Record(fields))
            }
            // `[T]`, as messages show list types.
            T::LBracket if !self.options.strict => {
                self.bump();
                let element = self.type_expr(TYPE)?;
                self.expect(T::RBracket, "\"]\"")?;
                Ok(TypeKind::Generic { name: Symbol::intern("list"), args: thin_vec![element] })
            }
            T::Fun => {
                self.bump();
                self.expect(T::LParen, r#""(" (TypeRef ("," TypeRef)*)? ")" (":" TypeRef)?"#)?;
                let params = if self.kind() == T::RParen { ThinVec::new() } else { self.types()? };
                self.expect(T::RParen, r#"")" (":" TypeRef)?"#)?;
                let result = if self.eat(T::Colon).is_some() { Some(self.type_expr(TYPE)?) } else { None };
                Ok(TypeKind::Fun(Box::new(FunType { params, result })))
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    fn types(&mut self) -> Rule<ThinVec<TypeExpr>> {
        self.gather(Gathered::types, |parser| {
            loop {
                let ty = parser.type_expr(TYPE)?;
                parser.gathered.types.push(ty);
                if parser.eat(T::Comma).is_none() {
                    return Ok(());
                }
            }
        })
    }
}
