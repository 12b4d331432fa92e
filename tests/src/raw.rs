//! A look past the service, straight into its store.

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection,
    connection::SimpleConnection as _, sql_query, sql_types::Text,
};
use infra::database::DatabaseUrl;

/// The store of a service, as whoever holds its files or its password sees it.
pub enum Raw {
    /// The embedded store, and the file it lies in.
    Sqlite(SqliteConnection, std::path::PathBuf),
    /// The shared store.
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

impl Raw {
    /// Opens the store at `url`.
    #[must_use]
    pub fn open(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(path) => {
                let mut conn =
                    SqliteConnection::establish(&path.to_string_lossy()).expect("the file opens");
                conn.batch_execute("PRAGMA busy_timeout = 5000").expect("a patient connection");
                Self::Sqlite(conn, path.clone())
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::establish(url).expect("the server answers");
                conn.batch_execute("SET bytea_output = 'escape'").expect("readable bytes");
                Self::Postgres(conn)
            }
        }
    }

    /// Runs statements, each as its store wants it.
    pub fn execute(&mut self, sqlite: &str, postgres: &str) {
        match self {
            Self::Sqlite(conn, _) => conn.batch_execute(sqlite).expect("SQL for SQLite"),
            Self::Postgres(conn) => conn.batch_execute(postgres).expect("SQL for PostgreSQL"),
        }
    }

    /// Everything that is stored, as bytes in which ASCII text can be found.
    pub fn everything(&mut self) -> Vec<u8> {
        match self {
            Self::Sqlite(conn, path) => {
                conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)").expect("a checkpoint");
                let log = path.with_extension("db-wal");
                let mut bytes = std::fs::read(path).expect("the file is readable");
                bytes.extend(std::fs::read(log).unwrap_or_default());
                bytes
            }
            Self::Postgres(conn) => {
                let tables = "SELECT quote_ident(tablename) AS line FROM pg_tables
                               WHERE schemaname = 'public' AND tablename <> 'dataset_row'";
                let tables: Vec<Line> = sql_query(tables).load(conn).expect("the tables");
                let rows = tables.iter().flat_map(|Line { line: table }| {
                    let rows = format!("SELECT t::text AS line FROM {table} t");
                    sql_query(rows).load::<Line>(conn).expect("the rows")
                });
                rows.map(|row| row.line).collect::<Vec<_>>().join("\n").into_bytes()
            }
        }
    }
}
