//! Prints the random program of a seed: `cargo run -p mochi-tests --bin generate 42`.

fn main() {
    match std::env::args().nth(1).and_then(|text| text.parse().ok()) {
        Some(seed) => print!("{}", mochi_tests::generate::program(seed)),
        None => eprintln!("usage: generate SEED"),
    }
}
