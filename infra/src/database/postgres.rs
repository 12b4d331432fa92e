//! The shared store: a pool of PostgreSQL connections, one transaction per unit of work; and beside
//! it the one connection of those who write together.

use std::sync::Arc;

use diesel::{
    connection::{AnsiTransactionManager, TransactionManager},
    r2d2::Pool,
    result::Error,
};
use domain::StoreError;
use tokio::sync::Semaphore;

use super::{
    DatabaseOptions, OpenError, Transaction, Wake, equipment::Equipment, permit, store_error,
    together::Together, unit::guarded,
};
use crate::connection::{Access, Connection, Connector};

pub(super) struct PostgresStore {
    pool: Pool<Connector>,
    permits: Semaphore,
    together: Together,
    wake: Arc<Wake>,
    equipment: Arc<Equipment>,
}

/// How a unit of work is set off from others.
#[derive(Clone, Copy)]
pub(super) enum Bracket {
    None,
    ReadSnapshot,
    ReadWrite,
}

impl PostgresStore {
    pub(super) fn open(
        options: &DatabaseOptions,
        wake: &Arc<Wake>,
        equipment: &Arc<Equipment>,
    ) -> Result<Self, OpenError> {
        let connector = Connector::new(options.url.clone(), Access::ReadWrite);
        let pool = Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(options.connections.min(2)))
            .test_on_check_out(false)
            .connection_timeout(super::PATIENCE)
            .build(connector)
            .map_err(|error| OpenError::from_reason(&options.url, &error.to_string()))?;
        let permits = Semaphore::new(usize::try_from(options.connections).unwrap_or(1));
        let together = Together::start(&options.url, wake, equipment)?;
        Ok(Self {
            pool,
            permits,
            together,
            wake: Arc::clone(wake),
            equipment: Arc::clone(equipment),
        })
    }

    pub(super) async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(Bracket::None, work).await
    }

    pub(super) async fn snapshot<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(Bracket::ReadSnapshot, work).await
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(Bracket::ReadWrite, work).await
    }

    pub(super) async fn write_together<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.together.write(work).await
    }

    async fn run<T, E, F>(&self, bracket: Bracket, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let _permit = permit(&self.permits).await?;
        let pool = self.pool.clone();
        let (wake, equipment) = (Arc::clone(&self.wake), Arc::clone(&self.equipment));
        tokio::task::spawn_blocking(move || {
            let mut connection =
                pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
            bracketed(&mut connection, bracket, work, (&wake, &equipment))
        })
        .await
        .map_err(|failure| StoreError::Failed(failure.to_string()))?
    }
}

/// Runs `work` between the statements of `bracket`, and wakes whoever its effects concern.
fn bracketed<T, E: From<StoreError>>(
    connection: &mut Connection,
    bracket: Bracket,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    (wake, equipment): (&Wake, &Equipment),
) -> Result<T, E> {
    begin(connection, bracket).map_err(store_error)?;
    let mut tx = Transaction::on(connection, equipment);
    let outcome = guarded(work, &mut tx);
    let effects = tx.effects;
    match &outcome {
        Ok(_) => {
            commit(connection, bracket).map_err(store_error)?;
            wake.after(effects);
        }
        Err(_) => roll_back(connection, bracket),
    }
    outcome
}

pub(super) fn begin(connection: &mut Connection, bracket: Bracket) -> Result<(), Error> {
    let Connection::Postgres(conn) = connection else { return Ok(()) };
    match bracket {
        Bracket::None => Ok(()),
        Bracket::ReadWrite => AnsiTransactionManager::begin_transaction(conn),
        Bracket::ReadSnapshot => AnsiTransactionManager::begin_transaction_sql(
            conn,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
    }
}

pub(super) fn commit(connection: &mut Connection, bracket: Bracket) -> Result<(), Error> {
    match (connection, bracket) {
        (_, Bracket::None) | (Connection::Sqlite(_), _) => Ok(()),
        (Connection::Postgres(conn), _) => AnsiTransactionManager::commit_transaction(conn),
    }
}

/// A connection that cannot even roll back is broken; the pool sees that and drops it.
pub(super) fn roll_back(connection: &mut Connection, bracket: Bracket) {
    if let (Connection::Postgres(conn), Bracket::ReadSnapshot | Bracket::ReadWrite) =
        (connection, bracket)
        && let Err(error) = AnsiTransactionManager::rollback_transaction(conn)
    {
        tracing::warn!(%error, "a connection could not roll back");
    }
}
