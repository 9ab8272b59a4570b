//! The typed program: what the type checker hands to `emit`.
//!
//! Everything is resolved and monomorphic: every expression has one concrete type, generic and unannotated functions
//! appear once per use signature, names are indices, every implicit conversion is an explicit [`ExprKind::Convert`],
//! conditions have type `bool` (truthiness is an explicit [`ExprKind::Truth`]), methods are functions whose first
//! parameter is the receiver, partial application is a closure.

use crate::ty::{RecordId, Ty, Types, UnionId};
use mochi_diagnostics::Span;

/// Index into [`Program::functions`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FuncId(pub u32);

/// Index into [`Program::globals`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct GlobalId(pub u32);

/// Index into [`Function::locals`] of the enclosing function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LocalId(pub u32);

/// A whole checked program.
#[derive(Clone, Debug)]
pub struct Program {
    pub types: Types,
    pub records: Vec<Record>,
    pub unions: Vec<Union>,
    pub globals: Vec<Global>,
    pub functions: Vec<Function>,
    /// The function made of the top-level statements, named `__main`. No parameters, unit result.
    pub entry: FuncId,
}

/// A record type. Fields are in declaration order.
#[derive(Clone, Debug)]
pub struct Record {
    /// Name in the source, printed as `__name`; empty for structural records.
    pub name: String,
    /// Written without a name (`{a: 1}` or an inline record type); prints without `__name`.
    pub anonymous: bool,
    pub fields: Vec<Field>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub ty: Ty,
}

/// A union type; variants in declaration order.
#[derive(Clone, Debug)]
pub struct Union {
    pub name: String,
    pub variants: Vec<Variant>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Variant {
    pub name: String,
    pub fields: Vec<Field>,
}

/// A top-level variable that some function mentions. The other top-level variables are locals of the entry function.
#[derive(Clone, Debug)]
pub struct Global {
    pub name: String,
    pub ty: Ty,
    pub mutable: bool,
    pub span: Span,
}

/// What a function is in the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FunctionKind {
    /// The top-level statements.
    TopLevel,
    Named,
    Lambda,
    /// Nothing: made by the compiler, and no call stack shows it.
    Made,
}

/// A monomorphic function, method, lambda or nested function.
#[derive(Clone, Debug)]
pub struct Function {
    pub kind: FunctionKind,
    /// Name in the source (`fn1` … for lambdas, `__main` for the entry).
    pub name: String,
    /// Unique symbol.
    pub symbol: String,
    pub params: Vec<LocalId>,
    /// Locals filled from the environment of the closure, in capture order. Empty for plain functions.
    pub captures: Vec<LocalId>,
    /// True if the function is only ever reached through a closure value (it then receives an environment).
    pub is_closure: bool,
    pub result: Ty,
    pub locals: Vec<Local>,
    pub body: Block,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Local {
    pub name: String,
    pub ty: Ty,
    pub storage: Storage,
    pub span: Span,
    /// Made by the compiler; not shown in a debugger.
    pub synthetic: bool,
}

/// Where a local lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Storage {
    /// An SSA value.
    Value,
    /// A shared cell: the variable is captured by a closure and assigned after its declaration.
    /// A captured cell local appears as `Cell` in the closure as well and denotes the same variable.
    Cell,
}

#[derive(Clone, Debug, Default)]
pub struct Block {
    pub stmts: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    /// Declares a local: a fresh variable (and cell) at each execution. Without initialiser the type is nullable and the value null.
    Let {
        local: LocalId,
        init: Option<Expr>,
    },
    /// Evaluation order: container and all but the last index, then the value, then the last index.
    Assign {
        place: Place,
        value: Expr,
    },
    /// Evaluates and drops the value.
    Expr(Expr),
    If {
        cond: Expr,
        then: Block,
        els: Block,
    },
    While {
        cond: Expr,
        body: Block,
    },
    /// `for local in start..end`; both bounds int, evaluated once.
    ForRange {
        local: LocalId,
        start: Expr,
        end: Expr,
        body: Block,
    },
    /// `for local in iterable`: list (elements; length snapshot), map (keys ascending), string (one-code-point strings), any.
    ForEach {
        local: LocalId,
        iterable: Expr,
        body: Block,
    },
    /// `None` exactly when the function's result is unit.
    Return(Option<Expr>),
    Break,
    Continue,
    /// Stops the program unless `cond` is true.
    Expect {
        cond: Expr,
    },
    /// Runs the block once, then prints the bench report for `name`.
    Bench {
        name: String,
        body: Block,
    },
    Block(Block),
}

