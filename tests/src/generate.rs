//! Random well-typed programs, after Csmith: every one compiles, ends, and prints what it computed.
//!
//! Programs may stop with a run-time error (an index or an overflow that nobody guarded); that is part of the output to
//! compare. Loops are bounded and functions only call functions declared before them, so every program ends.

use std::fmt::Write;

/// A type that generated values have.
#[derive(Clone, Debug, PartialEq)]
enum Ty {
    Int,
    Float,
    Bool,
    Str,
    List(Box<Ty>),
    /// Keys are strings or integers.
    Map(Box<Ty>, Box<Ty>),
    /// One of the generated record types.
    Record(usize),
    /// The generated union.
    Shape,
    /// A function of one integer to an integer.
    Fn,
}

#[derive(Clone)]
struct Variable {
    name: String,
    ty: Ty,
    mutable: bool,
}

struct Function {
    name: String,
    params: Vec<Ty>,
    result: Ty,
}

/// A xorshift generator: the same seed gives the same program everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() >> 11) as usize % bound
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

struct Generator {
    random: Random,
    out: String,
    indent: usize,
    variables: Vec<Variable>,
    functions: Vec<Function>,
    records: Vec<Vec<Ty>>,
    names: usize,
    /// Statements that may still be written: keeps programs small.
    budget: usize,
    loop_depth: usize,
    /// What `return` must give in the function being written; `None` at the top level.
    result: Option<Ty>,
}

/// The program of a seed.
pub fn program(seed: u64) -> String {
    let mut generator = Generator {
        random: Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
        out: String::new(),
        indent: 0,
        variables: Vec::new(),
        functions: Vec::new(),
        records: Vec::new(),
        names: 0,
        budget: 60,
        loop_depth: 0,
        result: None,
    };
    for _ in 0..8 {
        generator.random.next();
    }
    generator.program();
    generator.out
}

impl Generator {
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn program(&mut self) {
        for index in 0..1 + self.random.below(2) {
            let fields: Vec<Ty> = (0..1 + self.random.below(3)).map(|_| self.scalar()).collect();
            self.line(&format!("type R{index} {{"));
            for (number, field) in fields.iter().enumerate() {
                let text = format!("  f{number}: {}", self.type_name(field));
                self.line(&text);
            }
            self.line("}");
            self.records.push(fields);
        }
        self.line("type Shape =");
        self.line("  Empty");
        self.line("  | Box(w: int, h: int)");
        self.line("  | Pair(left: Shape, right: Shape)");
        self.line("  | Tag(name: string)");
        self.globals();
        for _ in 0..1 + self.random.below(4) {
            self.function();
        }
        self.budget = 40;
        self.statements(12);
        self.print_all();
    }

    fn globals(&mut self) {
        for _ in 0..self.random.below(4) {
            let ty = self.any_type();
            self.declare(&ty, true);
        }
    }

    fn scalar(&mut self) -> Ty {
        match self.random.below(5) {
            0 | 1 => Ty::Int,
            2 => Ty::Float,
            3 => Ty::Bool,
            _ => Ty::Str,
        }
    }

    fn any_type(&mut self) -> Ty {
        match self.random.below(12) {
            0..=5 => self.scalar(),
            6 | 7 => Ty::List(Box::new(self.scalar())),
            8 => Ty::List(Box::new(Ty::List(Box::new(Ty::Int)))),
            9 => {
                let key = if self.random.chance(70) { Ty::Str } else { Ty::Int };
                Ty::Map(Box::new(key), Box::new(self.scalar()))
            }
            10 if !self.records.is_empty() => Ty::Record(self.random.below(self.records.len())),
            11 => Ty::Shape,
            _ => Ty::Fn,
        }
    }

    fn type_name(&self, ty: &Ty) -> String {
        match ty {
            Ty::Int => "int".to_string(),
            Ty::Float => "float".to_string(),
            Ty::Bool => "bool".to_string(),
            Ty::Str => "string".to_string(),
            Ty::List(element) => format!("list<{}>", self.type_name(element)),
            Ty::Map(key, value) => format!("map<{}, {}>", self.type_name(key), self.type_name(value)),
            Ty::Record(index) => format!("R{index}"),
            Ty::Shape => "Shape".to_string(),
            Ty::Fn => "fun(int): int".to_string(),
        }
    }

