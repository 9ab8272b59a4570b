//! Statements: bindings, assignments, branches, loops.

use super::{Generator, ROUNDS, Ty, Variable};

impl Generator {
    pub(super) fn statements(&mut self, count: usize) {
        for _ in 0..1 + self.random.below(count) {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.statement();
        }
    }

    /// A header and statements in a scope of their own; the caller writes the closing brace.
    pub(super) fn block(&mut self, header: &str, count: usize) {
        self.line(header);
        self.indent += 1;
        let outside = self.variables.clone();
        self.statements(count);
        self.variables = outside;
        self.indent -= 1;
    }

    pub(super) fn declare(&mut self, ty: &Ty) {
        // Now and then a name that an inner scope hides.
        let inner = self.indent > 0 && self.random.chance(10);
        let hidden = if inner { self.pick(|variable| variable.name.starts_with('v')) } else { None };
        let value = self.bounded(ty, 2);
        let name = match hidden {
            // The value must not mention the name that it is bound to, or a closure would call itself.
            Some(variable) if !value.contains(variable.name.as_str()) => variable.name,
            _ => self.name("v"),
        };
        let mutable = *ty != Ty::Fn && self.random.chance(80);
        let keyword = if mutable { "var" } else { "let" };
        let inferred = matches!(ty, Ty::Int | Ty::Float | Ty::Bool | Ty::Str | Ty::Record(_)) && self.random.chance(30);
        let annotation = if inferred { String::new() } else { format!(": {}", self.type_name(ty)) };
        self.line(&format!("{keyword} {name}{annotation} = {value}"));
        let weight = if *ty == Ty::Fn { super::VALUE_WORK } else { 0 };
        self.bind(Variable { name, ty: ty.clone(), mutable, weight });
    }

    fn statement(&mut self) {
        match self.random.below(22) {
            0..=3 => {
                let ty = self.any_type();
                self.declare(&ty);
            }
            4..=6 => self.assign(),
            7 => self.element_assign(),
            8 | 9 => self.branch(),
            10 | 11 if self.loop_depth < 2 => self.for_range(),
            12 if self.loop_depth < 2 => self.while_loop(),
            13 if self.loop_depth < 2 => self.for_each(),
            14 if self.loop_depth > 0 => {
                let cond = self.expr(&Ty::Bool, 1);
                let exit = if self.random.chance(50) { "break" } else { "continue" };
                self.line(&format!("if {cond} == true {{ {exit} }}"));
            }
            15 if self.result.is_some() => {
                let (cond, result) = (self.expr(&Ty::Bool, 1), self.result.clone().unwrap_or(Ty::Int));
                let value = self.expr(&result, 1);
                self.line(&format!("if {cond} == true {{ return {value} }}"));
            }
            16 => self.nested_function(),
            17 => self.match_statement(),
            18 => self.narrowing(),
            19 => self.update(),
            20 => self.method_call(),
            _ => self.print(),
        }
    }

    fn print(&mut self) {
        let ty = self.printable();
        let value = self.expr(&ty, 2);
        match self.random.below(6) {
            0 => self.line(&format!("print(str({value}))")),
            1 => {
                let other = self.printable();
                let other = self.expr(&other, 1);
                self.line(&format!("print({value}, {other})"));
            }
            2 if matches!(ty, Ty::List(_) | Ty::Map(..) | Ty::Record(_) | Ty::Str) => {
                self.line(&format!("json({value})"));
            }
            _ => self.line(&format!("print({value})")),
        }
    }

    fn branch(&mut self) {
        let cond = self.expr(&Ty::Bool, 2);
        self.block(&format!("if {cond} == true {{"), 3);
        if self.random.chance(25) {
            let cond = self.expr(&Ty::Bool, 1);
            self.block(&format!("}} else if {cond} == true {{"), 2);
        }
        if self.random.chance(50) {
            self.block("} else {", 3);
        }
        self.line("}");
    }

