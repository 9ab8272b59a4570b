//! Passes written in Rust in MLIR's registry: options, nesting, failure, panics, conversion.

use mochi_dialects::{
    conversion::{Mode, NoMatch, Patterns, Target, TypeConverter, apply},
    ir::{Attribute, Context, DialectHandle, Module, Op},
    pass::{OptionDefault, OptionSpec, Pass, PassError, PassManager, PassResult, PassRun, register},
};

/// Puts an attribute on functions, or fails, or panics, as its options say.
struct Mark;

impl Pass for Mark {
    fn argument(&self) -> &'static str {
        "test-mark"
    }

    fn name(&self) -> &'static str {
        "Mark"
    }

    fn description(&self) -> &'static str {
        "Mark functions"
    }

    fn anchor(&self) -> Option<&'static str> {
        Some("func.func")
    }

    fn options(&self) -> &'static [OptionSpec] {
        &[
            OptionSpec { name: "tag", description: "what to write", default: OptionDefault::Str("none") },
            OptionSpec { name: "times", description: "how often", default: OptionDefault::Int(1) },
            OptionSpec { name: "panic", description: "whether to panic", default: OptionDefault::Bool(false) },
        ]
    }

    fn run(&self, op: Op<'_>, run: &PassRun<'_>) -> PassResult {
        assert!(!run.bool("panic"), "asked to");
        if run.str("tag") == "fail" {
            return Err(PassError::new("asked to fail"));
        }
        let text = run.str("tag").repeat(run.int("times") as usize);
        op.set_attr("mark", Attribute::string(op.context(), &text));
        Ok(())
    }
}

/// `mochi.str.length` of a constant becomes a number, through a dialect conversion.
struct Lengths;

impl Pass for Lengths {
    fn argument(&self) -> &'static str {
        "test-lengths"
    }

    fn name(&self) -> &'static str {
        "Lengths"
    }

    fn description(&self) -> &'static str {
        "Convert string lengths"
    }

    fn dependent_dialects(&self) -> Vec<DialectHandle> {
        vec![DialectHandle::arith()]
    }

    fn run(&self, op: Op<'_>, _: &PassRun<'_>) -> PassResult {
        let converter = TypeConverter::identity();
        let patterns = Patterns::new(op);
        patterns.add(&converter, "mochi.str.length", |op, args, rw| {
            let text = args[0].defining_op().and_then(|d| d.str_attr("value")).ok_or(NoMatch)?;
            let count = rw.const_i64(text.chars().count() as i64);
            rw.replace(op, &[count]);
            Ok(())
        });
        let target = Target::new(op).op("mochi.str.length", false).unknown_legal();
        apply(op, &target, &patterns, Mode::Partial)
    }
}

const TEXT: &str = r#"
func.func @f() -> i64 {
  %s = mochi.str.constant "abc"
  %n = mochi.str.length %s
  return %n : i64
}
"#;

fn run(pipeline: &str) -> Result<String, Vec<String>> {
    register(Mark);
    register(Mark);
    register(Lengths);
    let context = Context::new();
    let module = Module::parse(&context, TEXT).expect("parses");
    let mut manager = PassManager::parse(&context, pipeline).map_err(|e| vec![e])?;
    match manager.run_collecting(module.op()) {
        Ok(_) => Ok(module.to_string()),
        Err(list) => Err(list.into_iter().map(|d| d.message).collect()),
    }
}

#[test]
fn options_reach_the_pass() {
    let text = run("builtin.module(func.func(test-mark{tag=ab times=2}))").expect("runs");
    assert!(text.contains(r#"mark = "abab""#), "{text}");
    let text = run("func.func(test-mark)").expect("runs");
    assert!(text.contains(r#"mark = "none""#), "{text}");
}

#[test]
fn pipelines_round_trip() {
    register(Mark);
    let context = Context::new();
    let manager = PassManager::parse(&context, "func.func(test-mark{tag=q})").expect("parses");
    let text = manager.pipeline();
    assert!(text.contains("test-mark{panic=false tag=q times=1}"), "{text}");
    assert_eq!(PassManager::parse(&context, &text).expect("parses again").pipeline(), text);
}

#[test]
fn wrong_pipelines_are_refused() {
    assert!(run("func.func(no-such-pass)").is_err());
    assert!(run("func.func(test-mark{no-such-option=1})").is_err());
}

#[test]
fn failures_and_panics_are_diagnostics() {
    let messages = run("func.func(test-mark{tag=fail})").expect_err("fails");
    assert!(messages.iter().any(|m| m.contains("asked to fail")), "{messages:?}");
    let messages = run("func.func(test-mark{panic=true})").expect_err("fails");
    assert!(messages.iter().any(|m| m.contains("internal error in pass test-mark")), "{messages:?}");
}

#[test]
fn conversions_replace_ops() {
    let text = run("test-lengths").expect("runs");
    assert!(text.contains("arith.constant 3 : i64") && !text.contains("mochi.str.length"), "{text}");
}

#[test]
fn watchers_see_each_pass() {
    register(Mark);
    let context = Context::new();
    let module = Module::parse(&context, TEXT).expect("parses");
    let seen = std::cell::RefCell::new(Vec::new());
    {
        let mut manager = PassManager::parse(&context, "func.func(test-mark),cse").unwrap_or_else(|_| {
            mochi_dialects::pass::register_needed_passes();
            PassManager::parse(&context, "func.func(test-mark),cse").expect("parses")
        });
        manager.after_pass(|argument, _, failed| seen.borrow_mut().push((argument.to_owned(), failed)));
        assert!(manager.run(module.op()));
    }
    let seen = seen.into_inner();
    assert!(seen.contains(&("test-mark".to_owned(), false)) && seen.contains(&("cse".to_owned(), false)), "{seen:?}");
}
