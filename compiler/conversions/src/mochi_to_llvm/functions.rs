//! Function values. Code is called with the arguments and the closure itself, through which it reads its captures.

use super::{
    Lowered, Pattern,
    context::{Cx, Fields},
    counts,
    data::allocate,
    destroy,
    emit::Emit,
    layout::{Repr, place, repr},
};
use mochi_dialects::{
    conversion::NoMatch,
    ir::{Builder, Op, Type, Value},
    mochi::{ClosureCapture, ClosureNew},
};
use mochi_runtime_abi::{IMMORTAL, layout::offset};

pub(super) const PATTERNS: &[Pattern] = &[
    ("mochi.closure.new", closure_new),
    ("mochi.closure.call", closure_call),
    ("mochi.closure.capture", closure_capture),
    ("mochi.closure.current", |_, _, args| Ok(vec![args[0]])),
];

/// Where captures of these types lie in the closure: behind their descriptor, if the cycle collector needs one.
fn capture_fields<'c>(cx: &Cx<'c>, types: &[Type<'c>]) -> Fields<'c> {
    let described = if cx.cycles.contain_closures() { 8 } else { 0 };
    let (offsets, size) = place(types, offset::CLOSURE_CAPTURES + described);
    Fields { names: Vec::new(), types: types.to_vec(), offsets, size }
}

fn register<'c>(cx: &Cx<'c>, ty: Type<'c>) -> Type<'c> {
    cx.t.register(repr(ty).unwrap_or(Repr::Pointer))
}

fn closure_new<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let view = ClosureNew::cast(op).ok_or(NoMatch)?;
    let callee = view.callee();
    let ty = *e.cx.functions.get(callee).ok_or(NoMatch)?;
    let takes_env = ty.function_inputs().last().is_some_and(|t| t.is_env());
    if args.is_empty() {
        // Nothing captured: one static object serves every use.
        let code = if takes_env { callee.to_owned() } else { thunk(e.cx, callee, ty) };
        return Ok(vec![e.address(&static_closure(e.cx, callee, &code))]);
    }
    let types: Vec<Type<'c>> = view.captures().iter().map(|v| v.ty()).collect();
    let fields = capture_fields(e.cx, &types);
    let object = allocate(e, fields.size)?;
    e.store(e.address(callee), object, offset::CLOSURE_CODE, Some("closure.code"));
    let drop = destroy::drop_closure(e.cx, &fields);
    e.store(e.address(&drop), object, offset::CLOSURE_DROP, Some("closure.drop"));
    if e.cx.cycles.contain_closures() {
        let described = e.address(&e.cx.describe_captures(&fields));
        e.store(described, object, offset::CLOSURE_CAPTURES, Some("closure.described"));
    }
    for ((value, ty), at) in args.iter().zip(&fields.types).zip(&fields.offsets) {
        e.store_value(*value, object, *at, *ty, Some(&counts::field_tag("capture", 0, *ty)));
    }
    Ok(vec![object])
}

/// {count, code, no destroyer}.
fn static_closure<'c>(cx: &Cx<'c>, callee: &str, code: &str) -> String {
    cx.once(&format!("closure {callee}"), "mochi.closure", |name| {
        let t = &cx.t;
        let shape = Type::llvm_struct(cx.ctx, &[t.i64, t.ptr, t.ptr]);
        cx.built_global(name, shape, false, |b, set| {
            set(&[0], constant(cx, b, IMMORTAL));
            set(&[1], address(cx, b, code));
        });
    })
}

fn constant<'c>(cx: &Cx<'c>, b: &Builder<'c>, value: i64) -> Value<'c> {
    let attr = mochi_dialects::ir::Attribute::int(cx.ctx, value);
    b.op("llvm.mlir.constant").attr("value", attr).result(cx.t.i64).build().result(0)
}

fn address<'c>(cx: &Cx<'c>, b: &Builder<'c>, symbol: &str) -> Value<'c> {
    let attr = mochi_dialects::ir::Attribute::symbol(cx.ctx, symbol);
    b.op("llvm.mlir.addressof").attr("global_name", attr).result(cx.t.ptr).build().result(0)
}

/// A function with the signature of closures' code that forwards to a plain function. Calling the plain function
/// with an argument too many would work on most targets, but LLVM may take it for unreachable.
fn thunk<'c>(cx: &Cx<'c>, callee: &str, ty: Type<'c>) -> String {
    cx.once(&format!("thunk {callee}"), &format!("mochi.thunk.{callee}"), |name| {
        let mut params: Vec<Type<'c>> = ty.function_inputs().iter().map(|t| register(cx, *t)).collect();
        let count = params.len();
        params.push(cx.t.ptr);
        let result = ty.function_results().first().map(|t| register(cx, *t));
        let shape = Type::llvm_function(result.unwrap_or(cx.t.void), &params);
        let function = cx.internal_function(name, shape, &["nounwind"]);
        let list: Vec<_> = params.iter().map(|t| (*t, function.loc())).collect();
        let region = function.region(0);
        let entry = region.append_block(&list);
        let e = Emit::function(cx, region, entry);
        let args: Vec<Value<'c>> = entry.args().take(count).collect();
        let value = e.call(callee, &args, result);
        let ret = e.b.op("llvm.return");
        match value {
            Some(v) => ret.operand(v).build(),
            None => ret.build(),
        };
    })
}

fn closure_call<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let closure = args[0];
    let code = e.load(closure, offset::CLOSURE_CODE, e.cx.t.ptr, Some("closure.code"));
    let mut list = vec![code];
    list.extend(&args[1..]);
    list.push(closure);
    let result = (op.result_count() > 0).then(|| register(e.cx, op.result(0).ty()));
    Ok(e.call_pointer(&list, result).into_iter().collect())
}

fn closure_capture<'c>(e: &Emit<'_, 'c>, op: Op<'c>, args: &[Value<'c>]) -> Lowered<'c> {
    let view = ClosureCapture::cast(op).ok_or(NoMatch)?;
    let ty = op.result(0).ty();
    let function = op.parent_of("llvm.func").or_else(|| op.parent_of("func.func")).ok_or(NoMatch)?;
    let index = usize::try_from(view.index()).map_err(|_| NoMatch)?;
    let name = function.symbol_name().ok_or(NoMatch)?;
    let at = match e.cx.captures.get(name) {
        Some(types) => *capture_fields(e.cx, types).offsets.get(index).ok_or(NoMatch)?,
        // Nobody makes a closure of this function, so nobody calls it: any place will do.
        None => offset::CLOSURE_CAPTURES + 16 * index as u64,
    };
    Ok(vec![e.load_value(args[0], at, ty, Some(&counts::field_tag("capture", 0, ty)))])
}
