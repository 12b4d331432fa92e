//! What the clock does with reports, every minute.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    StoreError,
    feedback::{self, Office},
};
use infra::{
    database::{Database, Transaction},
    directory::KnownAgencies,
    feedback::KnownSetup,
    identity::Keyring,
    snapshot::Snapshots,
};

use super::calendar;
use crate::{App, Surroundings};

const MINUTE: Duration = Duration::from_mins(1);
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
    /// How long a reporter has to say what was asked.
    pub(crate) patience: TimeDelta,
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
        }
    }

    /// Does what is due now. Every replica may do it at once.
    async fn tick(&self) -> Result<(), StoreError> {
        let patience = self.patience;
        let mut left = true;
        while left {
            let office = self.office();
            let work = move |tx: &mut Transaction<'_>| {
                let closed = feedback::close_silent(tx, &office, patience, CHUNK)?;
                let rung = feedback::ring_alarms(tx, &office, CHUNK)?;
                Ok::<_, StoreError>(closed.max(rung))
            };
            left = self.database.write(work).await? == CHUNK;
        }
        Ok(())
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
/// to, and those whose reporters did not say what was asked; reminds and alerts of what is due.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn tick(app: &App) -> Result<(), StoreError> {
    app.report_timers.tick().await
}
