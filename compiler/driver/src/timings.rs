//! How long each stage took, always measured: reading a clock twice costs less than deciding whether to.

use std::fmt;
use std::time::{Duration, Instant};

/// One measured stage or pass.
#[derive(Clone, Debug)]
pub struct Timing {
    pub name: String,
    pub duration: Duration,
    /// A pass of the pipeline, listed below the pipeline's own line.
    pub is_pass: bool,
}

/// The stages of a session in the order they ran.
#[derive(Clone, Debug, Default)]
pub struct Timings {
    entries: Vec<Timing>,
}

impl Timings {
    /// Measures one stage.
    pub(crate) fn measure<R>(&mut self, name: &str, work: impl FnOnce() -> R) -> R {
        let start = Instant::now();
        let result = work();
        self.add(name, start.elapsed(), false);
        result
    }

    pub(crate) fn add(&mut self, name: &str, duration: Duration, is_pass: bool) {
        tracing::debug!(stage = name, microseconds = duration.as_micros() as u64, "done");
        self.entries.push(Timing { name: name.to_owned(), duration, is_pass });
    }

    /// All measurements.
    pub fn entries(&self) -> &[Timing] {
        &self.entries
    }

    /// Stages together; passes are part of the pipeline's stage.
    pub fn total(&self) -> Duration {
        self.entries.iter().filter(|entry| !entry.is_pass).map(|entry| entry.duration).sum()
    }

    /// `{"stages": [{"name": …, "microseconds": …, "pass": …}], "total_microseconds": …}`
    pub fn to_json(&self) -> String {
        let stages: Vec<String> = self
            .entries
            .iter()
            .map(|entry| {
                // Names are ours: letters, digits, dashes, braces and equals signs; nothing to escape.
                format!(
                    "{{\"name\":\"{}\",\"microseconds\":{},\"pass\":{}}}",
                    entry.name,
                    entry.duration.as_micros(),
                    entry.is_pass
                )
            })
            .collect();
        format!("{{\"stages\":[{}],\"total_microseconds\":{}}}", stages.join(","), self.total().as_micros())
    }
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
        for entry in &self.entries {
            let indent = if entry.is_pass { "    " } else { "" };
            writeln!(f, "{:9.3} ms  {indent}{}", milliseconds(entry.duration), entry.name)?;
        }
        writeln!(f, "{:9.3} ms  total", milliseconds(self.total()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_are_not_counted_twice() {
        let mut timings = Timings::default();
        timings.add("cse", Duration::from_millis(2), true);
        timings.add("pipeline", Duration::from_millis(3), false);
        assert_eq!(timings.total(), Duration::from_millis(3));
        assert!(timings.to_json().starts_with("{\"stages\":[{\"name\":\"cse\",\"microseconds\":2000,\"pass\":true}"));
    }
}
