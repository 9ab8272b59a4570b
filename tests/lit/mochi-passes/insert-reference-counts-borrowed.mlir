// RUN: mochi-opt %s --mochi-insert-reference-counts --mochi-certify-reference-counts | FileCheck %s

// Values read out of objects: which ones need a count of their own.

mochi.record_type @Body ("x": f64, "name": !mochi.str)
mochi.union_type @Tree {
  "Leaf"(),
  "Node"("left": !mochi.union<@Tree>, "right": !mochi.union<@Tree>)
}
mochi.global @g : !mochi.str
mochi.global @log : !mochi.list<!mochi.str>
func.func private @ext(%s: !mochi.str) -> !mochi.str
func.func @length(%s: !mochi.str) -> i64 {
  %n = mochi.str.length %s
  return %n : i64
}

// Parts of an immutable value live as long as the whole, whatever is called.
// CHECK-LABEL: func.func @check
// CHECK-NOT: mochi.re{{[tl]}}
// CHECK: return
func.func @check(%t: !mochi.union<@Tree>) -> i64 {
  %one = arith.constant 1 : i64
  %tag = mochi.union.tag %t : !mochi.union<@Tree>
  %n = mochi.switch %tag -> (i64)
  case 0 {
    mochi.yield %one : i64
  }
  default {
    %l = mochi.union.get %t, "Node"[0] : !mochi.union<@Tree> -> !mochi.union<@Tree>
    %r = mochi.union.get %t, "Node"[1] : !mochi.union<@Tree> -> !mochi.union<@Tree>
    %a = func.call @check(%l) : (!mochi.union<@Tree>) -> i64
    %b = func.call @check(%r) : (!mochi.union<@Tree>) -> i64
    %c = mochi.int.add %a, %b
    mochi.yield %c : i64
  }
  return %n : i64
}

// Storing numbers drops nothing.
// CHECK-LABEL: func.func @move
// CHECK-NOT: mochi.re{{[tl]}}
// CHECK: return
func.func @move(%l: !mochi.list<!mochi.record<@Body>>, %i: i64, %v: f64) -> f64 {
  %p = mochi.list.get %l[%i] : !mochi.list<!mochi.record<@Body>>
  mochi.record.set %p["x"], %v : !mochi.record<@Body>, f64
  %x = mochi.record.get %p["x"] : !mochi.record<@Body> -> f64
  return %x : f64
}

// Storing into slots of the same kind might.
// CHECK-LABEL: func.func @rename
func.func @rename(%p: !mochi.record<@Body>, %q: !mochi.record<@Body>, %n: !mochi.str) {
  // CHECK: %[[S:.*]] = mochi.record.get
  // CHECK-NEXT: mochi.retain %[[S]]
  %s = mochi.record.get %p["name"] : !mochi.record<@Body> -> !mochi.str
  // CHECK: mochi.record.set
  mochi.record.set %q["name"], %n : !mochi.record<@Body>, !mochi.str
  // CHECK-NEXT: mochi.print %[[S]]
  // CHECK-NEXT: mochi.release %[[S]]
  mochi.print %s : !mochi.str
  return
}

// A call that assigns no global leaves them alone; an unknown one may not.
// CHECK-LABEL: func.func @calls
func.func @calls() -> i64 {
  // CHECK: %[[S:.*]] = mochi.global.load
  // CHECK-NEXT: call @length
  %s = mochi.global.load @g : !mochi.str
  %n = func.call @length(%s) : (!mochi.str) -> i64
  // CHECK-NEXT: %[[T:.*]] = mochi.global.load
  // CHECK-NEXT: mochi.retain %[[T]]
  %t = mochi.global.load @g : !mochi.str
  // CHECK-NEXT: %[[U:.*]] = call @ext
  // CHECK-NEXT: mochi.release %[[U]]
  // CHECK-NEXT: mochi.release %[[T]]
  %u = func.call @ext(%t) : (!mochi.str) -> !mochi.str
  return %n : i64
}

