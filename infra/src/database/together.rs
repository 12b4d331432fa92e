//! Units of work that arrive together share one transaction on PostgreSQL.
//!
//! A thread with a connection of its own takes the units that wait, runs them in one transaction,
//! commits and flushes once, and only then answers them all. Savepoints would cost each unit two
//! round trips more; so where anything in it fails, the whole transaction is taken back, and each
//! unit is done anew in one of its own. What fails then fails alone.

use std::{
    iter, slice,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use diesel::r2d2::R2D2Connection as _;
use domain::StoreError;
use tokio::sync::Semaphore;

use super::{
    DatabaseUrl, OpenError, Transaction, Wake,
    equipment::Equipment,
    permit,
    postgres::{Bracket, begin, commit, roll_back},
    store_error,
    transaction::Effects,
    unit::{Unit, Work},
};
use crate::connection::{Access, Connection, Connector, on};

/// The most units that share one commit.
const MOST: usize = 256;
/// How many units may wait; whoever comes later waits outside.
const QUEUE: usize = 1024;
/// For how long a server that could not be reached is not tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// Where units of work queue up to be committed together.
pub(super) struct Together {
    queue: mpsc::Sender<Box<dyn Unit>>,
    permits: Semaphore,
}

impl Together {
    /// Starts the thread, which ends when this value is dropped.
    pub(super) fn start(
        url: &DatabaseUrl,
        wake: &Arc<Wake>,
        equipment: &Arc<Equipment>,
    ) -> Result<Self, OpenError> {
        let (queue, waiting) = mpsc::channel();
        let mut line = Line {
            connector: Connector::new(url.clone(), Access::ReadWrite),
            connection: None,
            away: None,
            wake: Arc::clone(wake),
            equipment: Arc::clone(equipment),
        };
        thread::Builder::new()
            .name("store-together".to_owned())
            .spawn(move || {
                while let Ok(first) = waiting.recv() {
                    let others = waiting.try_iter().take(MOST - 1);
                    line.serve(iter::once(first).chain(others).collect());
                }
            })
            .map_err(|error| OpenError::Failed(error.to_string()))?;
        Ok(Self { queue, permits: Semaphore::new(QUEUE) })
    }

    /// Does `work` with whatever else arrives now.
    pub(super) async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let _permit = permit(&self.permits).await?;
        let closed = || StoreError::Unavailable("the line has been closed".to_owned());
        let (unit, answer) = Work::repeatable(work);
        self.queue.send(Box::new(unit)).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

/// The connection on which units are committed together.
struct Line {
    connector: Connector,
    connection: Option<Connection>,
    /// Since when the server cannot be reached, and what it said.
    away: Option<(Instant, StoreError)>,
    wake: Arc<Wake>,
    equipment: Arc<Equipment>,
}

impl Line {
    /// Commits `units` together, or else each alone, and answers them.
    fn serve(&mut self, mut units: Vec<Box<dyn Unit>>) {
        let alone = units.len() == 1;
        let mut committed = self.commit(&mut units);
        let fails_by_itself = alone && self.connection.is_some();
        if committed.is_ok() || fails_by_itself {
            for unit in units {
                unit.answer(committed.clone());
            }
            return;
        }
        for mut unit in units {
            committed = self.commit(slice::from_mut(&mut unit));
            unit.answer(committed);
        }
    }

    /// Runs `units` in one transaction.
    fn commit(&mut self, units: &mut [Box<dyn Unit>]) -> Result<(), StoreError> {
        let mut connection = self.connection()?;
        let outcome = in_one_transaction(&mut connection, units, &self.equipment);
        let lost = matches!(outcome, Err(StoreError::Unavailable(_)));
        if !lost && !on!(&mut connection, |conn| conn.is_broken()) {
            self.connection = Some(connection);
        }
        metrics::counter!("store_commits_total").increment(1);
        outcome.map(|effects| self.wake.after(effects))
    }

    /// The connection, opened anew where it was lost.
    fn connection(&mut self) -> Result<Connection, StoreError> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        if let Some((since, error)) = &self.away
            && since.elapsed() < PAUSE
        {
            return Err(error.clone());
        }
        let opened =
            self.connector.open().map_err(|error| StoreError::Unavailable(error.to_string()));
        self.away = opened.as_ref().err().map(|error| (Instant::now(), error.clone()));
        opened
    }
}

/// Runs `units` one after the other and commits; nothing stays where one of them fails.
fn in_one_transaction(
    connection: &mut Connection,
    units: &mut [Box<dyn Unit>],
    equipment: &Equipment,
) -> Result<Effects, StoreError> {
    begin(connection, Bracket::ReadWrite).map_err(store_error)?;
    let mut tx = Transaction::on(connection, equipment);
    let done = units.iter_mut().all(|unit| unit.run(&mut tx));
    let effects = tx.effects;
    if !done {
        roll_back(connection, Bracket::ReadWrite);
        return Err(StoreError::Failed("a unit of work failed".to_owned()));
    }
    commit(connection, Bracket::ReadWrite).map_err(store_error)?;
    Ok(effects)
}