/// What an assignment writes to.
#[derive(Clone, Debug)]
pub enum Place {
    Local(LocalId),
    Global(GlobalId),
    /// `base` is a list (int index), map (key) or any (any index).
    Index {
        base: Expr,
        index: Expr,
        span: Span,
    },
    /// `base` is a record.
    Field {
        base: Expr,
        field: u32,
        span: Span,
    },
    /// `base` is any: field by name.
    AnyField {
        base: Expr,
        name: String,
        span: Span,
    },
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Ty,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Int(i64),
    Float(f64),
    Bool(bool),
    Str(String),
    /// Decimal digits with optional sign.
    BigInt(String),
    /// Null of an option type or of `any`.
    Null,
    /// The value of type unit.
    Unit,
    Local(LocalId),
    Global(GlobalId),
    /// A plain function as a value (type `Fn`).
    Function(FuncId),
    /// The closure that is running: how a nested function refers to itself.
    CurrentClosure,
    /// Operand and result have type int, float, bigint, bigrat or any.
    Neg(Box<Expr>),
    /// Operand and result are bool.
    Not(Box<Expr>),
    /// Both operands have the same type, which for arithmetic is also the result type:
    /// int, float, bigint, bigrat, any; `Add` also str and list.
    Arith {
        op: ArithOp,
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    /// Both operands have the same type; result bool. Ordering: int, float, bigint, bigrat, str, bool, list, any. Equality: every type.
    Compare {
        op: CompareOp,
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    /// Short-circuit; the result type is that of both operands (bool in the usual case); truthiness of `lhs` decides.
    And {
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    Or {
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    /// `lhs ?? rhs`: `lhs` is an option or any; result type is the type of `rhs`.
    Coalesce {
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    /// Truthiness of any value: bool.
    Truth(Box<Expr>),
    /// `needle in haystack`: list (element type), map (key type), str (substring), any. Result bool.
    In {
        needle: Box<Expr>,
        haystack: Box<Expr>,
    },
    /// A conversion from the operand's type to this expression's type.
    Convert {
        kind: Conversion,
        value: Box<Expr>,
    },
    Call {
        func: FuncId,
        args: Vec<Expr>,
    },
    CallClosure {
        callee: Box<Expr>,
        args: Vec<Expr>,
    },
    Builtin {
        builtin: Builtin,
        args: Vec<Expr>,
    },
    /// Makes a closure of a lifted function; captures are locals of the enclosing function, parallel to `Function::captures`.
    Closure {
        func: FuncId,
        captures: Vec<LocalId>,
    },
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    /// Field values in declaration order, paired with the order in which the source evaluates them.
    Record {
        record: RecordId,
        fields: Vec<Expr>,
        order: Vec<u32>,
    },
    Variant {
        union: UnionId,
        variant: u32,
        fields: Vec<Expr>,
        order: Vec<u32>,
    },
    /// list[int] → element, str[int] → str, map[key] → option of value (or any), any[any] → any.
    Index {
        base: Box<Expr>,
        index: Box<Expr>,
    },
    /// list or str; bounds are ints; absent bound = that end. `any` → any.
    Slice {
        base: Box<Expr>,
        start: Option<Box<Expr>>,
        end: Option<Box<Expr>>,
    },
    /// `base` is a record.
    Field {
        base: Box<Expr>,
        field: u32,
    },
    /// `base` is any: field by name, missing = null. Result any.
    AnyField {
        base: Box<Expr>,
        name: String,
    },
    /// Both branches have the expression's type (or the expression is unit).
    If {
        cond: Box<Expr>,
        then: Box<Expr>,
        els: Box<Expr>,
    },
    /// Arms top to bottom; no arm matching gives null (the type is nullable then) or, for unit, nothing.
    Match {
        scrutinee: Box<Expr>,
        arms: Vec<Arm>,
        exhaustive: bool,
    },
    /// Statements, then a value; locals declared inside are visible in the value.
    Block {
        block: Block,
        value: Box<Expr>,
    },
    /// Evaluates to true if the option or any is null.
    IsNull(Box<Expr>),
    /// The variant test `value is variant`; `value` has a union type. Result bool.
    IsVariant {
        value: Box<Expr>,
        variant: u32,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArithOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    /// Of ints: wraps around whatever the program says about overflow. Counters and the language's `sum`.
    WrappingAdd,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Kinds of conversion; the operand's type and the expression's type say between what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conversion {
    /// int → float, bigint or bigrat; bigint → bigrat: exact widening.
    Widen,
    /// T → T?
    Some,
    /// T? → T; null is a run-time error.
    Unwrap,
    /// T (concrete, option or unit) → any.
    ToAny,
    /// any → T, checked at run time: equal dynamic type, element-wise for containers; numbers convert only exactly.
    FromAny,
    /// An explicit `as`: checked at run time with the language's conversion rules and messages.
    Cast,
    /// Between container types whose elements convert by `Widen`, `Some`, `ToAny` or `FromAny`: makes a copy.
    Elements,
    /// Between function types: an adapter closure converts arguments and result.
    Adapter,
    /// Structural record to another record type (by field name).
    RecordFields,
}

/// One arm of a match.
#[derive(Clone, Debug)]
pub struct Arm {
    pub pattern: Pattern,
    /// Has the match's type.
    pub body: Expr,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Pattern {
    /// `_`
    Wildcard,
    /// Binds the value.
    Bind(LocalId),
    /// Equal to this constant, or to this variable (any expression of the scrutinee's type).
    Value(Expr),
    /// Null of an option or any.
    Null,
    /// An option's payload.
    Some(Box<Pattern>),
    /// `fields` has one pattern per field (shorter: the rest are wildcards).
    Variant { variant: u32, fields: Vec<Pattern> },
}

/// Functions that the compiler and the runtime provide. Argument types are given where they are fixed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Builtin {
    /// Any number of arguments of any type; unit.
    Print,
    /// str(x): str
    Str,
    /// Prints JSON; unit.
    Json,
    /// Compact JSON text: str.
    ToJson,
    /// list, map, str, option, any … : int
    Len,
    /// (list<T> or null, T): list<T>
    Append,
    /// (list<T>, list<T>): list<T>
    Concat,
    /// list<T>: T?
    First,
    /// list, str or any
    Reverse,
    /// list
    Distinct,
    /// (any, message: str, whether null is an empty list: bool): list<any>, or the error
    ListArgument,
    /// (any, message: str): str, or the error
    TextArgument,
    /// (any, name: str): bool, whether there is an entry of that name that is a function
    HasMethod,
    /// str: str
    Upper,
    Lower,
    Trim,
    /// (str, int, str): str
    PadStart,
    /// (str, str): list<str>
    Split,
    /// (list<str>, str): str
    Join,
    /// (str, int): str
    Repeat,
    /// (str, str): int
    IndexOf,
    /// (str, str) or (list<T>, T): bool
    Contains,
    /// (str, str): bool
    StartsWith,
    EndsWith,
    /// (str, int): int
    ParseInt,
    /// list of int or float: same kind; str; any
    Min,
    Max,
    /// list of numbers: int or float
    Sum,
    /// float
    Avg,
    /// int
    Count,
    /// bool
    Exists,
    /// map<K, V>: list<K> ascending
    Keys,
    Values,
    /// (map<K, V>, K, V): V
    MapGetOr,
    /// (int, int, int): list<int>
    Range,
    /// int, float
    Abs,
    /// float: float
    Floor,
    Ceil,
    /// (float, int): float
    Round,
    /// (int, int): int or (float, float): float
    Pow,
    /// float: float
    Sqrt,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Exp,
    Log,
    Log2,
    Log10,
    /// (float, float): float
    Atan2,
    /// int
    Now,
    /// str
    Input,
    /// str or list<int>: list<int>
    Sha256,
    /// str: never returns
    Panic,
    /// bigrat: bigint
    Num,
    Denom,
    /// Allocated bytes: int
    Mem,
    /// str: str (environment variable, "" when absent)
    GetEnv,
    /// list<str>
    Environ,
    /// str: str
    Md5Hex,
    /// (set operators on lists) list<T>, list<T>: list<T>
    Union,
    UnionAll,
    Except,
    Intersect,
    /// `load`: (path: str, header: bool, delimiter: str): list<T>
    LoadCsv,
    /// (path: str): list<T>
    LoadJson,
    LoadJsonLines,
    LoadYaml,
    /// (path: str, options): list<T>
    Load,
    /// `save`: (rows, path: str, header: bool, delimiter: str)
    SaveCsv,
    /// (rows, path: str)
    SaveJson,
    SaveJsonLines,
    SaveYaml,
    /// (rows, path: str, options)
    Save,
    /// (url: str) or (url: str, options): any type, to which the JSON that comes is converted
    Fetch,
    /// (prompt: str, provider: str, model: str): str
    GenerateText,
    /// (text: str, normalize: bool, provider: str, model: str): list<float>
    GenerateEmbedding,
    /// (prompt: str, provider: str, model: str): any type, to which the JSON of the reply is converted
    GenerateValue,
    /// (list<T>, list<K>): list<T>, stably sorted by the keys, which are parallel to the values
    SortBy,
}
