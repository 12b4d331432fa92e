//! What becomes of emergencies by the clock alone: crews that do not answer.

use std::{sync::Arc, time::Duration};

use domain::{
    StoreError,
    emergency::{self, Circumstances, Roads},
    notification::SmsBudget,
};
use infra::{
    database::{Database, Transaction},
    directory::KnownAgencies,
    identity::Keyring,
};

use crate::{Surroundings, settings::Settings};

/// How many rows one unit of work takes: nobody waits long behind it.
const CHUNK: usize = 50;

/// The timers of emergencies. Every replica may run them at once: what is due is settled in the
/// store, so that it happens once and none is lost.
#[derive(Clone)]
pub(crate) struct Timers {
    database: Database,
    keys: Arc<Keyring>,
    agencies: Arc<KnownAgencies>,
    surroundings: Surroundings,
    roads: Roads,
    budget: SmsBudget,
    every: Duration,
}

impl Timers {
    /// Timers as `settings` have them.
    pub(crate) fn new(
        database: &Database,
        keys: &Arc<Keyring>,
        agencies: &Arc<KnownAgencies>,
        surroundings: &Surroundings,
        settings: &Settings,
    ) -> Self {
        Self {
            database: database.clone(),
            keys: Arc::clone(keys),
            agencies: Arc::clone(agencies),
            surroundings: surroundings.clone(),
            roads: settings.roads(),
            budget: settings.otp_rates().sms,
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
        let mut left = true;
        while left {
            let (timers, now) = (self.clone(), self.surroundings.now());
            let work = move |tx: &mut Transaction<'_>| {
                let agencies = timers.agencies.tree();
                let around = Circumstances {
                    hasher: &*timers.keys,
                    agencies: &agencies,
                    roads: timers.roads,
                    budget: timers.budget,
                };
                let texted = emergency::text_unseen(tx, &now, &around, CHUNK)?;
                let ended = emergency::time_out(tx, &now, &around, CHUNK)?;
                Ok::<_, StoreError>(texted.max(ended) == CHUNK)
            };
            left = match self.database.write(work).await {
                // Somebody else was faster with one of them: the rest is due the next time.
                Err(StoreError::Stale) => false,
                done => done?,
            };
        }
        Ok(())
    }
}
