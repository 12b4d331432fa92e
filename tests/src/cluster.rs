//! A private PostgreSQL server: made in a temporary folder, gone when the process ends.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Write},
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query, sql_types::Bool,
};

/// The user and group `nobody`, to whom root hands the server: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

/// Whether what the server commits must survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Every commit reaches the disk, as in production.
    Flushed,
    /// Commits stay in memory: faster, for tests.
    Volatile,
}

/// A private PostgreSQL server. It listens on a Unix socket in its own folder only, so any number
/// of them can run side by side. A shell watches over it and stops it when this value is dropped
/// or the process ends, even by SIGKILL; so it may live in a static.
pub struct Cluster {
    home: PathBuf,
    shell: Mutex<Child>,
}

impl Cluster {
    /// Makes and starts a server.
    ///
    /// # Errors
    /// When the server programs are missing or the server does not come up; the text says why.
    pub fn start(durability: Durability) -> io::Result<Self> {
        Self::start_after(durability, None)
    }

    /// Makes and starts a hot standby of this server. From then on whatever this one commits is
    /// answered only after it is flushed there too.
    ///
    /// # Errors
    /// When it does not come up, or does not follow.
    pub fn synchronous_standby(&self) -> io::Result<Self> {
        let standby = Self::start_after(Durability::Flushed, Some(&self.home))?;
        self.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")?;
        self.execute("SELECT pg_reload_conf()")?;
        for _ in 0..300 {
            if self.is_followed()? {
                return Ok(standby);
            }
            thread::sleep(Duration::from_millis(100));
        }
        Err(io::Error::other("the standby does not follow"))
    }

    fn is_followed(&self) -> io::Result<bool> {
        #[derive(QueryableByName)]
        struct Followed {
            #[diesel(sql_type = Bool)]
            followed: bool,
        }
        let query = "SELECT count(*) > 0 AS followed FROM pg_stat_replication \
                     WHERE application_name = 'standby' AND sync_state = 'sync'";
        let mut connection = self.connect()?;
        let answer = sql_query(query).get_result::<Followed>(&mut connection);
        answer.map(|answer| answer.followed).map_err(io::Error::other)
    }

    fn start_after(durability: Durability, primary: Option<&Path>) -> io::Result<Self> {
        let programs = programs()?;
        let home = tempfile::Builder::new().prefix("cluster-").tempdir()?;
        let as_root = home.path().metadata()?.uid() == 0;
        let mut command = Command::new("sh");
        command
            .args(["-c", include_str!("cluster.sh"), "cluster"])
            .args([programs.as_path(), home.path()])
            .arg(settings(home.path(), durability))
            .args(primary)
            .current_dir("/")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0);
        if as_root {
            chown(home.path(), Some(NOBODY), Some(NOBODY))?;
            command.uid(NOBODY).gid(NOBODY);
        }
        let mut shell = command.spawn()?;
        let home = home.keep();
        await_ready(&mut shell, &home)?;
        Ok(Self { home, shell: Mutex::new(shell) })
    }

    /// The URL of `database` on this server.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=postgres", self.home.display())
    }

    /// The folder of the server's socket, as libpq's tools take it for a host.
    #[must_use]
    pub fn socket_folder(&self) -> &Path {
        &self.home
    }

    /// Makes an empty database.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn create_database(&self, name: &str) -> io::Result<()> {
        self.execute(&format!("CREATE DATABASE \"{name}\""))
    }

    /// Makes a database as a copy of `template`, to which nobody may be connected.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn create_from_template(&self, name: &str, template: &str) -> io::Result<()> {
        self.execute(&format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\""))
    }

    /// Removes a database, whoever is still connected to it.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn drop_database(&self, name: &str) -> io::Result<()> {
        self.execute(&format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"))
    }

    /// Stops the server as an operator would: open work is rolled back.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn stop(&self) -> io::Result<()> {
        self.order("stop")
    }

    /// Stops the server as a power cut would, without a word to its clients.
    ///
    /// # Errors
    /// When it does not stop.
    pub fn crash(&self) -> io::Result<()> {
        self.order("crash")
    }

    /// Starts the stopped server again.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start_again(&self) -> io::Result<()> {
        self.order("start")
    }

    /// Lets a standby become the primary.
    ///
    /// # Errors
    /// When it does not.
    pub fn promote(&self) -> io::Result<()> {
        self.order("promote")
    }

    /// The URL of `database` on whichever of both servers takes writes: as libpq has it, a client
    /// that lost its connection tries one after the other.
    #[must_use]
    pub fn url_with(&self, standby: &Self, database: &str) -> String {
        let (first, second) = (self.home.display(), standby.home.display());
        format!(
            "postgres:///{database}?host={first},{second}&user=postgres\
             &target_session_attrs=read-write&connect_timeout=2"
        )
    }

    fn order(&self, order: &str) -> io::Result<()> {
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(orders) = &mut shell.stdin {
            writeln!(orders, "{order}")?;
        }
        await_ready(&mut shell, &self.home)
    }

    fn execute(&self, statement: &str) -> io::Result<()> {
        let mut connection = self.connect()?;
        sql_query(statement).execute(&mut connection).map_err(io::Error::other)?;
        Ok(())
    }

    fn connect(&self) -> io::Result<PgConnection> {
        PgConnection::establish(&self.url("postgres")).map_err(io::Error::other)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Waiting closes the pipe first, which is the shell's sign to clear up and go.
        let shell = self.shell.get_mut().unwrap_or_else(PoisonError::into_inner);
        shell.wait().ok();
        fs::remove_dir(&self.home).ok();
    }
}

