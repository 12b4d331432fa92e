//! Who is on duty, at hand for every answer without asking the store.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    directory::{AgencyCode, AgencyTree},
    emergency::{self, Duty, DutyRepository as _},
    identity::{Dispatcher, StaffId},
};
use infra::database::Database;

use crate::Surroundings;

/// How often the store is asked who is on duty.
const REFRESH: Duration = Duration::from_secs(1);
/// How often a sign of somebody who follows the feed is written down.
const NOTED_EVERY: TimeDelta = TimeDelta::seconds(30);
/// Who is on duty, as this process last heard.
#[derive(Default)]
pub struct Staffing {
    duties: RwLock<Known>,
    noted: Mutex<HashMap<StaffId, DateTime<Utc>>>,
}

/// What was heard last, and how often something was heard.
#[derive(Clone, Default)]
struct Known {
    duties: Arc<Vec<Duty>>,
    times: u64,
}

impl Staffing {
    /// Whether somebody is there at `at` who sees what `agency` answers for, as `agencies` stand.
    #[must_use]
    pub fn covers(&self, agencies: &AgencyTree, agency: &AgencyCode, at: DateTime<Utc>) -> bool {
        emergency::is_staffed(&self.duties(), agencies, agency, at)
    }

    /// How many are there at `at` who see what `agency` answers for, as `agencies` stand.
    #[must_use]
    pub fn present(&self, agencies: &AgencyTree, agency: &AgencyCode, at: DateTime<Utc>) -> usize {
        let duties = self.duties();
        let there = duties.iter().filter(|duty| duty.is_present(at));
        there.filter(|duty| duty.covers(agencies, agency)).count()
    }

    /// Whether anybody is there at `at`.
    #[must_use]
    pub fn is_staffed(&self, at: DateTime<Utc>) -> bool {
        self.duties().iter().any(|duty| duty.is_present(at))
    }

    /// Everybody on duty.
    pub(super) fn duties(&self) -> Arc<Vec<Duty>> {
        self.known().duties
    }

    fn known(&self) -> Known {
        self.duties.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes in what somebody just wrote.
    pub(super) fn learn(&self, duties: Vec<Duty>) {
        let mut known = self.duties.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known { duties: Arc::new(duties), times: known.times.wrapping_add(1) };
    }

    /// Takes in what the store said, unless something newer was heard while it was asked.
    fn refresh(&self, before: &Known, duties: Vec<Duty>) {
        let mut known = self.duties.write().unwrap_or_else(PoisonError::into_inner);
        if known.times == before.times {
            known.duties = Arc::new(duties);
        }
    }

    /// Notes that `dispatcher` gave a sign at `at`. Whoever is not on duty is not counted, and what
    /// cannot be written now will be next time.
    pub(super) async fn saw(
        &self,
        database: &Database,
        dispatcher: &Dispatcher,
        at: DateTime<Utc>,
    ) {
        let staff = dispatcher.staff().id;
        if self.is_owed(staff, at) {
            self.note(database, staff, at).await;
        }
    }

    /// Whether a sign of `staff` at `at` has to be written down. Then whoever asks has to do it.
    pub(super) fn is_owed(&self, staff: StaffId, at: DateTime<Utc>) -> bool {
        self.duties().iter().any(|duty| duty.staff == staff) && self.is_due(staff, at)
    }

    /// Writes down a sign that is owed.
    pub(super) async fn note(&self, database: &Database, staff: StaffId, at: DateTime<Utc>) {
        let noted = database.write(move |tx| tx.note_presence(staff, at)).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a dispatcher's presence could not be noted");
        }
    }

    /// Whether the last sign of `staff` that was written down is old at `at`.
    fn is_due(&self, staff: StaffId, at: DateTime<Utc>) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let due = noted.get(&staff).is_none_or(|&last| at - last >= NOTED_EVERY);
        if due {
            noted.insert(staff, at);
        }
        due
    }
}

/// Keeps `staffing` current as long as the process runs.
pub async fn keep_current(database: Database, surroundings: Surroundings, staffing: Arc<Staffing>) {
    let mut refresh = tokio::time::interval(REFRESH);
    loop {
        refresh.tick().await;
        let (now, before) = (surroundings.now(), staffing.known());
        match database.read(move |tx| emergency::on_duty(tx, &now)).await {
            Ok(duties) => staffing.refresh(&before, duties),
            Err(error) => tracing::warn!(%error, "who is on duty could not be read"),
        }
    }
}
