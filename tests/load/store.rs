//! The store under the server, and how fast it takes single rows from nobody but itself.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use diesel::{
    Connection as _, ExpressionMethods as _, PgConnection, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _, insert_into,
};
use tests::cluster::{Cluster, Durability, programs};

use crate::{Outcome, cpu};

/// The rows of the single inserts: about as long as an emergency's.
const NOTE: &str = "Người già ngã ở nhà, tỉnh nhưng không đứng dậy được; 0912345678; 21.59, 105.84";

diesel::table! {
    single_row (id) {
        id -> BigInt,
        note -> Text,
    }
}

/// Where the server under measurement keeps its data.
pub(crate) enum Store {
    /// A file of its own, in the folder of the measurement.
    Embedded,
    /// A PostgreSQL server, private to the measurement or not.
    Postgres { url: String, postmaster: u32, private: Option<Cluster> },
}

impl Store {
    /// A private PostgreSQL server that flushes what it commits.
    pub(crate) fn private_cluster() -> Outcome<Self> {
        let cluster = Cluster::start(Durability::Flushed)?;
        cluster.create_database("load")?;
        let url = cluster.url("load");
        Ok(Self::Postgres { postmaster: cpu::postmaster(&url)?, url, private: Some(cluster) })
    }

    /// The PostgreSQL server at `url`, which must run on this machine to be measured.
    pub(crate) fn at(url: &str) -> Outcome<Self> {
        Ok(Self::Postgres { postmaster: cpu::postmaster(url)?, url: url.to_owned(), private: None })
    }

    /// A store of its own beside this one, for the part `name` of the bench: another file where its
    /// folder is another one, another database where the server is private to the measurement.
    pub(crate) fn apart(&self, name: &str) -> Outcome<Self> {
        Ok(match self {
            Self::Embedded => Self::Embedded,
            Self::Postgres { postmaster, private: Some(cluster), .. } => {
                cluster.create_database(name)?;
                Self::Postgres { url: cluster.url(name), postmaster: *postmaster, private: None }
            }
            Self::Postgres { postmaster, url, private: None } => {
                Self::Postgres { url: url.clone(), postmaster: *postmaster, private: None }
            }
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Embedded => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }

    /// The processor time that the store has used outside the server's own process.
    pub(crate) fn spent(&self) -> Duration {
        match self {
            Self::Embedded => Duration::ZERO,
            Self::Postgres { postmaster, .. } => cpu::spent_by_family(*postmaster),
        }
    }

    /// How many single rows the store commits and flushes in a second: on SQLite one after the
    /// other, on PostgreSQL from `clients` of pgbench at once.
    pub(crate) fn single_rows(
        &self,
        clients: u32,
        length: Duration,
        folder: &Path,
    ) -> Outcome<f64> {
        match self {
            Self::Embedded => sequential_inserts(length, &folder.join("single-rows.db")),
            Self::Postgres { url, .. } => pgbench(url, clients, length, folder),
        }
    }
}

fn sequential_inserts(length: Duration, file: &Path) -> Outcome<f64> {
    let mut connection = SqliteConnection::establish(&file.display().to_string())?;
    connection.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE IF NOT EXISTS single_row (id INTEGER PRIMARY KEY, note TEXT NOT NULL)",
    )?;
    let (begin, mut inserted) = (Instant::now(), 0_u32);
    while begin.elapsed() < length {
        insert_into(single_row::table)
            .values(single_row::note.eq(NOTE))
            .execute(&mut connection)?;
        inserted += 1;
    }
    Ok(f64::from(inserted) / begin.elapsed().as_secs_f64())
}

fn pgbench(url: &str, clients: u32, length: Duration, folder: &Path) -> Outcome<f64> {
    PgConnection::establish(url)?.batch_execute(
        "CREATE TABLE IF NOT EXISTS single_row (id bigserial PRIMARY KEY, note text NOT NULL)",
    )?;
    let script = folder.join("single-row.sql");
    fs::write(&script, format!("INSERT INTO single_row (note) VALUES ('{NOTE}');\n"))?;
    let output = Command::new(programs()?.join("pgbench"))
        .args(["--no-vacuum", "--client", &clients.to_string()])
        .args(["--time", &length.as_secs().to_string()])
        .arg("--file")
        .args([script.as_os_str(), url.as_ref()])
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = rate.and_then(|rest| rest.split(' ').next());
    let complaint = String::from_utf8_lossy(&output.stderr);
    Ok(rate.ok_or_else(|| format!("pgbench said no rate: {complaint}"))?.parse()?)
}
