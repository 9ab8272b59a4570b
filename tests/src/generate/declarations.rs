//! Types, functions, streams, agents, facts and rules.

use super::{Function, Generator, Method, ROUNDS, Record, Ty, VALUE_WORK, Variable, WORK};

/// What the program being written was doing when a function began.
struct Outside {
    variables: Vec<Variable>,
    result: Option<Ty>,
    loop_depth: usize,
    work: u64,
    limit: u64,
    repeats: u64,
    budget: usize,
}

impl Generator {
    fn enter(&mut self, result: Ty, limit: u64, budget: usize) -> Outside {
        Outside {
            variables: self.variables.clone(),
            result: self.result.replace(result),
            loop_depth: std::mem::replace(&mut self.loop_depth, 0),
            work: std::mem::replace(&mut self.work, 0),
            limit: std::mem::replace(&mut self.limit, limit),
            repeats: std::mem::replace(&mut self.repeats, 1),
            budget: std::mem::replace(&mut self.budget, budget),
        }
    }

    /// Ends a function; what a call of it costs.
    fn leave(&mut self, outside: Outside) -> u64 {
        let weight = 1 + self.work;
        self.variables = outside.variables;
        self.result = outside.result;
        self.loop_depth = outside.loop_depth;
        self.work = outside.work;
        self.limit = outside.limit;
        self.repeats = outside.repeats;
        self.budget = outside.budget;
        weight
    }

    pub(super) fn types(&mut self) {
        for index in 0..1 + self.random.below(2) {
            let mut fields: Vec<Ty> = (0..1 + self.random.below(3)).map(|_| self.scalar()).collect();
            if index > 0 && self.random.chance(30) {
                fields.push(Ty::List(Box::new(Ty::Int)));
            }
            self.line(&format!("type R{index} {{"));
            for (number, field) in fields.iter().enumerate() {
                let text = format!("  f{number}: {}", self.type_name(field));
                self.line(&text);
            }
            self.records.push(Record { fields, methods: Vec::new() });
            for _ in 0..self.random.below(3) {
                self.method(index);
            }
            self.line("}");
        }
        self.line("type Shape =");
        self.line("  Empty");
        self.line("  | Box(w: int, h: int)");
        self.line("  | Pair(left: Shape, right: Shape)");
        self.line("  | Tag(name: string)");
    }

    /// A method sees the fields of its record as variables.
    fn method(&mut self, record: usize) {
        let (name, param) = (self.name("m"), self.name("p"));
        let result = self.scalar();
        let outside = self.enter(result.clone(), VALUE_WORK, 4);
        self.variables.clear();
        for (number, field) in self.records[record].fields.clone().into_iter().enumerate() {
            self.bind(Variable { name: format!("f{number}"), ty: field, mutable: true, weight: 0 });
        }
        self.bind(Variable::fixed(&param, Ty::Int));
        let header = format!("fun {name}({param}: int): {} {{", self.type_name(&result));
        self.indent += 1;
        self.block(&header, 3);
        self.indent += 1;
        let value = self.expr(&result, 2);
        self.line(&format!("return {value}"));
        self.indent -= 1;
        self.line("}");
        self.indent -= 1;
        let weight = self.leave(outside);
        self.records[record].methods.push(Method { name, result, weight });
    }

    /// Functions that expressions call by name: generic ones, one without types, one for partial application.
    pub(super) fn helpers(&mut self) {
        for line in [
            "fun keep<T>(x: T): T { return x }",
            "fun firstOr<T>(xs: list<T>, other: T): T { if len(xs) > 0 { return xs[0] } return other }",
            "fun twice<T>(x: T, f: fun(T): T): T { return f(f(x)) }",
            "fun each<A, B>(xs: list<A>, f: fun(A): B): list<B> { var out: list<B> = [] \
             for x in xs { out = append(out, f(x)) } return out }",
            "fun plus(a, b) { return a + b }",
            "fun mix(a: int, b: int): int { return (a * 3 - b) % 1009 }",
            "fun half(n: int): int? { if n % 2 == 0 { return n / 2 } return none }",
        ] {
            self.line(line);
        }
    }

    pub(super) fn globals(&mut self) {
        for _ in 0..1 + self.random.below(4) {
            let ty = self.any_type();
            self.declare(&ty);
        }
    }

    pub(super) fn function(&mut self) {
        let name = self.name("fun_");
        let params: Vec<Ty> = (0..self.random.below(4)).map(|_| self.any_type()).collect();
        let result = self.any_type();
        let outside = self.enter(result.clone(), WORK, 8);
        let mut list = Vec::new();
        for ty in &params {
            let param = self.name("p");
            list.push(format!("{param}: {}", self.type_name(ty)));
            self.bind(Variable { name: param, ty: ty.clone(), mutable: *ty != Ty::Fn, weight: VALUE_WORK });
        }
        let header = format!("fun {name}({}): {} {{", list.join(", "), self.type_name(&result));
        self.body(&header, &result, 5);
        let weight = self.leave(outside);
        self.functions.push(Function { name, params, result, weight, counts_down: false });
    }

    /// Header, statements, `return`, closing brace.
    fn body(&mut self, header: &str, result: &Ty, count: usize) {
        self.line(header);
        self.indent += 1;
        self.statements(count);
        let value = self.expr(result, 2);
        self.line(&format!("return {value}"));
        self.indent -= 1;
        self.line("}");
    }

