//! Operators: arithmetic, comparison, logic, membership, set operators.

use super::infer::{Content, Null, Shape, Slot, Table};
use super::{IntMode, Lowerer, Val};
use crate::hir::{ArithOp, Builtin, CompareOp, Conversion, Expr, ExprKind, Stmt};
use crate::ty::{Ty, TyKind};
use mochi_diagnostics::Span;
use mochi_syntax::ast::{self, BinaryOp};

impl<'a> Lowerer<'a> {
    /// A value without null: a possibly missing one is an error at run time when it is missing.
    pub(crate) fn unwrapped(&mut self, value: Val) -> Val {
        if self.t.null(value.t) == Null::No {
            return value;
        }
        let slot = self.t.non_null_copy(value.t);
        if !self.final_walk {
            return Val { e: value.e, t: slot };
        }
        if !self.types.is_option(value.e.ty) {
            return Val { e: value.e, t: slot };
        }
        let payload = self.types.strip_option(value.e.ty);
        Val { e: Self::converted(Conversion::Unwrap, value.e, payload), t: slot }
    }

    /// A container for reading: an absent one counts as empty, as in `append`, `len` and queries.
    pub(crate) fn present_or_empty(&mut self, value: Val) -> Val {
        let empty = match self.t.shape_of(value.t) {
            Some(Shape::List(_)) => ExprKind::List(Vec::new()),
            Some(Shape::Map(..)) => ExprKind::Map(Vec::new()),
            _ => return self.unwrapped(value),
        };
        if !self.final_walk || !self.types.is_option(value.e.ty) {
            return self.unwrapped(value);
        }
        let slot = self.t.non_null_copy(value.t);
        let (ty, span) = (self.types.strip_option(value.e.ty), value.e.span);
        let empty = Box::new(Expr { kind: empty, ty, span });
        Val { e: Expr { kind: ExprKind::Coalesce { lhs: Box::new(value.e), rhs: empty }, ty, span }, t: slot }
    }

    pub(crate) fn as_dynamic(&mut self, value: Val) -> Val {
        if !self.final_walk {
            if let Content::Obj(obj) = self.t.content(value.t) {
                self.t.make_dynamic(obj);
            }
            return Val { e: value.e, t: Slot::ANY };
        }
        Val { e: self.to_any(value.e), t: Slot::ANY }
    }

    /// What is still unknown when everything is settled is dynamic.
    pub(crate) fn dynamic_if_final(&mut self, value: Val) -> Val {
        if self.final_walk { self.as_dynamic(value) } else { value }
    }

