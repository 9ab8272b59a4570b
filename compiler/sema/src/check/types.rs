//! The checker's own types: interned, `Copy`, compared by index. Richer than the types of the typed program (type
//! parameters, effects on functions, groups, exact integer kinds) because the rules and the messages need them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::rc::Rc;

use mochi_syntax::Symbol;

use super::effects::EffectSet;

/// An interned type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Ty(u32);

impl Ty {
    /// The type of something that has been reported already: fits everywhere, so that nothing is reported twice.
    pub(super) const ERROR: Ty = Ty(0);
    pub(super) const ANY: Ty = Ty(1);
    pub(super) const UNIT: Ty = Ty(2);
    pub(super) const INT: Ty = Ty(3);
    pub(super) const INT64: Ty = Ty(4);
    pub(super) const FLOAT: Ty = Ty(5);
    pub(super) const BIGINT: Ty = Ty(6);
    pub(super) const BIGRAT: Ty = Ty(7);
    pub(super) const BOOL: Ty = Ty(8);
    pub(super) const STRING: Ty = Ty(9);

    pub(super) fn is_error(self) -> bool {
        self == Ty::ERROR
    }

    /// `any`, or already reported.
    pub(super) fn is_dynamic(self) -> bool {
        self == Ty::ANY || self == Ty::ERROR
    }

    pub(super) fn is_numeric(self) -> bool {
        (Ty::INT.0..=Ty::BIGRAT.0).contains(&self.0)
    }
}

/// The shape of a type. Composite parts live in side tables so that this stays small and `Copy`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Error,
    Any,
    Unit,
    Int,
    Int64,
    Float,
    BigInt,
    BigRat,
    Bool,
    String,
    Option(Ty),
    List(Ty),
    Map(Ty, Ty),
    /// Key and item type of `group by … into g`.
    Group(Ty, Ty),
    /// An inline `{a: T}`.
    Record(u32),
    /// A declared struct, variant, stream event or agent.
    Struct(StructId),
    Union(UnionId),
    Fn(u32),
    /// A type parameter seen from inside its function.
    Param(Symbol),
    /// A type parameter at a call, to be determined by the arguments.
    Var(u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct StructId(pub(super) u32);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct UnionId(pub(super) u32);

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct FnType {
    pub(super) params: Box<[Ty]>,
    /// Type of all further arguments.
    pub(super) variadic: Option<Ty>,
    pub(super) result: Ty,
    pub(super) effects: EffectSet,
    pub(super) type_params: Box<[Symbol]>,
}

/// What a nominal field-carrying type was declared as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StructRole {
    Struct,
    Stream,
    Agent,
    Variant(UnionId),
}

pub(super) struct StructInfo {
    pub(super) name: Symbol,
    pub(super) role: StructRole,
    pub(super) fields: Vec<(Symbol, Ty)>,
    pub(super) methods: Vec<(Symbol, Ty)>,
}

pub(super) struct UnionInfo {
    pub(super) name: Symbol,
    /// In declaration order.
    pub(super) variants: Vec<StructId>,
}

/// Multiplicative hash for the small integer keys of the interner; the default hasher dominates otherwise.
#[derive(Default)]
pub(super) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}

pub(super) type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// Types written out with more parts than this become `any`: bindings can double a type with every line, and walks over
/// types must stay cheap.
const MAX_PARTS: u32 = 4096;

/// All types of one run.
pub(super) struct Types {
    kinds: Vec<Kind>,
    /// Number of parts of each type.
    sizes: Vec<u32>,
    index: FastMap<Kind, Ty>,
    functions: Vec<Rc<FnType>>,
    function_index: FastMap<Rc<FnType>, Ty>,
    records: Vec<Rc<[(Symbol, Ty)]>>,
    record_index: FastMap<Rc<[(Symbol, Ty)]>, Ty>,
    pub(super) structs: Vec<StructInfo>,
    pub(super) unions: Vec<UnionInfo>,
}

impl Default for Types {
    fn default() -> Self {
        let mut types = Types {
            kinds: Vec::new(),
            sizes: Vec::new(),
            index: FastMap::default(),
            functions: Vec::new(),
            function_index: FastMap::default(),
            records: Vec::new(),
            record_index: FastMap::default(),
            structs: Vec::new(),
            unions: Vec::new(),
        };
        // The order of the constants of `Ty`.
        for kind in [
            Kind::Error,
            Kind::Any,
            Kind::Unit,
            Kind::Int,
            Kind::Int64,
            Kind::Float,
            Kind::BigInt,
            Kind::BigRat,
            Kind::Bool,
            Kind::String,
        ] {
            types.intern(kind);
        }
        types
    }
}

