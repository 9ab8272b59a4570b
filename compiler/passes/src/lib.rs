//! Passes inside the mochi dialect and the analyses they share.
//!
//! One pass per file under `mochi/`; names, options and summaries are those of `MochiPasses.td`.

pub mod analysis;
pub mod mochi;

/// Declares the type of a pass without options: its name in pipelines, its line in `--help`, and
/// what it does to a module.
#[macro_export]
macro_rules! declare_pass {
    ($(#[$doc:meta])* $type:ident, $argument:literal, $description:literal, $run:expr) => {
        $(#[$doc])*
        pub struct $type;

        impl mochi_dialects::pass::Pass for $type {
            fn argument(&self) -> &'static str {
                $argument
            }

            fn name(&self) -> &'static str {
                stringify!($type)
            }

            fn description(&self) -> &'static str {
                $description
            }

            fn run(
                &self,
                op: mochi_dialects::ir::Op<'_>,
                _: &mochi_dialects::pass::PassRun<'_>,
            ) -> mochi_dialects::pass::PassResult {
                let run: fn(mochi_dialects::ir::Op<'_>) -> mochi_dialects::pass::PassResult = $run;
                run(op)
            }
        }
    };
}

/// Registers every pass of this crate; registering twice does nothing.
pub fn register_all() {
    use mochi_dialects::pass::register;
    register(mochi::raise_while_loops::RaiseWhileLoops);
    register(mochi::insert_reference_counts::InsertReferenceCounts);
    register(mochi::certify_reference_counts::CertifyReferenceCounts);
    register(mochi::elide_reference_counts::ElideReferenceCounts);
    register(mochi::expose_checks::ExposeChecks);
    register(mochi::hoist_checks::HoistChecks);
    register(mochi::defer_overflow_checks::DeferOverflowChecks);
    register(mochi::split_long_blocks::SplitLongBlocks);
}
