//! Servers as processes of their own: the real binary, to be measured, killed and started again.

use std::{
    env,
    fs::{self, File},
    io,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::Client;

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_mins(2);

/// A running server. It is killed, by SIGKILL, when it is dropped.
pub struct Process {
    child: Child,
    address: SocketAddr,
    /// From its start to its first good answer.
    pub start_took: Duration,
}

impl Process {
    /// Starts `command`, which will listen on `address`, and waits until `GET ready` succeeds.
    /// What the server says goes to the file `log`.
    ///
    /// # Errors
    /// When it does not come up; with its last words.
    pub async fn start(
        mut command: Command,
        address: SocketAddr,
        ready: &str,
        log: &Path,
    ) -> io::Result<Self> {
        let output = File::create(log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let begin = Instant::now();
        let child = command.spawn()?;
        let mut process = Self { child, address, start_took: PATIENCE };
        let client = Client::new();
        while begin.elapsed() < PATIENCE {
            if let Some(status) = process.child.try_wait()? {
                let failure = format!("the server ended, {status}:\n{}", last_words(log));
                return Err(io::Error::other(failure));
            }
            let answer = client.get(process.url(ready)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                process.start_took = begin.elapsed();
                return Ok(process);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err(io::Error::other(format!("the server does not get ready:\n{}", last_words(log))))
    }

    /// Lets this server write no file beyond `bytes` from now on, as if the disk were full;
    /// `unlimited` lets it again.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn limit_files(&self, bytes: &str) -> io::Result<()> {
        let (pid, limit) = (self.pid().to_string(), format!("--fsize={bytes}:"));
        let limited = Command::new("prlimit").args(["--pid", &pid, &limit]).status()?;
        if limited.success() { Ok(()) } else { Err(io::Error::other("prlimit failed")) }
    }

    /// Starts the server at `binary` with demo people, without rate limits, and with `variables`
    /// in its environment. Its files lie in `folder`, where it finds them the next time.
    ///
    /// # Errors
    /// When it does not come up; with its last words.
    pub async fn serve(
        binary: &Path,
        address: SocketAddr,
        folder: &Path,
        variables: &[(&str, &str)],
    ) -> io::Result<Self> {
        let mut command = command(binary, folder, variables);
        command.args(["serve", "--demo"]).env("CTN_LISTEN", address.to_string());
        Self::start(command, address, "/readyz", &folder.join("server.log")).await
    }

    /// The URL of `path` on this server.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Starts the server as [`Process::serve`] does, on a disk of its own with room for so many
    /// `mib`, and says where that disk lies. Nobody else sees it, and it goes with the server. `None`
    /// where the system lets us make none.
    ///
    /// # Errors
    /// When the server does not come up; with its last words.
    pub async fn serve_on_small_disk(
        binary: &Path,
        address: SocketAddr,
        folder: &Path,
        mib: u32,
    ) -> io::Result<Option<(Self, PathBuf)>> {
        let own_disk = |then: &str| {
            let disk = folder.join("disk");
            let mount = format!("mount -t tmpfs -o size={mib}m none \"$0\" && {then}");
            let mut command = Command::new("unshare");
            command.args(["--mount", "sh", "-c", &mount]).arg(disk);
            command
        };
        fs::create_dir_all(folder.join("disk"))?;
        let possible = own_disk("true").stderr(Stdio::null()).status();
        if !possible.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        let mut command = own_disk("exec \"$@\"");
        let disk = folder.join("disk");
        let listen = address.to_string();
        let variables = [("CTN_LISTEN", listen.as_str()), ("CTN_RESERVE_MIB", "8")];
        let served = self::command(binary, &disk, &variables);
        command.arg(served.get_program()).args(served.get_args()).args(["serve", "--demo"]);
        for (name, value) in served.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let log = folder.join("server.log");
        let process = Self::start(command, address, "/readyz", &log).await?;
        let root = PathBuf::from(format!("/proc/{}/root", process.pid()));
        let disk = root.join(disk.strip_prefix("/").unwrap_or(&disk));
        Ok(Some((process, disk)))
    }

    /// Where this server listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The process's number.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The memory that it has in use, in MiB, as Linux counts it.
    ///
    /// # Errors
    /// When Linux does not say.
    pub fn resident_mib(&self) -> io::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|rest| rest.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        kib.map(|kib| kib / 1024.0).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Asks the server to stop, and waits until it did.
    ///
    /// # Errors
    /// When it ends otherwise than it should.
    pub fn stop(mut self) -> io::Result<()> {
        // The shell has a `kill` of its own; a bare system need not have the program.
        Command::new("sh").args(["-c", &format!("kill -TERM {}", self.pid())]).status()?;
        let status = self.child.wait()?;
        if status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("the server ended, {status}")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Only a process that ended already cannot be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The program at `binary`, working in `folder` without rate limits, and with `variables` in its
/// environment.
#[must_use]
pub fn command(binary: &Path, folder: &Path, variables: &[(&str, &str)]) -> Command {
    // A write beyond a limit of the shell's shall fail, and not end the server.
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(binary)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env("CTN_VAR", folder)
        .env("CTN_LIMITS", "off")
        .env("CTN_RESERVE_MIB", "1")
        .envs(variables.iter().copied());
    command
}

/// An address of this machine on which nobody listens.
///
/// # Errors
/// When there is none.
pub fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

/// How the server is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// As tests are built.
    Dev,
    /// As it is delivered.
    Release,
}

impl Build {
    /// Builds the server, so that it is never a stale one, and says where it is.
    ///
    /// # Errors
    /// When it does not build.
    pub fn server(self) -> io::Result<PathBuf> {
        // A build of other packages would want their crates with other features, and so anew.
        let (arguments, folder) = match self {
            Self::Dev => (["--workspace"].as_slice(), "debug"),
            Self::Release => {
                (["--package", "api", "--package", "tests", "--release"].as_slice(), "release")
            }
        };
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["build", "--quiet", "--locked", "--bin", "cthainguyen"]).args(arguments);
        command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        if !command.status()?.success() {
            return Err(io::Error::other("the server does not build"));
        }
        // This program lies in the same folder of builds: <target>/<profile>, or its `deps`.
        let own = env::current_exe()?;
        let mut folders = own.ancestors().skip(1).filter(|path| !path.ends_with("deps"));
        let target = folders.nth(1).ok_or(io::ErrorKind::NotFound)?;
        Ok(target.join(folder).join("cthainguyen"))
    }
}

/// The last lines of a server's log.
fn last_words(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")
}