    /// A loop's body: its variable, its statements, how often it runs.
    fn loop_body(&mut self, header: &str, variable: Option<Variable>, first: Option<&str>) {
        self.loop_depth += 1;
        self.repeats *= ROUNDS;
        let outside = self.variables.clone();
        if let Some(variable) = variable {
            self.bind(variable);
        }
        self.line(header);
        self.indent += 1;
        if let Some(first) = first {
            self.line(first);
        }
        self.statements(4);
        self.indent -= 1;
        self.line("}");
        self.variables = outside;
        self.repeats /= ROUNDS;
        self.loop_depth -= 1;
    }

    fn for_range(&mut self) {
        let name = self.name("i");
        let (start, end) = (self.random.below(3), self.random.below(7));
        let range = match self.pick(|variable| matches!(variable.ty, Ty::List(_))) {
            // Loops over the indices of a list are what the optimiser looks for.
            Some(list) if self.random.chance(35) => format!("0..len({}[0:6])", list.name),
            _ => format!("{start}..{end}"),
        };
        self.loop_body(&format!("for {name} in {range} {{"), Some(Variable::fixed(&name, Ty::Int)), None);
    }

    fn while_loop(&mut self) {
        let name = self.name("n");
        let end = self.random.below(6);
        let (start, test, step) = match self.random.below(3) {
            0 => ("0".to_string(), format!("{name} < {end}"), format!("{name} = {name} + 1")),
            1 => (end.to_string(), format!("{name} > 0"), format!("{name} = {name} - 1")),
            _ => ("0".to_string(), "true".to_string(), format!("if {name} >= {end} {{ break }} {name} = {name} + 1")),
        };
        self.line(&format!("var {name} = {start}"));
        // The step comes first, so that `continue` cannot skip it.
        self.loop_body(&format!("while {test} {{"), Some(Variable::fixed(&name, Ty::Int)), Some(&step));
    }

    fn for_each(&mut self) {
        let name = self.name("x");
        let (source, element) = match self.random.below(5) {
            0 => {
                let text = self.expr(&Ty::Str, 2);
                (format!("({text})[0:5]"), Ty::Str)
            }
            1 => {
                let value = self.scalar();
                (self.expr(&Ty::Map(Box::new(Ty::Str), Box::new(value)), 1), Ty::Str)
            }
            2 => {
                let list = self.expr(&Ty::List(Box::new(Ty::Any)), 1);
                (format!("({list})[0:6]"), Ty::Any)
            }
            _ => {
                let element = self.scalar();
                let list = self.expr(&Ty::List(Box::new(element.clone())), 2);
                (format!("({list})[0:6]"), element)
            }
        };
        self.loop_body(&format!("for {name} in {source} {{"), Some(Variable::fixed(&name, element)), None);
    }

    fn assign(&mut self) {
        let Some(variable) = self.pick(|variable| variable.mutable) else { return };
        let name = &variable.name;
        let value = match &variable.ty {
            // Appending to oneself is what programs do most.
            Ty::List(element) if self.random.chance(60) => {
                let value = self.bounded(&element.clone(), 2);
                format!("append({name}, {value})")
            }
            Ty::Int if self.random.chance(30) => {
                let step = self.expr(&Ty::Int, 1);
                format!("{name} + {step}")
            }
            Ty::Str if self.random.chance(40) => {
                let more = self.bounded(&Ty::Str, 1);
                format!("{name} + {more}")
            }
            ty => self.bounded(&ty.clone(), 3),
        };
        self.line(&format!("{name} = {value}"));
    }