// The list that grows stays the only reference to itself.
// CHECK-LABEL: func.func @read_and_append
func.func @read_and_append(%i: i64, %e: !mochi.str) -> !mochi.list<!mochi.str> {
  // CHECK: %[[L:.*]] = mochi.list.new
  %l = mochi.list.new [] : !mochi.list<!mochi.str>
  // CHECK-NEXT: %[[F:.*]] = mochi.list.get %[[L]]
  // CHECK-NEXT: mochi.retain %[[F]]
  %f = mochi.list.get %l[%i] : !mochi.list<!mochi.str>
  // CHECK-NOT: mochi.retain %[[L]]
  // CHECK: mochi.list.append %[[L]]
  %m = mochi.list.append %l, %e : !mochi.list<!mochi.str>
  mochi.print %f : !mochi.str
  return %m : !mochi.list<!mochi.str>
}

// A global that grows is moved out and in; the call between cannot see it.
// CHECK-LABEL: func.func @push
func.func @push(%p: !mochi.str) {
  // CHECK: call @length
  // CHECK: %[[V:.*]] = mochi.global.load @log {take}
  // CHECK-NEXT: %[[W:.*]] = mochi.list.append %[[V]]
  // CHECK-NEXT: mochi.global.store %[[W]], @log {initialize}
  %v = mochi.global.load @log : !mochi.list<!mochi.str>
  %n = func.call @length(%p) : (!mochi.str) -> i64
  %s = mochi.to_string %n : i64
  %w = mochi.list.append %v, %s : !mochi.list<!mochi.str>
  mochi.global.store %w, @log : !mochi.list<!mochi.str>
  return
}

// It is not when it is appended to itself, or when somebody might look.
// CHECK-LABEL: func.func @no_take
// CHECK-NOT: take
// CHECK: return
func.func @no_take() {
  %s = mochi.global.load @g : !mochi.str
  %t = mochi.global.load @g : !mochi.str
  %u = mochi.str.concat %s, %t
  mochi.global.store %u, @g : !mochi.str
  %v = mochi.global.load @g : !mochi.str
  %x = func.call @ext(%v) : (!mochi.str) -> !mochi.str
  %w = mochi.str.concat %v, %x
  mochi.global.store %w, @g : !mochi.str
  return
}

// What a map holds under a key is moved out likewise: where the store is reached, the key is there. What is made in
// between comes first.
// CHECK-LABEL: func.func @take_from_map
func.func @take_from_map(%m: !mochi.map<!mochi.str, !mochi.list<!mochi.any>>, %k: !mochi.str, %n: i64) {
  // CHECK-NEXT: %[[E:.*]] = mochi.any.wrap
  // CHECK-NEXT: %[[O:.*]] = mochi.map.get %{{.*}} {take}
  // CHECK-NEXT: %[[L:.*]] = mochi.option.get %[[O]]
  // CHECK-NEXT: mochi.retain %[[L]]
  // CHECK-NEXT: mochi.release %[[O]]
  // CHECK-NEXT: mochi.list.append %[[L]], %[[E]]
  %o = mochi.map.get %m[%k] : !mochi.map<!mochi.str, !mochi.list<!mochi.any>>
  %l = mochi.option.get %o : !mochi.option<!mochi.list<!mochi.any>>
  %e = mochi.any.wrap %n : i64
  %r = mochi.list.append %l, %e : !mochi.list<!mochi.any>
  // CHECK: mochi.map.set {{.*}} {initialize}
  mochi.map.set %m[%k], %r : !mochi.map<!mochi.str, !mochi.list<!mochi.any>>
  return
}

// Another key may be another place.
// CHECK-LABEL: func.func @other_key
// CHECK-NOT: take
// CHECK: return
func.func @other_key(%m: !mochi.map<i64, !mochi.list<i64>>, %k: i64, %j: i64) {
  %o = mochi.map.get %m[%k] : !mochi.map<i64, !mochi.list<i64>>
  %l = mochi.option.get %o : !mochi.option<!mochi.list<i64>>
  %r = mochi.list.append %l, %k : !mochi.list<i64>
  mochi.map.set %m[%j], %r : !mochi.map<i64, !mochi.list<i64>>
  return
}

// What prints in between must not come before the failure.
// CHECK-LABEL: func.func @print_between
// CHECK-NOT: take
// CHECK: return
func.func @print_between(%m: !mochi.map<i64, !mochi.list<i64>>, %k: i64) {
  %o = mochi.map.get %m[%k] : !mochi.map<i64, !mochi.list<i64>>
  %l = mochi.option.get %o : !mochi.option<!mochi.list<i64>>
  mochi.print %k : i64
  %r = mochi.list.append %l, %k : !mochi.list<i64>
  mochi.map.set %m[%k], %r : !mochi.map<i64, !mochi.list<i64>>
  return
}