impl Types {
    pub(super) fn intern(&mut self, kind: Kind) -> Ty {
        if let Some(&ty) = self.index.get(&kind) {
            return ty;
        }
        let size = match kind {
            Kind::Option(part) | Kind::List(part) => self.size_of([part]),
            Kind::Map(first, second) | Kind::Group(first, second) => self.size_of([first, second]),
            _ => 1,
        };
        self.add(kind, size)
    }

    fn add(&mut self, kind: Kind, size: u32) -> Ty {
        if size > MAX_PARTS {
            return Ty::ANY;
        }
        let ty = Ty(self.kinds.len() as u32);
        self.kinds.push(kind);
        self.sizes.push(size);
        self.index.insert(kind, ty);
        ty
    }

    fn size_of(&self, parts: impl IntoIterator<Item = Ty>) -> u32 {
        let sizes = parts.into_iter().map(|part| self.sizes.get(part.0 as usize).copied().unwrap_or(1));
        sizes.fold(1, u32::saturating_add)
    }

    pub(super) fn kind(&self, ty: Ty) -> Kind {
        self.kinds.get(ty.0 as usize).copied().unwrap_or(Kind::Error)
    }

    pub(super) fn list(&mut self, element: Ty) -> Ty {
        self.intern(Kind::List(element))
    }

    pub(super) fn map(&mut self, key: Ty, value: Ty) -> Ty {
        self.intern(Kind::Map(key, value))
    }

    pub(super) fn group(&mut self, key: Ty, item: Ty) -> Ty {
        self.intern(Kind::Group(key, item))
    }

    pub(super) fn option(&mut self, payload: Ty) -> Ty {
        if payload.is_error() { payload } else { self.intern(Kind::Option(payload)) }
    }

    pub(super) fn record(&mut self, fields: Vec<(Symbol, Ty)>) -> Ty {
        let fields: Rc<[(Symbol, Ty)]> = fields.into();
        if let Some(&ty) = self.record_index.get(&fields) {
            return ty;
        }
        let size = self.size_of(fields.iter().map(|(_, ty)| *ty));
        let ty = self.add(Kind::Record(self.records.len() as u32), size);
        self.records.push(fields.clone());
        self.record_index.insert(fields, ty);
        ty
    }

    pub(super) fn function_of(&mut self, function: FnType) -> Ty {
        let function = Rc::new(function);
        if let Some(&ty) = self.function_index.get(&function) {
            return ty;
        }
        let size = self.size_of(function.params.iter().chain(&function.variadic).chain([&function.result]).copied());
        let ty = self.add(Kind::Fn(self.functions.len() as u32), size);
        self.functions.push(function.clone());
        self.function_index.insert(function, ty);
        ty
    }

    /// A function without effects, variadic part or type parameters.
    pub(super) fn plain_function(&mut self, params: &[Ty], result: Ty) -> Ty {
        self.function_of(FnType {
            params: params.into(),
            variadic: None,
            result,
            effects: EffectSet::PURE,
            type_params: Box::default(),
        })
    }

    pub(super) fn function(&self, ty: Ty) -> Option<Rc<FnType>> {
        match self.kind(ty) {
            Kind::Fn(index) => self.functions.get(index as usize).cloned(),
            _ => None,
        }
    }

    pub(super) fn record_fields(&self, index: u32) -> Rc<[(Symbol, Ty)]> {
        self.records.get(index as usize).cloned().unwrap_or_else(|| Rc::from([]))
    }

    pub(super) fn add_struct(&mut self, name: Symbol, role: StructRole) -> StructId {
        let id = StructId(self.structs.len() as u32);
        self.structs.push(StructInfo { name, role, fields: Vec::new(), methods: Vec::new() });
        id
    }

    pub(super) fn add_union(&mut self, name: Symbol, variants: &[Symbol]) -> UnionId {
        let id = UnionId(self.unions.len() as u32);
        self.unions.push(UnionInfo { name, variants: Vec::new() });
        let variants = variants.iter().map(|variant| self.add_struct(*variant, StructRole::Variant(id))).collect();
        if let Some(info) = self.unions.get_mut(id.0 as usize) {
            info.variants = variants;
        }
        id
    }

