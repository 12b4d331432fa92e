//! Bringing the schema up to date.

use diesel::{RunQueryDsl as _, pg::Pg, sqlite::Sqlite};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::{DatabaseUrl, OpenError};
use crate::connection::{Access, Connection, Connector, on};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Keeps replicas that start together from migrating at once.
const LOCK: i64 = 7_598_263_420_351;

/// What was done to the schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// The migrations that were applied, in order.
    pub applied: Vec<String>,
}

/// Applies what is missing.
///
/// # Errors
/// [`OpenError`] when the store cannot be reached or written, or is newer than this program.
pub fn migrate(url: &DatabaseUrl) -> Result<MigrationReport, OpenError> {
    make_folder(url)?;
    let mut connection = connect(url)?;
    lock(url, &mut connection)?;
    refuse_newer(url, &mut connection)?;
    let applied = match &mut connection {
        Connection::Sqlite(conn) => conn.run_pending_migrations(SQLITE),
        Connection::Postgres(conn) => conn.run_pending_migrations(POSTGRES),
    };
    let applied = applied.map_err(|error| failed(url, error.as_ref()))?;
    Ok(MigrationReport { applied: applied.iter().map(ToString::to_string).collect() })
}

/// Takes everything back, for the test that migrations run up, down and up again.
///
/// # Errors
/// [`OpenError`] when a migration cannot be reverted.
pub fn revert_all(url: &DatabaseUrl) -> Result<(), OpenError> {
    let mut connection = connect(url)?;
    let reverted = match &mut connection {
        Connection::Sqlite(conn) => conn.revert_all_migrations(SQLITE),
        Connection::Postgres(conn) => conn.revert_all_migrations(POSTGRES),
    };
    reverted.map(|_| ()).map_err(|error| failed(url, error.as_ref()))
}

/// The folder of an embedded store is made on first start.
fn make_folder(url: &DatabaseUrl) -> Result<(), OpenError> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(()) };
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    std::fs::create_dir_all(folder)
        .map_err(|error| OpenError::ReadOnly { url: url.to_string(), reason: error.to_string() })
}

fn connect(url: &DatabaseUrl) -> Result<Connection, OpenError> {
    Connector::new(url.clone(), Access::ReadWrite)
        .open()
        .map_err(|error| OpenError::from_driver(url, &error))
}

/// Held until the connection closes. The embedded store locks its file by itself.
fn lock(url: &DatabaseUrl, connection: &mut Connection) -> Result<(), OpenError> {
    let Connection::Postgres(conn) = connection else { return Ok(()) };
    diesel::sql_query("SELECT pg_advisory_lock($1)")
        .bind::<diesel::sql_types::BigInt, _>(LOCK)
        .execute(conn)
        .map(|_| ())
        .map_err(|error| OpenError::from_reason(url, &error.to_string()))
}

fn refuse_newer(url: &DatabaseUrl, connection: &mut Connection) -> Result<(), OpenError> {
    let known = known_versions().map_err(|error| failed(url, error.as_ref()))?;
    let applied = on!(connection, |conn| conn.applied_migrations())
        .map_err(|error| OpenError::from_reason(url, &error.to_string()))?;
    match applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
        Some(version) => Err(OpenError::NewerSchema { url: url.to_string(), version }),
        None => Ok(()),
    }
}

/// Both trees hold the same versions, as a test asserts.
fn known_versions() -> diesel::migration::Result<Vec<String>> {
    let sqlite = diesel::migration::MigrationSource::<Sqlite>::migrations(&SQLITE)?;
    let postgres = diesel::migration::MigrationSource::<Pg>::migrations(&POSTGRES)?;
    let sqlite = sqlite.iter().map(|migration| migration.name().version().to_string());
    let postgres = postgres.iter().map(|migration| migration.name().version().to_string());
    Ok(sqlite.chain(postgres).collect())
}

fn failed(url: &DatabaseUrl, error: &(dyn std::error::Error + Send + Sync)) -> OpenError {
    match OpenError::from_reason(url, &error.to_string()) {
        OpenError::Failed(_) => {
            OpenError::Migration { url: url.to_string(), reason: error.to_string() }
        }
        known => known,
    }
}
