//! What can go wrong with a store, in the words of whoever has to act on it.

use diesel::{
    ConnectionError, r2d2,
    result::{DatabaseErrorKind, Error},
};
use domain::StoreError;

use super::DatabaseUrl;

/// Why a store could not be opened, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nothing answers at the address.
    #[error("{url}: nothing answers there. Start the server or correct host and port ({reason})")]
    Refused {
        /// The address.
        url: String,
        /// What the driver said.
        reason: String,
    },
    /// The server does not accept user or password.
    #[error("{url}: user or password is wrong. Correct DATABASE_URL ({reason})")]
    Denied {
        /// The address.
        url: String,
        /// What the driver said.
        reason: String,
    },
    /// The server has no such database.
    #[error("{url}: there is no such database. Create it with createdb ({reason})")]
    Missing {
        /// The address.
        url: String,
        /// What the driver said.
        reason: String,
    },
    /// The file or its folder cannot be written.
    #[error(
        "{url}: the file or its folder cannot be written. Correct owner, rights or mount ({reason})"
    )]
    ReadOnly {
        /// The address.
        url: String,
        /// What the driver said.
        reason: String,
    },
    /// The file is something else, or damaged.
    #[error(
        "{url}: this is not a database of this service. Move it away or restore a backup ({reason})"
    )]
    NotADatabase {
        /// The address.
        url: String,
        /// What the driver said.
        reason: String,
    },
    /// A newer version of the program has used the store.
    #[error(
        "{url}: the schema is newer than this program (it holds migration {version}). \
         Start the newer program, or restore the backup taken before it was installed"
    )]
    NewerSchema {
        /// The address.
        url: String,
        /// The first migration this program does not know.
        version: String,
    },
    /// A migration could not be applied.
    #[error("{url}: the schema could not be brought up to date: {reason}")]
    Migration {
        /// The address.
        url: String,
        /// What the driver said.
        reason: String,
    },
    /// Something else.
    #[error("the store could not be opened: {0}")]
    Failed(String),
}

impl OpenError {
    /// The error for `failure`, met while opening `url`.
    pub(super) fn from_driver(url: &DatabaseUrl, failure: &r2d2::Error) -> Self {
        let reason = match failure {
            r2d2::Error::ConnectionError(ConnectionError::BadConnection(reason)) => reason.clone(),
            other => other.to_string(),
        };
        Self::from_reason(url, &reason)
    }

    pub(super) fn from_reason(url: &DatabaseUrl, reason: &str) -> Self {
        let reason = reason.trim().replace('\n', " ");
        let url = url.to_string();
        let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
        if says(&[
            "password authentication failed",
            "no password supplied",
            "role \"",
            "pg_hba.conf",
        ]) {
            Self::Denied { url, reason }
        } else if says(&["does not exist"]) {
            Self::Missing { url, reason }
        } else if says(&["not a database", "malformed"]) {
            Self::NotADatabase { url, reason }
        } else if says(&["readonly", "read-only", "unable to open database file", "Unable to open"])
        {
            Self::ReadOnly { url, reason }
        } else if says(&[
            "refused",
            "could not translate",
            "timeout",
            "timed out",
            "No such file",
            "could not connect",
            "connection to server",
        ]) {
            Self::Refused { url, reason }
        } else {
            Self::Failed(format!("{url}: {reason}"))
        }
    }
}

/// A failed query, as the ports tell it.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
pub fn store_error(error: Error) -> StoreError {
    match &error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => StoreError::Duplicate,
        Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::ReadOnlyTransaction,
            _,
        )
        | Error::BrokenTransactionManager => StoreError::Unavailable(error.to_string()),
        Error::DatabaseError(DatabaseErrorKind::Unknown, told) if is_passing(told.message()) => {
            StoreError::Unavailable(told.message().to_owned())
        }
        _ => StoreError::Failed(error.to_string()),
    }
}

/// Whether there was no room on this machine's disk.
#[must_use]
pub fn is_full(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(reason) if reason.contains("disk is full"))
}

/// Whether trying again later may help. The drivers tell these apart by their words alone.
fn is_passing(message: &str) -> bool {
    [
        "locked",
        "disk is full",
        "disk I/O error",
        "readonly database",
        "timeout",
        "server closed the connection",
        "no connection to the server",
        "terminating connection",
        "shutting down",
        "starting up",
        "deadlock detected",
        "No space left",
    ]
    .iter()
    .any(|words| message.contains(words))
}
