//! The embedded store: one writer thread, and a pool of read-only connections beside it.

use std::sync::{Arc, mpsc};

use diesel::{
    connection::{AnsiTransactionManager, TransactionManager},
    r2d2::Pool,
    result::Error,
};
use domain::StoreError;
use tokio::sync::{Semaphore, oneshot};

use super::{
    DatabaseOptions, OpenError, Transaction, Wake,
    equipment::Equipment,
    permit, store_error,
    unit::{Unit, Work, guarded, once},
    writer,
};
use crate::connection::{Access, Connection, Connector};

/// How many units of work may wait for the writer; whoever comes later waits outside.
const QUEUE: usize = 1024;

pub(super) struct SqliteStore {
    readers: Pool<Connector>,
    reading: Semaphore,
    writer: mpsc::Sender<Box<dyn Unit>>,
    writing: Semaphore,
    equipment: Arc<Equipment>,
}

impl SqliteStore {
    pub(super) fn open(
        options: &DatabaseOptions,
        wake: &Arc<Wake>,
        equipment: &Arc<Equipment>,
    ) -> Result<Self, OpenError> {
        let writer = writer::start(options.url.clone(), Arc::clone(wake), Arc::clone(equipment))
            .map_err(|error| OpenError::from_driver(&options.url, &error))?;
        let readers = Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(super::PATIENCE)
            .build(Connector::new(options.url.clone(), Access::ReadOnly))
            .map_err(|error| OpenError::from_reason(&options.url, &error.to_string()))?;
        Ok(Self {
            readers,
            reading: Semaphore::new(usize::try_from(options.connections).unwrap_or(1)),
            writer,
            writing: Semaphore::new(QUEUE),
            equipment: Arc::clone(equipment),
        })
    }

    /// Reads in one transaction, as a snapshot does: the locks are taken once, not for each query.
    pub(super) async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let _permit = permit(&self.reading).await?;
        let (readers, equipment) = (self.readers.clone(), Arc::clone(&self.equipment));
        tokio::task::spawn_blocking(move || {
            let mut connection =
                readers.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
            let tx = &mut Transaction::on(&mut connection, &equipment);
            hold_still(tx.connection()).map_err(store_error)?;
            let outcome = guarded(work, tx);
            let_go(tx.connection()).map_err(store_error)?;
            outcome
        })
        .await
        .map_err(|failure| StoreError::Failed(failure.to_string()))?
    }

    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (unit, answer) = once(work);
        self.queue(Box::new(unit), answer).await
    }

    pub(super) async fn write_together<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (unit, answer) = Work::repeatable(work);
        self.queue(Box::new(unit), answer).await
    }

    async fn queue<T, E: From<StoreError>>(
        &self,
        unit: Box<dyn Unit>,
        answer: oneshot::Receiver<Result<T, E>>,
    ) -> Result<T, E> {
        let _permit = permit(&self.writing).await?;
        let closed = || StoreError::Unavailable("the writer has stopped".to_owned());
        self.writer.send(unit).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

/// From here on the reader sees the store as it stands now.
fn hold_still(connection: &mut Connection) -> Result<(), Error> {
    let Connection::Sqlite(conn) = connection else { return Ok(()) };
    AnsiTransactionManager::begin_transaction(conn)
}

fn let_go(connection: &mut Connection) -> Result<(), Error> {
    let Connection::Sqlite(conn) = connection else { return Ok(()) };
    AnsiTransactionManager::rollback_transaction(conn)
}
