//! Expressions of every type.

use super::{Generator, Ty, Variable};

impl Generator {
    pub(super) fn literal(&mut self, ty: &Ty) -> String {
        match ty {
            Ty::Int => match self.random.below(30) {
                0 => "9223372036854775807".to_string(),
                1 => "4611686018427387904".to_string(),
                2 => "-9223372036854775807".to_string(),
                _ => (self.random.below(20) as i64 - 4).to_string(),
            },
            Ty::Float => format!("{}.{}", self.random.below(9), self.random.pick(&["0", "5", "25", "125", "1e3", "1"])),
            Ty::Bool => self.random.pick(&["true", "false"]).to_string(),
            Ty::Str => self
                .random
                .pick(&["\"\"", "\"a\"", "\"bc\"", "\"é→\"", "\"x\\ty\"", "\"12\"", "\" a, b \""])
                .to_string(),
            Ty::BigInt => format!("({} as bigint)", self.literal(&Ty::Int)),
            Ty::BigRat => format!("(({} as bigrat) / ({} as bigrat))", self.random.below(9), 1 + self.random.below(9)),
            Ty::Any => {
                let ty = self.scalar();
                format!("({} as any)", self.literal(&ty))
            }
            Ty::Option(inner) => {
                if self.random.chance(30) {
                    "none".to_string()
                } else {
                    self.literal(inner)
                }
            }
            Ty::List(element) => {
                let items: Vec<String> = (0..self.random.below(4)).map(|_| self.item(element)).collect();
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
                let fields = self.records[*index].fields.clone();
                let fields: Vec<String> = fields
                    .iter()
                    .enumerate()
                    .map(|(number, field)| format!("f{number}: {}", self.literal(field)))
                    .collect();
                format!("R{index} {{ {} }}", fields.join(", "))
            }
            Ty::Shape => self
                .random
                .pick(&["Empty {}", "Empty", "Box { w: 2, h: 3 }", "Box(4, 1)", "Tag { name: \"t\" }"])
                .to_string(),
            Ty::Fn => format!("fun(a: int): int => a + {}", self.random.below(9)),
        }
    }

    /// An item of a list literal. Lists of anything mix their items.
    fn item(&mut self, element: &Ty) -> String {
        if *element != Ty::Any {
            return self.literal(element);
        }
        match self.random.below(6) {
            0 => "none".to_string(),
            1 => "[1, 2]".to_string(),
            2 => "{\"k\": 1}".to_string(),
            _ => {
                let ty = self.scalar();
                self.literal(&ty)
            }
        }
    }

    /// An expression whose value may be stored and used again: its size does not depend on what is stored already, or
    /// grows by a constant.
    pub(super) fn bounded(&mut self, ty: &Ty, depth: usize) -> String {
        match ty {
            Ty::Str => {
                let text = self.expr(ty, depth);
                self.cut(&text, ty)
            }
            Ty::List(element) if **element == Ty::Any => self.literal(ty),
            Ty::List(_) => format!("({})[0:12]", self.expr(ty, depth)),
            // Beyond 64 bits, yet not without bound.
            Ty::BigInt => {
                let value = self.expr(ty, depth);
                format!("({value}) % ((9223372036854775807 as bigint) * (1000003 as bigint))")
            }
            Ty::BigRat => match self.variable(ty) {
                Some(name) if self.random.chance(50) => format!("({name} + {})", self.literal(ty)),
                _ => self.literal(ty),
            },
            Ty::Shape => match self.variable(ty) {
                Some(name) if self.random.chance(50) => {
                    format!("Pair {{ left: {}, right: {name} }}", self.literal(ty))
                }
                _ => self.literal(ty),
            },
            Ty::Record(index) if self.random.chance(60) => {
                let fields = self.records[*index].fields.clone();
                let fields: Vec<String> = fields
                    .iter()
                    .enumerate()
                    .map(|(number, field)| format!("f{number}: {}", self.bounded(field, depth.min(1))))
                    .collect();
                format!("R{index} {{ {} }}", fields.join(", "))
            }
            Ty::Record(_) => self.variable(ty).unwrap_or_else(|| self.literal(ty)),
            _ => self.expr(ty, depth),
        }
    }

