//! Random well-typed programs, after Csmith: every one compiles, ends, and prints what it computed.
//!
//! Programs may stop with a run-time error (an index or an overflow that nobody guarded); that is part of the output to
//! compare. Loops are bounded, functions only call what was declared before them or count down, and an estimate of the work
//! that a call costs keeps calls out of loops where they would multiply, so every program ends soon. Values that could
//! double in each round (text, lists, numbers without bound) are cut where they are stored.

mod calls;
mod declarations;
mod expressions;
mod queries;
mod statements;

/// A type that generated values have.
#[derive(Clone, Debug, PartialEq)]
enum Ty {
    Int,
    Float,
    Bool,
    Str,
    BigInt,
    BigRat,
    Any,
    /// Of an integer or a string.
    Option(Box<Ty>),
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
    /// Of a function: what a call costs.
    weight: u64,
}

impl Variable {
    fn fixed(name: &str, ty: Ty) -> Variable {
        Variable { name: name.to_owned(), ty, mutable: false, weight: 0 }
    }
}

struct Function {
    name: String,
    params: Vec<Ty>,
    result: Ty,
    weight: u64,
    /// The first parameter says how often it calls itself.
    counts_down: bool,
}

/// A record type: its fields `f0`, `f1` … and its methods.
#[derive(Clone)]
struct Record {
    fields: Vec<Ty>,
    methods: Vec<Method>,
}

/// A method of one integer.
#[derive(Clone)]
struct Method {
    name: String,
    result: Ty,
    weight: u64,
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

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

/// What a whole function may cost, in calls and rounds; a program then runs for milliseconds.
const WORK: u64 = 5_000;
/// What a function value may cost: where it is called from is not known.
const VALUE_WORK: u64 = 100;
/// Rounds that a loop is taken to have.
const ROUNDS: u64 = 6;

struct Generator {
    random: Random,
    out: String,
    indent: usize,
    variables: Vec<Variable>,
    functions: Vec<Function>,
    records: Vec<Record>,
    names: usize,
    /// Statements that may still be written: keeps programs small.
    budget: usize,
    loop_depth: usize,
    /// What `return` must give in the function being written; `None` at the top level.
    result: Option<Ty>,
    /// Work of the function being written, what it may grow to, and how often the code being written is repeated.
    work: u64,
    limit: u64,
    repeats: u64,
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
        budget: 40,
        loop_depth: 0,
        result: None,
        work: 0,
        limit: WORK,
        repeats: 1,
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
        self.types();
        self.helpers();
        self.globals();
        for _ in 0..1 + self.random.below(3) {
            match self.random.below(5) {
                0 => self.recursive_function(),
                _ => self.function(),
            }
        }
        self.events();
        self.rules();
        self.budget = 22;
        self.statements(9);
        self.print_all();
    }

    fn print_all(&mut self) {
        for variable in self.variables.clone() {
            if variable.ty == Ty::Fn {
                if self.charge(variable.weight) {
                    self.line(&format!("print({}(3))", variable.name));
                }
            } else {
                self.line(&format!("print({})", variable.name));
            }
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
        match self.random.below(22) {
            0..=8 => self.scalar(),
            9 | 10 => Ty::List(Box::new(self.scalar())),
            11 => Ty::List(Box::new(Ty::List(Box::new(Ty::Int)))),
            12 | 13 => {
                let key = if self.random.chance(70) { Ty::Str } else { Ty::Int };
                Ty::Map(Box::new(key), Box::new(self.scalar()))
            }
            14 => Ty::Record(self.random.below(self.records.len())),
            15 => Ty::List(Box::new(Ty::Record(self.random.below(self.records.len())))),
            16 => Ty::Shape,
            17 => Ty::BigInt,
            18 => {
                if self.random.chance(40) {
                    Ty::BigRat
                } else {
                    Ty::List(Box::new(Ty::Any))
                }
            }
            19 => Ty::Any,
            20 => Ty::Option(Box::new(if self.random.chance(60) { Ty::Int } else { Ty::Str })),
            _ => Ty::Fn,
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

    fn type_name(&self, ty: &Ty) -> String {
        match ty {
            Ty::Int => "int".to_string(),
            Ty::Float => "float".to_string(),
            Ty::Bool => "bool".to_string(),
            Ty::Str => "string".to_string(),
            Ty::BigInt => "bigint".to_string(),
            Ty::BigRat => "bigrat".to_string(),
            Ty::Any => "any".to_string(),
            Ty::Option(inner) => format!("{}?", self.type_name(inner)),
            Ty::List(element) => format!("list<{}>", self.type_name(element)),
            Ty::Map(key, value) => format!("map<{}, {}>", self.type_name(key), self.type_name(value)),
            Ty::Record(index) => format!("R{index}"),
            Ty::Shape => "Shape".to_string(),
            Ty::Fn => "fun(int): int".to_string(),
        }
    }

    /// A random variable in view. One that a later declaration of the same name hides is not.
    fn pick(&mut self, wanted: impl Fn(&Variable) -> bool) -> Option<Variable> {
        let found: Vec<Variable> = self.variables.iter().filter(|variable| wanted(variable)).cloned().collect();
        (!found.is_empty()).then(|| found[self.random.below(found.len())].clone())
    }

    /// Brings a variable into view and hides the one that had its name.
    fn bind(&mut self, variable: Variable) {
        self.variables.retain(|known| known.name != variable.name);
        self.variables.push(variable);
    }

    /// Books a call, if it is not too expensive here.
    fn charge(&mut self, weight: u64) -> bool {
        let cost = weight.saturating_mul(self.repeats);
        if self.work.saturating_add(cost) > self.limit {
            return false;
        }
        self.work += cost;
        true
    }
}