    pub(super) fn struct_info(&self, id: StructId) -> &StructInfo {
        &self.structs[id.0 as usize]
    }

    pub(super) fn union_info(&self, id: UnionId) -> &UnionInfo {
        &self.unions[id.0 as usize]
    }

    /// The union that a variant belongs to.
    pub(super) fn union_of(&self, id: StructId) -> Option<UnionId> {
        match self.struct_info(id).role {
            StructRole::Variant(union) => Some(union),
            _ => None,
        }
    }

    /// Type of a field of a struct or record; `None` also for types without fields.
    pub(super) fn field(&self, ty: Ty, name: Symbol) -> Option<Ty> {
        let find = |fields: &[(Symbol, Ty)]| fields.iter().find(|(field, _)| *field == name).map(|(_, ty)| *ty);
        match self.kind(ty) {
            Kind::Struct(id) => find(&self.struct_info(id).fields),
            Kind::Record(index) => find(&self.record_fields(index)),
            _ => None,
        }
    }

    pub(super) fn method(&self, ty: Ty, name: Symbol) -> Option<Ty> {
        match self.kind(ty) {
            Kind::Struct(id) => {
                self.struct_info(id).methods.iter().find(|(method, _)| *method == name).map(|(_, ty)| *ty)
            }
            _ => None,
        }
    }

    pub(super) fn option_payload(&self, ty: Ty) -> Option<Ty> {
        match self.kind(ty) {
            Kind::Option(payload) => Some(payload),
            _ => None,
        }
    }

    /// The type as messages show it. `var_name` names the type parameter behind a variable.
    pub(super) fn show(&self, ty: Ty, var_name: &dyn Fn(u32) -> Symbol) -> String {
        let mut text = String::new();
        self.show_into(ty, var_name, &mut text);
        text
    }

    fn show_into(&self, ty: Ty, var_name: &dyn Fn(u32) -> Symbol, out: &mut String) {
        match self.kind(ty) {
            Kind::Error => out.push('?'),
            Kind::Any => out.push_str("any"),
            Kind::Unit => out.push_str("unit"),
            Kind::Int => out.push_str("int"),
            Kind::Int64 => out.push_str("int64"),
            Kind::Float => out.push_str("float"),
            Kind::BigInt => out.push_str("bigint"),
            Kind::BigRat => out.push_str("bigrat"),
            Kind::Bool => out.push_str("bool"),
            Kind::String => out.push_str("string"),
            Kind::Option(payload) => {
                out.push_str("option[");
                self.show_into(payload, var_name, out);
                out.push(']');
            }
            Kind::List(element) => {
                out.push('[');
                self.show_into(element, var_name, out);
                out.push(']');
            }
            Kind::Map(key, value) => {
                out.push('{');
                self.show_into(key, var_name, out);
                out.push_str(": ");
                self.show_into(value, var_name, out);
                out.push('}');
            }
            Kind::Group(..) => out.push_str("group"),
            // Inline records have no name, and the language pins that messages show just that.
            Kind::Record(_) => {}
            Kind::Struct(id) => out.push_str(self.struct_info(id).name.as_str()),
            Kind::Union(id) => out.push_str(self.union_info(id).name.as_str()),
            Kind::Param(name) => out.push_str(name.as_str()),
            Kind::Var(index) => out.push_str(var_name(index).as_str()),
            Kind::Fn(_) => self.show_function(ty, var_name, out),
        }
    }

    fn show_function(&self, ty: Ty, var_name: &dyn Fn(u32) -> Symbol, out: &mut String) {
        let Some(function) = self.function(ty) else { return };
        out.push_str("fun(");
        for (index, param) in function.params.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            self.show_into(*param, var_name, out);
        }
        if let Some(variadic) = function.variadic {
            out.push_str(if function.params.is_empty() { "..." } else { ", ..." });
            self.show_into(variadic, var_name, out);
        }
        out.push(')');
        if function.result != Ty::UNIT {
            out.push_str(": ");
            self.show_into(function.result, var_name, out);
        }
        if !function.effects.is_pure() {
            let _ = write!(out, " ! {}", function.effects);
        }
    }
}