    fn function(&mut self) {
        let name = self.name("f");
        let params: Vec<Ty> = (0..self.random.below(4)).map(|_| self.any_type()).collect();
        let result = self.any_type();
        let outside = self.variables.clone();
        let mut list = Vec::new();
        for ty in &params {
            let param = self.name("p");
            list.push(format!("{param}: {}", self.type_name(ty)));
            self.variables.push(Variable { name: param, ty: ty.clone(), mutable: true });
        }
        let header = format!("fun {name}({}): {} {{", list.join(", "), self.type_name(&result));
        self.line(&header);
        self.indent += 1;
        self.result = Some(result.clone());
        let depth = std::mem::replace(&mut self.loop_depth, 0);
        self.budget = 14;
        self.statements(5);
        let value = self.expr(&result, 2);
        self.line(&format!("return {value}"));
        self.loop_depth = depth;
        self.result = None;
        self.indent -= 1;
        self.line("}");
        self.variables = outside;
        self.functions.push(Function { name, params, result });
    }

    fn statements(&mut self, count: usize) {
        for _ in 0..1 + self.random.below(count) {
            if self.budget == 0 {
                return;
            }
            self.budget -= 1;
            self.statement();
        }
    }

    fn block(&mut self, header: &str, count: usize) {
        self.line(header);
        self.indent += 1;
        let outside = self.variables.len();
        self.statements(count);
        self.variables.truncate(outside);
        self.indent -= 1;
    }

    fn declare(&mut self, ty: &Ty, annotated: bool) {
        let name = self.name("v");
        let value = self.expr(ty, 2);
        let mutable = self.random.chance(80);
        let keyword = if mutable { "var" } else { "let" };
        let annotation = if annotated { format!(": {}", self.type_name(ty)) } else { String::new() };
        self.line(&format!("{keyword} {name}{annotation} = {value}"));
        self.variables.push(Variable { name, ty: ty.clone(), mutable });
    }

    fn statement(&mut self) {
        match self.random.below(16) {
            0..=3 => {
                let ty = self.any_type();
                self.declare(&ty, true);
            }
            4..=6 => self.assign(),
            7 => self.element_assign(),
            8 | 9 => {
                let cond = self.expr(&Ty::Bool, 2);
                self.block(&format!("if {cond} == true {{"), 3);
                if self.random.chance(50) {
                    self.block("} else {", 3);
                }
                self.line("}");
            }
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
            _ => {
                let ty = self.printable();
                let value = self.expr(&ty, 2);
                self.line(&format!("print({value})"));
            }
        }
    }

    /// Functions have no printed form to compare.
    fn printable(&mut self) -> Ty {
        loop {
            let ty = self.any_type();
            if ty != Ty::Fn {
                return ty;
            }
        }
    }

    fn for_range(&mut self) {
        let name = self.name("i");
        let end = self.random.below(6);
        self.loop_depth += 1;
        let outside = self.variables.len();
        self.variables.push(Variable { name: name.clone(), ty: Ty::Int, mutable: false });
        self.block(&format!("for {name} in 0..{end} {{"), 4);
        self.variables.truncate(outside);
        self.line("}");
        self.loop_depth -= 1;
    }

    fn while_loop(&mut self) {
        let name = self.name("n");
        let end = self.random.below(6);
        let (start, test, step) = if self.random.chance(60) {
            ("0".to_string(), format!("{name} < {end}"), "+ 1")
        } else {
            (end.to_string(), format!("{name} > 0"), "- 1")
        };
        self.line(&format!("var {name} = {start}"));
        self.loop_depth += 1;
        let outside = self.variables.len();
        self.variables.push(Variable { name: name.clone(), ty: Ty::Int, mutable: false });
        self.line(&format!("while {test} {{"));
        self.indent += 1;
        // The step comes first, so that `continue` cannot skip it.
        self.line(&format!("{name} = {name} {step}"));
        self.statements(4);
        self.indent -= 1;
        self.line("}");
        self.variables.truncate(outside);
        self.loop_depth -= 1;
    }

    fn for_each(&mut self) {
        let element = self.scalar();
        let list = self.expr(&Ty::List(Box::new(element.clone())), 2);
        let name = self.name("x");
        self.loop_depth += 1;
        let outside = self.variables.len();
        self.variables.push(Variable { name: name.clone(), ty: element, mutable: false });
        self.block(&format!("for {name} in {list} {{"), 4);
        self.variables.truncate(outside);
        self.line("}");
        self.loop_depth -= 1;
    }

    fn pick(&mut self, wanted: impl Fn(&Variable) -> bool) -> Option<Variable> {
        let found: Vec<Variable> = self.variables.iter().filter(|variable| wanted(variable)).cloned().collect();
        (!found.is_empty()).then(|| found[self.random.below(found.len())].clone())
    }

