//! The one writer of the embedded store, and its group commit.
//!
//! The thread takes the units of work that wait, runs each in a savepoint inside one IMMEDIATE
//! transaction, commits and flushes once, and only then answers them all. A unit that fails is
//! rolled back alone. Where the commit itself fails, nobody's work has happened, everybody is told
//! so, and the connection is opened anew.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use diesel::{
    SqliteConnection,
    connection::{AnsiTransactionManager, TransactionManager},
    r2d2,
    result::Error,
};
use domain::StoreError;

use super::{
    DatabaseUrl, Transaction, Wake, equipment::Equipment, store_error, transaction::Effects,
    unit::Unit,
};
use crate::{
    connection::{Access, Connection, Connector},
};

/// The most units that share one commit.
const MOST: usize = 256;
/// How long a batch may grow: nobody keeps the writer longer than 50 ms.
const GROWTH: Duration = Duration::from_millis(30);
/// How long to wait before the connection is opened again after a failure.
const PAUSE: Duration = Duration::from_millis(200);

/// Opens the writing connection and starts its thread, which ends when the sender is dropped.
pub(super) fn start(
    url: DatabaseUrl,
    wake: Arc<Wake>,
    equipment: Arc<Equipment>,
) -> Result<mpsc::Sender<Box<dyn Unit>>, r2d2::Error> {
    let connector = Connector::new(url, Access::ReadWrite);
    let connection = connector.open()?;
    let (sender, queue) = mpsc::channel();
    thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || write(&connector, connection, &queue, (&wake, &equipment)))
        .map_err(|error| {
            r2d2::Error::ConnectionError(diesel::ConnectionError::BadConnection(error.to_string()))
        })?;
    Ok(sender)
}

fn write(
    connector: &Connector,
    mut connection: Connection,
    queue: &mpsc::Receiver<Box<dyn Unit>>,
    (wake, equipment): (&Wake, &Equipment),
) {
    while let Ok(first) = queue.recv() {
        let mut batch = Batch::new(equipment);
        let committed = batch.run(&mut connection, first, queue);
        if let Err(error) = &committed {
            tracing::error!(%error, units = batch.units.len(), "a batch could not be committed");
            if let Some(fresh) = reopened(connector) {
                connection = fresh;
            }
        }
        metrics::counter!("store_commits_total").increment(1);
        batch.answer(&committed, wake);
    }
}

/// A new connection in place of one that failed; none while the store stays away.
fn reopened(connector: &Connector) -> Option<Connection> {
    thread::sleep(PAUSE);
    connector
        .open()
        .inspect_err(|error| tracing::error!(%error, "the store could not be opened again"))
        .ok()
}

/// The units that share one commit.
struct Batch<'e> {
    units: Vec<Box<dyn Unit>>,
    effects: Effects,
    equipment: &'e Equipment,
}

impl<'e> Batch<'e> {
    fn new(equipment: &'e Equipment) -> Self {
        Self { units: Vec::new(), effects: Effects::default(), equipment }
    }

    /// Runs `first` and whoever waits behind it, and commits.
    fn run(
        &mut self,
        connection: &mut Connection,
        first: Box<dyn Unit>,
        queue: &mpsc::Receiver<Box<dyn Unit>>,
    ) -> Result<(), StoreError> {
        let outcome = self.try_run(connection, first, queue).map_err(store_error);
        if outcome.is_err() {
            abandon(connection);
        }
        outcome
    }

    fn try_run(
        &mut self,
        connection: &mut Connection,
        first: Box<dyn Unit>,
        queue: &mpsc::Receiver<Box<dyn Unit>>,
    ) -> Result<(), Error> {
        let started = Instant::now();
        if let Err(error) = begin(connection) {
            self.units.push(first);
            return Err(error);
        }
        let mut next = Some(first);
        while let Some(unit) = next {
            self.run_alone(connection, unit)?;
            let grown = self.units.len() >= MOST || started.elapsed() >= GROWTH;
            next = if grown { None } else { queue.try_recv().ok() };
        }
        AnsiTransactionManager::commit_transaction(sqlite(connection)?)
    }

    /// Runs `unit` in a savepoint, so that it can fail without the others.
    fn run_alone(
        &mut self,
        connection: &mut Connection,
        mut unit: Box<dyn Unit>,
    ) -> Result<(), Error> {
        let outcome = in_savepoint(connection, self.equipment, unit.as_mut());
        self.units.push(unit);
        self.effects = self.effects.and(outcome?);
        Ok(())
    }

    fn answer(self, committed: &Result<(), StoreError>, wake: &Wake) {
        for unit in self.units {
            unit.answer(committed.clone());
        }
        if committed.is_ok() {
            wake.after(self.effects);
        }
    }
}

fn in_savepoint(
    connection: &mut Connection,
    equipment: &Equipment,
    unit: &mut dyn Unit,
) -> Result<Effects, Error> {
    AnsiTransactionManager::begin_transaction(sqlite(connection)?)?;
    let mut tx = Transaction::on(connection, equipment);
    let keep = unit.run(&mut tx);
    let effects = tx.effects;
    if keep {
        AnsiTransactionManager::commit_transaction(sqlite(connection)?)?;
        Ok(effects)
    } else {
        AnsiTransactionManager::rollback_transaction(sqlite(connection)?)?;
        Ok(Effects::default())
    }
}

fn begin(connection: &mut Connection) -> Result<(), Error> {
    AnsiTransactionManager::begin_transaction_sql(sqlite(connection)?, "BEGIN IMMEDIATE")
}

/// Leaves whatever transaction is still open; the connection is replaced afterwards.
fn abandon(connection: &mut Connection) {
    let Ok(conn) = sqlite(connection) else { return };
    while AnsiTransactionManager::rollback_transaction(conn).is_ok() {}
}

fn sqlite(connection: &mut Connection) -> Result<&mut SqliteConnection, Error> {
    match connection {
        Connection::Sqlite(conn) => Ok(conn),
        Connection::Postgres(_) => Err(Error::NotInTransaction),
    }
}