    fn element_assign(&mut self) {
        let Some(variable) = self.pick(|v| v.mutable && matches!(v.ty, Ty::List(_) | Ty::Map(..) | Ty::Record(_)))
        else {
            return;
        };
        let name = &variable.name;
        match &variable.ty {
            Ty::List(element) => {
                let value = self.bounded(element, 2);
                let index = self.random.below(4);
                if **element == Ty::Int && self.random.chance(40) {
                    let step = self.expr(&Ty::Int, 1);
                    self.line(&format!(
                        "if len({name}) > {index} {{ {name}[{index}] = ({name}[{index}] + {step}) % 1000 }}"
                    ));
                } else if self.random.chance(90) {
                    self.line(&format!("if len({name}) > {index} {{ {name}[{index}] = {value} }}"));
                } else {
                    self.line(&format!("{name}[{index}] = {value}"));
                }
            }
            Ty::Map(key, value) => {
                let (key, value) = (self.bounded(key, 1), self.bounded(value, 2));
                self.line(&format!("{name}[{key}] = {value}"));
            }
            Ty::Record(record) => {
                let field = self.random.below(self.records[*record].fields.len());
                let ty = self.records[*record].fields[field].clone();
                let value = self.bounded(&ty, 2);
                self.line(&format!("{name}.f{field} = {value}"));
            }
            _ => {}
        }
    }

    /// `match` whose arms are blocks.
    fn match_statement(&mut self) {
        let shape = self.expr(&Ty::Shape, 1);
        self.line(&format!("match ({shape}) {{"));
        self.indent += 1;
        let (w, h) = (self.name("b"), self.name("b"));
        let outside = self.variables.clone();
        self.bind(Variable::fixed(&w, Ty::Int));
        self.bind(Variable::fixed(&h, Ty::Int));
        self.block(&format!("Box({w}, {h}) => {{"), 2);
        self.line("}");
        self.variables = outside.clone();
        let inner = self.name("b");
        self.bind(Variable::fixed(&inner, Ty::Str));
        self.block(&format!("Pair(Tag({inner}), _) => {{"), 2);
        self.line("}");
        self.variables = outside;
        self.block("_ => {", 2);
        self.line("}");
        self.indent -= 1;
        self.line("}");
    }

    /// A test for `none`, behind which the variable has its value's type.
    fn narrowing(&mut self) {
        let Some(variable) = self.pick(|variable| matches!(variable.ty, Ty::Option(_))) else { return };
        let Ty::Option(inner) = variable.ty.clone() else { return };
        self.line(&format!("if {} != none {{", variable.name));
        self.indent += 1;
        let value = self.expr(&inner, 1);
        self.line(&format!("print({} + {value})", variable.name));
        self.indent -= 1;
        if self.random.chance(50) {
            self.block("} else {", 2);
        }
        self.line("}");
    }

    fn update(&mut self) {
        let wanted =
            |variable: &Variable| matches!(&variable.ty, Ty::List(element) if matches!(**element, Ty::Record(_)));
        let Some(variable) = self.pick(wanted) else { return };
        let Ty::List(element) = &variable.ty else { return };
        let Ty::Record(record) = **element else { return };
        let fields = self.records[record].fields.clone();
        let field = self.random.below(fields.len());
        let value = self.bounded(&fields[field], 1);
        let filter = match fields.iter().position(|ty| *ty == Ty::Int) {
            Some(number) => format!(" where f{number} > {}", self.random.below(5)),
            None => String::new(),
        };
        self.line(&format!("update {} set {{ f{field}: {value} }}{filter}", variable.name));
    }

    fn method_call(&mut self) {
        let records = self.records.clone();
        let wanted =
            |variable: &Variable| matches!(variable.ty, Ty::Record(index) if !records[index].methods.is_empty());
        let Some(variable) = self.pick(wanted) else { return };
        let Ty::Record(index) = variable.ty else { return };
        let method = self.records[index].methods[self.random.below(records[index].methods.len())].clone();
        if self.charge(method.weight) {
            let argument = self.expr(&Ty::Int, 1);
            self.line(&format!("print({}.{}({argument}))", variable.name, method.name));
        }
    }
}
