//! What was published, in memory: which reports a stranger's question is about.
//!
//! The store keeps what strangers see, and is asked for it by place. Which places those are is
//! answered here, however many there are: by when they were published, where they lie, what they
//! are about and which words they hold. A report that was taken down is gone from the store in the
//! transaction that took it down; so a place that this process has not heard the end of shows
//! nothing.

mod atlas;
mod heat;
mod index;
mod load;
mod near;
mod restock;
mod seek;
mod words;

use std::{
    ops::RangeInclusive,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    StoreError,
    event::Topic,
    feedback::{Circle, Place, PublicFilter, Vicinity},
    territory::Bounds,
};
use tokio::sync::{Mutex, watch};

pub use atlas::Cluster;
pub use heat::{Heat, HeatCell};
pub(crate) use restock::Restock;
pub use seek::Marks;

use crate::{database::Database, event::FeedEvent};
use index::Index;

/// What an event of a report says that is shown.
const SHOWN: &str = r#""visibility":"published""#;
/// How many reports are looked at anew at once.
const SOME: usize = 500;
/// How long a question waits for the board to be whole, after a start.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long to wait before the store is asked again that did not answer.
const PAUSE: Duration = Duration::from_millis(500);

/// What was published, as this process knows it.
pub struct Board {
    database: Database,
    index: RwLock<Index>,
    whole: watch::Sender<bool>,
    /// Who brings it up to date: one at a time, so that nothing older replaces what is newer.
    turn: Mutex<()>,
    /// Whether somebody has taken up what changed, and not taken it in yet.
    busy: AtomicBool,
}

/// Where a stretch of the nearest goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearKey {
    /// How far the last one is, as the bits of a float: metres.
    pub distance: u64,
    /// Where it hangs.
    pub place: Place,
}

impl Board {
    /// An empty board of what `database` holds.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self {
            database: database.clone(),
            index: RwLock::default(),
            whole: watch::Sender::new(false),
            turn: Mutex::default(),
            busy: AtomicBool::new(false),
        }
    }

    /// Fills it, and keeps it up to date for as long as the process lives.
    pub async fn keep(self: Arc<Self>) {
        while let Err(error) = self.fill().await {
            tracing::warn!(%error, "what was published could not be read; trying again");
            tokio::time::sleep(PAUSE).await;
        }
        loop {
            self.database.wake().shown.added().await;
            while let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "what was published meanwhile could not be read");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Takes in an event, whichever replica it came from: what may be shown or gone now is looked
    /// at anew.
    pub fn hear(&self, event: &FeedEvent) {
        if !event.is_about(Topic::Feedback) {
            return;
        }
        let shown = event.data.contains(SHOWN);
        if shown || self.look(|index| index.knows(event.subject)) {
            self.database.wake().shown.add(vec![event.subject]);
        }
    }

    /// Waits until it is whole, and knows whatever this process committed.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer, or it takes too long after a start.
    pub async fn current(&self) -> Result<(), StoreError> {
        if !*self.whole.borrow() {
            let mut whole = self.whole.subscribe();
            let late = || StoreError::Unavailable("what was published is still read".to_owned());
            tokio::time::timeout(PATIENCE, whole.wait_for(|whole| *whole))
                .await
                .map_err(|_| late())?
                .map_err(|_| late())?;
        }
        self.catch_up().await
    }

    /// Looks at what changed since, once it is whole.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        let changed = &self.database.wake().shown;
        let idle = changed.is_empty() && !self.busy.load(Ordering::Acquire);
        if idle || !*self.whole.borrow() {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        // Before anything is taken up: whoever finds nothing left sees that it is on its way.
        let _busy = Busy::begin(&self.busy);
        loop {
            let mut taken = changed.take(SOME);
            if taken.reports().is_empty() {
                return Ok(());
            }
            let asked = taken.reports().to_vec();
            let posts = self.database.read(move |tx| tx.posts_of(&asked)).await?;
            self.change(|index| index.renew(taken.reports(), &posts));
            taken.done();
        }
    }

    /// The places of what fits `filter`, the latest first, at most `limit` below `after`.
    #[must_use]
    pub fn newest(&self, filter: &PublicFilter, after: Option<Place>, limit: usize) -> Vec<Place> {
        self.look(|index| index.newest(filter, after, limit))
    }

    /// The places of what fits `filter` and lies in `circle`, the nearest to its middle first, at
    /// most `limit` after `after`, each with its distance in metres.
    #[must_use]
    pub fn nearest(
        &self,
        filter: &PublicFilter,
        circle: Circle,
        after: Option<NearKey>,
        limit: usize,
    ) -> Vec<(Place, f64)> {
        self.look(|index| index.nearest(filter, circle, after, limit))
    }

    /// What fits `filter` and lies in `view`, as it is drawn at `zoom`.
    #[must_use]
    pub fn marks(&self, filter: &PublicFilter, view: Bounds, zoom: u8) -> Marks {
        self.look(|index| index.marks(filter, view, zoom))
    }

    /// How many fit `filter` and arrived on one of `days`, by cells of H3 of `resolution` (3 to 9)
    /// that meet `view`: at least `fewest` in each, or they are told of a wider one.
    #[must_use]
    pub fn heat(
        &self,
        filter: &PublicFilter,
        days: Option<RangeInclusive<NaiveDate>>,
        view: Bounds,
        (resolution, fewest): (u8, u32),
    ) -> Heat {
        self.look(|index| index.heat(filter, days, view, (resolution, fewest)))
    }

    fn look<T>(&self, question: impl FnOnce(&Index) -> T) -> T {
        question(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Index)) {
        change(&mut self.index.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Says that somebody is at it, until it is dropped: a caller may go away in the middle.
struct Busy<'a>(&'a AtomicBool);

impl<'a> Busy<'a> {
    fn begin(busy: &'a AtomicBool) -> Self {
        busy.store(true, Ordering::Release);
        Self(busy)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Vicinity for Board {
    fn published_near(
        &self,
        category: &str,
        circle: Circle,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Vec<(Place, f64)> {
        let categories = vec![category.to_owned()];
        let filter = PublicFilter { categories, ..PublicFilter::default() };
        self.look(|index| index.lately_near(&filter, circle, since, limit))
    }
}
