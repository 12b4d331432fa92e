//! A connection to whichever store is open, and the macro that runs one query text on either.

use diesel::{Connection as _, PgConnection, SqliteConnection, connection::SimpleConnection, r2d2};

use crate::database::DatabaseUrl;

/// A connection to one of the two stores.
pub enum Connection {
    /// The embedded store.
    Sqlite(SqliteConnection),
    /// The shared store.
    Postgres(PgConnection),
}

/// Runs one query text on whichever store is open. The query is type-checked against both.
macro_rules! on {
    ($connection:expr, |$conn:ident| $query:expr) => {
        match $connection {
            $crate::connection::Connection::Sqlite($conn) => $query,
            $crate::connection::Connection::Postgres($conn) => $query,
        }
    };
}
pub(crate) use on;

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    ReadOnly,
    ReadWrite,
}

/// Opens connections, for the pool.
pub(crate) struct Connector {
    url: DatabaseUrl,
    access: Access,
}

impl Connector {
    pub(crate) const fn new(url: DatabaseUrl, access: Access) -> Self {
        Self { url, access }
    }

    /// Opens one connection.
    pub(crate) fn open(&self) -> Result<Connection, r2d2::Error> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())
                    .map_err(r2d2::Error::ConnectionError)?;
                conn.batch_execute(sqlite_pragmas(self.access)).map_err(r2d2::Error::QueryError)?;
                Ok(Connection::Sqlite(conn))
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn =
                    PgConnection::establish(url).map_err(r2d2::Error::ConnectionError)?;
                conn.batch_execute(POSTGRES_SETTINGS).map_err(r2d2::Error::QueryError)?;
                Ok(Connection::Postgres(conn))
            }
        }
    }
}

/// WAL lets readers go on beside the writer; FULL flushes each commit before it is answered. The
/// writer keeps up to 32 MiB of pages, or random ids would have it read them again and again; and it
/// moves what was written from the log into the file every 16 MiB, or the same pages would be moved
/// every few commits. Nothing is mapped into memory: a disk that fails would end the process, where
/// reading tells of it; and each connection's map counts as memory of the process.
const fn sqlite_pragmas(access: Access) -> &'static str {
    match access {
        Access::ReadWrite => {
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000;"
        }
        Access::ReadOnly => {
            "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -4096;"
        }
    }
}

/// A statement that waits longer than this helps nobody who waits for an answer.
const POSTGRES_SETTINGS: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '10s';
     SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s';";

impl r2d2::ManageConnection for Connector {
    type Connection = Connection;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Connection, r2d2::Error> {
        self.open()
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), r2d2::Error> {
        on!(connection, |conn| r2d2::R2D2Connection::ping(conn)).map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        std::thread::panicking() || on!(connection, |conn| r2d2::R2D2Connection::is_broken(conn))
    }
}