    fn assign(&mut self) {
        let Some(variable) = self.pick(|variable| variable.mutable) else { return };
        let value = match &variable.ty {
            // Appending to oneself is what programs do most.
            Ty::List(element) if self.random.chance(60) => {
                let value = self.expr(&element.clone(), 2);
                format!("append({}, {value})", variable.name)
            }
            ty => self.expr(&ty.clone(), 3),
        };
        // Lists and strings that double in each round of a loop would take all memory.
        if self.loop_depth > 0 && matches!(variable.ty, Ty::Str) {
            self.line(&format!("{} = ({value})[0:40]", variable.name));
        } else {
            self.line(&format!("{} = {value}", variable.name));
        }
    }

    fn element_assign(&mut self) {
        let Some(variable) = self.pick(|v| v.mutable && matches!(v.ty, Ty::List(_) | Ty::Map(..) | Ty::Record(_)))
        else {
            return;
        };
        let name = &variable.name;
        match &variable.ty {
            Ty::List(element) => {
                let value = self.expr(element, 2);
                let index = self.random.below(4);
                self.line(&format!("if len({name}) > {index} {{ {name}[{index}] = {value} }}"));
            }
            Ty::Map(key, value) => {
                let (key, value) = (self.literal(key), self.expr(value, 2));
                self.line(&format!("{name}[{key}] = {value}"));
            }
            Ty::Record(record) => {
                let field = self.random.below(self.records[*record].len());
                let ty = self.records[*record][field].clone();
                let value = self.expr(&ty, 2);
                self.line(&format!("{name}.f{field} = {value}"));
            }
            _ => {}
        }
    }

    fn print_all(&mut self) {
        for variable in self.variables.clone() {
            if variable.ty == Ty::Fn {
                self.line(&format!("print({}(3))", variable.name));
            } else {
                self.line(&format!("print({})", variable.name));
            }
        }
    }

