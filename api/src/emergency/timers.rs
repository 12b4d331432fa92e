//! What becomes of emergencies by the clock alone: calls that wait, crews that do not answer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Moment, StoreError,
    emergency::{self, Circumstances, Pages},
};
use infra::{
    database::{Database, Transaction},
    identity::Keyring,
};

use crate::{Surroundings, settings::Settings};

/// How many rows one unit of work takes: nobody waits long behind it.
const CHUNK: usize = 50;
/// How often a unit of work is tried again at once in which somebody else was faster with one row.
const TRIES: usize = 5;
/// Where more is due than one unit takes, the timers rest for so many times as long as it took: calls
/// that come in crowds go before.
const RESTS: u32 = 3;

/// Something that is due, and how many of it there were.
type Due =
    fn(&mut Transaction<'_>, &Moment, &Circumstances<'_, Keyring>) -> Result<usize, StoreError>;

/// The timers of emergencies. Every replica may run them at once: what is due is settled in the
/// store, so that it happens once and none is lost.
#[derive(Clone)]
pub(crate) struct Timers {
    database: Database,
    keys: Arc<Keyring>,
    surroundings: Surroundings,
    pages: Arc<Pages>,
    every: Duration,
}

impl Timers {
    /// Timers as `settings` have them.
    pub(crate) fn new(
        database: &Database,
        keys: &Arc<Keyring>,
        surroundings: &Surroundings,
        settings: &Settings,
    ) -> Self {
        Self {
            database: database.clone(),
            keys: Arc::clone(keys),
            surroundings: surroundings.clone(),
            pages: Arc::new(settings.pages()),
            every: Duration::from_millis(settings.dispatch_timers_every_ms.into()),
        }
    }

    /// Does what is due, for as long as the process lives.
    pub(crate) async fn run(self) {
        loop {
            tokio::time::sleep(self.every).await;
            if let Err(error) = self.tick().await {
                tracing::warn!(%error, "the timers of emergencies could not be run; trying again");
            }
        }
    }

    /// Does what is due now.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    pub(crate) async fn tick(&self) -> Result<(), StoreError> {
        self.until_done(|tx, now, around| emergency::ring_alarms(tx, now, around, CHUNK)).await?;
        // So many each time: nobody hears more of them, and what is due for the first time goes before.
        self.once(|tx, now, around| emergency::ring_again(tx, now, around, CHUNK)).await?;
        self.until_done(|tx, now, _| {
            let texted = emergency::text_unseen(tx, now, CHUNK)?;
            let ended = emergency::time_out(tx, now, CHUNK)?;
            Ok(texted.max(ended))
        })
        .await
    }

    /// Does `due` in units of work of their own, for as long as each was full.
    async fn until_done(&self, due: Due) -> Result<(), StoreError> {
        loop {
            let begun = Instant::now();
            if !self.once(due).await? {
                return Ok(());
            }
            tokio::time::sleep(begun.elapsed() * RESTS).await;
        }
    }

    /// Does `due` in one unit of work, and says whether that was full.
    async fn once(&self, due: Due) -> Result<bool, StoreError> {
        for _ in 0..TRIES {
            let (timers, now) = (self.clone(), self.surroundings.now());
            let work = move |tx: &mut Transaction<'_>| {
                let around = Circumstances { hasher: &*timers.keys, pages: &timers.pages };
                due(tx, &now, &around).map(|done| done >= CHUNK)
            };
            match self.database.write(work).await {
                // Somebody else was faster with one of them, which is not due any more.
                Err(StoreError::Stale) => {}
                done => return done,
            }
        }
        Ok(false)
    }
}
