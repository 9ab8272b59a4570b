//! A thin layer of `Copy` handles over MLIR's C API. Unsafe ends here.
//!
//! A handle (`Op`, `Value`, `Block`, `Region`, `Type`, `Attribute`, `Location`) is one pointer with the
//! lifetime of its context. As in MLIR itself, a handle to an erased op must not be used again; the
//! iterators here fetch their next element before they hand one out, so erasing what they yield is fine.

mod attr;
mod block;
mod builder;
mod context;
mod debug;
mod diagnostic;
mod dominance;
mod location;
mod module;
mod op;
mod region;
mod support;
mod ty;
mod value;
mod walk;

pub use attr::Attribute;
pub use block::Block;
pub use builder::{Builder, OpBuilder, RewriterHandle};
pub use context::{Context, Ctx, DialectHandle, Registry};
pub use debug::{DebugUnit, Encoding};
pub use diagnostic::{Diagnostic, Severity};
pub use dominance::Dominance;
pub use location::{Location, SourceSpan};
pub use module::Module;
pub use op::{Op, Ops};
pub use region::Region;
pub use support::with_str;
pub use ty::{Type, TypeKind};
pub use value::Value;
pub use walk::{WalkOrder, WalkResult};

pub(crate) use support::{collect_string, string_ref, to_str};
