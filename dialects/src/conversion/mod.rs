//! Dialect conversion with patterns written in Rust.
//!
//! ```ignore
//! let converter = TypeConverter::llvm(module);
//! converter.add(move |t| t.is_list().then_some(ptr).into());
//! let patterns = Patterns::new(ctx);
//! patterns.add(&converter, "mochi.list.length", |op, args, rw| { …; rw.replace(op, &[v]); Ok(()) });
//! let target = Target::new(ctx).dialect("llvm", true).dialect("mochi", false);
//! apply(module, target, patterns, Mode::Partial)?;
//! ```

mod patterns;
mod rewriter;
mod types;

pub use patterns::{Match, Mode, NoMatch, Patterns, Target, apply};
pub use rewriter::Rewriter;
pub use types::{Converted, TypeConverter};
