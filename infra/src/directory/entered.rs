//! What was entered about places, in memory: notices, and what staff know better about facilities.

use std::{collections::HashMap, sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use domain::{
    StoreError,
    directory::{
        BestKnown, Correction, CorrectionRepository as _, ENTERED, Facility, Notice, Posting,
        PostingRepository as _,
    },
    event::Topic,
};
use tokio::sync::{Mutex, Notify};

use crate::{
    database::{Database, Transaction},
    event::FeedEvent,
};

/// How long to wait before what could not be read is read again.
const PAUSE: Duration = Duration::from_secs(1);

/// What was entered, as the store has it.
#[derive(Debug, Default, PartialEq)]
pub struct Entered {
    /// The posted notices that are not withdrawn, by their start.
    pub notices: Vec<Notice>,
    corrections: HashMap<String, Correction>,
}

impl Entered {
    fn read(tx: &mut Transaction<'_>) -> Result<Self, StoreError> {
        let standing = |posting: Posting| posting.withdrawn_at.is_none().then_some(posting.notice);
        let by_facility = |correction: Correction| (correction.facility.clone(), correction);
        Ok(Self {
            notices: tx.postings()?.into_iter().filter_map(standing).collect(),
            corrections: tx.corrections()?.into_iter().map(by_facility).collect(),
        })
    }

    /// `facility` as it is known best.
    #[must_use]
    pub fn best_known<'f>(&'f self, facility: &'f Facility) -> BestKnown<'f> {
        BestKnown { facility, correction: self.corrections.get(&facility.id) }
    }
}

/// What was entered, as this process knows it.
#[derive(Default)]
pub struct KnownEntries {
    current: ArcSwap<Entered>,
    changed: Notify,
    turn: Mutex<()>,
}

impl KnownEntries {
    /// What was entered.
    #[must_use]
    pub fn current(&self) -> Arc<Entered> {
        self.current.load_full()
    }

    /// Takes in an event: if something was entered, everything is read anew soon.
    pub fn hear(&self, event: &FeedEvent) {
        if event.is_about(Topic::System) && event.kind == ENTERED {
            self.changed.notify_one();
        }
    }

    /// Reads everything anew. Where nothing changed it stays the same, and so does what is made of it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer; what was known stays.
    pub async fn refresh(&self, database: &Database) -> Result<(), StoreError> {
        // One after the other, so that what was read last is what is known.
        let _turn = self.turn.lock().await;
        let read = database.snapshot(Entered::read).await?;
        if **self.current.load() != read {
            self.current.store(Arc::new(read));
        }
        Ok(())
    }

    /// Reads everything anew whenever something was entered, for as long as the process runs.
    pub async fn watch(&self, database: &Database) {
        loop {
            self.changed.notified().await;
            while let Err(error) = self.refresh(database).await {
                tracing::warn!(%error, "what was entered could not be read; trying again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