/// Waits until the shell says that the server did as ordered.
fn await_ready(shell: &mut Child, home: &Path) -> io::Result<()> {
    let mut answer = String::new();
    if let Some(answers) = &mut shell.stdout {
        BufReader::new(answers).read_line(&mut answer)?;
    }
    if answer == "ready\n" {
        return Ok(());
    }
    let log = fs::read_to_string(home.join("log")).unwrap_or(answer);
    Err(io::Error::other(format!("the PostgreSQL server failed:\n{log}")))
}

/// What the server is started with, beside its defaults.
fn settings(socket_folder: &Path, durability: Durability) -> String {
    let mut settings = format!(
        "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=200 \
         -c shared_buffers=128MB -c timezone=UTC",
        socket_folder.display()
    );
    if durability == Durability::Volatile {
        settings += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off";
    }
    settings
}

/// The folder of the server programs: what `pg_config` says, else the newest that Debian
/// installed, else wherever the search path has them.
///
/// # Errors
/// When there are none.
pub fn programs() -> io::Result<PathBuf> {
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.and_then(|output| String::from_utf8(output.stdout).ok());
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    installed.sort();
    let searched = env::var_os("PATH").unwrap_or_default();
    configured
        .map(|folder| PathBuf::from(folder.trim()))
        .into_iter()
        .chain(installed.into_iter().rev())
        .chain(env::split_paths(&searched))
        .find(|folder| folder.join("initdb").exists() && folder.join("pg_ctl").exists())
        .ok_or_else(|| {
            io::Error::other(
                "no PostgreSQL server programs: install the Debian package `postgresql`",
            )
        })
}

#[cfg(test)]
mod tests {
    use diesel::{QueryableByName, sql_types::Integer};

    use super::*;

    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Integer)]
        answer: i32,
    }

    fn ask(cluster: &Cluster, database: &str) -> i32 {
        let mut connection = PgConnection::establish(&cluster.url(database)).unwrap();
        sql_query("SELECT answer FROM question")
            .get_result::<Answer>(&mut connection)
            .unwrap()
            .answer
    }

    #[test]
    fn a_cluster_copies_databases_survives_a_crash_and_leaves_nothing_behind() {
        let cluster = Cluster::start(Durability::Flushed).unwrap();
        cluster.create_database("template").unwrap();
        let mut template = PgConnection::establish(&cluster.url("template")).unwrap();
        sql_query("CREATE TABLE question AS SELECT 42 AS answer").execute(&mut template).unwrap();
        drop(template);

        cluster.create_from_template("copy", "template").unwrap();
        cluster.crash().unwrap();
        assert!(cluster.create_database("while-down").is_err());
        cluster.start_again().unwrap();
        assert_eq!(ask(&cluster, "copy"), 42);
        cluster.drop_database("copy").unwrap();

        let folder = cluster.socket_folder().to_owned();
        drop(cluster);
        assert!(!folder.exists());
    }
}
