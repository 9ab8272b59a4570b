//! Types of unary and binary operators.

use mochi_syntax::Span;
use mochi_syntax::ast::{Binary, BinaryOp, Expr, ExprKind, UnaryOp};

use super::Checker;
use super::narrow::Facts;
use super::types::{Kind, Ty};

impl Checker<'_> {
    /// A condition or operand, with what it proves about optional variables.
    pub(super) fn operand_with_facts(&mut self, expr: &Expr) -> (Ty, Facts) {
        let (ty, facts) = match &expr.kind {
            ExprKind::Binary(_) => return self.binary(expr),
            ExprKind::Paren(inner) => self.operand_with_facts(inner),
            ExprKind::Unary { op: UnaryOp::Not, operand } => {
                let (ty, facts) = self.operand_with_facts(operand);
                (self.unary(UnaryOp::Not, expr.operator_span(), ty), facts.negated())
            }
            _ => return (self.infer(expr, None), Facts::default()),
        };
        self.remember(expr, ty);
        (ty, facts)
    }

    pub(super) fn unary(&mut self, op: UnaryOp, span: Span, operand: Ty) -> Ty {
        let fits = operand.is_dynamic()
            || match op {
                UnaryOp::Neg => operand.is_numeric(),
                UnaryOp::Not => operand == Ty::BOOL,
            };
        if fits {
            return operand;
        }
        let message = format!("operator `{}` cannot be used on type {}", op.text(), self.show(operand));
        self.report("T020", span, message);
        Ty::ERROR
    }

    /// A chain of operators. Chains nest to the left, so the left spine is walked in a loop.
    pub(super) fn binary(&mut self, expr: &Expr) -> (Ty, Facts) {
        let mut spine: Vec<(&Expr, &Binary)> = Vec::new();
        let mut leftmost = expr;
        while let ExprKind::Binary(binary) = &leftmost.kind {
            spine.push((leftmost, binary));
            leftmost = &binary.lhs;
        }
        let (mut ty, mut facts) = self.operand_with_facts(leftmost);
        for (node, binary) in spine.into_iter().rev() {
            let (right, right_facts) = match binary.op {
                BinaryOp::And => self.operand_under(&facts.when_true, &binary.rhs),
                BinaryOp::Or => self.operand_under(&facts.when_false, &binary.rhs),
                _ => self.operand_with_facts(&binary.rhs),
            };
            facts = match binary.op {
                BinaryOp::And | BinaryOp::Or => facts.combined(binary.op, right_facts),
                op => self.none_test(op, &binary.lhs, &binary.rhs),
            };
            ty = self.binary_type(binary.op, binary.op_span, ty, right);
            self.remember(node, ty);
        }
        (ty, facts)
    }

    fn operand_under(&mut self, proven: &[(mochi_syntax::Symbol, Ty)], expr: &Expr) -> (Ty, Facts) {
        if proven.is_empty() {
            return self.operand_with_facts(expr);
        }
        let mark = self.mark();
        self.assume(proven);
        let outcome = self.operand_with_facts(expr);
        self.leave(mark);
        outcome
    }

    fn binary_type(&mut self, op: BinaryOp, span: Span, left: Ty, right: Ty) -> Ty {
        let comparison = matches!(
            op,
            BinaryOp::Lt
                | BinaryOp::Le
                | BinaryOp::Gt
                | BinaryOp::Ge
                | BinaryOp::Eq
                | BinaryOp::Ne
                | BinaryOp::In
                | BinaryOp::And
                | BinaryOp::Or
        );
        if left.is_error() || right.is_error() {
            return if comparison { Ty::BOOL } else { Ty::ERROR };
        }
        if left == Ty::ANY || right == Ty::ANY {
            return match op {
                _ if comparison => Ty::BOOL,
                BinaryOp::Add if left == Ty::STRING || right == Ty::STRING => Ty::STRING,
                _ => Ty::ANY,
            };
        }
        match op {
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => {
                self.arithmetic(op, span, left, right)
            }
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::Eq | BinaryOp::Ne => {
                self.comparison(op, span, left, right)
            }
            BinaryOp::In => self.membership(span, left, right),
            BinaryOp::And | BinaryOp::Or => {
                if left != Ty::BOOL || right != Ty::BOOL {
                    self.operator_mismatch(span, op.text(), left, right);
                }
                Ty::BOOL
            }
            BinaryOp::Coalesce => self.coalesce(span, left, right),
            BinaryOp::Union | BinaryOp::UnionAll | BinaryOp::Except | BinaryOp::Intersect => {
                match (self.types.kind(left), self.types.kind(right)) {
                    (Kind::List(_), Kind::List(_)) => self.list_operator(op, span, left, right),
                    _ => {
                        self.report("T021", span, format!("unsupported operator: `{}`", op.text()));
                        Ty::ERROR
                    }
                }
            }
        }
    }

    fn list_operator(&mut self, op: BinaryOp, span: Span, left: Ty, right: Ty) -> Ty {
        if !self.types.compatible(left, right) {
            self.operator_mismatch(span, op.text(), left, right);
            return Ty::ERROR;
        }
        left
    }

    fn arithmetic(&mut self, op: BinaryOp, span: Span, left: Ty, right: Ty) -> Ty {
        if let Some(joined) = self.types.numeric_join(left, right) {
            return joined;
        }
        if op == BinaryOp::Add {
            if left == Ty::STRING || right == Ty::STRING {
                return Ty::STRING;
            }
            if let (Kind::List(_), Kind::List(_)) = (self.types.kind(left), self.types.kind(right)) {
                return self.list_operator(op, span, left, right);
            }
        }
        self.operator_mismatch(span, op.text(), left, right);
        Ty::ERROR
    }

    fn comparison(&mut self, op: BinaryOp, span: Span, left: Ty, right: Ty) -> Ty {
        if self.types.compatible(left, right) || (left.is_numeric() && right.is_numeric()) {
            return Ty::BOOL;
        }
        let optional = |ty: Ty| self.types.option_payload(ty).is_some();
        if matches!(op, BinaryOp::Eq | BinaryOp::Ne) && optional(left) != optional(right) {
            let plain = if optional(left) { right } else { left };
            self.operand("T059", span, "comparison with `none` requires an optional operand, got ", plain);
        } else {
            self.report("T013", span, "incompatible types in comparison");
        }
        Ty::BOOL
    }

    fn membership(&mut self, span: Span, left: Ty, right: Ty) -> Ty {
        let fits = match self.types.kind(right) {
            Kind::Map(key, _) => self.types.compatible(left, key),
            Kind::List(element) => self.types.compatible(left, element),
            _ => left == Ty::STRING && right == Ty::STRING,
        };
        if !fits {
            self.operator_mismatch(span, "in", left, right);
        }
        Ty::BOOL
    }

    fn coalesce(&mut self, span: Span, left: Ty, right: Ty) -> Ty {
        if let Some(payload) = self.types.option_payload(left) {
            if let Some(fallback) = self.types.option_payload(right) {
                let payload = if self.types.compatible(payload, fallback) { payload } else { Ty::ANY };
                return self.types.option(payload);
            }
            if self.types.compatible(payload, right) {
                return payload;
            }
            if let Some(joined) = self.types.numeric_join(payload, right) {
                return joined;
            }
        }
        self.operator_mismatch(span, "??", left, right);
        Ty::ERROR
    }
}
