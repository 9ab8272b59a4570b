//! The part of a session that holds an MLIR module.

use crate::error::Error;
use crate::options::Locations;
use crate::session::Session;
use mochi_codegen::Unit;
use mochi_dialects::ir::{Context, Module};
use mochi_emit::EmitOptions;
use mochi_pipelines::{Phase, PipelineError, Verify, pipeline_text};
use mochi_sema::IntMode;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::time::Instant;

/// The module of the program in a phase, as text.
pub(crate) fn print(session: &mut Session, phase: Phase) -> Result<String, Error> {
    let context = context(session);
    let module = lower(session, &context, phase)?;
    Ok(text(&module, with_locations(session, phase)))
}

/// The program as LLVM IR.
pub(crate) fn translate(session: &mut Session, options: &mochi_codegen::Options) -> Result<Unit, Error> {
    let context = context(session);
    let module = lower(session, &context, Phase::Llvm)?;
    Ok(session.timings.measure("translate", || Unit::translate(&module, options))?)
}

/// Contexts are not torn down: the process ends soon, and the system frees memory faster.
fn context(session: &mut Session) -> ManuallyDrop<Context> {
    session.timings.measure("context", || ManuallyDrop::new(Context::new()))
}

/// Emits the program and runs the pipeline on it.
fn lower<'c>(session: &mut Session, context: &'c Context, phase: Phase) -> Result<ManuallyDrop<Module<'c>>, Error> {
    let module = emit(session, context)?;
    let verify = session.options.verify();
    if verify == Verify::Each {
        verify_emitted(&module)?;
    }
    let options = session.options.pipeline();
    let mut passes = Vec::new();
    let start = Instant::now();
    let wanted = session.options.print_ir_after.clone();
    let known = mochi_pipelines::steps(options, Phase::Llvm);
    if let Some(name) = wanted.iter().find(|name| *name != "all" && !known.iter().any(|step| step.name() == **name)) {
        return Err(Error::Usage(format!("this pipeline has no pass `{name}`; `--print-pipeline` shows those it has")));
    }
    let locations = session.options.locations == Locations::Always;
    let result = mochi_pipelines::run(&module, options, phase, verify, &mut |step, duration, module| {
        passes.push((step.pass, duration));
        if wanted.iter().any(|name| name == "all" || name == step.name()) {
            eprintln!("// ----- after {} -----\n{}", step.pass, text(module, locations).trim_end());
        }
    });
    let elapsed = start.elapsed();
    for (name, duration) in passes {
        session.timings.add(name, duration, true);
    }
    session.timings.add("pipeline", elapsed, false);
    match result {
        Ok(()) => check_dialects(&module, phase).map(|()| module),
        Err(error) => Err(failure(session, error)),
    }
}

fn emit<'c>(session: &mut Session, context: &'c Context) -> Result<ManuallyDrop<Module<'c>>, Error> {
    let program = session.typed()?;
    let options = EmitOptions { debug_info: session.options.debug, wrap_int: session.options.int == IntMode::Wrap };
    let source = &session.source;
    Ok(session.timings.measure("emit", || ManuallyDrop::new(mochi_emit::emit(context, &program, source, options))))
}

fn verify_emitted(module: &Module<'_>) -> Result<(), Error> {
    let (valid, found) = module.context().collect_diagnostics(|| module.verify());
    if valid {
        return Ok(());
    }
    let lines: Vec<String> = found.iter().map(|d| format!("  {}: {}", d.location, d.message)).collect();
    Err(Error::Internal(format!("the emitted module is not valid:\n{}", lines.join("\n"))))
}

/// A dialect that should be gone means a pass left something behind without saying so.
fn check_dialects(module: &Module<'_>, phase: Phase) -> Result<(), Error> {
    let forbidden = phase.forbidden_dialects();
    if forbidden.is_empty() || !cfg!(debug_assertions) {
        return Ok(());
    }
    let mut left = None;
    module.op().walk(mochi_dialects::ir::WalkOrder::PreOrder, |op| {
        let dialect = op.name().split('.').next().unwrap_or_default();
        if forbidden.contains(&dialect) {
            left = Some(format!("{} at {}", op.name(), op.loc()));
            return mochi_dialects::ir::WalkResult::Interrupt;
        }
        mochi_dialects::ir::WalkResult::Advance
    });
    match left {
        Some(what) => Err(Error::Internal(format!("after the phase `{phase}` there is still a {what}"))),
        None => Ok(()),
    }
}

fn with_locations(session: &Session, phase: Phase) -> bool {
    match session.options.locations {
        Locations::Auto => phase == Phase::Mochi,
        Locations::Always => true,
        Locations::Never => false,
    }
}

fn text(module: &Module<'_>, locations: bool) -> String {
    let mut text = if locations { module.op().to_string_with_locations() } else { module.op().to_string() };
    // As `mochi-opt` ends its output.
    text.push('\n');
    text
}

/// Writes the emitted module with the pipeline to a file, so that the failure can be seen again without the program.
fn failure(session: &mut Session, error: PipelineError) -> Error {
    let reproducer = reproducer(session);
    Error::Pipeline { error, reproducer }
}

fn reproducer(session: &mut Session) -> Option<PathBuf> {
    let context = ManuallyDrop::new(Context::new());
    let module = emit(session, &context).ok()?;
    let pipeline = pipeline_text(session.options.pipeline(), Phase::Llvm);
    let content = format!(
        "// Written by mochi {} for {}\n{}\n{{-#\n  external_resources: {{\n    mlir_reproducer: {{\n      \
         pipeline: \"{pipeline}\",\n      disable_threading: true,\n      verify_each: true\n    }}\n  }}\n#-}}\n",
        env!("CARGO_PKG_VERSION"),
        session.source.name(),
        text(&module, true),
    );
    let path = std::env::temp_dir().join(format!("mochi-reproducer-{}.mlir", std::process::id()));
    std::fs::write(&path, content).ok()?;
    Some(path)
}