    /// A function that counts its first parameter down: with a call at the end, with one in the middle, or two of them that
    /// call each other.
    pub(super) fn recursive_function(&mut self) {
        let name = self.name("fun_");
        let (count, sum) = (self.name("p"), self.name("p"));
        let result = if self.random.chance(70) { Ty::Int } else { Ty::Str };
        let ty = self.type_name(&result);
        let outside = self.enter(result.clone(), VALUE_WORK, 3);
        self.bind(Variable::fixed(&count, Ty::Int));
        self.bind(Variable { name: sum.clone(), ty: result.clone(), mutable: true, weight: 0 });
        let other = self.name("fun_");
        let partner = if self.random.chance(25) { &other } else { &name };
        self.line(&format!("fun {name}({count}: int, {sum}: {ty}): {ty} {{"));
        self.indent += 1;
        self.line(&format!("if {count} <= 0 {{ return {sum} }}"));
        self.statements(2);
        let step = self.bounded(&result, 1);
        let call = format!("{partner}({count} - 1, {step})");
        match self.random.below(3) {
            0 => self.line(&format!("return {call}")),
            1 => {
                let last = self.expr(&result, 1);
                let joined = format!("{call} + {last}");
                let cut = self.cut(&joined, &result);
                self.line(&format!("return {cut}"));
            }
            _ => {
                let local = self.name("v");
                self.line(&format!("let {local} = {call}"));
                self.bind(Variable::fixed(&local, result.clone()));
                let value = self.bounded(&result, 1);
                self.line(&format!("return {value}"));
            }
        }
        self.indent -= 1;
        self.line("}");
        if *partner == other {
            let back = self.cut(&format!("{sum} + {sum}"), &result);
            self.line(&format!("fun {other}({count}: int, {sum}: {ty}): {ty} {{"));
            self.line(&format!("  if {count} <= 1 {{ return {sum} }}"));
            self.line(&format!("  return {name}({count} - 2, {back})"));
            self.line("}");
        }
        let weight = 12 * self.leave(outside);
        let params = vec![Ty::Int, result.clone()];
        self.functions.push(Function { name, params, result, weight, counts_down: true });
    }

    /// A nested function: it sees and changes the variables around it.
    pub(super) fn nested_function(&mut self) {
        let (name, param) = (self.name("fun_"), self.name("p"));
        let outside = self.enter(Ty::Int, VALUE_WORK, 3);
        self.bind(Variable { name: param.clone(), ty: Ty::Int, mutable: true, weight: 0 });
        self.body(&format!("fun {name}({param}: int): int {{"), &Ty::Int, 3);
        let weight = self.leave(outside);
        self.bind(Variable { name, ty: Ty::Fn, mutable: false, weight });
    }

    /// A lambda of one integer; its body is an expression, or changes a variable first.
    pub(super) fn lambda(&mut self, depth: usize) -> String {
        let param = self.name("a");
        let outside = self.enter(Ty::Int, VALUE_WORK, 0);
        self.bind(Variable { name: param.clone(), ty: Ty::Int, mutable: true, weight: 0 });
        let changed = self.pick(|variable| variable.mutable && variable.ty == Ty::Int);
        let text = match changed {
            Some(variable) if self.random.chance(35) => {
                let (step, value) = (self.expr(&Ty::Int, depth), self.expr(&Ty::Int, depth));
                let name = variable.name;
                format!("fun({param}: int): int {{ {name} = (({name} + {step}) % 997) return {value} }}")
            }
            _ => format!("fun({param}: int): int => {}", self.expr(&Ty::Int, depth)),
        };
        self.leave(outside);
        text
    }

    /// A stream with a handler, and an agent that listens to it.
    pub(super) fn events(&mut self) {
        if !self.random.chance(25) {
            return;
        }
        self.line("stream S { n: int t: string }");
        let event = self.name("e");
        let outside = self.enter(Ty::Int, WORK, 2);
        self.result = None;
        self.repeats = ROUNDS;
        self.loop_depth = 1;
        self.line(&format!("on S as {event} {{"));
        self.indent += 1;
        self.line(&format!("print({event}.t, {event}.n)"));
        if let Some(sum) = self.pick(|variable| variable.mutable && variable.ty == Ty::Int) {
            self.line(&format!("{0} = ({0} + {event}.n) % 1000", sum.name));
        }
        self.indent -= 1;
        self.line("}");
        self.leave(outside);
        self.line("agent Listener {");
        self.line("  var total: int = 0");
        self.line("  var seen: list<string> = []");
        self.line(&format!(
            "  on S as {event} {{ total = (total * 7 + {event}.n) % 10007 seen = append(seen, {event}.t) }}"
        ));
        self.line("  intent sum(k: int): int { return total * k + len(seen) }");
        self.line("}");
        self.line("let listener = Listener {}");
        for _ in 0..1 + self.random.below(3) {
            let (n, t) = (self.expr(&Ty::Int, 1), self.expr(&Ty::Str, 1));
            self.line(&format!("emit S {{ n: {n} % 1000, t: {t} }}"));
        }
        self.line("print(listener.sum(2))");
    }

    /// Facts, a rule over them, and what follows.
    pub(super) fn rules(&mut self) {
        if !self.random.chance(15) {
            return;
        }
        for _ in 0..1 + self.random.below(5) {
            let (a, b, c) = (self.random.below(4), self.random.below(4), self.random.below(4));
            self.line(&format!("fact edge(\"n{a}\", {b})"));
            self.line(&format!("fact name({b}, \"n{c}\")"));
        }
        self.line("rule step(x, z) :- edge(x, n), name(n, z)");
        self.line("rule path(x, y) :- step(x, y)");
        self.line("rule path(x, z) :- path(x, y), step(y, z), x != z");
        self.line("print(query path(a, b))");
        let start = self.random.below(4);
        self.line(&format!("print(len(query path(\"n{start}\", b)))"));
    }
}