    pub(crate) fn binary(&mut self, binary: &'a ast::Binary, expr: &'a ast::Expr) -> Val {
        let span = expr.span;
        match binary.op {
            BinaryOp::And | BinaryOp::Or => self.logic_value(binary, expr),
            BinaryOp::Coalesce => self.coalesce(binary, expr),
            BinaryOp::Eq | BinaryOp::Ne => self.equality(binary, span),
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                let lhs = self.expr(&binary.lhs);
                let rhs = self.expr(&binary.rhs);
                self.ordering(binary, lhs, rhs, span)
            }
            BinaryOp::In => {
                let lhs = self.expr(&binary.lhs);
                let rhs = self.expr(&binary.rhs);
                self.membership(lhs, rhs, binary.op_span, span)
            }
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => {
                let lhs = self.expr(&binary.lhs);
                let rhs = self.expr(&binary.rhs);
                self.arithmetic(binary, lhs, rhs, span)
            }
            BinaryOp::Union | BinaryOp::UnionAll | BinaryOp::Except | BinaryOp::Intersect => {
                let lhs = self.expr(&binary.lhs);
                let rhs = self.expr(&binary.rhs);
                let builtin = match binary.op {
                    BinaryOp::Union => Builtin::Union,
                    BinaryOp::UnionAll => Builtin::UnionAll,
                    BinaryOp::Except => Builtin::Except,
                    _ => Builtin::Intersect,
                };
                self.two_lists(builtin, lhs, rhs, span)
            }
        }
    }

    /// An operation on two lists of one type.
    pub(crate) fn two_lists(&mut self, builtin: Builtin, lhs: Val, rhs: Val, span: Span) -> Val {
        if [lhs.t, rhs.t].into_iter().any(|side| self.t.content(side) == Content::Unit) {
            let (lhs, rhs) = (self.describe_slot(lhs.t), self.describe_slot(rhs.t));
            return self.error("T020", format!("lists are needed here, not {lhs} and {rhs}"), span);
        }
        let lhs = self.present_or_empty(lhs);
        let rhs = self.present_or_empty(rhs);
        // The list with the wider elements decides.
        let list = self.t.fresh();
        self.t.flow(lhs.t, list);
        self.t.flow(rhs.t, list);
        let list = match (self.t.shape_of(lhs.t), self.t.shape_of(rhs.t)) {
            (Some(Shape::List(a)), Some(Shape::List(b))) => self.common_list(lhs.t, rhs.t, a, b),
            (Some(Shape::List(_)), _) => lhs.t,
            (_, Some(Shape::List(_))) => rhs.t,
            _ if self.final_walk => {
                let element = self.t.fresh_with(Content::Any);
                self.t.list_of(element)
            }
            _ => list,
        };
        let list = self.t.fixed_copy(list, Null::No);
        let (lhs, rhs) = (self.coerce(lhs, list), self.coerce(rhs, list));
        let result = self.t.non_null_copy(list);
        let kind = if builtin == Builtin::Concat && self.final_walk {
            ExprKind::Arith { op: ArithOp::Add, lhs: Box::new(lhs), rhs: Box::new(rhs) }
        } else {
            ExprKind::Builtin { builtin, args: vec![lhs, rhs] }
        };
        self.val(kind, result, span)
    }

    /// Two list types that could not be made one: the one that holds both kinds of elements, or a list of `any`.
    fn common_list(&mut self, left: Slot, right: Slot, a: Slot, b: Slot) -> Slot {
        let (x, y) = (self.t.content(a), self.t.content(b));
        if x == y {
            return left;
        }
        match Table::join_scalars(x, y) {
            join if join == x => left,
            join if join == y => right,
            join => {
                let element = self.t.fresh_with(join);
                self.t.list_of(element)
            }
        }
    }

    fn operator_error(&mut self, op: BinaryOp, lhs: Slot, rhs: Slot, op_span: Span) -> Val {
        let (lhs, rhs) = (self.describe_slot(lhs), self.describe_slot(rhs));
        let message = format!("operator `{}` cannot be used on types {lhs} and {rhs}", op.text());
        self.error("T020", message, op_span)
    }

    fn arithmetic(&mut self, binary: &'a ast::Binary, lhs: Val, rhs: Val, span: Span) -> Val {
        use Content::*;
        if self.may_be_none(&lhs) || self.may_be_none(&rhs) {
            return self.none_if_absent([lhs, rhs], span, |this, [lhs, rhs]| this.arithmetic(binary, lhs, rhs, span));
        }
        let (lhs, rhs) = (self.present_or_empty(lhs), self.present_or_empty(rhs));
        let (a, b) = (self.t.content(lhs.t), self.t.content(rhs.t));
        let op = arith_op(binary.op);
        let result = match (a, b) {
            (Poison, _) | (_, Poison) => return self.poison(span),
            (Str, Str) if op == ArithOp::Add => Slot::STR,
            (Str, Any | Bot) | (Any | Bot, Str) if op == ArithOp::Add => Slot::STR,
            (Obj(_), Obj(_) | Bot | Any) | (Bot | Any, Obj(_)) if op == ArithOp::Add => {
                return self.list_addition(binary, lhs, rhs, span);
            }
            (Bot, Int | Bot) | (Int, Bot) if !self.final_walk => {
                let slot = self.t.fresh();
                return self.val(ExprKind::Unit, slot, span);
            }
            (Bot, Float) | (Float, Bot) if !self.final_walk => Slot::FLOAT,
            (Any | Bot, Any | Bot | Int | Float | BigInt | BigRat) | (Int | Float | BigInt | BigRat, Any | Bot) => {
                Slot::ANY
            }
            (Int, Int) if self.options.int == IntMode::Exact && op != ArithOp::Rem => Slot::BIGINT,
            (Int, Int) => Slot::INT,
            (Float, Int | Float | BigInt | BigRat) | (Int | BigInt | BigRat, Float) => Slot::FLOAT,
            (BigRat, Int | BigInt | BigRat) | (Int | BigInt, BigRat) => Slot::BIGRAT,
            (BigInt, Int | BigInt) | (Int, BigInt) => Slot::BIGINT,
            _ => return self.operator_error(binary.op, lhs.t, rhs.t, binary.op_span),
        };
        let (lhs, rhs) = (self.coerce(lhs, result), self.coerce(rhs, result));
        self.val(ExprKind::Arith { op, lhs: Box::new(lhs), rhs: Box::new(rhs) }, result, span)
    }

    /// A number or string that the program says may be absent: arithmetic with it gives none. A map entry that turns out to
    /// be missing is an error instead, as are absent operands of other operations.
    fn may_be_none(&mut self, value: &Val) -> bool {
        use Content::*;
        self.t.null(value.t) == Null::Hard && matches!(self.t.content(value.t), Int | Float | BigInt | BigRat | Str)
    }

    /// `if any operand is none { none } else { operation(operands) }`, with each operand evaluated once, in order.
    fn none_if_absent<const N: usize>(
        &mut self,
        operands: [Val; N],
        span: Span,
        operation: impl FnOnce(&mut Self, [Val; N]) -> Val,
    ) -> Val {
        let (stmts, absent, operands) = self.tested_operands(operands, span);
        let value = operation(self, operands);
        let slot =
            if self.t.content(value.t) == Content::Any { Slot::ANY } else { self.t.nullable_copy(value.t, Null::Hard) };
        self.choice(stmts, absent, value, slot, span)
    }

    /// Operands in temporaries, the test whether one is absent, and the operands without null.
    fn tested_operands<const N: usize>(
        &mut self,
        operands: [Val; N],
        span: Span,
    ) -> (Vec<Stmt>, Option<Expr>, [Val; N]) {
        let mut stmts = Vec::new();
        let mut absent: Option<Expr> = None;
        let present = operands.map(|operand| {
            if !self.final_walk {
                return self.unwrapped(operand);
            }
            let local = self.let_temporary(operand.t, operand.e, &mut stmts);
            let read = self.read(local, span);
            if self.types.is_option(read.e.ty) {
                let test = Expr { kind: ExprKind::IsNull(Box::new(read.e.clone())), ty: Ty::BOOL, span };
                absent = Some(match absent.take() {
                    Some(other) => {
                        let kind = ExprKind::Or { lhs: Box::new(other), rhs: Box::new(test) };
                        Expr { kind, ty: Ty::BOOL, span }
                    }
                    None => test,
                });
            }
            self.unwrapped(read)
        });
        (stmts, absent, present)
    }

    /// `if absent { none } else { value }` as a value of the slot's type.
    fn choice(&mut self, stmts: Vec<Stmt>, absent: Option<Expr>, value: Val, slot: Slot, span: Span) -> Val {
        let present = self.coerce(value, slot);
        let value = match absent {
            None => Val { e: present, t: slot },
            Some(cond) => {
                let ty = present.ty;
                let none = Expr { kind: ExprKind::Null, ty, span };
                let kind = ExprKind::If { cond: Box::new(cond), then: Box::new(none), els: Box::new(present) };
                self.val(kind, slot, span)
            }
        };
        self.with_statements(stmts, value)
    }

    fn list_addition(&mut self, binary: &'a ast::Binary, lhs: Val, rhs: Val, span: Span) -> Val {
        for side in [&lhs, &rhs] {
            if let Some(shape) = self.t.shape_of(side.t)
                && !matches!(shape, Shape::List(_))
            {
                return self.operator_error(binary.op, lhs.t, rhs.t, binary.op_span);
            }
        }
        self.two_lists(Builtin::Concat, lhs, rhs, span)
    }

    fn equality(&mut self, binary: &'a ast::Binary, span: Span) -> Val {
        let op = if binary.op == BinaryOp::Eq { CompareOp::Eq } else { CompareOp::Ne };
        let left_null = self.is_null_literal(&binary.lhs);
        let right_null = self.is_null_literal(&binary.rhs);
        if left_null || right_null {
            let tested = if right_null { &binary.lhs } else { &binary.rhs };
            return self.null_test(tested, op, span);
        }
        let lhs = self.expr(&binary.lhs);
        let rhs = self.expr(&binary.rhs);
        self.equals(op, lhs, rhs, span)
    }

    /// `none`, and the names that older programs use for it unless they mean something else.
    pub(crate) fn is_null_literal(&mut self, expr: &ast::Expr) -> bool {
        match &expr.without_parens().kind {
            ast::ExprKind::None => true,
            ast::ExprKind::Name(name) if *name == "nil" || *name == "null" => {
                matches!(self.resolve(*name), super::scope::Resolved::Unknown)
                    && !self.functions_by_name.contains_key(name)
                    && !self.variants.contains_key(name)
            }
            _ => false,
        }
    }

    /// `x == none`: whatever is compared with null may be null.
    fn null_test(&mut self, tested: &'a ast::Expr, op: CompareOp, span: Span) -> Val {
        let value = self.plain_expr(tested);
        let content = self.t.content(value.t);
        if content == Content::Unit {
            let unit = value.e;
            let yes = Expr { kind: ExprKind::Bool(op == CompareOp::Eq), ty: Ty::BOOL, span };
            let e = super::finish::sequence(unit, yes);
            return Val { e, t: Slot::BOOL };
        }
        if self.names_a_place(tested) {
            self.t.set_null(value.t, Null::Hard);
        }
        if !self.final_walk {
            return Val { e: value.e, t: Slot::BOOL };
        }
        let nullable = value.e.ty == Ty::ANY || self.types.is_option(value.e.ty);
        let test = if nullable {
            Expr { kind: ExprKind::IsNull(Box::new(value.e)), ty: Ty::BOOL, span }
        } else {
            let no = Expr { kind: ExprKind::Bool(false), ty: Ty::BOOL, span };
            super::finish::sequence(value.e, no)
        };
        let test = Val { e: test, t: Slot::BOOL };
        if op == CompareOp::Eq { test } else { self.not(test, span) }
    }

    /// Variables, fields, elements and calls: their slots belong to the program, so that being null can be noted there.
    fn names_a_place(&self, expr: &ast::Expr) -> bool {
        matches!(
            expr.without_parens().kind,
            ast::ExprKind::Name(_) | ast::ExprKind::Field(_) | ast::ExprKind::Call(_) | ast::ExprKind::Index(_)
        )
    }

    pub(crate) fn equals(&mut self, op: CompareOp, lhs: Val, rhs: Val, span: Span) -> Val {
        if !self.final_walk {
            if let (Content::Obj(a), Content::Obj(b)) = (self.t.content(lhs.t), self.t.content(rhs.t)) {
                self.t.unify_objs(a, b);
            }
            return Val { e: lhs.e, t: Slot::BOOL };
        }
        let (lhs, rhs) = self.same_type(lhs.e, rhs.e);
        if matches!(self.types.kind(lhs.ty), TyKind::Fn(..)) && lhs.ty == rhs.ty {
            // Functions equal nothing, not even themselves.
            let different = Expr { kind: ExprKind::Bool(op == CompareOp::Ne), ty: Ty::BOOL, span };
            let after = super::finish::sequence(rhs, different);
            return Val { e: super::finish::sequence(lhs, after), t: Slot::BOOL };
        }
        self.val(ExprKind::Compare { op, lhs: Box::new(lhs), rhs: Box::new(rhs) }, Slot::BOOL, span)
    }

    /// Both operands of an equality in one type; values of unrelated types meet as `any` and differ.
    fn same_type(&mut self, lhs: Expr, rhs: Expr) -> (Expr, Expr) {
        if lhs.ty == rhs.ty && lhs.ty != Ty::UNIT {
            return (lhs, rhs);
        }
        let (a, b) = (self.types.strip_option(lhs.ty), self.types.strip_option(rhs.ty));
        let common = match (a, b) {
            (Ty::UNIT, _) | (_, Ty::UNIT) => Ty::ANY,
            _ if a == b => a,
            (Ty::INT, Ty::FLOAT) | (Ty::FLOAT, Ty::INT) => Ty::FLOAT,
            (Ty::INT, Ty::BIGINT) | (Ty::BIGINT, Ty::INT) => Ty::BIGINT,
            (Ty::INT | Ty::BIGINT, Ty::BIGRAT) | (Ty::BIGRAT, Ty::INT | Ty::BIGINT) => Ty::BIGRAT,
            (Ty::FLOAT, Ty::BIGINT | Ty::BIGRAT) | (Ty::BIGINT | Ty::BIGRAT, Ty::FLOAT) => Ty::FLOAT,
            _ => Ty::ANY,
        };
        let optional = self.types.is_option(lhs.ty) || self.types.is_option(rhs.ty);
        let common = if optional && (a == b || common == Ty::ANY) { self.types.option(common) } else { common };
        let common = if optional && a != b { Ty::ANY } else { common };
        (self.convert_or_report(lhs, common), self.convert_or_report(rhs, common))
    }

    fn ordering(&mut self, binary: &'a ast::Binary, lhs: Val, rhs: Val, span: Span) -> Val {
        use Content::*;
        let op = match binary.op {
            BinaryOp::Lt => CompareOp::Lt,
            BinaryOp::Le => CompareOp::Le,
            BinaryOp::Gt => CompareOp::Gt,
            _ => CompareOp::Ge,
        };
        if self.final_walk && (self.types.is_option(lhs.e.ty) || self.types.is_option(rhs.e.ty)) {
            // Nothing is below or above what is absent.
            let (stmts, absent, [lhs, rhs]) = self.tested_operands([lhs, rhs], span);
            let ordered = self.ordering(binary, lhs, rhs, span);
            let value = match absent {
                Some(absent) => {
                    let present = self.not(Val { e: absent, t: Slot::BOOL }, span);
                    self.logic(BinaryOp::And, present, ordered, span)
                }
                None => ordered,
            };
            return self.with_statements(stmts, value);
        }
        let (lhs, rhs) = (self.unwrapped(lhs), self.unwrapped(rhs));
        let common = match (self.t.content(lhs.t), self.t.content(rhs.t)) {
            (Poison, _) | (_, Poison) => return Val { e: lhs.e, t: Slot::BOOL },
            (Bot | Any, Str) | (Str, Bot | Any) | (Str, Str) => Slot::STR,
            (Bot | Any, _) | (_, Bot | Any) => Slot::ANY,
            (Int, Int) => Slot::INT,
            (Bool, Bool) => Slot::BOOL,
            (Float, Int | Float | BigInt | BigRat) | (Int | BigInt | BigRat, Float) => Slot::FLOAT,
            (BigRat, Int | BigInt | BigRat) | (Int | BigInt, BigRat) => Slot::BIGRAT,
            (BigInt, Int | BigInt) | (Int, BigInt) => Slot::BIGINT,
            // Element by element, as `sort by` does it.
            (Obj(_), Obj(_)) => Slot::ANY,
            _ => return self.error("T013", "incompatible types in comparison", binary.op_span),
        };
        if !self.final_walk {
            return Val { e: lhs.e, t: Slot::BOOL };
        }
        let (lhs, rhs) = (self.coerce(lhs, common), self.coerce(rhs, common));
        self.val(ExprKind::Compare { op, lhs: Box::new(lhs), rhs: Box::new(rhs) }, Slot::BOOL, span)
    }

    pub(crate) fn membership(&mut self, needle: Val, haystack: Val, op_span: Span, span: Span) -> Val {
        let haystack = self.present_or_empty(haystack);
        let (needle, haystack) = match self.t.content(haystack.t) {
            Content::Str => {
                let needle = self.unwrapped(needle);
                (self.coerce(needle, Slot::STR), haystack)
            }
            Content::Obj(obj) => {
                self.t.demote(obj);
                match self.t.shape(obj) {
                    Shape::List(element) if self.element_fits(needle.t, element) => {
                        let null = self.t.null(element);
                        let fixed = self.t.fixed_copy(element, null);
                        (self.coerce(needle, fixed), haystack)
                    }
                    Shape::Map(key, _) => {
                        let needle = self.unwrapped(needle);
                        (self.map_key(needle, key), haystack)
                    }
                    _ => {
                        let haystack = self.as_dynamic(haystack);
                        (self.as_dynamic(needle).e, haystack)
                    }
                }
            }
            Content::Bot | Content::Any | Content::Record(_) | Content::Poison => {
                let haystack = self.as_dynamic(haystack);
                (self.as_dynamic(needle).e, haystack)
            }
            _ => return self.operator_error(BinaryOp::In, needle.t, haystack.t, op_span),
        };
        let kind = ExprKind::In { needle: Box::new(needle), haystack: Box::new(haystack.e) };
        self.val(kind, Slot::BOOL, span)
    }

    /// The value can be compared with elements of this type as it is.
    fn element_fits(&mut self, value: Slot, element: Slot) -> bool {
        use Content::*;
        if self.t.null(value) > self.t.null(element) && self.t.content(element) != Any {
            return false;
        }
        match (self.t.content(value), self.t.content(element)) {
            (a, b) if a == b => true,
            (_, Any) | (Bot | Poison, _) | (_, Bot | Poison) | (Int, Float) | (Obj(_), Obj(_)) => true,
            _ => false,
        }
    }

    /// `&&` and `||` in a condition.
    pub(crate) fn logic(&mut self, op: BinaryOp, lhs: Val, rhs: Val, span: Span) -> Val {
        let (lhs, rhs) = (Box::new(lhs.e), Box::new(rhs.e));
        let kind = if op == BinaryOp::And { ExprKind::And { lhs, rhs } } else { ExprKind::Or { lhs, rhs } };
        self.val(kind, Slot::BOOL, span)
    }

    /// `&&` and `||` as values: the operand that decided.
    fn logic_value(&mut self, binary: &'a ast::Binary, expr: &'a ast::Expr) -> Val {
        if self.is_boolean(&binary.lhs) && self.is_boolean(&binary.rhs) {
            return self.condition_value(expr).0;
        }
        let lhs = self.expr(&binary.lhs);
        self.enter_facts();
        let facts = self.facts_of(&binary.lhs, binary.op);
        self.add_facts(facts);
        let rhs = self.expr(&binary.rhs);
        self.leave_facts();
        if self.t.content(lhs.t) == Content::Bool && self.t.content(rhs.t) == Content::Bool {
            let (lhs, rhs) = (self.truth(lhs), self.truth(rhs));
            return self.logic(binary.op, lhs, rhs, expr.span);
        }
        let slot = self.keyed(super::Key::Expr(expr.id.0));
        let (lhs, rhs) = (self.coerce(lhs, slot), self.coerce(rhs, slot));
        let (lhs, rhs) = (Box::new(lhs), Box::new(rhs));
        let kind = if binary.op == BinaryOp::And { ExprKind::And { lhs, rhs } } else { ExprKind::Or { lhs, rhs } };
        self.val(kind, slot, expr.span)
    }

    fn facts_of(&mut self, lhs: &ast::Expr, op: BinaryOp) -> Vec<super::narrow::Fact> {
        let facts = self.told_by(lhs);
        if op == BinaryOp::And { facts.direct } else { facts.inverse }
    }

    /// Syntactically a truth value.
    fn is_boolean(&self, expr: &ast::Expr) -> bool {
        match &expr.without_parens().kind {
            ast::ExprKind::Bool(_) => true,
            ast::ExprKind::Unary { op, .. } => *op == ast::UnaryOp::Not,
            ast::ExprKind::Binary(binary) => match binary.op {
                BinaryOp::Eq
                | BinaryOp::Ne
                | BinaryOp::Lt
                | BinaryOp::Le
                | BinaryOp::Gt
                | BinaryOp::Ge
                | BinaryOp::In => true,
                BinaryOp::And | BinaryOp::Or => self.is_boolean(&binary.lhs) && self.is_boolean(&binary.rhs),
                _ => false,
            },
            _ => false,
        }
    }

    fn coalesce(&mut self, binary: &'a ast::Binary, expr: &'a ast::Expr) -> Val {
        let lhs = self.plain_expr(&binary.lhs);
        let rhs = self.expr(&binary.rhs);
        let slot = self.keyed(super::Key::Expr(expr.id.0));
        let present = self.t.non_null_copy(lhs.t);
        self.t.flow(present, slot);
        let rhs = self.coerce(rhs, slot);
        if !self.final_walk {
            return self.val(ExprKind::Unit, slot, expr.span);
        }
        let nullable = lhs.e.ty == Ty::ANY || self.types.is_option(lhs.e.ty);
        if !nullable {
            return Val { e: self.convert_or_report(lhs.e, rhs.ty), t: slot };
        }
        // The payload becomes the result: convert first when the types differ.
        let payload = self.types.strip_option(lhs.e.ty);
        let target = self.types.strip_option(rhs.ty);
        let lhs = if payload == target || lhs.e.ty == Ty::ANY && rhs.ty == Ty::ANY {
            lhs.e
        } else {
            let wanted = self.types.option(target);
            self.convert_or_report(lhs.e, wanted)
        };
        self.val(ExprKind::Coalesce { lhs: Box::new(lhs), rhs: Box::new(rhs) }, slot, expr.span)
    }

    /// The value as a condition.
    pub(crate) fn truth(&mut self, value: Val) -> Val {
        if !self.final_walk || value.e.ty == Ty::BOOL {
            return Val { e: value.e, t: Slot::BOOL };
        }
        let span = value.e.span;
        if value.e.ty == Ty::UNIT {
            let no = Expr { kind: ExprKind::Bool(false), ty: Ty::BOOL, span };
            return Val { e: super::finish::sequence(value.e, no), t: Slot::BOOL };
        }
        self.val(ExprKind::Truth(Box::new(value.e)), Slot::BOOL, span)
    }

    /// Whether a value is `true` itself.
    pub(crate) fn is_true(&mut self, value: Val) -> Expr {
        if !self.final_walk || value.e.ty == Ty::BOOL {
            return value.e;
        }
        let (ty, span) = (value.e.ty, value.e.span);
        let bit = |value| Expr { kind: ExprKind::Bool(value), ty: Ty::BOOL, span };
        if self.types.strip_option(ty) != Ty::BOOL && ty != Ty::ANY {
            return super::finish::sequence(value.e, bit(false));
        }
        match self.convert(bit(true), ty) {
            Ok(wanted) => {
                let kind = ExprKind::Compare { op: CompareOp::Eq, lhs: Box::new(value.e), rhs: Box::new(wanted) };
                Expr { kind, ty: Ty::BOOL, span }
            }
            Err(wanted) => *wanted,
        }
    }

    pub(crate) fn not(&mut self, value: Val, span: Span) -> Val {
        let value = self.truth(value);
        self.val(ExprKind::Not(Box::new(value.e)), Slot::BOOL, span)
    }

    pub(crate) fn negate(&mut self, operand: Val, op_span: Span, span: Span) -> Val {
        if self.may_be_none(&operand) {
            return self.none_if_absent([operand], span, |this, [operand]| this.negate(operand, op_span, span));
        }
        let operand = self.unwrapped(operand);
        let slot = match self.t.content(operand.t) {
            Content::Int => Slot::INT,
            Content::Float => Slot::FLOAT,
            Content::BigInt => Slot::BIGINT,
            Content::BigRat => Slot::BIGRAT,
            Content::Any => Slot::ANY,
            Content::Poison => return self.poison(span),
            Content::Bot if self.final_walk => Slot::ANY,
            Content::Bot => {
                let slot = self.t.fresh();
                return self.val(ExprKind::Unit, slot, span);
            }
            _ => {
                let ty = self.describe_slot(operand.t);
                return self.error("T020", format!("operator `-` cannot be used on type {ty}"), op_span);
            }
        };
        let operand = self.coerce(operand, slot);
        match operand.kind {
            ExprKind::Int(value) if value != i64::MIN => self.val(ExprKind::Int(-value), slot, span),
            ExprKind::Float(value) => self.val(ExprKind::Float(-value), slot, span),
            _ => self.val(ExprKind::Neg(Box::new(operand)), slot, span),
        }
    }
}

fn arith_op(op: BinaryOp) -> ArithOp {
    match op {
        BinaryOp::Sub => ArithOp::Sub,
        BinaryOp::Mul => ArithOp::Mul,
        BinaryOp::Div => ArithOp::Div,
        BinaryOp::Rem => ArithOp::Rem,
        _ => ArithOp::Add,
    }
}
