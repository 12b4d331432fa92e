//! The store: one value that runs units of work on SQLite or on PostgreSQL.
//!
//! A unit of work is a closure over a [`Transaction`]. It takes an async permit, hops once to a
//! blocking thread, and cannot await, so that no network call ever sits in a transaction.

mod equipment;
mod error;
mod migrate;
mod postgres;
mod sqlite;
mod together;
mod transaction;
mod unit;
mod url;
mod writer;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use domain::{StoreError, emergency::StandingOrders};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

pub use error::{OpenError, is_full, store_error};
pub use migrate::{MigrationReport, migrate, revert_all};
pub use transaction::Transaction;
pub use url::{DatabaseUrl, InvalidDatabaseUrl};

use crate::{connection::Connection, event::Signal, feedback::Restock, vault::Vault};
pub(crate) use equipment::Equipment;
use postgres::PostgresStore;
use sqlite::SqliteStore;

/// How long a unit of work waits for its turn before the caller is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// How to open a store.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    /// Which store, and where.
    pub url: DatabaseUrl,
    /// How many connections to keep at most.
    pub connections: u32,
}

/// The open store. Cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    url: DatabaseUrl,
    store: Store,
    wake: Arc<Wake>,
    equipment: Arc<Equipment>,
}

enum Store {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// Who has to look after a commit.
#[derive(Default)]
pub(crate) struct Wake {
    /// Events were committed.
    pub(crate) events: Signal,
    /// Messages were put into the outbox.
    pub(crate) outbox: Notify,
    /// What strangers see of some reports changed.
    pub(crate) shown: Restock,
}

impl Wake {
    /// Wakes whoever has to look after a transaction that was committed.
    pub(crate) fn after(&self, effects: transaction::Effects) {
        if effects.events {
            self.events.raise();
        }
        if effects.outbox {
            self.outbox.notify_one();
        }
        self.shown.add(effects.shown);
    }
}

impl Database {
    /// Opens the store and brings its schema up to date.
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong and what to do about it.
    pub async fn open(options: &DatabaseOptions) -> Result<Self, OpenError> {
        let options = options.clone();
        tokio::task::spawn_blocking(move || {
            migrate(&options.url)?;
            let wake = Arc::new(Wake::default());
            let equipment = Equipment::shared();
            let store = match &options.url {
                DatabaseUrl::Sqlite(_) => {
                    Store::Sqlite(SqliteStore::open(&options, &wake, &equipment)?)
                }
                DatabaseUrl::Postgres(_) => {
                    Store::Postgres(PostgresStore::open(&options, &wake, &equipment)?)
                }
            };
            Ok(Self(Arc::new(Inner { url: options.url, store, wake, equipment })))
        })
        .await
        .map_err(|failure| OpenError::Failed(failure.to_string()))?
    }

    /// Reads. Each query sees at least what was committed when the reading began.
    ///
    /// # Errors
    /// What `work` answers, or a [`StoreError`] when the store cannot take it.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.store {
            Store::Sqlite(store) => store.read(work).await,
            Store::Postgres(store) => store.read(work).await,
        }
    }

    /// Reads several things as they stood at one instant.
    ///
    /// # Errors
    /// What `work` answers, or a [`StoreError`] when the store cannot take it.
    pub async fn snapshot<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.store {
            Store::Sqlite(store) => store.read(work).await,
            Store::Postgres(store) => store.snapshot(work).await,
        }
    }

    /// Writes: `work` is one transaction. An `Ok` is committed and flushed when it is returned; an
    /// `Err` left nothing behind.
    ///
    /// # Errors
    /// What `work` answers, or a [`StoreError`] when the store cannot take or commit it.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.store {
            Store::Sqlite(store) => store.write(work).await,
            Store::Postgres(store) => store.write(work).await,
        }
    }

    /// Writes as [`Database::write`] does, in one transaction with others who come at the same
    /// time. One that fails or panics fails alone. `work` may be done again, even after it was
    /// committed: the second time it has to find that it was done.
    ///
    /// # Errors
    /// What `work` answers, or a [`StoreError`] when the store cannot take or commit it.
    pub async fn write_together<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.store {
            Store::Sqlite(store) => store.write_together(work).await,
            Store::Postgres(store) => store.write_together(work).await,
        }
    }

    /// Writes as [`Database::write_together`] does, in a line beside that of emergencies: what is
    /// not urgent never stands in their way.
    ///
    /// # Errors
    /// What `work` answers, or a [`StoreError`] when the store cannot take or commit it.
    pub async fn write_gathered<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.store {
            Store::Sqlite(store) => store.write_together(work).await,
            Store::Postgres(store) => store.write_gathered(work).await,
        }
    }

    /// Which store this is.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    pub(crate) fn wake(&self) -> &Wake {
        &self.0.wake
    }

    /// Reads the keys of the vault anew, in case another process changed them.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub async fn learn_keys(&self) -> Result<(), StoreError> {
        let equipment = Arc::clone(&self.0.equipment);
        tokio::task::spawn_blocking(move || equipment.vault.get().map_or(Ok(()), Vault::learn))
            .await
            .map_err(|failure| StoreError::Failed(failure.to_string()))?
    }

    /// Where the vault is, once the keys of the service were opened.
    pub(crate) fn vault(&self) -> &OnceLock<Vault> {
        &self.0.equipment.vault
    }

    /// What every unit of work has at hand.
    pub(crate) fn equipment(&self) -> &Equipment {
        &self.0.equipment
    }

    /// From now on `orders` tells who answers for which calls, and how long one may wait. Whoever
    /// said so first is believed.
    pub fn give_orders(&self, orders: impl Fn() -> StandingOrders + Send + Sync + 'static) {
        if self.0.equipment.orders.set(Box::new(orders)).is_err() {
            tracing::warn!("there are standing orders already");
        }
    }

    /// Opens a connection of its own, outside the pool, for a thread that follows the event log.
    pub(crate) fn connect(&self) -> Result<Connection, StoreError> {
        use crate::connection::{Access, Connector};
        Connector::new(self.0.url.clone(), Access::ReadWrite)
            .open()
            .map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}

/// Waits for a place among those who may use the store at once.
async fn permit(permits: &Semaphore) -> Result<SemaphorePermit<'_>, StoreError> {
    match tokio::time::timeout(PATIENCE, permits.acquire()).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) => Err(StoreError::Unavailable("the store is closed".to_owned())),
        Err(_) => {
            metrics::counter!("store_permit_timeouts_total").increment(1);
            Err(StoreError::Unavailable("all connections are busy".to_owned()))
        }
    }
}
