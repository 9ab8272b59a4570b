//! Running a program with a limit on its time.

use std::io::{Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// No test program needs a tenth of this; an endless loop is a failure, not a hung build.
const LIMIT: Duration = Duration::from_secs(60);
/// For programs on a simulated processor.
pub const PATIENT: Duration = Duration::from_secs(600);
/// How often a running program is looked at.
const TICK: Duration = Duration::from_millis(2);

/// What a program did.
#[derive(Debug)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub status: ExitStatus,
}

impl Outcome {
    /// The exit status, or 128 + the signal, as shells say it.
    pub fn code(&self) -> i32 {
        use std::os::unix::process::ExitStatusExt as _;
        self.status.code().unwrap_or_else(|| 128 + self.status.signal().unwrap_or(0))
    }
}

/// Runs to the end; `Err` when it does not start or takes too long.
pub fn run(command: &mut Command, input: &str) -> Result<Outcome, String> {
    run_within(command, input, LIMIT)
}

/// As [`run`], with another limit.
pub fn run_within(command: &mut Command, input: &str, limit: Duration) -> Result<Outcome, String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let mut stdin = child.stdin.take();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        if let Some(stdin) = &mut stdin {
            // A program that does not read its input closes the pipe.
            let _ = stdin.write_all(input.as_bytes());
        }
    });
    let stdout = child.stdout.take().map(reader);
    let stderr = child.stderr.take().map(reader);
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() > limit => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{command:?}: still running after {limit:?}"));
            }
            Ok(None) => std::thread::sleep(TICK),
            Err(error) => return Err(format!("{command:?}: {error}")),
        }
    };
    let _ = writer.join();
    let text = |handle: Option<std::thread::JoinHandle<String>>| {
        handle.and_then(|handle| handle.join().ok()).unwrap_or_default()
    };
    Ok(Outcome { stdout: text(stdout), stderr: text(stderr), status })
}

fn reader(mut stream: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
