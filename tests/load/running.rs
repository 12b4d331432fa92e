//! A server process under measurement.

use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::Client;

use crate::Outcome;

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    address: SocketAddr,
    /// From the start of the process to its first good answer.
    pub(crate) start_took: Duration,
}

impl Running {
    /// Starts `command` and waits until `GET ready` answers 200. What the server says goes to the
    /// file `log`.
    pub(crate) async fn start(
        mut command: Command,
        address: SocketAddr,
        ready: &str,
        log: &Path,
    ) -> Outcome<Self> {
        let output = File::create(log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let begin = Instant::now();
        let child = command.spawn()?;
        let mut running = Self { child, address, start_took: PATIENCE };
        let client = Client::new();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = running.child.try_wait()? {
                return Err(format!("the server ended, {status}: {}", tail(log)).into());
            }
            let answer = client.get(running.url(ready)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                running.start_took = begin.elapsed();
                return Ok(running);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err(format!("the server is not ready after {PATIENCE:?}: {}", tail(log)).into())
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks the server to stop and waits until it did.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        // The shell has its own `kill`, which a bare system need not have.
        Command::new("sh").args(["-c", &format!("kill -TERM {}", self.pid())]).status()?;
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { Err(format!("the server ended, {status}").into()) }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Only a process that ended already cannot be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// An address of this machine on which nobody listens yet.
pub(crate) fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// The last words of a server.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")
}

/// Where the folder of this program's build has the release build of the server, after making it.
pub(crate) fn build_server() -> Outcome<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--release", "--locked", "--package", "api"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .status()?;
    if !built.success() {
        return Err("the server does not build".into());
    }
    let own = std::env::current_exe()?;
    let target = own.ancestors().nth(2).ok_or("this program lies in no build folder")?;
    Ok(target.join("release/cthainguyen"))
}
