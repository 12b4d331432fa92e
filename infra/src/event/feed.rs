//! Following the event log by cursor: pages, long polls, streams.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use domain::{
    StoreError,
    event::{Position, Topic},
};
use tokio::{sync::watch, time::Instant};

use super::{FeedEvent, ring::Ring};
use crate::database::Database;

/// What a follower asks for.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// The topic to follow.
    pub topic: Topic,
    /// The last position the follower has seen; zero starts at the oldest event kept.
    pub after: Position,
    /// The most events to answer with.
    pub limit: usize,
    /// Which events the follower may and wants to see.
    pub accept: &'a (dyn Fn(&FeedEvent) -> bool + Send + Sync),
    /// Asked whenever something happens: whether the follower may go on.
    pub alive: &'a (dyn Fn() -> bool + Send + Sync),
}

/// What a follower gets.
#[derive(Debug)]
pub struct Batch {
    /// The events, oldest first.
    pub events: Vec<Arc<FeedEvent>>,
    /// Where to continue, also when nothing was there to see.
    pub next: Position,
    /// Whether more is there already.
    pub more: bool,
}

impl Batch {
    /// The first `limit` of `wanted`. The follower goes on after the last of them, or at `end`
    /// where it has seen all.
    fn cut(
        mut wanted: impl Iterator<Item = Arc<FeedEvent>>,
        limit: usize,
        end: Position,
        more: bool,
    ) -> Self {
        let events: Vec<_> = wanted.by_ref().take(limit).collect();
        match events.last().map(|event| event.position) {
            Some(last) if wanted.next().is_some() => Self { events, next: last, more: true },
            _ => Self { events, next: end, more },
        }
    }
}

/// Why a follower gets nothing.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The position is older than what is kept, or from another store.
    #[error("the position is no longer, or not yet, in the log")]
    Expired,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The log as this process follows it.
pub struct Feed {
    database: Database,
    ring: RwLock<Ring>,
    state: watch::Sender<State>,
}

#[derive(Clone, Copy, Default)]
struct State {
    newest: Position,
    closed: bool,
}

/// How many events one look into the store reads.
const SCAN: u16 = 500;

impl Feed {
    /// A feed over `database` whose ring starts after `newest`.
    pub(super) fn new(database: Database, newest: Position) -> Self {
        Self {
            database,
            ring: RwLock::new(Ring::starting_after(newest)),
            state: watch::Sender::new(State { newest, closed: false }),
        }
    }

    /// The newest position this process has seen.
    #[must_use]
    pub fn newest(&self) -> Position {
        self.state.borrow().newest
    }

    /// Waits until there is an event after `after`, the feed closes, or `wait` is over. Says
    /// whether there is something to read.
    pub async fn changed(&self, after: Position, wait: Duration) -> bool {
        let mut state = self.state.subscribe();
        let news = state.wait_for(|state| state.newest > after || state.closed);
        match tokio::time::timeout(wait, news).await {
            Ok(Ok(state)) => state.newest > after,
            _ => false,
        }
    }

    /// Whether the process is going down: streams end, long polls answer.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state.borrow().closed
    }

    /// Answers every long poll and ends every stream.
    pub fn close(&self) {
        self.state.send_modify(|state| state.closed = true);
    }

    /// The next events for a follower, waiting up to `wait` for the first one.
    ///
    /// # Errors
    /// [`FeedError::Expired`] when the follower has to start anew.
    pub async fn next(&self, mut query: Query<'_>, wait: Duration) -> Result<Batch, FeedError> {
        let deadline = Instant::now() + wait;
        loop {
            let batch = match self.in_ring(query) {
                Some(batch) => batch,
                None => self.in_store(query).await?,
            };
            let patience = deadline.saturating_duration_since(Instant::now());
            let over = patience.is_zero() || self.is_closed() || !(query.alive)();
            if !batch.events.is_empty() || (over && !batch.more) {
                return Ok(batch);
            }
            query.after = batch.next;
            if !batch.more {
                self.changed(query.after, patience).await;
            }
        }
    }

    /// Up to where nothing happened since `after` that is `about` something: nothing where it did, or
    /// where that is not known.
    pub(super) fn silent_since(
        &self,
        after: Position,
        about: impl Fn(&FeedEvent) -> bool,
    ) -> Option<Position> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let known = (ring.complete_after..=ring.newest).contains(&after);
        (known && !ring.after(after).any(|event| about(event))).then_some(ring.newest)
    }

    /// From the ring; nothing where it does not reach back, or on, far enough.
    fn in_ring(&self, query: Query<'_>) -> Option<Batch> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        if query.after < ring.complete_after || query.after > ring.newest {
            return None;
        }
        let wanted = ring
            .after(query.after)
            .filter(|event| event.is_about(query.topic) && (query.accept)(event))
            .cloned();
        Some(Batch::cut(wanted, query.limit, ring.newest, false))
    }

    /// From the store: one scan, which may hold nothing this follower wants to see.
    async fn in_store(&self, query: Query<'_>) -> Result<Batch, FeedError> {
        let Query { topic, after, .. } = query;
        // Whatever is in the ring was stamped before the scan below and is seen by it.
        let (at_hand, heard) = {
            let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
            (ring.complete_after, ring.newest)
        };
        let (kept, scanned) = self
            .database
            .read(move |tx| {
                let kept = tx.kept_positions()?;
                let scanned = tx.stamped_after(after, Some(topic), SCAN.into())?;
                Ok::<_, StoreError>((kept, scanned))
            })
            .await?;
        if after > Position(0)
            && !kept.is_some_and(|(oldest, newest)| after.0 >= oldest.0 - 1 && after <= newest)
        {
            return Err(FeedError::Expired);
        }
        // Whoever decides what a follower may see has to have heard of it first.
        let unheard = scanned.iter().filter(|event| event.position > heard).count();
        let complete = scanned.len() < usize::from(SCAN) || unheard > 0;
        let scanned: Vec<_> = scanned.into_iter().filter(|it| it.position <= heard).collect();
        let last = scanned.last().map_or(after, |event| event.position);
        let end = if complete { last.max(at_hand) } else { last };
        let wanted = scanned.into_iter().filter(|event| (query.accept)(event)).map(Arc::new);
        Ok(Batch::cut(wanted, query.limit, end, !complete))
    }

    /// Takes in what was stamped, in order.
    pub(super) fn push(&self, events: Vec<FeedEvent>) {
        let Some(newest) = events.last().map(|event| event.position) else { return };
        {
            let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
            for event in events {
                ring.push(event);
            }
        }
        self.state.send_modify(|state| state.newest = newest);
    }
}