    /// The expression, made smaller than a constant.
    pub(super) fn cut(&mut self, text: &str, ty: &Ty) -> String {
        match ty {
            Ty::Int => format!("({text}) % 100003"),
            Ty::Str => format!("({text})[0:40]"),
            _ => text.to_string(),
        }
    }

    fn variable(&mut self, ty: &Ty) -> Option<String> {
        self.pick(|variable| variable.ty == *ty).map(|variable| variable.name)
    }

    pub(super) fn expr(&mut self, ty: &Ty, depth: usize) -> String {
        if depth == 0 || self.random.chance(20) {
            return self.leaf(ty);
        }
        if self.random.chance(20)
            && let Some(call) = self.call(ty, depth)
        {
            return call;
        }
        if self.random.chance(8) {
            return self.choice(ty, depth - 1);
        }
        let depth = depth - 1;
        match ty {
            Ty::Int => self.int(depth),
            Ty::Float => self.float(depth),
            Ty::Bool => self.bool(depth),
            Ty::Str => self.text(depth),
            Ty::BigInt => self.bigint(depth),
            Ty::BigRat => {
                let op = self.random.pick(&["+", "-", "*"]);
                format!("({} {op} {})", self.leaf(ty), self.literal(ty))
            }
            Ty::Any => {
                let ty = self.scalar();
                format!("({} as any)", self.bounded(&ty, depth))
            }
            Ty::Option(inner) => self.option(inner, depth),
            Ty::List(element) => self.list(element, depth),
            Ty::Map(..) => self.leaf(ty),
            Ty::Record(index) => {
                let fields = self.records[*index].fields.clone();
                let fields: Vec<String> = fields
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
            Ty::Fn => match self.random.below(3) {
                0 => format!("mix({})", self.literal(&Ty::Int)),
                _ => self.lambda(depth),
            },
        }
    }

    /// A variable, a part of one, or a literal.
    fn leaf(&mut self, ty: &Ty) -> String {
        if self.random.chance(25)
            && let Some(part) = self.part(ty)
        {
            return part;
        }
        if self.random.chance(70)
            && let Some(name) = self.variable(ty)
        {
            return name;
        }
        self.literal(ty)
    }

    /// A field, an element or an entry of a variable.
    fn part(&mut self, ty: &Ty) -> Option<String> {
        match self.random.below(4) {
            0 => {
                let records = self.records.clone();
                let holder = self
                    .pick(|variable| matches!(variable.ty, Ty::Record(index) if records[index].fields.contains(ty)))?;
                let Ty::Record(index) = holder.ty else { return None };
                let number = records[index].fields.iter().position(|field| field == ty)?;
                Some(format!("{}.f{number}", holder.name))
            }
            1 => {
                let list = self.pick(|variable| variable.ty == Ty::List(Box::new(ty.clone())))?.name;
                let index = self.random.below(3);
                let other = self.literal(ty);
                match self.random.below(12) {
                    0 => Some(format!("{list}[{index}]")),
                    1 => Some(format!("(if len({list}) > 0 {{ {list}[-1] }} else {{ {other} }})")),
                    _ => Some(format!("(if len({list}) > {index} {{ {list}[{index}] }} else {{ {other} }})")),
                }
            }
            2 => {
                let map = self.pick(|variable| matches!(&variable.ty, Ty::Map(_, value) if **value == *ty))?;
                let Ty::Map(key, _) = &map.ty else { return None };
                let (key, other) = (self.leaf_key(key), self.literal(ty));
                Some(match self.random.below(2) {
                    0 => format!("({}[{key}] ?? {other})", map.name),
                    _ => format!("(if {key} in {0} {{ {0}[{key}] }} else {{ {other} }})", map.name),
                })
            }
            _ => {
                let option = self.pick(|variable| matches!(&variable.ty, Ty::Option(inner) if **inner == *ty))?.name;
                Some(format!("({option} ?? {})", self.literal(ty)))
            }
        }
    }

    fn leaf_key(&mut self, key: &Ty) -> String {
        let keys: [&str; 4] =
            if *key == Ty::Str { ["\"k\"", "\"a b\"", "\"é\"", "\"zz\""] } else { ["1", "10", "2", "-1"] };
        self.random.pick(&keys).to_string()
    }

    /// `if` or `match` with a value of that type in each arm.
    fn choice(&mut self, ty: &Ty, depth: usize) -> String {
        // Arms of one literal type each: `none` alone would make a choice of options something else.
        match self.random.below(5) {
            0 => {
                let number = self.expr(&Ty::Int, depth);
                let arms = [self.expr(ty, depth), self.expr(ty, depth), self.expr(ty, depth)];
                format!("(match {number} {{ 0 => {} 7 => {} _ => {} }})", arms[0], arms[1], arms[2])
            }
            1 => {
                let text = self.expr(&Ty::Str, depth);
                let arms = [self.expr(ty, depth), self.expr(ty, depth)];
                format!("(match {text} {{ \"a\" => {} _ => {} }})", arms[0], arms[1])
            }
            2 => {
                let test = self.expr(&Ty::Bool, depth);
                let arms = [self.expr(ty, depth), self.expr(ty, depth)];
                format!("(match {test} {{ true => {} false => {} }})", arms[0], arms[1])
            }
            3 => self.shape_choice(ty, depth),
            _ => {
                let cond = self.expr(&Ty::Bool, depth);
                let (then, els) = (self.expr(ty, depth), self.expr(ty, depth));
                format!("(if {cond} == true {{ {then} }} else {{ {els} }})")
            }
        }
    }

    /// Nested patterns with literals, some of which bind.
    fn shape_choice(&mut self, ty: &Ty, depth: usize) -> String {
        let shape = self.expr(&Ty::Shape, depth);
        let (w, name) = (self.name("b"), self.name("b"));
        let outside = self.variables.clone();
        self.bind(Variable::fixed(&w, Ty::Int));
        let first = self.expr(ty, depth);
        let second = self.expr(ty, depth);
        self.variables = outside.clone();
        self.bind(Variable::fixed(&name, Ty::Str));
        let third = self.expr(ty, depth);
        self.variables = outside;
        let last = self.expr(ty, depth);
        format!(
            "(match ({shape}) {{ Box({w}, 3) => {first} Pair(Box({w}, _), Pair(Empty, _)) => {second} \
             Pair(_, Tag({name})) => {third} Tag(\"t\") => {last} _ => {} }})",
            self.literal(ty)
        )
    }

    fn int(&mut self, depth: usize) -> String {
        match self.random.below(20) {
            0 => format!("len({})", self.expr(&Ty::Str, depth)),
            1 => format!("len({})", self.expr(&Ty::List(Box::new(Ty::Int)), depth)),
            2 => format!("(({}) / {})", self.expr(&Ty::Int, depth), 1 + self.random.below(7)),
            3 => format!("(({}) % {})", self.expr(&Ty::Int, depth), 1 + self.random.below(7)),
            4 if self.random.chance(30) => {
                let op = self.random.pick(&["/", "%"]);
                format!("({} {op} {})", self.expr(&Ty::Int, depth), self.expr(&Ty::Int, depth))
            }
            5 => {
                let shape = self.expr(&Ty::Shape, depth);
                format!("(match ({shape}) {{ Empty => 0 Box(w, h) => w * 10 + h Pair(l, r) => 7 _ => -1 }})")
            }
            6 | 7 => match self.pick(|variable| variable.ty == Ty::Fn) {
                Some(function) if self.charge(function.weight) => {
                    format!("{}({} % 1000)", function.name, self.expr(&Ty::Int, depth))
                }
                _ => self.literal(&Ty::Int),
            },
            8 => format!("(({}) as int)", self.expr(&Ty::Float, depth)),
            9 => format!("(-{})", self.leaf(&Ty::Int)),
            10 => {
                let list = self.expr(&Ty::List(Box::new(Ty::Int)), depth);
                let name = self.random.pick(&["sum", "min", "max", "count"]);
                // The sum of an empty literal, whose elements have no type, is a float.
                format!("{name}(append({list}, 0))")
            }
            11 => format!("indexOf({}, {})", self.expr(&Ty::Str, depth), self.literal(&Ty::Str)),
            12 => format!("((({}) % (1000 as bigint)) as int)", self.expr(&Ty::BigInt, depth)),
            13 => self.number_query(depth),
            14 => {
                let list = self.expr(&Ty::List(Box::new(Ty::Int)), depth);
                let (sum, item) = (self.name("a"), self.name("a"));
                format!("reduce({list}, fun({sum}: int, {item}: int): int => ({sum} * 3 + {item}) % 1009, 1)")
            }
            15 => format!("abs({} % 1000)", self.expr(&Ty::Int, depth)),
            16 if self.random.chance(20) => {
                let op = self.random.pick(&["+", "-", "*"]);
                format!("({} {op} {})", self.expr(&Ty::Int, depth), self.expr(&Ty::Int, depth))
            }
            _ => {
                let op = self.random.pick(&["+", "-", "*"]);
                // The remainder keeps most values small, so that overflow stays the exception.
                format!("(({} {op} {}) % 10007)", self.expr(&Ty::Int, depth), self.expr(&Ty::Int, depth))
            }
        }
    }

    fn float(&mut self, depth: usize) -> String {
        match self.random.below(8) {
            0 => format!("(({}) as float)", self.expr(&Ty::Int, depth)),
            1 => format!("(({}) / {}.5)", self.expr(&Ty::Float, depth), 1 + self.random.below(4)),
            2 => format!("({} + {})", self.expr(&Ty::Float, depth), self.literal(&Ty::Float)),
            3 => format!("avg({})", self.expr(&Ty::List(Box::new(Ty::Int)), depth)),
            4 => format!("round({}, 2)", self.expr(&Ty::Float, depth)),
            _ => {
                let op = self.random.pick(&["+", "-", "*"]);
                format!("({} {op} {})", self.expr(&Ty::Float, depth), self.expr(&Ty::Float, depth))
            }
        }
    }

    fn bigint(&mut self, depth: usize) -> String {
        match self.random.below(6) {
            0 => format!("(({}) as bigint)", self.expr(&Ty::Int, depth)),
            1 => format!("({} / ({} as bigint))", self.leaf(&Ty::BigInt), 1 + self.random.below(9)),
            2 => format!("({} % ({} as bigint))", self.leaf(&Ty::BigInt), 1 + self.random.below(9)),
            _ => {
                let op = self.random.pick(&["+", "-", "*"]);
                format!("({} {op} {})", self.leaf(&Ty::BigInt), self.expr(&Ty::BigInt, depth))
            }
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.random.below(16) {
            0 => format!("str({})", self.expr(&Ty::Int, depth)),
            1 => format!("({})[{}:{}]", self.expr(&Ty::Str, depth), self.random.below(3), 1 + self.random.below(4)),
            2 => format!("({})[-{}:]", self.expr(&Ty::Str, depth), 1 + self.random.below(3)),
            3 => {
                let name = self.random.pick(&["upper", "lower", "trim", "reverse"]);
                format!("{name}({})", self.expr(&Ty::Str, depth))
            }
            4 => format!("substring({}, 0, {})", self.expr(&Ty::Str, depth), self.random.below(4)),
            5 => format!("repeat({}, {})", self.leaf(&Ty::Str), self.random.below(4)),
            6 => format!("padStart({}, {}, \"*\")", self.expr(&Ty::Str, depth), self.random.below(6)),
            7 => format!("join({}, \"-\")", self.expr(&Ty::List(Box::new(Ty::Str)), depth)),
            8 => {
                let ty = self.printable();
                format!("str({})", self.leaf(&ty))
            }
            9 if self.random.chance(20) => format!("({})[{}]", self.expr(&Ty::Str, depth), self.random.below(2)),
            _ => format!("({} + {})", self.expr(&Ty::Str, depth), self.expr(&Ty::Str, depth)),
        }
    }

    fn option(&mut self, inner: &Ty, depth: usize) -> String {
        match self.random.below(4) {
            0 => "none".to_string(),
            1 if *inner == Ty::Int => format!("half({})", self.expr(&Ty::Int, depth)),
            _ => self.expr(inner, depth),
        }
    }

    fn list(&mut self, element: &Ty, depth: usize) -> String {
        let ty = Ty::List(Box::new(element.clone()));
        if *element == Ty::Any {
            return self.leaf(&ty);
        }
        match self.random.below(12) {
            0 | 1 => format!("append({}, {})", self.expr(&ty, depth), self.expr(element, depth)),
            2 => format!("({})[{}:{}]", self.expr(&ty, depth), self.random.below(2), 1 + self.random.below(4)),
            3 | 4 => format!("[{}, {}]", self.expr(element, depth), self.expr(element, depth)),
            5 => format!("reverse({})", self.expr(&ty, depth)),
            6 => {
                let op = self.random.pick(&["+", "union all", "union", "except", "intersect"]);
                format!("({} {op} {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
            7 => format!("distinct({})", self.expr(&ty, depth)),
            8 | 9 => self.list_query(element, depth),
            10 if *element == Ty::Int => {
                let (list, item) = (self.expr(&ty, depth), self.name("a"));
                format!("each({list}, fun({item}: int): int => {item} % 7 - 1)")
            }
            10 if *element == Ty::Str => match self.random.below(2) {
                0 => format!("split({}, \",\")", self.expr(&Ty::Str, depth)),
                _ => {
                    let (list, item) = (self.expr(&Ty::List(Box::new(Ty::Int)), depth), self.name("a"));
                    format!("each({list}, fun({item}: int): string => str({item}) + \".\")")
                }
            },
            _ => self.literal(&ty),
        }
    }

    fn bool(&mut self, depth: usize) -> String {
        let ty = match self.random.below(5) {
            0 => Ty::Float,
            1 => Ty::Str,
            2 => Ty::BigInt,
            _ => Ty::Int,
        };
        match self.random.below(10) {
            0 => format!("(!({}))", self.expr(&Ty::Bool, depth)),
            1 => format!("({} && {})", self.expr(&Ty::Bool, depth), self.expr(&Ty::Bool, depth)),
            2 => format!("({} || {})", self.expr(&Ty::Bool, depth), self.expr(&Ty::Bool, depth)),
            3 => {
                let ty = self.compared();
                format!("({} == {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
            4 => {
                let scalar = self.scalar();
                format!("({} in {})", self.expr(&scalar, depth), self.expr(&Ty::List(Box::new(scalar)), depth))
            }
            5 => format!("({} in {})", self.literal(&Ty::Str), self.expr(&Ty::Str, depth)),
            6 => match self.pick(|variable| matches!(variable.ty, Ty::Map(..))) {
                Some(map) => {
                    let Ty::Map(key, _) = &map.ty else { return "false".to_string() };
                    format!("({} in {})", self.leaf_key(key), map.name)
                }
                None => "true".to_string(),
            },
            _ => {
                let op = self.random.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({} {op} {})", self.expr(&ty, depth), self.expr(&ty, depth))
            }
        }
    }

    /// A type whose values are compared as a whole.
    fn compared(&mut self) -> Ty {
        match self.random.below(5) {
            0 => Ty::Record(self.random.below(self.records.len())),
            1 => Ty::Shape,
            2 => Ty::Map(Box::new(Ty::Str), Box::new(Ty::Int)),
            3 => Ty::Any,
            _ => Ty::List(Box::new(self.scalar())),
        }
    }
}
