// RUN: mochi-opt %s --verify-diagnostics --split-input-file

// Maps, options and cells. The label before each case is that of the constraint it
// breaks.

func.func @f(%k: i64, %v: i64) {
  // map-new-C1
  // expected-error @+1 {{has a key of type 'i64', but the map has keys of type '!mochi.str'}}
  %0 = "mochi.map.new"(%k, %v) : (i64, i64) -> !mochi.map<!mochi.str, i64>
  return
}

// -----

func.func @f(%k: i64, %v: i64) {
  // map-new-C1
  // expected-error @+1 {{has a value of type 'i64', but the map has values of type 'f64'}}
  %0 = "mochi.map.new"(%k, %v) : (i64, i64) -> !mochi.map<i64, f64>
  return
}

// -----

func.func @f(%k: i64) {
  // expected-error @+1 {{expected a map type, but found '!mochi.list<i64>'}}
  %0 = mochi.map.new {%k: %k} : !mochi.list<i64>
  return
}

// -----

func.func @f(%m: !mochi.map<i64, f64>, %k: f64) {
  // map-get-C1
  // expected-error @+1 {{type of 'key' is the key type of 'map'}}
  %0 = "mochi.map.get"(%m, %k) : (!mochi.map<i64, f64>, f64) -> !mochi.option<f64>
  return
}

// -----

func.func @f(%m: !mochi.map<i64, f64>, %k: i64) {
  // map-get-C2
  // expected-error @+1 {{the result is an option of the map's value type}}
  %0 = "mochi.map.get"(%m, %k) : (!mochi.map<i64, f64>, i64) -> f64
  return
}

// -----

func.func @f(%m: !mochi.map<i64, f64>, %k: f64) {
  // map-set-C1
  // expected-error @+1 {{type of 'key' is the key type of 'map'}}
  "mochi.map.set"(%m, %k, %k) : (!mochi.map<i64, f64>, f64, f64) -> ()
  return
}

// -----

func.func @f(%m: !mochi.map<i64, f64>, %k: i64) {
  // map-set-C2
  // expected-error @+1 {{type of 'value' is the value type of 'map'}}
  "mochi.map.set"(%m, %k, %k) : (!mochi.map<i64, f64>, i64, i64) -> ()
  return
}

// -----

func.func @f(%m: !mochi.map<i64, f64>, %k: f64) {
  // map-contains-C1
  // expected-error @+1 {{type of 'key' is the key type of 'map'}}
  %0 = "mochi.map.contains"(%m, %k) : (!mochi.map<i64, f64>, f64) -> i1
  return
}

// -----

func.func @f(%m: !mochi.map<i64, f64>) {
  // map-keys-C1
  // expected-error @+1 {{the result is a list of the map's keys}}
  %0 = "mochi.map.keys"(%m) : (!mochi.map<i64, f64>) -> !mochi.list<f64>
  return
}

// -----

func.func @f(%m: !mochi.map<i64, f64>) {
  // map-values-C1
  // expected-error @+1 {{the result is a list of the map's values}}
  %0 = "mochi.map.values"(%m) : (!mochi.map<i64, f64>) -> !mochi.list<i64>
  return
}

// -----

func.func @f(%v: f64) {
  // option-some-C1
  // expected-error @+1 {{type of 'value' is the payload type of 'result'}}
  %0 = "mochi.option.some"(%v) : (f64) -> !mochi.option<i64>
  return
}

// -----

func.func @f() {
  // option-none-C1
  // expected-error @+1 {{result #0 must be a value or nothing or a value that carries its type, but got 'i64'}}
  %0 = mochi.option.none : i64
  return
}

// -----

func.func @f(%o: !mochi.option<i64>) {
  // option-get-C1
  // expected-error @+1 {{type of 'result' is the payload type of 'option'}}
  %0 = "mochi.option.get"(%o) : (!mochi.option<i64>) -> f64
  return
}

// -----

func.func @f(%v: f64) {
  // cell-new-C1
  // expected-error @+1 {{type of 'value' is the content type of 'result'}}
  %0 = "mochi.cell.new"(%v) : (f64) -> !mochi.cell<i64>
  return
}

// -----

func.func @f(%c: !mochi.cell<i64>) {
  // cell-get-C1
  // expected-error @+1 {{type of 'result' is the content type of 'cell'}}
  %0 = "mochi.cell.get"(%c) : (!mochi.cell<i64>) -> f64
  return
}

// -----

func.func @f(%c: !mochi.cell<i64>, %v: f64) {
  // cell-set-C1
  // expected-error @+1 {{type of 'value' is the content type of 'cell'}}
  "mochi.cell.set"(%c, %v) : (!mochi.cell<i64>, f64) -> ()
  return
}
