//! Passes written in Rust, in MLIR's own registry.
//!
//! A pass implements `Pass` and is registered once with `register`; from then on pipeline texts, `mochi-opt`,
//! `--help` and reproducers know it like any other. Panics inside a pass become failures.

mod manager;

pub use manager::{PassManager, PrintIr, opt_main, register_needed_passes, register_pipeline};

use crate::ir::{DialectHandle, Op, string_ref, to_str};
use mochi_dialects_sys as sys;
use std::{
    collections::HashSet,
    ffi::c_void,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{LazyLock, Mutex},
};

/// A declared option of a pass, with its default.
#[derive(Clone, Copy, Debug)]
pub struct OptionSpec {
    pub name: &'static str,
    pub description: &'static str,
    pub default: OptionDefault,
}

/// The kind and default of an option.
#[derive(Clone, Copy, Debug)]
pub enum OptionDefault {
    Bool(bool),
    Int(i64),
    Str(&'static str),
}

/// A declared statistic: a counter shown by `--mlir-pass-statistics`.
#[derive(Clone, Copy, Debug)]
pub struct StatisticSpec {
    /// Both must end with a NUL, since MLIR keeps them as C strings; `statistic!` sees to it.
    pub name: &'static str,
    pub description: &'static str,
}

/// Declares a statistic.
#[macro_export]
macro_rules! statistic {
    ($name:literal, $description:literal) => {
        $crate::pass::StatisticSpec { name: concat!($name, "\0"), description: concat!($description, "\0") }
    };
}

/// Why a pass failed. The message is reported at the op the pass ran on, unless the pass reported already.
#[derive(Debug)]
pub struct PassError(Option<String>);

impl PassError {
    /// A failure with a message.
    pub fn new(message: impl Into<String>) -> Self {
        PassError(Some(message.into()))
    }

    /// A failure that was reported already (`op.emit_error`).
    pub fn reported() -> Self {
        PassError(None)
    }
}

impl std::fmt::Display for PassError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_deref().unwrap_or("failed"))
    }
}

impl std::error::Error for PassError {}

pub type PassResult = Result<(), PassError>;

/// A pass. One value serves all runs, possibly at once, so it has no state of its own.
pub trait Pass: Send + Sync + 'static {
    /// The name in pipelines, `mochi-insert-reference-counts`.
    fn argument(&self) -> &'static str;

    /// The name in reports, `InsertReferenceCounts`.
    fn name(&self) -> &'static str;

    /// One line for `--help`.
    fn description(&self) -> &'static str;

    /// The op the pass runs on; any if `None`.
    fn anchor(&self) -> Option<&'static str> {
        Some("builtin.module")
    }

    /// Dialects whose ops the pass may create and the input may lack.
    fn dependent_dialects(&self) -> Vec<DialectHandle> {
        Vec::new()
    }

    fn options(&self) -> &'static [OptionSpec] {
        &[]
    }

    fn statistics(&self) -> &'static [StatisticSpec] {
        &[]
    }

    /// Does the work on one op.
    fn run(&self, op: Op<'_>, run: &PassRun<'_>) -> PassResult;
}

/// Option values and counters of one run.
pub struct PassRun<'a> {
    specs: &'a [OptionSpec],
    values: &'a [sys::MochiOptionValue],
    statistics: &'a [StatisticSpec],
    counts: *mut u64,
}

impl PassRun<'_> {
    fn value(&self, name: &str) -> Option<&sys::MochiOptionValue> {
        let i = self.specs.iter().position(|s| s.name == name);
        debug_assert!(i.is_some(), "option {name} is not declared");
        self.values.get(i?)
    }

    /// A declared boolean option.
    pub fn bool(&self, name: &str) -> bool {
        self.value(name).is_some_and(|v| v.int_value != 0)
    }

    /// A declared integer option.
    pub fn int(&self, name: &str) -> i64 {
        self.value(name).map_or(0, |v| v.int_value)
    }

    /// A declared text option.
    pub fn str(&self, name: &str) -> &str {
        self.value(name).map_or("", |v| to_str(v.string_value))
    }

    /// Adds to a declared statistic.
    pub fn count(&self, name: &str, by: u64) {
        let i = self.statistics.iter().position(|s| s.name.trim_end_matches('\0') == name);
        debug_assert!(i.is_some(), "statistic {name} is not declared");
        if let Some(i) = i {
            // SAFETY: the C++ side hands in one counter per declared statistic.
            unsafe { *self.counts.add(i) += by }
        }
    }
}

