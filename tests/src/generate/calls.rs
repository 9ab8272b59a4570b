//! Calls of generated functions and of the helpers that every program has.

use super::{Generator, Ty, VALUE_WORK};

impl Generator {
    pub(super) fn call(&mut self, ty: &Ty, depth: usize) -> Option<String> {
        if self.random.chance(30) {
            return self.helper_call(ty, depth);
        }
        if matches!(ty, Ty::Int | Ty::Float | Ty::Bool | Ty::Str)
            && self.random.chance(25)
            && let Some(call) = self.method_value(ty, depth)
        {
            return Some(call);
        }
        let found: Vec<usize> =
            (0..self.functions.len()).filter(|&index| self.functions[index].result == *ty).collect();
        if found.is_empty() {
            return None;
        }
        let index = found[self.random.below(found.len())];
        if !self.charge(self.functions[index].weight) {
            return None;
        }
        let function = &self.functions[index];
        let (name, params, counts) = (function.name.clone(), function.params.clone(), function.counts_down);
        let mut args = Vec::new();
        for (number, param) in params.iter().enumerate() {
            let arg = self.expr(param, depth - 1);
            args.push(if counts && number == 0 { format!("({arg}) % 9") } else { arg });
        }
        Some(format!("{name}({})", args.join(", ")))
    }

    fn method_value(&mut self, ty: &Ty, depth: usize) -> Option<String> {
        let records = self.records.clone();
        let has = |index: usize| records[index].methods.iter().any(|method| method.result == *ty);
        let variable = self.pick(|variable| matches!(variable.ty, Ty::Record(index) if has(index)))?;
        let Ty::Record(index) = variable.ty else { return None };
        let method = records[index].methods.iter().find(|method| method.result == *ty)?.clone();
        if !self.charge(method.weight) {
            return None;
        }
        Some(format!("{}.{}({})", variable.name, method.name, self.expr(&Ty::Int, depth - 1)))
    }

    /// Generic functions at this type, partial application, functions without types.
    fn helper_call(&mut self, ty: &Ty, depth: usize) -> Option<String> {
        let depth = depth - 1;
        match ty {
            Ty::Int => Some(match self.random.below(5) {
                0 if self.charge(2 * VALUE_WORK) => {
                    let start = self.expr(ty, depth);
                    format!("twice({start} % 1000, {})", self.lambda(depth))
                }
                1 => format!("plus({} % 1000, {} % 1000)", self.expr(ty, depth), self.leaf_int()),
                2 => format!("mix({} % 1000)({} % 1000)", self.expr(ty, depth), self.leaf_int()),
                3 => format!("(half({}) ?? {})", self.expr(ty, depth), self.leaf_int()),
                _ => format!("firstOr({}, {})", self.expr(&Ty::List(Box::new(Ty::Int)), depth), self.expr(ty, depth)),
            }),
            Ty::Float => Some(format!("plus({}, {})", self.expr(ty, depth), self.literal(ty))),
            Ty::Str => Some(match self.random.below(3) {
                0 => format!("plus({}, {})", self.expr(ty, depth), self.literal(ty)),
                1 => format!("keep({})", self.expr(ty, depth)),
                _ => format!("firstOr({}, {})", self.expr(&Ty::List(Box::new(Ty::Str)), depth), self.literal(ty)),
            }),
            Ty::Bool | Ty::Shape | Ty::Record(_) => Some(format!("keep({})", self.expr(ty, depth))),
            _ => None,
        }
    }

    fn leaf_int(&mut self) -> String {
        self.expr(&Ty::Int, 0)
    }
}
