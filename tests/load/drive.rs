//! The load itself: wrk, a generator that does not become the bottleneck, with one thread.

use std::{
    fmt::Write as _,
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde::Deserialize;

use crate::{Outcome, cpu};

/// What the clients send.
pub(crate) enum Load {
    /// Each path in turn, with the bearer token where there is one.
    Get { paths: Vec<String>, token: String },
    /// One path, with this header.
    With { path: &'static str, header: (&'static str, &'static str) },
    /// Each body in turn, to one path.
    Post { path: &'static str, bodies: Vec<String> },
    /// A new emergency each time.
    Raise,
    /// A new emergency each time, under an id that counts up.
    Called,
    /// Ten positions of the caller of one of so many of those, of each in turn.
    Locate { callers: u64 },
}

/// The secret of those who called under an id that counts up.
const SECRET: &str = "a-secret-of-the-measurement";

/// What one drive gave.
pub(crate) struct Drive {
    pub(crate) requests: f64,
    /// Requests that got no answer, or one of 400 and above.
    pub(crate) failed: f64,
    /// Requests per second.
    pub(crate) rate: f64,
    /// Latencies in milliseconds.
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    /// Cores that the generator itself kept busy.
    pub(crate) generator: f64,
}

/// The line that the Lua script ends with.
#[derive(Deserialize)]
struct Summary {
    requests: f64,
    micros: f64,
    failed: f64,
    p50: f64,
    p95: f64,
    p99: f64,
}

impl Load {
    /// The load as a script for wrk.
    fn script(&self) -> Outcome<String> {
        let mut script = String::new();
        match self {
            Self::Get { paths, token } => {
                writeln!(script, "local token = \"{token}\"\nlocal paths = {{")?;
                for path in paths {
                    writeln!(script, "    \"{path}\",")?;
                }
                script += "}\n";
                script += include_str!("lua/get.lua");
            }
            Self::With { path, header: (name, value) } => {
                writeln!(
                    script,
                    "wrk.path = \"{path}\"\nwrk.headers[\"{name}\"] = [==[{value}]==]"
                )?;
            }
            Self::Post { path, bodies } => {
                writeln!(script, "local path = \"{path}\"\nlocal bodies = {{")?;
                for body in bodies {
                    writeln!(script, "    [==[{body}]==],")?;
                }
                script += "}\n";
                script += include_str!("lua/post.lua");
            }
            Self::Raise => script += include_str!("lua/raise.lua"),
            Self::Called => {
                writeln!(script, "local secret = \"{SECRET}\"")?;
                script += include_str!("lua/called.lua");
            }
            Self::Locate { callers } => {
                writeln!(script, "local secret = \"{SECRET}\"\nlocal callers = {callers}")?;
                script += include_str!("lua/locate.lua");
            }
        }
        script += include_str!("lua/done.lua");
        Ok(script)
    }

    /// Lets `clients` at once send this to the server at `url` for `length`.
    pub(crate) fn drive(
        &self,
        url: &str,
        clients: u32,
        length: Duration,
        folder: &Path,
    ) -> Outcome<Drive> {
        let script = folder.join("load.lua");
        fs::write(&script, self.script()?)?;
        let begin = Instant::now();
        let mut wrk = Command::new("wrk")
            .args(["--threads", "1", "--timeout", "10s"])
            .args(["--connections", &clients.to_string()])
            .args(["--duration", &format!("{}s", length.as_secs())])
            .arg("--script")
            .args([script.as_os_str(), url.as_ref()])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("wrk does not start ({error}): run scripts/install bench"))?;
        let mut output = String::new();
        wrk.stdout.take().ok_or("wrk has no output")?.read_to_string(&mut output)?;
        // It ended, and stays in /proc until it is waited for.
        let generator = cpu::spent(wrk.id()).div_duration_f64(begin.elapsed());
        wrk.wait()?;
        let result = output.lines().find_map(|line| line.strip_prefix("result "));
        let summary: Summary = serde_json::from_str(result.ok_or(output.clone())?)?;
        Ok(Drive {
            requests: summary.requests,
            failed: summary.failed,
            rate: summary.requests / summary.micros * 1e6,
            p50: summary.p50 / 1e3,
            p95: summary.p95 / 1e3,
            p99: summary.p99 / 1e3,
            generator,
        })
    }
}