/// What lives as long as the process for one registered pass.
struct Registered {
    pass: Box<dyn Pass>,
    options: Vec<sys::MochiOptionSpec>,
    statistics: Vec<sys::MlirStringRef>,
    dialects: Vec<sys::MlirDialectHandle>,
    /// The address of this field is the pass's type id, hence unique and stable.
    id: Id,
}

// Only its address matters; the number keeps two of them from sharing one.
#[repr(align(8))]
struct Id(#[allow(dead_code)] u64);

static REGISTERED: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);

/// Registers a pass. Registering the same argument again does nothing.
pub fn register(pass: impl Pass) {
    let argument = pass.argument();
    let fresh = REGISTERED.lock().map(|mut set| set.insert(argument)).unwrap_or(false);
    if !fresh {
        return;
    }
    let spec = make_spec(Box::new(pass));
    // SAFETY: everything the spec points to was leaked and so lives on.
    unsafe { sys::mochiRegisterPass(&raw const spec) }
}

fn make_spec(pass: Box<dyn Pass>) -> sys::MochiPassSpec {
    let options = pass.options().iter().map(option_spec).collect();
    let statistics = pass.statistics().iter().flat_map(|s| [string_ref(s.name), string_ref(s.description)]).collect();
    let dialects = pass.dependent_dialects().iter().map(|d| d.0).collect();
    // MLIR keeps pass registrations until the process ends, and so do we.
    let kept: &'static Registered = Box::leak(Box::new(Registered { pass, options, statistics, dialects, id: Id(0) }));
    sys::MochiPassSpec {
        // SAFETY: the address is 8-aligned and lives on.
        id: unsafe { sys::mlirTypeIDCreate((&raw const kept.id).cast()) },
        name: string_ref(kept.pass.name()),
        argument: string_ref(kept.pass.argument()),
        description: string_ref(kept.pass.description()),
        anchor: string_ref(kept.pass.anchor().unwrap_or("")),
        num_options: kept.options.len() as isize,
        options: kept.options.as_ptr(),
        num_statistics: kept.pass.statistics().len() as isize,
        statistics: kept.statistics.as_ptr(),
        num_dialects: kept.dialects.len() as isize,
        dialects: kept.dialects.as_ptr(),
        run: run_pass,
        user_data: (&raw const *kept).cast_mut().cast(),
    }
}

fn option_spec(option: &OptionSpec) -> sys::MochiOptionSpec {
    let (kind, default_string, default_int) = match option.default {
        OptionDefault::Bool(b) => (sys::MOCHI_OPTION_BOOL, "", i64::from(b)),
        OptionDefault::Int(i) => (sys::MOCHI_OPTION_INT, "", i),
        OptionDefault::Str(s) => (sys::MOCHI_OPTION_STRING, s, 0),
    };
    sys::MochiOptionSpec {
        kind,
        name: string_ref(option.name),
        description: string_ref(option.description),
        default_string: string_ref(default_string),
        default_int,
    }
}

unsafe extern "C" fn run_pass(
    op: sys::MlirOperation,
    options: *const sys::MochiOptionValue,
    counts: *mut u64,
    data: *mut c_void,
) -> bool {
    // SAFETY: `data` is the leaked registration; `op` is live during the run; `options` has one value per
    // declared option (a null pointer only when there are none).
    let (kept, op, values) = unsafe {
        let kept = &*data.cast::<Registered>();
        let n = kept.options.len();
        let values = if n == 0 { &[][..] } else { std::slice::from_raw_parts(options, n) };
        (kept, Op::from_raw(op), values)
    };
    let run = PassRun { specs: kept.pass.options(), values, statistics: kept.pass.statistics(), counts };
    match catch_unwind(AssertUnwindSafe(|| kept.pass.run(op, &run))) {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            if let Some(message) = error.0 {
                op.emit_error(&message);
            }
            false
        }
        Err(payload) => {
            let what = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("unknown reason");
            op.emit_error(&format!("internal error in pass {}: {what}", kept.pass.argument()));
            false
        }
    }
}