    fn literal(&mut self, ty: &Ty) -> String {
        match ty {
            Ty::Int => (self.random.below(20) as i64 - 4).to_string(),
            Ty::Float => format!("{}.{}", self.random.below(9), ["0", "5", "25", "125"][self.random.below(4)]),
            Ty::Bool => ["true", "false"][self.random.below(2)].to_string(),
            Ty::Str => ["\"\"", "\"a\"", "\"bc\"", "\"é→\"", "\"x\\ty\""][self.random.below(5)].to_string(),
            Ty::List(element) => {
                let items: Vec<String> = (0..self.random.below(4)).map(|_| self.literal(element)).collect();
                format!("[{}]", items.join(", "))
            }
            Ty::Map(key, value) => {
                let keys: &[&str] = if **key == Ty::Str { &["\"k\"", "\"a b\"", "\"é\""] } else { &["1", "10", "2"] };
                let count = self.random.below(keys.len() + 1);
                let entries: Vec<String> =
                    keys[..count].iter().map(|key| format!("{key}: {}", self.literal(value))).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Ty::Record(index) => {
                let mut text = format!("R{index} {{ ");
                for (number, field) in self.records[*index].clone().iter().enumerate() {
                    let comma = if number == 0 { "" } else { ", " };
                    let _ = write!(text, "{comma}f{number}: {}", self.literal(field));
                }
                text.push_str(" }");
                text
            }
            Ty::Shape => ["Empty {}", "Box { w: 2, h: 3 }", "Tag { name: \"t\" }"][self.random.below(3)].to_string(),
            Ty::Fn => format!("fun(a: int): int => a + {}", self.random.below(9)),
        }
    }

    fn expr(&mut self, ty: &Ty, depth: usize) -> String {
        if depth == 0 || self.random.chance(20) {
            if self.random.chance(70)
                && let Some(variable) = self.pick(|variable| variable.ty == *ty)
            {
                return variable.name;
            }
            return self.literal(ty);
        }
        if self.random.chance(20)
            && let Some(call) = self.call(ty, depth)
        {
            return call;
        }
        let depth = depth - 1;
        match ty {
            Ty::Int => self.int(depth),
            Ty::Float => {
                let op = ["+", "-", "*"][self.random.below(3)];
                match self.random.below(4) {
                    0 => format!("(({}) as float)", self.expr(&Ty::Int, depth)),
                    1 => format!("(({}) / {}.5)", self.expr(ty, depth), 1 + self.random.below(4)),
                    _ => format!("({} {op} {})", self.expr(ty, depth), self.expr(ty, depth)),
                }
            }
            Ty::Bool => self.bool(depth),
            Ty::Str => match self.random.below(4) {
                0 => format!("str({})", self.expr(&Ty::Int, depth)),
                1 => format!("({})[{}:{}]", self.expr(ty, depth), self.random.below(3), 1 + self.random.below(4)),
                _ => format!("({} + {})", self.expr(ty, depth), self.expr(ty, depth)),
            },
            Ty::List(element) => match self.random.below(4) {
                0 => format!("append({}, {})", self.expr(ty, depth), self.expr(element, depth)),
                1 => format!("({})[{}:{}]", self.expr(ty, depth), self.random.below(2), 1 + self.random.below(4)),
                2 => format!("[{}, {}]", self.expr(element, depth), self.expr(element, depth)),
                _ => self.literal(ty),
            },
            Ty::Map(..) => self.literal(ty),
            Ty::Record(index) => {
                let fields: Vec<String> = self.records[*index]
                    .clone()
                    .iter()
                    .enumerate()
                    .map(|(number, field)| format!("f{number}: {}", self.expr(field, depth)))
                    .collect();
                format!("R{index} {{ {} }}", fields.join(", "))
            }
            Ty::Shape => match self.random.below(3) {
                0 => format!("Pair {{ left: {}, right: {} }}", self.expr(ty, depth), self.expr(ty, depth)),
                1 => format!("Box {{ w: {}, h: {} }}", self.expr(&Ty::Int, depth), self.expr(&Ty::Int, depth)),
                _ => format!("Tag {{ name: {} }}", self.expr(&Ty::Str, depth)),
            },
            Ty::Fn => {
                let inner = self.name("a");
                self.variables.push(Variable { name: inner.clone(), ty: Ty::Int, mutable: false });
                let body = self.expr(&Ty::Int, depth);
                self.variables.pop();
                format!("fun({inner}: int): int => {body}")
            }
        }
    }

    fn int(&mut self, depth: usize) -> String {
        match self.random.below(10) {
            0 => format!("len({})", self.expr(&Ty::Str, depth)),
            1 => format!("len({})", self.expr(&Ty::List(Box::new(Ty::Int)), depth)),
            2 => format!("(({}) / {})", self.expr(&Ty::Int, depth), 1 + self.random.below(7)),
            3 => format!("(({}) % {})", self.expr(&Ty::Int, depth), 1 + self.random.below(7)),
            4 => {
                let cond = self.expr(&Ty::Bool, depth);
                let (then, els) = (self.expr(&Ty::Int, depth), self.expr(&Ty::Int, depth));
                format!("(if {cond} == true {{ {then} }} else {{ {els} }})")
            }
            5 => {
                let shape = self.expr(&Ty::Shape, depth);
                format!("(match ({shape}) {{ Empty => 0 Box(w, h) => w * 10 + h Pair(l, r) => 7 _ => -1 }})")
            }
            6 => match self.pick(|variable| variable.ty == Ty::Fn) {
                Some(function) => format!("{}({} % 1000)", function.name, self.expr(&Ty::Int, depth)),
                None => self.literal(&Ty::Int),
            },
            7 => format!("(({}) as int)", self.expr(&Ty::Float, depth)),
            _ => {
                let op = ["+", "-", "*"][self.random.below(3)];
                // The remainder keeps most values small, so that overflow stays the exception.
                format!("(({} {op} {}) % 10007)", self.expr(&Ty::Int, depth), self.expr(&Ty::Int, depth))
            }
        }
    }

    fn bool(&mut self, depth: usize) -> String {
        let ty = match self.random.below(4) {
            0 => Ty::Float,
            1 => Ty::Str,
            _ => Ty::Int,
        };
        match self.random.below(6) {
            0 => format!("(!({}))", self.expr(&Ty::Bool, depth)),
            1 => format!("({} && {})", self.expr(&Ty::Bool, depth), self.expr(&Ty::Bool, depth)),
            2 => format!("({} || {})", self.expr(&Ty::Bool, depth), self.expr(&Ty::Bool, depth)),
            3 => {
                let ty = Ty::List(Box::new(Ty::Int));
                format!("({} == {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
            _ => {
                let op = ["<", "<=", ">", ">=", "==", "!="][self.random.below(6)];
                format!("({} {op} {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
        }
    }

    fn call(&mut self, ty: &Ty, depth: usize) -> Option<String> {
        // Calls in loops of functions that loop themselves multiply: keep them out of inner loops.
        if self.loop_depth > 1 {
            return None;
        }
        let found: Vec<usize> =
            (0..self.functions.len()).filter(|&index| self.functions[index].result == *ty).collect();
        if found.is_empty() {
            return None;
        }
        let index = found[self.random.below(found.len())];
        let params = self.functions[index].params.clone();
        let args: Vec<String> = params.iter().map(|param| self.expr(param, depth - 1)).collect();
        Some(format!("{}({})", self.functions[index].name, args.join(", ")))
    }
}
