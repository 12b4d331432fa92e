//! What the clock does with reports, every minute.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    StoreError,
    feedback::{self, FeedbackRepository as _, NoticeBoard as _, Office, PublicReport},
};
use infra::{
    database::{Database, Transaction},
    directory::KnownAgencies,
    feedback::{Board, KnownSetup},
    identity::Keyring,
    snapshot::Snapshots,
};

use super::calendar;
use crate::{App, Surroundings};

const MINUTE: Duration = Duration::from_mins(1);
/// How soon those who follow a report are told what became of it.
const SOON: Duration = Duration::from_secs(2);
/// How many published reports are hung up at once.
const REST: u16 = 50;
/// How many of them one unit of work tells.
const TOLD: usize = 100;
/// How many reports one unit of work takes: nobody waits long behind it.
const CHUNK: usize = 50;

/// Whatever the clock needs for it.
#[derive(Clone)]
pub(crate) struct Timers {
    pub(crate) database: Database,
    pub(crate) keys: Arc<Keyring>,
    pub(crate) agencies: Arc<KnownAgencies>,
    pub(crate) setup: Arc<KnownSetup>,
    pub(crate) snapshots: Arc<Snapshots>,
    pub(crate) surroundings: Surroundings,
    pub(crate) board: Arc<Board>,
    /// How long a reporter has to say what was asked.
    pub(crate) patience: TimeDelta,
    /// For how long after the end of a report it is kept how its reporter is reached.
    pub(crate) contact_kept: TimeDelta,
}

impl Timers {
    /// What every step with a report goes by, now.
    pub(crate) fn office(&self) -> Office {
        let setup = self.setup.current();
        Office {
            now: self.surroundings.now(),
            hasher: self.keys.clone(),
            calendar: Arc::new(calendar(&self.snapshots.current())),
            categories: Arc::clone(&setup.categories),
            rules: Arc::clone(&setup.rules),
            agencies: self.agencies.tree(),
            vicinity: self.board.clone(),
        }
    }

    /// Does what is due now. Every replica may do it at once.
    async fn tick(&self) -> Result<(), StoreError> {
        let (patience, kept) = (self.patience, self.contact_kept);
        let mut left = true;
        while left {
            let office = self.office();
            let work = move |tx: &mut Transaction<'_>| {
                let closed = feedback::close_silent(tx, &office, patience, CHUNK)?;
                let rung = feedback::ring_alarms(tx, &office, CHUNK)?;
                let looked = feedback::forget_contacts(tx, &office.now, kept, CHUNK)?;
                Ok::<_, StoreError>(closed.max(rung).max(looked))
            };
            left = self.database.write(work).await? == CHUNK;
        }
        self.tell_followers().await
    }

    /// Tells those who follow reports what became of them, some in each unit of work.
    async fn tell_followers(&self) -> Result<(), StoreError> {
        loop {
            let now = self.surroundings.now();
            let told = self.database.write(move |tx| feedback::spread_news(tx, &now, TOLD)).await;
            match told {
                Ok(true) | Err(StoreError::Stale) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Tells them for as long as the process lives.
    pub(crate) async fn spread(self) {
        loop {
            tokio::time::sleep(SOON).await;
            if let Err(error) = self.tell_followers().await {
                tracing::warn!(%error, "followers of reports could not be told; trying again");
            }
        }
    }

    /// Hangs up what was published before there was a board.
    pub(crate) async fn hang_up_the_rest(self) {
        loop {
            match self.hang_up_some().await {
                Ok(0) => return,
                Ok(_) | Err(StoreError::Stale) => {}
                Err(error) => {
                    tracing::warn!(%error, "published reports could not be hung up; trying again");
                    tokio::time::sleep(MINUTE).await;
                }
            }
        }
    }

    /// Hangs up some of them, and says how many.
    async fn hang_up_some(&self) -> Result<usize, StoreError> {
        let missing = self.database.read(|tx| tx.unhung(REST)).await?;
        if missing.is_empty() {
            return Ok(0);
        }
        let categories = Arc::clone(&self.setup.current().categories);
        let work = move |tx: &mut Transaction<'_>| {
            let mut hung = 0;
            for report in &missing {
                let Some(shown) = PublicReport::of(report, &categories) else { continue };
                // Saved as it is, so that whoever hides it meanwhile comes before or after.
                tx.save(report, report.version)?;
                tx.hang_up(&shown)?;
                hung += 1;
            }
            Ok::<_, StoreError>(hung)
        };
        self.database.write(work).await
    }

    /// Does what is due for as long as the process lives.
    pub(crate) async fn run(self) {
        loop {
            tokio::time::sleep(MINUTE).await;
            if let Err(error) = self.tick().await {
                tracing::warn!(%error, "reports could not be tended; trying again");
            }
        }
    }
}

/// Does at once what is done every minute by itself: closes reports whose answer nobody objected
/// to, and those whose reporters did not say what was asked; reminds and alerts of what is due;
/// forgets how people are reached whose reports are long over.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn tick(app: &App) -> Result<(), StoreError> {
    app.report_timers.tick().await
}
