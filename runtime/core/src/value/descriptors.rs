//! Descriptors of the types the runtime itself creates values of.

use core::ptr::null;
use mochi_runtime_abi::{Kind, TypeDesc};

pub const fn scalar(kind: Kind, size: u16, name: &'static str) -> TypeDesc {
    compound(kind, size, name, null(), null())
}

/// Containers of `any` may contain themselves.
const fn cyclic(kind: Kind, elem: *const TypeDesc, key: *const TypeDesc) -> TypeDesc {
    TypeDesc { flags: TypeDesc::CYCLIC, ..compound(kind, 8, "", elem, key) }
}

const fn compound(kind: Kind, size: u16, name: &'static str, elem: *const TypeDesc, key: *const TypeDesc) -> TypeDesc {
    TypeDesc {
        kind,
        size,
        flags: 0,
        name: name.as_ptr(),
        name_len: name.len() as u64,
        elem,
        key,
        fields: null(),
        nfields: 0,
        variants: null(),
        nvariants: 0,
        drop: None,
    }
}

macro_rules! descriptors {
    ($($name:ident = $value:expr;)*) => {$(
        #[unsafe(no_mangle)]
        // The symbol's name, as in the table of the ABI.
        #[allow(non_upper_case_globals)]
        pub static $name: TypeDesc = $value;
    )*};
}

descriptors! {
    mochi_rt_desc_int = scalar(Kind::Int, 8, "int");
    mochi_rt_desc_float = scalar(Kind::Float, 8, "float");
    mochi_rt_desc_bool = scalar(Kind::Bool, 1, "bool");
    mochi_rt_desc_string = scalar(Kind::String, 8, "string");
    mochi_rt_desc_any = scalar(Kind::Any, 16, "any");
    mochi_rt_desc_list_any = cyclic(Kind::List, &raw const mochi_rt_desc_any, null());
    mochi_rt_desc_map_string_any = cyclic(Kind::Map, &raw const mochi_rt_desc_any, &raw const mochi_rt_desc_string);
}

/// `list<string>`, the result of `split` and the like.
pub static LIST_STRING: TypeDesc = compound(Kind::List, 8, "", &raw const mochi_rt_desc_string, null());
pub static LIST_INT: TypeDesc = compound(Kind::List, 8, "", &raw const mochi_rt_desc_int, null());
/// Sets, for operators that remember what they saw.
pub static SET_STRING: TypeDesc =
    compound(Kind::Map, 8, "", &raw const mochi_rt_desc_bool, &raw const mochi_rt_desc_string);
pub static SET_INT: TypeDesc = compound(Kind::Map, 8, "", &raw const mochi_rt_desc_bool, &raw const mochi_rt_desc_int);
