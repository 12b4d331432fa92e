//! The one thread of a process that follows the event log.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use diesel::{PgConnection, connection::SimpleConnection as _};
use domain::{StoreError, event::EventLog as _};

use super::{Feed, FeedEvent, stamp};
use crate::{
    connection::Connection,
    database::{Database, Transaction, store_error},
};

/// Events are stamped and handed on at most this often, so that followers get few, full writes.
const TICK: Duration = Duration::from_millis(25);
/// How often a waiting PostgreSQL connection is asked for notifications: it does not wake us.
const NOTIFICATIONS: Duration = Duration::from_millis(20);
/// Without any sign the log is looked at this often.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait before a lost connection is opened again.
const PAUSE: Duration = Duration::from_millis(500);
/// How many events are read at once.
const CHUNK: u16 = 1000;

/// Follows the event log for the whole process and fills its [`Feed`]. Stops when dropped.
pub struct Follower {
    database: Database,
    feed: Arc<Feed>,
    stopped: Arc<AtomicBool>,
}

impl Follower {
    /// Starts to follow, from the newest event on.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read or the thread cannot be started.
    pub async fn start(database: &Database) -> Result<Self, StoreError> {
        Self::hearing(database, |_| ()).await
    }

    /// Starts to follow, from the newest event on. `hear` is told each event before anybody who
    /// waits for it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read or the thread cannot be started.
    pub async fn hearing(
        database: &Database,
        hear: impl Fn(&FeedEvent) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let newest = database.read(|tx| tx.newest_position()).await?;
        let feed = Arc::new(Feed::new(database.clone(), newest));
        let stopped = Arc::new(AtomicBool::new(false));
        let following = Following {
            database: database.clone(),
            feed: Arc::clone(&feed),
            hear: Box::new(hear),
            stopped: Arc::clone(&stopped),
        };
        thread::Builder::new()
            .name("event-follower".to_owned())
            .spawn(move || following.run())
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self { database: database.clone(), feed, stopped })
    }

    /// What is followed.
    #[must_use]
    pub fn feed(&self) -> &Arc<Feed> {
        &self.feed
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        self.database.wake().events.raise();
        self.feed.close();
    }
}

/// The thread behind a [`Follower`].
struct Following {
    database: Database,
    feed: Arc<Feed>,
    hear: Box<dyn Fn(&FeedEvent) + Send>,
    stopped: Arc<AtomicBool>,
}

impl Following {
    fn run(self) {
        while !self.stopped() {
            if let Err(error) = self.follow() {
                tracing::warn!(%error, "the event log could not be followed; trying again");
                thread::sleep(PAUSE);
            }
        }
    }

    /// Follows on one connection for as long as it holds.
    fn follow(&self) -> Result<(), StoreError> {
        let mut connection = self.database.connect()?;
        if let Connection::Postgres(conn) = &mut connection {
            conn.batch_execute("LISTEN ctn_event").map_err(store_error)?;
        }
        while !self.stopped() {
            let round = Instant::now();
            if let Connection::Postgres(conn) = &mut connection {
                stamp_and_tell(conn)?;
            }
            self.read_on(&mut connection)?;
            thread::sleep(TICK.saturating_sub(round.elapsed()));
            self.wait(&mut connection)?;
        }
        Ok(())
    }

    /// Hands on everything that was stamped since the last time.
    fn read_on(&self, connection: &mut Connection) -> Result<(), StoreError> {
        loop {
            let events = Transaction::on(connection, self.database.equipment()).stamped_after(
                self.feed.newest(),
                None,
                CHUNK.into(),
            )?;
            let complete = events.len() < usize::from(CHUNK);
            events.iter().for_each(&self.hear);
            self.feed.push(events);
            if complete {
                return Ok(());
            }
        }
    }

    /// Waits for a commit of this process, the word of another one, or the time to look anyway.
    fn wait(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let signal = &self.database.wake().events;
        let Connection::Postgres(conn) = connection else {
            signal.take(POLL);
            return Ok(());
        };
        let deadline = Instant::now() + POLL;
        while Instant::now() < deadline && !signal.take(NOTIFICATIONS) {
            let told: Vec<_> =
                conn.notifications_iter().collect::<Result<_, _>>().map_err(store_error)?;
            if !told.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }
}

/// Stamps what was committed and wakes the other replicas. NOTIFY inside the transactions that
/// write would serialise their commits; here it costs nobody anything.
fn stamp_and_tell(conn: &mut PgConnection) -> Result<(), StoreError> {
    let mut waiting = stamp::oldest_unstamped_s(conn).map_err(store_error)?;
    metrics::gauge!("event_oldest_unstamped_seconds").set(waiting.unwrap_or_default());
    // Whoever is told of what another replica stamped has nothing to stamp itself.
    while waiting.is_some() {
        let stamped = stamp::stamp_postgres(conn).map_err(store_error)?;
        if stamped > 0 {
            conn.batch_execute("NOTIFY ctn_event").map_err(store_error)?;
        }
        waiting = waiting.filter(|_| stamped == stamp::MOST);
    }
    Ok(())
}
