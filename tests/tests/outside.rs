//! Programs and what lies around them: files that they write, a server that they ask, the environment, and what of all this
//! becomes part of an executable.

use mochi_tests::{executable, process, scratch};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = scratch("outside").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a new folder");
    folder
}

/// Compiles a program in a folder; the executable lies beside it.
fn build(folder: &Path, text: &str) -> PathBuf {
    std::fs::write(folder.join("program.mochi"), text).expect("writable");
    let mut command = Command::new(executable("mochi"));
    command.args(["build", "-W", "none", "-O1", "-o", "program", "program.mochi"]).current_dir(folder);
    let built = process::run(&mut command, "").expect("starts");
    assert!(built.status.success(), "{}", built.stderr);
    folder.join("program")
}

/// Runs an executable in a folder, under the leak check.
fn run(program: &Path, folder: &Path, variables: &[(&str, &str)]) -> process::Outcome {
    let mut command = Command::new(program);
    command.current_dir(folder).env("MOCHI_LEAK_CHECK", "1").env_remove("LLM_PROVIDER");
    command.envs(variables.iter().copied());
    process::run(&mut command, "").expect("starts")
}

#[test]
fn what_is_saved_can_be_loaded() {
    let folder = folder("round-trip");
    let program = build(
        &folder,
        r#"
type Item { name: string price: float count: int? tags: list<string> }
let items = [
  Item { name: "a, \"b\"", price: 2.0, count: 3, tags: ["x", "- y"] },
  Item { name: "null", price: 1e-7, count: none, tags: [] }
]
save items to "items.json" with { format: "json" }
save items to "items.jsonl" with { format: "jsonl" }
save items to "items.yaml" with { format: "yaml" }
print((load "items.json" as Item with { format: "json" }) == items)
print((load "items.jsonl" as Item with { format: "jsonl" }) == items)
print((load "items.yaml" as Item with { format: "yaml" }) == items)
let flat = from i in items select { name: i.name, price: i.price, count: i.count }
save flat to "items.csv" with { header: true }
save flat to "items.tsv" with { format: "tsv", header: true }
print((load "items.csv" as {name: string, price: float, count: int?}) == flat)
print((load "items.tsv" as {name: string, price: float, count: int?} with { format: "tsv" }) == flat)
"#,
    );
    let outcome = run(&program, &folder, &[]);
    assert_eq!((outcome.stdout.as_str(), outcome.code()), ("true\n".repeat(5).as_str(), 0), "{}", outcome.stderr);
    let written = std::fs::read_to_string(folder.join("items.csv")).expect("written");
    assert_eq!(written, "count,name,price\n3,\"a, \"\"b\"\"\",2\n,null,0.0000001\n");
}

#[test]
fn files_are_looked_for_below_the_root() {
    let folder = folder("root");
    std::fs::create_dir_all(folder.join("base/data")).expect("a new folder");
    std::fs::write(folder.join("base/data/rows.csv"), "n\n7\n").expect("writable");
    let program = build(&folder, "print(load \"../../data/rows.csv\" as any)\n");
    let base = folder.join("base");
    let outcome = run(&program, &folder, &[("MOCHI_ROOT", &base.to_string_lossy())]);
    assert_eq!((outcome.stdout.as_str(), outcome.code()), ("[{\"n\": 7}]\n", 0), "{}", outcome.stderr);
    assert_eq!(run(&program, &folder, &[]).code(), 1);
}

#[test]
fn the_environment_names_the_provider() {
    let folder = folder("provider");
    let program = build(&folder, "print(generate text { prompt: \"x\" })\n");
    assert_eq!(run(&program, &folder, &[]).stdout, "x\n");
    assert_eq!(run(&program, &folder, &[("LLM_PROVIDER", "echo")]).stdout, "x\n");
    let outcome = run(&program, &folder, &[("LLM_PROVIDER", "openai")]);
    assert_eq!(outcome.code(), 1);
    assert!(outcome.stderr.contains("model provider `openai` is not available"), "{}", outcome.stderr);
}

/// Answers one request with a chunked response; the result is the request.
fn serve_once(listener: TcpListener, reply: &'static str) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut stream = listener.accept().expect("a connection").0;
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        let (mut request, mut length) = (String::new(), 0);
        loop {
            let start = request.len();
            reader.read_line(&mut request).expect("a line");
            let line = request[start..].trim_end();
            if let Some(size) = line.strip_prefix("Content-Length: ") {
                length = size.parse().expect("a size");
            }
            if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("a body");
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        write!(stream, "{head}{:x}\r\n{reply}\r\n0\r\n\r\n", reply.len()).expect("answered");
        request + &String::from_utf8_lossy(&body)
    })
}

#[test]
fn a_server_is_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = serve_once(listener, "{\"id\": 12, \"tags\": [\"a\"]}");
    let folder = folder("server");
    let program = build(
        &folder,
        &format!(
            r#"
type Reply {{ id: int tags: list<string> }}
let reply: Reply = fetch "http://{address}/items?x=1" with {{
  method: "POST",
  headers: {{"X-Key": "secret"}},
  query: {{"q": "a b"}},
  body: {{"n": [1, 2]}},
  timeout: 5
}}
print(reply.id + 1, reply.tags)
"#
        ),
    );
    let outcome = run(&program, &folder, &[]);
    assert_eq!((outcome.stdout.as_str(), outcome.code()), ("13 [\"a\"]\n", 0), "{}", outcome.stderr);
    let request = server.join().expect("served");
    assert!(request.starts_with("POST /items?x=1&q=a+b HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nX-Key: secret\r\n") && request.ends_with("\r\n\r\n{\"n\":[1,2]}"), "{request}");
}

/// The functions of a program's own object file and of the runtime's parts in it, as an unstripped executable lists them.
fn symbols(program: &Path) -> String {
    let prefix = std::env::var("MLIR_SYS_220_PREFIX").expect("set by .cargo/config.toml");
    let outcome = process::run(Command::new(Path::new(&prefix).join("bin/llvm-nm")).arg(program), "").expect("starts");
    outcome.stdout
}

/// Only what a program reaches becomes part of it.
#[test]
fn formats_enter_only_where_they_are_used() {
    let folder = folder("symbols");
    let marks = ["mochi_rt_load_csv", "serde_json", "saphyr", "3csv7Records", "httparse", "getaddrinfo"];
    for (text, expected) in [
        ("print(\"x\")\n", &[][..]),
        ("print(load \"a\" as any)\n", &["mochi_rt_load_csv", "3csv7Records"]),
        ("print(load \"a\" as any with { format: \"json\" })\n", &["serde_json"]),
        ("print(load \"a\" as any with { format: \"yaml\" })\n", &["saphyr"]),
        ("save [{ a: 1 }] with { format: \"yaml\" }\n", &[]),
        ("print(fetch \"a\")\n", &["serde_json", "httparse", "getaddrinfo"]),
    ] {
        std::fs::write(folder.join("program.mochi"), text).expect("writable");
        let mut command = Command::new(executable("mochi"));
        command.args(["build", "-g", "-W", "none", "-o", "program", "program.mochi"]).current_dir(&folder);
        let built = process::run(&mut command, "").expect("starts");
        assert!(built.status.success(), "{}", built.stderr);
        let symbols = symbols(&folder.join("program"));
        assert!(symbols.contains("mochi_rt_start"), "the executable has no symbols");
        for mark in marks {
            assert_eq!(symbols.contains(mark), expected.contains(&mark), "{mark} in {text}");
        }
    }
}
