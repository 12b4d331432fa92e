//! The one writer of the embedded store, and its group commit.
//!
//! The thread takes the units of work that wait, runs them in savepoints inside one IMMEDIATE
//! transaction, commits and flushes once, and only then answers them all. A unit that fails is
//! rolled back alone: each has a savepoint of its own, except that those in a row which can be done
//! anew share one, and are done anew, each by itself, where one of them fails. Where the commit itself fails, nobody's work has happened, everybody is told
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
use crate::connection::{Access, Connection, Connector};

/// The most units that share one commit.
const MOST: usize = 256;
/// How long a batch may grow: nobody keeps the writer longer than 50 ms.
const GROWTH: Duration = Duration::from_millis(30);
/// How long to wait before the connection is opened again after a failure.
const PAUSE: Duration = Duration::from_millis(200);

type Queue = mpsc::Receiver<Box<dyn Unit>>;

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
    queue: &Queue,
    (wake, equipment): (&Wake, &Equipment),
) {
    while let Ok(first) = queue.recv() {
        let mut batch = Batch::new(queue, equipment);
        let committed = batch.run(&mut connection, first);
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
    started: Instant,
    queue: &'e Queue,
    equipment: &'e Equipment,
}

impl<'e> Batch<'e> {
    fn new(queue: &'e Queue, equipment: &'e Equipment) -> Self {
        let (units, effects) = (Vec::new(), Effects::default());
        Self { units, effects, started: Instant::now(), queue, equipment }
    }

    /// Runs `first` and whoever waits behind it, and commits.
    fn run(&mut self, connection: &mut Connection, first: Box<dyn Unit>) -> Result<(), StoreError> {
        let outcome = self.try_run(connection, first).map_err(store_error);
        if outcome.is_err() {
            abandon(connection);
        }
        outcome
    }

    fn try_run(&mut self, connection: &mut Connection, first: Box<dyn Unit>) -> Result<(), Error> {
        if let Err(error) = begin(connection) {
            self.units.push(first);
            return Err(error);
        }
        let mut next = Some(first);
        while let Some(unit) = next {
            next = if unit.repeats() {
                self.run_in_a_row(connection, unit)?
            } else {
                self.units.push(unit);
                self.run_alone(connection, self.units.len() - 1)?;
                self.next()
            };
        }
        AnsiTransactionManager::commit_transaction(sqlite(connection)?)
    }

    /// Who waits next, unless the batch has grown enough.
    fn next(&self) -> Option<Box<dyn Unit>> {
        let grown = self.units.len() >= MOST || self.started.elapsed() >= GROWTH;
        if grown { None } else { self.queue.try_recv().ok() }
    }

    /// Runs `first` and those right behind it that can be done anew in one savepoint; where one
    /// fails, each in its own. Gives back who comes after them.
    fn run_in_a_row(
        &mut self,
        connection: &mut Connection,
        first: Box<dyn Unit>,
    ) -> Result<Option<Box<dyn Unit>>, Error> {
        let begin = self.units.len();
        AnsiTransactionManager::begin_transaction(sqlite(connection)?)?;
        let mut tx = Transaction::on(connection, self.equipment);
        let (mut next, mut kept) = (Some(first), true);
        while kept && let Some(mut unit) = next.take_if(|unit| unit.repeats()) {
            kept = unit.run(&mut tx);
            self.units.push(unit);
            next = self.next();
        }
        let effects = tx.effects;
        if kept {
            AnsiTransactionManager::commit_transaction(sqlite(connection)?)?;
            self.add(effects);
        } else {
            AnsiTransactionManager::rollback_transaction(sqlite(connection)?)?;
            (begin..self.units.len()).try_for_each(|unit| self.run_alone(connection, unit))?;
        }
        Ok(next)
    }

    /// Runs a unit in a savepoint of its own, so that it can fail without the others.
    fn run_alone(&mut self, connection: &mut Connection, unit: usize) -> Result<(), Error> {
        let Some(unit) = self.units.get_mut(unit) else { return Ok(()) };
        let effects = in_savepoint(connection, self.equipment, unit.as_mut())?;
        self.add(effects);
        Ok(())
    }

    fn add(&mut self, effects: Effects) {
        self.effects = std::mem::take(&mut self.effects).and(effects);
    }

    fn answer(self, committed: &Result<(), StoreError>, wake: &Wake) {
        // Before anybody is answered: whoever is finds what they wrote.
        if committed.is_ok() {
            wake.after(self.effects);
        }
        for unit in self.units {
            unit.answer(committed.clone());
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
