//! The IR layer: building, reading and changing ops, and what is generated from the op definitions.

use mochi_dialects::{
    ir::{Attribute, Builder, Context, Dominance, Location, Module, Type, TypeKind, WalkOrder, WalkResult},
    mochi,
};
use mochi_dialects_sys as sys;

const SUM: &str = r#"
func.func @sum(%l: !mochi.list<i64>) -> i64 {
  %zero = arith.constant 0 : i64
  %n = mochi.list.length %l : !mochi.list<i64>
  %s = mochi.for %i = %zero to %n iter (%acc = %zero) : (i64) {
    %e = mochi.list.get %l[%i] : !mochi.list<i64>
    %t = mochi.int.add %acc, %e
    mochi.yield %t : i64
  }
  return %s : i64
}
"#;

#[test]
fn builds_what_the_parser_reads() {
    let context = Context::new();
    let loc = Location::file(&context, "a.mochi", 1, 1);
    let module = Module::new(loc);
    let b = Builder::at_end(module.body()).at(loc);
    let list = Type::list(Type::i64(&context));
    let function = b.func("first", &[list], &[Type::i64(&context)], false);
    let entry = function.region(0).append_block(&[(list, loc)]);
    let b = Builder::at_end(entry).at(Location::file(&context, "a.mochi", 2, 5));
    let zero = b.const_i64(0);
    let get = mochi::list_get(&b, entry.arg(0), zero, false);
    b.op("func.return").operand(get.result(0)).build();
    assert!(module.verify(), "{module}");
    let view = mochi::ListGet::cast(get).expect("a list.get");
    assert_eq!(view.index(), zero);
    assert!(!view.inbounds());
    assert!(view.result().ty().is_i64());
    assert_eq!(get.loc().span().map(|s| (s.file, s.line, s.column)), Some(("a.mochi", 2, 5)));
    assert!(Module::parse(&context, &module.to_string()).is_some());
}

#[test]
fn reads_and_changes_parsed_modules() {
    let context = Context::new();
    let module = Module::parse(&context, SUM).expect("parses");
    let mut names = Vec::new();
    module.op().walk(WalkOrder::PreOrder, |op| {
        names.push(op.name());
        if op.is("mochi.for") { WalkResult::Skip } else { WalkResult::Advance }
    });
    assert!(names.contains(&"mochi.for") && !names.contains(&"mochi.list.get"));
    let loops = module.op().collect("mochi.for");
    let body = loops[0].region(0).entry().expect("a body");
    assert_eq!(body.arg_count(), 2);
    assert_eq!(body.terminator().map(|t| t.name()), Some("mochi.yield"));
    let add = module.op().collect("mochi.int.add")[0];
    let dominance = Dominance::new(module.op());
    assert!(dominance.value_dominates(loops[0].operand(0), add));
    assert_eq!(add.parent_of("func.func").and_then(|f| f.symbol_name()), Some("sum"));
    // The sum becomes the accumulator itself: an empty loop.
    add.replace_with(&[body.arg(1)]);
    assert!(module.verify());
    let get = module.op().collect("mochi.list.get")[0];
    assert!(!get.result(0).has_uses());
    get.erase();
    assert!(module.op().collect("mochi.list.get").is_empty());
}

#[test]
fn splitting_and_moving() {
    let context = Context::new();
    let module = Module::parse(&context, SUM).expect("parses");
    let function = module.op().collect("func.func")[0];
    let entry = function.region(0).entry().expect("a body");
    let loop_op = module.op().collect("mochi.for")[0];
    let tail = entry.split_before(loop_op);
    assert_eq!(loop_op.block(), Some(tail));
    Builder::at_end(entry).op("cf.br").successor(tail, &[]).build();
    assert!(module.verify());
    assert_eq!(tail.predecessors(), vec![entry]);
    // Nothing leads to a block without predecessors.
    let dead = function.region(0).append_block(&[]);
    Builder::at_end(dead).op("mochi.unreachable").build();
    function.erase_unreachable_blocks();
    assert_eq!(function.region(0).blocks().len(), 2);
}

#[test]
fn types_take_apart() {
    let context = Context::new();
    let int = Type::i64(&context);
    let map = Type::map(Type::str(&context), Type::list(int));
    assert_eq!(map.to_string(), "!mochi.map<!mochi.str, !mochi.list<i64>>");
    assert!(matches!(map.kind(), TypeKind::Map(k, v) if k.is_str() && v.list_element() == Some(int)));
    let record = Type::record(&context, "P");
    assert_eq!(record.kind(), TypeKind::Record("P"));
    let f = Type::fn_value(Type::function(&context, &[int], &[]));
    assert_eq!(f.fn_signature().map(|s| s.function_inputs()), Some(vec![int]));
    assert!(Type::option(int).option_payload() == Some(int) && !Type::option(int).is_counted());
    assert!(Type::option(record).is_counted() && Type::any(&context).is_counted());
    assert_eq!(Type::parse(&context, "!mochi.list<i64>"), Some(Type::list(int)));
}

#[test]
fn attributes_take_apart() {
    let context = Context::new();
    let c = context.handle();
    assert_eq!(Attribute::string(c, "a\0b").as_str(), Some("a\0b"));
    assert_eq!(Attribute::int(c, -3).as_int(), Some(-3));
    assert_eq!(Attribute::bool(c, true).as_int(), Some(1));
    assert_eq!(Attribute::symbol(c, "f").as_symbol(), Some("f"));
    assert_eq!(Attribute::dense_i64(c, &[1, 2]).as_dense_i64(), Some(vec![1, 2]));
    assert_eq!(Attribute::float(c, 0.5).as_float(), Some(0.5));
    assert_eq!(Attribute::strings(c, &["x"]).as_array().map(|a| a.len()), Some(1));
}

#[test]
fn diagnostics_are_values() {
    let context = Context::new();
    let (module, list) = context.handle().collect_diagnostics(|| Module::parse(&context, "func.func @f() {").is_some());
    assert!(!module);
    assert!(!list.is_empty() && !list[0].message.is_empty());
}

/// The generator decides from the definitions which ops infer their results; MLIR must agree.
#[test]
fn inferring_ops_implement_the_interface() {
    let context = Context::new();
    for name in mochi::INFERRING_OPS {
        let text = sys::MlirStringRef { data: name.as_ptr().cast(), length: name.len() };
        // SAFETY: live context and text.
        let infers = unsafe {
            sys::mlirOperationImplementsInterfaceStatic(text, context.raw(), sys::mlirInferTypeOpInterfaceTypeID())
        };
        assert!(infers, "{name}");
    }
}

#[test]
fn op_facts() {
    let append = mochi::op_info("mochi.list.append").expect("known");
    assert!(append.consumes(0) && append.consumes(1));
    assert_eq!(append.result_ownership, mochi::ResultOwnership::Owned);
    let get = mochi::op_info("mochi.list.get").expect("known");
    assert!(get.may_fail && !get.consumes(0));
    assert!(mochi::op_info("arith.addi").is_none());
}
