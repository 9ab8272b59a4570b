//! Data from outside: `load`, `save`, `fetch` and `generate`.
//!
//! Each format and each protocol is a module that nothing else refers to, so that a program carries only those that it
//! reaches. Parsing is left to well-kept crates (csv-core, serde_json, saphyr-parser, httparse); what they find goes through
//! [`build`] straight into values of the type that the program asks for, without maps in between.
//!
//! Data from outside may be anything: whatever is wrong with it ends the program with a message that names the input, the
//! line (or row) in it, and the place in the program.

// The name `alloc` is that of the runtime's own module.
extern crate alloc as heap;

pub mod build;
pub mod csv;
pub mod fetch;
pub mod file;
pub mod generate;
pub mod http;
pub mod input;
pub mod json;
pub mod options;
pub mod socket;
pub mod url;
pub mod yaml;
pub mod yaml_text;
